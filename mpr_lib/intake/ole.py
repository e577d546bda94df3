"""OLE files: the containers of old .xls workbooks, and of newer ones that a password protects."""

import struct

from mpr_lib.errors import InputError
from mpr_lib.intake.packages import damaged_message, password_message

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
"""Sector numbers from here on are no sectors: the end of a chain, free, or the table's own."""
_SMALL = 4096
"""Streams below this size lie in a stream of their own; no workbook is so small."""


def read_stream(raw: bytes, file: str) -> bytes:
    """The workbook's stream. Raises ``InputError`` where there is none, or the file is cut off or protected."""
    try:
        return _workbook(raw, file)
    except (struct.error, IndexError, ValueError) as error:
        raise InputError(damaged_message(file, error)) from None


def _workbook(raw, file):
    size = 1 << struct.unpack_from("<H", raw, 30)[0]
    if size not in (512, 4096):
        raise ValueError("its sectors have a wrong size")
    table = _table(raw, size)
    start = struct.unpack_from("<I", raw, 48)[0]
    entries = _directory(_chain(raw, size, table, start))
    if "encryptedpackage" in entries:
        raise InputError(password_message(file))
    found = entries.get("workbook")
    if not found:
        raise InputError(f"{file}: holds no workbook of Excel 97 or later. Save it as .xlsx and import it again.")
    first, length = found
    if length < _SMALL:
        raise InputError(damaged_message(file, "its workbook is too short"))
    stream = _chain(raw, size, table, first)
    if len(stream) < length:
        raise ValueError("it ends too early")
    return stream[:length]


def _table(raw, size):
    """The sector that follows each sector."""
    heads = list(struct.unpack_from("<109I", raw, 76))
    following, seen = struct.unpack_from("<I", raw, 68)[0], set()
    while following < _END and following not in seen:
        seen.add(following)
        *more, following = struct.unpack_from(f"<{size // 4}I", raw, (following + 1) * size)
        heads += more
    table = []
    for head in (head for head in heads if head < _END):
        table += struct.unpack_from(f"<{size // 4}I", raw, (head + 1) * size)
    return table


def _chain(raw, size, table, sector):
    """A stream's sectors, joined."""
    pieces, seen = [], set()
    while sector < _END:
        if sector in seen:
            raise ValueError("its sectors run in a circle")
        seen.add(sector)
        pieces.append(raw[(sector + 1) * size : (sector + 2) * size])
        sector = table[sector]
    return b"".join(pieces)


def _directory(stream):
    """The streams by name, in small letters: first sector and length."""
    entries = {}
    for at in range(0, len(stream) - 127, 128):
        length = struct.unpack_from("<H", stream, at + 64)[0]
        name = stream[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
        entries[name] = struct.unpack_from("<I", stream, at + 116)[0], struct.unpack_from("<I", stream, at + 120)[0]
    return entries
