"""News: what a run has to tell, as one text for people and as data for programs."""

import json
from dataclasses import dataclass
from pathlib import Path

SHOWN = 10
"""Findings of each month that are told in full; the report lists all."""


@dataclass(frozen=True)
class News:
    """How a run ended: ``kind`` success or failure, a title, a text, and each month as data."""

    kind: str
    title: str
    text: str
    months: list[dict]
    council: str

    def as_json(self) -> dict:
        """What a webhook gets; ``text`` is what chat programs show."""
        about = {"event": self.kind, "council": self.council, "title": self.title}
        return about | {"text": f"{self.title}\n\n{self.text}", "months": self.months}


def news(ended: list, council: str, report_url: str, public: bool) -> News:
    """What to tell of runs that have ended (``mpr_lib.run.many.Ended``)."""
    months = [_month(each, report_url, public) for each in ended]
    failed = [each["month"] for each in months if each["event"] == "failure"]
    edition = "public edition" if public else "report"
    span = ended[0].month if len(ended) == 1 else f"{ended[0].month} to {ended[-1].month}"
    if not failed:
        title = f"{council or 'Performance'}: {edition} {span} published"
    elif len(ended) == 1:
        title = f"{council or 'Performance'}: {edition} {span} NOT published"
    else:
        title = f"{council or 'Performance'}: {edition} {span}, {len(failed)} of {len(ended)} months NOT published"
    text = "\n\n".join(map(_text, sorted(months, key=lambda each: each["event"])))
    return News("failure" if failed else "success", " ".join(title.split()), text, months, council)


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
