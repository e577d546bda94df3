"""Workbooks of Excel (.xlsx, .xlsm): the cells of their sheets, and what their XML says beside the values."""

import posixpath
from collections import defaultdict
from dataclasses import replace
from itertools import product

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from mpr_lib.errors import InputError
from mpr_lib.intake.number_formats import BUILT_IN, format_code
from mpr_lib.intake.packages import COLUMNS, SHEETS, Budget, Package, pack, walk
from mpr_lib.intake.spreadsheet import AGAIN, BY_HAND, UNSAVED, Place, Sheet, as_text, refuse_linked

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHARED, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"


_OFF = ("0", "false")
_RULED = (
    "has a rule that may show it in another format (conditional formatting). "
    "Expected one format: clear the rule, look at the figure and import the file again."
)


def read_xlsx(package: Package) -> list[tuple[Sheet, bool]]:
    """The sheets of a workbook, each with whether it is visible.

    Raises ``InputError`` for entities and more than the limits allow, and ``ValueError`` where
    the values cannot be read, in whatever way.
    """
    # Loaded when needed: text files and other workbooks go without the reader.
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    content, beside = _inspect(package)
    try:
        workbook, sheets = CalamineWorkbook.from_filelike(content), []
        for data in workbook.sheets_metadata:
            if data.typ == SheetTypeEnum.WorkSheet:
                visible = data.visible == SheetVisibleEnum.Visible
                rows = workbook.get_sheet_by_name(data.name).to_python(skip_empty_area=False) if visible else []
                sheets.append((_whole(data.name, rows, beside.get(data.name), package.file), visible))
        return sheets
    except BaseException as error:
        # The reader has an error class for each format; some faults come as Python's own, some as panics.
        if isinstance(error, InputError | KeyboardInterrupt | SystemExit):
            raise
        raise ValueError(str(error).partition("\n")[0]) from None


def _whole(name, rows, beside, file) -> Sheet:
    """A sheet with its values; in the areas of a reason each cell that is filled is refused for it."""
    if not beside:
        return Sheet(file, name, rows)
    sheet, areas = replace(beside[0], rows=rows), beside[1]
    height, width, limit = len(rows), max(map(len, rows), default=0), Budget(file)
    for area, reason in areas:
        left, top, right, bottom = range_boundaries(area)
        across = range((left or 1) - 1, min(right or width, width))
        down = range((top or 1) - 1, min(bottom or height, height))
        # One area may be as large as the sheet, and there may be many.
        limit.sheet(name, len(down), len(across))
        for place in product(down, across):
            value = as_text(sheet.value(*place))
            if value and (reason != UNSAVED or _is_nothing(value)):
                sheet.refused[place] = reason
    return sheet


def _inspect(package: Package):
    """Check a workbook against the limits; return a clean copy and what its sheets have beside their values.

    For each sheet that is a ``Sheet`` without rows, and the areas whose cells are refused, each with its reason.
    """
    names = (_WORKBOOK, _RELATIONS, _SHARED, _STYLES, "[Content_Types].xml", "_rels/.rels")
    parts = {name: package.part(name) for name in names if name in package.names}
    has_links = any(name.startswith("xl/externalLinks/") for name in package.names)
    walker = _Walker(package.file, parts, has_links)
    beside = {}
    for sheet, path in _sheet_parts(parts, package).items():
        parts[path] = package.part(path)
        beside[sheet] = walker.sheet(sheet, parts[path])
        folder, name = posixpath.split(path)
        relations = package.part(f"{folder}/_rels/{name}.rels")
        for comments in _related(relations, folder, "comments", package.file).values():
            beside[sheet][0].comments.update(walker.comments(sheet, package.part(comments)))
    if walker.has_links:
        refuse_linked((sheet for sheet, _ in beside.values()), walker.names, walker.formulas, r"\[\d+\]")
    return pack(parts), beside


