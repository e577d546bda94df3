"""Approvals: rows of data/approvals.csv, each with the fingerprint of what was approved: it fits, or it is void."""

import json
from collections.abc import Mapping
from datetime import date

import pandas as pd

from mpr_lib.book import Book, Workspace, read_book, scorecard_of, tables
from mpr_lib.book.commentary import WITHHELD, comment_file, read_comment, with_front_matter
from mpr_lib.book.workspace import MONTHS, InputReader, append_rows
from mpr_lib.errors import InputError, RunError
from mpr_lib.files import csv_text, fingerprint, read_whole, write_whole
from mpr_lib.rules.owed import Waiting
from mpr_lib.run.console import plain
from mpr_lib.words import WHY_UNAPPROVED

COLUMNS = ["what", "indicator_code", "month", "fingerprint", "role", "date"]
NAME = "data/approvals.csv"
WHAT = ("comment", "figures")


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


def known(book: Book, what: str = "comment") -> dict[str, str]:
    """Of each indicator with an approval of that kind this month: APPROVED where one fits, else CHANGED.

    Of comments that is what approvals say of their states (``book.commentary.with_approval``).
    """
    rows = of_month(book)
    fits = rows[rows["what"] == what].groupby("indicator_code")["fits"].any()
    return {code: "APPROVED" if fit else "CHANGED" for code, fit in fits.items()}


def waiting(book: Book, what: str, scorecard: pd.DataFrame | None = None) -> dict[str, str]:
    """Why each indicator's comment, or its figures, waits for an approval, by code (``words.WHY_UNAPPROVED``).

    Figures do where their approval is void, or required and not there. ``scorecard``, where it is known already, needs
    indicator_code and value.
    """
    if what == "comment":
        of_report = book.commentary[book.commentary["indicator_code"].isin(book.indicators["indicator_code"])]
        pairs = zip(of_report["indicator_code"], of_report["unapproved"], strict=True)
        return {code: why for code, why in pairs if why}
    given, otherwise = known(book, "figures"), "NOT_APPROVED" if "figures" in book.settings.approval else ""
    if not given and not otherwise:
        return {}
    shown = (scorecard_of(book) if scorecard is None else scorecard).dropna(subset="value")["indicator_code"]
    found = {code: given.get(code, otherwise) for code in shown}
    return {code: why for code, why in found.items() if why not in ("", "APPROVED")}


def waits(book: Book, today: date) -> list[Waiting]:
    """What of a month waits for its approval, and for whom: the role that gave the last one, else the officers."""
    rows = book.annexes["approvals"].itertuples()  # type: ignore[attr-defined]
    last = {(row.what, row.indicator_code): row.role for row in rows}
    officers = book.indicators.drop_duplicates("indicator_code").set_index("indicator_code")["managed_by"]
    owed = book.settings.publish_unapproved != "allow"
    return [
        Waiting(last.get((what, code), officers[code]), code, f"approval of the {what}: {WHY_UNAPPROVED[why]}", owed)
        for what in WHAT
        for code, why in waiting(book, what).items()
    ]


def explain(book: Book) -> list[dict[str, str]]:
    """What a manifest says of the approvals that count in its month's report: ``COLUMNS`` of each."""
    rows, drafts = of_month(book), book.commentary.loc[book.commentary["unapproved"] != "", "indicator_code"]
    kept = rows[rows["fits"] & ~(rows["what"].eq("comment") & rows["indicator_code"].isin(drafts))]
    return kept.astype({"month": "str"})[COLUMNS].drop_duplicates().to_dict("records")


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
        comments = {code: read_comment(workspace, month, code) for code in seen if what == "comment"}
        if what == "figures":
            stands, marks = of_figures(read_book(workspace, month, begun=True)), seen
        else:
            stands = {code: of_comment(comment.text) for code, comment in comments.items()}
            marks = {code: of_comment(text) for code, text in seen.items()}
        if others := [code for code, mark in marks.items() if stands.get(code) != mark]:
            raise InputError(f"The {what} of {others[0]} changed meanwhile. Nothing was approved. Look at it again.")
        common = {"what": what, "month": month, "role": role, "date": day}
        rows = [common | {"indicator_code": code, "fingerprint": mark} for code, mark in marks.items()]
        told = {"role": role, "date": day, "state": "approved"}
        try:
            added = append_rows(workspace, NAME, COLUMNS, rows)
            for code, comment in comments.items():
                if comment.state != "approved":
                    path = comment_file(workspace, month, code)
                    write_whole(path, with_front_matter(read_whole(path, path.name), comment.text, told))
        except OSError as error:
            raise RunError(f"The approval could not be written: {error.strerror}. Approve it again.") from None
    return added


