"""Workbooks of Excel (.xlsx, .xlsm): what their XML says beside the values, and that it is safe to read them."""

import posixpath

from openpyxl.utils.cell import coordinate_to_tuple

from mpr_lib.errors import InputError
from mpr_lib.intake.packages import SHEETS, Budget, Package, links_message, pack, walk
from mpr_lib.intake.spreadsheet import BUILT_IN, UNSAVED, Place, format_code, shown_text

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHARED, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"


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
        shown[sheet] = _shown(sheet, parts[path], formats, lengths, budget)
    return pack(parts), shown


def _sheet_parts(parts, package) -> dict[str, str]:
    """The part that holds each worksheet; charts and dialogs have none."""
    targets, sheets = {}, {}
    for tag, attributes, _ in walk(parts.get(_RELATIONS, b""), package.file):
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
            targets[attributes.get("Id")] = target
    for tag, attributes, _ in walk(parts.get(_WORKBOOK, b""), package.file):
        if tag == "sheet":
            sheets[attributes.get("name", "")] = {key.rpartition(":")[2]: value for key, value in attributes.items()}
    if len(sheets) > SHEETS:
        raise InputError(f"{package.file}: has {len(sheets)} sheets. Expected at most {SHEETS}.")
    return {name: targets[sheet["id"]] for name, sheet in sheets.items() if sheet.get("id") in targets}


def _formats(xml, file) -> list[str]:
    """The number format of each cell style; empty for General, text and dates."""
    codes, styles, inside = dict(BUILT_IN), [], False
    for tag, attributes, _ in walk(xml, file):
        if tag == "numFmt":
            codes[int(attributes.get("numFmtId", 0))] = format_code(attributes.get("formatCode", ""))
        elif tag.removeprefix("/") == "cellXfs":
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            styles.append(codes.get(int(attributes.get("numFmtId", 0)), ""))
    return styles


def _shared_lengths(xml, file) -> list[int]:
    """How long each shared text is: a cell holds only its number, and reading copies the text for each cell."""
    lengths = []
    for tag, _, text in walk(xml, file):
        if tag == "si":
            lengths.append(0)
        elif lengths:
            lengths[-1] += len(text)
    return lengths


def _shown(sheet, xml, formats, lengths, budget) -> dict[Place, str]:
    """What the cells of a worksheet show where that is not their value; all that they hold is counted."""
    shown, row, column, height, width = {}, -1, -1, 0, 0
    cell, pieces, formula = {}, [], False
    for tag, attributes, text in walk(xml, budget.file):
        match tag:
            case "c":
                row, column = _place(attributes["r"], sheet, budget.file) if attributes.get("r") else (row, column + 1)
                cell, pieces, formula = attributes, [], False
            case "f":
                formula = True
            case "/v" | "/t" if text or cell.get("t") == "str":
                pieces.append(text)
            case "/c" if formula or pieces:
                height, width = max(height, row + 1), max(width, column + 1)
                if found := _text(cell, "".join(pieces), formats, lengths, budget) if pieces else UNSAVED:
                    shown[row, column] = found
            case "row":
                row, column = int(attributes.get("r", row + 2)) - 1, -1
                budget.rows(sheet, row + 1)
    budget.sheet(sheet, height, width)
    return shown


def _place(text, sheet, file) -> Place:
    try:
        row, column = coordinate_to_tuple(text)
    except ValueError:
        raise InputError(f"{file}, sheet '{sheet}': has a cell called '{text[:20]}'.") from None
    return row - 1, column - 1


def _text(cell, value, formats, lengths, budget) -> str:
    """The error or the number in its format that a cell shows; empty for others, whose texts are counted."""
    kind, style = cell.get("t", "n"), int(cell.get("s", 0))
    if kind == "e":
        return value
    if kind == "n":
        code = formats[style] if style < len(formats) else ""
        return shown_text(float(value), code) if code else ""
    budget.text(lengths[int(value)] if kind == "s" else len(value))
    return ""
