"""Better or worse than the same month last year."""

import pandas as pd
import pytest

from mpr_lib.rules.comparing import DIRECTIONS, than_last_year
from tests.helpers import cases, months, number, table

pytestmark = pytest.mark.core_smoke

_NUMBERS = (
    "value", "target_low", "target_high", "last_year_value", "last_year_target_low", "last_year_target_high",
)  # fmt: skip


def _frame(rows):
    frame = pd.DataFrame([{name: number(row[name]) for name in _NUMBERS} for row in rows])
    return frame.assign(
        polarity=[row["polarity"] for row in rows],
        latest_month=months([row["latest_month"] for row in rows]),
        definition_break=months([row["definition_break"] for row in rows]),
    )


@pytest.mark.parametrize("case", cases("direction.csv"))
def test_the_direction_is_as_its_table_says(case):
    assert than_last_year(_frame([case])).iloc[0] == case["direction"]


def test_the_whole_table_at_once_has_every_direction_and_stays_as_it_was():
    rows = table("cases", "direction.csv")
    frame = _frame(rows)
    before = frame.copy(deep=True)
    found = than_last_year(frame)
    assert found.tolist() == [row["direction"] for row in rows]
    assert set(found) == set(DIRECTIONS)
    pd.testing.assert_frame_equal(frame, before)
