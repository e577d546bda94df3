"""``mpr init``, ``mpr next`` and ``mpr new-year``: what a council, a month and a year begin with."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from mpr_lib.run.console import (
    WorkspaceFolder,
    by_month,
    messages,
    month_argument,
    read_months,
    say,
    say_table,
)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A new or an empty folder.")]
Demo = Annotated[bool, typer.Option("--demo", help="Fill it with an invented council: three years of months.")]
Council = Annotated[str, typer.Option("--council", metavar="NAME", help="The council's name, for the cover.")]
First = Annotated[str, month_argument("The first month to report, such as 2018-05. Without it, last month.")]


Next = Annotated[str, month_argument("The month to make settings for. Without it, the one after the newest.")]
_YEAR = "The financial year to begin, such as 2019/20, or the year it starts in."
Year = Annotated[str, typer.Argument(metavar="YEAR", help=_YEAR)]
Write = Annotated[bool, typer.Option("--write", help="Add the rows. Without it, only show what would be added.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(init)
    app.command("next")(next_)
    app.command("new-year")(new_year)


@by_month(needed=False)
def init(folder: Folder, month: First, demo: Demo = False, council: Council = "") -> None:
    """Make a workspace for another council: files to fill in with examples, or (--demo) an invented council."""
    if demo and (council or month):
        raise typer.BadParameter("--demo is an invented council of its own: leave --council and the month out.")
    with messages(folder, month):
        # Loaded when needed: pandas takes half a second, which every other command would pay.
        from mpr_lib.start.new_workspace import LAST, make_blank, make_demo

        month = LAST if demo else month or read_months("previous")[0]
        if demo:
            make_demo(folder)
        else:
            make_blank(folder, month, council)
    say((_DEMO_MADE if demo else _BLANK_MADE).format(folder=folder, month=month, quoted=shlex.quote(str(folder))))


@by_month(needed=False)
def next_(month: Next, workspace: WorkspaceFolder = Path()) -> None:
    """Make the next month's settings, params/MONTH.yml, without what is true of the month before alone."""
    with messages(workspace, month):
        from mpr_lib.book.workspace import Workspace
        from mpr_lib.start.next_month import make_next

        say("\n".join(make_next(Workspace(workspace), month)))


def new_year(year: Year, workspace: WorkspaceFolder = Path(), write: Write = False) -> None:
    """Propose a financial year's targets from those of the year before, and add them with --write."""
    with messages(workspace, year):
        from mpr_lib.book.workspace import Workspace
        from mpr_lib.start import new_year as proposing

        place = Workspace(workspace)
        made = proposing.propose(place, year)
        say_table(proposing.COLUMNS, [("", row) for row in made.shown])
        if write:
            proposing.write(place, made)
        say("\n".join(proposing.summary(made, written=write)))


_BLANK_MADE = """\
Made a workspace in {folder}, for the report of {month} first.

Fill in, in this order:
  1. params/report.yml          who you are: contacts, aims, departments. Each line says what it is for
  2. data/indicators.csv        a row for each indicator
  3. data/targets.csv           a row for each indicator and financial year
  4. data/returns/{month}.csv  the figures, as they were sent
README.md there says what each file is for, and examples/ has one that is filled in.

  cd {quoted}
  mpr check {month}      says what is still missing, as often as you ask
  mpr run {month}        publishes outputs/{month}/"""
_DEMO_MADE = """\
Made the Borough of Fernmouth (invented) in {folder}, with reports from 2023-01 to {month}. Nothing in it is real.

  cd {quoted}
  mpr run {month}        publishes outputs/{month}/"""
