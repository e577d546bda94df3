"""Cells that cannot be read: kept as problems with file, row, column, what was found and what was expected."""

import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.book.tables import PROBLEM_COLUMNS
from mpr_lib.checks import delivered, run_checks
from tests.helpers import SMALL, small_workspace, with_line

MAY = "data/returns/2018-05.csv"
INDICATORS, TARGETS = "data/indicators.csv", "data/targets.csv"
STATED, JUDGEMENTS = "data/stated_targets.csv", "data/judgements.csv"
FIGURE = "Expected a number such as 550, 83% or 1,544, or one of -, TBC, N/A."
TARGET = "Expected a number such as 550, 83% or 1,544, or a range such as 38 - 48."
MONTH = "Expected a month such as 2018-05, May 2018 or May-18."
DECIMALS = "Expected a whole number from 0 to 9."
LAGS = "Expected a whole number from 0 to 99."
YEARS = "Expected a whole number from 0 to 9999."
SHARE = "Expected a share of the target such as 0.05 for 5 %."
INDICATOR = "4.1,Litter,,SAFE,,,,,MAXIMISE,SNAPSHOT,%,{decimals},,{flag},{lag},{year},{month},{gauge},"


def indicator(**cells):
    return INDICATOR.format(**{**dict.fromkeys(["decimals", "flag", "lag", "year", "month", "gauge"], ""), **cells})


OWN_WORDS = SMALL["params/report.yml"] + "no_value_words:\n  NA: NOT_APPLICABLE\n  Annual KPI: NOT_DUE\n"


def test_a_workspaces_own_words_for_no_value_are_read_in_returns_targets_and_stated_targets(tmp_path):
    changes = with_line(MAY, "3.1,2018-03,annual kpi,") | with_line(TARGETS, "3.1,2019,NA,NA,FLAT,,,,")
    changes |= with_line(STATED, "3.1,2018-05,95%,na") | {"params/report.yml": OWN_WORDS}
    workspace = Workspace(small_workspace(tmp_path, changes))
    book = read_book(workspace, "2018-05")
    assert book.problems.empty
    assert book.returns["no_value_reason"].tolist()[-1] == "NOT_DUE"
    assert book.targets["annual_target_low"].isna().tolist() == [False, False, True]
    history = history_of(book)
    readable = [each for each in delivered() if each.name == "cell_is_readable"]
    assert run_checks(book, scorecard_of(book, history), history, expectations=readable).findings == []


