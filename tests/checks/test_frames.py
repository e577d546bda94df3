"""Frames: what is worked out for the expectations, on small frames."""

from types import SimpleNamespace

import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.book.tables import officers
from mpr_lib.checks import run_checks
from mpr_lib.checks.frames import frames, lag_allowed, months_shown, shown
from mpr_lib.rules.months import FinancialYears
from mpr_lib.words import joined, months_text
from tests.helpers import REPOSITORY, SMALL, cases, month, small_workspace


def book(reporting_month="2018-05", first_month=4, **frames):
    return SimpleNamespace(
        month=month(reporting_month),
        settings=SimpleNamespace(years=FinancialYears(first_month)),
        workspace=Workspace(REPOSITORY),
        **frames,
    )


@pytest.mark.parametrize("case", cases("expectations_late.csv"))
def test_a_figure_is_late_by_these_months(case):
    latest = pd.PeriodIndex([case["latest_month"]], freq="M")
    described = {"indicator_code": ["CP 1.1"], "frequency": [case["frequency"]]}
    described |= {"allowed_lag": [float(case["allowed_lag"])], "accumulate": [False]}
    received = {"indicator_code": ["CP 1.1"], "month": latest, "number": [1.0], "value_text": ["1"]}
    received |= {"no_value_reason": [""]}
    scorecard = pd.DataFrame(
        {
            **described,
            "reporting_month": pd.PeriodIndex([case["reporting_month"]], freq="M"),
            "latest_month": latest,
            "value": [1.0],
            "no_value_reason": [""],
            "rating": ["RED"],
            "expected_outcome": ["AT_RISK"],
            "file": ["data/returns/2018-05.csv"],
        }
    )
    known = {"indicators": pd.DataFrame(described), "values": pd.DataFrame(received)}
    (row,) = shown(book(case["reporting_month"], **known), scorecard, ()).to_dict("records")
    late = int(case["late_by"]) > float(case["allowed_lag"])
    assert row["owed_month"] is pd.NaT or late
    assert not late or str(row["owed_month"]) == case["expected_month"]


def test_the_months_shown_are_last_financial_year_and_this_one():
    shown = months_shown(book("2018-03"))
    assert (str(shown[0]), str(shown[-1]), len(shown)) == ("2016-04", "2018-03", 24)
    assert str(months_shown(book("2018-03", first_month=1))[0]) == "2017-01"


@pytest.mark.parametrize(
    ("managed_by", "count"),
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
def test_officers_are_counted(managed_by, count):
    assert len(officers(managed_by)) == count


def stated_profile(folder, stated, frequency="MONTHLY", due_month="", last_month=""):
    """The batch's row of an indicator with a stated profile and these months' targets, as in May 2018."""
    indicators = SMALL["data/indicators.csv"].splitlines()[0]
    described = f"A,Lights,,SAFE,,,,,MINIMISE,,number,0,{frequency},,,,,,,{due_month},{last_month}"
    files = {"data/indicators.csv": f"{indicators},due_month,last_month\n{described}\n"}
    files["data/targets.csv"] = SMALL["data/targets.csv"].splitlines()[0] + "\nA,2018,,,STATED,,,,\n"
    rows = [f"A,{each},1,1\n" for each in stated]
    files["data/stated_targets.csv"] = "".join(["indicator_code,month,target_low,target_high\n", *rows])
    files |= dict.fromkeys(
        ("data/returns/2018-04.csv", "data/returns/2018-05.csv"), "indicator_code,month,value,note\n"
    )
    made = read_book(Workspace(small_workspace(folder, files)), "2018-05")
    history = history_of(made)
    return frames(made, scorecard_of(made, history), history)["targets"]().iloc[0]


def test_a_stated_profile_says_which_months_are_silent_the_next_to_come_first(tmp_path):
    row = stated_profile(tmp_path, ["2018-05"])
    assert (row["months_stated"], row["months_due"], str(row["first_silent"])) == (1, 12, "2018-06")
    assert row["silent"] == "April 2018, June 2018 to March 2019"


@pytest.mark.parametrize("case", cases("stated_months.csv"))
def test_a_stated_profile_is_asked_for_the_months_in_which_a_figure_is_due(tmp_path, case):
    row = stated_profile(tmp_path, case["stated"].split(), case["frequency"], case["due_month"], case["last_month"])
    assert (row["silent"] if row["silent"] == row["silent"] else "") == case["silent"]
    assert f"{row['months_stated']} of {row['months_due']}" == case["said"]


def test_a_lag_is_allowed_to_some_or_to_all():
    indicators = pd.DataFrame({"indicator_code": ["A", "B"], "allowed_lag": [0.0, 3.0]})
    some, every = (SimpleNamespace(allowed_lag=lag, indicator_codes=codes) for lag, codes in ((1, ["A"]), (2, [])))
    assert lag_allowed([some], indicators).tolist() == [1, 3]
    assert lag_allowed([every], indicators).tolist() == [2, 2]
    assert lag_allowed([], indicators).tolist() == [0, 3]


def test_words_of_lists_and_runs():
    assert joined([]) == ""
    assert joined(["A", "B", "C"], "or") == "A, B or C"
    assert months_text([month("2018-04")]) == "April 2018"
    assert months_text(pd.period_range("2018-04", "2018-06", freq="M")) == "April to June 2018"
    assert months_text([]) == ""


def test_a_figure_that_is_no_part_of_its_sum_is_found(tmp_path):
    lines = SMALL["data/indicators.csv"].replace("number,0,,", "number,0,QUARTERLY,").splitlines()
    files = {"data/indicators.csv": "\n".join([f"{lines[0]},accumulate", f"{lines[1]},", f"{lines[2]},true", ""])}
    files["data/returns/2018-05.csv"] = "indicator_code,month,value,note\n3.10,2018-05,Not due,\n"
    book = read_book(Workspace(small_workspace(tmp_path, files)), "2018-05")
    history = history_of(book)
    found = run_checks(book, scorecard_of(book, history), history).findings
    assert [each.message for each in found if each.column == "value" and "no part of the sum" in each.message] == [
        "data/returns/2018-04.csv row 3, column value (3.10, April 2018): the figure is for a month in which none is "
        "due, so '90' is no part of the sum. Expected one figure for the whole of each period, in its last month."
    ]
