"""Life: an indicator is introduced in a year and ends with a month, and what that means for all that is made of it."""

import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import run_checks
from tests.helpers import SMALL, small_workspace

HEADING = "indicator_code,month,value,note\n"
MAY = "data/returns/2018-05.csv"


def workspace(folder, *, last_month="", year_introduced="", changes=()):
    """The small workspace, whose potholes end with a month or are introduced in a year."""
    heading, lit, potholes, _ = SMALL["data/indicators.csv"].split("\n")
    potholes = potholes.removesuffix(",,,,,,,") + f",,,,{year_introduced},,,"
    indicators = f"{heading},last_month\n{lit},\n{potholes},{last_month}\n"
    return Workspace(small_workspace(folder, {"data/indicators.csv": indicators, **dict(changes)}))


def codes(frame):
    return list(dict.fromkeys(frame["indicator_code"]))


def checked(book):
    history = history_of(book)
    return run_checks(book, scorecard_of(book, history), history)


@pytest.mark.parametrize(
    ("last_month", "shown"),
    [("", True), ("2018-05", True), ("2018-06", True), ("2018-04", False)],
)
def test_an_indicator_is_in_reports_up_to_its_last_month(tmp_path, last_month, shown):
    book = read_book(
        workspace(tmp_path, last_month=last_month, changes={MAY: HEADING + "3.1,2018-05,97%,\n"}), "2018-05"
    )
    assert ("3.10" in codes(scorecard_of(book))) == shown
    for frame in (book.indicators, book.targets, book.returns, book.values):
        assert ("3.10" in codes(frame)) == shown
    assert codes(book.others.indicators) == [] if shown else ["3.10"]


@pytest.mark.parametrize(
    ("year_introduced", "returned", "shown"),
    [
        ("2018", "", True),
        ("2019", "", False),
        ("2019", "3.10,2018-05,210,\n", True),
        ("2019", "3.10,2018-05,N/A,\n", False),
    ],
    ids=["in its first year", "a year too early", "it sends figures all the same", "a reason is no figure"],
)
def test_an_indicator_is_in_reports_once_it_is_introduced_or_sends_figures(tmp_path, year_introduced, returned, shown):
    changes = {"data/returns/2018-04.csv": HEADING, MAY: f"{HEADING}3.1,2018-05,97%,\n{returned}"}
    book = read_book(workspace(tmp_path, year_introduced=year_introduced, changes=changes), "2018-05")
    assert ("3.10" in codes(scorecard_of(book))) == shown


def test_what_came_before_its_introduction_was_not_yet_introduced(tmp_path):
    book = read_book(workspace(tmp_path, year_introduced="2018"), "2018-05")
    history = history_of(book).set_index(["indicator_code", "month"])["no_value_reason"]
    assert set(history["3.10"].loc[: pd.Period("2018-03")]) == {"NOT_INTRODUCED"}
    assert history["3.10"][pd.Period("2018-05")] == ""
    assert set(history["3.1"].loc[: pd.Period("2018-03")]) == {"NOT_SUPPLIED"}


def test_a_figure_from_before_its_introduction_is_kept(tmp_path):
    changes = {"data/returns/2018-04.csv": SMALL["data/returns/2018-04.csv"] + "3.10,2017-05,190,\n"}
    book = read_book(workspace(tmp_path, year_introduced="2018", changes=changes), "2018-05")
    row = scorecard_of(book).set_index("indicator_code").loc["3.10"]
    assert (row["last_year_value"], row["direction"]) == (190, "BETTER")


def test_an_ended_indicator_is_in_no_check_but_for_what_comes_after_its_end(tmp_path):
    spoilt = {
        "data/returns/2018-04.csv": HEADING + "3.1,2018-04,96%,\n3.10,2018-03,90%,\n3.10,2018-04,five,\n",
        "data/targets.csv": SMALL["data/targets.csv"] + "3.10,2018,7%,7%,,,,,\n",
        "data/judgements.csv": SMALL["data/judgements.csv"] + "3.10,2018-04,2018-07,AT_RISK,,,\n",
        "data/commentary/2018-05/3-10.md": "Mended.",
    }
    book = read_book(workspace(tmp_path, last_month="2018-04", changes=spoilt), "2018-05")
    messages = [each.message for each in checked(book).findings if each.indicator_code == "3.10"]
    assert messages == [
        "data/commentary/2018-05/3-10.md (3.10, May 2018): the indicator has ended or is not yet introduced, so its "
        "comment is shown nowhere. Expected a comment on an indicator of this month's report.",
        "data/returns/2018-05.csv row 3, column month (3.10, May 2018): the indicator ended with April 2018, so "
        "'210' is shown nowhere. Expected no figure for a month after its last.",
    ]


def test_a_code_that_ended_and_began_anew_is_described_twice(tmp_path):
    place = workspace(tmp_path, last_month="2018-04")
    path = place.data / "indicators.csv"
    path.write_text(path.read_text() + "3.10,Kerbs mended,,SAFE,,,,,MAXIMISE,SNAPSHOT,number,0,,,,2018,,,,\n")
    found = [each.message for each in checked(read_book(place, "2018-05")).critical]
    assert found == [
        "data/indicators.csv row 3 (3.10): the indicator is given more than once, in rows 3 and 4. Expected one row."
    ]


def test_a_report_of_before_the_end_stays_as_it_was(tmp_path):
    ended, going = (workspace(tmp_path / name, last_month=last) for name, last in (("a", "2018-05"), ("b", "")))
    cards = [scorecard_of(read_book(place, "2018-05")) for place in (ended, going)]
    pd.testing.assert_frame_equal(*cards)


@pytest.mark.parametrize(("since", "counts"), [("2018-05", True), ("2018-06", False)])
def test_a_new_definition_counts_from_the_report_of_its_month_on(tmp_path, since, counts):
    """So that a month which is issued again, when the definition has changed since, says what it said."""
    indicators = SMALL["data/indicators.csv"].replace("%,1,,,,,,,", f"%,1,,,,,{since},,")
    book = read_book(Workspace(small_workspace(tmp_path, {"data/indicators.csv": indicators})), "2018-05")
    assert book.indicators["definition_break"].notna().any() == counts
    assert ("definition_is_unbroken" in {each.expectation for each in checked(book).findings}) == counts
