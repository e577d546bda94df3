"""Claims: what a file says of itself beside its figures, and where that contradicts the workspace or leaves a doubt."""

import re
from collections import defaultdict
from decimal import Decimal
from functools import lru_cache

from mpr_lib.errors import ValueTextError
from mpr_lib.intake.headings import PHRASES, Layout, Mapping, plain, says, unit_in
from mpr_lib.intake.spreadsheet import column_letters
from mpr_lib.rules.comparing import decimals_of, follows_from_parts, made_of_parts
from mpr_lib.rules.values import ValueRead, computed_figure, format_number, read_target, read_value, units_agree

_SCALES = PHRASES["scales"]
PARTS = ("numerator", "denominator")


@lru_cache(1000)
def scale_of(text: str) -> str:
    """What a unit, a heading or a title says that its figures are counted in: thousand, million, billion or nothing.

    >>> [scale_of(text) for text in ("£000s", "Value (£m)", "in thousands", "per 1,000", "per thousand")]
    ['thousand', 'million', 'thousand', '', '']
    """
    lower = text.lower()
    if re.search(r"\bper\b", lower):
        return ""
    return next((scale for scale, about in _SCALES.items() if re.search("|".join(about["said"]), lower)), "")


_COUNTS, _ANY = frozenset(PHRASES["counts"]), frozenset(PHRASES["any_unit"])


@lru_cache(10_000)
def contradicts(said: str, unit: str) -> bool:
    """Whether the unit that a file says is another than the indicator's, however each is written.

    >>> contradicts("Percentage", "%"), contradicts("Number", "%"), contradicts("No. of days", "days")
    (False, True, False)
    """
    one, other = _kind(said), _kind(unit)
    if one == "£" == other and scale_of(unit):
        return not scale_of(said)
    if not said or one == other or {plain(said), plain(unit)} & _ANY:
        return False
    if "%" in (one, other):
        return True
    if "£" in (one, other):
        return one == "£" or one not in _COUNTS
    if one in _COUNTS or other in _COUNTS:
        return False
    return not {word.rstrip("s") for word in one.split()} & {word.rstrip("s") for word in other.split()}


@lru_cache(10_000)
def _kind(unit):
    lower = unit.lower()
    return "%" if says("percent", lower) else "£" if says("money", lower) else plain(unit)


@lru_cache(10_000)
def doubt(
    text: str, read: ValueRead, unit: str, whole: bool, noted: bool, semicolons: bool, held: str = ""
) -> tuple[str, str]:
    """Why a figure cannot be taken, and what is said of one that can; empty texts where it is in no doubt.

    The first of phrases.yml's doubts that fits. ``whole``: whether its indicator has no decimals; ``noted``: whether a
    note stands beside it; ``semicolons``: whether its file has them between cells, as where a comma stands before
    decimals; ``held``: what its cell holds where that is more than it shows.
    """
    if read.number is None:
        return "", ""
    count, number = _kind(unit) in _COUNTS, format_number(read.number)
    whole_of = abs(read_value(held).number or 0)
    holds = {
        "count": count, "money": "£" in text + unit, "semicolons": semicolons, "noted": noted,
        "cut": count and whole and read.number % 1 != 0, "agrees": units_agree(read.unit, unit),
        "thousandth": whole_of >= max(1, 500 * abs(read.number)) and not scale_of(unit),
        "share": unit == "%" and not read.unit and 1 < abs(read.number) < 2,
    }  # fmt: skip
    filled = {"text": text, "held": held, "unit": unit or "no unit", "beside": read.unit, "number": number}
    filled |= {"plain": number.replace(",", ""), "joined": text.replace(".", "")}
    filled["hundredfold"] = format_number(read.number * 100)
    for each in PHRASES["doubts"]:
        if re.search(each.get("text", ""), text) and all(holds[name] == value for name, value in each["if"].items()):
            return each.get("refused", "").format(**filled), each.get("said", "").format(**filled)
    return "", ""


