"""Section 3: a page for each exception: facts, gauge, trend, month table and commentary."""

import pandas as pd

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.report.charts import LARGE, due_months, is_monthly, period_chart, points, trend_chart, trend_words
from mpr_lib.report.sections import cells
from mpr_lib.report.sections.corporate import aim_blocks
from mpr_lib.report.small_charts import SIZE as GAUGE_SIZE
from mpr_lib.report.small_charts import gauge
from mpr_lib.rules.codes import slug
from mpr_lib.rules.comparing import compared, rate_multiplier
from mpr_lib.rules.months import FinancialYears
from mpr_lib.rules.values import format_number

COMPARED = 4
"""How many months of each comparator the table shows."""


def detail(report) -> list:
    """The exceptions' pages, by aim with counts."""
    rows = cells.exceptions_of(report.corporate_rows)
    if rows.empty:
        return [blocks.note(f"No indicator is {words.WORRYING}, so there is no detail to show.", "none")]
    shown = []
    for aim in report.aims_of(rows):
        part = rows[rows["aim"] == aim]
        shown += aim_blocks(report, aim, part, f"detail-aim-{slug(aim)}")
        shown += [indicator_page(report, row, "exceptions") for row in part.itertuples()]
    return shown


def indicator_page(report, row, listed_in: str):
    """One indicator's page; ``listed_in`` is the section whose table names it, for the way back."""
    anchor = slug(row.indicator_code)
    title = {"exceptions": "Section 1", "partnership": "Section 4"}[listed_in]
    children = [
        _facts_beside_gauge(report, row), *trend(report, row), *comparison_table(report, row),
        months_table(report, row), *_commentary(report, row),
    ]  # fmt: skip
    return blocks.article(
        anchor, children, code=row.indicator_code, title=row.short_name,
        basis=cells.basis_of(row), outcome=row.expected_outcome, outcome_label=row.outcome_label, rating=row.rating,
        direction=row.direction,
        back={"href": f"#{listed_in}-{anchor}", "text": f"Back to {row.indicator_code} in {title}"},
    )  # fmt: skip


def indicator_facts(report, row) -> list:
    """An indicator's facts as terms and cells: what it is, how it stands, who answers for it, how it is made."""
    against, since = words.distance_words(row), row.year_introduced
    return [
        ("Rating", blocks.cell(words.RATINGS[row.rating], **cells.judgement(row))),
        (f"Value, {words.month_words(row.latest_month)}", cells.value_cell(row)),
        ("Target to date", cells.target_cell(row.target_text)),
        ("Annual target", cells.target_cell(row.annual_target_text)),
        ("Against target", against[0].upper() + against[1:]),
        ("Same month last year", cells.direction_cell(row, with_figure=True)),
        ("Format", cells.polarity_of(row)),
        ("Managed by", cells.stated_cell(row.managed_by)),
        ("Scrutiny committee", cells.stated_cell(row.scrutiny_committee)),
        ("Year introduced", cells.stated_cell("" if since != since else f"{since:.0f}")),
        *context_facts(report, row),
    ]


def _facts_beside_gauge(report, row):
    listed, drawn = indicator_facts(report, row), gauge(row)
    if not drawn:
        return blocks.facts(listed)
    caption, anchor = f"{words.month_words(row.latest_month)} result", f"{slug(row.indicator_code)}-gauge"
    return blocks.group(blocks.facts(listed), blocks.figure(*drawn, "gauge", GAUGE_SIZE, caption, anchor))


def trend(report, row) -> list:
    """An indicator's trend, by month or by the periods in which it is due, and what to know of it; or why none."""
    figure = trend_figure(report, row)
    if not figure:
        said = "No figure has been received in this financial year or the last, so there is no chart."
        return [blocks.note(said, "none")]
    if row.definition_break != row.definition_break:
        return [figure]
    said = (
        f"What is counted changed in {words.month_words(row.definition_break)}. Earlier figures are in the table and "
        "not in the chart, because the two cannot be compared."
    )
    return [figure, blocks.note(said)]


