"""Jumps: how far each month's move lies from what the indicator's own moves before it make likely.

A move is what a cumulative count adds in a month, and of every other figure its change from the one before. Medians
judge it, which a single odd month does not shift: so short series can be judged, and one jump does not hide the next.
"""

import numpy as np
import pandas as pd

from mpr_lib.rules.history import adds_up
from mpr_lib.rules.months import FROM_APRIL, PERIODS, FinancialYears

ENOUGH = 8
"""Fewer earlier moves than this judge nothing."""

BACK = 24
"""Months before a figure whose moves judge it."""

SPREADS = 5
"""A move is likely up to this many usual spreads from the middle one."""

LEAST = 0.02
"""The usual spread is taken as no less than this share of the usual size, so that steady figures may move a little."""

SEEN = 1.1
"""What has been seen before is likely, and this many times as much, so that the way back from a jump is none."""

_SIGMA = 1.4826
"""What makes the median distance from the median a standard deviation, were moves normally distributed."""


def moves(figures: pd.DataFrame, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """The figures with a number, with each one's move, previous and previous_month.

    Needs indicator_code, month, number, basis, unit, frequency, definition_break, profile. A cumulative figure starts
    anew in each financial year, unless its target grows from a baseline: then figures go on from year to year. Any
    figure starts anew with a new definition; where the one before is missing there is no move.
    """
    ordered = figures[figures["number"].notna()].sort_values(["indicator_code", "month"])
    ordered = ordered.assign(adds=adds_up(ordered))
    new = ordered["month"] >= ordered["definition_break"]
    yearly = (ordered["basis"] == "CUMULATIVE") & (ordered["profile"] != "LINEAR_FROM_BASELINE")
    year = years.of(ordered["month"]).where(yearly, 0)
    by_series = ordered.groupby([ordered["indicator_code"], new, year], sort=False)
    before = by_series[["number", "month"]].shift()
    period = ordered["frequency"].map(PERIODS).fillna(1)
    gap = _ordinal(ordered["month"]) - _ordinal(before["month"])
    move = (ordered["number"] - before["number"]).where(gap <= period)
    # What a cumulative count stands at in its year's first month is what that month added.
    opens = ordered["adds"] & yearly & (years.month_number(ordered["month"]) <= period)
    opens &= ordered["month"] != ordered["definition_break"]
    move = move.mask(opens, ordered["number"])
    ordered = ordered.assign(
        move=move, definition=new.astype(int), previous=before["number"], previous_month=before["month"]
    )
    return ordered.sort_index()


def judged(frame: pd.DataFrame, asked: pd.Series) -> pd.DataFrame:
    """Judge the rows asked for by the moves before them: usual, distance from it, likely and earlier (how many).

    ``frame`` is from ``moves``. likely, how far from the usual one a move may be, is missing with fewer than ``ENOUGH``
    earlier moves: nothing is judged.
    """
    codes, code = np.unique(frame["indicator_code"].to_numpy(str), return_inverse=True)
    ordinal = frame["month"].astype("int64").to_numpy()
    month = ordinal - ordinal.min() if len(frame) else ordinal
    size = frame["number"].where(~frame["adds"], frame["move"])
    grids = [np.full((len(codes), month.max(initial=0) + 1), np.nan) for _ in range(3)]
    for grid, column in zip(grids, (frame["move"], size, frame["definition"]), strict=True):
        grid[code, month] = column.astype(float)
    found = [_of_month(frame.index[rows], *grids, code[rows], at) for at, rows in _by_month(month, asked.to_numpy())]
    columns = ["usual", "likely", "earlier"]
    known = pd.concat(found) if found else pd.DataFrame(columns=columns, dtype=float)
    rows = frame[asked].join(known)
    return rows.assign(distance=(rows["move"] - rows["usual"]).abs())


def _by_month(month, asked):
    return [(at, np.flatnonzero(asked & (month == at))) for at in np.unique(month[asked])]


def _of_month(index, move, size, definition, code, at):
    """What the moves before one month make likely in it, for the indicators of the codes given."""
    window = slice(max(at - BACK, 0), at)
    same = definition[code, window] == definition[code, at][:, None]
    before, sizes = (np.where(same, grid[code, window], np.nan) for grid in (move, size))
    earlier = (~np.isnan(before)).sum(axis=1)
    enough = earlier >= ENOUGH
    found = np.full((3, len(code)), np.nan)
    found[2] = earlier
    if enough.any():
        found[0, enough], found[1, enough] = _likely(before[enough], sizes[enough])
    return pd.DataFrame(found.T, index, columns=["usual", "likely", "earlier"])


def _likely(before, sizes):
    """The middle move, and how far from it is likely: some spreads, and a little more than was ever seen."""
    usual = np.nanmedian(before, axis=1)
    away = np.abs(before - usual[:, None])
    spread = _SIGMA * np.nanmedian(away, axis=1)
    whole = np.all(np.isnan(sizes) | (sizes == np.rint(sizes)), axis=1)
    # A count varies by about its square root, whatever is counted.
    chance = np.where(whole, np.sqrt(np.maximum(np.abs(usual), 1)), 0)
    floor = LEAST * np.maximum(np.nanmedian(np.abs(sizes), axis=1), np.abs(usual))
    likely = SPREADS * np.maximum.reduce([spread, chance, floor])
    return usual, np.maximum(likely, SEEN * np.nanmax(away, axis=1))


def _ordinal(months):
    return months.astype("int64").where(months.notna()).astype(float)
