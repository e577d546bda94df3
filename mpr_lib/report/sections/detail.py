"""Section 3: a card for each exception: how it stands, commentary, trend, gauge, facts and the months' figures."""

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.report import blocks, signal_words
from mpr_lib.report.charts import LEAST, due_months, period_chart, periods_shown, trend_chart
from mpr_lib.report.course import chart_words, is_monthly, standing
from mpr_lib.report.prose import read_prose
from mpr_lib.report.sections import cells
from mpr_lib.report.sections.corporate import aim_title
from mpr_lib.report.small_charts import gauge
from mpr_lib.report.xmr_chart import process_chart, steps_shown
from mpr_lib.rules.codes import slug
from mpr_lib.rules.comparing import compared, parts_words, place_among

COMPARED = 4
"""How many months of each comparator the table shows, where it is not one of a group."""


def detail(report) -> list | None:
    """The exceptions' cards, in the order of their aims."""
    if not report.has_own:
        return None
    rows = cells.exceptions_of(report.corporate_rows)
    if rows.empty:
        none = words.none_words(report.corporate_rows, report.settings.outcomes)
        return [blocks.note(f"{none}, so there is no detail to show.", "none")]
    parts = report.by_aim(rows).values()
    return [indicator_page(report, row, "exceptions") for part in parts for row in part.itertuples()]


def indicator_page(report, row, listed_in: str):
    """One indicator's card; ``listed_in`` is the section whose table names it, for the way back."""
    anchor, months = slug(row.indicator_code), report.months_of(row.indicator_code)
    if anchor in report.drawn:
        return report.drawn[anchor]
    title, level = {"exceptions": ("Section 1", 3), "partnership": ("Section 4", 4)}[listed_in]
    drawn, table = gauge(row), months_table(report, row)
    known = sum(each["kind"] == "month" and "missing" not in each["cells"]["value"] for each in table["rows"])
    figures = f"Every {words.period(row.frequency)} ({words.counted(known, 'figure') if known else 'no figure yet'})"
    more = [card(report, row) for card in brought("card").values()]
    parts = {
        "comment": [*_comment(report, row, level + 1), *_brought(more, "comment")],
        "chart": [
            *trend(report, row),
            *([blocks.figure(*drawn, "gauge", "", f"{anchor}-gauge")] if drawn else []),
            *(blocks.note(said) for said in _target_words(report, row)),
        ],
        "more": [
            *signals(report, row),
            blocks.facts(about_facts(report, row), "line"),
            *_brought(more, "more"),
            *comparison_table(report, row),
            blocks.details(figures, table),
        ],
    }
    children = [{**child, "part": part} for part, shown in parts.items() for child in shown]
    return blocks.article(
        anchor, children, level=level, code=row.indicator_code, title=cells.title_of(row),
        official=row.short_name * bool(row.public_title),
        basis=cells.basis_of(row), outcome=row.expected_outcome, outcome_label=row.outcome_label,
        why=cells.judged(row), sentence=standing(row, months), rating=row.rating, direction=row.direction,
        **cells.judged_mark(row), **cells.belongs_to(row),
        under=row.aim if listed_in == "partnership" else aim_title(report, row.aim),
        back={"href": f"#{listed_in}-{anchor}", "text": f"Back to {row.indicator_code} in {title}"},
    )  # fmt: skip


def _target_words(report, row):
    """What the target was, since when it is another and why: within its year or, with a reason, since last year."""
    if moved := cells.target_moved(report, row):
        said = "Target changed from {was} to {now} with the report of {month}, for all months of the year. {reason}."
        yield said.format(**moved)
        return
    targets, year = report.book.targets, report.settings.years.of(row.latest_month)
    own = targets[targets["indicator_code"] == row.indicator_code].set_index("financial_year", drop=False)
    if {year, year - 1} <= set(own.index) and own.loc[year, "reason"]:
        was, now = (cells.target_text(own.loc[each], "annual_target", row.unit) for each in (year - 1, year))
        reason, before = own.loc[year, "reason"].rstrip("."), report.settings.years.label(year - 1)
        yield from [f"Target {now}, after {was} in {before}. {reason}."] * (was != now)


