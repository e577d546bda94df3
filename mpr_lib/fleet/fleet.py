"""A fleet: which councils' months are wanted, the loop that has those made which need it, and what the store says."""

import re
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from mpr_lib.book.settings import Strict, read_settings
from mpr_lib.errors import InputError, MprError, near
from mpr_lib.files import read_whole
from mpr_lib.fleet import sets
from mpr_lib.fleet.places import Place
from mpr_lib.fleet.task import Looked, Wanted, inputs, state_of
from mpr_lib.run.console import MONTH

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

    @field_validator("outputs", "public")
    @classmethod
    def _of_each(cls, url):
        if url and "{council}" not in url:
            raise ValueError("Expected a URL with {council}, so that each has its own")
        return url


@dataclass(frozen=True)
class Task:
    """A month of a council's edition to be made; ``given`` is what an engine carries."""

    council: str
    wanted: Wanted
    again: bool = False
    tried: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What engines call it: two clients that ask for the same at the same time get one."""
        again = f":{len(self.tried)}" if self.tried else ""
        return f"mpr:{self.council}:{self.wanted.month}:{self.wanted.edition}{again}"

    @property
    def given(self) -> dict[str, Any]:
        return self.wanted.given | {"again": self.again}


def read_fleet(path: Path) -> Fleet:
    """Read fleet.yml; folders in it are found from where it lies. Raises ``InputError``."""
    text = read_whole(path, path.name, "Write it: docs/how-to/fleet.md says what is in it.").decode("utf-8-sig")
    fleet = read_settings(Fleet, text, path.name)
    here = {name: url if "://" in url else str(path.parent.absolute() / url) for name, url in fleet.workspaces.items()}
    if "each" in here and len(here) > 1:
        raise InputError(f"{path.name}, workspaces: found 'each' beside other lines. Expected it alone, or none of it.")
    if "each" in here:
        above, star, rest = here["each"].rpartition("/*")
        if not star or rest:
            raise InputError(f"{path.name}, workspaces.each: found '{here['each']}'. Expected a URL that ends in /*.")
        here = {name: f"{above}/{name}" for name in Place(above).folders()}
        if not here:
            raise InputError(f"{path.name}: there is no workspace in {above}.")
    fleet = fleet.model_copy(update={"workspaces": here})
    _refuse_shared(fleet, path.name)
    return fleet


def _refuse_shared(fleet, name):
    """Refuse names that are no folder's, and councils or editions whose months would lie in one place."""
    taken: dict[str, str] = {}
    for council, url in fleet.workspaces.items():
        if not re.fullmatch(r"(?!\.)[^/\\]+", council):
            raise InputError(
                f"{name}, workspaces: '{council}' is no name of a folder. Expected no / and no dot before it."
            )
        ours = fleet.outputs.replace("{council}", council).rstrip("/") or f"{url.rstrip('/')}/outputs"
        public = fleet.public.replace("{council}", council).rstrip("/") or f"{ours}/public"
        if ours in taken:
            raise InputError(f"{name}: the months of {taken[ours]} and {council} would lie in one place, {ours}.")
        taken[ours] = council
        if public != f"{ours}/public" and (f"{public}/".startswith(f"{ours}/") or f"{ours}/".startswith(f"{public}/")):
            raise InputError(f"{name}, {council}: public and outputs would lie in one another. Expected them apart.")


def tasks(fleet: Fleet, months: Sequence[str], only: Sequence[str] = ()) -> Iterator[list[Task]]:
    """What is wanted, council by council; ``InputError`` for one in ``only`` that the fleet does not have."""
    for name in only:
        if name not in fleet.workspaces:
            raise InputError(f"The fleet has no council '{name}'.{near(name, fleet.workspaces)}")
    options = {"pdf": fleet.pdf, "docx": fleet.docx, "committees": []}
    for council in only or fleet.workspaces:
        outputs, public = (url.replace("{council}", council) for url in (fleet.outputs, fleet.public))
        asked = [options | {"public": edition == "public"} for edition in fleet.editions]
        url = fleet.workspaces[council]
        yield [Task(council, Wanted(url, month, each, outputs, public)) for month in months for each in asked]


def run(fleet: Fleet, months: Sequence[str], only: Sequence[str], again: bool, start, tell) -> None:
    """Have what needs making made by an engine, which ``start()`` gives; ``tell(task, ended)`` hears of each once.

    Only what failed is tried again, once. Nothing raises that is one month's or one council's affair.
    """
    waiting, engine, running = deque[Task](), None, 0
    todo = _looked(fleet, months, only, again, tell)
    try:
        while True:
            while not engine or engine.room():
                task = waiting.popleft() if waiting else next(todo, None)
                if task is None:
                    break
                engine = engine or start()
                engine.submit(task)
                running += 1
            if not running:
                return
            task, ended = engine.next()
            running -= 1
            state = ended["state"]
            if task.tried.count(state) < TRIED_AGAIN.get(state, 0):
                waiting.append(replace(task, tried=(*task.tried, state)))
            else:
                _end(task, ended | ({"state": "failed"} if state == "lost" else {}), tell)
    finally:
        if engine:
            engine.close()


def _looked(fleet, months, only, again, tell):
    """The tasks that need making; of the others it is told what the store says."""
    for wanted in tasks(fleet, months, only):
        try:
            listed = {} if again else inputs(wanted[0].wanted.url)
        except MprError as error:
            for task in wanted:
                tell(task, {"state": state_of(error), "message": str(error)})
            continue
        for task in wanted:
            try:
                said = None if again else Looked(task.wanted, listed).known()
            except MprError as error:
                said = {"state": state_of(error), "message": str(error)}
            if said:
                tell(task, said)
            else:
                yield replace(task, again=again)


def _end(task, ended, tell):
    if ended["state"] == "failed":
        # Whoever was to make it may not have lived to note it.
        with suppress(MprError):
            looked = Looked(task.wanted)
            looked.keep(state="failed", message=ended["message"], log=looked.last.get("log", ""))
    tell(task, ended)


def standing(fleet: Fleet, months: Sequence[str], only: Sequence[str]) -> Iterator[tuple[Task, dict[str, Any]]]:
    """What the store alone says of each month: how its last try ended, and the number of the edition that is there."""
    for task in chain(*tasks(fleet, months, only)):
        try:
            looked = Looked(task.wanted)
        except MprError as error:
            yield task, {"state": state_of(error), "message": str(error)}
            continue
        last, state = looked.last, looked.last["state"] or ("published" if looked.number else "missing")
        yield task, {"state": state, "number": looked.number, "time": last["time"], "message": last["message"]}


def tidy(fleet: Fleet, only: Sequence[str]) -> Iterator[str]:
    """Remove what nobody needs, month by month; a sentence for each of which something went."""
    for task in chain(*tasks(fleet, ["2000-01"], only)):
        place = Place(task.wanted.months)
        for month in filter(MONTH.fullmatch, place.folders()):
            if gone := sets.tidy(place.below(month), fleet.keep, time.time()):
                yield f"{task.council} {month}: removed {', '.join(gone)}"
