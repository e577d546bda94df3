"""Approvals: rows that count while what was approved is as it was, what waits for them, and a trail that is kept."""

import json
import os
import re
from datetime import date

import pytest
from typer.testing import CliRunner

from mpr_lib.approvals.approvals import COLUMNS, NAME, explain, of_comment, record, waits
from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, run_checks
from mpr_lib.errors import InputError, RunError
from mpr_lib.run import cli
from tests.helpers import SMALL, cases, needs, small_workspace

COMMENT, WORDS = "data/commentary/2018-05/3-1.md", "More lamps are lit.\n"
ROWS = ",".join(COLUMNS) + "\n"
OURS = [each for each in delivered() if each.batch.startswith("approvals")]
DAY = date(2018, 6, 11)


def made(folder, settings="", comment=WORDS, **others):
    changes = {COMMENT: comment, "params/report.yml": SMALL["params/report.yml"] + settings}
    return Workspace(small_workspace(folder, {**changes, **others}))


def book_of(place):
    return read_book(place, "2018-05")


def findings(place, alone=""):
    book = book_of(place)
    asked = [each for each in delivered() if each.name == alone] if alone else OURS
    return run_checks(book, scorecard_of(book), history_of(book), expectations=asked).findings


def approve(place, *arguments):
    return CliRunner().invoke(cli.app, ["approve", "2018-05", "--workspace", str(place.root), *arguments])


def approved(place, *arguments):
    found = approve(place, "--role", "Head of Roads", "--today", "2018-06-11", *arguments)
    assert found.exit_code == 0, found.output
    return found.stdout


def row(what, code, mark, role="Head of Roads"):
    return f"{what},{code},2018-05,{mark},{role},2018-06-11\n"


@pytest.mark.parametrize("case", cases("approvals_spoiled.csv"))
def test_a_spoiled_row_is_found(tmp_path, case):
    rows = case["rows"].replace("|", "\n").replace("WORDS", of_comment(WORDS)) + "\n"
    found = findings(made(tmp_path, **{NAME: ROWS + rows}), case["expectation"])
    of_case = [each.message for each in found if each.expectation == case["expectation"]]
    assert of_case[:1] == ([case["message"]] if case["expectation"] else [])
    if not case["expectation"]:
        assert [each for each in found if each.expectation != "figures_are_approved"] == []


def test_a_draft_is_shown_approved_and_void_once_it_is_changed(tmp_path):
    place = made(tmp_path, comment=f"---\nstate: draft\n---\n{WORDS}")
    assert approve(place).stdout == (
        "3.1\tMore lamps are lit.\tit is a draft\n"
        "Nothing is approved yet. To approve what is shown, say in which role: --role 'Head of HR'.\n"
    )
    assert not (tmp_path / NAME).exists()
    assert approved(place).endswith("May 2018: 1 approval recorded in data/approvals.csv.\n")
    assert (tmp_path / NAME).read_text() == ROWS + row("comment", "3.1", of_comment(WORDS))
    assert (
        tmp_path / COMMENT
    ).read_text() == f"---\nstate: approved\nrole: Head of Roads\ndate: 2018-06-11\n---\n{WORDS}"
    assert list(book_of(place).commentary["unapproved"]) == [""]
    assert findings(place) == findings(place, "comment_is_approved") == []
    named = CliRunner().invoke(cli.app, ["approve", "--month", "2018-05", "3-1", "--workspace", str(place.root)])
    assert named.stdout.startswith("3.1\tMore lamps are lit.\t\n")
    assert approved(place, "3-1").endswith("Approved already, so nothing was recorded.\n")
    (tmp_path / COMMENT).write_text((tmp_path / COMMENT).read_text().replace("More", "Some"))
    assert [each.expectation for each in findings(place)] == ["approval_still_fits"]
    (told,) = findings(place, "comment_is_approved")
    assert (told.severity, told.indicator_code, told.file) == ("warning", "3.1", COMMENT)
    assert list(book_of(place).commentary["mark"]) == ["CHANGED"]
    assert explain(book_of(place)) == []


def test_figures_are_approved_as_they_stand(tmp_path):
    place = made(tmp_path, "approval: [figures]\npublish_unapproved: refuse\n")
    assert [(each.indicator_code, each.severity) for each in findings(place)] == [
        ("3.1", "critical"),
        ("3.10", "critical"),
    ]
    assert "3.10\t210 (2018-05)\tnobody has approved it yet\n" in approved(place, "--what", "figures")
    assert findings(place) == []
    assert [each["what"] for each in explain(book_of(place))] == ["figures", "figures"]
    path = tmp_path / "data/returns/2018-04.csv"
    path.write_text(path.read_text().replace("96%", "95%"))
    void, told = sorted(findings(place), key=lambda each: each.expectation)
    assert (void.expectation, void.severity, void.row) == ("approval_still_fits", "warning", 2)
    assert told.message == (
        "data/approvals.csv (3.1, May 2018): the figures are not approved: changed since it was approved. Expected an "
        "approval of the figures as they stand."
    )
    assert told.readers == "The figure is not yet approved."


