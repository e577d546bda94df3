"""Return workbooks: what they ask for, that they are safe and accessible, and that they come back."""

import re
import shutil
import zipfile

import pandas as pd
import pytest
from openpyxl import load_workbook

from mpr_lib.book import Workspace
from mpr_lib.errors import InputError
from mpr_lib.intake.template import make_templates, template_rows
from tests.helpers import REPOSITORY, SMALL
from tests.intake.workbooks import invented, planned, said


@pytest.fixture
def southend(tmp_path):
    for name in ("data", "params"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    return tmp_path


def sheet_of(path):
    return load_workbook(path)["Return"]


def test_every_indicator_is_asked_for_once_with_what_is_owed(southend):
    made = make_templates(Workspace(southend), "2018-06", "department", None)
    assert sum(count for _, count in made) == 31
    assert [path.name for path, _ in made][:2] == [
        "return-2018-06-department-for-people.xlsx", "return-2018-06-department-for-place.xlsx",
    ]  # fmt: skip
    _, rows = template_rows(Workspace(southend), pd.Period("2018-06"))
    late = rows[rows["month"] < pd.Period("2018-06")]["indicator_code"].tolist()
    assert late == ["CP 2.3", "CP 2.3", "CP 3.1", "CP 3.2", "CP 3.4", "CP 3.5", "CP 4.8"]


def test_what_is_chased_is_asked_for(southend):
    """One that never had a number, too: nothing that the list of what is owed names has no cell to be typed into."""
    from mpr_lib.intake.importing import known_book
    from mpr_lib.owed.chase import chase_list

    _, rows = template_rows(Workspace(southend), pd.Period("2018-06"))
    chased = chase_list(known_book(Workspace(southend), "2018-06")).query("kind == 'value'")
    keys = ["indicator_code", "month"]
    assert {*chased[keys].itertuples(index=False, name=None)} <= {*rows[keys].itertuples(index=False, name=None)}


def test_a_row_shows_last_month_last_year_and_target(southend):
    _, rows = template_rows(Workspace(southend), pd.Period("2018-06"))
    row = rows.set_index("indicator_code").loc["CP 5.4"]
    assert [row[key] for key in ("value_text", "last_month", "last_year", "target_text", "annual_target_text")] == [
        "", "1.19", "1.63", "1.65", "7.20",
    ]  # fmt: skip


def test_a_workbook_that_is_filled_in_is_read_back(southend):
    made = make_templates(Workspace(southend), "2018-06", "officer", southend / "out")
    path = next(path for path, _ in made if "loughlin" in path.name)
    book = load_workbook(path)
    sheet = book["Return"]
    sheet["D5"], sheet["D6"], sheet["E6"] = "29.9", 74.1, "estimate"
    sheet["D7"], sheet["D7"].number_format = 0.83, "0%"
    book.save(path)
    plan = planned(southend, path)
    assert said(plan)[:3] == [
        ("new", "CP 1.1", "2018-06", "", "29.9"), ("new", "CP 1.2", "2018-06", "", "74.1"),
        ("new", "CP 1.4", "2018-06", "", "83%"),
    ]  # fmt: skip
    assert {line[0] for line in said(plan)[3:]} == {"left out"}
    assert plan.count("refused") == 0


def test_all_workbooks_of_a_month_are_read_back_without_a_mapping(southend):
    for by in ("department", "officer"):
        made = make_templates(Workspace(southend), "2018-05", by, southend / by)
        plan = planned(southend, *(path for path, _ in made), month=pd.Period("2018-05"))
        assert {line.status for line in plan.lines} == {"same", "left out"}
        assert plan.count("same") == 26


def test_figures_that_came_as_their_parts_are_asked_for_in_parts(tmp_path):
    known = {"returns/2018-05__csv": "indicator_code,month,value,note,numerator,denominator\n"
             "A 1,2018-05,5,,,\nA 3,2018-05,,,830,1000\n"}  # fmt: skip
    workspace = Workspace(invented(tmp_path / "workspace", {"A 1": "number", "A 3": "%"}, **known))
    ((path, _),) = make_templates(workspace, "2018-06", "department", tmp_path / "out")
    workbook = load_workbook(path)
    sheet = workbook["Return"]
    assert "Numerator and Denominator" in sheet["A2"].value
    headings = [cell.value for cell in sheet[4]]
    assert headings[3:7] == ["Value", "Numerator", "Denominator", "Note"]
    opened = [[cell.column_letter for cell in row if not cell.protection.locked] for row in sheet["A5:L6"]]
    assert opened == [["D", "G"], ["D", "E", "F", "G"]]
    sheet["D5"], sheet["E6"], sheet["F6"] = "6", "840", "1,000"
    workbook.save(path)
    assert [(line.indicator_code, line.is_now) for line in planned(workspace.root, path).lines] == [
        ("A 1", "6"), ("A 3", "84.0%"),
    ]  # fmt: skip


def test_only_inputs_can_be_changed(southend):
    (path, _), *_ = make_templates(Workspace(southend), "2018-06", "department", None)
    sheet = sheet_of(path)
    assert sheet.protection.sheet
    assert not sheet.protection.password
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {f"{column}{row}" for column in "DE" for row in range(5, sheet.max_row + 1)}
    (rule,) = sheet.data_validations.dataValidation
    assert str(rule.sqref) == f"D5:D{sheet.max_row}"
    assert rule.formula1.startswith("OR(ISNUMBER(")


def test_a_workspaces_own_words_are_asked_about_no_more_than_the_known_ones(southend):
    settings = southend / "params/report.yml"
    settings.write_text(settings.read_text() + "no_value_words:\n  NA: NOT_APPLICABLE\n  Annual KPI: NOT_DUE\n")
    (path, _), *_ = make_templates(Workspace(southend), "2018-06", "department", None)
    (rule,) = sheet_of(path).data_validations.dataValidation
    assert '"|TBC|N/A|-|NOT DUE|NOT AVAILABLE|NA|ANNUAL KPI|"' in rule.formula1
    assert len(rule.formula1) <= 255


def test_a_workbook_is_accessible(southend):
    (path, _), *_ = make_templates(Workspace(southend), "2018-06", "department", None)
    book = load_workbook(path)
    sheet = book["Return"]
    assert book.sheetnames == ["Return"]
    assert (book.properties.title, book.properties.language) == (
        "Return for June 2018: Department for People", "en-GB",
    )  # fmt: skip
    assert book.properties.creator == "Southend-on-Sea Borough Council"
    (table,) = sheet.tables.values()
    assert (table.ref, table.headerRowCount) == (f"A4:J{sheet.max_row}", 1)
    assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[4]]
    assert sheet.merged_cells.ranges == set()
    assert sheet.freeze_panes == "B5"


