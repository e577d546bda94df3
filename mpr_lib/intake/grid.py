"""Grids: one sheet's cells, each with the place that messages name and the text that the officer saw."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from mpr_lib.errors import ValueTextError
from mpr_lib.intake.numbers import stored_text

Place = tuple[int, int]
"""Row and column, both from 0."""


@dataclass(frozen=True)
class Marks:
    """What a sheet says about its cells beside their values.

    ``shown``: numbers as their formats show them. ``errors``: a spreadsheet's errors such as #DIV/0!. ``unsaved``:
    formulas whose result was not saved with them; no formula is ever worked out here.
    """

    shown: dict[Place, str] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)
    unsaved: set[Place] = field(default_factory=set)


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet, or of a text file (which has no ``name``), from A1 on; rows may differ in length."""

    file: str
    name: str
    rows: list[list]
    marks: Marks = field(default_factory=Marks)
    remark: str = ""

    def where(self, row: int, column: int | None = None) -> str:
        """The place for messages: file, sheet and cell, or the row where no single cell is meant."""
        cell = f"row {row + 1}" if column is None else f"cell {column_letters(column)}{row + 1}"
        return f"{self}, {cell}"

    def __str__(self):
        return f"{self.file}, sheet '{self.name}'" if self.name else self.file

    def value(self, row: int, column: int | None):
        """What the cell holds: a text, a number, a date …, or an empty text where there is no such cell."""
        if column is None or column >= len(self.rows[row]):
            return ""
        found = self.rows[row][column]
        return "" if found is None else found

    def text(self, row: int, column: int | None) -> str:
        """What the cell shows, without spaces at its ends. Raises ``ValueTextError`` for a formula without result."""
        if (row, column) in self.marks.unsaved:
            raise ValueTextError(
                "holds a formula whose result was not saved, and formulas are not worked out here. "
                "Expected a figure: open the file in a spreadsheet, save it and import it again."
            )
        error = self.marks.errors.get((row, column))
        return error or self.marks.shown.get((row, column)) or as_text(self.value(row, column))

    def is_number(self, row: int, column: int | None) -> bool:
        """Whether the cell holds a number rather than a text."""
        value = self.value(row, column)
        return isinstance(value, int | float) and not isinstance(value, bool)

    def is_blank(self, row: int) -> bool:
        """Whether a row holds nothing at all."""
        return not any(map(as_text, self.rows[row])) and row not in self._marked

    @cached_property
    def _marked(self) -> set[int]:
        return {row for row, _ in (*self.marks.errors, *self.marks.unsaved)}


def as_text(value) -> str:
    """A cell's value as text: whole numbers without a point, dates as ISO.

    >>> as_text(1544.0), as_text(True), as_text(date(2018, 6, 1)), as_text(" 83% ")
    ('1544', 'TRUE', '2018-06-01', '83%')
    """
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float | Decimal):
        return stored_text(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat().replace("T", " ")
    return str(value) if isinstance(value, timedelta) else f"{value}".strip()


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


def column_number(letters: str) -> int:
    """The column that letters name, from 0.

    >>> column_number("A"), column_number("XFD")
    (0, 16383)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
