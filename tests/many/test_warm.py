"""A process beside this one: each piece of work is on its own, and none outlives whoever wanted it."""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mpr_lib.many import warm as warm_module
from mpr_lib.many.warm import FORKS, Warm
from mpr_lib.run.telling import run_months, teller
from tests.helpers import REPOSITORY, small_workspace
from tests.run.notebooks import write_notebook

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="needs signals")]
forking = pytest.mark.skipif(not FORKS, reason="no process is forked here")


@pytest.fixture(scope="module")
def warm():
    process = Warm()
    yield process
    process.close()


def work(name: str) -> str:
    return f"tests.many.work:{name}"


def fresh(monkeypatch) -> Warm:
    """One as it is where nothing is forked."""
    monkeypatch.setattr(warm_module, "FORKS", False)
    return Warm()


def alive(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rsplit(")")[-1].split()[0] != "Z"


def wait_for(met, seconds=30.0) -> bool:
    until = time.monotonic() + seconds
    while not met() and time.monotonic() < until:
        time.sleep(0.02)
    return met()


def noted(path: Path) -> list[int]:
    """The processes that a piece of work noted, once it has."""
    assert wait_for(lambda: path.exists() and path.read_text())
    return [int(word) for word in path.read_text().split()]


@pytest.mark.parametrize("kind", [pytest.param("forked", marks=forking), "fresh"])
def test_work_is_done_in_a_process_of_its_own(warm, monkeypatch, kind):
    monkeypatch.setenv("MPR_SIGNING_KEY", "secret")
    process = warm if kind == "forked" else fresh(monkeypatch)
    told = []
    found = process.do(work("about"), {"month": "2018-05", "of": ["é", None]}, told=told.append)
    returned = found["returned"]
    assert returned["given"] == {"month": "2018-05", "of": ["é", None]}
    assert (returned["cwd"], returned["key"]) == (str(Path.cwd()), "secret")
    assert returned["process"] not in (os.getpid(), process.do(work("about"), {})["returned"]["process"])
    assert told == [{"stage": "begun"}]
    if kind == "fresh":
        with pytest.raises(ZeroDivisionError):
            process.do(work("about"), {}, told=lambda said: 1 / 0)
    assert 0 < found["cpu"] < 30
    assert 10 < found["peak_mb"] < 2000
    assert process.do(work("raises"), {})["died"] == "ended with ValueError: no such thing"
    assert process.do(work("exits"), {})["died"] == "ended with exit code 7"
    assert process.do(work("hangs"), {"note": os.devnull}, seconds=0.5)["died"] == "stopped after 0.5 s"
    assert "returned" in process.do(work("about"), {})
    process is warm or process.close()


@forking
def test_a_fork_is_of_one_thread_and_finds_nothing_of_the_one_before(warm):
    first = warm.do(work("about"), {})["returned"]
    assert (first["threads"], first["tasks"]) == (1, 1)
    assert warm.do(work("leaves_something"), {})["returned"] == {"left": 1}
    assert warm.do(work("about"), {})["returned"]["left"] == 0


@forking
@pytest.mark.parametrize(
    ("name", "given", "limits", "died"),
    [
        ("crashes", {}, {}, "ended with signal 11"),
        ("wants", {"megabytes": 3000}, {"memory": 1024}, "wanted more than 1,024 MB"),
        ("hangs", {"note": "{}"}, {"seconds": 1}, "stopped after 1 s"),
    ],
)
def test_work_that_goes_wrong_is_its_own_answer_and_no_more(warm, tmp_path, name, given, limits, died):
    beside = warm._process.pid
    note = tmp_path / "note"
    found = warm.do(
        work(name), {key: note.__fspath__() if value == "{}" else value for key, value in given.items()}, **limits
    )
    assert (found["died"], "returned" in found) == (died, False)
    assert found["seconds"] < 20
    if note.exists():
        assert wait_for(lambda: not any(map(alive, noted(note))))
    assert warm.do(work("wants"), {"megabytes": 1})["returned"] == {"has": 2**20}
    assert warm._process.pid == beside


@forking
def test_whoever_is_asked_to_end_may_take_away_what_it_began(tmp_path):
    process, note = Warm(), tmp_path / "note"
    found = []
    asking = threading.Thread(target=lambda: found.append(process.do(work("tidies"), {"note": str(note)})))
    asking.start()
    noted(note)
    process.close()
    asking.join(10)
    assert found[0]["died"] == "stopped"
    assert note.with_suffix(".tidied").exists()
    assert process.do(work("about"), {})["died"] == "stopped"


OWNER = """
import sys
from mpr_lib.many.warm import Warm
warm = Warm()
print(warm._process.pid, flush=True)
warm.do(sys.argv[1], {"folder": sys.argv[2], "note": sys.argv[3]})
"""


@forking
@pytest.mark.parametrize("killed", ["owner", "warm process"])
def test_nothing_outlives_whoever_wanted_it(tmp_path, killed):
    note = tmp_path / "note"
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, work("has_kernel"), str(tmp_path), str(note)],
        stdout=subprocess.PIPE, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    beside = int(owner.stdout.readline())
    processes = [*noted(note), beside]
    assert all(map(alive, processes))
    os.kill(owner.pid if killed == "owner" else beside, signal.SIGKILL)
    gone = wait_for(lambda: not any(map(alive, processes)), 1.0)
    owner.kill()
    owner.communicate()
    assert gone


