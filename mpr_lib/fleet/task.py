"""A task: one month's report, from a workspace in a store to a store, if it needs making. It carries names alone.

What lies in a store is ``Stored`` for the commands that work on a folder: run, site and verify.
"""

import json
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import Any

from mpr_lib.book.workspace import MONTH
from mpr_lib.errors import InputError, MprError, RunError
from mpr_lib.files import temporary
from mpr_lib.fleet import sets
from mpr_lib.fleet.places import Barred, Place, StoreError
from mpr_lib.run.execution import NotebookError
from mpr_lib.run.month import Published, run_month
from mpr_lib.run.publishing import PUBLIC, failure_log, message_of, run_log
from mpr_lib.run.telling import Ended
from mpr_lib.run.unchanged import is_read, made_from, made_with, marks

EXPLAINED = ("manifest.json", "scorecard.csv")
"""What a later run asks of a set: which inputs there were, and which targets."""
_with = cache(made_with)


class Wanted:
    """A month of a workspace in a store. ``options`` are those of ``run_month``; ``given`` can be sent as JSON.

    ``outputs`` is where its months go, in the workspace if it is not said, and ``public`` where its public ones do.
    ``months`` and ``shown`` are where readers of this edition find all of them and this one. How tries ended is noted
    in ``notes``, never among what the public may read. ``again`` makes it though nothing changed; a fleet has it under
    the name of its ``council``, and notes how it was ``tried`` so far.
    """

    def __init__(self, url: str, month: str, options: dict, outputs="", public="", again=False, council=""):
        self.given: dict[str, Any] = {"url": url, "outputs": outputs, "public": public}
        self.given |= {"month": month, "options": options, "again": again}
        self.url, self.month, self.options, self.again, self.council = url, month, options, again, council
        self.tried: list[str] = []
        self.edition, more = (PUBLIC, f"-{PUBLIC}") if options["public"] else ("internal", "")
        self.name, self.note = f"{month}{more}", f"last{more}.json"
        internal = outputs.rstrip("/") or f"{url.rstrip('/')}/outputs"
        self.months = (public.rstrip("/") or f"{internal}/{PUBLIC}") if more else internal
        self.shown, self.notes = f"{self.months}/{month}", f"{internal}/{month}"


class Looked:
    """What a store says of a month: its edition's number, how its last try ended, and its inputs as they are listed."""

    def __init__(self, wanted: Wanted, listed: Mapping[str, str] | None = None):
        self.wanted, self.shown, self._notes = wanted, Place(wanted.shown), Place(wanted.notes)
        self.number, self.last = sets.highest(self.shown), {"state": "", "message": "", "time": ""}
        with suppress(FileNotFoundError, ValueError):
            self.last |= json.loads(self._notes.read(wanted.note))
        self.mark(listed or {})

    def mark(self, listed: Mapping[str, str]) -> None:
        self.marks = marks(listed, self.wanted.month, self.wanted.options, _with())

    def known(self, fetched: Path | None = None) -> dict[str, Any] | None:
        """What is said of a month that need not be made, as its inputs are those of its edition or of a refusal.

        They are by their listing alone, or by what they hold, where they were ``fetched`` to a folder. A page that
        leads readers to an older set is put right.
        """
        key = made_from(fetched, self.wanted.month, self.wanted.options) if fetched else ""
        name, seen = ("key", key) if key else ("marks", self.marks)
        part = next((each for each in ("published", "refused") if (self.last.get(each) or {}).get(name) == seen), "")
        of = self.last.get(part) or {}
        if self.wanted.again or not part or (part == "published" and of["edition"] != self.number):
            return None
        if (self.last["state"], of["marks"]) != (part, self.marks):
            self.keep(**{"state": part, "message": of.get("message", ""), part: of | {"marks": self.marks}})
        if part == "refused":
            return {"state": part, "message": of["message"]}
        sets.mend(self.shown, of["set"])
        return {"state": "unchanged", "number": self.number, "set": of["set"]}

    def keep(self, **ended: Any) -> None:
        """Note how a try ended, with what is known of the edition that is still there."""
        kept = {name: self.last.get(name) for name in ("published", "refused", "log")}
        about = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "worker": socket.gethostname()}
        said = json.dumps(kept | about | ended, indent=1, ensure_ascii=False)
        self._notes.write({self.wanted.note: said.encode()})


