"""Expected: what every row of data/actions.csv and data/questions.csv must hold (``suites/``)."""

from functools import partial
from pathlib import Path

import pandas as pd

from mpr_lib.actions.recorded import ACTION_STATES, QUESTION_KINDS, QUESTION_STATES
from mpr_lib.book.tables import committees

SUITES = sorted((Path(__file__).parent / "suites").glob("*.yml"))


def frames(book, scorecard, history) -> dict:
    """The batches by name, each as a function without arguments."""
    return {"actions": partial(_actions, book), "questions": partial(_questions, book)}


def parameters(book) -> dict:
    """The words that are known, and the committees of the settings and of the indicators."""
    named = {name for cell in book.indicators["scrutiny_committee"] for name in committees(cell)}
    known = list(dict.fromkeys([*(each.name for each in book.settings.committees), *sorted(named)]))
    words = {"action_states": ACTION_STATES, "question_states": QUESTION_STATES, "question_kinds": QUESTION_KINDS}
    return {"committee_names": known, **{name: list(allowed) for name, allowed in words.items()}}


def _actions(book):
    """Every row, whether its action's date or end needs a reason (needs_reason, what), and the date where it is set."""
    frame = _together(book.annexes["actions"].action_rows, "action_id", "action")
    before = frame.groupby("action_id")["due"].transform(lambda due: due.mask(due == "").ffill().shift())
    moved = (frame["due"] != "") & before.notna() & (frame["due"] != before)
    dropped, months = frame["state"] == "DROPPED", frame["reported_from"]
    last = max(book.month, pd.Period(book.workspace.newest_return or str(book.month), freq="M")) + 12
    return frame.assign(
        due_said=frame["due"].where(moved | frame["is_first"], ""), last_likely=last,
        first_day=[f"{each}-01" if each == each else "" for each in months],
        needs_reason=dropped | moved, what=dropped.map({True: "dropped", False: "due on another day than before"}),
    ).sort_values("row")  # fmt: skip


def _questions(book):
    """Every row, and whether it says that its question is answered."""
    frame = _together(book.annexes["actions"].question_rows, "question_id", "question")
    whole = frame.assign(**{name: _filled(frame, "question_id", name) for name in ("asked", "due", "answer")})
    answered = (frame["state"] == "ANSWERED") | (frame["answered"] != "")
    return whole.assign(
        is_answered=answered | ((frame["answer"] != "") & (frame["state"] == "")),
    ).sort_values("row")  # fmt: skip


def _together(rows, key, said):
    """The rows in the order in which they count; is_first of its id, each row as a whole, and of how many indicators
    (codes) and in how many wordings (texts) an id's rows speak.
    """
    frame = rows.sort_values("reported_from", kind="stable")
    own = frame.groupby(key)
    told = {name: own[column].transform(lambda texts: max(1, texts[texts != ""].nunique()))
            for name, column in (("codes", "indicator_code"), ("texts", said))}  # fmt: skip
    whole = frame.drop(columns=["file", "row"]).map(str).agg("|".join, axis=1) if len(frame) else ""
    none = frame[key] == ""
    told = {name: counts.mask(none, 1) for name, counts in told.items()}
    return frame.assign(is_first=~frame[key].duplicated() | none, whole=whole, **told)


def _filled(frame, key, column):
    """A column with the cells that a row leaves empty filled in from those of its id before it."""
    return frame[column].astype(object).mask(frame[column] == "").groupby(frame[key]).ffill().fillna("")
