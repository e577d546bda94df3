"""Pages for tests, made from a workspace without a kernel: its parts as a notebook carries them."""

import csv
import io
import json
import re
from pathlib import Path

from nbformat import NotebookNode, v4

from mpr_lib.checks import Finding, Quality
from mpr_lib.checks.findings import Mark, Told
from mpr_lib.report import open_report
from mpr_lib.report.document import MIME, page_html, read_document
from tests.helpers import SMALL, small_workspace, table

SECTIONS = ("exceptions", "corporate", "detail", "signals", "partnership", "finance", "quality", "key", "provenance")


def notebook_of(report) -> NotebookNode:
    """The executed notebook of a report, as JSON would give it back."""
    cells = [_shown(report.cover())]
    for name in SECTIONS:
        cells += [v4.new_markdown_cell(f"## {name.capitalize()}"), _shown(getattr(report, name)())]
    return v4.new_notebook(cells=cells)


def _shown(part):
    data = {MIME: json.loads(json.dumps(part.data)), "text/plain": "shown"}
    return v4.new_code_cell("", outputs=[v4.new_output("display_data", data)])


def document_of(workspace: Path, month: str = "2018-05", quality: Path | None = None) -> dict:
    return read_document(notebook_of(open_report(str(workspace), month, str(quality or ""))))


def hostile_texts() -> list[str]:
    return [row["text"] for row in table("cases", "hostile.csv")]


def as_yaml(value) -> str:
    """JSON that is YAML too: signs beyond the basic plane stand as themselves, not as two halves."""
    pairs = r"\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}"
    return re.sub(pairs, lambda found: json.loads(f'"{found[0]}"'), json.dumps(value))


def hostile_workspace(folder: Path) -> Path:
    """A workspace with a hostile text in every field that people fill in, and every text as a name and a comment.

    Half of the indicators are at risk, so that each text has a detail page and a row in Section 1 as well.
    """
    texts = hostile_texts()
    columns = SMALL["data/indicators.csv"].splitlines()[0].split(",")
    indicators, targets, returns, judgements, comments = [], [], [], [], {}
    for number, text in enumerate(texts):
        code, other = f"H {number}", texts[(number + 7) % len(texts)]
        given = dict.fromkeys(columns, "") | {
            "indicator_code": code, "short_name": text, "aim": other, "department": text, "managed_by": text,
            "contributing_departments": other, "scrutiny_committee": other, "polarity": "MAXIMISE", "basis": "SNAPSHOT",
            "unit": text, "section": "PARTNERSHIP" if number % 5 == 4 else "",
        }  # fmt: skip
        indicators.append(list(given.values()))
        targets.append([code, "2018", "50", "50", "FLAT", "", "", "", ""])
        returns += [[code, "2018-04", "47", text], [code, "2018-05", "10" if number % 2 else "60", text]]
        comments[f"data/commentary/2018-05/h-{number}.md"] = f"---\nrole: {as_yaml(text)}\n---\n{text}\n\n- {other}\n"
        if number % 3 == 0:
            judgements.append([code, "2018-05", "", "SOME_SLIPPAGE", text, other, "2018-06-01"])
    return small_workspace(folder, {
        "data/indicators.csv": _csv(columns, indicators),
        "data/targets.csv": _csv(SMALL["data/targets.csv"].splitlines()[0].split(","), targets),
        "data/judgements.csv": _csv(SMALL["data/judgements.csv"].strip().split(","), judgements),
        "data/returns/2018-04.csv": None,
        "data/returns/2018-05.csv": _csv(["indicator_code", "month", "value", "note"], returns),
        "data/abbreviations.csv": _csv(["abbreviation", "meaning"], zip(texts, reversed(texts), strict=True)),
        "params/report.yml": as_yaml(_settings(texts)),
        "params/2018-05.yml": as_yaml({"reporting_month": "2018-05", "version": "V1.0", "notes": texts}),
        **comments,
    })  # fmt: skip


def _settings(texts):
    return {
        "council": texts[0], "title": texts[1], "publisher": texts[2], "alternative_format": texts[3],
        "contacts": [{"name": text, "email": text, "phone": text} for text in texts],
        "aims": [{"name": text, "priorities": texts[:3]} for text in texts],
        "no_single_department": texts[4],
        "sections": [{"code": "PARTNERSHIP", "name": texts[5], "themes": [texts[6]]}],
    }  # fmt: skip


def hostile_quality() -> Quality:
    """Findings that repeat hostile texts, as the checks quote what they found, for officers and for readers."""
    found, told = [], []
    for n, text in enumerate(hostile_texts()):
        at = ("values_are_readable", "warning", "validity", f"H {n}", "2018-05", text, 2)
        found.append(Finding(*at, text, text, text, text, text))
        told.append(Told(f"{text}: H {n}.", [Mark(f"H {n}", text, text)]))
    return Quality("2018-05", found, readers=told)


def hostile_findings(path: Path) -> Path:
    hostile_quality().write(path)
    return path


def hostile_page(folder: Path) -> Path:
    workspace = hostile_workspace(folder)
    document = document_of(workspace, quality=hostile_findings(folder / "quality.json"))
    path = folder / "report.html"
    path.write_text(page_html(document), encoding="utf-8")
    return path


def _csv(head, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([head, *rows])
    return out.getvalue()
