"""Check tables of what partners' figures bring with them: rates with their parts, and figures of others."""

import pandas as pd

from mpr_lib.checks.located import located
from mpr_lib.checks.predicates import units_agree
from mpr_lib.rules.comparing import decimals_of, follows_from_parts, rate_multiplier
from mpr_lib.rules.values import figure_text, format_number


def rates(book) -> pd.DataFrame:
    """Every figure that came with a numerator or a denominator; off says what does not fit, missing if all does."""
    units = book.indicators.drop_duplicates("indicator_code").set_index("indicator_code")["unit"]
    given = book.values["numerator"].notna() | book.values["denominator"].notna()
    frame = book.values[given & book.values["number"].notna() & book.values["indicator_code"].isin(units.index)]
    off = [_off_rate(row, units[row.indicator_code]) for row in frame.itertuples()]
    return located(frame, off=pd.Series(off, frame.index, dtype=object))


def comparison_rows(book) -> pd.DataFrame:
    """Every figure of others; wrong says what keeps it from being compared, and is missing where nothing does."""
    frame = book.comparisons
    units = book.indicators.drop_duplicates("indicator_code").set_index("indicator_code")["unit"].to_dict()
    twice = frame.duplicated(["indicator_code", "month", "comparator"], keep=False)
    wrong = [_wrong(row, units, again) for row, again in zip(frame.itertuples(), twice, strict=True)]
    return located(frame, wrong=pd.Series(wrong, frame.index, dtype=object))


def _off_rate(row, unit):
    if row.numerator != row.numerator or row.denominator != row.denominator:
        return "one of numerator and denominator is missing"
    if row.denominator == 0:
        return "the denominator is 0"
    places = decimals_of(figure_text(row.value_text))
    if follows_from_parts(row.number, row.numerator, row.denominator, unit, places):
        return None
    made = row.numerator / row.denominator * rate_multiplier(unit)
    parts = f"{format_number(row.numerator)} of {format_number(row.denominator)}"
    return f"{parts} make {format_number(made, max(places, 1))}"


def _wrong(row, units, again):
    if row.indicator_code not in units:
        code = row.indicator_code
        return f"'{code}' is no indicator's code." if code else "there is no indicator code."
    if pd.isna(row.month):
        return "there is no month."
    if not row.comparator:
        return "it does not say whose figure this is."
    if again:
        return f"{row.comparator} is given more than once for this month."
    if row.number != row.number:
        return "there is no figure."
    if not units_agree(row.unit_found, units[row.indicator_code]):
        return f"'{row.value_text}' is in another unit than the indicator, whose unit is {units[row.indicator_code]}."
    return None


PARTNERSHIP_TABLES = (rates, comparison_rows)
