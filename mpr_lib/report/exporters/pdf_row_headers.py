"""Mark the first cell of every table row as its header, which Typst's Python package cannot be asked to do.

Typst marks column headers only and lists them for each cell; readers' software then ignores anything else. Both are
changed in the structure elements of the finished file: the first cell becomes a header with the scope Row, and the
cells' lists go, so that scopes decide. Objects are moved, nothing is decoded or encoded anew.
"""

import re
from itertools import pairwise

from mpr_lib.errors import MprError

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
