"""Limits and signals of process charts, against the tables and against an independent calculation."""

import numpy as np
import pytest

from mpr_lib.rules.xmr import SIGNALS, signals
from tests.helpers import table

LETTERS = ["O", "T", "2", "S"]


def _points(text):
    return np.array([[float("nan") if each == "-" else float(each) for each in text.split()]])


def _written(found, points):
    marks = []
    for signal, side, point in zip(found.signal[0], found.side[0], points[0], strict=True):
        marks.append("-" if np.isnan(point) else "." if signal < 0 else LETTERS[signal] + {1: "+", -1: "-"}[side])
    return " ".join(marks)


@pytest.mark.parametrize(("name", "within"), [("spc_points.csv", 5e-5), ("spc_invented.csv", 5e-7)])
def test_limits_and_signals_are_those_of_the_table(name, within):
    for case in table("cases", "insight", name):
        points = _points(case["figures"])
        found = signals(points, case["rules"])
        for column, limit in (("mean", found.mean), ("lower_limit", found.lower), ("upper_limit", found.upper)):
            stated = case[column]
            assert np.isnan(limit[0]) if stated == "" else abs(limit[0] - float(stated)) <= within, case
        if case["signals"]:
            assert _written(found, points) == case["signals"], case
        else:
            assert (found.signal == -1).all(), case


@pytest.fixture(scope="module")
def series():
    made = np.random.default_rng(20180501)
    points = made.normal(50, 6, (400, 30)).round(1)
    points[:200] += made.normal(0, 1.5, (200, 30)).cumsum(axis=1).round(1)
    points[made.random(points.shape) < 0.03] = np.nan
    return points


@pytest.mark.parametrize("rules", ["mdc", "nhsr"])
def test_a_constant_added_changes_no_signal_and_moves_limits_by_it(series, rules):
    one, other = signals(series, rules), signals(series + 250, rules)
    assert (one.signal == other.signal).all()
    assert (one.side == other.side).all()
    for limit in ("mean", "lower", "upper"):
        assert np.allclose(getattr(other, limit), getattr(one, limit) + 250, atol=1e-9)


@pytest.mark.parametrize("rules", ["mdc", "nhsr"])
@pytest.mark.parametrize("power", [-3, -1, 1, 4])
def test_another_unit_changes_no_signal(series, rules, power):
    one, other = signals(series, rules), signals(series * 10.0**power, rules)
    assert (one.signal == other.signal).all()
    assert (one.side == other.side).all()


@pytest.mark.parametrize("rules", ["mdc", "nhsr"])
def test_figures_upside_down_swap_the_sides(series, rules):
    one, other = signals(series, rules), signals(-series, rules)
    assert (one.signal == other.signal).all()
    assert (one.side == -other.side).all()
    assert {SIGNALS[each] for each in np.unique(one.signal) if each >= 0} == set(SIGNALS)


def test_one_series_is_judged_as_among_many_and_wherever_its_gaps_stand(series):
    among = signals(series)
    for place in range(0, 400, 37):
        alone = signals(np.hstack([np.full((1, 4), np.nan), series[[place]], np.full((1, 3), np.nan)]))
        assert (alone.signal[0, 4:-3] == among.signal[place]).all()
        assert alone.mean[0] == pytest.approx(among.mean[place], nan_ok=True)


def test_a_baseline_makes_the_limits_and_all_points_are_judged_by_them():
    points = np.array([[50, 52, 49, 51, 50, 53, 48, 51, 49, 52, 50, 51, 49, 70, 71, 72.0]])
    found, first = signals(points, baseline=13), signals(points[:, :13])
    assert (found.mean, found.upper) == (first.mean, first.upper)
    assert [SIGNALS[each] for each in found.signal[0, 13:]] == ["OUTSIDE"] * 3
    assert found.count.tolist() == [16]


def test_fewest_points_are_the_settings():
    points = np.array([[50, 52, 49, 51, 50, 53, 48, 51.0]])
    assert np.isnan(signals(points).mean[0])
    assert signals(points, fewest=8).mean[0] == 50.5
