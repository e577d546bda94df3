"""What a fresh clone installs is what pyproject.toml names, and nothing committed ties it to one machine."""

import ast
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[1]
RUN_LOCK, LAB_LOCK, FLEET_LOCK = "requirements.lock", "requirements-lab.lock", "requirements-fleet.lock"

# conda-forge splits some packages so that a part comes without desktop or browser software.
CONDA_NAMES = {"matplotlib-base": "matplotlib", "nbconvert-core": "nbconvert", "seaborn-base": "seaborn"}


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


PYPROJECT = tomllib.loads(read("pyproject.toml"))


def requirements(lines: list[str]) -> dict[str, Requirement]:
    """Requirements by canonical name."""
    found = map(Requirement, lines)
    return {canonicalize_name(requirement.name): requirement for requirement in found}


RUN = requirements(PYPROJECT["project"]["dependencies"])
TEST = requirements(PYPROJECT["project"]["optional-dependencies"]["test"])
WORD = requirements(PYPROJECT["project"]["optional-dependencies"]["word"])
LAB = requirements(PYPROJECT["project"]["optional-dependencies"]["lab"])
STORE, FLEET = (requirements(PYPROJECT["project"]["optional-dependencies"][name]) for name in ("store", "fleet"))
SERVERS = requirements(PYPROJECT["dependency-groups"]["servers"])
ADDITIONS = requirements(PYPROJECT["dependency-groups"]["additions"])
BUILD = requirements(PYPROJECT["dependency-groups"]["build"])


def entries(lock: str) -> list[str]:
    """A lock file's entries, one text each: the pin, then its hashes."""
    lines = [line for line in read(lock).splitlines() if not line.lstrip().startswith("#")]
    return [entry for entry in "\n".join(lines).replace("\\\n", " ").splitlines() if entry.strip()]


def pins(lock: str) -> dict[str, set[str]]:
    """Locked versions by canonical name: one, or another beside it for older Macs."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", "\n".join(entries(lock)), re.MULTILINE)
    locked: dict[str, set[str]] = {}
    for name, version in found:
        locked.setdefault(canonicalize_name(name), set()).add(version)
    return locked


def outside(locked: dict[str, set[str]], wanted: dict[str, Requirement]) -> dict[str, set[str]]:
    """The wanted requirements that the lock does not meet, with what it has instead."""
    found = {name: locked.get(name, set()) for name in wanted}
    return {
        name: versions
        for name, versions in found.items()
        if not versions or not all(map(wanted[name].specifier.contains, versions))
    }


def tracked() -> list[Path]:
    """Files that git knows, so that what a test run leaves behind is not judged."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("Not a git checkout, so there is no list of committed files.")
    paths = [REPOSITORY / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        pytest.param(RUN_LOCK, RUN | WORD | TEST | BUILD, id="what a run and its tests need"),
        pytest.param(LAB_LOCK, RUN | WORD | TEST | BUILD | LAB | ADDITIONS, id="the same and JupyterLab"),
        pytest.param(FLEET_LOCK, RUN | WORD | TEST | BUILD | STORE | FLEET | SERVERS, id="the same, a store and Dask"),
    ],
)
def test_the_locks_hold_what_pyproject_names(lock, wanted):
    assert outside(pins(lock), wanted) == {}


@pytest.mark.parametrize(("lock", "but"), [(LAB_LOCK, set()), (FLEET_LOCK, {"python-dateutil"})])
def test_every_environment_runs_the_same_versions(lock, but):
    """All but what a store's client holds back (tools/lock.py)."""
    run, other = pins(RUN_LOCK), pins(lock)
    assert {name for name in run if other.get(name) != run[name]} == but


def test_a_run_is_not_slowed_by_what_a_fleet_needs():
    """papermill and Great Expectations load boto3 where it is."""
    assert {"boto3", "fsspec", "s3fs", "distributed"} & pins(RUN_LOCK).keys() == set()


