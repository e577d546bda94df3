"""Publishing: a month's files appear together, by one rename, or not at all, and where a failure is kept."""

import errno
import os
import shutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from mpr_lib.errors import MprError, RunError
from mpr_lib.files import flush_folder, locked, refuse_links

PUBLIC = "public"
"""Folder in ``outputs`` that holds the public edition, month by month like ``outputs`` itself."""

DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""No space left, the user's share used up, or the file larger than it may be."""

_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def disk_message(error: OSError, month: str) -> RunError | None:
    """The message for a full disk or a folder that may not be written to; nothing for any other error."""
    kept = f"Nothing was published; the {month} report is as it was."
    if error.errno in DISK_FULL:
        return RunError(f"the disk is full: {error.strerror}. {kept} Free some space and run the month again.")
    if error.errno in _REFUSED:
        return RunError(
            f"not allowed to write to the outputs folder: {error.strerror}. {kept} "
            "Ask whoever looks after the folder for the right to change it."
        )
    return None


def failure_log(outputs: Path, month: str) -> Path:
    """Where the text of a month's last failure is kept, beside the months."""
    return outputs / ".log" / f"{month}-failed.log"


def run_log(outputs: Path, month: str) -> Path:
    """Where it is kept when a month was run and what each stage took: outside the set, which is the same each time."""
    return outputs / ".log" / f"{month}.log"


def no_folders(outputs: Path) -> list[str]:
    """A sentence for each place that a run writes into where no folder stands, or a link to one that is not outputs."""
    places = {path: path.is_symlink() for path in (outputs / SETS, outputs / ".log")}
    found = [f"outputs/{path.name} is a link, and nothing is written through it." for path in places if places[path]]
    for path in (outputs, *places):
        if os.path.lexists(path) and not path.is_dir() and not places.get(path):
            found.append(f"{path.relative_to(outputs.parent).as_posix()} is no folder, and a run writes into it.")
    return found


def record_failure(outputs: Path, month: str, text: str) -> Path:
    """Keep the text of a failure; return its file."""
    path = failure_log(outputs, month)
    refuse_links(path.parent, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip() + "\n", encoding="utf-8", newline="\n")
    return path


def message_of(error: Exception, workspace: Path, month: str) -> str:
    """What people are told of the error that is being handled: our own are complete messages.

    What the system refuses is a sentence that names the file. Anything else is a fault of the program itself, whose
    traceback is kept, or shown where no workspace is yet.
    """
    if isinstance(error, MprError):
        return str(error)
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
        full, what = error.errno in DISK_FULL, near(Path(str(error.filename))) if error.filename else "a file"
        if full or error.filename or error.errno in _REFUSED | {errno.EIO}:
            todo = "Free some space" if full else "Check who may read and change it, and that it is what its name says"
            return f"Cannot read or write {what}: {error.strerror}. Nothing was published. {todo}, and try again."
    where = traceback.format_exc()
    if (workspace / "params").is_dir():
        with suppress(OSError, RunError):
            where = f"The traceback is in {near(record_failure(workspace / 'outputs', month, where))}."
    return f"A fault in this program, not in your data: {type(error).__name__}: {error}. Nothing was published. {where}"


def near(path: Path) -> str:
    """A path as short as it can be typed from here."""
    with suppress(ValueError):
        return Path(os.path.realpath(path.parent)).relative_to(Path.cwd()).joinpath(path.name).as_posix()
    return str(path)


SETS = ".months"
"""Folder in ``outputs`` that holds every month's sets, the unfinished ones included."""

PATIENCE = 900.0
"""Seconds that a run waits for another run of the same month before it gives up."""


