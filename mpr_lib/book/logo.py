"""Logo: a council's picture for the cover, read as a part of the workspace."""

import base64
import re
from io import BytesIO
from xml.etree import ElementTree

from mpr_lib.book.reading import InputReader
from mpr_lib.book.settings_look import Logo
from mpr_lib.errors import InputError

LARGEST = 512 * 1024
"""Bytes: every page carries the logo."""


def read_logo(reader: InputReader, logo: Logo | None) -> dict:
    """The logo as an address that holds it (src), as a drawing (svg) and in words (alt); empty without one.

    Raises ``InputError`` for a file that is missing, too large or no picture.
    """
    if logo is None:
        return {}
    path = reader.workspace.root / logo.file
    if not path.is_file():
        raise InputError(f"{logo.file} is missing. Put the logo there, or correct brand, logo in params/report.yml.")
    raw = reader.raw(path)
    if len(raw) > LARGEST:
        size, largest = len(raw) // 1024, LARGEST // 1024
        raise InputError(f"{logo.file} has {size} kB. Expected {largest} kB or less: make it smaller.")
    if logo.file.lower().endswith(".svg"):
        return {"src": _address("svg+xml", raw), "svg": _drawing(raw, logo.file), "alt": logo.alt}
    return {"src": _address("png", raw), "svg": _around(raw, logo.file), "alt": logo.alt}


def _address(kind, raw):
    return f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"


def _drawing(raw, name):
    try:
        text = raw.decode("utf-8-sig")
        root = ElementTree.fromstring(text) if "<!ENTITY" not in text else None
    except (UnicodeDecodeError, ElementTree.ParseError):
        root = None
    if root is None or root.tag.rpartition("}")[2] != "svg":
        raise InputError(f"{name} cannot be read as SVG. Save it as plain SVG, or use a PNG.")
    if re.search(r"""(?:href|src)\s*=\s*["'](?!#|data:)""", text):
        raise InputError(f"{name} asks for other files or pages. Save it as an SVG that holds all that it shows.")
    return text


def _around(raw, name):
    """A PNG inside a drawing of its size."""
    from PIL import Image

    try:
        with Image.open(BytesIO(raw), formats=["PNG"]) as picture:
            picture.load()
            width, height = picture.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise InputError(f"{name} cannot be read as PNG. Save it as PNG or SVG.") from None
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image href="{_address("png", raw)}" width="{width}" height="{height}"/></svg>'
    )
