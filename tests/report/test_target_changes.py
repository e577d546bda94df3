"""A target that was changed is printed with what it was and why, and a red that is green by it is named."""

import pandas as pd
import pytest

from mpr_lib.book import Workspace, read_book, scorecard_of
from mpr_lib.book.book import as_at, green_by_target
from mpr_lib.report.report import Material
from mpr_lib.report.sections.corporate import corporate
from mpr_lib.report.sections.cover import cover
from mpr_lib.report.sections.detail import indicator_page
from tests.helpers import SMALL, cases, small_workspace

HEADING = SMALL["data/targets.csv"].splitlines()[0] + ",confirmed,reported_from,reason"


def book_of(folder, targets, month, before, now):
    """The book of a month with the figures of two months, and the targets: year, target, reported_from and reason."""
    rows = []
    for each in targets:
        year, target, reported_from, reason = [*each.split(","), "", ""][:4]
        rows.append(f"3.1,{year},{target},{target},FLAT,,,,,,{reported_from},{reason}")
    files = {"data/targets.csv": "\n".join([HEADING, *rows, ""]), "data/returns/2018-04.csv": None}
    files["data/returns/2018-05.csv"] = None
    for at, figure in ((pd.Period(month) - 1, before), (month, now)):
        files[f"data/returns/{at}.csv"] = f"indicator_code,month,value,note\n3.1,{at},{figure},\n"
        files[f"params/{at}.yml"] = f"month: {at}\n"
    return read_book(Workspace(small_workspace(folder, files)), month)


@pytest.mark.parametrize("case", cases("green_by_target.csv"))
def test_a_red_is_green_by_its_target_as_the_table_says(tmp_path, case):
    book = book_of(tmp_path, case["targets"].split(";"), case["month"], case["before"], case["now"])
    earlier = as_at(book, book.month - 1)
    found = green_by_target(book, scorecard_of(book), earlier, scorecard_of(earlier))
    assert found == ["3.1"] * bool(case["green"])


def words_of(part) -> str:
    """All that blocks, rows and cells say, one after the other."""
    if not isinstance(part, dict):
        return "".join(map(words_of, part)) if isinstance(part, list) else ""
    return "".join(each if key in ("text", "detail") else words_of(each) for key, each in part.items())


CHANGED = ["2018,95%", "2018,80%,2018-05,Fewer lamps (Cabinet)."]


def test_the_cover_names_a_red_that_is_green_by_its_target(tmp_path):
    report = Material(book_of(tmp_path, CHANGED, "2018-05", "82%", "83%"))
    said = "Red in April 2018, and green now only because the target was changed: 3.1, from 95% to 80%."
    assert said in words_of(cover(report))


def test_card_and_table_say_what_the_target_was_since_when_and_why(tmp_path):
    report = Material(book_of(tmp_path, CHANGED, "2018-05", "62%", "63%"))
    row = next(report.scorecard.itertuples())
    notes = [each["text"] for each in indicator_page(report, row, "exceptions")["children"] if each["kind"] == "note"]
    assert (
        "Target changed from 95% to 80% with the report of May 2018, for all months of the year. Fewer lamps (Cabinet)."
    ) in notes
    assert "80%was 95%" in words_of(corporate(report))
    assert "green now only" not in words_of(cover(report))


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        (
            ["2017,90%", "2018,95%,,The plan asks for more"],
            ["Target 95%, after 90% in 2017/18. The plan asks for more."],
        ),
        (["2017,90%", "2018,95%"], []),
        (["2017,95%", "2018,95%,,As before"], []),
        (["2018,95%,,The first one"], []),
    ],
    ids=["with its reason", "without one", "as it was", "the first"],
)
def test_a_card_says_why_the_target_is_another_than_last_years(tmp_path, targets, said):
    report = Material(book_of(tmp_path, targets, "2018-05", "62%", "63%"))
    page = indicator_page(report, next(report.scorecard.itertuples()), "exceptions")
    assert [each["text"] for each in page["children"] if each.get("text", "").startswith("Target ")] == said


def test_a_stated_target_that_was_changed_is_told_too(tmp_path):
    book_of(tmp_path, ["2018,,,"], "2018-05", "62%", "63%")
    rows = "3.1,2018-05,90%,,,\n3.1,2018-05,80%,,2018-05,Fewer lamps\n"
    (tmp_path / "data/stated_targets.csv").write_text(
        f"indicator_code,month,target_low,target_high,reported_from,reason\n{rows}"
    )
    report = Material(read_book(Workspace(tmp_path), "2018-05"))
    page = indicator_page(report, next(report.scorecard.itertuples()), "exceptions")
    assert "Target changed from 90% to 80% with the report of May 2018" in words_of(page)
