"""Packages: workbooks that are zip archives of XML, unpacked within limits and parsed without entities."""

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from mpr_lib.errors import InputError
from mpr_lib.intake import limits

_CHUNK = 1 << 16
_PLAIN_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<[A-Za-z]+[\s>]")
"""XML whose first element has no prefix; taking prefixes off a million names takes seconds."""


class Package:
    """A zip archive whose parts are unpacked one by one within a limit.

    Raises ``InputError`` for an archive that is cut off, damaged, protected by a password or too large.
    """

    def __init__(self, raw: bytes, file: str):
        self.file, self._left = file, limits.UNPACKED_BYTES
        if raw.count(b"PK\x01\x02") > limits.PARTS:
            raise InputError(f"{file}: holds more than {limits.PARTS:,} parts. Copy the figures to a new workbook.")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise InputError(damaged_message(file, error)) from None
        self.names = self._archive.namelist()
        if len(self.names) != len(set(self.names)):
            raise InputError(damaged_message(file, "it holds two parts of one name"))

    def part(self, name: str) -> bytes:
        """One part, unpacked; empty where there is none of that name."""
        if name not in self.names:
            return b""
        pieces = []
        try:
            with self._archive.open(name) as stream:
                while piece := stream.read(_CHUNK):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise InputError(
                            f"{self.file}: is larger than {limits.UNPACKED_BYTES // 1_000_000} million bytes when it "
                            "is unpacked. Copy the figures alone to a new workbook."
                        )
                    pieces.append(piece)
        except RuntimeError:
            raise InputError(password_message(self.file)) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise InputError(damaged_message(self.file, error)) from None
        return b"".join(pieces)


def pack(parts: dict[str, bytes]) -> io.BytesIO:
    """A zip archive of exactly these parts, so that a reader sees what was looked at and nothing else."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    target.seek(0)
    return target


def parse_xml(xml: bytes, file: str, start, end=None, text=None) -> None:
    """Walk through XML: ``start(name, attributes)``, ``end(name)``, ``text(characters)``, names without prefixes.

    Raises ``InputError`` for XML that is not well formed and for any that declares entities or a document type.
    """

    def refuse(*_):
        raise InputError(
            f"{file}: its XML declares a document type or entities, which no spreadsheet writes. "
            "Ask for the file again, saved by a spreadsheet."
        )

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    if not _PLAIN_ROOT.match(xml):
        parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
        parser.EndElementHandler = end and (lambda name: end(name.rpartition(":")[2]))
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise InputError(damaged_message(file, error)) from None


def local_attributes(attributes: dict) -> dict:
    """Attributes without the prefixes of their names."""
    return {name.rpartition(":")[2]: value for name, value in attributes.items()}


def password_message(file: str) -> str:
    return f"{file}: is protected by a password. Save it without one and import it again."


def links_message(file: str) -> str:
    return (
        f"{file}: has links to other files, so its figures may be out of date. "
        "Break the links (in Excel: Data, Edit links), save it and import it again."
    )


def damaged_message(file, error) -> str:
    return (
        f"{file}: is cut off or damaged ({str(error).rstrip('.') or 'it ends too early'}). "
        "Ask for it again, or open it in a spreadsheet and save it."
    )
