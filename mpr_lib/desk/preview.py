"""Preview: the whole report of a month as it stands, marked as a draft on every page, and published nowhere."""

import sys
from pathlib import Path

import pandas as pd

from mpr_lib.book import Workspace
from mpr_lib.desk.beside import Beside
from mpr_lib.desk.saving import write_whole
from mpr_lib.errors import MprError

FILES = ("report.html", "report.pdf")
FOLDER = ".preview"


class Preview:
    """A preview that is being made beside the desk."""

    def __init__(self, workspace: Workspace, month: pd.Period):
        self.folder = workspace.outputs / FOLDER / str(month)
        self.folder_name = workspace.relative(self.folder)
        self._beside = Beside(__name__, "preview", str(workspace.root.resolve()), str(month))

    @property
    def running(self) -> bool:
        return self._beside.running

    @property
    def problem(self) -> str:
        """Why it could not be made, empty if it could."""
        return self._beside.problem

    @property
    def files(self) -> list[Path]:
        return [self.folder / name for name in FILES if (self.folder / name).is_file()]

    def file(self, name: str) -> Path:
        """One of the preview's files by name."""
        if name not in FILES or not (self.folder / name).is_file():
            raise MprError(f"The preview has no {name}. Make it again.")
        return self.folder / name

    def wait(self, seconds: float) -> None:
        """Wait until it is made, for callers that have nothing else to do."""
        self._beside.wait(seconds)


def make_preview(workspace: Workspace, month: pd.Period) -> Path:
    """Run the workspace's report notebook as a draft and write its HTML and PDF; return their folder.

    Critical findings do not stop a preview: it shows them. Raises ``MprError`` if the notebook fails.
    """
    from mpr_lib.report.exporters.html import MprHTMLExporter
    from mpr_lib.report.exporters.pdf import MprPDFExporter
    from mpr_lib.run.execution import execute, read_notebook, running_kernel

    path = workspace.notebook("monthly_report")
    name = f"notebooks/{path.name}"
    parameters = {"workspace": ".", "month": str(month), "draft": True}
    notebook = read_notebook(path, name, parameters)
    with running_kernel(workspace.root) as manager:
        executed = execute(notebook, name, parameters, manager)
    folder = workspace.outputs / FOLDER / str(month)
    page, _ = MprHTMLExporter().from_notebook_node(executed)
    pdf, _ = MprPDFExporter().from_notebook_node(executed)
    for file, content in zip(FILES, (page.encode(), pdf), strict=True):
        write_whole(folder / file, content)
    return folder


def preview(root: str, month: str) -> None:
    """Make a workspace's preview, as a process of its own does."""
    try:
        make_preview(Workspace(Path(root)), pd.Period(month, freq="M"))
    except MprError as error:
        sys.exit(" ".join(str(error).split()))
    except OSError as error:
        sys.exit(f"The files could not be written: {error.strerror}.")
