"""Expected outcome: from the rating unless a judgement stands."""

import pandas as pd
import pytest

from mpr_lib.rules.outcome import by_judgement, expected_outcome, is_exception, is_highlighted_green
from tests.helpers import cases, month, months

_FIELDS = ("month", "until", "expected_outcome", "reason", "date")


def _judgements(text):
    rows = [dict(zip(_FIELDS, part.split("|"), strict=True)) for part in text.split(";") if text]
    frame = pd.DataFrame(rows, columns=list(_FIELDS), dtype="str").assign(indicator_code="X", role="Head of service")
    return frame.assign(month=months(frame["month"]), until=months(frame["until"]))


@pytest.mark.parametrize("case", cases("outcome.csv"))
def test_the_outcome_is_as_its_table_says(case):
    scored = pd.DataFrame({"indicator_code": ["X", "Y"], "rating": [case["rating"], "GREEN"]})
    judgements = _judgements(case["judgements"])
    before = scored.copy(deep=True), judgements.copy(deep=True)
    found = expected_outcome(scored, judgements, month(case["reporting_month"]))
    assert found["expected_outcome"].tolist() == [case["expected_outcome"], "ON_COURSE"]
    assert found["outcome_reason"].tolist() == [case["outcome_reason"], ""]
    role, date = ("Head of service", "20") if case["outcome_reason"] else ("", "")
    assert by_judgement(found).tolist() == [case["judged"] == "True", False]
    assert found.loc[0, "judgement_role"] == role
    assert found.loc[0, "judgement_date"][:2] == date
    pd.testing.assert_frame_equal(scored, before[0])
    pd.testing.assert_frame_equal(judgements, before[1])


def test_exceptions_and_highlighted_greens_go_by_outcome_and_not_by_rating():
    rows = [
        ("RED", "AT_RISK", "", True, False),
        ("GREEN", "AT_RISK", "said", True, False),
        ("AMBER", "SOME_SLIPPAGE", "said", True, False),
        ("RED", "ON_COURSE", "said", False, True),
        ("GREEN", "ON_COURSE", "", False, False),
        ("NO_VALUE", "NO_VALUE", "said", False, False),
        ("NO_TARGET", "NO_TARGET", "said", False, False),
    ]
    frame = pd.DataFrame(rows, columns=["rating", "expected_outcome", "commentary", "exception", "highlighted"])
    assert is_exception(frame).tolist() == frame["exception"].tolist()
    assert is_highlighted_green(frame).tolist() == frame["highlighted"].tolist()
