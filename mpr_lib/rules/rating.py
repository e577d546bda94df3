"""Rating: a value against its target to date, by polarity and tolerance."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from mpr_lib.rules.values import difference, share_of, sum_of

SHARE, POINTS = "share", "points"
BETTER, WORSE = "better", "worse"
RED, BY_DIRECTION = "red", "by_direction"


@dataclass(frozen=True)
class RatingRule:
    """One rule, and the indicators that it is for: those that fit every list that is not empty; all, where all are.

    ``tolerance`` is how far on the wrong side of target is still amber, ``green_tolerance`` how far is still green,
    both as a share of the target or in points (the indicator's own unit). ``on_target`` and ``on_limit`` say to which
    colour a value belongs that is exactly on the edge of green or of amber. ``beyond`` is what lies beyond the
    tolerance: red, or by direction, which is amber where the value is the same as a year before or better, else red.
    """

    name: str = ""
    indicator_codes: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    aims: tuple[str, ...] = ()
    tolerance: float | None = None
    green_tolerance: float = 0.0
    tolerance_in: str = SHARE
    on_target: str = BETTER
    on_limit: str = BETTER
    beyond: str = RED


DEFAULT = RatingRule()
RULE_COLUMNS = ["rule_tolerance", "green_tolerance", "tolerance_in", "on_target", "on_limit", "beyond"]
_CLASSES = {"indicator_codes": "indicator_code", "units": "unit", "sections": "section", "aims": "aim"}


def fits(rule: RatingRule, indicators: pd.DataFrame) -> pd.Series:
    """Whether a rule is for each indicator. Needs indicator_code, unit, section, aim."""
    holds = pd.Series(True, indicators.index)
    for classes, column in _CLASSES.items():
        if getattr(rule, classes):
            holds &= indicators[column].isin(getattr(rule, classes))
    return holds


def rule_of_each(indicators: pd.DataFrame, rules) -> pd.Series:
    """The place in ``rules`` of the first rule that is for each indicator, -1 where none is: the default stands."""
    found = pd.Series(-1, indicators.index)
    for place in reversed(range(len(rules))):
        found = found.mask(fits(rules[place], indicators), place)
    return found


def with_rules(frame: pd.DataFrame, indicators: pd.DataFrame, rules) -> pd.DataFrame:
    """Add ``COLUMNS``, what each row's rule says, to a frame with indicator_code."""
    known = indicators.drop_duplicates("indicator_code")
    places = rule_of_each(known, rules).set_axis(known["indicator_code"])
    said = pd.DataFrame([_as_row(rule) for rule in (*rules, DEFAULT)])
    # The place -1 is the last row, which is the default.
    rows = said.iloc[places.reindex(frame["indicator_code"], fill_value=-1)].set_axis(frame.index)
    return pd.concat([frame, rows], axis=1)


def _as_row(rule):
    said = {each.name: getattr(rule, each.name) for each in fields(rule)}
    said["rule_tolerance"] = float("nan") if rule.tolerance is None else rule.tolerance
    return {name: said[name] for name in RULE_COLUMNS}


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
    if set(RULE_COLUMNS) <= set(frame.columns):
        return frame
    nobody = pd.DataFrame(columns=["indicator_code", "unit", "section", "aim"])
    plain = with_rules(pd.DataFrame({"indicator_code": ""}, frame.index), nobody, ())
    return pd.concat([frame, plain[RULE_COLUMNS]], axis=1)


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
