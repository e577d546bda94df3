"""What is wrong with a finance report, with a rate's parts or with a comparison: found, worded and placed."""

import shutil

import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, run_checks
from mpr_lib.errors import InputError
from tests.helpers import TESTS, cases

OURS = [each for each in delivered() if each.name.startswith("finance_")]
OTHERS = ("cell_is_readable", "comparison_can_be_made", "rate_follows_from_its_parts")
OURS += [each for each in delivered() if each.name in OTHERS]
USUAL = {"finance_exception_has_commentary"}


@pytest.fixture
def northmoor(tmp_path):
    return shutil.copytree(TESTS / "councils" / "northmoor", tmp_path / "northmoor")


def change(path, found, put):
    text = path.read_text(encoding="utf-8")
    assert text.count(found) >= 1, found
    path.write_text(text.replace(found, put, 1), encoding="utf-8")


def findings(folder, month="2024-09", alone=""):
    """Findings of the expectations that concern finance, or of one of them."""
    book = read_book(Workspace(folder), month)
    asked = [each for each in OURS if alone in ("", each.name)]
    return run_checks(book, scorecard_of(book), history_of(book), expectations=asked).findings


@pytest.mark.parametrize("case", cases("finance_spoiled.csv"))
def test_a_spoiled_finance_file_is_found(northmoor, case):
    if case["file"]:
        change(northmoor / "data" / "finance" / "2024-09" / case["file"], case["found"], case["put"])
    found = findings(northmoor, alone=case["expectation"])
    unusual = [each for each in found if each.expectation not in USUAL]
    of_case = [each.message for each in unusual if each.expectation == case["expectation"]]
    assert of_case[:1] == ([case["message"]] if case["expectation"] else [])
    if not case["expectation"]:
        assert unusual == []


def test_a_total_may_be_out_by_what_rounding_explains(northmoor):
    path = northmoor / "data" / "finance" / "2024-09" / "capital.csv"
    path.write_text("scheme,budget,forecast\nA,£1.2m,£1m\nB,£1.3m,£1m\nTotal,£2.6m,£2m\n", encoding="utf-8")
    assert findings(northmoor, alone="finance_total_adds_up") == []
    path.write_text("scheme,budget,forecast\nA,£1.2m,£1m\nB,£1.3m,£1m\nTotal,£2.7m,£2m\n", encoding="utf-8")
    (found,) = findings(northmoor, alone="finance_total_adds_up")
    assert found.message == (
        "data/finance/2024-09/capital.csv row 4, column budget (September 2024): the stated total is £2,700,000, "
        "the lines add up to £2,500,000. Expected them to agree."
    )


def test_serious_lines_without_words_are_named(northmoor):
    said = [each.message for each in findings(northmoor, alone=min(USUAL))]
    assert said[0] == (
        "data/finance/2024-09/capital.md (September 2024): nothing is said about Depot, beyond budget, target, minimum "
        "or limit. Expected commentary."
    )
    assert len(said) == 3


def test_a_month_that_should_have_a_finance_report_and_has_none_is_found(northmoor):
    shutil.rmtree(northmoor / "data" / "finance" / "2024-09")
    (found,) = findings(northmoor)
    assert (found.expectation, found.severity) == ("finance_report_is_given", "warning")
    assert found.message == (
        "data/finance/2024-09 (September 2024): there is no finance table, though this month's report has a finance "
        "section. Expected at least revenue.csv."
    )


def test_finance_files_of_a_month_without_finance_section_are_found(northmoor):
    shutil.copytree(northmoor / "data" / "finance" / "2024-09", northmoor / "data" / "finance" / "2024-10")
    found = findings(northmoor, "2024-10")
    assert {each.expectation for each in found} == {"finance_file_is_reported"}
    assert len(found) == 7


def test_a_file_that_is_no_part_of_a_finance_report_is_refused(northmoor):
    (northmoor / "data" / "finance" / "2024-09" / "revenues.csv").write_text("service\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_book(Workspace(northmoor), "2024-09")
    assert str(refused.value) == (
        "data/finance/2024-09/revenues.csv is no part of a finance report. Expected revenue, capital, savings, "
        "reserves, treasury as .csv, and these or summary as .md."
    )


def test_a_rate_that_its_parts_do_not_make_is_found(northmoor):
    change(northmoor / "data" / "returns" / "2024-09.csv", "61.5%,,615,", "61.5%,,651,")
    (found,) = [each for each in findings(northmoor) if each.expectation == "rate_follows_from_its_parts"]
    assert found.message == (
        "data/returns/2024-09.csv row 5, column value (SW 1, August 2024): '61.5%' does not follow from its parts: "
        "651 of 1,000 make 65.1. Expected the three to agree."
    )


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        ("HC 2,2024-03", "HC 9,2024-03", "(HC 9, March 2024): 'HC 9' is no indicator's code."),
        ("HC 2,2024-03", "HC 2,", "(HC 2): there is no month."),
        ('England,"2,010"', ',"2,010"', "(HC 2, March 2024): it does not say whose figure this is."),
        ('"2,010"', "TBC", "(HC 2, March 2024): there is no figure."),
        ('"2,010"', "2010%", "(HC 2, March 2024): '2010%' is in another unit than the indicator, whose unit"),
        ("SW 2,2024-07", "SW 2,2024-06", "(SW 2, June 2024): England is given more than once for this month."),
    ],
)
def test_a_comparison_that_cannot_be_made_is_found(northmoor, found, put, said):
    change(northmoor / "data" / "comparisons.csv", found, put)
    wrong = [each for each in findings(northmoor) if each.expectation == "comparison_can_be_made"]
    assert wrong[0].severity == "critical"
    assert said in wrong[0].message


@pytest.mark.parametrize(
    ("announced", "found"), [("2024-08", True), ("2024-09", True), ("2024-10", False), ("", False)]
)
def test_the_finance_report_that_is_announced_is_a_later_months(northmoor, announced, found):
    name = "finance_next_is_later"
    settings = northmoor / "params" / "2024-09.yml"
    settings.write_text("month: 2024-09\n" + f"finance_next: {announced}\n" * bool(announced))
    assert [each for each in findings(northmoor) if each.expectation == name] == [], "the month has one of its own"
    change(northmoor / "params" / "report.yml", "finance_months: [6, 9, 12, 3]", "finance_months: [12]")
    said = [each.message for each in findings(northmoor) if each.expectation == name]
    month = {"2024-08": "August 2024"}.get(announced, "September 2024")
    assert said == found * [
        f"params/2024-09.yml: the report for September 2024 would announce the finance report of {month} as the next. "
        "Expected a month after September 2024."
    ]
