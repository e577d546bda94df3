"""The page of all findings, for analysts: what is wrong, in which file, and what to do about it."""

import pandas as pd

from mpr_lib import words
from mpr_lib.book import Book
from mpr_lib.checks import Quality
from mpr_lib.report import blocks
from mpr_lib.report.document import page_html
from mpr_lib.report.prose import paragraph
from mpr_lib.report.report import Material

_FOUND = {
    "indicator": ("Indicator", "code"), "month": "Month", "message": "What was found", "action": "What to do",
    "readers": "What readers are told", "characteristic": "Concerns",
}  # fmt: skip


def quality_page(book: Book, quality: Quality, generated: str = "", known: tuple | None = None) -> str:
    """A page of its own, to stand beside the report: a table of findings for each severity, the worst first.

    ``known`` are the book's history, scorecard and points where they are worked out.
    """
    report = Material(book, generated=generated, known=known)
    report.findings = quality
    section = {"id": "quality", "title": "Data quality", "blocks": findings_blocks(report)}
    document = report.document
    return page_html({**document, "title": f"Data quality, {document['title']}", "sections": [section]})


def findings_blocks(report: Material) -> list:
    """How much was checked, and a table of findings for each severity; indicators lead to the report."""
    found = report.findings
    checked = words.counted(len(found.expectations), "expectation")
    made = words.counted(len(found.findings), "finding")
    told = ("the report", "report.html#quality")
    shown = [blocks.prose([paragraph(f"{checked} were checked, {made} made. What readers are told is in ", told, ".")])]
    for severity, title in words.SEVERITIES.items():
        rows = [_found(report, finding) for finding in found.findings if finding.severity == severity]
        if rows:
            caption, name = f"{title}: {words.counted(len(rows), 'finding')}", f"quality-{severity}"
            shown.append(blocks.heading(3, f"{title} ({len(rows)})", name))
            shown.append(blocks.plain_table(f"{name}-table", caption, _FOUND, rows, "wide"))
    return shown


def _found(report, finding):
    """A finding as a row; one about no month concerns the reporting month's data."""
    code, month = finding.indicator_code, finding.month
    anchor = report.anchor_of(code)
    where = blocks.cell(code or "The data as a whole", href=anchor and f"report.html{anchor}")
    when = words.month_words(pd.Period(month, freq="M")) if month else "All"
    told = finding.readers or "Nothing"
    return where, when, finding.message, finding.action or "Nothing to do.", told, finding.characteristic.capitalize()
