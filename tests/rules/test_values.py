"""Reading figures and targets as officers write them, and writing numbers as people read them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpr_lib import words
from mpr_lib.errors import MprError, ValueTextError
from mpr_lib.rules.values import figure_text, format_number, range_text, read_target, read_value
from tests.helpers import attempt, cases, number


@pytest.mark.parametrize("case", cases("values.csv"))
def test_a_figure_is_read_as_its_table_says(case):
    if case["number"] == "refused":
        with pytest.raises(ValueTextError):
            read_value(case["raw"])
        return
    read = read_value(case["raw"])
    assert read.text == case["raw"]
    assert read.number == (float(case["number"]) if case["number"] else None)
    assert (read.unit, read.no_value_reason or "") == (case["unit"], case["no_value_reason"])
    assert read.is_proxy == (case["is_proxy"] == "true")


@pytest.mark.parametrize("case", cases("targets_read.csv"))
def test_a_target_is_read_as_its_table_says(case):
    if case["low"] == "refused":
        with pytest.raises(ValueTextError):
            read_target(case["raw"])
    elif case["low"] == "none":
        assert read_target(case["raw"]) is None
    else:
        assert read_target(case["raw"]) == (float(case["low"]), float(case["high"]), case["unit"])


@pytest.mark.parametrize("case", cases("number_format.csv"))
def test_a_number_is_written_as_its_table_says(case):
    decimals = int(case["decimals"]) if case["decimals"] else None
    assert format_number(number(case["number"]), decimals, case["unit"]) == case["text"]


def test_messages_say_what_was_found_and_what_was_expected():
    with pytest.raises(ValueTextError) as value:
        read_value("5S0")
    with pytest.raises(ValueTextError) as large:
        read_value("1e" + "9" * 20)
    with pytest.raises(ValueTextError) as target:
        read_target("38 - TBC")
    with pytest.raises(ValueTextError) as digits:
        read_value("9" * 16)
    figures = "Expected a number such as 550, 83% or 1,544, or one of -, TBC, N/A."
    assert str(value.value) == f"cannot read '5S0' as a number. {figures}"
    assert str(large.value) == f"cannot read '1e99999999999999999999' as a number. {figures}"
    assert str(digits.value) == f"cannot read '9999999999999999' as a number: it is too large. {figures}"
    assert str(target.value) == (
        "cannot read '38 - TBC' as a target. Expected a number such as 550, 83% or 1,544, or a range such as 38 - 48."
    )
    assert isinstance(value.value, MprError)


def test_nothing_given_is_not_supplied():
    assert read_value(None).no_value_reason == "NOT_SUPPLIED"
    assert read_target(None) is None


OWN = {"na": "NOT_APPLICABLE", "annual kpi": "NOT_DUE", "n/a": "AWAITED"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NA", "NOT_APPLICABLE"),
        (" Annual  KPI", "NOT_DUE"),
        ("n/a", "AWAITED"),  # a word that is always known, and here means something else
        ("TBC", "AWAITED"),
        ("-", "NOT_SUPPLIED"),
    ],
)
def test_a_workspace_has_its_own_words_for_no_value(text, reason):
    assert read_value(text, OWN).no_value_reason == reason
    assert read_target(text, OWN) is None


def test_a_word_that_is_none_is_refused_with_the_words_that_are_known():
    with pytest.raises(ValueTextError) as refused:
        read_value("nil", OWN)
    assert str(refused.value) == (
        "cannot read 'nil' as a number. Expected a number such as 550, 83% or 1,544, or one of -, TBC, N/A, na, "
        "annual kpi."
    )


@given(st.one_of(st.text(), st.from_regex(r"[-+£]?[0-9,.]{0,9} ?[%A-Za-z*/<>#-]{0,6}", fullmatch=True)))
def test_any_text_is_a_number_a_reason_or_refused_with_the_text(text):
    read, refusal = attempt(read_value, text, ValueTextError)
    if refusal:
        assert text in refusal
        return
    assert read.text == text
    assert (read.number is None) != (read.no_value_reason is None)
    assert read.number is None or abs(read.number) < 10**15
    assert read.no_value_reason is None or read.no_value_reason in words.NO_VALUE
    assert not (read.is_proxy and read.number is None)


@given(st.text() | st.from_regex(r"[-0-9,.%]{1,6} ?(-|to)? ?[-0-9,.%TBC]{0,6}", fullmatch=True))
def test_any_text_is_a_target_none_or_refused_with_the_text(text):
    read, refusal = attempt(read_target, text, ValueTextError)
    assert not refusal or text in refusal
    assert read is None or all(abs(end) < 10**15 for end in read[:2])


@given(st.decimals(-(10**14), 10**14, places=4, allow_nan=False) | st.integers(-(10**15) + 1, 10**15 - 1))
def test_what_is_written_reads_as_the_same_number(exact):
    written = format_number(float(exact))
    assert read_value(written).number == float(exact)
    assert "E" not in written
    assert read_value(format_number(float(exact), unit="%")).unit == "%"


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_halves_go_up_at_every_number_of_decimals(count, decimals):
    half = (Decimal(count) + Decimal("0.5")).scaleb(-decimals)
    next_up = Decimal(count + 1).scaleb(-decimals)
    assert format_number(float(half), decimals) == f"{next_up:,f}"
    assert format_number(-float(half), decimals) == f"{-next_up:,f}"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [("38", "48", "38 - 48"), ("95%", "95%", "95%"), ("38", "", "38"), ("", "48", "48"), ("", "", "")],
)
def test_a_range_shows_both_ends_and_one_number_once(low, high, text):
    assert range_text(low, high) == text


@pytest.mark.parametrize("case", cases("values_provisional.csv"))
def test_a_provisional_figure_is_read_with_its_mark(case):
    assert figure_text(case["raw"]) == case["shown"]
    if case["number"] == "refused":
        with pytest.raises(ValueTextError):
            read_value(case["raw"])
        return
    read = read_value(case["raw"])
    assert read.number == (float(case["number"]) if case["number"] else None)
    assert (read.unit, read.is_provisional, read.text) == (case["unit"], case["is_provisional"] == "yes", case["raw"])


@pytest.mark.parametrize(("raw", "hint"), [
    ("(6,010)", "Write what is below 0 with a minus, such as -6,010."),
    ("0:31", "Write a time as one number, in the indicator's unit."),
    ("00:31:00", "Write a time as one number, in the indicator's unit."),
    ("< 5", "a word of no_value_words in params/report.yml."),
    ("soon", "or one of -, TBC, N/A."),
])  # fmt: skip
def test_who_writes_figures_otherwise_is_told_how(raw, hint):
    with pytest.raises(ValueTextError) as error:
        read_value(raw)
    assert str(error.value).endswith(hint)
