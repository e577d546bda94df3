"""Published figures: reading them as officers write them, and writing them as people read them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from mpr_lib.errors import ValueTextError, unseen
from mpr_lib.rules.figures import decimal

_NO_VALUE = {
    "": "NOT_SUPPLIED",
    "-": "NOT_SUPPLIED",
    "not available": "NOT_SUPPLIED",
    "tbc": "AWAITED",
    "n/a": "NOT_APPLICABLE",
    "not due": "NOT_DUE",
}
_MULTIPLIERS = {"K": 1_000, "M": 1_000_000, "bn": 1_000_000_000}
_MULTIPLIERS |= {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_TYPED_FOR_DIGITS = {"O", "o", "I", "l", "S"}
_TOO_LARGE = 10**15
_MOST_PLACES = 6
_LONG = re.compile(rf"(?:(?<!\d)-)?[\d,]{{0,40}}\.\d{{{_MOST_PLACES + 1},}}")
_RANGE = re.compile(r"(?<=[\w%]) - (?=[£€$]?\d)")
_MONEY_SIGNS = ("£", "€", "$")
_AMOUNT = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNSIGNED = re.compile(rf"(?<![£€$\d.,]){_AMOUNT}")
_SCALED = re.compile(
    r"[£€$]\s?(?:(?P<k>'?000s?|k|thousands?)|(?P<m>mn?|millions?)|(?P<bn>bn|billions?))", re.IGNORECASE
)
_BARE = re.compile(rf"(?<![£€$\d.,]){_AMOUNT}(?![\d.,]|\s?(?:%|per\s?cent))")
_MONEY = re.compile(
    rf"(?P<sign>[£€$])\s?(?P<amount>{_AMOUNT})(?![\d,.]\d)(?:\s?(?P<scale>k|m|bn|thousand|million|billion)\b)?",
    re.IGNORECASE,
)
_TENTHS = re.compile(r"(?<=[£€$\d,])\d?\.\d(?![\d.%]|\s[mb]illion)")
_PROVISIONAL = re.compile(r"^provisional\s+|\s{0,20}\[p\]$|\s{1,20}(?:\(p\)|p|\(?provisional\)?)$", re.IGNORECASE)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_FIGURE = re.compile(
    rf"(?P<proxy>proxy\s+)?(?P<sign>[-+]?)(?P<money>[£€$]?)(?P<digits>{_DIGITS})"
    r"\s*(?P<unit>%|[A-Za-z][A-Za-z ]{0,19}|per [\d,]+[A-Za-z ]{0,19})?\s*(?P<marks>\*{0,3})",
    re.IGNORECASE | re.ASCII,
)
_EXPECTED = "Expected a number such as 550, 83% or 1,544, or one of -, TBC, N/A."
_HINTS = {
    r"\(.*\d.*\)": "Write what is below 0 with a minus, such as -6,010",
    r"\d+:\d\d(:\d\d)?": "Write a time as one number, in the indicator's unit",
    r"[<>].*\d.*": "Make a text for what is too small to publish a word of no_value_words in params/report.yml",
}
"""What to do about what is written otherwise than figures are, by what all of it looks like."""
_EXPECTED_TARGET = "Expected a number such as 550, 83% or 1,544, or a range such as 38 - 48."


@dataclass(frozen=True)
class ValueRead:
    """What a text says: a number with its unit, or the reason why there is none."""

    text: str
    number: float | None = None
    unit: str = ""
    no_value_reason: str | None = None
    is_proxy: bool = False
    is_provisional: bool = False


def read_value(text: str | None, own_words: Mapping[str, str] = {}) -> ValueRead:
    """Read one figure as received; the text itself is kept.

    Percentages are percentage points. Nothing is guessed: what is neither a figure nor a known reason
    raises ``ValueTextError``. Ranges are for targets (``read_target``). ``own_words`` are a workspace's words for no
    value (as ``as_word`` gives them), each with its reason; they go before those that are always known.

    >>> read_value("1,544").number
    1544.0
    >>> read_value("83%").unit, read_value("Proxy 1.66").is_proxy, read_value("TBC").no_value_reason
    ('%', True, 'AWAITED')
    >>> read_value("58% [p]").number, read_value("58% p").is_provisional
    (58.0, True)
    >>> read_value("Annual KPI", {"annual kpi": "NOT_DUE"}).no_value_reason
    'NOT_DUE'
    """
    received = "" if text is None else str(text)
    plain, provisional = _without_mark(_plain(received))
    reason = own_words.get(as_word(received)) or _NO_VALUE.get(plain.lower())
    if reason:
        return ValueRead(received, no_value_reason=reason)
    figure = _FIGURE.fullmatch(plain)
    if not figure or figure["unit"] in _TYPED_FOR_DIGITS:
        expected = ", ".join([_EXPECTED.rstrip("."), *(word for word in own_words if word not in _NO_VALUE)])
        hints = [f" {hint}." for form, hint in _HINTS.items() if re.fullmatch(form, plain)]
        raise ValueTextError(f"cannot read '{received}' as a number. {expected}.{''.join(hints)}{unseen(received)}")
    factor, unit = _multiplier((figure["unit"] or "").strip(), figure["money"])
    number = Decimal(figure["sign"] + figure["digits"].replace(",", "")) * factor
    if abs(number) >= _TOO_LARGE:
        raise ValueTextError(f"cannot read '{received}' as a number: it is too large. {_EXPECTED}")
    proxy = figure["proxy"] or unit.lower() == "proxy"
    unit = "" if unit.lower() == "proxy" else f"{figure['money']} {unit}".strip()
    return ValueRead(received, float(number) + 0.0, unit, is_proxy=bool(proxy), is_provisional=provisional)


def read_target(text: str | None, own_words: Mapping[str, str] = {}) -> tuple[float, float, str] | None:
    """Read a target as received: (low, high, unit), equal ends unless it is a range; None where there is none.

    >>> read_target("38 - 48"), read_target("95%"), read_target("-")
    ((38.0, 48.0, ''), (95.0, 95.0, '%'), None)
    """
    plain = _plain("" if text is None else str(text))
    one = as_word(plain) in own_words
    ends = [plain] if one else re.split(r"\s+-\s+|\s+to\s+|(?<=\d)-(?=\d)", plain)
    try:
        reads = [read_value(end, own_words) for end in ends]
    except ValueTextError:
        raise ValueTextError(f"cannot read '{text}' as a target. {_EXPECTED_TARGET}") from None
    if len(reads) == 1 and reads[0].number is None:
        return None
    units = {read.unit for read in reads} - {""}
    doubtful = any(read.is_proxy for read in reads)
    low, high = reads[0].number, reads[-1].number
    if len(reads) > 2 or len(units) > 1 or doubtful or low is None or high is None:
        raise ValueTextError(f"cannot read '{text}' as a target. {_EXPECTED_TARGET}")
    return low, high, "".join(units)


@lru_cache(10_000)
def unit_of(text: str | None) -> str:
    """The unit that stands beside a figure or a target; none beside what is neither.

    >>> unit_of("95 days"), unit_of("94%"), unit_of("94"), unit_of("soon")
    ('days', '%', '', '')
    """
    try:
        return (read_target(text) or (0, 0, ""))[2]
    except ValueTextError:
        return ""


_DOUBTS = "plus|about|approx|est|estimated?|or|to|thousands?|millions?|billions?"
_NO_THING = re.compile(rf"[^a-z ]|^(.|[bmt]n|th)$|^per |\b({_DOUBTS})\b")
"""What stands beside a plain count and is no name of what it counts: a symbol, a multiplier, a doubt."""


@lru_cache(10_000)
def units_agree(found: str, unit: str) -> bool:
    """Whether the unit that stands beside a figure is the indicator's own; a figure without a unit agrees.

    A plain count (unit empty or ``number``) may name what it counts, but is no percentage, money or rate, and neither
    a multiplier nor a doubt is a name: of '2m' and '37 plus' nobody knows the number.

    >>> units_agree("day", "days"), units_agree("mins", "minutes"), units_agree("%", "days")
    (True, True, False)
    >>> units_agree("visits", "number")
    True
    """
    if not found:
        return True
    if unit.lower() in ("", "number"):
        return not _NO_THING.search(found.lower())
    return _plain_unit(found) == _plain_unit(unit)


def _plain_unit(unit):
    plain = re.sub(r"(?<=[a-z])s$", "", re.sub(r"\s+", " ", unit.lower()).strip())
    return {"min": "minute", "hr": "hour"}.get(plain, plain)


def is_figure(text: str) -> bool:
    """Whether a text is a figure, with whatever stands beside it, and no word.

    >>> is_figure("12 months"), is_figure("Annual KPI")
    (True, False)
    """
    try:
        return read_value(text).number is not None
    except ValueTextError:
        return False


def as_word(text: str) -> str:
    """A text as words for no value are compared: small letters, spaces and dashes as usual.

    >>> as_word(" Annual  KPI "), as_word("–")
    ('annual kpi', '-')
    """
    return _plain(text).lower()


def format_number(number: float, decimals: float | None = None, unit: str = "") -> str:
    """Write a computed number for people: half up, commas, ``%`` joined; other units are left to the heading.

    Without ``decimals`` (None, NaN) it is as short as it is exact.

    >>> format_number(733333, 0), format_number(2.675, 2), format_number(46.38, 2, "%")
    ('733,333', '2.68', '46.38%')
    """
    rounded = decimal(number).normalize()
    if decimals is not None and decimals == decimals:
        rounded = _half_up(rounded, decimals)
    if rounded == 0:
        rounded = abs(rounded)
    return f"{rounded:,f}" + ("%" if unit == "%" else "")


def _half_up(number, decimals):
    return number.quantize(Decimal(1).scaleb(-int(decimals)), ROUND_HALF_UP, Context(prec=400))


def computed_figure(number: Decimal, decimals: float, unit: str) -> ValueRead | None:
    """A figure that was worked out, as if it had come so: half up to its decimals (NaN: six at most), and so compared.

    None for one that is larger than a figure can be. Source: docs/rules.md, Reading figures.

    >>> computed_figure(Decimal("66.65"), 1, "%").text, computed_figure(Decimal(2) / 3, float("nan"), "").number
    ('66.7%', 0.666667)
    """
    if abs(number) >= _TOO_LARGE:
        return None
    kept = float(_half_up(number, decimals if decimals == decimals else _MOST_PLACES)) + 0.0
    return ValueRead(format_number(kept, decimals, unit), kept, "%" * (unit == "%"))


def range_text(low: str, high: str) -> str:
    """Both ends of a range as printed, or the one number when the ends are the same.

    >>> range_text("38", "48"), range_text("95%", "95%")
    ('38 - 48', '95%')
    """
    return low if low == high or not high else f"{low} - {high}" if low else high


def _multiplier(unit, money):
    """What a unit's first word multiplies by, and the unit that is left. A small m or k is a unit, except of money."""
    word, _, rest = unit.partition(" ")
    word = word.lower() if len(word) > 1 else word.upper() if money else word
    return (_MULTIPLIERS[word], rest) if word in _MULTIPLIERS else (1, unit)


