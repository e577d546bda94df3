"""Actions and questions on the cards, the cover, the workbook, a committee's edition, and the likely questions."""

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from typer.testing import CliRunner

from mpr_lib.actions.followup import asked, beside, card, glance, notes, sheets, since_words
from mpr_lib.actions.likely import likely_mails, likely_questions, red_running
from mpr_lib.actions.recorded import ACTIONS, QUESTIONS
from mpr_lib.book import Workspace, read_book
from mpr_lib.report import Report, open_report
from mpr_lib.run.cli import app
from tests.helpers import cases, month, needs, small_workspace

ACTED = [
    "A-1,CP 5.4,Re-tender occupational health,Head of HR,2018-04-30,Fewer long absences,OPEN,2018-03,,",
    "A-2,CP 1.4,Two social workers start,Head of Children,2018-09-30,,OPEN,2018-05,,",
    "A-3,CP 1.1,Audit cases,Head of Children,2018-04-30,,OPEN,2018-03,,",
    "A-3,CP 1.1,,,,,DONE,2018-05,2018-04,All cases were right",
    "A-4,CP 2.4,Call residents,Head of Waste,2018-03-31,,OPEN,2018-02,,",
    "A-4,CP 2.4,,,,,DROPPED,2018-04,,Too dear",
    "A-5,CP 3.10,Analysis is done,Head of Children,2018-07-31,,OPEN,2018-04,,",
]
ASKED = [
    "Q-1,People Scrutiny,2018-03-10,CP 1.4,Who visits?,,,Head of Children,2018-05-10,,,",
    "Q-2,People Scrutiny,2018-04-10,CP 1.4,Count visits twice.,RECOMMENDATION,Accepted.,Head of Children,,2018-05-02,,",
    "Q-3,Place Scrutiny,2018-05-10,,Why so dear?,,,Head of Finance,2018-06-30,,,",
]
COMMENT = "Performance has dipped.\n\n**Action:** analysis is done\n"


@pytest.fixture(scope="module")
def workspace(workspace_copy, tmp_path_factory):
    folder = workspace_copy(tmp_path_factory.mktemp("acted"))
    for name, columns, rows in (("actions", ACTIONS, ACTED), ("questions", QUESTIONS, ASKED)):
        (folder / "data" / f"{name}.csv").write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")
    (folder / "data/commentary/2018-05/cp-3-10.md").write_text(COMMENT, encoding="utf-8")
    comments = folder / "data/commentary"
    (comments / "2018-04").mkdir()
    shutil.copy(comments / "2018-05/cp-2-2.md", comments / "2018-04/cp-2-2.md")
    return folder


@pytest.fixture(scope="module")
def report(workspace):
    return open_report(str(workspace), "2018-05")


def words_of(block):
    """The cells of a table, or of the table behind a summary, each with its detail."""
    (table,) = block.get("children", [block])
    return [[(c["text"], c.get("detail", "")) for c in row["cells"].values()] for row in table["rows"]]


@pytest.mark.parametrize("case", cases("actions_since.csv"))
def test_what_the_figures_did_since(report, case):
    assert since_words(report, report.rows[case["indicator_code"]], month(case["began"])) == case["since"]


def test_a_late_action_stands_on_its_card_and_on_the_first_screen(report):
    row = report.rows["CP 5.4"]
    (table,) = card(report, row)["comment"]
    assert words_of(table) == [
        [("Re-tender occupational health", ""), ("Head of HR", "due 30 April 2018"), ("Late", ""),
         ("No signal since March 2018", "Expected: fewer long absences")]
    ]  # fmt: skip
    assert glance(report, row) == "Late, due 30 April 2018: re-tender occupational health (Head of HR)."
    assert glance(report, report.rows["CP 1.1"]) == ""
    doing = {row["code"]: row["cells"]["doing"] for row in next(
        block for block in report.cover().blocks if block.get("id") == "glance")["rows"]}  # fmt: skip
    assert doing["CP 5.4"]["text"] == glance(report, row)
    assert doing["CP 3.10"]["text"] == "By 31 July 2018: analysis is done (Head of Children)."
    assert doing["CP 1.1"]["mark"] == "Comment:"


