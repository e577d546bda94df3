"""Commentary: what may be wrong with one comment, given its facts. Pure functions that only suggest."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import pairwise

import pandas as pd

from mpr_lib.book.commentary import same_words
from mpr_lib.checks.claimed import PHRASES, beginnings, claims, clause, either, only_stands, praised, ratings, speaks_of
from mpr_lib.checks.readers import Word
from mpr_lib.files import packaged
from mpr_lib.rules.months import month_label
from mpr_lib.rules.outcome import EXCEPTIONS
from mpr_lib.rules.values import format_number
from mpr_lib.words import DIRECTIONS, LAST_YEAR, VARIATIONS, joined, lowered


@dataclass(frozen=True)
class CommentFacts:
    """One indicator as its comment has to agree with it. Numbers are NaN and months NaT where there are none.

    ``figures`` are all numbers that its data give, differences included; ``targets`` those that are targets.
    ``previous`` is the comment before this one and ``previous_month`` the month that it was written for. ``variation``
    is empty of one that is not judged, ``usual`` its limits in words; ``direction`` is empty unless it compares with
    last year; ``own_words`` are the ``beginnings`` of its name's. ``outcome`` is the expected one, ``doing`` says that
    what is done about it is recorded beside the comment. ``values`` are those of the months that have one.
    """

    code: str
    unit: str = ""
    polarity: str = ""
    rating: str = ""
    value: float = math.nan
    value_text: str = ""
    target_low: float = math.nan
    target_high: float = math.nan
    target_text: str = ""
    latest_month: pd.Period = pd.NaT
    reporting_month: pd.Period = pd.NaT
    figures: frozenset[float] = frozenset()
    targets: frozenset[float] = frozenset()
    abbreviations: frozenset[str] = frozenset()
    previous: str = ""
    previous_month: pd.Period = pd.NaT
    variation: str = ""
    signal_side: str = ""
    usual: str = ""
    direction: str = ""
    own_words: frozenset[str] = frozenset()
    outcome: str = ""
    doing: bool = False
    values: Mapping[pd.Period, float] = field(default_factory=dict)


def comment_facts(row, months: pd.DataFrame, abbreviations=(), before=None, doing: bool = False) -> CommentFacts:
    """The facts of one scorecard row (a namedtuple) and its part of the history.

    ``before`` is the comment before this one, if there is one, ``doing`` says that what is done about it is recorded.
    The history needs month, value, target_low, target_high, annual_target_low, annual_target_high. Of a row without a
    variation nothing is known of change.
    """
    targets = _numbers(months, "target_low", "target_high", "annual_target_low", "annual_target_high")
    others = [row.amber_low, row.amber_high, *_differences(row, months)]
    others += [getattr(row, name, math.nan) for name in _COMPUTED]
    return CommentFacts(
        code=row.indicator_code, unit=row.unit, polarity=row.polarity, rating=row.rating, value=row.value,
        value_text=row.value_text, target_low=row.target_low, target_high=row.target_high,
        target_text=row.target_text, latest_month=row.latest_month, reporting_month=row.reporting_month,
        figures=frozenset(_known({*_numbers(months, "value"), *targets, *others})),
        targets=frozenset(targets), abbreviations=frozenset(abbreviations),
        previous=before.text if before else "", previous_month=before.month if before else pd.NaT,
        outcome=row.expected_outcome, doing=doing, own_words=beginnings(row.short_name),
        values=months.set_index("month")["value"].dropna().to_dict(),
        **(_changes(row) if hasattr(row, "variation") else {}),
    )  # fmt: skip


_COMPUTED = ("chart_mean", "lower_limit", "upper_limit", "forecast", "forecast_low", "forecast_high")


def _changes(row):
    """What the row knows of change: by its variation, and against last year."""
    direction = row.direction if row.compare_with != "PREVIOUS" else ""
    decimals = None if math.isnan(row.decimals) else int(row.decimals)
    limits = [format_number(limit, decimals, row.unit) for limit in (row.lower_limit, row.upper_limit)
              if row.variation != "NOT_JUDGED"]  # fmt: skip
    known = {"variation": row.variation if limits else "", "usual": " to ".join(limits)}
    return known | {"direction": direction, "signal_side": row.signal_side}


def _numbers(months, *columns):
    return _known({number for column in columns for number in months[column].tolist()})


def _differences(row, months):
    """How far the value is from what people compare it with, in its own unit and as a share in per cent."""
    by_month = months.set_index("month")["value"]
    compared = [by_month.get(row.latest_month - back, math.nan) for back in (1, 12)]
    compared += [row.target_low, row.target_high, row.annual_target_low, row.annual_target_high]
    for other in compared:
        yield abs(row.value - other)
        if other:
            yield abs(row.value - other) / abs(other) * 100
            yield row.value / other * 100


def _known(numbers):
    return {number for number in numbers if not math.isnan(number)}


_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMED = re.compile(
    r"(?P<day>\b\d{1,2}(?:st|nd|rd|th)?\s+)?\b(?P<name>January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)(?=s?\b)(?:[\s'’,-]+(?P<year>\d{4}|\d{2})(?![\d%]|[.,]\d))?"
)
NUMERIC = re.compile(r"\b(?P<day>\d{1,2})[/.](?P<number>\d{1,2})[/.](?P<year>\d{4}|\d{2})\b")
_AS_AT = re.compile(r"\bas (?:of|at|on)(?: the)?(?: end of)?\s*$", re.IGNORECASE)
_LABEL = re.compile(r"(?:['’]?s)?\s+comment(?:ary)?\b|\s*:", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:from|than|since|compared (?:with|to)|versus|on)\s+(?:the )?(?:end of )?$", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|until|before)\s+(?:the )?(?:end of )?$", re.IGNORECASE)
AHEAD = 5
"""A month without a year is one of these next months, or one of the six before; by March is always to come."""


@dataclass(frozen=True)
class NamedMonth:
    """A month that a text names: where, how it is written, and whether the text is said to be of that month."""

    month: pd.Period
    start: int
    quote: str
    as_at: bool
    label: bool
    compared: bool


def named_months(text: str, reporting_month: pd.Period) -> list[NamedMonth]:
    """The months that a text names, in its order.

    >>> [str(each.month) for each in named_months("Down from March, as of the 31/12/17", pd.Period("2018-05"))]
    ['2018-03', '2017-12']
    """
    found = [_named(text, match, reporting_month) for pattern in (NAMED, NUMERIC) for match in pattern.finditer(text)]
    return sorted((each for each in found if each), key=lambda each: each.start)


def _named(text, match, reporting_month):
    parts = match.groupdict()
    number = _NAMES.index(parts["name"][:3].lower()) + 1 if parts.get("name") else int(parts["number"])
    if not 1 <= number <= 12 or (parts.get("name") == "May" and _is_verb(text, match)):
        return None
    before, after = text[: match.start()], text[match.end() :]
    starts = not before.strip() or before.rstrip(" ").endswith("\n")
    label = bool(starts and _LABEL.match(after))
    return NamedMonth(
        _month(number, parts["year"], reporting_month, 11 if _BY.search(before) else AHEAD),
        match.start(), match[0].strip(),
        bool(_AS_AT.search(before)), label, bool(_COMPARED.search(before)),
    )  # fmt: skip


def _is_verb(text, match):
    """May at the start of a sentence, without day or year, is hardly the month."""
    return not (match["day"] or match["year"]) and bool(re.search(r"(?:^|[.!?]\s+|\n)$", text[: match.start()]))


def _month(number, year, reporting_month, ahead_at_most):
    if year:
        return pd.Period(year=int(year) + (2000 if len(year) == 2 else 0), month=number, freq="M")
    ahead = (number - reporting_month.month) % 12
    return reporting_month + (ahead if ahead <= ahead_at_most else ahead - 12)


_SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}
_SCALE = rf"\s?(?P<SCALE>{'|'.join(_SCALES)})\b"
_NUMBER = re.compile(
    r"(?<![\w.,/-])(?P<money>[£€$]\s?)?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+)(?![\d/])(?!,\d{3})"
    rf"(?:{_SCALE}|(?=(?:\s?[-–]\s?|\s(?:to|and)\s)[£€$]?[\d,.]*\d{_SCALE.replace('SCALE', 'of_both')}))?",
    re.IGNORECASE,
)
"""A number with what stands beside it: in '£1.5 to 2m' the scale of the second is that of both."""
_PERCENT = re.compile(r"\s*(?:%|per cent\b|percent\b|percentage points?\b)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d£])|\n+|:\s")
_NOT_FIGURES = [NAMED, NUMERIC, *map(re.compile, PHRASES["not_figures"])]
_TIME = re.compile(r"\b\d+[ -](?:(?:working|calendar) )?(?:minute|hour|day|week|month|year)s?\b", re.IGNORECASE)
_COUNTS = ("", "number")
SMALLEST = 10
"""Counts below this are seldom the indicator's own figure, and often one of a few cases."""


