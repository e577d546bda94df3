"""Headings: what they mean, from the package's list and data/imports.yml, and where a sheet has them.

Months stand in rows (long) or across (wide).
"""

import difflib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, NamedTuple

import pandas as pd
from pydantic import Field

from mpr_lib.book.settings import Strict, read_settings, such
from mpr_lib.book.workspace import InputReader, Workspace
from mpr_lib.errors import InputError, MonthTextError
from mpr_lib.intake.periods import Reading, Span, lacks_year, named_in, names_period, period_label, read_period
from mpr_lib.intake.spreadsheet import Sheet, as_text, column_letters
from mpr_lib.rules.months import FinancialYears

IGNORED = "ignored"
_DEFAULTS = Path(__file__).with_name("headings.yml")


YEARS = ("year", "calendar_year", "financial_year")
"""Roles of a column that has the year of what stands beside it; ``year`` may be either kind."""
_ROLES = ("indicator_code", "month", *YEARS, "value", "note")
Role = Annotated[str, such("|".join(_ROLES), f"Expected {', '.join(_ROLES[:-1])} or {_ROLES[-1]}")]


class ImportSettings(Strict):
    """data/imports.yml: headings by what they hold, headings to pass over, and other ways of writing codes.

    ``figures_for`` and ``year`` are the month of figures that have none, and the year of months that have none.
    """

    headings: dict[Role, list[str]] = Field({})
    ignored: list[str] = Field([])
    codes: dict[str, list[str]] = Field({})
    figures_for: str = Field("")
    year: str = Field("", coerce_numbers_to_str=True)


@dataclass(frozen=True)
class Mapping:
    """What each heading means (a role, or ``ignored``) and how it is written, by its plain form; writings of codes.

    ``figures_for`` is the period of figures that have none, ``year`` the year of months that have none, where told.
    """

    meanings: dict[str, tuple[str, str]]
    codes: dict[str, list[str]]
    figures_for: "Told | None" = None
    year: "Told | None" = None

    def role(self, heading: str) -> str | None:
        """What a heading means; None for one that is not known."""
        return self.meanings.get(plain(heading), (None, ""))[0]

    def near(self, heading: str) -> str:
        """The known heading of a role that looks most like this one, or an empty text."""
        wanted = [known for known, (role, _) in self.meanings.items() if role != IGNORED]
        found = difflib.get_close_matches(plain(heading), wanted, n=1, cutoff=0.75)
        return self.meanings[found[0]][1] if found else ""


class Told(NamedTuple):
    """What somebody said of a period, and where: with an option of the command, or in data/imports.yml."""

    text: str
    by: str


OWN = "data/imports.yml"


def read_mapping(workspace: Workspace) -> Mapping:
    """The package's mapping with the workspace's over it. Raises ``InputError`` for what imports.yml cannot mean."""
    own, meanings = workspace.data / "imports.yml", {}
    files = {_DEFAULTS.name: _DEFAULTS.read_text(encoding="utf-8")}
    if own.is_file():
        files["data/imports.yml"] = InputReader(workspace).text(own)
    for file, text in files.items():
        settings, found = read_settings(ImportSettings, text, file), {}
        for role, headings in [*settings.headings.items(), (IGNORED, settings.ignored)]:
            for heading in headings:
                if found.setdefault(plain(heading), (role, heading))[0] != role:
                    raise InputError(f"{file} gives '{heading}' two meanings. Leave it under one of them.")
        meanings |= found
    told = [Told(text, OWN) if text else None for text in (settings.figures_for, settings.year)]
    return Mapping(meanings, settings.codes, *told)


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

    ``year_kind`` is what the heading over the years says. ``figures_for`` is the period of all figures and ``year`` the
    year of all months where the table itself has none.
    """

    sheet: Sheet
    row: int
    columns: dict[str, int]
    periods: dict[int, str]
    unknown: dict[int, str]
    year_kind: str = "year"
    figures_for: Span | None = None
    year: str = ""

    @property
    def is_complete(self) -> bool:
        if "indicator_code" not in self.columns:
            return False
        return bool(self.periods) or ("value" in self.columns and bool("month" in self.columns or self.figures_for))

    @property
    def known(self) -> int:
        """How many of its headings are known."""
        return len(self.columns) + len(self.periods)

    @property
    def below(self) -> range:
        """The rows below the headings."""
        return range(self.row + 1, len(self.sheet.rows))


def find_layout(sheet: Sheet, mapping: Mapping, years: FinancialYears) -> Layout:
    """The layout under the sheet's first full heading row, or that of the row which comes nearest to one.

    Without columns where no row has a heading for codes beside another that is known. Raises ``InputError`` where a
    row of headings says one thing twice, or has both a column of months and months across.
    """
    nearest = Layout(sheet, 0, {}, {}, {})
    for row in range(min(SEARCHED_ROWS, len(sheet.rows))):
        headings = {column: text for column, text in enumerate(map(as_text, sheet.rows[row])) if text}
        roles = {column: mapping.role(text) for column, text in headings.items()}
        if "indicator_code" not in roles.values():
            continue
        layout = _layout(sheet, row, headings, roles, years)
        if layout.is_complete:
            return layout
        if layout.known > max(nearest.known, 1):
            nearest = layout
    return nearest


def _layout(sheet, row, headings, roles, years):
    columns, periods, unknown, kind = {}, {}, {}, "year"
    is_long = {"month", "value"} <= set(roles.values())
    for column, text in headings.items():
        role = roles[column]
        if role in YEARS:
            role, kind = "year", role
        if role in columns:
            raise InputError(
                f"{sheet.where(row, column)}: the heading '{text}' and '{headings[columns[role]]}' before it say "
                f"the same thing ({role}). Expected one: add the other under ignored in data/imports.yml."
            )
        if role is None:
            is_period = not (is_long and lacks_year(text)) and names_period(text, years)
            (periods if is_period else unknown)[column] = text
        elif role != IGNORED:
            columns[role] = column
    both = " and the ".join(role for role in ("month", "value") if role in columns)
    if periods and both:
        column, text = next(iter(periods.items()))
        raise InputError(
            f"{sheet.where(row, column)}: the heading '{text}' is a period, and another column is for the {both}. "
            "Expected months in one column or across, not both: remove what is not to be read."
        )
    return Layout(sheet, row, columns, periods, unknown, kind)


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
    unused = mapping.figures_for and mapping.figures_for.by != OWN
    remarks = (
        [f"{sheet}: has months of its own, so --figures-for was not used."] if unused and layout.is_complete else []
    )
    texts = layout.periods.values() or [as_text(sheet.value(row, columns.get("month"))) for row in layout.below]
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
        titles = {
            f"cell {column_letters(column)}{row + 1}": as_text(value)
            for row in range(layout.row)
            for column, value in enumerate(self.sheet.rows[row])
        }
        self.others = titles | {"the file's name": Path(self.sheet.file).stem}

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
