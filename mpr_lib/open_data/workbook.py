"""The workbook: scorecard and values for people, by the UK Analysis Function's rules for accessible spreadsheets.

A cover sheet, a sheet of notes, one table a sheet and marked as one, no merged and no empty cells, title and language
set. No panes are frozen: they cover the sheet for whoever enlarges it, and a marked table shows its headings anyway.
"""

import io
import re
import zipfile
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo

from mpr_lib import words
from mpr_lib.columns import NOT_APPLICABLE, NOT_AVAILABLE, SCORECARD, VALUES, Column
from mpr_lib.files import put_text
from mpr_lib.open_data.csv_files import known_values, said

LONGEST = 32_767
"""Characters that a cell may hold."""


def write_workbook(book, scorecard, history, generated: str, path: Path) -> None:
    """Write the workbook; the same inputs give the same bytes."""
    month, looks = words.month_words(book.month), book.settings.outcomes
    workbook = Workbook()
    workbook.remove(workbook.active)
    add_cover(workbook, cover_lines(book, generated, month), {"Notes": 0, "Scorecard": 1, "Values": 2})
    add_table(workbook, "Notes", ["Notes", _TABLE], ("Column or symbol", "Worksheet", "Meaning"), _notes())
    for name, title, each, frame, columns in (
        ("Scorecard", "Scorecard,", "indicator", scorecard, SCORECARD),
        ("Values", "Values known in", "indicator and month with a figure", known_values(history, book.month), VALUES),
    ):
        lines = [f"{title} {month}", f"{_TABLE} One row per {each}.", _SYMBOLS]
        add_table(workbook, name, lines, [column.heading for column in columns], table_rows(frame, columns, looks))
    properties = workbook.properties
    properties.title = f"{book.settings.council}: {book.settings.title} {month}"
    properties.language, properties.creator = book.settings.language, book.settings.council
    properties.lastModifiedBy = book.settings.council
    path.write_bytes(_bytes(workbook, generated))


_TABLE = "This worksheet contains one table."
_SYMBOLS = f"{NOT_AVAILABLE} stands for not available, {NOT_APPLICABLE} for not applicable. See the worksheet Notes."


def cover_lines(book, generated: str, month: str) -> list[str]:
    """The cover, line by line; the last three lead to the other sheets."""
    settings, version = book.settings, book.month_settings.version
    contacts = (", ".join(filter(None, (each.name, each.email, each.phone))) for each in settings.contacts)
    lines = [
        f"{settings.title} {month}: scorecard and values",
        settings.council,
        f"Version {version}, generated {generated.replace('T', ' ')[:16]}.",
        f"Published by the {settings.publisher}.",
        *(f"Contact: {contact}" for contact in contacts),
        *filter(None, [settings.alternative_format]),
        *([f"Licence: {settings.licence.title or settings.licence.name}"] if settings.licence else []),
        "The report itself, with charts and comments, is published beside this workbook. The same data are there as "
        "CSV files, whose columns datapackage.json describes.",
        "Worksheets:",
    ]
    return [*lines, "Notes", "Scorecard", "Values"]


def table_rows(frame: pd.DataFrame, columns: tuple[Column, ...], looks) -> list[list]:
    """A table's cells: numbers as numbers, everything else as text, a symbol where a cell would be empty."""
    made = []
    for column in columns:
        names = said(column, looks)
        made.append([_cell(value, column, names) for value in frame.reindex(columns=[column.name])[column.name]])
    return [list(row) for row in zip(*made, strict=True)]


def _cell(value, column, names):
    if isinstance(value, str):
        text = kept(value)
        return names.get(text, text) or column.missing
    if pd.isna(value):
        return column.missing
    if column.type == "boolean":
        return "Yes" if value else "No"
    if isinstance(value, pd.Period):
        return str(value)
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else float(value)


def kept(text: str) -> str:
    """A text without the control characters that a workbook cannot hold, and no longer than a cell may be.

    >>> kept("two\\r\\nlines\\x07")
    'two\\nlines'
    """
    return re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "", text.replace("\r\n", "\n")).strip()[:LONGEST]


def _notes():
    symbols = [
        [NOT_AVAILABLE, "Scorecard and Values", "Not available: not sent, or nothing to work it out from."],
        [NOT_APPLICABLE, "Scorecard and Values", "Not applicable: there is nothing to say here."],
    ]
    sheets = {"Scorecard": SCORECARD, "Values": VALUES}
    return symbols + [
        [column.heading, sheet, column.description] for sheet, columns in sheets.items() for column in columns
    ]


def _bytes(workbook, generated):
    """The file without the time of day at which it was written, which would make every run another file."""
    made, again = io.BytesIO(), io.BytesIO()
    workbook.save(made)
    stamp = f"{generated[:16]}:00Z" if len(generated) >= 16 else f"{generated}T00:00:00Z"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp.encode(), content)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return again.getvalue()


_INK, _LINK = "16212E", "12436D"
_WIDE = 60


def add_cover(workbook, lines: list[str], links: dict[str, int]) -> None:
    """The first sheet: a title, and lines below it; the last ones lead to the sheets that ``links`` names."""
    _styles(workbook)
    sheet = workbook.create_sheet("Cover")
    sheet.column_dimensions["A"].width = 90
    for row, line in enumerate(lines, start=1):
        _put(sheet, row, 1, line, "mpr title" if row == 1 else "mpr text")
    for sheet_name, place in links.items():
        row = len(lines) - len(links) + place + 1
        cell = sheet.cell(row, 1)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet_name}'!A1", display=sheet_name)
        cell.style = "mpr link"


def add_table(workbook, name: str, lines: list[str], headings, rows: list[list]) -> None:
    """A sheet with a title and lines, and directly below them its one table."""
    sheet = workbook.create_sheet(name)
    for row, line in enumerate(lines, start=1):
        _put(sheet, row, 1, line, "mpr title" if row == 1 else "mpr line")
    top = len(lines) + 1
    for column, heading in enumerate(headings, start=1):
        _put(sheet, top, column, heading, "mpr heading")
    for number, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row, start=1):
            _put(sheet, number, column, value, "mpr text" if isinstance(value, str) else "mpr number")
    for column, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _width(heading, [row[column - 1] for row in rows])
    if rows:
        table = Table(displayName=name, ref=f"A{top}:{get_column_letter(len(headings))}{top + len(rows)}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        sheet.add_table(table)
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _put(sheet, row, column, value, style):
    cell = sheet.cell(row, column)
    cell.style = style
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value


def _width(heading, values):
    longest = max((len(line) for value in values for line in str(value).split("\n")), default=0)
    return min(_WIDE, max(longest, *map(len, heading.split())) + 3)


def _styles(workbook):
    body = {"name": "Arial", "size": 12, "color": _INK}
    top, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    for name, font, alignment in (
        ("mpr title", Font(**body | {"size": 16}, bold=True), top),
        ("mpr line", Font(**body), top),
        ("mpr text", Font(**body), wrapped),
        ("mpr number", Font(**body), Alignment(vertical="top", horizontal="right")),
        ("mpr heading", Font(**body, bold=True), Alignment(vertical="bottom", wrap_text=True)),
        ("mpr link", Font(**body | {"color": _LINK}, underline="single"), top),
    ):
        workbook.add_named_style(NamedStyle(name=name, font=font, alignment=alignment))
