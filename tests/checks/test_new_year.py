"""The turn of the year: a target that was not set anew, and settings that were copied from the month before."""

from pathlib import Path

import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, run_checks
from tests.helpers import SMALL, cases, small_workspace

NAMES = ("target_goes_on", "targets_are_given", "report_is_generated_after_its_month")
OURS = [each for each in delivered() if each.name in NAMES]
HEADINGS = {name: SMALL[f"data/{name}.csv"].split("\n")[0] for name in ("indicators", "targets", "stated_targets")}


def found(folder: Path, month: str):
    book = read_book(Workspace(folder), month)
    history = history_of(book)
    return run_checks(book, scorecard_of(book, history), history, expectations=OURS).findings


@pytest.mark.parametrize("case", cases("expectations_new_year.csv"))
def test_a_target_that_is_not_set_anew_is_found(tmp_path, case):
    rows = {name: case[key].split(";") for name, key in (("targets", "targets"), ("stated_targets", "stated"))}
    files = {f"data/{name}.csv": "\n".join([HEADINGS[name], *rows[name], ""]) for name in rows}
    files["data/indicators.csv"] = (
        f"{HEADINGS['indicators']}\nL,Street lights,,SAFE,,,,,{case['polarity']},,%,1,,,,,,,\n"
    )
    files |= {"params/2019-04.yml": "month: 2019-04\n", "data/returns/2018-04.csv": None}
    files |= {"data/returns/2018-05.csv": None}
    files["data/returns/2019-04.csv"] = "indicator_code,month,value,note\nL,2019-04,97%,\n"
    if case["change"]:
        said = f"- {{expectation: target_goes_on, severity: {case['change']}, reason: Measured for information.}}\n"
        files["params/expectations.yml"] = said
    severities = [
        each.severity for each in found(small_workspace(tmp_path, files), "2019-04") if each.expectation == NAMES[0]
    ]
    assert severities == [case["found"]] * bool(case["found"])


def test_the_finding_says_which_year_lacks_a_target_and_what_to_do(tmp_path):
    files = {"params/2019-04.yml": "month: 2019-04\n"}
    files["data/returns/2019-04.csv"] = "indicator_code,month,value,note\n3.1,2019-04,97%,\n"
    first, second = found(small_workspace(tmp_path, files), "2019-04")
    assert (first.indicator_code, second.indicator_code) == ("3.1", "3.10")
    assert first.message == (
        "data/targets.csv (3.1): there was a target for 2018/19 and there is none for 2019/20, so no figure of 2019/20 "
        "is rated. Expected a target for 2019/20."
    )
    assert first.action == (
        "Add the target to data/targets.csv ('mpr new-year' proposes all that are missing), or say in "
        "params/expectations.yml, with the reason, that it is off for this indicator."
    )


@pytest.mark.parametrize(
    ("month", "says"),
    [("2019-05", ""), ("2020-05", "a target for 2018/19 and there is none for 2020/21"), ("2021-05", "")],
)
def test_what_is_due_every_two_years_needs_a_target_in_its_own_years_alone(tmp_path, month, says):
    files = {"data/indicators.csv": f"{HEADINGS['indicators']}\n3.1,Survey,,SAFE,,,,,MAXIMISE,,%,1,TWO_YEARLY,,,,,,\n"}
    files |= {"data/targets.csv": f"{HEADINGS['targets']}\n3.1,2018,95,95,FLAT,,,,\n", "data/returns/2018-04.csv": None}
    files["data/returns/2018-05.csv"] = "indicator_code,month,value,note\n3.1,2017-03,94%,\n"
    files[f"data/returns/{month}.csv"] = "indicator_code,month,value,note\n3.1,2019-03,97%,\n"
    files[f"params/{month}.yml"] = f"month: {month}\n"
    said = [each.message for each in found(small_workspace(tmp_path, files), month) if each.expectation == NAMES[0]]
    assert len(said) == bool(says)
    assert says in "".join(said)


def test_a_table_of_targets_without_any_is_found_once(tmp_path):
    folder = small_workspace(tmp_path, {"data/targets.csv": HEADINGS["targets"] + "\n"})
    assert [each.message for each in found(folder, "2018-05")] == [
        "data/targets.csv: no indicator has a target for 2018/19, so nothing is rated. Expected a row for each "
        "indicator and financial year."
    ]


@pytest.mark.parametrize(
    ("polarities", "count"), [(("MAXIMISE", "NONE"), 1), (("NONE", "NONE"), 0), (("MAXIMISE", "MINIMISE"), 1)]
)
def test_indicators_that_are_never_rated_need_no_targets(tmp_path, polarities, count):
    rows = [f"{code},Name,,SAFE,,,,,{each},SNAPSHOT,%,1,,,,,,," for code, each in zip("AB", polarities, strict=True)]
    files = {"data/indicators.csv": "\n".join([HEADINGS["indicators"], *rows, ""])}
    files["data/targets.csv"] = HEADINGS["targets"] + "\nX,2018,5,5,FLAT,,,,\n"
    said = [each.expectation for each in found(small_workspace(tmp_path, files), "2018-05")]
    assert said == ["targets_are_given"] * count


@pytest.mark.parametrize(
    ("generated", "message"),
    [
        ("2018-05-30T23:59:00", "generated on 30 May 2018, before its month had ended. Expected 31 May 2018 or later."),
        ("2018-05-31T00:00:00", ""),
        ("2018-06-21", ""),
        ("2018-05-31", ""),
    ],
)
def test_a_report_is_not_generated_before_its_month_has_ended(tmp_path, generated, message):
    settings = f"month: 2018-05\ngenerated: {generated}\n"
    said = [each.message for each in found(small_workspace(tmp_path, {"params/2018-05.yml": settings}), "2018-05")]
    assert said == ([f"params/2018-05.yml: the report would say that it was {message}"] if message else [])
