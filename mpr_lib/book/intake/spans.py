"""Spans: the period of one figure, and what becomes of figures for more than a month."""

import re
from typing import NamedTuple

import pandas as pd

from mpr_lib.book.intake.figures import Passed
from mpr_lib.errors import MonthTextError
from mpr_lib.rules.months import FinancialYears, month_label
from mpr_lib.rules.periods import Span, period_label, read_period


class Due(NamedTuple):
    """How often an indicator is due, in months, and the month of the year in which a yearly one is (or None)."""

    months: int
    month: int | None = None

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


class Longer(NamedTuple):
    """A figure for more than a month."""

    code: str
    span: Span
    text: str
    where: str


def passed_over(longer: Longer, months: set, years: FinancialYears) -> Passed:
    """A figure for a longer period than the indicator's: left out beside its last month, refused where it is alone.

    ``months`` holds the indicators and months that the same sheet has figures for.
    """
    label, last = period_label(longer.span, years), month_label(longer.span.last)
    if not longer.text or (longer.code, longer.span.last) in months:
        reason = f"is for {label}, which is worked out from its months."
        return Passed(longer.where, reason, False, longer.code, None, longer.text)
    reason = (
        f"is for {label}, and {longer.code} is not returned for such a period. Expected the figure for {last}; to "
        "pass over a column, add its heading under ignored in data/imports.yml."
    )
    return Passed(longer.where, reason, True, longer.code, None, longer.text)


def read_span(text: str, year: str, years: FinancialYears) -> Span:
    """The period that a text names, or a month or quarter without a year together with the year beside it.

    >>> [str(read_span(text, "2017/18", 4).last) for text in ("Jan", "Q1", "May 2018")]
    ['2018-01', '2017-06', '2018-05']
    """
    try:
        return read_period(text, years)
    except MonthTextError:
        if not year:
            raise
    if re.match(r"(?i)q", text) or re.fullmatch(r"\d{4}", year):
        return read_period(f"{text} {year}", years)
    months = pd.period_range(*read_period(year, years), freq="M")
    named = read_period(f"{text} 2000", years).first.month
    span = next(month for month in months if month.month == named)
    return Span(span, span)
