"""Prose: Markdown that people write, read into a small tree that can hold nothing dangerous.

Only what a comment needs gets through: paragraphs, lists, emphasis, links, quotes, headings, tables, code. HTML is
shown as the text that it is, and links lead to the web or to a mailbox, never to a script.
"""

import html
import re
from collections.abc import Callable
from typing import Any

import mistune

from mpr_lib.words import names_no_action

_SAFE_LINK = re.compile(r"(https?://|mailto:|#)[^\s<>\"']+", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,([A-Za-z0-9+/=\s]+)")
_parse = mistune.create_markdown(renderer="ast", plugins=["table"])
_parse_formulas = mistune.create_markdown(renderer="ast", plugins=["table", "math"])


def read_prose(markdown: str, formula: Callable[..., dict] | None = None) -> list[dict]:
    """Read Markdown into blocks of text. ``formula`` makes a block of LaTeX; without it dollars are dollars.

    >>> read_prose("Fewer *days*.")[0]["children"][1]
    {'type': 'emphasis', 'children': [{'type': 'text', 'text': 'days'}]}
    """
    if formula is None:
        return _blocks(_parse(markdown))
    tokens: Any = _parse_formulas(markdown)
    for token in _within(tokens):
        if token["type"] == "inline_math" and re.search(r"[\\^_{]", token["raw"]):
            formula(token["raw"], alone=False)
    made = ([formula(token["raw"])] if token["type"] == "block_math" else _blocks([token]) for token in tokens)
    return [block for each in made for block in each]


def _within(tokens):
    for token in tokens:
        yield token
        yield from _within(token.get("children", []))


def paragraph(*parts: str | tuple[str, str]) -> dict:
    """A paragraph of these words, in which words and an address are a link, and nothing else.

    >>> paragraph("See ", ("CP 3.9", "#cp-3-9"))["children"][1]
    {'type': 'link', 'href': '#cp-3-9', 'children': [{'type': 'text', 'text': 'CP 3.9'}]}
    """
    return {"type": "paragraph", "children": [_text(part) if isinstance(part, str) else _to(*part) for part in parts]}


def _to(words, href):
    return {"type": "link", "href": href, "children": [_text(words)]}


def plain_text(blocks: list[dict]) -> str:
    """The words of a tree, a line for each block, for searching and comparing.

    >>> plain_text(read_prose("Fewer *days*."))
    'Fewer days.'
    """
    return "\n".join(line for line in map(_line, blocks) if line)


_ACTION = re.compile(r"(?:actions?|what is being done)\s*(?::\s*(.*))?", re.IGNORECASE | re.DOTALL)
"""How what is being done is marked: "Action:" where a paragraph begins, or a heading of that name and nothing else."""
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:e\.g|i\.e)\.)(?<!\b(?:approx)\.)(?<!\b(?:Dr|Mr|Ms|No|St|vs)\.)(?<!\b(?:Mrs)\.)"
    r"[\"'’”)]*\s+(?=[\"'‘“(]*[A-Z0-9])"
)


def action(blocks: list[dict]) -> str:
    r"""What is being done, as far as a comment marks it: all that stands under that mark; empty where nothing does, and
    of an empty phrase (``names_no_action``).

    >>> action(read_prose("Visits were late.\n\n**Action:** two officers start in July."))
    'two officers start in July.'
    """
    found, under = [], ""
    for block in blocks:
        said, level = plain_text([block]), block.get("level", 0)
        mark = _ACTION.fullmatch(said) if block["type"] in ("heading", "paragraph") else None
        if mark:
            under = "" if mark[1] else "heading" if level else "paragraph"
            found += [mark[1]] if mark[1] else []
        elif under and not level:
            found.append(said)
            under = under.replace("paragraph", "")
        else:
            under = ""
    said = " ".join(" ".join(found).split())
    return "" if names_no_action(said) else said


def first_sentence(blocks: list[dict]) -> str:
    """How a comment begins: the first sentence of its first words that are no heading.

    >>> first_sentence(read_prose("Fewer days, e.g. 3. More in May."))
    'Fewer days, e.g. 3.'
    """
    lines = plain_text([block for block in blocks if block["type"] != "heading"]) or plain_text(blocks)
    return _SENTENCE_END.split(" ".join(lines.split("\n")[0].split()), maxsplit=1)[0]


def _line(block):
    if block["type"] == "list":
        return "\n".join(plain_text(item) for item in block["items"])
    if block["type"] == "quote":
        return plain_text(block["children"])
    if block["type"] == "table":
        return "\n".join(" ".join(map(_inline_text, row)) for row in [block["header"], *block["rows"]])
    return _inline_text(block["children"]) if "children" in block else block.get("text", block.get("alt", ""))


def _inline_text(inlines):
    parts = (_inline_text(node["children"]) if "children" in node else node.get("text", " ") for node in inlines)
    return "".join(parts)


def _blocks(tokens):
    blocks = []
    for token in tokens:
        blocks += _BLOCKS.get(token["type"], _unknown_block)(token)
    return blocks


