"""The year's end and its early warning, against their tables."""

import numpy as np
import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book
from mpr_lib.book.book import scored
from mpr_lib.rules.months import FinancialYears
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
    scorecard, points = scored(book, history)
    found = year_end(scorecard, history, points, book.settings.years)
    return found.set_index(scorecard["indicator_code"])


@pytest.mark.parametrize("case", table(*INSIGHT, "insight_southend.csv"), ids=lambda case: case["indicator_code"])
def test_the_real_month_ends_its_year_as_its_table_says(seed, case):
    found = seed.loc[case["indicator_code"]]
    assert found.forecast_reason == case["forecast_reason"]
    columns = {"forecast": "forecast", "forecast_low": "forecast_low", "forecast_high": "forecast_high",
               "forecast_chance": "chance"}  # fmt: skip
    for column, stated in columns.items():
        assert found[column] == pytest.approx(number(case[stated]), abs=1e-4, nan_ok=True)


MONTHS = np.random.default_rng(20180331).integers(75, 126, (24, 36)).astype(float)
"""Invented months' own figures, of three years each."""


def cumulated(months):
    return [float(each) for year in np.reshape(months, (-1, 12)) for each in np.cumsum(year)]


def summed(m, months, **told_of):
    """The year's end of a sum so far into the newest of the years given, whose target is 1,000."""
    about = {"charted": "MONTHS_OWN", "basis": "CUMULATIVE", "profile": "STATED"}
    scorecard = row(m, **about | {"annual_target_low": 1000.0, "annual_target_high": 1000.0} | told_of)
    return told(scorecard, cumulated(months)[: len(months) - 12 + m])


@pytest.mark.parametrize("power", [-3, -1, 2, 5])
def test_in_another_unit_the_chance_is_the_same(power):
    for places, months in enumerate(MONTHS[:12]):
        m, years, times = 2 + places % 10, [12, 24, 36][places % 3], 10.0**power
        target = {f"annual_target_{end}": 1200.0 for end in ("low", "high")}
        one = summed(m, months[-years:], **target)
        other = summed(m, months[-years:] * times, **{name: each * times for name, each in target.items()})
        assert other.forecast_reason == one.forecast_reason
        assert other.forecast_chance == pytest.approx(one.forecast_chance, abs=1e-9, nan_ok=True)
        assert other.forecast == pytest.approx(one.forecast * times, nan_ok=True)


@pytest.mark.parametrize(("one", "other"), [("MAXIMISE", "MINIMISE"), ("GOLDILOCKS", "OUTSIDE")])
def test_the_other_way_round_it_is_the_other_chance(one, other):
    for months in MONTHS:
        target = {"annual_target_low": 1100.0, "annual_target_high": 1100.0 if one == "MAXIMISE" else 1300.0}
        found = [summed(5, months, polarity=each, **target).forecast_chance for each in (one, other)]
        assert sum(found) == pytest.approx(1)
        assert min(found) >= 0


@pytest.mark.parametrize("charted", ["AS_GIVEN", "MONTHS_OWN"])
def test_later_months_change_no_earlier_forecast(charted):
    for months in MONTHS[:6]:
        kind = {"charted": charted, "basis": "CUMULATIVE" if charted == "MONTHS_OWN" else "SNAPSHOT"}
        numbers = cumulated(months) if charted == "MONTHS_OWN" else [500 + each for each in months]
        whole = around(row(12, **kind), numbers)
        for m in (1, 4, 9):
            known = numbers[: 24 + m]
            scorecard = row(m, value=known[-1], **kind)
            then, now = year_end(scorecard, *around(scorecard, known)), year_end(scorecard, *whole)
            pd.testing.assert_frame_equal(then, now)


def test_steadier_months_and_later_ones_narrow_the_interval():
    def width(found):
        return found.forecast_high - found.forecast_low

    steady, wild = np.tile([100.0, 104, 96], 12), np.tile([100.0, 160, 40], 12)
    assert width(summed(6, steady)) < width(summed(6, wild))
    assert width(summed(9, steady)) < width(summed(6, steady)) < width(summed(3, steady))


