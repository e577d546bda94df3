"""Better or worse than the same month last year, or than the period before."""

import pandas as pd
import pytest

from mpr_lib import words
from mpr_lib.rules.comparing import with_direction
from tests.helpers import cases, months, number, same, table

pytestmark = pytest.mark.core_smoke

_FIGURES = ("value", "target_low", "target_high")


def _frames(rows):
    """The rows as a scorecard before its directions, and the history that they come from."""
    frame = pd.DataFrame([{name: number(row[name]) for name in _FIGURES} for row in rows])
    then = pd.DataFrame([{name: number(row[f"last_year_{name}"]) for name in _FIGURES} for row in rows])
    frame = frame.assign(
        indicator_code=[str(place) for place in range(len(rows))],
        polarity=[row["polarity"] for row in rows],
        latest_month=months([row["latest_month"] for row in rows]),
        definition_break=months([row["definition_break"] for row in rows]),
        compare_with="LAST_YEAR", frequency="MONTHLY", charted="AS_GIVEN",
    )  # fmt: skip
    then = then.assign(indicator_code=frame["indicator_code"], month=frame["latest_month"] - 12)
    now = frame[[*_FIGURES, "indicator_code"]].assign(month=frame["latest_month"])
    return frame, pd.concat([now, then], ignore_index=True)


@pytest.mark.parametrize("case", cases("direction.csv"))
def test_the_direction_is_as_its_table_says(case):
    assert with_direction(*_frames([case]))["direction"].iloc[0] == case["direction"]


def test_the_whole_table_at_once_has_every_direction_and_stays_as_it_was():
    rows = table("cases", "direction.csv")
    frame, history = _frames(rows)
    before = frame.copy(deep=True)
    found = with_direction(frame, history)["direction"]
    assert found.tolist() == [row["direction"] for row in rows]
    assert set(found) == set(words.DIRECTIONS)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("case", cases("compare_with.csv"))
def test_a_figure_is_compared_with_the_one_before(case):
    figures = [number("" if text == "-" else text) for text in case["figures"].split()]
    found = pd.period_range(case["first_month"], periods=len(figures), freq="M")
    history = pd.DataFrame({"month": found, "value": figures, "number": figures}).assign(
        indicator_code="1", profile=case["profile"], target_low=90.0, target_high=90.0
    )
    basis = "CUMULATIVE" if case["charted"] in ("MONTHS_OWN", "NONE") else "SNAPSHOT"
    frame = history.tail(1).rename(columns={"month": "latest_month"}).assign(
        compare_with="PREVIOUS", basis=basis, accumulate=False,
        definition_break=months([case["definition_break"]]), **{name: case[name] for name in _ABOUT},
    )  # fmt: skip
    row = next(with_direction(frame, history).itertuples())
    assert row.direction == case["direction"]
    assert same(row.compared_value, case["compared"])


_ABOUT = ("frequency", "polarity", "charted")
