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


def claim(wanted, targets: set[str]) -> str:
    """Return the id as a link target, or "" if it is empty or taken already."""
    name = re.sub(r"\s+", "-", str(wanted or "").strip())
    if not name or name in targets:
        return ""
    targets.add(name)
    return name


def set_depths(blocks: list[dict], outer: int, targets: set[str]) -> int:
    """Number headings and articles so that no level is skipped; return the depth of the last heading."""
    depth = outer
    for block in blocks:
        kind = block.get("kind")
        if kind == "heading":
            depth = block["depth"] = bounded(block.get("level", 3) - 1, outer, depth)
        elif kind == "article":
            block["depth"] = min(depth + 1, DEEPEST)
            set_depths(block.get("children", []), block["depth"], targets)
            for child in block.get("children", []):
                child["inner"] = True
        elif kind == "prose":
            set_prose_depths(block.get("prose", []), depth)
        elif kind == "group":
            depth = set_depths(block.get("children", []), depth, targets)
        if kind in ("heading", "article", "table"):
            block["id"] = claim(block.get("id"), targets)
        for row in block.get("rows", []):
            row["id"] = claim(row.get("id"), targets)
        if kind == "article" and not block["id"]:
            block["id"] = claim(f"article-{len(targets)}", targets)
    return depth


def set_prose_depths(prose: list[dict], outer: int) -> None:
    """Number the headings of commentary below the heading that it stands under."""
    last = outer
    for item in prose:
        if item.get("type") == "heading":
            last = item["depth"] = bounded(outer + item.get("level", 1), outer, last)


def bounded(wanted: int, outer: int, last: int) -> int:
    """Keep a heading's depth below its container, at most one deeper than the heading before it."""
    return min(max(wanted, outer + 1), max(last, outer) + 1, DEEPEST)


VERBATIM = {"svg", "src", "href", "id", "kind", "type", "key", "role", "align", "size", "tone", "month", "generated"}
INTRODUCTION = {"text", "prose", "note", "sentence", "counts"}
RUNNING_TEXT = {"text", "prose", "note", "sentence", "heading", "links"}
WORDS_ONLY = {"heading", "text", "note", "sentence"}


class PdfError(MprError):
    """A report that cannot be set as a PDF."""


def lay_out(document: dict) -> dict:
    """Return a copy with texts fit for paper, heading depths, link targets, and each section's paper.

    Raises PdfError for a figure without a text alternative.
    """
    ready = fit(document)
    refuse_missing_alt(ready)
    ready["cover"], ready["sections"] = split_cover(ready.get("sections", []))
    for section in ready["sections"]:
        section["blocks"] = without_empty(section["blocks"])
    ready["sections"] = [section for section in ready["sections"] if section["blocks"]]
    targets: set[str] = set()
    for section in ready["sections"]:
        section["title"] = section.get("title") or "At a glance"
        section["id"] = claim(section.get("id"), targets) or claim(f"section-{len(targets)}", targets)
        set_depths(section["blocks"], 1, targets)
        set_page_starts(section["blocks"])
        keep_introductions(section["blocks"])
        section["landscape"] = any(is_wide(block) for block in section["blocks"])
        section["short"] = all(block.get("kind") in RUNNING_TEXT for block in section["blocks"])
    ready["targets"] = sorted(targets)
    ready["runs"] = same_paper(ready["sections"])
    return ready


def set_page_starts(blocks: list[dict]) -> None:
    """Start a page at an article, and at what follows one; an article may share the page of its group's heading."""
    for before, block in pairwise([{}, *blocks]):
        after_article = before.get("kind") == "article"
        if block.get("kind") == "article":
            block["opens_page"] = after_article
            block["crowded"] = is_crowded(block["children"])
        elif after_article:
            block["opens_page"] = True


