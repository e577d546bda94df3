"""The workbook: scorecard, values and points for people, by the UK Analysis Function's rules for spreadsheets.

It opens with what readers of the report want, in the report's columns and words, and with its signals; a cover, notes
and all of the data follow. One table a sheet and marked as one, no merged and no empty cells, title and language set,
headings frozen.
"""

import io
import re
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.book.book import marked
from mpr_lib.columns import NOT_APPLICABLE, NOT_AVAILABLE, POINTS, SCORECARD, SHOWN, TABLES, VALUES
from mpr_lib.files import put_text, repacked
from mpr_lib.open_data.csv_files import known_values, published, said, said_in
from mpr_lib.report import signal_words
from mpr_lib.report.palette import LIGHT
from mpr_lib.report.prose import plain_text, read_prose
from mpr_lib.report.sections import cells

LONGEST = 32_767
"""Characters that a cell may hold."""


def write_workbook(book, scorecard, history, points, generated: str, path: Path) -> None:
    """Write the workbook; the same inputs give the same bytes."""
    month, looks = words.month_words(book.month), book.settings.outcomes
    workbook = Workbook()
    workbook.remove(workbook.active)
    _styles(workbook)
    title = f"{book.settings.council}: {book.settings.title} {month}"
    rows = words.worded(words.as_printed(marked(scorecard, book, "latest_month")), looks)
    _add_table(workbook, "Summary", [title, f"{_TABLE} One row per indicator."], *_as_read(book, rows), beside=1)
    lines = [f"Signals, {month}", f"{_TABLE} One row per indicator. {_SIGNALS_SAY}"]
    _add_table(workbook, "Signals", lines, *_signals(rows, points), beside=2)
    more = more_sheets(book, scorecard)
    _add_cover(workbook, _cover_lines(book, generated, month), ["Summary", "Signals", *more, "Notes", *_SHEETS])
    for name, (holds, headings, made) in more.items():
        lines = [f"{name}, {month}", f"{_TABLE} {holds}"]
        _add_table(workbook, name, lines, headings, [[kept(text) or NOT_APPLICABLE for text in row] for row in made])
    frames = {"Scorecard": scorecard, "Values": known_values(book, history), "Points": points}
    shown = {name: said_in(frames[name], columns) for name, (*_, columns) in _SHEETS.items()}
    _add_table(workbook, "Notes", ["Notes", _TABLE], ("Column or symbol", "Worksheet", "Meaning"), _notes(shown))
    for name, (begins, each, _) in _SHEETS.items():
        columns = shown[name]
        lines = [f"{begins} {month}", f"{_TABLE} One row per {each}. {_SYMBOLS}"]
        rows = _table_rows(frames[name], columns, looks, book.settings.years)
        _add_table(workbook, name, lines, [column.heading for column in columns], rows, beside=2)
    properties = workbook.properties
    properties.title = title
    properties.language, properties.creator = book.settings.language, book.settings.council
    properties.lastModifiedBy = book.settings.council
    path.write_bytes(_bytes(workbook, generated))


def more_sheets(book, scorecard) -> dict[str, tuple]:
    """The sheets that other annexes bring, by name: a line that says what they hold, headings and rows."""
    return {name: sheet for sheets in brought("sheets").values() for name, sheet in sheets(book, scorecard).items()}


_SHEETS = {
    "Scorecard": ("Scorecard,", "indicator", SCORECARD),
    "Values": ("Values known in", "indicator and month with a figure", VALUES),
    "Points": ("Points of process charts,", "indicator and month of its process chart", POINTS),
}
"""The sheets of figures: how their titles begin, what has a row, and the columns."""
_TABLE = "This worksheet contains one table."
_SIGNALS_SAY = f"None of it changes a rating. {NOT_APPLICABLE} stands for not applicable. See the worksheet Notes."
_SYMBOLS = f"{NOT_AVAILABLE} stands for not available, {NOT_APPLICABLE} for not applicable. See the worksheet Notes."


def _cover_lines(book, generated, month):
    settings, version = book.settings, words.version_number(book.month_settings.version)
    contacts = (", ".join(filter(None, (each.name, each.email, each.phone))) for each in settings.contacts)
    return [
        f"{settings.title} {month}: scorecard, signals and values",
        settings.council,
        f"Version {version}, generated {words.day_words(generated[:10])} {generated[11:16]}.",
        f"Published by the {settings.publisher}.",
        *(f"Contact: {contact}" for contact in contacts),
        *filter(None, [settings.alternative_format]),
        *([f"Licence: {settings.licence.title or settings.licence.name}"] if settings.licence else []),
        "The report itself, with charts and comments, is published beside this workbook. The same data are there as "
        "CSV files, whose columns datapackage.json describes.",
        "Worksheets:",
    ]


def _as_read(book, rows):
    """The headings and rows of Section 1's columns, over every indicator, in the words of the report."""
    years = book.settings.years
    ends = dict.fromkeys(years.label(years.of(row.latest_month)) for row in rows.itertuples() if row.annual_target_text)
    keys = book.settings.columns.exceptions or TABLES["exceptions"]
    filled = {"year": words.joined(list(ends), "or"), "than": words.direction_heading(rows)}
    made = [[_READ[key](row, years, ends) for key in keys if key in _READ] for row in rows.itertuples()]
    headings = [SHOWN[key].heading.format(**filled).strip() for key in keys if key in _READ]
    return headings, [[kept(text) for text in row] for row in made]


