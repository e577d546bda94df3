"""What stands of the rows of actions and questions in a month's report, and what is waited for on a day."""

from datetime import date

import pandas as pd
import pytest

from mpr_lib.actions.recorded import acted_on, add_row, became, is_doing, is_open, waits
from mpr_lib.book import Workspace, read_book
from mpr_lib.errors import InputError
from tests.helpers import cases, month, small_workspace

ACTIONS = """\
action_id,indicator_code,action,role,due,expected_effect,state,reported_from,closed,reason
A-1,3.1,Mend lamps,Head of Roads,2018-04-30,Fewer dark streets,OPEN,2018-04,,
A-2,3.1,Buy lamps,Head of Roads,2018-06-30,,OPEN,2018-04,,
A-1,3.1,,,2018-07-31,,,2018-05,,No lamps
A-3,3.10,Mend holes,Head of Roads,2018-05-31,,OPEN,2018-04,,
A-2,3.1,,,,,DONE,2018-06,2018-06,
"""
QUESTIONS = """\
question_id,committee,asked,indicator_code,question,kind,answer,role,due,answered,state,reported_from
Q-1,Roads,2018-04-10,3.1,Why so dark?,RECOMMENDATION,,Head of Roads,2018-05-10,,,
Q-2,Roads,2018-05-10,,Why so dear?,,,Head of Roads,2018-06-10,,,
Q-1,Roads,,3.1,,,Lamps broke.,,,2018-06-05,,2018-05
Q-3,Roads,2018-06-10,3.1,When?,,,Head of Roads,2018-07-10,,,
"""


def made(folder, at="2018-05"):
    files = {"data/actions.csv": ACTIONS, "data/questions.csv": QUESTIONS}
    return read_book(Workspace(small_workspace(folder, files)), at, begun=True)


@pytest.mark.parametrize("case", cases("actions_became.csv"))
def test_what_has_become_of_an_action(case):
    assert became(case["state"], case["due"], month(case["began"]), month("2018-05")) == case["became"]


@pytest.mark.parametrize(
    ("at", "stands"),
    [
        ("2018-03", {}),
        ("2018-04", {"A-1": "LATE", "A-3": "NEW", "A-2": "NEW"}),
        ("2018-05", {"A-3": "LATE", "A-2": "CARRIED_OVER", "A-1": "CARRIED_OVER"}),
        ("2018-06", {"A-3": "LATE", "A-1": "CARRIED_OVER", "A-2": "DONE"}),
    ],
)
def test_a_month_issued_again_shows_what_stood_then(tmp_path, at, stands):
    found = made(tmp_path, at).annexes["actions"].actions
    assert list(zip(found["action_id"], found["became"], strict=True)) == list(stands.items())


def test_a_later_row_says_what_changed_and_the_rest_stands(tmp_path):
    book = made(tmp_path)
    first = book.annexes["actions"].actions.set_index("action_id").loc["A-1"]
    assert (first["action"], first["role"], first["due"]) == ("Mend lamps", "Head of Roads", "2018-07-31")
    assert (first["first_due"], first["reason"], first["began"]) == ("2018-04-30", "No lamps", month("2018-04"))
    assert acted_on(book) == {"3.1", "3.10"}
    assert is_open(book.annexes["actions"].actions).all()


def test_the_month_in_which_an_action_ended_stands_until_another_is_given(tmp_path):
    rows = "A-2,3.1,,,,,,2018-07,,Lamps came\n"
    book = read_book(Workspace(small_workspace(tmp_path, {"data/actions.csv": ACTIONS + rows})), "2018-07", begun=True)
    ended = book.annexes["actions"].actions.set_index("action_id").loc["A-2"]
    assert (ended["became"], ended["closed"], ended["reason"]) == ("DONE", month("2018-06"), "Lamps came")


def test_a_question_counts_from_the_month_of_its_answer_or_of_its_day(tmp_path):
    found = made(tmp_path).annexes["actions"].questions
    said = found[["question_id", "state", "answer", "kind"]].to_numpy().tolist()
    assert said == [["Q-2", "OPEN", "", ""], ["Q-1", "ANSWERED", "Lamps broke.", "RECOMMENDATION"]]


