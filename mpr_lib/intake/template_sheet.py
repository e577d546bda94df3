"""The sheet of a return workbook: one table, a cell for each figure, everything else protected."""

import re
from pathlib import Path

import pandas as pd

from mpr_lib.rules.months import month_label

HEADINGS = {
    "indicator_code": ("Indicator code", 16),
    "short_name": ("Short name", 60),
    "month": ("Month", 16),
    "value_text": ("Value", 16),
    "note": ("Note", 36),
    "unit": ("Unit", 16),
    "last_month": ("Last month", 14),
    "last_year": ("Last year", 14),
    "target_text": ("Target", 16),
    "annual_target_text": ("Annual target", 16),
}
"""The columns of the table; ``mpr import`` knows these headings."""
INPUTS = ("value_text", "note")
_TOP = 4
"""The row of the headings, below the title and what to do."""
_HELP = (
    "Fill in the column Value, and Note where a figure needs one. Write a figure as it is to be printed (1,544 or 83%)"
    ", Proxy before one that stands in for another, or TBC, N/A or - with a note. The other cells are protected."
)


def write_workbook(path: Path, rows: pd.DataFrame, name: str, month: pd.Period, settings) -> None:
    """Write the workbook. Every cell is text, so that nothing in it is a formula and codes keep their zeros."""
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Return"
    title = f"Return for {month_label(month)}: {_kept(name)}"
    _put(sheet, 1, 1, title)
    _put(sheet, 2, 1, _HELP)
    for column, (heading, width) in enumerate(HEADINGS.values(), start=1):
        _put(sheet, _TOP, column, heading)
        sheet.column_dimensions[sheet.cell(_TOP, column).column_letter].width = width
    for number, row in enumerate(rows.assign(month=rows["month"].map(month_label)).to_dict("records"), start=_TOP + 1):
        for column, key in enumerate(HEADINGS, start=1):
            _put(sheet, number, column, row[key], unlocked=key in INPUTS)
    last = _TOP + len(rows)
    _format(sheet, last)
    _mark_table(sheet, last)
    _validate(sheet, last)
    _describe(workbook, title, settings)
    part = path.with_name(f".{path.name}.part")
    try:
        workbook.save(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _put(sheet, row, column, text, unlocked=False):
    from openpyxl.styles import Alignment, Protection

    cell = sheet.cell(row, column)
    cell.value = _kept(text) or None
    if cell.value is not None:
        # A text that begins with = would be written as a formula.
        cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text=row >= _TOP)
    cell.protection = Protection(locked=not unlocked)


def _kept(text) -> str:
    """A text without the control characters that a workbook cannot hold."""
    return re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "", str(text))


def _format(sheet, last):
    from openpyxl.styles import Border, Font, PatternFill, Side

    sheet["A1"].font = Font(bold=True, size=14)
    edge = Side(style="thin", color="12436D")
    for row in range(_TOP + 1, last + 1):
        for column, key in enumerate(HEADINGS, start=1):
            if key in INPUTS:
                cell = sheet.cell(row, column)
                cell.fill = PatternFill("solid", fgColor="FFF9E5")
                cell.border = Border(edge, edge, edge, edge)
    sheet.freeze_panes = sheet.cell(_TOP + 1, 2)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.print_title_rows = f"{_TOP}:{_TOP}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _mark_table(sheet, last):
    from openpyxl.worksheet.table import Table, TableStyleInfo

    corner = sheet.cell(last, len(HEADINGS)).coordinate
    table = Table(displayName="Return", ref=f"A{_TOP}:{corner}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True, showFirstColumn=True)
    sheet.add_table(table)


def _validate(sheet, last):
    """Ask before a value is kept that the import would not read. The rule runs in the officer's spreadsheet alone."""
    from openpyxl.worksheet.datavalidation import DataValidation

    column = sheet.cell(_TOP, list(HEADINGS).index("value_text") + 1).column_letter
    cell = f"{column}{_TOP + 1}"
    words = ",".join(f'UPPER(TRIM({cell}))="{word}"' for word in ("TBC", "N/A", "-", "NOT DUE", "NOT AVAILABLE"))
    number = f'ISNUMBER(IFERROR(VALUE(SUBSTITUTE(UPPER({cell}),"PROXY","")),""))'
    rule = DataValidation(type="custom", formula1=f"OR({number},{words})", allow_blank=True, errorStyle="warning")
    rule.errorTitle, rule.error = "Is this a figure?", "Expected a number such as 1,544 or 83%, or TBC, N/A or -."
    rule.promptTitle, rule.prompt = "Value", "The figure as it is to be printed, or TBC, N/A or -."
    rule.add(f"{cell}:{column}{last}")
    sheet.add_data_validation(rule)


def _describe(workbook, title, settings):
    properties = workbook.properties
    properties.title, properties.language = title, settings.language
    properties.creator = properties.lastModifiedBy = _kept(settings.council)
