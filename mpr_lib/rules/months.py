"""Months, quarters and financial years, and when a figure is due. A month is a ``pandas.Period`` of frequency ``M``."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from mpr_lib.errors import MonthTextError, RuleError, unseen

_TOKEN = re.compile(r"(?<!\d)(?:20)?1[89](?!\d)")


@dataclass(frozen=True)
class FinancialYears:
    """How a council's financial years run: the month in which each starts, 1 to 12, and what it is called.

    A year is a number, the calendar year in which it starts; a month is a ``pandas.Period`` of frequency ``M``.
    ``named`` is the council's name for the year that starts in 2018, and every other year is named like it: 2018/19
    where nothing is said, or 2018 when years start in January. Raises ``ValueError`` for what names no year.

    >>> years = FinancialYears(10, "FY2019")
    >>> years.label(2026), years.read("fy2027"), years.of(pd.Period("2018-09"))
    ('FY2027', 2026, 2017)
    """

    starts: int = 4
    named: str = ""

    def __post_init__(self):
        if self.starts not in range(1, 13):
            raise RuleError(f"year_starts: found {self.starts}. Expected a calendar month, 1 to 12.")
        usual = "2018" if self.starts == 1 else "2018/19"
        object.__setattr__(self, "named", " ".join(self.named.split()) or usual)
        allowed = [[18]] if self.starts == 1 else [[18], [19], [18, 19]]
        if self._tokens not in allowed or re.search(r"\d", _TOKEN.sub("", self.named)):
            like = "2018 or FY18" if self.starts == 1 else "2018/19, 2018-19, 2018 or FY2019"
            raise ValueError(f"Expected what the financial year that starts in 2018 is called, such as {like}")

    def of(self, month):
        """The financial year that a month, or each month of a series, lies in.

        >>> FROM_APRIL.of(pd.Period("2018-03")), FROM_APRIL.of(pd.Period("2018-04"))
        (2017, 2018)
        """
        parts = getattr(month, "dt", month)
        return parts.year - (parts.month < self.starts)

    def month_number(self, month):
        """Place of a month, or of each month of a series, in its financial year: 1 for the first.

        >>> FROM_APRIL.month_number(pd.Period("2018-04")), FROM_APRIL.month_number(pd.Period("2019-03"))
        (1, 12)
        """
        return (getattr(month, "dt", month).month - self.starts) % 12 + 1

    def quarter(self, month):
        """The quarter of its financial year that a month, or each month of a series, lies in: 1 to 4."""
        return (self.month_number(month) + 2) // 3

    def months(self, year: int) -> pd.PeriodIndex:
        """The twelve months of a financial year."""
        return pd.period_range(pd.Period(year=year, month=self.starts, freq="M"), periods=12)

    @property
    def last(self) -> int:
        """The calendar month in which each ends, 1 to 12."""
        return (self.starts + 10) % 12 + 1

    def label(self, year: int) -> str:
        """A financial year as printed.

        >>> FROM_APRIL.label(2018), FROM_APRIL.label(1999), FinancialYears(1).label(2018)
        ('2018/19', '1999/00', '2018')
        """
        return _TOKEN.sub(lambda found: str(year + int(found[0]) % 100 - 18)[-len(found[0]) :], self.named)

    def read(self, text: str) -> int | None:
        """The financial year of that name, None if it is no such name."""
        plain = " ".join(text.split()).lower()
        escaped = re.escape(self.named.lower()).replace(r"\-", "-")
        found = re.fullmatch(_TOKEN.sub(lambda part: rf"(\d{{{len(part[0])}}})", escaped), plain)
        if not found:
            return None
        year = int(found[1]) % 2000 + 2000 if len(found[1]) == 2 else int(found[1])
        year -= self._tokens[0] - 18
        return year if self.label(year).lower() == plain else None

    @property
    def names_the_end(self) -> bool:
        """Whether a name gives only the year in which the financial year ends: FY2019 for October 2018."""
        return self._tokens == [19]

    @property
    def _tokens(self):
        return [int(token) % 100 for token in _TOKEN.findall(self.named)]


FROM_APRIL = FinancialYears()
"""The financial years of a council that says nothing else."""

MONTH_NAMES: tuple[str, ...] = ("january", "february", "march", "april", "may", "june", "july", "august")
MONTH_NAMES += ("september", "october", "november", "december")
_NAMES = tuple(name[:3] for name in MONTH_NAMES)
_EXPECTED = "Expected a month such as 2018-05, May 2018 or May-18."
_EXCEL_EPOCH = date(1899, 12, 30)


def read_month(text) -> pd.Period:
    """Read the month that a text names: ``2018-05``, ``May 2018``, ``May-18``, a date (day first) or Excel serial.

    Raises ``MonthTextError`` on anything else, a quarter or a year included.

    >>> str(read_month("May-18")), str(read_month("01/02/2016")), str(read_month("43191"))
    ('2018-05', '2016-02', '2018-04')
    """
    return pd.Period(read_date(text), freq="M")


def read_date(text) -> date:
    """Read the day that a text names, in the forms of ``read_month``: the first where it names a month alone.

    >>> str(read_date("18 April 2018")), str(read_date("Apr-18"))
    ('2018-04-18', '2018-04-01')
    """
    plain = re.sub(r"\s+", " ", str(text).replace("\u00a0", " ")).strip()
    for reader in (_iso, _named, _day_first, _serial):
        found = reader(plain)
        if found:
            return found
    raise MonthTextError(f"cannot read '{text}' as a month. {_EXPECTED}{unseen(str(text))}")


def month_label(month: pd.Period) -> str:
    """The month for people, in English whatever the machine's locale.

    >>> month_label(pd.Period("2018-05"))
    'May 2018'
    """
    return f"{MONTH_NAMES[month.month - 1].capitalize()} {month.year}"


def _iso(text):
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?)?", text)
    return found and _date(found[1], found[2], found[3])


def _named(text):
    found = re.fullmatch(r"(\d{1,2}[ -])?([A-Za-z]{3,9})\.?([ -]\d{1,2}(?= \d{4}$))?[ ,'-]+(\d{4}|\d{2})", text)
    name = found[2].lower() if found else ""
    if found and name in (*MONTH_NAMES, *_NAMES, "sept"):
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


def at_months(table: pd.DataFrame, columns: list[str], codes: pd.Series, months: pd.Series) -> pd.DataFrame:
    """What a table with indicator_code and month, each pair once, has for each code and month given; missing if none.

    Columns of the table, with the index of ``codes``.
    """
    keys = pd.MultiIndex.from_arrays([codes, months])
    return table.set_index(["indicator_code", "month"])[columns].reindex(keys).set_axis(codes.index)


def is_among(rows: pd.DataFrame, others: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Whether each row has in its ``keys`` what some row of another table has there."""
    found = pd.MultiIndex.from_frame(rows[keys]).isin(pd.MultiIndex.from_frame(others[keys]))
    return pd.Series(found, rows.index)


