"""Cells: one sheet's cells, each with the place that messages name and the text that the officer saw."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from mpr_lib.errors import ValueTextError
from mpr_lib.intake.number_formats import beyond, date_text, shown_text, stored_text
from mpr_lib.rules.values import ValueRead

Place = tuple[int, int]
"""Row and column, both from 0."""


UNSAVED = (
    "holds a formula whose result was not saved, and formulas are not worked out here. "
    "Expected a figure: open the file in a spreadsheet, save it and import it again."
)
"""Why the text of a cell is refused that holds such a formula."""
LINKED = (
    "has a formula that uses links to other files, or may rest on a cell that does, so it may be out of date. "
    "Expected a figure of this file: break the links (in Excel: Data, Edit links), save it and import it again."
)
"""Why the text of a cell is refused that holds such a formula."""
STRUCK = "is struck out, so nobody can tell whether it stands. Expected it without the line, or the cell empty."
"""Why nothing is taken of what is struck out, whole or in part."""
BY_HAND = "works out its formulas only when it is asked to, so figures may be out of date"
AGAIN = "is to be worked out again when it is opened, so results of its formulas may be out of date"
"""Remarks on a sheet with formulas."""


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet, or of a text file (which has no ``name``), from A1 on; rows may differ in length.

    Of single cells: ``formats`` has the number formats that are not General, ``shown`` the text where the file itself
    says it (a spreadsheet's error, any number of an .ods file), and ``refused`` why a text cannot be taken.
    ``hidden`` has the rows (row, None) and columns (None, column) that the officer does not see (hidden or filtered).
    ``struck`` has the cells that are struck out, whole or in part, and ``comments`` what comments on cells say.
    ``split`` has the cells that may be an end of the one before: 544 of 1,544 without quotes. ``raw`` has the file's
    bytes, of which all that was read.
    """

    file: str
    name: str
    rows: list[list]
    shown: dict[Place, str] = field(default_factory=dict)
    formats: dict[Place, str] = field(default_factory=dict)
    refused: dict[Place, str] = field(default_factory=dict)
    remark: str = ""
    split: frozenset[Place] = frozenset()
    hidden: set[tuple[int | None, int | None]] = field(default_factory=set)
    struck: set[Place] = field(default_factory=set)
    comments: dict[Place, str] = field(default_factory=dict)
    raw: bytes = field(default=b"", repr=False, compare=False)

    def where(self, row: int, column: int | None = None) -> str:
        """The place for messages: file, sheet and cell, or the row where no single cell is meant."""
        return f"{self}, {f'row {row + 1}' if column is None else cell_name(row, column)}"

    def __str__(self):
        return f"{self.file}, sheet '{self.name}'" if self.name else self.file

    def value(self, row: int, column: int | None):
        """What the cell holds: a text, a number, a date …, or None where there is no such cell."""
        return self.rows[row][column] if column is not None and column < len(self.rows[row]) else None

    def text(self, row: int, column: int | None) -> str:
        """What the cell shows, without spaces at its ends; a date as ISO, without its year where none is shown.

        Raises ``ValueTextError`` where that cannot be told: a formula without result, a format that is not understood,
        and where it is struck out.
        """
        value, place = self.value(row, column), (row, column)
        if place in self.refused:
            raise ValueTextError(self.refused[place])
        if place in self.struck:
            raise ValueTextError(STRUCK)
        if place in self.shown:
            return self.shown[place].strip()
        code = self.formats.get(place, "")
        if isinstance(value, date):
            return date_text(value, code)
        if code and (_is_number(value) or isinstance(value, str)):
            return shown_text(value, code).strip()
        return as_text(value)

    def seen(self, row: int, column: int | None) -> str:
        """What the cell shows, or else what it holds, for a person to find it again."""
        try:
            return self.text(row, column)
        except ValueTextError:
            return as_text(self.value(row, column))

    def texts(self, row: int) -> dict[int, str]:
        """What a row shows, by column, where there is such a row; blank cells have no text."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else []
        return {column: text for column in range(len(cells)) if (text := self.seen(row, column))}

    def beyond(self, row: int, column: int, read: ValueRead) -> str:
        """What the cell holds beyond what was read of it; empty where it shows all. Raises ``ValueTextError``."""
        value, place = self.value(row, column), (row, column)
        if _is_number(value):
            return beyond(read, value, self.formats.get(place, ""))
        return "" if read.text == as_text(value) or place in self.shown else as_text(value)

    def is_filled(self, row: int, column: int | None) -> bool:
        """Whether the cell holds anything."""
        return (row, column) in self.shown or (row, column) in self.refused or bool(as_text(self.value(row, column)))


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_text(value) -> str:
    """A cell's value as text: whole numbers without a point, dates as ISO.

    >>> from datetime import date
    >>> as_text(1544.0), as_text(True), as_text(date(2018, 6, 1)), as_text(" 83% ")
    ('1544', 'TRUE', '2018-06-01', '83%')
    """
    if isinstance(value, str):
        return value.strip()
    if _is_number(value):
        return stored_text(value)
    return "" if value is None else str(value).upper() if isinstance(value, bool) else str(value)


def cell_name(row: int, column: int) -> str:
    """A cell as messages name it."""
    return f"cell {column_letters(column)}{row + 1}"


def day_or_moment(moment: datetime) -> date:
    """What a cell of a date holds: the day alone where it has no time."""
    return moment if any(moment.timetuple()[3:6]) else moment.date()


@cache
def column_letters(column: int) -> str:
    """A column as spreadsheets name it.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_UNTOLD = re.compile(r"INDIRECT|\w\[|:\$?'?\w[^!:,()\]]*['!.]", re.IGNORECASE)
"""What a formula refers to without its name: a text that names it, a table, the sheets between two."""


def refuse_linked(sheets: Iterable[Sheet], names: dict[str, str], formulas: dict[str, dict[Place, str]], link: str):
    """Refuse the formulas of each sheet that may rest on a link to another file; ``link`` is how one is written.

    ``formulas`` are those of each sheet, and ``names`` what each name of the workbook stands for.
    """
    texts = {name: "\n".join(dict.fromkeys(places.values())) for name, places in formulas.items()}
    linked = rest_on_links(names | texts, link)
    for sheet in sheets:
        if sheet.name in linked:
            sheet.refused.update(dict.fromkeys(formulas.get(sheet.name, ()), LINKED))


def rest_on_links(formulas: dict[str, str], link: str) -> set[str]:
    """Which sheets and names have a formula with a link to another file, or one that refers to such a sheet or name.

    ``formulas`` has all that each of them works out, as one text; ``link`` is how a link is written. Where a formula
    does not say what it refers to, it may be any of them.

    >>> sorted(rest_on_links({"Work": "[1]Src!A1", "June": "Work!A1*2", "May": "SUM(A1:A9)"}, r"\\[\\d+\\]"))
    ['June', 'Work']
    """
    found = {name for name, text in formulas.items() if re.search(link, text)}
    more = found
    while more:
        written = [name.replace("'", "''") for name in found]
        rest = {name: text for name, text in formulas.items() if name not in found}
        more = {name for name, text in rest.items() if _UNTOLD.search(text) or any(each in text for each in written)}
        found = found | more
    return found
