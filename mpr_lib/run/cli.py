"""The command line: ``mpr run 2018-05`` and ``mpr check 2018-05``. What it needs is imported when it is needed."""

import gc
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, TextIO

import typer

from mpr_lib import __version__
from mpr_lib.errors import MprError
from mpr_lib.intake import commands as intake
from mpr_lib.run.commands import init, run, site, status
from mpr_lib.run.commands.months import MONTH

app = typer.Typer(
    name="mpr",
    help="Monthly Performance Report: from a council's monthly figures to a checked, published report.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _month(text: str) -> str:
    if not MONTH.fullmatch(text):
        raise typer.BadParameter(f"'{text}' is not a month. Expected a year and a month such as 2018-05.")
    return text


Month = Annotated[str, typer.Argument(metavar="MONTH", callback=_month, help="The reporting month, such as 2018-05.")]
WorkspaceFolder = Annotated[
    Path,
    typer.Option(
        "--workspace", metavar="DIR", exists=True, file_okay=False,
        help="The folder with data and params. Without it, the folder you are in.",
    ),
]  # fmt: skip


def _version(wanted: bool) -> None:
    if wanted:
        _say(f"mpr {__version__}")
        raise typer.Exit


@app.callback()
def mpr(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Monthly Performance Report: from a council's monthly figures to a checked, published report."""


@app.command()
def check(
    month: Month,
    workspace: WorkspaceFolder = Path(),
    docs: Annotated[bool, typer.Option("--docs", help="Build Great Expectations' own pages too.")] = False,
) -> None:
    """Check a month's data without making the report; exit 1 if something must not be published."""
    with _messages(workspace, month):
        from mpr_lib.run.month import check_month

        quality = check_month(workspace, month)
        for severity in ("critical", "warning", "info"):
            found = [finding for finding in quality.findings if finding.severity == severity]
            _say(f"{severity}: {len(found)}")
            for finding in found:
                _say(f"  - {finding.message} {finding.action}".rstrip())
        if docs:
            from mpr_lib.run.commands.data_docs import build
            from mpr_lib.run.failures import near

            _say(f"Data Docs, not for sharing: {near(build(workspace, month))}")
        raise typer.Exit(1 if quality.critical else 0)


def main() -> None:
    """Entry point of ``mpr``."""
    # A pipe or an old terminal may know fewer characters than our messages have.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    # Imports make a million objects that all stay; looking through them for rubbish costs a tenth of the run.
    gc.set_threshold(50_000, 20, 100)
    try:
        app()
    except SystemExit as ended:
        _leave(ended.code or 0)


def _leave(code: int) -> None:
    """End the process without taking some thousand modules apart first, which costs a quarter of a second."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def _say(text: str, stream: TextIO | None = None) -> None:
    # Whoever listens may have gone (a pipe into head): no reason to stop, or to call the run failed.
    with suppress(BrokenPipeError):
        print(text, file=stream or sys.stdout, flush=True)


@contextmanager
def _messages(workspace: Path, month: str) -> Iterator[None]:
    """Turn whatever goes wrong into a message for people and an exit code."""
    try:
        yield
    except typer.Exit:
        raise
    except MprError as error:
        _say(str(error), sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt as stopped:
        _say(str(stopped) or "Stopped. Nothing was published.", sys.stderr)
        raise typer.Exit(130) from None
    except Exception as error:  # noqa: BLE001 - the last resort: a message, and the traceback in a log
        from mpr_lib.run.failures import unexpected

        _say(unexpected(error, traceback.format_exc(), workspace, month), sys.stderr)
        raise typer.Exit(1) from None


init.register(app, _month, _messages, _say)
run.register(app, WorkspaceFolder, _messages)
site.register(app, WorkspaceFolder, _messages, _say)
intake.register(app, _month, WorkspaceFolder, _messages, _say)
status.register(app, Month, WorkspaceFolder, _messages, _say)

if __name__ == "__main__":
    main()
