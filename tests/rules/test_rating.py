"""Rating by polarity and tolerance: equal counts, and so does the amber limit."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mpr_lib.rules.rating import POLARITIES, RATINGS, limits, rate, variance
from tests.helpers import cases, number, same, table

pytestmark = pytest.mark.core_smoke

_NUMBERS = ("value", "target_low", "target_high", "tolerance", "amber_low", "amber_high")
_ORDER = ("RED", "AMBER", "GREEN")


def _frame(case):
    stated = {"amber_low": case["stated_amber_low"], "amber_high": case["stated_amber_high"]}
    cells = {**case, **stated}
    return pd.DataFrame([{"polarity": case["polarity"], **{name: number(cells[name]) for name in _NUMBERS}}])


def _rate(frame, **changes):
    """Every row of a frame at once."""
    given = {name: frame[name] for name in ("polarity", "tolerance", "amber_low", "amber_high")} | changes
    return rate(frame["value"], frame["target_low"], frame["target_high"], **given)


def _rated(polarity, value, low, high, tolerance):
    row = dict.fromkeys(_NUMBERS, float("nan")) | {"polarity": polarity, "tolerance": float(tolerance)}
    row |= {"value": float(value), "target_low": float(low), "target_high": float(high)}
    frame = pd.DataFrame([row])
    return frame.assign(variance=variance(frame), rating=_rate(frame)).iloc[0]


@pytest.mark.parametrize("case", cases("rating.csv"))
def test_the_rating_is_as_its_table_says(case):
    frame = _frame(case)
    found = limits(frame).iloc[0]
    assert same(found["amber_low"], case["amber_low"])
    assert same(found["amber_high"], case["amber_high"])
    assert same(variance(frame).iloc[0], case["variance"])
    assert _rate(frame).iloc[0] == case["rating"]


def test_the_table_rates_every_polarity_in_every_colour():
    rows = {(row["polarity"], row["rating"]) for row in table("cases", "rating.csv")}
    assert rows >= {(polarity, rating) for polarity in POLARITIES[:3] for rating in RATINGS[:3]}
    assert {rating for _, rating in rows} == set(RATINGS)


def test_the_whole_table_at_once_rates_as_row_by_row_and_stays_as_it_was():
    rows = table("cases", "rating.csv")
    frame = pd.concat([_frame(row) for row in rows], ignore_index=True)
    before = frame.copy(deep=True)
    assert _rate(frame).tolist() == [row["rating"] for row in rows]
    pd.testing.assert_frame_equal(frame, before)


def test_the_workspaces_tolerance_stands_where_the_indicator_has_none():
    row = next(row for row in table("cases", "rating.csv") if row["value"] == "83")
    assert _rate(_frame(row)).iloc[0] == "RED"
    assert _rate(_frame(row), tolerance=0.2).iloc[0] == "AMBER"


_FIGURE = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)
_SHARE = st.decimals(0, 1, places=2, allow_nan=False)
_STEP = st.decimals("0.01", 10**6, places=2, allow_nan=False)


@settings(max_examples=40)
@given(st.sampled_from(POLARITIES[:3]), _FIGURE, _STEP, _FIGURE, _SHARE, _STEP)
def test_moving_to_the_wrong_side_is_never_rated_better(polarity, low, width, value, tolerance, step):
    high = low + width
    middle = (low + high) / 2
    away = {"MAXIMISE": -step, "MINIMISE": step}.get(polarity, step if value >= middle else -step)
    here = _rated(polarity, value, low, high, tolerance)
    there = _rated(polarity, value + away, low, high, tolerance)
    assert _ORDER.index(there["rating"]) <= _ORDER.index(here["rating"])
    assert there["variance"] <= here["variance"]


@settings(max_examples=40)
@given(st.sampled_from(POLARITIES[:3]), _FIGURE, _SHARE)
def test_the_target_is_green_and_the_amber_limit_amber_and_a_penny_beyond_it_red(polarity, target, tolerance):
    size = tolerance * abs(target)
    limits = {"MAXIMISE": [(target - size, -1)], "MINIMISE": [(target + size, 1)]}
    assert _rated(polarity, target, target, target, tolerance)["rating"] == "GREEN"
    for limit, outwards in limits.get(polarity, [(target - size, -1), (target + size, 1)]):
        on_limit = _rated(polarity, limit, target, target, tolerance)
        assert on_limit["rating"] == ("AMBER" if size else "GREEN")
        beyond = _rated(polarity, limit + outwards * Decimal("0.01"), target, target, tolerance)
        assert beyond["rating"] == "RED"


@settings(max_examples=40)
@given(_FIGURE, _FIGURE, _SHARE)
def test_more_is_better_mirrors_less_is_better(value, target, tolerance):
    assume(value != target)
    up = _rated("MAXIMISE", value, target, target, tolerance)
    down = _rated("MINIMISE", -value, -target, -target, tolerance)
    assert (up["rating"], up["variance"]) == (down["rating"], down["variance"])
