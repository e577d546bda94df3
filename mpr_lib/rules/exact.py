"""Exact arithmetic: sums on published figures as decimals give them, so that 33 × 0.85 is 28.05 and nothing near it."""

from decimal import Decimal

import numpy as np
import pandas as pd


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
