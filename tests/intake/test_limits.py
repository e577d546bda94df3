"""Files that were made to explode are refused, quickly, in little memory and with a message."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from mpr_lib.intake import packages
from tests.intake.workbooks import HEADINGS, invented, ods, ods_cell, refused, with_parts, xlsx

FILES = Path(__file__).parent / "files"
ROOT = Path(__file__).resolve().parents[2]
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
TOO_WIDE = "Expected at most 3,000,000 cells in a file. Copy the figures alone to a new workbook."
TOO_LONG = "has more than 250,000 rows, blank ones included. Copy the figures alone to a new workbook."
TOO_MUCH = "its cells hold more than 30,000,000 characters. Copy the figures alone to a new workbook."
DECLARES = (
    "its XML declares a document type or entities, which no spreadsheet writes. "
    "Ask for the file again, saved by a spreadsheet."
)


def sheet_of(rows: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def texts_of(inside: str, prolog: str = "") -> str:
    return f"{prolog}<sst {MAIN}><si><t>{inside}</t></si></sst>"


def shown_often(times: int) -> str:
    return "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, times + 1))


def corner(cell: str, row: int) -> str:
    return f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}{row}"><v>1</v></c></row>'


XLSX = {
    "zip bomb": ({SHEET: b" " * 150_000_000}, "june.xlsx: is larger than 120 million bytes when it is unpacked. Copy "
                 "the figures alone to a new workbook."),
    "a million blank rows": ({SHEET: sheet_of("".join(f'<row r="{n}"/>' for n in range(1, 1_048_577)))},
                             f"june.xlsx, sheet 'June': {TOO_LONG}"),
    "a million blank rows without numbers": ({SHEET: sheet_of("<row/>" * 1_048_576)},
                                             f"june.xlsx, sheet 'June': {TOO_LONG}"),
    "two corners": ({SHEET: sheet_of(corner("XFD", 1_048_576))}, f"june.xlsx, sheet 'June': {TOO_LONG}"),
    "two nearer corners": ({SHEET: sheet_of(corner("XFD", 200_000))}, "june.xlsx, sheet 'June': its contents spread "
                           f"over 200,000 rows and 16,384 columns. {TOO_WIDE}"),
    "one long text shown often": ({SHEET: sheet_of(shown_often(40_000)),
                                   "xl/sharedStrings.xml": texts_of("x" * 100_000)},
                                  f"june.xlsx: {TOO_MUCH}"),
    "entities in texts": ({"xl/sharedStrings.xml": texts_of("&l9;", ENTITIES)}, f"june.xlsx: {DECLARES}"),
    "entities in a sheet": ({SHEET: ENTITIES + sheet_of("")}, f"june.xlsx: {DECLARES}"),
    "an external entity": ({SHEET: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + sheet_of("")},
                           f"june.xlsx: {DECLARES}"),
    "a cell beyond every sheet": ({SHEET: sheet_of('<row r="1"><c r="AAAA1"><v>1</v></c></row>')},
                                  "june.xlsx, sheet 'June': has a cell called 'AAAA1'."),
}  # fmt: skip


@pytest.mark.parametrize("name", XLSX)
def test_a_workbook_that_explodes(tmp_path, name):
    parts, message = XLSX[name]
    path = with_parts(xlsx(tmp_path / "june.xlsx", [HEADINGS]), parts)
    assert path.stat().st_size < 8_000_000
    assert refused_in_little_memory(tmp_path, path) == message


ODS = {
    "a row repeated": ([f'<table:table-row table:number-rows-repeated="1048576">{ods_cell("x")}</table:table-row>'],
                       f"june.ods, sheet 'June': {TOO_LONG}"),
    "cells and rows repeated": (['<table:table-row table:number-rows-repeated="200000">' + ods_cell(
        "x", 'office:value-type="string" table:number-columns-repeated="16384"') + "</table:table-row>"],
        f"june.ods, sheet 'June': its contents spread over 200,000 rows and 16,384 columns. {TOO_WIDE}"),
    "a long text repeated": (['<table:table-row table:number-rows-repeated="2000">' + ods_cell("x" * 20_000) +
                              "</table:table-row>"], f"june.ods: {TOO_MUCH}"),
    "a number that is none": (['<table:table-row table:number-rows-repeated="x"></table:table-row>'],
                              "june.ods: is cut off or damaged (invalid literal for int() with base 10: 'x'). Ask for "
                              "it again, or open it in a spreadsheet and save it."),
}  # fmt: skip


@pytest.mark.parametrize("name", ODS)
def test_an_ods_workbook_that_explodes(tmp_path, name):
    rows, message = ODS[name]
    assert refused_in_little_memory(tmp_path, ods(tmp_path / "june.ods", rows)) == message


def test_entities_in_an_ods_workbook(tmp_path):
    assert refused_in_little_memory(tmp_path, ods(tmp_path / "june.ods", [], ENTITIES)) == f"june.ods: {DECLARES}"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("spread.xls", f"spread.xls, sheet 'S0': its contents spread over 65,536 rows and 256 columns. {TOO_WIDE}"),
        ("repeated.xls", f"repeated.xls: {TOO_MUCH}"),
    ],
)
def test_an_old_workbook_that_explodes(tmp_path, name, message):
    assert refused_in_little_memory(tmp_path, FILES / name) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("\n" * 1_000_000 + "x", f"june.csv: {TOO_LONG}"),
        ("Code,Month,Value\n" + "," * 2_000_000, "june.csv: has a line of more than 1,000,000 characters. Expected a "
         "line for each row."),
        ("," * 999_999 + "\nx\ny\nz", f"june.csv: its contents spread over 4 rows and 1,000,000 columns. {TOO_WIDE}"),
        ("Code,Month,Value\n" + "x" * 40_000_000, f"june.csv: {TOO_MUCH}"),
    ],
    ids=["a million blank lines", "a long line", "a wide line", "one long text"],
)  # fmt: skip
def test_a_text_file_that_explodes(tmp_path, content, message):
    (tmp_path / "june.csv").write_text(content)
    assert refused_in_little_memory(tmp_path, tmp_path / "june.csv") == message


def test_an_archive_of_a_million_parts(tmp_path):
    path = tmp_path / "june.xlsx"
    entry = b"PK\x01\x02" + bytes(42)
    path.write_bytes(b"PK\x03\x04" + entry * 1_000_000)
    assert refused_in_little_memory(tmp_path, path) == (
        "june.xlsx: holds more than 5,000 parts. Copy the figures to a new workbook."
    )


def test_a_part_that_holds_more_than_it_claims(tmp_path):
    path = with_parts(xlsx(tmp_path / "june.xlsx", [HEADINGS]), {SHEET: b" " * 600_000_000})
    claimed, small = (struct.pack("<I", size) for size in (600_000_000, 1_000))
    assert path.read_bytes().count(claimed) == 2
    path.write_bytes(path.read_bytes().replace(claimed, small))
    assert refused_in_little_memory(tmp_path, path).startswith("june.xlsx: is cut off or damaged (Bad CRC-32")


def test_a_file_that_is_too_large_is_not_even_read(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "FILE_BYTES", 1_000)
    (tmp_path / "june.csv").write_text("x" * 1_001)
    assert refused(invented(tmp_path, {"A": "%"}), tmp_path / "june.csv") == (
        "june.csv: is larger than 0 million bytes. Copy the figures alone to a new workbook."
    )


OPEN = """
import re, sys
from pathlib import Path
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
except ImportError:
    pass
from mpr_lib.intake.opening import open_file
from mpr_lib.errors import InputError
try:
    open_file(Path(sys.argv[1]))
    print("not refused")
except InputError as error:
    print(error)
status = Path("/proc/self/status")
print(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1] if status.exists() else 0)
"""


def refused_in_little_memory(folder: Path, path: Path) -> str:
    """What a process of its own says of a file; it may take 300 million bytes for it, all that it imports included."""
    found = subprocess.run(
        [sys.executable, "-c", OPEN, path], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert found.returncode == 0, found.stderr
    message, kilobytes = found.stdout.strip().rsplit("\n", 1)
    assert int(kilobytes) < 300_000
    return message