def _brought(cards, part):
    """What annexes put into a part of a card."""
    return [block for card in cards for block in card.get(part, ())]


def about_facts(report, row) -> list:
    """What an indicator is, who answers for it and how its figure is made, as terms and cells."""
    basis, since = cells.basis_of(row), row.year_introduced
    return [
        *([("Figures", basis)] if basis else []),
        (f"Annual target {cells.annual_year(report, row.latest_month)}", cells.target_cell(row.annual_target_text)),
        ("Format", cells.polarity_of(row)),
        ("Managed by", cells.stated_cell(row.managed_by)),
        ("Scrutiny committee", cells.stated_cell(row.scrutiny_committee)),
        ("Year introduced", cells.stated_cell("" if since != since else f"{since:.0f}")),
        *context_facts(report, row),
    ]


def context_facts(report, row) -> list:
    """Facts about a figure's making: numerator and denominator, sources, how often and how late it comes."""
    sources = filter(None, dict.fromkeys(report.comparisons_of(row.indicator_code)["source"]))
    has_parts = row.numerator == row.numerator and row.denominator == row.denominator
    said = {
        "Computed from": row.computed_from,
        "Made from": not row.computed_from and has_parts and parts_words(row.numerator, row.denominator, row.unit),
        "State of the figure": row.is_provisional and "Provisional: it may still change",
        "Source": row.source,
        "Published": (not is_monthly(row) or row.allowed_lag > 0) and _timing_words(row),
        "Source of comparisons": "; ".join(sources),
        **places(report, row),
    }
    return [(term, text) for term, text in said.items() if text]


def trend(report, row) -> list:
    """An indicator's trend, by month or by the periods in which it is due, and what to know of it; or why none."""
    figure = trend_figure(report, row)
    if not figure:
        return [blocks.note(_too_few(report, row), "none")]
    said = [
        f"New level from {words.month_words(month)}: {reason.rstrip('.')}." for month, reason in steps_of(report, row)
    ]
    if row.definition_break == row.definition_break:
        said += [
            f"What is counted changed in {words.month_words(row.definition_break)}. Earlier figures are in the table "
            "and not in the chart, because the two cannot be compared."
        ]
    return [figure, *map(blocks.note, said)]


def steps_of(report, row) -> list[tuple]:
    """The month and the reason of each step among an indicator's points, which tells why a chart waits for more too."""
    return steps_shown(report.points_of(row.indicator_code), report.steps_of(row.indicator_code))


def _too_few(report, row):
    """The one or two figures that are no chart, in a sentence."""
    shown = periods_shown(report.months_of(row.indicator_code), row, report.month, report.settings.years)
    known = shown[shown["value"].notna()]
    if known.empty:
        return "No figure that can be compared has been received in this financial year or the last."
    listed = [f"{each.value_text} {words.when(row.basis, each.month)}" for each in known.tail(LEAST - 1).itertuples()]
    many = "Only one figure can" if len(known) == 1 else "Two figures can"
    return f"{many} be shown so far, too few for a chart: {words.joined(listed)}."


def _comment(report, row, level):
    title = blocks.heading(level, "Comment")
    comment = next(report.comments_of(row.indicator_code).itertuples(), None)
    if comment is None:
        return [title, blocks.note(words.NO_COMMENT, "warning")]
    # Whoever approved other words does not stand for these.
    by = ("", "") if row.comment_mark == "CHANGED" else (comment.role, comment.date)
    return [title, *cells.signed(read_prose(words.comment_words(row)), *by)]


_MONTHS = [
    "month", "financial_year", "value", "value_text", "no_value_reason", "target_text", "rating", *words.MARKS,
]  # fmt: skip
"""What the table of months shows: all of the history's columns would cost three times as much."""


