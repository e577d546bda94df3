"""Comments and judgements are saved whole, keep what they need not change, and never go over somebody else's."""

import os
import stat
import threading
from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mpr_lib import files
from mpr_lib.book import Workspace, read_book
from mpr_lib.book.commentary import read_comment
from mpr_lib.desk.saving import (
    ChangedMeanwhile,
    Judgement,
    plain,
    read_judgement,
    record_judgement,
    save_comment,
    withdraw_judgement,
)
from mpr_lib.errors import InputError, MprError
from tests.helpers import SMALL, small_workspace

MAY = pd.Period("2018-05")
FILE = "data/commentary/2018-05/3-1.md"


@pytest.fixture
def place(tmp_path):
    return Workspace(small_workspace(tmp_path))


def write(place, text):
    path = place.root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_comment(place, MAY, "3.1").version


def written(place):
    return (place.root / FILE).read_bytes().decode()


def test_a_new_comment_is_its_words_and_its_state(place):
    saved = save_comment(place, MAY, "3.1", "Fewer lamps.\n\nMore work.", "", state="draft")
    assert written(place) == "---\nstate: draft\n---\nFewer lamps.\n\nMore work.\n"
    assert (saved.text, saved.state) == ("Fewer lamps.\n\nMore work.", "draft")
    assert read_book(place, MAY).commentary["text"].tolist() == ["Fewer lamps.\n\nMore work."]


@pytest.mark.parametrize(
    ("before", "fields", "after"),
    [
        pytest.param("Old.\n", {}, "New.\n", id="no front matter is invented"),
        pytest.param("---\nrole: Head of HR\n---\nOld.\n", {}, "---\nrole: Head of HR\n---\nNew.\n", id="kept"),
        pytest.param(
            "---\n# by mail\nrole:   'Head of HR'\n---\nOld.\n",
            {"state": "approved", "date": date(2018, 6, 21)},
            "---\n# by mail\nrole:   'Head of HR'\ndate: 2018-06-21\nstate: approved\n---\nNew.\n",
            id="kept as it is written, comments too",
        ),
        pytest.param(
            "---\nstate: approved\nrole: A\n---\nOld.\n",
            {"state": "draft", "role": None},
            "---\nstate: draft\n---\nNew.\n",
            id="changed in its place, and taken out",
        ),
        pytest.param("---\r\nrole: A\r\n---\r\nOld.\r\n", {}, "---\r\nrole: A\r\n---\r\nNew.\r\n", id="Windows"),
        pytest.param("---\nrole: >\n  A\n  B\n---\nOld.\n", {"role": "B"}, "---\nrole: B\n---\nNew.\n", id="folded"),
        pytest.param("---\n---\nOld.\n", {}, "New.\n", id="empty front matter goes"),
    ],
)  # fmt: skip
def test_front_matter(place, before, fields, after):
    save_comment(place, MAY, "3.1", "New.", write(place, before), **fields)
    assert written(place) == after


@pytest.mark.parametrize(
    "role",
    ["Head of HR", "Head: HR", "yes", "No", "null", "# 1", 'Büro "Süd"', "a\\b", "1.5", "- x", "'", "{a}", "A, B & C"],
)
def test_a_role_reads_back_as_it_was_given(place, role):
    assert save_comment(place, MAY, "3.1", "Words.", "", role=role).role == role


