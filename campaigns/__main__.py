"""``python -m campaigns``: run all campaigns or those named, in rounds that can be stopped and gone on with."""

import argparse
import resource
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from time import perf_counter

from campaigns.rounds import Campaign, Tried, run

CAMPAIGNS = {"kills": "Kills", "fuzz": "Fuzz", "damage": "Damage", "leaks": "Leaks", "connections": "Connections"}
"""The campaigns in the order in which they run, each a module, with its class."""

STATE = Path("outputs/.campaign")
"""Where the state of rounds is kept without --resume: a file for each campaign and seed."""

SHOWN = 20
"""Failures that the end of a round shows; its file has all of them."""


def campaign(name: str) -> type[Campaign]:
    """The class of a campaign; what it imports is loaded only then."""
    return getattr(import_module(f"campaigns.{name}"), CAMPAIGNS[name])


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for, print a table of figures and every failure with what repeats it; 1 if there is any."""
    options = _options(arguments)
    rows, failed = [], []
    for name in options.names or CAMPAIGNS:
        made = campaign(name)
        numbers = options.only or range(options.count or made.COUNT)
        state = None if options.only else options.resume or STATE / f"{name}-{options.seed}.jsonl"
        if state and state.is_dir():
            state /= f"{name}-{options.seed}.jsonl"
        began = perf_counter()
        print(f"{name}: {len(numbers):,} attempts, seed {options.seed}", flush=True)
        found = run(made, numbers, options.seed, state, _teller(numbers))
        rows += [(name, *each) for each in [("attempts", f"{len(found):,}"), *made.figures(found)]]
        rows.append((name, "minutes of this round", f"{(perf_counter() - began) / 60:.1f}"))
        failed += [(name, each) for each in found if each.failures]
    show(rows)
    for name, each in failed[:SHOWN]:
        print(f"FAILED: python -m campaigns {name} --seed {options.seed} --only {each.number}   ({each.kind})")
        for said in each.failures[:5]:
            print(f"    {said}")
    if len(failed) > SHOWN:
        print(f"… and {len(failed) - SHOWN} more.")
    return 1 if failed else 0


def show(rows: Iterable[tuple[str, str, str]]) -> None:
    """Print figures as a table."""
    rows = [*rows, ("all", "most memory of a child (MB)", f"{_peak():,.0f}")]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    print()
    for name, what, figure in rows:
        print(f"{name:<{widths[0]}}  {what:<{widths[1]}}  {figure:>{widths[2]}}")


def _peak():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _options(arguments):
    parser = argparse.ArgumentParser(prog="python -m campaigns", description=__doc__.split(": ", 1)[1])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which ({', '.join(CAMPAIGNS)}); all, if none is named"
    )
    parser.add_argument("--count", type=int, help="attempts (a full round of each)")
    parser.add_argument("--seed", type=int, default=1, help="what chance begins with (1)")
    parser.add_argument("--resume", type=Path, metavar="FILE", help=f"file or folder of the state ({STATE})")
    parser.add_argument("--only", type=int, nargs="+", metavar="NUMBER", help="just these attempts, without state")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in CAMPAIGNS]
    if unknown:
        parser.error(f"there is no campaign '{unknown[0]}': expected {', '.join(CAMPAIGNS)}")
    return options


def _teller(numbers):
    """Say each failure when it comes, and now and then how far a round is."""
    step = max(1, len(numbers) // 20)
    heard = 0

    def told(tried: Tried) -> None:
        nonlocal heard
        heard += 1
        for said in tried.failures[:3]:
            print(f"  {tried.number} ({tried.kind}): {said}", flush=True)
        if heard % step == 0:
            print(f"  {heard:,} of {len(numbers):,}", flush=True)

    return told


if __name__ == "__main__":
    sys.exit(main())
