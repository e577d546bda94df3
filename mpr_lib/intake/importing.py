"""Importing: officers' files read, understood and compared with a month's return, then written: all or nothing."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from mpr_lib.book import tables
from mpr_lib.book.book import Book, history_of, newest_values, read_book
from mpr_lib.book.workspace import InputReader, Workspace
from mpr_lib.errors import UNSEEN, InputError, MonthTextError
from mpr_lib.files import csv_text, locked, safe_cell, told_if_not_written, write_whole
from mpr_lib.intake.actuals import actuals_of
from mpr_lib.intake.headings import Layout, Mapping, Told, find_layout, find_period, read_mapping, what_is_missing
from mpr_lib.intake.opening import open_file
from mpr_lib.intake.periods import period_label, read_period
from mpr_lib.intake.plan import Plan, make_plan
from mpr_lib.intake.rows import CHANGED, NEW, REFUSED, SAME, Indicators, SheetReader
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.months import FinancialYears, read_month


def known_book(workspace: Workspace, month: pd.Period) -> Book:
    """The book of a month that may lack its params and its return. Each indicator has one row.

    Raises ``InputError`` where the month's return holds one indicator and month twice, or a month that cannot be read.
    """
    book = read_book(workspace, month, begun=True)
    standing = standing_in(book)
    faulty = standing[standing.duplicated(["indicator_code", "month"]) | standing["month"].isna()]
    problems = [
        f"{row.file} row {row.row}: has {row.indicator_code} for '{row.month_text}' "
        f"{'twice.' if pd.notna(row.month) else 'and that is no month.'} Correct it before importing more."
        for row in faulty.itertuples()
    ]
    if problems:
        raise InputError(problems)
    return replace(book, indicators=book.indicators.drop_duplicates("indicator_code"))


def standing_in(book: Book) -> pd.DataFrame:
    """The rows of the month's own return, without its corrections."""
    return book.returns[book.returns["file"] == book.workspace.relative(book.workspace.return_file(book.month))]


def plan_import(
    workspace: Workspace, month: pd.Period, files: list[Path], figures_for: str = "", year: str = "", dates: str = ""
) -> Plan:
    """What these files would do to the month's return. Nothing is written.

    ``figures_for`` is the period of figures without one and ``year`` the year of months without one, over what
    data/imports.yml says. ``dates``: day-first or month-first, where a column may be either. Raises ``InputError``,
    with the messages of all files, for what cannot be read as a table of figures.
    """
    book = known_book(workspace, month)
    years, standing = book.settings.years, standing_in(book)
    mapping = _told(read_mapping(workspace), figures_for, year, month, years)
    # An indicator that has ended may still send its last figures.
    known = pd.concat([book.indicators, book.others.indicators]).drop_duplicates("indicator_code")
    indicators = Indicators(known, mapping, years, book.settings.no_value_words, lambda: history_of(book))
    found, remarks, problems, received = [], [], [], {}
    for path in files:
        try:
            for layout in _tables(Path(path), mapping, years, month, remarks):
                layout, said = actuals_of(layout, mapping)
                reader = SheetReader(layout, mapping, indicators, month, dates)
                found += reader.read()
                remarks += said + reader.remarks
                received[f"{reader.sha256}{Path(path).suffix.lower()}"] = layout.sheet.raw
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    plan = make_plan(found, standing, newest_values(book.returns.drop(standing.index)), month, remarks)
    return replace(plan, received=received if book.settings.keep_returns else {})


def _told(mapping, figures_for, year, month, years):
    """The mapping with what the options say over its own, as periods and years are labelled."""
    period = Told(figures_for, "--figures-for") if figures_for else mapping.figures_for
    if period:
        period = period._replace(text=_label(period, str(month), "a month such as 2018-05", years))
    whole = Told(year, "--year") if year else mapping.year
    if whole and not re.fullmatch(r"\d{4}", whole.text):
        of_return = years.label(years.of(month))
        whole = whole._replace(text=_label(whole, of_return, f"a year such as {years.label(2018)}", years, months=12))
    return replace(mapping, figures_for=period, year=whole)


def _label(told, of_return, expected, years, months=None):
    try:
        span = read_period(of_return if told.text == "return" else told.text, years, hyphened=months == 12 or None)
    except MonthTextError:
        span = None
    if not span or span.months != (months or span.months):
        raise InputError(f"{told.by}: found '{told.text}'. Expected {expected}, or 'return' for that of the return.")
    return period_label(span, years)


def _tables(path: Path, mapping: Mapping, years: FinancialYears, month: pd.Period, remarks: list) -> list[Layout]:
    """A file's sheets with a full heading row; remarks on the others. Raises ``InputError`` where there is none."""
    sheets, notes = open_file(path)
    best = [_likeliest([find_layout(sheet, mapping, years) for sheet in kinds]) for kinds in sheets]
    alone = not any(layout.is_complete for layout in best)
    for place, layout in enumerate(best):
        best[place], found = find_period(layout, mapping, years, month, alone)
        notes += found
    full = [layout for layout in best if layout.is_complete]
    others = [layout for layout in best if not layout.is_complete and any(map(any, layout.sheet.rows))]
    problems = [
        message
        for layout in others
        if not full or any(map(mapping.near, layout.unknown.values()))
        for message in what_is_missing(layout, mapping)
    ]
    if problems or not full:
        raise InputError(problems or f"{path.name}: has no visible sheet with anything in it. Ask for it again.")
    remarks += notes
    remarks += [f"{layout.sheet}: has no table of figures, so it was left out." for layout in others]
    remarks += [f"{layout.sheet}: {layout.sheet.remark}." for layout in full if layout.sheet.remark]
    return full


