"""Series: each rule of ours against its table, without Great Expectations."""

import pandas as pd
import pytest

from mpr_lib.checks import series
from mpr_lib.rules.values import units_agree
from tests.helpers import cases, number


def figures(text):
    """Figures of successive months from the year's first: a hyphen is a missing one, a bar a new definition."""
    parts = [part.split() for part in text.split("|")]
    found = [(float("nan") if each == "-" else float(each), place) for place, part in enumerate(parts) for each in part]
    frame = pd.DataFrame(found, columns=["number", "definition"])
    months = pd.period_range("2018-04", periods=len(frame), freq="M")
    return frame.assign(
        indicator_code="CP 1.1", financial_year=2018, month=months, month_number=range(1, len(frame) + 1)
    )


def months_that_fail(holds, frame):
    return " ".join(str(month) for month in frame["month_number"][~holds])


@pytest.mark.parametrize("case", cases("expectations_falls.csv"))
def test_a_cumulative_figure_falls_in_these_months(case):
    frame = figures(case["figures"])
    assert months_that_fail(series.does_not_fall(frame)["met"], frame) == case["falls"]


@pytest.mark.parametrize("case", cases("expectations_steps.csv"))
def test_a_profile_is_uneven_in_these_months(case):
    frame = figures(case["targets"]).rename(columns={"number": "target_low"}).dropna()
    places = max(len(text.partition(".")[2]) for text in case["targets"].split())
    frame = frame.assign(last_place=10.0**-places)
    assert months_that_fail(series.has_even_steps(frame)["met"], frame) == case["uneven"]


@pytest.mark.parametrize("case", cases("expectations_units.csv"))
def test_units_agree(case):
    assert units_agree(case["found"], case["unit"]) == (case["agrees"] == "yes")


def test_rows_may_come_in_any_order_and_of_many_indicators():
    frame = pd.concat([figures("1 2 1 4"), figures("4 3 2 1").assign(indicator_code="CP 1.2")], ignore_index=True)
    holds = series.does_not_fall(frame)["met"]
    shuffled = frame.sample(frac=1, random_state=1)
    assert series.does_not_fall(shuffled)["met"].sort_index().equals(holds)
    assert holds.tolist() == [True, True, False, True, True, False, False, False]


def test_nothing_is_expected_of_no_rows():
    none = figures("1").iloc[:0]
    assert series.does_not_fall(none).empty
    targets = none.rename(columns={"number": "target_low"}).assign(last_place=number(""))
    assert series.has_even_steps(targets).empty
