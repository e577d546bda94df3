"""``mpr status``: the chase list of a month, on the screen, as CSV, or as texts for mails."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from mpr_lib.errors import InputError
from mpr_lib.run.console import Today, WorkspaceFolder, by_month, messages, month_argument, say

Begun = Annotated[str, month_argument("The month, such as 2018-05. Without it, the newest that is begun.")]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", dir_okay=False, help="Write it as CSV too.")]
Mail = Annotated[bool, typer.Option("--mail", help="Show a text for each of them that can be pasted into a mail.")]
_BY = "Whom to list what is owed under."
By = Annotated[Literal["officer", "department"], typer.Option("--by", help=_BY, case_sensitive=False)]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(status)


@by_month(needed=False)
def status(
    month: Begun, workspace: WorkspaceFolder = Path(), csv: Csv = None, mail: Mail = False, by: By = "officer",
    today: Today = None,
) -> None:  # fmt: skip
    """List what a month's report still waits for; exit 0 when everything is in, 1 when something is owed."""
    with messages(workspace, month):
        # Loaded when needed: pandas takes half a second, which every other command would wait for.
        from mpr_lib.annexes import brought
        from mpr_lib.book import Workspace, read_book
        from mpr_lib.book.returns import later_corrections
        from mpr_lib.book.workspace import MONTHS
        from mpr_lib.owed import wording
        from mpr_lib.owed.chase import OWED, chase_list
        from mpr_lib.rules.months import month_label
        from mpr_lib.run.inputs import published_version
        from mpr_lib.words import counted

        place = Workspace(workspace)
        begun = sorted(path.stem for path in place.params.glob(f"{MONTHS}.yml"))
        if not month and not begun:
            raise InputError("No month is begun here. Name one, such as 2018-05, or begin one: mpr next 2018-05")
        book = read_book(place, month or begun[-1], begun=True)
        if book.indicators.empty:
            raise InputError(f"data/indicators.csv has no indicator for {month_label(book.month)}: give each a row.")
        listed, day = chase_list(book), today.date() if today else date.today()
        waiting = [each for waits in brought("waits").values() for each in waits(book, day)]
        if mail:
            say("\n----\n\n".join(wording.mails(listed, book, by)) or wording.summary(listed, book.month))
        else:
            wording.show(listed, book, by)
            wording.show_waiting(waiting)
            say(wording.summary(listed, book.month, waiting))
            if version := published_version(place.outputs / str(book.month)):
                say(f"Published: {version}.")
            for name in later_corrections(book.workspace, book.month, book.month_settings):
                say(f"{name} is not read: the report is {book.month_settings.version}. See corrections in its params.")
            say(f"Next: {wording.next_command(listed, book.workspace, book.month)}")
        if csv:
            say(f"Wrote {csv}: {counted(wording.write_csv(listed, book, by, csv), 'row')}.", sys.stderr)
    raise typer.Exit(int(listed["kind"].isin(OWED).any() or any(each.is_owed for each in waiting)))
