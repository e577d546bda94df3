"""Work for a process beside this one: some of it well behaved."""

import ctypes
import os
import sys
import threading
import time
import warnings
from pathlib import Path


def about(**given) -> dict:
    """What a function is given, and what it finds around it."""
    told = given.pop("told", lambda said: None)
    print("this goes to nobody who reads answers")
    os.write(1, b"nor does this")
    told({"stage": "begun"})
    # Long enough to be seen by a clock that counts in hundredths.
    sum(range(3_000_000))
    return {
        "given": given, "cwd": str(Path.cwd()), "key": os.environ.get("MPR_SIGNING_KEY"), "process": os.getpid(),
        "threads": threading.active_count(), "tasks": len([*Path("/proc/self/task").iterdir()]), "left": Leaves.behind,
    }  # fmt: skip


class Leaves:
    behind = 0


def leaves_something() -> dict:
    """Changes what the next must not find."""
    Leaves.behind += 1
    sys.modules["left_behind"] = sys
    os.environ["LEFT_BEHIND"] = "1"
    warnings.simplefilter("error")
    return {"left": Leaves.behind}


def crashes() -> dict:
    return {"read": ctypes.string_at(0)}


def raises() -> dict:
    raise ValueError("no such thing")


def exits() -> dict:
    os._exit(7)


def wants(megabytes: int) -> dict:
    return {"has": len(bytearray(megabytes * 2**20))}


def hangs(note: str) -> dict:
    """Says who is there, a process that it began itself too, and is deaf to whoever asks it to end."""
    beside = os.fork()
    while True:
        try:
            if beside:
                Path(note).write_text(f"{os.getpid()} {beside}")
            time.sleep(60)
        except KeyboardInterrupt:
            continue


def tidies(note: str) -> dict:
    """Takes away what it began when it is asked to end."""
    path = Path(note)
    try:
        path.write_text(str(os.getpid()))
        time.sleep(60)
    finally:
        path.rename(path.with_suffix(".tidied"))
    return {}


def has_kernel(folder: str, note: str = "", code: str = "") -> dict:
    """What a notebook of one cell in a kernel says; with a ``note``, who is there, and then it stays."""
    from mpr_lib.run.execution import execute, read_notebook, running_kernel
    from tests.run.notebooks import write_notebook

    notebook = read_notebook(write_notebook(Path(folder) / "n.ipynb", code), "n.ipynb", {})
    with running_kernel(Path(folder)) as manager:
        kernel = manager.provisioner.process.pid
        executed = execute(notebook, "n.ipynb", {}, manager)
        if note:
            Path(note).write_text(f"{os.getpid()} {kernel}")
            time.sleep(60)
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    shown = [sorted(each.data) for each in outputs if "data" in each]
    return {"said": "".join(each.text for each in outputs if "text" in each), "shown": shown, "kernel": kernel}


def makes(workspace: str, month: str, **options) -> dict:
    """A month's report, as ``mpr run`` makes each of several."""
    from mpr_lib.run.telling import run_one

    return {"message": run_one(Path(workspace), month, options=options).message}
