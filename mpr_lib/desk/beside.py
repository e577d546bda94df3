"""Beside: work of some seconds in a process of its own, so that the desk goes on answering while somebody types."""

import subprocess
import sys
import tempfile
import weakref
from pathlib import Path

_START = (
    "import sys, importlib; sys.path.insert(0, sys.argv[1]); "
    "getattr(importlib.import_module(sys.argv[2]), sys.argv[3])(*sys.argv[4:])"
)


class Beside:
    """A function of this package that runs in another process; what it prints is kept.

    A process and not a thread: importing Great Expectations beside the drawing of charts holds both up, and a kernel's
    own loop with them.
    """

    def __init__(self, module: str, function: str, *arguments: str):
        package = str(Path(__file__).parents[2])
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 -- read later
        self._wrong = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 -- read later
        command = [sys.executable, "-c", _START, package, module, function, *arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._wrong, encoding="utf-8"
        )

        weakref.finalize(self, _end, self._process, self._said, self._wrong)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def problem(self) -> str:
        """Why it failed, in its last line; empty if it did not."""
        if not self._process.returncode:
            return ""
        lines = [line for line in _text(self._wrong).splitlines() if line.strip()]
        return lines[-1] if lines else f"Its process ended with {self._process.returncode}."

    @property
    def said(self) -> str:
        """What it printed, once it has ended."""
        return _text(self._said)

    def wait(self, seconds: float) -> None:
        """Wait for its end, where there is nothing else to do."""
        self._process.wait(seconds)

    def stop(self) -> None:
        """End it: nobody waits for it any more."""
        if self.running:
            self._process.kill()
        self._process.wait()


def _end(process, *files):
    """Leave nothing behind: neither a process nor open files."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for file in files:
        file.close()


def _text(file):
    file.seek(0)
    return file.read()
