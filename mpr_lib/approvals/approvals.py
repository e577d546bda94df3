"""Approvals: rows of data/approvals.csv, each with the fingerprint of what was approved: it fits, or it is void."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from mpr_lib.book import Book, Workspace, read_book, scorecard_of, tables
from mpr_lib.book.commentary import WITHHELD, comment_file, read_comment, with_front_matter
from mpr_lib.book.workspace import InputReader, append_rows
from mpr_lib.errors import InputError, RunError
from mpr_lib.files import csv_text, fingerprint, read_whole, write_whole
from mpr_lib.rules.owed import Waiting
from mpr_lib.run.console import plain

COLUMNS = ["what", "indicator_code", "month", "fingerprint", "role", "date"]
NAME = "data/approvals.csv"
WHAT = ("comment", "figures")
WHY = {
    "DRAFT": "it is a draft",
    "CHANGED": "changed since it was approved",
    "NOT_APPROVED": "nobody has approved it yet",
}
"""Why something does not count as approved, for officers."""


def read_approvals(reader: InputReader, month: pd.Period, settings) -> pd.DataFrame:
    """Every approval as recorded, of all months: ``COLUMNS``, file, row; the month and date read, their texts beside.

    A workspace without the file has none.
    """
    return tables.read(reader, reader.workspace.root / NAME, COLUMNS, needed=False)


def begins(month: str) -> dict[str, str]:
    """The file that a new workspace begins with."""
    return {NAME: csv_text([COLUMNS])}


def of_comment(text: str) -> str:
    """The fingerprint of a comment's words; line ends and other white space are no words.

    >>> of_comment("Fewer days.\\r\\n\\r\\nMore work. ") == of_comment("Fewer days.\\nMore work.")
    True
    """
    return fingerprint(" ".join(text.split()).encode())


def of_figures(book: Book) -> dict[str, str]:
    """The fingerprint of each indicator's figures as they stand in the book, months and flags with them, by code."""
    known = book.values[book.values["month"] <= book.month].sort_values("month", kind="stable")
    parts = ["month", "value_text", "numerator_text", "denominator_text", "is_provisional"]
    rows = known[["indicator_code", *parts]].astype("str").groupby("indicator_code")
    return {code: fingerprint(csv_text(part[parts].to_numpy()).encode()) for code, part in rows}


def to_approve(book: Book, what: str) -> dict[str, str]:
    """What there is to approve, by code: comments' words, or the fingerprints of figures."""
    if what == "figures":
        return of_figures(book)
    return dict(zip(book.commentary["indicator_code"], book.commentary["text"], strict=True))


def of_month(book: Book) -> pd.DataFrame:
    """The approvals of the book's month, with ``fits``: whether what was approved is still as it was.

    Those of comments that a public edition withholds are left out: it cannot tell.
    """
    rows, comments = book.annexes["approvals"], book.commentary  # type: ignore[attr-defined]
    withheld = comments.loc[comments["text"] == WITHHELD, "indicator_code"]
    rows = rows[rows["month"].eq(book.month) & ~(rows["what"].eq("comment") & rows["indicator_code"].isin(withheld))]
    texts = {code: of_comment(text) for code, text in to_approve(book, "comment").items()}
    now = {"comment": texts, "figures": of_figures(book) if rows["what"].eq("figures").any() else {}}
    named = zip(rows["what"], rows["indicator_code"], rows["fingerprint"], strict=True)
    return rows.assign(fits=[now.get(what, {}).get(code) == mark for what, code, mark in named])


def known(book: Book, what: str) -> dict[str, str]:
    """Of each indicator with an approval of that kind this month: APPROVED where one fits, else CHANGED."""
    rows = of_month(book)
    fits = rows[rows["what"] == what].groupby("indicator_code")["fits"].any()
    return {code: "APPROVED" if fit else "CHANGED" for code, fit in fits.items()}


def states(book: Book) -> dict[str, str]:
    """What approvals say of the month's comments, by code (``book.commentary.with_approval``)."""
    return known(book, "comment")


