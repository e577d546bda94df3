"""Recorded: data/actions.csv and data/questions.csv, what stands of each row in a month's report, and what each holds.

Rows are only ever added. A later row of the same id says what became of it: the newest that is not after the reporting
month stands, of one month the last in the file, and a cell that it leaves empty is that of the rows before it.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from mpr_lib.book import Workspace, tables
from mpr_lib.book.workspace import InputReader, append_rows
from mpr_lib.errors import InputError, near
from mpr_lib.files import csv_text
from mpr_lib.rules.codes import slug
from mpr_lib.rules.owed import Waiting
from mpr_lib.words import day_words, names_no_action

ACTIONS = ["action_id", "indicator_code", "action", "role", "due", "expected_effect", "state", "reported_from",
           "closed", "reason"]  # fmt: skip
QUESTIONS = ["question_id", "committee", "asked", "indicator_code", "question", "kind", "answer", "role", "due",
             "answered", "state", "reported_from"]  # fmt: skip
FILES = {"data/actions.csv": ACTIONS, "data/questions.csv": QUESTIONS}
"""The headings of both files."""
ACTION_STATES = ["OPEN", "DONE", "DROPPED"]
ENDED = ACTION_STATES[1:]
QUESTION_STATES = ["OPEN", "ANSWERED", "WITHDRAWN"]
QUESTION_KINDS = ["QUESTION", "RECOMMENDATION"]
BECAME = ("LATE", "NEW", "CARRIED_OVER", "DONE", "DROPPED")
"""What has become of an action by a month's report: the first three are open."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """The rows of both tables, as received, and what stands of them in the month's report (``standing``)."""

    action_rows: pd.DataFrame
    question_rows: pd.DataFrame
    actions: pd.DataFrame
    questions: pd.DataFrame

    def of(self, code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The standing actions and questions on one indicator."""
        actions, questions = (frame[frame["indicator_code"] == code] for frame in (self.actions, self.questions))
        return actions, questions


def read_recorded(reader, month: pd.Period, settings) -> Recorded:
    """Read both files, which need not be there; cells that cannot be read are added to ``reader.problems``."""
    root = reader.workspace.root
    acted, asked = (tables.read(reader, root / name, columns, needed=False) for name, columns in FILES.items())
    last = asked["answered"].where(asked["answered"] != "", asked["asked"])
    month_of_last = pd.to_datetime(last, format="%Y-%m-%d", errors="coerce").dt.to_period("M")
    stated = asked["reported_from"].fillna(month_of_last)
    asked = asked.assign(committee=asked["committee"].replace(settings.committee_spelt), reported_from=stated)
    return Recorded(acted, asked, actions_standing(acted, month), questions_standing(asked, month))


def begins(month: str) -> dict[str, str]:
    """Both files with headings alone, for a new workspace."""
    return {name: csv_text([columns]) for name, columns in FILES.items()}


def standing(rows: pd.DataFrame, key: str, month: pd.Period) -> pd.DataFrame:
    """One row for each id (``key``): the newest not after a month, its empty cells filled in from those before it.

    ``rows`` needs indicator_code, due, reported_from. Adds began, the month of the first report that had it, and
    first_due, the date that was given first. Rows without an id or a month to count from stand nowhere.
    """
    known = rows[(rows["reported_from"] <= month) & (rows[key] != "")].sort_values("reported_from", kind="stable")
    of_each = known.replace("", None).groupby(key, sort=False)
    first = of_each[["reported_from", "due"]].first().set_axis(["began", "first_due"], axis=1)
    found = of_each.last().join(first).sort_values("row").reset_index()
    return found.assign(**found.select_dtypes(["object", "str"]).fillna(""))


