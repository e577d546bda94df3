"""Figures: what one cell gives to a return, or why it gives nothing."""

import re
from dataclasses import dataclass

import pandas as pd

from mpr_lib.errors import ValueTextError
from mpr_lib.rules.months import month_label
from mpr_lib.rules.values import ValueRead

_UNKEEPABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it was understood. ``read`` is what its text says, ``remark`` what to know about it."""

    indicator_code: str
    month: pd.Period
    text: str
    note: str
    where: str
    read: ValueRead
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """A row or cell that gives no figure. ``refused`` ones keep everything from being written."""

    where: str
    reason: str
    refused: bool
    indicator_code: str = ""
    month: pd.Period | None = None
    found: str = ""


def judged(figure: Figure, unit: str, received: pd.Period) -> Figure | Passed:
    """The figure, or why this return cannot take it: nothing said, a later month, what may be a share of 1."""
    code, month, read = figure.indicator_code, figure.month, figure.read
    reason, refused = "", True
    if not figure.text and not figure.note:
        reason, refused = "has no figure.", False
    elif month > received:
        refused = read.number is not None
        reason = (
            f"is for {month_label(month)}, after the return's month. Expected a month up to {month_label(received)}."
        )
    elif unit == "%" and not read.unit and read.number and abs(read.number) <= 1:
        share = re.sub(r"(?i)proxy", "", figure.text).strip()
        reason = (
            f"'{figure.text}' is for a percentage and may be a share of 1. Expected '{share}%', or "
            "the hundredfold with % if that is meant."
        )
    return Passed(figure.where, reason, refused, code, month, figure.text) if reason else figure


def check_characters(text: str) -> str:
    """The text, if a text file can keep it. Raises ``ValueTextError`` for control characters and the like."""
    found = _UNKEEPABLE.search(text)
    if found:
        raise ValueTextError(f"holds a character that cannot be kept (U+{ord(found[0]):04X}). Type the text again.")
    return text
