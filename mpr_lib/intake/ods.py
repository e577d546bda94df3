"""Workbooks of LibreOffice (.ods): what their XML says beside the values, and that it is safe to read them."""

import re
from itertools import product

from mpr_lib.errors import InputError
from mpr_lib.intake.packages import SHEETS, Budget, Package, links_message, pack, password_message, walk
from mpr_lib.intake.spreadsheet import UNSAVED, Place, shown_text

_PLAIN = re.compile(r"-?[£€$]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")
_NUMBERS = ("float", "currency", "percentage")
_KEPT = ("mimetype", "META-INF/manifest.xml", "content.xml")


def inspect_ods(package: Package):
    """Check a workbook against the limits; return a clean copy and what its sheets' cells show.

    Raises ``InputError`` for links to other files, entities, and more than the limits allow.
    """
    parts = {name: package.part(name) for name in _KEPT if name in package.names}
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise InputError(password_message(package.file))
    return pack(parts), _shown(parts["content.xml"], Budget(package.file))


def _shown(xml, budget) -> dict[str, dict[Place, str]]:
    """What the cells of each sheet show where that is not their value; all that they hold is counted.

    Rows and cells may be written once and repeated; blank ones often are, a million times.
    """
    sheets, name, shown, cell, pieces = {}, "", {}, {}, []
    row, column, height, width, repeat, used = 0, 0, 0, 0, 1, 0
    for tag, attributes, text in walk(xml, budget.file):
        if text:
            pieces.append(text)
        match tag:
            case "table-source" | "cell-range-source" | "dde-source" | "dde-link":
                raise InputError(links_message(budget.file))
            case "table":
                name, row, height, width = attributes.get("table:name", ""), 0, 0, 0
                shown = sheets[name] = {}
                if len(sheets) > SHEETS:
                    raise InputError(f"{budget.file}: has more than {SHEETS} sheets.")
            case "table-row":
                repeat, column, used = max(1, int(attributes.get("table:number-rows-repeated", 1))), 0, 0
            case "table-cell" | "covered-table-cell":
                cell, pieces = attributes, []
            case "p":
                pieces.append("\n")
            case "/table-cell" | "/covered-table-cell":
                times, seen = max(1, int(cell.get("table:number-columns-repeated", 1))), "".join(pieces).strip()
                if seen or {"office:value-type", "table:formula"} & cell.keys():
                    used = column + times
                    # Its limits alone, before the cells are kept; the sheet is counted when it is whole.
                    Budget(budget.file).sheet(name, row + repeat, used)
                    budget.text(len(seen) * times * repeat)
                    if found := _text(cell, seen):
                        shown.update(dict.fromkeys(product(range(row, row + repeat), range(column, used)), found))
                column += times
            case "/table-row":
                height, width = (row + repeat, max(width, used)) if used else (height, width)
                row += repeat
            case "/table":
                budget.sheet(name, height, width)
    return sheets


def _text(cell, seen) -> str:
    """What a cell shows that is no value: an error, a missing result, a plain figure; a percentage has its sign."""
    kind, plain = cell.get("office:value-type", ""), seen.replace("\u00a0", " ")
    if "table:formula" in cell and seen.startswith("#") and seen.endswith(("!", "?", "A")):
        return seen
    if "table:formula" in cell and not kind:
        return UNSAVED
    if kind in _NUMBERS and _PLAIN.fullmatch(plain) and plain.endswith("%") == (kind == "percentage"):
        return plain
    return shown_text(float(cell.get("office:value", "nan")), "%") if kind == "percentage" else ""
