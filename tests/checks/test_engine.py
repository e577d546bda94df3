"""The engine: suites run in Great Expectations, each failing row is named, and what cannot run says why."""

import ast
import dataclasses
import threading

import pandas as pd
import pytest

from mpr_lib.book import Workspace, read_book
from mpr_lib.checks import delivered, load_engine, open_checks
from mpr_lib.checks.frames import parameters
from mpr_lib.checks.suites import entry
from mpr_lib.errors import InputError
from tests.helpers import REPOSITORY, table

pytestmark = pytest.mark.slow

KNOWN = {"indicator_codes": ["CP 7"], "years": [2018]}
(CODES,) = [each for each in delivered() if (each.batch, each.name) == ("returns", "code_is_known")]
EDGES = table("cases", "expectations_edges.csv")
FILLED = {
    "indicator_codes": ["CP 1.1", "CP 1.2"], "polarities": ["MAXIMISE", "MINIMISE", "NONE"],
    "bases": ["SNAPSHOT", "CUMULATIVE"], "frequencies": ["MONTHLY", "TWO_YEARLY"],
    "charted": ["AS_GIVEN", "NONE"], "compared_with": ["LAST_YEAR", "PREVIOUS"],
    "sections": ["CORPORATE", "PARTNERSHIP"], "sections_with_themes": ["PARTNERSHIP"],
    "aims": ["SAFE"], "years": [2017, 2018], "no_single_department": ["No single department"],
    "later_months_shown": [str(month) for month in pd.period_range("2017-05", "2019-03", freq="M")],
}  # fmt: skip
SAID = {
    "name": "ours", "expect": "ExpectColumnValuesToNotBeNull", "column": "value", "severity": "warning",
    "characteristic": "validity", "means": "It is there.", "found": "{place}: it is not.", "do": "Put it there.",
}  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    return load_engine()


@pytest.fixture(scope="module")
def known():
    """What the ``$names`` of entries stand for in the council's May 2018."""
    return parameters(read_book(Workspace(REPOSITORY), "2018-05"))


@pytest.fixture(scope="module")
def month():
    return open_checks(str(REPOSITORY), "2018-05")


def cell(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


@pytest.mark.parametrize(("batch", "name"), dict.fromkeys((row["batch"], row["expectation"]) for row in EDGES))
def test_an_expectation_fails_on_these_rows_and_no_others(engine, batch, name):
    rows = [row for row in EDGES if (row["batch"], row["expectation"]) == (batch, name)]
    cells = [dict(part.partition("=")[::2] for part in row["cells"].split("; ")) for row in rows]
    frame = pd.DataFrame([{key: cell(text) for key, text in each.items()} for each in cells])
    texts = frame.select_dtypes(["object", "str"]).columns
    frame = frame.assign(**{key: frame[key].astype(object).where(frame[key].notna(), None) for key in texts})
    entries = [each for each in delivered() if (each.batch, each.name) == (batch, name)]
    verdicts = engine.Month("2018-05", {batch: frame}, entries, FILLED).verdicts(batch)
    assert [each.error for each in verdicts if each.error] == []
    failing = {place for each in verdicts for place in each.failing}
    found = ["fail" if place in failing else "pass" for place in range(len(rows))]
    assert [row for row, result in zip(rows, found, strict=True) if row["expected"] != result] == []


def test_every_failing_row_is_named_however_many_there_are(engine):
    frame = pd.DataFrame({"indicator_code": [f"CP {number}" for number in range(500)]})
    (verdict,) = engine.Month("2018-05", {"returns": frame}, [CODES], KNOWN).verdicts("returns")
    assert verdict.failing == [place for place in range(500) if place != 7]


def test_an_expectation_that_cannot_run_says_why_and_the_others_run(engine):
    regex = {"expect": "ExpectColumnValuesToMatchRegex", "column": "indicator_code", "regex": "("}
    broken = entry({**SAID, **regex}, "returns", "returns.yml")
    frame = pd.DataFrame({"indicator_code": ["CP 1.1"]})
    found = engine.Month("2018-05", {"returns": frame}, [broken, CODES], KNOWN).verdicts("returns")
    assert [bool(each.error) for each in found] == [True, False]
    assert found[1].failing == [0]


def test_a_rule_of_ours_that_fails_says_why(engine, monkeypatch, month):
    (falls,) = [each for each in delivered() if each.name == "cumulative_does_not_fall"]
    ours = engine.Month("2018-05", {"returns": month.frames["returns"]}, [falls], month.parameters)
    monkeypatch.setattr("mpr_lib.checks.series._NOISE", 0 * pd.Timedelta("1D"))
    (verdict,) = ours.verdicts("returns")
    assert "Timedelta" in verdict.error


def test_it_runs_in_threads_and_writes_nothing(engine, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    found, frame = {}, pd.DataFrame({"indicator_code": ["CP 7", "CP 9.9"]})

    def check(place):
        with engine.ONE_AT_A_TIME:
            month = engine.Month("2018-05", {"returns": frame}, [CODES], KNOWN)
            found[place] = month.verdicts("returns")[0].failing

    threads = [threading.Thread(target=check, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {place: [1] for place in range(4)}
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("each", delivered(), ids=lambda each: f"{each.batch}/{each.name}: {each.means}")
def test_a_suite_goes_to_great_expectations_and_back_unchanged(engine, known, each):
    columns = {*each.columns, *each.condition_columns}
    made = engine.as_gx(each, pd.DataFrame(columns=sorted(columns)), known)
    assert engine.entry_of(each.batch, made) == dataclasses.replace(each, source="this entry")


def test_the_month_has_a_suite_and_a_checkpoint_for_each_batch(month):
    batches = {each.batch for each in delivered()}
    assert {suite.name for suite in month.context.suites.all()} == batches
    assert {checkpoint.name for checkpoint in month.context.checkpoints.all()} == {
        f"2018-05/{name}" for name in batches
    }
    assert not month.run("returns").success, "the fall of CP 3.0 is among its figures"
    assert month.run("indicators").describe_dict()["statistics"]["evaluated_validations"] == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"expect": "ExpectMiracles"}, "Great Expectations has no class 'ExpectMiracles'"),
        ({"column": "vale"}, "the batch returns has no column 'vale'"),
        ({"row_condition": "value in $codes"}, "nothing is called $codes"),
        ({"value_set": [1]}, "ExpectColumnValuesToNotBeNull refuses its arguments"),
    ],
)
def test_an_entry_that_cannot_be_made_is_refused_with_its_file_and_name(engine, changed, said):
    faulty = entry({**SAID, **changed}, "returns", "returns.yml")
    with pytest.raises(InputError) as refused:
        engine.as_gx(faulty, pd.DataFrame(columns=["value"]), KNOWN)
    assert str(refused.value).startswith(f"returns.yml, entry 'ours': {said}")


@pytest.mark.parametrize(("mostly", "failing"), [(1, [1]), (0.5, [])])
def test_an_expectation_of_ours_that_most_rows_meet_is_met_where_most_are_enough(engine, mostly, failing):
    columns = ["annual_target_low_text", "annual_target_high_text"]
    said = {**SAID, "column": None, "expect": "ExpectCellsToBeReadable", "column_list": columns, "mostly": mostly}
    frame = pd.DataFrame([[text] * 2 for text in "1x"], columns=columns)
    (verdict,) = engine.Month("2018-05", {"targets": frame}, [entry(said, "targets", "t.yml")], {}).verdicts("targets")
    assert (verdict.failing, verdict.error) == (failing, "")
