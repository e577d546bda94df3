"""The finance section: a table, a chart and words for each part; in other months when the next reports are due."""

from decimal import Decimal

import pandas as pd

from mpr_lib.book.finance import PARTS
from mpr_lib.report import blocks, words
from mpr_lib.report.finance_charts import finance_chart
from mpr_lib.report.prose import read_prose
from mpr_lib.report.sections.finance_tables import finance_table
from mpr_lib.report.sections.finance_words import chart_words, lead_words, part_words
from mpr_lib.rules.finance import lines_of
from mpr_lib.rules.money import MoneyStyle
from mpr_lib.rules.months import year_label

TITLES = {
    "revenue": "Revenue",
    "capital": "Capital programme",
    "savings": "Savings",
    "reserves": "Reserves",
    "treasury": "Treasury management",
}


def finance(report) -> list:
    """The month's finance report, or the note about the next."""
    found = report.book.finance
    if not found.is_due:
        return [blocks.note(finance_words(report))]
    if not found.tables:
        nothing = "No finance report was supplied for this month."
        return [blocks.note(nothing, "warning"), *_commentary(report, "summary")]
    style = MoneyStyle(report.settings.finance_unit, report.settings.finance_decimals)
    lines = {part: _lines(report, part, style) for part in found.tables}
    shown = [blocks.sentence(lead_words(lines["revenue"], style))] if "revenue" in lines else []
    shown += [blocks.text(_introduction(report, style)), *_commentary(report, "summary")]
    for part in lines:
        shown += _part(report, part, lines[part], style)
    absent = [TITLES[part].lower() for part in PARTS if part not in lines]
    return shown + ([blocks.text(f"Not reported this month: {words.joined(absent)}.")] if absent else [])


def finance_words(report) -> str:
    """'There are no finance reports this month. The next are due in the June 2018 report.', from the settings.

    Empty in a month that has them.
    """
    if report.month.month in report.settings.finance_months:
        return ""
    following = report.month_settings.finance_next
    if following is None and report.settings.finance_months:
        months = (report.month + ahead for ahead in range(1, 13))
        following = next(month for month in months if month.month in report.settings.finance_months)
    said = "There are no finance reports this month."
    if following is None:
        return said
    return f"{said} The next are due in the {words.month_words(pd.Period(following, freq='M'))} report."


def _lines(report, part, style):
    tolerance = Decimal(str(report.settings.finance_tolerance))
    return lines_of(part, report.book.finance.tables[part], tolerance, style.nothing)


def _introduction(report, style):
    year = year_label(report.year, report.settings.first_month)
    unit = {"pounds": "pounds", "thousands": "thousands of pounds", "millions": "millions of pounds"}[style.unit]
    share = f"{report.settings.finance_tolerance * 100:g}%"
    return (
        f"The forecast for {year} as at {words.month_words(report.month)}. Amounts are in {unit} ({style.label}), "
        "rounded; totals and differences are worked out before rounding. An overspend or a shortfall of up to "
        f"{share} of the budget or target is called slight."
    )


def _part(report, part, lines, style):
    tolerance = Decimal(str(report.settings.finance_tolerance))
    title = TITLES[part]
    shown = [blocks.heading(3, title, f"finance-{part}")]
    if lines.empty:
        return [*shown, blocks.note(f"{title}: no lines were supplied for {words.month_words(report.month)}.")]
    shown += [blocks.text(part_words(part, lines, style)), finance_table(report, part, title, lines, tolerance, style)]
    drawn = finance_chart(part, lines, style)
    if drawn:
        said = chart_words(part, title, lines, style)
        shown.append(blocks.figure(drawn[0], said, "trend", drawn[1], "", f"finance-{part}-chart"))
    return shown + _commentary(report, part)


def _commentary(report, part):
    comment = report.book.finance.commentary.get(part)
    if not comment:
        return []
    by = ", ".join(filter(None, (comment["role"], report.day_words(comment["date"]))))
    return [blocks.prose(read_prose(comment["text"])), *([blocks.text(by)] if by else [])]
