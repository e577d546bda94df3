"""Section 3: a page for each exception: facts, gauge, trend, month table and commentary."""

import pandas as pd

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.report.charts import (
    LARGE,
    SIZE,
    due_months,
    is_monthly,
    period_chart,
    points,
    trend_chart,
    trend_words,
)
from mpr_lib.report.sections import cells
from mpr_lib.report.sections.cells import target_cell, value_cell
from mpr_lib.report.sections.corporate import aim_blocks
from mpr_lib.report.small_charts import SIZE as GAUGE_SIZE
from mpr_lib.report.small_charts import gauge
from mpr_lib.rules.codes import slug
from mpr_lib.rules.comparing import compared, rate_multiplier
from mpr_lib.rules.months import FinancialYears
from mpr_lib.rules.values import format_number


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
            rows.append(_quarter_row(month, years, "month"))
            continue
        rows.append(_month_row(month))
        if row.quarter_rows and years.month_number(month.month) % 3 == 0:
            rows.append(_quarter_row(month, years))
    period = "quarter" if row.frequency == "QUARTERLY" else "month"
    columns = [
        blocks.column("month", period.capitalize()),
        blocks.column("value", "Value", "number", "end"),
        blocks.column("target", "Target", "number", "end"),
        blocks.column("against", "Against target"),
    ]
    shown = f", {years.label(report.year - 1)} and {years.label(report.year)}"
    if row.frequency == "YEARLY":
        period, shown = "year", ""
    caption = f"{row.indicator_code}: value and target by {period}{shown}"
    return blocks.table(f"months-{slug(row.indicator_code)}", caption, columns, rows, "narrow")


def quarter_label(month, years: FinancialYears) -> str:
    """The quarter that a month lies in: 'Q1 2018/19'."""
    return f"Q{years.quarter(month)} {years.label(years.of(month))}"


def _month_row(month):
    return blocks.row({"month": blocks.cell(words.month_words(month.month)), **_figures(month)}, "month")


def _quarter_row(month, years, kind="quarter"):
    cells = {"month": blocks.cell(quarter_label(month.month, years)), **_figures(month)}
    return blocks.row(cells, kind)


def _figures(month):
    return {
        "value": value_cell(month),
        "target": target_cell(month.target_text),
        "against": _against(month),
    }


def _against(month):
    if month.rating == "NO_VALUE":
        return blocks.cell(words.NO_VALUE.get(month.no_value_reason, "No value"), missing=True)
    return blocks.cell(words.AGAINST_TARGET[month.rating], missing=month.rating == "NO_TARGET" or "")


COMPARED = 4
"""How many months of each comparator the table shows."""


def context_facts(report, row) -> list:
    """Facts about a figure's making: numerator and denominator, sources, how often and how late it comes."""
    listed = []
    if row.numerator == row.numerator and row.denominator == row.denominator:
        listed.append(("Made from", blocks.cell(_parts_words(row))))
    if row.is_provisional:
        listed.append(("State of the figure", blocks.cell("Provisional: it may still change")))
    if row.source:
        listed.append(("Source", blocks.cell(row.source)))
    if not is_monthly(row) or row.allowed_lag > 0:
        listed.append(("Published", blocks.cell(_timing_words(row))))
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
    return [("Source of comparisons", blocks.cell("; ".join(sources)))] if sources else []


def comparison_table(report, row) -> list:
    """A table of the indicator's figures beside those of England and peers; nothing where none are given."""
    given = comparisons_of(report, row.indicator_code)
    if given.empty:
        return []
    ours = report.months_of(row.indicator_code).set_index("month")
    columns = [
        blocks.column("who", "Compared with"),
        blocks.column("theirs", "Their value", "number", "end"),
        blocks.column("ours", "Our value", "number", "end"),
        blocks.column("difference", "Ours is"),
    ]
    order = {name: place for place, name in enumerate(dict.fromkeys(given["comparator"]))}
    given = given.assign(order=given["comparator"].map(order)).sort_values(["order", "month"], ascending=[True, False])
    rows = [_comparison_row(row, each, ours) for each in given.groupby("order").head(COMPARED).itertuples()]
    caption = f"{row.indicator_code}: compared with {words.joined(list(order))}"
    return [blocks.table(f"compared-{slug(row.indicator_code)}", caption, columns, rows, "narrow")]


