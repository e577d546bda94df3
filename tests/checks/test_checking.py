"""Checking: the findings on the council's own data, and on a copy of it spoiled in every way at once."""

import collections
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.book.book import newest_values
from mpr_lib.checks import Quality, delivered, run_checks
from mpr_lib.checks.checking import MOST
from mpr_lib.checks.suites import FOLDER, READABLE
from tests.helpers import REPOSITORY, SMALL, small_workspace, table

pytestmark = pytest.mark.slow

MONTH = "2018-05"
SOUTHEND = table("cases", "expectations_southend.csv")
SPOILED = table("cases", "expectations_spoiled.csv")
BROUGHT = {each.batch for each in delivered()} - {path.stem for path in FOLDER.glob("*.yml")}
OURS = [each for each in delivered() if each.batch not in BROUGHT]
"""Every entry of the core's suites; an annex tests its own."""

NAMES = list(dict.fromkeys(each.name for each in delivered()))
ELSEWHERE = {
    each.name for each in delivered() if each.batch in {*BROUGHT, "comparisons", "amber_limits", "step_changes"}
}
ELSEWHERE |= {"value_is_unrevised", "rate_follows_from_its_parts", "figure_is_due", "stated_rating_is_the_reports"}
"""Expectations of what this council does not have, tested on others that have it (below, tests/finance)."""


def named(name):
    """Every entry of an expectation."""
    return [each for each in delivered() if each.name == name]


def made_of(folder):
    book = read_book(Workspace(Path(folder)), MONTH)
    history = history_of(book)
    return book, scorecard_of(book, history), history


@pytest.fixture(scope="module")
def southend():
    return made_of(REPOSITORY)


@pytest.fixture(scope="module")
def quality(southend):
    return run_checks(*southend)


@pytest.fixture(scope="module")
def spoiled_data(tmp_path_factory, workspace_copy):
    """What is found in a copy with every change of the table made at once."""
    folder = workspace_copy(tmp_path_factory.mktemp("spoiled"))
    for case in SPOILED:
        path = folder / case["file"]
        if case["found"] == "-":
            continue  # a change that an earlier row makes
        if not case["found"]:
            path.parent.mkdir(exist_ok=True)
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            path.write_text(before + case["put"], encoding="utf-8")
        elif path.suffix == ".md":
            path.write_text(case["put"], encoding="utf-8") if case["put"] else path.unlink()
        else:
            spoil(path, case["found"].replace(";", ","), case["put"].replace(";", ","))
    return made_of(folder)


@pytest.fixture(scope="module")
def riverside():
    book = read_book(Workspace(REPOSITORY / "tests/councils/riverside"), "2024-07")
    history = history_of(book)
    return book, scorecard_of(book, history), history


@pytest.fixture(scope="module")
def untargeted(southend):
    """The council's own data without any target."""
    book = southend[0]
    return replace(book, targets=book.targets.iloc[:0], stated_targets=book.stated_targets.iloc[:0]), *southend[1:]


@pytest.fixture(scope="module")
def unsent(southend):
    """The council's own data before anything was received in the month."""
    book = southend[0]
    returns = book.returns[book.returns["received"] < book.month]
    return replace(book, returns=returns, values=newest_values(returns)), *southend[1:]


@pytest.fixture(scope="module")
def rated(southend):
    """The council's own data with a rating beside two of its figures: another than here, and no word for one."""
    returns = southend[0].returns
    stated = returns["indicator_code"].map({"CP 1.4": "Green", "CP 1.5": "Gren"})
    return replace(southend[0], returns=returns.assign(stated_rating=stated.fillna(""))), *southend[1:]


@pytest.fixture(scope="module")
def apart(riverside, untargeted, unsent, rated):
    """The data that break an expectation which the spoiled copy cannot break beside the others."""
    others = {"value_is_unrevised": riverside, "targets_are_given": untargeted, "return_has_rows": unsent}
    return others | {"stated_rating_is_the_reports": rated}


@pytest.fixture(scope="module")
def spoiled(spoiled_data, apart):
    """What is found in the spoiled copy, and apart from it."""
    found = run_checks(*spoiled_data)
    others = [run_checks(*made, expectations=named(name)) for name, made in apart.items()]
    return replace(found, findings=[*found.findings, *(each for other in others for each in other.findings)])


