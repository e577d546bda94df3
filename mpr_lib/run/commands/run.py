"""``mpr run``: one month or many, told to people, to a log or to nobody, and afterwards to whoever wants to know."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from mpr_lib.run.commands.months import read_months


def _months(text: str) -> str:
    try:
        read_months(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return text


Months = Annotated[
    str,
    typer.Argument(
        metavar="MONTH", callback=_months,
        help="The reporting month, such as 2018-05; several as 2017-04..2018-05; or previous, the month before this.",
    ),
]  # fmt: skip
NoPdf = Annotated[bool, typer.Option("--no-pdf", help="Leave the PDF out.")]
Public = Annotated[bool, typer.Option("--public", help="The edition without what is not public, in outputs/public.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing unless something is wrong.")]
LogJson = Annotated[bool, typer.Option("--log-json", help="Say everything as lines of JSON, on standard error.")]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="Processes for several months.")]


def register(app: typer.Typer, workspace_folder, messages: Callable) -> None:
    """Add the command. What names the workspace and speaks to people is the command line's."""

    @app.command()
    def run(
        month: Months,
        workspace: workspace_folder = Path(),
        no_pdf: NoPdf = False,
        public: Public = False,
        jobs: Jobs = 1,
        quiet: Quiet = False,
        log_json: LogJson = False,
    ) -> None:
        """Make and publish a month's report: all of it, or nothing and a message that says why."""
        from mpr_lib.run.telling import Options, run_months, teller

        months = read_months(month)
        with messages(workspace, months[0]):
            tell = teller(sys.stdout, sys.stderr, quiet=quiet, as_json=log_json, many=len(months) > 1)
            ended = run_months(workspace, months, Options(pdf=not no_pdf, public=public), jobs, tell)
            from mpr_lib.notify.notify import notify

            for problem in notify(workspace, ended, public):
                tell.warn(problem)
        raise typer.Exit(1 if any(each.failed for each in ended) else 0)
