"""Which rows and columns of a sheet are actuals; what is not taken is named."""

import pytest

from mpr_lib.book import Workspace
from mpr_lib.intake.headings import names_actuals, read_mapping
from tests.helpers import cases
from tests.intake.workbooks import invented, planned, reasons, refused, said, text_file

UNITS = {"A 1": "number", "A 2": "number"}


@pytest.fixture
def workspace(tmp_path):
    return invented(tmp_path / "workspace", UNITS)


def rows_of(text: str) -> list[list[str]]:
    """Rows written with | between cells and / between rows."""
    return [[cell.strip() for cell in row.split("|")] for row in text.split(" / ")]


def taken(plan) -> str:
    return ", ".join(f"{code} {month} {now}" for status, code, month, _, now in said(plan) if status == "new")


@pytest.mark.parametrize("case", cases("imports_actuals.csv"))
def test_actuals_are_taken_and_the_rest_is_named(workspace, tmp_path, case):
    path = text_file(tmp_path / "june.csv", rows_of(case["rows"]))
    if case["refused"]:
        assert refused(workspace, path) == case["refused"].replace(" / ", "\n")
        return
    plan = planned(workspace, path)
    assert taken(plan) == case["taken"]
    assert plan.remarks[1:] == [f"june.csv: {remark}" for remark in case["remarks"].split(" / ") if remark]
    assert reasons(plan) == []


@pytest.mark.parametrize("case", cases("imports_block_titles.csv"))
def test_a_title_says_whether_its_figures_are_actuals(workspace, case):
    found = names_actuals(case["title"], read_mapping(Workspace(workspace)))
    assert str(found) == case["actuals"]
