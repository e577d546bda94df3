"""The shared texts of an .xls workbook: how long each is, before a reader copies it into every cell that shows it."""

import struct


def shared_lengths(pieces: list) -> list[int]:
    """The length of each shared text. ``pieces`` are the contents of the record and of those that continue it."""
    if not pieces:
        return []
    reader = _Reader(pieces, 8)
    count = struct.unpack_from("<I", pieces[0], 4)[0]
    lengths = []
    while len(lengths) < count and not reader.ended():
        length, flags = struct.unpack("<HB", reader.take(3))
        runs = struct.unpack("<H", reader.take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", reader.take(4))[0] if flags & 4 else 0
        reader.skip_characters(length, flags & 1)
        reader.take(4 * runs + extra)
        lengths.append(length)
    return lengths


class _Reader:
    """Reads on from one record into the next. Inside characters, the next one begins with their width."""

    def __init__(self, pieces, place):
        self.pieces, self.number, self.place = pieces, 0, place

    def ended(self) -> bool:
        while self.number < len(self.pieces) and self.place >= len(self.pieces[self.number]):
            self.number, self.place = self.number + 1, 0
        return self.number >= len(self.pieces)

    def take(self, size: int) -> bytes:
        found = b""
        while len(found) < size and not self.ended():
            part = bytes(self.pieces[self.number][self.place : self.place + size - len(found)])
            found, self.place = found + part, self.place + len(part)
        return found

    def skip_characters(self, length: int, wide: int) -> None:
        while length and self.number < len(self.pieces):
            part = min(length, (len(self.pieces[self.number]) - self.place) // (1 + wide))
            length, self.place = length - part, self.place + part * (1 + wide)
            if length:
                self.number, self.place = self.number + 1, 1
                wide = self.pieces[self.number][0] & 1 if self.number < len(self.pieces) else 0
