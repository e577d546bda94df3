"""Make a month again elsewhere and on other Pythons, and compare every byte: ``python -m tools.same``.

Elsewhere is another folder, user (where the system allows it), language, time zone, umask, hash seed and terminal.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
ELSEWHERE = {
    "LC_ALL": "tr_TR.UTF-8",
    "LANGUAGE": "tr",
    "TZ": "Pacific/Kiritimati",
    "PYTHONHASHSEED": "4711",
    "COLUMNS": "40",
    "TERM": "dumb",
    "NO_COLOR": "1",
}
"""Circumstances that no output may depend on: a language in which i has two capitals, the first time zone, …"""


def workspace(target: Path) -> Path:
    """A copy of this repository's data, settings and notebooks."""
    for name in ("data", "params", "notebooks"):
        shutil.copytree(REPOSITORY / name, target / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return target


@contextmanager
def made_elsewhere(month: str, source: Path, environment: Mapping[str, str] = os.environ) -> Iterator[Path]:
    """The folder of a month, made from a copy of a workspace elsewhere, as somebody else where that is possible.

    Raises ``RuntimeError`` with what ``mpr run`` said when it fails.
    """
    with tempfile.TemporaryDirectory(prefix="mpr elsewhere é ") as folder:
        place = Path(folder, "a b", "w")
        for name in ("data", "params", "notebooks"):
            shutil.copytree(source / name, place / name)
        home = Path(folder, "home")
        home.mkdir()
        environment = {**environment, **ELSEWHERE, "HOME": str(home), "TMPDIR": str(home)}
        _run([*somebody_else(), sys.executable], month, place, environment, umask=0o077 if os.name == "posix" else -1)
        yield place / "outputs" / month


def somebody_else() -> list[str]:
    """What runs a command as the user nobody, in a namespace of its own; nothing where that is not allowed."""
    command = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
    allowed = shutil.which("unshare") and not subprocess.run([*command, "true"], capture_output=True).returncode
    return command if allowed else []


def _run(python, month, place, environment, **options):
    command = [*python, "-m", "mpr_lib.run.cli", "run", month, "--quiet", "--workspace", str(place)]
    paths = os.pathsep.join(filter(None, [environment.get("PYTHONPATH"), str(REPOSITORY)]))
    environment = {**environment, "PYTHONPATH": paths}
    done = subprocess.run(command, env=environment, cwd=place, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def found(version: str) -> str | None:
    """A Python of this version that runs: on the search path, or among pyenv's."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [f"python{version}", *map(str, sorted(root.glob(f"versions/{version}.*/bin/python{version}")))]
    for python in filter(shutil.which, candidates):
        if not subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True).returncode:
            return python
    return None


def different(one: Path, other: Path) -> list[str]:
    """Names of the files that two folders do not share byte for byte."""
    names = {path.name for folder in (one, other) for path in folder.iterdir()}
    return sorted(name for name in names if _bytes(one / name) != _bytes(other / name))


def _bytes(path):
    return path.read_bytes() if path.is_file() else None


def without_its_version(folder: Path) -> dict[str, str]:
    """An environment in which all Pythons give one version: a report prints it, and should differ in nothing else."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text('import platform\nplatform.python_version = lambda: "3"\n', "utf-8")
    return {**os.environ, "PYTHONPATH": str(folder)}


def main(month: str = "2018-05") -> int:
    """Compare, say what differs, and which Pythons were not found; 1 if anything differs."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        environment = without_its_version(Path(folder, "site"))
        here = workspace(Path(folder, "here"))
        _run([sys.executable], month, here, environment)
        with made_elsewhere(month, here, environment) as elsewhere:
            whose = "another user" if somebody_else() else "the same user"
            failed += _told(f"elsewhere, as {whose}", different(here / "outputs" / month, elsewhere))
        for version in PYTHONS:
            if sys.version.startswith(f"{version}."):
                continue
            python = found(version)
            if not python:
                print(f"Python {version}: not found here")
                continue
            venv = f".venv-{version}"
            subprocess.run(["make", "--silent", "env", f"PYTHON={python}", f"VENV={venv}"], cwd=REPOSITORY, check=True)
            there = workspace(Path(folder, version))
            _run([str(REPOSITORY / venv / "bin" / "python")], month, there, environment)
            failed += _told(f"Python {version}", different(here / "outputs" / month, there / "outputs" / month))
    return 1 if failed else 0


def _told(where, files):
    print(f"{where}: {'the same bytes' if not files else 'other bytes in ' + ', '.join(files)}")
    return len(files)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
