"""Jumps: which figures are beyond what their own history makes likely."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpr_lib.checks import series as series_module
from mpr_lib.checks.series import ENOUGH, is_in_line_with_history, judged, moves
from mpr_lib.rules.points import charted
from tests.helpers import cases, month


def series(text, first="2018-04", basis="SNAPSHOT", unit="%", code="CP 1.1"):
    """Figures of successive months: a hyphen is a missing one, a bar a new definition."""
    parts = text.split()
    broken = parts.index("|") if "|" in parts else None
    numbers = [np.nan if each == "-" else float(each) for each in parts if each != "|"]
    frame = pd.DataFrame({"number": numbers, "month": pd.period_range(first, periods=len(numbers), freq="M")})
    frame["definition_break"] = pd.Series(pd.NaT if broken is None else month(first) + broken, frame.index).astype(
        "period[M]"
    )
    about = pd.DataFrame({"indicator_code": [code], "basis": [basis], "unit": [unit]})
    # As in the councils that these come from: the target of a percentage stands still, that of a count moves.
    profile = "FLAT" if unit == "%" else "LINEAR"
    target = pd.DataFrame({"indicator_code": [code], "profile": [profile], "annual_target_low": [1.0]})
    return frame.assign(
        indicator_code=code, basis=basis, frequency="MONTHLY", profile=profile, charted=charted(about, target)[0]
    )


def jumps(frame):
    known = moves(frame)
    found = judged(known, known["number"].notna())
    return found[found["distance"] > found["likely"]]


@pytest.mark.parametrize("case", cases("expectations_jumps.csv"))
def test_these_figures_jump(case):
    found = jumps(series(case["figures"], case["first_month"], case["basis"], case["unit"]))
    assert " ".join(found["month"].astype(str)) == case["jumps"]


def test_a_quarterly_figure_is_compared_with_the_quarter_before():
    numbers = "80 - - 82 - - 81 - - 79 - - 83 - - 80 - - 81 - - 82 - - 80 - - 20"
    frame = series(numbers, "2016-06").assign(frequency="QUARTERLY")
    assert jumps(frame)["month"].astype(str).tolist() == ["2018-09"]
    assert jumps(frame.assign(frequency="MONTHLY")).empty


def test_many_indicators_are_judged_each_by_its_own_months():
    texts = {"A": "80 82 81 79 83 80 81 82 80 8", "B": "1 2 1 2 1 2 1 2 1 2", "C": "5"}
    frame = pd.concat([series(text, code=code) for code, text in texts.items()], ignore_index=True)
    assert jumps(frame.sample(frac=1, random_state=1))["indicator_code"].tolist() == ["A"]
    assert jumps(frame.iloc[:0]).empty


def test_some_indicators_at_a_time_say_what_all_at_once_do(monkeypatch):
    texts = {"A": "80 82 81 79 83 80 81 82 80 8", "B": "1 2 1 2 1 2 1 2 1 2", "C": "5", "D": "-"}
    frame = pd.concat([series(text, code=code) for code, text in texts.items()], ignore_index=True)
    frame = frame.assign(is_new=frame["month"] > month("2018-10"), accumulate=False).sample(frac=1, random_state=1)
    frame = frame.assign(**{name: frame[name].astype(str) for name in ("month", "definition_break")})
    frame["definition_break"] = frame["definition_break"].mask(frame["definition_break"] == "NaT")
    at_once = is_in_line_with_history(frame)
    monkeypatch.setattr(series_module, "TOGETHER", 1)
    pd.testing.assert_frame_equal(is_in_line_with_history(frame), at_once)
    assert at_once["met"].sum() == len(frame) - 1


@settings(max_examples=30)
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=ENOUGH))
def test_nothing_is_judged_by_too_little(numbers):
    assert jumps(series(" ".join(map(str, numbers)))).empty


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1000), min_size=10, max_size=30), st.sampled_from([10**6, -(10**6)]))
def test_a_jump_is_found_once_and_the_way_back_is_none(numbers, far):
    found = jumps(series(" ".join(map(str, [*numbers, numbers[-1] + far, numbers[-1]]))))
    assert month("2018-04") + len(numbers) in set(found["month"])
    assert month("2018-04") + len(numbers) + 1 not in set(found["month"])


def test_a_little_noise_seldom_jumps():
    rng = np.random.default_rng(1)
    found = 0
    for place in range(60):
        numbers = np.round(80 + rng.normal(0, 3, 24), 1)
        found += len(jumps(series(" ".join(map(str, numbers)), code=str(place))))
    assert found <= 6, "of 900 figures that only vary by chance"
