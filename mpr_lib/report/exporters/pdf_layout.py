"""A report's document made ready for the PDF template: what Python decides, so that the template only lays out."""

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby, pairwise, takewhile

from mpr_lib.book.settings import PdfSettings
from mpr_lib.errors import MprError
from mpr_lib.report.fonts import drawable_characters
from mpr_lib.report.prose import BREAK, PICTURE, plain_text, with_breaks
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.outcome import EXCEPTIONS, OUTCOMES
from mpr_lib.words import OUTCOMES_SHORT, lowered

# What Source Sans Pro certainly has; only texts with something else are looked up in the font files.
COMMON = re.compile(r"[\n\t\x20-\x7e\xa0-\u017f‘’“”–—…•€™≤≥−\u200b\xad]*\Z")


def fit_for_paper(text: str) -> str:
    """Replace what no font can draw by its name, and let over-long words break.

    >>> fit_for_paper("Well done 👍")
    'Well done [thumbs up sign]'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = text if COMMON.match(text) else "".join(drawable_character(character) for character in text)
    return with_breaks(shown)


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


class PdfError(MprError):
    """A report that cannot be set as a PDF."""


def picture_as_svg(image: dict) -> dict:
    """Return the prose image with its `svg`, `width` and `height` (pixels); raise PdfError if unreadable."""
    if drawn := re.fullmatch(r"data:image/svg\+xml;base64,(.*)", image["src"], re.DOTALL):
        svg = base64.b64decode(drawn[1]).decode("utf-8", "replace")
        width, height = svg_size(svg)
        return {"type": "image", "svg": svg, "width": width, "height": height, "alt": image["alt"]}
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


def svg_size(svg: str) -> tuple[float, float]:
    """How wide and high a drawing says it is, in pixels; 600 by 400 where it does not."""
    root = re.search(r"<svg\b[^>]*>", svg)
    said = re.findall(r'\s(width|height)="([\d.]+)(pt|px)?"', root[0] if root else "")
    known = {name: float(number) * (4 / 3 if unit == "pt" else 1) for name, number, unit in said}
    return known.get("width", 600.0), known.get("height", 400.0)


def _unreadable(image, why):
    """For an officer who pasted a picture that cannot be shown."""
    name = image["alt"] or image["src"][:40]
    said = f"The picture '{name}' cannot be put into the PDF: {why}. Attach it to its Markdown cell as a PNG or JPEG."
    return PdfError(said)


DEEPEST = 6
VERBATIM = {"svg", "src", "href", "id", "kind", "type", "key", "role", "align", "size", "tone", "month", "generated"}
INTRODUCTION = {"text", "prose", "note", "sentence", "counts"}
RUNNING_TEXT = {*INTRODUCTION, "heading", "links", "facts"}
GLANCE_ROWS = 14
"""Rows of the summary that the cover has room for."""


def lay_out(document: dict) -> dict:
    """Return a copy with texts fit for paper, heading depths, links that lead somewhere, and each section's paper.

    A document may bring what paper has in the place of what the page has. Raises PdfError for a figure without a text
    alternative.
    """
    ready = fit(held(document | document.get("paper", {})), set())
    sections = ready.pop("sections")
    sections += [index_of(sections)] if ready.pop("indexed", False) else []
    cover = [block for section in sections if section["id"] == "cover" for block in section["blocks"]]
    ready["cover"] = for_paper([block for block in cover if on_the_cover(block) and block["kind"] != "filter"])
    stretches = []
    for section in sections:
        gone = on_the_cover if section["id"] == "cover" else lambda block: block["kind"] == "filter"
        blocks = for_paper([block for block in section["blocks"] if not gone(block)])
        blocks.sort(key=lambda block: block["kind"] == "article")
        set_depths(blocks, 1)
        set_page_starts(blocks)
        keep_introductions(blocks)
        title = section["title"] or "At a glance"
        stretches += by_paper({"id": section["id"], "title": title, "blocks": blocks}) if blocks else []
    for before, part in pairwise(stretches):
        goes_on = before["blocks"][-1]["kind"] != "article" and not part["landscape"] and not before["landscape"]
        part["flows_on"] = goes_on and all(block["kind"] in RUNNING_TEXT for block in part["blocks"])
    if stretches:
        stretches[-1]["small"] = stretches[-1].get("flows_on", False)
    ready["articles"] = {each["id"]: contents_entry(each) for part in stretches for each in articles_of(part)}
    ready["runs"] = [
        {"landscape": landscape, "sections": list(run)}
        for landscape, run in groupby(stretches, lambda s: s["landscape"])
    ]
    ready["anchors"] = tie_links(ready, set(under("id", [ready["cover"], ready["runs"]])))
    return ready


def on_the_cover(block: dict) -> bool:
    """Whether the first page takes a block of the cover: title, words, counts and the summary; it has no filter."""
    kinds = ("cover", "filter", "sentence", "prose", "text", "counts", "legend")
    return block["kind"] in kinds or block.get("id") == "glance"


def articles_of(section: dict) -> list[dict]:
    return [block for block in section["blocks"] if block["kind"] == "article"]


def contents_entry(article: dict) -> dict:
    """What the contents say of an article."""
    return {name: article.get(name) for name in ("code", "title", "outcome", "outcome_label", "judged")}


WHICH = {"all": "the furthest from target first", "at_risk": f"those {lowered(OUTCOMES_SHORT['AT_RISK'])}", "none": ""}
"""Which articles a PDF keeps that does not keep them all, by ``pdf: details``."""


MANY = 300
"""Indicators above which a PDF has exceptions alone in its tables, and 30 articles in place of 100, where the settings
do not say otherwise: nobody prints hundreds of pages."""


def held(document: dict) -> dict:
    """The document with no more articles than its ``pdf`` settings allow, and a note in the place of the others.

    At risk comes before slipping, and the furthest from target first, as in the summary on the cover.
    """
    rule = PdfSettings(**document.get("pdf", {}))
    tables, most = ("exceptions", 30) if len(_indicator_rows(document["sections"])) > MANY else ("all", 100)
    tables, most = rule.tables or tables, most if rule.most_details is None else rule.most_details
    every = [article for section in document["sections"] for article in articles_of(section)]
    outcomes = {"all": set(OUTCOMES), "at_risk": {"AT_RISK"}, "none": set()}[rule.details]
    summary = [row.get("code") for row in _glance(document).get("rows", [])]
    place = {code: number for number, code in enumerate(summary)}
    wanted = [each for each in every if each["outcome"] in outcomes]
    wanted.sort(key=lambda each: (OUTCOMES.index(each["outcome"]), place.get(each["code"], len(place))))
    kept = {each["id"] for each in wanted[:most]}
    if tables == "exceptions":
        first: dict = next((each for each in document["sections"] if each["id"] == "exceptions"), {"blocks": []})
        document = document | {"sections": [_exceptions_alone(section, first) for section in document["sections"]]}
    if len(kept) == len(every):
        return document
    which = WHICH["all" if len(wanted) > len(kept) else rule.details]
    said = f"The pages of {len(kept)} of {len(every)} indicators are in this PDF{f', {which}' * bool(kept)}"
    where = "The report's web page has them all, and the index at the end says where each stands."
    note = {"kind": "note", "tone": "info", "text": f"{said}. {where}"}
    return document | {"sections": [_without(section, kept, note) for section in document["sections"]], "indexed": True}


def _exceptions_alone(section, first):
    """The section with the rows of exceptions alone in its tables of all indicators, which a note then says.

    ``first`` is the section of exceptions: what stands there is not said again.
    """
    if section["id"] in ("cover", "exceptions"):
        return section
    said = _indicator_rows([first])
    shown = [_still_to_say(block, said) if block["kind"] == "table" else block for block in section["blocks"]]
    if shown == section["blocks"]:
        return section
    which = ", ".join(OUTCOMES_SHORT[outcome] for outcome in EXCEPTIONS)
    once = f", and not again those of {first.get('title', '').partition(':')[0]}" * bool(said)
    text = (
        f"The tables of this PDF have the exceptions alone ({which}){once}. The report's web page has all indicators."
    )
    kept = [{"kind": "note", "tone": "info", "text": text}]
    for block in shown:
        if block["kind"] != "table" or block["rows"]:
            kept.append(block)
            continue
        # A heading of which nothing is left goes with its table.
        under = list(takewhile(lambda each: each["kind"] == "text", reversed(kept)))
        if kept[-len(under) - 1]["kind"] == "heading":
            del kept[-len(under) - 1 :]
    return section | {"blocks": kept}


def _still_to_say(table, said):
    """The table with those of its indicators that are exceptions and not ``said``, under their groups."""
    rows = [
        row for row in table["rows"]
        if row.get("kind") != "indicator" or (row.get("outcome") in EXCEPTIONS and row["code"] not in said)
    ]  # fmt: skip
    after = [*rows[1:], {"kind": "group"}]
    return table | {"rows": [
        row for row, below in zip(rows, after, strict=False) if not row.get("kind") == below["kind"] == "group"
    ]}  # fmt: skip


INDEX = {"code": "Code", "name": "Indicator", "row": "In the tables on page", "own": "Its own page"}


def index_of(sections: list[dict]) -> dict:
    """A section that says, by code, on which page each indicator has its row and its own, or that the web has it."""
    rows = _indicator_rows(sections)
    own = {each["code"]: each for section in sections for each in articles_of(section)}

    def page(code, found):
        at = found.get(code)
        return {"text": code, "href": f"#{at['id']}", "paged": True} if at else {"text": "report.html", "missing": True}

    made = [{"kind": "plain", "cells": {"code": {"text": code}, "name": {"text": row["cells"]["name"]["text"]},
             "row": page(code, rows), "own": page(code, own)}}
            for code, row in sorted(rows.items(), key=lambda each: natural_key(each[0]))]  # fmt: skip
    columns = [{"key": key, "label": label, "kind": "number" if key in ("row", "own") else "text"}
               for key, label in INDEX.items()]  # fmt: skip
    table = {"kind": "table", "id": "index-of-all", "caption": "Where each indicator stands", "columns": columns,
             "rows": made, "size": "narrow"}  # fmt: skip
    return {"id": "index", "title": "Index", "blocks": [table]}


def _indicator_rows(sections):
    """By code the rows that links lead to in tables of indicators: none of the cover's."""
    blocks = [block for section in sections for block in section["blocks"] if block.get("id") != "glance"]
    return {row["code"]: row for block in blocks if block["kind"] == "table"
            for row in block["rows"] if row.get("kind") == "indicator" and row.get("id")}  # fmt: skip


