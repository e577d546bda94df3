"""Execution: Papermill runs the notebook with strict parameters in a kernel of its own.

A cell that fails is named by the heading above it.
"""

import ast
import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from mpr_lib import errors
from mpr_lib.errors import InputError, ParameterError, RunError, cell_place, first_five, near
from mpr_lib.files import read_whole, temporary
from mpr_lib.run.stopping import undisturbed

if TYPE_CHECKING:
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec
    from nbformat import NotebookNode


def import_when_used(name: str) -> None:
    """Have a package import each of its modules when the first name is asked for that it takes from it.

    What else its ``__init__`` does is done with the first. Nothing changes for whoever takes it from its parent (``from
    scipy import stats``), but a module that nobody asks for has told nobody that it is there. A package that is loaded
    already, or not installed, is left alone.
    """
    whole, *inner = name.split(".")
    found = None if name in sys.modules else find_spec(whole)
    if found is not None:
        sys.modules[name] = _Waiting(name, Path(str(found.origin)).parent.joinpath(*inner, "__init__.py"))


def forget_waiting() -> None:
    """Have packages that nobody has used so far imported as usual from now on."""
    for name in [name for name, module in sys.modules.items() if isinstance(module, _Waiting) and module._own]:
        del sys.modules[name]


class _Waiting(ModuleType):
    def __init__(self, name: str, file: Path):
        super().__init__(name)
        self.__package__, self.__path__, self.__file__ = name, [str(file.parent)], str(file)
        # Whoever looks for it finds that it is there.
        self.__spec__ = spec_from_file_location(name, file)
        self._own, self._taken = list[ast.stmt](), dict[str, ast.stmt]()
        for each in ast.parse(file.read_bytes()).body:
            if isinstance(each, ast.ImportFrom) and each.names[0].name != "*":
                one = [ast.ImportFrom(each.module, [alias], each.level, lineno=1, col_offset=0) for alias in each.names]
                self._taken |= {part.names[0].asname or part.names[0].name: part for part in one}
            else:
                self._own.append(each)

    def __getattr__(self, name: str):
        if not name.startswith("__"):
            own, self._own = self._own, []
            asked = {name, *(each.id for part in own for each in ast.walk(part) if isinstance(each, ast.Name))}
            first = [self._taken.pop(each) for each in sorted(asked & {*self._taken})]
            exec(compile(ast.Module([*first, *own], []), str(self.__file__), "exec"), vars(self))
        return super().__getattribute__(name)


def read_parameters(notebook: dict, name: str) -> dict[str, bool]:
    """The names that a notebook's ``parameters`` cell sets, and whether each is required: annotated, without a default.

    ``notebook`` is as JSON gives it, ``name`` for messages. ``ParameterError`` where no cell is tagged ``parameters``
    or it is no Python.
    """
    cell = next((cell for cell in notebook["cells"] if _takes_parameters(cell)), None)
    if cell is None:
        raise ParameterError(
            f"{name} has no cell tagged 'parameters', so it cannot be told which month to report. "
            "Tag the cell that sets its parameters (in JupyterLab: Property Inspector, Cell Tags)."
        )
    try:
        statements = ast.parse("".join(cell["source"])).body
    except SyntaxError as error:
        raise ParameterError(
            f"{name}: cannot read line {error.lineno} of the cell tagged 'parameters' ({error.msg}). "
            'Expected lines such as month = "2018-05".'
        ) from None
    found: dict[str, bool] = {}
    for statement in statements:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            found |= {each.id: statement.value is None for each in targets if isinstance(each, ast.Name)}
    return found


def _takes_parameters(cell: dict) -> bool:
    return "parameters" in cell["metadata"].get("tags", [])


def check_parameters(known: dict[str, bool], given: dict, name: str) -> None:
    """Raise ``ParameterError`` if a given parameter is unknown or a required one is missing.

    What a run gives are texts that it made itself, so their types are not compared; Papermill would only log a name
    that the notebook does not know.
    """
    problems = []
    for key in given:
        if key not in known:
            hint = near(key, known) or f" It has: {', '.join(known) or 'none'}."
            problems.append(f"{name} has no parameter '{key}'.{hint}")
    for key, required in known.items():
        if required and key not in given:
            problems.append(f"{name} needs the parameter '{key}', which has no default and was not given.")
    if problems:
        raise ParameterError(first_five(problems))


SECRETS = {
    "MPR_WEBHOOK_URL", "MPR_WEBHOOK_TOKEN", "MPR_SMTP_PASSWORD", "MPR_SIGNING_KEY", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "FSSPEC_S3_KEY", "FSSPEC_S3_SECRET", "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_SAS_TOKEN", "AZURE_CLIENT_SECRET",
    "GOOGLE_APPLICATION_CREDENTIALS",
}  # fmt: skip
"""What whoever tells of a run, or opens a store, is given, and no notebook needs."""

