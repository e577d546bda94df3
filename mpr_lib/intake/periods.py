"""Periods: months, quarters and financial years as officers name them, and what becomes of figures for each."""

import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from mpr_lib.errors import MonthTextError, unseen
from mpr_lib.rules.months import FROM_APRIL, MONTH_NAMES, FinancialYears, month_label, read_date, read_month
from mpr_lib.words import months_text

_EXPECTED = (
    "Expected a month such as 2018-05, May 2018 or May-18, a quarter such as Q1 2018/19 or a year such as 2018/19."
)
_YEAR = r"(?:fy ?)?(\d{4}) ?[-/] ?(\d{4}|\d{2})"
_QUARTER = r"q(?:uarter|tr)? ?(?P<quarter>[1-4])"
_MONTH = rf"(?P<month>{'|'.join(f'{name[:3]}(?:{name[3:]})?' if name[3:] else name for name in MONTH_NAMES)}|sept)\.?"
_CALENDAR = FinancialYears(1)


class Span(NamedTuple):
    """First and last month, both included."""

    first: pd.Period
    last: pd.Period

    @property
    def months(self) -> int:
        return (self.last - self.first).n + 1


def read_period(text, years: FinancialYears = FROM_APRIL, hyphened: bool | None = None) -> Span:
    """Read the period that a text names; a month is a period of one.

    A year alone, and a quarter of one, are refused unless the financial year is the calendar's: 2018 may be either.
    2007-08 is August 2007, as in data files, unless the council names its years so; ``hyphened`` says whether it is a
    year. Raises ``MonthTextError``.

    >>> [str(month) for month in read_period("Q1 2017/18")], [str(month) for month in read_period("2018/19")]
    (['2017-04', '2017-06'], ['2018-04', '2019-03'])
    """
    simple = _plain(text)
    if found := re.fullmatch(r"(0?[1-9]|1[0-2])[/-](\d{4})", simple):
        return Span(*[pd.Period(f"{found[2]}-{found[1]:0>2}", freq="M")] * 2)
    is_year = years.read(simple) is not None if hyphened is None else hyphened
    if is_year and (found := _year(simple, years)):
        return found
    with suppress(MonthTextError):
        month = read_month(text)
        return Span(month, month)
    for reader in (_quarter, _year, _run):
        found = reader(simple, years)
        if found:
            return found
    raise MonthTextError(f"cannot read '{text}' as a period. {_EXPECTED}{unseen(str(text))}")


def period_label(period: Span, years: FinancialYears = FROM_APRIL) -> str:
    """A period as messages name it.

    >>> [period_label(read_period(text)) for text in ("2018-19;Q1", "2018/19", "May-18")]
    ['April to June 2018', '2018/19', 'May 2018']
    """
    if period.months == 12 and period.first.month == years.starts:
        return years.label(period.first.year)
    return months_text(pd.period_range(*period, freq="M"))


def _plain(text) -> str:
    return re.sub(r"[\s\u00a0]+", " ", re.sub("[\u2010-\u2015]", "-", str(text))).strip().lower()


def _quarter(text, years):
    apart = "[ ,;:/-]*"
    for form in (f"{_QUARTER}{apart}(?P<year>.+)", f"(?P<year>.+?){apart}{_QUARTER}"):
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
    month: float = float("nan")

    def month_of(self, span: Span) -> pd.Period | None:
        """The month that a figure for a period is returned for; None where the period is not the indicator's.

        >>> str(Due(3).month_of(read_period("Q1 2018/19"))), Due(1).month_of(read_period("Q1 2018/19"))
        ('2018-06', None)
        """
        if span.months == 1:
            return span.last
        if span.months != min(self.months, 12):
            return None
        # A two-yearly one counts the months of its two years.
        stated = (self.month - 1) % 12 + 1 if self.months >= 12 else None
        return next((month for month in pd.period_range(*span, freq="M") if month.month == stated), span.last)


@lru_cache(10_000)
def lacks_year(text: str) -> bool:
    """Whether a text is a month or a quarter without its year: Apr, June, Q1."""
    return bool(re.fullmatch(f"{_MONTH}|{_QUARTER}", _plain(text)))


def names_period(text, years: FinancialYears) -> bool:
    """Whether a heading names a period, with its year or without."""
    try:
        return lacks_year(text) or is_day(text) or bool(read_period(text, years))
    except MonthTextError:
        return False


def is_day(text) -> bool:
    """Whether a text is a day without its year, such as a spreadsheet makes of Apr-18."""
    return bool(re.fullmatch(rf"\d{{1,2}}[ -]{_MONTH}", _plain(text)))


class Cell(NamedTuple):
    """A text that names a period, the year beside it or an empty text, and with which cells it stands in order."""

    text: str
    year: str = ""
    group: str = ""