def _commentary(report, row):
    title = blocks.heading(5, "Commentary")
    comment = report.comment_of(row.indicator_code)
    if comment is None:
        return [title, blocks.note(words.NO_COMMENT, "warning")]
    by = ", ".join(part for part in (comment.role, words.day_words(comment.date)) if part)
    return [title, blocks.prose(report.prose_of(row.indicator_code)), *([blocks.text(by)] if by else [])]


def months_table(report, row):
    """Every month's value and target, as received, and how the value stood against it.

    Of a quarterly figure the quarters, of a yearly one every year that has one.
    """
    years = report.settings.years
    months = due_months(report.months_of(row.indicator_code), row, years)
    old = row.frequency == "YEARLY" and months["value"].notna()
    rows = []
    for month in months[(months["financial_year"] >= report.year - 1) | old].itertuples():
        if row.frequency == "QUARTERLY":
            rows.append(_figures(quarter_label(month.month, years), month, "month"))
            continue
        rows.append(_figures(words.month_words(month.month), month, "month"))
        if row.quarter_rows and years.month_number(month.month) % 3 == 0:
            rows.append(_figures(quarter_label(month.month, years), month, "quarter"))
    period = "quarter" if row.frequency == "QUARTERLY" else "month"
    columns = {"month": period.capitalize(), "value": ("Value", "number"), "target": ("Target", "number")}
    columns = blocks.columns(columns | {"against": "Against target"})
    shown = f", {years.label(report.year - 1)} and {years.label(report.year)}"
    if row.frequency == "YEARLY":
        period, shown = "year", ""
    caption = f"{row.indicator_code}: value and target by {period}{shown}"
    return blocks.table(f"months-{slug(row.indicator_code)}", caption, columns, rows, "narrow")


def quarter_label(month, years: FinancialYears) -> str:
    """The quarter that a month lies in: 'Q1 2018/19'."""
    return f"Q{years.quarter(month)} {years.label(years.of(month))}"


def _figures(name, month, kind):
    said = {
        "month": name,
        "value": cells.value_cell(month),
        "target": cells.target_cell(month.target_text),
        "against": _against(month),
    }
    return blocks.row(said, kind)


def _against(month):
    if month.rating == "NO_VALUE":
        return cells.stated_cell("", words.NO_VALUE.get(month.no_value_reason, words.RATINGS["NO_VALUE"]))
    return blocks.cell(words.AGAINST_TARGET[month.rating], missing=month.rating == "NO_TARGET" or "")


def context_facts(report, row) -> list:
    """Facts about a figure's making: numerator and denominator, sources, how often and how late it comes."""
    listed = []
    if row.numerator == row.numerator and row.denominator == row.denominator:
        listed.append(("Made from", _parts_words(row)))
    if row.is_provisional:
        listed.append(("State of the figure", "Provisional: it may still change"))
    if row.source:
        listed.append(("Source", row.source))
    if not is_monthly(row) or row.allowed_lag > 0:
        listed.append(("Published", _timing_words(row)))
    return listed + comparison_source(report, row)


def comparisons_of(report, code: str) -> pd.DataFrame:
    """What others had for an indicator up to the reporting month, newest first, England before peers as in the file."""
    found = report.book.comparisons
    found = found[(found["indicator_code"] == code) & (found["month"] <= report.month) & found["number"].notna()]
    return found.drop_duplicates(["month", "comparator"], keep="last")


def comparison_words(report, row) -> str:
    """The newest comparison with each other in a sentence; empty where there is none."""
    parts = [_against_others(row, each) for each in _newest(report, row).itertuples()]
    return f"{'. '.join(parts)}." if parts else ""


def comparison_source(report, row) -> list:
    """Where the figures of others come from, as a fact; nothing where nobody said."""
    sources = [each for each in dict.fromkeys(comparisons_of(report, row.indicator_code)["source"]) if each]
    return [("Source of comparisons", "; ".join(sources))] if sources else []