def months_table(report, row):
    """Every month's value and target, as received, and its rating.

    Of a quarterly figure the quarters, of a yearly one every year that has one. Months to come are left out where the
    target stays as it is, which the caption then says.
    """
    years = report.settings.years
    months = due_months(report.months_of(row.indicator_code)[_MONTHS], row, years)
    old = row.frequency in ("YEARLY", "TWO_YEARLY") and months["value"].notna()
    months, stays = _without_what_stays(months[(months["financial_year"] >= report.year - 1) | old], report.month)
    quarterly = row.frequency == "QUARTERLY"
    rows = []
    for month in months.itertuples():
        quarter = f"Q{years.quarter(month.month)} {years.label(years.of(month.month))}"
        rows.append(_figures(quarter if quarterly else words.month_words(month.month), month, "month"))
        if row.quarter_rows and not quarterly and years.month_number(month.month) % 3 == 0:
            rows.append(_figures(quarter, month, "quarter"))
    headings = {"month": "Quarter" if quarterly else "Month", "value": ("Value", "number")}
    columns = blocks.columns(headings | {"target": ("Target", "number"), "rating": "Rating"})
    period = words.period(row.frequency)
    shown = f", {years.label(report.year - 1)} and {years.label(report.year)}" if period != "year" else ""
    caption = f"{row.indicator_code}: value and target by {period}{shown}{stays}"
    return blocks.table(f"months-{slug(row.indicator_code)}", caption, columns, rows, "narrow")


def _without_what_stays(months, reporting_month):
    """The months without those to come, where their target is that of the last before them; and words that say so."""
    ahead = (months["month"] > reporting_month) & (months["value_text"] == "")
    targets = months.loc[ahead | ahead.shift(-1, fill_value=False), "target_text"].unique()
    if not ahead.any() or ahead.all() or len(targets) > 1:
        return months, ""
    stays = f"; the target stays {targets[0]} to {words.month_words(months['month'].max())}" if targets[0] else ""
    return months[~ahead], stays


def _figures(name, month, kind):
    # A year of "not yet introduced" is said once a month: twice it would need a second line in each.
    reason = month.no_value_reason
    why = words.RATINGS["NO_VALUE"] if reason in ("", "NOT_INTRODUCED") else words.NO_VALUE[reason]
    unrated = month.rating == "NO_TARGET" and month.target_text
    rating = words.UNRATED if unrated else why if month.rating == "NO_VALUE" else words.RATINGS[month.rating]
    rated = blocks.cell(rating, missing=month.rating in ("NO_VALUE", "NO_TARGET"))
    target = cells.target_cell(month.target_text)
    return blocks.row({"month": name, "value": cells.value_cell(month), "target": target, "rating": rated}, kind)


def places(report, row) -> dict[str, str]:
    """Our place in each comparator group, in words: '10th of 17, in the third quarter from the best (May 2018)'.

    In the newest month for which there is one (``rules.comparing.place_among``).
    """
    given, found = report.comparisons_of(row.indicator_code), {}
    given = given[given["comparator_group"] != ""]
    for (group, month), theirs in given.groupby(["comparator_group", "month"]) if len(given) else ():
        place = place_among(row.polarity, theirs["ours"].iloc[0], theirs["number"].tolist())
        if place:
            quarter = f" in the {place[2].lower()} quarter" * bool(place[2])
            said = f"{words.ordinal(place[0])} of {place[1]},{quarter} from the best ({words.month_words(month)})"
            found[f"Place among {group}"] = said
    return found


def comparison_words(report, row) -> str:
    """The newest comparison with each other in a sentence, and the place in each group; empty where there is none."""
    given = report.comparisons_of(row.indicator_code).sort_values("month", kind="stable")
    newest = given[given["comparator_group"] == ""].drop_duplicates("comparator", keep="last").sort_index()
    said = []
    for each in newest.itertuples():
        ours = _difference(row, each)[1] * (each.month == row.latest_month)
        theirs = f"{each.comparator} in {words.month_words(each.month)}: {words.with_unit(each.value_text, row.unit)}"
        said.append(theirs + f"; ours: {words.lowered(ours)}" * bool(ours))
    said += [f"{name}: {place}" for name, place in places(report, row).items()]
    return " ".join(f"{each}." for each in said)


