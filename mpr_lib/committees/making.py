"""A committee's edition: the same notebook's sections, made of the indicators that the committee reviews."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import takewhile

from mpr_lib import words
from mpr_lib.book import Book
from mpr_lib.book.book import OF_INDICATORS
from mpr_lib.book.tables import committees
from mpr_lib.checks import Quality
from mpr_lib.errors import ParameterError, near
from mpr_lib.report.blocks import group_row
from mpr_lib.report.document import read_document
from mpr_lib.report.report import Report
from mpr_lib.rules.codes import slug

FOLDER = "committees"
WHOLE = "../../report.html"
"""Where the whole report lies from a committee's folder."""
LONGEST = 60


def committee_editions(book: Book, asked: Iterable[str]) -> dict[str, tuple[str, Callable]]:
    """The editions to make, by the committee's name: their folder in the set, and what makes their document.

    They are those ``asked`` for and those that the settings want, in the settings' order. ``ParameterError`` refuses a
    name that no committee has. A document is made of the whole report's executed notebook, its document and quality.
    """
    known = _known(book)
    spelt = book.settings.committee_spelt | {name: name for name in known}
    if unknown := [name for name in asked if name not in spelt]:
        others = f" Expected one of {', '.join(known)}." if known else " No indicator names one."
        expected = near(unknown[0], spelt) or others
        raise ParameterError(f"'{unknown[0]}' is no committee of this workspace.{expected}")
    wanted = {each.name for each in book.settings.committees if each.edition} | {spelt[name] for name in asked}
    return {
        name: (f"{FOLDER}/{folder}", lambda *whole, name=name: _document(book, name, *whole))
        for name, folder in folders(known).items()
        if name in wanted
    }


def part_of(book: Book, codes) -> Book:
    """The book of some indicators alone: those of ``codes``, with all that was returned, agreed and said of them."""
    frames = {name: getattr(book, name) for name in ("indicators", *OF_INDICATORS, "commentary")}
    kept = {name: frame[frame["indicator_code"].isin(codes)] for name, frame in frames.items()}
    # What is computed of other committees' figures still is.
    return replace(book, others=book, **{name: frame.reset_index(drop=True) for name, frame in kept.items()})


def _known(book):
    """The committees of the settings and those that indicators name beside them."""
    named = [name for cell in book.indicators["scrutiny_committee"] for name in committees(cell)]
    return list(dict.fromkeys([*(each.name for each in book.settings.committees), *named]))


def folders(names: Iterable[str]) -> dict[str, str]:
    """A folder's name for each committee: its words in small letters, and a number where another has the same.

    >>> folders(["Place & Roads", "Place, Roads", "Lle", "!"])
    {'Place & Roads': 'place-roads', 'Place, Roads': 'place-roads-2', 'Lle': 'lle', '!': 'committee'}
    """
    found: dict[str, str] = {}
    for name in names:
        plain = re.sub("-+", "-", slug(name))[:LONGEST].strip("-") or "committee"
        again = (f"{plain}-{number}" for number in range(2, len(found) + 3))
        found[name] = next(each for each in (plain, *again) if each not in found.values())
    return found


def _document(book: Book, name: str, notebook, whole: dict, quality: Quality) -> dict:
    """The committee's document: the notebook's parts made anew, without what stands in the whole report alone."""
    described = book.indicators
    codes = set(described.loc[[name in committees(cell) for cell in described["scrutiny_committee"]], "indicator_code"])
    part = part_of(book, codes)
    said = f"This edition holds {_count(len(part.indicators), len(described))} that {name} reviews."
    if not codes:
        said = f"{name} reviews none of the indicators of the whole report."
    report = Report(
        replace(part, settings=_settings(part, name),
                month_settings=part.month_settings.model_copy(update={"notes": [said, *part.month_settings.notes]})),
        generated=whole["generated"], draft=whole["draft"], committee=name,
    )  # fmt: skip
    report.findings = quality.of(codes)
    report.drawn = {
        block["id"]: block | {"children": [child for child in block["children"] if not child.get("whole")]}
        for each in whole["sections"]
        for block in each["blocks"]
        if block["kind"] == "article"
    }
    document = read_document(notebook, lambda made: _part(report, made))
    sections = [each for each in document["sections"] if each["named"]]
    paper = {"sections": _on_paper(sections, document["month_label"]), "brief": True}
    return document | {"sections": sections, "whole": WHOLE, "paper": paper}


