"""Templates: a return workbook for each department or officer, with a cell for each figure that is asked for.

Its sheet has one table, a cell for each figure, and everything else protected.
"""

import io
import os
import re
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo

from mpr_lib.book.book import history_of
from mpr_lib.book.settings import ReportSettings
from mpr_lib.book.tables import officers
from mpr_lib.book.workspace import Workspace
from mpr_lib.errors import InputError
from mpr_lib.files import put_text, told_if_not_written, write_whole
from mpr_lib.intake.importing import known_book, standing_in
from mpr_lib.report.palette import LIGHT
from mpr_lib.rules.months import at_months, is_among, is_due, month_label
from mpr_lib.rules.owed import owed_values

TEMPLATES = "templates"
"""Folder of a workspace, outside of what is published, that holds each month's workbooks."""
NOBODY = {"department": "No department stated", "officer": "No officer stated"}
PARTS = ("numerator", "denominator")
"""Columns for indicators whose figures have come as these alone, from which the report computes them."""
_COLUMNS = (
    "indicator_code", "short_name", "month", "value_text", *PARTS, "note", "unit", "last_month", "last_year",
    "target_text", "annual_target_text",
)  # fmt: skip
HEADINGS = {name: name.removesuffix("_text").replace("_", " ").capitalize() for name in _COLUMNS}
"""The columns of the table; ``mpr import`` knows these headings."""
INPUTS = ("value_text", "note")
_WIDTHS = {"short_name": 60, "note": 36, "last_month": 14, "last_year": 14}
_TOP = 4
"""The row of the headings, below the title and what to do."""
_LONGEST = 120
"""Characters that the words for no value may have in a rule."""
_HELP = (
    "Fill in the column Value, and Note where a figure needs one. Write a figure as it is to be printed (1,544 or 83%)"
    ", Proxy before one that stands in for another, or TBC, N/A or - with a note. The other cells are protected."
)
_HELP_PARTS = " Where Numerator and Denominator are marked, fill in both and leave Value empty: it is worked out."


def make_templates(workspace: Workspace, month: str, by: str, out: Path | None) -> list[tuple[Path, int]]:
    """Write a workbook for each department or officer; return the files, each with its number of indicators.

    The month needs neither params nor a return. Raises ``InputError`` where a file is there: it may be filled in.
    """
    period = pd.Period(month, freq="M")
    settings, rows = template_rows(workspace, period)
    groups = _grouped(rows, by)
    if not groups:
        raise InputError(f"data/indicators.csv has no indicator that is due for {month_label(period)}.")
    if out is None:
        workspace.inside(workspace.root / TEMPLATES / month)
    files = _file_names(groups, out or workspace.root / TEMPLATES / month, period)
    problems = [
        f"{path} is there already and may be filled in. Move it away, or name another folder with --out."
        for path in files.values()
        if os.path.lexists(path)
    ]
    if problems:
        raise InputError(problems)
    for name, frame in groups.items():
        with told_if_not_written(str(files[name])):
            write_whole(files[name], workbook_bytes(frame, name, period, settings))
    return [(files[name], frame["indicator_code"].nunique()) for name, frame in groups.items()]


def officers_templates(workspace: Workspace, month: pd.Period, names) -> dict[str, tuple[str, bytes]]:
    """The name and the bytes of the workbook that asks for an officer's figures, by those of ``names`` who have one."""
    settings, rows = template_rows(workspace, month)
    groups = _grouped(rows, "officer")
    files = _file_names(groups, Path(), month)
    made = {name: groups[name] for name in names if name in groups}
    return {name: (files[name].name, workbook_bytes(frame, name, month, settings)) for name, frame in made.items()}


def template_rows(workspace: Workspace, month: pd.Period) -> tuple[ReportSettings, pd.DataFrame]:
    """The settings, and the rows that are owed for a month's return.

    One row per indicator and month: the month itself where a figure is due, and whatever else is chased. Columns: those
    of the sheet, and department, managed_by, and in_parts, whether figures have come as numerator and denominator
    alone. The note is that of this month's return.
    """
    book = known_book(workspace, month)
    about = [
        "indicator_code", "short_name", "department", "managed_by", "frequency", "due_month", "year_introduced",
        "last_month",
    ]  # fmt: skip
    history = history_of(book)
    history = history[~history["indicator_code"].isin(book.computed)]
    every = history.assign(value_text=history["received_text"]).merge(
        book.indicators.filter(about), on="indicator_code"
    )
    chased = owed_values(book.indicators.assign(allowed_lag=0), book.values, month, book.settings.years)
    is_own = every["month"].eq(month) & is_due(every, every["month"], book.settings.years)
    rows = every[is_own | is_among(every, chased, ["indicator_code", "month"])].copy()
    for column, back in (("last_month", 1), ("last_year", 12)):
        found = at_months(every, ["value_text"], rows["indicator_code"], rows["month"] - back)
        rows[column] = found["value_text"]
    rows["in_parts"] = rows["indicator_code"].isin(book.values.query("computed_from != ''")["indicator_code"])
    rows["note"] = at_months(standing_in(book), ["note"], rows["indicator_code"], rows["month"])["note"]
    return book.settings, rows.reset_index(drop=True).fillna({"last_month": "", "last_year": "", "note": ""})


