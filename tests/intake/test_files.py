"""Every kind of file gives the same figures, and one that is wrong is refused with what was found and expected."""

import os
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mpr_lib.errors import InputError
from mpr_lib.intake import xls_reader
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
    text_file,
    with_parts,
    xlsx,
)  # fmt: skip

FILES = Path(__file__).parent / "files"
UNITS = {"3.1": "%", "3.10": "number", "3.11": "number", "3.12": "number", "3.13": "number"}
ROWS = [
    ["Figures for June"],
    [],
    HEADINGS,
    ["3.1", "June 2018", "83%", "£ and “quotes”"],
    ["3.10", "Jun-18", "1,544", ""],
]
SAME = [("new", "3.1", "2018-06", "", "83%"), ("new", "3.10", "2018-06", "", "1,544")]
EXACT = [("new", "3.1", "2018-06", "", "83.1%"), SAME[1]]
HELD = "The cell holds 83.1% and shows 83%, and 83.1% is taken."


@pytest.fixture
def workspace(tmp_path):
    return invented(tmp_path / "workspace", UNITS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_in_any_usual_encoding_and_delimiter(workspace, tmp_path, encoding, delimiter):
    plan = planned(workspace, text_file(tmp_path / "june.csv", ROWS, encoding, delimiter))
    assert said(plan) == SAME
    assert plan.to_write[0].note == "£ and “quotes”"
    name = {"c": "Windows-1252", "8": "UTF-8"}.get(encoding[0] if encoding[0] == "c" else encoding[4], "UTF-16")
    cells = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}[delimiter]
    assert plan.remarks == [f"june.csv: read as {name}, {cells} between cells."]


@pytest.mark.parametrize("name", ["june.tsv", "june.txt", "JUNE.CSV"])
def test_text_under_any_of_its_names(workspace, tmp_path, name):
    assert said(planned(workspace, text_file(tmp_path / name, ROWS, delimiter="\t"))) == SAME


@pytest.mark.parametrize("name", ["june.xlsx", "june.xlsm"])
def test_a_workbook_keeps_what_its_cells_show(workspace, tmp_path, name):
    day = datetime(2018, 6, 30)
    rows = [
        ["Figures"], [], HEADINGS, ["3.1", date(2018, 6, 1), 0.831, None], ["3.10", day, 1544, "note"],
        ["3.11", 43252, "Proxy 1.66", None], ["3.12", "June 2018", 0.1 + 0.2, None],
    ]  # fmt: skip
    plan = planned(workspace, xlsx(tmp_path / name, rows, {"C4": "0%", "C5": "#,##0"}))
    assert said(plan) == [
        ("new", "3.1", "2018-06", "", "83.1%"), ("new", "3.10", "2018-06", "", "1,544"),
        ("new", "3.11", "2018-06", "", "Proxy 1.66"), ("new", "3.12", "2018-06", "", "0.3"),
    ]  # fmt: skip
    assert [line.reason for line in plan.lines if line.reason] == [HELD]


def test_an_old_workbook_keeps_what_its_cells_show(workspace):
    plan = planned(workspace, FILES / "return.xls")
    assert said(plan)[:3] == [
        ("new", "3.1", "2018-06", "", "83.1%"), ("new", "3.10", "2018-06", "", "1,544"),
        ("new", "3.11", "2018-06", "", "Proxy 1.66"),
    ]  # fmt: skip
    assert said(plan)[4] == ("new", "3.13", "2018-06", "", "12.5")
    assert [line.note for line in plan.lines if line.indicator_code == "3.11"] == ["£ and “quotes”"]
    assert plan.remarks == ["return.xls, sheet 'Hidden': is hidden, so it was left out."]


def test_a_small_old_workbook_of_another_spreadsheet(workspace):
    plan = planned(workspace, FILES / "small.xls")
    assert said(plan) == EXACT
    assert [line.reason for line in plan.lines if line.reason] == [HELD]


OLDER = "holds no workbook of Excel 97 or later. Save it as .xlsx and import it again."
LOCKED = "is protected by a password. Save it without one and import it again."


@pytest.mark.parametrize(
    ("there", "instead", "message"),
    [
        (b"\x42\x00\x02\x00", b"\x2f\x00\x02\x00", LOCKED),
        ("Workbook".encode("utf-16-le"), "Document".encode("utf-16-le"), OLDER),
    ],
    ids=["its records are encrypted", "another kind of file in such a container"],
)
def test_an_old_workbook_that_is_not_read(workspace, tmp_path, there, instead, message):
    raw = (FILES / "return.xls").read_bytes()
    assert there in raw
    (tmp_path / "june.xls").write_bytes(raw.replace(there, instead, 1))
    assert refused(workspace, tmp_path / "june.xls") == f"june.xls: {message}"


