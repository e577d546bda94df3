"""``mpr init``: a workspace for another council, to fill in or complete and invented."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from mpr_lib.run.console import by_month, messages, month_argument, read_months, say

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A new or an empty folder.")]
Demo = Annotated[bool, typer.Option("--demo", help="Fill it with an invented council: three years of months.")]
Council = Annotated[str, typer.Option("--council", metavar="NAME", help="The council's name, for the cover.")]
First = Annotated[str, month_argument("The first month to report, such as 2018-05. Without it, last month.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(init)


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
