"""Rows: the figures of one sheet, row by row, each with its indicator and its month, or why there is none."""

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from mpr_lib.errors import InputError, MonthTextError, ValueTextError
from mpr_lib.intake.headings import Layout, Mapping
from mpr_lib.intake.periods import Due, Span, period_label, read_span
from mpr_lib.intake.spreadsheet import Sheet, as_text
from mpr_lib.rules.months import PERIODS, FinancialYears, month_label
from mpr_lib.rules.values import ValueRead, read_value


class Codes:
    """The workspace's codes by what officers vary when they write them: capitals, spaces and dashes."""

    def __init__(self, known, others: dict[str, list[str]] | None = None):
        self.known, others = dict.fromkeys(known), others or {}
        for code in others:
            if code not in self.known:
                raise InputError(f"data/imports.yml has the code '{code}', which is not in data/indicators.csv.")
        self._found = defaultdict(set)
        for code in self.known:
            for spelling in (code, *others.get(code, [])):
                self._found[_plain(spelling)].add(code)

    def match(self, text: str) -> str:
        """The one code that a text names. Raises ``ValueTextError`` where there is none, or more than one.

        >>> Codes(["CP 3.1", "CP 3.10"]).match("cp3.10")
        'CP 3.10'
        """
        if text in self.known:
            return text
        if not text:
            raise ValueTextError(
                "has a figure and no code. Expected the code in every row (merged cells are not filled down)."
            )
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
        text, value = sheet.text(row, column), sheet.value(row, column)
        if not isinstance(value, int | float) or isinstance(value, bool):
            return self.match(text)
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
NEW, CHANGED, SAME, REFUSED, LEFT_OUT = "new", "changed", "same", "refused", "left out"
"""What becomes of a figure. A sheet's reader knows new, left out and refused; the comparison tells the rest."""


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one figure, or of a row without: ``was`` is what is known so far, ``is_now`` what was received.

    ``read`` is what the text of a figure says; a refused line keeps everything from being written.
    """

    status: str
    indicator_code: str
    month: pd.Period | Span | None
    is_now: str
    where: str
    reason: str = ""
    note: str = ""
    was: str = ""
    read: ValueRead | None = None


def judged(line: Line, unit: str, received: pd.Period) -> Line:
    """The figure, or why this return cannot take it: nothing said, a later month, what may be a share of 1."""
    month, read = line.month, line.read
    if not line.is_now and not line.note:
        return replace(line, status=LEFT_OUT, reason=line.reason or "has no figure.")
    if month > received:
        expected = f"Expected a month up to {month_label(received)}."
        reason = f"is for {month_label(month)}, after the return's month. {expected}"
        return replace(line, status=LEFT_OUT if read.number is None else REFUSED, reason=reason)
    if unit == "%" and not read.unit and read.number and abs(read.number) <= 1:
        share = re.sub(r"(?i)proxy", "", line.is_now).strip()
        reason = (
            f"'{line.is_now}' is for a percentage and may be a share of 1. Expected '{share}%', or "
            "the hundredfold with % if that is meant."
        )
        return replace(line, status=REFUSED, reason=reason)
    return line


def check_characters(text: str) -> str:
    """The text, if a text file can keep it. Raises ``ValueTextError`` for control characters and the like."""
    found = _UNKEEPABLE.search(text)
    if found:
        raise ValueTextError(f"holds a character that cannot be kept (U+{ord(found[0]):04X}). Type the text again.")
    return text


_read_value = lru_cache(10_000)(read_value)


class Indicators:
    """What reading needs of the workspace: its codes, the unit of each, when each is due, how its years run."""

    def __init__(self, frame: pd.DataFrame, mapping: Mapping, years: FinancialYears):
        known = frame.set_index("indicator_code").reindex(columns=["unit", "frequency", "due_month"])
        self.codes, self.years = Codes(known.index, mapping.codes), years
        self.units = known["unit"].to_dict()
        self.due = {row.Index: Due(PERIODS.get(row.frequency, 1), row.due_month) for row in known.itertuples()}


class SheetReader:
    """Reads the figures of one sheet for one return."""

    def __init__(self, layout: Layout, mapping: Mapping, indicators: Indicators, received: pd.Period):
        self.sheet, self.layout, self.mapping = layout.sheet, layout, mapping
        self.indicators, self.received = indicators, received
        self.columns = layout.columns
        self.figure_columns = list(layout.periods) or [self.columns["value"]]

    def read(self) -> list[Line]:
        """What each row gives, from the one below the headings on."""
        rows = range(self.layout.row + 1, len(self.sheet.rows))
        lines = [line for row in rows for line in self._row(row)]
        months = {(line.indicator_code, line.month) for line in lines if line.status == NEW}
        return [self._passed_over(line, months) if isinstance(line.month, Span) else line for line in lines]

    def _passed_over(self, line, months):
        """A figure for a longer period than the indicator's: left out beside its last month, refused if it is alone."""
        span, label = line.month, period_label(line.month, self.indicators.years)
        if not line.is_now or (line.indicator_code, span.last) in months:
            reason = f"is for {label}, which is worked out from its months."
            return replace(line, status=LEFT_OUT, month=None, reason=reason)
        reason = (
            f"is for {label}, and {line.indicator_code} is not returned for such a period. Expected the figure for "
            f"{month_label(span.last)}; to pass over a column, add its heading under ignored in data/imports.yml."
        )
        return replace(line, status=REFUSED, month=None, reason=reason)

    def _row(self, row) -> list[Line]:
        """A line for each figure of a row, or one that says why there is none; nothing of a blank row."""
        sheet, column = self.sheet, self.columns["indicator_code"]
        text = as_text(sheet.value(row, column))
        if self.mapping.role(text) == "indicator_code":
            reason = "begins a second table. Expected one table on a sheet: move it to a sheet of its own."
            return [] if self._same_headings(row) else [self._refused(row, column, f"'{text}' {reason}")]
        filled = [place for place in self.figure_columns if sheet.is_filled(row, place)]
        try:
            code, reason = self.indicators.codes.match_cell(sheet, row, column), self._wrong_width(row)
        except ValueTextError as error:
            code, reason = "", str(error)
        if not reason:
            places = filled if self.layout.periods else self.figure_columns
            return [self._figure(row, place, code) for place in places]
        shown = " ".join(filter(None, (sheet.seen(row, at) for at in range(len(sheet.rows[row])))))
        if filled or code:
            return [Line(REFUSED, "", None, shown, sheet.where(row, column), reason)]
        return [Line(LEFT_OUT, "", None, shown, sheet.where(row), "has no figure.")] if shown else []

    def _wrong_width(self, row) -> str:
        """What is wrong with a line of a text file with other cells than its headings: 1,544 without quotes is two."""
        cells, headings = self.sheet.rows[row], self.sheet.rows[self.layout.row]
        found = f"has {len(cells)} cells under {len(headings)} headings"
        if self.sheet.name:
            return ""
        if any(map(str.strip, cells[len(headings) :])):
            return f"{found}. Expected one cell for each: put quotes around a text that holds a comma."
        if len(cells) <= max(self.figure_columns):
            return f"{found}: the file may be cut off. Expected a cell for each heading, empty ones too."
        return ""

    def _same_headings(self, row):
        sheet, top = self.sheet, self.layout.row
        wanted = [*self.columns.values(), *self.layout.periods]
        return all(as_text(sheet.value(row, at)) == as_text(sheet.value(top, at)) for at in wanted)

    def _figure(self, row, column, code) -> Line:
        """What a cell gives; the month is a ``Span`` where the figure is for a longer period than the indicator's."""
        sheet, found, month = self.sheet, self.sheet.where(row, column), None
        place = (self.layout.row, column) if self.layout.periods else (row, self.columns["month"])
        try:
            year = sheet.text(row, self.columns.get("year"))
            span = read_span(sheet.text(*place), year, self.indicators.years)
            month, place = self.indicators.due[code].month_of(span), (row, column)
            text = check_characters(sheet.text(row, column))
            if month is None:
                return Line(NEW, code, span, text, found)
            note = check_characters(sheet.text(row, self.columns.get("note")))
            read = _read_value(text)
            more = sheet.beyond(row, column, read)
        except (MonthTextError, ValueTextError) as error:
            return self._refused(*place, str(error), code, month)
        remark = f"The cell holds {more} and shows {text or 'nothing'}." if more else ""
        line = Line(NEW, code, month, text, found, remark, note, read=read)
        return judged(line, self.indicators.units[code], self.received)

    def _refused(self, row, column, reason, code="", month=None):
        found = self.sheet.seen(row, column)
        return Line(REFUSED, code, month, found, self.sheet.where(row, column), reason)
