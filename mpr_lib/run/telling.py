"""Telling: what a run says while it goes on and when it has ended, to people, to a log, or only what is wrong."""

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TextIO

from mpr_lib.errors import MprError
from mpr_lib.run.console import say
from mpr_lib.run.publishing import near, unexpected

NOTHING = "Nothing was published."
DIED = "The run did not end: its process, or one beside it, was stopped, perhaps for want of memory."


@dataclass(frozen=True)
class Options:
    """What the runs of many months have in common."""

    pdf: bool = True
    public: bool = False


@dataclass(frozen=True)
class Ended:
    """How a month's run ended: what was published, or the message that says why it was not."""

    month: str
    published: object = None
    message: str = ""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        return self.published is None


class Stopped(KeyboardInterrupt):
    """Somebody stopped the runs; ``ended`` are those that had ended by then."""

    def __init__(self, ended: list[Ended]):
        super().__init__("Stopped.")
        self.ended = ended

    def __str__(self):
        published = sorted(each.month for each in self.ended if not each.failed)
        return f"Stopped. Published by then: {', '.join(published)}." if published else f"Stopped. {NOTHING}"


def run_months(workspace: Path, months: list[str], options: Options, jobs: int, tell) -> list[Ended]:
    """Run months one after another, or in processes of their own; none stops the others. In the order of months."""
    if len(months) > 1 and jobs > 1:
        runs = _in_processes(workspace, months, options, min(jobs, len(months)))
    else:
        runs = (run_one(workspace, month, options, tell.start(month)) for month in months)
    with tell.showing(months):
        ended = []
        try:
            for each in runs:
                tell.month(each)
                ended.append(each)
        except KeyboardInterrupt:
            raise Stopped(ended) from None
    ended.sort(key=lambda each: each.month)
    tell.end(ended)
    return ended


def run_one(workspace: Path, month: str, options: Options, progress=None) -> Ended:
    """One month's run, whatever becomes of it."""
    # Loaded when needed: a run of one month in no terminal goes without processes, rich and what a notebook needs.
    from mpr_lib.run.month import run_month

    began = perf_counter()
    try:
        published = run_month(workspace, month, pdf=options.pdf, public=options.public, progress=progress)
    except MprError as error:
        return Ended(month, None, str(error), perf_counter() - began)
    except Exception as error:  # noqa: BLE001 - the last resort: a message, and the traceback in a log
        return Ended(month, None, unexpected(error, traceback.format_exc(), workspace, month), perf_counter() - began)
    return Ended(month, published, "", perf_counter() - began)


def _in_processes(workspace, months, options, jobs) -> Iterator[Ended]:
    """The runs as they end. A process that dies takes its month with it, and is said of that month."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # Not forked: threads and sockets of this process must not be copied.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(run_one, workspace, month, options): month for month in months}
        try:
            for done in as_completed(waiting):
                try:
                    yield done.result()
                except BrokenProcessPool:
                    yield Ended(waiting[done], None, f"{DIED} {NOTHING} Run it again, with fewer --jobs.")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def teller(out: TextIO, err: TextIO, *, quiet: bool, as_json: bool, many: bool):
    """Who tells of a run as it was asked for."""
    if as_json:
        return Json(err, quiet)
    if quiet:
        return Quiet(err)
    return Many(out, err) if many else One(out, err)


class Quiet:
    """Nothing unless something is wrong. The others say more at the same points."""

    def __init__(self, err: TextIO):
        self.err = err

    @contextmanager
    def showing(self, months):
        """Whatever is shown while the months are run."""
        yield

    def start(self, month: str):
        """A month's run begins; what is returned is told of its stages."""

    def month(self, ended: Ended) -> None:
        """A month has ended."""

    def end(self, ended: list[Ended]) -> None:
        """All have ended: what went wrong, month by month."""
        for each in ended:
            if each.failed:
                say(each.message if len(ended) == 1 else f"{each.month}: {each.message}", self.err)

    def warn(self, text: str) -> None:
        """Something else is wrong."""
        say(text, self.err)


