"""Rows: the figures of one sheet, row by row, each with its indicator and its month, or why there is none."""

import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache, partial
from typing import NamedTuple

import pandas as pd

from mpr_lib.errors import UNSEEN, InputError, MonthTextError, ValueTextError, near
from mpr_lib.files import fingerprint
from mpr_lib.intake.claims import PARTS, Claims, doubt
from mpr_lib.intake.headings import PHRASES, Layout, Mapping, plain, says
from mpr_lib.intake.number_formats import unrounded
from mpr_lib.intake.periods import Cell, Due, Reading, Span, lacks_year, lies_otherwise, period_label, reading_of
from mpr_lib.intake.spreadsheet import Sheet, as_text, column_letters
from mpr_lib.rules.comparing import may_be_share
from mpr_lib.rules.months import PERIODS, FinancialYears, is_due, month_label
from mpr_lib.rules.rating import rating_named
from mpr_lib.rules.values import ValueRead, is_figure, read_value


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
        found = sorted(self._found.get(_plain(text), ()))
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueTextError(f"'{text}' may be {' or '.join(found)}. Expected the code exactly as it is listed.")
        raise ValueTextError(
            f"'{text}' is not a known code. Expected one of data/indicators.csv, or under passed_over in "
            f"data/imports.yml.{near(text, self.known)}"
        )

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
    """A code without spaces, capitals and dashes before its number; every digit and point stays."""
    code = re.sub(r"\s+", "", re.sub("[\u2010-\u2015\u2212]", "-", str(code)))
    return re.sub(r"(?<=[^\W\d])-(?=\d)", "", code).casefold()


def _number(code) -> float | None:
    """The last number in a code, as a spreadsheet would have kept it."""
    found = re.search(r"\d+(?:\.\d+)?$", code)
    return float(found[0]) if found else None


_EMPTY = r"[£-]?0+(\.0+)?%?|#[A-Z0-9/]+[!?A]?"
"""What formulas give for a month that is to come: nothing counted, or an error."""


NONE = "has no figure."


NEW, CHANGED, SAME, REFUSED, LEFT_OUT = "new", "changed", "same", "refused", "left out"
"""What becomes of a figure. A sheet's reader knows new, left out and refused; the comparison tells the rest."""


class Source(NamedTuple):
    """Where a figure was received: file, SHA-256 of its bytes, sheet (none of a text file), cell, what that shows."""

    source_file: str
    sha256: str
    sheet: str
    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one figure, or of a row without: ``was`` is what is known so far, ``is_now`` what was received.

    ``read`` is what the text of a figure says, ``parts`` the numerator and denominator of one that they make, and
    ``source`` where it stands; ``stated_rating`` is what a file says of its rating. A refused line keeps everything
    from being written.
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
    parts: tuple[str, str] | None = None
    source: Source | None = None
    stated_rating: str = ""

    @property
    def beside(self) -> dict[str, str]:
        """What stands beside the figure in the return's optional columns."""
        return dict(zip(PARTS, self.parts or ("", ""), strict=True)) | {"stated_rating": self.stated_rating}


def _check_characters(text: str) -> str:
    """The text with one kind of line end. Raises ``ValueTextError`` for what a text file cannot keep."""
    text = re.sub(r"\r\n|[\r\v\f\x85]", "\n", text)
    if found := re.search(UNSEEN, text):
        raise ValueTextError(f"holds a character that cannot be kept (U+{ord(found[0]):04X}). Type the text again.")
    return text


_ABOUT = [
    "unit", "decimals", "short_name", "frequency", "due_month", "basis", "accumulate", "year_introduced", "last_month",
]  # fmt: skip


