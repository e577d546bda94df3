"""Cells: one sheet's cells, each with the place that messages name and the text that the officer saw."""

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

from mpr_lib.errors import ValueTextError

Place = tuple[int, int]
"""Row and column, both from 0."""


UNSAVED = (
    "holds a formula whose result was not saved, and formulas are not worked out here. "
    "Expected a figure: open the file in a spreadsheet, save it and import it again."
)
"""What a cell shows that holds such a formula, and what is said of it."""


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet, or of a text file (which has no ``name``), from A1 on; rows may differ in length.

    ``shown`` has what a cell shows where that is not its value: a number in its format, a spreadsheet's error such as
    #DIV/0!, or ``UNSAVED``. ``split`` has the cells that may be an end of the one before: 544 of 1,544 without quotes.
    """

    file: str
    name: str
    rows: list[list]
    shown: dict[Place, str] = field(default_factory=dict)
    remark: str = ""
    split: frozenset[Place] = frozenset()

    def where(self, row: int, column: int | None = None) -> str:
        """The place for messages: file, sheet and cell, or the row where no single cell is meant."""
        cell = f"row {row + 1}" if column is None else f"cell {column_letters(column)}{row + 1}"
        return f"{self}, {cell}"

    def __str__(self):
        return f"{self.file}, sheet '{self.name}'" if self.name else self.file

    def value(self, row: int, column: int | None):
        """What the cell holds: a text, a number, a date …, or None where there is no such cell."""
        return self.rows[row][column] if column is not None and column < len(self.rows[row]) else None

    def text(self, row: int, column: int | None) -> str:
        """What the cell shows, without spaces at its ends. Raises ``ValueTextError`` for a formula without result."""
        shown = self.shown.get((row, column))
        if shown == UNSAVED:
            raise ValueTextError(UNSAVED)
        return shown or as_text(self.value(row, column))

    def is_filled(self, row: int, column: int | None) -> bool:
        """Whether the cell holds anything."""
        return (row, column) in self.shown or bool(as_text(self.value(row, column)))


def as_text(value) -> str:
    """A cell's value as text: whole numbers without a point, dates as ISO.

    >>> from datetime import date
    >>> as_text(1544.0), as_text(True), as_text(date(2018, 6, 1)), as_text(" 83% ")
    ('1544', 'TRUE', '2018-06-01', '83%')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return stored_text(value)
    return "" if value is None else str(value).strip()


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


BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
BUILT_IN |= {37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "£#,##0"}
BUILT_IN |= {43: "#,##0.00", 44: "£#,##0.00", 5: "£#,##0", 6: "£#,##0", 7: "£#,##0.00", 8: "£#,##0.00"}
_DATE = re.compile(r'[ymdhs](?=(?:[^"]*"[^"]*")*[^"]*$)', re.IGNORECASE)
_SIMPLE = re.compile(r"(?P<money>[£€$]?)\s*(?:#(?P<comma>,)##|#?)0(?P<decimals>\.0+)?\s*(?P<percent>%?)")


def stored_text(number) -> str:
    """A number as short as it is exact, to the fifteen digits that a spreadsheet keeps.

    >>> stored_text(0.1 + 0.2), stored_text(1544.0), stored_text(1e20)
    ('0.3', '1544', '100000000000000000000')
    """
    return f"{_exact(number):f}"


def shown_text(number, code: str) -> str:
    """A number as a cell with this number format shows it; as stored where the format is none of the usual ones.

    A percentage is never without its sign. The negative and zero sections of a format are left out of account.

    >>> shown_text(0.8333, "0.0%"), shown_text(1544, "#,##0"), shown_text(-5, '"£"#,##0.00'), shown_text(3.5, "General")
    ('83.3%', '1,544', '-£5.00', '3.5')
    """
    exact = _exact(number)
    if not exact.is_finite():
        return str(exact)
    money, comma, places, percent = _read_format(code)
    exact = exact * 100 if percent else exact
    if places is None:
        return stored_text(exact) + percent
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=400))
    return f"{'-' if rounded < 0 else ''}{money}{abs(rounded):{comma}f}{percent}"


def format_code(code: str) -> str:
    """The code of a number format that decides what a figure looks like; empty for General, text and dates.

    >>> format_code("dd/mm/yyyy"), format_code('0 "days"'), format_code("[Red]0%"), format_code("@")
    ('', '0 "days"', '[Red]0%', '')
    """
    dated = _DATE.search(re.sub(r"\[[^\]]*\]|\\.", "", code))
    return "" if dated or code in ("General", "@") else code


def rounded_away(shown: str, number) -> str:
    """What a cell holds beyond the digits that it shows, as text; empty where it shows all of them.

    >>> rounded_away("83%", 0.834), rounded_away("83%", 0.83), rounded_away("1,544", 1544.0)
    ('83.4%', '', '')
    """
    sign = "%" if shown.endswith("%") else ""
    exact = _exact(number) * (100 if sign else 1)
    try:
        same = Decimal(re.sub(r"[^\d.-]", "", shown)) == exact
    except InvalidOperation:
        return ""
    return "" if same else stored_text(exact) + sign


def _exact(number) -> Decimal:
    """A number to fifteen digits, without zeros at its end.

    A spreadsheet keeps no more; what comes after them is an artefact of storing decimals as halves of halves.
    """
    return Decimal(f"{number:.15g}").normalize() + 0


@lru_cache(maxsize=1000)
def _read_format(code: str) -> tuple[str, str, int | None, str]:
    """A number format as money sign, comma, decimals (None where it is none of the usual ones), percent sign."""
    first = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[0]
    plain = re.sub(r"\[\$([^\]-]*)[^\]]*\]", r"\1", first)
    plain = re.sub(r'\[[^\]]*\]|_.|\*.|\\(?=.)|"', "", plain).strip()
    found = _SIMPLE.fullmatch(plain)
    if not found:
        return "", "", None, "%" if "%" in plain else ""
    return found["money"], found["comma"] or "", len(found["decimals"] or ".") - 1, found["percent"]
