"""Predicates: what holds of a table's rows, as pure functions that Great Expectations has no expectation for."""

import re

import pandas as pd

UNEVEN_BY = 1.5
"""A step is uneven when it is more than this many times as large, or as small, as its neighbours' mean."""

_NOISE = 1e-9
_DOUBTS = "plus|about|approx|est|estimated?|or|to|thousands?|millions?|billions?"
_NO_THING = re.compile(rf"[^a-z ]|^(.|[bmt]n|th)$|^per |\b({_DOUBTS})\b")
"""What stands beside a plain count and is no name of what it counts: a symbol, a multiplier, a doubt."""


def previous_in_year(rows: pd.DataFrame) -> pd.DataFrame:
    """The figure before each row's own within the same indicator, financial year and definition.

    Needs indicator_code, financial_year, definition, month_number, number; months without a number are passed over.
    Returns previous and previous_month_number on the same index, NaN where nothing comes before.
    """
    known = rows[rows["number"].notna()].sort_values("month_number", kind="stable")
    before = known.groupby(["indicator_code", "financial_year", "definition"])[["number", "month_number"]].shift()
    return before.set_axis(["previous", "previous_month_number"], axis=1).reindex(rows.index)


def does_not_fall(rows: pd.DataFrame) -> pd.Series:
    """Whether each figure is at least the one before it in the year (``previous_in_year``)."""
    fall = previous_in_year(rows)["previous"] - rows["number"]
    return ~(fall > _NOISE)


def ends_at_annual_target(rows: pd.DataFrame) -> pd.Series:
    """Whether the year's last month states the annual target; true of other months and without an annual target.

    Needs month_number, target_low, target_high, annual_target_low, annual_target_high.
    """
    differs = (rows["target_low"] - rows["annual_target_low"]).abs() > _NOISE
    differs |= (rows["target_high"] - rows["annual_target_high"]).abs() > _NOISE
    return ~(differs & (rows["month_number"] == 12))


def steps(rows: pd.DataFrame) -> pd.DataFrame:
    """How far each stated target moves from the month before: step, and step_before and step_after of its neighbours.

    Needs indicator_code, month_number, target_low. A step over a month that is not stated is missing.
    """
    ordered = rows.sort_values(["indicator_code", "month_number"], kind="stable")
    target = ordered.groupby("indicator_code")["target_low"]
    months = ordered.groupby("indicator_code")["month_number"]
    step = (ordered["target_low"] - target.shift()).where(ordered["month_number"] - months.shift() == 1)
    by_code = step.groupby(ordered["indicator_code"])
    before = by_code.shift().where(ordered["month_number"] - months.shift() == 1)
    after = by_code.shift(-1).where(months.shift(-1) - ordered["month_number"] == 1)
    return pd.DataFrame({"step": step, "step_before": before, "step_after": after}).reindex(rows.index)


def has_even_steps(rows: pd.DataFrame) -> pd.Series:
    """Whether each month's step is like its two neighbours': within ``UNEVEN_BY`` of their mean, either way.

    Needs what ``steps`` needs, last_place (the worth of the last decimal given) and climbs; of a profile that does not
    climb nothing is expected. Neighbours let a seasonal profile pass, which swings slowly, and catch a single month
    that is out of line. A difference of one in the last place is rounding.
    """
    found = steps(rows)
    usual = (found["step_before"] + found["step_after"]) / 2
    rounding = (found["step"] - usual).abs() <= rows["last_place"] + _NOISE
    ratio = found["step"] / usual.mask(usual == 0, _NOISE)
    even = (ratio <= UNEVEN_BY + _NOISE) & (ratio >= 1 / UNEVEN_BY - _NOISE)
    return ~rows["climbs"] | ratio.isna() | rounding | even


def units_agree(found: str, unit: str) -> bool:
    """Whether the unit that stands beside a figure is the indicator's own; a figure without a unit agrees.

    A plain count (unit empty or ``number``) may name what it counts, but is no percentage, money or rate, and neither
    a multiplier nor a doubt is a name: of '2m' and '37 plus' nobody knows the number.

    >>> units_agree("%", "%"), units_agree("day", "days"), units_agree("%", "days"), units_agree("visits", "number")
    (True, True, False, True)
    """
    if not found:
        return True
    if unit.lower() in ("", "number"):
        return not _NO_THING.search(found.lower())
    return _plain_unit(found) == _plain_unit(unit)


def _plain_unit(unit):
    return re.sub(r"(?<=[a-z])s$", "", re.sub(r"\s+", " ", unit.lower()).strip())
