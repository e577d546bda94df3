"""About this report: what it was made from, by what, and how to ask for it in another way."""

import platform

from mpr_lib import __version__
from mpr_lib.report import blocks, words
from mpr_lib.report.sections.revisions import corrections


def provenance(report) -> list:
    """Version, time, data hash, inputs, and the accessibility statement."""
    listed = [
        ("Report", blocks.cell(f"{report.settings.title}, {words.month_words(report.month)}")),
        ("Version", blocks.cell(report.month_settings.version)),
        ("Generated", blocks.cell(report.generated_label)),
        ("Data", blocks.cell(f"SHA-256 {report.book.data_hash}", detail=f"over {len(report.book.inputs)} input files")),
        ("Made with", blocks.cell(f"mpr {__version__}, Python {platform.python_version()}")),
        ("Open data", blocks.cell("scorecard.csv, quality.json and manifest.json are published beside this report")),
    ]
    accessibility = [blocks.heading(3, "Accessibility"), blocks.prose(_accessibility(report))]
    return [blocks.facts(listed), *corrections(report), *accessibility]


def _accessibility(report):
    said = [
        "This report is made to meet the Web Content Accessibility Guidelines 2.2 at level AA: every table has "
        "headings, every chart has a text alternative with its numbers beside it, and nothing is said by colour alone.",
        " ".join([report.settings.alternative_format, _contacts(report)]).strip(),
    ]
    return [{"type": "paragraph", "children": [{"type": "text", "text": text}]} for text in said if text]


def _contacts(report):
    named = [
        ", ".join(part for part in (each.name, each.email, each.phone) if part) for each in report.settings.contacts
    ]
    return f"Contact: {'; '.join(named)}." if named else ""
