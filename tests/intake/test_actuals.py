"""Which rows and columns of a sheet are actuals; what is not taken is named."""

import pytest

from mpr_lib.book import Workspace
from mpr_lib.intake.headings import names_actuals, read_mapping
from tests.helpers import cases
from tests.intake.workbooks import invented, ods, ods_cell, planned, reasons, refused, said, text_file, xlsx

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


def test_hidden_rows_and_columns_are_read_and_named(workspace, tmp_path):
    from openpyxl import load_workbook

    rows = [["Code", "Name", "May-18", "Jun-18"], ["A 1", "x", 5, 6], ["A 2", "y", 7, 8], ["A 1", "", "", ""]]
    path = xlsx(tmp_path / "june.xlsx", rows)
    book = load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    for column in "BC":
        book.active.column_dimensions[column].hidden = True
    book.save(path)
    plan = planned(workspace, path)
    assert taken(plan) == "A 1 2018-05 5, A 1 2018-06 6, A 2 2018-05 7, A 2 2018-06 8"
    assert plan.remarks == ["june.xlsx, sheet 'June': row 3 and column C are hidden, and what stands there is read."]


def test_hidden_rows_and_columns_of_another_spreadsheet(workspace, tmp_path):
    def row(*texts, more=""):
        return f"<table:table-row {more}>{''.join(map(ods_cell, texts))}</table:table-row>"

    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    path = ods(tmp_path / "june.ods", [
        columns, row("Code", "Month", "Value"), row("A 1", "Jun-18", "5", more='table:visibility="filter"'),
        row("A 2", "Jun-18", "6", more='table:visibility="collapse"'),
    ])  # fmt: skip
    plan = planned(workspace, path)
    assert taken(plan) == "A 1 2018-06 5, A 2 2018-06 6"
    assert plan.remarks == [
        "june.ods, sheet 'June': rows 2 and 3 and column C are hidden, and what stands there is read."
    ]


@pytest.mark.parametrize("name", ["Targets", "Target 2018-19", "Baseline"])
def test_a_sheet_of_targets_is_left_out_by_its_name(workspace, tmp_path, name):
    plan = planned(workspace, xlsx(tmp_path / "june.xlsx", [["Code", "May-18"], ["A 1", 5]], sheet=name))
    assert taken(plan) == ""
    assert plan.remarks == [f"june.xlsx, sheet '{name}': left out row 2, where its name says '{name}'."]


def test_rows_of_others_are_passed_over_and_named(tmp_path):
    workspace = invented(tmp_path / "workspace", UNITS, imports__yml="passed_over: ['hr *', Total]\n")
    rows = [["Code", "Month", "Value"], ["A 1", "Jun-18", "5"], ["HR 12", "Jun-18", "6"], ["total", "", "11"]]
    plan = planned(workspace, text_file(tmp_path / "june.csv", rows))
    assert taken(plan) == "A 1 2018-06 5"
    assert plan.remarks[1:] == ["june.csv: passed over rows 3 and 4, as data/imports.yml says: HR 12, total."]
    assert reasons(plan) == []
