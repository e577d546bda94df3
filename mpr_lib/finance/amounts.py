"""Amounts: money read as accountants write it, and written as readers expect it. Decimals, in pounds."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mpr_lib.errors import ValueTextError

UNITS = {"pounds": (0, "£", 0, ""), "thousands": (3, "£000", 0, " thousand"), "millions": (6, "£m", 1, " million")}
"""For each unit: its power of ten, how headings name it, the decimals it is shown with, and how a sentence says it."""

MINUS = "\N{MINUS SIGN}"
_SCALES = {"": 0, "k": 3, "m": 6, "bn": 9, "thousand": 3, "million": 6, "billion": 9}
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
    if plain.lower() in ("nil", "£nil"):
        return Decimal(0)
    found = _AMOUNT.fullmatch(plain)
    negative = found and [found["bracket"] == "(", found["sign"] == "-", found["later"] == "-"]
    if not found or sum(negative) > 1 or len(found["digits"]) > 20:
        raise ValueTextError(f"cannot read '{text}' as an amount of money. {_EXPECTED}")
    amount = Decimal(found["digits"].replace(",", "")).scaleb(_SCALES[(found["scale"] or "").lower()])
    return -amount if any(negative) and amount else amount


@dataclass(frozen=True)
class MoneyStyle:
    """How amounts are shown: in a unit, and with the decimals that are usual for it where none are given.

    It is for showing alone: what an amount means, its status say, must not hang on it.
    """

    unit: str = "thousands"
    decimals: int | None = None

    def text(self, amount: Decimal, sign: bool = False) -> str:
        """Write an amount for a table whose heading names the unit: rounded half up, commas, a real minus.

        ``sign`` puts a plus before what is above nothing.

        >>> MoneyStyle("thousands").text(Decimal(1234500)), MoneyStyle("millions", 2).text(Decimal(-350000))
        ('1,235', '−0.35')
        """
        power, _, usual, _ = UNITS[self.unit]
        places = usual if self.decimals is None else self.decimals
        rounded = amount.scaleb(-power).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        before = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
        return f"{before}{abs(rounded):,f}"

    def words(self, amount: Decimal) -> str:
        """Write an amount as a sentence says it, in a smaller unit where it would be nothing in its own.

        >>> MoneyStyle("thousands").words(Decimal(1234500)), MoneyStyle("millions", 2).words(Decimal(-350000))
        ('£1,235 thousand', '−£0.35 million')
        >>> MoneyStyle("millions").words(Decimal(45000))
        '£45 thousand'
        """
        smaller = {"millions": "thousands", "thousands": "pounds"}.get(self.unit)
        if amount and smaller and not self.shows(amount):
            return MoneyStyle(smaller).words(amount)
        return f"{MINUS if amount < 0 and self.shows(amount) else ''}£{self.text(abs(amount))}{UNITS[self.unit][3]}"

    def shows(self, amount: Decimal) -> bool:
        """Whether an amount is shown as other than 0."""
        return any(digit in "123456789" for digit in self.text(amount))

    @property
    def label(self) -> str:
        """The unit as headings name it: £000."""
        return UNITS[self.unit][1]
