"""Files are written whole or not at all, by one writer at a time, and hold no formula."""

import csv
import errno
import io
import os
import re
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from mpr_lib.errors import InputError, RunError
from mpr_lib.files import could_be_formula, csv_text, fingerprint, locked, put_text, read_whole, safe_cell, write_whole

ROOT = Path(__file__).parents[1]

OLD, NEW = b"old\n", b"new\r\n\xff"


def child(text: str, **options) -> subprocess.Popen:
    """Another process that has ``write_whole`` and ``locked``."""
    start = "import os, signal, sys, time; from pathlib import Path; from mpr_lib.files import locked, write_whole\n"
    return subprocess.Popen([sys.executable, "-c", start + text], cwd=ROOT, text=True, **options)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "file.csv").write_bytes(OLD)
    return tmp_path / "file.csv"


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.name.startswith(".") or path.name.endswith(".part")]


@pytest.mark.parametrize(("content", "written"), [(NEW, NEW), ("£5\n", "£5\n".encode()), (b"", b""), ("\r\n", b"\r\n")])
def test_content_is_written_as_it_is(path, content, written):
    assert write_whole(path, content) == path
    assert path.read_bytes() == written
    assert leftovers(path.parent) == []


def test_a_missing_folder_is_made(tmp_path):
    path = tmp_path / "commentary" / "2018-05" / "3-1.md"
    write_whole(path, NEW)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("mode", [0o664, 0o600, 0o444])
def test_a_file_keeps_its_permissions(path, mode):
    path.chmod(mode)
    write_whole(path, NEW)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (NEW, mode)


def test_a_new_file_has_the_permissions_that_any_new_file_has(tmp_path):
    (tmp_path / "usual").touch()
    assert write_whole(tmp_path / "new", NEW).stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path, there):
    target, link = tmp_path / "elsewhere" / "shared.csv", tmp_path / "file.csv"
    link.symlink_to(Path("elsewhere", "shared.csv"))
    if there:
        target.parent.mkdir()
        target.write_bytes(OLD)
    write_whole(link, NEW)
    assert (link.is_symlink(), target.read_bytes()) == (True, NEW)
    assert leftovers(tmp_path) == []


def test_another_name_of_the_same_file_keeps_the_old_content(path):
    os.link(path, path.with_name("copy"))
    write_whole(path, NEW)
    assert (path.read_bytes(), path.with_name("copy").read_bytes()) == (NEW, OLD)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_writer_that_is_killed_leaves_the_file_as_it_was(path, step):
    """What it leaves beside is hidden and no table or text by its name, so nothing reads it."""
    holder = "os" if step == "fsync" else "Path"
    killed = child(
        f"{holder}.{step} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\nwrite_whole(Path({str(path)!r}), b'x')"
    )
    assert killed.wait(60) == -signal.SIGKILL
    assert path.read_bytes() == OLD
    assert all(re.fullmatch(r"\.file\.csv\.[0-9a-f]{8}\.part", name) for name in leftovers(path.parent))
    write_whole(path, NEW)
    assert path.read_bytes() == NEW


def test_a_full_disk_leaves_the_file_as_it_was_and_nothing_beside_it(path):
    """A limit on the size of files stands for the disk: the system refuses in the middle of the write."""
    refused = child(
        "import resource\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        f"try: write_whole(Path({str(path)!r}), bytes(10_000))\n"
        "except OSError as error: print(error.errno)",
        stdout=subprocess.PIPE,
    )
    assert refused.communicate(timeout=60)[0] == f"{errno.EFBIG}\n"
    assert (path.read_bytes(), leftovers(path.parent)) == (OLD, [])


@pytest.mark.parametrize("at", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.chmod"])
def test_what_fails_at_any_step_leaves_the_file_as_it_was_and_nothing_beside_it(path, monkeypatch, at):
    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(at, fail)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, NEW)
    assert (path.read_bytes(), leftovers(path.parent)) == (OLD, [])


def test_a_folder_is_never_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r"directory"):
        write_whole(tmp_path / "folder", NEW)
    assert leftovers(tmp_path) == []


def test_a_reader_beside_two_writers_finds_one_content_or_the_other(path):
    first, second = (bytes([letter]) * 200_000 for letter in b"ab")
    writers = [
        child(f"for _ in range(60): write_whole(Path({str(path)!r}), b'{chr(content[0])}' * 200_000)")
        for content in (first, second)
    ]
    found = set()
    while any(writer.poll() is None for writer in writers):
        found.add(path.read_bytes())
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert found <= {OLD, first, second}
    assert path.read_bytes() in (first, second)
    assert leftovers(path.parent) == []