class Claims:
    """What one sheet says of its figures, gathered while they are read."""

    def __init__(self, layout: Layout, mapping: Mapping, indicators):
        self.sheet, self.layout, self.mapping, self.indicators = layout.sheet, layout, mapping, indicators
        self.headings, self.about = layout.headings, indicators.about
        self.of_name = {plain(about["short_name"]): code for code, about in self.about.items()}
        short = (text for text in layout.titles.values() if len(text) < 80)
        self.title = next((text for text in short if says("scale_in_title", text.lower()) and scale_of(text)), "")
        self.found: dict[str, dict[str, str]] = defaultdict(dict)

    def scaled(self, row: int, column: int, code: str, text: str) -> tuple[str, str]:
        """The text of a figure in full, and what was done to it; the text itself where nothing says thousands.

        Raises ``ValueTextError`` where a unit, a heading or a title says so, data/imports.yml does not, and the
        indicator's own unit does not either.
        """
        unit = self.about[code]["unit"]
        heading = self.headings.get(column, "")
        beside = self.sheet.seen(row, self.layout.beside("unit"))
        of_title = self.title if _kind(unit) == "£" or _kind(unit) in _COUNTS else ""
        if of_title and "£" in of_title and _kind(unit) in _COUNTS:
            self.tell(f"'{self.title}' is not applied to what is no money in data/indicators.csv:", code)
            of_title = ""
        said = next((text for text in (beside, heading, of_title) if scale_of(text)), "")
        if not said or scale_of(unit) == scale_of(said) or "%" in text or not re.search(r"\d", text):
            return text, ""
        own = next((scale for key, scale in self.mapping.own.scales.items() if plain(key) in plain(said)), "")
        if not own or (_kind(unit) == "%" and own != "one"):
            raise ValueTextError(
                f"'{text}' stands under '{said}', and {code} is in {unit or 'no unit'}. Expected figures in full; or "
                "say what they are multiplied by: add the unit to data/imports.yml under scales, such as £000s: "
                "thousand."
            )
        if own == "one":
            return text, ""
        full = re.sub(
            r"\d[\d,]*(?:\.\d+)?(?!.*\d)",
            lambda digits: format_number(float(Decimal(digits[0].replace(",", "")) * _SCALES[own]["times"])),
            text,
        )
        return full, f"'{text}' is in {said}."

    def note(self, row: int, column: int, code: str, month, read: ValueRead) -> None:
        """Compare what stands beside a figure with it and with the workspace."""
        about, heading = self.about[code], self.headings.get(column, "")
        said = defaultdict(
            str, {role: self.sheet.seen(row, self.layout.beside(role, column)) for role in self.layout.compared}
        )
        unit, name, target = said["unit"], said["short_name"], said["target"]
        if not unit and contradicts(unit_in(heading), about["unit"]):
            self.tell(f"'{heading}' contradicts data/indicators.csv for", code, about["unit"] or "no unit")
        if contradicts(re.sub(r"\(.*", "", unit), about["unit"]):
            self._tell_column("unit", column, "data/indicators.csv", code, unit, f"'{about['unit'] or 'none'}'")
        if name and self._is_other_name(name, code, about["short_name"]):
            self._tell_column("short_name", column, "data/indicators.csv", code, name, f"'{about['short_name']}'")
        # One target beside months across is that of the newest.
        of_month = column >= max(self.layout.periods, default=column)
        if target and of_month and (known := self._other_target(target, code, month)):
            self._tell_column("target", column, "the workspace's targets", code, target, known)
        self._note_parts(said["numerator"], said["denominator"], code, read, about["unit"])
        self._note_heading(heading, code, about)

    def _tell_column(self, role, beside, whose, code, said, known):
        column = self.layout.beside(role, beside)
        about = f"column {column_letters(column)} ({self.headings.get(column, '')}) contradicts {whose} for"
        self.tell(about, code, f"'{said}', and there {known}")

    def tell(self, what: str, code: str, said: str = "") -> None:
        """Keep what is to be said of an indicator, with the others of which the same is."""
        self.found[what][code] = f"{code} ({said})" if said else code

    def _is_other_name(self, name, code, own):
        words, known = ({word for word in plain(text).split() if len(word) > 3} for text in (name, own))
        other = self.of_name.get(plain(name), code)
        return other != code or (bool(words and known) and not words & known and plain(name) not in plain(own))

    def _other_target(self, text, code, month) -> str:
        """The workspace's targets, where a file says none of them; empty where either says none."""
        known = self.indicators.targets.get((code, month), [])
        try:
            said = read_target(text)
        except ValueTextError:
            return ""
        if not known or not said or any(said[:2] == ends for ends in known):
            return ""
        shown = dict.fromkeys(" - ".join(dict.fromkeys(map(format_number, ends))) for ends in known)
        return " or ".join(shown)

    def _note_parts(self, numerator, denominator, code, read, unit):
        try:
            top, bottom = read_value(numerator).number, read_value(denominator).number
        except ValueTextError:
            return
        if None in (top, bottom) or len(self.layout.periods) > 1:
            return
        if not follows_from_parts(read.number, top, bottom, unit, decimals_of(read.text)):
            number = made_of_parts(top, bottom, unit)
            made = "nothing" if number is None else format_number(float(number), 1)
            said = f"they make {made}, and its figure is {read.text}"
            self.tell("numerator and denominator contradict the figure for", code, said)

    def made(self, row: int, code: str, over: re.Match | None) -> tuple[ValueRead | None, tuple[str, str]]:
        """The figure that numerator and denominator make, and these; none where no numerator is there.

        They are a row's, or those of a text such as 83/112 (``over``). A denominator alone is a population that was
        filled in beforehand. Raises ``ValueTextError`` where they make none.
        """
        about, columns = self.about[code], [self.layout.beside(role) for role in PARTS]
        top, bottom = over.groups() if over else (self.sheet.text(row, column) for column in columns)
        if not over and (self.layout.periods or None in columns or not top):
            return None, (top, bottom)
        if not bottom:
            raise ValueTextError(f"'{top}' is a numerator without a denominator. Expected both.")
        numbers = [float("nan") if (read := read_value(text)).number is None else read.number for text in (top, bottom)]
        number = made_of_parts(*numbers, about["unit"])
        decimals = float("nan") if about["decimals"] == "" else about["decimals"]
        figure = None if number is None else computed_figure(number, decimals, about["unit"])
        if figure is None:
            raise ValueTextError(f"'{top}' of '{bottom}' make no figure. Expected two numbers, and the second not 0.")
        return figure, (top, bottom)

    def _note_heading(self, heading, code, about):
        words, adds = plain(heading), str(about["accumulate"]).lower() == "true"
        if about["basis"] == "CUMULATIVE" and not adds and "value" not in words and says("of_month", words):
            self.tell(f"'{heading}' may be the month's own figures, and these are cumulative:", code)
        if (adds or about["basis"] in ("SNAPSHOT", "ROLLING_QUARTER")) and says("to_date", words):
            asked = "these are added up from the months' own" if adds else "the month's are asked for"
            self.tell(f"'{heading}' may be figures to date, and {asked}:", code)

    def remarks(self) -> list[str]:
        """A line for each contradiction, with the first of its indicators."""
        found = []
        for what, codes in self.found.items():
            more = f" and {len(codes) - 3} more" if len(codes) > 3 else ""
            found.append(f"{self.sheet}: {what} {', '.join(list(codes.values())[:3])}{more}.")
        return found
