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
from mpr_lib.columns import NOT_APPLICABLE, NOT_AVAILABLE, SCORECARD, VALUES
from mpr_lib.files import put_text
from mpr_lib.open_data.csv_files import known_values, said
from mpr_lib.report.palette import LIGHT

LONGEST = 32_767
"""Characters that a cell may hold."""


def write_workbook(book, scorecard, history, generated: str, path: Path) -> None:
    """Write the workbook; the same inputs give the same bytes."""
    month, looks = words.month_words(book.month), book.settings.outcomes
    workbook = Workbook()
    workbook.remove(workbook.active)
    _add_cover(workbook, _cover_lines(book, generated, month), ["Notes", *_SHEETS])
    _add_table(workbook, "Notes", ["Notes", _TABLE], ("Column or symbol", "Worksheet", "Meaning"), _notes())
    frames = {"Scorecard": scorecard, "Values": known_values(book, history)}
    for name, (title, each, columns) in _SHEETS.items():
        lines = [f"{title} {month}", f"{_TABLE} One row per {each}.", _SYMBOLS]
        rows = _table_rows(frames[name], columns, looks)
        _add_table(workbook, name, lines, [column.heading for column in columns], rows)
    properties = workbook.properties
    properties.title = f"{book.settings.council}: {book.settings.title} {month}"
    properties.language, properties.creator = book.settings.language, book.settings.council
    properties.lastModifiedBy = book.settings.council
    path.write_bytes(_bytes(workbook, generated))


_SHEETS = {
    "Scorecard": ("Scorecard,", "indicator", SCORECARD),
    "Values": ("Values known in", "indicator and month with a figure", VALUES),
}
"""The sheets of figures: how their titles begin, what has a row, and the columns."""
_TABLE = "This worksheet contains one table."
_SYMBOLS = f"{NOT_AVAILABLE} stands for not available, {NOT_APPLICABLE} for not applicable. See the worksheet Notes."


def _cover_lines(book, generated, month):
    settings, version = book.settings, book.month_settings.version
    contacts = (", ".join(filter(None, (each.name, each.email, each.phone))) for each in settings.contacts)
    return [
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


def _table_rows(frame, columns, looks):
    """A table's cells: numbers as numbers, everything else as text, a symbol where a cell would be empty."""
    frame = frame.reindex(columns=[column.name for column in columns])
    cells = []
    for column in columns:
        names = said(column, looks)
        cells.append([_cell(value, column, names) for value in frame[column.name]])
    return list(zip(*cells, strict=True))


def _cell(value, column, names):
    if isinstance(value, str | pd.Period):
        text = kept(str(value))
        return names.get(text, text) or column.missing
    if pd.isna(value):
        return column.missing
    if column.type == "boolean":
        return "Yes" if value else "No"
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
    return symbols + [
        [column.heading, name, column.description] for name, (*_, columns) in _SHEETS.items() for column in columns
    ]


def _bytes(workbook, generated):
    """The file without the time of day at which it was written, which would make every run another file."""
    made, again = io.BytesIO(), io.BytesIO()
    workbook.save(made)
    stamp = rf"\g<1>{generated[:16]}:00Z".encode()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", stamp, content)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return again.getvalue()


_INK, _LINK = (LIGHT[name].lstrip("#") for name in ("ink", "link"))
_WIDE = 60


def _add_cover(workbook, lines, names):
    """The first sheet: a title and lines, and below them a link to each of the sheets."""
    _styles(workbook)
    sheet = workbook.create_sheet("Cover")
    sheet.column_dimensions["A"].width = 90
    _put(sheet, 1, [lines[:1]], "mpr title")
    _put(sheet, 2, [[line] for line in lines[1:]])
    _put(sheet, len(lines) + 1, [[name] for name in names], "mpr link")
    for row, name in enumerate(names, start=len(lines) + 1):
        cell = sheet.cell(row, 1)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!A1", display=name)


def _add_table(workbook, name, lines, headings, rows):
    """A sheet with a title and lines, and directly below them its one table."""
    sheet = workbook.create_sheet(name)
    top = len(lines) + 1
    _put(sheet, 1, [lines[:1]], "mpr title")
    _put(sheet, 2, [[line] for line in lines[1:]], "mpr line")
    _put(sheet, top, [headings], "mpr heading")
    _put(sheet, top + 1, rows)
    for column, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _width(heading, [row[column - 1] for row in rows])
    if rows:
        table = Table(displayName=name, ref=f"A{top}:{get_column_letter(len(headings))}{top + len(rows)}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        sheet.add_table(table)
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _put(sheet, top, rows, style=""):
    """Write rows of texts and numbers from a row on, in one style or in those of a table's cells."""
    for number, row in enumerate(rows, start=top):
        for column, value in enumerate(row, start=1):
            cell, is_text = sheet.cell(number, column), isinstance(value, str)
            cell.style = style or ("mpr text" if is_text else "mpr number")
            if is_text:
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
