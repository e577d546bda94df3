"""Abbreviations in comments: the first use of each is marked with what it stands for, as the Key lists it."""

import re

TABLE = "key-abbreviations"
"""The Key's table of abbreviations."""


def abbreviated(document: dict) -> dict:
    """The document with the first use of each abbreviation marked in every section's and detail page's comments.

    Adds ``{"type": "abbr", "text", "title"}`` to the prose; headings, links and code stay as they are.
    """
    known = dict(_listed(document))
    if not known:
        return document
    ours = "|".join(re.escape(short) for short in sorted(known, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{ours})(?=(?:['’]?s)?(?!\w))")
    sections = [_marked(section, pattern, dict(known)) for section in document["sections"]]
    return {**document, "sections": sections}


def _listed(document):
    tables = (block for section in document["sections"] for block in section["blocks"] if block.get("id") == TABLE)
    for table in tables:
        for row in table["rows"]:
            yield row["cells"]["abbreviation"]["text"], row["cells"]["meaning"]["text"]


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
    parts, done = [], 0
    for found in pattern.finditer(node["text"]):
        if found[0] in left:
            parts += [_text(node["text"][done : found.start()])]
            parts += [{"type": "abbr", "text": found[0], "title": left.pop(found[0])}]
            done = found.end()
    return [part for part in (*parts, _text(node["text"][done:])) if part["text"]]


def _text(words):
    return {"type": "text", "text": words}
