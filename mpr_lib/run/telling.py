"""Telling: what a run says while it goes on and when it has ended, to people, to a log, or only what is wrong."""

import json
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TextIO

from mpr_lib.run.failures import near
from mpr_lib.run.many import Ended


def teller(out: TextIO, err: TextIO, *, quiet: bool, as_json: bool, many: bool):
    """Who tells of a run as it was asked for."""
    if as_json:
        return Json(err, quiet)
    if quiet:
        return Quiet(err)
    return Many(out, err) if many else One(out, err)


def say(text: str, stream: TextIO) -> None:
    """Print a text. Whoever listens may have gone (a pipe into head): no reason to stop, or to call the run failed."""
    with suppress(BrokenPipeError):
        print(text, file=stream, flush=True)


class Quiet:
    """Nothing unless something is wrong."""

    def __init__(self, err: TextIO):
        self.err = err

    @contextmanager
    def showing(self, months):
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
    """One month: its stages on standard error, what was published on standard output."""

    def __init__(self, out: TextIO, err: TextIO):
        super().__init__(err)
        self.out = out

    @contextmanager
    def showing(self, months):
        from mpr_lib.run.progress import shown

        with shown(self.err) as self._report:
            yield

    def start(self, month: str):
        return self._report

    def end(self, ended: list[Ended]) -> None:
        super().end(ended)
        for each in ended:
            if not each.failed:
                found = ", ".join(f"{count} {severity}" for severity, count in each.published.findings.items())
                say(f"Published {near(each.published.folder)}: {', '.join(each.published.files)}", self.out)
                say(f"Findings: {found}", self.out)


class Many(Quiet):
    """Many months: a bar on a terminal, a line for each month, and at the end those that went wrong."""

    def __init__(self, out: TextIO, err: TextIO):
        super().__init__(err)
        self.out = out
        self._bar = None

    @contextmanager
    def showing(self, months):
        if not self.err.isatty():
            yield
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(file=self.err, highlight=False)) as self._bar:
            self._task = self._bar.add_task("starting", total=len(months))
            yield
        self._bar = None

    def start(self, month: str):
        def stage(name: str, seconds: float | None) -> None:
            if self._bar and seconds is None:
                self._bar.update(self._task, description=f"{month}: {name}")

        return stage

    def month(self, ended: Ended) -> None:
        line = f"{ended.seconds:6.2f} s  {ended.month}  {'not published' if ended.failed else 'published'}"
        if self._bar:
            self._bar.console.print(line, markup=False)
            self._bar.advance(self._task)
        else:
            say(line, self.err)

    def end(self, ended: list[Ended]) -> None:
        failed = [each for each in ended if each.failed]
        good = [each for each in ended if not each.failed]
        if good:
            say(f"Published {len(good)} of {len(ended)} months in {near(good[0].published.folder.parent)}.", self.out)
        if failed:
            say(f"Not published: {', '.join(each.month for each in failed)}.", self.err)
        super().end(ended)


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
