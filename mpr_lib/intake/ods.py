"""Workbooks of LibreOffice (.ods): the cells of their sheets, read out of their XML within the limits."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import product

from mpr_lib.errors import InputError
from mpr_lib.intake.packages import COLUMNS, SHEETS, Budget, Package, password_message, walk
from mpr_lib.intake.spreadsheet import BY_HAND, UNSAVED, Sheet, day_or_moment, refuse_linked

_NUMBERS = ("float", "currency", "percentage")
_UNSHOWN = (
    "holds a number and does not say how it is shown. "
    "Expected both: open the file in a spreadsheet, save it and import it again."
)
_PART_OF_DATE = re.compile(r"(\d{1,2}\W+)?[^\W\d]{3,}|\d{4}")
_LINK = r"(?:'|&apos;|&#39;)#|DDE"
_BETWEEN = {"tab": " ", "line-break": "\n"}


def read_ods(package: Package) -> list[tuple[Sheet, bool]]:
    """The sheets of a workbook, each with whether it is visible.

    Raises ``InputError`` for links to other files, a password, entities, and more than the limits allow.
    """
    if b"encryption-data" in package.part("META-INF/manifest.xml"):
        raise InputError(password_message(package.file))
    manual = re.search(rb'"AutoCalculate"[^>]*>\s*false', package.part("settings.xml"))
    reader = _Reader(package.file, BY_HAND if manual else "")
    # A result that is an empty text is written by a spreadsheet as others write what was never worked out.
    reader.lets_blank = bool(re.search(rb"generator>[^<]*Office", package.part("meta.xml")))
    return reader.read(package.part("content.xml"))


class _Reader:
    """Reads sheet after sheet; rows and cells may be written once and repeated, blank ones a million times."""

    def __init__(self, file: str, remark: str):
        self.budget, self.remark, self.lets_blank = Budget(file), remark, False
        self.sheets: list[tuple[Sheet, bool]] = []
        self.hidden, self.style, self.names, self.formulas = set(), "", {}, defaultdict(dict)
        self.kept, self.has_links = set(), False
        self.sheet, self.is_hidden, self.repeat, self.column = Sheet(file, "", []), False, 1, 0
        self.row, self.cells, self.columns = 0, [], 0
        self.struck: set[str | None] = set()

    def read(self, xml) -> list[tuple[Sheet, bool]]:
        self.has_links = bool(re.search(_LINK.encode(), xml))
        for tag, attributes, seen in _with_texts(walk(xml, self.budget.file)):
            match tag:
                case "table-source" if self.sheet.name.startswith("'"):
                    # What was last read of another file, kept as a sheet.
                    self.kept.add(self.sheet.name)
                case "named-range" | "named-expression":
                    text = attributes.get("table:expression", attributes.get("table:cell-range-address", ""))
                    self.names[attributes.get("table:name", "")] = text
                case "table-source" | "cell-range-source" | "dde-source" | "dde-link":
                    raise InputError(
                        f"{self.budget.file}: has links to other files, so its figures may be out of date. "
                        "Break the links (in Excel: Data, Edit links), save it and import it again."
                    )
                case "style":
                    self.style = attributes.get("style:name")
                case "text-properties" if attributes.get("style:text-line-through-style", "none") != "none":
                    self.struck.add(self.style)
                case "table-properties" if attributes.get("table:display") == "false":
                    self.hidden.add(self.style)
                case "table":
                    self._begin(attributes)
                case "table-column":
                    self._column(attributes)
                case "table-row":
                    self.repeat, self.column = max(1, int(attributes.get("table:number-rows-repeated", 1))), 0
                    self.is_hidden = attributes.get("table:visibility", "visible") != "visible"
                case "/table-cell" | "/covered-table-cell":
                    self._cell(attributes, seen)
                case "/table-row":
                    rows = self.sheet.rows
                    if self.cells and self.is_hidden:
                        self.sheet.hidden.update((row, None) for row in range(self.row, self.row + self.repeat))
                    if self.cells:
                        rows += [[]] * (self.row - len(rows)) + [self.cells] * self.repeat
                    self.row, self.cells = self.row + self.repeat, []
                case "/table":
                    if self.sheet.name in self.formulas:
                        self.sheets[-1] = replace(self.sheet, remark=self.remark), self.sheets[-1][1]
                    self.budget.sheet(self.sheet.name, len(self.sheet.rows), max(map(len, self.sheet.rows), default=0))
        refuse_linked((sheet for sheet, _ in self.sheets), self.names, self.formulas, _LINK)
        return [each for each in self.sheets if each[0].name not in self.kept]

    def _begin(self, attributes):
        self.sheet = Sheet(self.budget.file, attributes.get("table:name", ""), [])
        self.sheets.append((self.sheet, attributes.get("table:style-name") not in self.hidden))
        self.row, self.cells, self.columns = 0, [], 0
        if len(self.sheets) > SHEETS:
            raise InputError(f"{self.budget.file}: has more than {SHEETS} sheets.")

    def _column(self, column):
        start, times = self.columns, int(column.get("table:number-columns-repeated", 1))
        self.columns = min(start + times, COLUMNS)
        if column.get("table:visibility", "visible") != "visible":
            self.sheet.hidden.update((None, each) for each in range(start, self.columns))

    def _cell(self, cell, seen):
        """Add a cell, as often as it is repeated; ``seen`` is None where it has no paragraph."""
        times, kind = max(1, int(cell.get("table:number-columns-repeated", 1))), cell.get("office:value-type", "")
        start, self.column = self.column, self.column + times
        if not (seen or kind or "table:formula" in cell):
            return
        sheet, until = self.sheet, (self.row + self.repeat, self.column)
        # Its limits alone, before the cells are kept; the sheet is counted when it is whole.
        Budget(self.budget.file).sheet(sheet.name, *until)
        self.budget.text(len(seen or "") * times * self.repeat)
        self.cells += [None] * (start - len(self.cells)) + [_value(cell, kind, seen)] * times
        formula, places = "table:formula" in cell, list(product(range(self.row, until[0]), range(start, until[1])))
        if self.struck & {*cell.get("spans", "").split(), cell.get("table:style-name")}:
            sheet.struck.update(places)
        if cell["comment"]:
            sheet.comments.update(dict.fromkeys(places, cell["comment"]))
        if formula:
            self.formulas[sheet.name] |= dict.fromkeys(places if self.has_links else (), cell["table:formula"])
        if formula and not kind and not (seen or (self.lets_blank and seen is not None)):
            sheet.refused.update(dict.fromkeys(places, UNSAVED))
        elif kind in _NUMBERS:
            sheet.formats.update(dict.fromkeys(places, "%") if kind == "percentage" else {})
            found, what = (sheet.refused, _UNSHOWN) if seen is None else (sheet.shown, seen)
            found.update(dict.fromkeys(places, what))
        elif kind == "date" and _PART_OF_DATE.fullmatch(seen or ""):
            sheet.shown.update(dict.fromkeys(places, seen))


def _value(cell, kind, seen):
    """What a cell holds: a number, a date, true or false, or else a text."""
    if kind in _NUMBERS:
        return float(cell["office:value"])
    if kind == "boolean":
        return cell.get("office:boolean-value") == "true"
    if kind == "date":
        with suppress(KeyError, ValueError):
            return day_or_moment(datetime.fromisoformat(cell["office:date-value"]))
    return cell.get("office:string-value") if seen is None else seen


def _with_texts(tags) -> Iterator[tuple[str, dict[str, str], str | None]]:
    """Each tag with its attributes; the end of a cell with those of its start, and with its own paragraphs as text.

    Comments, pictures and text boxes lie in a cell too, with paragraphs of theirs. The text is None without any. A
    cell's attributes get what these say as ``comment``, and as ``spans`` the styles of parts of its text.
    """
    depth, start, cell, pieces, own, beside = 0, -2, {}, [], False, []
    for tag, attributes, text in tags:
        if own:
            spaces = " " * min(int(attributes.get("text:c", 1)), 100) if tag == "s" else ""
            pieces += [text, _BETWEEN.get(tag, spaces)]
            if tag == "span":
                cell["spans"] = f"{cell.get('spans', '')} {attributes.get('text:style-name')}"
        elif tag != "/date":
            beside.append(text)
        depth += -1 if tag.startswith("/") else 1
        if tag in ("table-cell", "covered-table-cell"):
            start, cell, pieces, beside = depth, attributes, [], []
        elif tag == "p" and depth == start + 1:
            own = True
            pieces.append("\n")
        elif tag == "/p" and depth == start:
            own = False
        if tag in ("/table-cell", "/covered-table-cell"):
            cell["comment"] = " ".join(" ".join(beside).split())
            yield tag, cell, "".join(pieces).strip() if pieces else None
        else:
            yield tag, attributes, None
