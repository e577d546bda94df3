"""A report's document made ready for the PDF template: what Python decides, so that the template only lays out."""

import base64
import binascii
import json
import re
import unicodedata
from io import BytesIO
from itertools import groupby, pairwise

from mpr_lib.errors import MprError
from mpr_lib.report.fonts import drawable_characters
from mpr_lib.report.prose import plain_text

# What Source Sans Pro certainly has; only texts with something else are looked up in the font files.
COMMON = re.compile(r"[\n\t\x20-\x7e\xa0-\u017f‘’“”–—…•€™≤≥−\u200b\xad]*\Z")
LONG_WORD = re.compile(r"[^\s\u200b]{29,}")
NATURAL_BREAK = re.compile(r"(?<=[@./\\_\-&=?:,;])(?=[^\s\u200b])")
BREAK = "\u200b"
PIECE = 20


def fit_for_paper(text: str) -> str:
    """Replace what no font can draw by its name, and let over-long words break.

    >>> fit_for_paper("Well done 👍")
    'Well done [thumbs up sign]'
    """
    return LONG_WORD.sub(lambda found: breakable(found[0]), drawable(text))


def drawable(text: str) -> str:
    """Return text whose characters all have a glyph; control characters and variation selectors go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if COMMON.match(text):
        return text
    return "".join(drawable_character(character) for character in text)


def drawable_character(character: str) -> str:
    """Return the character, or its Unicode name in brackets where no font has it.

    >>> drawable_character("中"), drawable_character("é"), drawable_character("\\x00")
    ('[cjk unified ideograph-4e2d]', 'é', '')
    """
    if character in "\n\t" or character == BREAK:
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Cn", "Co") or "VARIATION SELECTOR" in unicodedata.name(character, ""):
        return "" if category in ("Cc", "Mn") else f"[U+{ord(character):04X}]"
    if ord(character) in drawable_characters():
        return character
    return "" if category == "Cf" else f"[{unicodedata.name(character, 'symbol').lower()}]"


def breakable(word: str) -> str:
    """Allow breaks after an address's punctuation, and anywhere in a piece that is still too long.

    >>> breakable("someone@" + "x" * 21).replace(BREAK, "|")
    'someone@|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x'
    """
    pieces = NATURAL_BREAK.split(word)
    return BREAK.join(BREAK.join(piece) if len(piece) > PIECE else piece for piece in pieces)


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
    # Loaded when needed: few comments hold a picture, and Pillow takes 50 ms.
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


DEEPEST = 6
VERBATIM = {"svg", "src", "href", "id", "kind", "type", "key", "role", "align", "size", "tone", "month", "generated"}
INTRODUCTION = {"text", "prose", "note", "sentence", "counts"}
RUNNING_TEXT = {"text", "prose", "note", "sentence", "heading", "links"}


class PdfError(MprError):
    """A report that cannot be set as a PDF."""


def lay_out(document: dict) -> dict:
    """Return a copy with texts fit for paper, heading depths, link targets, and each section's paper.

    Raises PdfError for a figure without a text alternative.
    """
    ready = fit(document)
    ready["cover"], ready["sections"] = split_cover(ready["sections"])
    targets: set[str] = set()
    for section in ready["sections"]:
        blocks = section["blocks"]
        section["title"] = section["title"] or "At a glance"
        section["id"] = claim(section["id"], targets) or claim(f"section-{len(targets)}", targets)
        set_depths(blocks, 1, targets)
        set_page_starts(blocks)
        keep_introductions(blocks)
        section["landscape"] = any(block.get("size") == "wide" and not block.get("upright") for block in blocks)
        section["short"] = all(block["kind"] in RUNNING_TEXT for block in blocks)
    ready["targets"] = sorted(targets)
    ready["runs"] = same_paper(ready["sections"])
    return ready


def fit(value, where: str = "the report", key: str = ""):
    """Return a copy of any JSON value with its readable texts fit for paper and pictures as SVG.

    ``where`` is what a picture without a text alternative is said to stand in.
    """
    if isinstance(value, list):
        return [fit(item, where, key) for item in value]
    if isinstance(value, str):
        return value if key in VERBATIM else fit_for_paper(value)
    if not isinstance(value, dict):
        return "" if value is None else value
    if value.get("type") == "image":
        value = picture_as_svg(value) | {"alt": value["alt"]}
    if name := value.get("title") or value.get("caption"):
        where = f"{value.get('code', '')} {name}".strip()
    if "svg" in value and not value["alt"].strip():
        raise PdfError(
            f"A {value.get('role', 'picture')} in {where} has no text alternative, so the PDF cannot be made "
            "accessible. Give the figure an `alt` that says what it shows."
        )
    return {name: fit(item, where, name) for name, item in value.items()}


def split_cover(sections: list[dict]) -> tuple[dict, list[dict]]:
    """Take what the first page shows (cover, lead sentence, counts) out of the cover section, and forms out of all."""
    cover: dict = {}
    remaining = []
    for section in sections:
        blocks = []
        for block in section["blocks"]:
            first = section["id"] == "cover" and block["kind"] in ("cover", "sentence", "counts")
            if first and block["kind"] not in cover:
                cover[block["kind"]] = block
            elif block["kind"] != "filter":
                blocks.append(block)
        remaining += [section | {"blocks": blocks}] if blocks else []
    return cover, remaining


def claim(wanted: str, targets: set[str]) -> str:
    """Return the id as a link target, or "" if it is empty or taken already."""
    name = re.sub(r"\s+", "-", wanted.strip())
    if name in targets:
        return ""
    targets |= {name} - {""}
    return name


def set_depths(blocks: list[dict], outer: int, targets: set[str]) -> int:
    """Number headings and articles so that no level is skipped, and claim ids; return the last heading's depth."""
    depth = outer
    for block in blocks:
        kind = block["kind"]
        if kind == "heading":
            depth = block["depth"] = min(max(block["level"] - 1, outer + 1), depth + 1, DEEPEST)
        elif kind == "group":
            depth = set_depths(block["children"], depth, targets)
        if kind in ("heading", "article", "table"):
            block["id"] = claim(block.get("id", ""), targets)
        if kind == "article":
            block["id"] = block["id"] or claim(f"article-{len(targets)}", targets)
            block["depth"] = min(depth + 1, DEEPEST)
            set_depths(block["children"], block["depth"], targets)
            for child in block["children"]:
                child["inner"] = True
        for row in block.get("rows", []):
            row["id"] = claim(row.get("id", ""), targets)
    return depth


