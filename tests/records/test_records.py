"""Records: read, checked and chased by their tables, shown wherever an indicator is, and nowhere without a row."""

import json
from datetime import date

import openpyxl
import pytest

from mpr_lib.annexes import brought
from mpr_lib.book import Workspace, history_of, read_book
from mpr_lib.book.book import scored
from mpr_lib.checks import delivered, run_checks
from mpr_lib.errors import InputError
from mpr_lib.records.records import COLUMNS
from mpr_lib.report import Report
from tests.helpers import SMALL, cases, needs, small_workspace

RECORDS = "data/records.csv"
HEAD = ",".join(COLUMNS) + "\n"
WHOLE = (
    "3.1,outcome,Street lights that are lit,Lit at 9 pm over all,Night patrol,Head of Roads,One patrol a month,"
    "quarterly,2018-03-31\n"
)


def book_of(folder, records, changes=None):
    return read_book(Workspace(small_workspace(folder, {RECORDS: HEAD + records, **(changes or {})})), "2018-05")


@pytest.mark.parametrize("case", cases("records_gaps.csv"))
def test_gaps_are_waited_for(tmp_path, case):
    row = f"3.1,,{case['definition']},,,{case['data_owner']},,{case['checked_every']},{case['last_checked']}\n"
    waiting = brought("waits")["records"](book_of(tmp_path, row), date.fromisoformat(case["today"]))
    others = ("Performance team", "", "a record in data/records.csv of 3.10", False)
    own = [("No officer stated", "3.1", case["gaps"], False)] * bool(case["gaps"])
    assert waiting == [*own, others]


@pytest.mark.parametrize("case", cases("records_spoiled.csv"))
def test_what_a_record_cannot_say_is_found(tmp_path, case):
    book = book_of(tmp_path, WHOLE + case["row"])
    history = history_of(book)
    asked = [each for each in delivered() if each.batch == "records"]
    found = run_checks(book, scored(book, history)[0], history, expectations=asked).findings
    assert [each.message for each in found] == [case["message"]]


def test_headings_that_are_not_those_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"^data/records.csv lacks the column 'kind'"):
        read_book(Workspace(small_workspace(tmp_path, {RECORDS: HEAD.replace("kind", "sort")})), "2018-05")


def shown(report):
    """What the cards' disclosure says, as terms and words."""
    found = [child for card in report.detail().blocks for child in card.get("children", ())
             if child.get("summary") == "About this indicator"]  # fmt: skip
    return [{item["term"]: item["cell"]["text"] for item in each["children"][0]["items"]} for each in found]


RED = {"data/returns/2018-05.csv": SMALL["data/returns/2018-05.csv"].replace("97%", "50%")}


def test_a_card_and_the_cover_say_what_is_filled_in(tmp_path):
    report = Report(book_of(tmp_path, WHOLE + "3.10,,Mended,,,,,,\n", RED))
    assert shown(report) == [{
        "What it measures": "An outcome", "Definition": "Street lights that are lit", "Formula": "Lit at 9 pm over all",
        "Taken from": "Night patrol", "Data owner": "Head of Roads", "Limits": "One patrol a month",
        "Checked": "Every quarter, last on 31 March 2018",
    }]  # fmt: skip
    assert report.cover().blocks[0]["notes"] == ["Of 2 indicators, one measures an outcome; of one that is not said."]


def test_records_are_open_data_and_a_worksheet(tmp_path):
    book = book_of(tmp_path / "workspace", WHOLE + "3.10,output,=1+1,,,,,,2018-05-01\n")
    history = history_of(book)
    scorecard, points = scored(book, history)
    for name in ("records", "open_data"):
        brought("publishes")[name](book, scorecard, history, points, "2018-06-21T11:59:00", tmp_path)
    assert (tmp_path / "records.csv").read_text(encoding="utf-8").splitlines() == [
        HEAD.strip(), WHOLE.strip().replace("outcome", "OUTCOME").replace("quarterly", "QUARTERLY"),
        "3.10,OUTPUT, =1+1,,,,,,2018-05-01",
    ]  # fmt: skip
    resource = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))["resources"][-1]
    assert (resource["name"], [each["name"] for each in resource["schema"]["fields"]]) == ("records", COLUMNS)
    sheet = openpyxl.load_workbook(tmp_path / "scorecard.xlsx")["Records"]
    assert [cell.value for cell in sheet[4]][:3] == ["3.1", "An outcome", "Street lights that are lit"]
    assert "records.csv" in str(Report(book).provenance().blocks)


@pytest.mark.parametrize("files", [{}, {RECORDS: HEAD}], ids=["no file", "headings alone"])
def test_without_a_row_nothing_is_said(tmp_path, files):
    book = read_book(Workspace(small_workspace(tmp_path / "workspace", RED | files)), "2018-05")
    history = history_of(book)
    scorecard, points = scored(book, history)
    brought("publishes")["records"](book, scorecard, history, points, "", tmp_path)
    report = Report(book)
    assert (shown(report), report.cover().blocks[0]["notes"]) == ([], [])
    assert (brought("sheets")["records"](book, scorecard), brought("waits")["records"](book, date.today())) == ({}, [])
    assert not (tmp_path / "records.csv").exists()
    assert "records.csv" not in str(report.provenance().blocks)


@needs("public")
@pytest.mark.parametrize(("settings", "there"), [("", False), ("public:\n  also: [records]\n", True)])
def test_the_public_edition_has_them_where_the_settings_say_so(tmp_path, settings, there):
    from mpr_lib.public.edition import make_public

    changes = {RECORDS: HEAD + WHOLE, "params/report.yml": SMALL["params/report.yml"] + settings}
    place = Workspace(small_workspace(tmp_path / "workspace", changes))
    edition, _ = make_public(place, "2018-05", tmp_path / "edition")
    assert (edition.root / RECORDS).exists() == there
    assert len(read_book(edition, "2018-05").annexes["records"]) == there


@needs("start")
def test_a_new_council_gets_the_headings():
    assert brought("begins")["records"]("2018-05") == {RECORDS: HEAD}
