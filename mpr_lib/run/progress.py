"""Progress: which stage a run is in, and how long each took."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from time import perf_counter, sleep

from mpr_lib.files import give_back

Report = Callable[[str, float | None], None]
"""Told of each stage: its name and nothing when it starts, its name and seconds when it has ended."""


class Stages:
    """Times of a run's stages, in the order in which they started. Stages may overlap, in threads."""

    def __init__(self, report: Report | None = None):
        self.seconds: dict[str, float] = {}
        self._report = report or (lambda name, seconds: None)
        self._began = perf_counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a block. A stage that fails is not recorded."""
        self._report(name, None)
        began = perf_counter()
        self.seconds[name] = 0.0
        yield
        give_back()
        self.seconds[name] = perf_counter() - began
        self._report(name, self.seconds[name])

    def wait_for(self, name: str, seconds: float) -> None:
        """Wait until a stage has begun, so many seconds at most."""
        until = perf_counter() + seconds
        while name not in self.seconds and perf_counter() < until:
            sleep(0.01)

    @property
    def total(self) -> float:
        return perf_counter() - self._began

    def lines(self) -> list[str]:
        """The times as lines of a log.

        >>> stages = Stages()
        >>> stages.seconds["read the data"] = 0.414
        >>> stages.lines()
        ['  0.41 s  read the data']
        """
        return [f"{seconds:6.2f} s  {name}" for name, seconds in self.seconds.items()]


def in_background(work: Callable) -> Future:
    """Work done in a thread while this one goes on. ``result`` waits for it and raises what it raised."""
    done: Future = Future()

    def run():
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again by result()
            done.set_exception(error)

    # A daemon, so that Ctrl-C need not wait for an import to end.
    threading.Thread(target=run, daemon=True).start()
    return done