def test_a_sum_ends_no_lower_than_it_stands_and_a_share_between_0_and_100():
    low = summed(11, [*[100.0] * 12, *[100.0] * 10, 1, 0])
    assert low.forecast_low >= 1001
    share = told(row(3, unit="%"), [97.0, 99, 98, 100, 97, 99, 96, 100, 99, 97, 98, 100, 99])
    assert (share.forecast_high, share.forecast_reason) == (100, "")
    beyond = told(row(3, unit="%"), [107.0, 99, 108, 100, 107, 99, 106, 100, 109, 107, 98, 100, 109])
    assert beyond.forecast_high > 100


def test_without_a_target_only_the_chance_is_missing_and_without_a_good_direction_nothing_lacks_a_reason():
    untold = summed(3, MONTHS[0], annual_target_low=np.nan, annual_target_high=np.nan)
    assert (untold.forecast_method, untold.forecast_reason) == ("LAST_YEAR_SHAPE", "NO_TARGET")
    assert untold.forecast > 0
    assert np.isnan(untold.forecast_chance)
    neither = summed(3, MONTHS[0], polarity="NONE")
    assert (neither.forecast_method, neither.forecast_reason) == ("LAST_YEAR_SHAPE", "")
    assert np.isnan(neither.forecast_chance)


def test_a_single_number_to_be_hit_exactly_has_no_chance_unless_it_is_passed():
    hit = summed(3, MONTHS[0], polarity="GOLDILOCKS", annual_target_low=1200.0, annual_target_high=1200.0)
    assert (hit.forecast_method, hit.forecast_reason) == ("LAST_YEAR_SHAPE", "ONE_NUMBER")
    assert hit.forecast > 0
    assert np.isnan(hit.forecast_chance)
    passed = summed(6, MONTHS[0], polarity="GOLDILOCKS", annual_target_low=200.0, annual_target_high=200.0)
    assert (passed.forecast_reason, passed.forecast_chance) == ("", 0)


def test_a_balance_has_no_pace_and_so_no_forecast():
    found = summed(4, [-100.0] * 12)
    assert (found.forecast_method, found.forecast_reason) == ("", "BALANCE")
    assert np.isnan(found.forecast)


def test_an_interval_as_wide_as_its_middle_says_nothing():
    found = told(row(3), [float(each) for each in [1, 90] * 7])
    assert (found.forecast_method, found.forecast_reason) == ("", "TOO_WIDE")


def test_the_targets_own_months_are_the_shape_of_a_year_where_all_are_known():
    about = {"charted": "MONTHS_OWN", "basis": "CUMULATIVE"}
    own = [100.0] * 3 + [200.0] * 9
    for profile, due, end in (("STATED", own, 2100), ("STATED", own[:11], 1200), ("LINEAR_FROM_BASELINE", own, 1200)):
        scorecard = row(3, **about, profile=profile, baseline=0.0)
        assert told(scorecard, [100.0, 210, 300], due).forecast == pytest.approx(end)


def test_a_stock_grows_from_last_years_end_and_from_its_baseline_where_that_is_not_known():
    stock = {"charted": "MONTHS_OWN", "basis": "CUMULATIVE", "profile": "LINEAR_FROM_BASELINE", "baseline": 990.0}
    assert told(row(3, **stock), [1000.0, 1010, 1022, 1030]).forecast == pytest.approx(1120)
    assert told(row(3, **stock), [1010.0, 1022, 1030]).forecast == pytest.approx(1150)
    assert told(row(3, **stock | {"baseline": np.nan}), [1010.0, 1022, 1030]).forecast_reason == "TOO_FEW_POINTS"


def test_a_gap_leaves_out_its_two_months_and_a_definition_within_the_year_the_sum():
    gap = [100.0, np.nan, 310, 400, 500, 600]
    sums = {"charted": "MONTHS_OWN", "basis": "CUMULATIVE", "profile": "STATED"}
    assert told(row(6, **sums), gap).forecast == pytest.approx(1200)
    assert told(row(4, **sums), gap[:4]).forecast_reason == "TOO_FEW_POINTS"
    broken = row(6, **sums).assign(definition_break=pd.Series([LATEST + 3], [7]))
    assert told(broken, [100.0, 200, 300, 400, 500, 600]).forecast_reason == "NEW_DEFINITION"