def comparison_table(report, row) -> list:
    """A table of the indicator's figures beside those of England and peers; nothing where none are given."""
    given = comparisons_of(report, row.indicator_code)
    if given.empty:
        return []
    ours = report.months_of(row.indicator_code).set_index("month")
    labels = {"who": "Compared with", "theirs": "Their value", "ours": "Our value", "difference": "Ours is"}
    order = {name: place for place, name in enumerate(dict.fromkeys(given["comparator"]))}
    given = given.assign(order=given["comparator"].map(order)).sort_values(["order", "month"], ascending=[True, False])
    rows = [_comparison_row(row, each, ours) for each in given.groupby("order").head(COMPARED).itertuples()]
    caption = f"{row.indicator_code}: compared with {words.joined(list(order))}"
    kinds = {"theirs": "number", "ours": "number"}
    return [blocks.plain_table(f"compared-{slug(row.indicator_code)}", caption, labels, rows, kinds)]


def trend_figure(report, row, size=LARGE, caption: str = ""):
    """An indicator's trend as a figure block, by month or by the periods in which it is due; None without any value."""
    code, years = row.indicator_code, report.settings.years
    months, others = report.months_of(code), comparisons_of(report, code)
    by_month = is_monthly(row) and others.empty and size == LARGE
    if by_month:
        svg = trend_chart(months, row, report.month, years)
    else:
        frame = points(months, row, others, report.month, years)
        svg = None if frame.empty else period_chart(frame, row, size)
    if not svg:
        return None
    alt = " ".join(filter(None, (trend_words(months, row, all_years=not by_month), comparison_words(report, row))))
    return blocks.figure(svg, alt, "trend", (size[0] * 72, size[1] * 72), caption, f"{slug(code)}-trend")


def _newest(report, row):
    given = comparisons_of(report, row.indicator_code)
    return given.sort_values("month", kind="stable").drop_duplicates("comparator", keep="last").sort_index()


def _against_others(row, other):
    theirs = f"{other.comparator} in {words.month_words(other.month)}: {words.with_unit(other.value_text, row.unit)}"
    verdict, gap = _difference(row, row.value, other.number)
    if other.month != row.latest_month or not verdict:
        return theirs
    if verdict == "SAME":
        return f"{theirs}, the same as ours"
    judged = f", which is {words.DIRECTIONS[verdict].lower()}" if verdict in ("BETTER", "WORSE") else ""
    return f"{theirs}; ours is {gap}{judged}"


def _comparison_row(row, other, ours):
    value = ours["value"].get(other.month, float("nan"))
    verdict, gap = _difference(row, value, other.number)
    mine = blocks.cell(ours["value_text"].get(other.month) or "No figure", missing=bool(value != value) or "")
    who = f"{other.comparator}, {words.month_words(other.month)}"
    return who, other.value_text, mine, _difference_cell(verdict, gap)


def _difference_cell(verdict, gap):
    if not verdict:
        return blocks.cell("Not comparable", missing=True)
    if verdict == "BETWEEN":
        return blocks.cell(gap.capitalize())
    return blocks.cell(f"{words.DIRECTIONS[verdict]}{gap and ', ' + gap}", direction=verdict)


def _difference(row, value, theirs):
    """BETTER, SAME, WORSE or BETWEEN with how far our value is from theirs in words; empty where one is missing."""
    verdict = compared(row.polarity, value, theirs)
    if verdict in ("", "SAME"):
        return verdict, ""
    gap = words.with_unit(format_number(round(abs(value - theirs), 9)), row.unit, points=True)
    return verdict, f"{gap} {'higher' if value > theirs else 'lower'}"


def _parts_words(row):
    multiplier = rate_multiplier(row.unit)
    times = f", times {format_number(multiplier)}" if multiplier not in (1, 100) else ""
    return f"{format_number(row.numerator)} of {format_number(row.denominator)}{times}"


def _timing_words(row):
    often = {"QUARTERLY": "Every quarter", "YEARLY": "Once a year"}.get(row.frequency, "Every month")
    lag = 0 if row.allowed_lag != row.allowed_lag else int(row.allowed_lag)
    return f"{often}, up to {words.counted(lag, 'month')} later" if lag else often