@dataclass(frozen=True)
class Quoted:
    """A number as a text quotes it: 1,620,000 of '£1.62m', with -4 decimals.

    ``fits`` says that it can be of the indicator's unit, ``alike`` that it is written as the indicator's figures are,
    ``own`` that it reads as one for the month; ``scaled`` that it is money or has a scale, which data may have not.
    """

    number: float
    quote: str
    start: int
    decimals: int
    fits: bool
    alike: bool
    own: bool
    scaled: bool


def quoted_figures(text: str, facts: CommentFacts) -> list[Quoted]:
    """The figures in a text; dates, years, ages, durations, references and the like are none."""
    masked = _masked(text, facts)
    found = []
    for match in _NUMBER.finditer(masked):
        digits = match["digits"].replace(",", "")
        scale = _SCALES.get((match["SCALE"] or match["of_both"] or "").lower(), 0)
        percent = _PERCENT.match(masked, match.end())
        quote = text[match.start() : percent.end() if percent else match.end()]
        number, decimals = float(Decimal(digits).scaleb(scale)), len(digits.partition(".")[2]) - scale
        fits = facts.unit in ("", "%") if percent else not match["money"] or facts.unit[:1] == match["money"][0]
        scaled = bool(match["money"] or scale)
        alike = fits and _is_own(number, decimals, bool(percent), masked[match.end() :], facts)
        start, end = _sentence_at(text, match.start())
        own = alike and not _about_others(text[start:end], facts)
        beside = clause(masked[start : match.start()], masked[match.end() : end])
        # A plain count is of what it names: 400 officers are no visits.
        counted = re.findall(r"^\s+([A-Za-z'’-]+)", masked[match.end() :]) * (facts.unit in _COUNTS)
        own = own and (not scaled or speaks_of(beside, facts.own_words))
        own = own and speaks_of(" ".join(["figure", *counted]), facts.own_words)
        found.append(Quoted(number, quote, match.start(), decimals, fits, alike, own, scaled))
    return found


