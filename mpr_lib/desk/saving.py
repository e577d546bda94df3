"""Writing: comments and judgements, saved whole or not at all, and never over what somebody else wrote meanwhile."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import pandas as pd
from filelock import FileLock, Timeout

from mpr_lib.book.commentary import FRONT_MATTER, Comment, comment_file, read_comment
from mpr_lib.book.workspace import Workspace
from mpr_lib.errors import InputError, MprError

PATIENCE = 20.0
"""Seconds to wait for somebody else's save, which takes a fraction of one."""


class ChangedMeanwhile(MprError):
    """What was to be saved was written by somebody else since it was read. ``now`` is how it stands."""

    def __init__(self, message: str, now):
        self.now = now
        super().__init__(message)


def save_comment(
    workspace: Workspace, month: pd.Period, code: str, text: str, base: str, **fields: str | None
) -> Comment:
    """Save a comment over the version ``base`` (empty: there was no file), and return it as it now stands.

    ``fields`` are front matter to set, or with None to take out; what else stands there is kept as it is. Raises
    ``ChangedMeanwhile``, having changed nothing, if the file is not the one that ``base`` names, and ``InputError`` for
    a text without words.
    """
    words = plain(text)
    if not words:
        name = workspace.relative(comment_file(workspace, month, code))
        raise InputError(f"There are no words to save. To have no comment on {code}, delete {name}.")
    path = comment_file(workspace, month, code)
    with writing_lock(workspace):
        now = read_comment(workspace, month, code)
        if now.version != base:
            raise ChangedMeanwhile(
                f"The comment on {code} was changed by somebody else meanwhile. Nothing was overwritten.", now
            )
        write_whole(path, _with_front_matter(_bytes(path) or b"", words, fields))
        return read_comment(workspace, month, code)


def plain(text: str) -> str:
    """Words as they are saved: one kind of line end, no null or broken characters, nothing empty around them.

    >>> plain(" Fewer days.\\r\\n\\r\\nMore work. \\n")
    'Fewer days.\\n\\nMore work.'
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def version_of(raw: bytes) -> str:
    """What tells one state of a file from another: the SHA-256 of its bytes."""
    return hashlib.sha256(raw).hexdigest()


@contextmanager
def writing_lock(workspace: Workspace) -> Iterator[None]:
    """Let one writer at a time compare and write. Editors of other makers do not ask for it; versions catch those."""
    folder = workspace.outputs / ".drafts"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "writing.lock", timeout=PATIENCE):
            yield
    except Timeout:
        raise MprError(
            f"Somebody else has been saving for {PATIENCE:.0f} seconds. Nothing was changed. Save again."
        ) from None


def write_whole(path: Path, raw: bytes) -> None:
    """Put bytes in a file's place by one rename, when the disk has them: a reader finds the old ones or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path = path.resolve()
    temporary = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except OSError as error:
        raise MprError(
            f"{path.name} could not be saved: {error.strerror}. It is as it was; what you typed is kept as a draft."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _flush_folder(folder):
    """Have the rename itself on the disk, where folders can be flushed."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _bytes(path):
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path.name} cannot be opened: {error.strerror}. Check its permissions.") from None


def _with_front_matter(raw, words, changes):
    """The file's new bytes: front matter with its changes, in the file's own line ends, then the words."""
    before = raw.decode("utf-8-sig").replace("\r\n", "\n")
    found = re.match(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|$)", before, re.DOTALL)
    lines = (found[1] or "").splitlines() if found else []
    for key in (key for key in FRONT_MATTER if key in changes):
        lines = _set_line(lines, key, changes[key])
    # Words that begin with a line --- would be taken for front matter, so they get one, with an empty line in it.
    head = "\n".join(["---", *(lines or [""]), "---", ""]) if lines or words.startswith("---") else ""
    written = f"{head}{words}\n"
    return (written.replace("\n", "\r\n") if b"\r\n" in raw else written).encode()


def _set_line(lines, key, value):
    at = next((place for place, line in enumerate(lines) if re.match(rf"{key}[ \t]*:", line)), None)
    new = [] if not value else [f"{key}: {_yaml_text(value)}"]
    if at is None:
        return lines + new
    end = next((i for i in range(at + 1, len(lines)) if not lines[i].startswith((" ", "\t"))), len(lines))
    return [*lines[:at], *new, *lines[end:]]


def _yaml_text(value):
    """A text as one line of YAML that reads back as itself."""
    value = re.sub(r"\s+", " ", plain(value))
    if re.fullmatch(r"\d{4}-\d\d-\d\d|(?!(?:true|false|yes|no|on|off|null|y|n)$)[A-Za-z][\w ,./()&+'’-]*", value, re.I):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
