"""Process charts: mean, limits and signals of series of points, many series at once (XmR charts).

Sources: NHS England, Making Data Count (``mdc``); NHSRplotthedots 0.2.2 (``nhsr``); docs/rules.md, Limits and signals.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

SIGNALS = ("OUTSIDE", "TREND", "TWO_OF_THREE", "SHIFT")
"""Why a point is special; of several the first is told."""

RuleSet = Literal["mdc", "nhsr"]

_TO_LIMIT = 2.66
"""Mean moving ranges from the mean to a limit."""
SIGMAS = 1.128
"""Standard deviations in a mean moving range."""


@dataclass(frozen=True)
class Rules:
    """How signals are told: the fewest points, how long a trend and a shift are, and what is left out of the limits.

    ``screened``: moving ranges that are so many times their mean, or more, are left out once. ``outside_is_near``:
    whether a point outside its limits counts as one near them. ``settles``: whether assurance waits for a level that
    still moves, and a limit on the target counts as met.
    """

    fewest: int
    trend: int
    shift: int
    screened: float
    outside_is_near: bool
    settles: bool


RULES: dict[str, Rules] = {
    "mdc": Rules(fewest=13, trend=6, shift=7, screened=np.inf, outside_is_near=True, settles=True),
    "nhsr": Rules(fewest=2, trend=7, shift=7, screened=3.267, outside_is_near=False, settles=False),
}


@dataclass(frozen=True, eq=False)
class Charts:
    """What the charts of many series say: for each series, and (signal, side) for each of its points.

    ``signal`` is a place in ``SIGNALS`` and -1 without one; ``side`` is 1 high, -1 low and 0 where there is no signal.
    ``enough`` says which series have the points that it takes; of the others ``mean``, ``lower``, ``upper`` and
    ``moving_range`` (its mean) are missing.
    """

    count: np.ndarray
    enough: np.ndarray
    mean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    moving_range: np.ndarray
    signal: np.ndarray
    side: np.ndarray


def signals(
    points: np.ndarray, rules: RuleSet = "mdc", *, fewest: int | None = None, baseline: int | None = None
) -> Charts:
    """The limits and signals of series of points: one row a series, one column a period, NaN where there is no point.

    Limits are the mean ± 2.66 mean moving ranges, of all points or of the first ``baseline``. A series with fewer than
    ``fewest`` points (those of the rules, if not said; ``nhsr`` always wants 2) has no limits and no signals. A missing
    point ends every run.

    >>> found = signals(np.array([[50, 52, 49, 51, 50, 53, 48, 51, 49, 52, 50, 51, 60.0]]))
    >>> found.upper.round(2).tolist(), [SIGNALS[each] for each in found.signal[0] if each >= 0]
    ([59.21], ['OUTSIDE'])
    """
    ruled = RULES[rules]
    known = np.isfinite(points)
    count = known.sum(axis=1)
    makes = known if baseline is None else known & (known.cumsum(axis=1) <= baseline)
    values = np.where(known, points, 0.0)
    enough = count >= (fewest if fewest and ruled.settles else ruled.fewest)
    mean = _mean(values, makes & enough[:, None])
    ranges, has_range = np.abs(np.diff(values)), makes[:, 1:] & makes[:, :-1] & enough[:, None]
    moving = _mean(ranges, has_range)
    if np.isfinite(ruled.screened):
        moving = _mean(ranges, has_range & (ranges < ruled.screened * moving[:, None]))
    lower, upper = mean - _TO_LIMIT * moving, mean + _TO_LIMIT * moving
    found = _marked(values, known, mean[:, None], moving[:, None], ruled)
    return Charts(count, enough, mean, lower, upper, moving, *found)


def _mean(values, counted):
    number = counted.sum(axis=1)
    total = np.where(counted, values, 0.0).sum(axis=1)
    return np.divide(total, number, out=np.full(len(number), np.nan), where=number > 0)


def above(one, other):
    """Whether one is above the other, beyond what floating point adds: by more than one in the twelfth digit."""
    return one - other > 1e-12 * np.maximum(np.abs(one), np.abs(other))


def _marked(values, known, mean, moving, ruled):
    """The signal of each point and its side."""
    charted = known & np.isfinite(mean)
    up, down = charted & above(values, mean), charted & above(mean, values)
    reach = _TO_LIMIT * moving
    high, low = up & above(values, mean + reach), down & above(mean - reach, values)
    side = up.astype(np.int8) - down
    rises, falls = _in_trend(values, charted, ruled.trend)
    near_high, near_low = up & above(values, mean + reach * 2 / 3), down & above(mean - reach * 2 / 3, values)
    if not ruled.outside_is_near:
        near_high, near_low = near_high & ~high, near_low & ~low
    near = (near_high & _two_of_three(up, near_high)) | (near_low & _two_of_three(down, near_low))
    runs = _runs(up, ruled.shift) | _runs(down, ruled.shift)
    holds = [high | low, rises | falls, near, runs]
    signal = np.select(holds, range(len(SIGNALS)), -1).astype(np.int8)
    # The last point of one trend may be the first of the next: it takes the later move.
    onwards = np.zeros_like(rises)
    onwards[:, :-1] = values[:, 1:] > values[:, :-1]
    direction = np.where(rises & (~falls | onwards), 1, -1)
    side = np.where(signal == SIGNALS.index("TREND"), direction, side)
    return signal, np.where(signal >= 0, side, 0).astype(np.int8)


def _in_trend(values, charted, length):
    """The points of runs in which each is above the one before, and of those in which each is below."""
    both = charted[:, 1:] & charted[:, :-1]
    moves = (both & above(values[:, 1:], values[:, :-1]), both & above(values[:, :-1], values[:, 1:]))
    found = []
    for each in moves:
        moved = _runs(each, length - 1)
        points = np.zeros_like(charted)
        points[:, 1:] |= moved
        points[:, :-1] |= moved
        found.append(points)
    return found


def _runs(holds, length):
    """The places of runs of so many in a row, or more."""
    found = np.zeros_like(holds)
    places = holds.shape[1] - length + 1
    if places > 0:
        whole = np.logical_and.reduce([holds[:, start : start + places] for start in range(length)])
        for start in range(length):
            found[:, start : start + places] |= whole
    return found


def _two_of_three(side, near):
    """The places in any three points on one side of which at least two are near the limit."""
    found = np.zeros_like(side)
    places = side.shape[1] - 2
    if places > 0:
        of_three = [slice(start, start + places) for start in range(3)]
        whole = np.logical_and.reduce([side[:, each] for each in of_three])
        whole &= sum(near[:, each].astype(np.int8) for each in of_three) >= 2
        for each in of_three:
            found[:, each] |= whole
    return found
