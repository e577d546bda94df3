"""Execution: Papermill runs the notebook, and a cell that fails is named by the heading above it."""

import json
import logging
import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from mpr_lib import errors
from mpr_lib.errors import InputError, RunError
from mpr_lib.run.parameters import check_parameters, read_parameters

if TYPE_CHECKING:
    from jupyter_client import AsyncKernelManager
    from nbformat import NotebookNode

CELL_SECONDS = 900
"""Longest that one cell may take: a scheduled run that hangs would keep the next one waiting for ever."""


class NotebookError(RunError):
    """A notebook that did not run to its end. ``log`` holds the traceback, for those who mend it."""

    def __init__(self, message: str, log: str):
        super().__init__(message)
        self.log = log


def read_notebook(path: Path, name: str, parameters: dict) -> dict:
    """Read a notebook as JSON and check what it will be given. ``name`` is what messages call it."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        known = read_parameters(notebook, name)
    except FileNotFoundError:
        raise InputError(f"{name} is missing. Put the report's notebook there.") from None
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{name} cannot be read as a notebook: {error}. Restore it from the last good copy.") from None
    check_parameters(known, parameters, name)
    return notebook


def execute(notebook: dict, name: str, parameters: dict, manager: "AsyncKernelManager") -> "NotebookNode":
    """Run a notebook in the kernel of ``manager`` and return it with its outputs; nothing is written.

    Raises ``NotebookError`` for the first cell that fails and for a kernel that dies.
    """
    import nbformat
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    # Papermill logs what is refused here already, and calls a parameter with an annotated default unknown.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    reached = _Reached()
    try:
        return papermill.execute_notebook(
            nbformat.from_dict(nbformat.convert(notebook, 4)), None, parameters=parameters,
            kernel_name="python3", language="python", progress_bar=False,
            km=manager, on_cell_start=reached, execution_timeout=CELL_SECONDS,
        )  # fmt: skip
    except papermill.PapermillExecutionError as error:
        place = _place(notebook, error.cell_index, bool(parameters))
        log = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
        raise NotebookError(f"{name} failed in {place}: {_said(error)}", log) from None
    except CellTimeoutError:
        place = _place(notebook, reached.index, bool(parameters))
        message = f"{name} was stopped after {CELL_SECONDS} seconds in {place}."
        raise NotebookError(message, traceback.format_exc()) from None
    except DeadKernelError:
        raise NotebookError(
            f"{name}: its Python process ended in {_place(notebook, reached.index, bool(parameters))}. "
            "The machine may have run out of memory.",
            traceback.format_exc(),
        ) from None
    except RuntimeError as error:
        # What jupyter_client raises when a kernel ends, or says nothing, before the first cell.
        raise NotebookError(
            f"{name}: its Python process could not be started: {error}.", traceback.format_exc()
        ) from None


class _Reached:
    """Remembers the cell that the kernel was given last."""

    index = 0

    def __call__(self, cell, cell_index):
        self.index = cell_index


def _place(notebook: dict, index: int, injected: bool) -> str:
    """The cell by its number and the heading before it. Papermill adds a cell where there are parameters."""
    cells = notebook["cells"]
    tagged = next(at for at, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", []))
    index -= injected and index > tagged
    above = ["".join(cell["source"]) for cell in cells[: index + 1] if cell["cell_type"] == "markdown"]
    headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", "\n".join(above), flags=re.MULTILINE)
    return f"cell {index + 1}" + (f", under the heading '{headings[-1]}'" if headings else "")


def _said(error) -> str:
    """What a cell's error says: our own errors are complete messages, others want their name before them."""
    kind = getattr(errors, error.ename, None)
    lines = error.evalue.strip().splitlines()[:6]
    message = "\n".join(lines)
    own = isinstance(kind, type) and issubclass(kind, errors.MprError)
    return message if own and message else f"{error.ename}: {message}".rstrip(": ")
