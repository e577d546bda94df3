"""A task: one month's report, from a workspace in a store to a store, if it needs making. It carries names alone."""

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from mpr_lib.errors import InputError, MprError, RunError
from mpr_lib.files import locked, read_whole, sweep
from mpr_lib.fleet import sets
from mpr_lib.fleet.places import Place, StoreError
from mpr_lib.run.execution import NotebookError
from mpr_lib.run.month import Published, run_month
from mpr_lib.run.publishing import PUBLIC, failure_log, message_of, run_log
from mpr_lib.run.unchanged import is_read, made_from, made_with, marks

TRIES = 3
"""How often inputs are read again that somebody was writing, and a month looked at that somebody else published."""

TEMPORARY, HELD = "mpr-workspace-", "held.lock"
_with = cache(made_with)


@dataclass(frozen=True)
class Wanted:
    """A month of a workspace in a store. ``options`` are those of ``run_month``; all of it can be sent as JSON.

    ``outputs`` is where its months go, in the workspace if it is not said, and ``public`` where its public ones do.
    """

    url: str
    month: str
    options: dict
    outputs: str = ""
    public: str = ""

    @property
    def edition(self) -> str:
        return PUBLIC if self.options["public"] else "internal"

    @cached_property
    def notes(self) -> Place:
        """Where it is noted how tries ended: never among what the public may read."""
        return Place(f"{self.outputs or f'{self.url}/outputs'}/{self.month}")

    @cached_property
    def months(self) -> Place:
        """Where readers of this edition find the months."""
        internal = self.outputs or f"{self.url}/outputs"
        return Place((self.public or f"{internal}/{PUBLIC}") if self.options["public"] else internal)

    @cached_property
    def shown(self) -> Place:
        return self.months.below(self.month)

    @property
    def note(self) -> str:
        return f"last-{PUBLIC}.json" if self.options["public"] else "last.json"

    def noted(self) -> dict[str, Any]:
        """How the last try ended, and of which inputs the current edition and the last refusal are."""
        with suppress(FileNotFoundError, ValueError):
            return json.loads(self.notes.read(self.note))
        return {}

    def keep(self, ended: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """Note how a try ended, with what is known of the edition that is still there."""
        kept = {name: before.get(name) for name in ("published", "refused")}
        about = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "worker": socket.gethostname()}
        said = kept | about | dict(ended)
        self.notes.write({self.note: json.dumps(said, indent=1, ensure_ascii=False).encode()})


@dataclass(frozen=True)
class Looked:
    """What a store says of a month before anything is fetched: its edition's number, and how its last try ended."""

    number: int
    last: Mapping[str, Any]

    def known(self, name: str, value: str) -> dict[str, Any] | None:
        """What is published, or was refused, of inputs with this key or these marks; nothing where neither is."""
        published, refused = (self.last.get(each) or {} for each in ("published", "refused"))
        if self.number and published.get(name) == value and published["edition"] == self.number:
            return {"state": "unchanged", "edition": self.number, "set": published["set"]}
        return {"state": "refused", "message": refused["message"]} if refused.get(name) == value else None


def look(wanted: Wanted, listed: Mapping[str, str]) -> tuple[Looked, dict[str, Any] | None]:
    """Look at a month in the store, of whose workspace there is a listing; what is said if it need not be made.

    No input is read. A page that leads readers to an older set is put right.
    """
    looked = Looked(sets.highest(wanted.shown), wanted.noted())
    said = looked.known("marks", marks(listed, wanted.month, wanted.options, _with()))
    if said and said["state"] == "unchanged" and not sets.leads_to(wanted.shown, said["set"]):
        sets.mend(wanted.shown)
    return looked, said