def set_page_starts(blocks: list[dict]) -> None:
    """Start a page at an article, and at what follows one; an article may share the page of its group's heading."""
    for before, block in pairwise([{"kind": ""}, *blocks]):
        block["opens_page"] = before["kind"] == "article"
        if block["kind"] == "article":
            block["crowded"] = is_crowded(block["children"])


def is_crowded(blocks: list[dict]) -> bool:
    """Whether an article may need more than a page, so that it is worth measuring: about 4 mm a row, 5 mm a line."""
    rows = sum(len(block.get("rows", [])) for block in blocks)
    letters = sum(len(plain_text(block.get("prose", []))) for block in blocks)
    return rows / 2 * 4 + letters / 90 * 5 > 70


def keep_introductions(blocks: list[dict]) -> None:
    """Keep what stands between a heading and its table on the table's page, if it is short."""
    run: list[dict] = []
    for block in blocks:
        if block["kind"] in INTRODUCTION:
            run.append(block)
            continue
        for before in run if block["kind"] == "table" and len(run) <= 4 else []:
            before["kept"] = len(json.dumps(before)) < 2500
        run = []


def same_paper(sections: list[dict]) -> list[dict]:
    """Runs of sections on paper the same way round; short ones follow each other on one page."""
    runs = []
    stretches = [stretch for section in sections for stretch in upright(section)]
    for landscape, run in groupby(stretches, key=lambda section: section["landscape"]):
        run = list(run)
        for before, section in pairwise(run):
            section["flows_on"] = before["short"] and section["short"]
        runs.append({"landscape": landscape, "sections": run})
    return runs


def upright(section: dict) -> list[dict]:
    """A landscape section in stretches: its articles are for portrait paper, what stands between them is not."""
    if not section["landscape"]:
        return [section]
    stretches = []
    for article, blocks in groupby(section["blocks"], key=lambda block: block["kind"] == "article"):
        stretches.append(section | {"blocks": list(blocks), "landscape": not article, "continued": bool(stretches)})
    return stretches