def test_what_ended_with_this_report_is_shown_once_more_and_later_behind_its_summary(report):
    (now,), (before,) = card(report, report.rows["CP 1.1"])["comment"], card(report, report.rows["CP 2.4"])["more"]
    assert words_of(now)[0][2] == ("Done, April 2018", "All cases were right")
    assert before["summary"] == "Earlier actions (1)"
    assert words_of(before)[0][2] == ("Dropped, April 2018", "Too dear")
    assert card(report, report.rows["CP 2.4"])["comment"] == []


def test_the_words_of_the_comment_are_not_said_again(report):
    (table,) = card(report, report.rows["CP 3.10"])["comment"]
    assert words_of(table)[0][0] == ("As the comment says", "")


def test_an_action_and_a_question_without_words_are_shown_as_such(tmp_path):
    files = {
        "data/actions.csv": ",".join(ACTIONS) + "\nA-1,3.1,,,,,OPEN,2018-05,,\n",
        "data/questions.csv": ",".join(QUESTIONS) + "\nQ-1,Roads,2018-05-10,3.1,,,,,,,,\n",
    }
    report = Report(read_book(Workspace(small_workspace(tmp_path, files)), "2018-05"))
    shown = card(report, report.rows["3.1"])
    assert [words_of(*shown[part])[0][0] for part in ("comment", "more")] == [("Not stated", "")] * 2


def test_what_members_asked_stands_on_the_card_the_open_ones_first(report):
    (said,) = card(report, report.rows["CP 1.4"])["more"]
    assert said["summary"] == "Members' questions (2, 1 open)"
    assert words_of(said) == [
        [("Who visits?", ""), ("10 March 2018", "People Scrutiny, question"),
         ("Overdue: not answered yet", "Head of Children, due 10 May 2018")],
        [("Count visits twice.", ""), ("10 April 2018", "People Scrutiny, recommendation"),
         ("Accepted.", "Head of Children, 2 May 2018")],
    ]  # fmt: skip


def test_a_committee_finds_its_own_questions_and_others_none(report):
    (table,) = asked(report, "Place Scrutiny")
    assert words_of(table) == [
        [("Why so dear?", ""), ("10 May 2018", "Place Scrutiny, question"), ("No indicator", ""),
         ("Not answered yet", "Head of Finance, due 30 June 2018")]
    ]  # fmt: skip
    assert len(words_of(*asked(report, "People Scrutiny"))) == 2
    assert asked(report, "Policy & Resources Scrutiny") == []


def test_the_cover_counts_what_became_of_actions_and_what_exceptions_lack(report):
    assert notes(report) == [
        "Of 4 actions: 1 done, 1 late, 1 carried over and 1 new.",
        "Of 12 exceptions, 9 have no action recorded.",
    ]


def test_the_cover_of_a_committee_has_what_it_asked(report):
    own = Report(report.book, committee="Place Scrutiny")
    assert [block["id"] for block in own.cover().blocks if block.get("id", "").startswith("questions")] == [
        "questions-asked"
    ]


def test_a_figure_that_is_late_is_asked_for(tmp_path):
    rows = "indicator_code,month,value,note\n3.1,2018-02,96%,\n3.10,2018-04,90,\n"
    files = {"data/returns/2018-04.csv": rows, "data/returns/2018-05.csv": rows.replace("04,90", "05,210")}
    book = read_book(Workspace(small_workspace(tmp_path, files)), "2018-05")
    found = {(each.indicator_code, each.kind): each.question for each in likely_questions(book)}
    assert found["3.1", "NO_FIGURE"] == "A figure is 2 months late. When will there be one?"


def test_the_workbook_has_a_sheet_of_each(report):
    found = sheets(report.book, report.scorecard)
    assert [(name, len(rows)) for name, (_, _, rows) in found.items()] == [("Actions", 5), ("Questions", 3)]
    assert all(isinstance(cell, str) for _, _, rows in found.values() for row in rows for cell in row)


def test_the_desk_says_how_to_record_one(report):
    said = [block["text"] for block in beside(report, report.rows["CP 5.4"]) if block["kind"] == "text"]
    assert said == [
        'To record one: mpr action 2018-05 "CP 5.4" --what … --role … --due …, or a row of data/actions.csv.'
    ]


