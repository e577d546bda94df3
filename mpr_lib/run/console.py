"""The console: how a command names a month and a workspace, and how it speaks to people."""

import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import date, datetime, timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from mpr_lib.annexes import brought
from mpr_lib.book.workspace import MONTH
from mpr_lib.errors import RunError

LONGEST = 600


def month_of(text: str) -> str:
    """The month that somebody typed; ``BadParameter``, wrong usage of a command, says what was expected."""
    if not MONTH.fullmatch(text):
        raise typer.BadParameter(f"'{text}' is not a month. Expected a year and a month such as 2018-05.")
    return text


def read_months(text: str, today: date | None = None) -> list[str]:
    """The months that somebody typed, in order; ``BadParameter`` says what was expected.

    >>> read_months("2018-12..2019-02"), read_months("previous", date(2018, 1, 31))
    (['2018-12', '2019-01', '2019-02'], ['2017-12'])
    """
    if text == "previous":
        return [f"{(today or date.today()).replace(day=1) - timedelta(days=1):%Y-%m}"]
    ends = [month_of(end) for end in (text.split("..") if re.fullmatch(r"[\w-]+\.\.[\w-]+", text) else [text])]
    first, last = (int(end[:4]) * 12 + int(end[5:]) - 1 for end in (ends[0], ends[-1]))
    if last < first:
        raise typer.BadParameter(f"'{text}' ends before it begins. Expected {ends[1]}..{ends[0]}.")
    if last - first >= LONGEST:
        raise typer.BadParameter(f"'{text}' is {last - first + 1} months long. Expected no more than {LONGEST}.")
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def month_argument(help: str, read: Callable[[str], Any] = month_of):
    """How a command is asked for its month: MONTH, of which ``read`` makes what the command gets."""
    return typer.Argument(metavar="MONTH", callback=lambda text: text and read(text), help=help)


Month = Annotated[str, month_argument("The reporting month, such as 2018-05.")]


def by_month(command=None, *, needed: bool = True):
    """Have a command's ``month`` typed as MONTH, which its annotation declares, or as --month: the one way of all.

    Two that differ are wrong usage, and so is none where one is ``needed``; else the command gets an empty text. A
    command that takes ``files``, or ``codes``, finds its MONTH among them.
    """
    if command is None:
        return partial(by_month, needed=needed)
    own = dict(inspect.signature(command, eval_str=True).parameters)
    (argument,) = own["month"].annotation.__metadata__
    listed = next((name for name in ("files", "codes") if name in own), "")

    @wraps(command)
    def asked(**given):
        others = given.get(listed, [])
        months = [each for each in others if re.fullmatch(r"[12]\d{3}-\d{1,2}", str(each))]
        typed = [given.pop("month", ""), given.pop("named"), *(argument.callback(str(each)) for each in months)]
        typed = [month for month in typed if month]
        if any(month != typed[0] for month in typed):
            raise typer.BadParameter("Two months are named. Expected one, as MONTH or as --month.")
        if needed and not typed:
            raise typer.BadParameter("MONTH is missing. Expected a month such as 2018-05, as MONTH or as --month.")
        if months:
            given[listed] = [each for each in others if each not in months]
        if not given.get("files", True):
            raise typer.BadParameter("FILE is missing. Expected the name of a workbook or of a text file.")
        return command(month=typed[0] if typed else "", **given)

    option = typer.Option("--month", metavar="MONTH", callback=argument.callback, help="The month, if not as MONTH.")
    own["named"] = inspect.Parameter("named", inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[str, option])
    if listed:
        del own["month"]
    for name in {"month", "named"} & set(own):
        own[name] = own[name].replace(default="", annotation=Annotated[str, *own[name].annotation.__metadata__])
    asked.__signature__ = inspect.Signature([each.replace(kind=each.KEYWORD_ONLY) for each in own.values()])  # type: ignore[attr-defined]
    return asked


_DIR = "The folder with data and params. Without it, the folder you are in."
WorkspaceFolder = Annotated[Path, typer.Option("--workspace", metavar="DIR", exists=True, file_okay=False, help=_DIR)]


