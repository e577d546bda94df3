"""The catalogue: what every expectation declares, and the table of it for people."""

import re
import subprocess
import sys
from string import Formatter

import pytest

from mpr_lib import checks
from mpr_lib.annexes import brought
from mpr_lib.checks.catalogue import CATALOGUE
from mpr_lib.checks.changes import SETTING_TABLES
from mpr_lib.checks.findings import CHARACTERISTICS, SEVERITIES
from mpr_lib.checks.history_tables import HISTORY_TABLES
from mpr_lib.checks.partnership_tables import PARTNERSHIP_TABLES
from mpr_lib.checks.shown_tables import SHOWN_TABLES
from mpr_lib.checks.tables import INPUT_TABLES
from mpr_lib.checks.year_tables import YEAR_TABLES
from mpr_lib.errors import RunError
from tests.helpers import REPOSITORY, needs

MAKERS = (*INPUT_TABLES, *YEAR_TABLES, *SHOWN_TABLES, *SETTING_TABLES, *HISTORY_TABLES)
MAKERS += (*PARTNERSHIP_TABLES, *(make for annex in brought("checks").values() for make in annex.TABLES))
TABLES = {make.__name__ for make in MAKERS}


def test_names_are_unique_and_every_table_is_looked_at():
    names = [expectation.name for expectation in CATALOGUE]
    assert len(set(names)) == len(names)
    assert {expectation.table for expectation in CATALOGUE} == TABLES


@pytest.mark.parametrize("expectation", CATALOGUE, ids=lambda each: each.name)
def test_each_declares_what_people_need(expectation):
    assert re.fullmatch("[a-z0-9_]+", expectation.name)
    assert expectation.severity in SEVERITIES
    assert expectation.characteristic in CHARACTERISTICS
    for text in (expectation.means, expectation.message, expectation.action):
        assert text.endswith((".", "{expected}")), text
    fields = [field for _, field, _, _ in Formatter().parse(expectation.message) if field]
    assert fields, "a message names what it is about"
    assert "xpected" in expectation.message


def test_all_six_characteristics_are_looked_at():
    assert {expectation.characteristic for expectation in CATALOGUE} == set(CHARACTERISTICS)


@needs("finance")
def test_the_documentation_lists_the_catalogue_in_its_order():
    text = (REPOSITORY / "docs" / "expectations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    documented = [row[:4] for row in rows]
    assert documented == [(each.name, each.severity, each.characteristic, each.means) for each in CATALOGUE]
    assert all(row[4] for row in rows)


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
