"""Execution, with real kernels: small notebooks that work, fail, die."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from mpr_lib.errors import InputError, ParameterError, RunError
from mpr_lib.run import execution, writing
from mpr_lib.run.execution import NotebookError, execute, read_notebook, running_kernel, valid
from tests.run.notebooks import write_notebook

NAME = "notebooks/monthly_report.ipynb"


def run(folder: Path, *cells, parameters=None):
    """Execute a notebook of these cells in ``folder``."""
    parameters = parameters or {}
    notebook = read_notebook(write_notebook(folder / "n.ipynb", *cells), NAME, parameters)
    with running_kernel(folder) as manager:
        return execute(notebook, NAME, parameters, manager)


def printed(notebook) -> str:
    return "".join(output.text for cell in notebook.cells for output in cell.get("outputs", []) if "text" in output)


@pytest.mark.slow
def test_a_notebook_gets_its_parameters_in_the_folder_asked_for_from_this_python(tmp_path):
    code = "import os, sys, mpr_lib\nprint(month, os.getcwd(), sys.executable, mpr_lib.__file__)"
    found = printed(run(tmp_path, code, parameters={"month": "2019-02"}))
    import mpr_lib

    assert found.split() == ["2019-02", str(tmp_path.resolve()), sys.executable, mpr_lib.__file__]


@pytest.mark.slow
def test_braces_in_a_path_and_another_kernels_name_are_no_matter(tmp_path):
    folder = tmp_path / "{month} £ long"
    folder.mkdir()
    assert printed(run(folder, "print(1 + 1)")) == "2\n"


@pytest.mark.slow
def test_a_cell_that_fails_is_named_by_its_heading(tmp_path):
    cells = ["# Report", "ok = 1", "## Section 3: detail", "ok", "1 / 0"]
    with pytest.raises(NotebookError) as failed:
        run(tmp_path, *cells)
    assert str(failed.value) == (
        f"{NAME} failed in cell 6 ('1 / 0'), under the heading 'Section 3: detail': ZeroDivisionError: division by zero"
    )
    assert "1 / 0" in failed.value.log
    assert "\x1b" not in failed.value.log


@pytest.mark.slow
def test_our_own_errors_speak_for_themselves(tmp_path):
    with pytest.raises(NotebookError) as failed:
        run(tmp_path, "from mpr_lib.errors import InputError\nraise InputError('data/targets.csv is missing.')")
    assert (
        str(failed.value)
        == f"{NAME} failed in cell 2 ('from mpr_lib.errors import InputError'): data/targets.csv is missing."
    )


@pytest.mark.slow
def test_a_kernel_that_dies_is_named_by_the_cell_it_was_in(tmp_path):
    with pytest.raises(NotebookError) as failed:
        run(tmp_path, "# Report", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert str(failed.value) == (
        f"{NAME}: its Python process ended in cell 3 ('import os, signal'), under the heading 'Report'. "
        "The machine may have run out of memory."
    )


@pytest.mark.slow
def test_a_cell_that_never_ends_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(execution, "CELL_SECONDS", 1)
    with pytest.raises(NotebookError) as failed:
        run(tmp_path, "# Report", "while True: pass")
    assert str(failed.value) == (
        f"{NAME} was stopped after 1 seconds in cell 3 ('while True: pass'), under the heading 'Report'."
    )


@pytest.mark.slow
def test_a_kernel_that_cannot_start_is_said(tmp_path, monkeypatch):
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit('broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(NotebookError, match=f"^{NAME}: its Python process could not be started: Kernel died before"):
        run(tmp_path, "1")


def test_a_missing_kernel_is_said_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(execution, "find_spec", lambda name: None)
    with pytest.raises(RunError) as refused, running_kernel(tmp_path):
        pass
    assert str(refused.value) == (
        f"this Python cannot execute notebooks: the package 'ipykernel' is missing from {sys.prefix}. "
        "Install it there (pip install ipykernel), or set the environment up again with 'make'."
    )


@pytest.mark.slow
@pytest.mark.parametrize("transport", ["ipc", "tcp"])
def test_kernels_are_reached_both_ways(tmp_path, monkeypatch, transport):
    if transport == "tcp":
        monkeypatch.setattr(execution, "SOCKET_PATH", 0)
    with running_kernel(tmp_path) as manager:
        assert manager.transport == transport
        execute({"cells": [_parameters()], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, NAME, {}, manager)


def _parameters():
    return v4.new_code_cell("month = '2018-05'", metadata={"tags": ["parameters"]})


@pytest.mark.slow
def test_a_long_temporary_folder_is_no_matter(tmp_path, monkeypatch):
    long = tmp_path / ("long" * 20)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert printed(run(tmp_path, "print(2)")) == "2\n"


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_kernel_ends_with_the_process_that_started_it(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from mpr_lib.run.execution import running_kernel\n"
        "with running_kernel(Path(sys.argv[1])) as manager:\n"
        "    client = manager.client(); client.start_channels(); client.wait_for_ready(timeout=30)\n"
        "    print(manager.provisioner.process.pid, flush=True); time.sleep(60)\n"
    )
    root = str(Path(execution.__file__).parents[2])
    host = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    started = int(host.stdout.readline())
    host.send_signal(signal.SIGKILL)
    host.communicate()
    until = time.monotonic() + 10
    while _runs(started) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _runs(started)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A process that has ended and that nobody has waited for still has a number.
    status = Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text().rsplit(")")[-1].split()[0] == "Z")


def test_parameters_are_refused_when_the_notebook_is_read(tmp_path):
    path = write_notebook(tmp_path / "n.ipynb", "1")
    with pytest.raises(ParameterError, match=r"has no parameter 'mnth'. Did you mean 'month'\?$"):
        read_notebook(path, NAME, {"mnth": "2018-05"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, f"{NAME} is missing. Put the report's notebook there."),
        (b"{", f"{NAME} cannot be read as a notebook: Expecting property name enclosed in double quotes"),
        (b"[]", f"{NAME} cannot be read as a notebook: "),
        (b"{}", f"{NAME}: 'metadata' is a required property. Restore it from the last good copy."),
        (
            b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "cells": 5}',
            f"{NAME}, nbformat: found 3. Expected 4.",
        ),
        (b"\xa3", f"{NAME} cannot be read as a notebook: 'utf-8' codec"),
        (b'{"a": "\\ud800"}', f"{NAME} cannot be read as a notebook: 'utf-8' codec"),
        (b"[" * 100_000, f"{NAME} cannot be read as a notebook: maximum recursion depth"),
    ],
)
def test_a_notebook_that_is_none_is_refused(tmp_path, content, message):
    path = tmp_path / "n.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_notebook(path, NAME, {})
    assert str(refused.value).startswith(message)


PLACE = f"{NAME}, cell 3, under the heading 'Figures'"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cell_type": None}, f"{PLACE}: its cell_type is none of code, markdown, raw."),
        ({"cell_type": [5]}, f"{PLACE}: its cell_type is none of"),
        (5, f"{PLACE}: its cell_type is none of"),
        ({"metadata": {"tags": 5}}, f"{PLACE}, metadata.tags: found 5. Expected array. Restore it"),
        ({"metadata": 5}, f"{PLACE}, metadata: found 5. Expected object."),
        ({"source": 5}, f"{PLACE}, source: found 5. Restore it from the last good copy."),
        ({"source": ["x", 5]}, f"{PLACE}, source: found ['x', 5]."),
        ({"source": None}, f"{PLACE}: 'source' is a required property."),
        ({"outputs": [5]}, f"{PLACE}, outputs.0: found 5."),
    ],
)
def test_a_malformed_cell_is_named_by_its_number_and_heading(tmp_path, change, message):
    path = write_notebook(tmp_path / "n.ipynb", "# Figures", "1")
    whole = json.loads(path.read_text())
    given = whole["cells"][2] | change if isinstance(change, dict) else change
    missing = [key for key, value in change.items() if value is None] if isinstance(change, dict) else []
    whole["cells"][2] = {key: value for key, value in given.items() if key not in missing} if missing else given
    path.write_text(json.dumps(whole))
    with pytest.raises(InputError) as refused:
        valid(read_notebook(path, NAME, {}), NAME)
    # What can be read of its first line is quoted.
    assert re.sub(r"cell 3 \('[^']*'\)", "cell 3", str(refused.value)).startswith(message)


def test_cells_without_ids_and_with_keys_of_their_own_are_no_fault(tmp_path):
    path = write_notebook(tmp_path / "n.ipynb", "# Figures", "1")
    whole = json.loads(path.read_text())
    del whole["cells"][1]["id"]
    whole["cells"][2]["own"], whole["nbformat_minor"] = 1, 4
    assert valid(whole, NAME) is None


def test_an_executed_notebook_is_written_byte_for_byte_as_nbformat_writes_it(tmp_path):
    data = {"text/html": "<p>\n£</p>", "application/json": {"b": [1.5, [], {}, None, True], "a": {"é": '"\u2028'}}}
    outputs = [v4.new_output("stream", text="one\ntwo\n"), v4.new_output("display_data", data)]
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# A\n\nb"), v4.new_code_cell("1\n", outputs=outputs)])
    notebook.cells[1].metadata.trusted = True
    expected = nbformat.writes(notebook) + "\n"
    writing.write_notebook(notebook, tmp_path / "n.ipynb")
    assert (tmp_path / "n.ipynb").read_text(encoding="utf-8") == expected
    assert notebook.cells == []
