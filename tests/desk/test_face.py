"""What the browser is answered: parts of a page, never an exception, never somebody's markup."""

import re

import pytest
from bs4 import BeautifulSoup

from mpr_lib.desk import face as face_module
from mpr_lib.desk.face import Face

CODE, FILE = "CP 5.4", "data/commentary/2018-05/cp-5-4.md"


@pytest.fixture
def face(desk):
    return Face(desk)


def ask(face, what, **more):
    own = {"view": "mine", "place": face.place, "month": "2018-05", "base": ""}
    reply, files = face.answer({"ask": what, "id": 1, **own, **more})
    assert files == [] or what == "preview_file"
    return reply


def soup(reply, part):
    return BeautifulSoup(reply["html"][part], "html.parser")


def test_it_starts_with_months_and_the_list(face):
    reply = ask(face, "start")
    assert soup(reply, "month").select_one("option[selected]").text == "May 2018"
    first = soup(reply, "list").select_one("button")
    assert first["data-code"] == "CP 3.6"
    assert "problem" not in reply


def test_an_indicator_is_opened_with_all_that_is_known_of_it(face):
    reply = ask(face, "open", code=CODE)
    facts = soup(reply, "facts")
    assert {dt.text: dt.find_next("dd").get_text(" ", strip=True) for dt in facts.select("dt")} == {
        "Rating": "Red",
        "Value, May 2018": "1.19",
        "Target to date": "1.10",
        "Against target": "0.09 days above target",
        "Same month last year": "Worse (1.11)",
        "Off target": "2 months running, since April 2018",
        "Annual target 2018/19": "7.20",
        "Format": "Aim to minimise",
        "Figures": "Cumulative",
        "Managed by": "Joanna Ruffle",
        "Scrutiny committee": "Policy & Resources Scrutiny",
        "Year introduced": "2009",
    }
    assert facts.select_one("[role=img]")["aria-label"].startswith("Process chart of CP 5.4. May's own 0.61")
    assert reply["text"] == reply["saved"]
    assert reply["checking"]
    assert soup(reply, "list").select_one("[aria-current]")["data-code"] == CODE


def test_what_is_typed_is_shown_as_the_report_will_with_hints(face):
    reply = ask(face, "look", code=CODE, text="The target is **met**. It stood at 1.91 days.\n\n- one")
    assert soup(reply, "look").select_one("strong").text == "met"
    assert soup(reply, "look").select_one("li").text.strip() == "one"
    rules = [item["data-rule"] for item in soup(reply, "hints").select("li")]
    assert rules == ["says_target_met", "quotes_unknown_figures"]
    assert face.desk.open(CODE).own.text.startswith("The target is")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "{{ 7*7 }}"]
)
def test_hostile_words_are_shown_as_words(face, text):
    reply = ask(face, "look", code=CODE, text=text)
    assert soup(reply, "look").select("script, img, a") == []
    theirs = ask(face, "save", code=CODE, text=text, base="another")
    assert soup(theirs, "conflict").select("script, img, a") == []
    saved = ask(face, "save", code=CODE, text=text, base=theirs["conflict"]["base"], role=text)
    assert saved["saved"] == text
    judged = ask(face, "judge", code=CODE, outcome="ON_COURSE", reason=text, role=text, until="", judgement="")
    assert BeautifulSoup("".join(judged["html"].values()), "html.parser").select("script, img, a") == []
    assert "49" not in soup(judged, "judgement").text or "7*7" in text


def test_a_save_answers_with_what_is_saved(face, place):
    opened = ask(face, "open", code=CODE)
    reply = ask(face, "save", code=CODE, text="Mine.", base=opened["base"])
    assert (reply["status"], reply["saved"]) == ("CP 5.4 is saved in data/commentary/2018-05.", "Mine.")
    assert reply["base"] != opened["base"]
    approved = ask(face, "save", code=CODE, text="Mine.", base=reply["base"], role="Head", approve=True)
    assert approved["status"] == "CP 5.4 is approved and saved in data/commentary/2018-05."
    assert soup(approved, "state").text.startswith("Approved Head, ")
    assert ask(face, "withdraw_approval", code=CODE, base=approved["base"])["approved"] is False


