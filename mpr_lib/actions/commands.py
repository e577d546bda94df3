"""``mpr questions``: what members may ask, for officers before a meeting. ``mpr action``: one more row of an action."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mpr_lib.run.console import Month, WorkspaceFolder, by_month, messages, say

Committee = Annotated[str, typer.Option("--committee", metavar="NAME", help="Of what one committee reviews alone.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON: officer, indicator_code, short_name, kind, question.")]
Which = Annotated[str, typer.Argument(metavar="WHICH", help="An indicator's code for a new action, or an action's id.")]
What = Annotated[str, typer.Option("--what", metavar="TEXT", help="What is to be done.")]
Role = Annotated[str, typer.Option("--role", metavar="ROLE", help="Who does it.")]
Due = Annotated[str, typer.Option("--due", metavar="DATE", help="By when, such as 2018-09-30.")]
Effect = Annotated[str, typer.Option("--effect", metavar="TEXT", help="What it is expected to lead to.")]
State = Annotated[str, typer.Option("--state", metavar="STATE", help="OPEN, DONE or DROPPED.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is dropped, or due on another day.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(questions)
    app.command()(action)


@by_month
def questions(month: Month, workspace: WorkspaceFolder = Path(), committee: Committee = "", as_json: Json = False):
    """List what members may ask of a month's report, by officer, as texts for mails."""
    with messages(workspace, month):
        # Loaded when needed: pandas takes half a second, which every other command would wait for.
        from mpr_lib.actions.likely import by_officer, likely_mails, likely_questions
        from mpr_lib.actions.recorded import parameters
        from mpr_lib.book import Workspace, read_book
        from mpr_lib.errors import ParameterError, near
        from mpr_lib.words import joined

        book = read_book(Workspace(workspace), month)
        known = parameters(book)["committee_names"]
        if committee and committee not in known:
            hint = near(committee, known) or f" It has {joined(known)}." * bool(known)
            raise ParameterError(f"'{committee}' is no committee of this workspace.{hint}")
        if as_json:
            found = by_officer(likely_questions(book, committee))
            rows = [{"officer": name} | each._asdict() for name, asked in found.items() for each in asked]
            say(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            say("\n----\n\n".join(likely_mails(book, committee).values()) or "Nothing that members may ask was found.")


@by_month
def action(
    month: Month, which: Which, workspace: WorkspaceFolder = Path(), what: What = "", role: Role = "", due: Due = "",
    effect: Effect = "", state: State = "", reason: Reason = "",
):  # fmt: skip
    """Add a row to data/actions.csv: a new action on an indicator, or what became of one."""
    with messages(workspace, month):
        # Loaded when needed: as above.
        from mpr_lib.actions.recorded import add_row
        from mpr_lib.book import Workspace

        said = {"action": what, "role": role, "due": due, "expected_effect": effect, "state": state, "reason": reason}
        say(add_row(Workspace(workspace), month, which, said))
