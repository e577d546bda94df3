"""Published figures: reading them as officers write them, and writing them as people read them."""

import operator
import re
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

import numpy as np
import pandas as pd

from mpr_lib.errors import ValueTextError

_PLACES = 9
_SAFE = 2.0**52
_WORKING_DIGITS = 1e15
"""Below it a decimal and its floating-point number stand for each other."""


def decimal(number: float) -> Decimal:
    """The decimal that a figure was written as: the shortest that gives this number.

    >>> decimal(28.05)
    Decimal('28.05')
    """
    return Decimal(repr(float(number)))


def exactly(formula, *columns: pd.Series) -> pd.Series:
    """Apply a formula on Decimals to each row of number columns; missing where any of the row's numbers is."""
    rows = zip(*(column.astype(float).tolist() for column in columns), strict=True)
    results = [np.nan if any(x != x for x in row) else float(formula(*map(decimal, row))) for row in rows]
    return pd.Series(results, columns[0].index, dtype=float)


def difference(first: pd.Series, second: pd.Series) -> pd.Series:
    """First minus second, row by row."""
    a, b = _numbers(first), _numbers(second)
    unit = np.maximum(_unit(a), _unit(b))
    x, y = np.rint(a * unit), np.rint(b * unit)
    fits = (np.abs(x) < _SAFE) & (np.abs(y) < _SAFE)
    return _completed((x - y) / unit, fits, operator.sub, first, second)


def sum_of(first: pd.Series, second: pd.Series) -> pd.Series:
    """First plus second, row by row."""
    return difference(first, -second)


def share_of(target: pd.Series, share: pd.Series) -> pd.Series:
    """A share of the target's size, row by row: 0.05 of -20 is 1."""
    a, b = np.abs(_numbers(target)), _numbers(share)
    units = _unit(a), _unit(b)
    whole = np.rint(a * units[0]) * np.rint(b * units[1])
    fits = (np.abs(whole) < _SAFE) & (units[0] * units[1] < _WORKING_DIGITS)
    return _completed(whole / (units[0] * units[1]), fits, lambda x, part: abs(x) * part, target, share)


def part_way(start, end, part, whole, decimals) -> pd.Series:
    """Part / whole of the way from start to end, row by row, rounded down (towards minus infinity) to the decimals."""
    columns = start, end, part, whole, decimals
    a, b, n, m, places = map(_numbers, columns)
    unit, course = np.maximum(_unit(a), _unit(b)), np.maximum(_unit(n), _unit(m))
    shown = 10.0 ** np.nan_to_num(places)
    numerator = [np.rint(x * unit) * np.rint(y * course) for x, y in ((a, m), (b, n), (a, n))]
    total = (numerator[0] + numerator[1] - numerator[2]) * shown
    divisor = np.rint(m * course) * unit
    fits = sum(np.abs(x) for x in numerator) * shown < _SAFE
    fits &= (np.abs(divisor) < _SAFE) & (divisor != 0)
    known = np.where(fits, total, 0).astype("int64") // np.where(fits, divisor, 1).astype("int64")
    return _completed(known / shown, fits, due, *columns)


def due(start: Decimal, annual: Decimal, part: Decimal, whole: Decimal, decimals: Decimal) -> Decimal:
    """The target to date, part / whole of the way from start to annual, rounded down (towards minus infinity).

    >>> due(Decimal(35_000), Decimal(45_000), Decimal(2), Decimal(12), Decimal(0))
    Decimal('36666')
    """
    with localcontext(prec=80, rounding=ROUND_FLOOR):
        return (start + (annual - start) * part / whole).quantize(Decimal(1).scaleb(-int(decimals)))


def _numbers(column):
    return column.to_numpy(dtype=float, na_value=np.nan)


def _unit(numbers):
    """How many of a number's last places make one, as a power of ten; missing where no such unit is safe."""
    unit = np.full(numbers.shape, np.nan)
    for places in range(_PLACES + 1):
        open_ = np.isnan(unit) & ~np.isnan(numbers)
        if not open_.any():
            break
        scaled = np.rint(numbers * 10.0**places)
        unit[open_ & (scaled / 10.0**places == numbers) & (np.abs(scaled) < _WORKING_DIGITS)] = 10.0**places
    return unit


def _completed(results, fits, formula, *columns):
    """The results where they fit; the other rows, unless a number is missing, by the formula on Decimals."""
    found = pd.Series(np.where(fits, results, np.nan), columns[0].index, dtype=float)
    present = np.logical_and.reduce([~np.isnan(_numbers(column)) for column in columns])
    rest = present & ~fits
    if rest.any():
        found[rest] = exactly(formula, *(column[rest] for column in columns)).to_numpy()
    return found


