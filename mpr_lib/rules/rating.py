"""Rating: a value against its target to date, by polarity and tolerance."""

import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from mpr_lib.errors import RuleError
from mpr_lib.rules.figures import Figure, Text, difference, share_of, together

POLARITIES = ("MAXIMISE", "MINIMISE", "GOLDILOCKS", "OUTSIDE", "NONE")
RATINGS = ("GREEN", "AMBER", "RED", "NO_VALUE", "NO_TARGET")
DEFAULT_TOLERANCE = 0.05
"""The share of the target that is still amber where nobody says another."""

Edge = Literal["better", "worse"]


def rating_named(text: str) -> str:
    """The rating that a text begins with, in a word or alone in its letter; empty where it names none or two.

    >>> [rating_named(text) for text in ("Green", "RED - off target", " (a)", "Amber/Green", "A problem", "On track")]
    ['GREEN', 'RED', 'AMBER', '', '', '']
    """
    said = re.findall(r"[A-Z]+", text.upper())
    named = [each for each in RATINGS[:3] if each in said or said == [each[0]]]
    return named[0] if len(named) == 1 and said[0] in (named[0], named[0][0]) else ""


@dataclass(frozen=True)
class RatingRule:
    """How a body rates, and the indicators that it rates so: those that fit every list that is not empty.

    ``tolerance`` is how far on the wrong side of target is still amber, ``green_tolerance`` how far is still green,
    both as a share of the target or in points (the indicator's own unit). ``on_target`` and ``on_limit`` say to which
    colour a value belongs that is exactly on the edge of green or of amber. ``beyond`` is what lies beyond the
    tolerance: red, or by direction, which is amber where the value is the same as a year before or better, else red.
    Raises ``ValueError`` for a rule that makes no sense.
    """

    name: str = ""
    indicator_codes: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    aims: tuple[str, ...] = ()
    tolerance: float | None = None
    green_tolerance: float = 0.0
    tolerance_in: Literal["share", "points"] = "share"
    on_target: Edge = "better"
    on_limit: Edge = "better"
    beyond: Literal["red", "by_direction"] = "red"

    # The settings read their rating_rules as this very class: a key that it does not have is refused.
    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012

    def __post_init__(self):
        if self.green_tolerance < 0 or (self.tolerance or 0) < 0:
            raise ValueError("Expected tolerances of 0 or more")
        if self.tolerance is None and (self.tolerance_in == "points" or self.green_tolerance):
            raise ValueError("Expected a tolerance beside tolerance_in: points or a green_tolerance")
        if self.tolerance is not None and self.green_tolerance > self.tolerance:
            raise ValueError("Expected a green_tolerance that is no wider than the tolerance")
        if self.tolerance_in == "share" and (self.tolerance or 0) > 1:
            raise ValueError("Expected a share of the target such as 0.05 for 5 %, or tolerance_in: points")

    def fits(self, indicators: pd.DataFrame) -> pd.Series:
        """Whether it is for each indicator. Needs indicator_code, unit, section, aim."""
        lists = {"indicator_code": self.indicator_codes, "unit": self.units, "section": self.sections,
                 "aim": self.aims}  # fmt: skip
        holds = pd.Series(True, indicators.index)
        for column, allowed in lists.items():
            holds &= indicators[column].isin(allowed) | (not allowed)
        return holds


NEVER_WRONG = {"amber_low": "MINIMISE", "amber_high": "MAXIMISE"}
"""The polarity that has no wrong side, and so no amber, where each limit lies."""

USUAL = RatingRule()
"""How everything is rated where no rule is for it."""


def rule_of_each(indicators: pd.DataFrame, rules) -> pd.Series:
    """The place in ``rules`` of the first rule that is for each indicator, -1 where none is: the usual one stands."""
    fits = [rule.fits(indicators) for rule in (*rules, USUAL)]
    return pd.Series(np.select(fits, [*range(len(rules)), -1]), indicators.index)


