"""Detail pages: the cards of a large report on pages by aim or committee, beside the page that has everything else."""

import re
from collections.abc import Iterator
from itertools import count, groupby

from mpr_lib import words
from mpr_lib.book.settings import PageSettings
from mpr_lib.columns import SHOWN
from mpr_lib.report import blocks
from mpr_lib.report.prose import paragraph
from mpr_lib.rules.codes import slug

INDEX = "report.html"
LONGEST = 40
"""Letters of an aim's or a committee's name in its page's file name."""


def pages_of(document: dict) -> Iterator[tuple[str, dict]]:
    """The document as pages, each with its file name: ``report.html`` alone, or beside it pages with the cards.

    More cards than ``pages: most_details`` go to a page for each aim or committee, none with more than so many.
    ``report.html`` then has a row of the card's id in its place, with a link to it, so what led to a card still does.
    """
    rule = PageSettings(**document.get("pages", {}))
    places = _places(document, rule)
    if sum(len(cards) for *_, cards in places) <= rule.most_details:
        yield INDEX, document
        return
    of_card = {card["id"]: (file, name) for file, name, _, cards in places for card in cards}
    index = [section | {"blocks": list(_listed(section["blocks"], of_card))} for section in document["sections"]]
    where = {id: file for file, *_, cards in places for id in _ids(cards)}
    yield INDEX, document | {"sections": _linked(index, where, INDEX)}
    for file, name, section, cards in places:
        page = _page(document, section, name, cards, places)
        yield file, page | {"sections": _linked(page["sections"], where, file)}


def _places(document, rule) -> list[tuple]:
    """The file, the name, the section and the cards of each page, in the report's order."""
    cards = [(section, block) for section in document["sections"] for block in section["blocks"] if _is_card(block)]
    groups: dict[tuple, list] = {}
    for section, card in cards:
        groups.setdefault((section["id"], _belongs(card, rule.by)), []).append((section, card))
    taken: dict[str, None] = {}
    made = []
    for (_, name), found in groups.items():
        plain = re.sub("-+", "-", slug(name))[:LONGEST].strip("-") or "others"
        most = max(rule.most_details, 1)
        for start in range(0, len(found), most):
            part = found[start : start + most]
            each = (f"details-{plain}{f'-{again}' * (again > 1)}.html" for again in count(1))
            file = next(file for file in each if file not in taken)
            taken[file] = None
            of = f" ({part[0][1]['code']} to {part[-1][1]['code']})" * (len(found) > most)
            made.append((file, name + of, part[0][0], [card for _, card in part]))
    return made


def _is_card(block):
    return block["kind"] == "article"


def _belongs(card, by):
    """The aim or the committee of a card, the first of several, or in words that there is none."""
    return card[by].split(";")[0].strip() or f"No {by} stated"


def _listed(shown, of_card) -> Iterator[dict]:
    """Blocks with a table of those cards, and the pages that they are on, in the place of neighbouring ones."""
    for are_cards, run in groupby(shown, _is_card):
        if not are_cards:
            yield from run
            continue
        pages = [(page, list(cards)) for page, cards in groupby(run, lambda card: of_card[card["id"]])]
        for (file, name), cards in pages:
            if len(pages) > 1:
                yield blocks.heading(3, name)
            yield blocks.prose([paragraph((f"{name}: all pages of indicators together", file))])
            yield _table(cards)


def _table(cards):
    columns = blocks.columns({key: (SHOWN[key].heading, SHOWN[key].cell) for key in ("code", "name", "outcome")})
    shared = ("id", "code", "outcome", "rating", "direction", "department", "committee", "aim", "managed_by", "judged")
    rows = [
        blocks.row(
            {"code": blocks.cell(card["code"], href=f"#{card['id']}"), "name": card["title"],
             "outcome": blocks.cell(card["outcome_label"], outcome=card["outcome"], judged=card.get("judged", False))},
            "indicator", **{key: card[key] for key in shared if key in card},
        )
        for card in cards
    ]  # fmt: skip
    return blocks.table(f"cards-{cards[0]['id']}", words.counted(len(rows), "indicator"), columns, rows)


def _page(document, section, name, cards, places):
    """One page of cards below the report's title, with its filter, notes and contacts, and links to the others."""
    cover = next(each for each in document["sections"] if each["id"] == "cover")
    cover = cover | {"blocks": [block for block in cover["blocks"] if block["kind"] in ("cover", "filter")]}
    others = [{"href": file, "text": other, "detail": ""} for file, other, *_ in places if other != name]
    shown = [*map(_raised, cards), *([blocks.links("Pages of other indicators", others)] if others else [])]
    part = section | {"title": f"{section['title']}: {name}", "blocks": shown}
    return document | {"sections": [cover, part], "whole": INDEX, "title": f"{name}, {document['month_label']}"}


def _raised(card):
    """A card right below its section's heading, whatever it was below before."""
    up = card["level"] - 3

    def raised(block):
        block = block | ({"level": block["level"] - up} if "level" in block else {})
        return block | ({"children": list(map(raised, block["children"]))} if "children" in block else {})

    return raised(card)


def _ids(value) -> Iterator[str]:
    """Every id inside a JSON value that a link may lead to."""
    if isinstance(value, dict):
        if value.get("id"):
            yield value["id"]
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _ids(each)


def _linked(value, where, here):
    """A JSON value whose links to places on other pages name these."""
    if isinstance(value, list):
        return [_linked(each, where, here) for each in value]
    if not isinstance(value, dict):
        return value
    made = {key: _linked(each, where, here) for key, each in value.items()}
    href = made.get("href", "")
    if isinstance(href, str) and href.startswith("#") and (file := where.get(href[1:], INDEX)) != here:
        made["href"] = f"{file}{href}"
    return made