PERIODS = {"MONTHLY": 1, "QUARTERLY": 3, "YEARLY": 12, "TWO_YEARLY": 24}
"""Months from one due figure to the next."""


def is_due(frame: pd.DataFrame, months: pd.Series, years: FinancialYears = FROM_APRIL) -> pd.Series:
    """Whether a figure is due for each month: every one, a quarter's last, or a year's ``due_month``, in its life.

    ``frame`` needs frequency; optional are due_month (1 to 12, else the financial year's last month), and
    year_introduced and last_month, outside which nothing is due. A figure every two years is due in even years, in odd
    ones where 12 is added to due_month (``with_cycles``). A frequency that is not known counts as monthly.
    """
    lives = is_introduced(frame, months, years) & ~has_ended(frame, months)
    return (_months_since(frame, months, years) == 0) & lives


def is_introduced(frame: pd.DataFrame, months: pd.Series, years: FinancialYears = FROM_APRIL) -> pd.Series:
    """Whether each month lies in the financial year of the indicator's year_introduced or later; True without one."""
    return ~(years.of(months) < frame.get("year_introduced", np.nan))


def has_ended(frame: pd.DataFrame, months: pd.Series) -> pd.Series:
    """Whether each month comes after the indicator's last_month; False without one."""
    last = pd.PeriodIndex(frame.get("last_month", pd.Series(pd.NaT, frame.index)), freq="M")
    return pd.Series(months.array > last, months.index)


