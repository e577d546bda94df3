"""Rating rules: how other bodies draw the line between green, amber and red, and which indicators a rule is for."""

from dataclasses import dataclass, fields

import pandas as pd

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
COLUMNS = ["rule_tolerance", "green_tolerance", "tolerance_in", "on_target", "on_limit", "beyond"]
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
    return {name: said[name] for name in COLUMNS}
