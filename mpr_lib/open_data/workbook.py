"""The workbook: scorecard, values and points for people, by the UK Analysis Function's rules for spreadsheets.

It opens with what readers of the report want, in the report's columns and words, and with its signals; a cover, notes
and all of the data follow. One table a sheet and marked as one, no merged and no empty cells, title and language set,
headings frozen.
"""

import io
import re
from functools import cache, partial
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.compat import safe_string
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.book.book import marked
from mpr_lib.columns import NOT_APPLICABLE, NOT_AVAILABLE, POINTS, SCORECARD, SHOWN, TABLES, VALUES
from mpr_lib.files import could_be_formula, put_text, repacked
from mpr_lib.open_data.csv_files import each_once, known_values, published, said, said_in
from mpr_lib.report import signal_words
from mpr_lib.report.palette import LIGHT
from mpr_lib.report.prose import plain_text, read_prose
from mpr_lib.report.sections import cells

LONGEST = 32_767
"""Characters that a cell may hold."""
MOST_ROWS = 100_000
"""Rows of a sheet of figures; what has more is in its CSV file alone, which a workbook would take minutes to open."""


def write_workbook(book, scorecard, history, points, generated: str, path: Path) -> None:
    """Write the workbook; the same inputs give the same bytes."""
    month, looks = words.month_words(book.month), book.settings.outcomes
    frames = {"Scorecard": scorecard, "Values": known_values(book, history), "Points": points}
    sheets = {name: sheet for name, sheet in _SHEETS.items() if len(frames[name]) <= MOST_ROWS}
    workbook = Workbook()
    workbook.remove(workbook.active)
    _styles(workbook)
    bodies: dict[str, bytes] = {}
    add_table = partial(_add_table, workbook, bodies)
    title = f"{book.settings.council}: {book.settings.title} {month}"
    rows = words.worded(words.as_printed(marked(scorecard, book, "latest_month")), looks)
    add_table("Summary", [title, f"{_TABLE} One row per indicator."], *_as_read(book, rows), beside=1)
    lines = [f"Signals, {month}", f"{_TABLE} One row per indicator. {_SIGNALS_SAY}"]
    add_table("Signals", lines, *_signals(rows, points), beside=2)
    more = more_sheets(book, scorecard)
    left_out = [f"{name.lower()}.csv" for name in _SHEETS if name not in sheets]
    lines = _cover_lines(book, generated, month, left_out)
    _add_cover(workbook, lines, ["Summary", "Signals", *more, "Notes", *sheets])
    for name, (holds, headings, made) in more.items():
        lines = [f"{name}, {month}", f"{_TABLE} {holds}"]
        add_table(name, lines, headings, [[kept(text) or NOT_APPLICABLE for text in row] for row in made])
    shown = {name: said_in(frames[name], columns) for name, (*_, columns) in sheets.items()}
    add_table("Notes", ["Notes", _TABLE], ("Column or symbol", "Worksheet", "Meaning"), _notes(shown))
    for name, (begins, each, _) in sheets.items():
        columns = shown[name]
        lines = [f"{begins} {month}", f"{_TABLE} One row per {each}. {_SYMBOLS}"]
        rows = _table_rows(frames[name], columns, looks, book.settings.years)
        add_table(name, lines, [column.heading for column in columns], rows, beside=2)
    properties = workbook.properties
    properties.title = title
    properties.language, properties.creator = book.settings.language, book.settings.council
    properties.lastModifiedBy = book.settings.council
    path.write_bytes(_bytes(workbook, bodies, generated))


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


