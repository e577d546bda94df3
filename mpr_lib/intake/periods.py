"""Periods: months, quarters and financial years as officers name them, and what becomes of figures for each."""

import re
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from mpr_lib.errors import MonthTextError
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, read_month
from mpr_lib.words import months_text

_EXPECTED = (
    "Expected a month such as 2018-05, May 2018 or May-18, a quarter such as Q1 2018/19 or a year such as 2018/19."
)
_YEAR = r"(?:fy ?)?(\d{4}) ?[-/] ?(\d{4}|\d{2})"


class Span(NamedTuple):
    """First and last month, both included."""

    first: pd.Period
    last: pd.Period

    @property
    def months(self) -> int:
        return (self.last - self.first).n + 1


def read_period(text, years: FinancialYears = FROM_APRIL) -> Span:
    """Read the period that a text names; a month is a period of one.

    A year alone, and a quarter of one, are refused unless the financial year is the calendar's: 2018 may be either.
    2007-08 is August 2007, as in data files; the year is written 2007/08 or 2007 - 08. Raises ``MonthTextError``.

    >>> [str(month) for month in read_period("Q1 2017/18")], [str(month) for month in read_period("2018/19")]
    (['2017-04', '2017-06'], ['2018-04', '2019-03'])
    """
    try:
        month = read_month(text)
        return Span(month, month)
    except MonthTextError:
        plain = re.sub(r"[\s\u00a0]+", " ", re.sub("[\u2010-\u2015]", "-", str(text))).strip().lower()
    for reader in (_quarter, _year, _run):
        found = reader(plain, years)
        if found:
            return found
    raise MonthTextError(f"cannot read '{text}' as a period. {_EXPECTED}")


def period_label(period: Span, years: FinancialYears = FROM_APRIL) -> str:
    """A period as messages name it.

    >>> [period_label(read_period(text)) for text in ("2018-19;Q1", "2018/19", "May-18")]
    ['April to June 2018', '2018/19', 'May 2018']
    """
    if period.months == 12 and period.first.month == years.starts:
        return years.label(period.first.year)
    return months_text(pd.period_range(*period, freq="M"))


def _quarter(text, years):
    quarter, apart = r"q(?:uarter|tr)? ?(?P<quarter>[1-4])", "[ ,;:/-]*"
    for form in (f"{quarter}{apart}(?P<year>.+)", f"(?P<year>.+?){apart}{quarter}"):
        found = re.fullmatch(form, text)
        year = found and _read_year(found["year"], years)
        if year:
            months = years.months(year)[3 * int(found["quarter"]) - 3 :]
            return Span(months[0], months[2])
    return None


def _year(text, years):
    year = _read_year(text, years)
    return year and Span(*years.months(year)[[0, -1]])


def _read_year(text, years) -> int | None:
    """The financial year that a text names: by the council's own name, or as any other council would write it."""
    year = years.read(text)
    found = re.fullmatch(r"(?:fy ?)?(\d{4})" if years.starts == 1 else _YEAR, text)
    if year is not None or not found:
        return year
    year, *ends = map(int, found.groups())
    follows = all(end in (year + 1, (year + 1) % 100) for end in ends)
    return year if follows and 1900 <= year < 2200 else None


def _run(text, _):
    """Months from one to another: Apr-Jun 2018, April 2018 to June 2018."""
    found = re.fullmatch(r"([a-z]{3,9})\.?(?: (\d{4}))? ?(?:-|to) ?([a-z]{3,9})\.? (\d{4})", text)
    if not found:
        return None
    with suppress(MonthTextError):
        period = Span(read_month(f"{found[1]} {found[2] or found[4]}"), read_month(f"{found[3]} {found[4]}"))
        return period if period.months in (3, 6, 9, 12) else None


class Due(NamedTuple):
    """How often an indicator is due, in months, and the month of the year in which a yearly one is, if that is said."""

    months: int
    month: float | None = None

    def month_of(self, span: Span) -> pd.Period | None:
        """The month that a figure for a period is returned for; None where the period is not the indicator's.

        >>> str(Due(3).month_of(read_period("Q1 2018/19"))), Due(1).month_of(read_period("Q1 2018/19"))
        ('2018-06', None)
        """
        if span.months == 1:
            return span.last
        if span.months != self.months:
            return None
        months = pd.period_range(*span, freq="M")
        return next((month for month in months if self.months == 12 and month.month == self.month), span.last)


@lru_cache(1000)
def read_span(text: str, year: str, years: FinancialYears) -> Span:
    """The period that a text names, or a month or quarter without a year together with the year beside it.

    >>> [str(read_span(text, "2017/18", FROM_APRIL).last) for text in ("Jan", "Q1", "May 2018")]
    ['2018-01', '2017-06', '2018-05']
    """
    try:
        return read_period(text, years)
    except MonthTextError:
        if not year:
            raise
    if re.match(r"(?i)q", text) or re.fullmatch(r"\d{4}", year):
        return read_period(f"{text} {year}", years)
    first, last = read_period(year, years)
    month = read_month(f"{text} {first.year}")
    month += 12 * (month < first)
    if month > last:
        raise MonthTextError(f"'{text}' is no month of {year}. {_EXPECTED}")
    return Span(month, month)
