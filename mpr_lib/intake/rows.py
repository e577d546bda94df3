"""Rows: the figures of one sheet, row by row, each with its indicator and its month, or why there is none."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from mpr_lib.errors import InputError, MonthTextError, MprError, ValueTextError
from mpr_lib.intake.cells import Sheet, as_text, rounded_away
from mpr_lib.intake.headings import Layout, Mapping
from mpr_lib.intake.periods import Due, Span, period_label, read_span
from mpr_lib.rules.months import FinancialYears, month_label
from mpr_lib.rules.values import ValueRead, read_value


class Codes:
    """The workspace's codes by what officers vary when they write them: capitals, spaces and dashes."""

    def __init__(self, known, others: dict[str, list[str]] | None = None):
        self.known = list(dict.fromkeys(known))
        self._found = defaultdict(set)
        for code in self.known:
            self._found[_plain(code)].add(code)
        for code, spellings in (others or {}).items():
            if code not in self.known:
                raise InputError(f"data/imports.yml has the code '{code}', which is not in data/indicators.csv.")
            for spelling in spellings:
                self._found[_plain(spelling)].add(code)

    def match(self, text: str) -> str:
        """The one code that a text names. Raises ``ValueTextError`` where there is none, or more than one.

        >>> Codes(["CP 3.1", "CP 3.10"]).match("cp3.10")
        'CP 3.10'
        """
        if text in self.known:
            return text
        found = sorted(self._found.get(_plain(text), ()))
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueTextError(f"'{text}' may be {' or '.join(found)}. Expected the code exactly as it is listed.")
        near = difflib.get_close_matches(text, self.known, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise ValueTextError(f"'{text}' is not a known code. Expected one of data/indicators.csv.{hint}")

    def match_cell(self, sheet: Sheet, row: int, column: int) -> str:
        """The code in a cell. A number is one only where it is whole and can be no other: 3.1 may have been 3.10."""
        text = sheet.text(row, column)
        if not sheet.is_number(row, column):
            return self.match(text)
        value = sheet.value(row, column)
        same = [code for code in self.known if _number(code) == float(value)]
        if len(same) == 1 and same[0] == f"{value:.0f}":
            return same[0]
        meant = f": it may be {' or '.join(same)}" if len(same) > 1 else ""
        raise ValueTextError(
            f"holds the number {text} where a code is expected{meant}. A number loses zeros: 3.10 becomes 3.1. "
            "Format the column as text and type the code again."
        )


def _plain(code) -> str:
    """A code without spaces, capitals and kinds of dashes; every digit and point stays."""
    return re.sub(r"\s+", "", re.sub("[\u2010-\u2015\u2212]", "-", str(code))).casefold()


def _number(code) -> float | None:
    """The last number in a code, as a spreadsheet would have kept it."""
    found = re.search(r"\d+(?:\.\d+)?$", code)
    return float(found[0]) if found else None


_UNKEEPABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it was understood. ``read`` is what its text says, ``remark`` what to know about it."""

    indicator_code: str
    month: pd.Period
    text: str
    note: str
    where: str
    read: ValueRead
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """A row or cell that gives no figure. ``refused`` ones keep everything from being written."""

    where: str
    reason: str
    refused: bool
    indicator_code: str = ""
    month: pd.Period | None = None
    found: str = ""


def judged(figure: Figure, unit: str, received: pd.Period) -> Figure | Passed:
    """The figure, or why this return cannot take it: nothing said, a later month, what may be a share of 1."""
    code, month, read = figure.indicator_code, figure.month, figure.read
    reason, refused = "", True
    if not figure.text and not figure.note:
        reason, refused = "has no figure.", False
    elif month > received:
        refused = read.number is not None
        reason = (
            f"is for {month_label(month)}, after the return's month. Expected a month up to {month_label(received)}."
        )
    elif unit == "%" and not read.unit and read.number and abs(read.number) <= 1:
        share = re.sub(r"(?i)proxy", "", figure.text).strip()
        reason = (
            f"'{figure.text}' is for a percentage and may be a share of 1. Expected '{share}%', or "
            "the hundredfold with % if that is meant."
        )
    return Passed(figure.where, reason, refused, code, month, figure.text) if reason else figure


def check_characters(text: str) -> str:
    """The text, if a text file can keep it. Raises ``ValueTextError`` for control characters and the like."""
    found = _UNKEEPABLE.search(text)
    if found:
        raise ValueTextError(f"holds a character that cannot be kept (U+{ord(found[0]):04X}). Type the text again.")
    return text


class Longer(NamedTuple):
    """A figure for more than a month."""

    code: str
    span: Span
    text: str
    where: str


def passed_over(longer: Longer, months: set, years: FinancialYears) -> Passed:
    """A figure for a longer period than the indicator's: left out beside its last month, refused where it is alone.

    ``months`` holds the indicators and months that the same sheet has figures for.
    """
    label, last = period_label(longer.span, years), month_label(longer.span.last)
    if not longer.text or (longer.code, longer.span.last) in months:
        reason = f"is for {label}, which is worked out from its months."
        return Passed(longer.where, reason, False, longer.code, None, longer.text)
    reason = (
        f"is for {label}, and {longer.code} is not returned for such a period. Expected the figure for {last}; to "
        "pass over a column, add its heading under ignored in data/imports.yml."
    )
    return Passed(longer.where, reason, True, longer.code, None, longer.text)


class Indicators(NamedTuple):
    """What reading needs of the workspace: its codes, the unit of each, when each is due, the year's first month."""

    codes: Codes
    units: dict[str, str]
    due: dict[str, Due]
    years: FinancialYears


class SheetReader:
    """Reads the figures of one sheet for one return."""

    def __init__(self, sheet: Sheet, layout: Layout, mapping: Mapping, indicators: Indicators, received: pd.Period):
        self.sheet, self.layout, self.mapping = sheet, layout, mapping
        self.indicators, self.received = indicators, received
        self.columns = layout.columns
        self.figure_columns = list(layout.periods) or [self.columns["value"]]
        self._codes, self._spans, self._values = {}, {}, {}

    def read(self) -> Iterator[Figure | Passed]:
        """What each row gives, from the one below the headings on; figures for longer than a month come last."""
        longer, months = [], set()
        for row in range(self.layout.row + 1, len(self.sheet.rows)):
            if self.sheet.is_blank(row):
                continue
            for found in self._row(row):
                if isinstance(found, Longer):
                    longer.append(found)
                    continue
                if isinstance(found, Figure):
                    months.add((found.indicator_code, found.month))
                yield found
        years = self.indicators.years
        yield from (passed_over(found, months, years) for found in longer)

    def _row(self, row):
        passed = self._no_figures(row)
        if passed is not None:
            yield from passed
            return
        column = self.columns["indicator_code"]
        try:
            self._check_width(row)
            code = self._code(row, column)
        except ValueTextError as error:
            yield self._refused(row, column, error)
            return
        for place in self.figure_columns:
            found = self._figure(row, place, code)
            if found is not None:
                yield found

    def _no_figures(self, row):
        """What to say of a row that is a text line or repeats the headings; None for a row with figures."""
        column = self.columns["indicator_code"]
        filled = any(self._filled(row, place) for place in self.figure_columns)
        text = as_text(self.sheet.value(row, column))
        if self.mapping.role(text) == "indicator_code":
            if self._same_headings(row):
                return []
            reason = f"'{text}' begins a second table. Expected one table on a sheet: move it to a sheet of its own."
            return [Passed(self.sheet.where(row, column), reason, True, found=text)]
        if filled and not text and (row, column) not in self.sheet.marks.unsaved:
            shown = as_text(self.sheet.value(row, self.figure_columns[0]))
            reason = "has a figure and no code. Expected the code in every row (merged cells are not filled down)."
            return [Passed(self.sheet.where(row, column), reason, True, found=shown)]
        if filled or self._is_known(row, column):
            return None
        line = " ".join(filter(None, map(as_text, self.sheet.rows[row])))
        return [Passed(self.sheet.where(row), "has no figure.", False, found=line)]

    def _check_width(self, row):
        """Refuse a line of a text file with other cells than its headings: 1,544 without quotes is two."""
        if self.sheet.name:
            return
        cells, headings = self.sheet.rows[row], self.sheet.rows[self.layout.row]
        if any(map(str.strip, cells[len(headings) :])):
            raise ValueTextError(
                f"has {len(cells)} cells under {len(headings)} headings. Expected one cell for each: put quotes around "
                "a text that holds a comma."
            )
        if len(cells) <= max(self.figure_columns):
            raise ValueTextError(
                f"has {len(cells)} cells under {len(headings)} headings: the file may be cut off. "
                "Expected a cell for each heading, empty ones too."
            )

    def _filled(self, row, column):
        place = (row, column)
        marks = self.sheet.marks
        return bool(as_text(self.sheet.value(row, column))) or place in marks.errors or place in marks.unsaved

    def _same_headings(self, row):
        sheet, top = self.sheet, self.layout.row
        wanted = [*self.columns.values(), *self.layout.periods]
        return all(as_text(sheet.value(row, at)) == as_text(sheet.value(top, at)) for at in wanted)

    def _is_known(self, row, column):
        try:
            return bool(self._code(row, column))
        except ValueTextError:
            return False

    def _code(self, row, column):
        if self.sheet.is_number(row, column) or (row, column) in self.sheet.marks.unsaved:
            return self.indicators.codes.match_cell(self.sheet, row, column)
        text = as_text(self.sheet.value(row, column))
        if text not in self._codes:
            self._codes[text] = self.indicators.codes.match(text)
        return self._codes[text]

    def _figure(self, row, column, code):
        """What a cell gives; None for a blank cell of a wide sheet."""
        wide = bool(self.layout.periods)
        if wide and not self._filled(row, column):
            return None
        place = (self.layout.row, column) if wide else (row, self.columns["month"])
        try:
            span = self._span(row, *place)
        except (MonthTextError, ValueTextError) as error:
            return self._refused(*place, error, code)
        month = self.indicators.due[code].month_of(span)
        try:
            text = check_characters(self.sheet.text(row, column))
            if month is None:
                return Longer(code, span, text, self.sheet.where(row, column))
            note = check_characters(self.sheet.text(row, self.columns.get("note")))
            read = self._value(text)
        except ValueTextError as error:
            return self._refused(row, column, error, code, month)
        figure = Figure(code, month, text, note, self.sheet.where(row, column), read, self._remark(row, column, text))
        return judged(figure, self.indicators.units.get(code, ""), self.received)

    def _span(self, row, period_row, column) -> Span:
        """The period in a cell, with the row's year where it names none itself."""
        text = self.sheet.text(period_row, column)
        year = self.sheet.text(row, self.columns.get("year"))
        if (text, year) not in self._spans:
            self._spans[text, year] = read_span(text, year, self.indicators.years)
        return self._spans[text, year]

    def _value(self, text):
        if text not in self._values:
            self._values[text] = read_value(text)
        return self._values[text]

    def _remark(self, row, column, text):
        """What the cell holds beyond the digits that it shows."""
        more = rounded_away(text, self.sheet.value(row, column)) if (row, column) in self.sheet.marks.shown else ""
        return f"The cell holds {more} and shows {text}." if more else ""

    def _refused(self, row, column, error: MprError, code="", month=None):
        found = as_text(self.sheet.value(row, column))
        return Passed(self.sheet.where(row, column), str(error), True, code, month, found)
