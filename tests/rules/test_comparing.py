"""Figures beside somebody else's, and rates beside what they were made from."""

import pytest

from mpr_lib.rules.comparing import compared, decimals_of, follows_from_parts, place_among, rate_multiplier
from tests.helpers import cases, number


@pytest.mark.parametrize("case", cases("rates.csv"))
def test_a_rate_follows_from_its_parts_or_does_not(case):
    parts = (number(case[name]) for name in ("value", "numerator", "denominator"))
    assert follows_from_parts(*parts, case["unit"], int(case["decimals"])) == (case["follows"] == "yes")


@pytest.mark.parametrize("case", cases("compared.csv"))
def test_a_figure_is_better_or_worse_than_theirs(case):
    assert compared(case["polarity"], number(case["value"]), number(case["theirs"])) == case["compared"]


@pytest.mark.parametrize("case", cases("insight/benchmark.csv"))
def test_the_place_among_others_is_as_its_table_says(case):
    found = place_among(case["polarity"], number(case["value"]), [float(each) for each in case["theirs"].split()])
    stated = (int(case["rank"]), int(case["of"]), case["quarter"]) if case["rank"] else None
    assert found == stated


def test_without_a_figure_of_ours_there_is_no_place():
    assert place_among("MAXIMISE", float("nan"), [1, 2, 3, 4, 5]) is None


@pytest.mark.parametrize(
    ("unit", "times"),
    [("%", 100), ("per 1,000", 1000), ("per 100,000 people", 100_000), ("per head", 1), ("days", 1), ("", 1)],
)
def test_a_unit_says_what_a_rate_is_multiplied_by(unit, times):
    assert rate_multiplier(unit) == times


@pytest.mark.parametrize(("text", "places"), [("1,544", 0), ("61.50%", 2), (".5", 1), ("TBC", 0)])
def test_decimals_are_those_received(text, places):
    assert decimals_of(text) == places
