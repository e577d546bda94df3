"""What nobody reads is said, and so is what no report will ever use."""

import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import run_checks
from tests.helpers import SMALL, small_workspace, with_line

JUDGED = "indicator_code,month,until,expected_outcome,reason,role,date\n"
STEPS = "indicator_code,month,reason,role,date,reported_from\n"
INDICATORS = "data/indicators.csv"
LISTED = "departments: [Place]\ncommittees:\n  - name: Place Scrutiny\n"


def found(folder, changes, *names):
    book = read_book(Workspace(small_workspace(folder, changes)), "2018-05")
    history = history_of(book)
    quality = run_checks(book, scorecard_of(book, history), history)
    return [each for each in quality.findings if each.expectation in names]


def described(**cells):
    """indicators.csv with other cells in the first row."""
    heading, first, *rest = SMALL[INDICATORS].splitlines()
    row = dict(zip(heading.split(","), first.split(","), strict=True)) | cells
    return {INDICATORS: "\n".join([heading, ",".join(row.values()), *rest]) + "\n"}


UNREAD = {
    "data/commentary/2018-05/3-1.MD": "Rename it to 3-1.md.",
    "data/commentary/2018-05/3-1.txt": "nothing reads it. Expected names such as",
    "data/commentary/2018-05/sub/3-1.md": "nothing reads it.",
    "data/commentary/3-1.md": "nothing reads it.",
    "data/commentary/May 2018/3-1.md": "nothing reads it.",
    "data/returns/2018-05.v1.1.csv": "To count it, list its version under corrections in params/2018-05.yml.",
    "data/returns/2018-05.xlsx": "A workbook is imported: mpr import.",
    "data/Step_Changes.csv": "Rename it to step_changes.csv.",
    "data/target.csv": "nothing reads it.",
    "params/2018-06.yaml": "nothing reads it.",
    "params/Report.yml.bak": "nothing reads it.",
}
READ_BY_OTHERS = (
    "data/README.md", "data/.hidden", "data/~$returns.xlsx", "params/2018-06.yml", "data/returns/2018-06.csv",
    "data/commentary/2018-04/3-1.md", "data/public_matches.csv", "data/finance/2018-06/revenue.csv", "data/.git/config",
)  # fmt: skip


def test_a_file_that_nothing_reads_is_named_and_no_other(tmp_path):
    folder = "data/imports.yml/x.txt"
    changes = dict.fromkeys([*UNREAD, *READ_BY_OTHERS, folder], "x")
    said = {each.file: each.message for each in found(tmp_path, changes, "file_is_read")}
    assert sorted(said) == sorted([*UNREAD, "data/imports.yml", folder])
    assert [name for name, expected in UNREAD.items() if expected not in said[name]] == []
    assert "It is a folder: expected a file." in said["data/imports.yml"]


@pytest.mark.parametrize(
    ("changes", "name", "expected"),
    [
        (described(short_name=""), "short_name_is_given", "the indicator has no name"),
        (described(year_introduced="2050"), "year_is_likely", "'2050' is no likely year"),
        (described(year_introduced="19"), "year_is_likely", "is no likely year"),
        (described(department="Plaice"), "department_is_known", "Did you mean 'Place'?"),
        (described(scrutiny_committee="Ada Ames"), "committee_is_known", "'Ada Ames' is not among the committees"),
        (with_line("data/judgements.csv", "3.1,2050-01,,AT_RISK,A reason,Head,2018-06-01"), "month_is_likely",
         "no report will use the judgement before January 2050"),
        ({"data/step_changes.csv": f"{STEPS}3.1,2050-01,Lamps,Head,2018-06-01,\n"}, "month_is_likely",
         "no report will use the step before January 2050"),
        ({"data/judgements.csv": JUDGED + "".join(
            f"3.1,2018-05,,{each},A reason,Head,2018-06-01\n" for each in ("AT_RISK", "ON_COURSE"))},
         "judgements_agree", "another judgement of the same date says otherwise"),
    ],
)  # fmt: skip
def test_what_can_hardly_be_meant_is_said(tmp_path, changes, name, expected):
    settings = {"params/report.yml": SMALL["params/report.yml"] + LISTED}
    (first, *_) = found(tmp_path, settings | changes, name)
    assert expected in first.message
    assert first.severity == "warning"


def test_what_is_meant_is_not_said(tmp_path):
    settings = {"params/report.yml": SMALL["params/report.yml"] + LISTED}
    judged = JUDGED + "3.1,2018-05,,AT_RISK,A reason,Head,2018-06-01\n3.1,2018-05,,ON_COURSE,Better,Head,2018-06-09\n"
    changes = described(department="Place", scrutiny_committee="Place Scrutiny", year_introduced="2019")
    names = ("department_is_known", "committee_is_known", "year_is_likely", "month_is_likely", "judgements_agree")
    assert found(tmp_path, settings | changes | {"data/judgements.csv": judged}, *names) == []
