"""A fleet on each engine: what is made, what becomes of tasks that end badly, and of whoever is killed meanwhile.

Engines, workers and scheduler are real processes on loopback; months are quick ones (tests/fleet/quick.py).
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from mpr_lib.errors import InputError, RunError
from mpr_lib.fleet import fleet, sets
from mpr_lib.fleet.engines import Dask, Local
from mpr_lib.fleet.fleet import Fleet, read_fleet, standing
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


@pytest.fixture
def cluster():
    found = Cluster()
    found.scheduler()
    yield found
    for each in found.processes:
        ended(each)


@pytest.fixture
def a_fleet(tmp_path):
    """A function that writes workspaces in a folder, by council what each month does, and makes a fleet of them."""

    def make(**how: str) -> Fleet:
        for council, said in how.items():
            Place(str(tmp_path / council)).write({"data/how.txt": said.encode(), "params/report.yml": b""})
        return Fleet(workspaces={council: str(tmp_path / council) for council in how})

    return make


def run(of: Fleet, start, months=MONTHS, again=False) -> dict[str, list[dict]]:
    """What is told of each council's months."""
    told = defaultdict(list)
    fleet.run(
        of,
        months,
        (),
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


@pytest.mark.parametrize("kind", ["local", "dask"])
def test_tasks_that_end_badly_take_nobody_along(kind, a_fleet, request):
    of = a_fleet(good="", crashes="crash", hangs="hang", greedy="greedy", refused="refuse", fine="sleep 0.1")
    if kind == "dask":
        cluster = request.getfixturevalue("cluster")
        cluster.worker(2)
        start = partial(Dask, cluster.address, **LIMITS)
    else:
        start = partial(Local, 2, **LIMITS)
    told = run(of, start, ["2018-05"])
    assert states(told) == {
        "good": ["published"], "fine": ["published"], "refused": ["refused"],
        "crashes": ["failed"], "hangs": ["failed"], "greedy": ["failed"],
    }  # fmt: skip
    messages = {council: said[0]["message"] for council, said in told.items() if said[0]["state"] == "failed"}
    assert messages == {
        "crashes": "It ended with signal 11.",
        "hangs": "It stopped after 4 s.",
        "greedy": "It wanted more than 1,024 MB.",
    }
    # Only what failed was tried again, once; and it is noted for whoever asks later.
    assert {council: said[0]["attempt"] for council, said in told.items()} == {
        "good": 1, "fine": 1, "refused": 1, "crashes": 2, "hangs": 2, "greedy": 2,
    }  # fmt: skip
    standing_now = {task.council: said["state"] for task, said in standing(of, ["2018-05"], ())}
    assert standing_now == {council: said[0]["state"] for council, said in told.items()}
    workers = {said[0]["worker"] for said in told.values()}
    assert len(workers) <= 2
    if kind == "dask":
        assert str(os.getpid()) not in " ".join(workers)


def never():
    raise AssertionError("an engine was started")


def test_what_is_unchanged_needs_no_engine_and_again_makes_all(a_fleet):
    of = a_fleet(good="", bad="refuse")
    start = partial(Local, 1, **LIMITS)
    assert states(run(of, start)) == {"good": ["published"] * 2, "bad": ["refused"] * 2}
    assert states(run(of, never)) == {"good": ["unchanged"] * 2, "bad": ["refused"] * 2}
    assert states(run(of, start, again=True)) == {"good": ["published"] * 2, "bad": ["refused"] * 2}
    assert numbers(of) == {"good": [2, 2], "bad": [0, 0]}


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
fleet.run(of, ["2018-05"], (), False, partial(Dask, address, **limits), lambda task, said: told.append(said["state"]))
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


def test_a_store_that_goes_away_fails_months_and_refuses_none(tmp_path, monkeypatch):
    port = free_port()
    server = begun("-m", "moto.server", "-H", "127.0.0.1", "-p", port)
    for name, text in {
        "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_MAX_ATTEMPTS": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, text)
    import fsspec

    files = fsspec.filesystem("s3", skip_instance_cache=True)
    until(lambda: answers(port))
    files.mkdir("away")
    Place("s3://away/one").write({"data/how.txt": f"kill {server.pid}".encode(), "params/report.yml": b""})
    of = Fleet(workspaces={"one": "s3://away/one"})
    told = run(of, partial(Local, 1, **LIMITS | {"seconds": 60}), ["2018-05"])
    server.wait()
    assert states(told) == {"one": ["failed"]}
    assert (
        "s3://away/one/outputs" in told["one"][0]["message"]
        or "s3://away/one does not answer" in told["one"][0]["message"]
    )


def answers(port) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


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


@pytest.fixture
def mpr(tmp_path):
    def call(*arguments) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "mpr_lib.run.cli", "fleet", *map(str, arguments)]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    return call


