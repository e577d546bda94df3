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
import importlib, pkgutil, sys, mpr_lib
for module in pkgutil.walk_packages(mpr_lib.__path__, "mpr_lib."):
    importlib.import_module(module.name)
from mpr_lib.report import open_report
from mpr_lib.run.cli import app
report = open_report(sys.argv[1], "2018-05")
parts = "cover exceptions corporate detail signals partnership finance quality revisions key provenance".split()
assert "Word is awaited." in str([getattr(report, part)().blocks for part in parts])
assert not report.findings.critical
print(mpr_lib.__file__)
"""
"""In one process, for its start costs more than all that it does."""

SECTIONS = "sections:\n  - code: CORPORATE\n    name: Our own\n  - code: OTHERS\n    name: Others\n"
EVERY_SECTION = {
    "data/commentary/2018-05/3-1.md": "Word is awaited.\n",
    "data/indicators.csv": SMALL["data/indicators.csv"].replace("Potholes mended,", "Potholes mended,OTHERS"),
    "data/judgements.csv": SMALL["data/judgements.csv"] + "3.1,2018-05,,AT_RISK,As agreed,Head of Roads,2018-06-01\n",
    "params/report.yml": SMALL["params/report.yml"] + SECTIONS,
}
"""What the small workspace lacks of what sections show: an indicator at risk, a comment, a part of its own."""


def library_without(annexes, folder):
    """A copy of the repository, as far as a run and the core's tests need it, that lacks some annexes."""
    for name in ("mpr_lib", "tests", "data", "params", "notebooks", "docs", "examples", "tools", "campaigns"):
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
    return run.stdout


@pytest.mark.slow
@pytest.mark.parametrize("annex", ANNEXES)
def test_the_rest_works_without_an_annex(tmp_path, annex):
    folder = library_without([annex], tmp_path / "left")
    workspace = small_workspace(tmp_path / "workspace", EVERY_SECTION)
    said = python(folder, "-c", WITHOUT_IT, str(workspace))
    assert said.splitlines()[-1] == str(folder / "mpr_lib" / "__init__.py")


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
