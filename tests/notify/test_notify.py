"""Who is told of a run, against a real web server and a real mail server on this machine."""

import json
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from mpr_lib.checks import Finding, Quality
from mpr_lib.notify.notify import notify
from mpr_lib.run.month import Published
from mpr_lib.run.telling import Ended
from tests.helpers import SMALL, small_workspace
from tests.notify.servers import Post, Web, serving

COUNCIL = "Smallford Council (invented)"
REFUSED = (
    "The data for 2018-05 has 1 critical finding, so nothing was published.\n"
    "data/returns/2018-05.csv row 2, column value (3.1): cannot read '5S0' as a number. Expected a number."
)


@pytest.fixture
def workspace(tmp_path):
    """A function that makes a workspace with these lines below ``notify:``."""

    def make(lines: str = "", more: str = "") -> Path:
        settings = SMALL["params/report.yml"] + (f"notify:\n{lines}" if lines else "") + more
        return small_workspace(tmp_path / "workspace", {"params/report.yml": settings})

    return make


@pytest.fixture
def published(tmp_path):
    folder = tmp_path / "workspace/outputs/2018-05"
    folder.mkdir(parents=True)
    found = [(severity, f"CP {code} is late.") for severity, code in [("warning", "3.9"), ("info", "4")]]
    said = [Finding("late", severity, "timeliness", "", "", "", None, "", "", told, "Ask.") for severity, told in found]
    Quality("2018-05", said, []).write(folder / "quality.json")
    counts = {"critical": 0, "warning": 1, "info": 1}
    return Ended("2018-05", Published("2018-05", folder, ("report.html",), counts, {}), "", 5.0)


FAILED = Ended("2018-05", None, REFUSED, 1.0)


def mail(server, more=""):
    return (
        f"  mail:\n    server: 127.0.0.1\n    port: {server.port}\n    security: none\n"
        f"    sender: reports@example.org\n    to: [head@example.org, team@example.org]\n{more}"
    )


def test_nobody_is_told_unless_somebody_is_named(workspace, published, web, post):
    assert notify(workspace(), [published]) == []
    assert (web.requests, post.messages) == ([], [])


def test_a_webhook_hears_where_the_report_is(workspace, published, web):
    folder = workspace(f"  report_url: https://intranet.example.org/mpr\n  webhook:\n    url: {web.url}\n")
    assert notify(folder, [published]) == []
    ((path, headers, body),) = web.requests
    assert path == "/hook"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Authorization" not in headers
    told = json.loads(body)
    assert (told["event"], told["council"]) == ("success", COUNCIL)
    assert told["title"] == f"{COUNCIL}: report 2018-05 published"
    assert told["months"] == [
        {
            "month": "2018-05", "edition": "internal", "event": "success",
            "report": "https://intranet.example.org/mpr/2018-05/report.html",
            "findings": {"critical": 0, "warning": 1, "info": 1}, "warnings": ["CP 3.9 is late."],
        }
    ]  # fmt: skip
    assert "https://intranet.example.org/mpr/2018-05/report.html" in told["text"]
    assert "- CP 3.9 is late." in told["text"]


def test_a_webhook_hears_what_failed_and_which_findings(workspace, web):
    assert notify(workspace(f"  webhook:\n    url: {web.url}\n"), [FAILED]) == []
    told = json.loads(web.requests[0][2])
    assert (told["event"], told["title"]) == ("failure", f"{COUNCIL}: report 2018-05 NOT published")
    assert told["months"] == [{"month": "2018-05", "edition": "internal", "event": "failure", "message": REFUSED}]
    assert "cannot read '5S0' as a number" in told["text"]


def test_secrets_come_from_the_environment(workspace, published, web, monkeypatch):
    monkeypatch.setenv("MPR_WEBHOOK_URL", web.url)
    monkeypatch.setenv("MPR_WEBHOOK_TOKEN", "a-secret")
    folder = workspace()
    assert notify(folder, [published]) == []
    assert web.requests[0][1]["Authorization"] == "Bearer a-secret"
    assert "a-secret" not in web.requests[0][2].decode()


def test_mail_tells_of_a_failure(workspace, post):
    assert notify(workspace(mail(post)), [FAILED]) == []
    ((sender, to, message),) = post.messages
    assert (sender, to) == ("reports@example.org", ["head@example.org", "team@example.org"])
    assert message["Subject"] == f"{COUNCIL}: report 2018-05 NOT published"
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_content().replace("\r\n", "\n")
    assert text.startswith("2018-05 was not published. What was published before is as it was.\n")
    assert "data/returns/2018-05.csv row 2, column value (3.1)" in text


