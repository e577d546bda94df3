"""Errors that are written for people: each message stands alone and says what to do."""

import difflib
import unicodedata
from collections.abc import Iterable


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


def near(text: str, known: Iterable[str]) -> str:
    """A sentence with the known text that looks most like this one, or none; see ``unseen`` for what looks the same.

    >>> near("monht", ["month", "value"]), near("CP 3.9\u200b", ["CP 3.9"]), near("x", ["month"])
    (" Did you mean 'month'?", ' It has a zero-width space (U+200B): type it again.', '')
    """
    found = difflib.get_close_matches(text, list(map(str, known)), n=1)
    return unseen(text, *found) or (f" Did you mean '{found[0]}'?" if found else "")


def unseen(text: str, beside: str = "") -> str:
    """A sentence that names the character of a text which nobody can see or tell from another; empty if it has none.

    ``beside`` is a text of the same look, whose characters are all meant. A letter of another alphabet counts only
    where there is one.
    """
    for character in text:
        kind = unicodedata.category(character)
        foreign = beside and kind[0] == "L" and not unicodedata.name(character, "LATIN").startswith("LATIN")
        if character not in beside and (foreign or kind in ("Cf", "Cc", "Zl", "Zp") or (kind == "Zs" and beside)):
            if character == " ":
                continue
            name = unicodedata.name(character, "control character").lower().replace("zero width", "zero-width")
            return f" It has a {name} (U+{ord(character):04X}): type it again."
    return ""
