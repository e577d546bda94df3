"""An invented council with what Southend lacks: its scorecards against figures worked out by hand."""

import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.rules.rating import POLARITIES
from mpr_lib.rules.targets import PROFILES
from tests.helpers import TESTS, same, table

pytestmark = pytest.mark.core_smoke

EXPECTED = table("councils", "riverside-expected.csv")
NUMBERS = ("value", "target_low", "target_high", "amber_low", "amber_high", "variance", "last_year_value")
TEXTS = ("section", "value_text", "no_value_reason", "target_text", "annual_target_text")
TEXTS += ("rating", "expected_outcome", "direction")


def book_of(month):
    return read_book(Workspace(TESTS / "councils" / "riverside"), month)


@pytest.fixture(scope="module")
def books():
    return {month: book_of(month) for month in ("2024-06", "2024-07")}


@pytest.fixture(scope="module")
def scorecards(books):
    return {month: scorecard_of(book) for month, book in books.items()}


@pytest.mark.parametrize(
    "row", EXPECTED, ids=lambda row: f"{row['indicator_code']} in {row['reporting_month']}: {row['why']}"
)
def test_an_indicator_is_scored_as_worked_out_by_hand(scorecards, row):
    scored = scorecards[row["reporting_month"]].set_index("indicator_code").loc[row["indicator_code"]]
    assert {name: scored[name] for name in TEXTS} == {name: row[name] for name in TEXTS}
    assert {name: scored[name] for name in NUMBERS if not same(scored[name], row[name])} == {}
    assert (str(scored["latest_month"]), bool(scored["is_proxy"])) == (row["latest_month"], row["is_proxy"] == "true")


def test_every_indicator_is_expected_in_natural_order(scorecards):
    for month, scorecard in scorecards.items():
        expected = [row["indicator_code"] for row in EXPECTED if row["reporting_month"] == month]
        assert scorecard["indicator_code"].tolist() == expected
    assert len(EXPECTED) == 32


def test_it_covers_what_it_is_for(books, scorecards):
    both = pd.concat(scorecards.values())
    assert set(books["2024-07"].targets["profile"]) == set(PROFILES)
    july = scorecards["2024-07"]
    rated = set(zip(july["polarity"], july["rating"], strict=True))
    assert rated >= {(polarity, rating) for polarity in POLARITIES[:3] for rating in ("GREEN", "AMBER", "RED")}
    assert set(both["rating"]) == {"GREEN", "AMBER", "RED", "NO_VALUE", "NO_TARGET"}
    assert set(both["direction"]) == {"BETTER", "SAME", "WORSE", "NOT_AVAILABLE"}
    themes = {section.code: section.themes for section in books["2024-07"].settings.sections}["PARTNERSHIP"]
    assert set(july.loc[july["section"] == "PARTNERSHIP", "aim"]) == set(themes)
    assert all(len(book.problems) == 0 for book in books.values())


def test_julys_return_revises_june_in_julys_book_alone(books):
    june = pd.Period("2024-06", freq="M")
    texts = {}
    for month, book in books.items():
        shown = history_of(book).set_index(["indicator_code", "month"])
        texts[month] = shown.loc[("RB 4", june), ["value_text", "rating"]].tolist()
        assert shown.loc[("CS 1", june), "value_text"] == "Proxy 24"
    assert texts == {"2024-06": ["17,000", "RED"], "2024-07": ["17,500", "AMBER"]}


def test_a_judgement_stands_until_its_month_and_one_without_until_for_its_own(scorecards):
    reasons = {
        month: scorecard.loc[scorecard["outcome_reason"] != "", ["indicator_code", "judgement_role"]]
        .to_numpy()
        .tolist()
        for month, scorecard in scorecards.items()
    }
    assert reasons == {
        "2024-06": [["RB 10", "Head of Customer Services"]],
        "2024-07": [["RB 10", "Head of Customer Services"], ["RB 12", "Head of Libraries"]],
    }


def test_a_month_that_nothing_came_for_is_a_gap_with_a_reason(books):
    shown = history_of(books["2024-07"]).set_index(["indicator_code", "month"])
    gap = shown.loc[("RB 10", pd.Period("2024-05", freq="M"))]
    assert (gap["no_value_reason"], gap["rating"], gap["target_text"]) == ("NOT_SUPPLIED", "NO_VALUE", "90%")
    assert shown.loc[("RB 8", pd.Period("2024-07", freq="M")), "no_value_reason"] == "NOT_DUE"


def test_hostile_names_and_comments_arrive_as_they_were_typed(books, scorecards):
    names = books["2024-07"].indicators.set_index("indicator_code")["short_name"]
    assert names["RB 11"].startswith(
        "Fly-tips <b>cleared</b> & \"reported\" </td><script>alert('RB 11')</script> | *starred*"
    )
    comments = scorecards["2024-07"].set_index("indicator_code")["commentary"]
    assert '<script>alert("comment")</script>' in comments["RB 5"]
    assert "東京" in comments["RB 10"]


def test_one_committee_has_one_spelling(scorecards):
    assert set(scorecards["2024-07"]["scrutiny_committee"]) == {"Homes", "Place & Environment"}
