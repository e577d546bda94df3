"""The kernel that executes a month's notebook: this Python, spoken to through files in a private folder."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from mpr_lib.errors import RunError

if TYPE_CHECKING:
    from jupyter_client import AsyncKernelManager

SECRETS = {"MPR_WEBHOOK_URL", "MPR_WEBHOOK_TOKEN", "MPR_SMTP_PASSWORD"}
"""What whoever tells of a run is given, and no notebook needs."""

SOCKET_PATH = 90
"""Characters that a socket's path may have: the limit is 107 on Linux and 103 on macOS, less ``-ipc-1``."""


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
    from jupyter_core.utils import run_sync

    own = Path(tempfile.mkdtemp(prefix="mpr-", dir=_short_folder()))
    manager = _manager(own)
    clients = _remember_clients(manager)
    try:
        run_sync(manager.start_kernel)(
            cwd=str(folder), env=_environment(own), extra_arguments=["--HistoryManager.enabled=False"]
        )
        yield manager
    finally:
        for client in clients:
            client.stop_channels()
        if manager.has_kernel:
            run_sync(manager.shutdown_kernel)(now=True)
        shutil.rmtree(own, ignore_errors=True)


def _manager(own: Path) -> "AsyncKernelManager":
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec

    connection = own / "k.json"
    # Sockets that are files need no port, and nobody else on the machine can reach them; Windows has none.
    ipc = os.name == "posix" and len(str(connection)) <= SOCKET_PATH
    # The asynchronous manager: with the other one nbclient waits for ever for a kernel that has died.
    manager = AsyncKernelManager(transport="ipc" if ipc else "tcp", connection_file=str(connection))
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python 3 (ipykernel)",
        language="python",
    )
    return manager


def _remember_clients(manager: "AsyncKernelManager") -> list:
    """The clients that the manager will make: Papermill leaves the sockets of its own open."""
    clients, make = [], manager.client

    def client(**options):
        clients.append(make(**options))
        return clients[-1]

    manager.client = client
    return clients


def _short_folder() -> str | None:
    """Where temporary folders go; ``/tmp`` where that path is too long for a socket."""
    usual = tempfile.gettempdir()
    if os.name == "posix" and len(usual) > SOCKET_PATH - 20 and os.access("/tmp", os.W_OK):
        return "/tmp"
    return usual


def _environment(own: Path) -> dict[str, str]:
    """This process's environment, with an IPython profile of its own and this very package on the path."""
    environment = {name: text for name, text in os.environ.items() if name not in SECRETS}
    environment["IPYTHONDIR"] = str(own / "ipython")
    package = Path(__file__).parents[2]
    if "site-packages" not in package.parts:
        paths = [str(package), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    return environment
