"""Writing: an executed notebook as the page, the PDF and the notebook that readers open, and the log of its run."""

import sys
from datetime import datetime
from functools import partial
from pathlib import Path

from mpr_lib.run.progress import Background, Stages


def write_report(notebook, folder: Path, stages: Stages, pdf: bool) -> None:
    """Write what readers open. The PDF is set in a thread: Typst leaves the other processor to the HTML."""
    import nbformat

    setting = Background(partial(_write_pdf, notebook, folder, stages)) if pdf else None
    with stages.stage("write the HTML"):
        from mpr_lib.report.exporters.html import MprHTMLExporter

        body, _ = MprHTMLExporter().from_notebook_node(notebook)
        (folder / "report.html").write_text(body, encoding="utf-8", newline="\n")
    with stages.stage("write the notebook"):
        (folder / "report.ipynb").write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    if setting:
        setting.result()


def _write_pdf(notebook, folder: Path, stages: Stages) -> None:
    from mpr_lib.report.exporters.pdf import MprPDFExporter

    with stages.stage("write the PDF"):
        body, _ = MprPDFExporter().from_notebook_node(notebook)
        (folder / "report.pdf").write_bytes(body)


def write_log(path: Path, month: str, stages: Stages, counts: dict[str, int], warnings: list[str]) -> None:
    import mpr_lib

    lines = [
        f"mpr {mpr_lib.__version__}, Python {sys.version.split()[0]}: {month}, {datetime.now():%Y-%m-%d %H:%M}",
        *stages.lines(),
        f"{stages.total:6.2f} s  until the set was ready",
        "findings: " + ", ".join(f"{count} {severity}" for severity, count in counts.items()),
        *(f"the notebook warned: {line}" for text in warnings for line in text.splitlines() if line.strip()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
