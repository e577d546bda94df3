"""Rating: a value against its target to date, by polarity and tolerance."""

import numpy as np
import pandas as pd

from mpr_lib.rules.exact import difference, share_of, sum_of
from mpr_lib.rules.rating_rules import BETTER, BY_DIRECTION, COLUMNS, POINTS, with_rules

POLARITIES = ("MAXIMISE", "MINIMISE", "GOLDILOCKS", "OUTSIDE")
RATINGS = ("GREEN", "AMBER", "RED", "NO_VALUE", "NO_TARGET")
DEFAULT_TOLERANCE = 0.05


def amber_limits(frame: pd.DataFrame, default_tolerance: float = DEFAULT_TOLERANCE) -> pd.DataFrame:
    """Fill amber_low and amber_high, the value at which amber ends on the wrong side(s) of target, and green_low and
    green_high, where green ends: the target, unless a rule says otherwise.

    Needs polarity, target_low, target_high, tolerance (a share of the target, missing: the rule's, else the default),
    and amber_low, amber_high where they are stated; a stated limit stays. ``rating_rules.COLUMNS`` may be there.
    Missing without a target, and on a side that is never wrong.
    """
    frame = _ruled(frame)
    own, ruled = frame["tolerance"], frame["rule_tolerance"]
    points = (frame["tolerance_in"] == POINTS) & own.isna() & ruled.notna()
    share = own.fillna(ruled).fillna(default_tolerance)
    amber = _ends(frame, share, points)
    green = _ends(frame, frame["green_tolerance"], frame["tolerance_in"] == POINTS)
    has_target = frame["target_low"].notna()
    limits = {}
    for place, (side, idle) in enumerate((("low", "MINIMISE"), ("high", "MAXIMISE"))):
        stands = has_target & (frame["polarity"] != idle)
        limits[f"green_{side}"] = green[place].where(stands)
        limits[f"amber_{side}"] = frame[f"amber_{side}"].fillna(amber[place]).where(stands)
    return frame.assign(**limits)


def _ends(frame, tolerance, in_points):
    """Where a tolerance ends below the low and above the high end of target; inside it, if outside it is best."""
    ends = []
    for side, sign in (("low", -1.0), ("high", 1.0)):
        target = frame[f"target_{side}"]
        reach = share_of(target, tolerance).mask(in_points, tolerance)
        ends.append(sum_of(target, (reach * sign).where(frame["polarity"] != "OUTSIDE", reach * -sign)))
    return ends


def _ruled(frame):
    """The frame with the rules' columns: those of the default rule where it has none."""
    if set(COLUMNS) <= set(frame.columns):
        return frame
    nobody = pd.DataFrame(columns=["indicator_code", "unit", "section", "aim"])
    plain = with_rules(pd.DataFrame({"indicator_code": ""}, frame.index), nobody, ())
    return pd.concat([frame, plain[COLUMNS]], axis=1)


def variance(frame: pd.DataFrame) -> pd.Series:
    """Value minus target, signed so that positive is better; 0 where a range is kept to, or kept out of.

    Needs polarity, value, target_low, target_high. Missing where value or target is.
    """
    above_low = difference(frame["value"], frame["target_low"])
    below_high = difference(frame["target_high"], frame["value"])
    nearer = np.minimum(above_low, below_high).where(above_low.notna() & below_high.notna())
    polarity = frame["polarity"]
    signed = above_low.where(polarity != "MINIMISE", below_high)
    signed = signed.where(polarity != "GOLDILOCKS", nearer.clip(upper=0))
    return signed.where(polarity != "OUTSIDE", -nearer.clip(lower=0)) + 0.0


def rate(frame: pd.DataFrame) -> pd.Series:
    """Rate each row GREEN, AMBER, RED, NO_VALUE or NO_TARGET.

    Needs polarity, value, target_low and what ``amber_limits`` adds; direction, where a rule rates by it. On target is
    GREEN and on the amber limit AMBER, unless the rule gives the edge to the worse colour. The limits are exact, so
    that a value on one is on it.
    """
    frame = _ruled(frame)
    edge_is_green = frame["on_target"] == BETTER
    a_point = (frame["polarity"] == "GOLDILOCKS") & (frame["green_low"] == frame["green_high"])
    green = _inside(frame, "green", edge_is_green | a_point, edge_is_green | a_point)
    on_limit = frame["on_limit"] == BETTER
    # Where amber ends with green there is none, and an edge that is not green's is nobody's but red's.
    reaches = [on_limit & (frame[f"amber_{side}"] != frame[f"green_{side}"]) for side in ("low", "high")]
    amber = _inside(frame, "amber", *reaches)
    if (frame["beyond"] == BY_DIRECTION).any():
        amber |= (frame["beyond"] == BY_DIRECTION) & frame["direction"].isin(["BETTER", "SAME"])
    choices = [frame["value"].isna(), frame["target_low"].isna(), green, amber]
    return pd.Series(np.select(choices, ["NO_VALUE", "NO_TARGET", "GREEN", "AMBER"], "RED"), frame.index, dtype="str")


def _inside(frame, colour, low_counts, high_counts):
    """Whether each value lies on the good side of a colour's limits; a limit itself where it counts."""
    value, low, high = frame["value"], frame[f"{colour}_low"], frame[f"{colour}_high"]
    above = low.isna() | (value > low) | (low_counts & (value == low))
    below = high.isna() | (value < high) | (high_counts & (value == high))
    out = (value < low) | (value > high) | (low_counts & (value == low)) | (high_counts & (value == high))
    return (above & below).where(frame["polarity"] != "OUTSIDE", out)
