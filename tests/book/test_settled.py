"""Settled: a return that says that there is no figure to give, in the report, the checks and the chase list alike."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, run_checks
from mpr_lib.rules.history import latest_months
from mpr_lib.rules.months import is_due
from mpr_lib.rules.owed import SETTLED, owed_values
from tests.helpers import SMALL, cases, needs, small_workspace

ASKED = [each for each in delivered() if each.name in ("value_is_not_late", "value_is_given")]
HEADING = "indicator_code,month,value,note\n"


def book_of(folder, frequency, lag, received):
    indicators = SMALL["data/indicators.csv"].replace("SNAPSHOT,%,1,,,", f"SNAPSHOT,%,1,{frequency},,{lag}")
    targets = SMALL["data/targets.csv"] + "3.1,2017,90%,90%,FLAT,,,,\n"
    rows = "".join(f"3.1,{pair.replace('=', ',').replace('_', ' ')},\n" for pair in received.split())
    changes = {"data/indicators.csv": indicators, "data/targets.csv": targets}
    changes |= {"data/returns/2018-05.csv": f"{HEADING}3.10,2018-05,210,\n{rows}"}
    return read_book(Workspace(small_workspace(folder, changes | {"data/returns/2018-04.csv": HEADING})), "2018-05")


@pytest.mark.parametrize("case", cases("settled.csv"))
def test_report_and_checks_agree(tmp_path, case):
    book = book_of(tmp_path, case["frequency"], case["lag"], case["received"])
    months = history_of(book)
    row = scorecard_of(book, months).set_index("indicator_code").loc["3.1"]
    assert (str(row["latest_month"]), row["rating"], row["value_text"]) == (
        case["latest_month"], case["rating"], case["value_text"],
    )  # fmt: skip
    found = [
        f"{each.expectation}: {each.message.partition(': ')[2]}"
        for each in run_checks(book, scorecard_of(book, months), months, expectations=ASKED).findings
        if each.indicator_code == "3.1"
    ]
    assert found == list(filter(None, [case["found"]]))


@needs("owed")
@pytest.mark.parametrize("case", cases("settled.csv"))
def test_the_chase_list_asks_for_what_the_checks_miss(tmp_path, case):
    from mpr_lib.owed.chase import chase_list

    book = book_of(tmp_path, case["frequency"], case["lag"], case["received"])
    listed = chase_list(book).query("kind == 'value' and indicator_code == '3.1'")
    assert listed["month"].astype(str).tolist() == case["owed"].split()


MONTHS = pd.period_range("2017-07", "2018-06", freq="M")
SAID = st.sampled_from(["", "NOT_SUPPLIED", "AWAITED", "NOT_APPLICABLE", "NOT_DUE", "a number"])


@given(
    said=st.lists(SAID, min_size=12, max_size=12),
    frequency=st.sampled_from(["MONTHLY", "QUARTERLY", "YEARLY"]),
    lag=st.integers(0, 3),
)
@settings(max_examples=40, deadline=None)
def test_a_due_month_is_given_settled_or_owed_and_nothing_is_carried_over_a_settled_one(said, frequency, lag):
    rows = [
        ("X", month, 1.0 if word == "a number" else float("nan"), word, "" if word == "a number" else word)
        for month, word in zip(MONTHS, said, strict=True)
        if word
    ]
    columns = ["indicator_code", "month", "number", "value_text", "no_value_reason"]
    values = pd.DataFrame(rows, columns=columns).astype({"month": "period[M]", "number": float})
    described = pd.DataFrame({"indicator_code": ["X"], "frequency": [frequency], "allowed_lag": [float(lag)]})
    due = is_due(described.loc[[0] * 12].reset_index(drop=True), pd.Series(MONTHS))
    settled = {m for m, word, asked in zip(MONTHS, said, due, strict=True) if asked and word in SETTLED}
    numbers = set(values.loc[values["number"].notna(), "month"])
    owed = set(owed_values(described, values, MONTHS[-1])["month"])
    assert not owed & (settled | numbers)
    first = max(numbers, default=min(values["month"], default=MONTHS[-1]))
    asked = {m for m, each in zip(MONTHS, due, strict=True) if each and first <= m <= MONTHS[-1] - lag}
    assert asked <= owed | settled | numbers
    received = values.assign(is_settled=values["month"].isin(settled))
    latest = latest_months(["X"], received, MONTHS[-1], 12)["X"]
    assert latest == MONTHS[-1] or not [m for m in settled if m > latest]