def is_crowded(blocks: list[dict]) -> bool:
    """Whether an article may need more than a page, so that it is worth measuring: about 4 mm a row, 5 mm a line."""
    rows = sum(len(block.get("rows", [])) for block in blocks)
    letters = sum(len(words(item)) for block in blocks for item in block.get("prose", []))
    return rows / 2 * 4 + letters / 90 * 5 > 70


def keep_introductions(blocks: list[dict]) -> None:
    """Keep what stands between a heading and its table on the table's page, if it is short."""
    run: list[dict] = []
    for block in blocks:
        if block.get("kind") == "heading":
            run = []
        elif block.get("kind") in INTRODUCTION:
            run.append(block)
        else:
            for before in run if block.get("kind") == "table" and len(run) <= 4 else []:
                before["kept"] = len(json.dumps(before)) < 2500
            run = []


def is_wide(block: dict) -> bool:
    """Whether a block, or one in its group, is a table that needs landscape paper."""
    return (block.get("size") == "wide" and not block.get("upright")) or (
        block.get("kind") == "group" and any(is_wide(child) for child in block.get("children", []))
    )


def upright(section: dict) -> list[dict]:
    """A landscape section in stretches: its articles are for portrait paper, what stands between them is not."""
    if not section["landscape"]:
        return [section]
    stretches = []
    for article, blocks in groupby(section["blocks"], key=lambda block: block.get("kind") == "article"):
        stretches.append(section | {"blocks": list(blocks), "landscape": not article, "continued": bool(stretches)})
    return stretches


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


def fit(value, key: str = ""):
    """Return a copy of any JSON value with its readable texts fit for paper and pictures as SVG."""
    if isinstance(value, dict):
        if value.get("type") == "image":
            return picture_as_svg(value) | {"alt": fit_for_paper(value.get("alt") or "")}
        return {name: fit(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [fit(item, key) for item in value]
    if isinstance(value, str) and key not in VERBATIM:
        return fit_for_paper(value)
    return "" if value is None else value


def refuse_missing_alt(value, where: str = "the report") -> None:
    """Raise PdfError if a picture anywhere below has no text alternative, naming where it stands."""
    if isinstance(value, list):
        for item in value:
            refuse_missing_alt(item, where)
    if not isinstance(value, dict):
        return
    here = " ".join(str(value[name]) for name in ("code", "title") if value.get(name)) or value.get("caption") or where
    if (value.get("svg") or value.get("type") == "image") and not str(value.get("alt") or "").strip():
        raise PdfError(
            f"A {value.get('role') or 'picture'} in {here} has no text alternative, so the PDF cannot be made "
            "accessible. Give the figure an `alt` that says what it shows."
        )
    for item in value.values():
        refuse_missing_alt(item, here)


def split_cover(sections: list[dict]) -> tuple[dict, list[dict]]:
    """Take what the first page shows (cover, lead sentence, counts) out of the cover section."""
    cover: dict = {}
    remaining = []
    for section in sections:
        blocks = []
        for block in section.get("blocks", []):
            first = section.get("id") == "cover" and block.get("kind") in ("cover", "sentence", "counts")
            if first and block["kind"] not in cover:
                cover[block["kind"]] = block
            else:
                blocks.append(block)
        remaining.append(section | {"blocks": blocks})
    return cover, remaining


def without_empty(blocks: list[dict]) -> list[dict]:
    """Blocks that say something: a heading or a paragraph without words would be announced as one."""
    kept = []
    for block in blocks:
        if block.get("kind") in WORDS_ONLY and not str(block.get("text") or "").strip():
            continue
        if "children" in block:
            block = block | {"children": without_empty(block["children"])}
        if block.get("kind") == "prose":
            block = block | {"prose": [item for item in block["prose"] if item.get("type") != "heading" or words(item)]}
        kept.append(block)
    return kept


def words(node: dict) -> str:
    """The words of a piece of prose, without its markup."""
    inner = [*node.get("children", []), *(item for items in node.get("items", []) for item in items)]
    return (node.get("text") or "") + "".join(words(child) for child in inner)
