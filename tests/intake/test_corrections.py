"""An import and a template compare with the figures that the month's report would read, corrections included."""

import pandas as pd
import pytest

from mpr_lib.book import Workspace, read_book
from mpr_lib.errors import InputError
from mpr_lib.intake.importing import known_book
from mpr_lib.intake.template import template_rows
from tests.helpers import TESTS, small_workspace
from tests.intake.workbooks import HEADINGS, JUNE, planned, said, text_file

HEADING = "indicator_code,month,value,note\n"
CORRECTION = "corrections:\n  - version: V1.1\n    date: 2018-07-02\n    what: counted again\n"
CORRECTED = {
    "data/returns/2018-05.v1.1.csv": HEADING + "3.1,2018-05,91%,counted again\n",
    "params/2018-05.yml": "month: 2018-05\nversion: V1.1\n" + CORRECTION,
}


@pytest.fixture
def workspace(tmp_path):
    return small_workspace(tmp_path / "workspace", CORRECTED)


@pytest.mark.parametrize(("sent", "status"), [("91%", "same"), ("97%", "changed")])
def test_an_import_compares_with_a_corrected_figure(workspace, tmp_path, sent, status):
    plan = planned(workspace, text_file(tmp_path / "june.csv", [HEADINGS, ["3.1", "2018-05", sent, ""]]))
    assert said(plan) == [(status, "3.1", "2018-05", "91%", sent)]


def test_a_template_shows_a_corrected_figure(workspace):
    _, rows = template_rows(Workspace(workspace), JUNE)
    assert rows[(rows["indicator_code"] == "3.1") & (rows["month"] == JUNE)]["last_month"].tolist() == ["91%"]


def test_a_correction_made_after_a_report_is_not_known_to_it(workspace):
    (workspace / "params/2018-06.yml").write_text("month: 2018-06\ngenerated: 2018-07-01 09:00\n")
    assert "91%" not in set(known_book(Workspace(workspace), JUNE).returns["value_text"])


def test_a_correction_that_nobody_listed_is_refused(workspace):
    (workspace / "params/2018-05.yml").write_text("month: 2018-05\n")
    with pytest.raises(InputError, match="is not among the corrections"):
        known_book(Workspace(workspace), JUNE)


@pytest.mark.parametrize("council", ["..", "councils/northmoor", "councils/riverside"])
def test_an_import_knows_the_returns_that_the_report_reads(council):
    workspace = Workspace(TESTS / council)
    months = sorted(path.stem for path in workspace.returns_folder.glob("???????.csv"))
    for month in (months[0], months[-1]):
        period = pd.Period(month, freq="M")
        received = known_book(workspace, period).returns
        assert received.equals(read_book(workspace, period, begun=True).returns)