class One(Quiet):
    """One month: its stages on standard error (a live line on a terminal), what was published on standard output."""

    def __init__(self, out: TextIO, err: TextIO):
        super().__init__(err)
        self.out = out
        self._live = None

    @contextmanager
    def showing(self, months):
        if not self.err.isatty():
            yield
            return
        from rich.console import Console

        with Console(file=self.err, highlight=False).status("starting") as self._live:
            yield
        self._live = None

    def start(self, month: str):
        running = []

        def stage(name: str, seconds: float | None) -> None:
            running.remove(name) if seconds is not None else running.append(name)
            if self._live:
                self._live.update(", ".join(running) or "finishing")
            if seconds is not None:
                self._line(seconds, name)

        return stage

    def _line(self, seconds: float, text: str) -> None:
        """Something is done: above what is shown live, or as a line of a log."""
        if self._live:
            self._live.console.print(f"{seconds:6.2f} s  {text}", markup=False)
        else:
            say(f"{seconds:6.2f} s  {text}", self.err)

    def end(self, ended: list[Ended]) -> None:
        super().end(ended)
        for each in ended:
            if not each.failed:
                found = ", ".join(f"{count} {severity}" for severity, count in each.published.findings.items())
                say(f"Published {near(each.published.folder)}: {', '.join(each.published.files)}", self.out)
                say(f"Findings: {found}", self.out)


class Many(One):
    """Many months: a bar on a terminal, a line for each month, and at the end those that went wrong."""

    @contextmanager
    def showing(self, months):
        if not self.err.isatty():
            yield
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(file=self.err, highlight=False)) as self._live:
            self._task = self._live.add_task("starting", total=len(months))
            yield
        self._live = None

    def start(self, month: str):
        def stage(name: str, seconds: float | None) -> None:
            if self._live and seconds is None:
                self._live.update(self._task, description=f"{month}: {name}")

        return stage

    def month(self, ended: Ended) -> None:
        self._line(ended.seconds, f"{ended.month}  {'not published' if ended.failed else 'published'}")
        if self._live:
            self._live.advance(self._task)

    def end(self, ended: list[Ended]) -> None:
        failed = [each for each in ended if each.failed]
        good = [each for each in ended if not each.failed]
        if good:
            say(f"Published {len(good)} of {len(ended)} months in {near(good[0].published.folder.parent)}.", self.out)
        if failed:
            say(f"Not published: {', '.join(each.month for each in failed)}.", self.err)
        Quiet.end(self, ended)


class Json(Quiet):
    """One JSON object a line: ``time``, ``level``, ``event``, and what belongs to the event."""

    def __init__(self, err: TextIO, quiet: bool):
        super().__init__(err)
        self.quiet = quiet

    def start(self, month: str):
        def stage(name: str, seconds: float | None) -> None:
            if seconds is not None:
                self._line("info", "stage", month=month, stage=name, seconds=round(seconds, 3))

        return None if self.quiet else stage

    def month(self, ended: Ended) -> None:
        seconds = round(ended.seconds, 3)
        if ended.failed:
            self._line("error", "failed", month=ended.month, seconds=seconds, message=ended.message)
        elif not self.quiet:
            made = ended.published
            self._line(
                "info", "published", month=ended.month, seconds=seconds, folder=near(made.folder),
                files=list(made.files), findings=made.findings,
            )  # fmt: skip

    def end(self, ended: list[Ended]) -> None:
        if not self.quiet and len(ended) > 1:
            failed = [each.month for each in ended if each.failed]
            self._line("error" if failed else "info", "ended", months=len(ended), failed=failed)

    def warn(self, text: str) -> None:
        self._line("warning", "notification", message=text)

    def _line(self, level, event, **more):
        time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        say(json.dumps({"time": time, "level": level, "event": event, **more}, ensure_ascii=False), self.err)
