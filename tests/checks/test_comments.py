"""Comments: what each expectation takes from the rules on comments."""

import pandas as pd
import pytest

from mpr_lib.checks.claimed import beginnings
from mpr_lib.checks.commentary import CommentFacts, said_wrongly
from tests.helpers import cases

COLUMNS = {
    "disagrees": "says_otherwise",
    "another_month": "of_another_month",
    "unchanged": "copied",
    "own_figure": "own_figures",
}
"""Columns of the cases, and what each is called in the batch of comments."""


@pytest.mark.parametrize("case", cases("expectations_comments.csv"))
def test_a_comment_is_taken_at_its_word(case):
    value, target = float(case["value"]), float(case["target"])
    may = pd.Period("2018-05", freq="M")
    facts = CommentFacts(
        code="CP 3.9", unit="number", polarity="MAXIMISE", rating=case["rating"], value=value,
        value_text=case["value"], target_low=target, target_high=target, target_text=case["target"],
        latest_month=may, reporting_month=may, figures=frozenset({value, target, 280.0}), targets=frozenset({target}),
        previous=case["previous"], previous_month=may - 1, own_words=beginnings("NHS Health Checks taken up"),
    )  # fmt: skip
    said = said_wrongly(case["text"], facts)
    assert {name: "yes" if said.get(column) else "" for name, column in COLUMNS.items()} == {
        name: case[name] for name in COLUMNS
    }
    assert (said.get("other_figures") or "") == case["other_figures"]
