"""Opening: a file as its sheets, whatever its kind, judged by its content and not by its name."""

import csv
import io
import re
import struct
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from mpr_lib.errors import InputError
from mpr_lib.files import read_whole
from mpr_lib.intake import packages
from mpr_lib.intake.ods import read_ods
from mpr_lib.intake.packages import LINE, Budget, Package, too_large
from mpr_lib.intake.spreadsheet import Sheet
from mpr_lib.intake.xls_reader import MAGIC, read_apart
from mpr_lib.intake.xlsx import read_xlsx

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
_KINDS = ", ".join((*WORKBOOKS, *TEXTS))
_DAMAGE = (
    EOFError, LookupError, NotImplementedError, OSError, OverflowError, ValueError, BadZipFile, ExpatError,
    struct.error, zlib.error,
)  # fmt: skip
"""What readers raise for a file that is cut off or damaged, beside messages of their own."""


def open_file(path: Path) -> tuple[list[list[Sheet]], list[str]]:
    """Each sheet of a file, and remarks on what was left closed.

    A sheet of a text file comes in as many versions as there are ways to divide its lines; of a workbook in one.
    Raises ``InputError`` for a file that is of no known kind, cut off, damaged, protected or larger than the limits.
    """
    file = path.name
    if path.is_dir():
        raise InputError(f"{file}: is a folder. Name the files in it, such as {path / '*.xlsx'}.")
    if path.suffix.lower() not in (*WORKBOOKS, *TEXTS):
        raise InputError(f"{file}: is of no kind that is read here. Expected a file that ends in {_KINDS}.")
    raw = _bytes(path, file)
    try:
        if raw.startswith(MAGIC):
            sheets = read_apart(raw, file)
        elif raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            sheets = _unpacked(Package(raw, file))
        else:
            return [[replace(sheet, raw=raw) for sheet in _text(raw, file, path.suffix.lower())]], []
    except _DAMAGE as error:
        raise InputError(
            f"{file}: is cut off or damaged ({str(error).rstrip('.') or 'it ends too early'}). "
            "Ask for it again, or open it in a spreadsheet and save it."
        ) from None
    hidden = [f"{sheet}: is hidden, so it was left out." for sheet, visible in sheets if not visible]
    return [[replace(sheet, raw=raw)] for sheet, visible in sheets if visible], hidden


def _bytes(path, file):
    try:
        if path.stat().st_size > packages.FILE_BYTES:
            raise too_large(file, f"is larger than {packages.FILE_BYTES // 1_000_000} million bytes.")
        raw = read_whole(path, file)
    except OSError as error:
        where = "" if path.parent.is_dir() else f" There is no folder {path.parent}."
        raise InputError(
            f"{file}: cannot be opened: {error.strerror}.{where} Check its name and its permissions."
        ) from None
    # Nothing but white space and what says in which encoding.
    if not raw.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
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
    return divided(text, file, f"read as {encoding}")


def _unpacked(package):
    """The sheets of a newer workbook, each with whether it is visible."""
    if "xl/workbook.xml" in package.names:
        return read_xlsx(package)
    if "content.xml" in package.names and b"spreadsheet" in package.part("mimetype"):
        return read_ods(package)
    what = "a binary workbook (.xlsb)" if "xl/workbook.bin" in package.names else "an archive and no workbook"
    raise InputError(f"{package.file}: is {what}. Expected one of {_KINDS}. Save it as .xlsx and import it again.")


DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}


def decode(raw: bytes, file: str) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8, UTF-16, or else Windows-1252.

    Nothing is guessed from the frequency of letters. Raises ``InputError`` for what is in none of the three.

    >>> decode(b"caf\\xc3\\xa9", "x.csv"), decode(b"\\xa31", "x.csv")
    (('café', 'UTF-8'), ('£1', 'Windows-1252'))
    """
    head = raw[:4096]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        likely = {"utf-16": "UTF-16"}
    elif head.count(0) * 3 > len(head):
        likely = {"utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be": "UTF-16"}
    else:
        likely = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
    for encoding, name in likely.items():
        with suppress(UnicodeDecodeError):
            text = raw.decode(encoding)
            if not re.search("[\x00-\x08\x0e-\x1f\x7f]", text):
                return text.removeprefix("\ufeff"), name
    raise InputError(
        f"{file}: is not text in UTF-8, UTF-16 or Windows-1252, or is no text at all. "
        "Expected a CSV file or a workbook. Open it in a spreadsheet and save it as 'CSV UTF-8'."
    )


def divided(text: str, file: str, remark: str) -> list[Sheet]:
    """The text divided in each way that gives more than one cell somewhere, or else in one."""
    Budget(file).text(len(text))
    if re.search(rf"[^\r\n]{{{LINE}}}", text):
        raise InputError(f"{file}: has a line of more than {LINE:,} characters. Expected a line for each row.")
    sheets, unread = [], {}
    for delimiter in [each for each in DELIMITERS if each in text] or [","]:
        try:
            rows, split = _rows(_marked(text) if delimiter == "," else text, delimiter, file)
            divided_by = f"{remark}, {DELIMITERS[delimiter]} between cells"
            sheets.append(Sheet(file, "", rows, remark=divided_by, split=split))
        except csv.Error as error:
            unread[delimiter] = error
    likely = max(DELIMITERS, key=text.partition("\n")[0].count)
    if likely in unread or not sheets:
        error = unread.get(likely) or next(iter(unread.values()))
        raise InputError(
            f"{file}: cannot be read as CSV ({error}). Look for a quote that is not closed: the file may be cut off."
        )
    return sheets


_MARK = "\x01"
"""Stands for a moment before what may be the end of the figure in front of it; no text that is read can hold it."""
_QUOTED = r'(?<![^,\r\n])"[^"]*(?:""[^"]*)*"'
_SPLIT = re.compile(rf"{_QUOTED}|(?<![^,\r\n])[-£]*\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?![^,\r\n])")


def _marked(text):
    """A text with a mark after each comma that may be of a figure's thousands, outside quotes: 1,544."""
    return _SPLIT.sub(lambda found: found[0] if '"' in found[0] else found[0].replace(",", f",{_MARK}"), text)


def _rows(text, delimiter, file):
    """The rows of a text, and the places of its marked cells."""
    rows, width, split = [], 0, set()
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        if marked := {(len(rows), column) for column, cell in enumerate(row) if cell[:1] == _MARK}:
            split |= marked
            row = [cell.removeprefix(_MARK) for cell in row]
        rows.append(row)
        width = max(width, len(row))
        # Its limits alone, line by line: the same text is divided in several ways.
        Budget(file).sheet("", len(rows), width)
    return rows, frozenset(split)
