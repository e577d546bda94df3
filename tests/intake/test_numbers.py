"""Numbers in spreadsheets, as their cells show them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpr_lib.intake.spreadsheet import rounded_away, shown_text, stored_text
from mpr_lib.rules.values import read_value
from tests.helpers import cases


@pytest.mark.parametrize("case", cases("imports_numbers.csv"))
def test_a_number_is_shown_as_its_table_says(case):
    number = float(case["number"])
    shown = shown_text(number, case["format"])
    assert shown == case["shown"]
    assert rounded_away(shown, number) == case["holds"]


@given(st.floats(-1e14, 1e14, allow_subnormal=False))
def test_a_stored_number_is_read_back_to_fifteen_digits(number):
    assert read_value(stored_text(number)).number == pytest.approx(number, rel=1e-14, abs=1e-300)


@given(st.floats(), st.text(max_size=30) | st.from_regex(r'[#0?,.%£$E+;"_*@\\[\]a-z -]{1,20}', fullmatch=True))
def test_any_format_shows_something(number, code):
    assert shown_text(number, code)
