"""The front door: the rules for one figure or a column of them, as the report itself uses them."""

import inspect
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import mpr_lib
from mpr_lib import direction, open_report, rate, target_to_date
from mpr_lib.book import Workspace, read_book, scorecard_of
from mpr_lib.errors import MprError
from mpr_lib.rules import history, scorecard, targets
from tests.helpers import REPOSITORY, cases, number, table

NAN = float("nan")


def test_the_examples_hold():
    assert rate(29.2, 33, polarity="MAXIMISE", tolerance=0.15) == "AMBER"
    assert target_to_date(4_400_000, month="2018-05", profile="LINEAR") == 733_333
    assert direction(83, 63.4, polarity="MAXIMISE") == "BETTER"
    assert open_report is mpr_lib.report.open_report


def test_the_signatures_are_these():
    shown = {name: [(each.name, each.default) for each in inspect.signature(function).parameters.values()]
             for name, function in {"rate": rate, "target_to_date": target_to_date}.items()}  # fmt: skip
    none = inspect.Parameter.empty
    assert shown["rate"][:7] == [
        ("value", none), ("target", none), ("target_high", None), ("polarity", none), ("tolerance", 0.05),
        ("amber_low", None), ("amber_high", None),
    ]  # fmt: skip
    assert shown["target_to_date"] == [
        ("annual", none), ("month", none), ("profile", none), ("decimals", 0), ("baseline", None), ("last_year", None),
        ("year_starts", 4),
    ]  # fmt: skip


@pytest.mark.parametrize("case", cases("rating.csv"))
def test_one_figure_is_rated_as_its_table_says(case):
    given = {name: number(case[name]) for name in ("value", "target_low", "target_high")}
    tolerance = 0.05 if np.isnan(number(case["tolerance"])) else number(case["tolerance"])
    limits = {name: number(case[f"stated_{name}"]) for name in ("amber_low", "amber_high")}
    assert rate(*given.values(), polarity=case["polarity"], tolerance=tolerance, **limits) == case["rating"]


@pytest.mark.parametrize("missing", [None, NAN, np.nan, pd.NA])
def test_what_is_missing_has_a_word_or_is_missing(missing):
    assert rate(missing, 33, polarity="MAXIMISE") == "NO_VALUE"
    assert rate(missing, missing, polarity="MAXIMISE") == "NO_VALUE"
    assert rate(29.2, missing, polarity="MINIMISE") == "NO_TARGET"
    assert rate(29.2, 33, polarity="MAXIMISE", tolerance=missing) == "RED"
    assert direction(missing, 3, polarity="MAXIMISE") == direction(3, missing, polarity="MINIMISE") == "NOT_AVAILABLE"
    assert direction(3, 3, polarity="GOLDILOCKS", target=missing) == "NOT_AVAILABLE"
    assert np.isnan(target_to_date(missing, month="2018-05", profile="LINEAR"))
    assert np.isnan(target_to_date(missing, month="2018-05", profile="FLAT"))
    assert np.isnan(target_to_date(12, month="2018-05", profile="LINEAR_FROM_BASELINE", baseline=missing))
    assert np.isnan(target_to_date(12, month="2018-05", profile="LAST_YEAR", last_year=(missing, 5)))
    assert np.isnan(target_to_date(12, month="2018-05", profile="LAST_YEAR"))
    assert np.isnan(target_to_date(12, month=missing, profile="LINEAR"))
    assert np.isnan(target_to_date(12, month="2018-05", profile=missing))
    assert rate(3, 2, polarity=missing) == "NO_TARGET"
    assert direction(3, 2, polarity=missing) == "NOT_AVAILABLE"
    months, profiles = pd.Series(["2018-05", missing, "2018-05"]), pd.Series(["LINEAR", "LINEAR", missing])
    assert target_to_date(12, month=months, profile=profiles).fillna(-1).tolist() == [2, -1, -1]
    as_periods = pd.Series(pd.PeriodIndex(["2018-05", None, "2019-03"], freq="M"))
    assert target_to_date(12, month=as_periods, profile="LINEAR").fillna(-1).tolist() == [2, -1, 12]
    assert target_to_date(12.5, month="2018-05", profile="LINEAR", decimals=missing) == 2