def is_known(quoted: Quoted, figures) -> bool:
    """Whether one of the figures, rounded as the text rounds, is the one that it quotes."""
    margin = 0.5 * 10.0**-quoted.decimals + 1e-9
    held_in = (1, 1e3, 1e6, 1e9) if quoted.scaled else (1,)
    return any(abs(abs(figure) * scale - quoted.number) <= margin for figure in figures for scale in held_in)


def _sentence_at(text, place):
    """Where the sentence that a place of the text lies in begins and ends."""
    ends = [match.end() for match in _SENTENCE.finditer(text)]
    start = max((end for end in ends if end <= place), default=0)
    return start, min((end for end in ends if end > place), default=len(text))


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


def _about_others(sentence, facts):
    """Whether a sentence speaks of other places or of another month than the value's."""
    months = {each.month for each in named_months(sentence, facts.reporting_month)}
    return bool(_OTHERS.search(sentence) or months - {*_now(facts), facts.latest_month - 12})


LONG = 150
"""Words above which a comment is seldom read to its end."""

FEW = 15
"""A count of people below this can tell a reader who they are."""

_FEW = rf"(?<![\w.,/%£-])(?:\d{{1,2}}|{'|'.join(PHRASES['few'])})"
_FEW_PEOPLE = either(
    rf"{_FEW}\s+(?:(?:{'|'.join(PHRASES['which_people'])})\s+)*(?:{'|'.join(PHRASES['people'])})\b",
    rf"{_FEW} of (?:whom|them)\b",
    whole_words=False,
)
_TARGET_OF = either(*PHRASES["target_of"], whole_words=False)
_SHORT = re.compile(r"(?<![\w'’])[A-Za-z]{2,7}(?:['’]s)?(?![\w'’])")


