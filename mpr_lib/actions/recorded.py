"""Recorded: data/actions.csv and data/questions.csv, and what stands of each row in a month's report.

Rows are only ever added. A later row of the same id says what became of it: the newest that is not after the reporting
month stands, of one month the last in the file, and a cell that it leaves empty is that of the rows before it.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from mpr_lib.book import tables
from mpr_lib.rules.owed import Waiting
from mpr_lib.words import day_words

ACTIONS = ["action_id", "indicator_code", "action", "role", "due", "expected_effect", "state", "reported_from",
           "closed", "reason"]  # fmt: skip
QUESTIONS = ["question_id", "committee", "asked", "indicator_code", "question", "kind", "answer", "role", "due",
             "answered", "state", "reported_from"]  # fmt: skip
FILES = ("data/actions.csv", "data/questions.csv")
ACTION_STATES = ("OPEN", "DONE", "DROPPED")
QUESTION_STATES = ("OPEN", "ANSWERED", "WITHDRAWN")
QUESTION_KINDS = ("QUESTION", "RECOMMENDATION")
BECAME = ("LATE", "NEW", "CARRIED_OVER", "DONE", "DROPPED")
"""What has become of an action by a month's report: the first three are open."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """The rows of both tables, as received, and what stands of them in the month's report (``standing``)."""

    action_rows: pd.DataFrame
    question_rows: pd.DataFrame
    actions: pd.DataFrame
    questions: pd.DataFrame


def read_recorded(reader, month: pd.Period, settings) -> Recorded:
    """Read both files, which need not be there; cells that cannot be read are added to ``reader.problems``."""
    acted, asked = (
        tables.read(reader, reader.workspace.root / name, columns, needed=False)
        for name, columns in zip(FILES, (ACTIONS, QUESTIONS), strict=True)
    )
    spelt = {text: each.name for each in settings.committees for text in each.spellings}
    last = asked["answered"].where(asked["answered"] != "", asked["asked"])
    stated = asked["reported_from"].fillna(pd.Series(_months(last), asked.index))
    asked = asked.assign(committee=asked["committee"].replace(spelt), reported_from=stated)
    return Recorded(acted, asked, actions_standing(acted, month), questions_standing(asked, month))


def begins(month: str) -> dict[str, str]:
    """Both files with headings alone, for a new workspace."""
    return {name: ",".join(columns) + "\n" for name, columns in zip(FILES, (ACTIONS, QUESTIONS), strict=True)}


def standing(rows: pd.DataFrame, key: str, month: pd.Period) -> pd.DataFrame:
    """One row for each id (``key``): the newest not after a month, its empty cells filled in from those before it.

    ``rows`` needs indicator_code, due, reported_from. Adds began, the month of the first report that had it, and
    first_due, the date that was given first. Rows without an id or a month to count from stand nowhere.
    """
    known = rows[(rows["reported_from"] <= month) & (rows[key] != "")].sort_values("reported_from", kind="stable")
    texts = known.select_dtypes(["object", "str"]).astype(object)
    filled = texts.mask(texts == "").groupby(known[key].to_numpy()).ffill().fillna("")
    first = {"began": known.groupby(key)["reported_from"].transform("min")}
    first["first_due"] = known["due"].astype(object).mask(known["due"] == "").groupby(known[key].to_numpy()).bfill()
    began = known.assign(**first).drop_duplicates(key).set_index(key)[list(first)]
    newest = known.assign(**filled).drop_duplicates(key, keep="last")
    return newest.join(began, on=key).fillna({"first_due": ""}).sort_values("row", kind="stable").reset_index(drop=True)


def actions_standing(rows: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """``standing`` of the actions, with became (``BECAME``): late ones first, those that ended last, by date due."""
    found = standing(rows, "action_id", month)
    told = [became(each.state, each.due, each.began, month) for each in found.itertuples()]
    found = found.assign(became=pd.Series(told, found.index, dtype="str"))
    order = found["became"].map(BECAME.index)
    return found.assign(order=order).sort_values(["order", "due"], kind="stable").drop(columns="order")


def became(state: str, due: str, began: pd.Period, month: pd.Period) -> str:
    """What has become of an action by a month's report: late where it is open on the last day of the month or after.

    A state that is unknown counts as open.

    >>> became("OPEN", "2018-05-31", pd.Period("2018-04"), pd.Period("2018-05"))
    'LATE'
    """
    if state in ("DONE", "DROPPED"):
        return state
    if due and due <= str(month.end_time.date()):
        return "LATE"
    return "NEW" if began == month else "CARRIED_OVER"


def is_open(actions: pd.DataFrame) -> pd.Series:
    """Whether each of the standing actions is open."""
    return actions["became"].isin(BECAME[:3])


def questions_standing(rows: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """``standing`` of the questions, those that wait for an answer (is_open) first, by the day they were asked.

    An empty state is told from the answer.
    """
    found = standing(rows, "question_id", month)
    told = pd.Series("OPEN", found.index).mask(found["answer"] != "", "ANSWERED")
    found = found.assign(state=found["state"].where(found["state"] != "", told))
    found = found.assign(is_open=~found["state"].isin(QUESTION_STATES[1:]))
    return found.sort_values(["is_open", "asked"], ascending=[False, True], kind="stable").reset_index(drop=True)


def acted_on(book) -> set[str]:
    """Codes of the indicators on which an action is open."""
    actions = book.annexes["actions"].actions
    return set(actions.loc[is_open(actions), "indicator_code"])


def waits(book, today: date) -> list[Waiting]:
    """Questions whose answer is overdue, which are owed, and actions that are late, by a day and not by the month."""
    recorded, now, day = book.annexes["actions"], pd.Period(today, freq="M"), str(today)
    asked, acted = questions_standing(recorded.question_rows, now), actions_standing(recorded.action_rows, now)
    asked = asked[asked["is_open"] & (asked["due"] != "") & (asked["due"] < day)]
    acted = acted[is_open(acted) & (acted["due"] != "") & (acted["due"] < day)]
    answers = [(each, f"an answer to {each.committee}", each.question, True) for each in asked.itertuples()]
    ends = [(each, f"what became of {each.action_id}", each.action, False) for each in acted.itertuples()]
    return [
        Waiting(each.role, each.indicator_code, f"{what}, due {day_words(each.due)}: {said}", is_owed)
        for each, what, said, is_owed in answers + ends
    ]


def _months(days):
    """The months of days, missing where a text is no day."""
    return pd.PeriodIndex(pd.to_datetime(days, format="%Y-%m-%d", errors="coerce"), freq="M")
