"""Figures: one or a whole column of them at once, and sums without what floating point adds.

28.05 is on the limit of 33 × 0.85, though 33 * 0.85 is 28.049999999999997: docs/decisions/arithmetic.md.
"""

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal, localcontext
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_list_like

from mpr_lib.errors import RuleError

Figure = float | pd.Series | None
Text = str | pd.Series
"""One for every row, or one for each."""

_PLACES, _DIGITS = 9, 15
"""Results are rounded to so many places, fewer where a figure is so large that they would be beyond so many digits."""


def together(numbers: dict[str, Any], **others: Any) -> tuple[pd.DataFrame, Callable[[pd.Series], Any]]:
    """What was given, single or as series, as one frame; and how to give a result back as it came.

    ``numbers`` become floats, missing where None or NaN; of the others a text that is missing becomes an empty one. A
    result of one row is given back as its only element unless a series was given. Raises ``RuleError`` for series of
    different indexes, for lists and the like, and for what is no number.
    """
    given = {**numbers, **others}
    lists = [name for name, each in given.items() if is_list_like(each) and not isinstance(each, pd.Series)]
    if lists:
        raise RuleError(
            f"{lists[0]}: found a {type(given[lists[0]]).__name__}. Expected one figure or a pandas Series."
        )
    indexes = [each.index for each in given.values() if isinstance(each, pd.Series)]
    if any(not index.equals(indexes[0]) for index in indexes):
        raise RuleError("The series given have different indexes. Expected columns of one frame.")
    frame = pd.DataFrame(given, indexes[0] if indexes else [0])
    frame = frame.assign(**{name: _floats(frame[name], name) for name in numbers})
    for name in others:
        if frame[name].isna().any() and not isinstance(frame[name].dtype, pd.PeriodDtype):
            frame[name] = frame[name].astype(object).where(frame[name].notna(), "")
    return frame, (lambda result: result if indexes else result.tolist()[0])


def _floats(column, name):
    try:
        found = column.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError, OverflowError):
        found = np.array([np.inf])
    if np.isinf(found).any():
        raise RuleError(f"{name}: found what is no number. Expected numbers; read_value reads texts.")
    return pd.Series(found, column.index)


def decimal(number: float) -> Decimal:
    """The decimal that a figure was written as: the shortest that gives this number.

    >>> decimal(28.05)
    Decimal('28.05')
    """
    return Decimal(repr(float(number)))


def difference(one: pd.Series, other: pd.Series) -> pd.Series:
    """One minus the other, row by row.

    >>> difference(pd.Series([0.3]), pd.Series([0.1])).tolist()
    [0.2]
    """
    a, b = one.to_numpy(float), other.to_numpy(float)
    return pd.Series(_rounded(a - b, np.maximum(np.abs(a), np.abs(b))), one.index)


def share_of(target: pd.Series, share: pd.Series) -> pd.Series:
    """A share of the target's size, row by row: 0.05 of -20 is 1."""
    size = np.abs(target.to_numpy(float))
    return pd.Series(_rounded(size * share.to_numpy(float), size), target.index)


def _rounded(result, largest):
    digits = np.floor(np.log10(np.fmax(largest, 1.0))) + 1
    unit = 10.0 ** np.minimum(_PLACES, _DIGITS - digits)
    return np.rint(result * unit) / unit


def part_way(start: pd.Series, end: pd.Series, part: pd.Series, whole: pd.Series, decimals: pd.Series) -> pd.Series:
    """Part / whole of the way from start to end, row by row, rounded down to the decimals; missing where any is."""
    rows = zip(*(column.astype(float).tolist() for column in (start, end, part, whole, decimals)), strict=True)
    found = [np.nan if any(each != each for each in row) else _due(*row) for row in rows]
    return pd.Series(found, start.index, dtype=float)


@lru_cache(maxsize=20_000)
def _due(*row):
    """Once for both ends of a target, and for every month that is looked back on."""
    return float(due(*map(decimal, row)))


def due(start: Decimal, annual: Decimal, part: Decimal, whole: Decimal, decimals: Decimal) -> Decimal:
    """The target to date, part / whole of the way from start to annual, rounded down (towards minus infinity).

    >>> due(Decimal(35_000), Decimal(45_000), Decimal(2), Decimal(12), Decimal(0))
    Decimal('36666')
    """
    with localcontext(prec=400, rounding=ROUND_FLOOR):
        return (start + (annual - start) * part / whole).quantize(Decimal(1).scaleb(-int(decimals)))
