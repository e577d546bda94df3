"""Judging: one row of data/judgements.csv written or taken out, every other byte of the file left as it is."""

import csv
import io
from dataclasses import dataclass

import pandas as pd

from mpr_lib.book.tables import JUDGEMENTS
from mpr_lib.book.workspace import Workspace, decode, read_table
from mpr_lib.desk.saving import ChangedMeanwhile, plain, version_of, write_whole, writing_lock
from mpr_lib.errors import InputError, MonthTextError
from mpr_lib.rules.months import month_label, read_month
from mpr_lib.rules.outcome import JUDGED


@dataclass(frozen=True)
class Judgement:
    """One row of data/judgements.csv as texts, and the version of its bytes, empty where there is no row."""

    expected_outcome: str = ""
    reason: str = ""
    role: str = ""
    date: str = ""
    until: str = ""
    version: str = ""


def read_judgement(workspace: Workspace, month: pd.Period, code: str) -> Judgement:
    """The last judgement recorded for an indicator in this very month."""
    table = _Table(workspace)
    return table.judgement(table.find(code, month))


def record_judgement(workspace: Workspace, month: pd.Period, code: str, judgement: Judgement) -> Judgement:
    """Write a judgement over the version it names, or add it; return it as it now stands.

    Raises ``InputError`` without outcome, reason, role or date, and ``ChangedMeanwhile`` if the row is another by now.
    """
    _check(code, month, judgement)
    with writing_lock(workspace):
        table = _Table(workspace)
        place = table.find(code, month)
        _same(table.judgement(place), judgement.version, code)
        write_whole(table.path, table.with_row(place, code, month, judgement))
        return read_judgement(workspace, month, code)


def withdraw_judgement(workspace: Workspace, month: pd.Period, code: str, version: str) -> None:
    """Take the month's judgement out, so that the rating speaks again."""
    with writing_lock(workspace):
        table = _Table(workspace)
        place = table.find(code, month)
        if place is None:
            raise InputError(
                f"{code} has no judgement of {month_label(month)} to withdraw. One from an earlier month that still "
                "stands is ended by its 'until' in data/judgements.csv."
            )
        _same(table.judgement(place), version, code)
        write_whole(table.path, table.without_row(place))


class _Table:
    """data/judgements.csv as the lines that each of its rows takes up."""

    def __init__(self, workspace):
        self.path = workspace.data / "judgements.csv"
        name = workspace.relative(self.path)
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            raise InputError(f"{name} is missing. Add it with the headings {', '.join(JUDGEMENTS)}.") from None
        self.mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
        self.text = decode(raw, name)
        read_table(self.text, name, JUDGEMENTS)
        self.rows = _rows_with_lines(self.text)
        self.heading = [cell.strip() for cell in self.rows[0][0]]
        self.line_end = "\r\n" if "\r\n" in self.text else "\n"

    def find(self, code, month):
        """The place of the last row on an indicator and month, or None."""
        found = [place for place in range(1, len(self.rows)) if self._concerns(place, code, month)]
        return found[-1] if found else None

    def _concerns(self, place, code, month):
        cells = self._cells(place)
        try:
            return cells.get("indicator_code") == code and read_month(cells.get("month", "")) == month
        except MonthTextError:
            return False

    def _cells(self, place):
        return dict(zip(self.heading, (cell.strip() for cell in self.rows[place][0]), strict=False))

    def judgement(self, place):
        if place is None:
            return Judgement()
        cells = self._cells(place)
        kept = {name: cells.get(name, "") for name in ("expected_outcome", "reason", "role", "date", "until")}
        return Judgement(**kept, version=version_of(self.rows[place][1].encode()))

    def with_row(self, place, code, month, judgement):
        values = {"indicator_code": code, "month": str(month), **vars(judgement)}
        written = io.StringIO(newline="")
        writer = csv.writer(written, lineterminator=self.line_end)
        writer.writerow([plain(str(values.get(name, ""))).replace("\n", " ") for name in self.heading])
        lines = [text for _, text in self.rows]
        if place is None:
            if lines and not lines[-1].endswith(("\n", "\r")):
                lines[-1] += self.line_end
            return self._bytes([*lines, written.getvalue()])
        return self._bytes([*lines[:place], written.getvalue(), *lines[place + 1 :]])

    def without_row(self, place):
        return self._bytes([text for at, (_, text) in enumerate(self.rows) if at != place])

    def _bytes(self, lines):
        return self.mark + "".join(lines).encode()


def _rows_with_lines(text):
    """Each row's cells beside the text that it takes up; blank lines are rows without cells."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(lines), strict=True)
    rows, start = [], 0
    for cells in reader:
        rows.append((cells, "".join(lines[start : reader.line_num])))
        start = reader.line_num
    return rows


def _same(now, version, code):
    if now.version != version:
        raise ChangedMeanwhile(
            f"The judgement on {code} was changed by somebody else meanwhile. Nothing was overwritten.", now
        )


def _check(code, month, judgement):
    if judgement.expected_outcome not in JUDGED:
        raise InputError(f"Choose the expected outcome of {code}: one of {', '.join(JUDGED)}.")
    given = {name: plain(getattr(judgement, name)) for name in ("reason", "role", "date")}
    missing = [name for name, text in given.items() if not text]
    if missing:
        raise InputError(
            f"The judgement on {code} lacks its {' and its '.join(missing)}. It needs a reason, the role of whoever "
            "makes it, and a date."
        )
    if judgement.until and _until(judgement.until) < month:
        raise InputError(
            f"The judgement on {code} ends in {judgement.until}, before it begins in {month_label(month)}."
        )


def _until(text):
    try:
        return read_month(text)
    except MonthTextError as error:
        raise InputError(f"Until which month the judgement stands: {error}") from None