@dataclass(frozen=True)
class Remark:
    """What may be wrong with a comment: ``quote`` is the place in it, ``found`` says why, ``do`` what to do.

    ``severity`` is warning (probably wrong) or info (worth a look); ``claims`` is what the comment says, for readers;
    ``column`` is that of the batch of comments in which it is a finding, empty where it is for the desk alone.
    """

    rule: str
    severity: str
    quote: str
    found: str
    do: str
    claims: str = ""
    column: str = ""

    @property
    def message(self) -> str:
        return f"{self.found} {self.do}"


_TOLD = packaged("checks/remarks.yml")


def _remark(name, quote, facts, claims="", **said):
    """What remarks.yml says under a name, with the indicator's figures and what else is ``said`` filled in."""
    told, of_row = _TOLD[name], {"code": facts.code, "value": facts.value_text, "target": facts.target_text}
    claims = claims or told.get("claims", "")
    said |= {key: Word(text) for key, text in of_row.items()} | {"rating": facts.rating.lower(), "claims": claims}
    found, do = (told[part].format(**said) for part in ("found", "do"))
    return Remark(told.get("rule", name), told["severity"], quote, found, do, claims, told.get("column", ""))


def remarks(text: str, facts: CommentFacts) -> list[Remark]:
    """Everything that the rules have to say of a comment, warnings first; nothing of a text without words."""
    if not text.strip():
        return []
    found = [remark for rule in RULES for remark in rule(text, facts)]
    return sorted(found, key=lambda remark: remark.severity != "warning")


def says_of_its_target(text, facts):
    """A comment that says of its target, or of the side of it that the figure lies on, what the figure does not."""
    for sentence, bare, first in _sentences(text, facts):
        months = {m.month for m in named_months(sentence, facts.reporting_month) if not m.compared}
        now = _SINCE_LAST_YEAR.sub(" ", bare)
        if _LAST_YEAR.search(now) or _PAST.search(now) or months - _now(facts):
            continue
        for kind, quote in ratings(_with_figures_named(now, facts), facts.own_words, first):
            if _is_wrong(kind, sentence, facts):
                yield _remark(kind, quote if quote in text else sentence.strip(), facts)
                return


def _is_wrong(kind, sentence, facts):
    """Whether the figure speaks against what is said of its target, as far as that is clear."""
    unclear = facts.polarity == "MINIMISE" and (_LOOSE if kind in ("ABOVE", "BELOW") else _MORE).search(sentence)
    wrong = {
        "MET": facts.rating in ("RED", "AMBER"), "MISSED": facts.rating == "GREEN",
        "NEAR": facts.rating == "RED" and facts.outcome != "ON_COURSE",
        "ABOVE": facts.value <= facts.target_high, "BELOW": facts.value >= facts.target_low,
    }  # fmt: skip
    return wrong[kind] and not unclear


