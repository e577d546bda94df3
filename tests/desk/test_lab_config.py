"""``mpr desk``: whom it opens JupyterLab for, and that it saves a workspace's notebooks without outputs."""

import json
import subprocess
import sys

import pytest

from mpr_lib.desk import commands
from mpr_lib.desk.commands import bring_notebooks, opening, without_outputs
from mpr_lib.errors import InputError, RunError
from tests.helpers import small_workspace

DIRTY = {
    "cells": [
        {"cell_type": "code", "execution_count": 3, "metadata": {"execution": {}}, "outputs": [1], "source": "1"},
        {"cell_type": "markdown", "metadata": {}, "source": "a"},
    ],
    "metadata": {"kernelspec": {"name": "python3"}, "widgets": {"state": "words"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
CLEAN = {
    **DIRTY,
    "cells": [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": "1"},
        DIRTY["cells"][1],
    ],
    "metadata": {"kernelspec": {"name": "python3"}},
}


def fresh():
    return json.loads(json.dumps(DIRTY))


@pytest.mark.parametrize(("path", "saved"), [("notebooks/commentary.ipynb", CLEAN), ("mine/notes.ipynb", DIRTY)])
def test_what_jupyterlab_saves(path, saved):
    model = {"type": "notebook", "content": fresh()}
    without_outputs(model=model, path=path, contents_manager=None)
    assert model["content"] == saved


def test_strip_cleans_what_is_dirty_and_leaves_the_rest(repo, tmp_path):
    dirty, clean = tmp_path / "dirty.ipynb", tmp_path / "clean.ipynb"
    dirty.write_text(json.dumps(DIRTY))
    clean.write_text(json.dumps(CLEAN))
    before = clean.read_bytes()
    command = [sys.executable, str(repo / "mpr_lib/desk/strip.py"), str(dirty), str(clean)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == f"{dirty}: outputs taken out\n"
    assert json.loads(dirty.read_text()) == CLEAN
    assert clean.read_bytes() == before


@pytest.fixture
def installed(monkeypatch):
    """As where JupyterLab is installed, and nobody is root."""
    monkeypatch.setattr(commands, "find_spec", lambda name: True)
    monkeypatch.setattr(commands.os, "geteuid", lambda: 1000, raising=False)


def test_jupyterlab_opens_at_the_desk_and_takes_its_own_options(installed):
    command = opening(["--port", "9000"])
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert {"--ServerApp.root_dir=.", "--LabApp.default_url=/lab/tree/notebooks/commentary.ipynb"} <= {*command}
    assert command[-2:] == ["--port", "9000"]
    assert "--ContentsManager.pre_save_hook=mpr_lib.desk.commands.without_outputs" in command


def test_root_is_told_what_to_add_and_an_environment_without_jupyterlab_what_to_install(
    installed, monkeypatch, tmp_path
):
    monkeypatch.setattr(commands.os, "geteuid", lambda: 0, raising=False)
    with pytest.raises(RunError, match="add --allow-root, or be another user"):
        opening([])
    assert opening(["--allow-root"])
    monkeypatch.setattr(commands, "find_spec", lambda name: None)
    (tmp_path / "env-lab/bin").mkdir(parents=True)
    monkeypatch.setattr(commands.sys, "prefix", str(tmp_path / "env"))
    with pytest.raises(RunError, match=r"JupyterLab, which is not installed here\. .*make lab"):
        opening(["--allow-root"])
    (tmp_path / "env-lab/bin/mpr").touch()
    with pytest.raises(RunError, match=r"It is beside this environment: .*/env-lab/bin/mpr desk$"):
        opening([])


def test_missing_notebooks_are_brought_and_changed_ones_kept(tmp_path, repo):
    root = small_workspace(tmp_path, {"notebooks/rules.ipynb": "mine"})
    brought = bring_notebooks(root)
    assert {*brought} == {f"notebooks/{path.name}" for path in (repo / "notebooks").glob("*.ipynb")} - {
        "notebooks/rules.ipynb"
    }
    assert (root / "notebooks/commentary.ipynb").read_bytes() == (repo / "notebooks/commentary.ipynb").read_bytes()
    assert (root / "notebooks/rules.ipynb").read_text() == "mine"
    assert bring_notebooks(root) == []


def test_no_notebook_is_brought_through_a_link_out_of_the_workspace(tmp_path):
    root = small_workspace(tmp_path / "w")
    (tmp_path / "elsewhere").mkdir()
    (root / "notebooks").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="outside the workspace"):
        bring_notebooks(root)
    assert not list((tmp_path / "elsewhere").iterdir())
