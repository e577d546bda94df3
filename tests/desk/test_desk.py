"""The desk without its widget: what it opens, keeps, saves, approves and judges."""

import shutil
from datetime import date

import pytest

from mpr_lib.book import Workspace, read_book
from mpr_lib.desk.desk import Desk, against_forecast, months_of
from mpr_lib.desk.pages import render
from mpr_lib.desk.saving import ChangedMeanwhile
from mpr_lib.errors import InputError

CODE, FILE = "CP 5.4", "data/commentary/2018-05/cp-5-4.md"
TODAY = date.today().isoformat()


def test_it_opens_the_newest_month_that_has_figures(place):
    shutil.copy(place / "params/2018-05.yml", place / "params/2018-06.yml")
    assert [str(month) for month in months_of(Workspace(place))] == ["2018-05"]
    assert str(Desk(place).month) == "2018-05"
    for name in ("data/returns/2018-13.csv", "params/2018-13.yml"):
        (place / name).write_text("")
    assert [str(month) for month in months_of(Workspace(place))] == ["2018-05"]
    with pytest.raises(InputError, match=r"^data/returns/2018-13\.csv is not named by a month"):
        Desk(place)


def test_the_list_of_southend(desk):
    found = desk.entries()
    assert [(entry.code, entry.need) for entry in found[:3]] == [
        ("CP 3.6", "JUDGED_BETTER"),
        ("CP 5.1", "JUDGED_BETTER"),
        ("CP 1.1", "TO_APPROVE"),
    ]
    assert [sum(entry.state == state for entry in found) for state in ("MISSING", "DRAFT")] == [12, 19]


def test_a_comment_of_the_month_before_is_carried_over(desk, place):
    before = place / "data/commentary/2018-03"
    before.mkdir()
    shutil.copy(place / FILE, before / "cp-5-4.md")
    assert desk.open(CODE).state == "CARRIED_OVER"
    assert desk.entries()[0].code == CODE
    assert desk.remarks(CODE, desk.open(CODE).text)[0].message == (
        "Word for word the comment of March 2018. Say what is new."
    )


def test_saving_is_a_draft_and_approving_records_who_and_when(desk, place):
    base = desk.open(CODE).comment.version
    saved = desk.save(CODE, "Better.", base)
    assert (place / FILE).read_text() == "---\nstate: draft\n---\nBetter.\n"
    approved = desk.save(CODE, "Better.", saved.version, "Head of HR", approve=True)
    assert (approved.role, approved.date, approved.state) == ("Head of HR", TODAY, "approved")
    assert desk.open(CODE).state == "APPROVED"
    assert (
        read_book(Workspace(place), "2018-05").commentary.set_index("indicator_code").loc[CODE, "role"] == "Head of HR"
    )
    changed = desk.save(CODE, "Better still.", approved.version)
    assert (changed.role, changed.date, changed.state) == ("", "", "draft")


def test_an_approval_can_be_withdrawn(desk):
    approved = desk.save(CODE, "Better.", desk.open(CODE).comment.version, "Head of HR", approve=True)
    withdrawn = desk.withdraw_approval(CODE, approved.version)
    assert (withdrawn.role, withdrawn.date, withdrawn.state) == ("", "", "draft")
    assert desk.open(CODE).comment.text == "Better."


def test_saving_the_approved_words_again_leaves_the_approval(desk):
    approved = desk.save(CODE, "Better.", desk.open(CODE).comment.version, "Head of HR", approve=True)
    assert desk.save(CODE, "Better.\n", approved.version) == approved


def test_nobody_approves_without_a_role(desk, place):
    before = (place / FILE).read_bytes()
    with pytest.raises(InputError) as error:
        desk.save(CODE, "Better.", desk.open(CODE).comment.version, " ", approve=True)
    assert str(error.value) == "Say in which role you approve this, for example: Head of HR."
    assert (place / FILE).read_bytes() == before


def test_a_first_draft_is_saved_as_a_draft_and_not_approved_before_it_is_edited(desk):
    words = desk.first_draft(CODE)
    assert desk.remarks(CODE, words)[0].rule == "is_first_draft"
    saved = desk.save(CODE, words, desk.open(CODE).comment.version)
    assert saved.state == "draft"
    with pytest.raises(InputError) as error:
        desk.save(CODE, words, saved.version, "Head of HR", approve=True)
    assert str(error.value) == "This is the first draft as the figures made it. Edit it before it is approved."
    edited = words + " A new provider starts in July."
    assert "is_first_draft" not in {remark.rule for remark in desk.remarks(CODE, edited)}
    assert desk.save(CODE, edited, saved.version, "Head of HR", approve=True).state == "approved"