@pytest.mark.parametrize("polarity", ["MAXIMISE", "MINIMISE", "GOLDILOCKS"])
@pytest.mark.parametrize("figure", [200 / 3, 100 / 3, 0.1 + 0.2, 66.66666666666667])
def test_a_value_that_equals_its_target_is_on_it_whatever_its_decimals(polarity, figure):
    assert rate(figure, figure, polarity=polarity) == "GREEN"


def test_one_end_of_a_target_is_both():
    assert rate(5, None, 5, polarity="MINIMISE") == rate(5, 5, polarity="MINIMISE") == "GREEN"
    assert rate(5, 5, polarity="GOLDILOCKS") == "GREEN"


def test_a_column_comes_back_as_a_column_with_its_index():
    rows = table("cases", "rating.csv")
    index = [f"row {place}" for place in range(len(rows))]
    column = lambda name: pd.Series([number(row[name]) for row in rows], index)  # noqa: E731
    found = rate(
        column("value"), column("target_low"), column("target_high"), tolerance=column("tolerance"),
        polarity=pd.Series([row["polarity"] for row in rows], index),
        amber_low=column("stated_amber_low"), amber_high=column("stated_amber_high"),
    )  # fmt: skip
    assert found.tolist() == [row["rating"] for row in rows]
    assert found.index.tolist() == index
    assert found.dtype == "str"


def test_single_figures_go_with_a_column():
    values = pd.Series([10, None, 3], index=["a", "a", "b"], dtype="Int64")
    assert rate(values, 9, polarity="MAXIMISE").tolist() == ["GREEN", "NO_VALUE", "RED"]
    assert direction(values, 5, polarity="MINIMISE").tolist() == ["WORSE", "NOT_AVAILABLE", "BETTER"]
    months = pd.Series(pd.period_range("2018-04", periods=3, freq="M"))
    assert target_to_date(1200, month=months, profile="LINEAR").tolist() == [100, 200, 300]
    assert target_to_date(1200, month=months.astype("str"), profile="LINEAR").tolist() == [100, 200, 300]
    assert target_to_date(1200, month="2018-05", profile="LINEAR", year_starts=1) == 500


def test_last_years_course_is_the_figures_at_that_month_and_at_the_end():
    assert target_to_date(350_000, month="2018-05", profile="LAST_YEAR", last_year=(73_458, 361_922)) == 71_038
    then, end = pd.Series([10.0, 5.0]), pd.Series([100.0, 0.0])
    found = target_to_date(200, month="2018-05", profile="LAST_YEAR", last_year=(then, end))
    assert found[0] == 20
    assert np.isnan(found[1])


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (lambda: target_to_date(12, month="2018-05", profile="STATED"),
         "No rule computes a STATED target. Take the figure that was stated for that month."),
        (lambda: target_to_date(12, month="2018-05", profile=pd.Series(["FLAT", "STATED"])),
         "No rule computes a STATED target. Take the figure that was stated for that month."),
        (lambda: target_to_date(12, month="2018-05", profile="LINEER"),
         "'LINEER' is no profile. Expected one of FLAT, LINEAR, LINEAR_FROM_BASELINE, LAST_YEAR."),
        (lambda: target_to_date(12, month="Q1", profile="LINEAR"),
         "month: cannot read 'Q1' as a month. Expected a month such as 2018-05, May 2018 or May-18."),
        (lambda: target_to_date(12, month="2018-05", profile="LAST_YEAR", last_year=5),
         "last_year: Expected two figures, last year's at that month and at the year's end."),
        (lambda: rate(1, 2, polarity="UP"),
         "'UP' is no polarity. Expected one of MAXIMISE, MINIMISE, GOLDILOCKS, OUTSIDE, NONE."),
        (lambda: direction(1, 2, polarity=pd.Series(["MAXIMISE", "up"])),
         "'up' is no polarity. Expected one of MAXIMISE, MINIMISE, GOLDILOCKS, OUTSIDE, NONE."),
        (lambda: rate("83%", 80, polarity="MAXIMISE"),
         "value: found what is no number. Expected numbers; read_value reads texts."),
        (lambda: rate([1, 2], 80, polarity="MAXIMISE"),
         "value: found a list. Expected one figure or a pandas Series."),
        (lambda: rate(float("inf"), 80, polarity="MAXIMISE"),
         "value: found what is no number. Expected numbers; read_value reads texts."),
        (lambda: target_to_date(12, month="2018-05", profile="LINEAR", year_starts=16),
         "year_starts: found 16. Expected a calendar month, 1 to 12."),
        (lambda: target_to_date(12, month="2018-05", profile="LINEAR", decimals=99),
         "decimals: Expected whole numbers from 0 to 9."),
        (lambda: target_to_date(12, month="Q1", profile="FLAT"),
         "month: cannot read 'Q1' as a month. Expected a month such as 2018-05, May 2018 or May-18."),
        (lambda: rate(pd.Series([1]), pd.Series([1], index=[5]), polarity="MAXIMISE"),
         "The series given have different indexes. Expected columns of one frame."),
    ],
)  # fmt: skip
def test_what_no_rule_can_take_is_refused_with_a_sentence(asked, refusal):
    with pytest.raises(MprError) as refused:
        asked()
    assert str(refused.value) == refusal


