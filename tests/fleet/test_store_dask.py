"""A fleet on Dask: whoever is killed, each month is made once, and no orphan publishes.

Scheduler, workers and whoever asks are real processes on loopback; months are quick ones (tests/fleet/quick.py).
"""

import os
import signal
import time
from functools import partial

import pytest

from mpr_lib.errors import RunError
from mpr_lib.fleet import sets
from mpr_lib.fleet.engines import Dask
from mpr_lib.fleet.places import Place
from tests.fleet.fleets import LIMITS, begun, ended, is_there, numbers, run, states, until


def test_a_worker_that_is_killed_leaves_no_orphan_and_its_task_is_made_once(cluster, a_fleet, tmp_path):
    mark = tmp_path / "mark"
    of = a_fleet(slow=f"began {mark}\nsleep 2")
    cluster.worker(1)
    client = begun("-c", CLIENT, cluster.address, str(tmp_path), "slow")
    until(mark.exists)
    until(lambda: len(mark.read_text().split()) == 3)
    child, warm, worker = map(int, mark.read_text().split())
    mark.unlink()
    os.kill(worker, signal.SIGKILL)
    until(lambda: not is_there(warm) and not is_there(child), 2)
    # Its nanny starts another, which makes the month.
    until(mark.exists)
    assert client.wait(30) == 0
    assert numbers(of, ["2018-05"]) == {"slow": [1]}
    assert len(Place(f"{of.workspaces['slow']}/outputs/2018-05").listed("editions")) == 1


CLIENT = """
import sys
from functools import partial
from mpr_lib.fleet import fleet
from mpr_lib.fleet.engines import Dask
address, folder, *councils = sys.argv[1:]
of = fleet.Fleet(workspaces={each: f"{folder}/{each}" for each in councils})
limits = {"make": "tests.fleet.quick:make", "seconds": 10, "memory": 1024}
told = []
fleet.run(of, ["2018-05"], False, partial(Dask, address, **limits), lambda task, said: told.append(said["state"]))
sys.exit(0 if set(told) <= {"published", "unchanged"} else 3)
"""


def test_a_scheduler_that_is_killed_is_waited_for_and_the_rest_is_made(cluster, a_fleet, tmp_path):
    marks = {name: tmp_path / f"{name}-began" for name in ("a", "b", "c", "d")}
    of = a_fleet(**{name: f"began {mark}\nsleep 1.5" for name, mark in marks.items()})
    cluster.worker(1)
    client = begun("-c", CLIENT, cluster.address, str(tmp_path), *marks)
    until(lambda: any(mark.exists() for mark in marks.values()))
    ended(cluster.processes[0])
    # A worker whose scheduler is gone ends by itself and calls it a success: systemd is told to start it always.
    assert cluster.processes[1].wait(60) == 0
    cluster.scheduler()
    cluster.worker(1)
    assert client.wait(90) == 0
    assert numbers(of, ["2018-05"]) == {name: [1] for name in marks}


def test_a_client_that_is_killed_loses_what_had_not_begun_and_the_next_does_the_rest(cluster, a_fleet, tmp_path):
    marks = {name: tmp_path / f"{name}-began" for name in ("a", "b", "c", "d")}
    of = a_fleet(**{name: f"began {mark}\nsleep 1.5" for name, mark in marks.items()})
    cluster.worker(1)
    client = begun("-c", CLIENT, cluster.address, str(tmp_path), *marks)
    until(marks["a"].exists)
    ended(client)
    place = Place(f"{of.workspaces['a']}/outputs/2018-05")
    until(lambda: sets.highest(place) == 1)
    time.sleep(2)
    assert not marks["d"].exists()
    told = run(of, partial(Dask, cluster.address, **LIMITS), ["2018-05"])
    assert states(told)["a"] == ["unchanged"]
    assert states(told)["d"] == ["published"]
    assert numbers(of, ["2018-05"]) == {name: [1] for name in marks}


def test_workers_of_another_version_are_refused_before_the_first_task(cluster, a_fleet, monkeypatch):
    cluster.worker(1)
    monkeypatch.setattr("mpr_lib.fleet.engines.made_with", made_with_more)
    import distributed

    with distributed.Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(1)
    with pytest.raises(
        RunError, match=r"^tcp://127.*: not of this Python, version and packages\. Install the same there\."
    ):
        run(a_fleet(a=""), partial(Dask, cluster.address, **LIMITS))


def made_with_more():
    from mpr_lib.run.unchanged import made_with

    here = bool(os.environ.get("PYTEST_CURRENT_TEST"))
    return made_with() | ({"library": "newer"} if here else {})


def test_no_scheduler_is_said_to_be_none(a_fleet, monkeypatch, capsys):
    monkeypatch.setattr("mpr_lib.fleet.engines.FIRST", 0.2)
    with pytest.raises(RunError, match="No Dask scheduler answers at tcp://"):
        run(a_fleet(a=""), partial(Dask, "tcp://127.0.0.1:9", **LIMITS))