def _cover_lines(book, generated, month, left_out):
    settings, version = book.settings, words.version_number(book.month_settings.version)
    return [
        f"{settings.title} {month}: scorecard, signals and values",
        settings.council,
        f"Version {version}, generated {words.day_words(generated[:10])} {generated[11:16]}.",
        f"Published by the {settings.publisher}.",
        *(f"Contact: {contact}" for contact in settings.contacts),
        *filter(None, [settings.alternative_format]),
        *([f"Licence: {settings.licence.title or settings.licence.name}"] if settings.licence else []),
        "The report itself, with charts and comments, is published beside this workbook. The same data are there as "
        "CSV files, whose columns datapackage.json describes."
        + f" Only there, as a worksheet has no room for them: {words.joined(left_out)}."
        * bool(left_out),
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
        made.append(each_once(values, partial(_cell, column=column, names=names)))
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
        [NOT_AVAILABLE, words.joined(list(shown)), "Not available: not sent, or nothing to work it out from."],
        [NOT_APPLICABLE, words.joined(["Signals", *shown]), "Not applicable: there is nothing to say here."],
    ]
    usual = [_USUAL, "Signals", words.USUAL_LIMITS_MEANING]
    return [*symbols, usual] + [
        [column.heading, name, column.description] for name, columns in shown.items() for column in columns
    ]


def _bytes(workbook, bodies, generated):
    made = io.BytesIO()
    workbook.save(made)
    stamp = rf"\g<1>{generated[:16]}:00Z".encode()

    def stamped(name, part):
        if name in bodies:
            # The last row was marked with an empty cell, so that openpyxl knows how far the sheet goes.
            return part[: part.rindex(b"<row ")] + bodies[name] + part[part.rindex(b"</sheetData>") :]
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


def _add_table(workbook, bodies, name, lines, headings, rows, beside=0):
    """A sheet with a title and lines, and directly below them its one table, whose first columns stay ``beside``."""
    sheet = workbook.create_sheet(name)
    top = len(lines) + 1
    _put(sheet, 1, [lines[:1]], "mpr title")
    _put(sheet, 2, [[line] for line in lines[1:]], "mpr line")
    _put(sheet, top, [headings], "mpr heading")
    for column, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _width(heading, {row[column - 1] for row in rows})
    if rows:
        sheet.cell(top + len(rows), len(headings))
        bodies[f"xl/worksheets/sheet{len(workbook.worksheets)}.xml"] = _body(sheet, top + 1, rows)
        table = Table(displayName=name, ref=f"A{top}:{get_column_letter(len(headings))}{top + len(rows)}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        # Named here, as openpyxl would make a cell for each of the body's to find the headings.
        table.tableColumns = [TableColumn(id=number, name=name) for number, name in enumerate(headings, start=1)]
        table.autoFilter = AutoFilter(ref=table.ref)
        sheet.add_table(table)
    sheet.freeze_panes = f"{get_column_letter(beside + 1)}{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _put(sheet, top, rows, style="mpr text"):
    """Write rows of texts from a row on, in one style."""
    for number, row in enumerate(rows, start=top):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.style = style
            put_text(cell, value)


class _Cells(dict):
    """What stands in a cell behind its place, by its text or number, as openpyxl writes it, worked out once for each.

    A cell of openpyxl's own costs twenty times as much, most of it for finding its named style.
    """

    def __init__(self, sheet):
        self._style = cache(partial(_style_number, sheet))

    def __missing__(self, value):
        if isinstance(value, str):
            style = self._style("mpr text", "=" * could_be_formula(value))
            space = ' xml:space="preserve"' * (value != value.strip())
            made = f' s="{style}" t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'
        else:
            made = f' s="{self._style("mpr number", "")}" t="n"><v>{safe_string(value)}</v></c>'
        return self.setdefault(value, made)


def _style_number(sheet, style, text):
    """The number that the workbook has for a style of cells, with what ``put_text`` adds for such a text."""
    cell = Cell(sheet)
    cell.style = style
    put_text(cell, text)
    return cell.style_id


def _body(sheet, top, rows):
    """Rows of texts and numbers as the sheet's XML, from a row on."""
    cells, letters = _Cells(sheet), [get_column_letter(column) for column in range(1, len(rows[0]) + 1)]
    made = (
        "".join(f'<c r="{letter}{number}"{cells[value]}' for letter, value in zip(letters, row, strict=True))
        for number, row in enumerate(rows, start=top)
    )
    return "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(made, start=top)).encode()


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
