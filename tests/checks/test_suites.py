"""Suites: what every entry declares, what is refused of one, and that no check is made before it is asked for."""

import re
import subprocess
import sys
from string import Formatter

import pytest

from mpr_lib import checks
from mpr_lib.checks import delivered
from mpr_lib.checks.findings import CHARACTERISTICS, SEVERITIES
from mpr_lib.checks.suites import entry
from mpr_lib.errors import InputError, RunError
from tests.helpers import REPOSITORY


@pytest.mark.parametrize("each", delivered(), ids=lambda each: f"{each.batch}/{each.name}: {each.means}")
def test_each_entry_declares_what_people_need(each):
    assert re.fullmatch("[a-z0-9_]+", each.name)
    assert each.severity in SEVERITIES
    assert each.characteristic in CHARACTERISTICS
    for text in (each.means, each.found, each.do):
        assert text.endswith((".", "{expected}")), text
    fields = [field for _, field, _, _ in Formatter().parse(each.found) if field]
    assert fields, "a message names what it is about"
    assert "xpected" in each.found


def test_all_six_characteristics_are_looked_at():
    assert {each.characteristic for each in delivered()} == set(CHARACTERISTICS)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"name": "ours"}, "returns.yml, entry 'ours' lacks expect and severity and characteristic and means"),
        ({"name": "ours", "like": "targets"}, "returns.yml, entry 'ours': there is no entry of that name in targets"),
        (
            {"name": "ours", "expect": "E", "severity": "loud", "characteristic": "accuracy", "means": "M.",
             "found": "F.", "do": "D."},
            "returns.yml, entry 'ours', 'severity': found 'loud'. Expected critical, warning or info.",
        ),
    ],
)  # fmt: skip
def test_an_entry_that_lacks_something_is_refused_with_its_file_and_name(said, message):
    with pytest.raises(InputError) as refused:
        entry(said, "returns", "returns.yml")
    assert str(refused.value).startswith(message)


def test_importing_the_checks_does_not_import_great_expectations():
    code = "import sys, mpr_lib.checks; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0


def test_without_great_expectations_the_message_says_so(monkeypatch):
    monkeypatch.delitem(sys.modules, "mpr_lib.checks.engine", raising=False)
    monkeypatch.delattr(checks, "engine", raising=False)
    monkeypatch.setitem(sys.modules, "great_expectations", None)
    with pytest.raises(
        RunError, match=r"^Great Expectations, which checks the data, cannot be loaded \(.*\)\. Install"
    ):
        checks.load_engine()


def test_a_word_of_a_list_that_is_empty_is_told_so():
    (aims,) = [each for each in delivered() if each.columns == ["aim"] and each.name == "word_is_known"]
    row = {"indicator_code": "3.1", "file": "data/indicators.csv", "row": 2, "month": None, "aim": "Clean"}
    found = aims.finding(row, {"aims": []})
    assert found.message.endswith("'Clean' is not a known aim. Expected one that is listed, and none is.")
