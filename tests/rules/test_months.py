"""Months, financial years and their labels; 31 March and 1 April."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpr_lib.errors import MonthTextError
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, month_label, read_month
from tests.helpers import attempt, cases, table


@pytest.mark.parametrize("case", cases("months.csv"))
def test_a_month_is_read_as_its_table_says(case):
    if case["month"] == "refused":
        with pytest.raises(MonthTextError) as error:
            read_month(case["raw"])
        assert str(error.value) == (
            f"cannot read '{case['raw']}' as a month. Expected a month such as 2018-05, May 2018 or May-18."
        )
    else:
        assert read_month(case["raw"]) == pd.Period(case["month"], freq="M")


@pytest.mark.parametrize("case", cases("financial_years.csv"))
def test_a_month_lies_in_the_financial_year_that_its_table_says(case):
    month, years = pd.Period(case["month"], freq="M"), FinancialYears(int(case["first_month"]))
    year = years.of(month)
    assert (year, years.month_number(month)) == (int(case["financial_year"]), int(case["month_number"]))
    assert years.label(year) == case["label"]
    assert month == years.months(year)[years.month_number(month) - 1]


def test_a_column_of_months_gives_what_each_month_gives():
    rows = [row for row in table("cases", "financial_years.csv") if row["first_month"] == "4"]
    months = pd.Series(pd.PeriodIndex([row["month"] for row in rows], freq="M"))
    assert FROM_APRIL.of(months).tolist() == [int(row["financial_year"]) for row in rows]
    assert FROM_APRIL.month_number(months).tolist() == [int(row["month_number"]) for row in rows]


@given(st.text() | st.from_regex(r"[0-9A-Za-z /.,'-]{1,14}", fullmatch=True))
def test_any_text_is_a_month_of_our_time_or_refused_with_the_text(text):
    found, refusal = attempt(read_month, text, MonthTextError)
    assert not refusal or text in refusal
    assert refusal or 1900 <= found.year < 2200


@given(st.dates(pd.Timestamp("1955-01-01").date(), pd.Timestamp("2099-12-31").date()))
def test_every_way_of_writing_a_day_names_its_month(day):
    month = pd.Period(year=day.year, month=day.month, freq="M")
    serial = (day - pd.Timestamp("1899-12-30").date()).days
    label = month_label(month)
    written = [
        day.isoformat(), str(month), label, f"{label[:3]} {day.year}", f"{day.day} {label}", f"{day:%d/%m/%Y}",
        f"{day.isoformat()} 00:00:00", str(serial), f"{day.day}-{label[:3]}-{day.year}",
    ]  # fmt: skip
    assert {read_month(text) for text in written} == {month}
