"""Importing: officers' files read, understood and compared with a month's return, then written: all or nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from mpr_lib.book import tables
from mpr_lib.book.book import Book, newest_values, read_book
from mpr_lib.book.workspace import InputReader, Workspace
from mpr_lib.errors import InputError, RunError
from mpr_lib.files import csv_text, locked, write_whole
from mpr_lib.intake.headings import Layout, Mapping, find_layout, read_mapping, what_is_missing
from mpr_lib.intake.opening import open_file
from mpr_lib.intake.plan import Plan, make_plan
from mpr_lib.intake.rows import REFUSED, Indicators, SheetReader
from mpr_lib.intake.spreadsheet import Sheet
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


def plan_import(workspace: Workspace, month: pd.Period, files: list[Path]) -> Plan:
    """What these files would do to the month's return. Nothing is written.

    Raises ``InputError``, with the messages of all files, for what cannot be read as a table of figures.
    """
    book, mapping = known_book(workspace, month), read_mapping(workspace)
    years, standing = book.settings.years, standing_in(book)
    indicators = Indicators(book.indicators, mapping, years)
    found, remarks, problems = [], [], []
    for path in files:
        try:
            for sheet, layout in _tables(Path(path), mapping, years, remarks):
                found += SheetReader(sheet, layout, mapping, indicators, month).read()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return make_plan(found, standing, newest_values(book.returns.drop(standing.index)), month, remarks)


def _tables(path: Path, mapping: Mapping, years: FinancialYears, remarks: list) -> Iterator[tuple[Sheet, Layout]]:
    """A file's sheets with a full heading row; remarks on the others. Raises ``InputError`` where there is none."""
    sheets, notes = open_file(path)
    best = [_likeliest([(sheet, find_layout(sheet, mapping, years)) for sheet in kinds]) for kinds in sheets]
    full = [(sheet, layout) for sheet, layout in best if layout.is_complete]
    others = [(sheet, layout) for sheet, layout in best if not layout.is_complete and any(map(any, sheet.rows))]
    problems = [
        message
        for sheet, layout in others
        if not full or any(map(mapping.near, layout.unknown.values()))
        for message in what_is_missing(layout, sheet, mapping)
    ]
    if problems or not full:
        raise InputError(problems or f"{path.name}: has no visible sheet with anything in it. Ask for it again.")
    remarks += notes
    remarks += [f"{sheet}: has no table of figures, so it was left out." for sheet, _ in others]
    remarks += [f"{sheet}: {sheet.remark}." for sheet, _ in full if sheet.remark]
    yield from full


def _likeliest(versions):
    """The version of a sheet in which most headings are known. Two that are as good are refused."""
    (sheet, layout), *others = sorted(versions, key=lambda version: _rank(version[1]), reverse=True)
    if layout.is_complete and others and _rank(others[0][1]) == _rank(layout):
        raise InputError(
            f"{sheet}: can be divided into cells in two ways ({sheet.remark}; {others[0][0].remark}). "
            "Expected one: save it as 'CSV UTF-8'."
        )
    return sheet, layout


def _rank(layout):
    return layout.is_complete, layout.known


PATIENCE = 60.0
"""Seconds that an import waits for another one into the same return."""


def return_lock(workspace: Workspace, month: pd.Period, patience: float = PATIENCE):
    """Hold the month's return, so that two imports at once do not lose each other's figures."""
    return locked(
        workspace.outputs / ".imports" / f"{month}.lock",
        patience,
        f"somebody else is importing into the return for {month}, for more than {patience:.0f} seconds now. "
        "Nothing was written. Import again when they have finished.",
    )


def write_return(workspace: Workspace, plan: Plan) -> Path:
    """Write what the plan adds and changes; return the file. Call it within ``return_lock``, as the plan was made.

    Raises ``InputError`` where a line is refused: nothing is written then.
    """
    path = workspace.return_file(plan.month)
    if plan.count(REFUSED):
        raise InputError(f"{plan.count(REFUSED)} lines are refused, so nothing was written.")
    if plan.to_write:
        text = csv_text(_merged(workspace, path, plan))
        try:
            write_whole(path, text)
        except OSError as error:
            name = workspace.relative(path)
            raise RunError(f"cannot write {name}: {error.strerror}. It is as it was before.") from None
    return path


def _merged(workspace, path, plan):
    """The return's headings and rows, changed ones in their place and new ones after them.

    Optional columns that say something are kept; a changed figure loses what they said of the one before.
    """
    rows, extra = {}, []
    if path.is_file():
        texts = InputReader(workspace).table(path, tables.RETURNS, tables.RETURNS_OPTIONAL)
        extra = [column for column in tables.RETURNS_OPTIONAL if (texts[column] != "").any()]
        rows = {(row[0], read_month(row[1])): row for row in texts[[*tables.RETURNS, *extra]].values.tolist()}
    for line in plan.to_write:
        row = [line.indicator_code, str(line.month), line.is_now, line.note, *[""] * len(extra)]
        rows[line.indicator_code, line.month] = row
    return [[*tables.RETURNS, *extra], *rows.values()]
