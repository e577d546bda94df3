"""``mpr import`` and ``mpr template``: officers' figures in, and the workbooks that ask for them out."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Literal

import typer

from mpr_lib.run.console import Month, Today, WorkspaceFolder, by_month, messages, say

_FILES = "The return's month, such as 2018-06, and workbooks (.xlsx .xlsm .xls .ods) or text (.csv .tsv .txt)."
Files = Annotated[list[Path], typer.Argument(metavar="MONTH FILE", help=_FILES)]
Write = Annotated[bool, typer.Option("--write", help="Write the return. Without it, only show what would change.")]
_FIGURES_FOR = "The month of figures that have none, or 'return'."
FiguresFor = Annotated[str, typer.Option("--figures-for", metavar="MONTH", help=_FIGURES_FOR)]
_YEAR = "The year of months without one, such as 2018/19, or 'return'."
Year = Annotated[str, typer.Option("--year", metavar="YEAR", help=_YEAR)]
_DATES = "How 6/1/2018 is meant, where a column may be either."
Dates = Annotated[
    Literal["day-first", "month-first"] | None, typer.Option("--dates", help=_DATES, case_sensitive=False)
]
By = Annotated[
    Literal["department", "officer"], typer.Option("--by", help="Whom to make a workbook for.", case_sensitive=False)
]
_OUT = "Where to. Without it, templates/MONTH."
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", file_okay=False, help=_OUT)]


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command("import")(import_)
    app.command()(template)


@by_month
def import_(
    files: Files, month: Month, workspace: WorkspaceFolder = Path(), write: Write = False, figures_for: FiguresFor = "",
    year: Year = "", dates: Dates = None, today: Today = None,
) -> None:  # fmt: skip
    """Read officers' files into a month's return: show what was understood, and write it with --write."""
    with messages(workspace, month):
        # Loaded when needed: pandas takes half a second, which every other command would wait for.
        import pandas as pd

        from mpr_lib.book.workspace import Workspace
        from mpr_lib.intake.importing import plan_import, return_lock, write_return
        from mpr_lib.intake.plan import REFUSED, show, summary

        place, period = Workspace(workspace), pd.Period(month, freq="M")
        marks = [path for path in files if path.name.startswith("~$")]
        for path in marks:
            say(f"{path.name}: left out; it only marks that the workbook is open. Save that one, and close it.")
        files = [path for path in files if path not in marks]
        with return_lock(place, period) if write else nullcontext():
            plan = plan_import(place, period, files, figures_for, year, dates or "")
            show(plan)
            refused = plan.count(REFUSED)
            if write and not refused:
                write_return(place, plan, today.date() if today else None)
            say(summary(plan, place.relative(place.return_file(period)), written=not refused if write else None))
    raise typer.Exit(1 if refused else 0)


@by_month
def template(month: Month, workspace: WorkspaceFolder = Path(), by: By = "department", out: Out = None) -> None:
    """Make a return workbook for each department or officer, with their indicators and a cell for each figure."""
    with messages(workspace, month):
        from mpr_lib.book.workspace import Workspace
        from mpr_lib.intake.template import make_templates
        from mpr_lib.words import counted

        for path, count in make_templates(Workspace(workspace), month, by, out):
            say(f"{path}: {counted(count, 'indicator')}")
