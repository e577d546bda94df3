"""Southend's May 2018 report, from the data files to the scorecard and month tables, against the printed figures."""

from collections import Counter

import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.rules.outcome import is_exception, is_highlighted_green
from mpr_lib.rules.scorecard import COLUMNS, SIGNALS
from tests.helpers import REPOSITORY, table

PRINTED = table("seed", "indicators.csv")
COLUMN_OF = {
    "value": "value_text",
    "target": "target_text",
    "annual_target": "annual_target_text",
    "rating": "rating",
    "expected_outcome": "expected_outcome",
    "direction": "direction",
    "managed_by": "managed_by",
    "scrutiny_committee": "scrutiny_committee",
    "aim": "aim",
}
POLARITIES = {"Aim to Maximise": "MAXIMISE", "Aim to Minimise": "MINIMISE", "Goldilocks": "GOLDILOCKS"}


@pytest.fixture(scope="module")
def book():
    return read_book(Workspace(REPOSITORY), "2018-05")


@pytest.fixture(scope="module")
def history(book):
    return history_of(book)


@pytest.fixture(scope="module")
def scorecard(book, history):
    return scorecard_of(book, history)


def test_every_indicator_is_there_once_in_the_printed_order(scorecard):
    assert scorecard["indicator_code"].tolist() == [row["indicator_code"] for row in PRINTED]
    assert len(scorecard) == 31
    assert scorecard.columns.tolist() == [*COLUMNS, *SIGNALS]


@pytest.mark.parametrize("printed", PRINTED, ids=lambda row: row["indicator_code"])
def test_an_indicator_is_scored_as_printed(scorecard, printed):
    scored = scorecard.set_index("indicator_code").loc[printed["indicator_code"]]
    found = {name: scored[column] for name, column in COLUMN_OF.items()}
    assert found == {name: printed[name] for name in found}
    assert str(scored["latest_month"]) == printed["latest_month"]
    assert scored["polarity"] == POLARITIES[printed["printed_polarity"]]
    assert printed["printed_name"].startswith(scored["short_name"].rstrip(".]"))


def test_the_totals_are_those_of_the_rules(scorecard):
    assert Counter(scorecard["rating"]) == {"GREEN": 17, "RED": 11, "AMBER": 2, "NO_VALUE": 1}
    assert Counter(scorecard["expected_outcome"]) == {"ON_COURSE": 19, "AT_RISK": 10, "SOME_SLIPPAGE": 2}
    directions = {"NOT_AVAILABLE": 20, "BETTER": 6, "WORSE": 4, "SAME": 1}
    assert Counter(scorecard["direction"]) == directions


def test_the_totals_are_the_printed_ones_where_those_are_right(scorecard):
    exceptions = scorecard[is_exception(scorecard)]
    for row in table("seed", "counts.csv"):
        shown = exceptions[exceptions["aim"] == row["aim"]] if row["aim"] else scorecard
        assert (shown["expected_outcome"] == row["expected_outcome"]).sum() == int(row["computed"]), row


def test_the_exceptions_are_section_3s_and_each_has_its_facts(scorecard):
    printed = table("seed", "section3.csv")
    exceptions = scorecard[is_exception(scorecard)]
    assert exceptions["indicator_code"].tolist() == [row["indicator_code"] for row in printed]
    years = ["" if pd.isna(year) else str(int(year)) for year in exceptions["year_introduced"]]
    assert years == [row["year_introduced"] for row in printed]
    assert exceptions["managed_by"].tolist() == [row["managed_by"] for row in printed]


def test_section_1_has_the_exceptions_and_the_greens_with_a_comment_by_department(scorecard):
    shown = scorecard[is_exception(scorecard) | is_highlighted_green(scorecard)]
    found = set(zip(shown["expected_outcome"], shown["department"], shown["indicator_code"], strict=True))
    printed = table("seed", "section1.csv")
    assert found == {(row["expected_outcome"], row["department"], row["indicator_code"]) for row in printed}
    assert len(printed) == len(shown) == 19


