"""Rows: the figures of one sheet, row by row, each with its indicator and its month."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from mpr_lib.book.intake.codes import Codes
from mpr_lib.book.intake.figures import Figure, Passed, check_characters, judged
from mpr_lib.book.intake.grid import Sheet, as_text
from mpr_lib.book.intake.layout import Layout
from mpr_lib.book.intake.mapping import Mapping
from mpr_lib.book.intake.numbers import rounded_away
from mpr_lib.book.intake.spans import Due, Longer, passed_over, read_span
from mpr_lib.errors import MonthTextError, MprError, ValueTextError
from mpr_lib.rules.months import FinancialYears
from mpr_lib.rules.periods import Span
from mpr_lib.rules.values import read_value


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
