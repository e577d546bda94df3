"""``mpr verify``: whether a published or copied set is whole: every file as its manifest says, and none beside."""

import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from mpr_lib.book.workspace import MONTH
from mpr_lib.errors import InputError, RunError
from mpr_lib.files import fingerprint, read_whole
from mpr_lib.run.console import is_url, messages, opened, plain, say
from mpr_lib.run.publishing import SETS
from mpr_lib.seal.signing import MANIFEST, SIGNATURE, is_signed_by

_FOLDERS = "A month's set such as outputs/2018-05, a copy of one, or a folder of them."
Folders = Annotated[list[str], typer.Argument(metavar="FOLDER", help=_FOLDERS)]
_KEY = "The issuer's public key, which has to have signed."
Key = Annotated[Path | None, typer.Option("--key", metavar="FILE", help=_KEY)]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(verify)


def verify(folder: Folders, key: Key = None) -> None:
    """Compare published or copied months with their manifests; exit 1 if a file differs, is missing or is too much."""
    with messages(Path(), "verify"), ExitStack() as copies:
        sound = True
        # A copy of what lies in a store is there until all is said.
        for each, place in [part for given in folder for part in _sets(given, copies)]:
            said, problems = verified(place, key)
            say(plain(f"{each}: {said}"), sys.stderr if problems else sys.stdout)
            for problem in problems:
                say(plain(f"  - {problem}"), sys.stderr)
            sound = sound and not problems
        raise typer.Exit(0 if sound else 1)


def _sets(given, copies):
    """The sets in a folder, each as it is called and where it lies: itself, if it has a manifest, or its months."""
    if is_url(given):
        return copies.enter_context(opened(given)).sets()
    found = []
    for each in _sets_here(Path(given)):
        # A fleet publishes in a folder as in a store.
        is_fleets = (each / "editions").is_dir()
        found += _sets(each.absolute().as_uri(), copies) if is_fleets else [(each, each)]
    return found


def _sets_here(given):
    if os.path.lexists(given / MANIFEST) or MONTH.fullmatch(given.name):
        return [given]
    if not given.is_dir():
        raise RunError(f"{given} is no folder. Expected a month's set, such as outputs/2018-05, or a folder of them.")
    # What a killed run moved aside is a month too, which is missing.
    aside = {path.name.split(".")[0] for path in (given / SETS).glob("*.was")}
    names = sorted({path.name for path in given.iterdir() if MONTH.fullmatch(path.name)} | aside)
    if not names:
        raise RunError(f"{given} holds no published month. Expected folders such as 2018-05, each with a {MANIFEST}.")
    return [given / name for name in names]


def verified(folder: Path, key: Path | None = None) -> tuple[str, list[str]]:
    """What is to be said of the set in ``folder``, and what is wrong with it, a sentence each.

    A link is followed once, so that all files that are looked at belong to one set. With ``key``, the public key of
    who issues reports, a manifest that is not signed with its private half is wrong too.
    """
    if not folder.exists():
        return "not there", [_why_gone(folder)]
    place = Path(os.path.realpath(folder))
    if not os.path.lexists(place / MANIFEST):
        return "no set", [f"it has no {MANIFEST}, so nothing says what belongs to it. Copy the whole set again."]
    try:
        raw = read_whole(place / MANIFEST, MANIFEST)
        expected = json.loads(raw)["files"]
        if not all(isinstance(text, str) for pair in expected.items() for text in pair):
            raise ValueError
    except (InputError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "cannot be verified", [f"its {MANIFEST} cannot be read. Copy the whole set, or run the month, again."]
    found = {path.relative_to(place).as_posix(): path for path in sorted(place.rglob("*")) if not _is_folder(path)}
    signature = found.pop(SIGNATURE, None)
    del found[MANIFEST]
    problems = [f"{name} is missing." for name in sorted(expected) if name not in found]
    for name, path in found.items():
        if name not in expected:
            problems.append(f"{name} is not of this set: its manifest does not name it.")
        elif not path.is_file() or path.is_symlink():
            problems.append(f"{name} is no plain file.")
        elif fingerprint(path.read_bytes()) != expected[name]:
            problems.append(f"{name} is not the file that was published: it was changed, or is of another set.")
    if problems:
        problems.append("Copy the whole set again, from one folder of sets (docs/how-to/archive-and-open-data.md).")
    signed, wrong = _signed(key, raw, signature)
    said = f"{len(expected)} files, each as it was published" if not problems else "not as it was published"
    return f"{said}; {signed}", problems + wrong


def _is_folder(path):
    return path.is_dir() and not path.is_symlink()


def _signed(key, manifest, signature):
    """What is said of the signature, and what is wrong with it."""
    if key is None:
        return ("signed, by whom --key FILE tells" if signature else "not signed"), []
    if signature is None:
        return "not signed", [f"{SIGNATURE} is missing, so nothing says who issued it."]
    if is_signed_by(key, manifest, read_whole(signature, SIGNATURE)):
        return f"signed with the key of {key}", []
    return "signed by somebody else", [f"{SIGNATURE} does not fit: the manifest is changed, or not of {key}'s holder."]


def _why_gone(folder):
    """Why there is nothing under a month's name: a run killed between two renames, where links cannot be made."""
    if any((folder.parent / SETS).glob(f"{folder.name}.*.was")):
        return (
            f"A run was ended while it exchanged two folders; the set is kept in {SETS}. The next run of the month "
            f"brings it back: mpr run {folder.name}"
        )
    return "It was never published here, or was taken away."
