"""Headings: what they mean, from the package's list and data/imports.yml, and where a sheet has them.

Months stand in rows (long) or across (wide).
"""

import difflib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import pandas as pd
from pydantic import Field

from mpr_lib.book.settings import Strict, read_settings, such
from mpr_lib.book.workspace import InputReader, Workspace
from mpr_lib.errors import InputError, MonthTextError, unseen
from mpr_lib.files import packaged
from mpr_lib.intake.periods import Reading, Span, is_day, lacks_year, named_in, names_period, period_label, read_period
from mpr_lib.intake.spreadsheet import Place, Sheet, cell_name
from mpr_lib.rules.months import MONTH_NAMES, FinancialYears

IGNORED, _LEFT = "ignored", "left"
_DEFAULTS = Path(__file__).with_name("headings.yml")
PHRASES = packaged("intake/phrases.yml")

YEARS = ("year", "calendar_year", "financial_year")
"""Roles of a column that has the year of what stands beside it; ``year`` may be either kind."""
NO_ACTUALS = ("target", "numerator", "denominator", "other")
"""Roles of figures that are no actuals: as a heading, in a column that says row by row what a row is, or in a title."""
_ACTUALS = ("value", "to_date")
_TAKEN = ("indicator_code", "month", *YEARS, *_ACTUALS, "note")
_GROUPED = (*_ACTUALS, *NO_ACTUALS, "comment", "rating", IGNORED)
"""Roles of headings that there may be one of for each month."""
_ROLES = (*_TAKEN, "unit", "short_name", "comment", "rating", "kind", *NO_ACTUALS)
Role = Annotated[str, such("|".join(_ROLES), f"Expected {', '.join(_ROLES[:-1])} or {_ROLES[-1]}")]


class ImportSettings(Strict):
    """data/imports.yml: headings by what they hold, headings to pass over, and other ways of writing codes.

    ``passed_over`` are the codes of rows that are others', ``scales`` what a unit such as £000s multiplies by.
    ``figures_for`` and ``year`` are the month of figures that have none, and the year of months that have none.
    """

    headings: dict[Role, list[str]] = Field({})
    ignored: list[str] = Field([])
    codes: dict[str, list[str]] = Field({})
    passed_over: list[str] = Field([])
    scales: dict[str, Literal["one", "thousand", "million", "billion"]] = Field({})
    figures_for: str = Field("")
    year: str = Field("", coerce_numbers_to_str=True)


@dataclass(frozen=True)
class Mapping:
    """What each heading means (a role, or ``ignored``) and how it is written, by its plain form; the workspace's own.

    ``figures_for`` is the period of figures that have none, ``year`` the year of months that have none, where told.
    """

    meanings: dict[str, tuple[str, str]]
    own: ImportSettings
    figures_for: "Told | None" = None
    year: "Told | None" = None

    def role(self, heading: str) -> str | None:
        """What a heading means, a unit at its end left aside; None for one that is not known."""
        role, _ = self.meanings.get(plain(heading)) or self.meanings.get(plain(without_unit(heading)), (None, ""))
        return role

    def near(self, heading: str) -> str:
        """The known heading of a role that looks most like this one, or an empty text."""
        wanted = [known for known, (role, _) in self.meanings.items() if role in _TAKEN]
        found = difflib.get_close_matches(plain(heading), wanted, n=1, cutoff=0.75)
        return self.meanings[found[0]][1] if found else ""


_UNIT = re.compile(
    r"(?i)\s{0,20}[(\[]\s{0,20}"
    r"(?P<unit>%|£[^)]{0,40}|no\.?|number|days|hours|weeks|['’]?000['’]?s?|(?:in )?(?:thousand|million)s?)"
    r"\s{0,20}[)\]]\s{0,20}$|\s{1,20}(?P<bare>%|£\S{0,40})\s{0,20}$"
)


@lru_cache(10_000)
def without_unit(heading: str) -> str:
    """A heading without the unit at its end."""
    return _UNIT.sub("", heading)


