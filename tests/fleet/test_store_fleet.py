"""A fleet: what is made, what becomes of tasks that end badly on either engine, and what is told.

Months are quick ones (tests/fleet/quick.py).
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from mpr_lib.errors import InputError, RunError
from mpr_lib.files import temporary
from mpr_lib.fleet import fleet
from mpr_lib.fleet.engines import Dask, Local
from mpr_lib.fleet.fleet import Fleet, read_fleet, standing
from mpr_lib.fleet.places import Barred, Place, StoreError
from tests.fleet.fleets import LIMITS, begun, ended, free_port, numbers, run, states, until
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
    standing_now = {task.council: said["state"] for task, said in standing(of, ["2018-05"])}
    assert standing_now == {council: said[0]["state"] for council, said in told.items()}
    # The copies of workspaces go with those that died.
    assert list(Path(tempfile.gettempdir()).glob("mpr-workspace-*")) == []
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
    # What was made again is what was published: readers are told of no other edition.
    assert numbers(of) == {"good": [1, 1], "bad": [0, 0]}


CLIENT = """
import signal, sys
from functools import partial
from mpr_lib.fleet import fleet
from mpr_lib.fleet.engines import Local
signal.signal(signal.SIGTERM, signal.default_int_handler)
of = fleet.Fleet(workspaces={"one": sys.argv[1]})
fleet.run(of, ["2018-05"], False, partial(Local, 1, make="tests.fleet.quick:make", seconds=60, memory=1024), print)
"""


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_whoever_is_stopped_takes_its_copy_away_and_who_is_killed_leaves_it_to_the_next(sent, a_fleet, tmp_path):
    of = a_fleet(one=f"began {tmp_path}/began\nhang")
    client = begun("-c", CLIENT, of.workspaces["one"])
    until(lambda: (tmp_path / "began").exists())
    (copy,) = Path(tempfile.gettempdir()).glob("mpr-workspace-*")
    with temporary("workspace"):
        assert copy.exists()
    client.send_signal(sent)
    client.wait(20)
    assert copy.exists() == (sent == signal.SIGKILL)
    if copy.exists():
        # Only what was made this moment may have nobody who holds it yet.
        os.utime(copy, (copy.stat().st_mtime - 60,) * 2)
        with temporary("workspace"):
            assert not copy.exists()


@pytest.fixture
def keys(s3, monkeypatch):
    """A function that has the bucket opened with a key that is wrong, or one that may do what it names."""
    import botocore.session
    import fsspec
    from moto import settings

    iam = botocore.session.get_session().create_client("iam")
    iam.create_user(UserName="fleet")
    right = iam.create_access_key(UserName="fleet")["AccessKey"]
    clear = fsspec.filesystem("s3").clear_instance_cache

    def given(*may: str) -> None:
        if may:
            monkeypatch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", float("inf"))
            said = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": may, "Resource": "*"}]}
            iam.put_user_policy(UserName="fleet", PolicyName="may", PolicyDocument=json.dumps(said))
        monkeypatch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", right["AccessKeyId"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", right["SecretAccessKey"] if may else "wrong")
        clear()

    yield given
    clear()


def test_what_time_does_not_heal_is_said_with_what_to_do_and_not_tried_again(s3, keys):
    Place(f"{s3}/one").write({"data/how.txt": b"", "params/report.yml": b""})
    of, start = Fleet(workspaces={"one": f"{s3}/one"}), partial(Local, 1, **LIMITS)

    def become():
        (said,) = run(of, start, ["2018-05"])["one"]
        return (
            said["state"],
            said["attempt"],
            said.get("message", "").rpartition(" (")[0],
            said.get("message", "")[-64:],
        )

    keys()
    state, attempt, where, todo = become()
    assert (state, attempt, where) == ("refused", 1, "s3://councils/one cannot be used")
    assert todo.endswith("Correct the keys that it is opened with, and run it again.")
    keys("s3:GetObject", "s3:ListBucket")
    state, attempt, where, todo = become()
    assert (state, attempt, where) == ("refused", 1, "s3://councils/one/outputs/2018-05 cannot be used")
    assert todo.endswith("for the right to read or to write there, and run it again.")
    # It is no refusal of the data, which would stand until they change.
    keys("s3:*")
    assert become()[:2] == ("published", 1)


def test_a_wrong_address_is_one_councils_affair_and_status_says_it_too(a_fleet, tmp_path):
    a_fleet(good="")
    path = tmp_path / "fleet.yml"
    path.write_text(
        "workspaces: {good: good, strange: 'ftp://x/y', slash: 'file:/x', bucket: 's3:/b/c', none: nowhere}\n"
    )
    told = run(read_fleet(path), partial(Local, 1, **LIMITS), ["2018-05"])
    messages = {council: said[0]["message"] for council, said in told.items() if said[0]["state"] == "refused"}
    assert {council: message.replace(str(tmp_path), "") for council, message in messages.items()} == {
        "strange": "ftp://x/y: 'ftp' is no store to publish in. Expected one of abfs, abfss, az, file, gcs, gs, local, "
        "memory, s3, s3a.",
        "slash": "file:/x lacks a slash. Expected file:///x.",
        "bucket": "s3:/b/c lacks a slash. Expected s3://b/c.",
        "none": "/nowhere is not a workspace: it needs the folders data and params. Name the right one.",
    }
    assert states(told)["good"] == ["published"]
    stands = {task.council: said for task, said in standing(read_fleet(path), ["2018-05"])}
    assert {council: said["state"] for council, said in stands.items()} == {"good": "published"} | dict.fromkeys(
        messages, "refused"
    )
    assert stands["none"]["message"] == messages["none"]


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
    # Clients are kept for the next who asks for one, with the address of this server.
    request.addfinalizer(files.clear_instance_cache)
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
            "fleet.yml, workspaces.each: found 's3://a/b'. Expected it alone, and ending in /*.",
        ),
        (
            "workspaces:\n  a: b\noutputs: s3://out\n",
            "found 's3://out'. Expected a URL with {council}: each has its own.",
        ),
        ("workspaces:\n  a: b\npassword: x\n", "password"),
        ("workspaces:\n  each: s3://a/*\n  b: c\n", "found 's3://a/*'. Expected it alone, and ending in /*."),
        ("workspaces:\n  ../b: c\n", "'../b' is no folder's name."),
        ("workspaces:\n  a/public: c\n", "'a/public' is no folder's name."),
        (
            "workspaces:\n  a: s3://w/c/\n  b: s3://w/c\n",
            "the months of a and b would lie in one place, s3://w/c/outputs/. Expected two.",
        ),
        (
            "workspaces:\n  a: b\noutputs: s3://o/{council}\npublic: s3://o/{council}/\n",
            "the months of a and a in public would lie in one place, s3://o/a/.",
        ),
        (
            "workspaces:\n  a: b\noutputs: s3://o/{council}\npublic: s3://o/{council}/2018-05\n",
            "the months of a and a in public would lie in one place, s3://o/a/.",
        ),
        (
            "workspaces:\n  a: b\noutputs: s3://o/{council}/in\npublic: s3://o/{council}\n",
            "of a in public and a would lie in one",
        ),
        ("workspaces:\n  a: s3://w/a\n  b: s3://w/a/outputs/b\n", "the months of a and b would lie in one place"),
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
    assert states(told)["away"] == ["refused"]
    with pytest.raises(
        Barred, match=r"s3://nobucket/out cannot be used .* Correct its address, or have the bucket made"
    ):
        Place("s3://nobucket/out").write({"a.txt": b"a"})


def test_status_goes_on_where_one_store_is_away(a_fleet, monkeypatch):
    of, look = a_fleet(away="", good=""), fleet.Looked

    def looked(wanted):
        if wanted.url.endswith("away"):
            raise StoreError("It does not answer.")
        return look(wanted)

    monkeypatch.setattr(fleet, "Looked", looked)
    said = {task.council: (ended["state"], ended["message"]) for task, ended in standing(of, ["2018-05"])}
    assert said == {"away": ("failed", "It does not answer."), "good": ("missing", "Nobody has tried it yet.")}


def test_a_folder_that_may_not_be_listed_is_not_an_empty_one(tmp_path, monkeypatch):
    (tmp_path / "data" / "returns").mkdir(parents=True)
    monkeypatch.setattr(os, "scandir", barred(os.scandir, "returns"))
    with pytest.raises(Barred, match=r"PermissionError.* Ask whoever looks after it for the right"):
        Place(str(tmp_path)).listed()


def test_a_password_in_a_url_is_refused_and_not_said():
    with pytest.raises(RunError, match="a user or a password in it") as refused:
        Place("s3://ME:SECRET@bucket/council")
    assert "SECRET" not in str(refused.value)


def test_a_council_that_the_fleet_does_not_have(tmp_path):
    path = tmp_path / "fleet.yml"
    path.write_text("workspaces: {southend: a, eastmouth: b}\n")
    assert list(read_fleet(path, ["eastmouth"]).workspaces) == ["eastmouth"]
    with pytest.raises(InputError, match=r"The fleet has no council 'southent'\. Did you mean 'southend'\?"):
        read_fleet(path, ["southent"])


def test_status_table_lines_and_exit_codes(a_fleet, tmp_path, mpr):
    of = a_fleet(good="", bad="refuse")
    run(of, partial(Local, 1, **LIMITS), ["2018-05"])
    file = tmp_path / "fleet.yml"
    file.write_text("workspaces: {good: good, bad: bad}\n")
    code, out, err = mpr("status", file, "--months", "2018-05")
    assert (code, out) == (1, "council\trefused\tpublished\nbad\t1\t0\ngood\t0\t1\n")
    assert re.fullmatch(
        r"bad 2018-05 refused at 20\S+: data/how\.txt says refuse\. Expected nothing of the kind\.\n"
        r"1 refused, 1 published, in \d s\.\n",
        err,
    )
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
    nothing = "0 editions and sets removed that were older than a day and that nobody needs.\n"
    assert mpr("tidy", file) == (0, nothing, "")
