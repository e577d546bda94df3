"""Importing: officers' files read, understood and compared with a month's return, before anything is written."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from mpr_lib.book.intake.codes import Codes
from mpr_lib.book.intake.grid import Sheet
from mpr_lib.book.intake.known import earlier_values, month_return, read_indicators, read_report_settings
from mpr_lib.book.intake.layout import Layout, find_layout, what_is_missing
from mpr_lib.book.intake.mapping import Mapping, read_mapping
from mpr_lib.book.intake.opening import open_file
from mpr_lib.book.intake.plan import Plan, make_plan
from mpr_lib.book.intake.rows import Indicators, SheetReader
from mpr_lib.book.intake.spans import Due
from mpr_lib.book.workspace import InputReader, Workspace
from mpr_lib.errors import InputError
from mpr_lib.rules.months import PERIODS, FinancialYears


def plan_import(workspace: Workspace, month: pd.Period, files: list[Path]) -> Plan:
    """What these files would do to the month's return. Nothing is written.

    Raises ``InputError``, with the messages of all files, for what cannot be read as a table of figures.
    """
    reader = InputReader(workspace)
    settings = read_report_settings(reader)
    mapping = read_mapping(workspace)
    known = _indicators(read_indicators(reader, settings), mapping, settings.years)
    found, remarks, problems = [], [], []
    for path in files:
        try:
            for sheet, layout in _tables(Path(path), mapping, settings.years, remarks):
                found += SheetReader(sheet, layout, mapping, known, month).read()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return make_plan(found, month_return(reader, month), earlier_values(reader, month), month, remarks)


def _indicators(frame, mapping, years) -> Indicators:
    known = frame.drop_duplicates("indicator_code").set_index("indicator_code")
    codes = Codes(known.index, mapping.codes)
    months = known.get("due_month", pd.Series(index=known.index, dtype=float))
    due = {
        code: Due(PERIODS.get(frequency, 1), None if pd.isna(month) else int(month))
        for code, frequency, month in zip(known.index, known["frequency"], months, strict=True)
    }
    return Indicators(codes, known["unit"].to_dict(), due, years)


def _tables(path: Path, mapping: Mapping, years: FinancialYears, remarks: list) -> Iterator[tuple[Sheet, Layout]]:
    """A file's sheets with a full heading row; remarks on the others. Raises ``InputError`` where there is none."""
    sheets, notes = open_file(path)
    best = [_likeliest([(sheet, find_layout(sheet, mapping, years)) for sheet in kinds]) for kinds in sheets]
    full = [(sheet, layout) for sheet, layout in best if layout and layout.is_complete]
    others = [(sheet, layout) for sheet, layout in best if any(map(any, sheet.rows)) and (sheet, layout) not in full]
    problems = [
        message
        for sheet, layout in others
        if not full or _has_near(layout, mapping)
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
    ranked = sorted(versions, key=lambda version: _rank(version[1]), reverse=True)
    first, others = ranked[0], ranked[1:]
    if others and _rank(first[1])[0] and _rank(others[0][1]) == _rank(first[1]):
        raise InputError(
            f"{first[0]}: can be divided into cells in two ways ({first[0].remark}; {others[0][0].remark}). "
            "Expected one: save it as 'CSV UTF-8'."
        )
    return first


def _rank(layout):
    return (layout.is_complete, layout.known()) if layout else (False, 0)


def _has_near(layout, mapping):
    return bool(layout) and any(mapping.near(text) for text in layout.unknown.values())