@lru_cache(10_000)
def unit_in(heading: str) -> str:
    """The unit at the end of a heading, or an empty text.

    >>> unit_in("Actual (£000s)"), unit_in("Value %"), unit_in("Actual (provisional)")
    ('£000s', '%', '')
    """
    found = _UNIT.search(heading)
    return (found["unit"] or found["bare"]) if found else ""


class Told(NamedTuple):
    """What somebody said of a period, and where: with an option of the command, or in data/imports.yml."""

    text: str
    by: str


OWN = "data/imports.yml"


def read_mapping(workspace: Workspace) -> Mapping:
    """The package's mapping with the workspace's over it. Raises ``InputError`` for what imports.yml cannot mean."""
    own, meanings = workspace.data / "imports.yml", {}
    files = {_DEFAULTS.name: _DEFAULTS.read_text(encoding="utf-8")}
    if os.path.lexists(own):
        files[OWN] = InputReader(workspace).text(own)
    for file, text in files.items():
        settings, found = read_settings(ImportSettings, text, file), {}
        for role, headings in [*settings.headings.items(), (IGNORED, settings.ignored)]:
            for heading in headings:
                if found.setdefault(plain(heading), (role, heading))[0] != role:
                    raise InputError(f"{file} gives '{heading}' two meanings. Leave it under one of them.")
        meanings |= found
    told = [Told(text, OWN) if text else None for text in (settings.figures_for, settings.year)]
    return Mapping(meanings, settings, *told)


@lru_cache(10_000)
def plain(heading: str) -> str:
    """A heading without what officers vary: capitals, spaces, punctuation and curly quotes.

    >>> plain("Month\u2019s  Value:"), plain("indicator_code"), plain("PI-Code *")
    ('months value', 'indicator code', 'pi code')
    """
    text = re.sub(r"['’‘`]", "", str(heading).lower())
    return " ".join(re.sub(r"[^\w%£]|_", " ", text).split())


SEARCHED_ROWS = 60
"""How many rows from the top the headings may stand below titles and blank lines."""


@dataclass(frozen=True)
class Layout:
    """A sheet's heading row, the column of each role, and the texts of the periods that stand across.

    Where a table has no column of figures, that is its one of figures to date, or that of its numerators beside
    denominators.
    ``compared`` has the columns of each role that is not taken, ``over`` the headings of two rows that say together
    whether figures are of the month or to date, ``left`` why a column of figures is left out, and
    ``last`` the last row of headings, of which there may be two. ``rows`` are the rows to read where not all below are.
    ``year_kind`` is what the heading over the years says. ``figures_for`` is the period of all figures and ``year`` the
    year of all months where the table itself has none.
    """

    sheet: Sheet
    row: int
    columns: dict[str, int]
    periods: dict[int, str]
    unknown: dict[int, str]
    compared: dict[str, list[int]] = field(default_factory=dict)
    over: dict[int, str] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    last: int = -1
    rows: tuple[int, ...] | None = None
    year_kind: str = "year"
    figures_for: Span | None = None
    year: str = ""

    @property
    def is_complete(self) -> bool:
        if "indicator_code" not in self.columns:
            return False
        return bool(self.periods) or ("value" in self.columns and bool("month" in self.columns or self.figures_for))

    @cached_property
    def headings(self) -> dict[int, str]:
        """The texts of the heading row, by column; of two rows what they say together, or one says alone."""
        return self.sheet.texts(self.last) | self.sheet.texts(self.row) | self.over

    def beside(self, role: str, column: int = -1) -> int | None:
        """The column of a role that is not taken, for a column of figures: of several one to date where they are."""
        found = self.compared.get(role, [])
        alike = [at for at in found if (at in self._to_date) == (column in self._to_date)]
        return next(iter(alike or found), None)

    @cached_property
    def _to_date(self) -> set[int]:
        return {at for at, text in self.headings.items() if says("to_date", plain(text))}

    @cached_property
    def figures(self) -> list[int]:
        """The columns of figures: one, or that of the year to date beside it, or one for each period across."""
        return list(self.periods) or [self.columns[role] for role in _ACTUALS if role in self.columns]

    @cached_property
    def titles(self) -> dict[Place, str]:
        """The texts above the headings, by their cells."""
        return {(row, at): text for row in range(self.row) for at, text in self.sheet.texts(row).items()}

    @property
    def known(self) -> int:
        """How many of its headings are known."""
        return len(self.columns) + len(self.periods)

    @property
    def below(self) -> Sequence[int]:
        """The rows to read below the headings."""
        return range(max(self.row, self.last) + 1, len(self.sheet.rows)) if self.rows is None else self.rows


