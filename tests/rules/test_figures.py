"""Sums on whole columns of floating-point numbers, beside the same on decimals."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpr_lib.rules.figures import decimal, difference, share_of

_FIGURE = st.decimals(-(10**7), 10**7, places=4, allow_nan=False)
_SHARE = st.decimals(0, 1, places=4, allow_nan=False)
_LARGE = st.decimals(-(10**12), 10**12, places=2, allow_nan=False)


def column(decimals):
    return pd.Series([float(each) for each in decimals], dtype=float)


@settings(max_examples=300)
@given(st.lists(st.tuples(_FIGURE, _FIGURE, _SHARE), min_size=1, max_size=50))
def test_up_to_four_decimals_and_ten_million_rounding_gives_what_decimals_give(rows):
    one, other, share = zip(*rows, strict=True)
    assert difference(column(one), column(other)).tolist() == [float(a - b) for a, b in zip(one, other, strict=True)]
    shares = [abs(a) * part for a, part in zip(one, share, strict=True)]
    assert share_of(column(one), column(share)).tolist() == list(map(float, shares))
    below = difference(column(one), share_of(column(one), column(share)))
    assert below.tolist() == [float(a - part) for a, part in zip(one, shares, strict=True)]


@settings(max_examples=100)
@given(st.lists(st.tuples(_LARGE, _LARGE), min_size=1, max_size=50))
def test_amounts_in_pennies_are_exact_up_to_a_million_million(rows):
    one, other = zip(*rows, strict=True)
    assert difference(column(one), column(other)).tolist() == [float(a - b) for a, b in zip(one, other, strict=True)]


@pytest.mark.parametrize(
    ("target", "share", "limit"), [("33", "0.15", "28.05"), ("18.7", "0.05", "17.765"), ("4400000", "0.05", "4180000")]
)
def test_a_limit_is_the_decimal_that_people_work_out(target, share, limit):
    targets = pd.Series([float(target)])
    found = difference(targets, share_of(targets, pd.Series([float(share)])))
    assert decimal(found[0]) == Decimal(limit)


def test_what_is_missing_stays_missing():
    one, other = pd.Series([1.0, float("nan"), 0.0]), pd.Series([float("nan"), 1.0, 0.0])
    assert difference(one, other).isna().tolist() == [True, True, False]
