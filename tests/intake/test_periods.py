"""Periods: months, quarters and financial years as officers name them."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpr_lib.errors import MonthTextError
from mpr_lib.intake.periods import Cell, Reading, named_in, period_label, read_period, reading_of
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


JUNE = pd.Period("2018-06")
YEARS = {"2018/19": FROM_APRIL, "2018-19": FinancialYears(4, "2018-19"), "FY2019": FinancialYears(10, "FY2019")}


def read_as_a_whole(case):
    """The last month of each cell of a column, or why it is refused; a cell is a text, or a year > a text."""
    cells = [Cell(text, year, year) for year, _, text in (part.rpartition(" > ") for part in case["cells"].split("; "))]
    received = pd.Period(case["return"] or "2018-06", freq="M")
    reading = reading_of(
        cells, Reading(YEARS[case["year_name"] or "2018/19"]), received, case["heading"], case["year_heading"]
    )
    for cell in cells:
        span, _ = attempt(lambda given: reading.read(given.text, given.year), cell, MonthTextError)
        yield str(span.last) if span else "refused"


@pytest.mark.parametrize("case", cases("imports_columns.csv"))
def test_a_column_of_periods_is_read_as_a_whole(case):
    assert "; ".join(read_as_a_whole(case)) == case["last_months"], case["why"]


@pytest.mark.parametrize("case", cases("imports_titles.csv"))
def test_a_title_names_the_periods_that_its_table_says(case):
    found = named_in(case["text"], YEARS[case["year_name"] or "2018/19"])
    assert "; ".join(f"{span.first} to {span.last}" if span else "unclear" for span in found) == case["named"]


@given(st.text() | st.from_regex(r"[A-Za-z0-9 /_.,'()-]{0,30}", fullmatch=True))
def test_any_title_is_read(text):
    assert all(span is None or span.first <= span.last for span in named_in(text))


MONTHS = st.sampled_from(
    ["Jan", "February", "Apr", "Sept.", "Q1", "2010-11", "2011-12", "2012-13", "May 2018", "18-Apr", "5"]
)
YEAR = st.sampled_from(["", "2018", "2018/19", "2011-12", "2018-20", "Q1 2018/19", "last"])


@given(
    st.lists(st.builds(Cell, MONTHS, YEAR, st.sampled_from(["a", "b"])), max_size=8),
    st.sampled_from(["year", "calendar_year", "financial_year"]),
    st.sampled_from([*YEARS.values(), FinancialYears(1)]),
)
def test_any_column_is_read_or_refused_cell_by_cell(cells, kind, years):
    reading = reading_of(cells, Reading(years), JUNE, "Month", kind)
    for cell in cells:
        span, refusal = attempt(lambda given: reading.read(given.text, given.year), cell, MonthTextError)
        assert refusal or span.first <= span.last


REFUSALS = {
    ("May", ""): (
        "'May' has no year. Expected one beside it; or say the year of all, with --year 2018/19 or in data/imports.yml "
        "under year."
    ),
    ("Jan", "2018"): (
        "'Jan' of 2018 may be of the calendar year or of the financial year. Expected a year such as 2018/19; or add "
        "the heading over 2018 to data/imports.yml, under calendar_year or financial_year."
    ),
    ("18-Apr", "2018/19"): (
        "'18-Apr' is a day without a year, as a spreadsheet makes of 'Apr-18'. Expected a month such as Apr 2018."
    ),
    ("2010-11", ""): "'2010-11' may be November 2010 or the year 2010/11. Expected Nov 2010 or 2010/11.",
    ("May 2018", "2017/18"): f"'May 2018' is no month of 2017/18. {EXPECTED}",
    ("Apr", "Q3 2018/19"): f"'Apr' is no month of Q3 2018/19. {EXPECTED}",
    ("Apr-Jun", "2018/19"): f"cannot read 'Apr-Jun' as a period. {EXPECTED}",
    ("Apr", "soon"): f"cannot read 'soon' as a period. {EXPECTED}",
}


@pytest.mark.parametrize("cell", REFUSALS)
def test_what_may_be_two_things_is_refused_with_what_to_write(cell):
    with pytest.raises(MonthTextError) as error:
        Reading(FROM_APRIL, hyphened=None, alone=None).read(*cell)
    assert str(error.value) == REFUSALS[cell]