def find_layout(sheet: Sheet, mapping: Mapping, years: FinancialYears) -> Layout:
    """The layout under the sheet's first full heading row, or that of the row which comes nearest to one.

    Without columns where no row has a heading for codes beside another that is known. Raises ``InputError`` where a
    row of headings says one thing twice, has both a column of months and months across, or a formula without result.
    """
    nearest = Layout(sheet, 0, {}, {}, {})
    for row in range(min(SEARCHED_ROWS, len(sheet.rows))):
        if all(mapping.role(text) != "indicator_code" for text in sheet.texts(row).values()):
            continue
        layout = _layout(sheet, row, mapping, years)
        if layout.is_complete:
            refused = {at: reason for at, reason in sheet.refused.items() if at[0] == row}
            if any(sheet.is_filled(below, column) for _, column in refused for below in layout.below):
                raise InputError([f"{sheet.where(*at)}: {reason}" for at, reason in refused.items()])
            return layout
        if layout.known > max(nearest.known, 1):
            nearest = layout
    return nearest


class _Heading(NamedTuple):
    """What stands over a column: all of its text, what it means, the period that it names, what its group says."""

    text: str
    role: str | None
    period: str = ""
    over: str = ""


def _layout(sheet, row, mapping, years):
    headings, last = _headings(sheet, row, mapping, years)
    columns, periods, unknown, compared, left, kind, over = {}, {}, {}, {}, {}, "year", {}
    for column, (text, role, period, group) in headings.items():
        if group and (says("to_date", group) or says("of_month", group)):
            over[column] = text
        if role in YEARS:
            role, kind = "year", role
        if role in columns:
            raise InputError(
                f"{sheet.where(row, column)}: the heading '{text}' and '{headings[columns[role]].text}' before it say "
                f"the same thing ({role}). Expected one: add the other under ignored in data/imports.yml."
            )
        if period:
            periods[column] = period
        elif role is None:
            unknown[column] = text
        elif role in _TAKEN or role == "year":
            columns[role] = column
        elif role == _LEFT:
            left[column] = text
        elif role != IGNORED:
            compared.setdefault(role, []).append(column)
    both = " and the ".join(role for role in ("month", "value") if role in columns)
    if periods and both:
        column, text = next(iter(periods.items()))
        raise InputError(
            f"{sheet.where(row, column)}: the heading '{text}' is a period, and another column is for the {both}. "
            "Expected months in one column or across, not both: remove what is not to be read."
        )
    if periods and "indicator_code" in columns:
        _refuse_near_months(sheet, row, unknown, any(map(lacks_year, periods.values())), years)
    like_value = (text for text in unknown.values() if mapping.role(mapping.near(text)) == "value")
    if not ("value" in columns or periods or any(like_value)):
        if "to_date" in columns:
            columns["value"] = columns.pop("to_date")
        elif {"numerator", "denominator"} <= compared.keys():
            columns["value"] = compared["numerator"][0]
    if {"value", "to_date"} <= columns.keys():
        own, to_date = (headings[columns[role]] for role in _ACTUALS)
        if own.over != to_date.over and columns["value"] not in over and mapping.role(own.text) is None:
            raise InputError(
                f"{sheet.where(row, columns['value'])}: nothing says that '{own.text}' beside '{to_date.text}' is of "
                f"the month. Expected Monthly over it; or add '{own.text}' to data/imports.yml, under value or ignored."
            )
    return Layout(sheet, row, columns, periods, unknown, compared, over, left, last, None, kind)


