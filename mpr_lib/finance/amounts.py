"""Amounts: finance figures as accountants write them, their variances, totals and statuses. Decimals, in pounds."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from mpr_lib.errors import ValueTextError

UNITS = {"pounds": (0, "£", 0), "thousands": (3, "£000", 0), "millions": (6, "£m", 1)}
"""For each unit: its power of ten, how headings name it, and the decimals it is shown with."""

MINUS = "\N{MINUS SIGN}"
_SCALES = {"": 0, "k": 3, "m": 6, "bn": 9, "thousand": 3, "million": 6, "billion": 9}
_SPOKEN = {"pounds": "", "thousands": " thousand", "millions": " million"}
_NIL = ("nil", "£nil")
_AMOUNT = re.compile(
    r"(?P<bracket>\()?(?P<sign>[-+]?)£?(?P<later>-?)(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)"
    r"\s*(?P<scale>k|m|bn|thousand|million|billion)?(?(bracket)\))",
    re.IGNORECASE | re.ASCII,
)
_EXPECTED = "Expected an amount in pounds such as 1,234,567, £1.2m, -350,000 or (350,000)."


def read_money(text: str) -> Decimal | None:
    """Read an amount in pounds; None where the cell is empty. Brackets are a minus, as in accounts.

    A lone dash is refused: it may be nothing or not known. Raises ``ValueTextError``.

    >>> read_money("£1.2m"), read_money("(350,000)"), read_money("nil")
    (Decimal('1.2E+6'), Decimal('-350000'), Decimal('0'))
    """
    plain = re.sub("[\u2010-\u2015\u2212]", "-", re.sub(r"[\s\u00a0]+", " ", text)).strip()
    if not plain:
        return None
    if plain.lower() in _NIL:
        return Decimal(0)
    found = _AMOUNT.fullmatch(plain)
    negative = found and [found["bracket"] == "(", found["sign"] == "-", found["later"] == "-"]
    if not found or sum(negative) > 1 or len(found["digits"]) > 20:
        raise ValueTextError(f"cannot read '{text}' as an amount of money. {_EXPECTED}")
    amount = Decimal(found["digits"].replace(",", "")).scaleb(_SCALES[(found["scale"] or "").lower()])
    return -amount if any(negative) and amount else amount


def money_text(amount: Decimal, unit: str = "pounds", decimals: int | None = None, sign: bool = False) -> str:
    """Write an amount in a unit for a table whose heading names the unit: rounded half up, commas, a real minus.

    ``sign`` puts a plus before what is above nothing.

    >>> money_text(Decimal(1234500), "thousands"), money_text(Decimal(-350000), "millions", 2)
    ('1,235', '−0.35')
    """
    power, _, usual = UNITS[unit]
    places = usual if decimals is None else decimals
    rounded = amount.scaleb(-power).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    before = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
    return f"{before}{abs(rounded):,f}"


def money_words(amount: Decimal, unit: str = "pounds", decimals: int | None = None) -> str:
    """Write an amount as a sentence says it.

    >>> money_words(Decimal(1234500), "thousands"), money_words(Decimal(-350000), "millions", 2)
    ('£1,235 thousand', '−£0.35 million')
    """
    shown = money_text(abs(amount), unit, decimals)
    minus = MINUS if amount < 0 and any(digit in "123456789" for digit in shown) else ""
    return f"{minus}£{shown}{_SPOKEN[unit]}"


@dataclass(frozen=True)
class MoneyStyle:
    """How a report shows amounts: its unit and decimals, those that are usual for the unit where none are given."""

    unit: str = "thousands"
    decimals: int | None = None

    def text(self, amount: Decimal, sign: bool = False) -> str:
        return money_text(amount, self.unit, self.decimals, sign)

    def words(self, amount: Decimal) -> str:
        return money_words(amount, self.unit, self.decimals)

    @property
    def label(self) -> str:
        """The unit as headings name it: £000."""
        return UNITS[self.unit][1]

    @property
    def nothing(self) -> Decimal:
        """The smallest amount that is not shown as 0."""
        power, _, usual = UNITS[self.unit]
        places = usual if self.decimals is None else self.decimals
        return Decimal("0.5").scaleb(power - places)


STATUSES = {
    "OVERSPEND": ("Overspend", "AT_RISK"),
    "SLIGHT_OVERSPEND": ("Slight overspend", "SOME_SLIPPAGE"),
    "ON_BUDGET": ("On budget", "ON_COURSE"),
    "UNDERSPEND": ("Underspend", "ON_COURSE"),
    "SHORTFALL": ("Shortfall", "AT_RISK"),
    "SLIGHT_SHORTFALL": ("Slight shortfall", "SOME_SLIPPAGE"),
    "ON_TARGET": ("On target", "ON_COURSE"),
    "ABOVE_TARGET": ("Above target", "ON_COURSE"),
    "BELOW_MINIMUM": ("Below minimum", "AT_RISK"),
    "ABOVE_MINIMUM": ("At least the minimum", "ON_COURSE"),
    "NO_MINIMUM": ("No minimum set", "NO_TARGET"),
    "ABOVE_LIMIT": ("Above limit", "AT_RISK"),
    "WITHIN_LIMIT": ("Within limit", "ON_COURSE"),
    "NO_LIMIT": ("No limit set", "NO_TARGET"),
    "NOT_KNOWN": ("Not known", "NO_VALUE"),
}
"""Each status in words, and the expected outcome whose shape and colour it shares."""

PLAN = {"revenue": "budget", "capital": "budget", "savings": "target", "reserves": "opening"}
"""What the forecast of each part is compared with."""

LIMITS = {"reserves": "minimum", "treasury": "limit"}

_SPENT = ("OVERSPEND", "ON_BUDGET", "UNDERSPEND")
_SAVED = ("SHORTFALL", "ON_TARGET", "ABOVE_TARGET")
_TOTAL = re.compile(r"((net|grand) )?totals?\b.*", re.IGNORECASE)


def is_total(lines: pd.Series) -> pd.Series:
    """Which lines are a stated total: Total, Net total, Total net expenditure …"""
    return lines.map(lambda text: bool(_TOTAL.fullmatch(text))).astype(bool)


def lines_of(part: str, frame: pd.DataFrame, tolerance: Decimal, nothing: Decimal = Decimal(0)) -> pd.DataFrame:
    """A part's lines without a stated total, with variance, share and status added.

    ``variance`` is the forecast less what was planned (of reserves: the movement), None where either is missing;
    ``share`` its share of the plan. An amount smaller than ``nothing`` is shown as 0, and counts as such.
    """
    own = frame if part == "treasury" else frame[~is_total(frame["line"])]
    return _scored(part, own.reset_index(drop=True), tolerance, nothing)


def total_of(part: str, lines: pd.DataFrame, tolerance: Decimal, nothing: Decimal = Decimal(0)):
    """The lines' total as one more row, a named tuple; an amount that some line lacks is missing in it."""
    amounts = [column for column in lines if column in AMOUNTS]
    sums = {column: [summed(lines[column])] for column in amounts}
    row = pd.DataFrame({"line": ["Total"], **sums}, dtype=object)
    return next(_scored(part, row, tolerance, nothing).itertuples(index=False))


