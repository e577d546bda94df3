"""Sheets of a workbook: a cover of lines, and tables that are marked as such. No cell is ever a formula."""

from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo

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
    cell = sheet.cell(row, column, value)
    cell.style = style
    if isinstance(value, str):
        # A text that begins with = would be written as a formula, and become one where somebody edits the cell.
        cell.data_type = "s"
        if value[:1] in "=+-@":
            cell.quotePrefix = True


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
