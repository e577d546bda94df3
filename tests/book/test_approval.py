"""Which comments count as approved, and where a report says that one does not."""

import pandas as pd
import pytest

from mpr_lib.book import Workspace, read_book, scorecard_of
from mpr_lib.book.commentary import WITHHELD, with_approval
from mpr_lib.book.settings import ReportSettings, read_settings
from mpr_lib.errors import InputError
from mpr_lib.report.report import Report
from mpr_lib.words import UNAPPROVED
from tests.helpers import SMALL, cases, small_workspace

COMMENT = "data/commentary/2018-05/3-1.md"
DRAFT = {
    COMMENT: "---\nstate: draft\n---\nAction: new lamps.\n",
    "data/returns/2018-05.csv": SMALL["data/returns/2018-05.csv"].replace("97%", "67%"),
}
"""An exception with the draft of a comment."""


def settings(lines=""):
    return read_settings(ReportSettings, SMALL["params/report.yml"] + lines, "params/report.yml")


@pytest.mark.parametrize("case", cases("unapproved.csv"))
def test_what_counts_as_approved(case):
    approval = f"approval: [{case['approval']}]\n"
    said = settings(f"{approval}publish_unapproved: {case['publish']}\n")
    given = pd.DataFrame([{"indicator_code": "3.1", "text": "Lit.", "state": case["state"]}], dtype="str")
    (found,) = with_approval(given, said, {"3.1": case["known"]} if case["known"] else {}).itertuples()
    assert (found.unapproved, found.mark) == (case["unapproved"], case["mark"])


def test_what_a_public_edition_says_in_place_of_a_comment_needs_no_approval():
    given = pd.DataFrame([{"indicator_code": "3.1", "text": WITHHELD, "state": ""}], dtype="str")
    assert list(with_approval(given, settings("approval: required\n"), {"3.1": "CHANGED"})["unapproved"]) == [""]


def test_approval_is_required_in_one_word_or_by_what():
    assert (settings().approval, settings().publish_unapproved) == ([], "mark")
    assert settings("approval: required\n").approval == ["comments"]
    assert settings("approval: [comments, figures]\n").approval == ["comments", "figures"]
    with pytest.raises(InputError, match=r"^params/report\.yml, 'publish_unapproved': found 'hide'\. "):
        settings("publish_unapproved: hide\n")


def shown(folder):
    report = Report(read_book(Workspace(folder), "2018-05"))
    return {name: str(getattr(report, name)().blocks) for name in ("cover", "exceptions", "detail")}


def test_the_page_says_it_wherever_the_comment_stands(tmp_path):
    parts = shown(small_workspace(tmp_path, DRAFT))
    assert UNAPPROVED["DRAFT"] in parts["exceptions"]
    assert UNAPPROVED["DRAFT"] in parts["detail"]
    assert "'mark': 'Not yet approved:'" in parts["cover"]
    said = DRAFT | {COMMENT: DRAFT[COMMENT].replace("Action: new", "New")}
    assert "'mark': 'Comment, not yet approved:'" in shown(small_workspace(tmp_path, said))["cover"]


def test_without_a_state_nothing_is_said_of_approval(tmp_path):
    said = shown(small_workspace(tmp_path, DRAFT | {COMMENT: "Action: new lamps.\n"}))
    assert "pproved" not in str(said)
    card = scorecard_of(read_book(Workspace(tmp_path), "2018-05"))
    assert card["comment_mark"].tolist() == ["", ""]