def trend_figure(report, row, size=LARGE, caption: str = ""):
    """An indicator's trend as a figure block, by month or by the periods in which it is due; None without any value."""
    code, years = row.indicator_code, report.settings.years
    months, others = report.months_of(code), comparisons_of(report, code)
    if is_monthly(row) and others.empty and size == LARGE:
        svg = trend_chart(months, row, report.month, years)
        alt = trend_words(months, row) if svg else ""
        return svg and blocks.figure(svg, alt, "trend", SIZE, caption, f"{slug(code)}-trend")
    frame = points(months, row, others, report.month, years)
    if frame.empty:
        return None
    alt = " ".join(part for part in (trend_words(months, row, all_years=True), comparison_words(report, row)) if part)
    inches = (size[0] * 72, size[1] * 72)
    return blocks.figure(period_chart(frame, row, size), alt, "trend", inches, caption, f"{slug(code)}-trend")


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
    judged = f", which is {verdict.lower()}" if verdict in ("BETTER", "WORSE") else ""
    return f"{theirs}; ours is {gap}{judged}"


def _comparison_row(row, other, ours):
    value = ours["value"].get(other.month, float("nan"))
    verdict, gap = _difference(row, value, other.number)
    return blocks.row(
        {
            "who": blocks.cell(f"{other.comparator}, {words.month_words(other.month)}"),
            "theirs": blocks.cell(other.value_text),
            "ours": blocks.cell(ours["value_text"].get(other.month) or "No figure", missing=bool(value != value) or ""),
            "difference": _difference_cell(verdict, gap),
        }
    )


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


def detail(report) -> list:
    """The exceptions' pages, by aim with counts."""
    rows = cells.exceptions_of(report.corporate_rows)
    if rows.empty:
        return [blocks.note("No indicator is at risk or slipping, so there is no detail to show.", "none")]
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
        _facts_beside_gauge(report, row), *_trend(report, row), *comparison_table(report, row),
        months_table(report, row), *_commentary(report, row),
    ]  # fmt: skip
    return blocks.article(
        anchor, children, code=row.indicator_code, title=row.short_name,
        basis="" if row.basis == "UNSTATED" else words.basis_words(row.basis, row.frequency),
        outcome=row.expected_outcome, outcome_label=row.outcome_label,
        rating=row.rating, direction=row.direction,
        back={"href": f"#{listed_in}-{anchor}", "text": f"Back to {row.indicator_code} in {title}"},
    )  # fmt: skip


def _facts_beside_gauge(report, row):
    listed = [
        (
            "Rating",
            blocks.cell(
                words.RATINGS[row.rating], detail=cells.judged(row), mark="Judged:" if row.outcome_reason else ""
            ),
        ),
        (f"Value, {words.month_words(row.latest_month)}", cells.value_cell(row)),
        ("Target to date", cells.target_cell(row.target_text)),
        ("Annual target", cells.target_cell(row.annual_target_text)),
        ("Against target", blocks.cell(_variance_words(row))),
        ("Same month last year", blocks.cell(_last_year_words(row), direction=row.direction)),
        ("Format", blocks.cell(words.POLARITIES.get(row.polarity, row.polarity or "Not stated"))),
        ("Managed by", cells.stated_cell(row.managed_by)),
        ("Scrutiny committee", cells.stated_cell(row.scrutiny_committee)),
        (
            "Year introduced",
            cells.stated_cell("" if row.year_introduced != row.year_introduced else f"{row.year_introduced:.0f}"),
        ),
        *context_facts(report, row),
    ]
    drawn = gauge(row)
    if not drawn:
        return blocks.facts(listed)
    caption = f"{words.month_words(row.latest_month)} result"
    return blocks.group(
        blocks.facts(listed), blocks.figure(*drawn, "gauge", GAUGE_SIZE, caption, f"{slug(row.indicator_code)}-gauge")
    )


def _variance_words(row):
    said = words.distance_words(row)
    return said[0].upper() + said[1:]


def _last_year_words(row):
    if row.direction == "NOT_AVAILABLE":
        return "Not available"
    return f"{words.DIRECTIONS[row.direction]} ({words.figure_words(row.last_year_value, row.unit)})"


def _trend(report, row):
    figure = trend_figure(report, row)
    if not figure:
        return [
            blocks.note("No figure has been received in this financial year or the last, so there is no chart.", "none")
        ]
    shown = [figure]
    if row.definition_break == row.definition_break:
        since = words.month_words(row.definition_break)
        shown.append(
            blocks.note(
                f"What is counted changed in {since}. Earlier figures are in the table and not in the chart, "
                "because the two cannot be compared.",
                "info",
            )
        )
    return shown


def _commentary(report, row):
    title = blocks.heading(5, "Commentary")
    comment = report.comment_of(row.indicator_code)
    if comment is None:
        return [title, blocks.note("No commentary was supplied.", "warning")]
    by = ", ".join(part for part in (comment.role, report.day_words(comment.date)) if part)
    return [title, blocks.prose(report.prose_of(row.indicator_code)), *([blocks.text(by)] if by else [])]
