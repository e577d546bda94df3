"""Life: what an import and a template make of an indicator that has ended or is not yet introduced."""

import pandas as pd
import pytest

from mpr_lib.intake.importing import plan_import
from mpr_lib.intake.template import template_rows
from tests.book.test_life import workspace
from tests.helpers import cases

MAY = pd.Period("2018-05", freq="M")
NOTHING = dict.fromkeys(("data/returns/2018-04.csv", "data/returns/2018-05.csv"), "indicator_code,month,value,note\n")


@pytest.mark.parametrize("case", cases("imports_life.csv"))
def test_a_figure_outside_an_indicators_life_is_as_its_table_says(tmp_path, case):
    place = workspace(tmp_path, last_month=case["last_month"], year_introduced=case["year_introduced"], changes=NOTHING)
    path = tmp_path / "may.csv"
    path.write_text(f"Code,Month,Value\n3.10,{case['month']},{case['value']}\n", encoding="utf-8")
    (line,) = plan_import(place, MAY, [path]).lines
    assert (line.status, line.reason) == (case["status"], case["reason"])


@pytest.mark.parametrize(
    ("life", "asked"),
    [
        ({}, ["2018-05"]),
        ({"last_month": "2018-05"}, ["2018-05"]),
        ({"last_month": "2018-04"}, []),
        ({"year_introduced": "2018"}, ["2018-05"]),
        ({"year_introduced": "2019"}, []),
    ],
)
def test_a_template_asks_for_the_months_of_an_indicators_life(tmp_path, life, asked):
    place = workspace(
        tmp_path, **life, changes=NOTHING | {"data/returns/2018-03.csv": "indicator_code,month,value,note\n"}
    )
    _, rows = template_rows(place, MAY)
    months = rows.loc[rows["indicator_code"] == "3.10", "month"].astype(str).tolist()
    assert months == asked
