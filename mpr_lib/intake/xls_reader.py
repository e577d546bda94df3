"""The reader of old Excel's workbooks (.xls), in a process of its own, which a damaged file may stop.

Run as a script, it reads a workbook from its input and writes what it finds as JSON. It imports nothing of the package,
so that it begins in no time. Its arguments are the cells and the characters that a file may hold.
"""

import json
import subprocess
import sys
from contextlib import suppress
from datetime import datetime

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEMORY = 2_000_000_000
"""Bytes that the process may take, where the system can hold it to that."""
SECONDS = 120
PASSWORD, OLDER, LINKS = "password", "older", "links"


def read_apart(raw: bytes, cells: int, characters: int) -> dict:
    """What another process finds in a workbook. Raises ``ValueError`` where it fails, in whatever way.

    ``refused`` says what keeps the whole workbook from being read: ``PASSWORD``, ``OLDER`` (than Excel 97) or
    ``LINKS``; else it is empty. Each of ``sheets`` has its name, whether it is visible, rows and columns up to the last
    cell that holds something, the characters in its texts, its cells from A1 on, an error as
    its text, and its numbers' formats as ``[row, column, code]``, the code of a built-in one being its
    number. The sheet that goes beyond the limits is the last, and without cells.
    """
    command = [sys.executable, "-P", __file__, str(cells), str(characters)]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError("it cannot be read in good time") from None
    if done.returncode:
        raise ValueError("its records contradict each other")
    return json.loads(done.stdout, object_hook=_from_json)


def _from_json(found):
    if "date" not in found:
        return found
    moment = datetime.fromisoformat(found["date"])
    return moment if any(moment.timetuple()[3:6]) else moment.date()


def _workbook(raw, cells, characters):
    # Loaded when needed: only the process of its own needs xlrd, not the one that starts it.
    import xlrd
    from xlrd.book import SUPBOOK_DDEOLE, SUPBOOK_EXTERNAL

    try:
        book = xlrd.open_workbook(
            file_contents=raw, logfile=sys.stderr, formatting_info=True, on_demand=True, ragged_rows=True
        )
    except xlrd.XLRDError as error:
        kinds = {"Workbook is encrypted": PASSWORD, "Can't find workbook in OLE2 compound document": OLDER}
        return {"refused": kinds[str(error)], "sheets": []}
    if book.biff_version < 80 or {SUPBOOK_EXTERNAL, SUPBOOK_DDEOLE} & set(book._supbook_types):
        return {"refused": OLDER if book.biff_version < 80 else LINKS, "sheets": []}
    # xlrd takes pounds in the formats that every Excel knows for dollars.
    codes = {each.format_key: each.format_str for each in book.format_list}
    formats = [codes.get(each.format_key, each.format_key) for each in book.xf_list]
    sheets = []
    for number in range(book.nsheets):
        sheets.append(_sheet(book.sheet_by_index(number), formats))
        book.unload_sheet(number)
        cells -= sheets[-1]["rows"] * sheets[-1]["columns"]
        characters -= sheets[-1]["characters"]
        if cells < 0 or characters < 0:
            sheets[-1]["cells"].clear()
            break
    return {"refused": "", "sheets": sheets}


def _sheet(sheet, formats):
    import xlrd

    found = {"name": sheet.name, "visible": sheet.visibility == 0, "rows": 0, "columns": 0, "characters": 0}
    found |= {"cells": [], "formats": []}
    for row in range(sheet.nrows):
        line = []
        for column, cell in enumerate(sheet.row(row)):
            kind, value = cell.ctype, cell.value
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                found["rows"], found["columns"] = row + 1, max(found["columns"], column + 1)
            if kind == xlrd.XL_CELL_TEXT:
                found["characters"] += len(value)
            elif kind == xlrd.XL_CELL_NUMBER:
                found["formats"].append([row, column, formats[cell.xf_index]])
            elif kind == xlrd.XL_CELL_BOOLEAN:
                value = bool(value)
            elif kind == xlrd.XL_CELL_DATE:
                value = _date(value, sheet.book.datemode)
            elif kind == xlrd.XL_CELL_ERROR:
                value = xlrd.error_text_from_code.get(value, "#ERROR!")
            line.append(value)
        while line and line[-1] == "":
            line.pop()
        found["cells"].append(line)
    del found["cells"][found["rows"] :]
    return found


def _date(number, mode):
    """A date; the marks that Excel shows instead for a number below nought or beyond the year 9999."""
    import xlrd

    try:
        return {"date": xlrd.xldate.xldate_as_datetime(number, mode).isoformat()} if number >= 0 else "########"
    except OverflowError:
        return "########"


def main() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    found = _workbook(sys.stdin.buffer.read(), *map(int, sys.argv[1:]))
    sys.stdout.buffer.write(json.dumps(found).encode())


if __name__ == "__main__":
    main()