def test_what_is_overdue_hangs_on_the_day_and_not_on_the_month(tmp_path):
    book = made(tmp_path)
    assert [(each.indicator_code, each.is_owed) for each in waits(book, date(2018, 5, 10))] == []
    found = waits(book, date(2018, 6, 11))
    assert [(each.who, each.indicator_code, each.what, each.is_owed) for each in found] == [
        ("Head of Roads", "", "an answer to Roads, due 10 June 2018: Why so dear?", True),
        ("Head of Roads", "3.10", "what became of A-3, due 31 May 2018: Mend holes", False),
    ]


def test_without_the_files_nothing_stands(tmp_path):
    book = read_book(Workspace(small_workspace(tmp_path)), "2018-05")
    assert book.annexes["actions"].actions.empty
    assert book.annexes["actions"].questions.empty
    assert waits(book, date(2018, 6, 11)) == []


def test_a_row_is_added_and_every_byte_before_it_stays(tmp_path):
    place = Workspace(small_workspace(tmp_path, {"data/actions.csv": ACTIONS.replace("\n", "\r\n")}))
    before = (tmp_path / "data/actions.csv").read_bytes()
    said = add_row(
        place, "2018-05", "3.1", {"action": 'Ask "why", twice', "role": "Head of Roads", "due": "2018-08-31"}
    )
    assert said == "A-4 on 3.1 has one more row in data/actions.csv, from 2018-05 on."
    add_row(place, "2018-06", "A-4", {"state": "DROPPED", "reason": "Known"})
    after = (tmp_path / "data/actions.csv").read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].decode().split("\r\n") == [
        'A-4,3.1,"Ask ""why"", twice",Head of Roads,2018-08-31,,OPEN,2018-05,,',
        "A-4,3.1,,,,,DROPPED,2018-06,,Known",
        "",
    ]


@pytest.mark.parametrize("typed", ["3.10", "3-10"])
def test_the_first_row_begins_the_file_by_the_code_or_as_pages_name_it(tmp_path, typed):
    place = Workspace(small_workspace(tmp_path))
    add_row(place, "2018-05", typed, {"action": "Mend holes"})
    assert (tmp_path / "data/actions.csv").read_text().splitlines()[1:] == ["A-1,3.10,Mend holes,,,,OPEN,2018-05,,"]


@pytest.mark.parametrize(
    ("which", "said", "message"),
    [
        ("9.9", {"action": "Mend"}, "'9.9' is neither an indicator's code nor an action's id."),
        ("3.1", {"role": "Head of Roads"}, "The row would say nothing."),
        ("A-1", {}, "The row would say nothing."),
        ("A-1", {"state": "LATE"}, "'LATE' is not a known state. Expected OPEN, DONE, DROPPED."),
        ("A-1", {"due": "soon"}, "cannot read 'soon' as a date."),
        (
            "A-99",
            {"state": "DONE"},
            "'A-99' is neither an indicator's code nor an action's id. The newest",
        ),
        ("A-1", {"state": "DROPPED"}, "A-1 is dropped, and no reason is given. Expected why, as --reason."),
        ("A-1", {"due": "2031-01-31"}, "A-1 is due on another day than before, and no reason is given."),
    ],
)
def test_a_row_that_says_nothing_or_what_cannot_be_is_refused(tmp_path, which, said, message):
    place = Workspace(small_workspace(tmp_path, {"data/actions.csv": ACTIONS}))
    with pytest.raises(InputError, match=message.replace(".", r"\.")):
        add_row(place, "2018-05", which, said)
    assert (tmp_path / "data/actions.csv").read_text() == ACTIONS


def test_an_open_action_that_is_an_empty_phrase_does_nothing():
    texts = ["Two officers start", "Keep going.", "ongoing", "None planned"]
    actions = pd.DataFrame({"action": [*texts, "Audit cases"], "became": ["NEW", "LATE", "NEW", "NEW", "DONE"]})
    assert is_doing(actions).tolist() == [True, False, False, True, False]
    assert is_doing(actions.iloc[:0]).empty
