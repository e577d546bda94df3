"""Points, limits, signals, variation and assurance of the seed, against its tables."""

import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of, signals_of
from tests.helpers import REPOSITORY, number, table

_NAMED = {"mean": "chart_mean", "side": "signal_side", "chance": "forecast_chance"}


@pytest.fixture(scope="module")
def known():
    book = read_book(Workspace(REPOSITORY), "2018-05")
    history = history_of(book)
    return scorecard_of(book, history), signals_of(book, history)


def test_every_indicator_is_judged_as_its_row_says(known):
    rows = known[0].set_index("indicator_code")
    stated = table("cases", "insight", "insight_southend.csv")
    assert {each["indicator_code"] for each in stated} == {*rows.index}
    for each in stated:
        row = rows.loc[each["indicator_code"]]
        for column in each.keys() - {"indicator_code", "why"}:
            found = row[_NAMED.get(column, column)]
            if isinstance(found, str):
                assert found == each[column], (each["indicator_code"], column)
            else:
                near = pytest.approx(number(each[column]), abs=1e-4, nan_ok=True)
                assert found == near, (each["indicator_code"], column)


def test_every_point_has_the_signal_of_its_row(known):
    stated = table("cases", "insight", "spc_southend_points.csv")
    points = known[1].itertuples()
    found = {(each.indicator_code, str(each.month)): (each.point, each.signal, each.signal_side) for each in points}
    told = {(each["indicator_code"], each["month"]): each for each in stated}
    assert found.keys() == told.keys()
    for key, each in told.items():
        near = pytest.approx(number(each["point"]), abs=1e-9, nan_ok=True)
        assert found[key] == (near, each["signal"], each["side"]), key
