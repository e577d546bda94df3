"""Periods: the months in which an indicator's figures are due, which are what a quarterly or yearly one is shown by."""

import pandas as pd

from mpr_lib.rules.frequency import PERIODS, is_due
from mpr_lib.rules.months import FIRST_MONTH, month_number

SHOWN = {"MONTHLY": 24, "QUARTERLY": 12, "YEARLY": 8}
"""How many periods a chart shows at most."""


def is_monthly(indicator) -> bool:
    return PERIODS.get(indicator.frequency, 1) == 1


def due_months(months: pd.DataFrame, indicator, first: int = FIRST_MONTH) -> pd.DataFrame:
    """The months of an indicator's history in which a figure is due, and any other that has one or a word about it.

    ``months`` is its part of the history, ``indicator`` its scorecard row (frequency, due_month). Of a monthly one all.
    """
    if is_monthly(indicator):
        return months
    described = pd.DataFrame(
        {"frequency": indicator.frequency, "due_month": float(indicator.due_month)}, index=months.index
    )
    return months[is_due(described, months["month"], first) | (months["value_text"] != "")]


def periods_shown(months: pd.DataFrame, indicator, reporting_month: pd.Period, first: int = FIRST_MONTH):
    """The due months that a chart shows: from the first with a value, after a new definition, to the newest."""
    shown = due_months(months, indicator, first)
    shown = shown[shown["month"] <= reporting_month]
    if not pd.isna(indicator.definition_break):
        shown = shown[shown["month"] >= indicator.definition_break]
    known = shown.loc[shown["value"].notna(), "month"]
    if known.empty:
        return shown.iloc[:0]
    return shown[shown["month"] >= known.iloc[0]].tail(SHOWN.get(indicator.frequency, 24)).reset_index(drop=True)


def quarter_number(month: pd.Period, first: int = FIRST_MONTH) -> int:
    """The quarter of the financial year that a month lies in."""
    return (month_number(month, first) + 2) // 3
