"""The month table of a detail page: value and target over two financial years, with quarter rows where wanted."""

from mpr_lib.report import blocks, words
from mpr_lib.report.periods import due_months, quarter_number
from mpr_lib.report.sections.cells import target_cell, value_cell
from mpr_lib.rules.codes import slug
from mpr_lib.rules.months import financial_year, month_number, year_label


def months_table(report, row):
    """Every month's value and target, as received, and how the value stood against it.

    Of a quarterly figure the quarters, of a yearly one every year that has one.
    """
    first = report.settings.first_month
    months = due_months(report.months_of(row.indicator_code), row, first)
    old = row.frequency == "YEARLY" and months["value"].notna()
    rows = []
    for month in months[(months["financial_year"] >= report.year - 1) | old].itertuples():
        if row.frequency == "QUARTERLY":
            rows.append(_quarter_row(month, first, "month"))
            continue
        rows.append(_month_row(month))
        if row.quarter_rows and month_number(month.month, first) % 3 == 0:
            rows.append(_quarter_row(month, first))
    period = "quarter" if row.frequency == "QUARTERLY" else "month"
    columns = [
        blocks.column("month", period.capitalize()),
        blocks.column("value", "Value", "number", "end"),
        blocks.column("target", "Target", "number", "end"),
        blocks.column("against", "Against target"),
    ]
    years = f", {year_label(report.year - 1, first)} and {year_label(report.year, first)}"
    if row.frequency == "YEARLY":
        period, years = "year", ""
    caption = f"{row.indicator_code}: value and target by {period}{years}"
    return blocks.table(f"months-{slug(row.indicator_code)}", caption, columns, rows, "narrow")


def quarter_label(month, first: int) -> str:
    """The quarter that a month lies in: 'Q1 2018/19'."""
    return f"Q{quarter_number(month, first)} {year_label(financial_year(month, first), first)}"


def _month_row(month):
    return blocks.row({"month": blocks.cell(words.month_words(month.month)), **_figures(month)}, "month")


def _quarter_row(month, first, kind="quarter"):
    cells = {"month": blocks.cell(quarter_label(month.month, first)), **_figures(month)}
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
