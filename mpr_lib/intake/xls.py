"""Workbooks of old Excel (.xls): their records, walked through before a reader spreads them out in memory."""

import struct

from mpr_lib.errors import InputError
from mpr_lib.intake.grid import Marks
from mpr_lib.intake.limits import Budget
from mpr_lib.intake.numbers import shown_text
from mpr_lib.intake.ole import read_stream
from mpr_lib.intake.packages import links_message, password_message
from mpr_lib.intake.xls_texts import shared_lengths
from mpr_lib.intake.xlsx import BUILT_IN, is_date_format

_BOF, _EOF, _SHEET, _SST, _CONTINUE = 0x809, 0x0A, 0x85, 0xFC, 0x3C
_FORMAT, _STYLE, _LINK, _PASSWORD = 0x41E, 0xE0, 0x1AE, 0x2F
_FORMULA, _NUMBER, _RK, _MANY_RK, _ERROR, _SHARED_TEXT = 0x06, 0x203, 0x27E, 0xBD, 0x205, 0xFD
_CELLS = {_FORMULA, _NUMBER, _RK, _MANY_RK, _ERROR, _SHARED_TEXT, 0x204, 0xD6}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def inspect_xls(raw: bytes, file: str) -> dict[str, Marks]:
    """Check a workbook against the limits; return each sheet's marks.

    Raises ``InputError`` for a password, links to other files, an Excel before 97, and more than the limits allow.
    """
    stream = read_stream(raw, file)
    book, sheets = _globals(stream, file)
    budget = Budget(file)
    return {name: _marks(stream[offset:], name, book, budget) for name, offset in sheets.items()}


def _records(stream):
    """Each record's kind and content, up to the end of the substream that begins here."""
    place, depth = 0, 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        depth += (kind == _BOF) - (kind == _EOF)
        yield kind, stream[place + 4 : place + 4 + size]
        if depth <= 0:
            return
        place += 4 + size


def _globals(stream, file):
    """The number format of each cell style and the length of each shared text; where each sheet begins."""
    codes, styles, sheets, shared, last = dict(BUILT_IN), [], {}, [], None
    for kind, data in _records(memoryview(stream)):
        if kind == _BOF and data[:2] != b"\x00\x06":
            raise InputError(f"{file}: was written by an Excel older than 97. Save it as .xlsx and import it again.")
        if kind == _PASSWORD:
            raise InputError(password_message(file))
        if kind == _LINK and len(data) > 4 and bytes(data[2:4]) not in (b"\x01\x04", b"\x01\x3a"):
            raise InputError(links_message(file))
        if kind == _SHEET:
            sheets[_text(data, 7, data[6])] = struct.unpack_from("<I", data)[0]
        elif kind == _FORMAT:
            number, length = struct.unpack_from("<HH", data)
            codes[number] = _text(data, 4, length)
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _SST or (kind == _CONTINUE and last == _SST):
            shared.append(data)
        last = last if kind == _CONTINUE else kind
    shown = [codes.get(style, "") for style in styles]
    formats = ["" if code in ("General", "@") or is_date_format(code) else code for code in shown]
    return (formats, shared_lengths(shared)), sheets


def _text(data, flags, length):
    """A text of ``length`` characters: the byte at ``flags`` says whether they take one byte or two."""
    wide = data[flags] & 1
    end = flags + 1 + length * (1 + wide)
    return bytes(data[flags + 1 : end]).decode("utf-16-le" if wide else "latin-1", "replace")


def _marks(stream, sheet, book, budget) -> Marks:
    formats, lengths = book
    marks, height, width = Marks(), 0, 0
    for kind, data in _records(memoryview(stream)):
        if kind not in _CELLS:
            continue
        row, column, style = struct.unpack_from("<HHH", data)
        last = struct.unpack_from("<H", data, len(data) - 2)[0] if kind == _MANY_RK else column
        height, width = max(height, row + 1), max(width, last + 1)
        if kind == _SHARED_TEXT:
            number = struct.unpack_from("<I", data, 6)[0]
            budget.text(lengths[number] if number < len(lengths) else 0)
        for column_, style_, number in _numbers(kind, data, column, style):
            code = formats[style_] if style_ < len(formats) else ""
            if code:
                marks.shown[row, column_] = shown_text(number, code)
        error = _error(kind, data)
        if error:
            marks.errors[row, column] = error
    budget.sheet(sheet, height, width)
    return marks


def _numbers(kind, data, column, style):
    """Column, style and number of each numeric cell in a record."""
    if kind == _NUMBER:
        yield column, style, struct.unpack_from("<d", data, 6)[0]
    elif kind == _RK:
        yield column, style, _short(struct.unpack_from("<I", data, 6)[0])
    elif kind == _MANY_RK:
        for place, at in enumerate(range(4, len(data) - 7, 6)):
            style_, number = struct.unpack_from("<HI", data, at)
            yield column + place, style_, _short(number)
    elif kind == _FORMULA and bytes(data[12:14]) != b"\xff\xff":
        yield column, style, struct.unpack_from("<d", data, 6)[0]


def _short(number: int) -> float:
    """A number kept in 32 bits: a whole one or the first half of a double, perhaps in hundredths.

    >>> _short(0x3FF00000), _short(0x004B5646)
    (1.0, 1234321.0)
    """
    if number & 2:
        found = float((number - (1 << 32) if number >> 31 else number) >> 2)
    else:
        found = struct.unpack("<d", struct.pack("<II", 0, number & 0xFFFFFFFC))[0]
    return found / 100 if number & 1 else found


def _error(kind, data) -> str:
    if kind == _ERROR and data[7]:
        return _ERRORS.get(data[6], "#ERROR!")
    if kind == _FORMULA and bytes(data[12:14]) == b"\xff\xff" and data[6] == 2:
        return _ERRORS.get(data[8], "#ERROR!")
    return ""
