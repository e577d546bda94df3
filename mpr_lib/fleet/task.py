"""A task: one month's report, from a workspace in a store to a store, if it needs making. It carries names alone.

What lies in a store is ``Stored`` for the commands that work on a folder: run, site and verify.
"""

import json
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import Any

from mpr_lib.errors import InputError, MprError, RunError
from mpr_lib.files import locked, read_whole, sweep
from mpr_lib.fleet import sets
from mpr_lib.fleet.places import Place, StoreError
from mpr_lib.run.console import MONTH
from mpr_lib.run.execution import NotebookError
from mpr_lib.run.month import Published, run_month
from mpr_lib.run.publishing import PUBLIC, failure_log, message_of, run_log
from mpr_lib.run.telling import Ended
from mpr_lib.run.unchanged import is_read, made_from, made_with, marks

TEMPORARY, HELD = "mpr-workspace-", "held.lock"
EXPLAINED = ("manifest.json", "scorecard.csv")
"""What a later run asks of a set: which inputs there were, and which targets."""
_with = cache(made_with)


class Wanted:
    """A month of a workspace in a store. ``options`` are those of ``run_month``; ``given`` can be sent as JSON.

    ``outputs`` is where its months go, in the workspace if it is not said, and ``public`` where its public ones do.
    ``months`` and ``shown`` are where readers of this edition find all of them and this one. How tries ended is noted
    in ``notes``, never among what the public may read.
    """

    def __init__(self, url: str, month: str, options: dict, outputs: str = "", public: str = ""):
        self.given = {"url": url, "month": month, "options": options, "outputs": outputs, "public": public}
        self.url, self.month, self.options = url, month, options
        self.edition, more = (PUBLIC, f"-{PUBLIC}") if options["public"] else ("internal", "")
        self.name, self.note = f"{month}{more}", f"last{more}.json"
        internal = outputs or f"{url}/outputs"
        self.months = (public or f"{internal}/{PUBLIC}") if more else internal
        self.shown, self.notes = Place(f"{self.months}/{month}"), Place(f"{internal}/{month}")


class Looked:
    """What a store says of a month: its edition's number, how its last try ended, and its inputs as they are listed."""

    def __init__(self, wanted: Wanted, listed: Mapping[str, str] | None = None):
        self.wanted, self.number = wanted, sets.highest(wanted.shown)
        self.last: dict[str, Any] = {"state": "", "message": "", "time": ""}
        with suppress(FileNotFoundError, ValueError):
            self.last |= json.loads(wanted.notes.read(wanted.note))
        self.mark(listed or {})

    def mark(self, listed: Mapping[str, str]) -> None:
        self.marks = marks(listed, self.wanted.month, self.wanted.options, _with())

    def known(self, fetched: Path | None = None) -> dict[str, Any] | None:
        """What is said of a month that need not be made, as its inputs are those of its edition or of a refusal.

        They are by their listing alone, or by what they hold, where they were ``fetched`` to a folder. A page that
        leads readers to an older set is put right.
        """
        key = made_from(fetched, self.wanted.month, self.wanted.options) if fetched else ""
        same = [each for each in ("published", "refused") if _is_of(self.last.get(each), key, self.marks)]
        if not same or (same[0] == "published" and self.last["published"]["edition"] != self.number):
            return None
        part, of = same[0], self.last[same[0]]
        if (self.last["state"], of["marks"]) != (part, self.marks):
            self.keep(**{"state": part, "message": of.get("message", ""), part: of | {"marks": self.marks}})
        if part == "refused":
            return {"state": part, "message": of["message"]}
        if not sets.leads_to(self.wanted.shown, of["set"]):
            sets.mend(self.wanted.shown)
        return {"state": "unchanged", "number": self.number, "set": of["set"]}

    def keep(self, **ended: Any) -> None:
        """Note how a try ended, with what is known of the edition that is still there."""
        kept = {name: self.last.get(name) for name in ("published", "refused")}
        about = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "worker": socket.gethostname()}
        said = json.dumps(kept | about | ended, indent=1, ensure_ascii=False)
        self.wanted.notes.write({self.wanted.note: said.encode()})


def _is_of(noted, key, marked):
    return bool(noted) and (noted["key"] == key if key else noted["marks"] == marked)


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
    above = Place(wanted.months)
    months = [each for each in above.folders() if MONTH.fullmatch(each) and each <= wanted.month]
    for month in months[-2:] if months[-1:] == [wanted.month] else months[-1:]:
        place, here = above.below(month), folder / "outputs" / (PUBLIC if wanted.options["public"] else "") / month
        if not here.exists() and (edition := sets.newest(place)):
            lay({name: place.read(f"{edition.folder}/{name}") for name in EXPLAINED}, here)


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
        files = {each: read_whole(made.folder / each, each) for each in made.files}
        edition = sets.publish(files, wanted.shown, looked.number)
    except (StoreError, sets.Taken, MemoryError):
        raise
    except Exception as error:
        log = failure_log(folder / "outputs", wanted.name)
        said, where = message_of(error, folder, wanted.month), f"{wanted.notes.url}/{wanted.note}"
        said = said.replace(str(log), where).replace(f"outputs/.log/{log.name}", where)
        ended = {"message": said, "log": log.read_text("utf-8") if log.is_file() else ""}
        if _is_of_the_machine(error):
            looked.keep(state="failed", **ended)
            raise Unmade(said) from error
        looked.keep(state="refused", **ended, refused=about | {"message": said})
        raise RunError(said) from error
    ended = {"message": "", "log": run_log(folder / "outputs", wanted.name).read_text("utf-8")}
    about |= {"edition": edition.number, "set": edition.set}
    looked.keep(state="published", **ended, findings=made.findings, published=about, refused=None)
    return replace(made, address=wanted.shown.url), edition


