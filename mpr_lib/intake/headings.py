"""Headings: what they mean, from the package's list and data/imports.yml, and where a sheet has them.

Months stand in rows (long) or across (wide).
"""

import difflib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import Field

from mpr_lib.book.settings import Strict, read_settings
from mpr_lib.book.workspace import Workspace
from mpr_lib.errors import InputError, MonthTextError
from mpr_lib.intake.periods import read_period
from mpr_lib.intake.spreadsheet import Sheet, as_text
from mpr_lib.rules.months import FinancialYears

ROLES = ("indicator_code", "month", "year", "value", "note")
IGNORED = "ignored"
_DEFAULTS = Path(__file__).with_name("headings.yml")


class Headings(Strict):
    indicator_code: list[str] = Field([])
    month: list[str] = Field([])
    year: list[str] = Field([])
    value: list[str] = Field([])
    note: list[str] = Field([])


class ImportSettings(Strict):
    """data/imports.yml: headings by what they hold, headings to pass over, and other ways of writing codes."""

    headings: Headings = Field(Headings())
    ignored: list[str] = Field([])
    codes: dict[str, list[str]] = Field({})


@dataclass(frozen=True)
class Mapping:
    """What each heading means (a role, or ``ignored``), by its plain form; other writings of codes."""

    roles: dict[str, str]
    names: dict[str, str]
    codes: dict[str, list[str]]

    def role(self, heading: str) -> str | None:
        """What a heading means; None for one that is not known."""
        return self.roles.get(plain(heading))

    def near(self, heading: str) -> str:
        """The known heading of a role that looks most like this one, or an empty text."""
        wanted = [known for known, role in self.roles.items() if role in ROLES]
        found = difflib.get_close_matches(plain(heading), wanted, n=1, cutoff=0.75)
        return self.names[found[0]] if found else ""


def read_mapping(workspace: Workspace) -> Mapping:
    """The package's mapping with the workspace's over it. Raises ``InputError`` for what imports.yml cannot mean."""
    path, file = workspace.data / "imports.yml", "data/imports.yml"
    roles, names = {}, {}
    _add(_read(_DEFAULTS, _DEFAULTS.name), roles, names)
    if not path.is_file():
        return Mapping(roles, names, {})
    own = _read(path, file)
    twice = _twice(own)
    if twice:
        raise InputError(f"{file} gives '{twice}' two meanings. Leave it under one of them.")
    _add(own, roles, names)
    return Mapping(roles, names, own.codes)


def plain(heading: str) -> str:
    """A heading without what officers vary: capitals, spaces, punctuation and curly quotes.

    >>> plain("Month\u2019s  Value:"), plain("indicator_code"), plain("PI-Code *")
    ('months value', 'indicator code', 'pi code')
    """
    text = re.sub(r"['’‘`]", "", str(heading).lower())
    return " ".join(re.sub(r"[^\w%£]|_", " ", text).split())


def _read(path, file):
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{file} is not UTF-8. Save it as UTF-8.") from None
    return read_settings(ImportSettings, text, file)


def _meanings(settings):
    for role in ROLES:
        yield from ((heading, role) for heading in getattr(settings.headings, role))
    yield from ((heading, IGNORED) for heading in settings.ignored)


def _twice(settings) -> str:
    known = {}
    for heading, role in _meanings(settings):
        if known.setdefault(plain(heading), role) != role:
            return heading
    return ""


def _add(settings, roles, names):
    for heading, role in _meanings(settings):
        roles[plain(heading)] = role
        names[plain(heading)] = heading


SEARCHED_ROWS = 60
"""How many rows from the top the headings may stand below titles and blank lines."""

_NAMED = re.compile(
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|"
    r"dec(ember)?|(q(uarter|tr)? ?)[1-4]",
    re.IGNORECASE,
)
_NEEDED = {"indicator_code": "the indicator's code", "month": "the month", "value": "the figure"}