SOCKET_PATH = 90
"""Characters that a socket's path may have: the limit is 107 on Linux and 103 on macOS, less ``-ipc-1``."""


FROM_ELSEWHERE: "list[Callable[[KernelSpec], None]]" = []
"""What has a kernel be another process than a Python that starts anew, by its specification."""

# Imports make a million objects that all stay; looking through them for rubbish costs a tenth of what a kernel does.
# What the report imports is there by the time that the first cell comes, for which a run has yet to read the data.
BEGIN = [
    "--IPKernelApp.exec_lines=import gc; gc.set_threshold(50_000, 20, 100); del gc",
    "--IPKernelApp.exec_lines=with __import__('contextlib').suppress(Exception): "
    "__import__('mpr_lib.report.report').report.canvas.seaborn()",
    "--IPKernelApp.exec_lines=get_ipython().events.register('post_run_cell', "
    "__import__('mpr_lib.files').files.give_back)",
]


@contextmanager
def running_kernel(folder: Path) -> "Iterator[AsyncKernelManager]":
    """Start a kernel whose working directory is ``folder``; yield its manager while it is still starting up.

    It is the Python that runs this, whatever kernels are installed, without the user's IPython profile. It is killed
    when the block ends, and ends by itself within a second or two if this process is killed.
    """
    if find_spec("ipykernel") is None:
        raise RunError(
            f"this Python cannot execute notebooks: the package 'ipykernel' is missing from {sys.prefix}. "
            "Install it there (pip install ipykernel), or set the environment up again with 'make'."
        )
    # Loaded when needed: Jupyter takes half a second, which commands without a kernel go without.
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_core.utils import run_sync

    with ExitStack() as begun:
        with undisturbed():
            own = begun.enter_context(temporary("kernel"))
            connection = str(own / "k.json")
            # Sockets that are files need no port, and nobody else on the machine can reach them. Windows has none, and
            # a path may be too long for one.
            transport = "ipc" if os.name == "posix" and len(connection) <= SOCKET_PATH else "tcp"
            # The asynchronous manager: with the other one nbclient waits for ever for a kernel that has died.
            manager = AsyncKernelManager(transport=transport, connection_file=connection)
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            manager._kernel_spec = KernelSpec(argv=command, display_name="Python 3 (ipykernel)", language="python")
            for change in FROM_ELSEWHERE:
                change(manager._kernel_spec)
            begun.callback(_end, manager, _remember_clients(manager))
            run_sync(manager.start_kernel)(
                cwd=str(folder), env=environment(own), extra_arguments=["--HistoryManager.enabled=False", *BEGIN]
            )
        yield manager


def _end(manager, clients):
    from jupyter_core.utils import run_sync

    for client in clients:
        client.stop_channels()
    if manager.has_kernel:
        # Waited for here: the manager looks again after a tenth of a second.
        manager.provisioner.process.kill()
        manager.provisioner.process.wait()
        run_sync(manager.shutdown_kernel)(now=True)


def _remember_clients(manager: "AsyncKernelManager") -> list:
    """The clients that the manager will make: Papermill leaves the sockets of its own open."""
    clients, make = [], manager.client

    def client(**options):
        clients.append(make(**options))
        _hasten(clients[-1])
        return clients[-1]

    manager.client = client  # type: ignore[method-assign]
    return clients


def _hasten(client) -> None:
    """Have a client that waits for its kernel not look for messages that nobody sends for a fifth of a second."""
    channel, ready, get = client.iopub_channel, client.wait_for_ready, client.iopub_channel.get_msg

    async def wait_for_ready(**given):
        channel.get_msg = lambda timeout: get(timeout=min(timeout, 0.02))
        try:
            await ready(**given)
        finally:
            channel.get_msg = get

    client.wait_for_ready = wait_for_ready


def environment(own: Path | None = None) -> dict[str, str]:
    """This process's environment without secrets, with this very package on the path, and with an ``own`` IPython."""
    given = {name: text for name, text in os.environ.items() if name not in SECRETS}
    if own:
        given["IPYTHONDIR"] = str(own / "ipython")
    package, path = str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")
    if "site-packages" not in Path(package).parts and path.split(os.pathsep)[0] != package:
        given["PYTHONPATH"] = os.pathsep.join(filter(None, [package, path]))
    return given


CELL_SECONDS = 900
"""Longest that one cell may take: a scheduled run that hangs would keep the next one waiting for ever."""
SHOWN_SECONDS = 60
"""Longest that what a cell shows may take to come after the cell has ended: of 10,000 indicators it is 50 MB."""


