"""Writing a return: all of an import or nothing, by one rename, with the rows that it does not touch kept."""

import csv
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pandas as pd
from filelock import FileLock, Timeout

from mpr_lib.book import tables
from mpr_lib.book.workspace import InputReader, Workspace
from mpr_lib.errors import InputError, RunError
from mpr_lib.intake.plan import REFUSED, Plan
from mpr_lib.rules.months import read_month

PATIENCE = 60.0
"""Seconds that an import waits for another one into the same return."""


@contextmanager
def return_lock(workspace: Workspace, month: pd.Period, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the month's return, so that two imports at once do not lose each other's figures."""
    path = workspace.outputs / ".imports" / f"{month}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        raise RunError(
            f"somebody else is importing into the return for {month}, for more than {patience:.0f} seconds now. "
            "Nothing was written. Import again when they have finished."
        ) from None
    try:
        yield
    finally:
        lock.release()


def write_return(workspace: Workspace, plan: Plan) -> Path:
    """Write what the plan adds and changes; return the file. Call it within ``return_lock``, as the plan was made.

    Raises ``InputError`` where a line is refused: nothing is written then.
    """
    path = workspace.return_file(plan.month)
    if plan.count(REFUSED):
        raise InputError(f"{plan.count(REFUSED)} lines are refused, so nothing was written.")
    if plan.to_write:
        rows = _merged(workspace, path, plan)
        try:
            _replace(path, _as_csv(rows))
        except OSError as error:
            name = workspace.relative(path)
            raise RunError(f"cannot write {name}: {error.strerror}. It is as it was before.") from None
    return path


def _merged(workspace, path, plan):
    """The return's headings and rows, changed ones in their place and new ones after them.

    Optional columns that say something are kept; a changed figure loses what they said of the one before.
    """
    rows, extra = [], []
    if path.is_file():
        texts = InputReader(workspace).table(path, tables.RETURNS, tables.RETURNS_OPTIONAL)
        extra = [column for column in tables.RETURNS_OPTIONAL if (texts[column] != "").any()]
        rows = texts[[*tables.RETURNS, *extra]].values.tolist()
    places = {(row[0], read_month(row[1])): place for place, row in enumerate(rows)}
    for line in plan.to_write:
        row = [line.indicator_code, str(line.month), line.is_now, line.note, *[""] * len(extra)]
        place = places.get((line.indicator_code, line.month))
        if place is None:
            rows.append(row)
        else:
            rows[place] = row
    return [[*tables.RETURNS, *extra], *rows]


def _as_csv(rows) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(rows)
    return text.getvalue().encode()


def _replace(path: Path, content: bytes) -> None:
    """Put new content in a file's place in one step, as safe from a cut of power as the system can."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path = path.resolve()
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
