"""Leaks: what must not be named, and where it is, however it is written.

What is withheld and what is searched are read alike: one form of each letter, no characters that nobody sees, no
capitals, and whatever stands between words counts as a space or as nothing. What must mean what is withheld is strong:
a code, a name of several words, an officer's whole name, also turned round or as an address. One word, or a surname,
may mean something else; that is weak, and people confirm it.
"""

import html
import json
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

_BETWEEN = r"[\W_]{0,8}"
"""What may stand between two words: nothing, as in an address, or a few signs and spaces."""
_SAID_OF_CODES = r"\b(?:indicators?|measures?|kpis?|pis?|codes?|ref(?:erence)?|no|number)"
_TITLES = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof|cllr|councillor|sir|dame)\.?\s+", re.IGNORECASE)


class _Letters(dict):
    """What becomes of a character, by its number: kept, a plain dash, or nothing."""

    def __missing__(self, number: int) -> str:
        kind = unicodedata.category(chr(number))
        plain = "-" if kind == "Pd" else " " if chr(number).isspace() else chr(number)
        self[number] = "" if kind in ("Cf", "Mn", "Cc") and plain != " " else plain
        return self[number]


_LETTERS = _Letters()


def as_read(text: str) -> str:
    """A text as it is compared: entities resolved, one form of each letter, without accents and what nobody sees.

    >>> as_read("Working days lo&shy;st"), as_read("CP\u20115.4"), as_read("\uff23\uff30 5.4 Caf\u00e9")
    ('working days lost', 'cp-5.4', 'cp 5.4 cafe')
    """
    text = unicodedata.normalize("NFKD", html.unescape(html.unescape(text))).translate(_LETTERS)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold())


def _words(text: str) -> list[str]:
    """The words of a text, figures apart from letters."""
    return re.findall(r"[^\W\d_]+|\d+", as_read(text))


@dataclass(frozen=True)
class Withheld:
    """What is not to be named: its text, what that is, of which indicator (empty of officers), and what finds it."""

    text: str
    what: str
    code: str
    pattern: str
    is_strong: bool

    @cached_property
    def searched(self) -> re.Pattern:
        return re.compile(self.pattern)

    @cached_property
    def telling(self) -> str:
        """The longest word of it, of a code the longest number, without which it cannot be there."""
        numbers = [word for word in _words(self.text) if word.isdecimal()] if self.text == self.code else []
        return max(numbers or _words(self.text), key=len, default="")

    def is_in(self, read: str) -> re.Match | None:
        """Where a text, as it is compared, names it."""
        return self.searched.search(read) if self.telling in read else None


def indicator_texts(code: str, *names: str) -> Iterator[Withheld]:
    """What names an indicator: its code and its names, those of one word weak."""
    what = "an indicator that is not public"
    parts = re.findall(r"[^\W\d_]|\d+", as_read(code))
    if re.search(r"[^\W\d_]", code):
        # A letter before, or a figure behind, makes it another code; so does ".1".
        yield Withheld(code, what, code, rf"(?<![^\W_]){_BETWEEN.join(parts)}(?![^\W_]|\.\d)", True)
    elif parts:
        said = rf"{_SAID_OF_CODES}[\W_]{{0,3}}{_exactly(parts)}(?![^\W_]|\.\d)"
        yield Withheld(code, what, code, said, False)
        yield Withheld(code, what, code, rf"#{'-'.join(parts)}(?![\w-])", True)
    for name in dict.fromkeys(filter(None, map(str.strip, names))):
        yield _named(name, "the name of an indicator that is not public", code, len(_words(name)) > 1)


def officer_texts(cell: str, named: Collection[str] = ()) -> Iterator[Withheld]:
    """What names the officers of a cell: whole names in either order, addresses, and, weak, their surnames.

    ``named`` are people, as compared, who may be named all the same.
    """
    what = "an officer's name"
    for address in re.findall(r"[\w.+'-]+@[\w.-]+", cell):
        yield Withheld(address, "an officer's address", "", re.escape(as_read(address)), True)
    for name in people_of(cell):
        parts = name.split()
        if as_read(name) in named:
            continue
        yield _named(name, what, "", len(parts) > 1)
        if len(parts) > 1:
            yield _named(" ".join([parts[-1], *parts[:-1]]), what, "", True)
            surname = _exactly(_words(parts[-1]))
            yield Withheld(
                parts[-1], "an officer's address", "", rf"(?<![^\W\d_]{{2}}){surname}(?![^\W\d_])[\w.'-]{{0,30}}@", True
            )
            yield Withheld(parts[-1], "an officer's surname", "", _alone(surname), False)