def figure_text(text: str) -> str:
    """A figure as received, without the mark or the word that says that it is provisional.

    >>> figure_text("58% [p]"), figure_text("Provisional 1,544"), figure_text("TBC")
    ('58%', '1,544', 'TBC')
    """
    return _without_mark(text.strip())[0]


def money_sign(unit: str) -> str:
    """The sign of a unit of money in full; empty of any other, such as £m.

    >>> money_sign("£ per head"), money_sign("£000s"), money_sign("£ million")
    ('£', '', '')
    """
    return unit[:1] if unit[:1] in _MONEY_SIGNS and unit[1:2] in ("", " ") and not money_scale(unit) else ""


def money_scale(unit: str) -> str:
    """What a unit counts money in: k of thousands, m or bn; empty of any other.

    >>> money_scale("£000s"), money_scale("£ million"), money_scale("£bn"), money_scale("£"), money_scale("£m per year")
    ('k', 'm', 'bn', '', '')
    """
    found = _SCALED.fullmatch(unit.strip())
    return (found and found.lastgroup) or ""


def printed(text: str, unit: str = "") -> str:
    """A figure or target as received, as readers see it: a range in words, money in full, at most six decimals.

    The figure itself stays whole, in the data and wherever it is compared; decimals beyond six are rounded half up.
    ``unit`` tells money and percentages whose figures have no sign. Source: docs/rules.md, Reading figures.

    >>> printed("97.123456789012%"), printed("1,999.9999999"), printed("83.10%"), printed("38 - 48")
    ('97.123457%', '2,000', '83.10%', '38 to 48')
    >>> printed("£2.0M"), printed("2,000,000", "£"), printed("£1,234,567"), printed("£350K"), printed("12.1", "£")
    ('£2.0 million', '£2.0 million', '£1,234,567', '£350,000', '£12.10')
    >>> printed("8.9", "£m"), printed("7729", "£000"), printed("£8.9 million", "£m")
    ('£8.9 million', '£7,729,000', '£8.9 million')
    """
    said = _RANGE.sub(" to ", _LONG.sub(_rounded, text))
    if money := money_sign(unit):
        said = _UNSIGNED.sub(rf"{money}\g<0>", said)
    if scale := money_scale(unit):
        said = _UNSIGNED.sub(rf"{unit.strip()[0]}\g<0>{scale}", said)
    if unit == "%":
        said = _BARE.sub(r"\g<0>%", said)
    said = _MONEY.sub(_money_words, said)
    return _TENTHS.sub(r"\g<0>0", said) if money else said


