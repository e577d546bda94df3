"""A month in which nothing, or little, is rated: what the report says of it, and that it claims no more."""

import json

import pytest

from mpr_lib.report import open_report
from tests.helpers import small_workspace

HEADINGS = "indicator_code,month,value,note\n"


def said(folder, section: str) -> str:
    """All that a section says, as one text."""
    part = getattr(open_report(str(folder), "2019-04"), section)()
    return json.dumps(part.blocks)


@pytest.fixture
def unrated(tmp_path):
    """April 2019, the first month of a year without targets, after a March in which both indicators were on course."""
    files = {f"params/2019-{month}.yml": f"month: 2019-{month}\n" for month in ("03", "04")}
    files["data/returns/2019-03.csv"] = HEADINGS + '3.1,2019-03,97%,\n3.10,2019-03,"1,300",\n'
    files["data/returns/2019-04.csv"] = HEADINGS + "3.1,2019-04,90%,\n3.10,2019-04,20,\n"
    return small_workspace(tmp_path, files)


def test_a_year_without_targets_is_not_called_one_without_problems(unrated):
    cover = said(unrated, "cover")
    assert "None of the 2 indicators is rated." in cover
    assert "2 for information, without a target." in cover
    assert "2 expected outcomes have changed since March 2019: 2 now 'For information'." in cover
    assert "None of the 2 indicators is rated in April 2019." in said(unrated, "exceptions")
    assert "None of the 2 indicators is rated, so there is no detail to show." in said(unrated, "detail")


def test_what_is_rated_is_told_apart_from_what_is_not(unrated):
    with (unrated / "data/targets.csv").open("a") as file:
        file.write("3.1,2019,90%,90%,FLAT,,,,\n")
    cover = said(unrated, "cover")
    assert "The one indicator that is rated is not at risk or slipping." in cover
    assert "1 on course. " in cover
    assert "1 for information, without a target." in cover
    assert "1 expected outcome has changed since March 2019: 1 now 'For information'." in cover
    assert "The one indicator that is rated is not at risk or slipping in April 2019." in said(unrated, "exceptions")


def test_nothing_changed_is_said_where_nothing_has(unrated):
    with (unrated / "data/targets.csv").open("a") as file:
        file.write("3.1,2019,90%,90%,FLAT,,,,\n3.10,2019,20,20,FLAT,,,,\n")
    cover = said(unrated, "cover")
    assert "None of the 2 indicators is at risk or slipping." in cover
    assert "2 on course." in cover
    assert "No expected outcome has changed since March 2019." in cover
