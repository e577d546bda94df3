"""Workbooks of Excel (.xlsx, .xlsm): what their XML says beside the values, and that it is safe to read them."""

import posixpath
import re

from mpr_lib.errors import InputError
from mpr_lib.intake.packages import SHEETS, Budget, Package, links_message, local_attributes, pack, parse_xml
from mpr_lib.intake.spreadsheet import UNSAVED, column_number, shown_text

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHARED, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
BUILT_IN |= {37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "£#,##0"}
BUILT_IN |= {43: "#,##0.00", 44: "£#,##0.00", 5: "£#,##0", 6: "£#,##0", 7: "£#,##0.00", 8: "£#,##0.00"}
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_DATE = re.compile(r'[ymdhs](?=(?:[^"]*"[^"]*")*[^"]*$)', re.IGNORECASE)


def inspect_xlsx(package: Package):
    """Check a workbook against the limits; return a clean copy and what its sheets' cells show.

    Raises ``InputError`` for links to other files, entities, and more than the limits allow.
    """
    if any(name.startswith("xl/externalLinks/") for name in package.names):
        raise InputError(links_message(package.file))
    names = (_WORKBOOK, _RELATIONS, _SHARED, _STYLES, "[Content_Types].xml", "_rels/.rels")
    parts = {name: package.part(name) for name in names if name in package.names}
    formats = _formats(parts.get(_STYLES, b""), package.file)
    lengths = _shared_lengths(parts.get(_SHARED, b""), package.file)
    budget, shown = Budget(package.file), {}
    for sheet, path in _sheet_parts(parts, package).items():
        parts[path] = package.part(path)
        shown[sheet] = _Scan(sheet, formats, lengths, budget).read(parts[path])
    return pack(parts), shown


def _sheet_parts(parts, package) -> dict[str, str]:
    """The part that holds each worksheet; charts and dialogs have none."""
    targets, sheets = {}, {}

    def relation(name, attributes):
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
            targets[attributes.get("Id")] = target

    def sheet(name, attributes):
        if name == "sheet":
            sheets[attributes.get("name", "")] = local_attributes(attributes).get("id")

    parse_xml(parts.get(_RELATIONS) or b"<none/>", package.file, relation)
    parse_xml(parts.get(_WORKBOOK) or b"<none/>", package.file, sheet)
    if len(sheets) > SHEETS:
        raise InputError(f"{package.file}: has {len(sheets)} sheets. Expected at most {SHEETS}.")
    return {name: targets[key] for name, key in sheets.items() if key in targets}


def _formats(xml, file) -> list[str]:
    """The number format of each cell style; empty for General, text and dates."""
    codes, styles, inside = dict(BUILT_IN), [], []

    def start(name, attributes):
        if name == "numFmt" and "cellXfs" not in inside:
            codes[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside.append(name)
        elif name == "xf" and inside:
            code = codes.get(int(attributes.get("numFmtId", 0)), "")
            styles.append(format_code(code))

    def end(name):
        if name == "cellXfs":
            inside.clear()

    parse_xml(xml or b"<none/>", file, start, end)
    return styles


def format_code(code: str) -> str:
    """The code of a number format that decides what a figure looks like; empty for General, text and dates.

    >>> format_code("dd/mm/yyyy"), format_code('0 "days"'), format_code("[Red]0%"), format_code("@")
    ('', '0 "days"', '[Red]0%', '')
    """
    dated = _DATE.search(re.sub(r"\[[^\]]*\]|\\.", "", code))
    return "" if dated or code in ("General", "@") else code


def _shared_lengths(xml, file) -> list[int]:
    """How long each shared text is: a cell holds only its number, and reading copies the text for each cell."""
    lengths = []

    def start(name, _):
        if name == "si":
            lengths.append(0)

    def text(characters):
        if lengths:
            lengths[-1] += len(characters)

    parse_xml(xml or b"<none/>", file, start, text=text)
    return lengths


class _Scan:
    """One pass over a worksheet's XML."""

    def __init__(self, sheet, formats, lengths, budget):
        self.sheet, self.formats, self.lengths, self.budget = sheet, formats, lengths, budget
        self.shown, self.columns = {}, {}
        self.row, self.column, self.height, self.width = -1, -1, 0, 0
        self.cell, self.formula, self.result, self.pieces = {}, False, False, None

    def read(self, xml: bytes) -> dict:
        parse_xml(xml, self.budget.file, self.start, self.end, self.text)
        self.budget.sheet(self.sheet, self.height, self.width)
        return self.shown

    def start(self, name, attributes):
        if name == "c":
            self.cell, self.formula, self.result = attributes, False, False
            self._place(attributes.get("r"))
        elif name in ("v", "t"):
            self.pieces = []
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
            self.budget.rows(self.sheet, self.row + 1)

    def text(self, characters):
        if self.pieces is not None:
            self.pieces.append(characters)

    def end(self, name):
        if name in ("v", "t"):
            self._value("".join(self.pieces))
            self.pieces = None
        elif name == "c" and self.formula and not self.result:
            self.shown[self.row, self.column] = UNSAVED
            self._used()

    def _place(self, text):
        self.column += 1
        if text:
            found = _PLACE.fullmatch(text)
            if not found:
                raise InputError(f"{self.budget.file}, sheet '{self.sheet}': has a cell called '{text[:20]}'.")
            letters = found[1]
            if letters not in self.columns:
                self.columns[letters] = column_number(letters)
            self.row, self.column = int(found[2]) - 1, self.columns[letters]

    def _value(self, text):
        kind, place = self.cell.get("t", "n"), (self.row, self.column)
        if not text and kind != "str":
            return
        self._used()
        self.result = True
        if kind == "s":
            number = int(text) if text.isdecimal() and len(text) < 9 else -1
            self.budget.text(self.lengths[number] if 0 <= number < len(self.lengths) else 0)
        elif kind == "e":
            self.shown[place] = text
        elif kind == "n":
            style = int(self.cell.get("s", 0))
            code = self.formats[style] if style < len(self.formats) else ""
            if code:
                self.shown[place] = shown_text(_number(text, self.budget.file), code)
        else:
            self.budget.text(len(text))

    def _used(self):
        self.height, self.width = max(self.height, self.row + 1), max(self.width, self.column + 1)


def _number(text, file):
    try:
        return float(text)
    except ValueError:
        raise InputError(f"{file}: has a cell whose number is '{text[:20]}'. Save it again by a spreadsheet.") from None