def inputs(url: str) -> dict[str, str]:
    """A listing of what a run may read of a workspace; ``InputError`` where it is none."""
    listed = {name: mark for name, mark in Place(url).listed().items() if is_read(name)}
    if not all(any(name.startswith(folder) for name in listed) for folder in ("data/", "params/")):
        raise InputError(f"{url} is not a workspace: it needs the folders data and params. Name the right one.")
    return listed


def fetch(url: str, folder: Path) -> dict[str, str]:
    """Copy what a run may read of a workspace to a new folder; its listing, which was the same before and after.

    Raises ``StoreError`` where somebody keeps writing to it, ``InputError`` where it is no workspace.
    """
    place, listed = Place(url), inputs(url)
    for _ in range(sets.TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        lay(place.read_all(listed), folder)
        before, listed = listed, inputs(url)
        if listed == before:
            return listed
    raise StoreError(f"{url} was being written to each time it was read. Try again when that has ended.")


def lay(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files by their names into a folder that nobody else knows; refused is a name that leads out of it."""
    for name, raw in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise InputError(f"The name of the file '{name}' leads out of its folder. Remove it.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def bring_published(wanted: Wanted, folder: Path) -> None:
    """Copy what explains the sets before to where a run looks: the month's own and the newest earlier one's."""
    above, here = Place(wanted.months), folder / "outputs" / (PUBLIC if wanted.options["public"] else "")
    months = [each for each in above.folders() if MONTH.fullmatch(each) and each <= wanted.month]
    for month, current in _current(above, months[-2:]):
        if not (here / month).exists():
            lay(current.read_all(EXPLAINED), here / month)


def _current(above, months=None):
    """Where the current sets of months lie."""
    for month in filter(MONTH.fullmatch, months or above.folders()):
        if edition := sets.newest(above.below(month)):
            yield month, above.below(f"{month}/{edition.folder}")


class Unmade(RunError):
    """A month that was not made for a reason which is not in its data: it may be tried again."""


def run_fetched(looked: Looked, folder: Path, progress: Callable | None = None) -> tuple[Published, sets.Edition]:
    """Run the month of a fetched workspace, publish it in the store, and note how that ended.

    Raises ``Unmade`` where the machine is to blame, ``RunError`` where the data are, ``StoreError``, and ``sets.Taken``
    where somebody else published the month meanwhile.
    """
    wanted = looked.wanted
    about = {"key": made_from(folder, wanted.month, wanted.options), "marks": looked.marks}
    try:
        bring_published(wanted, folder)
        made = run_month(folder, wanted.month, progress=progress, **wanted.options)
        files = {each: (made.folder / each).read_bytes() for each in made.files}
        edition = sets.publish(files, looked.shown, looked.number)
    except (StoreError, sets.Taken, MemoryError):
        raise
    except Exception as error:
        log, where = failure_log(folder / "outputs", wanted.name), f"{wanted.notes}/{wanted.note}"
        said = message_of(error, folder, wanted.month)
        said = said.replace(str(log), where).replace(f"outputs/.log/{log.name}", where)
        unmade = Unmade(said) if _is_of_the_machine(error) else RunError(said)
        kept = {} if isinstance(unmade, Unmade) else {"refused": about | {"message": said}}
        looked.keep(**said_of(unmade), log=log.read_text("utf-8") if log.is_file() else "", **kept)
        raise unmade from error
    ended = {"message": "", "log": run_log(folder / "outputs", wanted.name).read_text("utf-8")}
    about |= {"edition": edition.number, "set": edition.set}
    looked.keep(state="published", **ended, findings=made.findings, published=about, refused=None)
    return replace(made, address=wanted.shown), edition


def _is_of_the_machine(error: Exception) -> bool:
    """Whether an error says nothing of the data: memory, a disk, a kernel that ended, a fault in this program."""
    cause = error.__cause__
    if isinstance(cause, NotebookError):
        return getattr(cause.__context__, "ename", "MemoryError") == "MemoryError"
    return not isinstance(error, MprError) or isinstance(cause, OSError)


def make(folder: str, **given: Any) -> dict[str, Any]:
    """Make and publish a month if it needs making: what a fleet's engine is asked for (``given`` are a ``Wanted``'s).

    The workspace is copied into the ``folder``, which is the engine's to take away. The ``state`` is unchanged,
    published, refused or failed, and there is what belongs to it: number, set, findings, or the message that says why.
    """
    wanted = Wanted(**given)
    try:
        return _insisting(wanted, lambda: _made(wanted, Path(folder) / "workspace"))
    except MprError as error:
        return said_of(error)


def said_of(error: MprError) -> dict[str, str]:
    """What is said of a month that was not made: refused, until somebody changes something; else failed."""
    may_do = isinstance(error, StoreError | Unmade) and not isinstance(error, Barred)
    return {"state": "failed" if may_do else "refused", "message": str(error)}


def _insisting(wanted: Wanted, make: Callable[[], Any]) -> Any:
    """Make a month again where somebody else published it meanwhile."""
    for _ in range(sets.TRIES):
        with suppress(sets.Taken):
            return make()
    raise Unmade(f"{wanted.shown} was published by others each time that this run had made it. Run it again.")


def _made(wanted, folder):
    looked = Looked(wanted, inputs(wanted.url))
    if said := looked.known():
        return said
    looked.mark(fetch(wanted.url, folder))
    if said := looked.known(folder):
        return said
    made, edition = run_fetched(looked, folder)
    return {"state": "published", "number": edition.number, "set": edition.set, "findings": made.findings}


class Stored:
    """A folder of a store; a workspace there is fetched to ``folder`` when that is asked for."""

    def __init__(self, url: str, target: Path):
        self.url, self._target = url.rstrip("/"), target

    @cached_property
    def folder(self) -> Path:
        self._listed = fetch(self.url, self._target)
        return self._target

    def is_unchanged(self, month: str, options: dict) -> bool:
        """Whether what is published is what a run would make again."""
        looked = Looked(Wanted(self.url, month, options), inputs(self.url))
        said = looked.known() or looked.known(self.folder)
        return bool(said) and said["state"] == "unchanged"

    @cached_property
    def run(self):
        """What runs a month of the fetched files, in the place of ``mpr_lib.run.telling.run_one``."""
        return self.folder and partial(run_one, self.url, self._listed)

    def archive(self, part: str) -> dict[str, tuple[str, dict[str, int]]]:
        """Lay out what explains the sets in a part of outputs; by month where each lies, and the sizes of its files."""
        found, place = {}, Place(f"{self.url}/outputs/{part}")
        for month, current in _current(place):
            lay(current.read_all(EXPLAINED), self.folder / "outputs" / part / month)
            sizes = {name: int(mark.split()[0]) for name, mark in current.listed().items()}
            found[month] = current.url.removeprefix(f"{place.url}/"), sizes
        return found

    def put(self, paths: Iterable[Path]) -> list[str]:
        """Put files of the fetched workspace into the store; their addresses."""
        files = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}
        Place(self.url).write(files)
        return [f"{self.url}/{name}" for name in files]

    def sets(self) -> list[tuple[str, Path]]:
        """The current set of the month, or each month, that lies here: its address, and a copy of all that is in it."""
        above, _, last = self.url.rpartition("/")
        above, months = (above, [last]) if MONTH.fullmatch(last) else (self.url, None)
        found = []
        for month, current in _current(Place(above), months):
            lay(current.read_all(current.listed()), self._target / month)
            found.append((f"{above}/{month}", self._target / month))
        if not found:
            raise RunError(f"No published month is at {self.url}. Expected the address of one, or of their folder.")
        return found


@contextmanager
def opened(url: str) -> Iterator[Stored]:
    with temporary("workspace") as folder:
        yield Stored(url, folder / "workspace")


def run_one(url: str, listed: dict[str, str], folder: Path, month: str, *, options: dict, progress=None) -> Ended:
    """One month's run of a workspace in a store that was fetched to ``folder``, whatever becomes of it."""
    began, wanted = perf_counter(), Wanted(url, month, options)
    try:
        published, _ = _insisting(wanted, lambda: run_fetched(Looked(wanted, listed), folder, progress))
        return Ended(month, published, "", perf_counter() - began)
    except MprError as error:
        return Ended(month, None, str(error), perf_counter() - began)
