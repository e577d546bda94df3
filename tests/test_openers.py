"""One opener: files of a workspace are read by mpr_lib/files.py alone, and nothing there waits or fills the memory."""

import ast
import os
import subprocess
import sys

import pytest

from tests.helpers import REPOSITORY

LIBRARY = REPOSITORY / "mpr_lib"
OPENS = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}

OURS = ("(HERE / ", "(TEMPLATES / ", "(NOTEBOOKS / ", "_DEFAULTS.")
"""How the package's own files are named."""

NEW = "a folder that the run itself has just made, and that nobody else knows"
ELSEWHERE = {
    "files.py": "the opener itself",
    "checks/findings.py": "findings of a set that was just published",
    "checks/suites.py": "the package's own suites",
    "desk/commands.py": "the package's own notebooks",
    "desk/strip.py": "notebooks that somebody names",
    "fleet/task.py": NEW,
    "open_data/csv_files.py": NEW,
    "open_data/data_package.py": NEW,
    "open_data/workbook.py": NEW,
    "public/edition.py": NEW,
    "public/leaks.py": NEW,
    "records/showing.py": NEW,
    "run/month.py": NEW,
    "run/publishing.py": "files of the new set, and a log whose place was looked at",
    "run/writing.py": NEW,
    "seal/signing.py": NEW,
    "seal/verify.py": "a set's files, once each is known for a plain file",
    "start/new_workspace.py": NEW,
}
"""Modules that may open files by themselves, and why."""

NO_FILES = {
    "book/book.py": {"Image.open"},  # bytes that were read
    "report/exporters/pdf_layout.py": {"Image.open"},
    "desk/beside.py": {"os.open"},  # where nothing is kept
    "run/cli.py": {"os.open"},  # the same
    "run/console.py": {"os.open"},  # the same
    "run/execution.py": {"file.read_bytes"},  # a module of an installed package
    "many/warm.py": {"os.open"},  # the same
    "desk/desk.py": {"self.open"},  # an indicator
    "desk/face.py": {"self.open", "self.desk.open"},
    "desk/notebook.py": {"desk.open"},
    "intake/packages.py": {"self._archive.open"},  # bytes that were read
    "notify/notify.py": {"urllib.request.build_opener(*handlers).open"},  # an address
}
"""What is called open, and opens no file."""


def opened(text: str) -> set[str]:
    """The calls in a module that open a file by another way than the opener's."""
    calls = [each.func for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Call)]
    named = {ast.unparse(each) for each in calls if getattr(each, "attr", getattr(each, "id", "")) in OPENS}
    return {each for each in named if not each.startswith(OURS)}


def test_nobody_opens_files_by_another_way():
    found = {path.relative_to(LIBRARY).as_posix(): opened(path.read_text("utf-8")) for path in LIBRARY.rglob("*.py")}
    assert {name: calls for name, calls in found.items() if name not in ELSEWHERE and calls} == NO_FILES
    assert {name for name in ELSEWHERE if not found[name]} == set()


def test_another_way_would_be_found():
    assert opened("x = open(path)\nroot.joinpath(name).read_text()\n(HERE / name).read_text()") == {
        "open", "root.joinpath(name).read_text"
    }  # fmt: skip


READING = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
from mpr_lib.errors import InputError
from mpr_lib.files import read_whole
for name in sys.argv[1:]:
    try:
        print(len(read_whole(Path(name), Path(name).name)))
    except InputError as error:
        print(error)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs pipes, devices and a limit of memory")
def test_nothing_waits_and_nothing_fills_the_memory(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "plain").write_text("12345")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(2**34)
    names = [str(tmp_path / name) for name in ("pipe", "zero", "plain", "huge")]
    done = subprocess.run(
        [sys.executable, "-c", READING, *names], capture_output=True, text=True, timeout=60, cwd=REPOSITORY, check=True
    )
    assert done.stdout.splitlines() == [
        "pipe is a pipe. Expected a file. Put the file itself there.",
        "zero is a device. Expected a file. Put the file itself there.",
        "5",
        "huge has 16,384 MB. Expected less than 64 MB. Make it smaller.",
    ]