def _signals(rows, points):
    """The headings and rows of what signals and forecasts say, over every indicator, in the words of the report."""
    own = dict(tuple(points.groupby("indicator_code")))
    made = [[say(row, own.get(row.indicator_code)) or NOT_APPLICABLE for say in _SIGNALS.values()]
            for row in rows.itertuples()]  # fmt: skip
    return list(_SIGNALS), [[kept(text) for text in row] for row in made]


def _on_target(row):
    if pd.isna(row.months_with_target) or not row.months_with_target:
        return ""
    return f"{row.months_on_target:.0f} of {row.months_with_target:.0f}"


def _no_forecast(row):
    why = words.WHY_NO_FORECAST.get(row.forecast_reason)
    return f"No forecast: {why}." if why else ""


_USUAL = "Usual from and to"
_SIGNALS = {
    SHOWN["code"].heading: lambda row, _: row.indicator_code,
    SHOWN["name"].heading: lambda row, _: row.short_name or row.indicator_code,
    "Has it really changed?": lambda row, _: words.VARIATIONS[row.variation],
    "Why": lambda row, own: signal_words.variation_words(row, own) or signal_words.not_judged_words(row),
    _USUAL: lambda row, _: signal_words.usual_words(row) if row.lower_limit == row.lower_limit else "",
    "Can the target be met as things are?": lambda row, _: (
        "" if row.assurance == "NOT_JUDGED" else words.ASSURANCES[row.assurance]
    ),
    "Months on target": lambda row, _: _on_target(row),
    "Where does the year end?": lambda row, _: signal_words.forecast_words(row) or _no_forecast(row),
    "Early warning": lambda row, _: signal_words.warning_words(row),
}
"""What the sheet of signals says of an indicator, by heading; its points are those of ``points``."""


def _annual_words(row, years, ends):
    year = f" ({years.label(years.of(row.latest_month))})" if row.annual_target_text and len(ends) > 1 else ""
    return f"{row.annual_target_text or words.RATINGS['NO_TARGET']}{year}"


_READ = {
    "code": lambda row, *_: row.indicator_code,
    "name": lambda row, *_: f"{row.short_name or row.indicator_code} [{cells.basis_of(row)}]".removesuffix(" []"),
    "polarity": lambda row, *_: cells.polarity_of(row),
    "month": lambda row, *_: words.month_words(row.latest_month),
    "value": lambda row, *_: cells.value_cell(row)["text"],
    "target": lambda row, *_: row.target_text or words.RATINGS["NO_TARGET"],
    "annual": _annual_words,
    "outcome": lambda row, *_: ". ".join(
        filter(None, (row.outcome_label + ", judged" * row.judged, cells.judged(row)))
    ),
    "direction": lambda row, *_: cells.direction_cell(row)["text"],
    "managed_by": lambda row, *_: row.managed_by or words.NOT_STATED,
    "committee": lambda row, *_: row.scrutiny_committee or words.NOT_STATED,
    "comment": lambda row, *_: plain_text(read_prose(words.comment_words(row))) or words.NO_COMMENT,
}
"""What the readers' sheet says of an indicator, by the keys of the report's columns; a drawing has no cell."""


def _table_rows(frame, columns, looks, years):
    """A table's cells: numbers as numbers, everything else as text, a symbol where a cell would be empty."""
    frame = published(frame, columns)
    made = []
    for column in columns:
        names, values = said(column, looks), frame[column.name]
        values = values.map(years.label) if column.name == "financial_year" else values
        made.append([_cell(value, column, names) for value in values])
    return list(zip(*made, strict=True))


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


def _notes(shown):
    symbols = [
        [NOT_AVAILABLE, words.joined(list(_SHEETS)), "Not available: not sent, or nothing to work it out from."],
        [NOT_APPLICABLE, words.joined(["Signals", *_SHEETS]), "Not applicable: there is nothing to say here."],
    ]
    usual = [_USUAL, "Signals", words.USUAL_LIMITS_MEANING]
    return [*symbols, usual] + [
        [column.heading, name, column.description] for name, columns in shown.items() for column in columns
    ]


def _bytes(workbook, generated):
    made = io.BytesIO()
    workbook.save(made)
    stamp = rf"\g<1>{generated[:16]}:00Z".encode()

    def stamped(name, part):
        is_core = name == "docProps/core.xml"
        return re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", stamp, part) if is_core else part

    return repacked(made.getvalue(), stamped)


_INK, _LINK = (LIGHT[name].lstrip("#") for name in ("ink", "link"))
_WIDE = 60


def _add_cover(workbook, lines, names):
    """A title and lines, and below them a link to each of the sheets."""
    sheet = workbook.create_sheet("Cover")
    sheet.column_dimensions["A"].width = 90
    _put(sheet, 1, [lines[:1]], "mpr title")
    _put(sheet, 2, [[line] for line in lines[1:]])
    _put(sheet, len(lines) + 1, [[name] for name in names], "mpr link")
    for row, name in enumerate(names, start=len(lines) + 1):
        cell = sheet.cell(row, 1)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!A1", display=name)


def _add_table(workbook, name, lines, headings, rows, beside=0):
    """A sheet with a title and lines, and directly below them its one table, whose first columns stay ``beside``."""
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
    sheet.freeze_panes = sheet.cell(top + 1, beside + 1)
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
