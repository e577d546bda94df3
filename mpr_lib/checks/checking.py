"""Checking: a book's frames are made, the suites run on them, and what fails becomes findings."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from mpr_lib.book import history_of, month_named, read_book, scorecard_of
from mpr_lib.book.tables import MAY_BE_EMPTY
from mpr_lib.book.workspace import found
from mpr_lib.checks.findings import Changed, ExpectationResult, Finding, Quality, in_order
from mpr_lib.checks.frames import frames, parameters
from mpr_lib.checks.suites import READABLE, Entry, delivered, expected
from mpr_lib.errors import RunError

MOST = 500
"""Rows of which one expectation speaks one by one where they stop a report."""


def load_engine():
    """Import Great Expectations, so that a later ``run_checks`` does not wait for it; safe to call in a thread.

    Raises ``RunError`` where it is not there or cannot be imported.
    """
    try:
        # Loaded when needed: Great Expectations takes seconds, and a run starts its kernel first.
        from mpr_lib.checks import engine
    except ImportError as error:
        raise RunError(
            f"Great Expectations, which checks the data, cannot be loaded ({error}). Install the package again."
        ) from error
    return engine


def run_checks(book, scorecard, history, *, expectations: Iterable[Entry] | None = None) -> Quality:
    """Check a book, and the scorecard and history made from it, against every expectation, or against those given.

    Nothing in the data makes it fail: a frame that cannot be made or an expectation that cannot run is a critical
    finding. Frames are not changed. Raises ``InputError`` for faulty entries of params/expectations.yml.
    """
    changes, own = expected(book)
    entries = [*(delivered() if expectations is None else expectations), *(own if expectations is None else ())]
    made, errors = _made(frames(book, scorecard, history, changes), entries)
    engine, known = load_engine(), parameters(book)
    findings, failures = [], []
    ran: dict[str, bool] = {}
    with engine.ONE_AT_A_TIME:
        month = engine.Month(str(book.month), made, [each for each in entries if each.batch in made], known)
        verdicts = [verdict for name in made for verdict in month.verdicts(name)]
    verdicts += [engine.Verdict(each, [], errors[each.batch]) for each in entries if each.batch in errors]
    for verdict in verdicts:
        each = verdict.entry
        ran[each.name] = ran.get(each.name, True) and not verdict.error
        if verdict.error:
            failures.append(each.failure(verdict.error))
        elif each.name == READABLE:
            findings += _unreadable(each, made[each.batch].iloc[verdict.failing], book.problems, known)
        elif verdict.as_a_whole:
            findings.append(each.of_all(made[each.batch], known))
        elif verdict.failing:
            rows = each.rows(made[each.batch], verdict.failing)
            judged_by = month.judged_by(each, rows)
            rows = rows.drop(columns=judged_by.columns, errors="ignore").join(judged_by)
            findings += _each(each, rows, known)
    # That a check could not be run is critical whatever a workspace expects otherwise.
    kept, changed = applied(_without_consequences(findings), changes)
    kept = _without_unused_columns(kept, changes, made)
    one_each = {failure.expectation: failure for failure in reversed(failures)}
    found = in_order([*kept, *one_each.values()])
    return Quality(str(book.month), found, _results(entries, made, ran, found), changed)


def open_checks(workspace: str = "", month: str = ""):
    """A month's data and suites as a context of Great Expectations (``engine.Month``), for a notebook to try.

    Without a month the newest with figures. Raises ``InputError`` for what the workspace's files cannot mean.
    """
    place = found(workspace)
    book = read_book(place, month_named(place, month))
    history = history_of(book)
    made, entries = _all_made(book, scorecard_of(book, history), history)
    return load_engine().Month(str(book.month), made, entries, parameters(book)).stored()


def build_data_docs(book, scorecard, history, folder: Path) -> Path:
    """Build Great Expectations' own pages on a book's frames in a folder; returns the first page."""
    made, entries = _all_made(book, scorecard, history)
    made = {name: frame for name, frame in made.items() if len(frame)}
    wanted = [each for each in entries if each.batch in made]
    return load_engine().build_pages(str(book.month), made, wanted, parameters(book), folder)


def applied(findings: Iterable[Finding], changes) -> tuple[list[Finding], list[Changed]]:
    """Findings with their severity as the workspace wants it, those switched off left out; and what was changed.

    Where several changes fit a finding the last one stands.
    """
    kept, touched = [], [0] * len(changes)
    for finding in findings:
        severity = finding.severity
        fitting = [place for place, each in enumerate(changes) if each.fits(finding)]
        if fitting:
            touched[fitting[-1]] += 1
            severity = changes[fitting[-1]].severity
        if severity != "off":
            kept.append(replace(finding, severity=severity))
    return kept, [
        Changed(each.expectation, list(each.indicator_codes), each.says, each.reason, count)
        for each, count in zip(changes, touched, strict=True)
    ]


def _all_made(book, scorecard, history):
    """Every frame that can be made, and every entry: those delivered and the workspace's own."""
    changes, own = expected(book)
    entries = [*delivered(), *own]
    return _made(frames(book, scorecard, history, changes), entries)[0], entries


