"""Predicates: each rule of ours against its table, without Great Expectations."""

import pandas as pd
import pytest

from mpr_lib.checks import predicates
from tests.helpers import cases, number


def figures(text):
    """Figures of successive months from the year's first: a hyphen is a missing one, a bar a new definition."""
    parts = [part.split() for part in text.split("|")]
    found = [(float("nan") if each == "-" else float(each), place) for place, part in enumerate(parts) for each in part]
    frame = pd.DataFrame(found, columns=["number", "definition"])
    return frame.assign(indicator_code="CP 1.1", financial_year=2018, month_number=range(1, len(frame) + 1))


def months_that_fail(holds, frame):
    return " ".join(str(month) for month in frame["month_number"][~holds])


@pytest.mark.parametrize("case", cases("expectations_falls.csv"))
def test_a_cumulative_figure_falls_in_these_months(case):
    frame = figures(case["figures"])
    assert months_that_fail(predicates.does_not_fall(frame), frame) == case["falls"]


@pytest.mark.parametrize("case", cases("expectations_steps.csv"))
def test_a_profile_is_uneven_in_these_months(case):
    frame = figures(case["targets"]).rename(columns={"number": "target_low"}).dropna()
    places = max(len(text.partition(".")[2]) for text in case["targets"].split())
    frame = frame.assign(last_place=10.0**-places, climbs=True)
    assert months_that_fail(predicates.has_even_steps(frame), frame) == case["uneven"]


def test_of_a_profile_that_does_not_climb_no_steps_are_expected():
    frame = figures("10 20 30 46 56 66").rename(columns={"number": "target_low"})
    assert predicates.has_even_steps(frame.assign(last_place=1.0, climbs=False)).all()


@pytest.mark.parametrize("case", cases("expectations_units.csv"))
def test_units_agree(case):
    assert predicates.units_agree(case["found"], case["unit"]) == (case["agrees"] == "yes")


def test_rows_may_come_in_any_order_and_of_many_indicators():
    frame = pd.concat([figures("1 2 1 4"), figures("4 3 2 1").assign(indicator_code="CP 1.2")], ignore_index=True)
    holds = predicates.does_not_fall(frame)
    shuffled = frame.sample(frac=1, random_state=1)
    assert predicates.does_not_fall(shuffled).sort_index().equals(holds)
    assert holds.tolist() == [True, True, False, True, True, False, False, False]


def test_nothing_is_expected_of_no_rows():
    none = figures("1").iloc[:0]
    assert predicates.does_not_fall(none).empty
    targets = none.rename(columns={"number": "target_low"}).assign(last_place=number(""), climbs=pd.Series(dtype=bool))
    assert predicates.has_even_steps(targets).empty
