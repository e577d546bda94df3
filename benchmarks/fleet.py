"""A fleet's goals, as ratios: ``.venv-fleet/bin/python -m benchmarks.fleet``, with moto's S3 server on loopback.

Reports are the council's of May 2018, each council's with its own name. One slot, two slots and fresh runs take turns,
so that what else the machine does meets all of them alike, and a ratio is the median of those of each turn. Beside wall
seconds stand CPU seconds, which a busy machine leaves as they are, and what others used of the processors meanwhile.
"""

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, sleep

REPOSITORY = Path(__file__).resolve().parents[1]
MONTH = "2018-05"
COUNCILS, TURNS = 4, 3
OPTIONS = {"pdf": True, "docx": False, "public": False, "committees": []}


def main() -> None:
    """Print the goals and what is measured; without the environment, say how to make it."""
    python = REPOSITORY / ".venv-fleet" / "bin" / "python"
    if python.exists():
        subprocess.run([python, "-m", "benchmarks.fleet"], cwd=REPOSITORY, check=False)
    else:
        print("a fleet: 'make fleet' sets up what is measured here")


def measure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = _server()
        try:
            _measured(Path(folder))
        finally:
            server.kill()
            server.wait()


def _server() -> subprocess.Popen:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ |= {"AWS_ACCESS_KEY_ID": "here", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
                   "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}  # fmt: skip
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            sleep(0.1)


def _measured(folder: Path) -> None:
    import fsspec

    from mpr_lib.fleet.engines import Local
    from mpr_lib.fleet.fleet import Fleet
    from mpr_lib.fleet.places import Place

    fsspec.filesystem("s3").mkdir("bench")
    workspace = folder / "workspace"
    for name in ("data", "params", "notebooks"):
        shutil.copytree(REPOSITORY / name, workspace / name)
    files = {path.relative_to(workspace).as_posix(): path.read_bytes() for path in workspace.rglob("*.*")}
    for number in range(COUNCILS):
        own = files["params/report.yml"].replace(b"council: ", b"council: Number %d of " % number, 1)
        Place(f"s3://bench/c{number}").write(files | {"params/report.yml": own})
    of = Fleet(workspaces={f"c{number}": f"s3://bench/c{number}" for number in range(COUNCILS)})
    print(
        f"a fleet of {COUNCILS} councils, {len(files)} files each, {MONTH}, {os.cpu_count()} processors, S3 on loopback"
    )
    turns, grown = [], []
    for _ in range(TURNS):
        one, two = (_made(of, partial(Local, slots, seconds=600, memory=1024), grown) for slots in (1, 2))
        turns.append((one, two, _fresh(workspace)))
    for name, took in zip(("one slot", "two slots", "two fresh runs"), zip(*turns, strict=True), strict=True):
        wall, cpu, others = (median(getattr(each, part) for each in took) for part in ("wall", "cpu", "others"))
        goal = "goal: at most 5.2 CPU s" if name == "one slot" else ""
        print(f"  a report, {name:<20} {wall:6.2f} s   {cpu:.2f} CPU s   others used {others:.1f} processors   {goal}")
    for name, goal, ratio in (
        ("one slot ÷ two", "1.35", lambda one, two, fresh: one.wall / two.wall),
        ("two fresh runs ÷ two slots", "1.75", lambda one, two, fresh: fresh.wall / two.wall),
        ("the same in CPU seconds", "", lambda one, two, fresh: fresh.cpu / two.cpu),
        ("two slots: of what was free", "0.85", lambda one, two, fresh: two.share),
    ):
        found = sorted(ratio(*each) for each in turns)
        goal = goal and f"goal: at least {goal}"
        print(f"  {name:<30} {median(found):6.2f}   ({found[0]:.2f} to {found[-1]:.2f})   {goal}")
    first, last = grown[0], grown[COUNCILS - 1]
    more = (last - first) / (COUNCILS - 1)
    print(
        f"  a warm process                 {last:6.0f} MB  {more:+.2f} MB a report              goal: 300 MB, 1 MB each"
    )
    for name, (wall, cpu), goal in (
        ("unchanged, a month", _unchanged(of), 0.1),
        ("the store's part of a report", _stored(of, workspace), 0.5),
    ):
        print(f"  {name:<30} {wall:6.3f} s   {cpu:.3f} CPU s   goal: at most {goal} s")


@dataclass
class Took:
    """What ``reports`` took: seconds and CPU seconds of each, processors that others used, our share of the rest."""

    reports: int
    began: float = field(default_factory=perf_counter)
    busy: float = field(default_factory=lambda: _busy())

    def end(self, used: float) -> "Took":
        """What it was, with so many CPU seconds of ours."""
        seconds, processors = perf_counter() - self.began, os.cpu_count() or 1
        other = max(_busy() - self.busy - used, 0)
        self.wall, self.cpu, self.others = seconds / self.reports, used / self.reports, other / seconds
        self.share = used / max(seconds * processors - other, used)
        return self


def _busy() -> float:
    """Seconds that this machine's processors were not idle, since it was started."""
    user, nice, system, _, _, *interrupts = map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def _made(of, start, grown: list[float]) -> Took:
    """What a report takes, all made anew; how many MB a warm process has ``grown`` to after each is added to that."""
    from mpr_lib.fleet import engines, fleet

    told = []

    def tell(task, ended):
        told.append(ended)
        grown.append(_resident(engines._begun[0]._process.pid))

    def warmed():
        # Its imports are paid once, by the first: not by a report.
        engine = start()
        limits = {"make": "benchmarks.fleet:nothing", "seconds": 600, "memory": 1024}
        slots = range(engine._most // engines.WINDOW)
        for each in [engine._pool.submit(engines.in_warm, {}, **limits) for _ in slots]:
            each.result()
        warmed.took = Took(len(of.workspaces))
        return engine

    fleet.run(of, [MONTH], True, warmed, tell)
    states = {each["state"] for each in told}
    if states != {"published"}:
        raise SystemExit(f"not published: {[each.get('message') for each in told]}")
    return warmed.took.end(sum(each["cpu"] for each in told))


def nothing(folder: str) -> dict:
    """A task that does nothing, for which a process must be warm."""
    return {"state": "published"}


def _resident(pid: int) -> float:
    (line,) = [each for each in Path(f"/proc/{pid}/status").read_text().splitlines() if each.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def _fresh(workspace: Path) -> Took:
    """What a report takes where two processes, begun anew for each, make one each side by side."""
    places = [workspace, workspace.with_name("beside")]
    if not places[1].exists():
        shutil.copytree(workspace, places[1])
    command = [sys.executable, "-m", "mpr_lib.run.cli", "run", MONTH, "--quiet", "--workspace"]
    before, took = _of_children(), Took(len(places))
    for each in [subprocess.Popen([*command, str(place)]) for place in places]:
        if each.wait():
            raise SystemExit("not published by a fresh run")
    return took.end(_of_children() - before)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _unchanged(of) -> tuple[float, float]:
    """Seconds, and CPU seconds, to tell of a month that it need not be made."""
    from mpr_lib.fleet import fleet

    told = []
    began = perf_counter(), process_time()
    fleet.run(of, [MONTH], False, None, lambda task, ended: told.append(ended["state"]))
    if set(told) != {"unchanged"}:
        raise SystemExit(f"not unchanged: {told}")
    return (perf_counter() - began[0]) / len(told), (process_time() - began[1]) / len(told)


def _stored(of, workspace: Path) -> tuple[float, float]:
    """Seconds that a report takes beside its run, and CPU seconds: to fetch the workspace, publish the set and note it.

    Each set is another than the one before, as one that is not is left where it is.
    """
    from mpr_lib.fleet import task
    from mpr_lib.run.month import Published
    from mpr_lib.run.publishing import run_log

    made = workspace / "outputs" / MONTH
    files = tuple(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())

    def run_month(folder, month, **options):
        log = run_log(folder / "outputs", month)
        log.parent.mkdir(parents=True, exist_ok=True)
        log.touch()
        (made / "report.html").write_text(str(len(took)))
        return Published(month, made, files, {}, {})

    task.run_month, took = run_month, []
    for url in [*of.workspaces.values()] * TURNS:
        began = perf_counter(), process_time()
        with tempfile.TemporaryDirectory() as folder:
            ended = task.make(folder=folder, again=True, url=url, month=MONTH, options=OPTIONS)
        took.append((perf_counter() - began[0], process_time() - began[1]))
        if ended["state"] != "published":
            raise SystemExit(ended["message"])
    return tuple(map(median, zip(*took, strict=True)))


if __name__ == "__main__":
    measure()
