"""What is said of signals, targets and the year's end: the seed's sentences, and each kind that the seed has not."""

import pytest

from mpr_lib.report.signal_words import (
    assurance_words,
    forecast_words,
    not_judged_words,
    usual_words,
    variation_words,
    warning_words,
)  # fmt: skip
from mpr_lib.words import WHY_NOT_JUDGED
from tests.report.signal_rows import points_of, row_of, seed

NAN = float("nan")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("CP 1.1", "29.44 is below its usual 32.43 to 43.60: a real concern."),
        ("CP 1.2", "74.36 is within its usual 71.43 to 77.83: usual variation."),
        ("CP 1.4", "83% is the last of seven months above its mean of 78%: a real improvement."),
        ("CP 1.5", "84% is within its usual 73% to 100%: usual variation."),
        ("CP 3.9", "May's own 270 is within its usual 67 to 662: usual variation."),
        ("CP 5.4", "May's own 0.61 is within its usual 0.39 to 0.80: usual variation."),
        ("CP 2.3", ""),
    ],
)
def test_variation_with_its_limits(code, said):
    assert variation_words(row_of(code), points_of(code)) == said


@pytest.mark.parametrize(
    ("signal", "said"),
    [
        ("TREND", "29.44 is the last of five or more months, each below the one before: a real concern."),
        ("SHIFT", "29.44 is the last of seven or more months below its mean of 38.02: a real concern."),
        ("TWO_OF_THREE", "With 29.44 at least two of the last three months are near its lower limit of 32.43: a real "
         "concern."),
    ],
)  # fmt: skip
def test_runs_without_their_points_say_how_long_they_are_at_least(signal, said):
    assert variation_words(row_of("CP 1.1", signal=signal)) == said


def test_a_run_is_counted_back_to_where_it_began_and_not_across_a_gap():
    points, row = points_of("CP 1.4"), row_of("CP 1.4", signal="TREND")
    rising = points.assign(point=[float(each) for each in range(14)])
    assert "the last of 13 months, each above" in variation_words(row, rising)
    assert "the last of five months, each above" in variation_words(row, rising.drop(index=rising.index[7]))
    shifted = points.assign(point=[60.0] * 6 + [90.0] * 8)
    assert "the last of eight months above" in variation_words(row_of("CP 1.4"), shifted)
    assert "the last of seven months above" in variation_words(row_of("CP 1.4"), shifted.drop(index=shifted.index[6]))


def test_a_limit_has_one_more_decimal_where_a_figure_beyond_it_would_look_the_same():
    row = row_of("CP 5.4")
    assert usual_words(row, 0.80) == "0.392 to 0.798"
    assert usual_words(row, 0.81) == usual_words(row) == "0.39 to 0.80"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("CP 1.1", "Its level is still moving, so its limits say nothing of the target; the target was met in 0 of 14 "
         "months."),
        ("CP 1.2", "The target range of 57 to 67 is missed in every usual month; it was met in 0 of 14 months."),
        ("CP 1.4", "The target of 95% is missed in every usual month; it was met in 0 of 14 months. Its level has "
         "moved, so the limits describe it roughly."),
        ("CP 5.4", "The month's own target may be met or missed in a usual month, as chance has it; it was met in "
         "8 of 14 months."),
        ("CP 2.3", ""),
    ],
)  # fmt: skip
def test_assurance_with_in_how_many_months_the_target_was_met(code, said):
    assert assurance_words(row_of(code)) == said


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        ("CP 5.4", {}, "If the year goes on as last year did, it ends at 7.39 (6.63 to 8.16); the target of 7.20 is "
         "met in 4 of 10 such years."),
        ("CP 3.9", {}, "If the year goes on as last year did, it ends at 4,047 (3,656 to 4,437); the target of 7,240 "
         "is almost certainly missed."),
        ("CP 1.4", {"forecast_chance": 0.951}, "If the level stays as in the last three months, it ends at 83% (61% to "
         "100%); the target of 95% is almost certainly met."),
        ("CP 3.9", {"forecast_method": "EVEN_PACE", "forecast_chance": NAN}, "If the year goes on at this pace, it "
         "ends at 4,047 (3,656 to 4,437)."),
        ("CP 2.2", {}, ""),
    ],
)  # fmt: skip
def test_where_the_year_ends(code, given, said):
    assert forecast_words(row_of(code, **given)) == said


@pytest.mark.parametrize(
    ("chance", "tenths"), [(0.05, 1), (0.1499, 1), (0.15, 2), (0.25, 3), (0.85, 9), (0.95, 9)]
)  # fmt: skip
def test_tenths_are_rounded_half_up_and_are_never_none_or_all(chance, tenths):
    assert f"met in {tenths} of 10 such years" in forecast_words(row_of("CP 5.4", forecast_chance=chance))


def test_a_warning_says_why():
    said = {each: warning_words(row_of("CP 1.1", early_warning=each)) for each in ("FORECAST", "VARIATION", "BOTH")}
    assert said["FORECAST"] == "Early warning: its target is met in 1 of 10 such years, though it is not red yet."
    assert "a real concern that is new" in said["VARIATION"]
    assert "1 of 10" in said["BOTH"]
    assert "a real concern that is new" in said["BOTH"]
    recovers = row_of("CP 1.1", early_warning="RECOVERY", forecast_chance=0.84)
    assert warning_words(recovers).startswith("Red to date, but its target is met in 8 of 10 such years")
    assert warning_words(recovers, beside_forecast=True) == (
        "Red to date: its monthly targets may not fit the seasons."
    )
    assert warning_words(row_of("CP 2.3")) == ""


def test_every_row_says_how_it_varies_or_why_that_is_not_judged():
    for row in seed().rows.values():
        assert bool(variation_words(row)) != bool(not_judged_words(row))
    few = "Not judged: too few figures to tell change from chance"
    assert not_judged_words(row_of("CP 3.0")) == f"{few} (two comparable so far)."
    assert not_judged_words(row_of("CP 3.2")) == f"{few} (four full quarters so far)."
    assert not_judged_words(row_of("CP 3.6")).endswith("(none comparable so far).")
    assert all(not_judged_words(row_of("CP 3.0", not_judged_reason=each)) for each in WHY_NOT_JUDGED)