# name: file, the line added to it, row, column, found, expected, kind, month
UNREAD = {
    "figure": (MAY, "3.1,2018-03,5S0,", 4, "value", "5S0", FIGURE, "number", "2018-03"),
    "figure with a full stop and a space": (
        MAY, "3.1,2018-03,see note. Expected 5,", 4, "value", "see note. Expected 5", FIGURE, "number", "2018-03"),
    "figure with two lines": (MAY, '3.1,2018-03,"5\n6x",', 4, "value", "5\n6x", FIGURE, "number", "2018-03"),
    "month": (MAY, "3.1,Mayy 2018,97%,", 4, "month", "Mayy 2018", MONTH, "month", ""),
    "quarter": (MAY, "3.1,Q1 2018/19,97%,", 4, "month", "Q1 2018/19", MONTH, "month", ""),
    "stated month": (STATED, "3.1,2018,95%,95%", 2, "month", "2018", MONTH, "month", ""),
    "stated target": (STATED, "3.1,2018-05,95%,about 97", 2, "target_high", "about 97", TARGET, "number", "2018-05"),
    "range in one cell": (
        TARGETS, "3.1,2019,38 - 48,,FLAT,,,,", 4, "annual_target_low", "38 - 48",
        "Expected one number: a range has a column for each end.", "number", ""),
    "proxy as a target": (
        TARGETS, "3.1,2019,Proxy 5,,FLAT,,,,", 4, "annual_target_low", "Proxy 5", TARGET, "number", ""),
    "tolerance as a percentage": (TARGETS, "3.1,2019,5,5,FLAT,,5%,,", 4, "tolerance", "5%", SHARE, "number", ""),
    "tolerance above 1": (TARGETS, "3.1,2019,5,5,FLAT,,15,,", 4, "tolerance", "15", SHARE, "number", ""),
    "tolerance below 0": (TARGETS, "3.1,2019,5,5,FLAT,,-0.1,,", 4, "tolerance", "-0.1", SHARE, "number", ""),
    "financial year that is no year": (
        TARGETS, "3.1,2019/21,5,5,FLAT,,,,", 4, "financial_year", "2019/21",
        YEARS, "number", ""),
    "decimals": (
        INDICATORS, indicator(decimals="2.5"), 4, "decimals", "2.5", DECIMALS, "number", ""),
    "decimals that are a year": (
        INDICATORS, indicator(decimals="2018"), 4, "decimals", "2018", DECIMALS, "number", ""),
    "lag": (
        INDICATORS, indicator(lag="one"), 4, "allowed_lag", "one", LAGS, "number", ""),
    "year": (
        INDICATORS, indicator(year="about 2014"), 4, "year_introduced", "about 2014",
        YEARS, "number", ""),
    "flag": (INDICATORS, indicator(flag="1"), 4, "quarter_rows", "1", "Expected true or false.", "word", ""),
    "gauge": (INDICATORS, indicator(gauge="ten"), 4, "gauge_low", "ten", TARGET, "number", ""),
    "definition break": (INDICATORS, indicator(month="spring"), 4, "definition_break", "spring", MONTH, "month", ""),
    "judgement's month": (
        JUDGEMENTS, "3.1,soon,,AT_RISK,Delay,Head,2018-06-21", 2, "month", "soon", MONTH, "month", ""),
    "judgement's until": (
        JUDGEMENTS, "3.1,2018-05,soon,AT_RISK,Delay,Head,2018-06-21", 2, "until", "soon", MONTH, "month", "2018-05"),
    "judgement's date": (
        JUDGEMENTS, "3.1,2018-05,,AT_RISK,Delay,Head,21 June", 2, "date", "21 June",
        "Expected a date such as 2018-06-21.", "date", "2018-05"),
}  # fmt: skip


def book_of(folder, changes=None, month="2018-05"):
    return read_book(Workspace(small_workspace(folder, changes)), month)


@pytest.mark.parametrize(
    ("file", "line", "row", "column", "found", "expected", "kind", "month"), UNREAD.values(), ids=UNREAD
)
def test_an_unreadable_cell_is_kept_with_its_place(tmp_path, file, line, row, column, found, expected, kind, month):
    book = book_of(tmp_path, with_line(file, line))
    assert book.problems.columns.tolist() == PROBLEM_COLUMNS
    assert len(book.problems) == 1
    problem = book.problems.iloc[0]
    assert (problem["file"], problem["row"], problem["column"]) == (file, row, column)
    assert (problem["found"], problem["expected"], problem["kind"]) == (found, expected, kind)
    assert problem["indicator_code"] == line.split(",")[0]
    assert ("" if pd.isna(problem["month"]) else str(problem["month"])) == month
    assert len(scorecard_of(book)) == len(book.indicators)


def test_an_unreadable_figure_keeps_its_text_and_becomes_no_number(tmp_path):
    book = book_of(tmp_path, {MAY: "indicator_code,month,value,note\n3.1,2018-05,5S0,\n"})
    row = book.returns.iloc[-1]
    assert (row["value_text"], row["no_value_reason"], pd.isna(row["number"])) == ("5S0", "", True)


