"""Notifying: a webhook and a mail server are told how a run ended. What may not be known comes from the environment."""

import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from mpr_lib.book.settings import Mail, Notify, Webhook, read_settings, read_yaml
from mpr_lib.errors import InputError

SHOWN = 10
"""Findings of each month that are told in full; the report lists all."""


def news(ended: list, council: str, report_url: str, public: bool) -> dict:
    """What to tell of runs that have ended (``mpr_lib.run.telling.Ended``), as a webhook gets it.

    ``event`` is success or failure, ``title`` what a mail has for a subject, ``text`` what chat programs show, which
    begins with the title; ``months`` has each month as data.
    """
    months = [_month(each, report_url, public) for each in ended]
    failed = [each["month"] for each in months if each["event"] == "failure"]
    span = ended[0].month if len(ended) == 1 else f"{ended[0].month} to {ended[-1].month}"
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
    base = f"{report_url.rstrip('/')}/{ended.month}" if report_url else ""
    report = f"{base}/report.html" if base else f"outputs/{'public/' * public}{ended.month}/report.html"
    warnings = _warnings(Path(made.folder) / "quality.json")
    return about | {"event": "success", "report": report, "findings": made.findings, "warnings": warnings}


def _warnings(path):
    try:
        findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
    except (OSError, ValueError, KeyError):
        return []
    return [finding["message"] for finding in findings if finding["severity"] == "warning"]


def _text(month):
    if month["event"] == "failure":
        return f"{month['month']} was not published. What was published before is as it was.\n{month['message']}"
    found = ", ".join(f"{count} {severity}" for severity, count in month["findings"].items())
    lines = [f"{month['month']} is published: {month['report']}", f"Findings: {found}"]
    lines += [f"- {message}" for message in month["warnings"][:SHOWN]]
    more = len(month["warnings"]) - SHOWN
    if more > 0:
        lines.append(f"… and {more} more warnings, in the report's data-quality section.")
    return "\n".join(lines)


SECONDS = 15
"""Longest that a server may take to answer."""


def notify(workspace: Path, ended: list, public: bool = False) -> list[str]:
    """Tell whoever ``notify`` in params/report.yml names; return what went wrong with it, which never fails a run."""
    settings, council, problems = _settings(workspace)
    webhook = settings.webhook or (Webhook() if os.environ.get("MPR_WEBHOOK_URL") else None)
    if not (webhook or settings.mail):
        return problems
    told = news(ended, council, settings.report_url, public)
    if webhook and told["event"] in webhook.when:
        problems += _attempt("the webhook", lambda: _call(webhook, told))
    if settings.mail and told["event"] in settings.mail.when:
        problems += _attempt(f"the mail server {settings.mail.server}", lambda: _send(settings.mail, told))
    return problems


def _settings(workspace) -> tuple[Notify, str, list[str]]:
    """The settings, even where something else in the file is wrong: failures are what people must hear of."""
    name = "params/report.yml"
    try:
        found = read_yaml((workspace / name).read_text(encoding="utf-8-sig"), name)
    except (OSError, UnicodeDecodeError, InputError):
        found = None
    if not isinstance(found, dict):
        # The run has said what is wrong with the file.
        return Notify(), "", []
    council = str(found.get("council", ""))
    try:
        text = json.dumps(found.get("notify") or {}, default=str)
        return read_settings(Notify, text, f"{name}, notify"), council, []
    except InputError as error:
        return Notify(), council, [f"Nobody was told: {error}"]


def _attempt(whom, tell) -> list[str]:
    """Try it twice; nothing, or what went wrong."""
    for is_last in (False, True):
        try:
            tell()
            break
        except Exception as error:  # noqa: BLE001 - whatever a server does, the report is published
            if is_last:
                return [f"Could not tell {whom} how the run ended: {_said(error)}."]
    return []


def _said(error):
    """An error without the address, which may be the secret."""
    if isinstance(error, urllib.error.HTTPError):
        return f"it answered {error.code} {error.reason}"
    return str(getattr(error, "reason", "") or error) or type(error).__name__


def _call(webhook: Webhook, told: dict) -> None:
    url = os.environ.get("MPR_WEBHOOK_URL") or webhook.url
    if not url.startswith(("https://", "http://")):
        raise ValueError("it has no address; set url in params/report.yml or MPR_WEBHOOK_URL in the environment")
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "mpr"}
    if token := os.environ.get("MPR_WEBHOOK_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(told, ensure_ascii=False).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=SECONDS):
        pass


def _send(mail: Mail, told: dict) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = told["title"], mail.sender, ", ".join(mail.to)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(told["text"].removeprefix(f"{told['title']}\n\n"))
    # The machine's own name is nobody's business, and looking it up can take long.
    options = {"timeout": SECONDS, "local_hostname": "mpr.invalid"}
    context = ssl.create_default_context()
    if mail.security == "tls":
        server = smtplib.SMTP_SSL(mail.server, mail.port, context=context, **options)
    else:
        server = smtplib.SMTP(mail.server, mail.port, **options)
    with server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if password := os.environ.get("MPR_SMTP_PASSWORD"):
            server.login(mail.user or mail.sender, password)
        server.send_message(message)
