"""``mpr init``: a workspace for another council, to fill in or complete and invented."""

import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer, month: Callable, messages: Callable, say: Callable) -> None:
    """Add the command. What reads a month and speaks to people is the command line's."""
    Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A new or an empty folder.")]
    Demo = Annotated[bool, typer.Option("--demo", help="Fill it with an invented council: three years of months.")]
    Council = Annotated[str, typer.Option("--council", metavar="NAME", help="The council's name, for the cover.")]
    First = Annotated[
        str | None,
        typer.Option(
            "--month", metavar="MONTH", callback=lambda text: text and month(text),
            help="The first month to report, such as 2018-05. Without it, last month.",
        ),
    ]  # fmt: skip

    @app.command()
    def init(folder: Folder, demo: Demo = False, council: Council = "", first: First = None) -> None:
        """Make a workspace for another council: files to fill in with examples, or (--demo) an invented council."""
        if demo and (council or first):
            raise typer.BadParameter("--demo is an invented council of its own: leave --council and --month out.")
        with messages(folder, first or ""):
            said = _demo(folder) if demo else _blank(folder, first or _last_month(), council)
        say(said)


def _last_month() -> str:
    today = date.today()
    return f"{today.year - (today.month == 1)}-{(today.month - 2) % 12 + 1:02d}"


def _blank(folder: Path, month: str, council: str) -> str:
    import pandas as pd

    from mpr_lib.start.blank_workspace import make_blank

    make_blank(folder, pd.Period(month, freq="M"), council)
    return f"""Made a workspace in {folder}, for the report of {month} first.

Fill in, in this order:
  1. params/report.yml          who you are: contacts, aims, departments. Each line says what it is for
  2. data/indicators.csv        a row for each indicator
  3. data/targets.csv           a row for each indicator and financial year
  4. data/returns/{month}.csv  the figures, as they were sent
README.md there says what each file is for, and examples/ has one that is filled in.

  cd {shlex.quote(str(folder))}
  mpr check {month}      says what is still missing, as often as you ask
  mpr run {month}        publishes outputs/{month}/"""


def _demo(folder: Path) -> str:
    from mpr_lib.start.demo import COUNCIL, FIRST, LAST, make_demo

    make_demo(folder)
    return f"""Made the {COUNCIL} in {folder}, with reports from {FIRST} to {LAST}. Nothing in it is real.

  cd {shlex.quote(str(folder))}
  mpr run {LAST}        publishes outputs/{LAST}/"""
