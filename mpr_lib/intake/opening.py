"""Opening: a file as its sheets, whatever its kind, judged by its content and not by its name."""

import struct
from pathlib import Path

from mpr_lib.errors import InputError
from mpr_lib.intake import limits
from mpr_lib.intake.grid import Marks, Sheet
from mpr_lib.intake.ods import inspect_ods
from mpr_lib.intake.ole import MAGIC
from mpr_lib.intake.packages import Package, damaged_message
from mpr_lib.intake.texts import decode, divided
from mpr_lib.intake.values import read_values, read_values_apart
from mpr_lib.intake.xls import inspect_xls
from mpr_lib.intake.xlsx import inspect_xlsx

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
_KINDS = ", ".join((*WORKBOOKS, *TEXTS))


def open_file(path: Path) -> tuple[list[list[Sheet]], list[str]]:
    """Each sheet of a file, and remarks on what was left closed.

    A sheet of a text file comes in as many versions as there are ways to divide its lines; of a workbook in one.
    Raises ``InputError`` for a file that is of no known kind, cut off, damaged, protected or larger than the limits.
    """
    file = path.name
    if path.suffix.lower() not in (*WORKBOOKS, *TEXTS):
        raise InputError(f"{file}: is of no kind that is read here. Expected a file that ends in {_KINDS}.")
    raw = _bytes(path, file)
    try:
        if raw.startswith((b"PK\x03\x04", b"PK\x05\x06", MAGIC)):
            return _workbook(raw, file)
        return _text(raw, file, path.suffix.lower())
    except (ValueError, LookupError, OverflowError, struct.error) as error:
        raise InputError(damaged_message(file, error)) from None


def _bytes(path, file):
    try:
        if path.stat().st_size > limits.FILE_BYTES:
            raise InputError(
                f"{file}: is larger than {limits.FILE_BYTES // 1_000_000} million bytes. "
                "Copy the figures alone to a new workbook."
            )
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be opened: {error.strerror}. Check its name and its permissions.") from None
    if not raw:
        raise InputError(f"{file}: is empty. Ask for it again.")
    return raw


def _text(raw, file, suffix):
    if suffix in WORKBOOKS:
        found = "a web page" if raw.lstrip()[:1] == b"<" else "text" if b"\x00" not in raw[:512] else "no workbook"
        raise InputError(
            f"{file}: is {found}, whatever its name says, or is cut off. Expected a workbook. "
            "Open it in a spreadsheet and save it as .xlsx."
        )
    text, encoding = decode(raw, file)
    if not text.strip():
        raise InputError(f"{file}: is empty. Ask for it again.")
    return [divided(text, file, f"read as {encoding}")], []


def _workbook(raw, file):
    """What the reader makes of each visible sheet; a sheet of a workbook comes in one version."""
    if raw.startswith(MAGIC):
        marks, sheets = inspect_xls(raw, file), read_values_apart(raw)
    else:
        package = Package(raw, file)
        content, marks = _inspector(package)(package)
        try:
            sheets = read_values(content)
        except BaseException as error:
            # The reader has an error class for each format; some faults come as Python's own, some as panics.
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise InputError(damaged_message(file, str(error).partition("\n")[0])) from None
    hidden = [f"{file}, sheet '{name}': is hidden, so it was left out." for name, visible, _ in sheets if not visible]
    shown = [[Sheet(file, name, rows, marks.get(name, Marks()))] for name, visible, rows in sheets if visible]
    return shown, hidden


def _inspector(package):
    if "xl/workbook.xml" in package.names:
        return inspect_xlsx
    if "content.xml" in package.names and b"spreadsheet" in package.part("mimetype"):
        return inspect_ods
    what = "a binary workbook (.xlsb)" if "xl/workbook.bin" in package.names else "an archive and no workbook"
    raise InputError(f"{package.file}: is {what}. Expected one of {_KINDS}. Save it as .xlsx and import it again.")