ON_PAPER = ("code", "name", "value", "target", "outcome", "direction", "comment")
"""The columns of a committee's tables that its few pages have room for; its page has them all."""
ELSEWHERE = ("key-columns", "key-signals", "signals-not-judged", "accessibility")
"""Ids of what the whole report alone has on paper: the meaning of column headings, and what follows a heading so."""


def _on_paper(sections, month):
    """The sections for a few pages before and after those of the cards, with nothing said twice.

    Section 1's comments stand on the cards, Section 2 is one table, and the cover says how many have signals.
    """
    cards = {block["code"] for each in sections for block in each["blocks"] if block["kind"] == "article"}
    made = {
        "exceptions": lambda blocks: [_narrow(block, month, cards) for block in blocks],
        "corporate": lambda blocks: _one_table(blocks, month),
        "signals": _signals,
    }
    return [each | {"blocks": made.get(each["id"], _kept)(each["blocks"])} for each in sections]


def _kept(blocks):
    tables = [block for block in blocks if block["kind"] != "table" or block["id"] not in ELSEWHERE]
    return list(takewhile(lambda block: block.get("id") not in ELSEWHERE, tables))


def _signals(blocks):
    """The table of signals without the titles behind its codes, which another table has, and the early warnings."""
    return _kept([_codes_alone(block) if "rows" in block else block for block in blocks if block["kind"] != "text"])


def _codes_alone(block):
    rows = [row | {"cells": {key: _short_lists(cell) for key, cell in row["cells"].items()}} for row in block["rows"]]
    return block | {"rows": rows}


def _short_lists(cell):
    lists = [
        each | {"items": [[text | {"children": text["children"][:1]} for text in item] for item in each["items"]]}
        for each in cell.get("prose", ())
    ]
    return cell | ({"prose": lists} if lists else {})


def _narrow(block, month, cards=()):
    """A table with the columns for paper, and without the comments of indicators that have a card.

    A figure of another month says so itself.
    """
    if block["kind"] != "table":
        return block
    columns = [column for column in block["columns"] if column["key"] in ON_PAPER]
    rows = [_shortened(row, month, row.get("code") in cards) for row in block["rows"]]
    return block | {"columns": columns, "rows": rows}


def _shortened(row, month, has_card):
    cells = {key: cell for key, cell in row["cells"].items() if not (has_card and key == "comment")}
    if {"value", "month"} <= set(cells):
        own = cells["month"]["text"] == month
        cells["value"] = cells["value"] | {"marks": [] if own else [cells["month"]["text"]]}
    return row | {"cells": cells}


def _one_table(blocks, month):
    """The blocks before the first heading, and the tables after it as one whose rows the headings head."""
    first = next((place for place, block in enumerate(blocks) if block["kind"] == "heading"), len(blocks))
    rows, tables = [], [block for block in blocks if block["kind"] == "table"]
    if not tables:
        return blocks
    for block in blocks[first:]:
        if block["kind"] == "heading":
            rows.append(group_row({tables[0]["columns"][0]["key"]: block["text"]}))
        elif block["kind"] == "table":
            rows += block["rows"]
    count = words.counted(sum(len(table["rows"]) for table in tables), "indicator")
    return [*blocks[:first], _narrow(tables[0] | {"caption": count, "rows": rows}, month)]


def _count(count, total):
    return f"the one indicator of {total}" if count == 1 else f"the {count} of {total} indicators"


def _settings(part, name):
    """The settings, with the committee in the title and only the sections and themes in which it has indicators."""
    settings, rows = part.settings, part.indicators
    sections = [
        each.model_copy(update={"themes": [theme for theme in each.themes if theme in set(rows["aim"])]})
        for each in settings.sections
        if each.code in set(rows["section"])
    ]
    return settings.model_copy(update={"title": f"{name}: {settings.title}", "sections": sections})


def _part(report, made):
    """A part of the executed notebook as it is for the committee; empty where it is not of its indicators."""
    if not made["method"]:
        return made | {"blocks": [], "document": {}, "absent": True}
    return json.loads(json.dumps(getattr(report, made["method"])().data))
