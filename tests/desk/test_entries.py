"""The list: what needs a comment stands first, and says why."""

from types import SimpleNamespace

import pandas as pd
import pytest

from mpr_lib.book.commentary import Comment
from mpr_lib.desk.desk import NEEDS, STATES, Desk, need_of, state_of
from tests.helpers import SMALL, small_workspace

FILES = ("indicators", "targets", "returns/2018-05")

BEFORE = Comment("It  fell.\n", month=pd.Period("2018-04"))


@pytest.mark.parametrize(
    ("text", "front_matter", "earlier", "state"),
    [
        ("", "", None, "MISSING"),
        ("", "approved", None, "MISSING"),
        ("It rose.", "", None, "DRAFT"),
        ("It rose.", "draft", BEFORE, "DRAFT"),
        ("It fell.", "draft", BEFORE, "CARRIED_OVER"),
        ("It fell.", "", BEFORE, "CARRIED_OVER"),
        ("It fell.", "approved", BEFORE, "APPROVED"),
    ],
)
def test_states(text, front_matter, earlier, state):
    assert state_of(Comment(text, "x", state=front_matter), earlier) == state
    assert STATES[state]


@pytest.mark.parametrize(
    ("state", "rating", "outcome", "reason", "need"),
    [
        ("MISSING", "RED", "AT_RISK", "", "WITHOUT_COMMENT"),
        ("MISSING", "NO_VALUE", "AT_RISK", "delay", "WITHOUT_COMMENT"),
        ("MISSING", "RED", "ON_COURSE", "it will recover", "JUDGED_BETTER"),
        ("MISSING", "RED", "SOME_SLIPPAGE", "it will recover", "WITHOUT_COMMENT"),
        ("DRAFT", "RED", "SOME_SLIPPAGE", "it will recover", "JUDGED_BETTER"),
        ("DRAFT", "GREEN", "AT_RISK", "it will fall", "TO_APPROVE"),
        ("DRAFT", "RED", "AT_RISK", "still so", "TO_APPROVE"),
        ("CARRIED_OVER", "GREEN", "ON_COURSE", "", "CARRIED_OVER"),
        ("CARRIED_OVER", "RED", "ON_COURSE", "it will recover", "CARRIED_OVER"),
        ("APPROVED", "RED", "ON_COURSE", "it will recover", "APPROVED"),
        ("MISSING", "GREEN", "ON_COURSE", "", "OPTIONAL"),
        ("MISSING", "NO_VALUE", "NO_VALUE", "", "OPTIONAL"),
    ],
)
def test_needs(state, rating, outcome, reason, need):
    row = SimpleNamespace(rating=rating, expected_outcome=outcome, outcome_reason=reason)
    assert need_of(row, state) == need
    assert NEEDS[need]


def test_order_is_by_need_and_then_by_code(tmp_path):
    described, targets, figures = (SMALL[f"data/{name}.csv"].splitlines()[0] + "\n" for name in FILES)
    for code, figure in {"9.10": "96%", "9.9": "97%", "9.2": "50%", "9.3": "60%"}.items():
        described += f"{code},,,SAFE,,,,,MAXIMISE,SNAPSHOT,%,1,,,,,,,\n"
        targets += f"{code},2018,95%,95%,FLAT,,,,\n"
        figures += f"{code},2018-05,{figure},\n"
    files = dict(zip((f"data/{name}.csv" for name in FILES), (described, targets, figures), strict=True))
    desk = Desk(small_workspace(tmp_path, files | {"data/returns/2018-04.csv": None}), "2018-05")
    desk.judge("9.3", "ON_COURSE", "It will recover", "Head of Roads", "", "")
    desk.keep("9.9", "Words.")
    found = desk.entries()
    assert [entry.code for entry in found] == ["9.2", "9.3", "9.9", "9.10"]
    assert [entry.code for entry in found if entry.own] == ["9.9"]
    assert found[0].name == "9.2"