def _made(makers, entries):
    """The frames that the entries need, and why any of them could not be made."""
    made, errors = {}, {}
    for name in dict.fromkeys(each.batch for each in entries):
        try:
            made[name] = makers[name]()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it becomes a critical finding
            errors[name] = f"{type(error).__name__}: {error}"
    return made, errors


def _unreadable(each, rows, problems, known):
    """A finding for each cell of the failing rows that could not be read."""
    places = set(zip(rows["file"], rows["row"], strict=True))
    faulty = [place in places for place in zip(problems["file"], problems["row"], strict=True)]
    return _each(replace(each, text="found"), problems[faulty], known)


def _each(each, rows, known):
    """A finding for each row; of more than ``MOST`` that stop a report, which are one mistake, one for all the rest."""
    more = len(rows) - MOST if each.severity == "critical" else 0
    told = rows[: MOST + 1].to_dict("records") if more > 0 else rows.to_dict("records")
    if each.name == READABLE:
        kinds = {"word": "one of its words"}
        told = [row | {"kind": kinds.get(row["kind"], f"a {row['kind']}")} for row in told]
        found = [replace(each, in_column=row["column"]).finding(row, known) for row in told]
    else:
        found = [each.finding(row, known) for row in told]
    if more > 1:
        said = f"{found[-1].file} row {found[-1].row}: the same is wrong in this row and in {more - 1:,} more."
        found[-1] = replace(found[-1], message=said)
    return found


def _without_consequences(findings):
    """Findings without those of a cell that could not be read: what follows from that says nothing new."""
    unreadable = {(each.file, each.row, each.column) for each in findings if each.expectation == READABLE}
    return [
        each
        for each in findings
        if each.expectation == READABLE or (each.file, each.row, each.column) not in unreadable
    ]


def _without_unused_columns(findings, changes, made):
    """Findings without those about an optional column that the council leaves empty in every row: it does without it.

    What is critical stays, and what the workspace itself expects or wants to be told.
    """
    unused = {
        (each.name, each.in_column)
        for each in delivered()
        if each.in_column in {*MAY_BE_EMPTY} & {*made.get(each.batch, ())}
        and made[each.batch][each.in_column].isna().all()
    }
    return [
        each
        for each in findings
        if each.severity == "critical"
        or (each.expectation, each.column) not in unused
        or any(change.fits(each) for change in changes)
    ]


def _results(entries, made, ran, findings):
    """What became of each expectation, all entries of one name together."""
    results = []
    for name in dict.fromkeys(each.name for each in entries):
        of_name = [each for each in entries if each.name == name]
        first, means = of_name[0], dict.fromkeys(each.means for each in of_name)
        checked = sum(len(made[batch]) for batch in dict.fromkeys(each.batch for each in of_name) if batch in made)
        count = sum(finding.expectation == name for finding in findings)
        said = " ".join(means)
        results.append(ExpectationResult(name, first.severity, first.characteristic, said, checked, count, ran[name]))
    return results
