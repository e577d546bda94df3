"""Context: what a figure was made from, whose it is, and how it stands beside those of England and peers."""

import pandas as pd

from mpr_lib.report import blocks, words
from mpr_lib.report.alternatives import trend_words
from mpr_lib.report.charts import SIZE, trend_chart
from mpr_lib.report.period_chart import LARGE, period_chart, points
from mpr_lib.report.periods import is_monthly
from mpr_lib.rules.codes import slug
from mpr_lib.rules.comparing import compared, rate_multiplier
from mpr_lib.rules.values import format_number

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
    parts = [_against(row, each) for each in _newest(report, row).itertuples()]
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
    code, first = row.indicator_code, report.settings.first_month
    months, others = report.months_of(code), comparisons_of(report, code)
    if is_monthly(row) and others.empty and size == LARGE:
        svg = trend_chart(months, row, report.month, first)
        alt = trend_words(months, row) if svg else ""
        return svg and blocks.figure(svg, alt, "trend", SIZE, caption, f"{slug(code)}-trend")
    frame = points(months, row, others, report.month, first)
    if frame.empty:
        return None
    alt = " ".join(part for part in (trend_words(months, row, all_years=True), comparison_words(report, row)) if part)
    inches = (size[0] * 72, size[1] * 72)
    return blocks.figure(period_chart(frame, row, size), alt, "trend", inches, caption, f"{slug(code)}-trend")


def _newest(report, row):
    given = comparisons_of(report, row.indicator_code)
    return given.sort_values("month", kind="stable").drop_duplicates("comparator", keep="last").sort_index()


def _against(row, other):
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
