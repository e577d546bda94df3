"""What is struck out is not taken, and a comment on a figure is quoted, in every kind of workbook."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from mpr_lib.intake.spreadsheet import STRUCK
from tests.intake.workbooks import HEADINGS, changed, invented, ods, ods_cell, planned, reasons, said, with_parts, xlsx

FILES = Path(__file__).parent / "files"
CODES = ["A", "B", "A 10", "C", "D"]
ROWS = [HEADINGS, ["A", "Jun-18", 5], ["B", "Jun-18", ""], ["A 10", "Jun-18", 6], ["C", "Jun-18", 7], ["D", "Jun-18"]]


@pytest.fixture
def workspace(tmp_path):
    return invented(tmp_path / "workspace", dict.fromkeys(CODES, "number"))


def test_a_figure_that_is_struck_out_is_refused(workspace, tmp_path):
    """Whole, in part of its text or in its code; a row without a figure says nothing."""
    path = xlsx(tmp_path / "june.xlsx", ROWS)
    book = load_workbook(path)
    sheet = book.active
    for cell in ("C2", "A4", "A6"):
        sheet[cell].font = Font(strike=True)
    sheet["C3"] = CellRichText(TextBlock(InlineFont(strike=True), "17"), "20")
    sheet["C5"].font = Font(strike=False, bold=True)
    book.save(path)
    plan = planned(workspace, path)
    assert reasons(plan) == [f"june.xlsx, sheet 'June', cell {cell}: {STRUCK}" for cell in ("A4", "C2", "C3")]
    assert [line for line in said(plan) if line[0] != "refused"] == [
        ("new", "C", "2018-06", "", "7"), ("left out", "", "", "", "D Jun-18"),
    ]  # fmt: skip


def test_so_is_one_of_a_shared_text(workspace, tmp_path):
    path = xlsx(tmp_path / "june.xlsx", [HEADINGS, ["A", "Jun-18", "17"], ["B", "Jun-18", "18"]])
    for number, text in enumerate(("17", "18")):
        here = f'<c r="C{number + 2}" t="inlineStr"><is><t>{text}</t></is></c>'
        changed(path, "xl/worksheets/sheet1.xml", here, f'<c r="C{number + 2}" t="s"><v>{number}</v></c>')
    runs = [f"<si><r><rPr><strike{how}/></rPr><t>{text}</t></r></si>" for text, how in ((17, ""), (18, ' val="0"'))]
    with_parts(path, {"xl/sharedStrings.xml": f"<sst>{''.join(runs)}</sst>"})
    plan = planned(workspace, path)
    assert reasons(plan) == [f"june.xlsx, sheet 'June', cell C2: {STRUCK}"]
    assert said(plan)[1] == ("new", "B", "2018-06", "", "18")


def test_and_one_of_an_old_workbook(workspace):
    plan = planned(workspace, FILES / "struck.xls")
    assert reasons(plan) == [f"struck.xls, sheet 'June', cell {cell}: {STRUCK}" for cell in ("A4", "C2", "C3")]
    assert ("new", "C", "2018-06", "", "7") in said(plan)


def test_and_one_of_an_ods_workbook(workspace, tmp_path):
    line = '<style:text-properties style:text-line-through-style="{}"/></style:style>'
    styles = "".join(
        f'<style:style style:name="{name}">{line.format(how)}' for name, how in (("s", "solid"), ("n", "none"))
    )
    june, text = ods_cell("Jun-18"), 'office:value-type="string"'
    rows = [
        "".join(map(ods_cell, HEADINGS)),
        ods_cell("A") + june + ods_cell("5", 'office:value-type="float" office:value="5" table:style-name="s"'),
        ods_cell("B") + june + ods_cell("17 20"),
        ods_cell("C") + june + ods_cell("7", f'{text} table:style-name="n"'),
    ]  # fmt: skip
    path = ods(tmp_path / "june.ods", [f"<table:table-row>{row}</table:table-row>" for row in rows])
    spaces = 'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    changed(
        path,
        "content.xml",
        "<office:body>",
        f"<office:automatic-styles {spaces}>{styles}</office:automatic-styles><office:body>",
    )
    changed(path, "content.xml", "17 20", '<text:span text:style-name="s">17</text:span>20')
    plan = planned(workspace, path)
    assert reasons(plan) == [f"june.ods, sheet 'June', cell {cell}: {STRUCK}" for cell in ("C2", "C3")]
    assert said(plan)[2] == ("new", "C", "2018-06", "", "7")


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_comment_on_a_figure_is_quoted(tmp_path, kind):
    workspace = invented(tmp_path / "workspace", {"3.1": "%", "3.10": "number", "3.11": "number", "3.12": "number"})
    plan = planned(workspace, FILES / f"comments.{kind}")
    (line,) = (line for line in plan.lines if line.indicator_code == "3.10")
    assert line.reason == "A comment on the cell says '12 of C3'."


def test_so_is_one_of_a_newer_workbook_and_of_a_thread(workspace, tmp_path):
    path = xlsx(tmp_path / "june.xlsx", ROWS)
    book = load_workbook(path)
    book.active["C2"].comment = Comment("TB: wrong,\nshould be 4", "TB")
    before = "[Threaded comment]\n\nYour version of Excel allows you to read this.\n\nComment:\n    to be checked"
    book.active["C4"].comment = Comment(before, "tc")
    book.active["B5"].comment = Comment("of the month", "TB")
    book.save(path)
    assert {line.indicator_code: line.reason for line in planned(workspace, path).lines if line.status == "new"} == {
        "A": "A comment on the cell says 'TB: wrong, should be 4'.",
        "A 10": "A comment on the cell says 'to be checked'.",
        "C": "",
    }
