"""Rating: a value against its target to date, by polarity and tolerance."""

import operator

import numpy as np
import pandas as pd

from mpr_lib.rules.exact import exactly

POLARITIES = ("MAXIMISE", "MINIMISE", "GOLDILOCKS")
RATINGS = ("GREEN", "AMBER", "RED", "NO_VALUE", "NO_TARGET")
DEFAULT_TOLERANCE = 0.05


def amber_limits(frame: pd.DataFrame, default_tolerance: float = DEFAULT_TOLERANCE) -> pd.DataFrame:
    """Fill amber_low and amber_high: the value at which amber ends, on the wrong side(s) of target.

    Needs polarity, target_low, target_high, tolerance (a share of the target, missing: the default), and
    amber_low, amber_high where they are stated; a stated limit stays. Missing without a target.
    """
    share = frame["tolerance"].fillna(default_tolerance)
    below = exactly(lambda target, part: target - part * abs(target), frame["target_low"], share)
    above = exactly(lambda target, part: target + part * abs(target), frame["target_high"], share)
    low = frame["amber_low"].fillna(below).where(frame["polarity"] != "MINIMISE")
    high = frame["amber_high"].fillna(above).where(frame["polarity"] != "MAXIMISE")
    has_target = frame["target_low"].notna()
    return frame.assign(amber_low=low.where(has_target), amber_high=high.where(has_target))


def variance(frame: pd.DataFrame) -> pd.Series:
    """Value minus target, signed so that positive is better; inside a goldilocks range 0.

    Needs polarity, value, target_low, target_high. Missing where value or target is.
    """
    below = exactly(operator.sub, frame["value"], frame["target_low"])
    above = exactly(operator.sub, frame["target_high"], frame["value"])
    inside_out = np.minimum(np.minimum(below, above), 0).where(below.notna() & above.notna())
    signed = below.where(frame["polarity"] != "MINIMISE", above)
    return signed.where(frame["polarity"] != "GOLDILOCKS", inside_out) + 0.0


def rate(frame: pd.DataFrame) -> pd.Series:
    """Rate each row GREEN, AMBER, RED, NO_VALUE or NO_TARGET.

    Needs polarity, value, target_low, target_high, amber_low, amber_high (``amber_limits``). On target is GREEN,
    on the amber limit is AMBER: the limits are exact, so that a value on one is on it.
    """
    value = frame["value"]
    on_target = variance(frame) >= 0
    low, high = frame["amber_low"], frame["amber_high"]
    tolerated = (low.isna() | (value >= low)) & (high.isna() | (value <= high))
    choices = [value.isna(), frame["target_low"].isna(), on_target, tolerated]
    return pd.Series(np.select(choices, ["NO_VALUE", "NO_TARGET", "GREEN", "AMBER"], "RED"), frame.index, dtype="str")
