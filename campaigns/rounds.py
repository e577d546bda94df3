"""Rounds: a campaign's attempts one after another, each told by its seed and number alone, kept so that it can go on.

A round's state is a file of JSON lines, one for each attempt. What stands there is not tried again, so a round that
was stopped goes on where it was, and a longer one adds to it.
"""

import json
import random
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass
class Tried:
    """One attempt: its ``kind``, what went wrong (a sentence each), and what was measured or counted."""

    kind: str
    failures: list[str] = field(default_factory=list)
    measured: dict[str, float] = field(default_factory=dict)
    number: int = -1


class Campaign(Protocol):
    """What is tried: made once for a round, with a folder of its own, then asked for one attempt after another."""

    NAME: str
    COUNT: int
    """Attempts of a full round."""

    def __init__(self, folder: Path): ...

    def attempt(self, number: int, chance: random.Random) -> Tried:
        """Try once. ``chance`` depends on the round's seed and the number alone, and decides everything."""
        ...

    @staticmethod
    def figures(tried: list[Tried]) -> list[tuple[str, str]]:
        """What a round came to: what was counted, and how many."""
        ...


def run(
    make: type[Campaign],
    numbers: Iterable[int],
    seed: int,
    state: Path | None = None,
    told: Callable[[Tried], None] = lambda tried: None,
) -> list[Tried]:
    """Try the numbers that ``state``, a file of JSON lines, does not have yet; return those and what it has of them.

    ``told`` hears of each attempt that was made now.
    """
    numbers = list(numbers)
    done = {each.number: each for each in known(state, make.NAME, seed)}
    left = [number for number in numbers if number not in done]
    if left:
        # A short name: sockets' paths may have 90 characters.
        with tempfile.TemporaryDirectory(prefix="mpr-try-", ignore_cleanup_errors=True) as folder:
            campaign = make(Path(folder).resolve())
            for number in left:
                tried = campaign.attempt(number, random.Random(f"{make.NAME} {seed} {number}"))
                tried.number = number
                done[number] = tried
                _keep(state, make.NAME, seed, tried)
                told(tried)
    return [done[number] for number in numbers]


def known(state: Path | None, name: str, seed: int) -> list[Tried]:
    """The attempts that a file has of a campaign's seed; a line that was cut off is tried again."""
    found = []
    for line in state.read_text(encoding="utf-8").splitlines() if state and state.exists() else []:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if (entry.pop("campaign"), entry.pop("seed")) == (name, seed):
            found.append(Tried(**entry))
    return found


def _keep(state, name, seed, tried):
    if state:
        state.parent.mkdir(parents=True, exist_ok=True)
        # A round that was stopped within a line leaves no end to it.
        cut = state.exists() and state.read_bytes()[-1:] not in (b"", b"\n")
        with state.open("a", encoding="utf-8") as file:
            line = json.dumps({"campaign": name, "seed": seed, **asdict(tried)}, ensure_ascii=False)
            file.write("\n" * cut + line + "\n")
