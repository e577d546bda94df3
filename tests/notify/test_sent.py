"""Mails that go once, whatever happens on the way, against a real mail server on this machine."""

import csv
import os
import signal
import subprocess
import sys
from datetime import date
from email.message import EmailMessage

import pytest

from mpr_lib.book import Workspace
from mpr_lib.book.settings import Mail
from mpr_lib.errors import InputError, RunError
from mpr_lib.notify.sent import COLUMNS, SENT, send
from tests.helpers import REPOSITORY, cases, small_workspace

DAY = date(2018, 6, 21)


@pytest.fixture
def place(tmp_path):
    return Workspace(small_workspace(tmp_path / "workspace"))


def letters(*names):
    found = []
    for name in names or ("Ada Ames", "Bo Bell"):
        message = EmailMessage()
        message["Subject"] = f"For {name}"
        message.set_content("Please send it.\n")
        found.append(("2018-05", "chase", name, f"{name.split()[0].lower()}@example.org", "reminder", message))
    return found


def server_of(post, **other):
    return Mail(
        server="127.0.0.1", port=post.port, security="none", sender="mpr@example.org", to=["x@example.org"], **other
    )


def sent_by(place, post, *names):
    return [(each.managed_by, state) for each, state, _ in send(place, server_of(post), DAY, letters(*names))]


def recorded(place):
    with (place.root / SENT).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def received(post):
    return [to for _, (to,), _ in post.messages]


def test_each_goes_once_and_is_recorded_before_it_is_sent_and_after(place, post):
    assert sent_by(place, post) == [("Ada Ames", "sent"), ("Bo Bell", "sent")]
    assert sent_by(place, post) == [("Ada Ames", "sent before"), ("Bo Bell", "sent before")]
    assert received(post) == ["ada@example.org", "bo@example.org"]
    rows = recorded(place)
    assert list(rows[0]) == COLUMNS
    assert [(row["managed_by"], row["state"]) for row in rows] == [
        ("Ada Ames", "sending"), ("Ada Ames", "sent"), ("Bo Bell", "sending"), ("Bo Bell", "sent"),
    ]  # fmt: skip
    assert [row["message_id"] for row in rows[::2]] == [message["Message-ID"] for _, _, message in post.messages]
    assert {row["date"] for row in rows} == {"2018-06-21"}
    assert "example.org" not in {row["address"] for row in rows}
    assert "ada@" not in (place.root / SENT).read_text("utf-8")


KILLED = """
import os, signal, smtplib, sys
from datetime import date
from mpr_lib.notify import sent
from tests.notify.test_sent import Mail, Workspace, letters

def die():
    os.kill(os.getpid(), signal.SIGKILL)

point, calls, write, post, put = sys.argv[3], [], sent.append_rows, sent.post, smtplib.SMTP.send

def writing(*rows):
    point == "before the first row" and die()
    write(*rows)
    calls.append(rows)
    (point, len(calls)) in (("after the first row", 1), ("after the last row", 2)) and die()

def putting(server, text):
    put(server, text)
    point == "after the message" and text[-5:] in (b"\\r\\n.\\r\\n", "\\r\\n.\\r\\n") and die()

def posting(*given):
    answer = post(*given)
    point == "after the answer" and die()
    return answer

sent.append_rows, sent.post, smtplib.SMTP.send = writing, posting, putting
mail = Mail(server="127.0.0.1", port=int(sys.argv[2]), security="none", sender="mpr@example.org", to=["x@example.org"])
sent.send(Workspace(sys.argv[1]), mail, date(2018, 6, 21), letters())
"""


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
@pytest.mark.parametrize("case", cases("sent_killed.csv"))
def test_none_goes_twice_wherever_the_sender_is_killed(place, post, case):
    run = [sys.executable, "-c", KILLED, str(place.root), str(post.port), case["killed"]]
    done = subprocess.run(run, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert sent_by(place, post) == [("Ada Ames", case["again"]), ("Bo Bell", "sent")]
    assert received(post).count("ada@example.org") == int(case["received"])
    assert received(post).count("bo@example.org") == 1


def test_what_nobody_knows_of_is_named_with_its_row_and_somebody_may_settle_it(place, post):
    row = "2018-06-20,2018-05,chase,Ada Ames,0,reminder,<1@example.org>,"
    path = place.root / SENT
    path.write_text(",".join(COLUMNS) + f"\n{row}sending", encoding="utf-8")
    ((_, state, said),) = send(place, server_of(post), DAY, letters("Ada Ames"))
    assert (state, said) == ("unknown", "begun on 2018-06-20 as <1@example.org> (data/sent.csv row 2)")
    path.write_text(path.read_text("utf-8") + f"\n{row}refused\n", encoding="utf-8")
    assert sent_by(place, post, "Ada Ames") == [("Ada Ames", "sent")]
    assert [each["state"] for each in recorded(place)] == ["sending", "refused", "sending", "sent"]


def test_what_the_server_refuses_may_go_later(place, post):
    post.refuses = {"ada@example.org": "550 nobody of that name"}
    assert sent_by(place, post) == [("Ada Ames", "refused"), ("Bo Bell", "sent")]
    post.refuses = {}
    assert sent_by(place, post) == [("Ada Ames", "sent"), ("Bo Bell", "sent before")]


def test_a_server_that_takes_nothing_is_not_asked_for_everybody(place, post):
    names = [f"{letter} Person" for letter in "ABCDE"]
    post.refuses = {f"{letter}@example.org": "450 not now" for letter in "abcd"}
    assert [state for _, state in sent_by(place, post, *names)] == ["refused"] * 3 + ["left"] * 2
    post.refuses = {}
    assert [state for _, state in sent_by(place, post, *names)] == ["sent"] * 5


def test_a_password_goes_nowhere_where_it_could_be_read(place, post, monkeypatch):
    monkeypatch.setenv("MPR_SMTP_PASSWORD", "a-secret")
    mail = server_of(post).model_copy(update={"server": "mail.example.org"})
    ((_, state, said),) = send(place, mail, DAY, letters("Ada Ames"))
    assert (state, said.partition(".")[0]) == ("refused", "MPR_SMTP_PASSWORD could be read on its way")


def test_without_a_server_it_is_only_said_what_would_go(place, post):
    assert [state for _, state, _ in send(place, None, DAY, letters())] == ["to send", "to send"]
    assert not (place.root / SENT).exists()


def test_what_cannot_be_recorded_is_not_sent(place, post, monkeypatch):
    def full(*rows):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mpr_lib.notify.sent.append_rows", full)
    with pytest.raises(RunError, match="What cannot be recorded is not sent"):
        sent_by(place, post)
    assert post.messages == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date,month\n", "data/sent.csv lacks the column 'step'."),
        (",".join(COLUMNS) + "\n,2018-05,chase,A,,reminder,,gone\n", "column state (A): found 'gone'. Expected one"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_read_sends_nothing(place, post, text, expected):
    (place.root / SENT).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        sent_by(place, post)
    assert expected in str(refused.value)
    assert post.messages == []
