"""An invented council with periodic figures, rates, peers and finance: against figures worked out by hand."""

import shutil

import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from tests.helpers import TESTS, same, table

EXPECTED = table("councils", "northmoor-expected.csv")


@pytest.fixture(scope="module")
def books():
    place = Workspace(TESTS / "councils" / "northmoor")
    return {month: read_book(place, month) for month in ("2024-08", "2024-09", "2024-10")}


@pytest.fixture(scope="module")
def scorecards(books):
    return {month: scorecard_of(book).set_index("indicator_code") for month, book in books.items()}


@pytest.mark.parametrize(
    "row", EXPECTED, ids=lambda row: f"{row['indicator_code']} in {row['reporting_month']}: {row['why']}"
)
def test_an_indicator_is_scored_as_worked_out_by_hand(scorecards, row):
    scored = scorecards[row["reporting_month"]].loc[row["indicator_code"]]
    names = ("value_text", "target_text", "rating", "direction")
    assert {name: scored[name] for name in names} == {name: row[name] for name in names}
    assert (str(scored["latest_month"]), bool(scored["is_provisional"])) == (
        row["latest_month"], row["is_provisional"] == "true",
    )  # fmt: skip
    assert same(scored["last_year_value"], row["last_year_value"])


def test_every_indicator_of_every_month_is_expected(scorecards):
    assert [(month, code) for month, scorecard in scorecards.items() for code in scorecard.index] == [
        (row["reporting_month"], row["indicator_code"]) for row in EXPECTED
    ]


def test_what_a_rate_was_made_from_and_its_source_are_kept(scorecards):
    row = scorecards["2024-09"].loc["SW 1"]
    assert (row["numerator"], row["denominator"], row["source"], row["due_month"]) == (
        615, 1000, "Department for Education", 8,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "month", "reason"),
    [("HC 2", "2024-07", "NOT_DUE"), ("HC 2", "2024-09", "NOT_DUE"), ("SW 1", "2024-07", "NOT_DUE"),
     ("SN 2", "2025-03", "NOT_DUE"), ("SN 1", "2024-07", "NOT_DUE"), ("NC 1", "2024-06", "NOT_SUPPLIED")],
)  # fmt: skip
def test_a_month_without_a_figure_says_whether_one_was_due(books, code, month, reason):
    shown = history_of(books["2024-09"]).set_index(["indicator_code", "month"])
    assert shown.loc[(code, pd.Period(month, freq="M")), "no_value_reason"] == reason


def test_finance_files_are_read_in_their_months_alone(books):
    september = books["2024-09"]
    assert list(september.annexes["finance"].tables) == ["revenue", "capital", "savings", "reserves", "treasury"]
    assert sorted(september.annexes["finance"].commentary) == ["revenue", "summary"]
    assert "data/finance/2024-09/revenue.csv" in september.inputs
    assert not books["2024-10"].annexes["finance"].is_due
    assert all(len(book.problems) == 0 for book in books.values())


def test_an_import_keeps_what_a_return_says_of_its_rates(tmp_path):
    folder = shutil.copytree(TESTS / "councils" / "northmoor", tmp_path / "northmoor")
    sent = tmp_path / "sent.csv"
    sent.write_text("indicator_code,month,value,note\nNC 2,2024-09,92.6%,\n", encoding="utf-8")
    before = (folder / "data" / "returns" / "2024-09.csv").read_text(encoding="utf-8")
    from mpr_lib.book.intake.importing import plan_import
    from mpr_lib.book.intake.writing import write_return

    write_return(Workspace(folder), plan_import(Workspace(folder), pd.Period("2024-09", freq="M"), [sent]))
    after = (folder / "data" / "returns" / "2024-09.csv").read_text(encoding="utf-8")
    assert after == before + "NC 2,2024-09,92.6%,,,,\n"
