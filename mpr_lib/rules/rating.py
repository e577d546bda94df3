"""Rating: a value against its target to date, by polarity and tolerance."""

import numpy as np
import pandas as pd

POLARITIES = ("MAXIMISE", "MINIMISE", "GOLDILOCKS")
RATINGS = ("GREEN", "AMBER", "RED", "NO_VALUE", "NO_TARGET")
DEFAULT_TOLERANCE = 0.05


def amber_limits(frame: pd.DataFrame, default_tolerance: float = DEFAULT_TOLERANCE) -> pd.DataFrame:
    """Fill amber_low and amber_high: the value at which amber ends, on the wrong side(s) of target.

    Needs polarity, target_low, target_high, tolerance (a share of the target, missing: the default), and
    amber_low, amber_high where they are stated; a stated limit stays. Missing without a target.
    """
    share = frame["tolerance"].fillna(default_tolerance)
    below = frame["target_low"] - share * frame["target_low"].abs()
    above = frame["target_high"] + share * frame["target_high"].abs()
    low = frame["amber_low"].fillna(below).where(frame["polarity"] != "MINIMISE")
    high = frame["amber_high"].fillna(above).where(frame["polarity"] != "MAXIMISE")
    has_target = frame["target_low"].notna()
    return frame.assign(amber_low=_exact(low.where(has_target)), amber_high=_exact(high.where(has_target)))


def variance(frame: pd.DataFrame) -> pd.Series:
    """Value minus target, signed so that positive is better; inside a goldilocks range 0.

    Needs polarity, value, target_low, target_high. Missing where value or target is.
    """
    below = frame["value"] - frame["target_low"]
    above = frame["target_high"] - frame["value"]
    inside_out = np.minimum(np.minimum(below, above), 0).where(below.notna() & above.notna())
    signed = below.where(frame["polarity"] != "MINIMISE", above)
    return _exact(signed.where(frame["polarity"] != "GOLDILOCKS", inside_out)) + 0.0


def rate(frame: pd.DataFrame) -> pd.Series:
    """Rate each row GREEN, AMBER, RED, NO_VALUE or NO_TARGET.

    Needs polarity, value, target_low, target_high, amber_low, amber_high (``amber_limits``). On target is GREEN,
    on the amber limit is AMBER: figures that differ by binary noise alone are equal.
    """
    value = frame["value"]
    on_target = _at_least(variance(frame), pd.Series(0.0, frame.index))
    low, high = frame["amber_low"], frame["amber_high"]
    tolerated = (low.isna() | _at_least(value, low)) & (high.isna() | _at_least(high, value))
    choices = [value.isna(), frame["target_low"].isna(), on_target, tolerated]
    return pd.Series(np.select(choices, ["NO_VALUE", "NO_TARGET", "GREEN", "AMBER"], "RED"), frame.index, dtype="str")


def _exact(numbers):
    """The number that decimal arithmetic would give: nine decimals are beyond anything published."""
    return numbers.round(9)


def _at_least(left, right):
    return _exact(left) >= _exact(right)
