"""Target to date: five profiles, rounding down in decimals, ranges, stated figures."""

import math
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpr_lib.rules.figures import due
from mpr_lib.rules.months import FinancialYears
from mpr_lib.rules.targets import PROFILES, standing, targets_by_month
from mpr_lib.rules.values import read_target
from tests.helpers import cases, month, months, number, same, table

pytestmark = pytest.mark.core_smoke


def _ends(low, high):
    """Both ends as the book types them: a number, or missing, and the texts."""
    reads = [read_target(text) for text in (low, high)]
    numbers = [read[0] if read else None for read in reads]
    return [numbers[0] if numbers[0] is not None else numbers[1], numbers[1] if numbers[1] is not None else numbers[0]]


def _frames(case):
    """The grid, targets, stated targets and values that a row of the table describes."""
    here = month(case["month"])
    grid = pd.DataFrame(
        {"indicator_code": ["X"], "month": months([case["month"]]), "unit": case["unit"],
         "decimals": number(case["decimals"])}
    )  # fmt: skip
    low, high = _ends(case["annual_low"], case["annual_high"])
    targets = pd.DataFrame(
        {"indicator_code": ["X"], "financial_year": [2018.0], "annual_target_low": low, "annual_target_high": high,
         "annual_target_low_text": case["annual_low"], "annual_target_high_text": case["annual_high"],
         "profile": case["profile"], "baseline": number(case["baseline"].replace(",", "")), "tolerance": math.nan,
         "amber_low": math.nan, "amber_high": math.nan}
    ).astype({"annual_target_low": float, "annual_target_high": float})  # fmt: skip
    low, high = _ends(case["stated_low"], case["stated_high"])
    stated = pd.DataFrame(
        {"indicator_code": ["X"], "month": months([case["month"]]), "target_low": low, "target_high": high,
         "target_low_text": case["stated_low"], "target_high_text": case["stated_high"]}
    ).astype({"target_low": float, "target_high": float})  # fmt: skip
    stated = stated if case["stated_low"] or case["stated_high"] else stated.iloc[:0]
    last_year = {str(here - 12): case["last_year_then"], "2018-03": case["last_year_end"]}
    known = {name: text.replace(",", "") for name, text in last_year.items() if text}
    values = pd.DataFrame(
        {"indicator_code": "X", "month": months(known), "number": [float(text) for text in known.values()]}
    )
    return grid, targets, stated, values


@pytest.mark.parametrize("case", cases("target_to_date.csv"))
def test_the_target_to_date_is_as_its_table_says(case):
    found = targets_by_month(*_frames(case)).iloc[0]
    assert same(found["target_low"], case["target_low"])
    assert same(found["target_high"], case["target_high"])
    assert found["target_text"] == case["target_text"]


def test_the_table_has_every_profile():
    assert {row["profile"] for row in table("cases", "target_to_date.csv")} >= set(PROFILES)


def test_frames_that_come_in_are_left_as_they_were():
    by_profile = {row["profile"]: row for row in table("cases", "target_to_date.csv") if row["target_text"]}
    for case in by_profile.values():
        frames = _frames(case)
        before = [frame.copy(deep=True) for frame in frames]
        targets_by_month(*frames)
        for frame, copy in zip(frames, before, strict=True):
            pd.testing.assert_frame_equal(frame, copy)


def test_a_financial_year_that_begins_elsewhere_counts_its_months_from_there():
    row = next(row for row in table("cases", "target_to_date.csv") if row["profile"] == "LINEAR")
    grid, targets, stated, values = _frames(row)
    found = targets_by_month(grid, targets, stated, values, years=FinancialYears(1)).iloc[0]
    assert (found["financial_year"], found["target_low"]) == (2018, 1_833_333)


def test_each_year_has_its_own_target():
    row = next(row for row in table("cases", "target_to_date.csv") if row["profile"] == "FLAT")
    grid, targets, stated, values = _frames(row)
    grid = pd.concat([grid.assign(month=months([text])) for text in ("2018-03", "2018-04", "2019-04")])
    last = targets.assign(financial_year=2017.0, annual_target_low=90.0, annual_target_low_text="90%")
    last = last.assign(annual_target_high=90.0, annual_target_high_text="90%")
    unknown = targets.assign(financial_year=math.nan, annual_target_low=1.0)
    found = targets_by_month(grid, pd.concat([targets, last, unknown]), stated, values)
    assert found["target_text"].tolist() == ["90%", "95%", ""]


_EXACT = st.decimals(-(10**9), 10**9, places=3, allow_nan=False)
_COUNT = st.decimals(1, 10**8, places=0, allow_nan=False)


@given(_EXACT, _EXACT, _COUNT, _COUNT, st.integers(0, 3))
def test_rounding_down_agrees_with_fractions(start, annual, part, whole, decimals):
    exact = Fraction(start) + (Fraction(annual) - Fraction(start)) * Fraction(part) / Fraction(whole)
    expected = Fraction(math.floor(exact * 10**decimals), 10**decimals)
    found = due(start, annual, part, whole, Decimal(decimals))
    assert Fraction(found) == expected
    assert -found.as_tuple().exponent == decimals


@pytest.mark.parametrize("case", cases("targets_standing.csv"))
def test_the_newest_target_that_is_not_after_the_report_stands(case):
    rows = [each.partition("@") for each in case["rows"].split(";")]
    recorded = pd.DataFrame({"code": "A", "row": [int(row) for row, _, _ in rows]})
    recorded["reported_from"] = months([first for _, _, first in rows])
    found = standing(recorded, month(case["month"]), ["code"])
    assert [str(row) for row in found["row"]] == case["stands"].split()
    assert [f"{row:.0f}" for row in found["was_row"].dropna()] == case["was"].split()
