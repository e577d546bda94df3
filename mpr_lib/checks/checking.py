"""Checking: a book's tables are made, the expectations run on them, and what fails becomes findings."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pandas as pd

from mpr_lib.annexes import brought
from mpr_lib.checks.catalogue import CATALOGUE
from mpr_lib.checks.changes import SETTING_TABLES, applied
from mpr_lib.checks.declaration import Expectation
from mpr_lib.checks.findings import ExpectationResult, Finding, Quality, in_order
from mpr_lib.checks.history_tables import HISTORY_TABLES
from mpr_lib.checks.partnership_tables import PARTNERSHIP_TABLES
from mpr_lib.checks.shown_tables import SHOWN_TABLES, months_shown
from mpr_lib.checks.tables import INPUT_TABLES, allowed_words
from mpr_lib.checks.year_tables import YEAR_TABLES
from mpr_lib.errors import RunError


def load_engine():
    """Import Great Expectations, so that a later ``run_checks`` does not wait for it; safe to call in a thread.

    Raises ``RunError`` where it is not there or cannot be imported.
    """
    try:
        from mpr_lib.checks import engine
    except ImportError as error:
        raise RunError(
            f"Great Expectations, which checks the data, cannot be loaded ({error}). Install the package again."
        ) from error
    return engine


def run_checks(book, scorecard, history, *, expectations: Iterable[Expectation] = CATALOGUE) -> Quality:
    """Check a book, and the scorecard and history made from it, against every expectation.

    Nothing in the data makes it fail: a table that cannot be made or an expectation that cannot run is a critical
    finding. Frames are not changed.
    """
    expectations = list(expectations)
    tables, errors = _made(_makers(book, scorecard, history), expectations)
    runnable = [each for each in expectations if each.table in tables and len(tables[each.table])]
    verdicts = {}
    if runnable:
        verdicts = {each.expectation.name: each for each in load_engine().validate(tables, runnable, _parameters(book))}
    findings, failures, results = [], [], []
    for expectation in expectations:
        verdict = verdicts.get(expectation.name)
        error = errors.get(expectation.table) or (verdict.error if verdict else "")
        failing = verdict.failing if verdict else []
        if error:
            failures.append(expectation.failure(error))
        else:
            findings += findings_of(expectation, tables[expectation.table], failing)
        results.append((expectation, len(tables.get(expectation.table, ())), not error))
    # That a check could not be run is critical whatever a workspace expects otherwise.
    kept, changes = applied(_without_consequences(findings), book.settings.expectations)
    found = in_order([*kept, *failures])
    return Quality(str(book.month), found, [_result(*result, found) for result in results], changes)


def build_data_docs(book, scorecard, history, folder: Path) -> Path:
    """Build Great Expectations' own pages on a book's check tables in a folder; returns the first page."""
    load_engine()
    from mpr_lib.checks.data_docs import build_pages

    tables, _ = _made(_makers(book, scorecard, history), CATALOGUE)
    runnable = [each for each in CATALOGUE if each.table in tables and len(tables[each.table])]
    return build_pages(tables, runnable, _parameters(book), folder)


def findings_of(expectation: Expectation, table: pd.DataFrame, failing: list[int]) -> list[Finding]:
    """The findings that the failing rows of a check table make, one for each group that ``one_per`` names."""
    rows = table.iloc[failing]
    if expectation.one_per:
        rows = rows.drop_duplicates(list(expectation.one_per))
    return [expectation.finding(row) for row in rows.to_dict("records")]


_OTHERS = (*PARTNERSHIP_TABLES, *(make for annex in brought("checks").values() for make in annex.TABLES))


def _makers(book, scorecard, history):
    """Every check table by name, as a function without arguments, so that one can fail alone."""
    of_book = {make.__name__: partial(make, book) for make in (*INPUT_TABLES, *YEAR_TABLES, *SETTING_TABLES, *_OTHERS)}
    shown = (*SHOWN_TABLES, *HISTORY_TABLES)
    return of_book | {make.__name__: partial(make, book, scorecard, history) for make in shown}


def _made(makers, expectations):
    """The tables that the expectations need, and why any of them could not be made."""
    tables, errors = {}, {}
    for name in dict.fromkeys(expectation.table for expectation in expectations):
        try:
            tables[name] = makers[name]()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it becomes a critical finding
            errors[name] = f"{type(error).__name__}: {error}"
    return tables, errors


def _parameters(book):
    """What the expectations need to know of this book."""
    return {
        "codes": [code for code in book.indicators["indicator_code"].unique() if code],
        "words": [f"{column} {word}" for column, words in allowed_words(book).items() for word in words],
        "no_single_department": [book.settings.no_single_department],
        "years": sorted(book.targets["financial_year"].dropna().unique().tolist()),
        "later_months_shown": [str(month) for month in months_shown(book)[1:]],
    }


def _without_consequences(findings):
    """Findings without those of a cell that could not be read: what follows from that says nothing new."""
    unreadable = {(each.file, each.row, each.column) for each in findings if each.expectation == "cell_is_readable"}
    return [
        each
        for each in findings
        if each.expectation == "cell_is_readable" or (each.file, each.row, each.column) not in unreadable
    ]


def _result(expectation, checked, ran, findings):
    made = sum(finding.expectation == expectation.name for finding in findings)
    return ExpectationResult(
        expectation.name, expectation.severity, expectation.characteristic, expectation.means,
        checked, made, ran,
    )  # fmt: skip
