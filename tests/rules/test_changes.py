"""Changes since the reports before, and which indicators are furthest from target."""

import pandas as pd
import pytest

from mpr_lib.rules.outcome import (
    changes,
    distance_in_tolerances,
    months_off_target,
    worst_first,
)
from mpr_lib.rules.rating import variance
from tests.helpers import number, table

CASES = table("cases", "changes.csv")


def scores(**outcomes):
    rows = [{"indicator_code": code, "expected_outcome": outcome} for code, outcome in outcomes.items() if outcome]
    return pd.DataFrame(rows, columns=["indicator_code", "expected_outcome"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_what_changed(case):
    found = changes(scores(A=case["now"]), scores(A=case["before"]))
    told = [(row.change, row.outcome_before) for row in found.itertuples()]
    assert told == ([(case["change"], case["before"])] if case["change"] else [])


@pytest.mark.parametrize(
    ("ratings", "told"),
    [
        ("GREEN RED AMBER", (2, False)),
        ("AMBER RED RED", (3, True)),
        ("RED NO_VALUE RED", (1, False)),
        ("RED NOT_DUE NOT_DUE RED", (2, True)),
        ("NO_TARGET NO_TARGET RED", (1, False)),
        ("RED GREEN", (0, False)),
        ("GREEN RED later", (1, False)),
        ("", (0, True)),
    ],
)
def test_the_months_off_target_are_counted_back_from_the_latest(ratings, told):
    rows = [
        {"month": pd.Period("2018-04", "M") + back, "rating": rating.replace("NOT_DUE", "NO_VALUE"),
         "no_value_reason": "NOT_DUE" if rating == "NOT_DUE" else ""}
        for back, rating in enumerate(ratings.split())
    ]  # fmt: skip
    months = pd.DataFrame(rows, columns=["month", "rating", "no_value_reason"])
    latest = months.loc[months["rating"] != "later", "month"].max()
    assert months_off_target(months, pd.Period("2018-05", "M") if not rows else latest) == told


def described(case):
    names = ["value", "target_low", "target_high", "amber_low", "amber_high"]
    frame = pd.DataFrame({name: [number(case[name])] for name in names}).assign(polarity=case["polarity"])
    return frame.assign(variance=variance(frame))


@pytest.mark.parametrize("case", table("cases", "insight", "distance.csv"), ids=lambda case: case["why"])
def test_the_distance_in_tolerances_is_as_its_table_says(case):
    found = distance_in_tolerances(described(case))[0]
    assert round(-found, 4) == float(case["tolerances_off"]) if case["tolerances_off"] else found >= 0


def test_of_exceptions_the_most_tolerances_off_target_come_first_and_what_slips_after_what_is_at_risk():
    rows = [described(case).assign(off=case["tolerances_off"]) for case in table("cases", "insight", "distance.csv")]
    rows = [row.assign(expected_outcome="AT_RISK") for row in rows]
    rows.append(rows[0].assign(expected_outcome="SOME_SLIPPAGE", off="slipping"))
    rows.append(rows[0].assign(expected_outcome="ON_COURSE", off="not listed"))
    rows.insert(0, rows[0].assign(value=float("nan"), variance=float("nan"), off="missing"))
    ordered = worst_first(pd.concat(rows, ignore_index=True))
    told = ["inf", "11.5111", "2.5263", "2.197", "1.6364", "1.5", "0.7677", "", "missing", "slipping"]
    assert ordered["off"].tolist() == told


def test_inside_what_should_be_avoided_the_nearer_way_out_counts():
    avoided = {"polarity": "OUTSIDE", "target_low": "40", "target_high": "50", "amber_low": "42", "amber_high": "49"}
    found = [distance_in_tolerances(described(avoided | {"value": each}))[0] for each in ("43", "48", "39")]
    assert found == [-1.5, -2.0, 0.0]
