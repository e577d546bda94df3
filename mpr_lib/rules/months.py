"""Months, quarters and financial years. A month is a ``pandas.Period`` of frequency ``M``."""

import re
from datetime import date, timedelta

import pandas as pd

from mpr_lib.errors import MonthTextError
from mpr_lib.rules.year_start import YearStart

FIRST_MONTH = 4
"""The financial year's first month where a council says nothing else: April."""

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = ("january", "february", "march", "april", "may", "june", "july", "august")
_FULL += ("september", "october", "november", "december")
_EXPECTED = "Expected a month such as 2018-05, May 2018 or May-18."
_EXCEL_EPOCH = date(1899, 12, 30)


def read_month(text) -> pd.Period:
    """Read the month that a text names: ``2018-05``, ``May 2018``, ``May-18``, a date (day first) or Excel serial.

    Raises ``MonthTextError`` on anything else, a quarter or a year included.

    >>> str(read_month("May-18")), str(read_month("01/02/2016")), str(read_month("43191"))
    ('2018-05', '2016-02', '2018-04')
    """
    plain = re.sub(r"\s+", " ", str(text).replace("\u00a0", " ")).strip()
    for reader in (_iso, _named, _day_first, _serial):
        found = reader(plain)
        if found:
            return pd.Period(found, freq="M")
    raise MonthTextError(f"cannot read '{text}' as a month. {_EXPECTED}")


def month_label(month: pd.Period) -> str:
    """The month for people, in English whatever the machine's locale.

    >>> month_label(pd.Period("2018-05"))
    'May 2018'
    """
    return f"{_FULL[month.month - 1].capitalize()} {month.year}"


def month_number(month, first: int = FIRST_MONTH):
    """Place of a month, or of each month of a series, in its financial year: 1 for the first.

    >>> month_number(pd.Period("2018-04")), month_number(pd.Period("2019-03"))
    (1, 12)
    """
    place = month.dt.month if hasattr(month, "dt") else month.month
    return (place - first) % 12 + 1


def financial_year(month, first: int = FIRST_MONTH):
    """The financial year that a month, or each month of a series, lies in, named by the year it starts in.

    >>> financial_year(pd.Period("2018-03")), financial_year(pd.Period("2018-04"))
    (2017, 2018)
    """
    if hasattr(month, "dt"):
        return month.dt.year - (month.dt.month < first).astype(int)
    return month.year - int(month.month < first)


def year_label(year: int, first: int = FIRST_MONTH) -> str:
    """A financial year as printed: 2018/19, the year alone when it starts in January, or as ``first`` names it.

    >>> year_label(2018), year_label(1999), year_label(2018, first=1)
    ('2018/19', '1999/00', '2018')
    """
    return YearStart.of(first).label(year)


def year_months(year: int, first: int = FIRST_MONTH) -> pd.PeriodIndex:
    """The twelve months of a financial year."""
    return pd.period_range(pd.Period(year=year, month=first, freq="M"), periods=12)


def _iso(text):
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?)?", text)
    return found and _date(found[1], found[2], found[3])


def _named(text):
    found = re.fullmatch(r"(\d{1,2}[ -])?([A-Za-z]{3,9})\.?([ -]\d{1,2}(?= \d{4}$))?[ ,'-]+(\d{4}|\d{2})", text)
    name = found[2].lower() if found else ""
    if name in _FULL or name in (*_NAMES, "sept"):
        return _date(found[4], _NAMES.index(name[:3]) + 1, (found[1] or found[3] or "1").strip(" -"))
    return None


def _day_first(text):
    found = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?: \d{2}:\d{2}(?::\d{2})?)?", text)
    return found and _date(found[3], found[2], found[1])


def _serial(text):
    found = re.fullmatch(r"([2-7]\d{4})(?:\.0+)?", text)
    return found and _EXCEL_EPOCH + timedelta(days=int(found[1]))


def _date(year, month, day=None):
    """The date, or None where the calendar has no such day or the year is no report's."""
    year = f"20{year}" if len(year) == 2 else year
    try:
        return date(int(year), int(month), int(day or 1)) if "1900" <= year < "2200" else None
    except ValueError:
        return None
