"""The chase list in words: lines, a table for a terminal, CSV, and a text for each officer's mail."""

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.book import Book, Workspace
from mpr_lib.errors import MprError
from mpr_lib.files import csv_text, safe_cell, write_whole
from mpr_lib.owed.chase import OWED, chase_list, groups
from mpr_lib.rules.months import month_label
from mpr_lib.rules.owed import Waiting
from mpr_lib.run.console import plain, say_lines, say_table
from mpr_lib.words import counted

NOBODY = {"officer": "No officer stated", "department": "No department stated"}
HEADINGS = ("indicator_code", "short_name", "kind", "month", "late_by", "shared_with", "remark")
WHAT = {"value": "Figure", "commentary": "Comment", "proxy": "Proxy", "judgement": "Judgement"}
ASKED = {
    "value": "Figures",
    "commentary": "Comments: why, what is being done, what to expect",
    "proxy": "Proxies: please send the true figure as soon as there is one",
    "judgement": "Judgements that end: please renew them, or the rating alone will decide",
}


def summary(listed: pd.DataFrame, month: pd.Period, waiting: Sequence[Waiting] = ()) -> str:
    """What the list comes to in a line or two."""
    kinds = listed["kind"].tolist()
    proxies, judgements = kinds.count("proxy"), kinds.count("judgement")
    owed = len(kinds) - proxies - judgements
    others = sum(each.is_owed for each in waiting)
    said = f"{owed_words(listed)} {'is' if owed == 1 else 'are'} owed." if owed else "everything is in."
    if others:
        waited = f"{counted(others, 'thing')} more {'is' if others == 1 else 'are'} waited for."
        said = f"{said} {waited}" if owed else waited
    rest = [counted(proxies, "proxy", "proxies")] * bool(proxies)
    rest += [f"{counted(judgements, 'judgement')} about to end"] * bool(judgements)
    return f"{month_label(month)}: {said}" + (f" To know: {', '.join(rest)}." if rest else "")


def next_command(listed: pd.DataFrame, workspace: Workspace, month: pd.Period) -> str:
    """What to do next for the month's report: the command, or for comments where they are written."""
    kinds, sent = {*listed["kind"]}, workspace.return_file(month).is_file()
    if not workspace.month_settings(month).is_file():
        return f"mpr next {month}"
    import_ = f"mpr import {month} FILE… --write"
    if "value" in kinds and not sent:
        return import_ if (workspace.root / "templates" / str(month)).is_dir() else f"mpr template {month}"
    more = f"; for what still comes: {import_}" if "value" in kinds else ""
    if "commentary" in kinds:
        place = workspace.relative(workspace.commentary_folder(month))
        return f"the comments, in {place} or at the desk (mpr desk){more}"
    published = (workspace.outputs / str(month)).is_dir()
    return ("mpr site" if published else f"mpr check {month} && mpr run {month}") + more


def owed_words(listed: pd.DataFrame) -> str:
    """How many figures and comments are owed: '7 figures and 1 comment'."""
    counts = {kind: int((listed["kind"] == kind).sum()) for kind in OWED}
    return " and ".join(counted(count, WHAT[kind].lower()) for kind, count in counts.items() if count)


