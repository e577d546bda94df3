"""Number formats: what a cell shows of its number or text, as a spreadsheet saves it in a CSV file.

A format has sections, for positive, negative, nought and text or under conditions; a section is made of tokens. What
spreadsheets show in different ways, or by the width of a column, is refused rather than guessed.
"""

import operator
import re
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from mpr_lib.errors import ValueTextError
from mpr_lib.files import packaged
from mpr_lib.rules.figures import decimal
from mpr_lib.rules.values import ValueRead, format_number, read_value

BUILT_IN: dict[int, str] = packaged("intake/built_in_formats.yml")
"""The formats that every Excel knows by their numbers, as it shows them in Britain; of a date's, what it shows."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]{0,255})"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]{0,255})\]|_(?P<space>.)|\*(?P<fill>.)|(?P<end>;)'
    r"|(?P<general>general)|(?P<percent>%)|(?P<text>@)|(?P<dated>[ymdhs])"
    r"|(?P<number>(?P<whole>[#?](?:,?[#?])*(?:,?0)*|0(?:,?0)*)(?:\.(?P<places>0*[#?]*))?(?P<scale>,*))"
    r"|(?P<plain>[^\w\"\\\[\]/:.,]|[^\x00-\x7f])|(?P<odd>.)",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color ?\d+", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=) *(-?\d+(?:\.\d+)?)", re.ASCII)
_MONEY = re.compile(r"\$(?P<money>[^-]*)(?:-(?:(?P<place>[0-9a-f]{1,8})|(?P<tag>[a-z]{2}-[-a-z0-9]+)))?", re.IGNORECASE)
_SIGNS = ("$", "£", "€", "¥")
_MEETS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne}
_WITH_A_POINT = (0x09, 0x52)
"""Languages, as Windows counts them, that write a decimal point: English and Welsh."""


def format_code(code: str) -> str:
    """The code of a number format; empty for General and text, which show what a cell holds."""
    return "" if code.lower() in ("general", "@") else code


def shown_text(value, code: str) -> str:
    """What a cell with this number format shows of a number or a text. A code is never empty.

    Raises ``ValueTextError`` where that cannot be told for certain.

    >>> shown_text(0.834, "0.0%"), shown_text(83, '0"%"'), shown_text(-5, '"£"#,##0.00'), shown_text(0, '0;-0;"-"')
    ('83.4%', '83%', '-£5.00', '-')
    >>> shown_text(1234000, "#,##0,"), shown_text(5, ";;;"), shown_text("5", '0;0;0;@" days"')
    ('1,234', '', '5 days')
    """
    numbers, text = _sections(code)
    if isinstance(value, str):
        section, held, signed = text, value, False
        if text is None:
            return value
    else:
        held = _exact(value)
        section, signed = _chosen(numbers, held) if held.is_finite() else (None, False)
    # One section that is none makes all of a format unclear.
    found = section.show(held, signed) if section and all(each.clear for each in numbers) else None
    if found is None:
        raise _unreadable(value, code)
    return found


@lru_cache(10_000)
def beyond(shown: ValueRead, value: float, code: str) -> str:
    """The number that a cell with this format holds, where it is another than the figure that it shows; else empty.

    It is on the scale of the format: with % where that multiplies by a hundred.

    Raises ``ValueTextError`` where the two contradict each other: a sign that only a colour shows, a decimal comma.

    >>> beyond(read_value("83%"), 0.834, "0%"), beyond(read_value("12K"), 12, "0"), beyond(read_value("5"), 5.0, "")
    ('83.4%', '12', '')
    """
    percent = any(section.percent for section in _sections(code)[0])
    held = stored_text(_exact(value) * 100) + "%" if percent else stored_text(value)
    holds = read_value(held)
    if shown.number == holds.number:
        return ""
    if shown.number is not None:
        comma = "," in shown.text and abs(holds.number) < 999.5 < abs(shown.number)
        if shown.number * holds.number < 0 or comma or (holds.unit == "%") > (shown.unit == "%"):
            raise ValueTextError(f"holds {held} and shows '{shown.text}', which contradict each other. {_EXPECTED}")
    return held


_DIGITS = re.compile(r"\d[\d,]*(?:\.(\d+))?")


def unrounded(shown: ValueRead, held: str, decimals: int) -> str:
    """A figure's text with the digits that its cell holds, half up to these decimals, where it shows fewer of them.

    The text as it is where it shows as many, or where the cell holds something else than what was rounded. ``held`` is
    what ``beyond`` says.

    >>> unrounded(read_value("78%"), "77.63%", 1), unrounded(read_value("£1.6m"), "1624000", 0)
    ('77.6%', '£1.624m')
    >>> unrounded(read_value("78%"), "77.63%", 0), unrounded(read_value("12K"), "12", 0)
    ('78%', '12K')
    """
    found, exact = _DIGITS.search(shown.text), read_value(held).number
    if shown.number is None or not found or exact is None:
        return shown.text
    size, digits, step = abs(decimal(shown.number)), Decimal(found[0].replace(",", "")), Decimal(1).scaleb(-decimals)
    times = size / digits if digits else Decimal(1)
    last = Decimal(1).scaleb(-len(found[1] or "")) * times
    kept = abs(decimal(exact)).quantize(step, ROUND_HALF_UP, Context(prec=1000))
    if last <= step or kept == size or abs(abs(decimal(exact)) - size) > last / 2:
        return shown.text
    return shown.text.replace(found[0], format_number(float(kept / times), decimals if times == 1 else None), 1)


@lru_cache(10_000)
def stored_text(number) -> str:
    """A number as short as it is exact, to the fifteen digits that a spreadsheet keeps.

    >>> stored_text(0.1 + 0.2), stored_text(1544.0), stored_text(1e20)
    ('0.3', '1544', '100000000000000000000')
    """
    return f"{_exact(number):f}"


def date_text(day: date, code: str) -> str:
    """A date as ISO; as 18-Apr, Apr or 2018 where its format shows no more, so that nobody saw the rest.

    Raises ``ValueTextError`` for a format that is none of a date.

    >>> [date_text(date(2018, 4, 18), code) for code in ("d-mmm", "mmmm", "yyyy", "mmm-yy")]
    ['18-Apr', 'Apr', '2018', '2018-04-18']
    """
    letters = dated(code)
    if code and not letters:
        raise _unreadable(day, code)
    if re.fullmatch("y+", letters):
        return str(day.year)
    if "y" in letters or not re.search("mmm|(?<!d)dd?(?!d)", letters):
        return str(day)
    return f"{day:%d-%b}".lstrip("0") if re.search("(?<!d)dd?(?!d)", letters) else f"{day:%b}"


@lru_cache(1000)
def dated(code: str) -> str:
    """The letters of a format that stand for parts of dates and times; empty for the format of a number.

    >>> dated("dd/mm/yyyy"), dated('0 "days"'), dated("[h]:mm")
    ('ddmmyyyy', '', 'hmm')
    """
    tokens = list(_TOKEN.finditer(code))
    elapsed = [token["bracket"] for token in tokens if re.fullmatch("h+|m+|s+", token["bracket"] or "", re.IGNORECASE)]
    return "".join(elapsed + [token["dated"] for token in tokens if token["dated"]]).lower()


_EXPECTED = "Expected a format such as 0.00, #,##0 or 0%: change it, look at the figure and import the file again."


def _unreadable(value, code):
    held = f"'{value}'" if isinstance(value, str) else value if isinstance(value, date) else stored_text(value)
    return ValueTextError(f"holds {held} in the format {code}, and what that shows cannot be told here. {_EXPECTED}")


def _exact(number) -> Decimal:
    """A number to fifteen digits, without zeros at its end.

    A spreadsheet keeps no more; what comes after them is an artefact of storing decimals as halves of halves.
    """
    return Decimal(f"{number:.15g}").normalize() + 0


class _Section:
    """A part of a format: its condition, its tokens in order with literals as text, and whether all of it is clear."""

    def __init__(self, tokens, of_nought):
        self.pieces, self.condition, self.coloured = [], None, False
        kinds = [token.lastgroup for token in tokens]
        self.percent, self.text = kinds.count("percent"), kinds.count("text")
        self.figures = self.text + kinds.count("number") + kinds.count("general")
        once = self.figures, self.percent, kinds.count("fill")
        self.clear = max(once) < 2 and not {"odd", "dated"} & {*kinds}
        money = any((token["plain"] or "") in _SIGNS or (token["bracket"] or "").startswith("$") for token in tokens)
        for token in tokens:
            kind = token.lastgroup
            if kind == "bracket":
                self._read_bracket(token[kind])
            elif kind in ("space", "fill"):
                # How often a fill is repeated depends on the width of the column; only with spaces it does not matter.
                self.clear &= kind == "space" or token[kind] == " "
                self.pieces.append(" " if kind == "space" else "")
            else:
                self.pieces.append(token if kind in ("number", "general", "text") else token[kind])
        # LibreOffice loses one of two signs, and adds a number to one that has none.
        alone = not self.figures and not (of_nought and money)
        self.clear &= bool(self.percent) + money + alone < 2

    def _read_bracket(self, inside):
        # Of colours and conditions, only those before all else are read in the same way.
        self.clear &= inside.startswith("$") or not self.pieces
        if condition := _CONDITION.fullmatch(inside):
            self.condition = _MEETS[condition[1]], Decimal(condition[2])
        elif money := _MONEY.fullmatch(inside):
            # A place without money may bring a decimal comma or digits of its own.
            place, tag = int(money["place"] or "809", 16), money["tag"] or "en"
            english = place < 0x10000 and place % 0x400 in _WITH_A_POINT and tag[:2].lower() in ("en", "cy")
            self.clear &= bool(money["money"]) or english
            self.pieces.append(money["money"])
        else:
            self.clear &= bool(_COLOUR.fullmatch(inside)) and not self.coloured
            self.coloured = True

    def show(self, value, signed: bool) -> str | None:
        """What it shows of a text or a number, whose sign stands before everything; None where that is not clear."""
        texts = [piece if isinstance(piece, str) else self._figure(piece, value) for piece in self.pieces]
        if not self.clear or None in texts or (signed and value < 0 and not self.figures):
            return None
        figure = "".join(text for piece, text in zip(self.pieces, texts, strict=True) if not isinstance(piece, str))
        return ("-" if signed and not re.fullmatch("[0., ]*", figure) else "") + "".join(texts)

    def _figure(self, token, value):
        if isinstance(value, str) or token["text"]:
            return value if isinstance(value, str) and token["text"] else None
        number = abs(value).scaleb(2 * self.percent)
        return f"{number.normalize():f}" if token["general"] else _digits(token, number)


def _digits(token, number) -> str:
    """A number in the digits of a format: 0 is always shown, # and ? where there is something to show."""
    before, after = token["whole"].replace(",", ""), token["places"] or ""
    number = number.scaleb(-3 * len(token["scale"]))
    rounded = number.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP, Context(prec=1000))
    whole, _, rest = f"{rounded:f}".partition(".")
    digits = whole.lstrip("0").zfill(len(before.lstrip("#?")))
    if "," in token["whole"]:
        digits = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", digits)
    kept = len(after.rstrip("#?"))
    decimals = rest[:kept] + rest[kept:].rstrip("0")
    decimals += " " * (len(after) - len(decimals)) * after.endswith("?")
    point = "." if decimals else ""
    return " " * (before.count("?") - len(digits)) + digits + point + decimals


