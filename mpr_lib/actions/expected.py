"""Expected: what every row of data/actions.csv and data/questions.csv must hold (``suites/``)."""

from pathlib import Path

import pandas as pd

from mpr_lib.actions.recorded import ACTION_STATES, QUESTION_KINDS, QUESTION_STATES
from mpr_lib.book.tables import committees

SUITES = sorted((Path(__file__).parent / "suites").glob("*.yml"))


def frames(book, scorecard, history) -> dict:
    """The batches by name, each as a function without arguments."""
    return {"actions": lambda: _actions(book), "questions": lambda: _questions(book)}


def parameters(book) -> dict:
    """The words that are known, and the committees of the settings and of the indicators."""
    named = {name for cell in book.indicators["scrutiny_committee"] for name in committees(cell)}
    return {
        "committee_names": list(dict.fromkeys([*(each.name for each in book.settings.committees), *sorted(named)])),
        "action_states": ACTION_STATES,
        "question_states": QUESTION_STATES,
        "question_kinds": QUESTION_KINDS,
    }


def _actions(book):
    """Every row, whether its action's date or end needs a reason (needs_reason, what), and the date where it is set."""
    frame = _together(book.annexes["actions"].action_rows, "action_id", "action")
    before = _carried(frame, "action_id", "due").groupby(frame["action_id"])["due"].shift()
    moved = (frame["due"] != "") & before.notna() & (frame["due"] != before)
    dropped, months = frame["state"] == "DROPPED", frame["reported_from"]
    last = max(book.month, pd.Period(book.workspace.newest_return or str(book.month), freq="M")) + 12
    return frame.assign(
        due_said=frame["due"].where(moved | frame["is_first"], ""), last_likely=last,
        first_day=months.dt.strftime("%Y-%m-01").fillna(""),
        needs_reason=dropped | moved, what=dropped.map({True: "dropped", False: "due on another day than before"}),
    ).sort_values("row")  # fmt: skip


def _questions(book):
    """Every row, and whether it says that its question is answered."""
    frame = _together(book.annexes["actions"].question_rows, "question_id", "question")
    answered = (frame["state"] == "ANSWERED") | (frame["answered"] != "")
    is_answered = answered | ((frame["answer"] != "") & (frame["state"] == ""))
    told = _carried(frame, "question_id", "asked", "due", "answer").fillna("")
    return frame.assign(is_answered=is_answered, **told).sort_values("row")


def _together(rows, key, said):
    """The rows in the order in which they count; is_first of its id, each row as a whole, and of how many indicators
    (codes) and in how many wordings (texts) an id's rows speak. A row without an id stands for itself.
    """
    frame = rows.sort_values("reported_from", kind="stable")
    ids = frame[key].astype(object).where(frame[key] != "", frame["row"])
    given = frame[["indicator_code", said]].replace("", None).groupby(ids)
    counts = given.transform("nunique").clip(lower=1).set_axis(["codes", "texts"], axis=1)
    whole = ["|".join(map(str, cells)) for cells in frame.drop(columns=["file", "row"]).itertuples(index=False)]
    return frame.assign(is_first=~ids.duplicated(), whole=whole, **counts)


def _carried(frame, key, *columns):
    """The columns, with what an id's rows before say where a row leaves a cell empty; missing where none says it."""
    return frame[[*columns]].replace("", None).groupby(frame[key]).ffill()