def test_seven_greens_have_a_comment_and_the_eighth_on_the_contents_page_is_red(scorecard):
    listed = {row["indicator_code"]: row["is_green_with_comment"] for row in table("seed", "greens_with_comment.csv")}
    highlighted = scorecard.loc[is_highlighted_green(scorecard), "indicator_code"]
    assert set(highlighted) == {code for code, is_green in listed.items() if is_green == "true"}
    assert [code for code, is_green in listed.items() if is_green == "false"] == ["CP 1.5"]


def test_every_comment_is_the_printed_one_word_for_word(scorecard):
    printed = {
        path.stem: path.read_text(encoding="utf-8") for path in (REPOSITORY / "tests/seed/comments").glob("*.txt")
    }
    commented = scorecard[scorecard["commentary"] != ""]
    slugs = commented["indicator_code"].str.lower().str.replace(r"[ .]", "-", regex=True)
    found = dict(zip(slugs, commented["commentary"], strict=True))
    assert {name: text.split() for name, text in found.items()} == {
        name: text.split() for name, text in printed.items()
    }
    assert len(printed) == 19


@pytest.mark.parametrize("code", sorted({row["indicator_code"] for row in table("seed", "month_tables.csv")}))
def test_every_printed_cell_of_a_month_table_is_found(history, code):
    printed = [row for row in table("seed", "month_tables.csv") if row["indicator_code"] == code]
    shown = history[history["indicator_code"] == code].set_index("month")
    for row in printed:
        found = shown.loc[pd.Period(row["month"], freq="M")]
        if row["value"]:
            assert found["value_text"] == row["value"], row
        if row["target"]:
            assert (found["target_text"] or "-").partition(" - ")[0] == row["target"], row


def test_the_month_tables_are_compared_whole(history):
    printed = table("seed", "month_tables.csv")
    assert len(printed) == 255
    assert len({(row["indicator_code"], row["month"]) for row in printed}) == 255
    # Eight tables run to May 2018; CP 2.3 has twelve N/A, and CP 3.2 and CP 3.4 end with April.
    assert sum(bool(row["value"]) for row in printed) == 8 * 14 + 12 + 13 + 13
    assert history.groupby("indicator_code").size().eq(24).all()


def test_a_blank_value_of_the_print_is_no_number_here_unless_section_2_has_it(history, book):
    blank = {(row["indicator_code"], row["month"]) for row in table("seed", "month_tables.csv") if not row["value"]}
    numbers = history[history["value"].notna()]
    found = set(zip(numbers["indicator_code"], numbers["month"].astype(str), strict=True))
    assert found & blank == set()
    assert len(book.problems) == 0


def test_cp_2_3_is_awaited_at_the_reporting_month_with_its_target(scorecard):
    row = scorecard.set_index("indicator_code").loc["CP 2.3"]
    assert (row["value_text"], row["no_value_reason"]) == ("TBC", "AWAITED")
    assert (row["rating"], row["target_low"], row["judgement_role"]) == ("NO_VALUE", 46.38, "as published")
    assert row["outcome_reason"].startswith("There has been a delay")


def test_cp_4_10_is_a_proxy_and_cp_3_4_ends_amber_at_its_gauges_28_05(scorecard):
    by_code = scorecard.set_index("indicator_code")
    assert by_code.index[by_code["is_proxy"]].tolist() == ["CP 4.10"]
    assert by_code.loc["CP 4.10", "value"] == 1.66
    assert by_code.loc["CP 3.4", "amber_low"] == 28.05


def test_three_judgements_differ_from_the_rating_and_no_more(scorecard):
    judged = scorecard[scorecard["outcome_reason"] != ""].set_index("indicator_code")
    assert judged["expected_outcome"].to_dict() == {"CP 2.3": "AT_RISK", "CP 3.6": "ON_COURSE", "CP 5.1": "ON_COURSE"}


def test_a_range_shows_both_ends(history):
    shown = history[(history["indicator_code"] == "CP 1.1") & (history["month"] >= pd.Period("2018-04"))]
    assert set(shown["target_text"]) == {"38 - 48"}