@lru_cache(1000)
def _sections(code: str) -> tuple[list[_Section], _Section | None]:
    """The sections for numbers and the one for texts, if there is one."""
    parts: list[list] = [[]]
    for token in _TOKEN.finditer(code):
        if token["end"]:
            parts.append([])
        else:
            parts[-1].append(token)
    sections = [_Section(tokens, number > 1) for number, tokens in enumerate(parts)]
    if len(sections) < 4 and not sections[-1].text:
        return sections, None
    return sections[:-1] or _sections("General")[0], sections[-1]


def _chosen(sections, number) -> tuple[_Section | None, bool]:
    """The section that shows a number, None where that is not clear, and whether a negative one keeps its sign."""
    first, *others = sections
    if len(sections) > 3:
        return None, False
    conditions = [section.condition for section in sections if section.condition]
    if conditions:
        # Spreadsheets differ in the sign of a negative number, in whether 0 is [>0], and in what meets no condition.
        differ = number < 0 or (number == 0 and (operator.gt, 0) in conditions) or len(sections) > len(conditions) + 1
        met = (each for each in sections if each.condition and each.condition[0](number, each.condition[1]))
        rest = sections[-1] if len(sections) > len(conditions) and not sections[-1].condition else None
        return (None if differ else next(met, rest)), False
    if number < 0:
        return (others or [first])[0], not others
    return (others[1] if number == 0 and len(others) > 1 else first), False