@given(text=st.text(alphabet=st.characters(exclude_categories=[]), max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_words_read_back_as_they_were_saved(place, text):
    if not plain(text):
        return
    base = read_comment(place, MAY, "3.1").version
    assert save_comment(place, MAY, "3.1", text, base, state="draft").text == plain(text)


@pytest.mark.parametrize("text", ["---", "---\nrole: me\n---\nWords", "--- \nx", "---\nx"])
def test_words_that_look_like_front_matter_are_words(place, text):
    assert save_comment(place, MAY, "3.1", text, "").text == text
    assert read_comment(place, MAY, "3.1").role == ""


@pytest.mark.parametrize("text", ["", " \n ", "\x00"])
def test_nothing_is_not_saved(place, text):
    base = write(place, "Old.\n")
    with pytest.raises(InputError) as error:
        save_comment(place, MAY, "3.1", text, base)
    assert str(error.value) == f"There are no words to save. To have no comment on 3.1, delete {FILE}."
    assert written(place) == "Old.\n"


@pytest.mark.parametrize("theirs", ["Theirs.\n", "---\nstate: approved\n---\nOld.\n", None])
def test_what_somebody_else_wrote_meanwhile_is_never_overwritten(place, theirs):
    base = write(place, "Old.\n")
    if theirs is None:
        (place.root / FILE).unlink()
    else:
        write(place, theirs)
    with pytest.raises(ChangedMeanwhile) as error:
        save_comment(place, MAY, "3.1", "Mine.", base)
    assert str(error.value) == "The comment on 3.1 was changed by somebody else meanwhile. Nothing was overwritten."
    now = read_comment(place, MAY, "3.1")
    assert error.value.now == now
    assert (theirs is None) == (now.version == "")
    assert theirs is None or written(place) == theirs


def test_a_file_that_came_to_be_meanwhile_is_not_overwritten(place):
    write(place, "Theirs.\n")
    with pytest.raises(ChangedMeanwhile):
        save_comment(place, MAY, "3.1", "Mine.", "")
    assert written(place) == "Theirs.\n"


def test_of_two_who_save_at_once_one_is_told(place):
    base, told = write(place, "Old.\n"), []
    start = threading.Barrier(8)

    def save(number):
        start.wait()
        try:
            save_comment(place, MAY, "3.1", f"Words of {number}.", base)
        except ChangedMeanwhile:
            told.append(number)

    writers = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(told) == 7
    assert set(range(8)) - set(told) == {int(written(place).split()[-1].rstrip("."))}


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_save_that_fails_leaves_the_file_and_nothing_beside_it(place, monkeypatch, step):
    base = write(place, "Old.\n")

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(files.Path, "replace", fail)
    with pytest.raises(MprError) as error:
        save_comment(place, MAY, "3.1", "New.", base)
    assert str(error.value) == (
        "3-1.md could not be saved: No space left on device. It is as it was; what you typed is kept as a draft."
    )
    assert written(place) == "Old.\n"
    assert [path.name for path in (place.root / FILE).parent.iterdir()] == ["3-1.md"]


@pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")
def test_permissions_and_links_stay(place):
    elsewhere = place.root / "shared.md"
    elsewhere.write_text("Old.\n")
    elsewhere.chmod(0o664)
    (place.root / FILE).parent.mkdir(parents=True)
    (place.root / FILE).symlink_to(elsewhere)
    save_comment(place, MAY, "3.1", "New.", read_comment(place, MAY, "3.1").version)
    assert (place.root / FILE).is_symlink()
    assert elsewhere.read_text() == "New.\n"
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o664


def test_a_file_in_another_encoding_is_refused_and_stays(place):
    (place.root / FILE).parent.mkdir(parents=True)
    (place.root / FILE).write_bytes("Cost £5".encode("cp1252"))
    with pytest.raises(InputError, match="is not UTF-8"):
        save_comment(place, MAY, "3.1", "New.", "x")
    assert (place.root / FILE).read_bytes() == "Cost £5".encode("cp1252")


# Judgements

HEAD = SMALL["data/judgements.csv"]
ROWS = (
    HEAD + '3.1,2018-04,2018-06,AT_RISK,"First, a reason\nof two lines",Head,2018-05-01\n'
    "\n3.10,May 2018,,AT_RISK,  Odd   spaces ,Head,2018-06-01\n"
)
MINE = Judgement("ON_COURSE", 'It will, "surely"', "Head of Light", "2018-06-21")
MY_ROW = '3.1,2018-05,,ON_COURSE,"It will, ""surely""",Head of Light,2018-06-21\n'


def judged(tmp_path, text):
    place = Workspace(small_workspace(tmp_path, {"data/judgements.csv": text}))
    return place, lambda: (place.data / "judgements.csv").read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(HEAD, HEAD + MY_ROW, id="the first"),
        pytest.param(ROWS, ROWS + MY_ROW, id="added at the end; no other byte changes"),
        pytest.param(HEAD.strip(), HEAD + MY_ROW, id="no line end at the end"),
        pytest.param("\ufeff" + HEAD, "\ufeff" + HEAD + MY_ROW, id="with a byte order mark"),
        pytest.param(ROWS.replace("\n", "\r\n"), (ROWS + MY_ROW).replace("\n", "\r\n"), id="line ends of Windows"),
    ],
)
def test_a_judgement_is_added(tmp_path, before, after):
    place, now = judged(tmp_path, before)
    recorded = record_judgement(place, MAY, "3.1", MINE)
    assert now() == after
    assert (recorded.expected_outcome, recorded.reason) == ("ON_COURSE", MINE.reason)
    assert read_book(place, MAY).problems.empty


