"""Files: one way to write a file whole, to let one writer at a time, to tell bytes apart, and to keep formulas out.

Every file that somebody may be reading, or that holds what somebody typed, is written here.
"""

import csv
import ctypes
import hashlib
import io
import os
import re
import shutil
import stat
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

import yaml
from filelock import FileLock, Timeout

from mpr_lib.errors import InputError, RunError

# A spreadsheet may pass over white space before a sign, and takes the wide signs for the narrow ones.
_FORMULA = re.compile(r"\s*[=+@＝＋＠－-]|[\t\r\n]")
_HARMLESS = re.compile(r"[+-]|[+-]?[\d,]*\.?\d+ ?%?")


def write_whole(path: Path, content: bytes | str) -> Path:
    """Put content in a file's place by one rename, when the disk has it; return where the file is.

    A reader finds the old bytes or the new, whatever happens meanwhile. Texts are written as UTF-8 with the line ends
    they have. A missing folder is made, a link is followed, and a file that stands there keeps its permissions. Raises
    ``OSError``, with the file as it was; each caller says what that means to its users, as by
    ``told_if_not_written``.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            part.chmod(path.stat().st_mode & 0o7777)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    flush_folder(path.parent)
    return path


@contextmanager
def told_if_not_written(name: str, more: str = "") -> Iterator[None]:
    """Say as a ``RunError`` that a file cannot be written and why, and ``more`` after it."""
    try:
        yield
    except OSError as error:
        raise RunError(f"cannot write {name}: {error.strerror}.{more}") from None


OLD, NEW = 3600.0, 10.0
"""Seconds after which nobody is still writing what was begun, and after which whoever made a folder holds it."""


def sweep(leftovers: Iterable[Path], lock: str = "") -> None:
    """Remove files and folders that killed processes began and left, if they are old; what cannot be removed stays.

    With ``lock``, the name of a file in each folder, those go that are this user's and that nobody holds any more.
    """
    for path in leftovers:
        with suppress(OSError, Timeout):
            found = path.lstat()
            if time.time() - found.st_mtime < (NEW if lock else OLD):
                continue
            if lock and os.name == "posix" and found.st_uid != os.getuid():
                continue
            if path.is_symlink() or not path.is_dir():
                path.unlink()
                continue
            with FileLock(path / lock).acquire(timeout=0) if lock else nullcontext():
                shutil.rmtree(path, ignore_errors=True)


def refuse_links(*paths: Path) -> None:
    """Raise ``RunError`` for a link among what is to be written in outputs: those that a run makes are months alone."""
    for path in paths:
        if path.is_symlink():
            raise RunError(f"{path.parent.name}/{path.name} is a link, and nothing is written through it. Remove it.")


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, a rename for example, where folders can be flushed."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path, patience: float, refusal: str, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold a lock file, which is made where it is missing: one process or thread at a time has it.

    ``waiting`` is called once if somebody else has it. After ``patience`` seconds of that, ``RunError`` with the text
    ``refusal``. The system lets go of it when its holder ends, killed or not. Never remove the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            raise RunError(refusal) from None
    try:
        yield
    finally:
        lock.release()


HELD = "held.lock"
"""The file that whoever uses a temporary folder holds while it lives."""


@contextmanager
def temporary(kind: str) -> Iterator[Path]:
    """A new folder for temporary files; those of this kind that killed processes left are removed before."""
    sweep(Path(tempfile.gettempdir()).glob(f"mpr-{kind}-*"), HELD)
    own = Path(tempfile.mkdtemp(prefix=f"mpr-{kind}-"))
    try:
        with locked(own / HELD, 0, f"{own} is used by somebody else. Run it again."):
            yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)


def fingerprint(raw: bytes) -> str:
    """What tells one content from another: the SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def give_back(*_) -> None:
    """Give the system what memory nobody holds any more, where its C library would keep that (Linux)."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


LARGEST = 64 * 1024**2
"""Bytes that a file of a workspace may have."""

_KINDS = {
    stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}  # fmt: skip


def read_whole(path: Path, name: str, what_to_do: str = "Add it, or name the right workspace.") -> bytes:
    """A file's bytes. Raises ``InputError`` under the given name where it is missing, no plain file, or too large."""
    # Without waiting: a pipe into which nobody writes would hold whoever opens it for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                kind = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
                raise InputError(f"{name} is {kind}. Expected a file. Put the file itself there.")
            with open(descriptor, "rb", closefd=False) as file:
                raw = b"" if found.st_size > LARGEST else file.read(LARGEST + 1)
        finally:
            os.close(descriptor)
        if max(found.st_size, len(raw)) > LARGEST:
            size = max(found.st_size, len(raw)) // 1024**2
            raise InputError(f"{name} has {size:,} MB. Expected less than {LARGEST // 1024**2} MB. Make it smaller.")
        return raw
    except FileNotFoundError:
        raise InputError(f"{name} is missing. {what_to_do}") from None
    except OSError as error:
        raise InputError(f"{name} cannot be opened: {error.strerror}. Check its permissions.") from None


def packaged(name: str) -> Any:
    """What one of this package's own YAML files holds: words, columns."""
    return yaml.load((Path(__file__).parent / name).read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Rows of texts as CSV, with quotes only where they are needed and one character at the end of each line."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def could_be_formula(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula, now or when somebody edits its cell.

    >>> [could_be_formula(text) for text in ("=1+1", " @SUM(A1)", "＝1", "-", "5 - 6")]
    [True, True, True, True, False]
    """
    return _FORMULA.match(text) is not None


def safe_cell(text: str) -> str:
    """A text for a CSV file that no spreadsheet takes for a formula: one that could be one gets a space before it.

    A sign alone and a plain number stay as they are. Nothing else that is written begins with a space, so taking
    leading spaces away gives back what was typed (docs/decisions/open-data.md).

    >>> [safe_cell(text) for text in ("=1+1", "- a list", "-", "-0.4%", "@home", "83%")]
    [' =1+1', ' - a list', '-', '-0.4%', ' @home', '83%']
    """
    return f" {text}" if could_be_formula(text) and not _HARMLESS.fullmatch(text) else text


def put_text(cell, text: str) -> None:
    """Write a text into a cell of a workbook: never a formula, and none when somebody edits the cell.

    ``cell`` is openpyxl's, which would write a text that begins with = as a formula. Set the cell's style before.
    """
    cell.value, cell.data_type = text, "s"
    if could_be_formula(text):
        cell.quotePrefix = True


def repacked(raw: bytes, change: Callable[[str, bytes], bytes] = lambda name, part: part) -> bytes:
    """A zip file without the times at which its parts were written, which would make every run another file.

    ``change`` gives what stands in the place of a part, by its name and content.
    """
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return again.getvalue()
