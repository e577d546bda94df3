"""Commentary figures: the numbers that a comment quotes, and which of them the indicator's data do not give."""

import math
import re
from dataclasses import dataclass

from mpr_lib.checks.commentary_facts import CommentFacts
from mpr_lib.checks.commentary_months import NAMED, NUMERIC, named_months

_NUMBER = re.compile(r"(?<![\w.,/-])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+)(?![\d/])(?!,\d{3})")
_PERCENT = re.compile(r"\s*(?:%|per cent\b|percent\b|percentage points?\b)", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:national|nationally|regional|benchmark|england|average|statutory|neighbours?|peers?)\b", re.I
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d£])|\n+|:\s")
_NOT_FIGURES = [
    NAMED, NUMERIC,
    re.compile(r"\b\d{4}\s?/\s?\d{2,4}\b"),
    re.compile(r"\b(?:19|20)\d\d\b(?!\s*(?:%|[a-z]))"),
    re.compile(r"\b\d+(?:st|nd|rd|th)\b(?:\s*(?:/|of|out of)\s*\d+)?"),
    re.compile(r"\b(?:Section|Stage|Phase|Band|Level|Part|Article|Quarter|Q|CP|PI|KS|Year|Ward|Form)\s*\d+(?:\.\d+)?\b"),
    re.compile(r"\bper \d[\d,]*\b"),
    re.compile(r"\b(?:aged?|over|under) \d+\b|\b\d+ and (?:over|under)\b|\b\d+\+"),
    re.compile(r"\b\d+/7\b|\b\d+:\d\d\b"),
]  # fmt: skip
_TIME = re.compile(r"\b\d+[ -](?:(?:working|calendar) )?(?:minute|hour|day|week|month|year)s?\b", re.IGNORECASE)
_COUNTS = ("", "number")
SMALLEST = 10
"""Counts below this are seldom the indicator's own figure, and often one of a few cases."""


@dataclass(frozen=True)
class Quoted:
    """A number as a text quotes it. ``own`` says that it reads as a figure of the indicator itself."""

    number: float
    quote: str
    start: int
    decimals: int
    own: bool


def quoted_figures(text: str, facts: CommentFacts) -> list[Quoted]:
    """The figures in a text; dates, years, ages, durations, references and the like are none."""
    masked = _masked(text, facts)
    found = []
    for match in _NUMBER.finditer(masked):
        digits = match["digits"].replace(",", "")
        percent = _PERCENT.match(masked, match.end())
        quote = text[match.start() : percent.end() if percent else match.end()]
        decimals = len(digits.partition(".")[2])
        own = _is_own(float(digits), decimals, bool(percent), masked[match.end() :], facts)
        own = own and not _about_others(text, match.start(), facts)
        found.append(Quoted(float(digits), quote, match.start(), decimals, own))
    return found


def is_known(quoted: Quoted, figures) -> bool:
    """Whether one of the figures, rounded as the text rounds, is the one that it quotes."""
    margin = 0.5 * 10.0**-quoted.decimals + 1e-9
    return any(abs(abs(figure) - quoted.number) <= margin for figure in figures)


def sentence_around(text: str, place: int) -> str:
    """The sentence that a place of the text lies in."""
    ends = [match.end() for match in _SENTENCE.finditer(text)]
    start = max((end for end in ends if end <= place), default=0)
    end = min((end for end in ends if end > place), default=len(text))
    return text[start:end].strip()


def _masked(text, facts):
    durations = [] if facts.unit in ("days", "hours", "weeks", "months", "minutes") else [_TIME]
    for pattern in [*_NOT_FIGURES, *durations]:
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def _is_own(number, decimals, percent, after, facts):
    """Whether a number is written like this indicator's figures: its unit, or its size where the unit is a count."""
    if percent or facts.unit == "%":
        return percent and facts.unit == "%"
    if facts.unit not in _COUNTS and re.match(rf"\s*{re.escape(facts.unit)}\b", after, re.IGNORECASE):
        return True
    like = facts.target_low if math.isnan(facts.value) else facts.value
    near = not math.isnan(like) and abs(like) / 3 <= number <= abs(like) * 3
    rate = facts.unit.startswith("per ") or facts.unit in ("days", "hours")
    return near and (decimals > 0 if rate else number >= SMALLEST)


def _about_others(text, place, facts):
    """Whether the sentence speaks of other places or of another month than the value's."""
    sentence = sentence_around(text, place)
    if _OTHERS.search(sentence):
        return True
    usual = (facts.latest_month, facts.reporting_month, facts.latest_month - 12)
    return any(each.month not in usual for each in named_months(sentence, facts.reporting_month))
