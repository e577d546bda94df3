"""Packages: how large a file of figures may be, and workbooks that are zip archives of XML, unpacked within that.

A file that was made to explode is refused while it is small; XML is parsed without entities.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from mpr_lib.errors import InputError

FILE_BYTES = 50_000_000
"""The file as it lies on the disk."""
UNPACKED_BYTES = 120_000_000
"""All that is unpacked of a workbook; 100,000 rows of ten columns take about 60 million."""
ROWS = 250_000
"""Rows of one sheet, the blank ones included."""
CELLS = 3_000_000
"""Cells of a file, counted as the rectangles that hold its sheets' contents."""
CHARACTERS = 30_000_000
"""Text in all cells together, a text that is shared or repeated counted as often as it is shown."""
COLUMNS = 16_384
"""Columns of a sheet, as every spreadsheet has them at most."""
SHEETS = 100
PARTS = 5_000
"""Parts of an archive; a workbook has a few dozen, pictures included."""
LINE = 1_000_000
"""Characters in one line of a text file."""


@dataclass
class Budget:
    """What one file has used of its limits so far. ``file`` is what messages call it."""

    file: str
    cells: int = 0
    characters: int = 0

    def sheet(self, name: str, rows: int, columns: int) -> None:
        """Count a sheet's rectangle. Raises ``InputError`` beyond the limits."""
        self.rows(name, rows)
        self.cells += rows * columns
        if self.cells > CELLS:
            spread = f"its contents spread over {rows:,} rows and {columns:,} columns."
            raise too_large(self._place(name), f"{spread} Expected at most {CELLS:,} cells in a file.")

    def rows(self, name: str, rows: int) -> None:
        """Check how many rows a sheet has, blank ones included."""
        if rows > ROWS:
            raise too_large(self._place(name), f"has more than {ROWS:,} rows, blank ones included.")

    def text(self, characters: int) -> None:
        """Count text that reading will hold in memory."""
        self.characters += characters
        if self.characters > CHARACTERS:
            raise too_large(self.file, f"its cells hold more than {CHARACTERS:,} characters.")

    def _place(self, name):
        return f"{self.file}, sheet '{name}'" if name else self.file


def too_large(place: str, what: str) -> InputError:
    """The refusal of what goes beyond a limit."""
    return InputError(f"{place}: {what} Copy the figures alone to a new workbook.")


_CHUNK = 1 << 16


class Package:
    """A zip archive whose parts are unpacked one by one within a limit.

    Raises ``InputError`` for one that is protected by a password or too large, and whatever ``zipfile`` raises for one
    that is cut off or damaged.
    """

    def __init__(self, raw: bytes, file: str):
        self.file, self._left = file, UNPACKED_BYTES
        if raw.count(b"PK\x01\x02") > PARTS:
            raise InputError(f"{file}: holds more than {PARTS:,} parts. Copy the figures to a new workbook.")
        self._archive = zipfile.ZipFile(io.BytesIO(raw))
        self.names = self._archive.namelist()
        if len(self.names) != len(set(self.names)):
            raise ValueError("it holds two parts of one name")

    def part(self, name: str) -> bytes:
        """One part, unpacked; empty where there is none of that name."""
        if name not in self.names:
            return b""
        size = self._archive.getinfo(name).file_size
        self._left -= size
        if self._left < 0:
            million = UNPACKED_BYTES // 1_000_000
            raise too_large(self.file, f"is larger than {million} million bytes when it is unpacked.")
        try:
            with self._archive.open(name) as stream:
                # What the part claims to hold and no more: whole, a false claim would be unpacked before it is found.
                return stream.read(size)
        except RuntimeError:
            raise InputError(password_message(self.file)) from None


def pack(parts: dict[str, bytes]) -> io.BytesIO:
    """A zip archive of exactly these parts, so that a reader sees what was looked at and nothing else."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    target.seek(0)
    return target


def walk(xml: bytes, file: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each tag of some XML, such as ``row`` or ``/row``, its attributes, and the text between it and the tag before.

    Tags are without prefixes. Nothing is kept of what was walked through. Raises ``InputError`` for XML that declares
    entities or a document type, and ``ExpatError`` for any that is not well formed.
    """
    parser, tags, pieces = expat.ParserCreate(), [], []
    parser.buffer_text = True

    def start(name, attributes, slash=""):
        tags.append((slash + name.rpartition(":")[2], attributes, "".join(pieces)))
        pieces.clear()

    def refuse(*_):
        raise InputError(
            f"{file}: its XML declares a document type or entities, which no spreadsheet writes. "
            "Ask for the file again, saved by a spreadsheet."
        )

    parser.StartElementHandler, parser.EndElementHandler = start, lambda name: start(name, {}, "/")
    parser.CharacterDataHandler = pieces.append
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    for place in range(0, len(xml), _CHUNK):
        parser.Parse(xml[place : place + _CHUNK], place + _CHUNK >= len(xml))
        yield from tags
        tags.clear()


def password_message(file: str) -> str:
    return f"{file}: is protected by a password. Save it without one and import it again."