def test_the_records_of_an_excel_before_97():
    records = b"\x09\x08\x08\x00\x00\x05\x05\x00\x00\x00\x00\x00" + b"\x0a\x00\x00\x00"
    with pytest.raises(InputError) as error:
        xls_reader.read_apart(records, "june.xls")
    assert str(error.value) == f"june.xls: {OLDER}"


def test_an_ods_workbook_keeps_what_its_cells_show(workspace, tmp_path):
    def row(*cells, more=""):
        return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"

    june = ods_cell("01/06/18", 'office:value-type="date" office:date-value="2018-06-01"')
    path = ods(tmp_path / "june.ods", [
        row(*map(ods_cell, HEADINGS)),
        row(ods_cell("3.1"), june, ods_cell("83%", 'office:value-type="percentage" office:value="0.831"')),
        row(ods_cell("3.10"), june, ods_cell("1,544", 'office:value-type="float" office:value="1544"')),
        row(ods_cell("3.11"), june, ods_cell("", 'table:formula="of:=1/3"')),
        row(ods_cell("3.12"), june, ods_cell("#DIV/0!", 'table:formula="of:=1/0" office:value-type="string"')),
        row('<table:table-cell table:number-columns-repeated="16384"/>', more='table:number-rows-repeated="1048000"'),
    ])  # fmt: skip
    plan = planned(workspace, path)
    assert said(plan)[:2] == EXACT
    assert reasons(plan) == [
        "june.ods, sheet 'June', cell C4: holds a formula whose result was not saved, and formulas are not worked out "
        "here. Expected a figure: open the file in a spreadsheet, save it and import it again.",
        "june.ods, sheet 'June', cell C5: cannot read '#DIV/0!' as a number. Expected a number such as 550, 83% or "
        "1,544, or one of -, TBC, N/A.",
    ]


def test_a_formula_gives_its_saved_result_or_is_refused(workspace, tmp_path):
    path = xlsx(tmp_path / "june.xlsx", [HEADINGS, ["3.10", "Jun-18", "=1+1"], ["3.12", "Jun-18", "=1/0"]])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    saved = sheet.replace("<f>1+1</f><v />", "<f>1+1</f><v>2</v>").replace("<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")
    assert saved != sheet
    plan = planned(workspace, with_parts(path, {"xl/worksheets/sheet1.xml": saved}))
    assert said(plan)[0] == ("new", "3.10", "2018-06", "", "2")
    assert reasons(plan) == [
        "june.xlsx, sheet 'June', cell C3: holds a formula whose result was not saved, and formulas are not worked out "
        "here. Expected a figure: open the file in a spreadsheet, save it and import it again."
    ]


def test_a_spreadsheets_error_is_no_empty_cell(workspace, tmp_path):
    plan = planned(workspace, xlsx(tmp_path / "june.xlsx", [HEADINGS, ["3.10", "Jun-18", "#REF!"]]))
    assert reasons(plan) == [
        "june.xlsx, sheet 'June', cell C2: cannot read '#REF!' as a number. Expected a number such as 550, 83% or "
        "1,544, or one of -, TBC, N/A."
    ]


def test_a_year_that_begins_in_1904(workspace, tmp_path):
    from openpyxl import Workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in [HEADINGS, ["3.10", date(2018, 6, 1), 5]]:
        book.active.append(row)
    book.save(tmp_path / "mac.xlsx")
    assert said(planned(workspace, tmp_path / "mac.xlsx")) == [("new", "3.10", "2018-06", "", "5")]


def test_a_workbook_whose_names_have_prefixes(workspace, tmp_path):
    path = xlsx(tmp_path / "june.xlsx", [HEADINGS, ["3.1", "Jun-18", 0.83]], {"C2": "0%"})
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    prefixed = sheet.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    plan = planned(workspace, with_parts(path, {"xl/worksheets/sheet1.xml": prefixed}))
    assert said(plan) == [("new", "3.1", "2018-06", "", "83%")]


