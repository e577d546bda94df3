"""Commentary rules: what may be wrong with one comment, given its facts. Pure functions that only suggest."""

import math
import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from mpr_lib.book.commentary import same_words
from mpr_lib.checks.commentary_facts import CommentFacts
from mpr_lib.checks.commentary_figures import is_known, quoted_figures, sentence_around
from mpr_lib.checks.commentary_months import named_months
from mpr_lib.rules.months import month_label

LONG = 150
"""Words above which a comment is seldom read to its end."""

FEW = 15
"""A count of people below this can tell a reader who they are."""

_PEOPLE = (
    r"(?:children|child|people|persons?|residents?|patients?|pupils?|students?|clients?|tenants?|adults?|carers?|"
    r"families|family|households?|women|men|girls?|boys?|babies|baby|employees|staff|deaths?|suicides?|victims?|"
    r"young people|older people|service users?)"
)
_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
_FEW_PEOPLE = re.compile(
    rf"(?<![\w.,/%£-])(?:\d{{1,2}}|{_WORDS})\s+(?:(?:of (?:whom|them|these|those|the)|other|more|looked after|young|"
    rf"older|disabled|homeless)\s+)*(?:{_PEOPLE})\b|(?<![\w.,/%£-])(?:\d{{1,2}}|{_WORDS}) of (?:whom|them)\b",
    re.IGNORECASE,
)
_DONE = r"met|achieved|hit|reached|delivered"
_MET = re.compile(
    rf"\btargets?\b[^.;:!?]{{0,60}}?\b(?:is|are|was|were|been|being|has|have)\b[^.;:!?,]{{0,20}}?\b(?P<done>{_DONE}|exceeded)\b"
    rf"|\b(?:{_DONE}|meeting|achieving|hitting|meets|achieves)\s+(?:the|its|our|this|their|all)?\s*(?:[\w'-]+\s+){{0,3}}?targets?\b"
    r"|\b(?:is|are|was|remains?|stays?|performance)\s+on target\b",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    r"\b(?:not|never|no|nor|n[o']t|below|miss\w*|fail\w*|unable|without|will|would|should|could|to be|expect\w*|ensure|"
    r"aim\w*|hope\w*|plan\w*|if|until|national\w*|regional\w*|last year|previous\w*)\b|n['’]t\b",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"\b(?P<side>above|over|below|under|beneath)\s+(?:the|our|its|this|local|monthly|annual|profiled|year to date|"
    r"sickness|absence|set|council['’]?s?|\s)*\s*target\b",
    re.IGNORECASE,
)
_TARGET_OF = re.compile(
    r"\btargets?\s+(?:of|is|was|figure of|rate of|to date of|for \w+ of)\s+(?=[£\d.])", re.IGNORECASE
)
_BENCHMARK = re.compile(
    r"\b(?:national|regional|england|statutory|government|stretch|last year|previous)\b", re.IGNORECASE
)
_SHORT = re.compile(r"(?<![\w'’])[A-Za-z]{2,7}(?:['’]s)?(?![\w'’])")


@dataclass(frozen=True)
class Remark:
    """What may be wrong with a comment: ``quote`` is the place in it, ``message`` says why and what to do.

    ``severity`` is warning (probably wrong) or info (worth a look).
    """

    rule: str
    severity: str
    quote: str
    message: str


def remarks(text: str, facts: CommentFacts) -> list[Remark]:
    """Everything that the rules have to say of a comment, warnings first; nothing of a text without words."""
    if not text.strip():
        return []
    found = [remark for rule in RULES for remark in rule(text, facts)]
    return sorted(found, key=lambda remark: remark.severity != "warning")


def says_target_met(text, facts):
    """A comment that says its target is met while the figure is off target."""
    if facts.rating not in ("RED", "AMBER"):
        return
    for match in _MET.finditer(text):
        clause = text[_clause_start(text, match.start()) : match.end()]
        bad = facts.polarity == "MINIMISE" and (match["done"] or "").lower() == "exceeded"
        if not bad and not _NOT_SO.search(clause):
            yield Remark(
                "says_target_met", "warning", match[0],
                f"This says that the target is met, but the figure is {facts.rating.lower()}: {facts.value_text} "
                f"against {facts.target_text}. Say which target is meant, or put it right.",
            )  # fmt: skip
            return


def names_the_wrong_side(text, facts):
    """A comment that puts the value above a target that it is below, or the other way round."""
    if math.isnan(facts.value) or math.isnan(facts.target_low):
        return
    above, below = facts.value > facts.target_high, facts.value < facts.target_low
    for match in _SIDE.finditer(text):
        said_above = match["side"].lower() in ("above", "over")
        sentence = sentence_around(text, match.start())
        if (above if said_above else below) or _BENCHMARK.search(sentence):
            continue
        where = "above it" if above else "below it" if below else "on target"
        yield Remark(
            "names_the_wrong_side", "warning", match[0],
            f"The figure is {where}: {facts.value_text} against {facts.target_text}. Put it right, or say which "
            "target is meant.",
        )  # fmt: skip


