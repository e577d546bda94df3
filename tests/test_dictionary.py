"""The data dictionary lists every key of the settings: one that it does not list would be refused."""

import re

import pytest

from mpr_lib.book.settings import MonthSettings, ReportSettings, keys
from mpr_lib.checks.suites import ExpectationChange
from tests.helpers import REPOSITORY

DICTIONARY = (REPOSITORY / "docs/data-dictionary.md").read_text(encoding="utf-8")


def section(heading):
    """The rows of a section's table: the first cell's names, and all names of the row."""
    text = re.search(rf"^## {re.escape(heading)}.*?(?=^## |\Z)", DICTIONARY, re.MULTILINE | re.DOTALL)[0]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return [(re.findall(r"`([^`]+)`", row.split(" | ")[0]), set(re.findall(r"`([^`]+)`", row))) for row in rows]


@pytest.mark.parametrize(
    ("model", "heading"), [(ReportSettings, "params/report.yml"), (MonthSettings, "params/2018-05.yml")]
)
def test_every_key_has_its_row_and_every_part_of_it_is_named_there(model, heading):
    rows = {name: said for names, said in section(heading) for name in names}
    known = keys(model)
    assert sorted(rows) == sorted({path[0] for path in known})
    assert [".".join(path) for path in known if path[-1] not in rows[path[0]]] == []


def test_the_keys_of_the_settings_go_as_deep_as_they_do():
    known = keys(ReportSettings)
    assert {("council",), ("rating_rules", "beyond"), ("notify", "mail", "server"), ("brand", "logo", "alt")} <= set(
        known
    )


def test_the_old_place_of_changed_expectations_names_each_part_of_a_change():
    (said,) = (said for names, said in section("params/report.yml") if names == ["expectations"])
    assert set(ExpectationChange.model_fields) <= said
