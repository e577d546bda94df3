"""Pictures from Markdown: a data address becomes an SVG, which the PDF template can set."""

import base64
import binascii
import re
from io import BytesIO

from mpr_lib.errors import MprError

DATA_ADDRESS = re.compile(r"data:(image/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=\s]+)\Z")


class PictureError(MprError):
    """A picture in the report's text that cannot be shown."""


def picture_as_svg(image: dict) -> dict:
    """Return the prose image with its `svg`, `width` and `height` (pixels); raise PictureError if unreadable."""
    found = DATA_ADDRESS.match(image.get("src") or "")
    if not found:
        raise PictureError(unreadable(image, "it is not part of the notebook"))
    media, data = found[1], re.sub(r"\s", "", found[2])
    width, height = pixels(image, data)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image href="data:{media};base64,{data}" width="{width}" height="{height}"/></svg>'
    )
    return {"type": "image", "svg": svg, "width": width, "height": height}


def pixels(image: dict, data: str) -> tuple[int, int]:
    """Width and height of an encoded picture, which is decoded to be sure that it can be."""
    from PIL import Image

    try:
        with Image.open(BytesIO(base64.b64decode(data))) as picture:
            picture.load()
            return picture.size
    except (binascii.Error, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureError(unreadable(image, "its data cannot be read as PNG, JPEG, GIF or WebP")) from error


def unreadable(image: dict, why: str) -> str:
    """The message for an officer who pasted a picture that cannot be shown."""
    name = image.get("alt") or (image.get("src") or "")[:40] or "without a name"
    return f"The picture '{name}' cannot be put into the PDF: {why}. Attach it to its Markdown cell as a PNG or JPEG."