def test_problems_of_several_files_stand_together_in_the_order_of_the_files(tmp_path):
    changes = with_line(MAY, "3.1,2018-03,5S0,") | with_line(TARGETS, "3.1,2019,x,y,FLAT,,,,")
    problems = book_of(tmp_path, changes).problems
    assert list(zip(problems["file"], problems["column"], strict=True)) == [
        (TARGETS, "annual_target_low"), (TARGETS, "annual_target_high"), (MAY, "value"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["2018-05", "May 2018", "May-18", "31/05/2018", "2018-05-31", "2018-05-31 00:00:00", "43251", "31 May 2018"],
)
def test_a_month_may_be_written_in_each_of_these_ways(tmp_path, text):
    book = book_of(tmp_path, {MAY: f"indicator_code,month,value,note\n3.1,{text},97%,\n"})
    row = book.returns.iloc[-1]
    assert (row["month"], row["month_text"]) == (pd.Period("2018-05", freq="M"), text)
    assert len(book.problems) == 0


def test_codes_are_text_and_never_numbers(tmp_path):
    book = book_of(tmp_path)
    for frame in (book.indicators, book.targets, book.values, scorecard_of(book)):
        assert frame["indicator_code"].tolist()[:2] == ["3.1", "3.10"]
    assert scorecard_of(book)["value"].tolist() == [97.0, 210.0]


def test_columns_are_typed_as_promised_even_when_a_table_has_no_rows(tmp_path):
    book = book_of(tmp_path, {JUDGEMENTS: SMALL[JUDGEMENTS], STATED: SMALL[STATED]})
    for frame, columns in [
        (book.judgements, ["month", "until"]), (book.stated_targets, ["month"]), (book.returns, ["month", "received"]),
        (book.indicators, ["definition_break"]), (scorecard_of(book), ["latest_month", "reporting_month"]),
    ]:  # fmt: skip
        assert [str(frame[column].dtype) for column in columns] == ["period[M]"] * len(columns)
    numbers = [book.targets["tolerance"], book.stated_targets["target_low"], book.returns["number"]]
    assert [str(column.dtype) for column in numbers] == ["float64"] * 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", ",,,\n").encode(),
        lambda text: (text + "\n\n,,,\n").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: text.replace(",", " , ").encode(),
        lambda text: "".join(f'"{line}"\n'.replace(",", '","') for line in text.splitlines()).encode(),
    ],
    ids=["CRLF", "byte order mark", "empty columns at the end", "empty rows at the end", "no newline at the end",
         "spaces round cells", "quotes round every cell"],
)  # fmt: skip
def test_what_spreadsheets_do_to_a_file_changes_nothing_that_it_says(tmp_path, spoil):
    plain = book_of(tmp_path / "plain").returns
    spoilt = book_of(tmp_path / "spoilt", {MAY: spoil(SMALL[MAY])}).returns
    pd.testing.assert_frame_equal(spoilt, plain)


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path):
    text = 'indicator_code,month,value,note\n\n3.1,2018-05,97%,"two\nlines"\n,,,\n3.10,2018-05,x,\n'
    book = book_of(tmp_path, {MAY: text})
    received = book.returns[book.returns["file"] == MAY]
    assert received["row"].tolist() == [3, 5]
    assert received["note"].tolist() == ["two\nlines", ""]
    assert book.problems["row"].tolist() == [5]


def test_a_committee_in_another_spelling_gets_the_printed_one(tmp_path):
    line = "4.1,Litter,,SAFE,,,,Place and Parks,MAXIMISE,SNAPSHOT,%,,,,,,,,"
    shared = SMALL["params/report.yml"] + "committees:\n  - name: Place & Parks\n    spellings: [Place and Parks]\n"
    book = book_of(tmp_path, with_line(INDICATORS, line) | {"params/report.yml": shared})
    assert book.indicators["scrutiny_committee"].tolist() == ["", "", "Place & Parks"]


def test_the_words_of_a_column_are_taken_in_any_capitals_and_unknown_ones_kept(tmp_path):
    line = "4.1,Litter,,SAFE,,,,,Maximize,ytd snapshot,%,,quarterly,yes,,,,,"
    row = book_of(tmp_path, with_line(INDICATORS, line)).indicators.iloc[-1]
    assert (row["polarity"], row["basis"], row["frequency"], row["quarter_rows"]) == (
        "MAXIMIZE", "YTD_SNAPSHOT", "QUARTERLY", True,
    )  # fmt: skip
    assert row["section"] == "CORPORATE"


def test_a_code_given_twice_is_kept_for_the_checks_and_scored_once(tmp_path):
    book = book_of(tmp_path, with_line(INDICATORS, "3.1,Again,,SAFE,,,,,MINIMISE,,%,,,,,,,,"))
    assert book.indicators["indicator_code"].tolist() == ["3.1", "3.10", "3.1"]
    assert scorecard_of(book)["short_name"].tolist() == ["Street lights lit", "Potholes mended"]
    assert history_of(book).duplicated(["indicator_code", "month"]).sum() == 0
