"""``mpr fleet``: run what needs making of a fleet, say what its store holds, and tidy it."""

import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from mpr_lib.run.console import messages, read_months, say, say_table

File = Annotated[Path, typer.Argument(metavar="FLEET", help="The fleet's file, such as fleet.yml.")]
Months = Annotated[str, typer.Option(metavar="MONTHS", callback=lambda text: read_months(text), help="As of mpr run.")]
Only = Annotated[list[str], typer.Option("--only", metavar="COUNCIL", help="This council; may be given several times.")]
Again = Annotated[bool, typer.Option("--again", help="Make what is unchanged too.")]
Scheduler = Annotated[str, typer.Option(metavar="URL", help="A Dask scheduler, such as tcp://host:8786.")]
Slots = Annotated[int | None, typer.Option("--slots", metavar="N", min=1, help="Months side by side on this machine.")]
Timeout = Annotated[float, typer.Option("--timeout", metavar="SECONDS", min=1, help="Longest that a month may take.")]
Json = Annotated[bool, typer.Option("--json", help="A line of JSON for each month, then one for all.")]

STATES = ("failed", "refused", "missing", "published", "unchanged")
"""The worst first."""

app = typer.Typer(no_args_is_help=True, help="Many councils' months, from and to stores.", rich_markup_mode=None)


def register(mpr: typer.Typer) -> None:
    """Add the commands."""
    mpr.add_typer(app, name="fleet")


class Told:
    """Says how each month ended as it does, and all of it at the end; ``wanted`` is how many there are."""

    def __init__(self, as_json: bool, wanted: int):
        self._as_json, self._began, self._wanted = as_json, perf_counter(), wanted
        self._ended: dict[str, Counter] = defaultdict(Counter)

    def __call__(self, task, ended) -> None:
        self._ended[task.council][ended["state"]] += 1
        if self._as_json:
            about = {"council": task.council, "month": task.month, "edition": task.edition, **ended}
            say(json.dumps(about | {"attempt": 1 + len(task.tried)}, ensure_ascii=False))
        elif ended["state"] in STATES[:3]:
            at = f" at {ended['time']}" if ended.get("time") else ""
            named = f"{task.council} {task.month}{' public' * (task.edition == 'public')}"
            say(f"{named} {ended['state']}{at}: {ended['message']}", sys.stderr)
        if self._wanted and sys.stderr.isatty():
            done = f"\r{sum(map(Counter.total, self._ended.values())):,} of {self._wanted:,}"
            print(done, end="\r", file=sys.stderr, flush=True)

    def end(self) -> int:
        """Say a summary; the exit code."""
        all_of, took = sum(self._ended.values(), Counter()), perf_counter() - self._began
        named = [state for state in STATES if all_of[state]]
        if self._as_json:
            say(json.dumps({"summary": dict(all_of), "seconds": round(took, 2)}))
        else:
            by_worst = sorted(self._ended.items(), key=lambda each: [-each[1][state] for state in STATES[:3]])
            rows = [("", (council, *(str(found[state]) for state in named))) for council, found in by_worst]
            say_table(["council", *named], rows)
            say(f"{', '.join(f'{all_of[state]:,} {state}' for state in named)}, in {took:,.0f} s.", sys.stderr)
        return 3 if all_of["failed"] or all_of["missing"] else int(bool(all_of["refused"]))


@contextmanager
def _read(file: Path, only: list[str]) -> Iterator[tuple[Any, Any]]:
    """What works on fleets, and the one that is asked for: what is wrong in its file, or with it, is wrong usage."""
    with messages(Path(), "fleet"):
        # Loaded when needed: help goes without what reads stores.
        from mpr_lib.fleet import fleet

        try:
            found = fleet.read_fleet(file, only)
        except fleet.MprError as error:
            say(str(error), sys.stderr)
            raise typer.Exit(3 if fleet.said_of(error)["state"] == "failed" else 2) from None
        yield fleet, found


@app.command()
def run(
    file: File, months: Months, only: Only = [], again: Again = False, scheduler: Scheduler = "",  # noqa: B006
    slots: Slots = None, timeout: Timeout = 600, as_json: Json = False,
) -> None:  # fmt: skip
    """Make and publish what needs making; exit 1 if a month was refused, 3 if one failed and may be tried again."""
    if scheduler and slots:
        raise typer.BadParameter("Two engines are named. Expected --scheduler or --slots.")
    with _read(file, only) as (fleet, of):
        from mpr_lib.fleet.engines import Dask, Local

        start = partial(Dask, scheduler) if scheduler else partial(Local, slots or os.cpu_count() or 1)
        told = Told(as_json, len(of.editions) * len(months) * len(of.workspaces))
        try:
            fleet.run(of, months, again, partial(start, seconds=timeout, memory=of.memory), told)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("Stopped. What is published stays; run it again for the rest.") from None
        raise typer.Exit(told.end())


@app.command()
def status(file: File, months: Months, only: Only = [], as_json: Json = False) -> None:  # noqa: B006
    """Say what is published, refused and missing, from the store alone; exit codes as of run."""
    with _read(file, only) as (fleet, of):
        told = Told(as_json, 0)
        for task, ended in fleet.standing(of, months):
            told(task, ended)
        raise typer.Exit(told.end())


@app.command()
def tidy(file: File, only: Only = []) -> None:  # noqa: B006
    """Remove what killed runs left and editions that are not kept, once they are older than a day."""
    with _read(file, only) as (fleet, of):
        for line in fleet.tidy(of):
            say(line)
