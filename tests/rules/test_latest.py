"""Latest month: the newest month with a number that is not too old and not to come."""

import math

import pandas as pd
import pytest

from mpr_lib.rules.history import latest_months
from tests.helpers import cases, month, months


@pytest.mark.parametrize("case", cases("latest_month.csv"))
def test_the_latest_month_is_as_its_table_says(case):
    known, silent, settled = (case[name].split() for name in ("with_number", "without_number", "settled"))
    rows = [*((each, 1.0, False) for each in known), *((each, math.nan, False) for each in silent)]
    rows += [(each, math.nan, True) for each in settled]
    values = pd.DataFrame(rows, columns=["month", "number", "is_settled"]).astype({"number": float, "is_settled": bool})
    values = values.assign(indicator_code="X", month=months(values["month"]))
    found = latest_months(["Y", "X"], values, month(case["reporting_month"]), int(case["age"]))
    assert found.to_dict() == {"Y": month(case["reporting_month"]), "X": month(case["latest_month"])}
    assert found.dtype == "period[M]"