def actions_standing(rows: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """``standing`` of the actions, with became (``BECAME``): late ones first, those that ended last, by date due."""
    found = standing(rows, "action_id", month)
    told = [became(each.state, each.due, each.began, month) for each in found.itertuples()]
    found = found.assign(became=pd.Series(told, found.index, dtype="str"))
    by_due = found.sort_values("due", kind="stable")
    return by_due.sort_values("became", key=lambda states: states.map(BECAME.index), kind="stable")


def became(state: str, due: str, began: pd.Period, month: pd.Period) -> str:
    """What has become of an action by a month's report: late where it is open on the last day of the month or after.

    A state that is unknown counts as open.

    >>> became("OPEN", "2018-05-31", pd.Period("2018-04"), pd.Period("2018-05"))
    'LATE'
    """
    if state in ENDED:
        return state
    if due and due <= str(month.end_time.date()):
        return "LATE"
    return "NEW" if began == month else "CARRIED_OVER"


def is_open(actions: pd.DataFrame) -> pd.Series:
    """Whether each of the standing actions is open."""
    return actions["became"].isin(BECAME[:3])


def is_doing(actions: pd.DataFrame) -> pd.Series:
    """Whether each of the standing actions is open and says what is done: an empty phrase is none."""
    return is_open(actions) & ~actions["action"].map(names_no_action).astype(bool)


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
    return set(actions.loc[is_doing(actions), "indicator_code"])


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


def add_row(workspace: Workspace, month: str, which: str, said: dict[str, str]) -> str:
    """Add a row to data/actions.csv that counts from a month's report on, and say so; every byte before it stays.

    ``which`` is an indicator's code, also as pages name it (cp-5-4), for a new action with the next free id, or the id
    of an action. Raises ``InputError`` for what is neither, for a state or a date that is none, and for a row that
    says nothing.
    """
    name = "data/actions.csv"
    with workspace.one_writer():
        reader = InputReader(workspace)
        rows = reader.table(workspace.root / name, ACTIONS, needed=False)
        described = reader.table(workspace.data / "indicators.csv", tables.INDICATORS, tables.INDICATORS_OPTIONAL)
        row = _checked(rows, set(described["indicator_code"]), which, said) | {"reported_from": str(month)}
        append_rows(workspace, name, ACTIONS, [{column: " ".join(text.split()) for column, text in row.items()}])
    return f"{row['action_id']} on {row['indicator_code']} has one more row in {name}, from {month} on."


def _checked(rows, codes, which, said):
    known = rows[rows["action_id"] == which]
    code = next((each for each in codes if slug(each) == slug(which)), "")
    given = {name: text for name, text in said.items() if text}
    if known.empty and not code:
        ids = [each for each in dict.fromkeys(rows["action_id"]) if each]
        hint = near(which, {*codes, *ids}) or (f" The newest action is {ids[-1]}." if ids else "")
        raise InputError(f"'{which}' is neither an indicator's code nor an action's id.{hint}")
    if not given or (known.empty and "action" not in given):
        raise InputError("The row would say nothing. Expected --what for a new action, --state or --due for another.")
    if given.get("state", "OPEN").upper() not in ACTION_STATES:
        raise InputError(f"'{given['state']}' is not a known state. Expected {', '.join(ACTION_STATES)}.")
    if expected := tables.read_cell("due", given.get("due", ""))[1]:
        raise InputError(f"cannot read '{given['due']}' as a date. {expected}")
    _has_its_reason(known, which, given)
    if len(known):
        return {"action_id": which, "indicator_code": known["indicator_code"].iloc[-1]} | given
    numbers = rows["action_id"].str.extract(r"^A-(\d{1,9})$")[0].dropna().astype(int)
    return {
        "action_id": f"A-{numbers.max() + 1 if len(numbers) else 1}",
        "indicator_code": code,
        "state": "OPEN",
    } | given


def _has_its_reason(known, which, given):
    """Refuse a row without a reason that the checks would ask for one."""
    state, due = (next((text for text in reversed([*known[name]]) if text), "") for name in ("state", "due"))
    new = given.get("state", state).upper()
    moved, otherwise = "due" in given and due not in ("", given["due"]), state in ENDED and new != state
    if not given.get("reason") and ((new == "DROPPED" and "state" in given) or moved or otherwise):
        raise InputError(f"{which} is {_unlike(otherwise, moved)}, and no reason is given. Expected why, as --reason.")


def _unlike(otherwise, moved):
    """What an action is that needs a reason: not as it had ended, moved, or dropped."""
    return "not as it had ended" if otherwise else "due on another day than before" if moved else "dropped"


def frames(book, scorecard, history) -> dict:
    """The batches by name, each as a function without arguments."""
    return {"actions": lambda: _actions(book), "questions": lambda: _questions(book)}


def parameters(book) -> dict:
    """The words that are known, and the committees of the settings and of the indicators."""
    named = {name for cell in book.indicators["scrutiny_committee"] for name in tables.committees(cell)}
    return {
        "committee_names": list(dict.fromkeys([*(each.name for each in book.settings.committees), *sorted(named)])),
        "action_states": ACTION_STATES,
        "question_states": QUESTION_STATES,
        "question_kinds": QUESTION_KINDS,
    }


def _actions(book):
    """Every row, whether its action's date or end needs a reason (needs_reason, what), and the date where it is set.

    One that had ended and is open again, or ended in another way, needs one too.
    """
    frame = _together(book.annexes["actions"].action_rows, "action_id", "action")
    before = _carried(frame, "action_id", "due").groupby(frame["action_id"])["due"].shift()
    moved = (frame["due"] != "") & before.notna() & (frame["due"] != before)
    stood = _carried(frame, "action_id", "state").groupby(frame["action_id"])["state"].shift()
    otherwise = stood.isin(ENDED) & (frame["state"] != "") & (frame["state"] != stood)
    dropped, months = frame["state"] == "DROPPED", frame["reported_from"]
    return frame.assign(
        due_said=frame["due"].where(moved | frame["is_first"], ""), last_likely=book.last_likely,
        first_day=months.dt.strftime("%Y-%m-01").fillna(""),
        needs_reason=dropped | moved | otherwise, what=list(map(_unlike, otherwise, moved & ~dropped)),
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
