"""Checking: the month's checks, run beside the desk."""

import sys
from pathlib import Path

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import Quality, run_checks
from mpr_lib.desk.beside import Beside
from mpr_lib.errors import MprError


class Checks:
    """One run of the checks on a month as its files are now."""

    def __init__(self, workspace: Workspace, month):
        self._beside = Beside(__name__, "print_findings", str(workspace.root.resolve()), str(month))
        self._quality: Quality | None = None

    @property
    def running(self) -> bool:
        return self._beside.running

    @property
    def problem(self) -> str:
        return self._beside.problem

    def of(self, code: str) -> list:
        """The findings on an indicator's figures, once the checks have run; its comment has hints, which are newer."""
        if self._quality is None:
            self._quality = Quality.from_json(self._beside.said)
        own = [finding for finding in self._quality.findings if finding.indicator_code == code]
        return [finding for finding in own if not finding.file.startswith("data/commentary/")]

    def wait(self, seconds: float) -> None:
        self._beside.wait(seconds)

    def stop(self) -> None:
        self._beside.stop()


def print_findings(root: str, month: str) -> None:
    """Check a workspace's month and print the findings as JSON."""
    try:
        book = read_book(Workspace(Path(root)), month)
        history = history_of(book)
        quality = run_checks(book, scorecard_of(book, history), history)
    except MprError as error:
        sys.exit(" ".join(str(error).split()))
    sys.stdout.buffer.write(quality.to_json().encode())