def test_a_level_goes_by_its_newest_segment_and_over_no_gap():
    numbers = [50.0, 51, 50, 51, 50, 51, np.nan, 90, 91, 90, 91, 90, 91, 90, 91]
    scorecard = row(2, value=91.0)
    history, known = around(scorecard, numbers)
    alone = year_end(scorecard, history, known).loc[7]
    assert alone.forecast == pytest.approx(272 / 3)
    assert alone.forecast_high - alone.forecast_low == pytest.approx(2 * 1.2815516 / 1.128 * np.sqrt(4 / 3 + 10))
    known["segment"] = 1 + (known["month"] > known["month"].iloc[5])
    assert year_end(scorecard, history, known).loc[7].forecast_reason == "TOO_FEW_POINTS"


@pytest.mark.parametrize(
    ("polarity", "target", "chance"), [("MINIMISE", -10.0, 0.5), ("MAXIMISE", -9.0, 0.31), ("MINIMISE", -1.0, 1.0)]
)
def test_a_change_in_per_cent_may_end_below_0(polarity, target, chance):
    """Its interval is not cut at 0, and a target below 0 is neither passed nor reached because of it."""
    scorecard = row(2, unit="%", polarity=polarity, annual_target_low=target, annual_target_high=target)
    found = told(scorecard, [-10.5, -9.5, -10.0] * 5)
    assert found.forecast == -10
    assert (found.forecast_low, found.forecast_high) == pytest.approx((-12.595, -7.405), abs=0.001)
    assert found.forecast_chance == pytest.approx(chance, abs=0.005)


def test_a_sum_that_has_passed_its_target_has_passed_it():
    months, target = MONTHS[0], {"annual_target_low": 200.0, "annual_target_high": 250.0}
    chances = {"MAXIMISE": 1, "MINIMISE": 0, "GOLDILOCKS": 0, "OUTSIDE": 1}
    assert {each: summed(6, months, polarity=each, **target).forecast_chance for each in chances} == chances


def test_what_cannot_stray_meets_its_target_or_does_not():
    months = [*[100.0] * 6, *[0.0] * 6]
    done = summed(6, [*months, *months], annual_target_low=600.0, annual_target_high=600.0)
    assert (done.forecast, done.forecast_low, done.forecast_high, done.forecast_chance) == (600, 600, 600, 1)
    assert summed(6, [*months, *months], annual_target_low=601.0, annual_target_high=601.0).forecast_chance == 0


def test_no_indicators_have_no_year_ends():
    scorecard = row(2)
    history, known = around(scorecard, [1.0, 2.0])
    assert year_end(scorecard[:0], history[:0], known[:0]).empty


def test_a_year_that_begins_in_october_ends_as_one_that_begins_in_april():
    kind = {"charted": "MONTHS_OWN", "basis": "CUMULATIVE", "profile": "STATED"}
    numbers = cumulated(MONTHS[0])[:28]
    scorecard = row(4, value=numbers[-1], **kind)
    history, known = around(scorecard, numbers)
    later = [frame.assign(month=frame["month"] + 6) for frame in (history, known)]
    found = year_end(scorecard.assign(latest_month=scorecard["latest_month"] + 6), *later, FinancialYears(10))
    assert found.loc[7, "forecast_method"] == "LAST_YEAR_SHAPE"
    pd.testing.assert_frame_equal(found, year_end(scorecard, history, known))


def test_what_a_workspace_does_not_chart_has_no_forecast_for_that_reason():
    scorecard = row(6, charted="NONE")
    assert told(scorecard, [50.0, 52, 51, 50, 53, 51]).forecast_reason == "NOT_CHARTED"
    assert told(scorecard.assign(basis="CUMULATIVE"), [1.0, 2, 3]).forecast_reason == "RATIO_TO_DATE"