def comparison_table(report, row) -> list:
    """A table of the indicator's figures beside those of England and peers; nothing where none are given."""
    given = report.comparisons_of(row.indicator_code)
    if given.empty:
        return []
    headings = {"who": "Compared with", "theirs": ("Their value", "number"), "ours": ("Our value", "number")}
    rows = []
    for _, theirs in given.groupby("comparator", sort=False):
        newest = theirs.sort_values("month", ascending=False)[: 1 if theirs["comparator_group"].any() else COMPARED]
        rows += [_comparison_row(row, each) for each in newest.itertuples()]
    named = given["comparator_group"].where(given["comparator_group"] != "", given["comparator"])
    caption = f"{row.indicator_code}: compared with {words.joined(list(dict.fromkeys(named)))}"
    id = f"compared-{slug(row.indicator_code)}"
    return [blocks.plain_table(id, caption, headings | {"difference": "Ours is"}, rows)]


def trend_figure(report, row):
    """An indicator's trend as a figure block: its process chart where it is judged, or by month or by the periods in
    which it is due; None of too few values.
    """
    code, others = row.indicator_code, report.comparisons_of(row.indicator_code)
    months, by_month = report.months_of(code), is_monthly(row) and others.empty
    if row.variation != "NOT_JUDGED":
        made: tuple = process_chart(report.points_of(code), row, report.steps_of(code), months)
    else:
        drawn = (months, row, report.month, report.settings.years)
        svg = trend_chart(*drawn) if by_month else period_chart(*drawn, others)
        made = svg, chart_words(months, row, all_years=not by_month)
    svg, said = made
    if not svg:
        return None
    alt = said if others.empty else f"{said} {comparison_words(report, row)}".rstrip()
    overlap = OVERLAP if row.variation != "NOT_JUDGED" and row.basis == "YTD_SNAPSHOT" else ""
    return blocks.figure(svg, alt, "trend", overlap, f"{slug(code)}-trend")


OVERLAP = "Months of one year overlap: each figure is for the year to date."


def signals(report, row) -> list:
    """Whether an indicator has really changed and can meet its target, or why that is not judged, and in a paragraph of
    its own where its year ends.
    """
    points = report.points_of(row.indicator_code)
    changed = [
        signal_words.variation_words(row, points),
        signal_words.assurance_words(row),
        signal_words.not_judged_words(row),
    ]
    year_end = [signal_words.forecast_words(row), signal_words.warning_words(row, beside_forecast=True)]
    return [blocks.text(" ".join(filter(None, said))) for said in (changed, year_end) if any(said)]


def _comparison_row(row, other):
    verdict, said = _difference(row, other)
    found = blocks.cell(said or "Not comparable", direction=verdict if verdict != "BETWEEN" else "", missing=not said)
    ours = blocks.cell(other.ours_text or "No figure", missing=other.ours != other.ours)
    return f"{other.comparator}, {words.month_words(other.month)}", other.value_text, ours, found


def _difference(row, other):
    """BETTER, SAME, WORSE or BETWEEN, and that in words with how far ours is off; empty where one is missing."""
    verdict, gap = compared(row.polarity, other.ours, other.number), other.ours - other.number
    apart = words.with_unit(words.figure_words(abs(gap), row.unit), row.unit, points=True)
    told = [
        words.DIRECTIONS.get(verdict),
        f"{apart} {'higher' if gap > 0 else 'lower'}" * (verdict not in ("", "SAME")),
    ]
    return verdict, ", ".join(filter(None, told))


_OFTEN = {"QUARTERLY": "Every quarter", "YEARLY": "Once a year", "TWO_YEARLY": "Every two years"}


def _timing_words(row):
    often = _OFTEN.get(row.frequency, "Every month")
    return f"{often}, up to {words.counted(int(row.allowed_lag), 'month')} later" if row.allowed_lag else often
