"""``python -m benchmarks``: the whole of ``mpr run 2018-05`` against an empty Papermill run, in one go, as a ratio.

Both are whole processes, started in turn so that whatever else the machine does falls on both. The first of each is
thrown away: it reads from disk what the others find in memory.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import charts, fleet, page, peer, scale, warm

REPOSITORY = Path(__file__).resolve().parents[1]
MONTH = "2018-05"
ROUNDS = 5
TARGET = 4.0
"""A month's HTML and PDF should cost less than this many empty runs."""


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    options.add_argument("--rounds", type=int, default=ROUNDS, help=f"runs of each ({ROUNDS})")
    options.add_argument("--large", action="store_true", help=f"{scale.LARGEST:,} indicators too, two minutes more")
    given = options.parse_args()
    rounds = given.rounds
    with tempfile.TemporaryDirectory() as folder:
        workspace, empty = _workspace(Path(folder)), _empty_notebook(Path(folder))
        none, full, stages = measure(workspace, empty, rounds)
        show(none, full, stages)
        show_unchanged(workspace, median(none), rounds)
        show_large(Path(folder) / "large", median(none))
        peer.main(workspace, MONTH, rounds, seconds)
        charts.main(workspace, MONTH)
        warm.main(workspace, MONTH, Path(folder) / "many")
    scale.main((*scale.SIZES, scale.LARGEST) if given.large else scale.SIZES)
    page.main()
    fleet.main()


def measure(workspace: Path, empty: Path, rounds: int) -> tuple[list[float], list[float], dict[str, list[float]]]:
    """Seconds of empty runs and of month's runs, and of each stage of the latter."""
    ours = [sys.executable, "-m", "mpr_lib.run.cli", "run", MONTH, "--workspace", str(workspace)]
    theirs = [sys.executable, "-m", "papermill", "--no-progress-bar", str(empty), str(empty.with_suffix(".out"))]
    none, full, stages = [], [], {}
    for number in range(rounds + 1):
        pair = seconds(theirs), seconds(ours)
        if number:
            none.append(pair[0])
            full.append(pair[1])
            for name, value in logged(workspace).items():
                stages.setdefault(name, []).append(value)
    return none, full, stages


def seconds(command: list[str]) -> float:
    """How long a whole process takes. One that fails stops the benchmark with what it said."""
    paths = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
    began = perf_counter()
    ended = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, check=False
    )
    took = perf_counter() - began
    if ended.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stderr}")
    return took


def logged(workspace: Path) -> dict[str, float]:
    """The stages' times from the log of the last run."""
    log = (workspace / "outputs" / ".log" / f"{MONTH}.log").read_text(encoding="utf-8")
    return {name: float(value) for value, name in re.findall(r"^ *([\d.]+) s  (.+)$", log, flags=re.MULTILINE)}


def show(none: list[float], full: list[float], stages: dict[str, list[float]]) -> None:
    ratios = [ours / theirs for theirs, ours in zip(none, full, strict=True)]
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}, median of {len(none)}, whole processes")
    print(f"  empty Papermill run    {median(none):6.2f} s   {_range(none)}")
    print(f"  mpr run {MONTH}        {median(full):6.2f} s   {_range(full)}")
    print(
        f"  ratio                  {median(full) / median(none):6.2f}    {_range(ratios)}   target: below {TARGET:.0f}"
    )
    print("stages, some of which overlap")
    for name, values in stages.items():
        print(f"  {median(values):6.2f} s  {median(values) / median(none):5.2f} ×  {name}")


def show_unchanged(workspace: Path, none: float, rounds: int) -> None:
    """The month that was just made, asked for again if anything has changed."""
    command = [sys.executable, "-m", "mpr_lib.run.cli", "run", MONTH, "--workspace", str(workspace), "--if-changed"]
    took = [seconds(command) for _ in range(rounds)]
    print(f"  mpr run {MONTH} --if-changed, unchanged  {median(took):.2f} s   {median(took) / none:.2f} × an empty run")


def show_large(folder: Path, none: float) -> None:
    """A larger month: the invented council's newest, 52 indicators, finance and a year of changes, once."""
    from mpr_lib.start.new_workspace import make_demo

    make_demo(folder)
    month = max(path.stem for path in (folder / "params").glob("2*.yml"))
    took = seconds([sys.executable, "-m", "mpr_lib.run.cli", "run", month, "--workspace", str(folder)])
    print(f"the invented council of 'mpr init --demo', {month}")
    print(f"  mpr run {month}        {took:6.2f} s   {took / none:.2f} × an empty run")


def _range(values: list[float]) -> str:
    return f"({min(values):.2f} to {max(values):.2f})"


def _workspace(folder: Path) -> Path:
    target = folder / "workspace"
    for name in ("data", "params", "notebooks"):
        shutil.copytree(REPOSITORY / name, target / name)
    return target


def _empty_notebook(folder: Path) -> Path:
    from nbformat import v4, write

    spec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    path = folder / "empty.ipynb"
    write(v4.new_notebook(metadata={"kernelspec": spec, "language_info": {"name": "python"}}), path)
    return path


if __name__ == "__main__":
    main()
