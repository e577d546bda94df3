"""Revisions: what changed of figures that had been received before."""

import pandas as pd
import pytest

from mpr_lib.rules.history import COLUMNS, net, revisions
from mpr_lib.rules.values import read_value
from tests.helpers import cases


def returns(*received: tuple[str, str, str]) -> pd.DataFrame:
    """Rows of returns: (return, indicator's month, text) of one indicator; 'x' as text is a row that is not there."""
    rows = []
    for place, (name, month, text) in enumerate(received, start=2):
        read = read_value(text)
        rows.append(
            {
                "indicator_code": "X",
                "month": pd.Period(month, freq="M") if month else pd.NaT,
                "value_text": text,
                "number": float("nan") if read.number is None else read.number,
                "no_value_reason": read.no_value_reason or "",
                "is_proxy": read.is_proxy,
                "note": f"note {place}",
                "received": pd.Period(name[:7], freq="M"),
                "file": f"data/returns/{name}.csv",
                "row": place,
            }
        )
    return pd.DataFrame(rows).astype({"month": "period[M]"})


@pytest.mark.parametrize("case", cases("revisions.csv"))
def test_a_later_figure_is_a_revision_as_its_table_says(case):
    texts = case["received"].split("|")
    frame = returns(*((f"2018-{month:02d}", "2018-04", text) for month, text in enumerate(texts, start=4)))
    before = frame.copy()
    found = revisions(frame)
    assert list(found.columns) == COLUMNS
    assert [str(month.month - 3) for month in found["received"]] == case["is_revised"].split()
    assert found["was_text"].tolist() == _texts(case["was"])
    assert found["value_text"].tolist() == _texts(case["is"])
    pd.testing.assert_frame_equal(frame, before)


def _texts(cell):
    """Texts of a case, apart by spaces; a space within one is written _."""
    joined = cell.replace("Not due", "Not_due").replace("Proxy 24", "Proxy_24")  # one text each
    return [text.replace("_", " ") for text in joined.split()]


def test_indicators_and_months_are_kept_apart():
    frame = returns(("2018-05", "2018-04", "5"), ("2018-05", "2018-05", "6"), ("2018-06", "2018-05", "7"))
    other = frame.assign(indicator_code="Y").iloc[:2]
    found = revisions(pd.concat([frame, other], ignore_index=True))
    assert found[["indicator_code", "was", "number"]].to_numpy().tolist() == [["X", 6.0, 7.0]]
    assert found.loc[0, ["was_text", "note", "file", "row"]].tolist() == ["6", "note 4", "data/returns/2018-06.csv", 4]


def test_a_correction_is_received_after_its_months_own_return():
    found = revisions(returns(("2018-05", "2018-05", "5"), ("2018-05.v1.1", "2018-05", "6")))
    assert found[["was", "number", "file"]].to_numpy().tolist() == [[5.0, 6.0, "data/returns/2018-05.v1.1.csv"]]


def test_two_rows_of_one_return_revise_nothing():
    assert revisions(returns(("2018-05", "2018-05", "5"), ("2018-05", "2018-05", "6"))).empty


def test_a_row_without_a_month_is_passed_over():
    assert revisions(returns(("2018-05", "", "5"), ("2018-06", "", "6"))).empty


def test_nothing_received_is_nothing_revised():
    nothing = returns(("2018-05", "2018-05", "5")).iloc[:0]
    assert list(revisions(nothing).columns) == COLUMNS
    assert net(revisions(nothing)).empty


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["5", "6"], [["5", "6"]]),
        (["5", "6", "7"], [["5", "7"]]),
        (["5", "6", "5"], []),
        (["5", "TBC", "6"], [["5", "6"]]),
        (["5", "6", "TBC"], [["5", "TBC"]]),
    ],
    ids=["once", "twice", "and back", "withdrawn and given again", "withdrawn in the end"],
)
def test_the_changes_of_one_figure_as_one(texts, expected):
    frame = returns(*((f"2018-{month:02d}", "2018-04", text) for month, text in enumerate(texts, start=4)))
    assert net(revisions(frame))[["was_text", "value_text"]].to_numpy().tolist() == expected
