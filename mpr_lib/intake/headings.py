"""Headings: what they mean, from the package's list and data/imports.yml, and where a sheet has them.

Months stand in rows (long) or across (wide).
"""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from mpr_lib.book.settings import Strict, read_settings, such
from mpr_lib.book.workspace import InputReader, Workspace
from mpr_lib.errors import InputError, MonthTextError
from mpr_lib.intake.periods import read_span
from mpr_lib.intake.spreadsheet import Sheet, as_text
from mpr_lib.rules.months import FinancialYears

IGNORED = "ignored"
_DEFAULTS = Path(__file__).with_name("headings.yml")


Role = Annotated[
    str, such("indicator_code|month|year|value|note", "Expected indicator_code, month, year, value or note")
]


class ImportSettings(Strict):
    """data/imports.yml: headings by what they hold, headings to pass over, and other ways of writing codes."""

    headings: dict[Role, list[str]] = Field({})
    ignored: list[str] = Field([])
    codes: dict[str, list[str]] = Field({})


@dataclass(frozen=True)
class Mapping:
    """What each heading means (a role, or ``ignored``) and how it is written, by its plain form; writings of codes."""

    meanings: dict[str, tuple[str, str]]
    codes: dict[str, list[str]]

    def role(self, heading: str) -> str | None:
        """What a heading means; None for one that is not known."""
        return self.meanings.get(plain(heading), (None, ""))[0]

    def near(self, heading: str) -> str:
        """The known heading of a role that looks most like this one, or an empty text."""
        wanted = [known for known, (role, _) in self.meanings.items() if role != IGNORED]
        found = difflib.get_close_matches(plain(heading), wanted, n=1, cutoff=0.75)
        return self.meanings[found[0]][1] if found else ""


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
    return Mapping(meanings, settings.codes)


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
    """A sheet's heading row, the column of each role, and the texts of the periods that stand across."""

    sheet: Sheet
    row: int
    columns: dict[str, int]
    periods: dict[int, str]
    unknown: dict[int, str]

    @property
    def is_complete(self) -> bool:
        return "indicator_code" in self.columns and bool(self.periods or {"month", "value"} <= self.columns.keys())

    @property
    def known(self) -> int:
        """How many of its headings are known."""
        return len(self.columns) + len(self.periods)


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
    columns, periods, unknown = {}, {}, {}
    year = years.label(2018) if "year" in roles.values() else ""
    for column, text in headings.items():
        role = roles[column]
        if role in columns:
            raise InputError(
                f"{sheet.where(row, column)}: the heading '{text}' and '{headings[columns[role]]}' before it say "
                f"the same thing ({role}). Expected one: add the other under ignored in data/imports.yml."
            )
        if role is None:
            (periods if _is_period(text, year, years) else unknown)[column] = text
        elif role != IGNORED:
            columns[role] = column
    both = " and the ".join(role for role in ("month", "value") if role in columns)
    if periods and both:
        column, text = next(iter(periods.items()))
        raise InputError(
            f"{sheet.where(row, column)}: the heading '{text}' is a period, and another column is for the {both}. "
            "Expected months in one column or across, not both: remove what is not to be read."
        )
    return Layout(sheet, row, columns, periods, unknown)


def _is_period(text, year, years):
    try:
        return bool(read_span(text, year, years))
    except MonthTextError:
        return False


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
            problems.append(
                f"{sheet.where(layout.row)}: no heading says where {wanted[role]} is.{unknown} "
                f"Add the right one to data/imports.yml under {role}."
            )
    return problems


def _seen(sheet, mapping):
    for row, values in enumerate(sheet.rows[:SEARCHED_ROWS]):
        for column, value in enumerate(values):
            near = mapping.near(value) if isinstance(value, str) and 3 < len(value) < 40 else ""
            if near and not mapping.role(value):
                return f" {sheet.where(row, column)} has '{value.strip()}', which is near '{near}'."
    return ""