def _headings(sheet, row, mapping, years) -> tuple[dict[int, _Heading], int]:
    """What stands over each column, and the last row of headings.

    Months may stand over Target and Actual, or Actual and Target over months: two rows are read as one. The headings of
    a block beside, which begins with the same heading for codes, are one left-out column if it is no block of actuals.
    """
    here, below = sheet.texts(row), sheet.texts(row + 1)
    code = next(column for column, text in here.items() if mapping.role(text) == "indicator_code")
    is_second = code not in below and any(names_actuals(text, mapping) is not None for text in below.values())
    if is_second and all(mapping.role(text) or text == "%" or names_period(text, years) for text in below.values()):
        upper, lower, last = here, below, row + 1
    else:
        above = sheet.texts(row - 1) or sheet.texts(row - 2)
        upper, lower, last = {column: text for column, text in above.items() if column > code}, here, row
    is_long = {"month", "value"} <= {mapping.role(text) for text in here.values()}
    found, group = {}, ""
    for column in range(max([*here, *lower]) + 1):
        group = upper.get(column, group)
        own = lower.get(column) or here.get(column)
        if own:
            over = group if own != group else ""
            found[column] = _heading(own, over, mapping, years, is_long)
    beside = next((column for column, text in here.items() if column > code and plain(text) == plain(here[code])), 0)
    block = [head for column, head in found.items() if beside and column >= beside]
    title = " ".join(sheet.texts(at).get(beside, "") for at in range(row - 3, row)).strip()
    actuals = names_actuals(title, mapping)
    if block and (actuals is False or not any(head.period or head.role in _ACTUALS for head in block)):
        found = {column: head for column, head in found.items() if column < beside}
        found[beside] = _Heading(title or " ".join(head.text for head in block), _LEFT)
    return found, last


def _heading(own, over, mapping, years, is_long) -> _Heading:
    role, period = mapping.role(own), without_unit(own)
    role = "value" if own == "%" and over and names_period(over, years) else role
    if role is None and not (is_long and lacks_year(period)) and names_period(period, years):
        if over and names_actuals(over, mapping) is False:
            return _Heading(f"{own} {over}", _LEFT)
        return _Heading(own, None, period)
    if role in _GROUPED and over and not is_long and names_period(over, years):
        return _Heading(f"{over} {own}", None, over) if role in _ACTUALS else _Heading(f"{over} {own}", _LEFT)
    if role in _GROUPED and over:
        whole, of_group = f"{over} {own}", mapping.role(over)
        if role in _ACTUALS and names_actuals(over, mapping) is False:
            return _Heading(whole, _LEFT)
        role = mapping.role(whole) or (of_group if role == "value" and of_group in _ACTUALS else role)
        return _Heading(whole, role, "", plain(over))
    return _split(own, mapping, years) if role is None else _Heading(own, role)


def _split(text, mapping, years) -> _Heading:
    """A heading that says what its figures are and for which month or quarter: Apr-18 Actual, Target (June 2018)."""
    words = text.split()
    for place in range(1, len(words)):
        for one, other in ((words[:place], words[place:]), (words[place:], words[:place])):
            kind, period = " ".join(one), " ".join(other).strip("()[]-:,–")
            role = mapping.role(kind)
            if role not in _GROUPED or not names_period(period, years):
                continue
            if lacks_year(period) or is_day(period) or read_period(period, years).months < 12:
                return _Heading(text, None, period) if role in _ACTUALS else _Heading(text, _LEFT)
    return _Heading(text, None)


def says(name: str, text: str) -> bool:
    """Whether a text in small letters says what phrases.yml has under a name."""
    return bool(re.search("|".join(PHRASES[name]), text))


