"""The engine: every expectation runs in Great Expectations and fails on the rows that its table of cases says."""

import ast
import dataclasses
import threading

import pandas as pd
import pytest

from mpr_lib.checks import load_engine
from mpr_lib.checks.catalogue import CATALOGUE, named
from tests.helpers import table

pytestmark = pytest.mark.slow

ROWS = table("cases", "expectations_rows.csv")
PARAMETERS = {
    "codes": ["CP 1.1", "CP 1.2"],
    "words": ["polarity MAXIMISE", "polarity MINIMISE", "basis CUMULATIVE", "aim SAFE"],
    "years": [2017.0, 2018.0],
    "later_months_shown": [str(month) for month in pd.period_range("2017-05", "2019-03", freq="M")],
    "no_single_department": ["No single department"],
}


def cell(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def check_table(rows):
    cells = [dict(part.partition("=")[::2] for part in row["cells"].split("; ") if part) for row in rows]
    frame = pd.DataFrame([{key: cell(text) for key, text in each.items()} for each in cells])
    return frame.assign(indicator_code=[row["indicator_code"] for row in rows])


@pytest.fixture(scope="module")
def engine():
    return load_engine()


@pytest.fixture(scope="module")
def verdicts(engine):
    """Every expectation on its own cases, in one run."""
    expectations = [dataclasses.replace(each, table=each.name) for each in CATALOGUE]
    tables = {each.name: check_table([row for row in ROWS if row["expectation"] == each.name]) for each in CATALOGUE}
    return {each.expectation.name: each for each in engine.validate(tables, expectations, PARAMETERS)}


@pytest.mark.parametrize("name", [each.name for each in CATALOGUE])
def test_an_expectation_fails_on_the_rows_that_its_cases_say(verdicts, name):
    rows = [row for row in ROWS if row["expectation"] == name]
    assert {row["expected"] for row in rows} == {"pass", "fail"}, "each expectation has cases of both kinds"
    assert verdicts[name].error == ""
    found = ["fail" if place in verdicts[name].failing else "pass" for place in range(len(rows))]
    wrong = [row for row, result in zip(rows, found, strict=True) if row["expected"] != result]
    assert wrong == []


def test_every_failing_row_is_named_however_many_there_are(engine):
    frame = pd.DataFrame({"indicator_code": [f"CP {number}" for number in range(500)]})
    (verdict,) = engine.validate({"codes": frame}, [named("code_is_known")], {"codes": ["CP 7"]})
    assert verdict.failing == [place for place in range(500) if place != 7]


def test_an_expectation_that_cannot_run_says_why_and_the_others_run(engine):
    broken = dataclasses.replace(
        named("code_is_known"), name="broken", arguments={"column": "nowhere", "value_set": []}
    )
    unknown = dataclasses.replace(named("word_is_known"), name="unknown", gx="ExpectMiracles")
    tables = {"codes": pd.DataFrame({"indicator_code": ["CP 1.1"]}), "words": pd.DataFrame({"choice": ["aim SAFE"]})}
    found = engine.validate(tables, [broken, named("code_is_known"), unknown], {"codes": []})
    assert [each.expectation.name for each in found] == ["broken", "code_is_known", "unknown"]
    assert "nowhere" in found[0].error
    assert (found[1].failing, found[1].error) == ([0], "")
    assert found[2].error.startswith("AttributeError: ")
    assert "ExpectMiracles" in found[2].error


def test_a_predicate_of_ours_that_fails_says_why(engine, monkeypatch):
    monkeypatch.setattr("mpr_lib.checks.predicates.does_not_fall", lambda rows: 1 / 0)
    rows = check_table([row for row in ROWS if row["expectation"] == "cumulative_does_not_fall"])
    (verdict,) = engine.validate({"months": rows}, [named("cumulative_does_not_fall")], {})
    assert "division by zero" in verdict.error


def test_it_runs_in_threads_and_writes_nothing(engine, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    found, frame = {}, pd.DataFrame({"indicator_code": ["CP 1.1", "CP 9.9"]})

    def check(place):
        found[place] = engine.validate({"codes": frame}, [named("code_is_known")], PARAMETERS)[0].failing

    threads = [threading.Thread(target=check, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {place: [1] for place in range(4)}
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")