def quotes_another_target(text, facts):
    """A target that the data do not have."""
    for match in _TARGET_OF.finditer(text):
        quoted = next((each for each in quoted_figures(text, facts) if 0 <= each.start - match.end() <= 1), None)
        near = text[max(0, match.start() - 40) : match.start()]
        if quoted and facts.targets and not is_known(quoted, facts.targets) and not _BENCHMARK.search(near):
            yield Remark(
                "quotes_another_target", "warning", match[0] + quoted.quote,
                f"The target to date is {facts.target_text or 'not set'}; {quoted.quote.strip()} is none of this "
                "indicator's targets. Correct it, or say whose target it is.",
            )  # fmt: skip


def quotes_unknown_figures(text, facts):
    """Figures that the indicator's data do not give: a warning where they read as its own, else one remark for all."""
    unknown = [each for each in quoted_figures(text, facts) if not is_known(each, facts.figures)]
    for each in (each for each in unknown if each.own):
        yield Remark(
            "quotes_unknown_figures", "warning", each.quote,
            f"{each.quote.strip()} is not a figure of {facts.code}: it stands at {facts.value_text or 'no figure'}, "
            f"the target is {facts.target_text or 'not set'}. Correct it, or say what it counts.",
        )  # fmt: skip
    others = [each for each in unknown if not each.own and (each.number >= SMALL_FIGURE or each.decimals)]
    if others:
        listed = ", ".join(dict.fromkeys(each.quote.strip() for each in others))
        yield Remark(
            "quotes_other_figures", "info", others[0].quote,
            f"Not among this indicator's figures: {listed}. Right if they count something else; check them.",
        )  # fmt: skip


SMALL_FIGURE = 20
"""Other figures below this are counts of cases, which the data are not expected to give."""


def names_another_month(text, facts):
    """A comment that is said to be of another month than its report's, or that names others."""
    usual = {facts.latest_month, facts.reporting_month, facts.latest_month - 12}
    found = named_months(text, facts.reporting_month)
    wrong = [m for m in found if m.month < facts.reporting_month and (m.label or (m.as_at and m.month not in usual))]
    for each in wrong:
        yield Remark(
            "names_another_month", "warning", each.quote,
            f"This is said of {month_label(each.month)}; the report is for {month_label(facts.reporting_month)}. "
            "Bring it up to date, or say why the older month stands here.",
        )  # fmt: skip
    others = [
        m for m in found
        if m not in wrong and m.month not in usual and m.month < facts.reporting_month
        and not (m.compared and m.month == facts.latest_month - 1)
    ]  # fmt: skip
    if others:
        listed = ", ".join(dict.fromkeys(month_label(each.month) for each in others))
        yield Remark(
            "names_other_months", "info", others[0].quote,
            f"Names {listed}; the figure is for {month_label(facts.latest_month)}. Right if they are compared with.",
        )  # fmt: skip


def may_identify_people(text, facts):
    """Counts of people so small that a reader may know who they are."""
    for match in _FEW_PEOPLE.finditer(text):
        number = re.match(r"\d+", match[0])
        if number is None or 0 < int(number[0]) < FEW:
            yield Remark(
                "may_identify_people", "warning", match[0],
                f"“{match[0]}”: so small a number may identify a person. Say “a small number”, or “fewer than "
                f"{FEW}”, unless it is public already.",
            )  # fmt: skip


def is_too_long(text, facts):
    """A comment of more words than people read."""
    words = len(text.split())
    if words > LONG:
        yield Remark(
            "is_too_long", "info", "",
            f"{words} words. Most readers stop at {LONG}: say first what happened, why, and what is done about it.",
        )  # fmt: skip


def leaves_abbreviations_unexplained(text, facts):
    """Abbreviations that neither the workspace's list nor the comment itself explains."""
    known = {short.lower() for short in facts.abbreviations}
    found = dict.fromkeys(re.sub(r"['’]s$|(?<=[A-Z])s$", "", match[0]) for match in _SHORT.finditer(text))
    unknown = [
        word for word in found
        if sum(letter.isupper() for letter in word) >= 2 and word.lower() not in known
        and not re.fullmatch(r"[IVXL]+|CP|TBC|OK", word) and not re.search(rf"\({word}s?\)|\b{word}s? \(", text)
    ]  # fmt: skip
    if unknown:
        yield Remark(
            "leaves_abbreviations_unexplained", "info", unknown[0],
            f"Not everybody knows {', '.join(unknown)}. Write it out, or add it to data/abbreviations.csv.",
        )  # fmt: skip


def is_unchanged(text, facts):
    """A comment that says what the one before it said."""
    if not facts.previous.strip():
        return
    now, then = (each.lower().split() for each in (text, facts.previous))
    month = month_label(facts.previous_month)
    if same_words(text, facts.previous):
        yield Remark("is_unchanged", "warning", "", f"Word for word the comment of {month}. Say what is new.")
    elif SequenceMatcher(None, now, then, autojunk=False).ratio() > 0.9:
        yield Remark("is_unchanged", "info", "", f"Almost word for word the comment of {month}. Say what is new.")


RULES = (
    says_target_met, names_the_wrong_side, quotes_another_target, quotes_unknown_figures, names_another_month,
    may_identify_people, is_unchanged, leaves_abbreviations_unexplained, is_too_long,
)  # fmt: skip


def _clause_start(text, place):
    """Where the clause that a place lies in begins."""
    return max((match.end() for match in re.finditer(r"[.;:!?,]\s|\bbut\b|\bhowever\b", text[:place])), default=0)