def names_actuals(text: str, mapping: Mapping) -> bool | None:
    """Whether a heading, a title or a cell says that figures are actuals (True) or others (False); None if neither.

    A title of more than seven words is a sentence, and one with 'against target' is of actuals as much.
    """
    words, role = plain(text), mapping.role(text)
    if role in (*_ACTUALS, *NO_ACTUALS):
        return role in _ACTUALS
    are_others = says("no_actuals", words)
    if are_others and not says("together", words) and len(words.split()) <= 7:
        return False
    return True if re.search(r"\bactuals?\b", words) and not are_others else None


def _refuse_near_months(sheet, row, unknown, bare, years):
    """Refuse headings beside months that seem to hold one and cannot be read: Jnue 2018, May 18 (prov)."""
    problems = [
        f"{sheet.where(row, column)}: the heading '{text}' seems to hold a month and is none. Expected a month such as "
        "June 2018 alone; to pass over the column, add its heading under ignored in data/imports.yml."
        for column, text in unknown.items()
        if any(span is None or span.months < 12 for span in named_in(text, years)) or _is_near_month(text, bare)
    ]
    if problems:
        raise InputError(problems)


def _is_near_month(text, bare):
    """Whether a word before a year, or alone where months stand without one, looks like a month's name."""
    words = plain(text)
    dated = re.search(r"\b([a-z]{3,10}) ?(\d{4}|\d{2})\b", words)
    word = dated[1] if dated else words if bare else ""
    names = [*MONTH_NAMES, *(name[:3] for name in MONTH_NAMES)]
    return bool(difflib.get_close_matches(word, names, n=1, cutoff=0.64 if dated else 0.75))


def find_period(
    layout: Layout, mapping: Mapping, years: FinancialYears, received: pd.Period, alone: bool
) -> tuple[Layout, list[str]]:
    """The layout with the period of its figures, or the year of its months, where its table says none; and remarks.

    What was told is taken, else what the sheet's name says, or its titles and the file's name where no other sheet has
    a table (``alone``). Raises ``InputError`` where these speak of several, or contradict data/imports.yml.
    """
    sheet, columns = layout.sheet, layout.columns
    around = _Around(layout, mapping, years, received)
    if {"indicator_code", "value"} <= columns.keys() and "month" not in columns and not layout.periods:
        if any(mapping.role(mapping.near(text)) == "month" for text in layout.unknown.values()):
            return layout, []
        span, source = around.month(alone)
        remark = f"{sheet}: its figures have no month, so {span and period_label(span, years)} is taken from {source}."
        return replace(layout, figures_for=span), [remark] if span else []
    unused = mapping.figures_for and mapping.figures_for.by != OWN and layout.is_complete
    remarks = [f"{sheet}: has months of its own, so --figures-for was not used."] if unused else []
    texts = layout.periods.values() or [sheet.seen(row, columns.get("month")) for row in layout.below]
    if "year" in columns or not any(map(lacks_year, texts)):
        return layout, remarks
    year, source = around.year()
    remark = f"{sheet}: its months have no year, so {year} is taken from {source}."
    return replace(layout, year=year), [*remarks, remark] if year else remarks


