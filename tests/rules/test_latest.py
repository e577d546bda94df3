"""Latest month: the newest month with a number that is not too old and not to come."""

import pandas as pd
import pytest

from mpr_lib.rules.history import latest_months
from tests.helpers import cases, month, months


@pytest.mark.parametrize("case", cases("latest_month.csv"))
def test_the_latest_month_is_as_its_table_says(case):
    known, silent = case["with_number"].split(), case["without_number"].split()
    values = pd.DataFrame(
        {
            "indicator_code": "X",
            "month": months(known + silent),
            "number": pd.Series([1.0] * len(known) + [float("nan")] * len(silent), dtype=float),
        }
    )
    found = latest_months(["Y", "X"], values, month(case["reporting_month"]), int(case["age"]))
    assert found.to_dict() == {"Y": month(case["reporting_month"]), "X": month(case["latest_month"])}
    assert found.dtype == "period[M]"
