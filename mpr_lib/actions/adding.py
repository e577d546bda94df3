"""Adding: one more row at the end of data/actions.csv, under the lock that the desk's saves take."""

from datetime import date

from mpr_lib.actions.recorded import ACTION_STATES, ACTIONS, FILES
from mpr_lib.book import Workspace
from mpr_lib.book.tables import INDICATORS, INDICATORS_OPTIONAL
from mpr_lib.book.workspace import InputReader, append_rows
from mpr_lib.errors import InputError, near


def add_row(workspace: Workspace, month: str, which: str, said: dict[str, str]) -> str:
    """Add a row that counts from a month's report on, and say so; every byte before it stays as it is.

    ``which`` is an indicator's code, for a new action with the next free id, or the id of an action. Raises
    ``InputError`` for what is neither, for a state or a date that is none, and for a row that says nothing.
    """
    with workspace.one_writer():
        reader = InputReader(workspace)
        rows = reader.table(workspace.root / FILES[0], ACTIONS, needed=False)
        described = reader.table(workspace.data / "indicators.csv", INDICATORS, INDICATORS_OPTIONAL)
        row = _checked(rows, set(described["indicator_code"]), which, said) | {"reported_from": str(month)}
        append_rows(workspace, FILES[0], ACTIONS, [{name: " ".join(text.split()) for name, text in row.items()}])
    return f"{row['action_id']} on {row['indicator_code']} has one more row in data/actions.csv, from {month} on."


def _checked(rows, codes, which, said):
    known = rows[rows["action_id"] == which]
    given = {name: text for name, text in said.items() if text}
    if known.empty and which not in codes:
        raise InputError(f"'{which}' is neither an indicator's code nor an action's id.{near(which, codes)}")
    if not given or (known.empty and "action" not in given):
        raise InputError("The row would say nothing. Expected --what for a new action, --state or --due for another.")
    if given.get("state", "OPEN").upper() not in ACTION_STATES:
        raise InputError(f"'{given['state']}' is not a known state. Expected {', '.join(ACTION_STATES)}.")
    try:
        date.fromisoformat(given.get("due", "2018-06-21"))
    except ValueError:
        raise InputError(f"cannot read '{given['due']}' as a date. Expected a date such as 2018-06-21.") from None
    number = 1 + max([int(each) for each in rows["action_id"].str.extract(r"^A-(\d{1,9})$")[0].dropna()], default=0)
    if known.empty:
        return {"action_id": f"A-{number}", "indicator_code": which, "state": "OPEN"} | given
    return {"action_id": which, "indicator_code": known["indicator_code"].iloc[-1]} | given