def test_a_judgement_is_replaced_in_its_place(tmp_path):
    place, now = judged(tmp_path, ROWS + "3.1,2018-06,,AT_RISK,Later,Head,2018-07-01\n")
    old = read_judgement(place, MAY, "3.10")
    record_judgement(place, MAY, "3.10", Judgement("ON_COURSE", "New", "Head", "2018-06-02", "2018-07", old.version))
    assert now() == ROWS.replace(
        "3.10,May 2018,,AT_RISK,  Odd   spaces ,Head,2018-06-01", "3.10,2018-05,2018-07,ON_COURSE,New,Head,2018-06-02"
    ) + "3.1,2018-06,,AT_RISK,Later,Head,2018-07-01\n"  # fmt: skip


def test_a_judgement_is_withdrawn(tmp_path):
    place, now = judged(tmp_path, ROWS)
    withdraw_judgement(place, MAY, "3.10", read_judgement(place, MAY, "3.10").version)
    assert now() == ROWS.replace("3.10,May 2018,,AT_RISK,  Odd   spaces ,Head,2018-06-01\n", "")
    with pytest.raises(InputError) as error:
        withdraw_judgement(place, MAY, "3.1", "")
    assert str(error.value) == (
        "3.1 has no judgement of May 2018 to withdraw. One from an earlier month that still stands is ended by its "
        "'until' in data/judgements.csv."
    )


def test_a_judgement_that_changed_meanwhile_is_not_overwritten(tmp_path):
    place, now = judged(tmp_path, ROWS + MY_ROW)
    with pytest.raises(ChangedMeanwhile) as error:
        record_judgement(place, MAY, "3.1", MINE)
    assert error.value.now.reason == MINE.reason
    with pytest.raises(ChangedMeanwhile):
        withdraw_judgement(place, MAY, "3.1", "another")
    assert now() == ROWS + MY_ROW


@pytest.mark.parametrize(
    ("judgement", "message"),
    [
        (
            Judgement("", "x", "x", "x"),
            "Choose the expected outcome of 3.1: one of AT_RISK, SOME_SLIPPAGE, ON_COURSE.",
        ),
        (
            Judgement("AT_RISK", " ", "", "2018-06-01"),
            "The judgement on 3.1 lacks its reason and its role. It needs a reason, the role of whoever makes it, and "
            "a date.",
        ),
        (
            Judgement("AT_RISK", "x", "x", "x", "2018-04"),
            "The judgement on 3.1 ends in 2018-04, before it begins in May 2018.",
        ),
        (
            Judgement("AT_RISK", "x", "x", "x", "soon"),
            "Until which month the judgement stands: cannot read 'soon' as a month. Expected a month such as 2018-05, "
            "May 2018 or May-18.",
        ),
    ],
)
def test_a_judgement_that_lacks_something_is_refused(tmp_path, judgement, message):
    place, now = judged(tmp_path, ROWS)
    with pytest.raises(InputError) as error:
        record_judgement(place, MAY, "3.1", judgement)
    assert str(error.value) == message
    assert now() == ROWS


@given(reason=st.text(alphabet=st.characters(exclude_categories=[]), max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_any_reason_reads_back(tmp_path, reason):
    if not plain(reason):
        return
    place, _ = judged(tmp_path, ROWS)
    recorded = record_judgement(place, MAY, "3.1", Judgement("AT_RISK", reason, "Head", "2018-06-01"))
    assert " ".join(recorded.reason.split()) == " ".join(plain(reason).split())
