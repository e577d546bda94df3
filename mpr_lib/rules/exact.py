"""Exact arithmetic: sums on published figures as decimals give them, so that 33 × 0.85 is 28.05 and nothing near it.

A figure of n decimals is a whole number of its last places, and floating point holds whole numbers below 2^53 exactly:
so columns are worked out at once in such units. Rows that do not fit are worked out one by one as Decimals. Both give
the number nearest to the exact result.
"""

import operator
from decimal import ROUND_FLOOR, Decimal, localcontext

import numpy as np
import pandas as pd

_PLACES = 9
_SAFE = 2.0**52
_DIGITS = 1e15
"""Below it a decimal and its floating-point number stand for each other."""


def decimal(number: float) -> Decimal:
    """The decimal that a figure was written as: the shortest that gives this number.

    >>> decimal(28.05)
    Decimal('28.05')
    """
    return Decimal(repr(float(number)))


def exactly(formula, *columns: pd.Series) -> pd.Series:
    """Apply a formula on Decimals to each row of number columns; missing where any of the row's numbers is."""
    rows = zip(*(column.astype(float).tolist() for column in columns), strict=True)
    results = [np.nan if any(x != x for x in row) else float(formula(*map(decimal, row))) for row in rows]
    return pd.Series(results, columns[0].index, dtype=float)


def difference(first: pd.Series, second: pd.Series) -> pd.Series:
    """First minus second, row by row."""
    a, b = _numbers(first), _numbers(second)
    unit = np.maximum(_unit(a), _unit(b))
    x, y = np.rint(a * unit), np.rint(b * unit)
    fits = (np.abs(x) < _SAFE) & (np.abs(y) < _SAFE)
    return _completed((x - y) / unit, fits, operator.sub, first, second)


def sum_of(first: pd.Series, second: pd.Series) -> pd.Series:
    """First plus second, row by row."""
    return difference(first, -second)


def share_of(target: pd.Series, share: pd.Series) -> pd.Series:
    """A share of the target's size, row by row: 0.05 of -20 is 1."""
    a, b = np.abs(_numbers(target)), _numbers(share)
    units = _unit(a), _unit(b)
    whole = np.rint(a * units[0]) * np.rint(b * units[1])
    fits = (np.abs(whole) < _SAFE) & (units[0] * units[1] < _DIGITS)
    return _completed(whole / (units[0] * units[1]), fits, lambda x, part: abs(x) * part, target, share)


def part_way(start, end, part, whole, decimals) -> pd.Series:
    """Part / whole of the way from start to end, row by row, rounded down (towards minus infinity) to the decimals."""
    columns = start, end, part, whole, decimals
    a, b, n, m, places = map(_numbers, columns)
    unit, course = np.maximum(_unit(a), _unit(b)), np.maximum(_unit(n), _unit(m))
    shown = 10.0 ** np.nan_to_num(places)
    numerator = [np.rint(x * unit) * np.rint(y * course) for x, y in ((a, m), (b, n), (a, n))]
    total = (numerator[0] + numerator[1] - numerator[2]) * shown
    divisor = np.rint(m * course) * unit
    fits = sum(np.abs(x) for x in numerator) * shown < _SAFE
    fits &= (np.abs(divisor) < _SAFE) & (divisor != 0)
    known = np.where(fits, total, 0).astype("int64") // np.where(fits, divisor, 1).astype("int64")
    return _completed(known / shown, fits, due, *columns)


def due(start: Decimal, annual: Decimal, part: Decimal, whole: Decimal, decimals: Decimal) -> Decimal:
    """The target to date, part / whole of the way from start to annual, rounded down (towards minus infinity).

    >>> due(Decimal(35_000), Decimal(45_000), Decimal(2), Decimal(12), Decimal(0))
    Decimal('36666')
    """
    with localcontext(prec=80, rounding=ROUND_FLOOR):
        return (start + (annual - start) * part / whole).quantize(Decimal(1).scaleb(-int(decimals)))


def _numbers(column):
    return column.to_numpy(dtype=float, na_value=np.nan)


def _unit(numbers):
    """How many of a number's last places make one, as a power of ten; missing where no such unit is safe."""
    unit = np.full(numbers.shape, np.nan)
    for places in range(_PLACES + 1):
        open_ = np.isnan(unit) & ~np.isnan(numbers)
        if not open_.any():
            break
        scaled = np.rint(numbers * 10.0**places)
        unit[open_ & (scaled / 10.0**places == numbers) & (np.abs(scaled) < _DIGITS)] = 10.0**places
    return unit


def _completed(results, fits, formula, *columns):
    """The results where they fit; the other rows, unless a number is missing, by the formula on Decimals."""
    found = pd.Series(np.where(fits, results, np.nan), columns[0].index, dtype=float)
    present = np.logical_and.reduce([~np.isnan(_numbers(column)) for column in columns])
    rest = present & ~fits
    if rest.any():
        found[rest] = exactly(formula, *(column[rest] for column in columns)).to_numpy()
    return found
