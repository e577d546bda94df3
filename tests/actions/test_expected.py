"""What is wrong with data/actions.csv and data/questions.csv: found by row, worded and placed."""

import pytest

from mpr_lib.actions.recorded import ACTIONS, QUESTIONS
from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, run_checks
from tests.helpers import SMALL, small_workspace, table

OURS = [each for each in delivered() if each.batch in ("actions", "questions")]
COLUMNS = {"actions": ACTIONS, "questions": QUESTIONS}


def findings(rows, folder):
    """What is found where each file has those rows, by the file and row at fault."""
    lines = {name: [",".join(columns), *(each["row"] for each in rows if each["file"] == name)]
             for name, columns in COLUMNS.items()}  # fmt: skip
    committees = "committees:\n  - name: Roads\n    spellings: [Roads Scrutiny]\n"
    files = {f"data/{name}.csv": "\n".join(each) + "\n" for name, each in lines.items()}
    files["params/report.yml"] = SMALL["params/report.yml"] + committees
    book = read_book(Workspace(small_workspace(folder, files)), "2018-05")
    history = history_of(book)
    found = run_checks(book, scorecard_of(book, history), history, expectations=OURS).findings
    return {(each.file, each.row, each.expectation): each for each in found}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return findings(table("cases", "actions_spoiled.csv"), tmp_path_factory.mktemp("spoiled"))


@pytest.mark.parametrize("name", COLUMNS)
def test_each_row_has_its_finding_and_no_other(found, name):
    rows = [each for each in table("cases", "actions_spoiled.csv") if each["file"] == name]
    said = {}
    for (file, row, expectation), each in found.items():
        if file == f"data/{name}.csv":
            said.setdefault(row, []).append((expectation, each.message))
    wanted = {number: [(row["expectation"], row["message"])]
              for number, row in enumerate(rows, start=2) if row["expectation"]}  # fmt: skip
    assert said == wanted


def test_every_entry_has_its_row_and_readers_are_told_of_none():
    assert {each.name for each in OURS} == {each["expectation"] for each in table("cases", "actions_spoiled.csv")} - {
        ""
    }
    assert not any(each.readers for each in OURS)


def test_without_the_files_and_with_headings_alone_nothing_is_found(tmp_path):
    assert findings([], tmp_path) == {}
