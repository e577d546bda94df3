"""Many months: each a run of its own, the good ones published, what went wrong with the others kept for the end."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from mpr_lib.errors import MprError
from mpr_lib.run.failures import unexpected

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