def rate(
    value: Figure,
    target: Figure,
    target_high: Figure = None,
    *,
    polarity: Text,
    tolerance: Figure = DEFAULT_TOLERANCE,
    amber_low: Figure = None,
    amber_high: Figure = None,
    rule: RatingRule = USUAL,
    direction: Text = "",
) -> Any:
    """Rate values against their targets to date: GREEN, AMBER, RED, NO_VALUE or NO_TARGET.

    Everything is one figure or a series of them, and so is what comes back: a text, or a series of texts with the
    index given. Figures are in the indicator's unit, percentages in percentage points. ``target`` is the one figure or
    the lower end of a range, whose upper end is ``target_high``. ``polarity`` is MAXIMISE, MINIMISE, GOLDILOCKS (best
    inside the range), OUTSIDE, or NONE (neither way is better). ``tolerance`` is a share of the target; ``amber_low``
    and ``amber_high`` state in its place where amber ends below and above target. Equal is on target, and the amber
    limit is amber, exactly. No value (None, NaN) is NO_VALUE; no target, and a polarity that is NONE or empty,
    NO_TARGET. ``rule`` is how a body rates otherwise; a tolerance of its own stands in the place of ``tolerance``, and
    by direction it needs ``direction`` (``mpr_lib.direction``).

    Raises ``RuleError`` for another polarity. Source: docs/rules.md, Rating.

    >>> rate(29.2, 33, polarity="MAXIMISE", tolerance=0.15), rate(28.05, 33, polarity="MAXIMISE", tolerance=0.15)
    ('AMBER', 'AMBER')
    >>> rate(40, 38, 48, polarity="GOLDILOCKS"), rate(None, 33, polarity="MAXIMISE"), rate(3, None, polarity="MINIMISE")
    ('GREEN', 'NO_VALUE', 'NO_TARGET')
    >>> rate(pd.Series([95, 89.9]), pd.Series([94, 95]), polarity="MAXIMISE").tolist()
    ['GREEN', 'RED']
    """
    numbers = {"value": value, "target_low": target, "target_high": target_high, "tolerance": tolerance,
               "amber_low": amber_low, "amber_high": amber_high}  # fmt: skip
    frame, given_back = together(numbers, polarity=polarity, direction=direction)
    frame = with_both_ends(known_polarities(frame))
    if rule.tolerance is not None:
        frame = frame.assign(tolerance=np.nan)
    return given_back(_rated(frame.assign(**limits(frame, rule)), rule))