def test_the_report_rates_by_the_same_functions(monkeypatch):
    """Whatever stands at the front door is what the history and the scorecard are made with."""
    asked = set()

    def noted(name, function):
        return lambda *given, **named: asked.add(name) or function(*given, **named)

    monkeypatch.setattr(history, "rate", noted("rate", rate))
    monkeypatch.setattr(targets, "target_to_date", noted("target_to_date", target_to_date))
    monkeypatch.setattr("mpr_lib.rules.comparing.direction", noted("direction", direction))
    scorecard_of(read_book(Workspace(REPOSITORY), "2018-05"))
    assert asked == {"rate", "target_to_date", "direction"}
    assert scorecard.with_direction.__module__ == direction.__module__


def test_importing_the_library_loads_nothing_heavy():
    heavy = ("great_expectations", "papermill", "matplotlib", "pandas", "pydantic")
    light = f"import sys, mpr_lib; print([name for name in {heavy} if name in sys.modules])"
    rules = "import sys; from mpr_lib import rate, direction, target_to_date\n"
    rules += f"print([name for name in {heavy} if name in sys.modules])"
    place = f"import sys; from mpr_lib.book import Workspace; print([name for name in {heavy} if name in sys.modules])"
    said = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
            for code in (light, place, rules)]  # fmt: skip
    assert said == ["[]", "[]", "['pandas']"]


def test_nothing_else_stands_at_the_front_door():
    assert sorted(mpr_lib.__all__) == ["direction", "open_report", "rate", "target_to_date"]
    assert set(mpr_lib.__all__) <= set(dir(mpr_lib))
    with pytest.raises(AttributeError, match="module 'mpr_lib' has no attribute 'rates'"):
        _ = mpr_lib.rates


@pytest.mark.slow
def test_the_notebook_of_the_rules_runs_in_a_kernel_and_says_what_the_report_says(tmp_path):
    from mpr_lib.run.execution import execute, read_notebook, running_kernel

    parameters = {"workspace": str(REPOSITORY), "month": "2018-05"}
    notebook = read_notebook(REPOSITORY / "notebooks" / "rules.ipynb", "notebooks/rules.ipynb", parameters)
    with running_kernel(tmp_path) as manager:
        executed = execute(notebook, "notebooks/rules.ipynb", parameters, manager)
    said = [output.get("data", output)["text/plain"] for cell in executed.cells if cell.cell_type == "code"
            for output in cell.outputs]  # fmt: skip
    assert said[0] == "'AMBER'"
    assert "733333.0" in said
    assert "('BETTER', 'WORSE')" in said
    assert any(re.search(r"GREEN +17\nRED +11\nAMBER +2\nNO_VALUE +1\n", text) for text in said)
