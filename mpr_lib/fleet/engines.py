"""Engines: who makes a fleet's months. One carries names to a warm process and a dict back, and knows nothing else.

``room()`` says whether it takes more, ``submit(task)`` gives it one, ``next()`` waits for one to end and gives it with
what became of it: what ``mpr_lib.fleet.task.make`` returned, or the state ``lost``, with who was to make it.
"""

import logging
import os
import socket
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any

from mpr_lib.annexes import brought
from mpr_lib.errors import RunError
from mpr_lib.files import temporary
from mpr_lib.fleet.places import imported
from mpr_lib.run.console import say
from mpr_lib.run.unchanged import made_with

MAKE = "mpr_lib.fleet.task:make"
WINDOW = 4
"""Tasks that are given to an engine for each of its slots: enough to keep it busy, few to take back."""
FIRST, PATIENCE = 30.0, 600.0
"""Seconds that whoever asks waits for a scheduler that does not answer at first, and for one that was lost."""

_begun: list[Any] = []
_own = threading.local()


def in_warm(given: dict[str, Any], seconds: float, memory: int, make: str = MAKE, key: str = "") -> dict[str, Any]:
    """Have a task made in a child of this thread's own warm process, and say what became of it.

    The ``key`` is for Dask: two who ask for the same at the same time get one.
    """
    if not hasattr(_own, "warm"):
        # Of the annex for many months, which a fleet cannot go without.
        _own.warm = brought("warm")["many"]()
        _begun.append(_own.warm)
    # Here, so that it goes however the task ends.
    with temporary("workspace") as folder:
        done = _own.warm.do(make, given | {"folder": str(folder)}, seconds=seconds, memory=memory)
    died = {"state": "failed", "message": f"It {done['died']}."} if "died" in done else {}
    used = {name: round(done[name], 2) for name in ("seconds", "cpu", "peak_mb")}
    return {**done.get("returned", {}), **died, **used, "worker": f"{socket.gethostname()}:{os.getpid()}"}


class Local:
    """So many warm processes on this machine."""

    def __init__(self, slots: int, **limits: Any):
        self._most, self._limits, self._running = WINDOW * slots, limits, dict[Future, Any]()
        self._pool: Executor = ThreadPoolExecutor(slots)

    def room(self) -> bool:
        return len(self._running) < self._most

    def submit(self, task) -> None:
        key = f"mpr:{task.shown}:{len(task.tried)}"
        self._running[self._pool.submit(in_warm, task.given, **self._limits, key=key)] = task

    def next(self) -> tuple[Any, dict[str, Any]]:
        done = next(iter(wait(self._running, return_when=FIRST_COMPLETED).done))
        task = self._running.pop(done)
        if done.cancelled():
            return task, {"state": "lost", "message": "Who was to make it was lost."}
        if error := done.exception():
            return task, {"state": "failed", "message": f"Who was to make it ended: {error}"}
        return task, done.result()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        while _begun:
            _begun.pop().close()
        # What they were at has ended, and is being taken away.
        wait([each for each in self._running if not each.cancelled()], FIRST)


class Dask(Local):
    """The workers of a Dask scheduler, each of which has a warm process beside it."""

    def __init__(self, address: str, **limits: Any):
        self._address, self._limits, self._running = address, limits, {}
        # It logs the loss of a scheduler with a traceback; we say it, and look for it again.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._connect(FIRST)

    def _connect(self, patience: float) -> None:
        # Loaded when needed: it takes half a second.
        distributed = imported("distributed", "fleet")
        try:
            self._client = distributed.Client(self._address, timeout=patience, set_as_default=False)
        except (OSError, ValueError) as error:
            raise RunError(f"No Dask scheduler answers at {self._address}: {error}.") from None
        found, ours = self._client.run(made_with, on_error="return"), made_with()
        if other := sorted(worker for worker, theirs in found.items() if theirs != ours):
            raise RunError(f"{', '.join(other)}: not of this Python, version and packages. Install the same there.")
        self._pool = self._client.get_executor(retries=0, pure=False)

    def room(self) -> bool:
        # A scheduler that is lost says nothing: what ends next tells of it.
        with suppress(OSError):
            return len(self._running) < WINDOW * max(sum(self._client.nthreads().values()), 1)
        return not self._running

    def next(self) -> tuple[Any, dict[str, Any]]:
        task, ended = super().next()
        # All that was submitted is lost with a scheduler; workers end what they are at, and publish it.
        if ended["state"] == "lost" and self._client.status != "running":
            say(f"The scheduler at {self._address} was lost: waiting for it.", sys.stderr)
            self._client.close(timeout=2)
            self._connect(PATIENCE)
        return task, ended

    def close(self) -> None:
        self._client.close(timeout=2)
