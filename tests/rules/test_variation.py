"""Variation and assurance, against their table."""

import numpy as np
import pandas as pd
import pytest

from mpr_lib.rules.points import charted_points, with_points
from mpr_lib.rules.variation import with_charts, with_variation
from tests.helpers import cases, number

FIRST = pd.Period("2017-04")
NO_STEPS = pd.DataFrame({"indicator_code": [], "month": []})


def judged(case, *, first=FIRST, steps=NO_STEPS, fewest=None, target=None, **about):
    """The scorecard's row of a case with its variation, and its points."""
    figures = [number(each.replace("-", "") if each == "-" else each) for each in case["figures"].split()]
    months = pd.period_range(first, periods=len(figures), freq="M")
    latest = months[-1]
    indicator = {
        "indicator_code": "1", "polarity": case["polarity"], "basis": "SNAPSHOT", "charted": "AS_GIVEN",
        "unit": case["unit"], "decimals": number(case["decimals"]), "frequency": "MONTHLY", "accumulate": False,
        "definition_break": pd.NaT, "due_month": np.nan, "year_introduced": np.nan, "last_month": pd.NaT,
    } | about  # fmt: skip
    indicators = pd.DataFrame([indicator]).astype({"definition_break": "period[M]", "last_month": "period[M]"})
    ends = {end: number(case[end]) if target is None else target for end in ("target_low", "target_high")}
    history = pd.DataFrame({"month": months, "number": figures, "value": figures}).assign(
        indicator_code="1", is_proxy=False, profile=about.get("profile", "FLAT"), baseline=np.nan, unit=case["unit"],
        **ends,
    )  # fmt: skip
    row = indicators.assign(latest_month=latest, value=figures[-1], profile=history["profile"].iloc[-1])
    months = with_points(history, indicators)
    points = with_charts(charted_points(months, steps, latest), case["rules"], fewest)
    return with_variation(row, points, months, case["rules"]).iloc[0], points


@pytest.mark.parametrize("case", cases("insight/spc_summary.csv"))
def test_variation_and_assurance_are_those_of_the_table(case):
    found, _ = judged(case)
    assert found["points"] == int(case["points"])
    for column in ("chart_mean", "lower_limit", "upper_limit"):
        stated = case[column.replace("chart_", "")]
        assert np.isnan(found[column]) if stated == "" else abs(found[column] - float(stated)) <= 5e-5
    told = {"signal_side": "side"}
    for column in ("variation", "signal", "signal_side", "assurance", "not_judged_reason"):
        assert found[column] == case[told.get(column, column)], column


LOW, HIGH = "50 52 49 51 50 53 48 51 49 52 50 51 49", "70 72 69 71 70 73 68 71 69 72 70 71 69 72"
RISING = {"polarity": "MAXIMISE", "unit": "number", "decimals": "0", "target_low": "40", "target_high": "40",
          "rules": "mdc", "figures": f"{LOW} {HIGH}"}  # fmt: skip


def steps_at(*months):
    return pd.DataFrame({"indicator_code": "1", "month": [pd.Period(month) for month in months]})


def test_a_step_begins_a_new_segment_with_limits_of_its_own():
    without, _ = judged(RISING)
    found, points = judged(RISING, steps=steps_at("2018-05"))
    assert (without["variation"], without["assurance"]) == ("IMPROVEMENT", "UNSETTLED")
    assert (found["variation"], found["assurance"], found["points"]) == ("USUAL", "RELIABLY_MET", 14)
    assert points.groupby("segment")["upper_limit"].first().round().tolist() == [57, 77]
    assert points.loc[points["month"] == "2018-05", "segment"].tolist() == [2]
    young, _ = judged(RISING, steps=steps_at("2018-05", "2019-01"))
    assert (young["variation"], young["not_judged_reason"], young["points"]) == ("NOT_JUDGED", "TOO_FEW_POINTS", 6)
    assert judged(RISING, steps=steps_at("2019-12"))[0].equals(without)


