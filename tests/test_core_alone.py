"""Without any annex the core publishes the council's month and passes its own tests, a case of each, but whole runs."""

import os

import pytest

from mpr_lib.annexes import ANNEXES
from tests.test_annexes import library_without, python

CORE_TESTS = ("book", "checks", "report", "run")
"""Rules import nothing of the library but rules, as tests/test_layers.py holds, so their tests say the same here."""


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(os.environ.get("MPR_BROWSER") != "required", reason="takes minutes: where everything is tested")
def test_the_core_stands_alone(tmp_path, monkeypatch):
    folder = library_without(ANNEXES, tmp_path / "left")
    python(folder, "-m", "mpr_lib.run.cli", "run", "2018-05")
    tests = [f"tests/{name}" for name in CORE_TESTS]
    quick = ("-q", "-p", "no:cacheprovider", "-m", "not slow")
    monkeypatch.setenv("MPR_CASES", "first")
    python(folder, "-m", "pytest", *quick, *tests, seconds=1700)
