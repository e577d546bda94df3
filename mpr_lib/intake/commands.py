"""``mpr import`` and ``mpr template``: officers' figures in, and the workbooks that ask for them out."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Literal

import typer

from mpr_lib.run.console import WorkspaceFolder, messages, month_of, say

Month = Annotated[
    str, typer.Option("--month", metavar="MONTH", callback=month_of, help="The return's month, such as 2018-06.")
]
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Workbooks (.xlsx .xlsm .xls .ods) or text (.csv .tsv .txt).")
]
Write = Annotated[bool, typer.Option("--write", help="Write the return. Without it, only show what would change.")]
By = Annotated[
    Literal["department", "officer"], typer.Option("--by", help="Whom to make a workbook for.", case_sensitive=False)
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", file_okay=False, help="Where to. Without it, outputs/templates/MONTH."),
]


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command("import")(import_)
    app.command()(template)


def import_(files: Files, month: Month, workspace: WorkspaceFolder = Path(), write: Write = False) -> None:
    """Read officers' files into a month's return: show what was understood, and write it with --write."""
    with messages(workspace, month):
        refused = _import(files, month, workspace, write)
    raise typer.Exit(1 if refused else 0)


def template(month: Month, workspace: WorkspaceFolder = Path(), by: By = "department", out: Out = None) -> None:
    """Make a return workbook for each department or officer, with their indicators and a cell for each figure."""
    with messages(workspace, month):
        from mpr_lib.book.workspace import Workspace
        from mpr_lib.intake.template import make_templates

        made = make_templates(Workspace(workspace), month, by, out)
        for path, count in made:
            say(f"{path}: {count} indicator{'s' if count != 1 else ''}")


def _import(files, month: str, folder: Path, write: bool) -> int:
    """Plan an import, show it and write it; how many lines were refused."""
    # Loaded when needed: pandas takes half a second, which every other command would wait for.
    import pandas as pd

    from mpr_lib.book.workspace import Workspace
    from mpr_lib.intake.importing import plan_import, return_lock, write_return
    from mpr_lib.intake.plan import REFUSED, show, summary

    workspace, period = Workspace(folder), pd.Period(month, freq="M")
    with return_lock(workspace, period) if write else nullcontext():
        plan = plan_import(workspace, period, files)
        show(plan)
        refused = plan.count(REFUSED)
        if write and not refused:
            write_return(workspace, plan)
        name = workspace.relative(workspace.return_file(period))
        say(summary(plan, name, written=not refused if write else None))
    return refused
