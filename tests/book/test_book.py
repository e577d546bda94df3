"""The book: what was known at a reporting month, what was read, and that nobody's frame is changed."""

import hashlib
import shutil

import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.book.book import as_at, newest_values
from tests.helpers import SMALL, months, small_workspace

pytestmark = pytest.mark.core_smoke

MAY = "data/returns/2018-05.csv"
HEADING = "indicator_code,month,value,note\n"
JUNE = {
    "params/2018-06.yml": "month: 2018-06\n",
    "data/returns/2018-06.csv": HEADING + "3.1,2018-05,92%,corrected\n3.1,2018-06,98%,\n3.10,2018-05,,\n",
}


def value_of(book, code, month):
    values = book.values.set_index(["indicator_code", "month"])["value_text"]
    return values[code, pd.Period(month, freq="M")]


def test_a_later_return_changes_nothing_in_the_earlier_book(tmp_path):
    workspace = Workspace(small_workspace(tmp_path))
    before = read_book(workspace, "2018-05")
    small_workspace(tmp_path, JUNE)
    after = read_book(workspace, "2018-05")
    pd.testing.assert_frame_equal(after.values, before.values)
    pd.testing.assert_frame_equal(scorecard_of(after), scorecard_of(before))
    assert after.inputs == before.inputs
    assert after.data_hash == before.data_hash


def test_a_revised_figure_wins_in_the_later_book_and_both_are_kept(tmp_path):
    book = read_book(Workspace(small_workspace(tmp_path, JUNE)), "2018-06")
    assert value_of(book, "3.1", "2018-05") == "92%"
    received = book.returns[(book.returns["indicator_code"] == "3.1") & (book.returns["month"] == pd.Period("2018-05"))]
    assert received["value_text"].tolist() == ["97%", "92%"]
    assert received["received"].astype(str).tolist() == ["2018-05", "2018-06"]
    history = history_of(book).set_index(["indicator_code", "month"])
    revised = history.loc[("3.1", pd.Period("2018-05"))]
    assert (revised["value"], revised["rating"], revised["file"]) == (92.0, "AMBER", "data/returns/2018-06.csv")


def test_an_empty_later_cell_takes_no_number_back(tmp_path):
    book = read_book(Workspace(small_workspace(tmp_path, JUNE)), "2018-06")
    assert value_of(book, "3.10", "2018-05") == "210"
    scored = scorecard_of(book).set_index("indicator_code").loc["3.10"]
    assert (str(scored["latest_month"]), scored["value_text"]) == ("2018-05", "210")


# the texts received for one indicator and month, in order, and the one that stands
STANDS = {
    "the only one": (["5"], "5"),
    "the last of two numbers": (["5", "6"], "6"),
    "the last, although it is the first again": (["5", "6", "5"], "5"),
    "a number and not the empty cell after it": (["5", ""], "5"),
    "a number and not the dash after it": (["5", "-"], "5"),
    "a number that came after an empty cell": (["", "5"], "5"),
    "awaited, when a number was withdrawn in words": (["5", "TBC"], "TBC"),
    "not applicable, when a number was withdrawn in words": (["5", "N/A"], "N/A"),
    "awaited and not the empty cell after it": (["TBC", ""], "TBC"),
    "the last of two empty ones": (["", "-"], "-"),
    "what cannot be read, so that the checks refuse it": (["5", "5S0"], "5S0"),
}


@pytest.mark.parametrize(("texts", "stands"), STANDS.values(), ids=STANDS)
def test_of_what_was_received_this_stands(tmp_path, texts, stands):
    names = [f"2018-{number:02}" for number in range(5, 5 + len(texts))]
    files = {
        f"data/returns/{name}.csv": f"{HEADING}3.1,2018-03,{text},\n" for name, text in zip(names, texts, strict=True)
    }
    parameters = {f"params/{names[-1]}.yml": f"month: {names[-1]}\n"}
    book = read_book(Workspace(small_workspace(tmp_path, files | parameters)), names[-1])
    assert value_of(book, "3.1", "2018-03") == stands
    assert len(book.returns[book.returns["month"] == pd.Period("2018-03")]) == len(texts)


def test_a_figure_without_a_readable_month_stands_for_none(tmp_path):
    book = read_book(
        Workspace(small_workspace(tmp_path, {MAY: HEADING + "3.1,soon,99%,\n3.1,2018-05,97%,\n"})), "2018-05"
    )
    assert "99%" in book.returns["value_text"].tolist()
    assert "99%" not in book.values["value_text"].tolist()


def test_each_input_is_named_with_the_hash_of_its_bytes(tmp_path):
    comment = {"data/commentary/2018-05/3-1.md": "Lit.", "data/commentary/2018-04/3-1.md": "Dark."}
    root = small_workspace(tmp_path, {**JUNE, **comment})
    book = read_book(Workspace(root), "2018-05")
    expected = {*SMALL, "data/commentary/2018-05/3-1.md"}
    assert set(book.inputs) == expected
    assert book.inputs == {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in expected}


