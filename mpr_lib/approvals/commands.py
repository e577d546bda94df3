"""``mpr approve``: a month's comments or figures approved, as they stand, in somebody's role."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from mpr_lib.run.console import Month, Today, WorkspaceFolder, by_month, messages, say, say_lines

_CODES = "The month, and indicators such as CP 5.4 or cp-5-4; without one, all."
Codes = Annotated[list[str], typer.Argument(metavar="MONTH [CODE]…", help=_CODES)]
What = Annotated[Literal["comments", "figures"], typer.Option("--what", help="What is approved.", case_sensitive=False)]
_ROLE = "In which role, such as 'Head of HR'. Without it, only show."
Role = Annotated[str, typer.Option("--role", metavar="ROLE", help=_ROLE)]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(approve)


@by_month
def approve(
    month: Month, codes: Codes = [], what: What = "comments", role: Role = "", today: Today = None,  # noqa: B006
    workspace: WorkspaceFolder = Path(),
) -> None:  # fmt: skip
    """Approve a month's comments or figures as they stand, in a role; without one, show what has none yet."""
    with messages(workspace, month):
        # Loaded when needed: pandas takes half a second, which every other command would wait for.
        from mpr_lib.approvals.approvals import known, record, to_approve, waiting
        from mpr_lib.book import Workspace, read_book
        from mpr_lib.errors import InputError
        from mpr_lib.rules.codes import slug
        from mpr_lib.rules.months import month_label
        from mpr_lib.words import WHY_UNAPPROVED, counted

        place, kind = Workspace(workspace), what.removesuffix("s") if what == "comments" else what
        book = read_book(place, month, begun=True)
        wait, given, there = waiting(book, kind), known(book, kind), to_approve(book, kind)
        by_slug = {slug(code): code for code in book.indicators["indicator_code"] if code in there}
        if strange := [code for code in codes if slug(code) not in by_slug]:
            raise InputError(f"'{strange[0]}' has no {kind} in the report of {month_label(book.month)} to approve.")
        without = [code for code in by_slug.values() if code in wait or given.get(code) != "APPROVED"]
        seen = {code: there[code] for code in [by_slug[slug(code)] for code in codes] or without}
        say_lines([code, _shown(book, kind, code), WHY_UNAPPROVED.get(wait.get(code, ""), "")] for code in seen)
        if not seen:
            say("Nothing waits for approval.")
        elif role:
            added = record(place, book.month, kind, seen, role, today.date() if today else date.today())
            said = f"{counted(added, 'approval')} recorded in data/approvals.csv"
            say(f"{month_label(book.month)}: {said}." if added else "Approved already, so nothing was recorded.")
        else:
            say("Nothing is approved yet. To approve what is shown, say in which role: --role 'Head of HR'.")


def _shown(book, kind, code):
    """What is approved, in a line: how a comment begins, or the newest figure."""
    # Loaded when needed: as above.
    from mpr_lib.report.prose import first_sentence, read_prose

    if kind == "comment":
        texts = book.commentary.loc[book.commentary["indicator_code"] == code, "text"]
        return next((first_sentence(read_prose(text)) for text in texts), "")
    rows = book.values[(book.values["indicator_code"] == code) & (book.values["month"] <= book.month)]
    return next((f"{row.value_text} ({row.month})" for row in rows.sort_values("month").tail(1).itertuples()), "")
