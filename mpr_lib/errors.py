"""Errors that are written for people: each message stands alone and says what to do."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date


class MprError(Exception):
    """Base of every error that this package raises on purpose."""


class ValueTextError(MprError):
    """A text that should hold a figure and cannot be read as one."""


class MonthTextError(MprError, ValueError):
    """A text that should name a month and cannot be read as one."""


class RuleError(MprError, ValueError):
    """Figures or words that a rule cannot be applied to."""


class InputError(MprError):
    """Input files that cannot be used at all: missing, misspelt, wrongly encoded.

    ``problems`` holds every message; the error itself shows the first five.
    """

    def __init__(self, problems):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__(first_five(self.problems))


class ParameterError(MprError):
    """A parameter that the notebook does not know, lacks, or cannot take."""


class CriticalFindings(MprError):
    """The checks found something that must not be published."""


class RunError(MprError):
    """A month's run that could not be finished."""


def first_five(messages) -> str:
    """Join messages by line, the first five and a count of the rest.

    >>> print(first_five(["one", "two"]))
    one
    two
    """
    shown = list(messages[:5])
    if len(messages) > 5:
        shown.append(f"… and {len(messages) - 5} more.")
    return "\n".join(shown)


UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
"""Characters that no text is to hold: they steer a screen, or no file and no page can hold them."""


def shown(value: object) -> str:
    r"""A value as messages quote it: on one line of at most 80 characters, without what steers a screen.

    >>> shown("a\x1b[2J"), len(shown("a" * 5000))
    ("'a\\x1b[2J'", 80)
    """
    text = str(value) if isinstance(value, date) else repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def near(text: str, known: Iterable[str]) -> str:
    r"""A sentence with the known text that looks most like this one, or none; where both look the same, what differs.

    >>> near("monht", ["month", "value"]), near("CP 3.9\u200b", ["CP 3.9"]), near("x", ["month"])
    (" Did you mean 'month'?", ' It has a zero-width space (U+200B): type it again.', '')
    >>> near("r1 ", ["R1", "R10"]), near("cp3.1", ["CP 3.10", "CP 3.1"])
    (" Did you mean 'R1'?", " Did you mean 'CP 3.1'?")
    """
    names = list(map(str, known))
    plainly = [name for name in names if "".join(name.split()).casefold() == "".join(text.split()).casefold()]
    found = next(iter(plainly or difflib.get_close_matches(text, names, n=1)), "")
    if found and text.split() != found.split() and "".join(text.split()) == "".join(found.split()):
        return f" Did you mean '{found}', with other spaces?"
    return unseen(text, found) or (f" Did you mean '{found}'?" if found else "")


def unseen(text: str, beside: str = "") -> str:
    r"""A sentence that names the first character of a text which nobody can see; empty where there is none.

    Beside a text that looks the same it may be one that nobody can tell from another: a letter of another alphabet, a
    dash, an accent of its own.

    >>> unseen("8\u200b3%"), unseen("Caf\u00e9", "Cafe")
    (' It has a zero-width space (U+200B): type it again.', '')
    >>> unseen("\u0421P 3.1", "CP 3.1")
    ' It has a cyrillic capital letter es (U+0421): type it again.'
    """
    for character in text:
        name = unicodedata.name(character, "control character").lower()
        is_unseen = unicodedata.category(character) in ("Cf", "Cc", "Zl", "Zp") and character not in "\t\r\n"
        if character not in beside and (is_unseen or (beside and not character.isascii() and name[:5] != "latin")):
            return f" It has a {name.replace('zero width', 'zero-width')} (U+{ord(character):04X}): type it again."
    return ""


def cell_place(cells: list, index: int) -> str:
    """A notebook's cell by its number from 1, its first line and the heading before it; cells may be malformed.

    >>> cell_place([{"cell_type": "markdown", "source": "## Beds"}, {"cell_type": "code", "source": "frame"}], 1)
    "cell 2 ('frame'), under the heading 'Beds'"
    """
    texts = [
        "".join(map(str, source)) if isinstance(source := _of(cell, "source"), str | list) else "" for cell in cells
    ]
    above = "\n".join(texts[at] for at in range(index + 1) if _of(cells[at], "cell_type") == "markdown")
    headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", above, flags=re.MULTILINE)
    first = next((line.strip() for line in texts[index].splitlines() if line.strip()), "")
    quoted = f" ('{first[:60]}{'…' * (len(first) > 60)}')" if first else ""
    return f"cell {index + 1}{quoted}" + (f", under the heading '{headings[-1]}'" if headings else "")


def _of(cell, key):
    return cell.get(key) if isinstance(cell, dict) else None
