"""Comparing: a figure beside somebody else's, and a rate beside what it was made from."""

import math
import re

from mpr_lib.rules.values import decimal


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