WHOLE_FILES = {
    "june.pdf": (b"%PDF", "june.pdf: is of no kind that is read here. Expected a file that ends in .xlsx, .xlsm, .xls, "
                 ".ods, .csv, .tsv, .txt."),
    "empty.csv": (b"", "empty.csv: is empty. Ask for it again."),
    "blank.csv": (b"\n \n", "blank.csv: is empty. Ask for it again."),
    "mark.csv": (b"\xef\xbb\xbf", "mark.csv: is empty. Ask for it again."),
    "wide.csv": (" \n".encode("utf-16"), "wide.csv: is empty. Ask for it again."),
    "later.csv": (b'Return\n"CP 1.1;5\nCP 1.2;6\n', "later.csv: cannot be read as CSV (unexpected end of data). "
                  "Look for a quote that is not closed: the file may be cut off."),
    "page.xls": (b"<html><table>", "page.xls: is a web page, whatever its name says, or is cut off. Expected a "
                 "workbook. Open it in a spreadsheet and save it as .xlsx."),
    "text.xls": (b"Code\tMonth", "text.xls: is text, whatever its name says, or is cut off. Expected a workbook. "
                 "Open it in a spreadsheet and save it as .xlsx."),
    "picture.csv": (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "picture.csv: is not text in UTF-8, UTF-16 or Windows-1252, or "
                    "is no text at all. Expected a CSV file or a workbook. Open it in a spreadsheet and save it as "
                    "'CSV UTF-8'."),
    "quote.csv": (b'Code,Month,Value\n3.10,2018-06,"1', "quote.csv: cannot be read as CSV (unexpected end of data). "
                  "Look for a quote that is not closed: the file may be cut off."),
    "words.txt": (b"Dear all\nsee you", "words.txt: no heading row was found in the first 60 rows. Expected headings "
                  "such as Code, Month and Value, or a column for each month."),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.xls: is cut off or damaged (its records contradict each "
                "other). Ask for it again, or open it in a spreadsheet and save it."),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "EncryptedPackage".encode("utf-16-le"),
                    "locked.xlsx: is protected by a password. Save it without one and import it again."),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_a_wrong_file_is_refused(workspace, tmp_path, name):
    content, message = WHOLE_FILES[name]
    (tmp_path / name).write_bytes(content)
    assert refused(workspace, tmp_path / name) == message


def test_a_file_that_is_not_there(workspace, tmp_path):
    assert refused(workspace, tmp_path / "june.csv") == (
        "june.csv: cannot be opened: No such file or directory. Check its name and its permissions."
    )


