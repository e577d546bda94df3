"""Notifying: a webhook and a mail server are told how a run ended. What may not be known comes from the environment."""

import json
import os
import re
import smtplib
import socket
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import partial
from http.client import responses
from pathlib import Path

from mpr_lib.book.plain_yaml import read_yaml
from mpr_lib.book.settings import Mail, Notify, Webhook, read_part
from mpr_lib.errors import InputError
from mpr_lib.files import read_whole
from mpr_lib.words import joined

SHOWN = 10
"""Findings of each month that are told in full; the report lists all."""


def news(ended: list, council: str, report_url: str, public: bool) -> dict:
    """What to tell of runs that have ended (``mpr_lib.run.telling.Ended``), as a webhook gets it.

    ``event`` is success or failure, ``title`` what a mail has for a subject, ``text`` what chat programs show, which
    begins with the title; ``months`` has each month as data.
    """
    months = [_month(each, report_url, public) for each in ended]
    failed = [each for each in ended if each.failed]
    span = " to ".join(dict.fromkeys((ended[0].month, ended[-1].month)))
    title = f"{council or 'Performance'}: {'public edition' if public else 'report'} {span}"
    if failed and len(ended) > 1:
        title += f", {len(failed)} of {len(ended)} months"
    title += " NOT published" if failed else " published"
    title = " ".join(title.split())
    text = "\n\n".join([title, *map(_text, sorted(months, key=lambda each: each["event"]))])
    event = "failure" if failed else "success"
    return {"event": event, "council": council, "title": title, "text": text, "months": months}


def _month(ended, report_url, public):
    about = {"month": ended.month, "edition": "public" if public else "internal"}
    if ended.failed:
        return about | {"event": "failure", "message": ended.message}
    made = ended.published
    base = report_url.rstrip("/") or ("outputs/public" if public else "outputs")
    report = f"{base}/{ended.month}/report.html"
    return about | {"event": "success", "report": report, "findings": made.findings, "warnings": made.warnings}


def _text(month):
    if month["event"] == "failure":
        return f"{month['month']} was not published. What was published before is as it was.\n{month['message']}"
    found = ", ".join(f"{count} {severity}" for severity, count in month["findings"].items())
    lines = [f"{month['month']} is published: {month['report']}", f"Findings: {found}"]
    lines += [f"- {message}" for message in month["warnings"][:SHOWN]]
    more = len(month["warnings"]) - SHOWN
    if more > 0:
        lines.append(f"… and {more} more, listed with the report.")
    return "\n".join(lines)


SECONDS = 15
"""Longest that a server may take to answer."""


def notify(workspace: Path, ended: list, public: bool = False) -> list[str]:
    """Tell whoever ``notify`` in params/report.yml names; return what went wrong with it, which never fails a run."""
    settings, council, problems = settings_of(workspace)
    webhook = settings.webhook or (Webhook() if os.environ.get("MPR_WEBHOOK_URL") else None)
    if not (webhook or settings.mail):
        return problems
    told = news(ended, council, settings.report_url, public)
    asked = [each for each in (webhook, settings.mail) if each and told["event"] in each.when]
    return problems + [said for each in asked if (said := _attempt(each, told))]


def settings_of(workspace: Path) -> tuple[Notify, str, list[str]]:
    """The settings, even where something else in the file is wrong: failures are what people must hear of."""
    name, found = "params/report.yml", None
    # The run has said what is wrong with the file.
    with suppress(UnicodeDecodeError, InputError):
        found = read_yaml(read_whole(workspace / name, name).decode("utf-8-sig"), name)
    found = found if isinstance(found, dict) else {}
    council, given = str(found.get("council", "")), found.get("notify") or {}
    try:
        if not isinstance(given, dict):
            raise InputError(f"{name}, notify holds no settings. Expected lines such as 'report_url: https://…'.")
        return read_part(Notify, given, f"{name}, notify"), council, []
    except InputError as error:
        return Notify(), council, [f"Nobody was told: {error}"]


def _attempt(whom: Webhook | Mail, told: dict) -> str:
    """Try it twice; what went wrong, or nothing."""
    tell, name = (_send, f"the mail server {whom.server}") if isinstance(whom, Mail) else (_call, "the webhook")
    error = _tried(partial(tell, whom, told))
    if error and not isinstance(error, _NotSentError):
        error = _tried(partial(tell, whom, told))
    return f"Could not tell {name} how the run ended: {_said(error)}." if error else ""


def _tried(tell: Callable[[], None]) -> Exception | None:
    """The error that telling ends with, if it ends with one."""

    def trying():
        try:
            ended.append(tell())
        except Exception as error:  # noqa: BLE001 - whatever a server does, the report is published
            ended.append(error)

    # A server that sends a byte now and then would hold the run for ever, as each byte starts the wait anew.
    ended: list[Exception | None] = []
    thread = threading.Thread(target=trying, daemon=True)
    thread.start()
    thread.join(2 * SECONDS)
    return ended[0] if ended else _EndlessError(f"it had not ended after {2 * SECONDS} seconds")


class _NotSentError(Exception):
    """Says in our words why a notice is not sent, or not to all, and that nothing is gained by another attempt."""


class _EndlessError(_NotSentError):
    """Says that nobody waits any longer for an attempt that goes on."""