NO_VALUE_REASONS = ("NOT_DUE", "AWAITED", "NOT_APPLICABLE", "NOT_SUPPLIED")

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
_PROVISIONAL = re.compile(r"^provisional\s+|\s*\[p\]$|\s+(?:\(p\)|p|\(?provisional\)?)$", re.IGNORECASE)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_FIGURE = re.compile(
    rf"(?P<proxy>proxy\s+)?(?P<sign>[-+]?)(?P<money>[£€$]?)(?P<digits>{_DIGITS})"
    r"\s*(?P<unit>%|[A-Za-z][A-Za-z ]{0,19}|per [\d,]+[A-Za-z ]{0,19})?\s*(?P<marks>\*{0,3})",
    re.IGNORECASE | re.ASCII,
)
_EXPECTED = "Expected a number such as 550, 83% or 1,544, or one of -, TBC, N/A."
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


def read_value(text: str | None) -> ValueRead:
    """Read one figure as received; the text itself is kept.

    Percentages are percentage points. Nothing is guessed: what is neither a figure nor a known reason
    raises ``ValueTextError``. Ranges are for targets (``read_target``).

    >>> read_value("1,544").number
    1544.0
    >>> read_value("83%").unit, read_value("Proxy 1.66").is_proxy, read_value("TBC").no_value_reason
    ('%', True, 'AWAITED')
    >>> read_value("58% [p]").number, read_value("58% p").is_provisional
    (58.0, True)
    """
    received = "" if text is None else str(text)
    plain, provisional = _without_mark(_plain(received))
    reason = _NO_VALUE.get(plain.lower())
    if reason:
        return ValueRead(received, no_value_reason=reason)
    figure = _FIGURE.fullmatch(plain)
    if not figure or figure["unit"] in _TYPED_FOR_DIGITS:
        raise ValueTextError(f"cannot read '{received}' as a number. {_EXPECTED}")
    factor, unit = _multiplier((figure["unit"] or "").strip(), figure["money"])
    number = Decimal(figure["sign"] + figure["digits"].replace(",", "")) * factor
    if abs(number) >= _TOO_LARGE:
        raise ValueTextError(f"cannot read '{received}' as a number: it is too large. {_EXPECTED}")
    proxy = figure["proxy"] or unit.lower() == "proxy"
    unit = "" if unit.lower() == "proxy" else f"{figure['money']} {unit}".strip()
    return ValueRead(received, float(number) + 0.0, unit, is_proxy=bool(proxy), is_provisional=provisional)


def read_target(text: str | None) -> tuple[float, float, str] | None:
    """Read a target as received: (low, high, unit), equal ends unless it is a range; None where there is none.

    >>> read_target("38 - 48"), read_target("95%"), read_target("-")
    ((38.0, 48.0, ''), (95.0, 95.0, '%'), None)
    """
    plain = _plain("" if text is None else str(text))
    ends = re.split(r"\s+-\s+|\s+to\s+|(?<=\d)-(?=\d)", plain)
    try:
        reads = [read_value(end) for end in ends]
    except ValueTextError:
        raise ValueTextError(f"cannot read '{text}' as a target. {_EXPECTED_TARGET}") from None
    if len(reads) == 1 and reads[0].number is None:
        return None
    units = {read.unit for read in reads} - {""}
    doubtful = any(read.number is None or read.is_proxy for read in reads)
    if len(reads) > 2 or len(units) > 1 or doubtful:
        raise ValueTextError(f"cannot read '{text}' as a target. {_EXPECTED_TARGET}")
    return reads[0].number, reads[-1].number, "".join(units)


def format_number(number: float, decimals: int | None = None, unit: str = "") -> str:
    """Write a computed number for people: half up, commas, ``%`` joined; other units are left to the heading.

    Without ``decimals`` it is as short as it is exact.

    >>> format_number(733333, 0), format_number(2.675, 2), format_number(46.38, 2, "%")
    ('733,333', '2.68', '46.38%')
    """
    rounded = decimal(number).normalize()
    if decimals is not None:
        rounded = rounded.quantize(Decimal(1).scaleb(-int(decimals)), ROUND_HALF_UP, Context(prec=400))
    if rounded == 0:
        rounded = abs(rounded)
    return f"{rounded:,f}" + ("%" if unit == "%" else "")


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


def _without_mark(text):
    """The text without its mark for provisional figures, and whether it had one."""
    figure = _PROVISIONAL.sub("", text, count=1).strip()
    return (figure, True) if figure and figure != text else (text, False)


def _plain(text: str) -> str:
    """The text without what only looks different: odd spaces, dashes, a byte order mark."""
    text = text.replace("\u00a0", " ").replace("\ufeff", "").replace("\u2009", " ")
    return re.sub(r"\s+", " ", re.sub("[\u2010-\u2015\u2212]", "-", text)).strip()