def test_mail_tells_of_a_report(workspace, published, post):
    assert notify(workspace(mail(post)), [published], public=True) == []
    message = post.messages[0][2]
    assert message["Subject"] == f"{COUNCIL}: public edition 2018-05 published"
    assert "2018-05 is published: outputs/public/2018-05/report.html" in message.get_content()


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes a certificate with openssl")
def test_mail_is_sent_with_tls_and_a_password(workspace, published, tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    certificate.write_bytes(key.read_bytes() + certificate.read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("MPR_SMTP_PASSWORD", "a-secret")
    with serving(Post(certificate)) as server:
        lines = mail(server, "    user: robot\n").replace("security: none", "security: starttls")
        assert notify(workspace(lines), [published]) == []
    assert server.logins == [["robot", "a-secret"]]
    assert len(server.messages) == 1


def test_a_failure_is_told_to_others_where_the_settings_say_so(workspace, published, post):
    folder = workspace(mail(post, "    to_on_failure: [duty@example.org]\n"))
    notify(folder, [published])
    notify(folder, [FAILED])
    assert [to for _, to, _ in post.messages] == [["head@example.org", "team@example.org"], ["duty@example.org"]]
    assert [message["To"] for _, _, message in post.messages][1] == "duty@example.org"


def test_many_months_are_one_message_with_what_failed_first(workspace, published, post):
    failed = Ended("2018-06", None, "params/2018-06.yml is missing.", 0.1)
    assert notify(workspace(mail(post)), [published, failed]) == []
    (message,) = [message for _, _, message in post.messages]
    assert message["Subject"] == f"{COUNCIL}: report 2018-05 to 2018-06, 1 of 2 months NOT published"
    text = message.get_content()
    assert text.index("2018-06 was not published") < text.index("2018-05 is published")


@pytest.mark.parametrize(
    ("when", "ended", "told"), [("failure", "good", 0), ("failure", "bad", 1), ("success", "bad", 0)]
)
def test_each_is_told_what_it_asks_for(workspace, published, web, when, ended, told):
    folder = workspace(f"  webhook:\n    url: {web.url}\n    when: [{when}]\n")
    notify(folder, [published if ended == "good" else FAILED])
    assert len(web.requests) == told


def test_a_server_that_stumbles_is_asked_once_more(workspace, published, web):
    web.statuses = [503]
    assert notify(workspace(f"  webhook:\n    url: {web.url}\n"), [published]) == []
    assert len(web.requests) == 2


def test_what_goes_wrong_is_said_without_the_address_and_fails_nothing(workspace, published, web, monkeypatch):
    monkeypatch.setenv("MPR_WEBHOOK_URL", f"{web.url}/T000/secret")
    web.statuses = [500, 500]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lines = f"  mail:\n    server: 127.0.0.1\n    port: {port}\n    sender: a@b.uk\n    to: [c@d.uk]\n"
    assert notify(workspace(lines), [published]) == [
        "Could not tell the webhook how the run ended: it answered 500 (Internal Server Error).",
        "Could not tell the mail server 127.0.0.1 how the run ended: it refused the connection.",
    ]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_notice_stays_where_it_was_sent(workspace, published, web, monkeypatch, status):
    """The token is for that server alone, and a notice that nobody took is no success."""
    monkeypatch.setenv("MPR_WEBHOOK_TOKEN", "a-secret")
    with serving(Web()) as elsewhere:
        web.statuses, web.location = [status, status], elsewhere.url
        (said,) = notify(workspace(f"  webhook:\n    url: {web.url}\n"), [published])
    assert elsewhere.requests == []
    assert f"it answered {status} (" in said
    assert "is not followed" in said
    assert elsewhere.url not in said


@pytest.mark.parametrize(
    "address",
    [
        "https://hooks.example.org/T000/ secret",
        "https://hooks.example.org/T000/secret\u00e9",
        "https://hooks.example.org/T000\nsecret",
        "https://robot:secret@hooks.example.org/T000",
        "https://hooks.example.org:port/secret",
        "https://[hooks/secret",
        "https:///secret",
        "ftp://hooks.example.org/secret",
        "file:///etc/secret",
        "hooks.example.org/secret",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_not_printed(workspace, published, monkeypatch, address):
    monkeypatch.setenv("MPR_WEBHOOK_URL", address)
    (said,) = notify(workspace(), [published])
    assert "its address cannot be used" in said
    assert "secret" not in said


def test_spaces_around_an_address_do_no_harm(workspace, published, web, monkeypatch):
    monkeypatch.setenv("MPR_WEBHOOK_URL", f"  {web.url} \n")
    assert notify(workspace(), [published]) == []
    assert len(web.requests) == 1


def test_no_token_goes_where_it_can_be_read_on_its_way(workspace, published, monkeypatch):
    monkeypatch.setenv("MPR_WEBHOOK_URL", "http://hooks.example.org/hook")
    monkeypatch.setenv("MPR_WEBHOOK_TOKEN", "a-secret")
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *_, **__: pytest.fail("a connection"))
    (said,) = notify(workspace(), [published])
    assert "MPR_WEBHOOK_TOKEN could be read on its way. Expected an address with https://" in said


def test_no_password_goes_where_it_can_be_read_on_its_way(workspace, published, monkeypatch):
    monkeypatch.setenv("MPR_SMTP_PASSWORD", "a-secret")
    monkeypatch.setattr("smtplib.SMTP.connect", lambda *_, **__: pytest.fail("a connection"))
    lines = "  mail:\n    server: mail.example.org\n    security: none\n    sender: a@b.uk\n    to: [c@d.uk]\n"
    (said,) = notify(workspace(lines), [published])
    assert "MPR_SMTP_PASSWORD could be read on its way. Expected security: starttls or tls" in said


def test_a_server_that_offers_no_security_gets_nothing(workspace, published, post, monkeypatch):
    monkeypatch.setenv("MPR_SMTP_PASSWORD", "a-secret")
    (said,) = notify(workspace(mail(post).replace("security: none", "security: starttls")), [published])
    assert "it does not offer what security or user ask for" in said
    assert (post.logins, post.messages) == ([], [])


def test_words_of_a_server_reach_nobody(workspace, published, web, post):
    """They could hold what was sent to it, or commands to a terminal."""
    web.statuses, web.reason = [500, 500], "\x1b[2J secret"
    post.refuses = {"head@example.org": "550 \x1b[2J secret", "team@example.org": "550 secret"}
    lines = f"  webhook:\n    url: {web.url}\n{mail(post)}"
    by_web, by_mail = notify(workspace(lines), [published])
    assert by_web.endswith(": it answered 500 (Internal Server Error).")
    assert by_mail.endswith(": it does not take messages to any of the recipients.")


def test_who_was_left_out_is_said_and_the_others_are_written_to_once(workspace, published, post):
    post.refuses = {"team@example.org": "550 unknown"}
    (said,) = notify(workspace(mail(post)), [published])
    assert said.endswith("it took the message, but not for team@example.org.")
    assert [to for _, to, _ in post.messages] == [["head@example.org"]]


def test_a_server_that_never_ends_its_answer_holds_nobody(workspace, published, monkeypatch):
    """It sends a byte now and then, so that no single wait is ever too long."""
    monkeypatch.setattr("mpr_lib.notify.notify.SECONDS", 0.5)
    with serving(Web()) as server:
        server.drips = True
        (said,) = notify(workspace(f"  webhook:\n    url: {server.url}\n"), [published])
        server.drips = False
    assert said.endswith("it had not ended after 1.0 seconds.")
    assert len(server.requests) == 1


def test_a_fault_elsewhere_in_the_settings_is_still_told(workspace, web):
    folder = workspace(f"  webhook:\n    url: {web.url}\n", more="concil: x\n")
    assert notify(folder, [FAILED]) == []
    assert len(web.requests) == 1


def test_a_report_is_told_of_whatever_became_of_its_findings(workspace, published, web):
    (published.published.folder / "quality.json").unlink()
    assert notify(workspace(f"  webhook:\n    url: {web.url}\n"), [published]) == []
    assert len(web.requests) == 1


def test_who_is_told_has_lines_of_its_own(workspace):
    (said,) = notify(workspace("  - x\n"), [FAILED])
    assert said.startswith("Nobody was told: params/report.yml, notify holds no settings. Expected lines such as")


def test_a_fault_in_who_is_told_is_said(workspace):
    assert notify(workspace("  mial:\n    server: x\n"), [FAILED]) == [
        "Nobody was told: params/report.yml, notify has 'mial', which the report does not use. Did you mean 'mail'?"
    ]
