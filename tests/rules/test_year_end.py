"""The year's end and its early warning, against their tables."""

import numpy as np
import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of, signals_of
from mpr_lib.rules.points import points
from mpr_lib.rules.year_end import early_warning, year_end
from tests.helpers import REPOSITORY, number, table

NO_MONTH = pd.Series([pd.NaT]).astype("period[M]")
LATEST = pd.Period("2018-03")
INSIGHT = ("cases", "insight")


def figures(text):
    return [number(each.replace("-", "")) for each in text.split()]


def row(month_number=12, **told):
    """A scorecard of one indicator whose latest month is so far into 2018/19."""
    latest = LATEST + month_number
    return pd.DataFrame({
        "indicator_code": "X", "latest_month": latest, "value": 1.0, "is_proxy": False, "charted": "AS_GIVEN",
        "basis": "SNAPSHOT", "frequency": "MONTHLY", "profile": "", "polarity": "MAXIMISE", "unit": "number",
        "definition_break": NO_MONTH, "annual_target_low": 10.0, "annual_target_high": 10.0, "baseline": np.nan,
    } | told, index=[7])  # fmt: skip


def around(scorecard, numbers, due=()):
    """The history of a scorecard's one indicator, whose last figure is its latest month's, and its points."""
    about = scorecard.iloc[0]
    opens = LATEST + 1
    first = min(about.latest_month - len(numbers) + 1, opens)
    months = pd.period_range(first, opens + 11, freq="M")
    history = pd.DataFrame({"indicator_code": "X", "month": months, "is_proxy": False, "profile": about.profile})
    given = pd.Series(numbers, pd.period_range(about.latest_month - len(numbers) + 1, about.latest_month, freq="M"))
    targets = pd.Series(list(due), pd.period_range(opens, periods=len(due), freq="M"), dtype=float)
    history = history.assign(
        number=given.reindex(months).to_numpy(), target_low=targets.reindex(months).to_numpy(),
        baseline=pd.Series(about.baseline, months).where(months >= opens).to_numpy(),
    )  # fmt: skip
    history["value"] = history["number"]
    known = history.assign(**{name: about[name] for name in ("charted", "basis", "frequency")})
    known["definition_break"] = pd.Series(about.definition_break, known.index).astype("period[M]")
    known = known.assign(point=points(known), segment=1)[known["number"].notna()]
    since = known["definition_break"].isna() | (known["month"] >= known["definition_break"])
    return history, known[since]


def told(scorecard, numbers, due=()):
    return year_end(scorecard.assign(value=numbers[-1]), *around(scorecard, numbers, due)).loc[7]


@pytest.mark.parametrize("case", table(*INSIGHT, "forecast.csv"), ids=lambda case: case["why"])
def test_the_year_ends_as_the_table_says(case):
    adds = case["method"] != "LEVEL"
    numbers = [each for name in ("year_before_last", "last_year", "this_year") for each in figures(case[name])]
    scorecard = row(
        int(case["month_number"]), polarity=case["polarity"], unit=case["unit"],
        charted="MONTHS_OWN" if adds else "AS_GIVEN", basis="CUMULATIVE" if adds else "SNAPSHOT",
        profile="LINEAR_FROM_BASELINE" if case["baseline"] else "STATED", baseline=number(case["baseline"]),
        annual_target_low=number(case["annual_target_low"]), annual_target_high=number(case["annual_target_high"]),
    )  # fmt: skip
    found = told(scorecard, numbers, figures(case["shape"]))
    assert (found.forecast_method, found.forecast_reason) == (case["method"], "")
    for column in ("forecast", "forecast_low", "forecast_high"):
        assert found[column] == pytest.approx(float(case[column]), rel=5e-6, abs=5e-5)
    assert found.forecast_chance == pytest.approx(float(case["chance"]), abs=1e-4)


@pytest.mark.parametrize("case", table(*INSIGHT, "forecast_reasons.csv"), ids=lambda case: case["why"])
def test_nothing_is_said_for_the_reason_that_the_table_gives(case):
    m, last_year = int(case["month_number"]), int(case["last_year_months"])
    months = m + last_year
    charted = {"CUMULATIVE": "MONTHS_OWN", "ROLLING_QUARTER": "QUARTER_ENDS", "UNSTATED": "NONE"}
    own = [50.0 + (each % 3) * (case["varies"] == "true") for each in range(months)]
    if case["basis"] == "CUMULATIVE":
        own = [*np.cumsum(own[:last_year]), *np.cumsum(own[last_year:])]
    broken = LATEST + m - int(case["points"]) + 1 if case["break_within"] == "true" else pd.NaT
    if case["break_within"] == "true" and last_year == 0:
        own = [*np.arange(50.0, 650, 50), *own]
    scorecard = row(m, basis=case["basis"], charted=charted.get(case["basis"], "AS_GIVEN"))
    scorecard["definition_break"] = pd.Series([broken], scorecard.index).astype("period[M]")
    found = told(scorecard, own)
    assert found.forecast_reason == case["reason"]
    assert (found.forecast_method == "") == np.isnan(found.forecast) == (case["reason"] != "")


@pytest.mark.parametrize("case", table(*INSIGHT, "early_warning.csv"), ids=lambda case: case["why"])
def test_it_warns_as_the_table_says(case):
    columns = [pd.Series([case[name]]) for name in ("rating", "variation", "variation_last_month")]
    found = early_warning(*columns, pd.Series([number(case["chance"])]), pd.Series([int(case["month_number"])]))
    assert found.tolist() == [case["early_warning"]]


@pytest.fixture(scope="module")
def seed():
    book = read_book(Workspace(REPOSITORY), "2018-05")
    history = history_of(book)
    scorecard = scorecard_of(book, history)
    found = year_end(scorecard, history, signals_of(book, history), book.settings.years)
    return found.set_index(scorecard["indicator_code"])


@pytest.mark.parametrize("case", table(*INSIGHT, "insight_southend.csv"), ids=lambda case: case["indicator_code"])
def test_the_real_month_ends_its_year_as_its_table_says(seed, case):
    found = seed.loc[case["indicator_code"]]
    assert found.forecast_reason == case["forecast_reason"]
    columns = {"forecast": "forecast", "forecast_low": "forecast_low", "forecast_high": "forecast_high",
               "forecast_chance": "chance"}  # fmt: skip
    for column, stated in columns.items():
        assert found[column] == pytest.approx(number(case[stated]), abs=1e-4, nan_ok=True)
