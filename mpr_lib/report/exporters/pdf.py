"""The `mpr-pdf` exporter: a report notebook that was run, as an accessible PDF set by Typst."""

import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import typst

from mpr_lib.report.exporters import ReportExporter
from mpr_lib.report.exporters.pdf_layout import PdfError, lay_out
from mpr_lib.report.fonts import FALLBACK, FAMILY, font_folders
from mpr_lib.report.palette import theme

ROW = re.compile(rb"/Type/StructElem/S/TR/[^\n]*?/K\[(\d+) 0 R")
CELL = re.compile(rb"(\n(\d+) 0 obj\n<</Type/StructElem/S/T)D(/[^\n]*?)(/Headers\[\([^\]]*\])(/ColSpan)?")


def with_row_headers(pdf: bytes) -> bytes:
    """The PDF with a row header in each table row, and without the list of column headers in the cells beside it.

    What stands below a row across the table is not the header of another.

    Typst can do so only with a feature that its Python package does not open. Byte for byte as long as before, so that
    every object stays where the file's own list says. Raises PdfError if it is not written as expected.
    """
    firsts = set(ROW.findall(pdf))

    def told(cell):
        kind, scope = (b"H", b"/Scope/Row") if cell[2] in firsts and not cell[5] else (b"D", b"")
        return cell[1] + kind + cell[3] + scope.ljust(len(cell[4])) + (cell[5] or b"")

    made, count = CELL.subn(told, pdf)
    expected = pdf.count(b"/S/TR/"), pdf.count(b"/S/TD/")
    if b"/StructTreeRoot" not in pdf or expected != (len(firsts), count):
        raise PdfError("The PDF's tables are not written as they should be; is this another Typst version?")
    return made


TEMPLATE = Path(__file__).parents[1] / "templates" / "pdf" / "report.typ"


class MprPDFExporter(ReportExporter):
    """Convert a report notebook to PDF: `jupyter nbconvert --to mpr-pdf report.ipynb`."""

    export_from_notebook = "Monthly Performance Report (PDF)"
    output_mimetype = "application/pdf"
    file_extension = ".pdf"

    def made(self, document: dict) -> bytes:
        """The PDF's bytes."""
        return render_pdf(document)


def render_pdf(document: dict) -> bytes:
    """Set a report's document as PDF/UA-1, the same bytes for the same document.

    Raises PdfError if a figure lacks its text alternative, a font is missing or Typst cannot set the report.
    """
    failure = f"The PDF of '{document['title']}' cannot be made"
    looks = theme(document.get("look", {})) | {"family": [FAMILY, FALLBACK]}
    given = {"document": _JSON(lay_out(document)), "theme": _JSON(looks)}
    # As if it were universal time, so that the bytes are the same in whatever time zone.
    generated = datetime.fromisoformat(document["generated"]).replace(tzinfo=UTC)
    try:
        pdf, warnings = _set(given, generated)
        if warnings:
            # Pages that do not come to rest, because what is on one depends on another, do where articles are measured.
            pdf, warnings = _set(given | {"measured": "yes"}, generated)
    except typst.TypstError as error:
        raise PdfError(f"{failure}: {'. '.join([error.message, *error.hints])}.") from error
    if warnings:
        reasons = "; ".join(sorted({warning.message for warning in warnings}))
        raise PdfError(f"{failure} as designed: {reasons}. Is the installation complete?")
    return with_row_headers(pdf)


_JSON = json.JSONEncoder(ensure_ascii=False).encode


def _set(inputs: dict[str, str], generated: datetime):
    """The PDF that Typst sets, and what it warns of."""
    return typst.compile_with_warnings(
        TEMPLATE, root=TEMPLATE.parent, font_paths=fonts(), ignore_system_fonts=True, sys_inputs=inputs,
        pdf_standards=["ua-1"], timestamp=generated,
    )  # fmt: skip


@cache
def fonts() -> typst.Fonts:
    """The packaged faces and no others: what is installed on a machine must not change the report."""
    folders = [str(folder) for folder in font_folders()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
