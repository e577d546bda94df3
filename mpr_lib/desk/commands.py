"""``mpr desk``: JupyterLab with a workspace as its root and the desk's notebook open, asking nothing of the network."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import typer

from mpr_lib.desk.strip import strip
from mpr_lib.errors import RunError
from mpr_lib.files import write_whole
from mpr_lib.run.console import WorkspaceFolder, messages, say

SETTINGS = {
    # A notebook named on the command line would make its own folder the root.
    "ServerApp.root_dir": ".",
    "LabApp.default_url": "/lab/tree/notebooks/commentary.ipynb",
    "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    "LabApp.extension_manager": "readonly",
    "ContentsManager.pre_save_hook": f"{__name__}.without_outputs",
}
"""How JupyterLab is started. That it asks for no news stands in lab/labconfig."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(desk)


def desk(context: typer.Context, workspace: WorkspaceFolder = Path()) -> None:
    """Open the analyst's desk in JupyterLab; its own options may follow, such as --no-browser or --port 9000."""
    with messages(workspace, ""):
        command = opening(context.args)
        for name in bring_notebooks(workspace):
            say(f"Brought: {name}", sys.stderr)
    paths = [str(Path(__file__).with_name("lab")), os.environ.get("JUPYTER_CONFIG_PATH")]
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths))}
    if os.name == "posix":
        os.chdir(workspace)
        os.execve(sys.executable, command, environment)
    raise typer.Exit(subprocess.call(command, cwd=workspace, env=environment))


def opening(options: list[str]) -> list[str]:
    """The command that opens JupyterLab. Raises ``RunError`` without JupyterLab, and for root who does not say so."""
    if not find_spec("jupyterlab"):
        lab = Path(f"{sys.prefix}-lab/bin/mpr")
        where = (
            "Give it an environment of its own, as it slows runs down: 'make lab' does in a clone, 'pip install "
            "monthly-performance-report[lab]' elsewhere."
        )
        if lab.is_file():
            where = f"It is beside this environment: {lab} desk"
        raise RunError(f"The desk opens in JupyterLab, which is not installed here. {where}")
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in options:
        raise RunError(
            "JupyterLab opens for root only where that is meant: add --allow-root, or be another user. In a container "
            "add --ip=0.0.0.0 --no-browser too, publish its port 8888, and open the address that it prints."
        )
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    return [sys.executable, "-m", "jupyterlab", *settings, *options]


def bring_notebooks(root: Path) -> list[str]:
    """Copy the package's notebooks that a workspace has not got, and give their names."""
    # Loaded when needed: pandas takes half a second, which every other command would wait for.
    from mpr_lib.book.workspace import NOTEBOOKS, Workspace

    folder = Workspace(root).inside(root / "notebooks")
    missing = [path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if not os.path.lexists(folder / path.name)]
    folder.mkdir(exist_ok=True)
    for path in missing:
        write_whole(folder / path.name, path.read_bytes())
    return [f"notebooks/{path.name}" for path in missing]


def without_outputs(model, path, contents_manager, **_) -> None:
    """Take outputs out of a workspace's own notebooks as they are saved: what is on the screen stays there."""
    inside = Path(path.strip("/")).parent == Path("notebooks")
    if inside and model["type"] == "notebook" and model["content"]["nbformat"] == 4:
        strip(model["content"])
