"""Texts: one text for each value, the same on every machine, and none that a spreadsheet would calculate."""

import re
from decimal import Decimal

import pandas as pd

_FORMULA = re.compile(r"[=+@＝＋＠－\t\r-]")
_HARMLESS = re.compile(r"[+-]|[+-]?[\d,]*\.?\d+ ?%?")


def open_text(value) -> str:
    """A value as open data has it: numbers as short as they are exact, months YYYY-MM, missing empty.

    >>> [open_text(value) for value in (733333.0, 0.51, True, pd.Period("2018-05"), float("nan"), pd.NaT)]
    ['733333', '0.51', 'true', '2018-05', '', '']
    """
    if isinstance(value, str):
        return inert(value.replace("\r\n", "\n"))
    if pd.isna(value):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, pd.Period):
        return str(value)
    return _shortest(value)


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that could begin one gets a space before it.

    A sign alone and a plain number stay as they are. Nothing else in the data begins with a space, so taking leading
    spaces away gives back what was typed (docs/decisions/open-data.md).

    >>> [inert(text) for text in ("=1+1", "- a list", "-", "-0.4%", "@home", "83%")]
    [' =1+1', ' - a list', '-', '-0.4%', ' @home', '83%']
    """
    return f" {text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def _shortest(number) -> str:
    exact = Decimal(repr(float(number)))
    return format(exact.normalize(), "f") if exact else "0"
