"""Frequency: when figures are due, and how old the newest may be."""

import pandas as pd
import pytest

from mpr_lib.rules.history import latest_months
from mpr_lib.rules.months import FinancialYears, is_due, last_due, latest_ages
from tests.helpers import cases, month, months, number


@pytest.mark.parametrize("case", cases("frequency.csv"))
def test_a_figure_is_due_in_these_months(case):
    frame = pd.DataFrame(
        {
            "frequency": [case["frequency"]],
            "due_month": [number(case["due_month"])],
            "year_introduced": [number(case["year_introduced"])],
            "last_month": months([case["last_month"]]),
        }
    )
    of = pd.Series(months([case["month"]]))
    years = FinancialYears(int(case["first_month"]))
    assert is_due(frame, of, years).tolist() == [case["due"] == "yes"]
    assert str(last_due(frame, of, years).iloc[0]) == case["last_due"]


@pytest.mark.parametrize("case", cases("latest_age.csv"))
def test_a_figure_may_be_this_old(case):
    frame = pd.DataFrame(
        {"indicator_code": ["X"], "frequency": [case["frequency"]], "allowed_lag": [number(case["allowed_lag"])]}
    )
    assert latest_ages(frame, int(case["age"])).to_dict() == {"X": int(case["oldest"])}


def test_a_yearly_figure_is_the_newest_until_it_is_too_old():
    values = pd.DataFrame(
        {"indicator_code": "X", "month": months(["2022-03", "2023-03"]), "number": 1.0, "is_settled": False}
    )
    ages = pd.Series({"X": 14})
    assert str(latest_months(["X"], values, month("2024-05"), ages)["X"]) == "2023-03"
    assert str(latest_months(["X"], values, month("2024-06"), ages)["X"]) == "2024-06"
