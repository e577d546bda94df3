"""Sets and editions: how a month is published in a store that can neither rename nor lock.

A finished set lies in ``sets/ID`` and is never changed; ``editions/000007.json`` names one, and the highest number is
current. A number is created only if it is absent, so that of two writers one is told that it came too late.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from secrets import token_hex

from mpr_lib.errors import RunError
from mpr_lib.files import fingerprint
from mpr_lib.fleet.places import Place, StoreError

EDITIONS, SETS, PAGE = "editions", "sets", "index.html"
DAY = 24 * 3600.0
"""Seconds after which nobody is still publishing, or reading, what was begun or superseded."""
TRIES = 3
"""How often a store is asked again that others write to meanwhile."""

_REDIRECT = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The report</title>
<meta http-equiv="refresh" content="0; url={0}"></head><body><p><a href="{0}">The report</a></p></body></html>
"""


class Taken(RunError):
    """Somebody else published the month meanwhile."""


@dataclass(frozen=True)
class Edition:
    """What readers of a month get: the number of the pointer, the set's id, and the SHA-256 of each of its files."""

    number: int
    set: str
    files: dict[str, str]

    @property
    def folder(self) -> str:
        """Where the set lies in its month."""
        return f"{SETS}/{self.set}"


def highest(place: Place) -> int:
    """The number of a month's current edition; 0 where none is published."""
    return max(_numbers(place), default=0)


def newest(place: Place) -> Edition | None:
    """A month's current edition, or nothing where none is published."""
    for _ in range(TRIES):
        if not (number := highest(place)):
            return None
        # It may have been removed since it was listed, by whoever tidies: then there is a higher one.
        with suppress(FileNotFoundError):
            return _read(place, number)
    raise StoreError(f"{place.url} lists editions that are not there. Try again later.")


def publish(files: Mapping[str, bytes], place: Place, after: int) -> Edition:
    """Make files a month's next edition; the one that is current stays where it is of the same files.

    ``after`` is the number of the edition that was current when the set was begun. Raises ``Taken`` where there is a
    higher one: then readers have that, and what was put is left for ``tidy``.
    """
    hashes = {name: fingerprint(raw) for name, raw in sorted(files.items())}
    made = Edition(after + 1, fingerprint(json.dumps(hashes).encode()), hashes)
    put = {f"{made.folder}/{name}": raw for name, raw in files.items()}
    if (current := newest(place)) and current.set == made.set:
        # A new number would tell readers of the public edition that something changed which is withheld from them.
        there = place.read_all(place.listed(made.folder))
        place.write({name: raw for name, raw in put.items() if there.get(name) != raw})
        mend(place, made.set)
        return current
    place.write(put)
    # The answer to a put may be lost, and the put tried again: what it finds then is its own.
    said = json.dumps({"set": made.set, "files": hashes, "put": token_hex(8)}, indent=1).encode()
    place.create(_name(made.number), said)
    if place.read(_name(made.number)) != said:
        raise Taken(f"{place.url} was published by somebody else.")
    # A set of the same content may have been tidied away while it was put again.
    there = place.listed(made.folder)
    place.write({name: raw for name, raw in put.items() if name not in there})
    mend(place)
    return made


def mend(place: Place, current: str = "") -> None:
    """Have the page that browsers are sent to lead to the current set; ``current`` is its id, where that is known."""
    with suppress(FileNotFoundError):
        if current and current.encode() in place.read(PAGE):
            return
    shown = 0
    while highest(place) != shown and (edition := newest(place)):
        place.write({PAGE: _REDIRECT.format(f"{edition.folder}/report.html").encode()})
        shown = edition.number


def tidy(place: Place, keep: int, now: float) -> list[str]:
    """Remove what nobody needs of a month once it is older than a day; names of the editions and sets that went.

    That is what killed writers left, and editions before the newest ``keep`` with their sets.
    """
    numbers = sorted(_numbers(place))
    old = [number for number in numbers[: -max(keep, 2)] if place.age(_name(number), now) > DAY]
    place.remove(map(_name, old))
    # In a folder, a file that a killed writer did not end.
    place.remove(name for name in place.listed() if name.endswith(".part") and place.age(name, now) > DAY)
    gone, kept = list(map(_name, old)), {}
    for folder, listed in groupby(place.listed(SETS), lambda name: "/".join(name.split("/")[:2])):
        # Looked at each time: somebody may have published the same content since.
        kept |= {number: _read(place, number).folder for number in _numbers(place) if number not in kept}
        names = list(listed)
        if folder not in kept.values() and all(place.age(name, now) > DAY for name in names):
            place.remove(names)
            gone.append(folder)
    return gone


def _name(number):
    return f"{EDITIONS}/{number:06}.json"


def _numbers(place):
    names = (name.rpartition("/")[2].removesuffix(".json") for name in place.listed(EDITIONS))
    return [int(name) for name in names if name.isdecimal()]


def _read(place, number):
    found = json.loads(place.read(_name(number)))
    return Edition(number, found["set"], found["files"])