def is_url(said: str) -> bool:
    """Whether a text names a place in a store, if with a slash too few, and no folder of this machine.

    >>> [is_url(said) for said in ("s3://bucket/x", "file:/x", "/srv/x", "C:/x", "2018-05")]
    [True, True, False, False, False]
    """
    return re.match(r"\w{2,}:/", said) is not None


def folder_or_url(said: str | Path) -> Path | str:
    """The workspace that somebody named: a folder, or in a store its URL; ``BadParameter`` where it is no folder."""
    if is_url(str(said)) or Path(said).is_dir():
        return str(said) if is_url(str(said)) else Path(said)
    raise typer.BadParameter(f"Directory '{said}' does not exist.")


class Here:
    """A workspace in a folder, for commands that work on one in a store too (``stores`` of ``mpr_lib.annexes``)."""

    run = None

    def __init__(self, folder: Path):
        self.folder = folder

    def is_unchanged(self, month: str, options: dict) -> bool:
        """Whether what is published is what a run would make again."""
        # Loaded when needed: only a run asks, and help goes without.
        from mpr_lib.run.unchanged import is_unchanged

        return is_unchanged(self.folder.resolve(), month, options)

    def archive(self, part: str) -> dict[str, tuple[str, dict[str, int]]]:
        """Where months' sets lie that are not in their month's folder, and the sizes of their files."""
        return {}

    def put(self, paths: Iterable[Path]) -> list[str]:
        """Where files are that were written."""
        from mpr_lib.run.publishing import near

        return list(map(near, paths))


def opened(workspace: Path | str) -> AbstractContextManager[Any]:
    """A workspace in a folder, or what the annex makes of one in a store."""
    if isinstance(workspace, Path):
        return nullcontext(Here(workspace))
    (store,) = brought("stores").values() or [None]
    if store is None:
        raise RunError("This installation reads no stores: it lacks mpr_lib/fleet. Name a folder.")
    return store(workspace)


_DIR_OR_URL = "The folder with data and params, or its URL in a store. Without it, the folder you are in."
AnyWorkspace = Annotated[Any, typer.Option("--workspace", metavar="DIR|URL", parser=folder_or_url, help=_DIR_OR_URL)]
_TODAY = "As if it were this day, such as 2018-06-18."
Today = Annotated[datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], metavar="DATE", help=_TODAY)]


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a text now."""
    # Whoever listens may have gone (a pipe into head): no reason to stop, or to call the run failed.
    try:
        print(text, file=stream or sys.stdout, flush=True)
    except OSError as error:
        # The text may stand in a file on a full disk, where it would be tried again at every further one.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), (stream or sys.stdout).fileno())
        if stream is not sys.stderr and not isinstance(error, BrokenPipeError):
            say(f"What is said here could not be written where it is sent: {error.strerror}.", sys.stderr)


def plain(text: str) -> str:
    """A text on one line, without what would steer a terminal or hide other words."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def say_lines(rows: Iterable[Iterable[str]]) -> None:
    """Print rows for a pipe: a line each, with tabs between the cells."""
    say("\n".join("\t".join(map(plain, cells)) for cells in rows))


def say_table(headings: Iterable[str], rows: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Print rows, each with the style of its cells: on a terminal as a table, if there are any; for a pipe as lines."""
    if not sys.stdout.isatty():
        return say_lines([headings, *(cells for _, cells in rows)])
    # Loaded when needed: only a terminal gets a table; a pipe goes without rich, which takes 50 ms.
    from rich import box, console, table, text

    shown = table.Table(*headings, box=box.SIMPLE)
    for style, cells in rows:
        shown.add_row(*(text.Text(plain(cell)) for cell in cells), style=style)
    if shown.row_count:
        console.Console().print(shown)


@contextmanager
def messages(workspace: Path | str, month: str) -> Iterator[None]:
    """Turn whatever goes wrong into a message for people and an exit code."""
    try:
        yield
    except typer.Exit:
        raise
    except KeyboardInterrupt as stopped:
        say(str(stopped) or "Stopped. Nothing was published.", sys.stderr)
        raise typer.Exit(130) from None
    except Exception as error:  # noqa: BLE001 - the last resort: a message, and the traceback in a log
        # Loaded when needed: help goes without what writes files.
        from mpr_lib.run.publishing import message_of

        say(message_of(error, Path(workspace), month), sys.stderr)
        raise typer.Exit(1) from None