_WORDS: list[tuple[type[Exception], str]] = [
    (ssl.SSLCertVerificationError, "its certificate is not trusted here, or is another server's"),
    (ssl.SSLError, "no secure connection could be made"),
    (TimeoutError, f"it did not answer within {SECONDS} seconds"),
    (socket.gaierror, "there is no server of that name"),
    (ConnectionRefusedError, "it refused the connection"),
    (smtplib.SMTPServerDisconnected, "it closed the connection"),
    (smtplib.SMTPAuthenticationError, "it did not accept user and password"),
    (smtplib.SMTPSenderRefused, "it does not take messages from the sender"),
    (smtplib.SMTPRecipientsRefused, "it does not take messages to any of the recipients"),
    (smtplib.SMTPNotSupportedError, "it does not offer what security or user ask for"),
    (OSError, "the connection failed"),
]


def _said(error):
    """What went wrong, in our own words: a server's could hold the address, a secret or commands to a terminal."""
    if isinstance(error, _NotSentError):
        return str(error)
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        words = f" ({responses[error.code]})" if error.code in responses else ""
        elsewhere = ", which sends the notice elsewhere and is not followed; expected the address of where it leads"
        return f"it answered {error.code}{words}{elsewhere * (300 <= error.code < 400)}"
    if isinstance(reason := getattr(error, "reason", None), Exception):
        error = reason
    code = getattr(error, "smtp_code", None)
    words = next((words for kind, words in _WORDS if isinstance(error, kind)), "it gave no answer that can be read")
    return words + (f" ({code})" if isinstance(code, int) and code > 0 else "")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: elsewhere nobody has asked for the notice, and the token is not for them."""

    def redirect_request(self, *_):
        return None


def _call(webhook: Webhook, told: dict) -> None:
    url = (os.environ.get("MPR_WEBHOOK_URL") or webhook.url).strip()
    try:
        parts = urllib.parse.urlsplit(url)
        usable = (
            re.fullmatch(r"https?://[!-~]+", url) and parts.hostname and parts.port != 0 and "@" not in parts.netloc
        )
    except ValueError:
        usable = False
    if not usable:
        raise _NotSentError(
            "its address cannot be used. Expected one such as https://chat.example.org/hook, without spaces, accents "
            "or a user's name, as url in params/report.yml or as MPR_WEBHOOK_URL in the environment"
        )
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "mpr"}
    near = _is_this_machine(parts.hostname)
    if token := os.environ.get("MPR_WEBHOOK_TOKEN", "").strip():
        if parts.scheme == "http" and not near:
            raise _NotSentError("MPR_WEBHOOK_TOKEN could be read on its way. Expected an address with https://")
        if not re.fullmatch(r"[!-~]+", token):
            raise _NotSentError("MPR_WEBHOOK_TOKEN holds what no header can. Expected letters, digits and signs")
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(told, ensure_ascii=False).encode()
    handlers = [_Stay(), *([urllib.request.ProxyHandler({})] if near else [])]
    asked = urllib.request.Request(url.partition("#")[0], body, headers)
    urllib.request.build_opener(*handlers).open(asked, timeout=SECONDS).close()


def _is_this_machine(host):
    return re.fullmatch(r"localhost|127(\.\d{1,3}){3}|::1", host, re.IGNORECASE)


def _send(mail: Mail, told: dict) -> None:
    message = EmailMessage()
    message["Subject"] = told["title"]
    message.set_content(told["text"].removeprefix(f"{told['title']}\n\n"))
    addressed(message, mail, (told["event"] == "failure" and mail.to_on_failure) or mail.to)
    refused = _deliver(mail, message, [])
    if refused:
        raise _NotSentError(f"it took the message, but not for {joined(sorted(refused))}")


def addressed(message: EmailMessage, mail: Mail, to: list[str]) -> None:
    """Write the head of a message that has a subject and its content: from whom, to whom, when and which it is."""
    message["From"], message["To"] = mail.sender, ", ".join(to)
    message["Date"], message["Auto-Submitted"] = format_datetime(datetime.now(UTC)), "auto-generated"
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])


def post(mail: Mail, message: EmailMessage) -> tuple[str, str]:
    """Send a message to one address, once: ``sent``, ``refused`` where the server surely has not taken it, ``unknown``
    where nobody can tell; and what went wrong.
    """
    handed: list[str] = []
    error = _tried(partial(_deliver, mail, message, handed))
    # What goes wrong after the server has taken it, when one says good-bye, is nobody's business.
    if not error or "taken" in handed:
        return "sent", ""
    answered = smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | smtplib.SMTPNotSupportedError
    never_begun = not handed and not isinstance(error, _EndlessError)
    return "refused" if isinstance(error, answered) or never_begun else "unknown", _said(error)


def _deliver(mail, message, handed):
    """Hand a message to the server; who it was not taken for. ``handed`` gets a word at each point of no return."""
    password = os.environ.get("MPR_SMTP_PASSWORD")
    if password and mail.security == "none" and not _is_this_machine(mail.server):
        raise _NotSentError("MPR_SMTP_PASSWORD could be read on its way. Expected security: starttls or tls")
    context = ssl.create_default_context()
    connect = partial(smtplib.SMTP_SSL, context=context) if mail.security == "tls" else smtplib.SMTP
    # The machine's own name is nobody's business, and looking it up can take long.
    with connect(mail.server, mail.port, timeout=SECONDS, local_hostname="mpr.invalid") as server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if password:
            server.login(mail.user or mail.sender, password)
        handed.append("begun")
        refused = server.send_message(message)
        handed.append("taken")
    return refused