@pytest.fixture(scope="module")
def found_by(spoiled_data, apart):
    """What each entry finds, by its place. One of a name is asked at a time, for findings say no more than the name."""
    found = {}
    for made, names in ((spoiled_data, {*NAMES} - {*apart}), *((made, {name}) for name, made in apart.items())):
        waiting = {name: [each for each in OURS if each.name == name] for name in NAMES if name in names}
        while asked := [entries.pop() for entries in waiting.values() if entries]:
            findings = run_checks(*made, expectations=asked).findings
            for each in asked:
                found[OURS.index(each)] = {one.message for one in findings if one.expectation == each.name}
    return found


@pytest.mark.parametrize("entry", OURS, ids=lambda each: f"{each.batch}/{each.name}: {each.means}")
def test_every_entry_finds_its_spoiled_row(found_by, entry):
    found = found_by[OURS.index(entry)]
    assert found & {case["message"] for case in SPOILED if case["expectation"] == entry.name}, (
        f"{entry.batch}.yml, entry '{entry.name}' ({entry.means}) finds no row of expectations_spoiled.csv: add one."
    )


def test_only_a_new_section_or_aim_is_sent_to_the_settings():
    known = [each for each in delivered() if each.name == "word_is_known"]
    sent = {each.arguments["column"] for each in known if "params/report.yml" in each.do}
    assert sent == {"section", "aim"}


def spoil(path, found, put):
    text = path.read_text(encoding="utf-8")
    assert text.count(found) == 1, f"{path.name} has {text.count(found)} times {found!r}"
    path.write_text(text.replace(found, put), encoding="utf-8")


def test_the_councils_own_data_gives_exactly_these_findings(quality):
    found = [(each.expectation, each.indicator_code, each.month) for each in quality.findings]
    assert found == [(row["expectation"], row["indicator_code"], row["month"]) for row in SOUTHEND]
    assert quality.critical == []
    assert quality.counts == {"critical": 0, "warning": 22, "info": 36}


def test_every_finding_on_the_councils_data_says_where_and_what_to_do(quality):
    for finding in quality.findings:
        assert finding.indicator_code in finding.message
        assert finding.file in finding.message
        assert finding.row is None or f"row {finding.row}" in finding.message
        assert finding.message.endswith(".")
        assert finding.action.endswith(".")
        assert not re.search(r"\b(nan|NaN|NaT|None|\d\d+\.0)\b", finding.message + finding.action)


def test_the_fall_of_early_help_assessments_is_worded_for_people(quality):
    (finding,) = [each for each in quality.findings if each.expectation == "cumulative_does_not_fall"]
    assert finding.message == (
        "data/returns/2018-04.csv row 77, column value (CP 3.0, February 2018): the figure falls to 1,111 after 2,621 "
        "in January 2018. Expected a cumulative figure to stay or rise within a financial year."
    )
    assert (finding.severity, finding.found, finding.row) == ("warning", "1,111", 77)


def test_every_expectation_ran_and_looked_at_something(quality):
    assert [each.name for each in quality.expectations] == NAMES
    assert all(each.ran for each in quality.expectations)
    assert [each.name for each in quality.expectations if not each.checked and each.name not in ELSEWHERE] == []
    counted = collections.Counter(finding.expectation for finding in quality.findings)
    assert {each.name: each.findings for each in quality.expectations if each.findings} == dict(counted)


def test_the_same_data_gives_the_same_file_and_it_reads_back(southend, quality):
    again = run_checks(*southend)
    assert again.to_json() == quality.to_json()
    assert Quality.from_json(again.to_json()) == quality


@pytest.mark.parametrize("case", SPOILED, ids=lambda case: f"{case['expectation']}: {case['why']}")
def test_what_was_spoiled_is_found_and_named(spoiled, case):
    messages = [each.message for each in spoiled.findings if each.expectation == case["expectation"]]
    assert case["message"] in messages


def test_nothing_else_critical_is_found(spoiled):
    expected = {case["message"] for case in SPOILED}
    assert [each.message for each in spoiled.critical if each.message not in expected] == []


def test_every_critical_expectation_and_every_warning_has_been_seen(spoiled, quality):
    seen = {each.expectation for each in (*spoiled.findings, *quality.findings)}
    assert seen | ELSEWHERE == set(NAMES)


def test_a_revision_is_listed_with_its_reason():
    book = read_book(Workspace(REPOSITORY / "tests/councils/riverside"), "2024-07")
    history = history_of(book)
    found = run_checks(book, scorecard_of(book, history), history, expectations=named("value_is_unrevised"))
    assert [(each.indicator_code, each.month, each.severity) for each in found.findings] == [
        ("RB 4", "2024-06", "info")
    ]
    assert found.findings[0].message == (
        "data/returns/2024-07.csv row 5, column value (RB 4, June 2024): '17,500' replaces '17,000'. "
        "The reason given: counted again. Expected a published figure to stay."
    )