def _grouped(rows, by):
    """The rows of each department or officer; an indicator of two officers is in both their workbooks."""
    names = rows["managed_by"].map(officers) if by == "officer" else rows["department"]
    every = rows.assign(_name=names).explode("_name")
    return dict(list(every.groupby(every["_name"].fillna("").replace("", NOBODY[by]))))


def _file_names(groups, folder, month):
    files = {}
    for name in groups:
        stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80] or "return"
        ends = ["", *(f"-{number}" for number in range(2, len(groups) + 1))]
        paths = (folder / f"return-{month}-{stem}{end}.xlsx" for end in ends)
        files[name] = next(path for path in paths if path not in files.values())
    return files


def workbook_bytes(rows: pd.DataFrame, name: str, month: pd.Period, settings: ReportSettings) -> bytes:
    """The workbook. Every cell is text, so that nothing in it is a formula and codes keep their zeros."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Return"
    title = f"Return for {month_label(month)}: {_kept(name)}"
    in_parts = bool(rows["in_parts"].any())
    headings = {key: said for key, said in HEADINGS.items() if in_parts or key not in PARTS}
    figures = rows.assign(month=rows["month"].map(month_label), numerator="", denominator="")[list(headings)]
    lines = [[title], [_HELP + _HELP_PARTS * in_parts], [], list(headings.values()), *figures.values.tolist()]
    edge = Side(style="thin", color=LIGHT["link"].lstrip("#"))
    opened = {(row, key) for row, made in enumerate(rows["in_parts"], start=_TOP + 1) for key in INPUTS + PARTS * made}
    for number, texts in enumerate(lines, start=1):
        for place, (key, text) in enumerate(zip(headings, map(_kept, texts), strict=False), start=1):
            cell = sheet.cell(number, place)
            cell.number_format = "@"
            cell.alignment = Alignment(vertical="top", wrap_text=number >= _TOP)
            if text:
                put_text(cell, text)
            if (number, key) in opened:
                cell.protection = Protection(locked=False)
                cell.fill = PatternFill("solid", fgColor=LIGHT["slippage-paper"].lstrip("#"))
                cell.border = Border(edge, edge, edge, edge)
    sheet["A1"].font = Font(bold=True, size=14)
    for column, key in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(key, 16)
    last = _TOP + len(rows)
    table = Table(displayName="Return", ref=f"A{_TOP}:{sheet.cell(last, len(headings)).coordinate}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True, showFirstColumn=True)
    sheet.add_table(table)
    _validate(sheet, last, [word.upper() for word in settings.no_value_words])
    _lay_out(sheet)
    properties = workbook.properties
    properties.title, properties.language = title, settings.language
    properties.creator = properties.lastModifiedBy = _kept(settings.council)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _kept(text) -> str:
    """A text without the control characters that a workbook cannot hold."""
    return re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "", str(text))


def _lay_out(sheet):
    sheet.freeze_panes = sheet.cell(_TOP + 1, 2)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.print_title_rows = f"{_TOP}:{_TOP}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _validate(sheet, last, own_words):
    """Ask before a value is kept that the import would not read. The rule runs in the officer's spreadsheet alone.

    A rule may have 255 characters, so of many words the last are asked about.
    """
    column = get_column_letter(list(HEADINGS).index("value_text") + 1)
    cell = f"{column}{_TOP + 1}"
    words = ""
    for word in ("TBC", "N/A", "-", "NOT DUE", "NOT AVAILABLE", *own_words):
        words += f"|{word}" if len(words) + len(word) < _LONGEST and not set(word) & set('|"') else ""
    said = f'ISNUMBER(FIND("|"&UPPER(TRIM({cell}))&"|","{words}|"))'
    number = f'ISNUMBER(IFERROR(VALUE(SUBSTITUTE(UPPER({cell}),"PROXY","")),""))'
    rule = DataValidation(type="custom", formula1=f"OR({number},{said})", allow_blank=True, errorStyle="warning")
    rule.errorTitle, rule.error = "Is this a figure?", "Expected a number such as 1,544 or 83%, or TBC, N/A or -."
    rule.promptTitle, rule.prompt = "Value", "The figure as it is to be printed, or TBC, N/A or -."
    rule.add(f"{cell}:{column}{last}")
    sheet.add_data_validation(rule)
