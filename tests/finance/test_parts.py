"""Finance lines: variances, shares, statuses and totals, in decimals."""

from decimal import Decimal

import pandas as pd
import pytest

from mpr_lib.finance.parts import STATUSES, Finance, is_total, status, summed
from tests.helpers import cases


def amount(text):
    return Decimal(text) if text else None


@pytest.mark.parametrize("case", cases("finance_status.csv"))
def test_a_line_has_the_status_that_its_table_says(case):
    found = status(case["part"], *(amount(case[name]) for name in ("plan", "forecast", "limit", "tolerance")))
    assert found == case["status"]
    assert found in STATUSES


@pytest.mark.parametrize(
    ("name", "total"),
    [("Total", True), ("total", True), ("Net total", True), ("Totals", True), ("Total net expenditure", True),
     ("Grand total", True), ("Subtotals of last year", False), ("Resources", False), ("Totally new", False)],
)  # fmt: skip
def test_a_stated_total_is_known_by_its_name(name, total):
    assert is_total(pd.Series([name])).tolist() == [total]


def revenue(**columns):
    frame = pd.DataFrame({"line": ["Roads", "Fees", "Total"]})
    for name, texts in columns.items():
        frame[name] = pd.Series([amount(text) for text in texts], dtype=object)
    return Finance(True, {"revenue": frame})


def test_lines_leave_out_the_stated_total_and_the_total_is_worked_out():
    finance = revenue(budget=["1000.10", "-200.20", "9"], forecast=["1100.30", "-150.10", "9"])
    lines = finance.lines("revenue")
    assert lines["line"].tolist() == ["Roads", "Fees"]
    assert lines["variance"].tolist() == [Decimal("100.20"), Decimal("50.10")]
    assert lines["status"].tolist() == ["OVERSPEND", "OVERSPEND"]
    total = finance.total("revenue")
    assert (total.budget, total.forecast, total.variance) == (Decimal("799.90"), Decimal("950.20"), Decimal("150.30"))
    assert total.share == Decimal("150.30") / Decimal("799.90")


def test_an_amount_that_a_line_lacks_is_missing_in_the_total_too():
    finance = revenue(budget=["1000", "200", ""], actual=["", "10", ""], forecast=["1000", "200", ""])
    total = finance.total("revenue")
    assert (total.actual, total.forecast, total.status) == (None, Decimal(1200), "ON_BUDGET")


def test_the_share_of_a_budget_of_nothing_is_not_known():
    lines = revenue(budget=["0", "1", ""], forecast=["5", "1", ""]).lines("revenue")
    assert lines["share"].tolist() == [None, Decimal(0)]


def test_the_frame_that_was_given_is_not_changed():
    finance = revenue(budget=["1", "2", "3"], forecast=["1", "2", "3"])
    before = finance.tables["revenue"].copy()
    finance.lines("revenue")
    pd.testing.assert_frame_equal(finance.tables["revenue"], before)


def test_decimals_add_up_where_floats_do_not():
    assert summed([Decimal("0.1")] * 3) == Decimal("0.3")
    assert summed([Decimal(1), None]) is None