class Indicators:
    """What reading needs of the workspace: its codes, the unit of each, when each is due, its years, its own words."""

    def __init__(
        self,
        frame: pd.DataFrame,
        mapping: Mapping,
        years: FinancialYears,
        own_words: dict[str, str],
        targets: Callable[[], pd.DataFrame] = pd.DataFrame,
    ):
        self._targets = targets
        self.read_value = lru_cache(10_000)(partial(read_value, own_words=own_words))
        self.frame = frame.set_index("indicator_code").reindex(columns=_ABOUT)
        self.codes, self.years = Codes(self.frame.index, mapping.own.codes), years
        self.about = self.frame.astype(object).where(self.frame.notna(), "").to_dict("index")
        self.due = {row.Index: Due(PERIODS.get(row.frequency, 1), row.due_month) for row in self.frame.itertuples()}

    @cached_property
    def targets(self) -> dict[tuple[str, pd.Period], list[tuple[float, float]]]:
        """The target to date and the annual one of each indicator and month, low and high, where there are any."""
        frame, found = self._targets(), {}
        for row in frame.itertuples():
            ends = [(row.target_low, row.target_high), (row.annual_target_low, row.annual_target_high)]
            found[row.indicator_code, row.month] = [pair for pair in ends if not any(map(pd.isna, pair))]
        return found

    def too_early(self, code: str, month: pd.Period) -> str:
        """What to say of a month before the year in which an indicator is introduced."""
        year = self.about[code]["year_introduced"]
        if year == "" or self.years.of(month) >= year:
            return ""
        return f"{code} was introduced in {self.years.label(int(year))}, and this is for {month_label(month)}."


