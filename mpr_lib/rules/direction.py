"""Direction: better or worse than the same month last year, by polarity."""

import numpy as np
import pandas as pd

from mpr_lib.rules.values import difference

DIRECTIONS = ("BETTER", "SAME", "WORSE", "NOT_AVAILABLE")


def direction(frame: pd.DataFrame) -> pd.Series:
    """Compare each row's value with the same month's of the year before.

    Needs polarity, value, target_low, target_high, last_year_value, last_year_target_low,
    last_year_target_high, latest_month, definition_break. Goldilocks compares the distance to each year's own
    range; equal is SAME; a missing figure or a new definition in between is NOT_AVAILABLE.
    """
    now, then = frame["value"], frame["last_year_value"]
    gain = (now - then).where(frame["polarity"] != "MINIMISE", then - now)
    distance_now = _distance(now, frame["target_low"], frame["target_high"])
    distance_then = _distance(then, frame["last_year_target_low"], frame["last_year_target_high"])
    gain = gain.where(frame["polarity"] != "GOLDILOCKS", distance_then - distance_now)
    depth_now = _depth(now, frame["target_low"], frame["target_high"])
    depth_then = _depth(then, frame["last_year_target_low"], frame["last_year_target_high"])
    gain = gain.where(frame["polarity"] != "OUTSIDE", depth_then - depth_now)
    broken = frame["definition_break"].notna() & (frame["definition_break"] <= frame["latest_month"])
    broken &= frame["definition_break"] > frame["latest_month"] - 12
    choices = [gain.isna() | broken, gain > 0, gain < 0]
    return pd.Series(np.select(choices, ["NOT_AVAILABLE", "BETTER", "WORSE"], "SAME"), frame.index, dtype="str")


def _distance(value, low, high):
    """How far a value lies outside its range: 0 inside, missing without a range."""
    below, above = difference(low, value), difference(value, high)
    return np.maximum(below, above).clip(lower=0)


def _depth(value, low, high):
    """How far a value lies inside a range that it should stay out of: 0 outside, missing without a range."""
    return np.minimum(difference(value, low), difference(high, value)).clip(lower=0)