@pytest.mark.usefixtures("quality")
def test_frames_are_not_changed(southend):
    """Those that were checked are as they are before that."""
    for checked, fresh in zip(frames_of(*southend), frames_of(*made_of(REPOSITORY)), strict=True):
        pd.testing.assert_frame_equal(checked, fresh)


def frames_of(book, scorecard, history):
    return [book.indicators, book.targets, book.returns, book.values, book.judgements, scorecard, history]


def test_a_check_that_cannot_be_run_is_critical(southend):
    book, scorecard, history = southend
    few = [*named("value_is_given"), *(each for each in named("code_is_known") if each.batch == "returns")]
    found = run_checks(book, scorecard.drop(columns="no_value_reason"), history, expectations=few)
    (finding,) = found.critical
    assert finding.message == (
        "The check 'value_is_given' could not be run (KeyError: 'no_value_reason'). So it is not known whether the "
        "data meets it: Every indicator whose figure is due has one."
    )
    assert finding.action == "Tell whoever looks after this report. Nothing is published until the check runs."
    assert [(each.ran, each.met) for each in found.expectations] == [(False, False), (True, True)]


def test_it_leaves_the_logging_of_the_process_as_it_was():
    code = (
        "import logging, warnings; before = warnings.showwarning, list(logging.getLogger().handlers), "
        "logging.getLogger().level; from mpr_lib.checks import load_engine; load_engine(); "
        "after = warnings.showwarning, list(logging.getLogger().handlers), logging.getLogger().level; "
        "raise SystemExit(before != after)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0


def headings_only(path):
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def test_an_empty_workspace_is_checked_without_an_error(tmp_path, workspace_copy):
    folder = workspace_copy(tmp_path / "empty")
    for name in ("indicators", "targets", "stated_targets", "judgements", "returns/2018-04", "returns/2018-05"):
        headings_only(folder / "data" / f"{name}.csv")
    for path in (*(folder / "data" / "commentary" / MONTH).iterdir(), folder / "params" / "expectations.yml"):
        path.unlink()
    found = run_checks(*made_of(folder))
    assert [each.message for each in found.findings] == [
        "data/indicators.csv: 'indicator_code' is empty. Expected what the report should print there.",
        "data/targets.csv: no indicator has a target for 2018/19, so nothing is rated. Expected a row for each "
        "indicator and financial year.",
    ]
    assert all(each.ran for each in found.expectations)


def test_indicators_without_any_figure_or_target_are_checked_without_an_error(tmp_path, workspace_copy):
    folder = workspace_copy(tmp_path / "bare")
    for name in ("targets", "stated_targets", "judgements", "returns/2018-04", "returns/2018-05"):
        headings_only(folder / "data" / f"{name}.csv")
    found = run_checks(*made_of(folder))
    assert [each.message for each in found.critical] == [
        "data/returns/2018-05.csv: there is not one row, and the figures of 31 indicators are owed. Expected what was "
        "received."
    ]
    silent = [each for each in found.findings if each.expectation == "value_is_given"]
    assert len(silent) == 31
    assert silent[0].message == (
        "data/returns/2018-05.csv, column value (CP 1.1, May 2018): there is no figure: none was supplied. Expected a "
        "number."
    )


def test_thousands_of_wrong_rows_are_one_mistake(tmp_path):
    """One is told of the first, and how many more there are: nobody reads on, and each costs a millisecond."""
    wrong = SMALL["data/judgements.csv"] + "X,soon,,LATE,,,\n" * (MOST + 20)
    book = read_book(Workspace(small_workspace(tmp_path, {"data/judgements.csv": wrong})), "2018-05")
    asked = [each for each in delivered() if each.batch == "judgements" and each.name in ("code_is_known", READABLE)]
    history = history_of(book)
    found = run_checks(book, scorecard_of(book, history), history, expectations=asked).findings
    for name in ("code_is_known", READABLE):
        of_name = [each for each in found if each.expectation == name]
        assert len(of_name) == MOST + 1
        said = f"data/judgements.csv row {MOST + 2}: the same is wrong in this row and in 19 more."
        assert [of_name[0].row, of_name[-1].message] == [2, said]