def test_the_data_hash_is_the_same_elsewhere_and_another_when_a_byte_changes(tmp_path):
    here = read_book(Workspace(small_workspace(tmp_path / "here")), "2018-05")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    assert read_book(Workspace(tmp_path / "there"), "2018-05").data_hash == here.data_hash
    changed = small_workspace(tmp_path / "changed", {MAY: SMALL[MAY] + "\n"})
    assert read_book(Workspace(changed), "2018-05").data_hash != here.data_hash


def test_scoring_leaves_every_frame_of_the_book_as_it_was(tmp_path):
    book = read_book(Workspace(small_workspace(tmp_path, JUNE)), "2018-06")
    frames = {name: frame for name, frame in vars(book).items() if isinstance(frame, pd.DataFrame)}
    before = {name: frame.copy(deep=True) for name, frame in frames.items()}
    history = history_of(book)
    history_before = history.copy(deep=True)
    scorecard_of(book, history)
    newest_values(book.returns)
    assert len(frames) >= 8
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, before[name], obj=name)
    pd.testing.assert_frame_equal(history, history_before)


def test_the_scorecard_is_the_same_with_the_history_given_or_not(tmp_path):
    book = read_book(Workspace(small_workspace(tmp_path)), "2018-05")
    pd.testing.assert_frame_equal(scorecard_of(book), scorecard_of(book, history_of(book)))


def test_the_history_has_both_years_and_older_months_with_a_figure(tmp_path):
    text = HEADING + "3.1,2016-07,90%,\n3.1,2018-05,97%,\n"
    history = history_of(read_book(Workspace(small_workspace(tmp_path, {MAY: text})), "2018-05"))
    shown = history[history["indicator_code"] == "3.1"]["month"].tolist()
    assert shown == [*months(["2016-07"]), *pd.period_range("2017-04", "2019-03", freq="M")]


def test_a_month_without_a_row_is_not_supplied_and_a_month_to_come_not_due(tmp_path):
    history = history_of(read_book(Workspace(small_workspace(tmp_path)), "2018-05"))
    reasons = history.set_index(["indicator_code", "month"])["no_value_reason"]
    assert reasons["3.1", pd.Period("2018-03")] == "NOT_SUPPLIED"
    assert reasons["3.1", pd.Period("2018-05")] == ""
    assert set(reasons["3.1"].loc[pd.Period("2018-06") :]) == {"NOT_DUE"}


def test_a_quarterly_figure_is_due_in_the_last_month_of_a_quarter_alone(tmp_path):
    indicators = SMALL["data/indicators.csv"].replace("SNAPSHOT,%,1,,", "SNAPSHOT,%,1,QUARTERLY,")
    changes = {"data/indicators.csv": indicators, MAY: HEADING + "3.10,2018-05,210,\n"}
    changes |= {"data/returns/2018-04.csv": HEADING}
    book = read_book(Workspace(small_workspace(tmp_path, changes)), "2018-05")
    history = history_of(book)
    last_year = history[(history["indicator_code"] == "3.1") & (history["financial_year"] == 2017)]
    due = last_year.loc[last_year["no_value_reason"] == "NOT_SUPPLIED", "month"].astype(str).tolist()
    assert due == ["2017-06", "2017-09", "2017-12", "2018-03"]
    assert scorecard_of(book).set_index("indicator_code").loc["3.1", "no_value_reason"] == "NOT_DUE"


def test_a_workspace_without_any_figure_is_scored_without_values(tmp_path):
    changes = {"data/returns/2018-04.csv": HEADING, MAY: HEADING}
    scored = scorecard_of(read_book(Workspace(small_workspace(tmp_path, changes)), "2018-05"))
    assert scored["rating"].tolist() == ["NO_VALUE", "NO_VALUE"]
    assert scored["latest_month"].astype(str).tolist() == ["2018-05", "2018-05"]
    assert scored["target_text"].tolist() == ["95%", "200"]


