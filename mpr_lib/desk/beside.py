"""Beside: work of some seconds in a process of its own, so that the desk goes on answering while somebody types."""

import multiprocessing
import os
import tempfile
from pathlib import Path
from threading import Lock

import pandas as pd

from mpr_lib.book import Workspace
from mpr_lib.desk.saving import write
from mpr_lib.errors import MprError
from mpr_lib.files import read_whole, refuse_links, sweep
from mpr_lib.run.month import check_month, draft_month
from mpr_lib.run.progress import Stages

PREVIEWED = ["report.html", "report.pdf"]


class Beside:
    """A function of this package that runs in another process, which ends with this one at the latest.

    A process and not a thread: importing Great Expectations beside the drawing of charts holds both up, and a kernel's
    own loop with them. And one alone, not of a pool: a pool cannot stop what nobody waits for any more. Where processes
    can be forked, it comes from one that has loaded what all of them need.
    """

    def __init__(self, function, *arguments):
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            context.set_forkserver_preload([__name__, "mpr_lib.checks.engine"])
        self._answer, answer = context.Pipe(duplex=False)
        self._process = context.Process(target=_answer, args=(answer, function, arguments), daemon=True)
        self._process.start()
        answer.close()
        self._ended, self.found, self.problem, self.stage = False, None, "", ""

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after so many seconds at most: ``found`` is what it gave, or ``problem`` why none."""
        while not self._ended and self._answer.poll(seconds):
            try:
                self.stage, self.found, self.problem = self._answer.recv()
                self._ended = not self.stage
            except EOFError:
                self._ended, self.problem = True, "Its process was ended."
        return self._ended

    @property
    def running(self) -> bool:
        return not self.wait(0)

    def stop(self) -> None:
        """End it: nobody waits for it any more."""
        self._process.kill()
        self._process.join()


def _answer(answer, function, arguments):
    """Run a function and send back its stages, what it returns, and what went wrong; what it prints is nobody's."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    one_at_a_time = Lock()

    def tell(stage, _):
        with one_at_a_time:
            answer.send((stage, None, ""))

    try:
        ended = function(*arguments, Stages(tell)), ""
    except MprError as error:
        ended = None, " ".join(str(error).split())
    except Exception as error:  # noqa: BLE001 -- whatever it was, somebody waits to be told
        ended = None, f"{type(error).__name__}: {error}"
    answer.send(("", *ended))


class Checks(Beside):
    """One run of the checks on a month as its files are now."""

    def __init__(self, workspace: Workspace, month: pd.Period):
        super().__init__(check_month, workspace.root.resolve(), str(month))

    def of(self, code: str) -> list:
        """The findings on an indicator's figures, once the checks have run; its comment has hints, which are newer."""
        own = (finding for finding in self.found.findings if finding.indicator_code == code)
        return [finding for finding in own if not finding.file.startswith("data/commentary/")]


class Preview(Beside):
    """The whole report of a month as it stands, marked as a draft on every page, and published nowhere."""

    def __init__(self, workspace: Workspace, month: pd.Period):
        self.folder = workspace.beside_reports(".preview", str(month))
        refuse_links(*(self.folder / name for name in PREVIEWED))
        super().__init__(_preview, workspace.root.resolve(), str(month), self.folder.resolve())

    def file(self, name: str) -> Path:
        """One of the preview's files by name."""
        path = self.folder / name
        if name not in PREVIEWED or path.is_symlink() or not path.is_file():
            raise MprError(f"The preview has no {name}. Make it again.")
        return path


def _preview(root, month, folder, stages):
    """Make the draft in a folder of its own, and put its page and PDF where they are read."""
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder.glob("making-*"))
    with tempfile.TemporaryDirectory(prefix="making-", dir=folder) as made:
        draft_month(root, month, Path(made), stages)
        for name in PREVIEWED:
            write(folder / name, read_whole(Path(made) / name, name))