def merged(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for the figures of one indicator: months in words, the longest delay, what was said last."""
    keys = ["indicator_code", "kind"]
    rows = rows.assign(months=rows["month"])
    last = dict.fromkeys(rows.columns.drop(keys), "last")
    said = {"value_text": lambda texts: next(filter(None, reversed(texts.tolist())), "")}
    told = last | said | {"months": words.months_text, "late_by": "max"}
    return rows.groupby(keys, sort=False).agg(told).reset_index()


def late_words(late_by) -> str:
    """How late a figure is; empty for what has no day of its own.

    >>> late_words(0), late_words(1.0), late_words(float("nan"))
    ('due with this report', '1 month late', '')
    """
    if pd.isna(late_by):
        return ""
    return f"{counted(int(late_by), 'month')} late" if late_by else "due with this report"


def remark(row, month: pd.Period) -> str:
    """What else whoever is asked should know."""
    outcome = words.lowered(words.OUTCOMES.get(row.expected_outcome, row.expected_outcome))
    if row.kind == "commentary":
        return outcome or f"there was one in {month_label(month - 1)}"
    if row.kind == "proxy":
        return f"'{row.value_text}' stands in until the true figure comes"
    if row.kind == "judgement":
        return f"'{outcome}' ends with {month_label(row.month)}"
    newest = "no figure yet" if pd.isna(row.newest_month) else f"newest figure {month_label(row.newest_month)}"
    return f"'{row.value_text}' was received; {newest}" if row.value_text else newest


def show(listed: pd.DataFrame, book: Book, by: str) -> None:
    """Print the list: a table on a terminal, elsewhere tab-separated lines under a line of headings."""
    if not sys.stdout.isatty():
        say_lines(_lines(listed, book, by))
        return
    rows = []
    for name, part in groups(listed, by):
        rows.append(("bold cyan", [name or NOBODY[by]]))
        for row in merged(part).itertuples():
            said = remark(row, book.month) + (f"; shared with {row.shared_with}" if row.shared_with else "")
            cells = ["", row.indicator_code, WHAT[row.kind], row.months, late_words(row.late_by), said]
            rows.append(("bold" if row.kind in OWED else "dim", cells))
    say_table(("", "Indicator", "Owed", "Month", "Late", "Remark"), rows)


def show_waiting(waiting: Sequence[Waiting]) -> None:
    """Print what else a month waits for: a table on a terminal, elsewhere lines with tabs."""
    rows = [[each.who, each.indicator_code, each.what] for each in sorted(waiting, key=lambda each: not each.is_owed)]
    if not rows:
        return
    if sys.stdout.isatty():
        styles = ("dim", "bold")
        owed = sorted((each.is_owed for each in waiting), reverse=True)
        say_table(("Who", "Indicator", "Also waited for"), zip((styles[each] for each in owed), rows, strict=True))
    else:
        say_lines([["who", "indicator_code", "waits_for"], *rows])


def write_csv(listed: pd.DataFrame, book: Book, by: str, path: Path) -> int:
    """Write the list as CSV for spreadsheets, whole or not at all; how many rows. No cell is run as a formula."""
    lines = [[safe_cell(plain(cell)) for cell in cells] for cells in _lines(listed, book, by)]
    root = Path(os.path.realpath(book.workspace.root))
    if any(Path(os.path.realpath(path)).is_relative_to(root / name) for name in ("data", "params")):
        raise MprError(f"{path} lies among the workspace's own inputs. Name a file outside of data and params.")
    try:
        # A folder that was mistyped is refused here, and not made.
        path.parent.stat()
        write_whole(path, f"\ufeff{csv_text(lines)}")
    except OSError as error:
        raise MprError(f"{path} cannot be written: {error.strerror}. Name another file.") from None
    return len(lines) - 1


def mails(listed: pd.DataFrame, book: Book, by: str) -> list[str]:
    """A short text for each officer or department, to be pasted into a mail."""
    written = {name or NOBODY[by]: _mail(rows, book) for name, rows in groups(listed, by)}
    return [f"To: {name}\nSubject: {subject}\n\n{text}" for name, (subject, text) in written.items()]


def chased(book: Book, today: date) -> dict[str, tuple[str, str, bool]]:
    """By officer who owes something: subject and text of a mail with all of it, and whether a figure is among it.

    What nobody answers for stands under an empty name.
    """
    listed, others = chase_list(book), {}
    found = dict(groups(listed, "officer"))
    for each in (each for waits in brought("waits").values() for each in waits(book, today) if each.is_owed):
        others.setdefault(each.who, []).append(f"- {each.indicator_code} {each.what}".replace("-  ", "- "))
    made = {}
    for name in dict.fromkeys([*found, *others]):
        rows = found.get(name, listed.iloc[:0])
        if name in others or rows["kind"].isin(OWED).any():
            made[name] = (*_mail(rows, book, others.get(name, ())), bool(rows["kind"].eq("value").any()))
    return made


def _mail(rows, book, others=()):
    """A mail's subject and its text; ``others`` are lines of what else is waited for."""
    report = f"{book.settings.title} for {month_label(book.month)}"
    owed = ", and ".join(filter(None, [owed_words(rows), counted(len(others), "other thing") if others else ""]))
    subject = f"{report}: {f'{owed} still owed' if owed else 'nothing owed, to know'}"
    lines = [f"The {report} still waits for:" if owed else f"Nothing is owed for the {report}. To know:"]
    whole = merged(rows)
    for kind, asked in ASKED.items():
        part = whole[whole["kind"] == kind]
        lines += ["", asked] * bool(len(part))
        lines += [f"- {_item(row, book.month)}" for row in part.itertuples()]
    lines += ["", "Also", *others] if others else []
    contacts = list(map(str, book.settings.contacts))
    lines += ["", f"Please send it to: {'; '.join(contacts)}."] if owed and contacts else []
    return plain(subject), "\n".join(plain(line) for line in lines) + "\n"


def _item(row, month):
    about = [row.months] * (row.kind in ("value", "proxy")) + [late_words(row.late_by), remark(row, month)]
    shared = f" (shared with {row.shared_with})" if row.shared_with else ""
    return f"{row.indicator_code} {row.short_name}: {', '.join(filter(None, about))}{shared}"


def _lines(listed, book, by):
    """Headings and rows of texts, one for each month of a figure."""
    other = "department" if by == "officer" else "managed_by"
    yield [by, "department" if by == "officer" else "officer", *HEADINGS]
    for name, rows in groups(listed, by):
        for row in rows.itertuples():
            late_by = "" if pd.isna(row.late_by) else str(int(row.late_by))
            cells = [name, getattr(row, other), row.indicator_code, row.short_name, row.kind, str(row.month)]
            yield [*cells, late_by, row.shared_with, remark(row, book.month)]
