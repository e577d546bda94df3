"""Changes since the reports before, and which indicators are furthest from target."""

import pandas as pd
import pytest

from mpr_lib.rules.outcome import changes, distance_from_target, furthest_from_target, months_off_target
from tests.helpers import table

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


def test_the_furthest_from_target_comes_first_by_share_of_the_target():
    columns = ["indicator_code", "value", "target_low", "target_high", "variance"]
    rows = [
        ("a tenth below", 90, 100, 100, -10),
        ("half above", 3, 2, 2, -1),
        ("no target of its own", 1, 0, 0, -1),
        ("a fifth above a range", 60, 40, 50, -10),
        ("exactly nought", 0, 0, 0, 0),
        ("better than target", 3, 2, 2, 1),
        ("without a figure", float("nan"), 2, 2, float("nan")),
    ]
    ordered = furthest_from_target(pd.DataFrame(rows, columns=columns))
    distances = dict(zip(ordered["indicator_code"], distance_from_target(ordered), strict=True))
    assert list(distances.items())[:-1] == [
        ("no target of its own", float("-inf")), ("half above", -0.5), ("a fifth above a range", -0.2),
        ("a tenth below", -0.1), ("exactly nought", 0), ("better than target", 0.5),
    ]  # fmt: skip
    assert list(distances)[-1] == "without a figure"
    assert pd.isna(distances["without a figure"])