def test_a_comment_is_found_by_its_slug_with_its_front_matter(tmp_path):
    folder = "data/commentary/2018-05"
    changes = {
        f"{folder}/3-1.md": "---\r\nrole: Head of Lighting\r\ndate: 2018-06-11\r\nstate: approved\r\n---\r\nLit.\r\n",
        f"{folder}/3-10.md": "Mended.\n\n---\n\nMore to come.\n",
        f"{folder}/9-9.md": "Nobody's.",
        f"{folder}/empty.md": "---\nrole: Nobody\n---\n\n",
        "data/commentary/2018-04/3-1.md": "Last month's.",
    }
    book = read_book(Workspace(small_workspace(tmp_path, changes)), "2018-05")
    rows = book.commentary.set_index("indicator_code")
    assert rows["text"].to_dict() == {"3.1": "Lit.", "3.10": "Mended.\n\n---\n\nMore to come.", "9-9": "Nobody's."}
    assert rows.loc["3.1", ["role", "date", "state"]].tolist() == ["Head of Lighting", "2018-06-11", "approved"]
    assert rows.loc["3.10", ["role", "date", "state"]].tolist() == ["", "", ""]
    assert rows.loc["3.1", "file"] == f"{folder}/3-1.md"
    assert scorecard_of(book)["commentary"].tolist() == ["Lit.", "Mended.\n\n---\n\nMore to come."]


def test_the_newest_figures_are_unique_by_indicator_and_month(tmp_path):
    twice = {MAY: HEADING + "3.1,2018-05,97%,\n3.1,2018-05,96%,\n"}
    book = read_book(Workspace(small_workspace(tmp_path, twice)), "2018-05")
    assert not book.values.duplicated(["indicator_code", "month"]).any()
    assert len(book.returns) == 4


def test_value_target_and_annual_target_are_all_of_the_latest_months_year(tmp_path):
    changes = {
        "params/2018-04.yml": "month: 2018-04\n",
        "data/targets.csv": SMALL["data/targets.csv"] + "3.1,2017,90%,90%,FLAT,,,,\n",
        "data/returns/2018-04.csv": HEADING + "3.1,2018-03,91%,\n",
    }
    scored = scorecard_of(read_book(Workspace(small_workspace(tmp_path, changes)), "2018-04")).iloc[0]
    assert (str(scored["latest_month"]), scored["target_text"], scored["rating"]) == ("2018-03", "90%", "GREEN")
    assert scored["annual_target_text"] == "90%"


@pytest.mark.parametrize("cells", ["95%,", ",95%", "95%,95%"], ids=["low alone", "high alone", "both"])
def test_a_target_with_one_end_has_both_ends_equal(tmp_path, cells):
    targets = SMALL["data/targets.csv"].replace("95%,95%", cells)
    stated = SMALL["data/stated_targets.csv"] + f"3.10,2018-05,{cells}\n"
    changes = {"data/targets.csv": targets, "data/stated_targets.csv": stated}
    book = read_book(Workspace(small_workspace(tmp_path, changes)), "2018-05")
    assert book.targets.loc[0, ["annual_target_low", "annual_target_high"]].tolist() == [95.0, 95.0]
    assert book.stated_targets.loc[0, ["target_low", "target_high"]].tolist() == [95.0, 95.0]
    assert scorecard_of(book)["target_text"].tolist() == ["95%", "95%"]


STEPS = {
    "data/step_changes.csv": "indicator_code,month,reason,role,date,reported_from\n"
    "3.1,2018-03,New lamps,Head,2018-06-01,2018-05\n3.10,2018-04,Two more teams,Head,2018-06-01,\n"
}


def test_each_month_has_the_steps_that_counted_in_its_report(tmp_path):
    book = read_book(Workspace(small_workspace(tmp_path, STEPS)), "2018-05")
    steps = {month: as_at(book, pd.Period(month)).steps["reason"].tolist() for month in ("2018-05", "2018-04")}
    assert steps == {"2018-05": ["New lamps", "Two more teams"], "2018-04": ["Two more teams"]}
    assert "data/step_changes.csv" in book.inputs


def test_a_workspace_without_steps_has_none(tmp_path):
    steps = read_book(Workspace(small_workspace(tmp_path)), "2018-05").steps
    assert steps.empty
    assert steps["month"].dtype == "period[M]"


def test_a_target_changed_within_the_year_stands_from_its_report_on(tmp_path):
    heading, *rows = SMALL["data/targets.csv"].splitlines()
    changed = "3.1,2018,90%,90%,FLAT,,,,,,2018-06,The contractor changed"
    stated = "indicator_code,month,target_low,target_high,reported_from\n3.10,2018-05,220,\n3.10,2018-05,200,,2018-06\n"
    files = {"data/targets.csv": "\n".join([f"{heading},confirmed,reported_from,reason", *rows, changed, ""])}
    files |= {"data/stated_targets.csv": stated}
    workspace = Workspace(small_workspace(tmp_path, JUNE | files))

    def targets_of(book):
        history = history_of(book).set_index(["indicator_code", "month"])["target_text"]
        return [history[code, pd.Period("2018-05")] for code in ("3.1", "3.10")]

    june = read_book(workspace, "2018-06")
    assert targets_of(read_book(workspace, "2018-05")) == ["95%", "220"]
    assert targets_of(june) == ["90%", "200"]
    assert targets_of(as_at(june, pd.Period("2018-05"))) == ["95%", "220"]
    assert len(june.recorded_targets) == 3
