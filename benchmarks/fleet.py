"""A fleet's goals, as ratios: ``.venv-fleet/bin/python -m benchmarks.fleet``, with moto's S3 server on loopback.

Reports are the council's of May 2018, each council's with its own name. On a machine that is busy with other things the
CPU seconds are still right, and the ratios of wall seconds are not.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

REPOSITORY = Path(__file__).resolve().parents[1]
MONTH = "2018-05"
COUNCILS = 6
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
    one, cpu, grown = _made(of, partial(Local, 1, seconds=600, memory=1024))
    two, cpu_two, _ = _made(of, partial(Local, 2, seconds=600, memory=1024))
    fresh = _fresh(workspace)
    print(
        f"  a report, one slot             {one:6.2f} s   {cpu:.2f} CPU s                      goal: at most 5.2 CPU s"
    )
    print(f"  a report, two slots            {two:6.2f} s   {cpu_two:.2f} CPU s")
    print(f"  one slot ÷ two                 {one / two:6.2f}                                  goal: at least 1.35")
    share = cpu_two / (os.cpu_count() or 1) / two
    print(f"  of what the processors can     {share:6.0%}                                  goal: at least 85 %")
    print(f"  two fresh runs ÷ two slots     {fresh / two:6.2f}                                  goal: at least 1.75")
    first, last = grown[0], grown[-1]
    more = (last - first) / max(len(grown) - 1, 1)
    print(
        f"  a warm process                 {last:6.0f} MB  {more:+.2f} MB a report              goal: 300 MB, 1 MB each"
    )
    print(
        f"  unchanged, a month             {_unchanged(of):6.3f} s                                goal: at most 0.1 s"
    )
    stored = _stored(of, workspace)
    print(f"  the store's part of a report   {stored:6.3f} s                                goal: at most 0.5 s")


def _made(of, start) -> tuple[float, float, list[float]]:
    """Seconds and CPU seconds of a report, all made anew, and MB of a warm process after each."""
    from mpr_lib.fleet import engines, fleet

    told, grown = [], []

    def tell(task, ended):
        told.append(ended)
        grown.append(_resident(engines._begun[0]._process.pid))

    def warmed():
        # Its imports are paid once, by the first: not by a report.
        engine = start()
        for _ in range(engine._most // engines.WINDOW):
            engine._pool.submit(engines.in_warm, {}, make="benchmarks.fleet:nothing", seconds=60, memory=1024)
        while len(engines._begun) < engine._most // engines.WINDOW:
            sleep(0.1)
        sleep(6)
        warmed.began = perf_counter()
        return engine

    fleet.run(of, [MONTH], True, warmed, tell)
    states = {each["state"] for each in told}
    if states != {"published"}:
        raise SystemExit(f"not published: {[each.get('message') for each in told]}")
    return (perf_counter() - warmed.began) / len(told), median(each["cpu"] for each in told), grown


def nothing(folder: str) -> dict:
    """A task that does nothing, for which a process must be warm."""
    return {"state": "published"}


def _resident(pid: int) -> float:
    (line,) = [each for each in Path(f"/proc/{pid}/status").read_text().splitlines() if each.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def _fresh(workspace: Path) -> float:
    """Seconds of a report where two processes, begun anew for each, make one each side by side."""
    places = [workspace, shutil.copytree(workspace, workspace.with_name("beside"))]
    command = [sys.executable, "-m", "mpr_lib.run.cli", "run", MONTH, "--quiet", "--workspace"]
    took = []
    for _ in range(3):
        began = perf_counter()
        for each in [subprocess.Popen([*command, str(place)]) for place in places]:
            each.wait()
        took.append((perf_counter() - began) / 2)
    return median(took)


def _unchanged(of) -> float:
    """Seconds to tell of a month that it need not be made."""
    from mpr_lib.fleet import fleet

    told = []
    began = perf_counter()
    fleet.run(of, [MONTH], False, None, lambda task, ended: told.append(ended["state"]))
    if set(told) != {"unchanged"}:
        raise SystemExit(f"not unchanged: {told}")
    return (perf_counter() - began) / len(told)


def _stored(of, workspace: Path) -> float:
    """Seconds that a report takes beside its run: to fetch the workspace, to publish the set and to note it."""
    from mpr_lib.fleet import task
    from mpr_lib.run.month import Published
    from mpr_lib.run.publishing import run_log

    made = workspace / "outputs" / MONTH
    files = tuple(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())

    def run_month(folder, month, **options):
        log = run_log(folder / "outputs", month)
        log.parent.mkdir(parents=True, exist_ok=True)
        log.touch()
        return Published(month, made, files, {}, {})

    task.run_month, took = run_month, []
    for url in of.workspaces.values():
        began = perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            ended = task.make(folder=folder, again=True, url=url, month=MONTH, options=OPTIONS)
        took.append(perf_counter() - began)
        if ended["state"] != "published":
            raise SystemExit(ended["message"])
    return median(took)


if __name__ == "__main__":
    measure()
