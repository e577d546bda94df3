"""Workbooks of LibreOffice (.ods): what their XML says beside the values, and that it is safe to read them."""

import re
from itertools import product

from mpr_lib.errors import InputError
from mpr_lib.intake.packages import (
    CELLS,
    ROWS,
    SHEETS,
    Budget,
    Package,
    links_message,
    local_attributes,
    pack,
    parse_xml,
    password_message,
)
from mpr_lib.intake.spreadsheet import UNSAVED, shown_text

_PLAIN = re.compile(r"-?[£€$]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")
_LINKS = ("table-source", "cell-range-source", "dde-source", "dde-link")
_KEPT = ("mimetype", "META-INF/manifest.xml", "content.xml")


def inspect_ods(package: Package):
    """Check a workbook against the limits; return a clean copy and what its sheets' cells show.

    Raises ``InputError`` for links to other files, entities, and more than the limits allow.
    """
    parts = {name: package.part(name) for name in _KEPT if name in package.names}
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise InputError(password_message(package.file))
    scan = _Scan(Budget(package.file))
    parse_xml(parts.get("content.xml", b""), package.file, scan.start, scan.end, scan.text)
    return pack(parts), scan.shown


class _Scan:
    """One pass over the XML. Rows and cells may be written once and repeated; blank ones often are, a million times."""

    def __init__(self, budget: Budget):
        self.budget, self.shown = budget, {}
        self.sheet, self.row, self.column, self.height, self.width = "", 0, 0, 0, 0
        self.repeat, self.used, self.cell, self.lines = 1, 0, None, []

    def start(self, name, attributes):
        if name in _LINKS:
            raise InputError(links_message(self.budget.file))
        if name == "table":
            self.sheet, self.row, self.height, self.width = local_attributes(attributes).get("name", ""), 0, 0, 0
            self.shown[self.sheet] = {}
            if len(self.shown) > SHEETS:
                raise InputError(f"{self.budget.file}: has more than {SHEETS} sheets.")
        elif name == "table-row":
            self.repeat, self.column, self.used = _times(attributes, "number-rows-repeated"), 0, 0
        elif name in ("table-cell", "covered-table-cell"):
            self.cell, self.lines = local_attributes(attributes), []
        elif name == "p" and self.cell is not None:
            self.lines.append("")

    def text(self, characters):
        if self.lines:
            self.lines[-1] += characters

    def end(self, name):
        if name in ("table-cell", "covered-table-cell"):
            self._cell(_times(self.cell, "number-columns-repeated"))
            self.cell = None
        elif name == "table-row":
            self._row()
        elif name == "table":
            self.budget.sheet(self.sheet, self.height, self.width)

    def _row(self):
        if self.used:
            self.height, self.width = self.row + self.repeat, max(self.width, self.used)
            self.budget.rows(self.sheet, self.height)
        self.row += self.repeat

    def _cell(self, times):
        kind, text = self.cell.get("value-type", ""), "\n".join(self.lines)
        formula = "formula" in self.cell and not kind
        if kind or text or formula:
            if times * self.repeat > CELLS or self.row + self.repeat > ROWS:
                self.budget.rows(self.sheet, self.row + self.repeat)
                self.budget.sheet(self.sheet, self.repeat, times)
            self.budget.text(len(text) * times * self.repeat)
            self.used = self.column + times
            self._mark(kind, text, formula, times)
        self.column += times

    def _mark(self, kind, text, formula, times):
        is_error = "formula" in self.cell and text.startswith("#") and text.endswith(("!", "?", "A"))
        shown = text if is_error else UNSAVED if formula else _shown(kind, text, self.cell)
        if not shown:
            return
        self.budget.text(times * self.repeat)
        places = product(range(self.row, self.row + self.repeat), range(self.column, self.column + times))
        self.shown.setdefault(self.sheet, {}).update(dict.fromkeys(places, shown))


def _shown(kind, text, attributes) -> str:
    """The text of a number where it is a plain figure; a percentage always has its sign."""
    if kind not in ("float", "percentage", "currency"):
        return ""
    plain = text.replace("\u00a0", " ").strip()
    if _PLAIN.fullmatch(plain) and plain.endswith("%") == (kind == "percentage"):
        return plain
    return shown_text(float(attributes.get("value", "nan")), "%") if kind == "percentage" else ""


def _times(attributes, name) -> int:
    found = local_attributes(attributes).get(name, "1")
    return max(1, int(found))