def _is_of_the_machine(error: Exception) -> bool:
    """Whether an error says nothing of the data: memory, a disk, a kernel that ended, a fault in this program."""
    cause = error.__cause__
    if isinstance(cause, NotebookError):
        return getattr(cause.__context__, "ename", "MemoryError") == "MemoryError"
    return not isinstance(error, MprError) or isinstance(cause, OSError)


def make(again: bool = False, **given: Any) -> dict[str, Any]:
    """Make and publish a month if it needs making: what a fleet's engine is asked for (``given`` are a ``Wanted``'s).

    The ``state`` is unchanged, published, refused or failed, and there is what belongs to it: number, set, findings,
    or the message that says why.
    """
    wanted = Wanted(**given)
    try:
        for _ in range(sets.TRIES):
            with suppress(sets.Taken), temporary() as folder:
                return _made(wanted, folder, again)
            again = False
        raise Unmade(f"{wanted.shown.url} was published by others each time that this run had made it.")
    except MprError as error:
        return {"state": state_of(error), "message": str(error)}


def state_of(error: MprError) -> str:
    """What a month is called that was not made: only what is in its data refuses it."""
    return "failed" if isinstance(error, StoreError | Unmade) else "refused"


def _made(wanted, folder, again):
    looked = Looked(wanted, None if again else inputs(wanted.url))
    if not again and (said := looked.known()):
        return said
    looked.mark(fetch(wanted.url, folder))
    if not again and (said := looked.known(folder)):
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

    @cached_property
    def _listed(self):
        return inputs(self.url)

    def is_unchanged(self, month: str, options: dict) -> bool:
        """Whether what is published is what a run would make again."""
        looked = Looked(Wanted(self.url, month, options), self._listed)
        said = looked.known() or looked.known(self.folder)
        return bool(said) and said["state"] == "unchanged"

    @cached_property
    def run(self):
        """What runs a month of the fetched files, in the place of ``mpr_lib.run.telling.run_one``."""
        return self.folder and partial(run_one, self.url, self._listed)

    def archive(self, part: str) -> dict[str, tuple[str, dict[str, int]]]:
        """Lay out what explains the sets in a part of outputs; by month where each lies, and the sizes of its files."""
        found, place = {}, Place(f"{self.url}/outputs/{part}")
        for month, edition in _editions(place):
            explained = {name: place.read(f"{month}/{edition.folder}/{name}") for name in EXPLAINED}
            lay(explained, self.folder / "outputs" / part / month)
            listed = place.below(month).listed(edition.folder)
            sizes = {name: int(listed[f"{edition.folder}/{name}"].split()[0]) for name in edition.files}
            found[month] = f"{month}/{edition.folder}", sizes
        return found

    def put(self, paths: Iterable[Path]) -> list[str]:
        """Put files of the fetched workspace into the store; their addresses."""
        files = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}
        Place(self.url).write(files)
        return [f"{self.url}/{name}" for name in files]

    def sets(self) -> list[tuple[str, Path]]:
        """The current set of the month, or each month, that lies here: its address, and a copy of all that is in it."""
        above, _, last = self.url.rpartition("/")
        found, place = [], Place(above if MONTH.fullmatch(last) else self.url)
        for month, edition in _editions(place, [last] if MONTH.fullmatch(last) else None):
            files = place.below(month).read_all(place.below(month).listed(edition.folder))
            lay({name.removeprefix(f"{edition.folder}/"): raw for name, raw in files.items()}, self._target / month)
            found.append((f"{place.url}/{month}", self._target / month))
        if not found:
            raise RunError(
                f"{self.url} holds no published month. Expected a month such as 2018-05, or a folder of them."
            )
        return found


def _editions(place, months=None):
    for month in filter(MONTH.fullmatch, months or place.folders()):
        if edition := sets.newest(place.below(month)):
            yield month, edition


@contextmanager
def opened(url: str) -> Iterator[Stored]:
    with temporary() as folder:
        yield Stored(url, folder)


def run_one(url: str, listed: dict[str, str], folder: Path, month: str, *, options: dict, progress=None) -> Ended:
    """One month's run of a workspace in a store that was fetched to ``folder``, whatever becomes of it."""
    began, published, message = perf_counter(), None, ""
    for _ in range(sets.TRIES):
        try:
            published, _ = run_fetched(Looked(Wanted(url, month, options), listed), folder, progress)
            break
        except sets.Taken as error:
            message = f"{error} Nothing was published. Run it again."
        except MprError as error:
            message = str(error)
            break
    return Ended(month, published, "" if published else message, perf_counter() - began)
