"""Reminders: who gets one, in which step, with what; each once, against a real mail server on this machine."""

from io import BytesIO

import openpyxl
import pytest
from typer.testing import CliRunner

from mpr_lib.run import cli
from tests.helpers import SMALL, needs, small_workspace

servers = pytest.importorskip("tests.notify.servers", reason="mpr_lib/notify is not there")
pytestmark = [needs("owed"), needs("notify"), needs("intake")]

INDICATORS = SMALL["data/indicators.csv"]
OFFICERS = INDICATORS.replace("SAFE,,,,,", "SAFE,,,Ada Ames,,", 1).replace("SAFE,,,,,", "SAFE,,,Bo Bell; Cy Cole,,", 1)
CALENDAR = "meetings:\n  - {month: 2018-05, date: 2018-07-12, committee: Roads}\n"
ADDRESSES = "managed_by,email\nAda Ames,ada@example.org\nBo Bell,bo@example.org\n"
NOTHING = "indicator_code,month,value,note\n"


@pytest.fixture(autouse=True)
def no_secrets(monkeypatch):
    monkeypatch.delenv("MPR_SMTP_PASSWORD", raising=False)


@pytest.fixture
def post():
    with servers.serving(servers.Post()) as server:
        yield server


@pytest.fixture
def workspace(tmp_path, post):
    settings = (
        f"{SMALL['params/report.yml']}notify:\n  mail: {{server: 127.0.0.1, port: {post.port}, security: none, "
        "sender: mpr@example.org, to: [x@example.org]}\n"
    )
    changes = {
        "params/report.yml": settings, "params/calendar.yml": CALENDAR, "data/indicators.csv": OFFICERS,
        "data/officers.csv": ADDRESSES, "data/returns/2018-05.csv": NOTHING,
    }  # fmt: skip
    return lambda **more: small_workspace(tmp_path / "workspace", changes | more)


def remind(folder, day, *options):
    run = CliRunner().invoke(cli.app, ["remind", "2018-05", "--workspace", str(folder), "--today", day, *options])
    return run.exit_code, run.stdout.splitlines(), run.stderr.splitlines()


def test_each_officer_gets_one_mail_a_step_with_all_they_owe_and_a_workbook_for_it(workspace, post):
    folder = workspace()
    code, said, also = remind(folder, "2018-06-20")
    assert (code, said) == (0, ["Ada Ames: sent", "Bo Bell: sent"])
    assert also == ["Cy Cole: no address in data/officers.csv, so not reminded."]
    (sender, to, message), _ = post.messages
    assert (sender, to) == ("mpr@example.org", ["ada@example.org"])
    assert message["Subject"] == "Monthly Performance Report for May 2018: 1 figure still owed"
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("Please send it by 22 June 2018: Roads meets about it on 12 July 2018.\n\n")
    assert "- 3.1 Street lights lit: May 2018, due with this report, newest figure April 2018" in text
    (book,) = message.iter_attachments()
    assert book.get_filename() == "return-2018-05-ada-ames.xlsx"
    sheet = openpyxl.load_workbook(BytesIO(book.get_content())).active
    assert [sheet["A5"].value, sheet["C5"].value, sheet["D5"].value] == ["3.1", "May 2018", None]
    before = ["Ada Ames: sent before (on 2018-06-20)", "Bo Bell: sent before (on 2018-06-20)"]
    assert remind(folder, "2018-06-22")[1] == before
    assert remind(folder, "2018-06-23")[1:] == (["Ada Ames: sent", "Bo Bell: sent"], also)
    assert len(post.messages) == 4


def test_whoever_owes_nothing_gets_nothing_and_a_comment_alone_brings_no_workbook(workspace, post):
    late = {"data/returns/2018-05.csv": f"{NOTHING}3.1,2018-05,97%,\n3.10,2018-05,50,\n"}
    assert remind(workspace(**late), "2018-06-27")[1] == ["Bo Bell: sent"]
    ((_, _, message),) = post.messages
    assert "1 comment still owed" in message["Subject"]
    assert list(message.iter_attachments()) == []


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2018-05-31", "Nobody is reminded on 2018-05-31: 2018-05 is not over yet."),
        ("2018-06-30", "Nobody is reminded on 2018-06-30: the step of the day is freeze."),
        ("2018-07-13", "Nobody is reminded on 2018-07-13: every step before the meeting has had its day."),
    ],
)
def test_there_is_a_time_for_it(workspace, post, day, said):
    assert remind(workspace(), day)[:2] == (0, [said])
    assert post.messages == []


@needs("actions")
@pytest.mark.parametrize("day", ["2018-07-05", "2018-07-12"])
def test_what_members_may_ask_is_sent_once_before_the_meeting(workspace, post, day):
    sent = "question_id,committee,asked,indicator_code,question,kind,answer,role,due,answered,state,reported_from\n"
    asked = f"{sent}Q-1,Roads,2018-06-01,3.1,Why so dark?,QUESTION,,Head of Roads,2018-08-01,,OPEN,2018-05\n"
    folder = workspace(**{"data/questions.csv": asked})
    assert remind(folder, day)[:2] == (0, ["Ada Ames: sent"])
    ((_, to, message),) = post.messages
    assert (to, message["Subject"]) == (
        ["ada@example.org"],
        "Monthly Performance Report for May 2018: what members may ask",
    )
    said = "- Roads asked on 1 June 2018, answer due 1 August 2018: Why so dark?"
    assert said in message.get_body(("plain",)).get_content()
    assert remind(folder, "2018-07-12")[1] == [f"Ada Ames: sent before (on {day})"]


def test_a_dry_run_shows_the_mails_and_sends_and_records_nothing(workspace, post):
    folder = workspace()
    code, said, _ = remind(folder, "2018-06-20", "--dry-run")
    assert code == 0
    assert said[:2] == ["Ada Ames: to send", "  Subject: Monthly Performance Report for May 2018: 1 figure still owed"]
    assert "  Attached: return-2018-05-ada-ames.xlsx" in said
    assert (post.messages, (folder / "data/sent.csv").exists()) == ([], False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"params/calendar.yml": None}, "params/calendar.yml names no meeting about 2018-05"),
        ({"params/report.yml": SMALL["params/report.yml"]}, "params/report.yml has no mail server"),
        ({"data/officers.csv": "managed_by,email\nAda Ames,ada@example.org; bo@example.org\n"},
         "data/officers.csv row 2, column email (Ada Ames): cannot read 'ada@example.org; bo@example.org'."),
        ({"data/officers.csv": f"{ADDRESSES}Ada Ames,other@example.org\n"},
         "data/officers.csv row 4, column email (Ada Ames): found 'other@example.org', and ada@example.org above."),
    ],
)  # fmt: skip
def test_what_is_missing_or_cannot_be_read_is_said_and_nothing_is_sent(workspace, post, changes, said):
    code, _, told = remind(workspace(**changes), "2018-06-20")
    assert code == 1
    assert told[0].startswith(said)
    assert post.messages == []


def test_what_nobody_knows_of_ends_with_1(workspace, post):
    folder = workspace()
    remind(folder, "2018-06-20")
    path = folder / "data/sent.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    code, said, _ = remind(folder, "2018-06-21")
    assert code == 1
    assert said[0].startswith("Ada Ames: unknown (begun on 2018-06-20 as <")
    assert said[0].endswith("> (data/sent.csv row 2))")
