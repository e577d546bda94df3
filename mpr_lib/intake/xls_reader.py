"""The reader of old Excel's workbooks (.xls), in a process of its own, which a damaged file may stop.

Run as a script, it reads a workbook from its input and writes what it makes of it, for ``read_apart`` alone.
"""

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from struct import unpack_from

import xlrd
from xlrd.book import SUPBOOK_DDEOLE, SUPBOOK_EXTERNAL

from mpr_lib.errors import InputError
from mpr_lib.intake.number_formats import BUILT_IN, format_code
from mpr_lib.intake.packages import Budget, password_message
from mpr_lib.intake.spreadsheet import AGAIN, BY_HAND, LINKED, UNSAVED, Sheet, as_text, day_or_moment

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEMORY = 2_000_000_000
"""Bytes that the process may take, where the system can hold it to that."""
SECONDS = 120


def read_apart(raw: bytes, file: str) -> list[tuple[Sheet, bool]]:
    """The sheets that another process finds in a workbook, each with whether it is visible.

    Raises ``InputError`` for a workbook that is protected, older than Excel 97 or beyond the limits,
    and ``ValueError`` where the process fails, in whatever way.
    """
    command = [sys.executable, "-P", "-m", __name__, file]
    # A clone that is not installed is found where this process found it.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(command, input=raw, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError("it cannot be read in good time") from None
    if done.returncode:
        raise ValueError("its records contradict each other")
    found = pickle.loads(done.stdout)
    if isinstance(found, InputError):
        raise found
    return found


def _sheets(raw, file):
    if "EncryptedPackage".encode("utf-16-le") in raw:
        # A newer workbook, which a password hides in a container of the same kind.
        raise InputError(password_message(file))
    older = f"{file}: holds no workbook of Excel 97 or later. Save it as .xlsx and import it again."
    refused = {"Workbook is encrypted": password_message(file), "Can't find workbook in OLE2 compound document": older}
    try:
        book = xlrd.open_workbook(
            file_contents=raw, logfile=sys.stderr, formatting_info=True, on_demand=True, ragged_rows=True
        )
    except xlrd.XLRDError as error:
        # Any other fault ends this process.
        raise InputError(refused[str(error)]) from None
    if book.biff_version < 80:
        raise InputError(older)
    # xlrd takes pounds in the formats that every Excel knows for dollars.
    codes = BUILT_IN | {each.format_key: format_code(each.format_str) for each in book.format_list}
    formats = [codes.get(each.format_key, "") for each in book.xf_list]
    budget, sheets = Budget(file), []
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        sheets.append((_calculated(_sheet(sheet, formats, budget), book, number), sheet.visibility == 0))
        book.unload_sheet(number)
    return sheets


def _sheet(sheet, formats, budget):
    found, height, width = Sheet(budget.file, sheet.name, []), 0, 0
    for row in range(sheet.nrows):
        found.rows.append([])
        for column, cell in enumerate(sheet.row(row)):
            kind, value = cell.ctype, cell.value
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                height, width = row + 1, max(width, column + 1)
                runs = sheet.rich_text_runlist_map.get((row, column), ())
                fonts = [sheet.book.xf_list[cell.xf_index].font_index, *(font for _, font in runs)]
                if any(sheet.book.font_list[font].struck_out for font in fonts):
                    found.struck.add((row, column))
            if kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE) and formats[cell.xf_index]:
                found.formats[row, column] = formats[cell.xf_index]
            if kind == xlrd.XL_CELL_TEXT:
                budget.text(len(value))
            elif kind == xlrd.XL_CELL_BOOLEAN:
                value = bool(value)
            elif kind == xlrd.XL_CELL_DATE:
                value = _date(value, sheet.book.datemode)
            elif kind == xlrd.XL_CELL_ERROR:
                value = xlrd.error_text_from_code.get(value, "#ERROR!")
            found.rows[-1].append(value)
    budget.sheet(sheet.name, height, width)
    found.comments.update({place: " ".join(note.text.split()) for place, note in sheet.cell_note_map.items()})
    found.hidden.update((row, None) for row, about in sheet.rowinfo_map.items() if about.hidden)
    found.hidden.update((None, column) for column, about in sheet.colinfo_map.items() if about.hidden)
    return replace(found, rows=[row[:width] for row in found.rows[:height]])


_END, _FORMULA, _START, _CALCULATION, _UNCALCULATED = 0x0A, 0x06, 0x809, 0x0D, 0x5E


def _calculated(sheet, book, number):
    """The sheet with what its records say of formulas, which xlrd passes over: they may not have been worked out."""
    place, depth, formulas, remark = book._sh_abs_posn[number], 0, [], ""
    while True:
        kind, size = unpack_from("<HH", book.mem, place)
        body, place = place + 4, place + 4 + size
        depth += (kind == _START) - (kind == _END)
        if not depth:
            break
        if depth == 1 and kind == _FORMULA:
            formulas.append(unpack_from("<HH", book.mem, body))
        elif depth == 1 and kind == _UNCALCULATED:
            remark = AGAIN
        elif depth == 1 and kind == _CALCULATION and unpack_from("<H", book.mem, body) == (0,):
            remark = remark or BY_HAND
    if remark == AGAIN:
        unsaved = (place for place in formulas if as_text(sheet.value(*place)) in ("", "0"))
        sheet.refused.update(dict.fromkeys(unsaved, UNSAVED))
    if {SUPBOOK_EXTERNAL, SUPBOOK_DDEOLE} & set(book._supbook_types):
        # What a formula refers to is not read here, so it may be another file.
        sheet.refused.update(dict.fromkeys(formulas, LINKED))
    return replace(sheet, remark=remark) if formulas else sheet


def _date(number, mode):
    """A date; the marks that Excel shows instead for a number below nought or beyond the year 9999."""
    with suppress(OverflowError):
        moment = xlrd.xldate.xldate_as_datetime(number, mode)
        if number >= 0:
            return day_or_moment(moment)
    return "########"


def main() -> None:
    with suppress(ImportError, ValueError, OSError):
        # Loaded when needed: not every system has it, and some do not hold a process to it.
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        found = _sheets(sys.stdin.buffer.read(), sys.argv[1])
    except InputError as error:
        found = error
    sys.stdout.buffer.write(pickle.dumps(found))


if __name__ == "__main__":
    main()
