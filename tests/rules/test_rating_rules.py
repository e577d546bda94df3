"""Rating rules: how other bodies rate, each written as a workspace's settings write it."""

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mpr_lib.book.settings import ReportSettings, read_settings
from mpr_lib.errors import InputError
from mpr_lib.rules.history import history
from mpr_lib.rules.rating import USUAL, RatingRule, limits, rate, rule_of_each, variance
from tests.helpers import cases, month, number, same, table

ROWS = table("cases", "rating_rules.csv")
BASE = "council: A\npublisher: B\ncontacts: []\naims: []\n"
LIMITS = ("green_low", "green_high", "amber_low", "amber_high")


def rules_of(text):
    """The rules that a cell of the table writes, read as params/report.yml is."""
    lines = "".join(f"  - {rule}\n" for rule in text.split("; ") if rule)
    read = read_settings(ReportSettings, f"{BASE}rating_rules:\n{lines}" if lines else BASE, "params/report.yml")
    return read.rating_rules


def rated(case):
    row = {name: number(case[name]) for name in ("value", "target_low", "target_high", "tolerance")}
    row |= {"amber_low": float("nan"), "amber_high": float("nan")}
    row |= {name: case[name] for name in ("indicator_code", "unit", "polarity", "direction")}
    frame = pd.DataFrame([row | {"section": "CORPORATE", "aim": "SAFE"}])
    rules = [*rules_of(case["rules"]), USUAL]
    rule = rules[rule_of_each(frame, rules)[0]]
    # An indicator's own tolerance, in targets.csv, goes before that of the rule.
    ends = limits(frame, rule).iloc[0]
    rating = rate(row["value"], row["target_low"], row["target_high"], polarity=row["polarity"], rule=rule,
                  amber_low=ends["amber_low"], amber_high=ends["amber_high"], direction=case["direction"])  # fmt: skip
    return {**ends, "rating": rating}


@pytest.mark.parametrize("case", cases("rating_rules.csv"))
def test_a_body_rates_as_it_says(case):
    found = rated(case)
    assert found["rating"] == case["rating"]
    assert {name: found[name] for name in LIMITS if not same(found[name], case[name])} == {}


def test_every_body_has_its_cases():
    bodies = ("Southend", "LB Havering", "RB Kensington", "Reigate", "Harlow", "Interfacing EPC", "Scientrix")
    assert all(any(row["source"].startswith(body) for row in ROWS) for body in bodies)


def test_the_first_rule_that_fits_an_indicator_is_its_own():
    indicators = pd.DataFrame(
        {"indicator_code": ["A", "B", "C"], "unit": ["%", "%", "days"], "section": "CORPORATE", "aim": ["X", "Y", "Y"]}
    )
    rules = [RatingRule(indicator_codes=("B",)), RatingRule(units=("%",)), RatingRule(aims=("X",))]
    assert rule_of_each(indicators, rules).tolist() == [1, 0, -1]
    assert rule_of_each(indicators, []).tolist() == [-1, -1, -1]


def test_by_direction_each_month_is_compared_with_its_own_year_before():
    indicators = pd.DataFrame(
        [{"indicator_code": "A", "polarity": "MAXIMISE", "decimals": 0.0, "unit": "", "frequency": "MONTHLY",
          "section": "CORPORATE", "aim": "SAFE", "definition_break": pd.NaT}]
    )  # fmt: skip
    months = pd.PeriodIndex(["2016-05", "2017-05", "2018-05", "2018-04"], freq="M")
    values = pd.DataFrame({"indicator_code": "A", "month": months, "number": [70.0, 60.0, 65.0, 65.0]})
    values = values.assign(value_text="x", no_value_reason="", is_proxy=False, received=months[2], file="f", row=2)
    numbers = dict.fromkeys(("baseline", "tolerance", "amber_low", "amber_high"), float("nan"))
    targets = pd.DataFrame(
        [{"indicator_code": "A", "financial_year": year, "annual_target_low": 100.0, "annual_target_high": 100.0,
          "annual_target_low_text": "100", "annual_target_high_text": "100", "profile": "FLAT", **numbers}
         for year in (2016, 2017, 2018)]
    )  # fmt: skip
    stated = pd.DataFrame(columns=["indicator_code", "month", "target_low", "target_high", "target_low_text",
                                   "target_high_text"])  # fmt: skip
    rule = RatingRule(tolerance=0.1, green_tolerance=0.1, beyond="by_direction")
    found = history(indicators, targets, stated, values, month("2018-05"), rules=[rule]).set_index("month")["rating"]
    assert [found[each] for each in months] == ["RED", "RED", "AMBER", "RED"]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("tolernce: 0.1", "has 'rating_rules.0.tolernce', which the report does not use. Did you mean 'tolerance'?"),
        ("tolerance: 10", "'rating_rules.0': found {'tolerance': 10}. Expected a share of the target such as 0.05 for "
         "5 %, or tolerance_in: points."),
        ("tolerance_in: points", "'rating_rules.0': found {'tolerance_in': 'points'}. Expected a tolerance beside "
         "tolerance_in: points or a green_tolerance."),
        ("{tolerance: 0.1, green_tolerance: 0.2}",
         "'rating_rules.0': found {'tolerance': 0.1, 'green_tolerance': 0.2}. Expected a green_tolerance that is no "
         "wider than the tolerance."),
        ("on_target: red", "'rating_rules.0.on_target': found 'red'. Input should be 'better' or 'worse'."),
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(rule, message):
    with pytest.raises(InputError) as refused:
        rules_of(rule)
    assert str(refused.value).removeprefix("params/report.yml").lstrip(", ") == message


_FIGURE = st.decimals(-(10**9), 10**9, places=4, allow_nan=False).map(float)


@settings(max_examples=30)
@given(_FIGURE, st.tuples(_FIGURE, _FIGURE).map(sorted))
def test_outside_is_green_where_goldilocks_is_off_target(value, ends):
    row = {"value": value, "target_low": ends[0], "target_high": ends[1], "tolerance": 0.0}
    row |= {"amber_low": float("nan"), "amber_high": float("nan")}
    frame = pd.DataFrame([row | {"polarity": "OUTSIDE"}, row | {"polarity": "GOLDILOCKS"}])
    outside, inside = rate(frame["value"], frame["target_low"], frame["target_high"], polarity=frame["polarity"],
                           tolerance=0)  # fmt: skip
    on_an_end = value in ends
    assert (outside == "GREEN") == (inside == "RED" or on_an_end)
    assert (variance(frame)[0] == 0) == (outside == "GREEN")


def test_a_rule_is_written_as_yaml_writes_it():
    assert yaml.safe_load("- {units: ['%'], on_target: worse}") == [{"units": ["%"], "on_target": "worse"}]
