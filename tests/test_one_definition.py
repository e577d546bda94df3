"""What several parts of the library ask of the same cell, all of them read the same way."""

import re
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, open_checks, run_checks
from mpr_lib.errors import InputError, MprError
from mpr_lib.report import Report, open_report
from mpr_lib.rules.outcome import OUTCOMES
from mpr_lib.run import cli
from tests.helpers import REPOSITORY, SMALL, needs, small_workspace

Desk = pytest.importorskip("mpr_lib.desk.desk").Desk
open_findings = pytest.importorskip("mpr_lib.desk.findings").open_findings

INDICATORS, JUDGEMENTS = "data/indicators.csv", "data/judgements.csv"
CELLS = {
    "Ada A": ["Ada A"],
    "Ada A; Bo B": ["Ada A", "Bo B"],
    "Ada A & Bo B": ["Ada A", "Bo B"],
    "Ada A and Bo B": ["Ada A", "Bo B"],
    "Ada A; Bo B & Cy C": ["Ada A", "Bo B", "Cy C"],
    "Ada A and Ada A;": ["Ada A"],
    "Sandy Anders": ["Sandy Anders"],
}


def quality_of(root: Path, month: str = "2018-05", batch: str = ""):
    """What all expectations find, or those of one batch."""
    book = read_book(Workspace(root), month)
    history = history_of(book)
    asked = [each for each in delivered() if batch in ("", each.batch)]
    return run_checks(book, scorecard_of(book, history), history, expectations=asked)


def mpr(*arguments):
    found = CliRunner().invoke(cli.app, [str(each) for each in arguments])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.output
    return found


@needs("owed")
@needs("intake")
@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_names_the_same_officers_everywhere(tmp_path, cell):
    """To the checks, the report's filter, the chase list and the templates."""
    root = small_workspace(tmp_path, {
        INDICATORS: SMALL[INDICATORS].replace("SAFE,,,,", f"SAFE,Place,,{cell},"),
    })  # fmt: skip
    officers = CELLS[cell]

    found = {each.expectation for each in quality_of(root, batch="indicators").findings if each.indicator_code == "3.1"}
    assert ("officer_is_one" in found) == (len(officers) > 1)

    tables = [block for block in Report(read_book(Workspace(root), "2018-05")).corporate().blocks
              if block["kind"] == "table"]  # fmt: skip
    assert {part for block in tables for row in block["rows"] for part in row["managed_by"].split("; ")} == {*officers}

    listed = [line.split("\t")[0] for line in mpr("status", "2018-06", "--workspace", root).stdout.splitlines()
              if "\t" in line][1:]  # fmt: skip
    assert sorted(set(listed)) == sorted(officers)

    made = mpr("template", "--month", "2018-06", "--by", "officer", "--workspace", root, "--out", tmp_path / "asked")
    assert made.exit_code == 0, made.output
    asked = {path.stem.removeprefix("return-2018-06-") for path in (tmp_path / "asked").glob("*.xlsx")}
    assert asked == {re.sub(r"\W+", "-", name.lower()) for name in officers}


@pytest.mark.parametrize("outcome", [*OUTCOMES, "GREEN"])
def test_only_what_the_checks_accept_may_be_judged(tmp_path, outcome):
    """The dictionary lists it, the desk records it, the scorecard shows it; anything else is none of these."""
    dictionary = (REPOSITORY / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    row = f"3.1,2018-05,,{outcome},As agreed,Head of Roads,2018-06-01\n"
    checked = small_workspace(tmp_path / "checked", {JUDGEMENTS: SMALL[JUDGEMENTS] + row})
    accepted = not [each for each in quality_of(checked, batch="judgements").findings if each.severity == "critical"]

    documented = re.search(r"\| `expected_outcome` \| word \| ([^|]*) \| required", dictionary)[1]
    assert (f"`{outcome}`" in documented) == accepted

    desk = Desk(small_workspace(tmp_path / "desk"), "2018-05")
    if accepted:
        desk.judge("3.1", outcome, "As agreed", "Head of Roads", "", "")
    else:
        with pytest.raises(InputError, match=r"^Choose the expected outcome of 3"):
            desk.judge("3.1", outcome, "As agreed", "Head of Roads", "", "")
    score = scorecard_of(read_book(Workspace(checked), "2018-05")).set_index("indicator_code").loc["3.1"]
    assert (score["outcome_reason"] == "As agreed") == accepted


@pytest.mark.parametrize(
    ("earlier", "text", "copied_from"),
    [
        ({"2018-04": "It fell."}, "It  FELL.", "April 2018"),
        ({"2018-02": "It fell."}, "It fell.", "February 2018"),
        ({"2017-05": "It fell.", "2018-03": "It rose."}, "It fell.", ""),
        ({"2018-03": "It fell.", "2018-04": "---\nstate: draft\npublic: false\n---\n"}, "It fell.", "March 2018"),
        ({"2018-03": "It fell.", "2018-04": "---\nstate: nonsense\n---\nIt rose."}, "It fell.", "March 2018"),
        ({"2018-03": "---\npublic: false\n---\nIt fell."}, "It fell.", "March 2018"),
        ({"2018-06": "It fell.", "2018-5": "It fell."}, "It fell.", ""),
        ({}, "It fell.", ""),
    ],
)
def test_a_copied_comment_is_one_to_the_checks_and_on_the_desk(tmp_path, earlier, text, copied_from):
    """A copy is one of the newest earlier comment, however long ago that was."""
    files = {f"data/commentary/{month}/3-1.md": said for month, said in (earlier | {"2018-05": text}).items()}
    root = small_workspace(tmp_path, files)
    found = [each.message for each in quality_of(root).findings if each.expectation == "commentary_is_new"]
    assert [f"Word for word the comment of {copied_from}." in each for each in found] == [True] * bool(copied_from)

    desk = Desk(root, "2018-05")
    assert (desk.open("3.1").state == "CARRIED_OVER") == bool(copied_from)
    remarked = [each.message for each in desk.remarks("3.1", text) if each.rule == "is_unchanged"]
    assert len(remarked) == len(found)
    assert pd.Series(remarked, dtype="str").str.contains(copied_from).all()


OPENED = {"report": open_report, "checks": open_checks, "findings": partial(open_findings, months=1)}


@pytest.mark.parametrize("opened", OPENED.values(), ids=OPENED)
def test_every_notebook_names_its_month_alike(tmp_path, opened):
    root = small_workspace(tmp_path)
    with pytest.raises(MprError, match=r"^cannot read 'nonsense' as a month"):
        opened(str(root), "nonsense")
    assert {str(opened(str(root), said).month) for said in ("", "May 2018")} == {"2018-05"}
    for path in (root / "data/returns").glob("*.csv"):
        path.unlink()
    with pytest.raises(InputError, match=r"^data/returns holds no return"):
        opened(str(root))