def test_a_fleet_is_read_from_its_file_and_from_what_lies_in_a_folder(a_fleet, tmp_path):
    a_fleet(southend="", eastmouth="")
    path = tmp_path / "fleet.yml"
    path.write_text("workspaces:\n  southend: southend\n  far: s3://far/away\n")
    assert read_fleet(path).workspaces == {"southend": f"{tmp_path}/southend", "far": "s3://far/away"}
    path.write_text(f"workspaces:\n  each: {tmp_path}/*\n")
    assert read_fleet(path).workspaces == {name: f"{tmp_path}/{name}" for name in ("eastmouth", "southend")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("workspaces: {}\n", "fleet.yml"),
        (
            "workspaces:\n  each: s3://a/b\n",
            "fleet.yml, workspaces.each: found 's3://a/b'. Expected a URL that ends in /*.",
        ),
        ("workspaces:\n  a: b\noutputs: s3://out\n", "Expected a URL with {council}, so that each has its own"),
        ("workspaces:\n  a: b\npassword: x\n", "password"),
    ],
)
def test_what_is_wrong_in_a_fleets_file_is_said(text, message, tmp_path):
    path = tmp_path / "fleet.yml"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        read_fleet(path)
    assert message in str(refused.value)


def test_a_council_that_the_fleet_does_not_have(a_fleet):
    with pytest.raises(InputError, match=r"The fleet has no council 'southent'\. Did you mean 'southend'\?"):
        list(fleet.tasks(a_fleet(southend=""), MONTHS, ["southent"]))


def test_status_table_lines_and_exit_codes(a_fleet, tmp_path, mpr):
    of = a_fleet(good="", bad="refuse")
    run(of, partial(Local, 1, **LIMITS), ["2018-05"])
    file = tmp_path / "fleet.yml"
    file.write_text("workspaces: {good: good, bad: bad}\n")
    code, out, err = mpr("status", file, "--months", "2018-05")
    assert (code, out) == (1, "council\trefused\tpublished\nbad\t1\t0\ngood\t0\t1\n")
    assert err == "bad 2018-05 internal refused: data/how.txt says refuse. Expected nothing of the kind.\n"
    code, out, _ = mpr("status", file, "--months", "2018-04..2018-05", "--only", "good", "--json")
    lines = list(map(json.loads, out.splitlines()))
    assert code == 3
    assert [each["state"] for each in lines[:-1]] == ["missing", "published"]
    assert lines[-1]["summary"] == {"missing": 1, "published": 1}
    # Nothing of it needs making, so it ends without an engine.
    assert mpr("run", file, "--months", "2018-05")[:2] == (1, "council\trefused\tunchanged\nbad\t1\t0\ngood\t0\t1\n")
    assert mpr("run", file, "--months", "2018-05", "--only", "good")[0] == 0
    assert mpr("run", file, "--months", "2018-13")[0] == 2
    assert mpr("run", file, "--months", "2018-05", "--slots", "2", "--scheduler", "tcp://x:1")[0] == 2
    assert mpr("tidy", file) == (0, "", "")
