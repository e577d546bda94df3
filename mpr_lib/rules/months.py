"""Months, quarters and financial years, and when a figure is due. A month is a ``pandas.Period`` of frequency ``M``."""

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd

from mpr_lib.errors import MonthTextError

_TOKEN = re.compile(r"(?<!\d)(?:20)?1[89](?!\d)")


class YearStart(int):
    """The month in which a financial year starts, 1 to 12, that also knows how its council names the year.

    It stands wherever the number does. ``example`` is the council's name for the year that starts in 2018.

    >>> YearStart(10, "FY2019").label(2026), YearStart(10, "FY2019").read("fy2027"), YearStart(10, "FY2019") == 10
    ('FY2027', 2026, True)
    """

    def __new__(cls, month: int, example: str = ""):
        made = super().__new__(cls, month)
        made.example = " ".join(example.split()) or ("2018" if month == 1 else "2018/19")
        made._check()
        return made

    @classmethod
    def of(cls, month: int) -> "YearStart":
        """A plain month's number as a start of years that are named as usual."""
        return month if isinstance(month, cls) else cls(month)

    def __getnewargs__(self):
        return int(self), self.example

    def label(self, year: int) -> str:
        """The name of the financial year that starts in a year."""
        return _TOKEN.sub(lambda found: str(year + int(found[0]) % 100 - 18)[-len(found[0]) :], self.example)

    def read(self, text: str) -> int | None:
        """The year in which the financial year of that name starts, None if it is no such name."""
        plain = " ".join(text.split()).lower()
        found = re.fullmatch(_TOKEN.sub(lambda part: rf"(\d{{{len(part[0])}}})", self._escaped), plain)
        if not found:
            return None
        year = int(found[1]) % 2000 + 2000 if len(found[1]) == 2 else int(found[1])
        year -= int(self._tokens[0]) % 100 - 18
        return year if self.label(year).lower() == plain else None

    @property
    def names_the_end(self) -> bool:
        """Whether a name gives only the year in which the financial year ends: FY2019 for October 2018."""
        return all(int(token) % 100 == 19 for token in self._tokens)

    @property
    def _tokens(self):
        return _TOKEN.findall(self.example)

    @property
    def _escaped(self):
        return re.escape(self.example.lower()).replace(r"\-", "-")

    def _check(self):
        years = [int(token) % 100 for token in self._tokens]
        left = _TOKEN.sub("", self.example)
        allowed = [[18]] if self == 1 else [[18], [19], [18, 19]]
        if years not in allowed or re.search(r"\d", left):
            like = "2018 or FY18" if self == 1 else "2018/19, 2018-19, 2018 or FY2019"
            raise ValueError(f"Expected what the financial year that starts in 2018 is called, such as {like}")


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


PERIODS = {"MONTHLY": 1, "QUARTERLY": 3, "YEARLY": 12}
"""Months from one due figure to the next."""


def is_due(frame: pd.DataFrame, months: pd.Series, first: int = FIRST_MONTH) -> pd.Series:
    """Whether a figure is due for each month: every one, a quarter's last, or a year's ``due_month``.

    ``frame`` needs frequency; due_month (1 to 12) is optional and else the financial year's last month.
    A frequency that is not known counts as monthly.
    """
    return _months_since(frame, months, first) == 0


def has_come(frame: pd.DataFrame, months: pd.Series, month: pd.Period) -> pd.Series:
    """Whether figures of these months can be there in the reporting month: a quarter's or a year's after their lag.

    ``frame`` needs frequency; allowed_lag is optional.
    """
    ago = month.ordinal - months.astype("int64")
    lag = frame["allowed_lag"].fillna(0) if "allowed_lag" in frame else 0
    return ago >= np.where(_period(frame) > 1, lag, 0)


def last_due(frame: pd.DataFrame, months: pd.Series, first: int = FIRST_MONTH) -> pd.Series:
    """The newest month, not after each month given, for which a figure is due (``is_due``)."""
    return months - _months_since(frame, months, first)


def latest_ages(frame: pd.DataFrame, age: int) -> pd.Series:
    """How many months old the newest figure of each indicator may be, by code.

    ``frame`` needs indicator_code, frequency, allowed_lag. A monthly figure: ``age``, or its allowed lag where that is
    longer. Others: ``age`` beyond the figure that is expected, which may be a whole period and the lag old.
    """
    known = frame.drop_duplicates("indicator_code").set_index("indicator_code")
    period, lag = _period(known), known["allowed_lag"].fillna(0).astype(int)
    return (period - 1 + lag + age).where(period > 1, lag.clip(lower=age))


def _period(frame):
    return frame["frequency"].map(PERIODS).fillna(1).astype(int)


def _months_since(frame, months, first):
    """Months from the last due month to each month."""
    period = _period(frame)
    last = pd.Series((first + 10) % 12 + 1, frame.index, dtype=float)
    if "due_month" in frame:
        last = frame["due_month"].fillna(last).astype(float).where(period == 12, last)
    return pd.Series(np.mod(months.dt.month - last.to_numpy(), period.to_numpy()), months.index).astype(int)
