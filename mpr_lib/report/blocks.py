"""Blocks: what a page consists of, as plain data. HTML and PDF are two renderings of the same blocks.

A block is a dict with a ``kind``; a cell is a dict with a ``text`` that is never empty and what goes with it. Plain
data, because it travels as JSON: from the notebook's kernel to the exporters, and on to Typst.
"""

Block = dict
Cell = dict


def heading(level: int, text: str, id: str = "") -> Block:
    return {"kind": "heading", "level": level, "text": text, "id": id}


def text(words: str, **extras) -> Block:
    """A paragraph of words; ``counts`` marks what is no longer so under a filter."""
    return {"kind": "text", "text": words, **extras}


def sentence(words: str) -> Block:
    """The sentence that a page leads with."""
    return {"kind": "sentence", "text": words}


def prose(blocks: list[dict]) -> Block:
    """Text that somebody wrote, as ``mpr_lib.report.prose`` reads Markdown."""
    return {"kind": "prose", "prose": blocks}


def note(words: str, tone: str = "info") -> Block:
    """A remark that stands out; tone is info, warning or none."""
    return {"kind": "note", "text": words, "tone": tone}


def counts(label: str, items: list[dict]) -> Block:
    """Counts by outcome as a labelled bar; items have outcome, label, count, and how many of them are judged.

    Where some are, judged_words parts them: "17, 2 more by officers' judgement though below target". The bar has a part
    for each item, and one of its own for those that are judged, each with its share in whole per cent.
    """
    total, items = sum(item["count"] for item in items), [{"judged": 0, **item} for item in items]
    parts = [
        {
            "outcome": item["outcome"],
            "label": item.get("short", item["label"]),
            "count": count,
            "judged": judged,
            "share": max(1, round(100 * count / total)),
        }
        for item in items
        for judged, count in ((False, item["count"] - item["judged"]), (True, item["judged"]))
        if count
    ]
    return {"kind": "counts", "label": label, "total": total, "items": items, "parts": parts}


def facts(items: list[tuple[str, Cell | str]], size: str = "list") -> Block:
    """Terms and what they are: cells, or their words; ``size`` is list, or line for one after the other."""
    made = [(term, cell(content) if isinstance(content, str) else content) for term, content in items]
    return {"kind": "facts", "size": size, "items": [{"term": term, "cell": content} for term, content in made]}


def figure(svg: str, alt: str, role: str, caption: str = "", anchor: str = "") -> Block:
    """A drawing with its text alternative; role is trend, gauge or picture.

    ``anchor`` keeps the drawing's ids apart from those of other drawings in the document.
    """
    return {"kind": "figure", "svg": svg, "alt": alt, "role": role, "caption": caption, "anchor": anchor or role}


def column(key: str, label: str, kind: str = "text") -> dict:
    """A table's column.

    ``kind`` says what its cells hold: code, text, number, outcome, direction, variation, prose or trend.
    """
    return {"key": key, "label": label, "kind": kind, "align": "end" if kind == "number" else "start"}


def columns(headings: dict[str, str | tuple[str, str]]) -> list[dict]:
    """Columns by key: each a label, or a label and a kind."""
    return [column(key, *([each] if isinstance(each, str) else each)) for key, each in headings.items()]


def table(id: str, caption: str, columns: list[dict], rows: list[dict], size: str = "wide", **extras) -> Block:
    """A table; the first column heads its rows, or the one that ``heads`` names.

    ``size`` is narrow, or wide: landscape on paper unless it is ``upright``, and cards on a phone; or glance: the first
    screen's, as dense as can be read. ``most`` says how many rows are shown before the others are
    asked for.
    """
    return {"kind": "table", "id": id, "caption": caption, "size": size, "columns": columns, "rows": rows, **extras}


def plain_table(id: str, caption: str, headings: dict, rows, size: str = "narrow") -> Block:
    """A table of words: ``headings`` as ``columns`` takes them, each row its cells or their words in that order."""
    made = [row(dict(zip(headings, cells, strict=True))) for cells in rows]
    return table(id, caption, columns(headings), made, size)


def row(cells: dict[str, Cell | str], kind: str = "plain", **attributes) -> dict:
    """A table's row: cells, or their words, by column key; for an indicator code, rating, outcome, direction and id."""
    made = {key: each if isinstance(each, dict) else cell(each) for key, each in cells.items()}
    return {"kind": kind, "cells": made, **attributes}


def group_row(cells: dict[str, Cell | str]) -> dict:
    """A row that heads those after it up to the next such row: one cell, in the first column, across the table."""
    return row(cells, "group")


def legend(items: list[dict]) -> Block:
    """What signs mean, in one line; items have text, and the outcome or direction whose sign it is."""
    return {"kind": "legend", "items": items}


def links(title: str, items: list[dict]) -> Block:
    """A list of places in the document; items have href, text and detail."""
    return {"kind": "links", "title": title, "items": items}


def group(*children: Block) -> Block:
    """Blocks that stand side by side where there is room."""
    return {"kind": "group", "children": list(children)}


def details(summary: str, *children: Block, **extras) -> Block:
    """Blocks that wait behind their summary on a screen, and stand below it on paper.

    ``id``, and ``level`` where the summary is a heading, without which it is left out on paper.
    """
    return {"kind": "details", "summary": summary, "children": list(children), **extras}


def article(id: str, children: list[Block], **attributes) -> Block:
    """One indicator's card; each child's ``part`` says to what it belongs: comment, chart or more, in that order.

    Attributes: code, title, official, basis, outcome, outcome_label, judged, why, sentence, rating, direction,
    department, committee, aim, managed_by, back.
    """
    return {"kind": "article", "id": id, **attributes, "children": children}


def cell(words, **extras) -> Cell:
    """A table's or a fact's content.

    Extras: outcome, judged, direction, variation, href, detail, prose, svg, alt, missing; mark, what kind of words
    these are ("Comment:", "Judged:"), before the detail or, without one, before the words; marks, remarks of a word or
    two beside the words; tag, that the words are such a remark themselves; brief, that a line or two of them will do;
    bar, a distance drawn: outcome, and share of the longest bar in whole per cent.
    """
    words = str(words)
    if not words:
        raise ValueError("a cell without words tells a screen reader nothing: give the reason")
    return {"text": words, **{key: value for key, value in extras.items() if value not in (None, "", False, [])}}