@dataclass(frozen=True)
class Reading:
    """How all the periods of one column, or of one row of headings, are read: each form means one thing in all of them.

    ``hyphened``: whether 2010-11 is a year. ``alone`` and ``quarters``: of which years 2018 is one, beside Jan and
    beside Q1: the council's own or the calendar's. None where nobody can tell: such a text is refused.
    ``month_first``: whether 6/1/2018 is in June. ``days``: whether a day stands for its month, as beside a figure and
    not over a column.
    """

    years: FinancialYears
    hyphened: bool | None = False
    alone: FinancialYears | None = None
    quarters: FinancialYears | None = None
    month_first: bool = False
    days: bool = True

    @lru_cache(10_000)  # noqa: B019 - a reading is a few words
    def read(self, text: str, year: str = "") -> Span:
        """The period that a text names, with the year beside it where it says none. Raises ``MonthTextError``.

        >>> reading = Reading(FROM_APRIL, alone=FROM_APRIL, quarters=FROM_APRIL)
        >>> [str(reading.read(*cell).last) for cell in (("Jan", "2017/18"), ("Q1", "2017"), ("May 2018", ""))]
        ['2018-01', '2017-06', '2018-05']
        """
        found = None if lacks_year(text) else _dated(self, text)
        if not year:
            if found:
                return found
            raise MonthTextError(
                f"'{text}' has no year. Expected one beside it; or say the year of all, with --year "
                f"{self.years.label(2018)} or in data/imports.yml under year."
            )
        whole = _whole_year(self, text, year)
        found = found or _within(_plain(text), whole)
        if not found or found.first < whole.first or found.last > whole.last:
            raise MonthTextError(f"'{text}' is no month of {year}. {_EXPECTED}")
        return found


def _dated(reading, text):
    if is_day(text):
        raise MonthTextError(
            f"'{text}' is a day without a year, as a spreadsheet makes of 'Apr-18'. Expected a month such as Apr 2018."
        )
    if reading.hyphened is None and _has_two_faces(text):
        month, year = month_label(read_month(text)), text.replace("-", "/")
        raise MonthTextError(f"'{text}' may be {month} or the year {year}. Expected {month[:3]} {text[:4]} or {year}.")
    text = re.sub(_DAYS, r"\2/\1/\3", text) if reading.month_first else text
    if not reading.days:
        _check_day(text)
    return read_period(text, reading.years, bool(reading.hyphened))


def _check_day(text):
    """Refuse a day that is neither first nor last of a month: a week, or Apr-18 as 18 April of the year of typing."""
    day = _day(text)
    if day and day.day != 1 and not _ends_month(day):
        month = month_label(pd.Period(day, freq="M"))
        raise MonthTextError(
            f"the heading is a day, {day.day} {month}: a week, or what a spreadsheet makes of '{month[:3]}-{day:%d}'. "
            "Expected a month such as Apr 2018 as text, or its first or last day."
        )


def _day(text) -> date | None:
    """The day that a text names, the first for a month; None where it names none."""
    with suppress(MonthTextError):
        return read_date(text)
    return None


def _ends_month(day) -> bool:
    return day.day == pd.Period(day, freq="M").days_in_month


def _whole_year(reading, text, year):
    """The twelve months of the year beside a month."""
    if not re.fullmatch(r"\d{4}", year):
        return read_period(year, reading.years, hyphened=True)
    years = reading.quarters if re.fullmatch(_QUARTER, _plain(text)) else reading.alone
    if not years:
        raise MonthTextError(
            f"'{text}' of {year} may be of the calendar year or of the financial year. Expected a year such as "
            f"{reading.years.label(2018)}; or add the heading over {year} to data/imports.yml, under calendar_year or "
            "financial_year."
        )
    number = int(year) - years.names_the_end
    return Span(*years.months(number)[[0, -1]])


def _within(text, whole):
    """The month or quarter of a year that a text without a year names; None where it has none of that name."""
    months = pd.period_range(*whole, freq="M")
    if found := re.fullmatch(_QUARTER, text):
        months = months[3 * int(found["quarter"]) - 3 :] if len(months) == 12 else ()
        return Span(months[0], months[2]) if len(months) else None
    return next((Span(month, month) for month in months if MONTH_NAMES[month.month - 1].startswith(text[:3])), None)


_DAYS = r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})\b"


def _has_two_faces(text) -> bool:
    """Whether a text may be a month and a year: 2010-11."""
    return bool(re.fullmatch(r"\d{4}-\d\d", text) and _day(text) and _year(text, FROM_APRIL))


def reading_of(cells: Iterable[Cell], rules: Reading, received: pd.Period, heading: str, kind: str) -> Reading:
    """How the periods of a column, or of a row of headings, are read, so that all of them have one meaning.

    ``rules`` are what is known before: the years, and what days are. ``heading`` is the column's own, ``kind`` what the
    heading over the years says: year, calendar_year, financial_year.
    """
    cells = list(dict.fromkeys(cells))
    reading = replace(rules, hyphened=_hyphened({cell.text for cell in cells}, rules.years, heading))
    alone, quarters = _alone(reading, cells, received, kind)
    return replace(reading, alone=alone, quarters=quarters)