def test_a_lock_is_waited_for_and_then_had(tmp_path):
    path, waited = tmp_path / "locks" / "month.lock", threading.Event()
    with locked(path, 0, "held"):
        other = threading.Thread(target=lambda: locked(path, 30, "held", waited.set).__enter__())
        other.start()
        assert waited.wait(30)
        assert other.is_alive()
    other.join(30)
    assert not other.is_alive()


def test_a_lock_that_stays_held_is_refused_in_the_callers_words(tmp_path):
    waits = []
    path, refusal = tmp_path / "lock", "Somebody else is at it."
    with (
        locked(path, 0, ""),
        pytest.raises(RunError) as error,
        locked(path, 0.1, refusal, lambda: waits.append("told")),
    ):
        pytest.fail("two have the lock")
    assert str(error.value) == refusal
    assert waits == ["told"]
    with locked(tmp_path / "lock", 0, "", lambda: waits.append("again")):
        assert waits == ["told"]


def test_a_lock_is_let_go_when_its_work_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock", 0, "held"):
        1 / 0  # noqa: B018
    with locked(tmp_path / "lock", 0, "held"):
        pass


def test_a_lock_is_let_go_when_its_holder_is_killed(tmp_path):
    path = tmp_path / "lock"
    text = f"with locked(Path({str(path)!r}), 0, ''):\n  print('held', flush=True)\n  time.sleep(60)"
    with child(text, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RunError), locked(path, 0, "held"):
            pytest.fail("two have the lock")
        holder.kill()
    with locked(path, 10, "held"):
        pass


def test_a_fingerprint_is_the_sha_256_that_other_tools_give():
    assert fingerprint(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_file_is_read_or_refused_by_its_name(path):
    assert read_whole(path, "data/file.csv") == OLD
    for missing in (path.with_name("none"), path.with_name("none") / "file"):
        with pytest.raises(InputError) as error:
            read_whole(missing, "data/none", "Add it.")
        assert str(error.value) == "data/none is missing. Add it."
    with pytest.raises(InputError) as error:
        read_whole(path.parent, "data")
    assert str(error.value) == "data is a folder. Expected a file. Put the file itself there."


def test_rows_come_back_from_a_csv_text():
    rows = [["a", "b"], ['said "£5",', "two\nlines"], ["", "\r\n"]]
    text = csv_text(rows)
    assert text.startswith("a,b\n")
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows


FORMULAS = [
    "=1+1", "+CMD|' /C calc'!A0", "-2+3", "@SUM(1)", "\tx", "\r=1", "\n=1", " =1", "  @SUM(A1)", "＝1", "＋1", "－1+1",
    '=HYPERLINK("http://x","y")', "- a list\n- of two", "\u00a0=1", "-1\n=2", "＠x",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_be_a_formula_gets_one_space_before_it(text):
    assert could_be_formula(text)
    assert safe_cell(text) == f" {text}"


@pytest.mark.parametrize("text", ["-", "+", "-0.4%", "-1,544", "+5", "83%", "38 - 48", "a = b", "", "-.5", "£5", "…"])
def test_what_could_be_none_stays(text):
    assert safe_cell(text) == text


@given(st.text())
@example("-1\n")
def test_no_safe_cell_begins_as_a_formula_unless_it_is_a_number_and_all_words_come_back(text):
    safe = safe_cell(text)
    assert safe.removeprefix(" ") == text.removeprefix(" ")
    assert safe[:1] not in tuple("=@＝＋＠－\t\r\n")
    if safe[:1] in ("+", "-"):
        assert re.fullmatch(r"[+-][\d,.]* ?%?", safe)


@pytest.mark.parametrize(("text", "marked"), [("=1+1", True), ("-", True), (" @x", True), ("83%", False)])
def test_a_text_in_a_workbook_is_a_text_for_good(tmp_path, text, marked):
    from openpyxl import load_workbook

    workbook = Workbook()
    put_text(workbook.active["A1"], text)
    workbook.save(tmp_path / "book.xlsx")
    cell = load_workbook(tmp_path / "book.xlsx").active["A1"]
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (text, "s", marked)
