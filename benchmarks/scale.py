"""Scale: how reading, rating and checking a month grow with the number of indicators, ten years of returns each.

Each size is a workspace that is written here, with a return for every month of ten years, and read in a process of its
own, so that the memory is that of this size alone.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

SIZES = (250, 500, 1000)
MONTHS = 120
MONTH = "2018-05"
STAGES = ("read", "history", "scorecard", "checks")
REPOSITORY = Path(__file__).resolve().parents[1]


def main(sizes=SIZES) -> None:
    """Print seconds and memory of each size, and how often as much the largest takes as the smallest."""
    found = {size: measure(size) for size in sizes}
    print(f"reading, rating and checking {MONTHS} monthly returns, each size in a process of its own")
    print("  indicators   figures " + "".join(f"{name:>11}" for name in (*STAGES, "together", "memory")))
    for size, took in found.items():
        seconds = [took[name] for name in STAGES]
        shown = "".join(f"{value:>9.2f} s" for value in (*seconds, sum(seconds)))
        print(f"  {size:>10,} {size * MONTHS:>9,} {shown} {took['memory']:>6.0f} MB   {took['findings']:,} findings")
    first, last = found[sizes[0]], found[sizes[-1]]
    times = sum(last[name] for name in STAGES) / sum(first[name] for name in STAGES)
    print(f"  {sizes[-1] / sizes[0]:g} times the indicators take {times:.1f} times as long")


def measure(size: int) -> dict:
    """Seconds of each stage and the most memory held, of a workspace of that many indicators."""
    with tempfile.TemporaryDirectory() as folder:
        write_workspace(Path(folder), size)
        command = [sys.executable, "-m", "benchmarks.scale", folder]
        paths = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
        environment = {**os.environ, "PYTHONPATH": paths}
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if ended.returncode:
            raise SystemExit(ended.stderr)
        return json.loads(ended.stdout.splitlines()[-1])


def timed(folder: str) -> dict:
    """Read, rate and check the workspace once, in this process."""
    import resource

    from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
    from mpr_lib.checks import load_engine, run_checks

    load_engine()
    took, clock = {}, perf_counter()

    def lap(name):
        nonlocal clock
        took[name], clock = perf_counter() - clock, perf_counter()

    book = read_book(Workspace(Path(folder)), MONTH)
    lap("read")
    history = history_of(book)
    lap("history")
    scorecard = scorecard_of(book, history)
    lap("scorecard")
    quality = run_checks(book, scorecard, history)
    lap("checks")
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return took | {"memory": kilobytes / 1024, "findings": len(quality.findings)}


def write_workspace(folder: Path, size: int) -> None:
    """A council of invented indicators of every kind, with a return for each of the months up to ``MONTH``."""
    rng = np.random.default_rng(size)
    months = pd.period_range(end=MONTH, periods=MONTHS, freq="M")
    kinds = [("MAXIMISE", "SNAPSHOT", "%"), ("MINIMISE", "CUMULATIVE", "number"),
             ("GOLDILOCKS", "SNAPSHOT", "per 10,000"), ("MAXIMISE", "CUMULATIVE", "number")]  # fmt: skip
    codes = [f"KP {1 + place // 50}.{1 + place % 50}" for place in range(size)]
    _write_params(folder)
    rows, targets = [], []
    for place, code in enumerate(codes):
        polarity, basis, unit = kinds[place % len(kinds)]
        rows.append([code, f"Indicator {place}", "CORPORATE", "SAFE", "Department", "", "Officer", "", polarity, basis,
                     unit, 1, "MONTHLY", "false", "", "", "", "", ""])  # fmt: skip
        for year in range(months[0].year - 1, months[-1].year + 1):
            low, high = ("40", "60") if polarity == "GOLDILOCKS" else ("50", "50")
            low, high = ("600", "600") if basis == "CUMULATIVE" else (low, high)
            profile = "LINEAR" if basis == "CUMULATIVE" else "FLAT"
            targets.append([code, year, low, high, profile, "", "", "", ""])
    data = folder / "data"
    _write(data / "indicators.csv", _headings("INDICATORS"), rows)
    _write(data / "targets.csv", _headings("TARGETS"), targets)
    _write(data / "stated_targets.csv", _headings("STATED_TARGETS"), [])
    _write(data / "judgements.csv", _headings("JUDGEMENTS"), [])
    totals = np.zeros(size)
    for month in months:
        moves = rng.normal(50, 5, size)
        totals = moves if month.month == 4 else totals + moves
        figures = [f"{totals[place]:,.0f}" if kinds[place % 4][1] == "CUMULATIVE" else f"{moves[place]:.1f}"
                   for place in range(size)]  # fmt: skip
        rows = [[code, month, figure, ""] for code, figure in zip(codes, figures, strict=True)]
        _write(data / "returns" / f"{month}.csv", _headings("RETURNS"), rows)


def _write_params(folder):
    for name in ("data/returns", "params"):
        (folder / name).mkdir(parents=True)
    (folder / "params" / "report.yml").write_text(
        "council: Largeford Council (invented)\npublisher: Performance team\ncontacts:\n  - name: A. Person\n"
        "aims:\n  - name: SAFE\n",
        encoding="utf-8",
    )
    (folder / "params" / f"{MONTH}.yml").write_text(f"month: {MONTH}\n", encoding="utf-8")


def _headings(table):
    from mpr_lib.book import tables

    return getattr(tables, table)


def _write(path, headings, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([headings, *rows])


if __name__ == "__main__":
    if len(sys.argv) > 1 and Path(sys.argv[1]).is_dir():
        print(json.dumps(timed(sys.argv[1])))
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)
