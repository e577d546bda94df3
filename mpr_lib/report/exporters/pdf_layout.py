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
from mpr_lib.report.prose import PICTURE, plain_text

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
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = text if COMMON.match(text) else "".join(drawable_character(character) for character in text)
    return LONG_WORD.sub(lambda found: breakable(found[0]), shown)


def drawable_character(character: str) -> str:
    """Return the character, or its Unicode name in brackets where no font has it.

    >>> drawable_character("中"), drawable_character("é"), drawable_character("\\x00")
    ('[cjk unified ideograph-4e2d]', 'é', '')
    """
    name, category = unicodedata.name(character, "").lower(), unicodedata.category(character)
    if character in ("\n", "\t", BREAK):
        return character
    if category == "Cc" or "variation selector" in name:
        return ""
    if category not in ("Cs", "Cn", "Co") and ord(character) in drawable_characters():
        return character
    return "" if category == "Cf" else f"[{name or f'U+{ord(character):04X}'}]"


def breakable(word: str) -> str:
    """Allow breaks after an address's punctuation, and anywhere in a piece that is still too long.

    >>> breakable("someone@" + "x" * 21).replace(BREAK, "|")
    'someone@|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x'
    """
    pieces = NATURAL_BREAK.split(word)
    return BREAK.join(BREAK.join(piece) if len(piece) > PIECE else piece for piece in pieces)


class PdfError(MprError):
    """A report that cannot be set as a PDF."""


def picture_as_svg(image: dict) -> dict:
    """Return the prose image with its `svg`, `width` and `height` (pixels); raise PdfError if unreadable."""
    # Loaded when needed: few comments hold a picture, and Pillow takes 50 ms.
    from PIL import Image

    found = PICTURE.fullmatch(image["src"])
    if not found:
        raise _unreadable(image, "it is not part of the notebook")
    try:
        with Image.open(BytesIO(base64.b64decode(found[1]))) as picture:
            picture.load()
            width, height = picture.size
    except (binascii.Error, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise _unreadable(image, "its data cannot be read as PNG, JPEG, GIF or WebP") from None
    data = re.sub(r"\s", "", image["src"])
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image href="{data}" width="{width}" height="{height}"/></svg>'
    )
    return {"type": "image", "svg": svg, "width": width, "height": height, "alt": image["alt"]}


def _unreadable(image, why):
    """For an officer who pasted a picture that cannot be shown."""
    name = image["alt"] or image["src"][:40]
    said = f"The picture '{name}' cannot be put into the PDF: {why}. Attach it to its Markdown cell as a PNG or JPEG."
    return PdfError(said)


DEEPEST = 6
VERBATIM = {"svg", "src", "href", "id", "kind", "type", "key", "role", "align", "size", "tone", "month", "generated"}
INTRODUCTION = {"text", "prose", "note", "sentence", "counts"}
RUNNING_TEXT = {"text", "prose", "note", "sentence", "heading", "links"}


def lay_out(document: dict) -> dict:
    """Return a copy with texts fit for paper, heading depths, link targets, and each section's paper.

    Raises PdfError for a figure without a text alternative.
    """
    targets: set[str] = set()
    ready = fit(document, targets)
    cover = [block for section in ready["sections"] if section["id"] == "cover" for block in section["blocks"]]
    # The first page has the first of each kind; what an analyst adds of that kind stays where it is.
    first = {block["kind"]: block for block in reversed(cover)}
    ready["cover"] = {kind: first[kind] for kind in ("cover", "sentence", "counts") if kind in first}
    gone = {id(block) for block in ready["cover"].values()}
    for section in ready["sections"]:
        blocks = [each for each in section["blocks"] if each["kind"] != "filter" and id(each) not in gone]
        section["blocks"] = blocks
        section["title"] = section["title"] or "At a glance"
        set_depths(blocks, 1)
        set_page_starts(blocks)
        keep_introductions(blocks)
        section["landscape"] = any(block.get("size") == "wide" and not block.get("upright") for block in blocks)
        section["short"] = all(block["kind"] in RUNNING_TEXT for block in blocks)
    ready["targets"] = sorted(targets)
    ready["sections"] = [section for section in ready["sections"] if section["blocks"]]
    ready["runs"] = same_paper(ready["sections"])
    return ready


def fit(value, targets: set[str], where: str = "the report", key: str = ""):
    """Return a copy of any JSON value with texts fit for paper, pictures as SVG, and each id a target of its own.

    ``where`` is what a picture without a text alternative is said to stand in.
    """
    if isinstance(value, list):
        return [fit(item, targets, where, key) for item in value]
    if key == "id":
        return claim(value, targets)
    if isinstance(value, str):
        return value if key in VERBATIM else fit_for_paper(value)
    if not isinstance(value, dict):
        return "" if value is None else value
    if value.get("type") == "image":
        value = picture_as_svg(value)
    if name := value.get("title") or value.get("caption"):
        where = f"{value.get('code', '')} {name}".strip()
    if "svg" in value and not value["alt"].strip():
        raise PdfError(
            f"A {value.get('role', 'picture')} in {where} has no text alternative, so the PDF cannot be made "
            "accessible. Give the figure an `alt` that says what it shows."
        )
    return {name: fit(item, targets, where, name) for name, item in value.items()}


def claim(wanted: str, targets: set[str]) -> str:
    """Return the id as a link target, made different from what is taken already; "" stays."""
    name = re.sub(r"\s+", "-", wanted.strip())
    while name in targets:
        name += "-again"
    targets |= {name} - {""}
    return name


def set_depths(blocks: list[dict], outer: int) -> int:
    """Number headings and articles so that no level is skipped; return the last heading's depth."""
    depth = outer
    for block in blocks:
        kind = block["kind"]
        if kind == "heading":
            depth = block["depth"] = min(max(block["level"] - 1, outer + 1), depth + 1, DEEPEST)
        elif kind in ("group", "details"):
            depth = set_depths(block["children"], depth)
        elif kind == "article":
            block["depth"] = min(depth + 1, DEEPEST)
            set_depths(block["children"], block["depth"])
            for child in block["children"]:
                child["inner"] = True
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
    leads = False
    for block in reversed(blocks):
        block["kept"] = leads and block["kind"] in INTRODUCTION and len(json.dumps(block)) < 2500
        leads = block["kind"] == "table" or block["kept"]


def same_paper(sections: list[dict]) -> list[dict]:
    """Runs of sections on paper the same way round; short ones follow each other on one page."""
    runs = []
    stretches = [stretch for section in sections for stretch in upright(section)]
    for landscape, grouped in groupby(stretches, key=lambda section: section["landscape"]):
        run = list(grouped)
        for before, section in pairwise(run):
            section["flows_on"] = before["short"] and section["short"]
        runs.append({"landscape": landscape, "sections": run})
    return runs


def upright(section: dict) -> list[dict]:
    """A landscape section in stretches: its articles are for portrait paper, what stands between them is not."""
    if not section["landscape"]:
        return [section]
    stretches: list[dict] = []
    for article, blocks in groupby(section["blocks"], key=lambda block: block["kind"] == "article"):
        stretches.append(section | {"blocks": list(blocks), "landscape": not article, "continued": bool(stretches)})
    return stretches