def _with_figures_named(sentence, facts):
    """The sentence with words for its figures: the value's, and another for one that is not of this target now."""
    known = {each for end in (facts.target_low, facts.target_high) for each in (end, facts.value - end)}
    for quoted in reversed([each for each in quoted_figures(sentence, facts) if each.fits]):
        # One that the target is met at is meant for the value, digits exchanged, where no month has it.
        slip = sentence[: quoted.start].endswith(" at ") and not is_known(quoted, facts.figures)
        word = quoted.quote if is_known(quoted, known) else "another"
        if slip or is_known(quoted, {facts.value}):
            word = "figure"
        sentence = f"{sentence[: quoted.start]}{word}{sentence[quoted.start + len(quoted.quote) :]}"
    return sentence


def quotes_another_target(text, facts):
    """A target that the data do not have, unless the words before it may be of somebody else's or something else's."""
    own_words = facts.own_words | {*PHRASES["beside_targets"].split()}
    for match in _TARGET_OF.finditer(text):
        whose = " ".join(["figure", *_SENTENCE.split(text[: match.start()])[-1].split()[-2:]])
        for each in (each for each in quoted_figures(text, facts) if 0 <= each.start - match.end() <= 1):
            own = each.fits and facts.targets and speaks_of(whose, own_words)
            if own and not is_known(each, facts.targets):
                yield _remark("quotes_another_target", match[0] + each.quote, facts, quoted=each.quote.strip())


def quotes_unknown_figures(text, facts):
    """Figures that the indicator's data do not give: a warning where they read as its own, else one remark for all."""
    unknown = [each for each in quoted_figures(text, facts) if not is_known(each, facts.figures)]
    for each in (each for each in unknown if each.own):
        yield _remark("quotes_unknown_figures", each.quote, facts, quoted=each.quote.strip())
    others = [each for each in unknown if not each.own and (each.number >= SMALL_FIGURE or each.decimals > 0)]
    if others:
        listed = ", ".join(dict.fromkeys(each.quote.strip() for each in others))
        yield _remark("quotes_other_figures", others[0].quote, facts, listed)


def gives_a_month_another_figure(text, facts):
    """A figure that a sentence gives for one month and that is neither its figure nor what was added in it."""
    for sentence, _, _ in _sentences(text, facts):
        months = named_months(sentence, facts.reporting_month)
        named = [each.month for each in months if re.search(r"(?i)\b(?:in|for|during)\s+$", sentence[: each.start])]
        given = [each for each in quoted_figures(sentence, facts) if each.alike and not is_known(each, facts.targets)]
        own = speaks_of(_masked(sentence, facts), facts.own_words)
        if own and len(named) == len(months) == len(given) == 1 and named[0] in facts.values:
            value, before = (facts.values.get(named[0] - back, math.nan) for back in (0, 1))
            if not is_known(given[0], {value, value - before}):
                said = {"quoted": given[0].quote, "month": month_label(named[0]), "was": format_number(value)}
                yield _remark("gives_a_month_another_figure", given[0].quote, facts, **said)


SMALL_FIGURE = 20
"""Other figures below this are counts of cases, which the data are not expected to give."""


def names_another_month(text, facts):
    """A comment that is said to be of another month than its report's, or that names others."""
    usual = {*_now(facts), facts.latest_month - 12}
    found = [m for m in named_months(text, facts.reporting_month) if m.month < facts.reporting_month]
    wrong = [m for m in found if m.label or (m.as_at and m.month not in usual)]
    for each in wrong:
        month = month_label(facts.reporting_month)
        yield _remark("names_another_month", each.quote, facts, month_label(each.month), month=month)
    others = [m for m in found if m not in wrong and m.month not in {*usual, facts.latest_month - int(m.compared)}]
    if others:
        listed = ", ".join(dict.fromkeys(month_label(each.month) for each in others))
        month = month_label(facts.latest_month)
        yield _remark("names_other_months", others[0].quote, facts, listed=listed, month=month)