def _sheet_parts(parts, package) -> dict[str, str]:
    """The part that holds each worksheet; charts and dialogs have none."""
    targets, sheets = _related(parts.get(_RELATIONS, b""), "xl", "worksheet", package.file), {}
    for tag, attributes, _ in walk(parts.get(_WORKBOOK, b""), package.file):
        if tag == "sheet":
            sheets[attributes.get("name", "")] = {key.rpartition(":")[2]: value for key, value in attributes.items()}
    if len(sheets) > SHEETS:
        raise InputError(f"{package.file}: has {len(sheets)} sheets. Expected at most {SHEETS}.")
    return {name: targets[sheet["id"]] for name, sheet in sheets.items() if sheet.get("id") in targets}


def _related(xml, folder, kind, file) -> dict[str | None, str]:
    """The parts of a kind to which relations of a part in a folder lead, by their ids."""
    found = [attributes for tag, attributes, _ in walk(xml, file) if tag == "Relationship"]
    lead = {each.get("Id"): each.get("Target", "") for each in found if each.get("Type", "").endswith(f"/{kind}")}
    return {key: posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/") for key, target in lead.items()}


def _formats(xml, file) -> tuple[list[str], set[str], set[int]]:
    """The number format of each cell style, the numbers of rules' styles that have one, and of those struck out."""
    codes, styles, ruled, part, rules = dict(BUILT_IN), [], set(), "", 0
    fonts, struck = 0, set()
    for tag, attributes, _ in walk(xml, file):
        if tag in ("numFmts", "cellXfs", "dxfs", "fonts"):
            part = tag
        elif tag.removeprefix("/") == part:
            part = ""
        elif tag == "dxf":
            rules += 1
        elif tag == "numFmt" and part == "dxfs":
            ruled.add(str(rules - 1))
        elif tag == "numFmt" and part == "numFmts":
            codes[int(attributes.get("numFmtId", 0))] = format_code(attributes.get("formatCode", ""))
        elif tag == "font" and part == "fonts":
            fonts += 1
        elif tag == "strike" and part == "fonts" and attributes.get("val") not in _OFF:
            struck.add(fonts - 1)
        elif tag == "xf" and part == "cellXfs":
            styles.append((int(attributes.get("numFmtId", 0)), int(attributes.get("fontId", 0))))
    struck = {number for number, (_, font) in enumerate(styles) if font in struck}
    return [codes.get(number, "") for number, _ in styles], ruled, struck


def _shared(xml, file) -> tuple[list[int], set[int]]:
    """How long each shared text is, and which have a part that is struck out.

    A cell holds only a text's number, and reading copies the text for each cell.
    """
    lengths, struck = [], set()
    for tag, attributes, text in walk(xml, file):
        if tag == "si":
            lengths.append(0)
        elif lengths:
            lengths[-1] += len(text)
        if tag == "strike" and attributes.get("val") not in _OFF:
            struck.add(len(lengths) - 1)
    return lengths, struck


class _Walker:
    """Walks through the parts of one workbook and counts all that its cells hold."""

    def __init__(self, file, parts, has_links):
        self.budget, self.has_links = Budget(file), has_links
        self.formats, self.ruled, self.struck = _formats(parts.get(_STYLES, b""), file)
        self.lengths, self.struck_texts = _shared(parts.get(_SHARED, b""), file)
        self.names, self.formulas = {}, defaultdict(dict)
        calculation, name = {}, ""
        for tag, attributes, text in walk(parts.get(_WORKBOOK, b""), file):
            if tag == "calcPr":
                calculation = attributes
            elif tag == "definedName":
                name = attributes.get("name", "")
            elif tag == "/definedName":
                self.names[name] = text
        again = calculation.get("fullCalcOnLoad", "0"), calculation.get("calcCompleted", "1")
        # A program asks for it that writes formulas without working them out; for a result most of them write 0.
        self.stale = again[0] in ("1", "true") or again[1] in ("0", "false")
        self.remark = AGAIN if self.stale else BY_HAND if calculation.get("calcMode") == "manual" else ""

    def sheet(self, name, xml) -> tuple[Sheet, list[tuple[str, str]]]:
        """What a worksheet has beside the values: a sheet without rows, and areas to be refused with the reason."""
        sheet, areas, area, remark = Sheet(self.budget.file, name, []), [], "", ""
        row, column, height, width, cell, pieces, formula = -1, -1, 0, 0, {}, [], False
        for tag, attributes, text in walk(xml, self.budget.file):
            match tag:
                case "c":
                    reference, formula = attributes.get("r"), False
                    row, column = self._place(reference, name) if reference else (row, column + 1)
                    cell, pieces = attributes, []
                case "strike" if attributes.get("val") not in _OFF:
                    sheet.struck.add((row, column))
                case "f":
                    formula = True
                    if self.stale and attributes.get("t") in ("array", "dataTable") and attributes.get("ref"):
                        areas.append((attributes["ref"], UNSAVED))
                case "/f" if self.has_links:
                    self.formulas[name][row, column] = text
                case "/v" | "/t" if text or cell.get("t") == "str":
                    pieces.append(text)
                case "/c" if formula or pieces:
                    height, width = max(height, row + 1), max(width, column + 1)
                    value = "".join(pieces)
                    if formula and (not pieces or (self.stale and _is_nothing(value))):
                        sheet.refused[row, column] = UNSAVED
                    else:
                        remark = self.remark if formula else remark
                        self._add(sheet, (row, column), cell, value)
                case "col" if attributes.get("hidden") in ("1", "true"):
                    last = min(int(attributes.get("max", 1)), COLUMNS)
                    sheet.hidden.update((None, each - 1) for each in range(int(attributes.get("min", 1)), last + 1))
                case "row":
                    row, column = int(attributes.get("r", row + 2)) - 1, -1
                    if attributes.get("hidden") in ("1", "true"):
                        sheet.hidden.add((row, None))
                    self.budget.rows(name, row + 1)
                case "conditionalFormatting":
                    area = attributes.get("sqref", "")
                case "cfRule" if attributes.get("dxfId") in self.ruled:
                    areas += [(each, _RULED) for each in area.split()]
        self.budget.sheet(name, height, width)
        return replace(sheet, remark=remark), areas

    def comments(self, sheet, xml) -> dict[Place, str]:
        """What the comments on a sheet's cells say; of a thread, without what programs write before it."""
        found, place = defaultdict(str), (0, 0)
        for tag, attributes, text in walk(xml, self.budget.file):
            place = self._place(attributes.get("ref", ""), sheet) if tag == "comment" else place
            found[place] += text if tag == "/t" else ""
        return {place: " ".join(text.rpartition("Comment:\n")[2].split()) for place, text in found.items()}

    def _place(self, text, sheet) -> Place:
        try:
            row, column = coordinate_to_tuple(text)
        except ValueError:
            raise InputError(f"{self.budget.file}, sheet '{sheet}': has a cell called '{text[:20]}'.") from None
        return row - 1, column - 1

    def _add(self, sheet, place, cell, value):
        """Keep an error, and the number format of a number or a text; texts are counted."""
        kind, style = cell.get("t", "n"), int(cell.get("s", 0))
        if style in self.struck or (kind == "s" and int(value) in self.struck_texts):
            sheet.struck.add(place)
        if kind == "e":
            sheet.shown[place] = value
        elif kind not in ("b", "d") and style < len(self.formats) and self.formats[style]:
            sheet.formats[place] = self.formats[style]
        if kind not in ("e", "n"):
            self.budget.text(self.lengths[int(value)] if kind == "s" else len(value))


def _is_nothing(value) -> bool:
    """Whether a value is what programs write for the result of a formula that they did not work out."""
    return value in ("", "0", "0.0")