def test_likely_questions(report):
    found = {(each.indicator_code, each.kind): each.question for each in likely_questions(report.book)}
    assert found["CP 5.4", "LATE_ACTION"] == (
        "This was due 30 April 2018: Re-tender occupational health. What became of it?"
    )
    assert found["CP 1.4", "ASKED"] == ("People Scrutiny asked on 10 March 2018, answer due 10 May 2018: Who visits?")
    assert found["CP 1.2", "RED_WITHOUT_ACTION"].startswith("It has been red for ")
    assert ("CP 5.4", "RED_WITHOUT_ACTION") not in found
    assert ("CP 3.6", "JUDGED_GREEN") in found
    assert found["CP 3.4", "TARGET_MOVED"] == (
        "The annual target went from 33.5% in 2017/18 to 33% in 2018/19, which is easier to meet. Why?"
    )
    assert found["CP 2.2", "SAME_COMMENT"] == "The comment is that of April 2018, word for word. What is new?"
    people = likely_questions(report.book, "People Scrutiny")
    assert {each.indicator_code for each in people} < {code for code, _ in found}


@pytest.mark.parametrize(
    ("ratings", "running"),
    [("RED RED RED", 3), ("RED GREEN RED", 1), ("RED - RED RED", 3), ("RED RED AMBER", 0), ("-", 0), ("", 0)],
)
def test_how_long_it_is_red(ratings, running):
    told = ratings.split()
    months = pd.DataFrame({
        "month": pd.period_range("2018-01", periods=len(told), freq="M"), "rating": told,
        "value": [float("nan") if each == "-" else 1.0 for each in told],
    })  # fmt: skip
    assert red_running(months, pd.Period("2018-12")) == running


def test_each_officer_has_a_mail_and_the_command_prints_them(report, workspace):
    mails = likely_mails(report.book, "People Scrutiny")
    name, text = next(iter(mails.items()))
    assert text.startswith(
        f"To: {name}\nSubject: Monthly Performance Report for May 2018: what People Scrutiny may ask\n\nCP "
    )
    run = CliRunner().invoke(app, ["questions", "2018-05", "--workspace", str(workspace), "--committee",
                                   "People Scrutiny", "--json"])  # fmt: skip
    said = json.loads(run.stdout)
    assert run.exit_code == 0
    assert {each["officer"] for each in said} == set(mails)
    assert set(said[0]) == {"officer", "indicator_code", "short_name", "managed_by", "kind", "question"}
    wrong = CliRunner().invoke(app, ["questions", "2018-05", "--workspace", str(workspace), "--committee", "Peeple"])
    assert wrong.exit_code == 1


def test_the_command_adds_an_action(workspace, tmp_path):
    wrong = CliRunner().invoke(app, ["action", "2018-05", "CP 9.9", "--workspace", str(workspace), "--what", "Mend"])
    assert (wrong.exit_code, "neither an indicator's code" in wrong.output) == (1, True)


@needs("public")
@pytest.mark.parametrize(("also", "there"), [("", False), ("public:\n  also: [actions]\n", True)])
def test_the_public_edition_has_them_only_where_the_settings_say_so(workspace, tmp_path, also, there):
    from mpr_lib.public.edition import make_public

    settings = workspace / "params/report.yml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + also, encoding="utf-8")
    try:
        copied, _ = make_public(Workspace(workspace), "2018-05", tmp_path)
    finally:
        settings.write_text(before, encoding="utf-8")
    assert [(copied.data / f"{name}.csv").exists() for name in ("actions", "questions")] == [there, there]
    assert len(read_book(copied, "2018-05").annexes["actions"].actions) == 5 * there


def test_a_committees_cover_counts_its_own_actions_alone(report):
    part = report.book.indicators["scrutiny_committee"] == "People Scrutiny"
    own = Report(replace(report.book, indicators=report.book.indicators[part]), committee="People Scrutiny")
    assert notes(own)[0] == "Of 3 actions: 1 done, 1 carried over and 1 new."