def unapproved_figures(book: Book, scorecard: pd.DataFrame) -> dict[str, str]:
    """Why the figures of an indicator do not count as approved, by code: their approval is void, or required and not
    there. ``scorecard`` needs indicator_code and value.
    """
    required = "figures" in book.settings.approval
    shown, given = scorecard.loc[scorecard["value"].notna(), "indicator_code"], known(book, "figures")
    found = {code: given.get(code, "NOT_APPROVED" if required else "APPROVED") for code in shown}
    return {code: why for code, why in found.items() if why != "APPROVED"}


def waiting(book: Book, what: str) -> dict[str, str]:
    """Why each indicator's comment, or its figures, waits for an approval, by code (``WHY``)."""
    if what == "figures":
        wanted = "figures" in book.settings.approval or book.annexes["approvals"]["what"].eq("figures").any()  # type: ignore[index]
        return unapproved_figures(book, scorecard_of(book)) if wanted else {}
    of_report = book.commentary[book.commentary["indicator_code"].isin(book.indicators["indicator_code"])]
    pairs = zip(of_report["indicator_code"], of_report["unapproved"], strict=True)
    return {code: why for code, why in pairs if why}


def waits(book: Book, today: date) -> list[Waiting]:
    """What of a month waits for its approval, and for whom: the role that gave the last one, else the officers."""
    rows = book.annexes["approvals"]
    last = rows.drop_duplicates(["what", "indicator_code"], keep="last").set_index(["what", "indicator_code"])["role"]  # type: ignore[attr-defined]
    officers = book.indicators.drop_duplicates("indicator_code").set_index("indicator_code")["managed_by"]
    owed = book.settings.publish_unapproved != "allow"
    return [
        Waiting(last.get((what, code), officers[code]), code, f"approval of the {what}: {WHY[why]}", owed)
        for what in WHAT
        for code, why in waiting(book, what).items()
    ]


def explain(book: Book) -> list[dict[str, str]]:
    """What a manifest says of the approvals that count in its month's report: ``COLUMNS`` of each."""
    rows, drafts = of_month(book), book.commentary.loc[book.commentary["unapproved"] != "", "indicator_code"]
    kept = rows[rows["fits"] & ~(rows["what"].eq("comment") & rows["indicator_code"].isin(drafts))]
    told = kept.assign(month=kept["month"].astype("str"), date=kept["date_text"])[COLUMNS].drop_duplicates()
    return told.to_dict("records")


def record(workspace: Workspace, month: pd.Period, what: str, seen: Mapping[str, str], role: str, day: date) -> int:
    """Add a row for each indicator's comment or figures, and say so in the comments' front matter.

    ``seen`` is what was approved, by code: a comment's words, or the figures' fingerprint. Returns how many rows are
    new: what is recorded already is not recorded twice. Raises ``InputError`` without a role, and for what is not there
    or another by now; ``RunError`` where a file cannot be written.
    """
    role = " ".join(plain(role).split())
    if not role:
        raise InputError("Say in which role you approve this, for example: Head of HR.")
    with workspace.one_writer():
        if what == "figures":
            stands, marks = of_figures(read_book(workspace, month, begun=True)), seen
        else:
            stands = {code: of_comment(read_comment(workspace, month, code).text) for code in seen}
            marks = {code: of_comment(text) for code, text in seen.items()}
        if others := [code for code, mark in marks.items() if stands.get(code) != mark]:
            raise InputError(f"The {what} of {others[0]} changed meanwhile. Nothing was approved. Look at it again.")
        rows = [[what, code, str(month), mark, role, str(day)] for code, mark in marks.items()]
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        try:
            added = append_rows(workspace, NAME, COLUMNS, rows)
            for code in seen if what == "comment" else ():
                _say_approved(workspace, month, code, {"role": role, "date": day, "state": "approved"})
        except OSError as error:
            raise RunError(f"The approval could not be written: {error.strerror}. Approve it again.") from None
    return added


def _say_approved(workspace, month, code, fields):
    """Have a comment's file say what its row says, its words as they are; one that says so already stays."""
    path, comment = comment_file(workspace, month, code), read_comment(workspace, month, code)
    if comment.state != "approved":
        write_whole(path, with_front_matter(read_whole(path, path.name), comment.text, fields))
