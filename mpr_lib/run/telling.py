"""Telling: what a run says while it goes on and when it has ended, to people, to a log, or only what is wrong."""

import json
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO

from mpr_lib.annexes import brought
from mpr_lib.run.console import say
from mpr_lib.run.publishing import message_of

NOTHING = "Nothing was published."


@dataclass(frozen=True)
class Ended:
    """How a month's run ended: what was published, or the message that says why it was not."""

    month: str
    published: Any = None
    message: str = ""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        return self.published is None


def run_months(workspace: Path, months: list[str], jobs: int, tell, run=None, **options: Any) -> list[Ended]:
    """Run a month here, or several by an annex, ``jobs`` at once: how they ended, by month; none stops the others.

    ``options`` are those of ``mpr_lib.run.month.run_month``, ``run`` goes in the place of ``run_one``.
    Raises ``KeyboardInterrupt`` that says what was published by then, if somebody stops it.
    """
    make = partial(run or run_one, workspace, options=options)
    many = list(brought("many").values()) if len(months) > 1 else []
    here = (make(month, progress=partial(tell.stage, month)) for month in months)
    runs = many[0](make, months, min(jobs, len(months)), tell) if many else here
    ended = []
    with tell.showing(months), closing(runs):
        try:
            for each in runs:
                tell.month(each)
                ended.append(each)
        except KeyboardInterrupt:
            published = ", ".join(sorted(each.month for each in ended if not each.failed))
            by_then = f"Published by then: {published}." if published else NOTHING
            raise KeyboardInterrupt(f"Stopped. {by_then}") from None
    ended.sort(key=lambda each: each.month)
    tell.end(ended)
    return ended


def run_one(workspace: Path, month: str, *, options: dict, progress=None) -> Ended:
    """One month's run, whatever becomes of it."""
    # Loaded when needed: a run of one month in no terminal goes without processes, rich and what a notebook needs.
    from mpr_lib.run.month import run_month

    began = perf_counter()
    published, message = None, ""
    try:
        published = run_month(workspace, month, progress=progress, **options)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a message, and the traceback in a log
        message = message_of(error, workspace, month)
    return Ended(month, published, message, perf_counter() - began)


def teller(out: TextIO, err: TextIO, *, quiet: bool, as_json: bool):
    """Who tells of a run as it was asked for."""
    if as_json:
        return Json(err, quiet)
    return Quiet(err) if quiet else Spoken(out, err)


class Quiet:
    """Nothing unless something is wrong. The others say more at the same points."""

    def __init__(self, err: TextIO):
        self.err = err

    @contextmanager
    def showing(self, months):
        """Whatever is shown while the months are run."""
        yield

    def stage(self, month: str, name: str, seconds: float | None) -> None:
        """A stage of a month's run begins or, with its seconds, has ended."""

    def month(self, ended: Ended) -> None:
        """A month has ended."""

    def unchanged(self, month: str) -> None:
        """A month is not run: what is published is what a run would make again."""

    def end(self, ended: list[Ended]) -> None:
        """All have ended: what went wrong, month by month."""
        for each in ended:
            if each.failed:
                say(each.message if len(ended) == 1 else f"{each.month}: {each.message}", self.err)

    def warn(self, text: str) -> None:
        """Something else is wrong."""
        say(text, self.err)


class Spoken(Quiet):
    """What was published on standard output. On standard error a line for each stage, or for each of many months.

    On a terminal there is a live line below them: what is being done and, of many months, how many are.
    """

    def __init__(self, out: TextIO, err: TextIO):
        super().__init__(err)
        self.out = out
        self._live: Any = None
        self._many = False
        self._running: list[str] = []

    @contextmanager
    def showing(self, months):
        self._many = len(months) > 1
        if not self.err.isatty():
            yield
            return
        from rich import progress
        from rich.console import Console

        shown = [progress.BarColumn(), progress.MofNCompleteColumn(), progress.TimeRemainingColumn()]
        shown = [*(shown if self._many else [progress.SpinnerColumn()]), progress.TextColumn("{task.description}")]
        console = Console(file=self.err, highlight=False)
        with progress.Progress(*shown, console=console, transient=not self._many) as self._live:
            self._task = self._live.add_task("starting", total=len(months))
            yield
        self._live = None

    def stage(self, month: str, name: str, seconds: float | None) -> None:
        self._running.append(name) if seconds is None else self._running.remove(name)
        if self._live:
            self._live.update(self._task, description=f"{month}: {', '.join(self._running) or 'finishing'}")
        if seconds is not None and not self._many:
            self._line(seconds, name)

    def month(self, ended: Ended) -> None:
        self._running.clear()
        if self._many:
            self._line(ended.seconds, f"{ended.month}  {'not published' if ended.failed else 'published'}")
        if self._live:
            self._live.advance(self._task)

    def unchanged(self, month: str) -> None:
        say(f"{month}: nothing has changed since it was published.", self.out)

    def end(self, ended: list[Ended]) -> None:
        good = [each for each in ended if not each.failed]
        failed = [each.month for each in ended if each.failed]
        if good and self._many:
            where = good[0].published.where.rpartition("/")[0]
            say(f"Published {len(good)} of {len(ended)} months in {where}.", self.out)
        elif good:
            # Loaded when needed: whoever asks whether anything changed goes without what reads data.
            from mpr_lib.run.inputs import published_version

            made = good[0].published
            version = published_version(made.folder)
            what = f"{version} in {made.where}" if version else made.where
            say(f"Published {what}: {', '.join(made.files)}", self.out)
            say("Findings: " + ", ".join(f"{count} {severity}" for severity, count in made.findings.items()), self.out)
            for line in made.warnings:
                say(f"  - {line}", self.out)
        if failed and self._many:
            say(f"Not published: {', '.join(failed)}.", self.err)
        super().end(ended)

    def _line(self, seconds: float, text: str) -> None:
        """Something is done: above what is shown live, or as a line of a log."""
        line = f"{seconds:6.2f} s  {text}"
        self._live.console.print(line, markup=False) if self._live else say(line, self.err)


class Json(Quiet):
    """One JSON object a line: ``time``, ``level``, ``event``, and what belongs to the event; if quiet, no ``info``."""

    def __init__(self, err: TextIO, quiet: bool):
        super().__init__(err)
        self.quiet = quiet

    def stage(self, month: str, name: str, seconds: float | None) -> None:
        if seconds is not None:
            self._line("info", "stage", month=month, stage=name, seconds=round(seconds, 3))

    def month(self, ended: Ended) -> None:
        about = {"month": ended.month, "seconds": round(ended.seconds, 3)}
        if ended.failed:
            self._line("error", "failed", **about, message=ended.message)
        else:
            made = ended.published
            about |= {"folder": made.where, "files": list(made.files), "findings": made.findings}
            self._line("info", "published", **about)

    def unchanged(self, month: str) -> None:
        self._line("info", "unchanged", month=month)

    def end(self, ended: list[Ended]) -> None:
        failed = [each.month for each in ended if each.failed]
        if len(ended) > 1:
            self._line("error" if failed else "info", "ended", months=len(ended), failed=failed)

    def warn(self, text: str) -> None:
        self._line("warning", "notification", message=text)

    def _line(self, level, event, **more):
        if self.quiet and level == "info":
            return
        time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        say(json.dumps({"time": time, "level": level, "event": event, **more}, ensure_ascii=False), self.err)
