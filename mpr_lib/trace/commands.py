"""``mpr trace`` and ``mpr audit``: from a printed number to its source, and figures to be worked out again."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from mpr_lib.errors import InputError, RunError
from mpr_lib.files import read_whole, told_if_not_written, write_whole
from mpr_lib.run.console import WorkspaceFolder, by_month, messages, month_argument, plain, say

Code = Annotated[str, typer.Argument(metavar="CODE", help="The indicator, such as 'CP 5.4' or cp-5-4.")]
Reported = Annotated[str, month_argument("The reporting month, such as 2018-05. Without it, the newest with figures.")]
Json = Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", dir_okay=False, help="Write it as a page too.")]
Sample = Annotated[int, typer.Option("--sample", metavar="N", min=1, help="How many figures.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Which ones: the same seed draws the same figures.")]
_CHECK = "Compare a filled sheet with the report."
Check = Annotated[Path | None, typer.Option("--check", metavar="FILE", dir_okay=False, help=_CHECK)]
_OUT = "Where to. Without it, the folder audits."
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", file_okay=False, help=_OUT)]


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command()(trace)
    app.command()(audit)


def _opened(workspace, month):
    """The report of a month, its threads, and whether its published set is made from these data, in a sentence too."""
    # Loaded when needed: pandas and what makes pages take seconds, which every other command would wait for.
    from mpr_lib.book import Workspace, month_named, read_book
    from mpr_lib.report.report import Material
    from mpr_lib.trace.thread import Threads, published_state

    place = Workspace(workspace)
    report = Material(read_book(place, month_named(place, month)))
    return report, Threads(report), *published_state(report.book)


@by_month(needed=False)
def trace(
    code: Code, month: Reported, workspace: WorkspaceFolder = Path(), json: Json = False, html: Html = None
) -> None:
    """Follow an indicator's printed figures back to where they come from: cell, return, target, rule, judgement."""
    with messages(workspace, month):
        report, threads, _, state = _opened(workspace, month)
        from mpr_lib.trace import shown
        from mpr_lib.trace.thread import code_of

        code = code_of(code, report.rows)
        steps = threads.of(code)
        steps[0].said.append(state)
        if json:
            say(shown.as_json(report, code, steps))
        else:
            for line in shown.as_lines(report, code, steps):
                say(plain(line))
        if html:
            _write(html, shown.page(report, {code: steps}).encode())


@by_month(needed=False)
def audit(
    month: Reported, workspace: WorkspaceFolder = Path(), sample: Sample = 10, seed: Seed = 1, out: Out = None,
    check: Check = None,
) -> None:  # fmt: skip
    """Draw printed figures for an auditor to work out again, or compare a filled sheet; exit 1 if one differs."""
    with messages(workspace, month):
        from mpr_lib.trace import audit as auditing

        rows = auditing.read_results(check) if check else []
        months = {row["month"] for row in rows}
        if check and len(months) != 1:
            raise InputError(f"{check.name} has figures of {len(months)} months. Expected those of one.")
        report, threads, is_same, state = _opened(workspace, max(months, default=month))
        if is_same is False:
            raise RunError(f"{state} Publish the month again, or audit a copy of the workspace as it was then.")
        population = auditing.figures(threads)
        if check:
            problems = auditing.compared(rows, population)
            for problem in problems:
                say(plain(problem))
            say(f"{len(rows) - len(problems)} of {len(rows)} results agree with what is printed. {state}")
            raise typer.Exit(int(bool(problems)))
        taken = auditing.sample(population, sample, seed)
        title = f"{report.document['title']}: {len(taken)} of {len(population)} printed figures, seed {seed}"
        path = (out or workspace / "audits") / f"audit-{report.month}-seed-{seed}-of-{sample}.xlsx"
        _write(path, auditing.workbook(report, taken, title))
        _write(path.with_suffix(".html"), auditing.sheet_page(report, taken, title).encode())
        say(state)


def _write(path, content):
    """Write a file that is not there yet, or is the same: a filled one is nobody's to replace."""
    with told_if_not_written(str(path)):
        if path.suffix == ".xlsx" and path.exists() and read_whole(path, str(path)) != content:
            raise RunError(f"{path} is there already, and may be filled in. Name another folder with --out.")
        write_whole(path, content)
    say(f"Wrote {path}.", sys.stderr)