@dataclass(frozen=True)
class Layout:
    """The heading row, the column of each role, and the texts of the periods that stand across."""

    row: int
    columns: dict[str, int]
    periods: dict[int, str]
    unknown: dict[int, str]

    @property
    def is_complete(self) -> bool:
        return "indicator_code" in self.columns and bool(self.periods or {"month", "value"} <= self.columns.keys())

    def known(self) -> int:
        return len(self.columns) + len(self.periods)


def find_layout(sheet: Sheet, mapping: Mapping, years: FinancialYears) -> Layout | None:
    """The layout under the sheet's first full heading row, or that of the row which comes nearest to one.

    None where no row has a heading for codes beside another that is known. Raises ``InputError`` where a row of
    headings says one thing twice, or has both a column of months and months across.
    """
    nearest = None
    for row in range(min(SEARCHED_ROWS, len(sheet.rows))):
        headings = {column: as_text(value) for column, value in enumerate(sheet.rows[row])}
        roles = {column: mapping.role(text) for column, text in headings.items() if text}
        if "indicator_code" not in roles.values():
            continue
        layout = _layout(sheet, row, roles, headings, years)
        if layout.is_complete:
            _check(layout, sheet)
            return layout
        if layout.known() > (nearest.known() if nearest else 0) + (not nearest):
            nearest = layout
    return nearest


def what_is_missing(layout: Layout | None, sheet: Sheet, mapping: Mapping) -> list[str]:
    """Messages for headings that are missing, each with what stands in their place."""
    if not layout:
        return [
            f"{sheet}: no heading row was found in the first {SEARCHED_ROWS} rows. Expected headings such as Code, "
            f"Month and Value, or a column for each month.{_seen(sheet, mapping)}"
        ]
    problems = []
    for role in (role for role in _NEEDED if role not in layout.columns):
        close = [
            (column, text, mapping.near(text))
            for column, text in layout.unknown.items()
            if mapping.role(mapping.near(text)) == role
        ]
        for column, text, near in close:
            problems.append(
                f"{sheet.where(layout.row, column)}: does not know the heading '{text}'. Expected one such as '{near}'"
                f": correct it, or add it to data/imports.yml under {role}."
            )
        if not close:
            found = ", ".join(layout.unknown[column] for column in sorted(layout.unknown))
            unknown = f" Unknown headings: {found}." if found else ""
            problems.append(
                f"{sheet.where(layout.row)}: no heading says where {_NEEDED[role]} is.{unknown} "
                f"Add the right one to data/imports.yml under {role}."
            )
    return problems


def _layout(sheet, row, roles, headings, years):
    columns, periods, unknown = {}, {}, {}
    has_year = "year" in roles.values()
    for column, role in roles.items():
        text = headings[column]
        if role and role != IGNORED:
            if role in columns:
                raise InputError(
                    f"{sheet.where(row, column)}: the heading '{text}' and '{headings[columns[role]]}' before it say "
                    f"the same thing ({role}). Expected one: add the other under ignored in data/imports.yml."
                )
            columns[role] = column
        elif role is None and _is_period(sheet.rows[row][column], text, has_year, years):
            periods[column] = text
        elif role is None:
            unknown[column] = text
    return Layout(row, columns, periods, unknown)


def _is_period(value, text, has_year, years):
    if isinstance(value, date) or (has_year and _NAMED.fullmatch(text)):
        return True
    try:
        return bool(read_period(text, years))
    except MonthTextError:
        return False


def _check(layout, sheet):
    both = {"month", "value"} & layout.columns.keys()
    if layout.periods and both:
        column = min(layout.periods)
        raise InputError(
            f"{sheet.where(layout.row, column)}: the heading '{layout.periods[column]}' is a period, and another "
            f"column is for the {' and the '.join(sorted(both))}. Expected months in one column or across, not both: "
            "remove what is not to be read."
        )


def _seen(sheet, mapping):
    for row in range(min(SEARCHED_ROWS, len(sheet.rows))):
        for column, value in enumerate(sheet.rows[row]):
            near = mapping.near(as_text(value)) if isinstance(value, str) and 3 < len(value) < 40 else ""
            if near and not mapping.role(value):
                return f" {sheet.where(row, column)} has '{value.strip()}', which is near '{near}'."
    return ""
