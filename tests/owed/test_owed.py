"""Owed: which figures, comments and judgements a month's report still waits for."""

import pandas as pd
import pytest

from mpr_lib.owed.chase import lapsing_judgements, owed_commentary, standing_proxies
from mpr_lib.rules.months import FinancialYears
from mpr_lib.rules.owed import owed_values
from mpr_lib.rules.values import read_value
from tests.helpers import cases, month, months, number


def indicator(frequency="MONTHLY", allowed_lag="", year_introduced="", last_month="", accumulate="", code="X"):
    return pd.DataFrame(
        {
            "indicator_code": [code],
            "frequency": [frequency],
            "allowed_lag": [number(allowed_lag)],
            "year_introduced": [number(year_introduced)],
            "last_month": months([last_month]),
            "accumulate": [accumulate == "yes"],
        }
    )


def values(received: str, code="X") -> pd.DataFrame:
    """Figures of one indicator as '2018-04=5 2018-05=Proxy_6'."""
    rows = []
    for pair in filter(None, received.replace("Not due", "Not_due").split()):
        name, _, text = pair.partition("=")
        read = read_value(text.replace("_", " "))
        rows.append((code, month(name), read.number, read.text, read.no_value_reason or "", read.is_proxy))
    columns = ["indicator_code", "month", "number", "value_text", "no_value_reason", "is_proxy"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"month": "period[M]", "number": float, "value_text": "str", "is_proxy": bool})


LIFE = ("frequency", "allowed_lag", "year_introduced", "last_month", "accumulate")


@pytest.mark.parametrize("case", cases("owed_values.csv"))
def test_a_figure_is_owed_as_its_table_says(case):
    frame = values(case["received"])
    before = frame.copy()
    described = indicator(*(case[name] for name in LIFE))
    owed = owed_values(described, frame, month(case["month"]))
    assert [str(each) for each in owed["month"]] == case["owed"].split()
    assert [str(each) for each in owed["late_by"]] == case["late_by"].split()
    assert {str(each) for each in owed["newest_month"].dropna()} == set(case["newest"].split())
    pd.testing.assert_frame_equal(frame, before)


def test_indicators_do_not_mix_and_what_was_said_is_kept():
    both = pd.concat([indicator(), indicator("QUARTERLY", code="Y"), indicator(code="Z")], ignore_index=True)
    received = pd.concat(
        [values("2018-04=5 2018-05=TBC"), values("2017-12=5", code="Y"), values("2018-05=1", code="Z")]
    )
    owed = owed_values(both, received, month("2018-05"))
    assert owed[["indicator_code", "late_by", "value_text"]].to_numpy().tolist() == [["Y", 2, ""], ["X", 0, "TBC"]]


def test_another_first_month_moves_the_quarters():
    owed = owed_values(indicator("QUARTERLY"), values("2018-01=5"), month("2018-05"), years=FinancialYears(2))
    assert [str(each) for each in owed["month"]] == ["2018-04"]


def test_without_indicators_nothing_is_owed():
    assert owed_values(indicator().iloc[:0], values(""), month("2018-05")).empty


@pytest.mark.parametrize(
    ("outcome", "commentary", "before", "owed"),
    [
        ("AT_RISK", "", False, True),
        ("SOME_SLIPPAGE", "", False, True),
        ("AT_RISK", "Why.", True, False),
        ("ON_COURSE", "", False, False),
        ("ON_COURSE", "", True, True),
        ("ON_COURSE", "Why.", True, False),
        ("NO_VALUE", "", False, False),
        ("NO_VALUE", "", True, True),
    ],
)
def test_commentary_is_owed_of_exceptions_and_of_those_that_had_one(outcome, commentary, before, owed):
    scorecard = pd.DataFrame({"indicator_code": ["X"], "expected_outcome": [outcome], "commentary": [commentary]})
    assert len(owed_commentary(scorecard, ["X"] if before else ["Y"])) == owed


def test_proxies_are_those_that_still_stand():
    found = standing_proxies(values("2018-03=Proxy_5 2018-04=6 2018-05=Proxy_7 2018-06=Proxy_8"), month("2018-05"))
    assert [str(each) for each in found["month"]] == ["2018-03", "2018-05"]


@pytest.mark.parametrize("case", cases("owed_judgements.csv"))
def test_a_judgement_lapses_as_its_table_says(case):
    pairs = [pair.partition(":") for pair in case["judgements"].split()]
    frame = pd.DataFrame(
        {
            "indicator_code": "X",
            "month": pd.PeriodIndex([month(start) for start, _, _ in pairs], freq="M"),
            "until": pd.PeriodIndex([month(end) for _, _, end in pairs], freq="M"),
            "expected_outcome": "ON_COURSE",
            "reason": "It rains.",
            "role": "Head of Rain",
            "date": [f"2018-05-{day:02d}" for day in range(1, len(pairs) + 1)],
        }
    )
    found = lapsing_judgements(frame, month(case["month"]))
    assert [str(each) for each in found["until"]] == case["lapse"].split()