@contextmanager
def staged(
    outputs: Path, month: str, *, waiting: Callable[[], None] = lambda: None, patience: float = PATIENCE
) -> Iterator[Path]:
    """Hold the month's lock and yield a new, empty folder to build its set in.

    What killed runs left is cleaned first. ``waiting`` is called once if another run of this month has to end first;
    after ``patience`` seconds of it, ``RunError``. The folder goes when the block ends, unless it was published.
    """
    sets = outputs / SETS
    for said in no_folders(outputs):
        raise RunError(f"{said} Remove it, or move it away.")
    refuse_links(sets / f"{month}.lock")
    for log in (failure_log(outputs, month), run_log(outputs, month)):
        if log.is_symlink():
            log.unlink()
    sets.mkdir(parents=True, exist_ok=True)
    refusal = (
        f"{month} is being run by somebody else, for more than {patience:.0f} seconds now. "
        "Nothing was changed. Run it again when that run has ended."
    )
    with locked(sets / f"{month}.lock", patience, refusal, waiting):
        _put_right(outputs, month)
        _sweep(sets, month)
        folder = sets / f"{month}.{token_hex(4)}.part"
        try:
            folder.mkdir()
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, outputs: Path, month: str) -> Path:
    """Make the finished set in ``folder`` the one that readers find; return where they find it.

    The set before it is kept, for whoever is reading it now; older ones are removed.
    """
    current, finished = outputs / month, folder.with_suffix("")
    _flush(folder)
    before = Path(os.path.realpath(current))
    folder.rename(finished)
    new = _link_to(finished) or finished
    aside = _move_aside(current, finished.parent)
    try:
        new.replace(current)
    except OSError:
        if aside:
            aside.rename(current)
        raise
    flush_folder(outputs)
    kept = {finished.name, aside.name if aside else before.name}
    for path in finished.parent.glob(f"{month}.*"):
        if path.name not in kept and path.suffix != ".lock":
            _remove(path)
    return current


def _put_right(outputs: Path, month: str) -> None:
    """Bring the set that was moved aside back, if the run that moved it was killed before the new one came."""
    current = outputs / month
    aside = sorted((outputs / SETS).glob(f"{month}.*.was"), key=lambda folder: folder.stat().st_mtime)
    if aside and not os.path.lexists(current):
        aside[-1].rename(current)


def _sweep(sets: Path, month: str) -> None:
    """Remove what killed runs left: this month's, and other months' that nobody is running."""
    for leftover in [*sets.glob("*.part"), *sets.glob("*.link")]:
        other = leftover.name.split(".")[0]
        if other == month:
            _remove(leftover)
            continue
        with suppress(RunError), locked(sets / f"{other}.lock", 0, "somebody runs it"):
            _remove(leftover)


def _remove(path: Path) -> None:
    # What cannot be removed now (a file that is open on Windows) is removed by a later run.
    if path.is_symlink():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)


def _link_to(finished: Path) -> Path | None:
    """Make a link to the set, under a name of its own, or nothing where links cannot be made."""
    link = finished.with_suffix(f"{finished.suffix}.link")
    try:
        link.symlink_to(Path(SETS, finished.name), target_is_directory=True)
    except OSError as error:
        if error.errno in DISK_FULL:
            raise
        return None
    return link


def _move_aside(current: Path, sets: Path) -> Path | None:
    """Move a real folder out of the way (links are replaced instead): one that was copied here, or Windows's."""
    if current.is_symlink() or not current.exists():
        return None
    aside = sets / f"{current.name}.{token_hex(4)}.was"
    try:
        current.rename(aside)
    except PermissionError as error:
        raise RunError(
            f"cannot replace {current.parent.name}/{current.name}: it is open in another program, or you may not "
            f"change it ({error.strerror}). The published report is unchanged. Close it and run the month again."
        ) from error
    return aside


def _flush(folder: Path) -> None:
    """Have the system write the set to disk before its name appears, so that a power cut cannot publish empty files."""
    for path in folder.rglob("*"):
        if path.is_dir():
            flush_folder(path)
            continue
        # Windows flushes only what is open for writing.
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    flush_folder(folder)