def known_polarities(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame, with polarity. Raises ``RuleError`` for one that is not known; an empty one is."""
    unknown = [each for each in frame["polarity"].unique() if each not in ("", *POLARITIES)]
    if unknown:
        raise RuleError(f"'{unknown[0]}' is no polarity. Expected one of {', '.join(POLARITIES)}.")
    return frame


def known_or_none(polarity: pd.Series) -> pd.Series:
    """The polarities, empty where one is not known: the checks refuse it, and until then nothing is rated by it."""
    return polarity.where(polarity.isin(POLARITIES), "")


def has_better(polarity: pd.Series) -> pd.Series:
    """Whether anything is better than anything else: not where the polarity is NONE or empty."""
    return ~polarity.isin(["NONE", ""])


def with_both_ends(frame: pd.DataFrame, name: str = "target") -> pd.DataFrame:
    """The frame with the other end of a target where only one is given."""
    low, high = frame[f"{name}_low"], frame[f"{name}_high"]
    return frame.assign(**{f"{name}_low": low.fillna(high), f"{name}_high": high.fillna(low)})


def limits(frame: pd.DataFrame, rule: RatingRule = USUAL) -> pd.DataFrame:
    """Where amber and green end on the wrong side(s) of target: amber_low, amber_high, green_low, green_high.

    Needs polarity, target_low, target_high, tolerance (a share of the target; missing: the rule's), and amber_low and
    amber_high where they are stated; a stated limit stays. Missing without a target, and on a side that is never
    wrong.
    """
    own, in_points = frame["tolerance"], rule.tolerance_in == "points"
    ruled = DEFAULT_TOLERANCE if rule.tolerance is None else rule.tolerance
    amber = _ends(frame, own.fillna(ruled), own.isna() & in_points)
    # Without a tolerance the target itself, not rounded: a value that equals it is on target.
    green = {"low": frame["target_low"], "high": frame["target_high"]}
    if rule.green_tolerance:
        green = _ends(frame, pd.Series(rule.green_tolerance, own.index), pd.Series(in_points, own.index))
    has_target = frame["target_low"].notna() & has_better(frame["polarity"])
    found = {}
    for side in ("low", "high"):
        stands = has_target & (frame["polarity"] != NEVER_WRONG[f"amber_{side}"])
        found[f"green_{side}"] = green[side].where(stands)
        found[f"amber_{side}"] = frame[f"amber_{side}"].fillna(amber[side]).where(stands)
    return pd.DataFrame(found)


def beyond_target(frame: pd.DataFrame) -> pd.DataFrame:
    """Whether each stated amber limit lies where amber is, on the wrong side of target or on it; one not stated does.

    Needs polarity, target_low, target_high, amber_low, amber_high; gives amber_low and amber_high. A limit on a side
    that is never wrong, and one without a target or a good direction, has nothing to lie beyond.
    """
    low, high = frame["target_low"], frame["target_high"]
    beyond = {"amber_low": frame["amber_low"] <= low, "amber_high": frame["amber_high"] >= high}
    found = {}
    for limit, idle in NEVER_WRONG.items():
        lies = beyond[limit].where(frame["polarity"] != "OUTSIDE", frame[limit].between(low, high))
        found[limit] = lies | frame[limit].isna() | low.isna() | frame["polarity"].isin([idle, "NONE", ""])
    return pd.DataFrame(found)


def _ends(frame, tolerance, in_points):
    """Where a tolerance ends below the low and above the high end of target; inside it, if outside it is best."""
    inwards = frame["polarity"] == "OUTSIDE"
    ends = {}
    for side in ("low", "high"):
        target = frame[f"target_{side}"]
        reach = share_of(target, tolerance).mask(in_points, tolerance)
        ends[side] = difference(target, reach.where(inwards ^ (side == "low"), -reach))
    return ends


def variance(frame: pd.DataFrame) -> pd.Series:
    """Value minus target, signed so that positive is better; 0 where a range is kept to, or kept out of.

    Needs polarity, value, target_low, target_high. Missing where value or target is, and
    where nothing is better.
    """
    above_low = difference(frame["value"], frame["target_low"])
    below_high = difference(frame["target_high"], frame["value"])
    nearer = np.minimum(above_low, below_high)
    polarity = frame["polarity"]
    signed = above_low.where(polarity != "MINIMISE", below_high)
    signed = signed.where(polarity != "GOLDILOCKS", nearer.clip(upper=0))
    return signed.where(polarity != "OUTSIDE", -nearer.clip(lower=0)).where(has_better(polarity)) + 0.0


def _rated(frame, rule):
    """Each row's rating within its limits. They are exact, so that a value on one is on it."""
    counts = pd.Series(rule.on_target == "better", frame.index)
    a_point = (frame["polarity"] == "GOLDILOCKS") & (frame["green_low"] == frame["green_high"])
    green = _inside(frame, "green", counts | a_point, counts | a_point)
    # Where amber ends with green there is none, and an edge that is not green's is nobody's but red's.
    apart = [frame[f"amber_{side}"] != frame[f"green_{side}"] for side in ("low", "high")]
    amber = _inside(frame, "amber", *(each & (rule.on_limit == "better") for each in apart))
    if rule.beyond == "by_direction":
        amber |= frame["direction"].isin(["BETTER", "SAME"])
    choices = [frame["value"].isna(), frame["target_low"].isna() | ~has_better(frame["polarity"]), green, amber]
    return pd.Series(np.select(choices, ["NO_VALUE", "NO_TARGET", "GREEN", "AMBER"], "RED"), frame.index, dtype="str")


def _inside(frame, colour, low_counts, high_counts):
    """Whether each value lies on the good side of a colour's limits; a limit itself where it counts."""
    value, low, high = frame["value"], frame[f"{colour}_low"], frame[f"{colour}_high"]
    above = low.isna() | (value > low) | (low_counts & (value == low))
    below = high.isna() | (value < high) | (high_counts & (value == high))
    out = (value < low) | (value > high) | (low_counts & (value == low)) | (high_counts & (value == high))
    return (above & below).where(frame["polarity"] != "OUTSIDE", out)
