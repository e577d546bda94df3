"""The console: how a command names a month and a workspace, and how it speaks to people."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, TextIO

import typer

from mpr_lib.errors import MprError
from mpr_lib.run.commands.months import MONTH


def month_of(text: str) -> str:
    """The month that somebody typed, or a message that says what was expected."""
    if not MONTH.fullmatch(text):
        raise typer.BadParameter(f"'{text}' is not a month. Expected a year and a month such as 2018-05.")
    return text


Month = Annotated[str, typer.Argument(metavar="MONTH", callback=month_of, help="The reporting month, such as 2018-05.")]
WorkspaceFolder = Annotated[
    Path,
    typer.Option(
        "--workspace", metavar="DIR", exists=True, file_okay=False,
        help="The folder with data and params. Without it, the folder you are in.",
    ),
]  # fmt: skip


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a text now."""
    # Whoever listens may have gone (a pipe into head): no reason to stop, or to call the run failed.
    with suppress(BrokenPipeError):
        print(text, file=stream or sys.stdout, flush=True)


@contextmanager
def messages(workspace: Path, month: str) -> Iterator[None]:
    """Turn whatever goes wrong into a message for people and an exit code."""
    try:
        yield
    except typer.Exit:
        raise
    except MprError as error:
        say(str(error), sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt as stopped:
        say(str(stopped) or "Stopped. Nothing was published.", sys.stderr)
        raise typer.Exit(130) from None
    except Exception as error:  # noqa: BLE001 - the last resort: a message, and the traceback in a log
        from mpr_lib.run.publishing import unexpected

        say(unexpected(error, traceback.format_exc(), workspace, month), sys.stderr)
        raise typer.Exit(1) from None