def _glance(document):
    blocks = [block for section in document["sections"] for block in section["blocks"]]
    return next((block for block in blocks if block.get("id") == "glance"), {})


def _without(section, kept, note):
    """The section with the articles that are kept alone, and the note where the first of the others stood."""
    others = [block for block in articles_of(section) if block["id"] not in kept]
    if not others:
        return section
    blocks = [note if block is others[0] else block for block in section["blocks"]]
    return section | {"blocks": [block for block in blocks if not any(block is other for other in others)]}


PAPER_WIDTH, LETTER = 178, 1.5
"""Millimetres of upright paper, and of a letter in a table."""
LEAST = {"prose": 44, "trend": 22, "outcome": 26, "direction": 15, "variation": 15, "number": 9, "distance": 22}
"""How narrow a column of that kind may be, in millimetres."""
LONG_DETAIL = 40


def for_paper(blocks: list[dict]) -> list[dict]:
    """The blocks with tables as upright paper has room for them, all of a section alike.

    Comments stand below their rows, across the table. Where an indicator's columns do not fit, those of words do too,
    from the last on, but never the first two. What does not fit then is for paper turned round.
    """
    tables = [arranged(block) for block in blocks if block["kind"] == "table"]
    below = {key for table in tables for key in without_room(table)}
    made = iter([with_below(table, below) for table in tables])
    return [part for block in blocks for part in (parted(next(made)) if block["kind"] == "table" else [block])]


