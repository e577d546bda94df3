"""Figures that come as a numerator and a denominator: computed where nothing else came, by their table of cases."""

import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, run_checks
from mpr_lib.report import Report
from tests.helpers import SMALL, cases, same, small_workspace

MAY, INDICATORS = "data/returns/2018-05.csv", "data/indicators.csv"
HEAD = "indicator_code,month,value,note,numerator,denominator,provisional\n"
FIGURES = ["number", "value_text", "computed_from", "no_value_reason"]


def book_of(folder, returns, indicators=SMALL[INDICATORS], month="2018-05"):
    files = {name: HEAD + text for name, text in returns.items()} | {INDICATORS: indicators}
    return read_book(Workspace(small_workspace(folder, files)), month)


@pytest.mark.parametrize("case", cases("computed_parts.csv"))
def test_a_figure_is_what_its_parts_make_where_nothing_else_came(tmp_path, case):
    indicators = SMALL[INDICATORS].replace("SNAPSHOT,%,1", f'SNAPSHOT,"{case["unit"]}",{case["decimals"]}')
    returned = f'3.1,2018-05,{case["value"]},,"{case["numerator"]}","{case["denominator"]}",\n'
    row = book_of(tmp_path, {MAY: returned}, indicators).values.set_index("month").loc["2018-05"]
    assert same(row["number"], case["number"])
    assert row["value_text"] == case["text"] or not case["number"]
    assert (row["computed_from"], row["no_value_reason"]) == (case["computed_from"], case["reason"])


def test_a_computed_figure_is_one_in_everything(tmp_path):
    """It is rated, provisional, revised and told by its card like one that was received."""
    files = {
        MAY: f"{HEAD}3.1,2018-05,,,83,100,p\n3.10,2018-05,210,,,,\n",
        "data/returns/2018-06.csv": f"{HEAD}3.1,2018-05,,,84,100,\n",
        "params/2018-06.yml": "month: 2018-06\n",
    }
    workspace = Workspace(small_workspace(tmp_path, files))
    book = read_book(workspace, "2018-05")
    row = scorecard_of(book).iloc[0]
    assert (row["value"], row["rating"], row["is_provisional"]) == (83.0, "RED", True)
    (card,) = Report(book).detail().blocks
    facts = {item["term"]: item["cell"]["text"] for child in card["children"] if child["kind"] == "facts"
             for item in child["items"]}  # fmt: skip
    assert facts["Computed from"] == "83 of 100"
    assert "Made from" not in facts
    report = Report(read_book(workspace, "2018-06"))
    assert report.revised[0][["was_text", "value_text"]].values.tolist() == [["83.0%", "84.0%"]]


def test_a_sum_is_not_computed_from_one_months_parts(tmp_path):
    indicators = SMALL[INDICATORS].replace("gauge_high\n", "gauge_high,accumulate\n").replace(",,,,,,,\n", ",,,,,,,,\n")
    indicators = indicators.replace("CUMULATIVE,number,0,,,,,,,,", "CUMULATIVE,number,0,,,,,,,,true")
    book = book_of(tmp_path, {MAY: "3.10,2018-05,,,240,2,\n"}, indicators)
    months = history_of(book).set_index(["indicator_code", "month"])
    assert months.loc[("3.10", "2018-05"), ["number", "value", "computed_from"]].tolist() == [120, 210, ""]


def test_parts_that_make_no_figure_are_found(tmp_path):
    book = book_of(tmp_path, {MAY: "3.1,2018-05,,,83,0,\n3.10,2018-05,,,5,,\n"})
    history = history_of(book)
    asked = [each for each in delivered() if each.name == "rate_follows_from_its_parts"]
    found = run_checks(book, scorecard_of(book, history), history, expectations=asked).findings
    assert [each.message for each in found] == [
        "data/returns/2018-05.csv row 2, column value (3.1, May 2018): no figure follows from its parts: the "
        "denominator is 0. Expected the three to agree.",
        "data/returns/2018-05.csv row 3, column value (3.10, May 2018): no figure follows from its parts: one of "
        "numerator and denominator is missing. Expected the three to agree.",
    ]
