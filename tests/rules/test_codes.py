"""Indicator codes: text, in natural order, with a name for files and anchors."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpr_lib.rules.codes import natural_key, slug
from tests.helpers import cases, table


def test_codes_sort_as_their_table_stands():
    codes = [row["in_order"] for row in table("cases", "codes.csv")]
    shuffled = codes.copy()
    random.Random(1).shuffle(shuffled)
    assert sorted(shuffled, key=natural_key) == codes


@pytest.mark.parametrize("case", cases("codes.csv"))
def test_the_slug_is_as_its_table_says(case):
    assert slug(case["in_order"]) == case["slug"]


@settings(max_examples=40)
@given(st.lists(st.text() | st.from_regex(r"[A-Z]{1,2} ?[0-9.²³]{1,4}", fullmatch=True), max_size=6))
def test_any_codes_can_be_sorted_and_any_slug_is_a_file_name(codes):
    keys = [natural_key(code) for code in sorted(codes, key=natural_key)]
    assert keys == sorted(map(natural_key, reversed(codes)))
    assert all(set(slug(code)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for code in codes)
