"""Runs: those of several months, each in a process of its own."""

import os
import pickle
from base64 import b64decode, b64encode
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any

from mpr_lib.many.warm import Warm
from mpr_lib.run.telling import NOTHING, Ended

DIED = f"The run was broken off: its process {{}}. {NOTHING} Run it again; where memory is short, with fewer --jobs."
LONGEST = 3600.0
"""Seconds that a month among several may take, so that one that hangs does not keep the others waiting for ever."""


def beside(make: Callable[..., Ended], months: list[str], jobs: int, tell) -> Generator[Ended, None, None]:
    """The runs as they end, ``jobs`` at once. One whose process dies takes its month with it, and is said of it.

    ``make(month, progress=...)`` is one month's run and can be pickled, ``tell`` is told of its stages if it is alone.
    """
    memory = _memory() // jobs or None

    def made(warm, month, told=None):
        given = {"run": _packed(partial(make, month))}
        became = warm.do(f"{__name__}:run_packed", given, seconds=LONGEST, memory=memory, told=told)
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


def run_packed(run: str, told=None) -> dict:
    """One month's run, packed, as a process beside another does it; how it ended, packed."""

    def progress(name: str, seconds: float | None) -> None:
        told({"name": name, "seconds": seconds})

    return {"ended": _packed(_unpacked(run)(progress=told and progress))}


def _packed(what: Any) -> str:
    return b64encode(pickle.dumps(what)).decode()


def _unpacked(text: str) -> Any:
    return pickle.loads(b64decode(text))


def _memory() -> int:
    """MB that this machine has; 0 where it does not say."""
    with suppress(AttributeError, ValueError, OSError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return 0
