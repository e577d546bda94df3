"""The workbook: scorecard and values for people, by the UK Analysis Function's rules for accessible spreadsheets.

A cover sheet, a sheet of notes, one table a sheet and marked as one, no merged and no empty cells, title and language
set. No panes are frozen: they cover the sheet for whoever enlarges it, and a marked table shows its headings anyway.
"""

import io
import re
import zipfile
from pathlib import Path

import pandas as pd

from mpr_lib.report import words
from mpr_lib.run.open_data.columns import NOT_APPLICABLE, NOT_AVAILABLE, SCORECARD, VALUES, Column, said
from mpr_lib.run.open_data.csv_files import known_values
from mpr_lib.run.open_data.sheets import add_cover, add_table

LONGEST = 32_767
"""Characters that a cell may hold."""


def write_workbook(book, scorecard, history, generated: str, path: Path) -> None:
    """Write the workbook; the same inputs give the same bytes."""
    from openpyxl import Workbook

    month, looks = words.month_words(book.month), book.settings.outcomes
    workbook = Workbook()
    workbook.remove(workbook.active)
    add_cover(workbook, cover_lines(book, generated, month), {"Notes": 0, "Scorecard": 1, "Values": 2})
    add_table(workbook, "Notes", ["Notes", _TABLE], ("Column or symbol", "Worksheet", "Meaning"), _notes())
    lines = [f"Scorecard, {month}", f"{_TABLE} One row per indicator.", _SYMBOLS]
    add_table(
        workbook, "Scorecard", lines, [column.heading for column in SCORECARD], table_rows(scorecard, SCORECARD, looks)
    )
    lines = [f"Values known in {month}", f"{_TABLE} One row per indicator and month with a figure.", _SYMBOLS]
    known = known_values(history, book.month)
    add_table(workbook, "Values", lines, [column.heading for column in VALUES], table_rows(known, VALUES, looks))
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
    if column.kind == "boolean":
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
