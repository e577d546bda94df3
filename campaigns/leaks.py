"""Leaks: ways of naming what a public edition withholds: those of the tests' table, and chance's own.

A code, an indicator's name or an officer is invented, disguised once to three times, and put where words may stand in
what is published. The library must find it beyond doubt.
"""

import html
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

from campaigns.rounds import Tried
from mpr_lib.public.leaks import found_in, indicator_texts, officer_texts, readings
from mpr_lib.report.prose import plain_text, read_prose
from tests.helpers import table

ENDS = {"html": "report.html", "json": "quality.json", "csv": "scorecard.csv", "xml": "feed.xml"}
"""The files in which a case's text may stand, beside comments and names of files."""
WORDS = (
    "repairs", "homes", "waiting", "time", "days", "lost", "calls", "answered", "street", "lights", "missed", "bins",
    "pupils", "café", "visits", "net", "spend", "per", "head", "of", "population",
)  # fmt: skip
FIRST, LAST = ("Alex", "Bo", "Ana", "Zoë", "Jean-Paul"), ("Smith", "Berg", "O'Loughlin", "García-López", "Ng")
HIDDEN = ("\u200b", "\u200d", "\xad", "&shy;", "\u2060", "&#8203;")
BETWEEN = ("\xa0", "  ", "\n", " - ", "_", "-", "\u2013", " \u201c", "&nbsp;", ", ", "/")
LETTERS = re.compile(r"[a-z](?![^&]{0,8};)", re.IGNORECASE)
"""Letters that are no part of an entity."""


def found(kind: str, withheld: str, where: str, text: str, folder: Path) -> str:
    """What the library finds of what is withheld in a text: ``strong``, ``weak`` or nothing."""
    texts = list(officer_texts(withheld) if kind == "officer" else indicator_texts(*withheld.split("|")))
    if where in ENDS:
        path = folder / ENDS[where]
        path.write_text(text, encoding="utf-8")
        text = readings(path)
    elif where == "comment":
        text = f"{text}\n{plain_text(read_prose(text))}"
    strong = {each.is_strong for each, _ in found_in(text, texts, [])}
    return "strong" if True in strong else "weak" if strong else ""


def unescaped(text: str) -> str:
    """Cases name unusual letters by their numbers, so that they can be seen."""
    return text.encode("ascii").decode("unicode_escape") if "\\" in text and text.isascii() else text


class Leaks:
    """The table's ways, then as many others as are asked for."""

    NAME, COUNT = "leaks", 5_000

    def __init__(self, folder: Path):
        self.folder = folder
        self.cases = table("cases", "public_leaks.csv")

    def attempt(self, number: int, chance: random.Random) -> Tried:
        """Say something that is withheld."""
        if number < len(self.cases):
            case = self.cases[number]
            kind, where, expected = f"table: {case['kind']}", case["where"], case["found"]
            withheld, text = unescaped(case["withheld"]), unescaped(case["text"])
        else:
            kind, withheld, said = chance.choice((_code, _name, _officer))(chance)
            for _ in range(chance.choice((1, 1, 2, 3))):
                said = chance.choice(DISGUISES)(said, chance)
            where, expected = chance.choice([*PLACES]), "strong"
            text = PLACES[where](said)
        got = found(kind.rpartition(" ")[2], withheld, where, text, self.folder)
        problems = [] if got == expected else [f"{withheld!r} in {where}: {text!r} is {got or 'not found'}"]
        return Tried(kind, problems, {"ways": bool(expected), "leaks": bool(problems and expected)})

    @staticmethod
    def figures(tried: list[Tried]) -> list[tuple[str, str]]:
        """How many ways of leaking were tried, and how many were found."""
        total = {name: sum(int(each.measured[name]) for each in tried) for name in ("ways", "leaks")}
        return [("ways to leak", f"{total['ways']:,}"), ("leaks", f"{total['leaks']:,}")]


def _code(chance):
    letters = "".join(chance.choice("ABCDEFHKMPST") for _ in range(chance.choice((1, 2, 3))))
    code = (
        f"{letters}{chance.choice((' ', ''))}{chance.randint(1, 30)}{chance.choice(('', f'.{chance.randint(1, 30)}'))}"
    )
    return "indicator", f"{code}|Something else entirely|", code


def _name(chance):
    name = " ".join(chance.sample(WORDS, chance.randint(2, 6))).capitalize()
    return "indicator", f"ZZ 99.9|{name}|", name


def _officer(chance):
    first, last = chance.choice(FIRST), chance.choice(LAST)
    said = chance.choice((f"{first} {last}", f"{last} {first}", f"{last}, {first}", f"{first}.{last}@council.gov.uk"))
    return "officer", f"{first} {last}", said


def _letter(change):
    """A disguise of one letter."""

    def disguise(text, chance):
        places = [place.start() for place in LETTERS.finditer(text)]
        if not places:
            return text
        at = chance.choice(places)
        return text[:at] + change(text[at : at + 1], chance) + text[at + 1 :]

    return disguise


def _wide(letter, chance):
    return chr(ord(letter) + 0xFEE0)


def _emphasised(text, chance):
    """A letter in bold type, of which there is one: two beside each other are no emphasis but asterisks."""
    return text if "*" in text else _letter(lambda letter, chance: f"**{letter}**")(text, chance)


def _between(text, chance):
    return chance.choice(BETWEEN).join(text.split(" "))


DISGUISES: tuple[Callable[[str, random.Random], str], ...] = (
    lambda text, chance: text.upper() if "&" not in text else text,
    lambda text, chance: text.lower(),
    _between, _between,
    _letter(lambda letter, chance: letter + chance.choice(HIDDEN)),
    _letter(_wide),
    _letter(lambda letter, chance: letter + chance.choice("\u0301\u0308\u0327")),
    _letter(lambda letter, chance: f"&#{ord(letter)};"),
    _letter(lambda letter, chance: f"&amp;#x{ord(letter):x};"),
    _emphasised,
)  # fmt: skip
PLACES: dict[str, Callable[[str], str]] = {
    "comment": lambda said: f"See {said} for more.",
    "html": lambda said: f"<p>See <b>{said.replace('**', '<i>', 1).replace('**', '</i>', 1)}</b></p>",
    "json": lambda said: json.dumps({"text": said.replace("**", "")}),
    "csv": lambda said: f'code,words\n1,"{said.replace("**", "")}"\n',
    "xml": lambda said: f"<entry><title>{html.escape(html.unescape(said.replace('**', '')))}</title></entry>",
}
"""Where it may stand, and how; emphasis is a comment's, and a page's tags."""