def test_two_desks_do_not_overwrite_each_other(desk, place):
    other = Desk(place, "2018-05", name="theirs")
    base = desk.open(CODE).comment.version
    other.save(CODE, "Theirs.", other.open(CODE).comment.version)
    with pytest.raises(ChangedMeanwhile) as error:
        desk.save(CODE, "Mine.", base)
    assert error.value.now.text == "Theirs."
    assert desk.open(CODE).comment.text == "Theirs."


def test_words_that_are_typed_are_kept_until_they_are_saved(desk, place):
    desk.keep(CODE, "Half a thou")
    assert desk.open(CODE).text == "Half a thou"
    assert desk.open(CODE).comment.text.startswith("The council did not")
    assert [entry.code for entry in desk.entries() if entry.own] == [CODE]
    offered = Desk(place, "2018-05", name="tomorrow").open(CODE)
    assert [draft.text for draft in offered.others] == ["Half a thou"]
    assert offered.text.startswith("The council did not")
    desk.save(CODE, "A whole thought.", desk.open(CODE).comment.version)
    assert desk.open(CODE).own is None
    assert Desk(place, "2018-05").open(CODE).others == []


def test_words_as_saved_need_not_be_kept(desk):
    desk.keep(CODE, "Half")
    desk.keep(CODE, desk.open(CODE).comment.text + "\n")
    assert desk.open(CODE).own is None


def test_deleting_every_word_is_kept_too(desk):
    desk.keep(CODE, "")
    assert desk.open(CODE).text == ""


def test_a_judgement_moves_the_expected_outcome(desk, place):
    recorded = desk.judge(CODE, "SOME_SLIPPAGE", "A new provider starts", "Head of HR", "June 2018", "")
    assert (recorded.date, recorded.until) == (TODAY, "2018-06")
    assert desk.row(CODE).expected_outcome == "SOME_SLIPPAGE"
    assert desk.open(CODE).judgement == recorded
    lines = (place / "data/judgements.csv").read_text().splitlines()
    assert lines[-1] == f"CP 5.4,2018-05,2018-06,SOME_SLIPPAGE,A new provider starts,Head of HR,{TODAY}"
    desk.withdraw_judgement(CODE, recorded.version)
    assert desk.row(CODE).expected_outcome == "AT_RISK"


@pytest.mark.parametrize("call", ["open", "keep", "save", "judge"])
def test_an_unknown_code_is_refused(desk, call):
    more = {"open": (), "keep": ("x",), "save": ("x", ""), "judge": ("AT_RISK", "x", "x", "", "")}[call]
    with pytest.raises(InputError) as error:
        getattr(desk, call)("CP 99", *more)
    assert str(error.value) == "There is no indicator 'CP 99'. The codes are those in data/indicators.csv."


def test_a_judgement_that_its_forecast_speaks_against_asks_for_what_is_different(desk):
    """At the desk alone: the report says what was judged, and no more."""
    for code, said in (
        ("CP 1.1", "meet the target in 1 of 10 such years"),
        ("CP 3.9", "almost certainly miss the target"),
    ):
        assert against_forecast(desk.row(code), 0.2) == []
        desk.judge(code, "ON_COURSE", "Work has begun.", "Head of Service", "", desk.open(code).judgement.version)
        (found,) = against_forecast(desk.row(code), 0.2)
        assert (found.severity, found.said) == ("info", f"The figures {said}; say what makes this one different.")
    assert desk.check().wait(60)
    assert next(each.expectation for each in desk.findings("CP 1.1")) == "judgement_against_forecast"
    assert "judgement_against_forecast" not in {each.expectation for each in desk.check().found.findings}


def test_signals_forecast_and_warning_stand_beside_the_editor(desk):
    shown = render("facts", desk=desk, code="CP 5.4", opened=desk.open("CP 5.4"))
    for said in ("within its usual 0.39 to 0.80", "it was met in 8 of 14 months", "it ends at 7.39 (6.63 to 8.16)"):
        assert said in shown
    assert "Not judged: too few figures" in render("facts", desk=desk, code="CP 3.0", opened=desk.open("CP 3.0"))
