"""The first draft: true for each polarity, basis, unit and gap, by a table; its own figures never remarked on."""

import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks.commentary import comment_facts, remarks
from mpr_lib.desk.first_draft import first_draft
from tests.helpers import REPOSITORY, TESTS, cases

PLACES = {"Southend": (REPOSITORY, "2018-05"), "Riverside": (TESTS / "councils" / "riverside", "2024-07")}


@pytest.fixture(scope="module")
def known():
    found = {}
    for name, (root, month) in PLACES.items():
        book = read_book(Workspace(root), month)
        history = history_of(book)
        months = dict(tuple(history.groupby("indicator_code")))
        for row in scorecard_of(book, history).itertuples():
            found[name, row.indicator_code] = (row, months[row.indicator_code], book.settings.years)
    return found


@pytest.mark.parametrize("case", cases("commentary_first_drafts.csv"))
def test_first_draft(case, known):
    assert first_draft(*known[case["council"], case["indicator_code"]]) == case["draft"]


@pytest.mark.parametrize(
    ("signal", "side", "more", "said"),
    [
        ("OUTSIDE", "HIGH", {}, "That is above its usual 71.43 to 77.83."),
        ("TREND", "HIGH", {}, "Each of the last five months is above the one before."),
        ("TREND", "LOW", {"charted": "QUARTER_ENDS"}, "Each of the last five quarters is below the one before."),
        ("TWO_OF_THREE", "LOW", {}, "At least two of the last three months are near the lower limit of 71.43."),
        (
            "SHIFT",
            "LOW",
            {"charted": "MONTHS_OWN"},
            "At least the last seven months' own figures lie below the mean of 74.63.",
        ),
        ("OUTSIDE", "LOW", {"charted": "MONTHS_OWN"}, "May 2018 alone is below its usual 71.43 to 77.83."),
        (
            "OUTSIDE",
            "LOW",
            {"charted": "MONTHS_OWN", "frequency": "QUARTERLY"},
            "The quarter alone is below its usual 71.43 to 77.83.",
        ),
        ("OUTSIDE", "LOW", {"charted": "QUARTER_ENDS"}, "The last full quarter is below its usual 71.43 to 77.83."),
    ],
)
def test_each_signal_has_its_sentence(known, signal, side, more, said):
    row, months, years = known["Southend", "CP 1.2"]
    row = row._replace(variation="CONCERN", signal=signal, signal_side=side, **more)
    assert f" {said} " in first_draft(row, months, years)


def test_every_figure_of_every_draft_is_the_indicators_own(known):
    for (council, code), (row, months, years) in known.items():
        found = remarks(first_draft(row, months, years), comment_facts(row, months))
        # What is done about it is for whoever finishes the draft to say.
        found = [remark for remark in found if remark.rule != "names_nothing_done" and remark.severity == "warning"]
        assert [(council, code, remark.rule, remark.quote) for remark in found] == []


def test_drafts_are_sentences(known):
    for row, months, years in known.values():
        draft = first_draft(row, months, years)
        assert draft.endswith(".")
        assert "nan" not in draft.lower()
        assert "%%" not in draft
        assert "  " not in draft
