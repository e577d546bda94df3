"""A fleet: what is made, what becomes of tasks that end badly on either engine, and what is told.

Months are quick ones (tests/fleet/quick.py).
"""

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from functools import partial

import pytest

from mpr_lib.errors import InputError, RunError
from mpr_lib.fleet import fleet
from mpr_lib.fleet.engines import Dask, Local
from mpr_lib.fleet.fleet import Fleet, read_fleet, standing
from mpr_lib.fleet.places import Place, StoreError
from tests.fleet.fleets import LIMITS, MONTHS, begun, ended, free_port, numbers, run, states, until
from tests.helpers import REPOSITORY, barred


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


def test_a_store_that_goes_away_fails_months_and_refuses_none(tmp_path, monkeypatch, request):
    port = free_port()
    server = begun("-m", "moto.server", "-H", "127.0.0.1", "-p", port)
    request.addfinalizer(partial(ended, server))
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
        ("workspaces:\n  each: s3://a/*\n  b: c\n", "found 'each' beside other lines. Expected it alone"),
        ("workspaces:\n  ../b: c\n", "'../b' is no name of a folder."),
        ("workspaces:\n  a/public: c\n", "'a/public' is no name of a folder."),
        (
            "workspaces:\n  a: s3://w/c/\n  b: s3://w/c\n",
            "of a and b would lie in one place, s3://w/c/outputs.",
        ),
        (
            "workspaces:\n  a: b\noutputs: s3://o/{council}\npublic: s3://o/{council}/\n",
            "a: public and outputs would lie",
        ),
        (
            "workspaces:\n  a: b\noutputs: s3://o/{council}\npublic: s3://o/{council}/2018-05\n",
            "would lie in one another",
        ),
        ("workspaces:\n  a: b\noutputs: s3://o/{council}/in\npublic: s3://o/{council}\n", "would lie in one another"),
    ],
)
def test_what_is_wrong_in_a_fleets_file_is_said(text, message, tmp_path):
    path = tmp_path / "fleet.yml"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        read_fleet(path)
    assert message in str(refused.value)


def test_a_bucket_that_is_not_there_is_one_councils_affair(a_fleet, s3):
    of = a_fleet(good="")
    here = of.model_copy(update={"workspaces": {"away": "s3://nobucket/away", **of.workspaces}})
    told = run(here, partial(Local, 1, **LIMITS), ["2018-05"])
    assert states(told)["good"] == ["published"]
    assert states(told)["away"] != ["published"]
    with pytest.raises(StoreError, match="does not answer as expected"):
        Place("s3://nobucket/out").write({"a.txt": b"a"})


def test_status_goes_on_where_one_store_is_away(a_fleet, monkeypatch):
    of, look = a_fleet(away="", good=""), fleet.Looked

    def looked(wanted):
        if wanted.url.endswith("away"):
            raise StoreError("It does not answer.")
        return look(wanted)

    monkeypatch.setattr(fleet, "Looked", looked)
    said = {task.council: (ended["state"], ended["message"]) for task, ended in standing(of, ["2018-05"], ())}
    assert said == {"away": ("failed", "It does not answer."), "good": ("missing", "")}


def test_a_folder_that_may_not_be_listed_is_not_an_empty_one(tmp_path, monkeypatch):
    (tmp_path / "data" / "returns").mkdir(parents=True)
    monkeypatch.setattr(os, "scandir", barred(os.scandir, "returns"))
    with pytest.raises(StoreError, match="PermissionError"):
        Place(str(tmp_path)).listed()


def test_a_password_in_a_url_is_refused_and_not_said():
    with pytest.raises(RunError, match="a user or a password in it") as refused:
        Place("s3://ME:SECRET@bucket/council")
    assert "SECRET" not in str(refused.value)


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
