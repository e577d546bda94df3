"""The `mpr-pdf` exporter: a report notebook that was run, as an accessible PDF set by Typst."""

import json
import re
from calendar import timegm
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import typst
from nbconvert.exporters import Exporter
from traitlets import default

from mpr_lib.errors import MprError
from mpr_lib.report.exporters.pdf_layout import PdfError, lay_out
from mpr_lib.report.fonts import font_folders

TABLE_ROW = re.compile(rb"\d+ 0 obj\n<</Type/StructElem/S/TR/[^\n]*?/K\[(\d+) 0 R")
DATA_CELL = re.compile(rb"\d+ 0 obj\n<</Type/StructElem/S/TD/")
COLUMN_LIST = re.compile(rb"/O/Table/Headers\[[^\]]*\]")
CROSS_REFERENCES = re.compile(rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [nf]\r?[ \n]?\n?)+)trailer\n")


class RowHeaderError(MprError):
    """A PDF whose tables are not written as this module expects."""


def with_row_headers(pdf: bytes) -> bytes:
    """Return the PDF with a row header in each table row; raise RowHeaderError if it is not written as expected."""
    start = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    table = CROSS_REFERENCES.match(pdf, start)
    if not table:
        raise RowHeaderError("The PDF's list of objects is not where it should be; is this another Typst version?")
    objects = read_objects(pdf, table[2], start)
    firsts = {int(found[1]) for body in objects.values() if (found := TABLE_ROW.match(body))}
    for number, body in objects.items():
        if DATA_CELL.match(body):
            objects[number] = as_row_header(body) if number in firsts else without_list(body)
        elif number in firsts and b"/S/TH/" not in body:
            raise RowHeaderError("A table row of the PDF does not begin with a cell; is this another Typst version?")
    return write_objects(pdf[: min(offsets(table[2]).values())], objects, pdf[table.end() :])


def as_row_header(body: bytes) -> bytes:
    """A data cell's structure element as the header of its row."""
    changed, count = COLUMN_LIST.subn(b"/O/Table/Scope/Row", body.replace(b"/S/TD/", b"/S/TH/", 1), count=1)
    if not count:
        raise RowHeaderError("A table cell of the PDF has no column header; is this another Typst version?")
    return changed


def without_list(body: bytes) -> bytes:
    """A data cell's structure element without its list of column headers."""
    return COLUMN_LIST.sub(b"/O/Table", body, count=1).replace(b"/A[<</O/Table>>]", b"", 1)


def offsets(entries: bytes) -> dict[int, int]:
    """Where each object in use begins, by number."""
    fields = entries.split()
    rows = zip(fields[0::3], fields[2::3], strict=True)
    return {number: int(offset) for number, (offset, use) in enumerate(rows) if use == b"n"}


def read_objects(pdf: bytes, entries: bytes, end: int) -> dict[int, bytes]:
    """Every object's bytes by number, in the order of the file."""
    places = sorted((offset, number) for number, offset in offsets(entries).items())
    return {number: pdf[offset:following] for (offset, number), (following, _) in pairwise([*places, (end, 0)])}


def write_objects(head: bytes, objects: dict[int, bytes], trailer: bytes) -> bytes:
    """Put a file together again, with its list of objects."""
    parts, place, places = [head], len(head), {}
    for number, body in objects.items():
        places[number] = place
        parts.append(body)
        place += len(body)
    free = b"0000000000 65535 f \n"
    size = max(places) + 1
    entries = (b"%010d 00000 n \n" % places[number] if number in places else free for number in range(size))
    parts += [b"xref\n0 %d\n" % size, *entries, b"trailer\n"]
    parts.append(re.sub(rb"startxref\s+\d+", b"startxref\n%d" % place, trailer))
    return b"".join(parts)


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
        from mpr_lib.report.document import read_document

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
            sys_inputs={"document": json.dumps(lay_out(document), ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=seconds(document["generated"]),
        )
    except typst.TypstError as error:
        raise PdfError(f"{failure(document)}: {'. '.join([error.message, *error.hints])}.") from error
    if warnings:
        reasons = "; ".join(sorted({warning.message for warning in warnings}))
        raise PdfError(f"{failure(document)} as designed: {reasons}. Is the installation complete?")
    return with_row_headers(pdf)


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
