"""Checks of approvals: their rows, what is approved no longer or not at all, and rows that were there once."""

import json
from datetime import date
from pathlib import Path

import pandas as pd

from mpr_lib.approvals.approvals import COLUMNS, NAME, WHAT, known, of_month, waiting
from mpr_lib.errors import InputError
from mpr_lib.files import read_whole
from mpr_lib.words import WHY_UNAPPROVED

SUITES = sorted((Path(__file__).parent / "suites").glob("approvals*.yml"))


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
    sets, outputs = "[12]???-[01]?/manifest.json", book.workspace.outputs
    paths = [*sorted(outputs.glob(sets)), *sorted(outputs.glob(f"*/{sets}"))]
    return [row for row in dict.fromkeys(row for path in paths for row in _named(path)) if row not in there]


def _named(path):
    """The approvals that a manifest names; none of one that cannot be read, of which a run tells itself."""
    try:
        said = json.loads(read_whole(path, path.name)).get("approvals", [])
        return [tuple(str(each[column]) for column in COLUMNS) for each in said]
    except (InputError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