class NotebookError(RunError):
    """A notebook that did not run to its end. ``log`` holds the traceback, for those who mend it."""

    def __init__(self, message: str, log: str):
        super().__init__(message)
        self.log = log


def read_notebook(path: Path, name: str, parameters: dict) -> dict:
    """Read a notebook as JSON and check what it will be given. ``name`` is what messages call it."""
    raw, notebook = read_whole(path, name, "Put the report's notebook there."), None
    try:
        notebook = json.loads(raw.decode())
        json.dumps(notebook, ensure_ascii=False).encode()
        known = read_parameters(notebook, name)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        if isinstance(notebook, dict) and not isinstance(error, ValueError):
            valid(notebook, name)
        raise InputError(f"{name} cannot be read as a notebook: {error}. {_RESTORE}") from None
    check_parameters(known, parameters, name)
    return notebook


_RESTORE = "Restore it from the last good copy."
_CELLS = ["code", "markdown", "raw"]


def valid(notebook: dict, name: str) -> None:
    """Raise ``InputError`` with the first thing in a notebook that its format does not allow, and where it stands."""
    # Loaded when needed: it takes half a second, and the kernel starts before.
    from nbformat.validator import iter_validate

    cells = notebook["cells"] if isinstance(notebook.get("cells"), list) else []
    for index, cell in enumerate(cells):
        if not isinstance(cell, dict) or cell.get("cell_type") not in _CELLS:
            said = f"its cell_type is none of {', '.join(_CELLS)}"
            raise InputError(f"{name}, {cell_place(cells, index)}: {said}. {_RESTORE}")
    # Cells of older notebooks have no id, and run as well.
    known = notebook | ({"nbformat_minor": 5} if isinstance(notebook.get("nbformat_minor"), int) else {})
    known |= {"cells": [{"id": f"c{index}", **cell} for index, cell in enumerate(cells)]} if cells else {}
    for fault in iter_validate(known, version=4, version_minor=5, relax_add_props=True):
        path = list(fault.absolute_path)
        at = [cell_place(cells, path[1])] if path[:1] == ["cells"] and len(path) > 1 else []
        part = ".".join(map(str, path[2:] if at else path))
        said = fault.message if fault.validator == "required" else f"found {errors.shown(fault.instance)}"
        kind = f". Expected {fault.validator_value}" if fault.validator in ("type", "minimum") else ""
        raise InputError(f"{', '.join(filter(None, [name, *at, part]))}: {said}{kind}. {_RESTORE}")


def execute(notebook: dict, name: str, parameters: dict, manager: "AsyncKernelManager") -> "NotebookNode":
    """Run a notebook in the kernel of ``manager`` and return it with its outputs; nothing is written.

    Raises ``NotebookError`` for the first cell that fails and for a kernel that dies.
    """
    import nbformat
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.execute import raise_for_execution_errors

    # Papermill logs what is refused here already, and calls a parameter with an annotated default unknown.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    reached = [0]
    try:
        given = nbformat.from_dict(nbformat.convert(notebook, 4))
        # In its two halves: as a whole it makes the text of the notebook and all outputs, and writes it nowhere.
        known = {"kernel_name": "python3", "language": "python", "parameters": parameters, "prepare_only": True}
        executed = papermill_engines.execute_notebook_with_engine(
            None, papermill.execute_notebook(given, None, **known), "python3", progress_bar=False, km=manager,
            on_cell_start=lambda cell, cell_index: reached.append(cell_index), execution_timeout=CELL_SECONDS,
            iopub_timeout=SHOWN_SECONDS,
        )  # fmt: skip
        raise_for_execution_errors(executed, None)
        return executed
    except (papermill.PapermillExecutionError, CellTimeoutError, RuntimeError) as error:
        log = traceback.format_exc()
        # Papermill adds a cell where there are parameters.
        given = [_takes_parameters(cell) for cell in notebook["cells"]].index(True) if parameters else reached[-1]
        place = cell_place(notebook["cells"], reached[-1] - (reached[-1] > given))
        if isinstance(error, papermill.PapermillExecutionError):
            said = f" failed in {place}: {_said(error)}"
            log = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
        elif isinstance(error, CellTimeoutError):
            said = f" was stopped after {CELL_SECONDS} seconds in {place}."
        elif isinstance(error, DeadKernelError):
            said = f": its Python process ended in {place}. The machine may have run out of memory."
        else:
            # What jupyter_client raises when a kernel ends, or says nothing, before the first cell.
            said = f": its Python process could not be started: {error}."
        raise NotebookError(f"{name}{said}", log) from None


def _said(error) -> str:
    """What a cell's error says: our own errors are complete messages, others want their name before them."""
    message = "\n".join(error.evalue.strip().splitlines()[:6])
    return message if message and hasattr(errors, error.ename) else f"{error.ename}: {message}".rstrip(": ")