def test_nothing_before_a_new_definition_is_charted():
    found, points = judged(RISING, definition_break=pd.Period("2018-05"))
    assert (found["points"], points["month"].min()) == (14, pd.Period("2018-05"))


def test_a_missing_month_has_a_row_without_a_point_however_long_ago():
    case = RISING | {"figures": RISING["figures"].replace("49 51 50", "49 - 50", 1)}
    found, points = judged(case, first=pd.Period("2016-02"))
    assert found["points"] == 26
    assert points.loc[points["point"].isna(), "month"].astype(str).tolist() == ["2016-05"]


@pytest.mark.parametrize(
    "figures", ["50 52 49 51 50 53 48 51 49 52 50 51 49 60", "50 40 50 40 50 40 50 40 50 40 50 40 50 95"]
)
def test_reversed_polarity_swaps_improvement_and_concern(figures):
    swapped = {"IMPROVEMENT": "CONCERN", "CONCERN": "IMPROVEMENT", "USUAL": "USUAL"}
    one, _ = judged(RISING | {"figures": figures})
    other, _ = judged(RISING | {"figures": figures, "polarity": "MINIMISE"})
    assert one["variation"] == swapped[other["variation"]] == "IMPROVEMENT"


@pytest.mark.parametrize("power", [-2, 3])
def test_another_unit_changes_neither_variation_nor_assurance(power):
    """Where neither small counts nor a cut are in play."""
    for figures in (
        RISING["figures"],
        "50 52 49 51 50 53 48 51 49 52 50 51 60",
        "47 52 41 52 50 59 41 41 43 47 53 54 60 45",
    ):
        scaled = " ".join(repr(float(each) * 10.0**power) for each in figures.split())
        for target in ("40", "51.5", "80"):
            aim = {"target_low": target, "target_high": target}
            shifted = dict.fromkeys(aim, repr(float(target) * 10.0**power)) | {"decimals": str(2 - power)}
            one, _ = judged(RISING | aim | {"figures": figures, "decimals": "2"})
            other, _ = judged(RISING | shifted | {"figures": scaled})
            told = ["variation", "signal", "signal_side", "assurance", "months_on_target", "not_judged_reason"]
            assert one[told].tolist() == other[told].tolist()


def test_a_seasonal_target_and_last_years_course_are_the_forecasts_to_judge():
    found, _ = judged(RISING, profile="LAST_YEAR")
    assert found["not_judged_reason"] == "SEASONAL"


def test_a_quarters_own_figure_is_held_against_the_quarters_own_target():
    added = [15, 17, 13, 16, 14, 15, 17, 14, 16, 15, 13, 16, 14]
    to_date = np.add.accumulate(added)
    to_date = [total - (to_date[place // 4 * 4 - 1] if place >= 4 else 0) for place, total in enumerate(to_date)]
    quarters = {"figures": " ".join(f"- - {each}" for each in to_date), "polarity": "MINIMISE"}
    about = {"charted": "MONTHS_OWN", "basis": "CUMULATIVE", "frequency": "QUARTERLY", "profile": "LINEAR"}
    targets = pd.Series(np.tile(np.arange(1, 13) * 5.0, 4)[:39])
    found, points = judged(RISING | quarters, target=targets, **about)
    assert points["target_high"].tolist() == [15.0] * 13
    assert found[["assurance", "months_on_target", "months_with_target"]].tolist() == ["HIT_AND_MISS", 8, 13]


def test_limits_are_cut_only_where_no_point_lies_beyond():
    per_cent = {"unit": "%", "figures": "96 99 95 98 96 99 97 99 95 98 99 97 96 97"}
    assert judged(RISING | per_cent)[0]["upper_limit"] == 100
    assert judged(RISING | per_cent | {"figures": per_cent["figures"].replace("99", "103")})[0]["upper_limit"] > 103
