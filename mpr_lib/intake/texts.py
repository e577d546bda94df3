"""Text files: their encoding, and the ways in which their lines may be divided into cells."""

import csv
import io
import re

from mpr_lib.errors import InputError
from mpr_lib.intake.grid import Sheet
from mpr_lib.intake.limits import CELLS, LINE, Budget

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}


def decode(raw: bytes, file: str) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8, UTF-16, or else Windows-1252.

    Nothing is guessed from the frequency of letters. Raises ``InputError`` for what is in none of the three.

    >>> decode(b"caf\\xc3\\xa9", "x.csv"), decode(b"\\xa31", "x.csv")
    (('café', 'UTF-8'), ('£1', 'Windows-1252'))
    """
    for encoding, name in _likely(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search("[\x00-\x08\x0e-\x1f\x7f]", text):
            return text.removeprefix("\ufeff"), name
    raise InputError(
        f"{file}: is not text in UTF-8, UTF-16 or Windows-1252, or is no text at all. "
        "Expected a CSV file or a workbook. Open it in a spreadsheet and save it as 'CSV UTF-8'."
    )


def divided(text: str, file: str, remark: str) -> list[Sheet]:
    """The text divided in each way that gives more than one cell somewhere. Raises ``InputError`` where none does."""
    Budget(file).text(len(text))
    if re.search(rf"[^\r\n]{{{LINE}}}", text):
        raise InputError(f"{file}: has a line of more than {LINE:,} characters. Expected a line for each row.")
    sheets = []
    for delimiter, name in DELIMITERS.items():
        if delimiter in text:
            try:
                rows = _rows(text, delimiter, file)
            except csv.Error as error:
                if delimiter == max(DELIMITERS, key=text.partition("\n")[0].count):
                    raise InputError(
                        f"{file}: cannot be read as CSV ({error}). Look for a quote that is not closed: the file may "
                        "be cut off."
                    ) from None
                continue
            sheets.append(Sheet(file, "", rows, remark=f"{remark}, {name} between cells"))
    if sheets:
        return sheets
    lines = text.splitlines()
    Budget(file).rows("", len(lines))
    return [Sheet(file, "", [[line] for line in lines], remark=remark)]


def _rows(text, delimiter, file):
    budget, rows, width = Budget(file), [], 0
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for row in lines:
        rows.append(row)
        width = max(width, len(row))
        budget.rows("", len(rows))
        if len(rows) * width > CELLS:
            budget.sheet("", len(rows), width)
    return rows


def _likely(raw):
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [("utf-16", "UTF-16")]
    head = raw[:4096]
    if head.count(0) * 3 > len(head):
        return [("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be", "UTF-16")]
    return [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")]
