"""Many months: what one costs in a fork of a warm process, beside a run of its own, over the invented council's."""

import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

REPOSITORY = Path(__file__).resolve().parents[1]
COLD = 5
"""How many months are run by themselves too, spread over all."""
WALL, CPU, GROWTH = 0.35, 5.2, 1.1
"""At most so much of a cold run's time where cores allow, seconds of processor time for the seed, and so much of its
size after one month after all of them."""


def make(workspace: str, month: str) -> dict:
    """A month's report, in a process beside this one."""
    from mpr_lib.run.month import run_month

    return {"files": len(run_month(Path(workspace), month).files)}


def main(workspace: Path, month: str, folder: Path) -> None:
    """Print seconds, processor time and memory of both ways: of all months, and of ``month`` of ``workspace``."""
    from mpr_lib.many.warm import Warm
    from mpr_lib.start.new_workspace import make_demo

    make_demo(folder)
    months = sorted(path.stem for path in (folder / "params").glob("2*.yml"))
    cold = [alone(folder, each) for each in months[:: len(months) // COLD]]
    warm, held, found = Warm(), [], []
    began = perf_counter()
    for each in months:
        found.append(made(warm, folder, each))
        held.append(size(warm._process.pid))
    took = perf_counter() - began
    seed, seeds = [alone(workspace, month) for _ in range(3)], [made(warm, workspace, month) for _ in range(3)]
    warm.close()
    walls, cpus = (median(each[kind] for each in cold) for kind in (0, 1))
    wall, cpu = (median(each[name] for each in found[1:]) for name in ("seconds", "cpu"))
    print(f"the {len(months)} months of 'mpr init --demo', one after another; medians, cold of {len(cold)}")
    print(f"  a run of its own          {walls:6.2f} s   {cpus:6.2f} s CPU")
    print(f"  in a fork of a warm one   {wall:6.2f} s   {cpu:6.2f} s CPU   {wall / walls:.2f} × and {cpu / cpus:.2f} ×")
    print(f"  all, with what loads      {took:6.2f} s")
    walls, cpus = (median(each[kind] for each in seed) for kind in (0, 1))
    wall, cpu = (median(each[name] for each in seeds) for name in ("seconds", "cpu"))
    print(f"  {month} of its own        {walls:6.2f} s   {cpus:6.2f} s CPU")
    print(
        f"  {month} in a fork         {wall:6.2f} s   {cpu:6.2f} s CPU   {wall / walls:.2f} × and {cpu / cpus:.2f} ×"
        f"   target: {WALL} × where cores allow, {CPU} s CPU"
    )
    print(
        f"  memory of the warm process: {held[0]:.0f} MB after one month, {held[-1]:.0f} after all"
        f"   target: {GROWTH} ×; of a month: {max(each['peak_mb'] for each in found)} MB at most"
    )


def made(warm, folder: Path, month: str) -> dict:
    """What a month in a fork took; a month that died ends the benchmark."""
    found = warm.do("benchmarks.warm:make", {"workspace": str(folder), "month": month})
    if "died" in found:
        raise SystemExit(f"{month} {found['died']}")
    return found


def alone(folder: Path, month: str) -> tuple[float, float]:
    """Seconds, and processor time of all its processes, of a month's run by itself."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    command = [sys.executable, "-m", "mpr_lib.run.cli", "run", month, "--workspace", str(folder), "--quiet"]
    subprocess.run(command, check=True, cwd=REPOSITORY, env=os.environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return perf_counter() - began, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def size(process: int) -> float:
    """MB that a process holds; not a number where the system does not say."""
    path = Path(f"/proc/{process}/status")
    return int(re.search(r"VmRSS:\s*(\d+)", path.read_text())[1]) / 1024 if path.exists() else float("nan")