def test_a_run_is_not_slowed_by_jupyterlab():
    slow = {"jupyterlab", "jupyter-server", "rfc3987-syntax"}
    assert slow & pins(RUN_LOCK).keys() == set()


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports anywhere, without relative imports."""
    nodes = list(ast.walk(ast.parse(path.read_bytes())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in plain | parts}


@pytest.mark.parametrize(
    ("folders", "but", "declared"),
    [
        pytest.param(("mpr_lib/",), ("mpr_lib/desk/", "mpr_lib/word/", "mpr_lib/fleet/"), RUN, id="the package"),
        pytest.param(("mpr_lib/word/",), (), RUN | WORD, id="the report in Word, by a package that is asked for"),
        pytest.param(("mpr_lib/desk/",), (), RUN | LAB, id="the analyst's desk, which opens in JupyterLab"),
        pytest.param(("mpr_lib/fleet/",), (), RUN | FLEET, id="many reports from a store, on an engine"),
        pytest.param(("tests/fleet/", "benchmarks/fleet.py"), (), RUN | TEST | FLEET | SERVERS, id="what tests that"),
        pytest.param(
            ("tests/", "tools/", "benchmarks/", "campaigns/"),
            ("tests/fleet/", "benchmarks/fleet.py"),
            RUN | WORD | TEST | BUILD,
            id="what tests and measures it",
        ),
    ],
)
def test_what_is_imported_is_declared(folders, but, declared):
    """A package that only comes along with another is missing on the day that the other drops it."""
    modules = [path for path in tracked() if path.suffix == ".py"]
    named = {path.relative_to(REPOSITORY).as_posix(): path for path in modules}
    here = [path for name, path in named.items() if name.startswith(folders) and not name.startswith(but)]
    ours = {
        "mpr_lib",
        "tests",
        "benchmarks",
        "campaigns",
        "tools",
        *(path.stem for path in (REPOSITORY / "tools").glob("*.py")),
    }
    names = set().union(*map(imported, here)) - sys.stdlib_module_names - ours
    providers = importlib.metadata.packages_distributions()
    given = {name: set(map(canonicalize_name, providers.get(name, [name]))) for name in names}
    assert {name for name in names if not declared.keys() & given[name]} == set()


@pytest.mark.parametrize("lock", [RUN_LOCK, LAB_LOCK, FLEET_LOCK])
def test_every_locked_package_has_a_version_and_hashes(lock):
    form = r"[a-z0-9-]+==\S+( ; [^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
    assert [entry for entry in entries(lock) if not re.fullmatch(form, entry)] == []


@pytest.mark.parametrize("lock", [RUN_LOCK, LAB_LOCK, FLEET_LOCK])
def test_every_machine_runs_the_same_versions_but_older_macs(lock):
    older = requirements([line for line in read("tools/older-macs.txt").splitlines() if not line.startswith("#")])
    assert {name for name, versions in pins(lock).items() if len(versions) > 1} <= older.keys()


@pytest.mark.parametrize("lock", [RUN_LOCK, LAB_LOCK, FLEET_LOCK, "tests/browser/package-lock.json"])
def test_a_lock_holds_no_address_and_no_path(lock):
    assert (
        re.findall(r"\w+://\S*|file:\S*|\"resolved\".*|--(?:index|find|extra)\S*|/(?:home|root|tmp)/\S*", read(lock))
        == []
    )


def test_the_browser_checks_are_pinned():
    package, lock = (json.loads(read(f"tests/browser/{name}.json")) for name in ("package", "package-lock"))
    wanted = package["devDependencies"]
    assert [version for version in wanted.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, entry in lock["packages"].items() if name and "integrity" not in entry] == []


def conda_requirements() -> dict[str, Requirement]:
    """What environment.yml asks of conda-forge and of pip, without Python, pip and the package itself."""
    lines = yaml.safe_load(read("environment.yml"))["dependencies"]
    by_pip = next(line["pip"] for line in lines if isinstance(line, dict))
    found = requirements([line for line in [*lines, *by_pip] if isinstance(line, str) and not line.startswith("-")])
    assert "--editable ." in by_pip, "environment.yml does not install the package itself"
    return {CONDA_NAMES.get(name, name): found[name] for name in found.keys() - {"python", "pip"}}


def test_conda_users_get_what_pyproject_names():
    wanted = RUN | WORD | TEST | LAB
    assert {name: str(requirement.specifier) for name, requirement in conda_requirements().items()} == {
        name: str(requirement.specifier) for name, requirement in wanted.items()
    }


def test_conda_users_may_get_the_locked_versions():
    assert outside(pins(LAB_LOCK), conda_requirements()) == {}


def test_one_range_of_python_versions():
    python = next(line for line in yaml.safe_load(read("environment.yml"))["dependencies"] if "python>" in line)
    assert python == "python" + PYPROJECT["project"]["requires-python"]


def test_the_build_needs_nothing_but_what_is_locked():
    assert PYPROJECT["build-system"]["requires"] == PYPROJECT["dependency-groups"]["build"]


def installed(group: str) -> dict[str, importlib.metadata.EntryPoint]:
    """The package's entry points of one group, or a skip where it is only on the path."""
    name = PYPROJECT["project"]["name"]
    try:
        found = importlib.metadata.distribution(name).entry_points
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed here; make test installs it.")
    return {point.name: point for point in found.select(group=group)}


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("console_scripts", "mpr"),
        ("nbconvert.exporters", "mpr-html"),
        ("nbconvert.exporters", "mpr-pdf"),
        ("nbconvert.exporters", "mpr-docx"),
    ],
)
def test_what_is_installed_can_be_called(group, name):
    assert callable(installed(group)[name].load())