def fetch(url: str, folder: Path) -> dict[str, str]:
    """Copy what a run may read of a workspace to a new folder; its listing, which was the same before and after.

    Raises ``StoreError`` where somebody keeps writing to it, ``InputError`` where it is no workspace.
    """
    place = Place(url)
    listed = place.listed()
    for _ in range(TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        for name, raw in place.read_all(filter(is_read, listed)).items():
            path = folder / name
            if ".." in Path(name).parts:
                raise InputError(f"{url} holds '{name}', whose name leads out of it. Remove it.")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        before, listed = listed, place.listed()
        if _inputs(listed) == _inputs(before):
            break
    else:
        raise StoreError(f"{url} was being written to each time it was read. Try again when that has ended.")
    if not all((folder / name).is_dir() for name in ("data", "params")):
        raise InputError(f"{url} is not a workspace: it needs the folders data and params. Name the right one.")
    return listed


def _inputs(listed):
    return {name: mark for name, mark in listed.items() if is_read(name)}


def bring_published(wanted: Wanted, folder: Path) -> None:
    """Copy what a run asks of the sets before: of the month's own and of the newest earlier one, what explains them."""
    months = [name for name in wanted.months.folders() if name <= wanted.month and name[:4].isdecimal()]
    outputs = folder / "outputs" / (PUBLIC if wanted.options["public"] else "")
    own = months[-1:] if months[-1:] == [wanted.month] else []
    for month in [*own, *[name for name in months if name != wanted.month][-1:]]:
        place = wanted.months.below(month)
        edition = sets.newest(place)
        for name in ("manifest.json", "scorecard.csv") if edition else ():
            target = outputs / month / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(place.read(f"{edition.folder}/{name}"))


@contextmanager
def temporary() -> Iterator[Path]:
    """A folder for a workspace. What killed tasks left of theirs goes, if it is old."""
    sweep(Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"), HELD)
    own = Path(tempfile.mkdtemp(prefix=TEMPORARY))
    try:
        with locked(own / HELD, 0, "A workspace of this task is another's."):
            yield own / "workspace"
    finally:
        shutil.rmtree(own, ignore_errors=True)


@contextmanager
def without_secrets() -> Iterator[None]:
    """Keep what opens stores out of the environment that a notebook gets."""
    hidden = {
        name: text for name, text in os.environ.items() if name.startswith(("AWS_", "AZURE_", "FSSPEC_", "GOOGLE_"))
    }
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ |= hidden


class Unmade(RunError):
    """A month that was not made for a reason which is not in its data: it may be tried again."""


def run_fetched(wanted: Wanted, folder: Path, looked: Looked, listed, progress: Callable | None = None) -> Published:
    """Run the month of a fetched workspace and publish it in the store.

    Raises ``Unmade`` where the machine is to blame, ``sets.Taken`` where somebody else published the month meanwhile,
    ``StoreError``, and what ``run_month`` raises where the data are to blame; each but ``Taken`` is noted.
    """
    begun = datetime.now(UTC)
    about = {"key": made_from(folder, wanted.month, wanted.options)}
    about["marks"] = marks(listed, wanted.month, wanted.options, _with())
    outputs, name = folder / "outputs", f"{wanted.month}-{PUBLIC}" if wanted.options["public"] else wanted.month
    try:
        bring_published(wanted, folder)
        with without_secrets():
            made = run_month(folder, wanted.month, progress=progress, **wanted.options)
        files = {each: read_whole(made.folder / each, each) for each in made.files}
        edition = sets.publish(files, wanted.shown, looked.number, {})
    except (StoreError, sets.Taken):
        raise
    except Exception as error:
        log = failure_log(outputs, name)
        said = message_of(error, folder, wanted.month).replace(
            f"outputs/.log/{log.name}", f"{wanted.notes.url}/{wanted.note}"
        )
        ended = {"message": said, "log": _text(log), "seconds": _since(begun)}
        if _is_of_the_machine(error):
            wanted.keep({"state": "failed", **ended}, looked.last)
            raise Unmade(said) from error
        wanted.keep({"state": "refused", **ended, "refused": {**about, "message": said}}, looked.last)
        raise RunError(said) from error
    about |= {"edition": edition.number, "set": edition.set}
    ended = {"message": "", "log": _text(run_log(outputs, name)), "seconds": _since(begun), "findings": made.findings}
    wanted.keep({"state": "published", **ended, "published": about, "refused": None}, looked.last)
    return replace(made, address=wanted.shown.url)


def _since(begun):
    return round((datetime.now(UTC) - begun).total_seconds(), 2)


def _text(path):
    with suppress(InputError):
        return read_whole(path, path.name).decode()
    return ""


def _is_of_the_machine(error: Exception) -> bool:
    """Whether an error says nothing of the data: memory, a disk, a kernel that ended, a fault in this program."""
    cause = error.__cause__
    if isinstance(cause, NotebookError):
        said = cause.__context__
        return getattr(said, "ename", "") == "MemoryError" or not hasattr(said, "ename")
    return not isinstance(error, MprError) or isinstance(cause, OSError)


def make(again: bool = False, **given: Any) -> dict[str, Any]:
    """Make and publish a month if it needs making: what a fleet's engine is asked for (``given`` are a ``Wanted``'s).

    The ``state`` is unchanged, published, refused or failed, and there is what belongs to it: edition, set, findings,
    or the message that says why.
    """
    wanted = Wanted(**given)
    try:
        for _ in range(TRIES):
            with suppress(sets.Taken), temporary() as folder:
                return _made(wanted, folder, again)
            again = False
        raise Unmade(f"{wanted.shown.url} was published by others each time that this run had made it.")
    except (StoreError, Unmade) as error:
        return {"state": "failed", "message": str(error)}
    except MprError as error:
        return {"state": "refused", "message": str(error)}


def _made(wanted, folder, again):
    looked, said = look(wanted, {} if again else Place(wanted.url).listed())
    if said and not again:
        return said
    try:
        listed = fetch(wanted.url, folder)
    except InputError as error:
        wanted.keep({"state": "refused", "message": str(error)}, looked.last)
        raise
    said = None if again else known(wanted, looked, folder, listed)
    if said:
        return said
    made = run_fetched(wanted, folder, looked, listed)
    last = wanted.noted().get("published") or {}
    return {"state": "published", "edition": last.get("edition"), "set": last.get("set"), "findings": made.findings}


def known(wanted: Wanted, looked: Looked, folder: Path, listed) -> dict[str, Any] | None:
    """What is said of a fetched month that need not be made, as its files are what they were; the marks are renewed."""
    said = looked.known("key", made_from(folder, wanted.month, wanted.options))
    if said:
        part = "published" if said["state"] == "unchanged" else "refused"
        now = {"marks": marks(listed, wanted.month, wanted.options, _with())}
        wanted.keep({**looked.last, part: looked.last[part] | now}, looked.last)
    return said
