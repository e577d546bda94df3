"""Stated ratings: what an officer sent as the rating of a figure is asked about where it is another here."""

import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, run_checks
from tests.helpers import SMALL, small_workspace

ASKED = (
    "'{}' was sent beside the figure {}, and its rating here is {} target, where amber ends at 90.25%. Expected the "
    "officer and the report to rate it alike."
)
NONE = "'Gren' is no rating, so it was not compared with the report's. Expected Red, Amber or Green, or R, A or G."
CASES = {
    "80%,,Green": ASKED.format("Green", "80%", "Red: 15 percentage points below"),
    "93%,,R": ASKED.format("R", "93%", "Amber: 2 percentage points below"),
    "97%,,(a)": ASKED.format("(a)", "97%", "Green: 2 percentage points above"),
    "97%,,Gren": NONE,
    "80%,,red - off target": "",
    "80%,,": "",
    "TBC,,Red": "",
    "81%,,Green": "",
    "81%,,Amber": ASKED.format("Amber", "81%", "Red: 14 percentage points below"),
}
"""What was received for one indicator each, and what is asked. Those of 81 % were judged to be on course."""


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    described, agreed, judged, returns = [], [], [], []
    for number, received in enumerate(CASES):
        described.append(f"S {number},Street lights lit,,SAFE,,,,,MAXIMISE,SNAPSHOT,%,1,,,,,,,")
        agreed.append(f"S {number},2018,95%,95%,FLAT,,,,")
        judged += [f"S {number},2018-05,,ON_COURSE,Counted twice,Head,2018-06-01"] * received.startswith("81")
        returns.append(f"S {number},2018-05,{received}")
    lines = {"indicators": described, "targets": agreed, "judgements": judged}
    files = {f"data/{name}.csv": "\n".join([SMALL[f"data/{name}.csv"].split("\n")[0], *rows, ""])
             for name, rows in lines.items()}  # fmt: skip
    files["data/returns/2018-05.csv"] = "\n".join(["indicator_code,month,value,note,stated_rating", *returns, ""])
    files["data/returns/2018-04.csv"] = "indicator_code,month,value,note\n"
    book = read_book(Workspace(small_workspace(tmp_path_factory.mktemp("ratings"), files)), "2018-05")
    history = history_of(book)
    ours = [each for each in delivered() if each.name == "stated_rating_is_the_reports"]
    return run_checks(book, scorecard_of(book, history), history, expectations=ours).findings


@pytest.mark.parametrize("number", range(len(CASES)), ids=list(CASES))
def test_a_rating_that_is_another_here_is_asked_about(findings, number):
    said = [each for each in findings if each.indicator_code == f"S {number}"]
    message = list(CASES.values())[number]
    place = f"data/returns/2018-05.csv row {number + 2}, column stated_rating (S {number}, May 2018): "
    assert [each.message for each in said] == [place + message] * bool(message)
    assert {(each.severity, each.readers) for each in said} <= {("warning", "")}