def test_a_commit_is_checked_as_make_does_and_nothing_is_fetched_for_it():
    (local,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    assert local["repo"] == "local"
    entries = {hook["id"]: hook["entry"] for hook in local["hooks"]}
    assert entries == {name: f"make --silent {name}" for name in ("strip", "lint")}
    assert [name for name in entries if f"\n{name}:" not in read("Makefile")] == []


def test_the_version_is_stated_once():
    assert f'__version__ = "{PYPROJECT["project"]["version"]}"' in read("mpr_lib/__init__.py")


def test_outputs_and_environments_stay_out_of_git():
    tracked()
    made = ["outputs/2018-05", ".venv/pyvenv.cfg", ".venv-lab/pyvenv.cfg", "tests/browser/node_modules/x"]
    ignored = subprocess.run(
        ["git", "check-ignore", *made], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert ignored.stdout.split() == made


def test_committed_notebooks_are_clean():
    """Outputs would show one month's figures in every copy; without a kernelspec Papermill cannot start one."""
    faults = []
    for path in (path for path in tracked() if path.suffix == ".ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        if any(cell["outputs"] or cell["execution_count"] is not None for cell in code):
            faults.append(f"{path.name} has outputs or execution counts")
        if notebook["metadata"].get("kernelspec", {}).get("name") != "python3":
            faults.append(f"{path.name} has no kernelspec python3")
    assert faults == []


def test_no_committed_file_names_a_registry():
    hosts = "|".join(("python" + "hosted", "pypi", "npm" + "js", "registry", r"deb\.debian", "conda" + r"\.anaconda"))
    address = re.compile(rf"https?://[\w.-]*({hosts})\b")
    named = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        named += [f"{path.relative_to(REPOSITORY)}: {found.group()}" for found in address.finditer(text)]
    assert named == []


def test_binder_and_the_dev_container_build_from_the_lock_and_the_makefile():
    (line,) = (REPOSITORY / "binder/requirements.txt").read_text("utf-8").splitlines()
    lock = (REPOSITORY / "binder" / line.removeprefix("-r ")).resolve()
    assert lock == REPOSITORY / "requirements-lab.lock"
    python = (REPOSITORY / "binder/runtime.txt").read_text("utf-8").strip().removeprefix("python-")
    container = json.loads((REPOSITORY / ".devcontainer/devcontainer.json").read_text("utf-8"))
    assert container["image"] == f"python:{python}-bookworm"
    command = ["make", "--dry-run", "PYTHON=" + sys.executable, *container["postCreateCommand"].split()[1:]]
    assert subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False).returncode == 0
    for script in ("postBuild", "start"):
        path = REPOSITORY / "binder" / script
        assert os.access(path, os.X_OK)
        assert subprocess.run(["bash", "-n", path], check=False).returncode == 0