AMOUNTS = ("budget", "actual", "target", "delivered", "opening", "forecast")
"""Amounts that add up over lines; minimums, limits and treasury's balances do not."""


def summed(amounts) -> Decimal | None:
    """The sum, or None where an amount is missing."""
    known = list(amounts)
    return None if any(amount is None for amount in known) else sum(known, Decimal(0))


def status(part: str, plan, forecast, limit, tolerance: Decimal, nothing: Decimal = Decimal(0)) -> str:
    """The status of one line; ``tolerance`` is the share of the plan that still counts as slight.

    >>> status("revenue", Decimal(1000), Decimal(1005), None, Decimal("0.01"))
    'SLIGHT_OVERSPEND'
    """
    if part in LIMITS:
        return _against_limit(part, forecast, limit)
    if plan is None or forecast is None:
        return "NOT_KNOWN"
    adverse = plan - forecast if part == "savings" else forecast - plan
    bad, even, good = _SAVED if part == "savings" else _SPENT
    if abs(adverse) < nothing or not adverse:
        return even
    if adverse < 0:
        return good
    return f"SLIGHT_{bad}" if adverse <= tolerance * abs(plan) else bad


def _against_limit(part, amount, limit):
    if amount is None:
        return "NOT_KNOWN"
    if part == "reserves":
        return "NO_MINIMUM" if limit is None else "BELOW_MINIMUM" if amount < limit else "ABOVE_MINIMUM"
    return "NO_LIMIT" if limit is None else "ABOVE_LIMIT" if amount > limit else "WITHIN_LIMIT"


def _scored(part, lines, tolerance, nothing):
    nobody = [None] * len(lines)
    plan = list(lines[PLAN[part]]) if part in PLAN else nobody
    forecast = list(lines["balance" if part == "treasury" else "forecast"])
    limits = list(lines.get(LIMITS.get(part), nobody))
    variance = [None if None in pair else pair[1] - pair[0] for pair in zip(plan, forecast, strict=True)]
    pairs = zip(variance, plan, strict=True)
    rows = zip(plan, forecast, limits, strict=True)
    added = {
        "variance": variance,
        "share": [gap / abs(base) if gap is not None and base else None for gap, base in pairs],
        "status": [status(part, *each, tolerance, nothing) for each in rows],
    }
    return lines.assign(**{name: pd.Series(values, lines.index, dtype=object) for name, values in added.items()})
