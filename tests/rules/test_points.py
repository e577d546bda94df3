"""Points: what adds up, and what of each figure is its own month's, against its table."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpr_lib.rules.points import WHY_NONE, charted, months_own, points, standing_steps, to_date
from mpr_lib.rules.values import read_value
from tests.helpers import cases, month, months, number, table


def described(case):
    """The indicator of a case, and the targets that it has in any year."""
    indicator = pd.DataFrame({"indicator_code": ["1"], "basis": [case["basis"]], "unit": [case["unit"]]})
    target = pd.DataFrame({"indicator_code": ["1"], "profile": [case["profile"]], "annual_target_low": [1.0]})
    return indicator, target if case["profile"] else target.iloc[:0]


def series(case):
    """The figures of a case as a frame of successive months: a hyphen is a missing one."""
    numbers = [np.nan if each == "-" else float(each) for each in case["figures"].split()]
    months = pd.period_range(case["first_month"], periods=len(numbers), freq="M")
    return pd.DataFrame({"number": numbers, "month": months}).assign(
        indicator_code="1", basis=case["basis"], profile=case["profile"], frequency="MONTHLY", is_proxy=False,
        baseline=number(case["baseline"]), charted=charted(*described(case))[0],
        definition_break=pd.Series(pd.NaT, range(len(numbers))).astype("period[M]"),
    )  # fmt: skip


def as_text(found):
    return " ".join("-" if each != each else f"{each:.10g}" for each in found)


@pytest.mark.parametrize("case", cases("points.csv"))
def test_points_are_those_of_the_table(case):
    frame = series(case)
    found = points(frame)
    if case["charted"] == "QUARTER_ENDS":
        found = found[frame["month"].dt.month % 3 == 0]
    assert frame["charted"].tolist() == [case["charted"]] * len(frame)
    assert (as_text(found) if found.notna().any() or case["points"] else "") == case["points"]
    assert (WHY_NONE[case["basis"]] if case["charted"] == "NONE" else "") == case["reason"]


def test_a_workspace_may_say_otherwise_what_is_charted():
    indicator, target = described({"basis": "CUMULATIVE", "unit": "%", "profile": "FLAT"})
    for said, expected in (("MONTHS_OWN", "MONTHS_OWN"), ("", "NONE"), ("AS_GIVEN", "AS_GIVEN")):
        assert charted(indicator.assign(charted=said), target).tolist() == [expected]


@pytest.mark.parametrize(("target", "expected"), [(0.0, "MONTHS_OWN"), (12.0, "NONE")])
def test_a_target_of_none_at_all_stands_still_and_tells_nothing(target, expected):
    indicator, standing = described({"basis": "CUMULATIVE", "unit": "accidents", "profile": "FLAT"})
    ends = {"annual_target_low": target, "annual_target_high": target}
    assert charted(indicator, standing.assign(**ends)).tolist() == [expected]


STEPS = [
    ("2018-04", "", "2018-03", ""),
    ("2018-04", "", "2018-04", "2018-04"),
    ("2018-04", "", "2018-06", "2018-04"),
    ("2018-01", "2018-05", "2018-04", ""),
    ("2018-01", "2018-05", "2018-05", "2018-01"),
    ("2018-06", "2018-05", "2018-05", ""),
    ("", "2018-05", "2018-05", ""),
]


@pytest.mark.parametrize(("at", "reported_from", "report", "stands"), STEPS)
def test_a_step_counts_from_the_report_that_first_has_it(at, reported_from, report, stands):
    one = pd.DataFrame({"indicator_code": ["1"], "month": months([at]), "reported_from": months([reported_from])})
    found = standing_steps(one.assign(reason="New teams"), month(report))
    assert found["month"].astype(str).tolist() == [stands] * bool(stands)
    assert standing_steps(one.assign(reason=""), month(report)).empty


def test_of_two_steps_in_a_month_the_last_recorded_stands():
    two = pd.DataFrame({"indicator_code": ["1", "1", "2"], "month": months(["2018-01"] * 3)})
    two = two.assign(reason=["a", "b", "c"], reported_from=months([""] * 3))
    assert standing_steps(two, month("2018-05"))["reason"].tolist() == ["b", "c"]


def test_a_target_that_moves_in_any_year_adds_up_in_all():
    indicator, target = described({"basis": "CUMULATIVE", "unit": "%", "profile": "FLAT"})
    both = pd.concat([target, target.assign(profile="LINEAR")], ignore_index=True)
    assert charted(indicator, both).tolist() == ["MONTHS_OWN"]
    nothing = target.assign(annual_target_low=np.nan)
    assert charted(indicator.assign(unit="visits"), nothing).tolist() == ["MONTHS_OWN"]
    assert charted(indicator, nothing).tolist() == ["NONE"]


def test_a_proxy_is_no_point_and_nothing_is_told_from_it():
    frame = series(table("cases", "points.csv")[0])
    found = points(frame.assign(is_proxy=frame.index == 4))
    assert as_text(found[3:7]) == "0.52 - - 0.65"


def test_of_quarterly_figures_neighbours_are_a_quarter_apart():
    case = {"basis": "CUMULATIVE", "unit": "homes", "profile": "LINEAR", "baseline": "", "first_month": "2018-06"}
    frame = series(case | {"figures": "10 - - 25 - - 31 - - 50 - - 8"}).assign(frequency="QUARTERLY")
    assert as_text(points(frame).dropna()) == "10 15 6 19 8"


def test_months_own_figures_are_points_as_they_were_received():
    case = {"basis": "CUMULATIVE", "unit": "homes", "profile": "LINEAR", "baseline": "", "first_month": "2018-04"}
    frame = series(case | {"figures": "10 - 5 -2"}).assign(accumulate=True)
    assert as_text(points(frame)) == "10 - 5 -2"


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(0, 2))
def test_what_months_added_makes_the_figure_to_date(added, places):
    own = pd.Series(added) / 10**places
    months = pd.period_range("2018-04", periods=len(own), freq="M")
    to_date = own.groupby((months - 3).year).cumsum().round(places)
    case = {"basis": "CUMULATIVE", "unit": "number", "profile": "LINEAR", "baseline": "", "first_month": "2018-04"}
    frame = series(case | {"figures": " ".join(map(str, to_date))})
    assert months_own(frame)["own"].tolist() == own.tolist()


def received(case, **more):
    """The months of a case as the history has them before its sums: what was received, or why nothing was."""
    texts = case["received"].split()
    reads = [read_value("" if text == "-" else text) for text in texts]
    months = pd.period_range(case["first_month"], periods=len(texts), freq="M")
    frame = pd.DataFrame({"month": months, "value_text": ["" if text == "-" else text for text in texts]}).assign(
        indicator_code="1", accumulate=True, frequency=case["frequency"], due_month=np.nan, unit=case["unit"],
        decimals=number(case["decimals"]), number=[read.number for read in reads], is_proxy=False,
        no_value_reason=[read.no_value_reason or "" for read in reads], is_provisional=False, numerator=1.0,
        denominator=2.0,
        definition_break=pd.Series(pd.PeriodIndex([case["definition_break"] or pd.NaT] * len(texts), freq="M")),
    )  # fmt: skip
    return frame.assign(number=frame["number"].astype(float), **more)


@pytest.mark.parametrize("case", cases("accumulate.csv"))
def test_months_own_figures_make_these_sums(case):
    found = to_date(received(case))
    assert as_text(found["value"]) == case["value"]
    said = found["value_text"].where(found["value_text"] != "", found["no_value_reason"])
    expected = case["text"].split()
    assert [text if wanted != "-" else "-" for text, wanted in zip(said, expected, strict=True)] == expected
    assert found["received_text"].tolist() == received(case)["value_text"].tolist()
    assert found["numerator"].isna().all(), "the parts of one month are not those of the sum"


def test_a_sum_is_a_proxy_and_provisional_from_the_first_part_that_is():
    case = {"frequency": "MONTHLY", "unit": "", "decimals": "", "definition_break": "", "first_month": "2018-02"}
    frame = received(case | {"received": "1 2 3 4 5"}, is_proxy=[False, True, False, True, False])
    found = to_date(frame.assign(is_provisional=frame["is_proxy"]))
    assert found["is_proxy"].tolist() == found["is_provisional"].tolist() == [False, False, False, True, True]
    others = received(case | {"received": "1 2"}, accumulate=False, is_proxy=[True, False])
    assert to_date(others)["is_proxy"].tolist() == [True, False]


@settings(max_examples=50)
@given(st.lists(st.one_of(st.none(), st.integers(0, 999)), min_size=1, max_size=20))
def test_no_sum_is_known_where_a_month_of_its_year_is_not(figures):
    case = {"frequency": "MONTHLY", "unit": "", "decimals": "1", "definition_break": "", "first_month": "2018-04"}
    texts = ["-" if each is None else f"{each / 10}" for each in figures]
    found = to_date(received(case | {"received": " ".join(texts)}))["value"]
    for place, value in enumerate(found):
        parts = figures[place - place % 12 : place + 1]
        assert (value != value) == (None in parts)
        assert None in parts or value == sum(parts) / 10
