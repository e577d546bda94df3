"""Formulas that were never worked out are refused where they are a figure; what may be out of date is named."""

from pathlib import Path

import pytest

from mpr_lib.intake.opening import open_file
from tests.intake.workbooks import (
    HEADINGS,
    changed,
    invented,
    ods,
    ods_cell,
    planned,
    reasons,
    refused,
    said,
    with_parts,
    xlsx,
)

FILES = Path(__file__).parent / "files"
UNITS = {"3.1": "%", "3.10": "number", "3.11": "number", "3.12": "number", "3.13": "number"}
UNSAVED = (
    "holds a formula whose result was not saved, and formulas are not worked out here. Expected a figure: open the "
    "file in a spreadsheet, save it and import it again."
)
AGAIN = "is to be worked out again when it is opened, so results of its formulas may be out of date."
BY_HAND = "works out its formulas only when it is asked to, so figures may be out of date."
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def workspace(tmp_path):
    return invented(tmp_path / "workspace", UNITS)


def calculated(path: Path, result: str, calculation: str, formula: str = "<f>1+1</f>") -> Path:
    """A workbook of two figures, a formula with this result and a typed 7, and what it says of its calculation."""
    xlsx(path, [HEADINGS, ["3.10", "Jun-18", "=1+1"], ["3.11", "Jun-18", 7]])
    changed(path, SHEET, "<f>1+1</f><v></v>", f"{formula}{result}")
    return changed(path, "xl/workbook.xml", 'calcId="124519" fullCalcOnLoad="1"', calculation)


@pytest.mark.parametrize(
    ("calculation", "result", "taken", "remark"),
    [
        ('calcId="191029"', "<v>2</v>", "2", ""),
        ('calcId="191029"', "<v>0</v>", "0", ""),
        ('calcId="191029"', "<v/>", None, ""),
        ('calcId="124519" fullCalcOnLoad="1"', "<v>0</v>", None, ""),
        ('calcId="124519" fullCalcOnLoad="true"', "<v>0.0</v>", None, ""),
        ('calcId="124519" fullCalcOnLoad="1"', "<v></v>", None, ""),
        ('calcId="124519" fullCalcOnLoad="1"', "<v>2</v>", "2", AGAIN),
        ('calcId="191029" calcCompleted="0"', "<v>0</v>", None, ""),
        ('calcId="191029" fullCalcOnLoad="0"', "<v>0</v>", "0", ""),
        ('calcId="191029" calcMode="manual"', "<v>0</v>", "0", BY_HAND),
        ('calcId="191029" calcMode="autoNoTable"', "<v>2</v>", "2", ""),
    ],
)
def test_what_a_workbook_says_of_its_calculation(workspace, tmp_path, calculation, result, taken, remark):
    plan = planned(workspace, calculated(tmp_path / "june.xlsx", result, calculation))
    assert ("new", "3.11", "2018-06", "", "7") in said(plan)
    assert reasons(plan) == ([] if taken else [f"june.xlsx, sheet 'June', cell C2: {UNSAVED}"])
    assert not taken or said(plan)[0] == ("new", "3.10", "2018-06", "", taken)
    assert plan.remarks == ([f"june.xlsx, sheet 'June': {remark}"] if remark else [])


def test_a_sheet_without_formulas_needs_no_remark(workspace, tmp_path):
    path = xlsx(tmp_path / "june.xlsx", [HEADINGS, ["3.10", "Jun-18", 0]])
    assert planned(workspace, path).remarks == []
    changed(path, "xl/workbook.xml", 'fullCalcOnLoad="1"', 'calcMode="manual"')
    assert planned(workspace, path).remarks == []


def test_a_formula_that_is_no_figure_of_the_import_refuses_nothing(workspace, tmp_path):
    rows = [["", "", "=SUM(C3:C4)"], HEADINGS, ["3.10", "Jun-18", 5], ["3.11", "Jun-18", 0], ["", "", "", "", "=1+1"]]
    plan = planned(workspace, xlsx(tmp_path / "june.xlsx", rows))
    assert reasons(plan) == []
    assert said(plan)[:2] == [("new", "3.10", "2018-06", "", "5"), ("new", "3.11", "2018-06", "", "0")]


def test_a_formula_over_several_cells_is_one(workspace, tmp_path):
    spread = '<f t="array" ref="C2:C4">A1:A3</f>'
    path = calculated(tmp_path / "june.xlsx", "<v>0</v>", 'fullCalcOnLoad="1"', spread)
    changed(path, SHEET, "<v>7</v>", "<v>0</v>")
    where = "june.xlsx, sheet 'June', cell"
    assert reasons(planned(workspace, path)) == [f"{where} C2: {UNSAVED}", f"{where} C3: {UNSAVED}"]


