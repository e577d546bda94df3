"""The console: how a command names a month and a workspace, and how it speaks to people."""

import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Annotated, TextIO

import typer

from mpr_lib.errors import MprError

MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")
LONGEST = 600


def read_months(text: str, today: date | None = None) -> list[str]:
    """The months that a text names, in order; ``ValueError`` says what was expected.

    >>> read_months("2018-12..2019-02"), read_months("previous", date(2018, 1, 31))
    (['2018-12', '2019-01', '2019-02'], ['2017-12'])
    """
    if text == "previous":
        now = today or date.today()
        return [_text_of(now.year * 12 + now.month - 2)]
    ends = text.split("..") if re.fullmatch(r"[\w-]+\.\.[\w-]+", text) else [text]
    for end in ends:
        if not MONTH.fullmatch(end):
            raise ValueError(f"'{end}' is not a month. Expected a year and a month such as 2018-05.")
    first, last = _number(ends[0]), _number(ends[-1])
    if last < first:
        raise ValueError(f"'{text}' ends before it begins. Expected {ends[1]}..{ends[0]}.")
    if last - first >= LONGEST:
        raise ValueError(f"'{text}' is {last - first + 1} months long. Expected no more than {LONGEST}.")
    return [_text_of(number) for number in range(first, last + 1)]


def _number(month):
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _text_of(number):
    return f"{number // 12:04}-{number % 12 + 1:02}"


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
        # Loaded when needed: only a fault of this program needs it.
        from mpr_lib.run.publishing import unexpected

        say(unexpected(error, traceback.format_exc(), workspace, month), sys.stderr)
        raise typer.Exit(1) from None
