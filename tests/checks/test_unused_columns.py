"""Columns that a council leaves empty in every row: it is not told so row by row, unless it asked or it is critical."""

import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import run_checks
from tests.helpers import SMALL, small_workspace

INDICATORS = SMALL["data/indicators.csv"]
WITH_OFFICER = INDICATORS.replace("3.1,Street lights lit,,SAFE,,,,", "3.1,Street lights lit,,SAFE,,,A. Person,")
CHANGE = "- {expectation: officer_is_one, severity: %s, reason: Somebody must answer.}\n"
OWN = """\
- name: committee_is_named
  batch: indicators
  expect: ExpectColumnValuesToNotBeNull
  column: scrutiny_committee
  severity: info
  characteristic: completeness
  means: A committee is named.
  found: "{cell}: no committee is named. Expected one."
  do: Name one.
  in_column: scrutiny_committee
"""


@pytest.mark.parametrize(
    ("indicators", "expectations", "found"),
    [
        (INDICATORS, "", {}),
        (WITH_OFFICER, "", {"officer_is_one": ["3.10"]}),
        (INDICATORS, CHANGE % "critical", {"officer_is_one": ["3.1", "3.10"]}),
        (INDICATORS, CHANGE % "warning", {"officer_is_one": ["3.1", "3.10"]}),
        (INDICATORS, OWN, {"committee_is_named": ["3.1", "3.10"]}),
    ],
)
def test_a_column_that_is_empty_in_every_row(tmp_path, indicators, expectations, found):
    files = {"data/indicators.csv": indicators}
    files |= {"params/expectations.yml": expectations} if expectations else {}
    book = read_book(Workspace(small_workspace(tmp_path, files)), "2018-05")
    history = history_of(book)
    told = {}
    for each in run_checks(book, scorecard_of(book, history), history).findings:
        if each.file == "data/indicators.csv":
            told.setdefault(each.expectation, []).append(each.indicator_code)
    assert told == found


def test_a_month_without_any_figure_is_still_told(tmp_path):
    headings = "indicator_code,month,value,note\n"
    files = {"data/returns/2018-04.csv": headings, "data/returns/2018-05.csv": headings}
    book = read_book(Workspace(small_workspace(tmp_path, files)), "2018-05")
    history = history_of(book)
    found = run_checks(book, scorecard_of(book, history), history).findings
    assert [each.indicator_code for each in found if each.expectation == "value_is_given"] == ["3.1", "3.10"]