def _hyphened(texts, years, heading) -> bool | None:
    """Whether 2010-11 is a year: as the council's own years are named, or else as no other of the texts forbids."""
    shaped = {text for text in texts if re.fullmatch(r"\d{4}-\d\d", text)}
    months, names = {text for text in shaped if _day(text)}, {text for text in shaped if _year(text, years)}
    own = any(years.read(text) is not None for text in shaped)
    if not months & names:
        return False
    if names == shaped and (own or months != shaped):
        return True
    said = bool(re.search(r"(?i)month|date", heading))
    return False if months == shaped and (said or names != shaped) else None


def _alone(reading, cells, received, kind) -> tuple[FinancialYears | None, FinancialYears | None]:
    """Which years 2018 beside a month, and beside a quarter, is one of: as the heading or the order of the months says.

    Months that run on under either are the calendar year's, unless then they would run backwards or the return's own
    month would be missing.
    """
    if kind == "calendar_year" or reading.years.starts == 1:
        return _CALENDAR, _CALENDAR
    if kind == "financial_year":
        return reading.years, reading.years
    alone = [cell for cell in cells if re.fullmatch(r"\d{4}", cell.year)]
    kinds = [reading.years, _CALENDAR] if reading.years.read("2018") is not None else [_CALENDAR, reading.years]
    found = {years: [(cell, _span(replace(reading, alone=years), cell)) for cell in alone] for years in kinds}
    missed = {years: sum(span is None for _, span in spans) for years, spans in found.items()}
    least = min(missed.values())
    fit = [years for years in kinds if missed[years] == least and (_run_on(found[years]) or _run_on(found[years], -1))]
    if len(fit) < 2:
        only = fit[0] if fit else None
        return only, only
    forwards = [_run_on(found[years]) for years in fit]
    at_return = [received in {span.last for _, span in found[years] if span} for years in fit]
    doubtful = forwards == [False, True] or at_return == [False, True]
    return None if doubtful else fit[0], None


def _span(reading, cell) -> Span | None:
    with suppress(MonthTextError):
        return reading.read(cell.text, cell.year)
    return None


def _run_on(spans, step=1) -> bool:
    """Whether the months of each group stand in the order of time, or backwards."""
    groups = defaultdict(list)
    for cell, span in spans:
        if span and span.months == 1:
            groups[cell.group].append(step * span.first.ordinal)
    return all(months == sorted(months) for months in groups.values())


_NAMED = re.compile(
    rf"(?P<run>\b{_MONTH.replace('?P<month>', '?:')}(?: \d{{4}})? ?(?:-|to|/|&|and) ?)?"
    rf"(?P<day>\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -])?\b{_MONTH}(?:[ ,-]*\d{{4}}|[-'’]\d\d)(?![\d/])"
    rf"|\b{_QUARTER}[ ,;:-]*{_YEAR}(?!\d)"
    rf"|(?<!\d)(?<!\d[/-]){_YEAR}(?![/-]?\d)"
)


def named_in(text: str, years: FinancialYears = FROM_APRIL) -> list[Span | None]:
    """The months, quarters and years that a title, a sheet's name or a file's name speaks of; None for what is unclear.

    A day is passed over, unless it is its month's last: reports are printed on some day.

    >>> [str(span.last) for span in named_in("KPIs_May-2018 (Q1 2018/19), printed 3 June 2018")]
    ['2018-05', '2018-06']
    >>> named_in("April and May 2018")
    [None]
    """
    found, simple = [], _plain(re.sub(r"(?<=\d)_(?=\d)", "-", text).replace("_", " "))
    if re.fullmatch(r"\d{4}-\d\d-\d\d( 00:00:00)?", simple):
        day = _day(simple)
        return [read_period(simple)] if day and (day.day == 1 or _ends_month(day)) else []
    for part in _NAMED.finditer(simple):
        named = re.sub(r"(?<=\d)(st|nd|rd|th)|of ", "", part[0])
        day = _day(named) if part["day"] and not part["run"] else None
        if day and not _ends_month(day):
            continue
        try:
            is_unclear = _has_two_faces(named) and years.read(named) is None
            found.append(None if is_unclear else read_period(named.replace(",", " "), years))
        except MonthTextError:
            found.append(None)
    rest = re.split(r"[ ,;:()\[\]]+", _NAMED.sub(" ", simple))
    return list(dict.fromkeys([*found, *(read_period(word, years) for word in rest if years.read(word) is not None)]))


def lies_otherwise(texts: Iterable[str], month: pd.Period) -> bool:
    """Whether dates are of other months than this one day first, and of this one if the month stands first.

    ``texts`` are dates as 6/1/2018 or 2018-01-06; others are passed over. Dates that leave no doubt settle it for all.
    """
    parts = [re.match(_DAYS, re.sub(r"^(\d{4})-(\d\d)-(\d\d)(?: 00:00:00)?$", r"\3/\2/\1", text)) for text in texts]
    dates = [(int(found[3]) % 100, int(found[2]), int(found[1])) for found in parts if found]
    day_first, month_first = ({(date[0], date[at]) for date in dates} for at in (1, 2))
    wanted, last = (month.year % 100, month.month), max(month_first, default=None)
    doubtful = wanted not in day_first or month_first == {wanted} != day_first
    return doubtful and last == wanted and all(number <= len(MONTH_NAMES) for _, number in month_first)
