"""A fleet: which councils' months are wanted, the loop that has those made which need it, and what the store says."""

import re
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from mpr_lib.book.settings import Strict, read_settings
from mpr_lib.book.workspace import MONTH
from mpr_lib.errors import InputError, MprError, near
from mpr_lib.files import read_whole
from mpr_lib.fleet import sets
from mpr_lib.fleet.places import Place, StoreError
from mpr_lib.fleet.task import Looked, Wanted, inputs, said_of
from mpr_lib.run.console import is_url

TRIED_AGAIN = {"lost": 3, "failed": 1}
"""How often a task is that was lost with those who were to make it, or failed: nothing else may turn out better."""


class Fleet(Strict):
    """fleet.yml: the workspaces by council, or ``each: URL/*``; where what is made goes; what is made of a month.

    ``memory`` is the most that a month may take, in MB; ``keep`` how many editions of it stay.
    """

    workspaces: dict[str, str] = Field(min_length=1)
    outputs: str = ""
    public: str = ""
    pdf: bool = True
    docx: bool = False
    editions: tuple[Literal["internal", "public"], ...] = ("internal",)
    keep: int = Field(10, ge=2)
    memory: int = Field(1024, ge=1)

    def wanted(self, council: str, month: str, edition: str, again: bool = False) -> Wanted:
        """A month of a council's edition, and where it goes."""
        options = {"pdf": self.pdf, "docx": self.docx, "committees": [], "public": edition == "public"}
        outputs, public = (url.replace("{council}", council) for url in (self.outputs, self.public))
        return Wanted(self.workspaces[council], month, options, outputs, public, again, council)

    def of(self, council: str, months: Sequence[str], again: bool = False) -> list[Wanted]:
        """All that is wanted of a council."""
        return [self.wanted(council, month, edition, again) for month in months for edition in self.editions]


def read_fleet(path: Path, only: Sequence[str] = ()) -> Fleet:
    """Read fleet.yml, or ``only`` these councils of it; folders in it are found from where it lies.

    Raises ``InputError`` for what is wrong in it, and ``StoreError`` where ``each`` cannot be listed.
    """

    def found(url):
        return str(path.parent.absolute() / url) if url and not is_url(url) else url

    text = read_whole(path, path.name, "Write it: docs/how-to/fleet.md says what is in it.").decode("utf-8-sig")
    fleet = read_settings(Fleet, text, path.name)
    here = {name: found(url) for name, url in fleet.workspaces.items()}
    more = {"outputs": found(fleet.outputs), "public": found(fleet.public)}
    for key, url in more.items():
        if url and "{council}" not in url:
            raise InputError(f"{path.name}, {key}: found '{url}'. Expected a URL with {{council}}: each has its own.")
        # What else is wrong with it is the fleet's fault too, and no council's.
        Place(url or "/")
    if each := here.pop("each", ""):
        above, star, rest = each.rpartition("/*")
        if not star or rest or here:
            raise InputError(f"{path.name}, workspaces.each: found '{each}'. Expected it alone, and ending in /*.")
        here |= {name: f"{above}/{name}" for name in Place(above).folders()}
    if not here:
        raise InputError(f"{path.name}: there is no workspace in {above}.")
    fleet = fleet.model_copy(update=more | {"workspaces": here})
    _refuse_shared(fleet, path.name)
    for name in sorted({*only} - {*here}):
        raise InputError(f"The fleet has no council '{name}'.{near(name, here)}")
    return fleet.model_copy(update={"workspaces": {name: here[name] for name in only or here}})


def _refuse_shared(fleet, name):
    """Refuse names that are no folder's, and councils or editions whose months would lie in one place."""
    lie = []
    for council in fleet.workspaces:
        if not re.fullmatch(r"(?!\.)[^/\\]+", council):
            raise InputError(f"{name}, workspaces: '{council}' is no folder's name. Expected no / and no dot first.")
        ours, public = (f"{fleet.wanted(council, '', edition).months}/" for edition in ("internal", "public"))
        lie += [(ours, council)] if public == f"{ours}public/" else [(ours, council), (public, f"{council} in public")]
    # What begins with the same stands side by side.
    for (one, its), (other, others) in pairwise(sorted(lie)):
        if other.startswith(one):
            raise InputError(f"{name}: the months of {its} and {others} would lie in one place, {one}. Expected two.")


def run(fleet: Fleet, months: Sequence[str], again: bool, start, tell) -> None:
    """Have what needs making made by an engine, which ``start()`` gives; ``tell(task, ended)`` hears of each once.

    Only what failed is tried again, once. Nothing raises that is one month's or one council's affair.
    """
    waiting, engine, running = deque[Wanted](), None, 0
    todo = _looked(fleet, months, again, tell)
    try:
        while True:
            while (not engine or engine.room()) and (task := waiting.popleft() if waiting else next(todo, None)):
                engine = engine or start()
                engine.submit(task)
                running += 1
            if not running:
                return
            task, ended = engine.next()
            running -= 1
            state = ended["state"]
            if task.tried.count(state) < TRIED_AGAIN.get(state, 0):
                task.tried.append(state)
                waiting.append(task)
                continue
            if state in TRIED_AGAIN:
                ended["state"] = "failed"
                # Whoever was to make it may not have lived to note it.
                with suppress(MprError):
                    Looked(task).keep(state="failed", message=ended["message"])
            tell(task, ended)
    finally:
        if engine:
            engine.close()


def _looked(fleet, months, again, tell):
    """The tasks that need making; of the others it is told what the store says."""
    for council, url in fleet.workspaces.items():
        listed, said = {}, None
        for task in fleet.of(council, months, again):
            # A workspace that cannot be listed once is not asked again for each month.
            if listed or not said:
                try:
                    listed = listed or inputs(url)
                    said = Looked(task, listed).known()
                except MprError as error:
                    said = said_of(error)
            if said:
                tell(task, said)
            else:
                yield task


def standing(fleet: Fleet, months: Sequence[str]) -> Iterator[tuple[Wanted, dict[str, Any]]]:
    """What the store alone says of each month: how its last try ended, and the number of the edition that is there."""
    for task in (each for council in fleet.workspaces for each in fleet.of(council, months)):
        try:
            looked = Looked(task)
            last, state = looked.last, looked.last["state"] or ("published" if looked.number else "missing")
            if state == "missing":
                # What refused it before it was tried could be noted nowhere.
                inputs(task.url)
                last["message"] = "Nobody has tried it yet."
            yield task, {"state": state, "number": looked.number, "time": last["time"], "message": last["message"]}
        except MprError as error:
            yield task, said_of(error)


def tidy(fleet: Fleet) -> Iterator[str]:
    """Remove what nobody needs, month by month; a sentence for each of which something went, and one for all."""
    removed = 0
    for task in (each for council in fleet.workspaces for each in fleet.of(council, ["2000-01"])):
        try:
            place = Place(task.months)
            for month in filter(MONTH.fullmatch, place.folders()):
                if gone := sets.tidy(place.below(month), fleet.keep, time.time()):
                    removed += len(gone)
                    yield f"{task.council} {month}: removed {', '.join(gone)}"
        except StoreError as error:
            yield f"{task.council}: not tidied. {error}"
    yield f"{removed:,} editions and sets removed that were older than a day and that nobody needs."
