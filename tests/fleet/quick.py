"""A task that is quick, or ends badly, as its workspace says: in the place of ``mpr_lib.fleet.task.make``.

``data/how.txt`` holds lines such as ``sleep 2``, ``hang``, ``crash``, ``greedy`` and ``kill PID``, done in turn.
"""

import os
import signal
import time
from pathlib import Path

from mpr_lib.errors import InputError
from mpr_lib.fleet import task
from mpr_lib.run.month import Published
from mpr_lib.run.publishing import run_log


def run_month(folder: Path, month: str, *, progress=None, **options) -> Published:
    """A set that says what it was made of."""
    said = (folder / "data" / "how.txt").read_text(encoding="utf-8")
    for line in said.splitlines():
        does(*line.split())
    return made_of(said, folder, month, options["public"])


def made_of(said: str, folder: Path, month: str, public: bool) -> Published:
    made = folder / "outputs" / ("public" if public else "") / month
    made.mkdir(parents=True, exist_ok=True)
    for name in ("report.html", "manifest.json", "scorecard.csv"):
        (made / name).write_text(said, encoding="utf-8")
    log = run_log(folder / "outputs", f"{month}-public" if public else month)
    log.parent.mkdir(exist_ok=True)
    log.write_text("quickly")
    return Published(month, made, ("manifest.json", "report.html", "scorecard.csv"), {"critical": 0}, {})


def does(what: str, more: str = "") -> None:
    if what in ("sleep", "hang"):
        time.sleep(float(more or 600))
    elif what == "began":
        # What runs this: the child, its warm process, and whoever began that.
        warm = os.getppid()
        above = int(Path(f"/proc/{warm}/stat").read_text().rpartition(")")[2].split()[1])
        Path(more).write_text(f"{os.getpid()} {warm} {above}")
    elif what == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif what == "greedy":
        assert len(bytearray(3 * 2**30)) > 0
    elif what == "refuse":
        raise InputError("data/how.txt says refuse. Expected nothing of the kind.")
    elif what == "kill":
        os.kill(int(more), signal.SIGKILL)


def make(**given) -> dict:
    task.run_month = run_month
    return task.make(**given)