def people_of(cell: str) -> list[str]:
    """The names in a cell, without titles, posts in brackets and addresses, the first name first.

    >>> people_of("Alex Smith (HR); Mr Bo Berg / Cy Coe"), people_of("Smith, Alex"), people_of("Alex Smith, Bo Berg")
    (['Alex Smith', 'Bo Berg', 'Cy Coe'], ['Alex Smith'], ['Alex Smith', 'Bo Berg'])
    """
    cell = re.sub(r"\([^)]*\)|<[^>]*>|[\w.+'-]+@[\w.-]+", " ", cell)
    found = []
    for part in re.split(r"(?i);|&|/|\band\b|\n", cell):
        names = [_TITLES.sub("", " ".join(name.split())) for name in part.split(",")]
        names = [name for name in names if re.search(r"[^\W\d_]", name)]
        if len(names) == 2 and " " not in names[0]:
            names = [f"{names[1]} {names[0]}"]
        found += names
    return list(dict.fromkeys(found))


def _named(text, what, code, is_strong):
    return Withheld(text, what, code, _alone(_exactly(_words(text))), is_strong)


def _exactly(parts):
    return _BETWEEN.join(map(re.escape, parts))


def _alone(pattern):
    """As words of their own."""
    return rf"(?<![^\W_]){pattern}(?![^\W_])"


def found_in(text: str, withheld: Iterable[Withheld], shown: Iterable[str]) -> list[tuple[Withheld, str]]:
    """Which of these a text names, and in which words (as compared); ``shown`` are texts that may name more than that.

    >>> found_in("As **CP** 5.4, not CP 5.41.", list(indicator_texts("CP 5.4")), [])[0][1]
    'cp** 5.4'
    """
    read, found = as_read(text), []
    for each in withheld:
        match = each.is_in(read)
        # A longer name that is shown may hold this one: it is passed over.
        longer = [_alone(_exactly(_words(other))) for other in shown if match and _is_part(each.text, other)]
        if longer:
            match = each.is_in(re.sub("|".join(sorted(longer, key=len, reverse=True)), " | ", read))
        if match:
            found.append((each, match[0]))
    return found


def _is_part(text, other):
    return f" {' '.join(_words(text))} " in f" {' '.join(_words(other))} "


def readings(path: Path) -> str:
    """All that a published file says to anybody: with and without its markup, its parts, its description.

    Pictures are not read.
    """
    if path.suffix == ".pdf":
        return _of_pdf(path)
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as package:
            names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
            parts = [package.read(name).decode("utf-8", "replace") for name in names]
        # Word parts a line where its look changes, also within a word.
        lines = parts if path.suffix == ".docx" else []
        whole = [re.sub(r"<[^>]*>", "", re.sub(r"</w:p>|<w:(?:br|tab)\b", "\n\\g<0>", part)) for part in lines]
        return "\n".join([*map(of_markup, parts), *whole])
    text = re.sub(r"base64,[A-Za-z0-9+/=]+", "", path.read_bytes().decode("utf-8", "replace"))
    if path.suffix in (".ipynb", ".json"):
        return "\n".join(of_markup(each) if "<" in each else each for each in strings(json.loads(text)))
    return of_markup(text) if path.suffix in (".html", ".xml") else text


def _of_pdf(path):
    # Loaded when needed: only the public edition reads a PDF again.
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
        titles = [item.get_title() for item in pdf.get_toc()]
        text = "\n".join([*pages, *titles, *pdf.get_metadata_dict().values()])
    finally:
        pdf.close()
    # A word that was parted at the end of a line, and the same text as it stands.
    return re.sub(r"[-\u2010\xad\ufffe]\r?\n", "", text) + "\n" + text


def strings(value) -> Iterator[str]:
    """Every text of a JSON or YAML value, its keys too."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *strings(item))
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    else:
        yield str(value)


_WITHIN_WORDS = {
    "a", "abbr", "b", "bdi", "cite", "code", "em", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "tspan",
    "u", "wbr",
}  # fmt: skip


class _Words(HTMLParser):
    """A page's words, where emphasis within a word parts nothing; and what its tags say: names, links, descriptions."""

    def __init__(self):
        super().__init__()
        self.said, self.noted = [], []

    def handle_starttag(self, tag, attrs):
        self.said.append("" if tag in _WITHIN_WORDS else " ")
        self.noted += [value for _, value in attrs if value and not value.startswith("data:")]

    def handle_endtag(self, tag):
        self.said.append("" if tag in _WITHIN_WORDS else " ")

    def handle_data(self, data):
        self.said.append(data)

    def handle_comment(self, data):
        self.noted.append(data)


def of_markup(text: str) -> str:
    """The words of HTML or XML, what its tags say, and the words with each tag as a space."""
    parser = _Words()
    parser.feed(text)
    parser.close()
    apart = re.sub(r"<[^>]{0,10000}>", " ", text)
    return "\n".join(["".join(parser.said), *parser.noted, apart])