class SheetReader:
    """Reads the figures of one sheet for one return."""

    def __init__(self, layout: Layout, mapping: Mapping, indicators: Indicators, received: pd.Period, dates: str = ""):
        self.sheet, self.layout, self.mapping = layout.sheet, layout, mapping
        self.indicators, self.received = indicators, received
        self.columns = layout.columns
        self.figures = layout.figures
        self.remarks: list[str] = []
        self.sha256 = fingerprint(self.sheet.raw)
        self.claims = Claims(layout, mapping, indicators)
        self.semicolons = "semicolons" in self.sheet.remark
        self.reading = self._reading(dates)
        to_date = self.columns.get("to_date")
        said = {self.sheet.seen(row, to_date).lower() for row in layout.below} - {""}
        # A column Cumulative may say which indicators are.
        self.to_date = None if said and said <= {"yes", "no", "y", "n", "true", "false"} else to_date

    def _reading(self, dates):
        """How the sheet's periods are read, all of a column or of the headings together.

        Raises ``InputError`` for headings that name no one month, and for a column of dates that may be month first.
        """
        layout, years, cells = self.layout, self.indicators.years, list(self._cells())
        heading = as_text(self.sheet.value(layout.row, self.columns.get("month")))
        if heading and not dates and lies_otherwise({cell.text for cell in cells}, self.received):
            is_dated = any(isinstance(self.sheet.value(row, self.columns["month"]), date) for row in layout.below)
            other = (
                ", or correct them in the file to months such as Jun 2018" if is_dated else " or --dates month-first"
            )
            raise InputError(
                f"{self.sheet}: the dates under '{heading}' are of other months, and of "
                f"{month_label(self.received)} if the month stands before the day. Look at them and say "
                f"--dates day-first{other}."
            )
        rules = Reading(years, month_first=dates == "month-first", days=not layout.periods)
        found = reading_of(cells, rules, self.received, heading, layout.year_kind)
        alone = min((cell.year for cell in cells if re.fullmatch(r"\d{4}", cell.year)), default="")
        if alone and found.alone == years and years.starts != 1:
            year = years.label(int(alone) - years.names_the_end)
            self.remarks.append(f"{self.sheet}: {alone} beside the months is taken as {year}.")
        if "year" not in self.columns:
            self._check_headings(found)
        return found

    def _check_headings(self, reading):
        """Refuse headings that name no one period, each fault once: nothing in their columns could be taken."""
        problems: dict[str, str] = {}
        found: dict[Span, int] = {}
        for column, text in self.layout.periods.items():
            try:
                first = found.setdefault(reading.read(text, self._year(self.layout.row, text)), column)
                if first != column:
                    problems[text] = (
                        f"{self.sheet.where(self.layout.row, column)}: '{text}' stands over column "
                        f"{column_letters(first)} too. Expected one column for each month, or Actual and Target beside "
                        "each."
                    )
            except MonthTextError as error:
                problem = f"{self.sheet.where(self.layout.row, column)}: {error}"
                problems.setdefault("no year" if lacks_year(text) else text, problem)
        if problems:
            raise InputError(list(problems.values()))

    def _cells(self):
        """The periods of the table; those of one indicator and year, or of one row, are in order."""
        across = bool(self.layout.periods)
        for row in self.layout.below:
            code = "" if across else as_text(self.sheet.value(row, self.columns["indicator_code"]))
            for column in self.figures:
                with suppress(ValueTextError):
                    text = self._period(row, column)
                    year = self._year(row, text)
                    yield Cell(text, year, f"{code} {year}")

    def _year(self, row, text) -> str:
        """The year beside a row's figures, or for a text without one that of the sheet; else an empty text."""
        if "year" in self.columns:
            # As it is held: a number's format may give 2018 a comma.
            value = self.sheet.value(row, self.columns["year"])
            return self.sheet.seen(row, self.columns["year"]) if isinstance(value, date) else as_text(value)
        return self.layout.year if lacks_year(text) else ""

    def _period(self, row, column) -> str:
        """The text that names a figure's period, over it or in its row. Raises ``ValueTextError``."""
        across = self.layout.periods
        return across[column] if across else self.sheet.text(row, self.columns.get("month"))

    def read(self) -> list[Line]:
        """What each row gives, from the one below the headings on."""
        above = [line for row in range(self.layout.row) for line in self._above(row)]
        lines = self._not_due(above + [line for row in self.layout.below for line in self._row(row)])
        lines = self._without_later(lines)
        self.remarks += self.claims.remarks()
        months = {(line.indicator_code, line.month) for line in lines if line.status == NEW}
        return [self._passed_over(line, months) if isinstance(line.month, Span) else line for line in lines]

    def _not_due(self, lines):
        """The lines; refused where a number is for a month in which no figure of its indicator is due."""
        at = [i for i, line in enumerate(lines) if line.status == NEW and line.read and line.read.number is not None]
        # By its calendar month alone: which of two years it is, the figures say, and what lies outside an indicator's
        # life is said otherwise.
        frame = self.indicators.frame[["frequency", "due_month"]].replace({"frequency": {"TWO_YEARLY": "YEARLY"}})
        frame = frame.loc[[lines[i].indicator_code for i in at]].reset_index()
        months = pd.Series([lines[i].month for i in at], frame.index, dtype="period[M]")
        for i, due in zip(at, is_due(frame, months, self.indicators.years), strict=True):
            code, often = lines[i].indicator_code, self.indicators.about[lines[i].indicator_code]["frequency"]
            if not due:
                reason = (
                    f"is for {month_label(lines[i].month)}, in which no figure of {code} "
                    f"({often.lower().replace('_', '-')}) is due. Expected the month in which it is, or another "
                    "frequency in data/indicators.csv."
                )
                lines[i] = replace(lines[i], status=REFUSED, reason=reason)
        return lines

    def _without_later(self, lines):
        """The lines without those of later months with nothing but 0 and errors; one remark on all of them."""
        later, left, held = defaultdict(list), {}, {}
        for line in lines:
            if line.month is not None and getattr(line.month, "last", line.month) > self.received:
                later[line.month].append(line)
        for month, group in later.items():
            empty = {line.is_now: None for line in group if re.fullmatch(_EMPTY, line.is_now)}
            if empty and all(line.is_now in empty or line.status == LEFT_OUT for line in group):
                span = month if isinstance(month, Span) else Span(month, month)
                left[month] = period_label(span, self.indicators.years)
                held |= empty
        if left:
            months, found = ", ".join(left.values()), ", ".join(held)
            self.remarks.append(f"{self.sheet}: left out what comes after the return's month: {months} ({found}).")
        return [line for line in lines if line.month not in left]

    def _passed_over(self, line, months):
        """A figure for a longer period than the indicator's: left out beside its last month, refused if it is alone."""
        span, label = line.month, period_label(line.month, self.indicators.years)
        if line.is_now and span.last > self.received:
            reason = f"is for {label}, which is not over in {month_label(self.received)}."
            return replace(line, status=LEFT_OUT, month=None, reason=reason)
        if not line.is_now or (line.indicator_code, span.last) in months:
            reason = f"is for {label}, which is worked out from its months."
            return replace(line, status=LEFT_OUT, month=None, reason=reason)
        reason = (
            f"is for {label}, and {line.indicator_code} is not returned for such a period. Expected the figure for "
            f"{month_label(span.last)}; to pass over a column, add its heading under ignored in data/imports.yml."
        )
        return replace(line, status=REFUSED, month=None, reason=reason)

    def _above(self, row) -> list[Line]:
        """A refusal of a row above the headings that has a code and a figure, as in a table whose headings are odd."""
        column = self.columns["indicator_code"]
        with suppress(ValueTextError):
            code = self.indicators.codes.match_cell(self.sheet, row, column)
            if any(self.sheet.is_filled(row, at) for at in self.figures):
                reason = f"'{code}' has a figure above the headings. Expected one table, below its headings."
                return [self._refused(row, column, reason)]
        return []

    def _row(self, row) -> list[Line]:
        """A line for each figure of a row, or one that says why there is none; nothing of a blank row."""
        sheet, column = self.sheet, self.columns["indicator_code"]
        text = as_text(sheet.value(row, column))
        if self.mapping.role(text) == "indicator_code":
            reason = "begins a second table. Expected one table on a sheet: move it to a sheet of its own."
            return [] if self._same_headings(row) else [self._refused(row, column, f"'{text}' {reason}")]
        try:
            code, reason = self.indicators.codes.match_cell(sheet, row, column), self._wrong_width(row)
            places = [] if reason else self._places(row, code)
        except ValueTextError as error:
            code, reason = "", str(error)
        if not reason:
            where = sheet.where(row, column)
            return [self._rated(row, place, code) for place in places] or [Line(LEFT_OUT, code, None, "", where, NONE)]
        shown, filled = " ".join(sheet.texts(row).values()), any(sheet.is_filled(row, at) for at in self.figures)
        if filled and not text:
            expected = "Expected the code in every row (merged cells are not filled down)."
            reason = f"'{shown}' has a figure and no code. {expected}"
        if filled or code:
            return [Line(REFUSED, "", None, shown, sheet.where(row, column), reason)]
        return [Line(LEFT_OUT, "", None, shown, sheet.where(row), NONE)] if shown else []

    def _rated(self, row, column, code) -> Line:
        """What a cell gives, with the rating that stands beside it; beside several months nobody knows whose it is."""
        text = "" if len(self.layout.periods) > 1 else self.sheet.seen(row, self.layout.beside("rating", column))
        stated = " ".join(re.sub(UNSEEN, " ", text).split()) if rating_named(text) else ""
        return replace(self._figure(row, column, code), stated_rating=stated)

    def _wrong_width(self, row) -> str:
        """What is wrong with a line of a text file with other cells than its headings: 1,544 without quotes is two."""
        cells, headings = self.sheet.rows[row], self.sheet.rows[self.layout.row]
        if self.sheet.name:
            return ""
        found = f"'{','.join(cells)}' has {len(cells)} cells under {len(headings)} headings"
        if any(map(str.strip, cells[len(headings) :])):
            return f"{found}. Expected one cell for each: put quotes around a text that holds a comma."
        if len(cells) <= max(self.figures):
            return f"{found}: the file may be cut off. Expected a cell for each heading, empty ones too."
        whole = self._split_figure(row) if self.sheet.split else ""
        return (
            whole and f"may have one figure, {whole}, in several cells. Expected it in quotes, or without its commas."
        )

    def _split_figure(self, row) -> str:
        """A figure whose thousands commas have divided it, as far as the row shows one; else an empty text.

        That is so where its end stands in a column of no figures, or where a note to the right of it is but a number.
        """
        cells, split = self.sheet.rows[row], self.sheet.split
        starts = [at for at in range(len(cells)) if (row, at + 1) in split and (row, at) not in split]
        for start in starts:
            end = next(at for at in range(start + 1, len(cells) + 1) if (row, at) not in split)
            beyond = start in self.figures and not all(map(self._has_figures, range(start + 1, end)))
            notes = (cells[at].strip() for at in range(end, len(cells)) if self._has_words(at))
            moved = self._has_figures(start) and any(re.fullmatch(r"[-£]*\d+(\.\d+)?%?", text) for text in notes)
            if beyond or moved:
                return ",".join(cells[start:end])
        return ""

    def _heading(self, column) -> str:
        return plain(self.layout.headings.get(column, ""))

    def _has_words(self, column) -> bool:
        return column == self.columns.get("note") or says("texts", self._heading(column))

    @cache  # noqa: B019 - as long as the sheet is read
    def _has_figures(self, column) -> bool:
        """Whether a column holds figures: by its heading, or by what stands in rows where nothing is in doubt."""
        if column in self.figures or says("figures", self._heading(column)):
            return True
        if self._has_words(column):
            return False
        split = {row for row, at in self.sheet.split if at in (column, column + 1)}
        texts = {as_text(self.sheet.value(row, column)) for row in self.layout.below if row not in split} - {""}
        return bool(texts) and all(re.fullmatch(r"[-£]*[\d,]+(\.\d+)?%?", text) for text in texts)

    def _same_headings(self, row):
        sheet, top = self.sheet, self.layout.row
        wanted = [*self.columns.values(), *self.layout.periods]
        return all(as_text(sheet.value(row, at)) == as_text(sheet.value(top, at)) for at in wanted)

    def _figure(self, row, column, code) -> Line:
        """What a cell gives; the month is a ``Span`` where the figure is for a longer period than the indicator's."""
        sheet, found, month = self.sheet, self.sheet.where(row, column), None
        place = (self.layout.row, column) if self.layout.periods else (row, self.columns.get("month"))
        try:
            text = self._period(row, column)
            span = self.layout.figures_for or self.reading.read(text, self._year(row, text))
            month, place = self.indicators.due[code].month_of(span), (row, column)
            text = _check_characters(sheet.text(row, column))
            if month is None:
                return Line(NEW, code, span, text, found)
            if month > self.received and re.fullmatch(_EMPTY, text):
                return Line(REFUSED, code, month, text, found, self._too_late(month))
            place = (row, self.columns.get("note"))
            note, place = _check_characters(sheet.text(*place)), (row, column)
            shown, unit, decimals = text, *(self.indicators.about[code][name] for name in ("unit", "decimals"))
            for form, there, here in PHRASES["written_otherwise"][: 1 + (decimals != 0)]:
                text = re.sub(there, here, text) if re.fullmatch(form, text) else text
            over = re.fullmatch(r"([\d,]+) ?/ ?([\d,]+)", text) if unit == "%" else None
            text = "" if over or column == self.layout.beside("numerator") else text
            read = self.indicators.read_value(text)
            blank = read.no_value_reason == "NOT_SUPPLIED"
            made, parts = self.claims.made(row, code, over) if blank else (None, None)
            if made:
                said = f"Made from {' of '.join(parts)}. {self.indicators.too_early(code, month)}".strip()
                columns = [column] if over else [self.layout.beside(role) for role in PARTS]
                source = self._source(row, columns, " of ".join(parts))
                line = Line(NEW, code, month, made.text, found, said, note, read=made, parts=parts, source=source)
                return self._judged(line)
            more = "" if text != shown else sheet.beyond(row, column, read)
            if decimals != "" and (exact := unrounded(read, more, int(decimals))) != text:
                text, read = exact, self.indicators.read_value(exact)
            full, scaled = self.claims.scaled(row, column, code, text)
            says_so = not self.layout.periods and says("provisional", note.lower())
            held = "" if scaled else more
            problem, doubtful = doubt(text, read, unit, decimals == 0, bool(note), self.semicolons, held)
            if problem:
                raise ValueTextError(problem)
            full += " [p]" * (says_so and read.number is not None and not read.is_provisional)
            read = read if full == text else self.indicators.read_value(full)
        except (MonthTextError, ValueTextError) as error:
            return self._refused(*place, str(error), code, month)
        taken = f", and {text} is taken" * (text != shown)
        held = f"The cell holds {more} and shows {shown or 'nothing'}{taken}." if more else ""
        remarks = [held or (f"'{shown}' is taken as {text}." if taken else doubtful), scaled]
        if comment := sheet.comments.get((row, column)):
            remarks.append(f"A comment on the cell says '{comment[:200]}'.")
        if read.number is not None:
            if not read.is_provisional and says("speaks_of_provisional", note.lower()):
                remarks.append(f"Its note says '{note[:200]}': write [p] behind the figure if it is provisional.")
            remarks.append(self.indicators.too_early(code, month))
            self.claims.note(row, column, code, month, read)
        source = self._source(row, [column], f"{shown} (holds {more})" if taken and more else shown)
        said = " ".join(filter(None, remarks))
        return self._judged(Line(NEW, code, month, full, found, said, note, read=read, source=source))

    def _places(self, row, code) -> list[int]:
        """The columns of a row's figures; of two, that of the year to date where the indicator's figures are to date.

        Raises ``ValueTextError`` where a month's own figure would be taken for one to date.
        """
        wide, beside, about = bool(self.layout.periods), self.to_date, self.indicators.about[code]
        months = [at for at in self.layout.periods if self.sheet.is_filled(row, at)] if wide else self.figures[:1]
        is_to_date = about["basis"] in ("CUMULATIVE", "YTD_SNAPSHOT") and str(about["accumulate"]).lower() != "true"
        if beside is None or not is_to_date:
            return months
        heads = {at: f"'{self.layout.headings.get(at, '')}'" for at in (*months, beside)}
        texts = {at: self.sheet.seen(row, at) for at in heads}
        own = {at: read_value(text).number for at, text in texts.items() if is_figure(text)}
        to_date = own.pop(beside, None)
        if to_date is not None and not wide:
            self.claims.tell(f"{heads[beside]} has the figures to date, which are taken for", code)
            return [beside]
        if not own or (wide and to_date in (None, *own.values())):
            return months
        said = f"'{texts[beside]}'" if texts[beside] else "nothing"
        raise ValueTextError(
            f"'{texts[max(own)]}' stands under {heads[max(own)]} and {said} under {heads[beside]}, and the figures of "
            f"{code} are to date. Expected the figure to date; or accumulate true in data/indicators.csv, where the "
            "months' own are sent."
        )

    def _source(self, row, columns, text) -> Source:
        cells = ", ".join(f"{column_letters(column)}{row + 1}" for column in columns)
        return Source(self.sheet.file, self.sha256, self.sheet.name, cells, text)

    def _judged(self, line) -> Line:
        """The figure, or why this return cannot take it: nothing said, a later month, what may be a share of 1."""
        month, read, about = line.month, line.read, self.indicators.about[line.indicator_code]
        if not line.is_now and not line.note:
            return replace(line, status=LEFT_OUT, reason=line.reason or NONE)
        if month > self.received:
            return replace(line, status=LEFT_OUT if read.number is None else REFUSED, reason=self._too_late(month))
        if about["last_month"] and month > about["last_month"]:
            reason = (
                f"is for {month_label(month)}, and {line.indicator_code} ended with {month_label(about['last_month'])}."
                f" Expected no figure for a month after it; data/indicators.csv has last_month {about['last_month']}."
            )
            return replace(line, status=LEFT_OUT if read.number is None else REFUSED, reason=reason)
        if read.number is not None and may_be_share(read.number, read.unit, about["unit"]):
            share = re.sub(r"(?i)proxy", "", line.is_now).strip()
            reason = (
                f"'{line.is_now}' is for a percentage and may be a share of 1. Expected '{share}%', or "
                "the hundredfold with % if that is meant."
            )
            return replace(line, status=REFUSED, reason=reason)
        return line

    def _too_late(self, month) -> str:
        expected = f"Expected a month up to {month_label(self.received)}."
        return f"is for {month_label(month)}, after the return's month. {expected}"

    def _refused(self, row, column, reason, code="", month=None):
        found = self.sheet.seen(row, column)
        return Line(REFUSED, code, month, found, self.sheet.where(row, column), reason)
