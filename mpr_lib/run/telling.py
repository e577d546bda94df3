"""Telling: what a run says while it goes on and when it has ended, to people, to a log, or only what is wrong."""

import json
import os
import pickle
from base64 import b64decode, b64encode
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import perf_counter
from typing import Any, TextIO

from mpr_lib.run.console import say
from mpr_lib.run.publishing import message_of

NOTHING = "Nothing was published."
DIED = f"The run was broken off: its process {{}}. {NOTHING} Run it again; where memory is short, with fewer --jobs."
LONGEST = 3600.0
"""Seconds that a month among several may take, so that one that hangs does not keep the others waiting for ever."""


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
    """Run a month here, or several each in a process of its own; none stops the others. In the order of months.

    ``options`` are those of ``mpr_lib.run.month.run_month``, ``run`` goes in the place of ``run_one``.
    Raises ``KeyboardInterrupt`` that says what was published by then, if somebody stops it.
    """
    make = partial(run or run_one, workspace, options=options)
    if len(months) > 1:
        runs = _beside(make, months, min(jobs, len(months)), tell)
    else:
        runs = (make(month, progress=partial(tell.stage, month)) for month in months)
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


def run_beside(run: str, told=None) -> dict:
    """One month's run, packed, as a process beside another does it; how it ended, packed."""

    def progress(name: str, seconds: float | None) -> None:
        told({"name": name, "seconds": seconds})

    return {"ended": _packed(_unpacked(run)(progress=told and progress))}


def _beside(make, months: list[str], jobs: int, tell) -> Generator[Ended, None, None]:
    """The runs as they end, each in a process of its own. One that dies takes its month with it, and is said of it."""
    # Loaded when needed: a run of one month goes without.
    from mpr_lib.run.warm import Warm

    memory = _memory() // jobs or None

    def made(warm, month, told=None):
        given = {"run": _packed(partial(make, month))}
        became = warm.do(f"{__name__}:run_beside", given, seconds=LONGEST, memory=memory, told=told)
        if "died" in became:
            return Ended(month, None, DIED.format(became["died"]), became["seconds"])
        return _unpacked(became["returned"]["ended"])

    def make_all(warm):
        for month in left:
            ended.put(made(warm, month))

    left, ended, warm = iter(months), SimpleQueue[Ended](), [Warm() for _ in range(jobs)]
    try:
        if jobs == 1:
            for month in months:
                yield made(warm[0], month, lambda said, month=month: tell.stage(month, **said))
            return
        for each in warm:
            Thread(target=make_all, args=(each,), daemon=True).start()
        for _ in months:
            yield ended.get()
    finally:
        # Whoever stops it does not wait for what takes longer than to take away what was begun.
        closing = [Thread(target=each.close) for each in warm]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()


def _packed(what: Any) -> str:
    return b64encode(pickle.dumps(what)).decode()


def _unpacked(text: str) -> Any:
    return pickle.loads(b64decode(text))


def _memory() -> int:
    """MB that this machine has; 0 where it does not say."""
    with suppress(AttributeError, ValueError, OSError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return 0


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
            say(
                f"Published {len(good)} of {len(ended)} months in {good[0].published.where.rpartition('/')[0]}.",
                self.out,
            )
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