def test_all_wrong_files_are_named_at_once(workspace, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_bytes(b"")
    assert refused(workspace, tmp_path / "a.csv", tmp_path / "b.csv").count("is empty") == 2


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_workbook_that_was_cut_off(workspace, tmp_path, kind, part):
    if kind == "xls":
        whole = (FILES / "return.xls").read_bytes()
    elif kind == "ods":
        whole = ods(
            tmp_path / "whole.ods", ["<table:table-row>" + ods_cell("x") + "</table:table-row>"] * 50
        ).read_bytes()
    else:
        whole = xlsx(tmp_path / "whole.xlsx", ROWS).read_bytes()
    path = tmp_path / f"june.{kind}"
    path.write_bytes(whole[: int(len(whole) * part)])
    assert refused(workspace, path).startswith(f"june.{kind}: is cut off or damaged (")


def test_other_archives(workspace, tmp_path):
    with zipfile.ZipFile(tmp_path / "june.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(workspace, tmp_path / "june.xlsx") == (
        "june.xlsx: is an archive and no workbook. Expected one of .xlsx, .xlsm, .xls, .ods, .csv, .tsv, .txt. "
        "Save it as .xlsx and import it again."
    )


def test_a_workbook_packed_by_a_later_program(workspace, tmp_path):
    path = tmp_path / "june.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    raw = path.read_bytes()
    place = raw.index(b"PK\x01\x02") + 6
    path.write_bytes(raw[:place] + b"\x63" + raw[place + 1 :])
    assert refused(workspace, path).startswith("june.xlsx: is cut off or damaged (zip file version 9.9)")


def test_a_link_to_another_file_refuses_what_rests_on_it(workspace, tmp_path):
    linked = (
        "has a formula that uses links to other files, or may rest on a cell that does, so it may be out of date. "
        "Expected a figure of this file: break the links (in Excel: Data, Edit links), save it and import it again."
    )
    assert reasons(planned(workspace, FILES / "links.xls")) == [f"links.xls, sheet 'June', cell C2: {linked}"]
    path = xlsx(tmp_path / "june.xlsx", [HEADINGS, ["3.10", "Jun-18", 5], ["3.11", "Jun-18", "=Work!A1"]])
    book = load_workbook(path)
    book.create_sheet("Work")["A1"] = "=[1]Src!A1"
    book.create_sheet("Free").append([*HEADINGS, "=1+1"])
    book["Free"].append(["3.12", "Jun-18", "=SUM(H1:H2)"])
    book.save(path)
    changed(path, "xl/workbook.xml", ' fullCalcOnLoad="1"', "")
    for part, formula in {1: "Work!A1", 2: "[1]Src!A1", 3: "SUM(H1:H2)"}.items():
        place = f"xl/worksheets/sheet{part}.xml"
        changed(path, place, f"<f>{formula}</f><v></v>", f"<f>{formula}</f><v>6</v>")
    with_parts(path, {"xl/externalLinks/externalLink1.xml": "<x/>"})
    plan = planned(workspace, path)
    assert reasons(plan) == [f"june.xlsx, sheet 'June', cell C3: {linked}"]
    assert said(plan)[0] == ("new", "3.10", "2018-06", "", "5")
    assert ("new", "3.12", "2018-06", "", "6") in said(plan)


def test_an_ods_workbook_with_links_to_other_files(workspace, tmp_path):
    kept = """<table:table table:name="'file:///x.ods'#$Src"><table:table-source xlink:href="file:///x.ods"/></table:table>"""
    five, june = 'office:value-type="float" office:value="5"', ods_cell("Jun-18")
    link = f"""{five} table:formula="of:=['file:///x.ods'#$Src.A1]\""""
    rows = [
        map(ods_cell, HEADINGS),
        (ods_cell("3.10"), june, ods_cell(5, five)),
        (ods_cell("3.11"), june, ods_cell(5, link)),
    ]
    xml = [f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows]
    path = ods(tmp_path / "june.ods", [*xml, f"</table:table>{kept.removesuffix('</table:table>')}"])
    plan = planned(workspace, path)
    assert said(plan)[0] == ("new", "3.10", "2018-06", "", "5")
    assert [reason.partition(":")[0] for reason in reasons(plan)] == ["june.ods, sheet 'June', cell C3"]
    path = ods(tmp_path / "june.ods", xml, before='<table:table-source xlink:href="file:///x.ods"/>')
    assert refused(workspace, path) == (
        "june.ods: has links to other files, so its figures may be out of date. "
        "Break the links (in Excel: Data, Edit links), save it and import it again."
    )


def test_a_line_with_other_cells_than_its_headings(workspace, tmp_path):
    (tmp_path / "june.csv").write_text("Code,Month,Value\n3.10,2018-06,1,544\n3.11,2018-06,5\n3.12,2018")
    assert reasons(planned(workspace, tmp_path / "june.csv")) == [
        "june.csv, cell A2: '3.10,2018-06,1,544' has 4 cells under 3 headings. Expected one cell for each: put "
        "quotes around a text that holds a comma.",
        "june.csv, cell A4: '3.12,2018' has 2 cells under 3 headings: the file may be cut off. Expected a cell for "
        "each heading, empty ones too.",
    ]


def test_sheets_that_hold_no_figures_are_left_out_and_named(workspace, tmp_path):
    from openpyxl import load_workbook

    path = xlsx(tmp_path / "june.xlsx", [HEADINGS, ["3.10", "Jun-18", 5]])
    book = load_workbook(path)
    book.create_sheet("About").append(["Ask Ann"])
    book.create_sheet("Empty")
    book.create_sheet("Old").append(HEADINGS)
    book["Old"].sheet_state = "hidden"
    book.save(path)
    plan = planned(workspace, path)
    assert said(plan) == [("new", "3.10", "2018-06", "", "5")]
    assert plan.remarks == [
        "june.xlsx, sheet 'Old': is hidden, so it was left out.",
        "june.xlsx, sheet 'About': has no table of figures, so it was left out.",
    ]


def test_an_old_workbook_that_stops_its_reader_stops_nothing_else(monkeypatch):
    with pytest.raises(ValueError, match=r"^its records contradict each other$"):
        xls_reader.read_apart(b"no workbook", "june.xls")
    monkeypatch.setattr(xls_reader, "SECONDS", 0.001)
    with pytest.raises(ValueError, match=r"^it cannot be read in good time$"):
        xls_reader.read_apart(b"no workbook", "june.xls")


@pytest.mark.skipif(os.name != "posix", reason="needs pipes and devices")
@pytest.mark.parametrize(("kind", "make"), [("pipe", os.mkfifo), ("device", lambda at: at.symlink_to("/dev/zero"))])
def test_what_is_no_file_holds_nobody_up(workspace, tmp_path, kind, make):
    make(tmp_path / "june.csv")
    with pytest.raises(InputError, match=rf"^june\.csv is a {kind}\. Expected a file"):
        planned(workspace, tmp_path / "june.csv")