def test_nothing_in_a_workbook_is_a_formula(tmp_path):
    evil = ["=1+1", "+2", "-3", "@SUM(4)", '=HYPERLINK("x")', "\t=5"]
    head = SMALL["data/indicators.csv"].splitlines()[0]
    rows = "".join(
        f'"{code.replace(chr(34), chr(34) * 2)}","=cmd|calc",,SAFE,"=Dep t",,,,MAXIMISE,SNAPSHOT,=x,1,,,,,,,\n'
        for code in evil
    )
    workspace = invented(tmp_path, {}, indicators__csv=f"{head}\n{rows}")
    ((path, count),) = make_templates(Workspace(workspace), "2018-06", "department", None)
    assert (path.name, count) == ("return-2018-06-dep-t.xlsx", 6)
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    sheet = sheet_of(path)
    assert {cell.data_type for row in sheet.iter_rows(min_row=5) for cell in row} == {"s", "n"}
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} - {"@", "General"} == set()
    for row in range(5, 11):
        sheet.cell(row, 4).value = "5"
    sheet.parent.save(path)
    assert planned(workspace, path).count("new") == 6


def test_a_workbook_that_may_be_filled_in_is_not_replaced(southend):
    made = make_templates(Workspace(southend), "2018-06", "department", southend / "out")
    made[0][0].write_text("filled in")
    made[1][0].unlink()
    with pytest.raises(InputError) as error:
        make_templates(Workspace(southend), "2018-06", "department", southend / "out")
    assert error.value.problems[0] == (
        f"{made[0][0]} is there already and may be filled in. Move it away, or name another folder with --out."
    )
    assert not made[1][0].exists()
    assert made[0][0].read_text() == "filled in"


def test_names_that_look_alike_have_files_of_their_own(tmp_path):
    workspace = invented(tmp_path, {"A": "%", "B": "%", "C": "% QUARTERLY"})
    path = workspace / "data/indicators.csv"
    path.write_text(path.read_text().replace("Name of A,,SAFE,,,", "A,,SAFE,,,Ann/B.;Bob").replace(
        "Name of B,,SAFE,,,", "B,,SAFE,,,Ann B"))  # fmt: skip
    made = make_templates(Workspace(workspace), "2018-05", "officer", None)
    assert [re.sub(r".*2018-05-", "", path.name) for path, _ in made] == [
        "ann-b.xlsx", "ann-b-2.xlsx", "bob.xlsx", "no-officer-stated.xlsx",
    ]  # fmt: skip
    assert [count for _, count in made] == [1, 1, 1, 1]
