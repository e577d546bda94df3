"""Check tables: what is worked out for the expectations, on small frames."""

from types import SimpleNamespace

import pandas as pd
import pytest

from mpr_lib.checks.shown_tables import months_shown, scored
from mpr_lib.checks.suites import any_of
from mpr_lib.checks.year_tables import profile_months, responsibilities
from mpr_lib.rules.months import FinancialYears
from mpr_lib.words import months_text
from tests.helpers import cases, month


def book(reporting_month="2018-05", first_month=4, **frames):
    return SimpleNamespace(
        month=month(reporting_month),
        settings=SimpleNamespace(years=FinancialYears(first_month), expectations=[]),
        **frames,
    )


@pytest.mark.parametrize("case", cases("expectations_late.csv"))
def test_a_figure_is_late_by_these_months(case):
    scorecard = pd.DataFrame(
        {
            "indicator_code": ["CP 1.1"],
            "reporting_month": pd.PeriodIndex([case["reporting_month"]], freq="M"),
            "latest_month": pd.PeriodIndex([case["latest_month"]], freq="M"),
            "frequency": [case["frequency"]],
            "allowed_lag": [float(case["allowed_lag"])],
            "value": [1.0],
            "value_text": ["1"],
            "no_value_reason": [""],
            "annual_target_low": [1.0],
            "target_low": [1.0],
            "file": ["data/returns/2018-05.csv"],
            "row": [2.0],
        }
    )
    (row,) = scored(book(case["reporting_month"]), scorecard, None).to_dict("records")
    assert (row["late_by"], str(row["expected_month"])) == (int(case["late_by"]), case["expected_month"])


def test_the_months_shown_are_last_financial_year_and_this_one():
    shown = months_shown(book("2018-03"))
    assert (str(shown[0]), str(shown[-1]), len(shown)) == ("2016-04", "2018-03", 24)
    assert str(months_shown(book("2018-03", first_month=1))[0]) == "2017-01"


@pytest.mark.parametrize(
    ("managed_by", "officers"),
    [
        ("Joanna Ruffle", 1),
        ("Ellen Butler; Joanna Ruffle", 2),
        ("Ellen Butler & Joanna Ruffle", 2),
        ("Ellen Butler and Joanna Ruffle", 2),
        ("Sandra Anderson", 1),
        ("Joanna Ruffle;", 1),
        ("", 0),
    ],
)
def test_officers_are_counted(managed_by, officers):
    row = responsibility(managed_by=managed_by)
    assert row["officers"] == officers
    assert pd.isna(row["department"])


def test_partners_share_an_indicator_and_need_no_department():
    assert pd.isna(responsibility(section="CORPORATE")["department"])
    assert not pd.isna(responsibility(section="PARTNERSHIP")["department"])


def responsibility(**cells):
    described = {"indicator_code": "CP 1.1", "section": "CORPORATE", "managed_by": "", "department": "", **cells}
    (row,) = responsibilities(book(indicators=pd.DataFrame([described]))).to_dict("records")
    return row


def test_a_stated_profile_has_a_row_for_each_month_from_the_reporting_month_on():
    indicators = pd.DataFrame(
        {"indicator_code": ["CP 2.4"], "polarity": "MINIMISE", "basis": "CUMULATIVE", "unit": "", "managed_by": ""}
    )
    targets = pd.DataFrame({"indicator_code": ["CP 2.4"], "financial_year": 2018.0, "profile": "STATED"})
    stated = pd.DataFrame(
        {"indicator_code": ["CP 2.4"], "month": pd.PeriodIndex(["2018-05"], freq="M"), "target_low": [1332.0]}
    )
    found = profile_months(book(indicators=indicators, targets=targets, stated_targets=stated))
    year = [str(each) for each in pd.period_range("2018-05", "2019-03", freq="M")]
    assert found["month"].astype(str).tolist() == [*year, "2018-04"]
    assert found["target_low"].tolist()[:1] == [1332.0]
    assert found["target_low"].isna().sum() == 11
    assert found.loc[0, "silent"] == "April 2018, June 2018 to March 2019"


def test_words_of_lists_and_runs():
    assert any_of([]) == ""
    assert any_of(["A", "B", "C"]) == "A, B or C"
    assert months_text([month("2018-04")]) == "April 2018"
    assert months_text(pd.period_range("2018-04", "2018-06", freq="M")) == "April to June 2018"
    assert months_text([]) == ""
