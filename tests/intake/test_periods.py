"""Periods: months, quarters and financial years as officers name them."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpr_lib.errors import MonthTextError
from mpr_lib.intake.periods import period_label, read_period, read_span
from mpr_lib.rules.months import FROM_APRIL, FinancialYears
from tests.helpers import attempt, cases

EXPECTED = (
    "Expected a month such as 2018-05, May 2018 or May-18, a quarter such as Q1 2018/19 or a year such as 2018/19."
)


@pytest.mark.parametrize("case", cases("imports_periods.csv"))
def test_a_period_is_read_as_its_table_says(case):
    found, refusal = attempt(read_period, case["raw"], MonthTextError)
    if case["first"] == "refused":
        assert refusal == f"cannot read '{case['raw']}' as a period. {EXPECTED}"
    else:
        assert [str(month) for month in found] == [case["first"], case["last"]]


def test_where_the_year_starts_in_january_a_year_alone_is_enough():
    assert [str(month) for month in read_period("2018", FinancialYears(1))] == ["2018-01", "2018-12"]
    assert [str(month) for month in read_period("Q2 2018", FinancialYears(1))] == ["2018-04", "2018-06"]


@given(st.text() | st.from_regex(r"[QFY0-9A-Za-z /;,.-]{1,16}", fullmatch=True))
def test_any_text_is_a_period_or_refused_with_the_text(text):
    found, refusal = attempt(read_period, text, MonthTextError)
    assert not refusal or text in refusal
    assert refusal or found.first <= found.last


@given(st.integers(1950, 2150), st.integers(1, 12))
def test_a_label_is_read_back(year, starts):
    years = FinancialYears(starts)
    label = years.label(year)
    span = read_period(label, years)
    assert (span.first, span.months) == (pd.Period(year=year, month=starts, freq="M"), 12)
    assert period_label(span, years) == label
    quarter = read_period(f"Q3 {label}", years)
    assert read_period(period_label(quarter, years), years) == quarter


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("FY2019", ["2018-10", "2019-09"]),
        ("Q1 FY2019", ["2018-10", "2018-12"]),
        ("fy2019 Q4", ["2019-07", "2019-09"]),
        ("May 2019", ["2019-05", "2019-05"]),
    ],
)
def test_officers_periods_are_read_by_the_councils_own_names(text, months):
    assert [str(month) for month in read_period(text, FinancialYears(10, "FY2019"))] == months


def test_a_year_is_labelled_by_the_councils_own_name():
    years = FinancialYears(10, "FY2019")
    assert period_label(read_period("FY2019", years), years) == "FY2019"


@pytest.mark.parametrize(
    ("text", "year", "message"),
    [
        ("Apr-Jun", "2018/19", "cannot read 'Apr-Jun 2018' as a month."),
        ("Apr", "Q3 2018/19", "'Apr' is no month of Q3 2018/19."),
    ],
)
def test_a_run_of_months_beside_a_year_is_never_taken_for_its_first(text, year, message):
    with pytest.raises(MonthTextError) as error:
        read_span(text, year, FROM_APRIL)
    assert str(error.value).startswith(message)
