"""Forked: a kernel that is a copy of a process with everything imported, in place of a Python that starts anew.

A child of ``mpr_lib.many.warm`` prepares one copy of itself before it does anything else, as it is then: one thread, no
sockets, no month. The copy waits to be told how to be a kernel, and the first kernel that the child starts is it.
"""

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.metadata import EntryPoint
from importlib.util import find_spec

import matplotlib as mpl
import numpy as np
import pandas as pd
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from nbformat.validator import get_validator

from mpr_lib.annexes import brought
from mpr_lib.report.canvas import drawn
from mpr_lib.report.document import faces
from mpr_lib.report.fonts import text_width
from mpr_lib.report.rendering import TEMPLATES, environment
from mpr_lib.run import month
from mpr_lib.run.execution import FROM_ELSEWHERE, forget_waiting
from mpr_lib.run.stopping import heeded

NAME = "mpr-forked"
PARTS = (
    "mpr_lib.book", "mpr_lib.report.quality_page", "mpr_lib.report.exporters.html", "mpr_lib.report.exporters.pdf",
    "jupyter_client.asynchronous", "papermill", "nbconvert.exporters", "ipykernel.ipkernel",
    "debugpy", "openpyxl",
)  # fmt: skip
"""What a month's process and its kernel import."""
BROUGHT = (
    "reads", "computes", "checks", "states", "section", "notes", "card", "glance", "asked", "acts", "publishes",
    "files", "sheets", "private", "edition", "committees", "explains", "forms", "seals", "waits", "stores",
)  # fmt: skip
"""What it may ask annexes for."""
CLIENTS = ("s3fs", "adlfs", "gcsfs")
"""Clients of stores, of which those that are installed are imported too."""

# prctl(PR_SET_PDEATHSIG, SIGKILL). It heeds the end of the thread that forked: the only one, or a process's main one.
_end_with_parent = partial(ctypes.CDLL(None).prctl, 1, 9)


class Forked(subprocess.Popen):
    """A copy of this process that does a piece of ``work``; else it is as any other child.

    Its exit code is 130 where it was asked to end, and 1 where the work was not done. It is killed when this process
    ends, however that comes.
    """

    def __init__(self, work: Callable[[], None]):
        self._work = work
        super().__init__("forked")

    def _execute_child(self, *_) -> None:
        """What ``subprocess`` does to begin a process."""
        parent = os.getpid()
        # Whoever is asked to end just now would not know which of the two it is.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        self.pid = os.fork()
        if self.pid:
            self._child_created = True
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
            return
        code = 1
        try:
            _end_with_parent()
            if os.getppid() == parent:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
                self._work()
                code = 0
        except KeyboardInterrupt:
            heeded()
            code = 130
        except BaseException:  # noqa: BLE001 - nothing may go on in two processes
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)


_prepared: "tuple[Forked, int] | None" = None


def load() -> None:
    """Import all of it, and have at hand what every report needs: how a chart is drawn, letters, templates."""
    # Seaborn first, which is to go without scipy.
    drawn(
        (72, 72), (9, 9, 54, 54), lambda axes, seaborn: seaborn.lineplot(x=[0, text_width("1", 9)], y=[0, 1], ax=axes)
    )
    text_width("1", 9, bold=True)
    month.load_checks(whole=True)
    for name in PARTS:
        importlib.import_module(name)
    for kind in BROUGHT:
        # An annex that lacks a package of its own says so when it is asked for.
        with suppress(ImportError):
            brought(kind)
    for name in CLIENTS:
        with suppress(ImportError):
            importlib.import_module(name)
    # What a notebook is held to, as a run asks for it and as Papermill does.
    for relaxed in (True, False):
        get_validator(4, 5, relaxed)
    templates = environment((), TEMPLATES)
    for name in templates.list_templates(["j2"]):
        templates.get_template(name)
    faces()


def prepare(answers) -> None:
    """Make this process's copy for a kernel, which is not to hold ``answers``."""
    global _prepared
    reading, writing = os.pipe()

    def copy() -> None:
        os.close(writing)
        answers.close()
        _become_kernel(reading)

    _prepared = Forked(copy), writing
    os.close(reading)
    FROM_ELSEWHERE.append(use_in)


def use_in(spec: KernelSpec) -> None:
    """Have a kernel be the copy that was prepared, if it was and no kernel is it yet."""
    if _prepared:
        KernelProvisionerFactory.provisioners[NAME] = EntryPoint(NAME, f"{__name__}:ForkedProvisioner", "")
        spec.metadata["kernel_provisioner"] = {"provisioner_name": NAME}


class ForkedProvisioner(LocalProvisioner):
    """Gives a kernel the process that was prepared for it, instead of starting one."""

    async def launch_kernel(self, cmd, **given):
        global _prepared
        assert _prepared is not None
        (self.process, told), _prepared = _prepared, None
        self.pid = self.process.pid
        with os.fdopen(told, "w") as order:
            json.dump({"argv": cmd[2:], "cwd": given["cwd"], "env": given["env"], "parent": os.getpid()}, order)
        return self.connection_info


def _become_kernel(told: int) -> None:
    """Wait until somebody says how, then be what ``python -m ipykernel_launcher`` is."""
    with os.fdopen(told) as order:
        said = order.read()
    if not said:
        return
    given = json.loads(said)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(given["cwd"])
    os.environ.clear()
    os.environ.update(given["env"])
    os.environ["JPY_PARENT_PID"] = str(given["parent"])
    launcher = find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *given["argv"][1:]]
    np.random.seed()
    # What they would have found in a kernel when they were imported.
    pd.set_option("display.max_columns", 20)
    forget_waiting()
    # Asked for when the first figure is drawn, and then told to the shell, which is not there yet.
    mpl.rcParams["backend"] = os.environ.get("MPLBACKEND") or "module://matplotlib_inline.backend_inline"
    IPKernelApp.launch_instance(parent_handle=given["parent"])