def may_identify_people(text, facts):
    """Counts of people so small that a reader may know who they are."""
    for match in _FEW_PEOPLE.finditer(text):
        number = re.match(r"\d+", match[0])
        if number is None or 0 < int(number[0]) < FEW:
            yield _remark("may_identify_people", match[0], facts, quoted=match[0], few=FEW)


def is_too_long(text, facts):
    """A comment of more words than people read."""
    words = len(text.split())
    if words > LONG:
        yield _remark("is_too_long", "", facts, words=words, most=LONG)


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
        yield _remark("leaves_abbreviations_unexplained", unknown[0], facts, listed=", ".join(unknown))


def is_unchanged(text, facts):
    """A comment that says what the one before it said."""
    if not facts.previous.strip():
        return
    now, then = (each.lower().split() for each in (text, facts.previous))
    month = month_label(facts.previous_month)
    if same_words(text, facts.previous):
        yield _remark("is_unchanged", "", facts, month=month)
    elif SequenceMatcher(None, now, then, autojunk=False).ratio() > 0.9:
        yield _remark("is_hardly_changed", "", facts, month=month)


_IN_NAMED = re.compile(r"(?:\bsince\s+(?:the end of )?)?" + NAMED.pattern)
_WHOLE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d£“\"])|\n+")
_QUOTED = re.compile("|".join(PHRASES["quoted"]))
_CODES = re.compile("|".join(PHRASES["codes"]))
_OTHERS, _MORE, _LOOSE = (either(*PHRASES[name]) for name in ("others", "more_than_target", "loose"))
_LAST_YEAR, _SINCE_LAST_YEAR, _LAST_MONTH, _LATELY, _OTHER_TIMES, _PAST = (
    either(*PHRASES[name])
    for name in ("last_year", "compared_with_last_year", "last_month", "lately", "other_times", "past")
)


def _sentences(text, facts):
    """The sentences about this indicator alone: whole, without its code, quotations and months, and whether first."""
    own = rf"\b{re.escape(facts.code)}(?![\w.]*\w)" if facts.code else "$^"
    ends = [0, *(match.end() for match in _WHOLE.finditer(text)), len(text)]
    for start, end in pairwise(ends):
        sentence = re.sub(own, "", text[start:end])
        if not (_OTHERS.search(sentence) or _CODES.search(sentence) or "?" in sentence):
            bare = _IN_NAMED.sub(" ", _QUOTED.sub(" quoted ", sentence))
            yield sentence, bare.strip(" -*•"), not text[:start].strip()


def claims_of_change(text, facts):
    """A comment that says that its figures changed, or are steady, against their variation or against last year.

    A sentence that names last year is held against the direction alone, one that names last month or no time against
    the variation; one about other times or places against nothing.
    """
    for sentence, bare, first in _sentences(text, facts):
        last_year = _names_last_year(sentence, bare, facts)
        for kind, quote in claims(bare, facts.own_words, first, last_year):
            time = "LAST_YEAR" if last_year else _time_of(kind, sentence, bare, facts)
            wrong = _against(kind, quote, time, facts)
            if wrong:
                yield _remark(wrong[0], quote, facts, **wrong[1])
                break


def _names_last_year(sentence, bare, facts):
    """Whether a sentence is held against last year."""
    months = {each.month for each in named_months(sentence, facts.reporting_month)}
    return bool(_LAST_YEAR.search(bare)) or facts.latest_month - 12 in months


def _now(facts):
    return {facts.latest_month, facts.reporting_month}


def _time_of(kind, sentence, bare, facts):
    """What a sentence compares with: NOW for last month or no time, or nothing that could be judged."""
    months = {each.month for each in named_months(sentence, facts.reporting_month)}
    rest = _LATELY.sub(" ", bare) if kind == "STEADY" else bare
    near = _now(facts) | {facts.latest_month - 1}
    return "" if months - near or _OTHER_TIMES.search(_LAST_MONTH.sub(" ", rest)) else "NOW"


