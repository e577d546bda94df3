"""Unchanged: whether a month's set is what a run would make of it again, told without reading the data.

What was published is explained in its manifest. This stands beside the months instead: a public edition must not carry
a fingerprint of what it leaves out, and a set says the same whoever made it.
"""

import json
import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from mpr_lib.book.workspace import MONTH, NOTEBOOKS
from mpr_lib.errors import MprError
from mpr_lib.files import fingerprint, read_whole, refuse_links, write_whole
from mpr_lib.run.publishing import PUBLIC

READ = ("data", "params", "notebooks")
"""Folders of a workspace that a run may read."""

_KEPT = (".", "~")
"""How names begin of what an editor or a sync keeps for itself: nobody reads it."""


def made_from(workspace: Path, month: str, options: dict) -> str:
    """One SHA-256 over all that a run of a month may depend on.

    That is every file of data, params and notebooks, whether the last run read it or not (of later months only that
    they are there), the ``options`` of ``mpr_lib.run.month.run_month``, the library's own files, Python and what is
    installed beside it. What an analyst's cell fetches from elsewhere is not seen.
    """
    read = [(folder, *_fingerprints(workspace / folder, month)) for folder in READ]
    return fingerprint(json.dumps([read, made_with(), options], sort_keys=True).encode())


def marks(listed: Mapping[str, str], month: str, options: dict, made: dict) -> str:
    """One SHA-256 like ``made_from``, over what a listing of a workspace says of each file in place of what it holds.

    ``listed`` has, by the name of each file that ``is_read``, what tells it from others of that name, such as size and
    ETag; ``made`` is what ``made_with`` gives.
    """
    read = [_line(name, month, partial(str, mark)) for name, mark in sorted(listed.items())]
    return fingerprint(json.dumps([read, made, options], sort_keys=True).encode())


def is_read(name: str) -> bool:
    """Whether a run may read a file of a workspace, by its name from there."""
    folder, _, below = name.partition("/")
    return folder in READ and bool(below) and not any(part.startswith(_KEPT) for part in below.split("/"))


def made_with() -> dict[str, str]:
    """What a month is made with: Python, and fingerprints of the library, its notebooks and what is installed."""
    folders = Path(__file__).parents[1], NOTEBOOKS
    own = [each for folder in folders for each in _fingerprints(folder) if "__pycache__" not in each]
    beside = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    told = {"library": own, "packages": beside}
    return {"python": sys.version} | {name: fingerprint(json.dumps(each).encode()) for name, each in told.items()}


def remember(workspace: Path, month: str, options: dict, key: str) -> None:
    """Note what the set that was just published was ``made_from``, and what it says."""
    path, published = _places(workspace, month, options)
    refuse_links(path.parent, path)
    write_whole(path, _noted(key, published))


def is_unchanged(workspace: Path, month: str, options: dict) -> bool:
    """Whether a set that was made from the same is there, whole and as it was published."""
    path, published = _places(workspace, month, options)
    with suppress(MprError, OSError):
        return read_whole(path, path.name).decode() == _noted(made_from(workspace, month, options), published)
    return False


def _places(workspace, month, options):
    """Where it is noted what a month was made from, and where its set is."""
    outputs, edition = workspace / "outputs", PUBLIC if options["public"] else ""
    return outputs / ".log" / f"{'-'.join(filter(None, (month, edition)))}.made", outputs / edition / month


def _noted(key, published):
    return f"{key}\n{fingerprint(json.dumps([*_fingerprints(published)]).encode())}\n"


def _fingerprints(top: Path, month: str = "") -> Iterator[str]:
    """A line for each file below a folder, links followed: its name, and its fingerprint if it is of no later month."""
    seen = set()
    for folder, below, files in os.walk(top, followlinks=True):
        below[:] = sorted(name for name in below if not name.startswith(_KEPT))
        if (real := os.path.realpath(folder)) in seen:
            below.clear()
            continue
        seen.add(real)
        for path in sorted(Path(folder, name) for name in files if not name.startswith(_KEPT)):
            name = path.relative_to(top).as_posix()
            yield _line(name, month, partial(_said, path, name))


def _line(name, month, said):
    is_later = month and any(found > month for found in MONTH.findall(name))
    return name if is_later else f"{name} {said()}"


def _said(path, name):
    """What a file says, by its fingerprint; of what nobody would read, such as a pipe, when it was changed."""
    with suppress(MprError):
        return fingerprint(read_whole(path, name))
    return os.lstat(path).st_mtime_ns
