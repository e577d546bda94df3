"""The command line: ``mpr run 2018-05`` and ``mpr check 2018-05``. What it needs is imported when it is needed."""

import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import typer

from mpr_lib import __version__
from mpr_lib.annexes import brought
from mpr_lib.run.console import (
    AnyWorkspace,
    Month,
    WorkspaceFolder,
    by_month,
    messages,
    month_argument,
    opened,
    read_months,
    say,
)
from mpr_lib.run.stopping import heeded, stop

app = typer.Typer(
    name="mpr",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


COMPLETE = "_MPR_COMPLETE"
"""How a shell asks for what may follow (``mpr completion``)."""


def _version(wanted: bool) -> None:
    if wanted:
        say(f"mpr {__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
]


@app.callback()
def mpr(version: Version = False) -> None:
    """Monthly Performance Report: from a council's monthly figures to a checked, published report."""


Every = Annotated[bool, typer.Option("--all", help="List every finding, not one line for each expectation.")]
Docs = Annotated[bool, typer.Option("--docs", help="Build Great Expectations' own pages too.")]


@app.command()
@by_month
def check(month: Month, workspace: WorkspaceFolder = Path(), every: Every = False, docs: Docs = False) -> None:
    """Check a month's data without making the report; exit 1 if something must not be published."""
    with messages(workspace, month):
        # Loaded when needed: help and the shell's completion go without all that a month needs.
        from mpr_lib.checks import grouped
        from mpr_lib.run.month import build_docs, check_month
        from mpr_lib.run.publishing import near

        quality = check_month(workspace, month)
        for severity in quality.counts:
            found = [finding for finding in quality.findings if finding.severity == severity]
            say(f"{severity}: {len(found):,}")
            for lead, finding in [("", finding) for finding in found] if every else grouped(found):
                say(f"  - {lead}{finding.said}")
        if not every and len(grouped(quality.findings)) < len(quality.findings):
            say(f"'mpr check {month} --all' lists every finding.")
        if docs:
            say(f"Data Docs, not for sharing: {near(build_docs(workspace, month))}")
        raise typer.Exit(1 if quality.critical else 0)


_MONTHS = "The reporting month, such as 2018-05; several as 2017-04..2018-05; or previous, the month before this."
Months = Annotated[list[str], month_argument(_MONTHS, read_months)]
NoPdf = Annotated[bool, typer.Option("--no-pdf", help="Leave the PDF out.")]
Docx = Annotated[bool, typer.Option("--docx", help="Add the report as a Word document.")]
Public = Annotated[bool, typer.Option("--public", help="The edition without what is not public, in outputs/public.")]
_COMMITTEE = "Make this committee's edition too; may be given several times."
Committees = Annotated[list[str], typer.Option("--committee", metavar="NAME", help=_COMMITTEE)]
_IF_CHANGED = "Leave a month as it is published if a run would make the same again."
IfChanged = Annotated[bool, typer.Option("--if-changed", help=_IF_CHANGED)]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing unless something is wrong.")]
LogJson = Annotated[bool, typer.Option("--log-json", help="Say everything as lines of JSON, on standard error.")]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="How many of several months are made at once.")]


@app.command()
@by_month
def run(
    month: Months,
    workspace: AnyWorkspace = Path(),
    no_pdf: NoPdf = False,
    docx: Docx = False,
    public: Public = False,
    committee: Committees = [],  # noqa: B006 - what typer takes for none
    jobs: Jobs = 1,
    if_changed: IfChanged = False,
    quiet: Quiet = False,
    log_json: LogJson = False,
) -> None:
    """Make and publish a month's report: all of it, or nothing and a message that says why."""
    from mpr_lib.run.telling import run_months, teller

    ended = []
    with messages(workspace, month[0]), opened(workspace) as place:
        tell = teller(sys.stdout, sys.stderr, quiet=quiet, as_json=log_json)
        options = {"pdf": not no_pdf, "docx": docx, "public": public, "committees": committee}
        same = [each for each in month if if_changed and place.is_unchanged(each, options)]
        for each in same:
            tell.unchanged(each)
        if same == month:
            raise typer.Exit(0)
        ended = run_months(place.folder, [each for each in month if each not in same], jobs, tell, place.run, **options)
        for announce in brought("announces").values():
            for problem in announce(place.folder, ended, public):
                tell.warn(problem)
    raise typer.Exit(1 if any(each.failed for each in ended) else 0)


Shell = Annotated[Literal["bash", "zsh", "fish", "powershell"], typer.Argument(help="Your shell.")]


@app.command()
def completion(shell: Shell) -> None:
    """Print what lets a shell complete commands and options: eval "$(mpr completion bash)" in ~/.bashrc."""
    from typer.completion import get_completion_script

    say(get_completion_script(prog_name="mpr", complete_var=COMPLETE, shell=shell))


def main() -> None:
    """Entry point of ``mpr``."""
    if COMPLETE in os.environ:
        from typer.completion import completion_init

        completion_init()
    for asked in (signal.SIGINT, signal.SIGTERM):
        # A shell has what it starts in the background ignore Ctrl-C.
        if signal.getsignal(asked) != signal.SIG_IGN:
            signal.signal(asked, stop)
    # Who began it may have closed its streams: files that it opens must not take their numbers, and get what is said.
    while (number := os.open(os.devnull, os.O_RDWR)) < 3:
        os.set_inheritable(number, True)
    os.close(number)
    sys.stdout, sys.stderr = sys.stdout or os.fdopen(1, "w"), sys.stderr or os.fdopen(2, "w")
    # A pipe or an old terminal may know fewer characters than our messages have.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    # Imports make a million objects that all stay; looking through them for rubbish costs a tenth of the run.
    gc.set_threshold(50_000, 20, 100)
    try:
        app(prog_name="mpr")
    except SystemExit as ended:
        heeded()
        # End the process without taking some thousand modules apart first, which costs a quarter of a second.
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(int(ended.code or 0))


for register in brought("commands").values():
    register(app)

if __name__ == "__main__":
    main()