class _Around:
    """What is said of a table's periods beside it: by an option or data/imports.yml, by names and by titles."""

    def __init__(self, layout, mapping, years, received):
        self.sheet, self.mapping, self.years, self.received = layout.sheet, mapping, years, received
        self.name = {"its name": self.sheet.name}
        self.others = {cell_name(*place): text for place, text in layout.titles.items()} | {
            "the file's name": Path(self.sheet.file).stem
        }

    def month(self, alone) -> tuple[Span | None, str]:
        """The one period that all figures are for, and who says so; None where nobody does."""
        told, own = self.mapping.figures_for, self._named(self.name, whole=False)
        if lacks_year(self.sheet.name):
            own = {self._own_month(): "its name"}
        found = own or (self._named(self.others, whole=False) if alone else {})
        if told and (alone or own):
            span = read_period(told.text, self.years)
            if found.keys() - {span} and (own or told.by == OWN):
                advice = "Say --figures-for" if told.by == OWN else "Leave --figures-for out"
                raise self._doubt(f"its figures are for {told.text} by {told.by}", found, f"{advice}, or correct it")
            return span, told.by
        if len(found) > 1 or None in found:
            raise self._doubt("its figures have no month", found, "Say which it is, such as --figures-for 2018-05")
        return next(iter(found.items()), (None, ""))

    def year(self) -> tuple[str, str]:
        """The year of the months, and who says so; an empty text where nobody does."""
        told, advice = self.mapping.year, f"Say which it is, such as --year {self.years.label(2018)}"
        found = self._named(self.name | self.others, whole=True)
        labels = {period_label(span, self.years): source for span, source in found.items()}
        if told:
            if labels.keys() - {told.text} and told.by == OWN:
                raise self._doubt(f"its months are of {told.text} by {OWN}", found, advice)
            return told
        if len(found) > 1 or any(not span.first <= self.received <= span.last for span in found):
            raise self._doubt("its months have no year", found, advice)
        return next(iter(labels.items()), ("", ""))

    def _named(self, texts, whole) -> dict[Span | None, str]:
        """The periods that texts name, whole years or others, each with the place that names it first."""
        named = {place: named_in(text, self.years) for place, text in reversed(texts.items())}
        return {
            span: place
            for place, spans in named.items()
            for span in spans
            if (bool(span) and span.months == 12) == whole
        }

    def _own_month(self):
        """The month that is a sheet's name, in the year that is said elsewhere."""
        year, _ = self.year()
        alone = self.years if self.years.starts == 1 else None
        try:
            return Reading(self.years, alone=alone).read(self.sheet.name, year)
        except MonthTextError as error:
            raise InputError(f"{self.sheet}: {error}") from None

    def _doubt(self, what, found, advice):
        said = " and ".join(
            f"{place} says {period_label(span, self.years) if span else 'what may be several'}"
            for span, place in found.items()
        )
        return InputError(f"{self.sheet}: {what}, and {said}. {advice}.")


def what_is_missing(layout: Layout, mapping: Mapping) -> list[str]:
    """Messages for headings that are missing, each with what stands in their place."""
    sheet, near = layout.sheet, {column: mapping.near(text) for column, text in layout.unknown.items()}
    if not layout.columns:
        return [
            f"{sheet}: no heading row was found in the first {SEARCHED_ROWS} rows. Expected headings such as Code, "
            f"Month and Value, or a column for each month.{_seen(sheet, mapping)}"
        ]
    problems, wanted = [], {"month": "the month", "value": "the figure"}
    for role in (role for role in wanted if role not in layout.columns):
        close = [column for column in near if mapping.role(near[column]) == role]
        problems += [
            f"{sheet.where(layout.row, column)}: does not know the heading '{layout.unknown[column]}'. Expected one "
            f"such as '{near[column]}': correct it, or add it to data/imports.yml under {role}."
            f"{unseen(layout.unknown[column])}"
            for column in close
        ]
        if not close:
            unknown = f" Unknown headings: {', '.join(layout.unknown.values())}." if layout.unknown else ""
            single = ", or say --figures-for 2018-05 where all figures are for one month" * (role == "month")
            problems.append(
                f"{sheet.where(layout.row)}: no heading says where {wanted[role]} is.{unknown} "
                f"Add the right one to data/imports.yml under {role}{single}."
            )
    return problems


def _seen(sheet, mapping):
    for row, values in enumerate(sheet.rows[:SEARCHED_ROWS]):
        for column, value in enumerate(values):
            near = mapping.near(value) if isinstance(value, str) and 3 < len(value) < 40 else ""
            if near and not mapping.role(value):
                return f" {sheet.where(row, column)} has '{value.strip()}', which is near '{near}'."
    return ""
