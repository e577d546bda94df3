"""The remarks on a comment, by a table of texts; on Southend's nineteen; and on texts nobody meant."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks.commentary import RULES, CommentFacts, comment_facts, remarks
from mpr_lib.rules.values import read_target, read_value
from tests.helpers import REPOSITORY, cases

ALREADY_SAID = "Work goes on. Sickness rose for the third month, and the provider has been asked to explain it."
KNOWN = {"HR", "EHCP", "ICPC", "CMT", "NHS"}


def facts(case) -> CommentFacts:
    value, (low, high, _) = read_value(case["value"]).number, read_target(case["target"])
    return CommentFacts(
        "CP 9.9",
        unit=case["unit"],
        polarity=case["polarity"],
        rating=case["rating"],
        value=value,
        value_text=case["value"],
        target_low=low,
        target_high=high,
        target_text=case["target"],
        latest_month=pd.Period("2018-05"),
        reporting_month=pd.Period("2018-05"),
        figures=frozenset({value, low, high, value - low}),
        targets=frozenset({low, high}),
        abbreviations=frozenset(KNOWN),
        previous=ALREADY_SAID,
        previous_month=pd.Period("2018-04"),
    )


@pytest.mark.parametrize("case", cases("commentary_remarks.csv"))
def test_remarks(case):
    assert {remark.rule for remark in remarks(case["text"], facts(case))} == set(case["rules"].split())


@pytest.fixture(scope="module")
def southend():
    book = read_book(Workspace(REPOSITORY), "2018-05")
    history = history_of(book)
    known = book.abbreviations["abbreviation"]
    rows = scorecard_of(book, history).itertuples()
    return {
        row.indicator_code: (row, comment_facts(row, history[history["indicator_code"] == row.indicator_code], known))
        for row in rows
    }


@pytest.mark.parametrize("case", cases("commentary_southend.csv"))
def test_what_is_remarked_on_southends_comments(case, southend):
    row, known = southend[case["indicator_code"]]
    assert sorted({f"{each.severity} {each.rule}" for each in remarks(row.commentary, known)}) == sorted(
        filter(None, case["remarks"].split("; "))
    )


def test_every_comment_of_southend_is_in_the_table(southend):
    listed = {param.values[0]["indicator_code"] for param in cases("commentary_southend.csv")}
    assert listed == {code for code, (row, _) in southend.items() if row.commentary}


def test_messages_say_what_is_wrong_and_what_to_do(southend):
    row, known = southend["CP 3.9"]
    assert [remark.message for remark in remarks(row.commentary, known)] == [
        "This says that the target is met, but the figure is red: 550 against 916. Say which target is meant, or put "
        "it right."
    ]
    assert [remark.message for remark in remarks("It is 650.", known)] == [
        "650 is not a figure of CP 3.9: it stands at 550, the target is 916. Correct it, or say what it counts."
    ]


def test_warnings_stand_before_remarks_worth_a_look(southend):
    row, known = southend["CP 3.4"]
    severities = [remark.severity for remark in remarks(row.commentary, known)]
    assert severities == sorted(severities, key=["warning", "info"].index)


def test_a_text_without_words_has_no_remarks():
    assert remarks(" \n", CommentFacts("X")) == []


def test_long_comments_are_remarked():
    known = CommentFacts("X", latest_month=pd.Period("2018-05"), reporting_month=pd.Period("2018-05"))
    assert [remark.rule for remark in remarks("word " * 151, known)] == ["is_too_long"]
    assert remarks("word " * 150, known) == []


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_can_be_remarked_on_with_or_without_figures(text):
    months = {"latest_month": pd.Period("2018-05"), "reporting_month": pd.Period("2018-05")}
    for known in (
        CommentFacts("X", **months),
        CommentFacts("X", "%", "MAXIMISE", "RED", 1.0, "1%", 2.0, 2.0, "2%", **months),
    ):
        for remark in remarks(text, known):
            assert remark.quote in text
            assert remark.message.endswith(".")


def test_the_rules_need_no_great_expectations():
    import subprocess
    import sys

    code = "import sys, mpr_lib.checks.commentary; print('great_expectations' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
    assert len(RULES) == 9
    assert math.isnan(CommentFacts("X").value)
