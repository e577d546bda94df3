"""The digest: a published month for readers' mail, as text, as HTML without scripts, and with the PDF."""

import json
from datetime import date
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pandas as pd

from mpr_lib import words
from mpr_lib.book.settings import Brand, Notify, OutcomeLooks
from mpr_lib.book.workspace import MONTHS, Workspace
from mpr_lib.errors import MprError, RunError
from mpr_lib.files import read_whole
from mpr_lib.notify.notify import notify, settings_of
from mpr_lib.notify.sent import DONE, EARLIER, Letter, send
from mpr_lib.report.palette import LIGHT
from mpr_lib.report.rendering import render
from mpr_lib.rules.months import month_label
from mpr_lib.rules.outcome import EXCEPTIONS

TEMPLATES = Path(__file__).parent / "templates"
LARGEST = 10 * 1024**2
"""Bytes of a PDF that goes with the mail; mail servers refuse larger ones."""


def announce(workspace: Path, ended: list, public: bool) -> list[str]:
    """Tell how runs ended, and send subscribers what was published; what went wrong, which never fails a run."""
    return notify(workspace, ended, public) + send_digest(workspace, ended, public, settings_of(workspace)[0])


def send_digest(workspace: Path, ended: list, public: bool, settings: Notify) -> list[str]:
    """Send the newest month that is published to its edition's subscribers, once for each of its versions.

    Returns what went wrong, which never fails a run. A month that is not its edition's newest is sent to nobody.
    """
    edition = "public" if public else "internal"
    listed = getattr(settings.subscribers, edition)
    to = [each for at, each in enumerate(listed) if each.lower() not in map(str.lower, listed[:at])]
    made = max((each.published for each in ended if not each.failed), key=lambda each: each.month, default=None)
    if not to or made is None or made.month < max(path.name for path in made.folder.parent.glob(MONTHS)):
        return []
    if settings.mail is None:
        return ["The digest was sent to nobody: params/report.yml, notify has subscribers and no mail."]
    try:
        about = _read(made.folder, edition, settings.report_url)
        letters = (Letter(made.month, "digest", "", each, about["what"], _message(about)) for each in to)
        sent = send(Workspace(workspace), settings.mail, about["day"], letters)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the digest, the report is published
        said = error if isinstance(error, MprError) else f"{type(error).__name__}: {error}"
        return [f"The digest of {made.month} has not gone to everybody: {said}"]
    bad = [f"{state}, {said}" for _, state, said in sent if state not in (DONE, EARLIER)]
    whom = f"{len(bad)} of {words.counted(len(to), 'subscriber')}"
    return [f"The digest of {made.month} may not have come to {whom}: {bad[0]}."] if bad else []


def _read(folder, edition, report_url):
    """What a published set says of itself, for both forms of the digest."""
    manifest = json.loads(read_whole(folder / "manifest.json", "manifest.json"))
    if manifest["edition"] != edition:
        raise RunError(f"{folder.name} holds the {manifest['edition']} edition. Expected the {edition} one.")
    report, month = manifest["report"], pd.Period(manifest["reporting_month"], freq="M")
    looks = OutcomeLooks(**report.get("outcomes", {}))
    raw = BytesIO(read_whole(folder / "scorecard.csv", "scorecard.csv"))
    rows = pd.read_csv(raw, dtype="str", keep_default_na=False).apply(lambda column: column.str.lstrip(" "))
    own = rows[rows["section"] != "PARTNERSHIP"]
    own, names = rows if own.empty else own, looks.names(words.OUTCOMES_SHORT, short=True)
    listed = own[own["expected_outcome"].isin(EXCEPTIONS)].sort_values("expected_outcome", kind="stable").itertuples()
    pdf = folder / "report.pdf"
    name = f"{report['title']} {month_label(month)}"
    return {
        "report": report, "title": name, "subject": f"{report['council']}: {name}".strip(": "),
        "what": f"{edition} edition {report['version']}", "day": date.fromisoformat(report["generated"][:10]),
        "sentence": (said := words.headline(own, looks)), "brand": Brand(**report.get("brand", {})), "colours": LIGHT,
        "more": words.lead_sentence(own, looks).removeprefix(said).lstrip(". "),
        "rows": [
            (row.indicator_code, getattr(row, "public_title", "") or row.short_name, names[row.expected_outcome],
             words.value_words(row.value_text, row.no_value_reason, row.unit), row.target_text or "–")
            for row in listed
        ],
        "meetings": [f"{each['committee'] or 'The committee'} meets about it on {words.day_words(each['date'])}."
                     for each in manifest.get("meetings", [])],
        "href": f"{report_url.rstrip('/')}/{month}/report.html" if report_url else "",
        "pdf": pdf if pdf.is_file() and pdf.stat().st_size <= LARGEST else None,
    }  # fmt: skip


def _message(about):
    message = EmailMessage()
    message["Subject"] = " ".join(about["subject"].split())
    message.set_content(render("digest.txt.j2", own=TEMPLATES, **about))
    message.add_alternative(render("digest.html.j2", own=TEMPLATES, **about), subtype="html")
    if about["pdf"]:
        name = f"{about['title'].lower().replace(' ', '-')}.pdf"
        pdf = read_whole(about["pdf"], "report.pdf")
        message.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
    return message
