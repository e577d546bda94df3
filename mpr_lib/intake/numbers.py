"""Numbers in spreadsheets: the text that a cell's format shows, which is the figure that its officer read and sent."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

_DIGITS = Context(prec=15)
"""A spreadsheet keeps fifteen digits; what comes after them is an artefact of storing decimals as halves of halves."""
_EXACT = Context(prec=400)
_SIMPLE = re.compile(r"(?P<money>[£€$]?)\s*(?P<comma>#,##|#?)0(?P<decimals>\.0+)?\s*(?P<percent>%?)")


def stored_text(number) -> str:
    """A number as short as it is exact, to the fifteen digits that a spreadsheet keeps.

    >>> stored_text(0.1 + 0.2), stored_text(1544.0), stored_text(1e20)
    ('0.3', '1544', '100000000000000000000')
    """
    plain = _rounded(number)
    return f"{plain:f}" if plain.is_finite() else str(plain)


def shown_text(number, code: str) -> str:
    """A number as a cell with this number format shows it; as stored where the format is none of the usual ones.

    A percentage is never without its sign. The negative and zero sections of a format are left out of account.

    >>> shown_text(0.8333, "0.0%"), shown_text(1544, "#,##0"), shown_text(-5, '"£"#,##0.00'), shown_text(3.5, "General")
    ('83.3%', '1,544', '-£5.00', '3.5')
    """
    exact = _rounded(number)
    if not exact.is_finite():
        return str(exact)
    money, grouped, places, percent = _read_format(code)
    exact = exact * 100 if percent else exact
    if places is None:
        return stored_text(exact) + percent
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
    digits = f"{abs(rounded):,f}" if grouped else f"{abs(rounded):f}"
    return ("-" if rounded < 0 else "") + money + digits + percent


def rounded_away(shown: str, number) -> str:
    """What a cell holds beyond the digits that it shows, as text; empty where it shows all of them.

    >>> rounded_away("83%", 0.834), rounded_away("83%", 0.83), rounded_away("1,544", 1544.0)
    ('83.4%', '', '')
    """
    sign = "%" if shown.endswith("%") else ""
    exact = _rounded(number) * (100 if sign else 1)
    try:
        same = Decimal(re.sub(r"[^\d.-]", "", shown)) == exact
    except InvalidOperation:
        return ""
    return "" if same else stored_text(exact) + sign


def _rounded(number) -> Decimal:
    """A number to fifteen digits, without zeros at its end."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    if not exact.is_finite():
        return exact
    plain = _DIGITS.plus(exact).normalize()
    return plain if plain else Decimal(0)


@lru_cache(maxsize=1000)
def _read_format(code: str) -> tuple[str, bool, int | None, str]:
    """A number format as money sign, commas, decimals (None where it is none of the usual ones), percent sign."""
    first = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[0]
    plain = re.sub(r"\[\$([^\]-]*)[^\]]*\]", r"\1", first)
    plain = re.sub(r'\[[^\]]*\]|_.|\*.|\\(?=.)|"', "", plain).strip()
    found = _SIMPLE.fullmatch(plain)
    if not found:
        return "", False, None, "%" if "%" in plain else ""
    return found["money"], found["comma"] == "#,##", len(found["decimals"] or ".") - 1, found["percent"]
