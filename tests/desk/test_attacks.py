"""The desk as somebody would attack it: markup in all that it shows, codes and links that lead elsewhere, folders that
cannot be written. Two users' edits are in test_interleavings.py."""

import os

import pytest
from bs4 import BeautifulSoup

from mpr_lib import files
from mpr_lib.desk.beside import Preview
from mpr_lib.desk.desk import Desk
from mpr_lib.desk.face import NOT_KEPT, Face
from mpr_lib.errors import InputError

CODE, FILE, MONTH = "CP 5.4", "data/commentary/2018-05/cp-5-4.md", "2018-05"
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>{{ 7 * 7 }}\"'>"


def ask(face, what, **more):
    own = {"view": "mine", "place": face.place, "month": MONTH, "base": "", "code": CODE}
    return face.answer({"ask": what, "id": 1, **own, **more})[0]


def change(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def csv_cell(text):
    return '"' + text.replace('"', '""') + '"'


@pytest.fixture
def attacked(place):
    """What the desk shows of a workspace with markup in a name, a note, comments and the names of files."""
    name = "Working days lost per FTE due to sickness - excluding school staff"
    change(place / "data/indicators.csv", name, csv_cell(name + MARKUP))
    returns = place / "data/returns/2018-05.csv"
    (row,) = (row for row in returns.read_text().splitlines() if row.startswith(f"{CODE},"))
    change(returns, row, f"{row.removesuffix(',')},{csv_cell(MARKUP)}")
    (place / "data/commentary/2018-05" / "<img src=x onerror=alert(1)>.md").write_text(MARKUP)
    face = Face(Desk(place, MONTH))
    face.desk.drafts.set_aside(CODE, MARKUP)
    (face.desk.drafts.folder / "cp-5-4.<img src=x>.md").write_text(MARKUP)
    start, opened = ask(face, "start", code=""), ask(face, "open")
    return "".join([*start["html"].values(), *opened["html"].values()])


def test_markup_in_names_notes_and_file_names_is_text(attacked):
    soup = BeautifulSoup(attacked, "html.parser")
    assert soup.select("script, iframe, object, [onerror], img") == []
    assert "onerror=alert(1)" in soup.get_text()
    assert "{{ 7 * 7 }}" in soup.get_text()
    assert soup.select_one(f'[data-act=open][data-code="{CODE}"]') is not None


@pytest.mark.browser
def test_a_browser_runs_none_of_it(browser, attacked):
    page, said = browser.new_page(), []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    show = "html => { document.body.innerHTML = html }"
    page.evaluate(show, attacked)
    page.wait_for_timeout(300)
    assert said == []
    assert "onerror=alert(1)" in page.inner_text("body")
    # Shown as it is, it runs.
    page.evaluate(show, MARKUP)
    page.wait_for_timeout(300)
    assert said == ["1"]
    page.close()


@pytest.mark.parametrize("code", ["CP 5/4", "../../../x"])
def test_a_code_never_leads_out_of_the_months_comments(place, code):
    for path in (place / "data").rglob("*.csv"):
        path.write_text(path.read_text().replace(f"{CODE},", f"{code},"))
    before = {path for path in place.parent.rglob("*") if path.is_file()}
    face = Face(Desk(place, MONTH))
    base = ask(face, "open", code=code)["base"]
    ask(face, "look", code=code, text="Half", base=base)
    saved = ask(face, "save", code=code, text="Words.", base=base)
    made = {path for path in place.parent.rglob("*") if path.is_file()} - before
    inside = place / "data/commentary/2018-05", place / "outputs/.drafts"
    assert all(any(path.is_relative_to(each) for each in inside) for path in made)
    assert saved["saved"] == "Words."


@pytest.mark.parametrize("where", [FILE, "data/commentary/2018-05", "data/judgements.csv"])
def test_a_link_that_leads_out_is_neither_read_nor_written(place, where):
    path, outside = place / where, place.parent / "outside"
    path.rename(outside)
    path.symlink_to(outside)
    kept = outside / "cp-5-4.md" if outside.is_dir() else outside
    before = kept.read_bytes()
    with pytest.raises(InputError, match="outside the workspace"):
        Desk(place, MONTH)
    assert kept.read_bytes() == before


def test_a_link_that_comes_while_the_desk_is_open_is_not_followed_out(place):
    face, outside = Face(Desk(place, MONTH)), place.parent / "outside.md"
    base = ask(face, "open")["base"]
    outside.write_bytes((place / FILE).read_bytes())
    (place / FILE).unlink()
    (place / FILE).symlink_to(outside)
    before = outside.read_bytes()
    assert "outside the workspace" in ask(face, "save", text="Words.", base=base)["problem"]
    assert outside.read_bytes() == before
    assert "outside the workspace" in ask(face, "open")["problem"]


def test_a_link_within_the_workspace_stays_one(place):
    own = place / "data/commentary/shared.md"
    (place / FILE).rename(own)
    (place / FILE).symlink_to(own)
    face = Face(Desk(place, MONTH))
    ask(face, "save", text="Words.", base=ask(face, "open")["base"])
    assert (place / FILE).is_symlink()
    assert "Words." in own.read_text()


def test_drafts_and_previews_that_are_links_or_pipes_are_not_shown(place):
    face, secret = Face(Desk(place, MONTH)), place.parent / "secret"
    secret.write_text("A secret.")
    folder = face.desk.drafts.folder
    folder.mkdir(parents=True)
    (folder / "cp-5-4.abc.md").symlink_to(secret)
    os.mkfifo(folder / "cp-5-4.def.md")
    assert "A secret." not in ask(face, "open")["html"]["drafts"]
    preview = Preview.__new__(Preview)  # without the process that makes one
    preview.folder = place / "outputs/.preview/2018-05"
    preview.folder.mkdir(parents=True)
    (preview.folder / "report.html").symlink_to(secret)
    face.previews[face.desk.name] = preview
    assert ask(face, "preview_file", name="report.html")["problem"] == (
        "The preview has no report.html. Make it again."
    )


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(place, monkeypatch):
    face = Face(Desk(place, MONTH))
    base, before = ask(face, "open")["base"], (place / FILE).read_bytes()

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    # Tests may run as root, whom no permission stops.
    monkeypatch.setattr(files.Path, "mkdir", refuse)
    looked = [ask(face, "look", text=f"Words {number}.", base=base) for number in range(3)]
    assert {each["problem"] for each in looked} == {NOT_KEPT}
    assert not any("kept" in each for each in looked)
    assert all("Words" in each["html"]["look"] for each in looked)
    assert ask(face, "save", text="Words.", base=base)["problem"] == (
        "Nothing was written: Permission denied. What you typed is kept."
    )
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert ask(face, "start", code="")["problem"] == "You may read this workspace, and not change it."
    assert (place / FILE).read_bytes() == before


def test_a_request_of_another_workspace_or_of_none_does_nothing(place):
    face, before = Face(Desk(place, MONTH)), (place / FILE).read_bytes()
    base = ask(face, "open")["base"]
    for strange in ({"place": "/elsewhere"}, {"place": ""}, {"month": ""}, {"month": "<b>"}):
        assert ask(face, "save", text="Words.", base=base, **strange)["problem"]
    assert (place / FILE).read_bytes() == before
