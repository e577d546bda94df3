"""Every annex can be taken away: what is left can be imported, checks a month and shows all of its report.

Without any, the core publishes a month and passes its first tests.

The library and the council's workspace are copied, the annex's folder is deleted in the copy, and everything runs in
processes that see the copy alone.
"""

import os
import shutil
import subprocess
import sys

import pytest

from mpr_lib.annexes import ANNEXES
from tests.helpers import REPOSITORY, SMALL, TESTS, small_workspace

SMOKE = [path for path in sorted(TESTS.rglob("test_*.py")) if "= pytest.mark.core_smoke" in path.read_text("utf-8")]

WITHOUT_IT = """
import os, sys, traceback
import great_expectations, matplotlib.pyplot, openpyxl, papermill, pandas, pydantic, seaborn, typer

def shown(folder, workspace):
    import importlib, pkgutil, mpr_lib
    for module in pkgutil.walk_packages(mpr_lib.__path__, "mpr_lib."):
        importlib.import_module(module.name)
    from mpr_lib.report import open_report
    from mpr_lib.run.cli import app
    report = open_report(workspace, "2018-05")
    parts = "cover exceptions corporate detail signals partnership finance quality revisions key provenance".split()
    assert "Word is awaited." in str([getattr(report, part)().blocks for part in parts])
    assert not report.findings.critical
    assert mpr_lib.__file__ == os.path.join(folder, "mpr_lib", "__init__.py"), mpr_lib.__file__

assert not any(name.startswith("mpr_lib") for name in sys.modules)
workspace, *folders = sys.argv[1:]
for folder in folders:
    child = os.fork()
    if not child:
        sys.path.insert(0, folder)
        try:
            shown(folder, workspace)
            print("shown:", os.path.basename(folder), flush=True)
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    os.waitpid(child, 0)
"""
"""Forked for each annex from a process that has loaded what is not ours, which costs more than all that is done."""

SECTIONS = "sections:\n  - code: CORPORATE\n    name: Our own\n  - code: OTHERS\n    name: Others\n"
EVERY_SECTION = {
    "data/commentary/2018-05/3-1.md": "Word is awaited.\n",
    "data/indicators.csv": SMALL["data/indicators.csv"].replace("Potholes mended,", "Potholes mended,OTHERS"),
    "data/judgements.csv": SMALL["data/judgements.csv"] + "3.1,2018-05,,AT_RISK,As agreed,Head of Roads,2018-06-01\n",
    "params/report.yml": SMALL["params/report.yml"] + SECTIONS,
}
"""What the small workspace lacks of what sections show: an indicator at risk, a comment, a part of its own."""


ALL = ("mpr_lib", "tests", "data", "params", "notebooks", "docs", "examples", "tools", "campaigns")


def library_without(annexes, folder, parts=ALL):
    """A copy of the repository, as far as a run and the core's tests need it, that lacks some annexes."""
    for name in parts:
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("browser"))
    for name in ("pyproject.toml", "README.md", "Makefile"):
        shutil.copy(REPOSITORY / name, folder)
    for annex in annexes:
        shutil.rmtree(folder / "mpr_lib" / annex)
        shutil.rmtree(folder / "tests" / annex, ignore_errors=True)
    return folder


def python(folder, *arguments, seconds=240):
    """Run Python in a folder with the library that lies there; what it said, in full where it failed."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    run = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env={**environment, "PYTHONPATH": str(folder)}, capture_output=True,
        text=True, check=False, timeout=seconds,
    )  # fmt: skip
    assert run.returncode == 0, f"{run.stdout[-6000:]}\n{run.stderr[-6000:]}"
    return run.stdout + run.stderr


@pytest.fixture(scope="module")
def without_one(tmp_path_factory):
    """What a process says that shows a report without each of the annexes in turn."""
    place = tmp_path_factory.mktemp("without")
    folders = [library_without([annex], place / annex, ("mpr_lib", "notebooks")) for annex in ANNEXES]
    workspace = small_workspace(place / "workspace", EVERY_SECTION)
    return python(place, "-c", WITHOUT_IT, str(workspace), *map(str, folders))


@pytest.mark.slow
@pytest.mark.parametrize("annex", ANNEXES)
def test_the_rest_works_without_an_annex(without_one, annex):
    assert f"shown: {annex}\n" in without_one


@pytest.mark.slow
def test_the_core_passes_its_first_tests_without_any_annex(tmp_path):
    folder = library_without(ANNEXES, tmp_path / "left")
    workspace = small_workspace(tmp_path / "workspace", EVERY_SECTION)
    python(folder, "-m", "mpr_lib.run.cli", "run", "2018-05", "--no-pdf", "--workspace", str(workspace))
    assert "Word is awaited." in (workspace / "outputs" / "2018-05" / "report.html").read_text(encoding="utf-8")
    tests = [path.relative_to(REPOSITORY).as_posix() for path in SMOKE]
    assert " passed" in python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "core_smoke", *tests)


def test_an_edition_whose_annex_is_not_there_is_refused_in_a_sentence(tmp_path, workspace_copy, monkeypatch):
    from mpr_lib.errors import RunError
    from mpr_lib.run import month

    monkeypatch.setattr(month, "brought", lambda what: {})
    with pytest.raises(RunError) as refused:
        month.run_month(workspace_copy(tmp_path / "workspace"), "2018-05", public=True)
    assert str(refused.value) == (
        "This installation makes no public edition: it lacks mpr_lib/public. Run it without --public."
    )
    assert not (tmp_path / "workspace" / "outputs" / "public" / "2018-05").exists()