def _likeliest(layouts):
    """The version of a sheet in which most headings are known. Two that are as good are refused."""
    first, *others = sorted(layouts, key=lambda layout: (layout.is_complete, layout.known), reverse=True)
    rivals = [other.sheet.remark for other in others if other.is_complete and other.known == first.known]
    if rivals:
        raise InputError(
            f"{first.sheet}: can be divided into cells in two ways ({first.sheet.remark}; {rivals[0]}). "
            "Expected one: save it as 'CSV UTF-8'."
        )
    return first


def return_lock(workspace: Workspace, month: pd.Period, patience: float = 60):
    """Hold the month's return, so that two imports at once do not lose each other's figures: one waits (seconds)."""
    return locked(
        workspace.beside_reports(".imports", f"{month}.lock"),
        patience,
        f"somebody else is importing into the return for {month}, for more than {patience:.0f} seconds now. "
        "Nothing was written. Import again when they have finished.",
    )


def write_return(workspace: Workspace, plan: Plan, today: date | None = None) -> Path:
    """Write what the plan adds and changes; return the file. Call it within ``return_lock``, as the plan was made.

    Before it come the officers' files, where they are kept, and where each figure was received (``today``, or on the
    day that it is): whatever ends it, no figure stands without its source. Raises ``InputError`` where a line is
    refused: nothing is written then.
    """
    path = workspace.return_file(plan.month)
    if plan.count(REFUSED):
        raise InputError(f"{plan.count(REFUSED)} lines are refused, so nothing was written.")
    merged = _merged(workspace, path, plan)
    given = _given(plan, {(row[0], read_month(row[1])) for row in merged[1:]})
    files: dict[Path, bytes | str] = {}
    for name, raw in plan.received.items():
        kept = workspace.data / "received" / name
        if any(line.source.sha256 == kept.stem for line in given) and not workspace.has(kept):
            files[kept] = raw
    if sources := _sources(workspace, given, plan.month, today or date.today()):
        files[workspace.sources_file(plan.month)] = sources
    if plan.to_write:
        files[path] = csv_text(merged)
    for place, content in files.items():
        name = workspace.relative(place)
        workspace.inside(place)
        with told_if_not_written(name, " It is as it was before."):
            write_whole(place, content)
    return path


def _given(plan, rows):
    """The lines that give a row of the return, those that it had already too, in order of codes and months."""
    given = [line for line in plan.lines if line.source and line.status in (NEW, CHANGED, SAME)]
    given = [line for line in given if (line.indicator_code, line.month) in rows]
    return sorted(given, key=lambda line: (natural_key(line.indicator_code), line.month))


def _sources(workspace, given, month, today):
    """The text of the return's sources with those of these lines; empty where all of them are there."""
    path = workspace.sources_file(month)
    rows = InputReader(workspace).table(path, tables.SOURCES, needed=False)[tables.SOURCES].values.tolist()
    known, before = {tuple(row[:-1]) for row in rows}, len(rows)
    for line in given:
        cells = (line.indicator_code, str(line.month), line.is_now, *line.source)
        if (cells := tuple(re.sub(UNSEEN, "�", each).strip() for each in cells)) not in known:
            rows.append([*cells, str(today)])
    return csv_text([tables.SOURCES, *(map(safe_cell, row) for row in rows)]) if len(rows) > before else ""


def _merged(workspace, path, plan):
    """The return's headings and rows, changed ones in their place and new ones after them.

    Optional columns that say something are kept; a changed figure loses what they said of the one before, and keeps it
    where its rating alone is another.
    """
    texts = InputReader(workspace).table(path, tables.RETURNS, tables.RETURNS_OPTIONAL, needed=False)
    given = {column for line in plan.to_write for column, text in line.beside.items() if text}
    columns = [*tables.RETURNS, *(each for each in tables.RETURNS_OPTIONAL if each in given or any(texts[each]))]
    rows = {(row[0], read_month(row[1])): row for row in texts[columns].values.tolist()}
    for line in plan.to_write:
        at = line.indicator_code, line.month
        stood = dict(zip(columns, rows.get(at, ()), strict=False))
        row = [line.indicator_code, str(line.month), "" if line.parts else line.is_now, line.note]
        said = dict(zip(tables.RETURNS, row, strict=True)) | line.beside
        if stood and line.was == line.is_now and line.note in ("", stood["note"]):
            said = stood | {"stated_rating": line.stated_rating}
        rows[at] = [said.get(column, "") for column in columns]
    return [columns, *rows.values()]
