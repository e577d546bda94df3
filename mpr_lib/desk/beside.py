"""Beside: work of some seconds in a process of its own, so that the desk goes on answering while somebody types."""

import multiprocessing
import os
from pathlib import Path

import pandas as pd

from mpr_lib.book import Workspace
from mpr_lib.desk.saving import write
from mpr_lib.errors import MprError
from mpr_lib.files import refuse_links
from mpr_lib.run.month import NOTEBOOK, check_month

PREVIEWED = ["report.html", "report.pdf"]


class Beside:
    """A function of this package that runs in another process, which ends with this one at the latest.

    A process and not a thread: importing Great Expectations beside the drawing of charts holds both up, and a kernel's
    own loop with them. And one alone, not of a pool: a pool cannot stop what nobody waits for any more.
    """

    def __init__(self, function, *arguments):
        context = multiprocessing.get_context("spawn")
        self._answer, answer = context.Pipe(duplex=False)
        self._process = context.Process(target=_answer, args=(answer, function, arguments), daemon=True)
        self._process.start()
        answer.close()
        self._ended, self.found, self.problem = False, None, ""

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after so many seconds at most: ``found`` is what it gave, or ``problem`` why none."""
        if not self._ended and self._answer.poll(seconds):
            self._ended = True
            try:
                self.found, self.problem = self._answer.recv()
            except EOFError:
                self.problem = "Its process was ended."
        return self._ended

    @property
    def running(self) -> bool:
        return not self.wait(0)

    def stop(self) -> None:
        """End it: nobody waits for it any more."""
        self._process.kill()
        self._process.join()


def _answer(answer, function, arguments):
    """Run a function and send back what it returns, and what went wrong; what it prints is nobody's to read."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    try:
        ended = function(*arguments), ""
    except MprError as error:
        ended = None, " ".join(str(error).split())
    except Exception as error:  # noqa: BLE001 -- whatever it was, somebody waits to be told
        ended = None, f"{type(error).__name__}: {error}"
    answer.send(ended)


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


def _preview(root, month, folder):
    """Run the workspace's report notebook as a draft and write its HTML and PDF. Critical findings do not stop it."""
    # Loaded when needed: the exporters and the kernel cost half a second that only this process has to spend.
    from mpr_lib.report.exporters.html import MprHTMLExporter
    from mpr_lib.report.exporters.pdf import MprPDFExporter
    from mpr_lib.run.execution import execute, read_notebook, running_kernel, valid

    path = Workspace(root).notebook(NOTEBOOK)
    name = f"notebooks/{path.name}"
    parameters = {"workspace": ".", "month": month, "draft": True}
    notebook = read_notebook(path, name, parameters)
    valid(notebook, name)
    with running_kernel(root) as manager:
        executed = execute(notebook, name, parameters, manager)
    for exporter, file in zip((MprHTMLExporter(), MprPDFExporter()), PREVIEWED, strict=True):
        content, _ = exporter.from_notebook_node(executed)
        write(folder / file, content)