def has_come(frame: pd.DataFrame, months: pd.Series, month: pd.Period) -> pd.Series:
    """Whether figures of these months can be there in the reporting month: a quarter's or a year's after their lag.

    ``frame`` needs frequency, allowed_lag.
    """
    ago = month.ordinal - months.astype("int64")
    return ago >= frame["allowed_lag"].fillna(0).where(periods(frame) > 1, 0)


def last_due(frame: pd.DataFrame, months: pd.Series, years: FinancialYears = FROM_APRIL) -> pd.Series:
    """The newest month, not after each month given, for which a figure is due (``is_due``)."""
    return months - _months_since(frame, months, years)


def latest_ages(frame: pd.DataFrame, age: int) -> pd.Series:
    """How many months old the newest figure of each indicator may be, by code.

    ``frame`` needs indicator_code, frequency, allowed_lag. A monthly figure: ``age``, or its allowed lag where that is
    longer. Others: ``age`` beyond the figure that is expected, which may be a whole period and the lag old.
    """
    known = frame.drop_duplicates("indicator_code").set_index("indicator_code")
    period, lag = periods(known), known["allowed_lag"].fillna(0).astype(int)
    return (period - 1 + lag + age).where(period > 1, lag.clip(lower=age))


def periods(frame: pd.DataFrame) -> pd.Series:
    """Months from one due figure of each row's indicator to the next; 1 of a frequency that is not known."""
    return frame["frequency"].map(PERIODS).fillna(1).astype(int)


def ordinals(months: pd.Series) -> pd.Series:
    """Months as numbers to reckon with, NaN where one is missing."""
    return months.astype("int64").where(months.notna()).astype(float)


def _months_since(frame, months, years):
    """Months from the last due month to each month."""
    period = periods(frame)
    stated = frame.get("due_month", pd.Series(np.nan, frame.index))
    last = stated.where(period >= 12).fillna(years.last)
    return pd.Series(np.mod(_in_two_years(months) - last.to_numpy(), period.to_numpy()), months.index).astype(int)


def _in_two_years(months):
    """The place of each month in two calendar years that begin with an even one: 1 to 24."""
    return months.dt.month + 12 * (months.dt.year % 2)


def with_cycles(indicators: pd.DataFrame, values: pd.DataFrame, month: pd.Period, years: FinancialYears = FROM_APRIL):
    """The indicators with the due_month of those due every two years as one of 24: they go on from the newest figure.

    Needs indicator_code, frequency, due_month; ``values`` indicator_code, month, number. Until a figure has come, it
    is due in the newest year whose due month is not after ``month``, so that it is asked for every year.
    """
    known = values[values["number"].notna() & (values["month"] <= month)]
    newest = known.groupby("indicator_code")["month"].max().reindex(indicators["indicator_code"])
    place = indicators["due_month"].fillna(years.last)
    seen = newest.set_axis(indicators.index).fillna(month)
    due = seen - np.mod(seen.dt.month - place, 12).astype(int)
    two_yearly = indicators["frequency"] == "TWO_YEARLY"
    return indicators.assign(due_month=indicators["due_month"].mask(two_yearly, _in_two_years(due)))
