"""Indicator codes are text: CP 3.10 is not CP 3.1, and stands after CP 3.9."""

import re
from functools import lru_cache


@lru_cache(10_000)
def natural_key(code: str) -> tuple:
    """A sort key that compares the numbers inside codes as numbers.

    >>> sorted(["CP 3.10", "CP 3.9", "CP 3.1"], key=natural_key)
    ['CP 3.1', 'CP 3.9', 'CP 3.10']
    """
    parts = re.split(r"(\d+)", str(code).strip().lower())
    return tuple((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts if part)


def in_natural_order(frame):
    """A frame's rows in the natural order of its indicator_code, those of one indicator as they are."""
    order = {code: place for place, code in enumerate(sorted(frame["indicator_code"].unique(), key=natural_key))}
    return frame.sort_values("indicator_code", key=lambda codes: codes.map(order), kind="stable", ignore_index=True)


def slug(code: str) -> str:
    """The code as a file name and an anchor: lower case, every other character a hyphen.

    >>> slug("CP 5.4")
    'cp-5-4'
    """
    return re.sub(r"[^a-z0-9]", "-", str(code).lower())
