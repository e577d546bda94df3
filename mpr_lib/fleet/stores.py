"""A workspace in a store for the commands of one: run, fetched once for all its months, archived and verified."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from time import perf_counter

from mpr_lib.errors import RunError
from mpr_lib.fleet import sets
from mpr_lib.fleet.places import Place
from mpr_lib.fleet.task import TRIES, Wanted, fetch, known, look, run_fetched, temporary
from mpr_lib.run.publishing import message_of
from mpr_lib.run.telling import Ended


class Stored:
    """A workspace in a store, which is fetched to a folder when that is asked for."""

    def __init__(self, url: str, target: Path):
        self.url, self._target = url, target

    @cached_property
    def folder(self) -> Path:
        self._listed = fetch(self.url, self._target)
        return self._target

    @cached_property
    def _listed(self):
        return Place(self.url).listed()

    @cached_property
    def run(self):
        """What runs a month of the fetched files, in the place of ``mpr_lib.run.telling.run_one``."""
        return self.folder and partial(run_one, self.url, self._listed)

    def is_unchanged(self, month: str, options: dict) -> bool:
        """Whether what is published is what a run would make again."""
        wanted = Wanted(self.url, month, options)
        looked, said = look(wanted, self._listed)
        said = said or known(wanted, looked, self.folder, self._listed)
        return bool(said) and said["state"] == "unchanged"


@contextmanager
def opened(url: str) -> Iterator[Stored]:
    with temporary() as folder:
        yield Stored(url.rstrip("/"), folder)


def run_one(url: str, listed: dict[str, str], folder: Path, month: str, *, options: dict, progress=None) -> Ended:
    """One month's run of a workspace in a store that was fetched to ``folder``, whatever becomes of it."""
    began, wanted = perf_counter(), Wanted(url, month, options)
    published, message = None, ""
    try:
        for _ in range(TRIES):
            try:
                looked, _ = look(wanted, listed)
                published = run_fetched(wanted, folder, looked, listed, progress)
                break
            except sets.Taken as error:
                message = str(error)
        else:
            raise RunError(f"{message} Nothing was published. Run it again.")
    except Exception as error:  # noqa: BLE001 - the last resort: a message
        message = message_of(error, folder, month)
    return Ended(month, published, message if published is None else "", perf_counter() - began)