def _paragraph(token):
    shown = [child for child in token.get("children", []) if child["type"] != "softbreak"]
    if shown and all(child["type"] == "image" for child in shown):
        return [_picture(child) for child in shown]
    return [{"type": "paragraph", "children": _inlines(token.get("children", []))}]


def _picture(token):
    source, alt = token["attrs"]["url"], _words(token.get("children", []))
    if PICTURE.fullmatch(source):
        return {"type": "image", "src": source, "alt": alt}
    return paragraph(alt or "(a picture that is not shown)")


def _list(token):
    items = [_blocks(item["children"]) for item in token["children"]]
    return [{"type": "list", "ordered": bool(token["attrs"].get("ordered")), "items": items}]


def _table(token):
    head, *bodies = token["children"]
    rows = [_cells(row) for body in bodies for row in body["children"]]
    return [{"type": "table", "header": _cells(head), "rows": rows}]


def _cells(row):
    return [_inlines(cell["children"]) for cell in row["children"]]


def _unknown_block(token):
    words = _words([token]).strip()
    return [paragraph(words)] if words else []


_BLOCKS = {
    "paragraph": _paragraph,
    "block_text": _paragraph,
    "list": _list,
    "table": _table,
    "blank_line": lambda token: [],
    "thematic_break": lambda token: [{"type": "rule"}],
    "block_code": lambda token: [{"type": "code", "text": token["raw"].rstrip("\n")}],
    "block_quote": lambda token: [{"type": "quote", "children": _blocks(token["children"])}],
    "heading": lambda token: [
        {"type": "heading", "level": token["attrs"]["level"], "children": _inlines(token["children"])}
    ],
}


def _inlines(tokens):
    return [_INLINES.get(token["type"], _unknown_inline)(token) for token in tokens]


def _link(token):
    children, target = _inlines(token["children"]), token["attrs"]["url"]
    if _SAFE_LINK.fullmatch(target):
        return {"type": "link", "href": target, "children": children}
    said = _words(token["children"])
    return _text(said if said == target else f"{said} ({target})")


def _unknown_inline(token):
    return _text(_words([token]))


_INLINES = {
    "softbreak": lambda token: _text(" "),
    "linebreak": lambda token: {"type": "break"},
    "strong": lambda token: {"type": "strong", "children": _inlines(token["children"])},
    "emphasis": lambda token: {"type": "emphasis", "children": _inlines(token["children"])},
    "codespan": lambda token: {"type": "code", "text": token["raw"]},
    "link": _link,
    "image": lambda token: _text(_words(token.get("children", []))),
    "inline_math": lambda token: _text(f"${token['raw']}$"),
}


def _words(tokens):
    return "".join(html.unescape(token.get("raw", "")) or _words(token.get("children", [])) for token in tokens)


TABLE = "key-abbreviations"
"""The Key's table of abbreviations."""


def abbreviated(document: dict) -> dict:
    """The document with the first use of each abbreviation marked in every section's and detail page's comments.

    Adds ``{"type": "abbr", "text", "title"}`` to the prose; headings, links and code stay as they are.
    """
    tables = (block for section in document["sections"] for block in section["blocks"] if block.get("id") == TABLE)
    cells = [row["cells"] for table in tables for row in table["rows"]]
    known = {each["abbreviation"]["text"]: each["meaning"]["text"] for each in cells}
    if not known:
        return document
    ours = "|".join(re.escape(short) for short in sorted(known, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)({ours})(?=(?:['’]?s)?(?!\w))")
    sections = [_marked(section, pattern, dict(known)) for section in document["sections"]]
    return {**document, "sections": sections}


def _marked(node, pattern, left):
    """A copy of a part of the document; ``left`` holds what was not yet marked and loses what is."""
    if isinstance(node, list):
        return [new for each in node for new in _texts(each, pattern, left)]
    if not isinstance(node, dict) or node.get("type") in ("link", "heading", "code"):
        return node
    if node.get("kind") == "article":
        left = dict(left)
    return {key: _marked(value, pattern, left) for key, value in node.items()}


def _texts(node, pattern, left):
    if not isinstance(node, dict) or node.get("type") != "text":
        return [_marked(node, pattern, left)]
    return [
        {"type": "abbr", "text": piece, "title": left.pop(piece)} if piece in left else _text(piece)
        for piece in pattern.split(node["text"])
        if piece
    ]


def _text(words):
    return {"type": "text", "text": words}


NATURAL_BREAK = re.compile(r"(?<=[@./\\_\-&=?:,;])(?=[^\s\u200b])")
BREAK = "\u200b"
PIECE = 14


def with_breaks(text: str, least: int = 29) -> str:
    """The text with places to break in words of ``least`` letters and more: ``BREAK``, which nobody sees."""
    return re.sub(rf"[^\s\u200b]{{{least},}}", lambda found: breakable(found[0]), text)


def breakable(word: str) -> str:
    """Allow breaks after an address's punctuation, and anywhere in a piece that is still too long.

    >>> breakable("someone@" + "x" * 21).replace(BREAK, "|")
    'someone@|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x|x'
    """
    pieces = NATURAL_BREAK.split(word)
    return BREAK.join(BREAK.join(piece) if len(piece) > PIECE else piece for piece in pieces)