@pytest.mark.parametrize(
    ("publish", "severity", "readers"),
    [("refuse", "critical", True), ("mark", "warning", True), ("allow", "info", False)],
)
def test_the_settings_say_what_becomes_of_what_is_not_approved(tmp_path, publish, severity, readers):
    place = made(tmp_path, f"approval: [comments, figures]\npublish_unapproved: {publish}\n")
    (comment,) = findings(place, "comment_is_approved")
    assert comment.severity == severity
    assert comment.said == (
        f"{COMMENT} (3.1, May 2018): nobody has approved the comment, and approval is required. Expected a comment "
        f"that is approved. Ask the indicator's officer. To approve {COMMENT}: mpr approve, or the desk; "
        "publish_unapproved in params/report.yml says what becomes of it until then."
    )
    found = findings(place, "figures_are_approved")
    assert {(each.severity, bool(each.readers), bool(each.chip)) for each in found} == {(severity, readers, readers)}


def test_what_says_that_it_is_approved_and_has_no_row_is_told_where_approval_is_required(tmp_path):
    place = made(tmp_path, "approval: required\n", f"---\nstate: approved\n---\n{WORDS}")
    assert [(each.expectation, each.file) for each in findings(place)] == [("approval_is_recorded", COMMENT)]
    approved(place)
    assert findings(place) == []
    assert findings(made(tmp_path / "other", comment=f"---\nstate: approved\n---\n{WORDS}")) == []


def test_what_waits_for_whom(tmp_path):
    described = SMALL["data/indicators.csv"].replace("SAFE,,,,", "SAFE,,,Ada A,")
    place = made(tmp_path, "approval: [comments, figures]\n", **{"data/indicators.csv": described})
    assert {(each.who, each.indicator_code, each.what, each.is_owed) for each in waits(book_of(place), DAY)} == {
        ("Ada A", "3.1", "approval of the comment: nobody has approved it yet", True),
        ("Ada A", "3.1", "approval of the figures: nobody has approved it yet", True),
        ("Ada A", "3.10", "approval of the figures: nobody has approved it yet", True),
    }
    approved(place, "--what", "figures")
    approved(place)
    (tmp_path / COMMENT).write_text("Fewer lamps.\n")
    assert [tuple(each) for each in waits(book_of(place), DAY)] == [
        ("Head of Roads", "3.1", "approval of the comment: changed since it was approved", True)
    ]


@needs("owed")
def test_status_lists_it(tmp_path):
    place = made(tmp_path, comment=f"---\nstate: draft\n---\n{WORDS}")
    found = CliRunner().invoke(cli.app, ["status", "2018-05", "--workspace", str(tmp_path)])
    assert found.exit_code == 1
    assert "\t3.1\tapproval of the comment: it is a draft\n" in found.stdout
    (place.root / COMMENT).write_text(WORDS)
    assert CliRunner().invoke(cli.app, ["status", "2018-05", "--workspace", str(tmp_path)]).exit_code == 0


def test_a_row_that_a_published_manifest_names_may_not_go(tmp_path):
    place = made(tmp_path)
    approved(place)
    manifest, public = (tmp_path / "outputs" / name / "manifest.json" for name in ("2018-04", "public/2018-04"))
    for path in (manifest, public):
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"approvals": explain(book_of(place))}))
    assert findings(place) == []
    (tmp_path / NAME).write_text(ROWS)
    (gone,) = findings(place)
    assert (gone.expectation, gone.severity) == ("approval_is_kept", "critical")
    assert gone.message == (
        "data/approvals.csv (3.1): the approval by Head of Roads, 2018-06-11: the comment of 2018-05, which a "
        "published manifest names, is gone. Expected rows to be added, and none taken out."
    )
    manifest.write_text("[1")
    assert findings(place) == [gone]
    public.write_text("{}")
    assert findings(place) == []


def test_rows_are_added_as_the_file_has_them(tmp_path):
    before = "date,role,what,fingerprint,month,indicator_code\r\n2018-06-01,A,comment,ab,2018-05,3.1"
    place = made(tmp_path, **{NAME: before})
    assert record(place, book_of(place).month, "comment", {"3.1": WORDS}, " Head\nof, Roads ", DAY) == 1
    added = f'2018-06-11,"Head of, Roads",comment,{of_comment(WORDS)},2018-05,3.1'
    assert (tmp_path / NAME).read_bytes().decode() == f"{before}\r\n{added}\r\n"


def test_what_is_not_there_or_another_by_now_is_not_approved(tmp_path):
    place = made(tmp_path, **{NAME: ROWS})
    found = approve(place, "3.10", "--role", "A")
    assert (found.exit_code, found.stderr) == (1, "'3.10' has no comment in the report of May 2018 to approve.\n")
    with pytest.raises(InputError, match=r"^The comment of 3\.1 changed meanwhile\. Nothing was approved\."):
        record(place, book_of(place).month, "comment", {"3.1": "Lit."}, "A", DAY)
    with pytest.raises(InputError, match=r"^Say in which role you approve this"):
        record(place, book_of(place).month, "comment", {"3.1": WORDS}, " \t", DAY)
    assert (tmp_path / NAME).read_text() == ROWS
    (tmp_path / NAME).write_text("what,when\n")
    assert "lacks the column 'indicator_code'" in approve(place, "--role", "A").stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes where it may not")
