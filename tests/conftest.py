"""What every test may ask for: the repository, a browser, the page checkers, and one real published month.

Fixtures that cost seconds run once for a whole test run, however many processes share the work.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from filelock import FileLock
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parents[1]
MONTH = "2018-05"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# The same examples on every machine and every day: a test that fails, fails again.
FEW = os.environ.get("MPR_CASES") == "first"
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=5 if FEW else 50)
settings.load_profile("repeatable")


LONGEST = (
    "test_core_alone.py", "test_annexes.py", "test_properties.py", "test_accessibility.py", "test_words_for_readers.py",
    "test_in_its_environment.py", "test_cli.py", "test_revisions.py", "test_wheel.py", "test_interleavings.py",
    "test_lab.py", "test_many.py",
)  # fmt: skip
"""Files that take longest begin first, so that no test process is left alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order files by how long they take, as far as it is known; MPR_CASES=first keeps one case of each test."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))
    if FEW:
        first = {(item.path, item.nodeid.partition("[")[0]): item for item in reversed(items)}
        items[:] = reversed(first.values())


def without(what: str) -> NoReturn:
    """Skip for want of a tool, or fail where MPR_BROWSER=required says that all of them are there."""
    if os.environ.get("MPR_BROWSER") == "required":
        pytest.fail(what)
    pytest.skip(what)


def _once(folder: Path, make: Callable[[], object]) -> None:
    """Call `make` unless an earlier test process has done so; what failed there fails here, with its message."""
    done, failed = folder / "done", folder / "failed"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if failed.exists():
            pytest.fail(failed.read_text(encoding="utf-8"))
        if done.exists():
            return
        try:
            make()
        except Exception as error:
            failed.write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
            raise
        done.touch()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all processes of this test run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def repo() -> Path:
    """The repository's root, which is also the workspace of the council's own report."""
    return REPOSITORY


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; MPR_CHROMIUM names one that is not on the search path."""
    found = os.environ.get("MPR_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        without("No Chromium here, so pages are not tested in a browser. On Debian: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def node_modules(repo: Path) -> Path:
    """The folder with axe-core, html-validate and the Nu checker, installed from their lock file when not there yet."""
    folder = repo / "tests" / "browser"
    lock, installed = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    npm = shutil.which("npm")
    with FileLock(folder / ".npm.lock"):
        if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
            return installed.parent
        if not npm:
            without("No npm here, so axe-core and html-validate are not run. On Debian: apt-get install npm")
        run = subprocess.run([npm, "ci", "--silent"], cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode:
        without(f"npm could not install axe-core and html-validate: {run.stderr.strip() or run.stdout.strip()}")
    return installed.parent


@pytest.fixture(scope="session")
def java() -> str:
    """The path of a Java runtime, for the Nu checker."""
    found = shutil.which("java")
    if not found:
        pytest.skip("No Java here, so the Nu checker is not run. On Debian: apt-get install default-jre-headless")
    return found


@pytest.fixture(scope="session")
def workspace_copy(repo: Path) -> Callable[[Path], Path]:
    """A function that copies the council's data, parameters and notebooks to a new folder and returns it."""

    def copy(target: Path) -> Path:
        for name in ("data", "params", "notebooks"):
            shutil.copytree(repo / name, target / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        return target

    return copy


@pytest.fixture(scope="session")
def published(shared_folder: Path, workspace_copy: Callable[[Path], Path]) -> Path:
    """The published May 2018 report: outputs/2018-05 of a copy of the council's workspace. Read it, never change it."""
    workspace = shared_folder / "published" / "workspace"

    def publish() -> None:
        from mpr_lib.run.month import run_month

        run_month(workspace_copy(workspace), MONTH)

    _once(workspace.parent, publish)
    return workspace / "outputs" / MONTH


@pytest.fixture(scope="session")
def demo_published(shared_folder: Path) -> Path:
    """The published newest month of the demo, in outputs/ of a workspace of its own. Read it, never change it."""
    new_workspace = pytest.importorskip("mpr_lib.start.new_workspace", reason="the annex that makes it is not there")
    workspace = shared_folder / "demo" / "workspace"

    def publish() -> None:
        from mpr_lib.run.month import run_month

        new_workspace.make_demo(workspace)
        run_month(workspace, new_workspace.LAST)

    _once(workspace.parent, publish)
    return workspace / "outputs" / new_workspace.LAST


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator:
    """One Chromium; its sandbox is off because tests may run as root, on pages that we made ourselves."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield opened
        opened.close()
