"""Readers: what findings say to those who read the report, one sentence for all that are alike."""

import json
import re

import pytest

from mpr_lib.checks import Finding, Quality, delivered
from mpr_lib.checks.findings import told
from mpr_lib.checks.readers import LISTED, Word, alone, sentence, shared

pytestmark = pytest.mark.core_smoke

LATE = "{number:The figure is|%s figures are} for {latest}."
MOVED = "{number:A figure|%s figures}{indicators_and_months:| for {month}} moved{indicators_and_months:: %s|}."


def finding(code="CP 3.1", form=LATE, expectation="value_is_not_late", month="2018-05", concerns="timeliness", **row):
    row = {"latest": "April 2018", **row}
    row = {key: Word(word) for key, word in row.items()}
    at = (expectation, "warning", concerns, code, month, "data/returns/2018-05.csv", 2, "value", "-", "Late.", "Ask.")
    return Finding(*at, alone(form, row), "chip" if code else "", shared(form, row))


def texts(*findings):
    return [each.text for each in told(findings)]


def test_one_figure_and_several_are_said_of_in_their_number():
    assert texts(finding()) == ["The figure is for April 2018: CP 3.1."]
    assert texts(finding(), finding("CP 3.2")) == ["Two figures are for April 2018: CP 3.1 and CP 3.2."]
    (mark, other) = told([finding(), finding("CP 3.2")])[0].marks
    assert (mark.indicator_code, mark.says, other.says) == ("CP 3.1", *["The figure is for April 2018."] * 2)


def test_what_rows_say_differently_makes_sentences_of_their_own():
    found = texts(finding(), finding("CP 3.2", latest="March 2018"), finding("CP 3.4"))
    assert found == [
        "Two figures are for April 2018: CP 3.1 and CP 3.4.", "The figure is for March 2018: CP 3.2.",
    ]  # fmt: skip


def test_months_stand_beside_the_codes_and_in_the_sentence_that_is_alone():
    months = {"2018-02": "February 2018", "2018-03": "March 2018"}
    rows = [("CP 3.9", "2018-02"), ("CP 3.9", "2018-03"), ("CP 3.10", "2018-03")]
    made = [
        Finding("moved", "warning", "accuracy", code, month, "", None, "", "", "", "",
                alone(MOVED, {"month": months[month]}), "", shared(MOVED, {"month": Word(months[month])}))
        for code, month in rows
    ]  # fmt: skip
    assert texts(*made) == ["Three figures moved: CP 3.9 (February to March 2018) and CP 3.10 (March 2018)."]
    assert told(made)[0].marks[0].says == "A figure for February 2018 moved."


def test_a_sentence_may_name_its_indicators_where_it_likes():
    form = "{number:The comment|%s comments}{indicators: on %s|} {number:says|say} so."
    assert texts(finding(form=form)) == ["The comment on CP 3.1 says so."]
    assert texts(finding(form=form), finding("CP 4.1", form)) == ["Two comments on CP 3.1 and CP 4.1 say so."]
    assert finding(form=form).readers == "The comment says so."


def test_what_concerns_no_indicator_names_none():
    assert texts(finding("", "No targets are set.")) == ["No targets are set."]
    assert told([finding("", "No targets are set.")])[0].marks == []


def test_what_is_not_the_business_of_readers_is_not_told():
    assert told([finding(form="")]) == []


def test_a_long_list_says_how_many_more_there_are():
    codes = [(f"X {number}", "") for number in range(1, 1140)]
    said = sentence(shared("{number:One|%s} late.", {}), codes)
    assert said.startswith("1,139 late: X 1, X 2,")
    assert said.endswith(f"X {LISTED} and {1139 - LISTED:,} more.")
    assert sentence(shared("{number:One|%s} late.", {}), codes[: LISTED + 1]).endswith(f"and X {LISTED + 1}.")


@pytest.mark.parametrize("text", ["{number}", "{", "}} %s {0}", "{indicators: %s|}", "%s"])
def test_what_a_row_says_is_never_taken_for_a_field(text):
    made = finding(form="It says {said}.", said=text)
    assert made.readers == f"It says {text}."
    assert texts(made)[0].startswith("It says ")


def test_readers_ask_first_whether_a_figure_is_there():
    late, absent = finding(), finding("CP 9", "No figure.", "value_is_given", concerns="completeness")
    assert texts(late, absent) == ["No figure: CP 9.", "The figure is for April 2018: CP 3.1."]


def test_the_public_file_holds_sentences_and_counts_only_and_reads_back():
    quality = Quality("2018-05", [finding(), finding("CP 3.2")])
    written = json.loads(quality.to_json(public=True))
    assert set(written) == {"month", "counts", "readers"}
    assert written["counts"] == {"critical": 0, "warning": 2, "info": 0}
    back = Quality.from_json(quality.to_json(public=True))
    assert (back.readers, back.marks, back.counts, back.findings) == (
        quality.readers,
        quality.marks,
        quality.counts,
        [],
    )
    assert "data/" not in quality.to_json(public=True)


def test_the_same_of_some_indicators_is_worded_anew():
    quality = Quality("2018-05", [finding(), finding("CP 3.2"), finding("", "No targets are set.")])
    assert [each.text for each in quality.of(["CP 3.2"]).readers] == [
        "The figure is for April 2018: CP 3.2.", "No targets are set.",
    ]  # fmt: skip
    assert quality.of(["CP 3.2"]).counts["warning"] == 2


@pytest.mark.parametrize("entry", [each for each in delivered() if each.readers], ids=lambda each: each.name)
def test_every_delivered_sentence_can_be_said_of_one_and_of_many_and_names_them(entry):
    row = dict.fromkeys(re.findall(r"\{(\w+)", entry.readers), Word("word"))
    one = alone(entry.readers, row)
    several = sentence(shared(entry.readers, row), [("CP 3.1", "2018-05"), ("CP 3.2", "2018-04")])
    assert "CP 3.1" in several
    assert "CP 3.2" in several
    assert one.endswith(".")
    assert several.endswith(".")
    assert one[0].isupper()
    assert several[0].isupper()
    assert not re.search(r"data/|params/|\brow\b|_|\bAsk\b|[{}|]|%s|\b(\w+) \1\b", one + several)