LONG = 100
"""Rows of a table that is set as one: of more Typst takes the square of their number, 1,000 a hundred times as long."""


def parted(table: dict) -> list[dict]:
    """A long table as several, none longer than ``LONG``, each with the heading of the group that goes on in it."""
    parts: list[list[dict]] = [[]]
    head: list[dict] = []
    if len(table["rows"]) <= LONG:
        return [table]
    for row in table["rows"]:
        if row.get("kind") == "group":
            head = [{**row, "id": ""}]
        if len(parts[-1]) >= LONG:
            parts.append([*head] if row.get("kind") != "group" else [])
        parts[-1].append(row)
    ids, many = [table["id"], *[""] * len(parts)], len(parts)
    return [table | {"id": id, "rows": part, "caption": f"{table['caption']} ({number} of {many})"}
            for number, (id, part) in enumerate(zip(ids, parts, strict=False), start=1)]  # fmt: skip


def without_room(table: dict) -> list[str]:
    """The keys of the columns that stand below the rows of a table of indicators, as far as it can do without."""
    if not any(row.get("kind") == "indicator" for row in table["rows"]):
        return []
    below = [column["key"] for column in table["columns"] if column["kind"] == "prose"]
    movable = [column["key"] for column in table["columns"][2:] if column["kind"] in ("text", "variation")]
    widths = {column["key"]: widths_of(column, table["rows"])[1] for column in table["columns"]}
    while movable and sum(width for key, width in widths.items() if key not in below) > PAPER_WIDTH:
        below.append(movable.pop())
    return below


def with_below(table: dict, keys: set[str]) -> dict:
    """The table with these columns below its rows; ``landscape`` where the others need paper turned round."""
    stay = [column for column in table["columns"] if column["key"] not in keys]
    below = [column for column in table["columns"] if column["key"] in keys]
    rows = [with_long_details_below(row, stay) for row in table["rows"]] if below else table["rows"]
    landscape = sum(widths_of(column, rows)[0] for column in stay) > PAPER_WIDTH
    return table | {"columns": stay, "below": below, "rows": rows, "landscape": landscape}


