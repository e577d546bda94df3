"""Comparing: a figure beside its own of a year before, beside somebody else's, and beside what it was made from."""

import math
import re
from typing import Any

import numpy as np
import pandas as pd

from mpr_lib.rules.figures import Figure, Text, decimal, together
from mpr_lib.rules.rating import known_or_none, known_polarities, variance, with_both_ends

DIRECTIONS = ("BETTER", "SAME", "WORSE", "NOT_AVAILABLE")


def direction(
    value: Figure,
    last_year: Figure,
    *,
    polarity: Text,
    target: Figure = None,
    target_high: Figure = None,
    last_year_target: Figure = None,
    last_year_target_high: Figure = None,
) -> Any:
    """Whether values are BETTER, the SAME or WORSE than those of the same month of the year before, or NOT_AVAILABLE.

    Everything is one figure or a series of them, and so is what comes back: a text, or a series of texts with the
    index given. Figures are in the indicator's unit. Targets (the one figure, or both ends of a range) are needed where
    the polarity is GOLDILOCKS, which compares the distances to each year's own target, or OUTSIDE, which compares how
    far each lies inside what it should stay out of. Equal is SAME. Any figure missing (None, NaN) that is needed, or an
    empty polarity, is NOT_AVAILABLE: leave last year's out where a new definition began in between.

    Raises ``RuleError`` for another polarity. Source: docs/rules.md, Direction.

    >>> direction(83, 63.4, polarity="MAXIMISE"), direction(1.19, 1.08, polarity="MINIMISE")
    ('BETTER', 'WORSE')
    >>> direction(50, 53, polarity="GOLDILOCKS", target=38, target_high=48, last_year_target=50)
    'BETTER'
    """
    numbers = {
        "value": value, "target_low": target, "target_high": target_high, "last_year_value": last_year,
        "last_year_target_low": last_year_target, "last_year_target_high": last_year_target_high,
    }  # fmt: skip
    frame, given_back = together(numbers, polarity=polarity)
    frame = with_both_ends(with_both_ends(known_polarities(frame)), "last_year_target")
    then = {name: frame[f"last_year_{name}"] for name in ("value", "target_low", "target_high")}
    more, nearer = frame["value"] - then["value"], variance(frame) - variance(frame.assign(**then))
    polarity = frame["polarity"]
    gain = nearer.mask(polarity == "MAXIMISE", more).mask(polarity == "MINIMISE", -more).mask(polarity == "")
    found = np.select([gain.isna(), gain > 0, gain < 0], ["NOT_AVAILABLE", "BETTER", "WORSE"], "SAME")
    return given_back(pd.Series(found, frame.index, dtype="str"))


def than_last_year(frame: pd.DataFrame) -> pd.Series:
    """The direction of each row of a frame. A new definition in between makes it NOT_AVAILABLE.

    Needs polarity, value, target_low, target_high, last_year_value, last_year_target_low, last_year_target_high,
    latest_month, definition_break.
    """
    new = frame["definition_break"]
    broken = new.notna() & (new <= frame["latest_month"]) & (new > frame["latest_month"] - 12)
    return direction(
        frame["value"], frame["last_year_value"].mask(broken), polarity=known_or_none(frame["polarity"]),
        target=frame["target_low"], target_high=frame["target_high"],
        last_year_target=frame["last_year_target_low"], last_year_target_high=frame["last_year_target_high"],
    )  # fmt: skip


_FAR, _FAR_FOR_A_SHARE = 50, 30
"""How many times as large a figure is that lies about a hundredfold from another. A share of 1 may beside that be well
off a target in per cent: 1 beside 32 %."""


def may_be_share(number: Any, unit_found: Any, unit: Any) -> Any:
    """Whether the number of a percentage may be a share of 1: it carries no % and is not above 1, and not 0.

    One figure, or series of them.

    >>> may_be_share(0.95, "", "%"), may_be_share(0.95, "%", "%"), may_be_share(0.95, "", "days")
    (True, False, False)
    """
    return (unit == "%") & (unit_found == "") & (abs(number) <= 1) & (number != 0)


def are_far_apart(one: pd.Series, other: pd.Series, unit: pd.Series) -> pd.Series:
    """Whether two figures differ about a hundredfold or more, row by row; not where either is 0 or missing.

    >>> are_far_apart(pd.Series([0.95, 1.1, 0]), pd.Series([94.0, 119, 94]), pd.Series(["%", "days", "%"])).tolist()
    [True, True, False]
    """
    larger, smaller = np.maximum(one.abs(), other.abs()), np.minimum(one.abs(), other.abs())
    return (smaller > 0) & (larger > smaller * np.where(unit == "%", _FAR_FOR_A_SHARE, _FAR))


def rate_multiplier(unit: str) -> int:
    """What numerator over denominator is multiplied by to give a figure in a unit.

    >>> rate_multiplier("%"), rate_multiplier("per 10,000 children"), rate_multiplier("days")
    (100, 10000, 1)
    """
    if unit == "%":
        return 100
    found = re.match(r"per ([\d,]+)", unit)
    return int(found[1].replace(",", "")) if found and found[1].strip(",") else 1


def follows_from_parts(value: float, numerator: float, denominator: float, unit: str, decimals: int) -> bool:
    """Whether a figure is numerator over denominator, times what its unit says, to the decimals that it is given with.

    The last place may be one off: some round half up, some down. True where anything is missing, False for a
    denominator of 0.
    """
    if any(math.isnan(number) for number in (value, numerator, denominator)):
        return True
    if denominator == 0:
        return False
    made = decimal(numerator) / decimal(denominator) * rate_multiplier(unit)
    return abs(made - decimal(value)) < decimal(1).scaleb(-decimals)


def decimals_of(text: str) -> int:
    """How many decimals a figure was received with.

    >>> decimals_of("1,544"), decimals_of("61.50%")
    (0, 2)
    """
    found = re.search(r"\.(\d+)", text)
    return len(found[1]) if found else 0


def compared(polarity: str, value: float, theirs: float) -> str:
    """BETTER, SAME or WORSE than somebody else's figure; BETWEEN where neither is better; empty if one is missing.

    >>> compared("MINIMISE", 11.8, 12.7), compared("GOLDILOCKS", 4, 5)
    ('BETTER', 'BETWEEN')
    """
    if math.isnan(value) or math.isnan(theirs):
        return ""
    if value == theirs:
        return "SAME"
    if polarity not in ("MAXIMISE", "MINIMISE"):
        return "BETWEEN"
    return "BETTER" if (value > theirs) == (polarity == "MAXIMISE") else "WORSE"
