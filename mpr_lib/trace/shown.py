"""Shown: a thread as text, as JSON and as a table, and the page of a month's set to which cards lead."""

import json
from pathlib import Path

from mpr_lib.files import write_whole
from mpr_lib.report import blocks
from mpr_lib.report.document import page_html
from mpr_lib.report.prose import paragraph
from mpr_lib.report.report import Material
from mpr_lib.report.sections.cells import title_of
from mpr_lib.rules.codes import slug
from mpr_lib.trace.thread import Step, Threads

PAGE = "trace.html"
_HEADINGS = {"step": "Step", "said": "What is known", "where": ("Where it stands", "prose")}


def as_lines(report: Material, code: str, steps: list[Step]) -> list[str]:
    """A thread as lines of text: its steps numbered, and below each where it stands."""
    lines = [f"{code} {title_of(report.rows[code])}, {report.document['month_label']}"]
    for number, step in enumerate(steps, start=1):
        lines += ["", f"{number}. {step.title}", *(f"   {said}" for said in step.said)]
        lines += [f"   - {place.listed}" for place in step.places]
    return lines


def as_json(report: Material, code: str, steps: list[Step]) -> str:
    """A thread for programs."""
    places = [[{key: each for key, each in place._asdict().items() if each} for place in step.places] for step in steps]
    made = [step._asdict() | {"places": held} for step, held in zip(steps, places, strict=True)]
    about = {"indicator_code": code, "reporting_month": str(report.month), "version": report.month_settings.version}
    return json.dumps(about | {"data_hash": report.book.data_hash, "steps": made}, ensure_ascii=False, indent=2)


def page(report: Material, threads: dict[str, list[Step]], beside: bool = False) -> str:
    """A page of threads by code; one ``beside`` the report leads back to its cards."""
    shown = []
    for code, steps in threads.items():
        shown.append(blocks.heading(3, f"{code} {title_of(report.rows[code])}", slug(code)))
        if beside and report.anchor_of(code):
            back = (f"{code} in the report", f"report.html{report.anchor_of(code)}")
            shown.append(blocks.prose([paragraph(back)]))
        rows = [(step.title, " ".join(step.said), _where(step)) for step in steps]
        caption = f"{code}: from what is printed to its source"
        shown.append(blocks.plain_table(f"trace-{slug(code)}", caption, _HEADINGS, rows, "wide"))
    section = {"id": "trace", "title": "Where the figures come from", "blocks": shown}
    document = report.document
    return page_html({**document, "title": f"{section['title']}, {document['title']}", "sections": [section]})


def _where(step):
    places = [place.listed for place in step.places]
    return blocks.cell("; ".join(places) or "–", missing=not places, prose=[paragraph(each) for each in places])


def write_page(book, scorecard, history, points, generated: str, folder: Path) -> None:
    """Write the page of every indicator's thread into an internal edition's set, where the settings ask for it."""
    if book.settings.trace and not book.workspace.is_public:
        report = Material(book, generated=generated, known=(history, scorecard, points))
        threads = Threads(report)
        made = page(report, {code: threads.of(code) for code in report.rows}, beside=True)
        write_whole(folder / PAGE, made)


def card(report, row) -> dict:
    """Where an indicator's figure was received, and the way to the page, which only a published report has beside."""
    made = report.quality_file and not report.draft and not report.book.workspace.is_public
    if not (report.settings.trace and made):
        return {}
    threads = _threads(report)
    received = next(map(threads.row_of, threads.parts(row)[-1:]), None)
    said = threads.source_of(received)[1] if received else "No return has a figure."
    if received is None and row.computed_from:
        said = f"It is computed from {row.computed_from}."
    whole = paragraph(f"{said} ", ("From what is printed to its source", f"{PAGE}#{slug(row.indicator_code)}"), ".")
    return {"more": [blocks.details("Where this figure comes from", blocks.prose([whole]), whole=True)]}


def _threads(report):
    """Those of a report, made once."""
    if not hasattr(report, "_threads"):
        report._threads = Threads(report)
    return report._threads