@forking
def test_a_warm_process_that_was_killed_is_said_and_begun_again(warm):
    before = warm._process.pid
    os.kill(before, signal.SIGKILL)
    warm._process.wait()
    assert warm.do(work("wants"), {"megabytes": 1})["returned"] == {"has": 2**20}
    assert warm._process.pid != before


AROUND = """
import gc, os, signal, sys, threading
import matplotlib, numpy, pandas
from matplotlib import pyplot
print(sys.path, sys.argv[0], sys.argv[3:], os.getcwd(), sys.executable, matplotlib.rcParams["backend"], __name__)
own = "IPYTHONDIR", "JPY_PARENT_PID", "PYTEST_CURRENT_TEST"
print({name: text for name, text in sorted(os.environ.items()) if name not in own})
print([signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGALRM, signal.SIGHUP)], gc.get_threshold())
print(sys.stdin.__class__, numpy.geterr(), sorted(each.name for each in threading.enumerate()))
options = ("display.max_rows", "display.max_columns", "display.width", "display.large_repr", "plotting.backend")
print([pandas.get_option(name) for name in options], [name in sys.modules for name in ("scipy.stats", "altair")])
pyplot.plot([1, 2])
"""


@forking
def test_a_forked_kernel_finds_around_it_what_a_fresh_one_does(warm, tmp_path, monkeypatch):
    from tests.many.work import has_kernel

    monkeypatch.setenv("MPR_SIGNING_KEY", "secret")
    cold = has_kernel(str(tmp_path), code=AROUND)
    forked = warm.do(work("has_kernel"), {"folder": str(tmp_path), "code": AROUND})["returned"]
    assert (forked["said"], forked["shown"]) == (cold["said"], cold["shown"])
    assert ["image/png", "text/plain"] in cold["shown"]
    assert "secret" not in forked["said"]


def random_of(warm, folder):
    code = "import random, numpy; print(random.random(), numpy.random.rand())"
    return warm.do(work("has_kernel"), {"folder": str(folder), "code": code})["returned"]["said"].split()


@forking
def test_chance_is_another_in_every_kernel(warm, tmp_path):
    first, second = random_of(warm, tmp_path), random_of(warm, tmp_path)
    assert [one != other for one, other in zip(first, second, strict=True)] == [True, True]


_OPEN = "from mpr_lib.report import open_report\nreport = open_report(workspace, month, quality_file, generated)"


def memory(process: int) -> float:
    """MB that a process holds."""
    return int(re.search(r"VmRSS:\s*(\d+)", Path(f"/proc/{process}/status").read_text())[1]) / 1024