def test_the_heading_of_a_month_that_was_never_worked_out(workspace, tmp_path):
    rows = [["Code", "Jun-18", "=EDATE(B1,-1)"], ["3.10", 5, 6]]
    path = xlsx(tmp_path / "june.xlsx", rows, {"C1": "mmm-yy"})
    changed(path, SHEET, "<f>EDATE(B1,-1)</f><v></v>", "<f>EDATE(B1,-1)</f><v>0</v>")
    assert refused(workspace, path) == f"june.xlsx, sheet 'June', cell C1: {UNSAVED}"


def test_an_ods_workbook_of_a_spreadsheet_and_of_a_program(workspace, tmp_path):
    june, formula = ods_cell("Jun-18"), 'table:formula="of:=1/3"'
    number = 'office:value-type="float" office:value="0"'
    rows = [map(ods_cell, HEADINGS), (ods_cell("3.10"), june, ods_cell("", formula))]
    rows += [
        (ods_cell("3.11"), june, f"<table:table-cell {formula}/>"),
        (ods_cell("3.12"), june, f"<table:table-cell {number}/>"),
    ]
    path = ods(tmp_path / "june.ods", [f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows])
    where = "june.ods, sheet 'June', cell"
    unshown = (
        "holds a number and does not say how it is shown. Expected both: open the file in a spreadsheet, save it and "
        "import it again."
    )
    rest = [f"{where} C3: {UNSAVED}", f"{where} C4: {unshown}"]
    assert reasons(planned(workspace, path)) == [f"{where} C2: {UNSAVED}", *rest]
    # A spreadsheet writes a result that is an empty text like this, and so shows nothing.
    with_parts(path, {"meta.xml": "<meta:generator>LibreOffice/7.4.7.2$Linux</meta:generator>"})
    plan = planned(workspace, path)
    assert reasons(plan) == rest
    assert reasons(plan, "left out") == [f"{where} C2: has no figure."]


LIBRE = [
    ("refused", "3.13", "2018-06", "", "#DIV/0!"), ("left out", "3.12", "2018-06", "", ""),
    ("new", "3.1", "2018-06", "", "83%"), ("new", "3.10", "2018-06", "", "5"), ("new", "3.11", "2018-06", "", "TBC"),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_comments_and_text_boxes_are_no_text_of_their_cells(workspace, kind):
    plan = planned(workspace, FILES / f"comments.{kind}")
    assert sorted(said(plan)) == sorted(LIBRE)
    assert [line.note for line in plan.lines if line.note] == ["n1", "n2"]
    assert plan.remarks == []


def test_an_ods_workbook_that_is_calculated_by_hand(workspace, tmp_path):
    path = tmp_path / "june.ods"
    path.write_bytes((FILES / "comments.ods").read_bytes())
    setting = '<config:config-item config:name="AutoCalculate" config:type="boolean">{}'
    changed(path, "settings.xml", setting.format("true"), setting.format("false"))
    plan = planned(workspace, path)
    assert sorted(said(plan)) == sorted(LIBRE)
    assert plan.remarks == [f"june.ods, sheet 'June': {BY_HAND}"]


@pytest.mark.parametrize(
    ("record", "remark", "unsaved"),
    [
        (b"\x0d\x00\x02\x00\x00\x00", BY_HAND, []),
        (b"\x0d\x00\x02\x00\x01\x00", "", []),
        (b"\x5e\x00\x02\x00\x00\x00", AGAIN, [f"june.xls, sheet 'June', cell C5: {UNSAVED}"]),
    ],
    ids=["by hand", "by itself", "not before it was saved"],
)
def test_an_old_workbook_says_how_it_is_calculated(workspace, tmp_path, record, remark, unsaved):
    raw, count = (FILES / "comments.xls").read_bytes(), b"\x0c\x00\x02\x00\x64\x00"
    assert raw.count(count) == 1
    (tmp_path / "june.xls").write_bytes(raw.replace(count, record))
    plan = planned(workspace, tmp_path / "june.xls")
    assert [reason for reason in reasons(plan) if "#DIV" not in reason] == unsaved
    assert plan.remarks == ([f"june.xls, sheet 'June': {remark}"] if remark else [])


def test_a_date_without_its_year_is_shown_without_it(tmp_path):
    dates = [["Code", *[43208] * 3]]
    path = xlsx(tmp_path / "june.xlsx", dates, {"B1": "d-mmm", "C1": "mmm-yy", "D1": "dd/mm/yyyy"})
    (sheet,) = open_file(path)[0][0]
    assert [sheet.text(0, column) for column in (1, 2, 3)] == ["18-Apr", "2018-04-18", "2018-04-18"]
    day = 'office:value-type="date" office:date-value="2018-04-18"'
    row = f"<table:table-row>{ods_cell('18-Apr', day)}{ods_cell('Apr-18', day)}</table:table-row>"
    (sheet,) = open_file(ods(tmp_path / "june.ods", [row]))[0][0]
    assert [sheet.text(0, column) for column in (0, 1)] == ["18-Apr", "2018-04-18"]
