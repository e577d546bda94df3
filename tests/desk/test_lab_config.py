"""How `make lab` starts JupyterLab: the project's notebooks are saved without outputs, other people's as they are."""

import json
import runpy
import subprocess
import sys
from types import SimpleNamespace

import pytest

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
def test_what_jupyterlab_saves(repo, path, saved):
    config = SimpleNamespace(LabApp=SimpleNamespace(), ContentsManager=SimpleNamespace())
    runpy.run_path(str(repo / "tools/lab/jupyter_lab_config.py"), {"get_config": lambda: config})
    model = {"type": "notebook", "content": fresh()}
    manager = SimpleNamespace(root_dir=str(repo))
    config.ContentsManager.pre_save_hook(model=model, path=path, contents_manager=manager)
    assert model["content"] == saved


def test_strip_cleans_what_is_dirty_and_leaves_the_rest(repo, tmp_path):
    dirty, clean = tmp_path / "dirty.ipynb", tmp_path / "clean.ipynb"
    dirty.write_text(json.dumps(DIRTY))
    clean.write_text(json.dumps(CLEAN))
    before = clean.read_bytes()
    command = [sys.executable, str(repo / "tools/strip.py"), str(dirty), str(clean)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == f"{dirty}: outputs taken out\n"
    assert json.loads(dirty.read_text()) == CLEAN
    assert clean.read_bytes() == before