def _money_words(found):
    """An amount of money in words: in millions what is whole to a tenth of one, else in full with commas."""
    amount, word = found["amount"], (found["scale"] or "").lower()
    name = {"m": "million", "million": "million", "bn": "billion", "billion": "billion"}.get(word)
    if name:
        return f"{found['sign']}{amount} {name}"
    full = Decimal(amount.replace(",", "")) * (1000 if word else 1)
    if not word and (full < 1_000_000 or full % 100_000):
        pounds, point, pence = amount.partition(".")
        return f"{found['sign']}{int(pounds.replace(',', '') or 0):,}{point}{pence}"
    if full >= 1_000_000 and not full % 100_000:
        return f"{found['sign']}{full / 1_000_000:,.1f} million"
    return f"{found['sign']}{full.normalize():,f}"


def _rounded(figure):
    short = format_number(float(figure[0].replace(",", "")), _MOST_PLACES).rstrip("0").rstrip(".")
    return short if "," in figure[0] else short.replace(",", "")


def _without_mark(text):
    """The text without its mark for provisional figures, and whether it had one."""
    figure = _PROVISIONAL.sub("", text, count=1).strip()
    return (figure, True) if figure and figure != text else (text, False)


def _plain(text: str) -> str:
    """The text without what only looks different: odd spaces, dashes, a byte order mark."""
    text = text.replace("\u00a0", " ").replace("\ufeff", "").replace("\u2009", " ")
    return re.sub(r"\s+", " ", re.sub("[\u2010-\u2015\u2212]", "-", text)).strip()
