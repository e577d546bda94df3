"""``mpr remind``: one mail to each officer with all that they owe, once for each step before the month's meeting."""

import re
import sys
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated

import typer

from mpr_lib.annexes import brought
from mpr_lib.errors import InputError, RunError
from mpr_lib.run.console import Month, Today, WorkspaceFolder, by_month, messages, plain, say

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the mails. Nothing is sent or recorded.")]

OFFICERS = "data/officers.csv"
REMINDED = ("return", "chase", "approve")
"""The steps in which officers are reminded: afterwards nothing is changed any more."""
XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(remind)


@by_month
def remind(month: Month, workspace: WorkspaceFolder = Path(), today: Today = None, dry_run: DryRun = False) -> None:
    """Send each officer one mail with all that they owe for a month, once for each step before its meeting.

    After the report is frozen they are sent what members may ask, once.
    """
    with messages(workspace, month):
        # Loaded when needed: pandas takes half a second, which every other command would wait for.
        from mpr_lib.book import Workspace, read_book

        place, day = Workspace(workspace), today.date() if today else date.today()
        book, mail = read_book(place, month, begun=True), None
        chased, send = brought("chased").get("owed"), brought("sends").get("notify")
        if not (chased and send):
            raise RunError("This installation cannot remind: it lacks mpr_lib/owed or mpr_lib/notify.")
        if not book.annexes["meetings"]:
            raise InputError(f"params/calendar.yml names no meeting about {month}, so there is no step to remind of.")
        first, is_over = book.annexes["meetings"][0], day > book.month.end_time.date()
        step, asks = first.step_on(day), brought("asks").get("actions")
        may_ask = asks(book) if asks and is_over and step in (None, "publish") and day <= first.date else {}
        if not may_ask and (step not in REMINDED or not is_over):
            why = f"the step of the day is {step}" if step else "every step before the meeting has had its day"
            why = why if is_over else f"{month} is not over yet"
            say(f"Nobody is reminded on {day}: {why}.")
            raise typer.Exit
        if not dry_run and (mail := book.settings.notify.mail) is None:
            raise InputError("params/report.yml has no mail server: add server and sender under notify, mail.")
        letters, without = _questions(book, may_ask) if may_ask else _letters(book, chased(book, day), step)
        sent = send(place, mail, day, letters)
        for letter, state, said in sent:
            say(f"{plain(letter.managed_by)}: {state}" + f" ({said})" * bool(said))
            if dry_run and state == "to send":
                say(_shown(letter.message))
        for name in without:
            say(f"{plain(name) or 'No officer stated'}: no address in {OFFICERS}, so not reminded.", sys.stderr)
        if not sent and not without:
            say(f"Nobody owes anything for {month}.")
    raise typer.Exit(int(any(state in ("refused", "unknown", "left") for _, state, _ in sent)))


def _letters(book, owed, step):
    """A letter for each officer who owes something and has an address, and the names of those without one."""
    # Loaded when needed: as above.
    from mpr_lib.words import day_words

    (first, *others), addresses = book.annexes["meetings"], _addresses(book.workspace)
    templates = brought("templates").get("intake", lambda *asked: {})
    books = templates(book.workspace, book.month, [name for name, (*_, is_figure) in owed.items() if is_figure])
    meets = f"the first meeting about it ({first.who}) is" if others else f"{first.who} meets about it"
    due = f"Please send it by {day_words(first.due(step))}: {meets} on {day_words(first.date)}."
    letters = []
    for name, (subject, text, _) in owed.items():
        if name not in addresses:
            continue
        message = EmailMessage()
        message["Subject"] = subject
        message.set_content(f"{due}\n\n{text}")
        if name in books:
            file, raw = books[name]
            message.add_attachment(raw, maintype="application", subtype=XLSX, filename=file)
        letters.append((str(book.month), step, name, addresses[name], "reminder", message))
    committees = {each.committee or "Committee" for each in (first, *others)}
    return letters, [name for name in owed if name not in addresses and name not in committees]


def _questions(book, mails):
    """A letter with what members may ask for each officer who has an address, and the names of those without one."""
    addresses, letters = _addresses(book.workspace), []
    for name in mails.keys() & addresses:
        head, _, body = mails[name].partition("\n\n")
        message = EmailMessage()
        message["Subject"] = head.partition("Subject: ")[2]
        message.set_content(body)
        letters.append((str(book.month), "meeting", name, addresses[name], "questions", message))
    return sorted(letters), [name for name in mails if name not in addresses]


def _addresses(place):
    """Each officer's mail address; raises ``InputError`` for a cell that is none, and for a second one."""
    from mpr_lib.book.settings import MAIL_ADDRESS
    from mpr_lib.book.workspace import InputReader

    frame = InputReader(place).table(place.root / OFFICERS, ["managed_by", "email"], needed=False)
    found, problems = {}, []
    for row in frame.itertuples():
        at = f"{row.file} row {row.row}, column email ({row.managed_by})"
        if found.setdefault(row.managed_by, row.email) != row.email:
            problems.append(f"{at}: found '{row.email}', and {found[row.managed_by]} above. Expected one address.")
        elif not re.fullmatch(MAIL_ADDRESS, row.email) or not row.managed_by:
            problems.append(f"{at}: cannot read '{row.email}'. Expected a name and an address such as a.b@example.org.")
    if problems:
        raise InputError(problems)
    return found


def _shown(message):
    """A mail as --dry-run shows it: subject, text and the names of what is attached."""
    files = [part.get_filename() for part in message.iter_attachments()]
    text = message.get_body(("plain",)).get_content()
    return "\n".join([f"  Subject: {message['Subject']}", *(f"  {plain(line)}" for line in text.splitlines()),
                      *(f"  Attached: {name}" for name in files), ""])  # fmt: skip
