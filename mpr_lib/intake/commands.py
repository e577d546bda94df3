"""``mpr import`` and ``mpr template``: officers' figures in, and the workbooks that ask for them out."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer


def register(app: typer.Typer, month: Callable, workspace_folder, messages: Callable, say: Callable) -> None:
    """Add both commands. What reads a month, names the workspace, and speaks to people is the command line's."""
    Month = Annotated[
        str, typer.Option("--month", metavar="MONTH", callback=month, help="The return's month, such as 2018-06.")
    ]
    Files = Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Workbooks (.xlsx .xlsm .xls .ods) or text (.csv .tsv .txt)."),
    ]
    Write = Annotated[bool, typer.Option("--write", help="Write the return. Without it, only show what would change.")]
    By = Annotated[
        Literal["department", "officer"],
        typer.Option("--by", help="Whom to make a workbook for.", case_sensitive=False),
    ]
    Out = Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", file_okay=False, help="Where to. Without it, outputs/templates/MONTH."),
    ]

    @app.command("import")
    def import_(files: Files, month: Month, workspace: workspace_folder = Path(), write: Write = False) -> None:
        """Read officers' files into a month's return: show what was understood, and write it with --write."""
        with messages(workspace, month):
            refused = _import(files, month, workspace, write, say)
        raise typer.Exit(1 if refused else 0)

    @app.command()
    def template(month: Month, workspace: workspace_folder = Path(), by: By = "department", out: Out = None) -> None:
        """Make a return workbook for each department or officer, with their indicators and a cell for each figure."""
        with messages(workspace, month):
            from mpr_lib.book.workspace import Workspace
            from mpr_lib.intake.template import make_templates

            made = make_templates(Workspace(workspace), month, by, out)
            for path, count in made:
                say(f"{path}: {count} indicator{'s' if count != 1 else ''}")


def _import(files, month: str, folder: Path, write: bool, say) -> int:
    """Plan an import, show it and write it; how many lines were refused."""
    import pandas as pd

    from mpr_lib.book.workspace import Workspace
    from mpr_lib.intake.importing import plan_import
    from mpr_lib.intake.plan import REFUSED
    from mpr_lib.intake.preview import show, summary
    from mpr_lib.intake.writing import return_lock, write_return

    workspace, period = Workspace(folder), pd.Period(month, freq="M")
    name = workspace.relative(workspace.return_file(period))
    if not write:
        plan = plan_import(workspace, period, files)
        show(plan)
        say(summary(plan, name, written=None))
        return plan.count(REFUSED)
    with return_lock(workspace, period):
        plan = plan_import(workspace, period, files)
        show(plan)
        refused = plan.count(REFUSED)
        if not refused:
            write_return(workspace, plan)
        say(summary(plan, name, written=not refused))
    return refused