def test_a_file_that_may_not_be_written_is_named(tmp_path):
    place = made(tmp_path, **{NAME: ROWS})
    (tmp_path / "data").chmod(0o500)
    with pytest.raises(RunError, match=r"^The approval could not be written"):
        record(place, book_of(place).month, "comment", {"3.1": WORDS}, "A", DAY)
    (tmp_path / "data").chmod(0o700)


@needs("desk")
def test_the_desk_records_what_it_approves_and_a_change_there_makes_it_void(tmp_path):
    from mpr_lib.desk.desk import Desk

    place = made(tmp_path)
    desk = Desk(tmp_path, "2018-05")
    saved = desk.save("3.1", "Lamps.", desk.open("3.1").comment.version, "Head of Roads", approve=True)
    assert (tmp_path / NAME).read_text() == ROWS + row("comment", "3.1", of_comment("Lamps.")).replace(
        "2018-06-11", date.today().isoformat()
    )
    assert findings(place) == []
    path = tmp_path / COMMENT
    path.write_text(path.read_text().replace("Lamps", "Lights"))
    desk.turn_to("2018-05")
    assert (desk.open("3.1").comment.state, desk.open("3.1").state) == ("approved", "DRAFT")
    saved = desk.save("3.1", "Lights.", desk.open("3.1").comment.version, "Head of Roads", approve=True)
    assert (desk.open("3.1").state, findings(place)) == ("APPROVED", [])
    desk.save("3.1", "Lanterns.", saved.version)
    assert [each.expectation for each in findings(place)] == ["approval_still_fits"]
    assert list(book_of(place).commentary["unapproved"]) == ["DRAFT"]


@needs("public")
def test_the_public_edition_is_marked_and_names_no_approval_of_what_it_withholds(tmp_path):
    from mpr_lib.public.edition import make_public

    hidden = {
        "data/commentary/2018-05/3-10.md": "---\npublic: false\n---\nHoles.\n",
        "data/returns/2018-05.csv": SMALL["data/returns/2018-05.csv"].replace("97%", "67%").replace("210", "110"),
    }
    place = made(tmp_path / "own", "approval: required\n", **hidden)
    approved(place)
    copy, _ = make_public(place, "2018-05", tmp_path / "copy")
    assert [each["indicator_code"] for each in explain(book_of(copy))] == ["3.1"]
    assert findings(copy) == []
    assert scorecard_of(book_of(copy))["comment_mark"].tolist() == ["", ""]
    (place.root / COMMENT).write_text("Fewer.\n")
    copy, _ = make_public(place, "2018-05", tmp_path / "again")
    assert scorecard_of(book_of(copy))["comment_mark"].tolist() == ["CHANGED", ""]


@pytest.mark.slow
@needs("word")
@needs("committees")
@needs("open_data")
def test_every_form_says_it_and_the_manifest_names_who_approved_what(tmp_path):
    import zipfile

    import openpyxl
    import pypdf

    from mpr_lib.run.month import run_month

    described = SMALL["data/indicators.csv"].replace("SAFE,,,,", "SAFE,,,,Roads", 1)
    low = SMALL["data/returns/2018-05.csv"].replace("97%", "67%").replace("210", "110")
    other = {"data/commentary/2018-05/3-10.md": "Holes.\n", "data/indicators.csv": described}
    place = made(
        tmp_path, "docx: true\n", f"---\nstate: draft\n---\n{WORDS}", **other, **{"data/returns/2018-05.csv": low}
    )
    approved(place, "3.10")
    found = run_month(tmp_path, "2018-05", committees=["Roads"]).folder
    said, seen = "Draft: not yet approved.", {}
    for path in (found / "report.html", found / "committees/roads/report.html", found / "scorecard.csv"):
        seen[path] = path.read_text()
    for path in (found / "report.pdf", found / "committees/roads/report.pdf"):
        seen[path] = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    seen["docx"] = zipfile.ZipFile(found / "report.docx").read("word/document.xml").decode()
    sheets = openpyxl.load_workbook(found / "scorecard.xlsx").worksheets
    seen["xlsx"] = str([cell.value for sheet in sheets for cells in sheet for cell in cells])
    plain = {name: " ".join(re.sub("<[^>]+>|\u200b", "", text).split()) for name, text in seen.items()}
    assert [str(name) for name, text in plain.items() if said not in text] == []
    (named,) = json.loads((found / "manifest.json").read_text())["approvals"]
    assert (named["what"], named["indicator_code"], named["role"]) == ("comment", "3.10", "Head of Roads")