def frames(book, scorecard, history) -> dict:
    """The batches by name, each as a function without arguments."""
    return {"approvals": lambda: _rows(book), "approvals_asked": lambda: _asked(book, scorecard)}


def parameters(book) -> dict:
    """What the suites need to know."""
    return {"approved_things": list(WHAT)}


def _rows(book):
    """Every row of the file; ``void`` says what is approved no longer, in the month's newest row of it; ``ahead``
    a date that is still to come, by the day on which the report says that it is made, or by this one.
    """
    rows, ours, of_one = book.annexes["approvals"], of_month(book), ["what", "indicator_code"]
    ours = ours[~ours.groupby(of_one)["fits"].transform("any").astype(bool)].drop_duplicates(of_one, keep="last")
    made = book.month_settings.generated
    last = max(date.today(), made.date() if made else date.min)
    dates = pd.to_datetime(rows["date_text"], format="%Y-%m-%d", errors="coerce")
    said = {"comment": "the comment was changed", "figures": "the figures were changed"}
    return rows.assign(void=ours["what"].map(said), ahead=rows["date_text"].where(dates > pd.Timestamp(last)))


def _asked(book, scorecard):
    """What the month lacks, a row of one ``kind`` for each: figures that are not approved (``unmarked`` where the
    settings publish them so), a state ``approved`` without its row, and rows that a published manifest names and that
    are ``gone``.
    """
    column = "unmarked" if book.settings.publish_unapproved == "allow" else "unapproved"
    found = [{"indicator_code": code, "file": NAME, column: WHY_UNAPPROVED[why]}
             for code, why in waiting(book, "figures", scorecard).items()]  # fmt: skip
    if "comments" in book.settings.approval:
        recorded = known(book)
        said = book.commentary[(book.commentary["state"] == "approved") & (book.commentary["unapproved"] == "")]
        found += [{"indicator_code": row.indicator_code, "file": row.file, "unrecorded": row.state}
                  for row in said.itertuples() if recorded.get(row.indicator_code) != "APPROVED"]  # fmt: skip
    found += [{"indicator_code": code, "file": NAME, "gone": f"{role}, {day}: the {what} of {month}"}
              for what, code, month, _, role, day in _gone(book)]  # fmt: skip
    columns = ["indicator_code", "file", "unapproved", "unmarked", "unrecorded", "gone"]
    officers = book.indicators.drop_duplicates("indicator_code").set_index("indicator_code")["managed_by"]
    frame = pd.DataFrame(found, columns=columns, dtype="str")
    months = pd.Series(book.month, frame.index, dtype="period[M]")
    return frame.assign(month=months, managed_by=frame["indicator_code"].map(officers))


def _gone(book):
    """The rows that manifests of published months, public ones too, name and the file has no longer: each once.

    A file that is gone as a whole is told of with the other inputs.
    """
    if NAME not in book.inputs:
        return []
    rows = book.annexes["approvals"].astype({"month": "str"})[COLUMNS]
    there = set(rows.itertuples(index=False, name=None))
    sets, outputs = f"{MONTHS}/manifest.json", book.workspace.outputs
    paths = [*sorted(outputs.glob(sets)), *sorted(outputs.glob(f"*/{sets}"))]
    return [row for row in dict.fromkeys(row for path in paths for row in _named(path)) if row not in there]


def _named(path):
    """The approvals that a manifest names; none of one that cannot be read, of which a run tells itself."""
    try:
        said = json.loads(read_whole(path, path.name)).get("approvals", [])
        return [tuple(str(each[column]) for column in COLUMNS) for each in said]
    except (InputError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
