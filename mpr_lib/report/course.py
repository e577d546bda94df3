"""Course: how an indicator stands and how it went, in sentences, for its card and as words for its chart."""

import numpy as np
import pandas as pd

from mpr_lib import words
from mpr_lib.rules.history import as_defined_now
from mpr_lib.rules.months import PERIODS


def is_monthly(indicator) -> bool:
    """Whether a figure is due every month."""
    return PERIODS.get(indicator.frequency, 1) == 1


def standing(row, months: pd.DataFrame) -> str:
    """How one scorecard row stands: its figure, the distance from target, a year before, in how many months on target.

    ``months`` is its part of the history: month, financial_year, value, rating.

    >>> # '1.19 days to the end of May 2018, 0.09 above the target of 1.10; worse than a year before (1.11). On …'
    """
    return " ".join(f"{part}." for part in (_now(row), _on_target(months, row)) if part)


def chart_words(months: pd.DataFrame, row, all_years: bool = False) -> str:
    """What the chart of one scorecard row shows: how it stands, and how it came there.

    Of figures to date that is last year's distance from target at the same point and at its end; of others the lowest
    and the highest of this financial year and the last, or of ``all_years``.
    """
    recent = all_years or months["financial_year"] >= months["financial_year"].max() - 1
    known = as_defined_now(months[months["value"].notna() & recent], row)
    course = _last_year(known, row) if row.basis == "CUMULATIVE" and not all_years else _extremes(known)
    return " ".join([f"{row.indicator_code}: {_now(row)}.", *course])


def against_target(row) -> str:
    """How far the value lies from target: '0.09 above the target of 1.10', 'inside the range …'; '' without one."""
    if pd.isna(row.target_low):
        return ""
    ranged, side = row.target_low != row.target_high, words.side_of_target(row)
    name = f"target{' range' * ranged} of {row.target_text}"
    if not side:
        return f"{'inside' if ranged else 'exactly'} the {name}"
    off = max(row.target_low - row.value, row.value - row.target_high)
    return f"{words.gap_words(off, row.unit)} {side} the {name}"


def _now(row):
    return "; ".join(filter(None, (_latest(row), _compared(row))))


def _latest(row):
    if row.value != row.value:
        why = words.REASON_WORDS.get(row.no_value_reason)
        target = f"; the target is {row.target_text}" if row.target_text else ""
        return f"No figure for {words.month_words(row.latest_month)}{f': {why}' if why else ''}{target}"
    said = f"{words.with_unit(row.value_text, row.unit)} {words.when(row.basis, row.latest_month)}"
    said += " (revised)" * row.is_revised + " (provisional)" * row.is_provisional
    said += ", the newest figure" * (is_monthly(row) and row.latest_month != row.reporting_month)
    return f"{said}, {against_target(row) or 'without a target'}"


def _compared(row):
    if row.direction == "NOT_AVAILABLE":
        return ""
    how = "the same as" if row.direction == "SAME" else f"{words.DIRECTIONS[row.direction].lower()} than"
    alone = "in the month alone " * words.by_months_alone(row)
    return f"{alone}{how} {words.before_words(row)} ({words.figure_words(row.compared_value, row.unit)})"


def _on_target(months, row):
    """In how many of the months that are rated it was on target, and when last; nothing of fewer than two.

    Of this financial year's and the last's; of a figure that comes once a year of all.
    """
    period, year = words.period(row.frequency), months["financial_year"].to_numpy()
    ordinals, ratings = months["month"].array.asi8, months["rating"].to_numpy()
    counts = ((year >= year.max(initial=0) - 1) | (period == "year")) & (ordinals <= row.reporting_month.ordinal)
    if not pd.isna(row.definition_break):
        counts &= ordinals >= row.definition_break.ordinal
    rated, met = (np.flatnonzero(counts & np.isin(ratings, of)) for of in (["GREEN", "AMBER", "RED"], ["GREEN"]))
    if len(rated) < 2:
        return ""
    every = words.counted(len(rated), period)
    if not len(met):
        return f"On target in none of {every}"
    if len(met) == len(rated):
        return f"On target in all {every}"
    since = f", last in {words.month_words(months['month'].iloc[met[-1]])}" if met[-1] < rated[-1] else ""
    return f"On target in {len(met)} of {every}{since}"


def _last_year(known, row):
    """Where figures to date stood against target a year before, and where that year ended."""
    then = known[known["month"] == row.latest_month - 12]
    year = known[known["financial_year"].isin(then["financial_year"])]
    if then.empty:
        return []
    (at, end), when = (each.iloc[-1] for each in (then, year)), words.month_words(row.latest_month - 12)
    said = [f"At the same point a year before, in {when}, it was {_figure(at, row)}."]
    if end["month"] > at["month"]:
        said.append(f"That year came to {_figure(end, row)} in {words.month_words(end['month'])}.")
    return said


def _figure(month, row):
    if pd.isna(month["target_low"]):
        return f"{month['value_text']}, without a target"
    off = max(month["target_low"] - month["value"], month["value"] - month["target_high"])
    said = f"{words.gap_words(off, row.unit)} {words.side_of_target(month)} target" if off > 0 else "on target"
    return f"{month['value_text']}, {said}"


def _extremes(known):
    if len(known) < 2:
        return []
    first, last = (words.month_words(known["month"].iloc[place]) for place in (0, -1))
    ends = known.loc[[known["value"].idxmin(), known["value"].idxmax()]].itertuples()
    low, high = (f"{words.month_words(each.month)} ({each.value_text})" for each in ends)
    return [f"From {first} to {last} it was lowest in {low} and highest in {high}."]