def test_a_conflict_shows_both_texts_and_loses_neither(face, place):
    opened = ask(face, "open", code=CODE)
    (place / FILE).write_text("Two days lost.\n")
    reply = ask(face, "save", code=CODE, text="Three days lost.", base=opened["base"])
    shown = [pre.text for pre in soup(reply, "conflict").select("pre")]
    assert shown == ["Three days lost.", "Two days lost."]
    assert [mark.text for mark in soup(reply, "conflict").select("mark")] == ["Three", "Two"]
    assert (place / FILE).read_text() == "Two days lost.\n"
    theirs = ask(face, "take_theirs", code=CODE, text="Three days lost.")
    assert theirs["text"] == "Two days lost."
    assert soup(theirs, "drafts").select_one("pre").text == "Three days lost."
    name = soup(theirs, "drafts").select_one("[data-act=take-draft]")["data-name"]
    mine = ask(face, "take_draft", code=CODE, name=name, text="Something else.")
    assert mine["replace"] == "Three days lost."
    looked = ask(face, "look", code=CODE, text=mine["replace"], taken=mine["name"])
    assert [pre.text for pre in soup(looked, "drafts").select("pre")] == ["Something else."]
    assert ask(face, "take_draft", code=CODE, name=name)["problem"] == face_module.GONE


def test_a_draft_is_thrown_away_only_by_its_name(face):
    face.desk.drafts.set_aside(CODE, "Old words.")
    # A program that copies folders about leaves names of its own.
    (face.desk.drafts.folder / "cp-3-9.a1b2c3d4-LAPTOP.md").write_text("A copy.")
    name = face.desk.open(CODE).others[0].name
    assert soup(ask(face, "drop_draft", code=CODE, name=name), "drafts").select("pre") == []
    outside = ask(face, "drop_draft", code=CODE, name="../../x")
    assert "is no draft's name" in outside["problem"]


def test_a_judgement_that_changed_is_told_and_can_be_recorded_again(face):
    request = {"code": CODE, "outcome": "ON_COURSE", "reason": "A", "role": "Head", "until": ""}
    first = ask(face, "judge", judgement="", **request)
    second = ask(face, "judge", judgement="", **{**request, "reason": "B"})
    assert second["problem"] == (
        "The judgement on CP 5.4 was changed by somebody else meanwhile. Nothing was overwritten. It now says: "
        "ON_COURSE: A (Head). Record yours again to put it in its place."
    )
    assert second["judgement"] == first["judgement"]
    third = ask(face, "judge", **{**request, "reason": "B", "judgement": second["judgement"]})
    assert third["reason"] == "B"
    assert ask(face, "withdraw_judgement", code=CODE, judgement=third["judgement"])["outcome"] == ""


def test_another_month_is_opened(face):
    assert ask(face, "turn_to", month="2018-05")["month"] == "2018-05"
    assert "params/2018-06.yml is missing." in ask(face, "turn_to", month="2018-06")["problem"]


def test_what_goes_wrong_is_told(face, monkeypatch):
    assert ask(face, "nonsense")["problem"] == "The desk knows no 'nonsense'."
    assert "CP 99" in ask(face, "open", code="CP 99")["problem"]
    monkeypatch.setattr(face.desk, "entries", lambda: 1 / 0)
    assert ask(face, "start")["problem"] == (
        "Something went wrong (ZeroDivisionError: division by zero). What you typed is kept."
    )


@pytest.mark.slow
def test_the_checks_run_beside_the_desk(face):
    assert ask(face, "found", code="CP 3.0")["checking"]
    face.desk.check().wait(120)
    reply = ask(face, "found", code="CP 3.0")
    assert not reply["checking"]
    assert re.search("falls|fell|February", soup(reply, "findings").text)
    assert soup(ask(face, "found", code="CP 5.5"), "findings").select("li") != []


def test_the_frame_labels_every_control():
    from mpr_lib.desk.pages import render

    page = BeautifulSoup(render("shell"), "html.parser")
    for control in page.select("input, select, textarea"):
        labelled = control.find_parent("label") or control["data-field"] == "text"
        assert labelled, control
    assert all(button.get_text(strip=True) and button["type"] == "button" for button in page.select("button"))