def arranged(table: dict) -> dict:
    """The table with the column first that heads its rows, and bars of a kind of their own; the summary shortened."""
    columns, rows = table["columns"], table["rows"]
    barred = {key for row in rows for key, cell in row["cells"].items() if "bar" in cell}
    columns = [column | ({"kind": "distance"} if column["key"] in barred else {}) for column in columns]
    columns.sort(key=lambda column: column["key"] != table.get("heads", ""))
    return shortened(table | {"columns": columns}) if table.get("id") == "glance" else table | {"columns": columns}


def with_long_details_below(row: dict, columns: list[dict]) -> dict:
    """A row whose cells' long details, such as the reason of a judgement, are told below it."""
    cells, told = dict(row["cells"]), []
    for key in (
        column["key"] for column in columns if len(cells.get(column["key"], {}).get("detail", "")) > LONG_DETAIL
    ):
        told.append(" ".join(filter(None, (cells[key].get("mark"), cells[key]["detail"]))))
        cells[key] = {name: each for name, each in cells[key].items() if name not in ("mark", "detail")}
    return row | {"cells": cells, "told": told}


def widths_of(column: dict, rows: list[dict]) -> tuple[float, float]:
    """About how many millimetres a column needs so that no word of it breaks, and so that a name reads well."""
    texts = [row["cells"].get(column["key"], {}).get("text", "") for row in rows]
    head = max(map(len, column["label"].split()), default=0)
    if column["kind"] in LEAST:
        return (max(LEAST[column["kind"]], head * LETTER) + 3,) * 2
    word = max([head, *(len(word) for text in texts for word in text.split())]) * LETTER + 3
    return min(word, 33), max(word, min(max(map(len, texts), default=0) * LETTER / 3, 50) + 3)


def shortened(table: dict) -> dict:
    """The summary with the rows that the cover has room for, and in its caption how many there are."""
    rows = table["rows"]
    if len(rows) <= GLANCE_ROWS:
        return table
    caption = f"{table['caption']}: the first {GLANCE_ROWS} of {len(rows)}, which Section 1 lists"
    return table | {"rows": rows[:GLANCE_ROWS], "caption": caption}


def under(name: str, value) -> Iterator:
    """What stands under a name anywhere inside a JSON value: the ids of sections, blocks and rows, for example."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from [each] if key == name else under(name, each)


def tie_links(ready: dict, targets: set[str]) -> dict[str, list[str]]:
    """Give each link inside the document a target of its own words; return the words by target.

    A link says its words to a screen reader by what stands at its target. One that leads nowhere is words alone.
    """
    anchors: dict[str, list[str]] = {}

    def tie(value):
        for each in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
            tie(each)
        if isinstance(value, dict) and str(value.get("href", "")).startswith("#"):
            target, said = value["href"][1:], value.get("text") or plain_text([{**value, "type": "paragraph"}])
            known = anchors.setdefault(target, []) if target in targets else []
            known += [said] * (said not in known)
            value["href"] = f"#{target}--{known.index(said)}" if target in targets else ""

    tie(ready)
    return anchors


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
            block["children"] = side_by_side(block["children"])
            set_depths(block["children"], block["depth"])
            for child in block["children"]:
                child["inner"] = True
    return depth


def side_by_side(children: list[dict]) -> list[dict]:
    """An article's parts with its line of facts beside its chart, or beside its gauge where there is no chart."""
    roles = {each["kind"] if each["kind"] == "facts" else each.get("role", ""): each for each in children}
    drawn, facts = roles.get("trend") or roles.get("gauge"), roles.get("facts")
    if not drawn or not facts:
        return children
    beside = {"kind": "group", "shares": [5, 3] if "trend" in roles else [1, 1], "children": [drawn, facts]}
    return [beside if each is drawn else each for each in children if each is not facts]


def set_page_starts(blocks: list[dict]) -> None:
    """Tell an article whether another stands before it, and what follows one that it does."""
    for before, block in pairwise([{"kind": ""}, *blocks]):
        block["follows_article"] = before["kind"] == "article"


def keep_introductions(blocks: list[dict]) -> None:
    """Keep what stands between a heading and its table on the table's page, if it is short."""
    leads = False
    for block in reversed(blocks):
        block["kept"] = leads and block["kind"] in INTRODUCTION and len(json.dumps(block)) < 2500
        leads = block["kind"] == "table" or block["kept"]


def by_paper(section: dict) -> list[dict]:
    """A section in stretches on paper the same way round: what leads to a table goes with it."""
    turned = False
    for block in reversed(section["blocks"]):
        leads = turned and (block["kind"] == "heading" or block["kind"] in INTRODUCTION)
        block["turned"] = turned = leads or block.get("landscape", False)
    return [
        section | {"blocks": list(blocks), "landscape": landscape, "continued": number > 0}
        for number, (landscape, blocks) in enumerate(groupby(section["blocks"], key=lambda block: block["turned"]))
    ]
