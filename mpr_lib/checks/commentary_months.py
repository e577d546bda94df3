"""Commentary months: which months a comment names, and how."""

import re
from dataclasses import dataclass

import pandas as pd

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<name>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
)
NAMED = re.compile(
    rf"(?P<day>\b\d{{1,2}}(?:st|nd|rd|th)?\s+)?\b{_NAME}(?=s?\b)"
    r"(?:[\s'’,-]+(?P<year>\d{4}|\d{2})(?![\d%]|[.,]\d))?"
)
NUMERIC = re.compile(r"\b(?P<day>\d{1,2})[/.](?P<number>\d{1,2})[/.](?P<year>\d{4}|\d{2})\b")
_AS_AT = re.compile(r"\bas (?:of|at|on)(?: the)?(?: end of)?\s*$", re.IGNORECASE)
_LABEL = re.compile(r"(?:['’]?s)?\s+comment(?:ary)?\b|\s*:", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:from|than|since|compared (?:with|to)|versus|on)\s+(?:the )?(?:end of )?$", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|until|before)\s+(?:the )?(?:end of )?$", re.IGNORECASE)
AHEAD = 5
"""A month without a year is one of these next months, or one of the six before; by March is always to come."""


@dataclass(frozen=True)
class NamedMonth:
    """A month that a text names: where, how it is written, and whether the text is said to be of that month."""

    month: pd.Period
    start: int
    quote: str
    as_at: bool
    label: bool
    compared: bool


def named_months(text: str, reporting_month: pd.Period) -> list[NamedMonth]:
    """The months that a text names, in its order.

    >>> [str(each.month) for each in named_months("Down from March, as of the 31/12/17", pd.Period("2018-05"))]
    ['2018-03', '2017-12']
    """
    found = [_named(text, match, reporting_month) for pattern in (NAMED, NUMERIC) for match in pattern.finditer(text)]
    return sorted((each for each in found if each), key=lambda each: each.start)


def _named(text, match, reporting_month):
    parts = match.groupdict()
    number = _NAMES.index(parts["name"][:3].lower()) + 1 if parts.get("name") else int(parts["number"])
    if not 1 <= number <= 12 or (parts.get("name") == "May" and _is_verb(text, match)):
        return None
    before, after = text[: match.start()], text[match.end() :]
    starts = not before.strip() or before.rstrip(" ").endswith("\n")
    label = bool(starts and _LABEL.match(after))
    return NamedMonth(
        _month(number, parts["year"], reporting_month, 11 if _BY.search(before) else AHEAD),
        match.start(), match[0].strip(),
        bool(_AS_AT.search(before)), label, bool(_COMPARED.search(before)),
    )  # fmt: skip


def _is_verb(text, match):
    """May at the start of a sentence, without day or year, is hardly the month."""
    starts = re.search(r"(?:^|[.!?]\s+|\n)$", text[: match.start()])
    return bool(starts) and not match["day"] and not match["year"]


def _month(number, year, reporting_month, ahead_at_most):
    if year:
        return pd.Period(year=int(year) + (2000 if len(year) == 2 else 0), month=number, freq="M")
    ahead = (number - reporting_month.month) % 12
    return reporting_month + (ahead if ahead <= ahead_at_most else ahead - 12)