_OPPOSITES = {"BETTER": "WORSE", "WORSE": "BETTER", "HIGH": "LOW", "LOW": "HIGH"}
_HIGH_IS = {"MAXIMISE": ("BETTER", "WORSE"), "MINIMISE": ("WORSE", "BETTER")}


def _against(kind, quote, time, facts):
    """What speaks against a claim, by its name in remarks.yml; None where nothing does or nothing is known."""
    if kind in ("ROSE", "FELL"):
        wrong = time == "NOW" and _moved_otherwise(kind, quote, facts)
        return ("moved_otherwise", {"claims": f"that the figure {kind.lower()}, which it did not"}) if wrong else None
    if time == "LAST_YEAR":
        kind = dict(zip(("HIGH", "LOW"), _HIGH_IS.get(facts.polarity, ()), strict=False)).get(kind, kind)
        if kind in ("BETTER", "WORSE") and facts.direction in ("SAME", _OPPOSITES[kind]):
            said = "no better and no worse" if facts.direction == "SAME" else lowered(DIRECTIONS[facts.direction])
            return "says_otherwise_than_last_year", {"direction": said, "last_year": LAST_YEAR}
    elif time and facts.variation == "USUAL" and kind != "STEADY":
        return "says_change_without_signal", {"usual": facts.usual}
    elif time and facts.variation not in ("", "USUAL"):
        stands = facts.signal_side, {"IMPROVEMENT": "BETTER", "CONCERN": "WORSE"}.get(facts.variation)
        if kind == "STEADY" or _OPPOSITES[kind] in stands:
            name = "says_steady_against_signal" if kind == "STEADY" else "says_otherwise_than_its_chart"
            return name, {"variation": lowered(VARIATIONS[facts.variation])}
    return None


def _moved_otherwise(kind, quote, facts):
    """Whether the value that it is said to have moved to lies on the other side of last month's and last year's."""
    last = facts.values.get(facts.latest_month - 1, facts.value)
    others = last, facts.values.get(facts.latest_month - 12, last)
    otherwise = facts.value < min(others) if kind == "ROSE" else facts.value > max(others)
    return otherwise and any(is_known(each, {facts.value}) for each in quoted_figures(quote, facts))


def tells_only_what_went_well(text, facts):
    """A comment on a red that is proud of something and admits nothing."""
    proud = praised(text, facts.polarity, facts.own_words) if facts.rating == "RED" else ""
    if proud:
        yield _remark("tells_only_what_went_well", proud, facts)


def names_nothing_done(text, facts):
    """A comment on an exception that says how the figure stands, and neither why nor what is done about it."""
    if facts.outcome in EXCEPTIONS and not facts.doing and only_stands(text, facts.own_words):
        yield _remark("names_nothing_done", "", facts)


RULES = (
    says_of_its_target, quotes_another_target, quotes_unknown_figures, gives_a_month_another_figure,
    names_another_month, tells_only_what_went_well, names_nothing_done, claims_of_change, may_identify_people,
    is_unchanged, leaves_abbreviations_unexplained, is_too_long,
)  # fmt: skip


_CLAIMS = {"says_otherwise": "claims", "of_another_month": "about"}
"""Which column takes what the comment claims, beside that of what is wrong with it."""

SAID_WRONGLY = (*dict.fromkeys(told["column"] for told in _TOLD.values() if "column" in told), *_CLAIMS.values())


def said_wrongly(text: str, facts: CommentFacts) -> dict[str, str]:
    """What the rules say of a comment, by column (``SAID_WRONGLY``): of other figures only which they are."""
    said = {}
    found = [each for each in remarks(text, facts) if each.column]
    for column in dict.fromkeys(each.column for each in found):
        here = [each for each in found if each.column == column]
        quoted = (f"'{each.quote.strip()}': {each.found}" if each.quote else each.found for each in here)
        claimed = joined(list(dict.fromkeys(each.claims for each in here)))
        said[column] = claimed if column == "other_figures" else " ".join(quoted)
        said |= {_CLAIMS[column]: claimed} if column in _CLAIMS else {}
    return said
