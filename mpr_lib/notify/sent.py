"""Sent: mails that go once. Each is recorded before it is sent and after it; what cannot be recorded is not sent."""

from collections.abc import Iterable
from datetime import date
from email.message import EmailMessage
from typing import NamedTuple

from mpr_lib.book.settings import Mail
from mpr_lib.book.workspace import InputReader, Workspace, append_rows
from mpr_lib.errors import InputError
from mpr_lib.files import fingerprint, locked, safe_cell, told_if_not_written
from mpr_lib.notify.notify import addressed, post

SENT = "data/sent.csv"
PRIVATE = (SENT, "data/officers.csv")
COLUMNS = ["date", "month", "step", "managed_by", "address", "what", "message_id", "state"]
SENDING, DONE, REFUSED, UNKNOWN = "sending", "sent", "refused", "unknown"
EARLIER, PLANNED, LEFT = "sent before", "to send", "left"
PATIENCE = 60.0
MOST_REFUSED = 3
"""So many mails in a row that a server does not take, and the others are left for another time."""


class Letter(NamedTuple):
    """A message for one address: about which month and step, for whom by name (or nobody), and what it is.

    ``message`` has a subject and its content; the rest of its head is written when it is sent.
    """

    month: str
    step: str
    managed_by: str
    to: str
    what: str
    message: EmailMessage

    @property
    def address(self) -> str:
        """What tells the address from others in data/sent.csv, which is kept for years, without naming it."""
        return fingerprint(self.to.lower().encode())[:16]


def send(place: Workspace, mail: Mail | None, day: date, letters: Iterable) -> list[tuple[Letter, str, str]]:
    """Send each letter (``Letter``'s parts in order) that did not go before; return each with ``sent``, ``refused`` or
    ``unknown``, and why or when.

    ``sent before`` went earlier. ``unknown`` is what was begun and of which nobody knows whether it went, now or
    earlier: it is never sent again by itself. ``left`` are those after some that the server did not take. Without
    ``mail`` nothing is sent or recorded: ``to send``. Raises ``MprError`` where data/sent.csv cannot be read or
    written: nothing more is sent then.
    """
    refusal = f"somebody else is sending mails, for more than {PATIENCE:.0f} seconds now. Nothing was sent."
    with locked(place.beside_reports(".sent", "sent.lock"), PATIENCE, refusal):
        known, ended, refused = _standing(place), [], 0
        for each in map(Letter._make, letters):
            state, said = LEFT, "the server did not take those before"
            if refused < MOST_REFUSED:
                state, said = _sent(place, mail, day, each, known.get(_key(each)))
            refused = refused + 1 if state in (REFUSED, LEFT) else 0
            # What has gone is not kept: a hundred subscribers' reports are many.
            ended.append((each if state == PLANNED else each._replace(message=EmailMessage()), state, said))
    return ended


def _key(row):
    return (row.month, row.step, row.what, row.managed_by or row.address)


def _standing(place):
    """The last row of each letter; raises ``InputError`` for a state that nobody knows."""
    rows = list(InputReader(place).table(place.root / SENT, COLUMNS, needed=False).itertuples())
    states = (SENDING, DONE, REFUSED, UNKNOWN)
    problems = [
        f"{row.file} row {row.row}, column state ({row.managed_by}): found '{row.state}'. "
        f"Expected one of {', '.join(states)}."
        for row in rows
        if row.state not in states
    ]
    if problems:
        raise InputError(problems)
    return {_key(row): row for row in rows}


def _sent(place, mail, day, letter, known):
    if known and known.state == DONE:
        return EARLIER, f"on {known.date}"
    if known and known.state != REFUSED:
        return UNKNOWN, f"begun on {known.date} as {known.message_id} ({known.file} row {known.row})"
    if mail is None:
        return PLANNED, ""
    addressed(letter.message, mail, [letter.to])
    _record(place, day, letter, SENDING)
    state, said = post(mail, letter.message)
    _record(place, day, letter, state)
    return state, said


def _record(place, day, letter, state):
    """Add a row to data/sent.csv, which is on the disk then."""
    row = [str(day), letter.month, letter.step, letter.managed_by, letter.address, letter.what,
           letter.message["Message-ID"], state]  # fmt: skip
    begun = "" if state == SENDING else f" The last one stands there as begun, and is {state}."
    with told_if_not_written(SENT, f"{begun} What cannot be recorded is not sent."):
        append_rows(place, SENT, COLUMNS, [dict(zip(COLUMNS, map(safe_cell, row), strict=True))])
