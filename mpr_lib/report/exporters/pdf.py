"""The `mpr-pdf` exporter: a report notebook that was run, as an accessible PDF set by Typst."""

import json
import re
from calendar import timegm
from datetime import datetime
from functools import cache
from pathlib import Path

import typst
from nbconvert.exporters import Exporter
from traitlets import default

from mpr_lib.errors import MprError
from mpr_lib.report.document import read_document
from mpr_lib.report.exporters.pdf_layout import PdfError, lay_out
from mpr_lib.report.fonts import FALLBACK, FAMILY, font_folders
from mpr_lib.report.palette import theme

ROW = re.compile(rb"/Type/StructElem/S/TR/[^\n]*?/K\[(\d+) 0 R")
CELL = re.compile(rb"\n(\d+) 0 obj\n<</Type/StructElem/S/T[DH]/[^\n]*")
COLUMNS = re.compile(rb"/Headers\[\([^\]]*\]")


class RowHeaderError(MprError):
    """A PDF whose tables are not written as this module expects."""


def with_row_headers(pdf: bytes) -> bytes:
    """The PDF with a row header in each table row, and without the list of column headers in the cells beside it.

    Typst can do so only with a feature that its Python package does not open. Byte for byte as long as before, so that
    every object stays where the file's own list says. Raises RowHeaderError if it is not written as expected.
    """
    firsts = set(ROW.findall(pdf))
    cells = {cell[1]: cell for cell in CELL.finditer(pdf)}
    if b"/StructTreeRoot" not in pdf or pdf.count(b"/S/TR/") != len(firsts) or not firsts <= cells.keys():
        raise RowHeaderError("The PDF's tables are not written as they should be; is this another Typst version?")
    return CELL.sub(lambda cell: _without_columns(cell[0], heads_row=cell[1] in firsts), pdf)


def _without_columns(cell: bytes, heads_row: bool) -> bytes:
    if b"/S/TH/" in cell:
        return cell
    instead = b"/Scope/Row" if heads_row else b""
    changed, count = COLUMNS.subn(lambda columns: instead.ljust(len(columns[0])), cell, count=1)
    if not count:
        raise RowHeaderError("A table cell of the PDF has no column header; is this another Typst version?")
    return changed.replace(b"/S/TD/", b"/S/TH/", 1) if heads_row else changed


TEMPLATE = Path(__file__).parents[1] / "templates" / "pdf" / "report.typ"


class MprPDFExporter(Exporter):
    """Convert a report notebook to PDF: `jupyter nbconvert --to mpr-pdf report.ipynb`."""

    export_from_notebook = "Monthly Performance Report (PDF)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self):
        return ".pdf"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Return the PDF's bytes and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        return render_pdf(read_document(nb)), resources


def render_pdf(document: dict) -> bytes:
    """Set a report's document as PDF/UA-1, the same bytes for the same document.

    Raises PdfError if a figure lacks its text alternative, a font is missing or Typst cannot set the report.
    """
    try:
        pdf, warnings = typst.compile_with_warnings(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"document": _json(lay_out(document)), "theme": _json(_theme(document))},
            pdf_standards=["ua-1"],
            timestamp=seconds(document["generated"]),
        )
    except typst.TypstError as error:
        raise PdfError(f"{failure(document)}: {'. '.join([error.message, *error.hints])}.") from error
    if warnings:
        reasons = "; ".join(sorted({warning.message for warning in warnings}))
        raise PdfError(f"{failure(document)} as designed: {reasons}. Is the installation complete?")
    return with_row_headers(pdf)


def _json(value):
    return json.dumps(value, ensure_ascii=False)


def _theme(document):
    return {**theme(document.get("look", {})), "family": [FAMILY, FALLBACK]}


@cache
def fonts() -> typst.Fonts:
    """The packaged faces and no others: what is installed on a machine must not change the report."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in font_folders()],
    )


def seconds(generated: str) -> int:
    """Seconds since 1970 of a local time as written, whatever the machine's time zone.

    >>> seconds("1970-01-02T00:00:00")
    86400
    """
    return timegm(datetime.fromisoformat(generated).timetuple())


def failure(document: dict) -> str:
    """The start of every message: which report could not be made."""
    return f"The PDF of '{document.get('title', 'the report')}' cannot be made"