@forking
def test_five_months_leave_the_warm_process_as_large_as_one(warm, tmp_path):
    workspace, held = small_workspace(tmp_path), []
    write_notebook(workspace / "notebooks/monthly_report.ipynb", "# Report", _OPEN, "report.cover()")
    for month in ("2018-05", "2018-06", "2018-07", "2018-08", "2018-09"):
        (workspace / f"params/{month}.yml").write_text(f"month: {month}\n")
        (workspace / f"data/returns/{month}.csv").write_text(f"indicator_code,month,value,note\n3.1,{month},97%,\n")
        found = warm.do(work("makes"), {"workspace": str(workspace), "month": month})
        assert found.get("returned", found)["message"] == ""
        held.append(memory(warm._process.pid))
    assert held[-1] < 1.1 * held[0]


@forking
@pytest.mark.parametrize("made", ["published", "demo_published"])
def test_a_months_files_are_the_same_bytes_as_those_of_a_run_alone(warm, tmp_path, request, made):
    alone = request.getfixturevalue(made)
    for name in ("data", "params", "notebooks"):
        if (alone.parents[1] / name).exists():
            shutil.copytree(alone.parents[1] / name, tmp_path / name)
    found = warm.do(work("makes"), {"workspace": str(tmp_path), "month": alone.name})
    assert found.get("returned", found)["message"] == ""
    cold, forked = files(alone), files(tmp_path / "outputs" / alone.name)
    assert [name for name in cold if forked.get(name) != cold[name]] == []
    assert forked.keys() == cold.keys()


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@forking
def test_a_month_that_kills_its_process_is_one_that_is_refused(tmp_path):
    returned = "indicator_code,month,value,note\n3.1,2018-06,97%,\n"
    june = {"params/2018-06.yml": "month: 2018-06\n", "data/returns/2018-06.csv": returned}
    workspace = small_workspace(tmp_path, june)
    kills = 'import os, signal\nif month == "2018-05":\n    os.kill(os.getppid(), signal.SIGKILL)'
    write_notebook(workspace / "notebooks/monthly_report.ipynb", "# Report", kills, _OPEN, "report.cover()")
    out, err = io.StringIO(), io.StringIO()
    ended = run_months(workspace, ["2018-05", "2018-06"], 1, teller(out, err, quiet=True, as_json=False), pdf=False)
    assert [(each.month, each.failed) for each in ended] == [("2018-05", True), ("2018-06", False)], err.getvalue()
    assert err.getvalue() == (
        "2018-05: The run was broken off: its process ended with signal 9. Nothing was published. Run it again; where "
        "memory is short, with fewer --jobs.\n"
    )
    # What it left went with the next run.
    assert list((workspace / "outputs/.months").glob("*.part")) == []


def test_months_run_in_processes_of_their_own_and_again_after_a_failure(tmp_path, workspace_copy):
    """Each month's set is what a run of that month alone makes; a month that failed is run again without harm."""
    workspace = workspace_copy(tmp_path / "workspace")
    write_notebook(workspace / "notebooks/monthly_report.ipynb", "# Report", OPEN, "report.cover()")
    out, err = io.StringIO(), io.StringIO()
    tell = teller(out, err, quiet=False, as_json=False)
    months = ["2018-04", "2018-05"]
    ended = run_months(workspace, months, 2, tell, pdf=False)
    assert [(each.month, each.failed) for each in ended] == [("2018-04", True), ("2018-05", False)]
    assert "2018-04: params/2018-04.yml is missing." in err.getvalue()
    (workspace / "params/2018-04.yml").write_text("month: 2018-04\ngenerated: 2018-05-21T11:59:00\n")
    ended = run_months(workspace, months, 1, tell, pdf=False)
    assert [each.failed for each in ended] == [False, False], err.getvalue()
    assert os.path.lexists(workspace / "outputs/2018-04")
    beside = {path.name: path.read_bytes() for path in (workspace / "outputs/2018-05").iterdir()}
    run_months(workspace, ["2018-05"], 1, tell, pdf=False)
    alone = {path.name: path.read_bytes() for path in (workspace / "outputs/2018-05").iterdir()}
    assert [name for name in alone if alone[name] != beside[name]] == []


OPEN = "from mpr_lib.report import open_report\nreport = open_report(workspace, month, quality_file, generated)"
