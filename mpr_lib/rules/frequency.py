"""Frequency: in which months a figure is due, and how old the newest one may be: monthly, quarterly or yearly."""

import numpy as np
import pandas as pd

from mpr_lib.rules.months import FIRST_MONTH

PERIODS = {"MONTHLY": 1, "QUARTERLY": 3, "YEARLY": 12}
"""Months from one due figure to the next."""


def is_due(frame: pd.DataFrame, months: pd.Series, first: int = FIRST_MONTH) -> pd.Series:
    """Whether a figure is due for each month: every one, a quarter's last, or a year's ``due_month``.

    ``frame`` needs frequency; due_month (1 to 12) is optional and else the financial year's last month.
    A frequency that is not known counts as monthly.
    """
    return _months_since(frame, months, first) == 0


def has_come(frame: pd.DataFrame, months: pd.Series, month: pd.Period) -> pd.Series:
    """Whether figures of these months can be there in the reporting month: a quarter's or a year's after their lag.

    ``frame`` needs frequency; allowed_lag is optional.
    """
    ago = month.ordinal - months.astype("int64")
    lag = frame["allowed_lag"].fillna(0) if "allowed_lag" in frame else 0
    return ago >= np.where(_period(frame) > 1, lag, 0)


def last_due(frame: pd.DataFrame, months: pd.Series, first: int = FIRST_MONTH) -> pd.Series:
    """The newest month, not after each month given, for which a figure is due (``is_due``)."""
    return months - _months_since(frame, months, first)


def latest_ages(frame: pd.DataFrame, age: int) -> pd.Series:
    """How many months old the newest figure of each indicator may be, by code.

    ``frame`` needs indicator_code, frequency, allowed_lag. A monthly figure: ``age``, or its allowed lag where that is
    longer. Others: ``age`` beyond the figure that is expected, which may be a whole period and the lag old.
    """
    known = frame.drop_duplicates("indicator_code").set_index("indicator_code")
    period, lag = _period(known), known["allowed_lag"].fillna(0).astype(int)
    return (period - 1 + lag + age).where(period > 1, lag.clip(lower=age))


def _period(frame):
    return frame["frequency"].map(PERIODS).fillna(1).astype(int)


def _months_since(frame, months, first):
    """Months from the last due month to each month."""
    period = _period(frame)
    last = pd.Series((first + 10) % 12 + 1, frame.index, dtype=float)
    if "due_month" in frame:
        last = frame["due_month"].fillna(last).astype(float).where(period == 12, last)
    return pd.Series(np.mod(months.dt.month - last.to_numpy(), period.to_numpy()), months.index).astype(int)
