"""What tests of fleets share: real schedulers and workers, and what became of a fleet."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

from mpr_lib.fleet import fleet, sets
from mpr_lib.fleet.fleet import Fleet
from mpr_lib.fleet.places import Place
from tests.helpers import REPOSITORY

MONTHS = ["2018-04", "2018-05"]
LIMITS = {"make": "tests.fleet.quick:make", "seconds": 4, "memory": 1024}


def free_port() -> int:
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        return each.getsockname()[1]


def begun(*command) -> subprocess.Popen:
    # From another folder, as a worker would be.
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTEST_CURRENT_TEST": ""}
    return subprocess.Popen(
        [sys.executable, *map(str, command)], cwd="/", env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def ended(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def is_there(pid: int) -> bool:
    with suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def until(true, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


class Cluster:
    """``dask scheduler`` and ``dask worker`` as processes."""

    def __init__(self):
        self.port, self.processes = free_port(), []
        self.address = f"tcp://127.0.0.1:{self.port}"

    def scheduler(self) -> subprocess.Popen:
        return self._begun("scheduler", "--host", "127.0.0.1", "--port", self.port, "--no-dashboard", "--no-show")

    def worker(self, slots: int = 1) -> subprocess.Popen:
        return self._begun("worker", self.address, "--nthreads", 1, "--nworkers", slots, "--no-dashboard")

    def _begun(self, *what):
        self.processes.append(begun("-m", "dask", *what))
        return self.processes[-1]


def run(of: Fleet, start, months=MONTHS, again=False) -> dict[str, list[dict]]:
    """What is told of each council's months."""
    told = defaultdict(list)
    fleet.run(
        of,
        months,
        again,
        start,
        lambda task, said: told[task.council].append(said | {"attempt": 1 + len(task.tried)}),
    )
    return dict(told)


def states(told) -> dict[str, list[str]]:
    return {council: sorted(each["state"] for each in said) for council, said in told.items()}


def numbers(of: Fleet, months=MONTHS) -> dict[str, list[int]]:
    """The number of each month's current edition, whose set must be whole."""
    found = defaultdict(list)
    for council, url in of.workspaces.items():
        for month in months:
            place = Place(f"{url}/outputs/{month}")
            edition = sets.newest(place)
            found[council].append(edition.number if edition else 0)
            if edition:
                assert set(place.listed(edition.folder)) == {f"{edition.folder}/{name}" for name in edition.files}
    return dict(found)
