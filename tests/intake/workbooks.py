"""Workbooks and text files to import, made on the spot, and what an import makes of them."""

import csv
import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd

from mpr_lib.book import Workspace
from mpr_lib.errors import InputError
from mpr_lib.intake.importing import plan_import
from mpr_lib.intake.plan import Plan
from tests.helpers import SMALL, small_workspace

JUNE = pd.Period("2018-06", freq="M")
HEADINGS = ["Code", "Month", "Value", "Note"]


def invented(folder: Path, units: dict[str, str], **files: str) -> Path:
    """A workspace whose indicators have these codes and units. A unit may be followed by a frequency."""
    head = SMALL["data/indicators.csv"].splitlines()[0]
    parts = {code: re.fullmatch(r"(.*?)(?: ([A-Z_]+LY))?", unit).groups("") for code, unit in units.items()}
    rows = [
        f'{code},Name of {code},,SAFE,,,,,MAXIMISE,SNAPSHOT,"{unit}",1,{often},,,,,,'
        for code, (unit, often) in parts.items()
    ]
    nothing = "indicator_code,month,value,note\n"
    changes = {"data/indicators.csv": "\n".join([head, *rows]) + "\n", "data/returns/2018-04.csv": nothing}
    targets = SMALL["data/targets.csv"].splitlines()[0] + "\n"
    changes |= {"data/returns/2018-05.csv": nothing, "data/targets.csv": targets}
    return small_workspace(folder, changes | {f"data/{name.replace('__', '.')}": text for name, text in files.items()})


def xlsx(path: Path, rows: list[list], formats: dict[str, str] | None = None, sheet: str = "June") -> Path:
    """Write a workbook of one sheet; ``formats`` are number formats by cell."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.active.title = sheet
    for row in rows:
        workbook.active.append(row)
    for cell, code in (formats or {}).items():
        workbook.active[cell].number_format = code
    workbook.save(path)
    return path


def text_file(path: Path, rows: list[list], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write rows as a text file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def ods_cell(value, attributes: str = "") -> str:
    """A cell of an .ods sheet: a text, or whatever the attributes say."""
    kind = attributes or 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def ods(path: Path, rows: list[str], prolog: str = "", before: str = "") -> Path:
    """Write an .ods workbook of one sheet from the XML of its rows."""
    spaces = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")}
    spaces["xlink"] = "http://www.w3.org/1999/xlink"
    names = " ".join(f'xmlns:{name}="{space}"' for name, space in spaces.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content {names}><office:body>'
        f'<office:spreadsheet><table:table table:name="June">{before}{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return path


def with_parts(path: Path, parts: dict[str, bytes | str]) -> Path:
    """Replace or add parts of a zip archive."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name not in parts}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (kept | parts).items():
            archive.writestr(name, content)
    return path


def changed(path: Path, part: str, old: str, new: str) -> Path:
    """Change the one place of a part of a zip archive that has this text."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(part).decode()
    assert text.count(old) == 1, text
    return with_parts(path, {part: text.replace(old, new)})


def planned(workspace: Path, *files: Path, month: pd.Period = JUNE, **options: str) -> Plan:
    return plan_import(Workspace(workspace), month, list(files), **options)


def said(plan: Plan) -> list[tuple]:
    """The lines of a plan: status, code, month, was, is."""
    return [
        (line.status, line.indicator_code, str(line.month or ""), line.was, line.is_now)
        for line in sorted(plan.lines, key=_place)
    ]


def _place(line):
    place, letters, row = re.fullmatch(r"(.*?)([A-Z]*)(\d+)", line.where).groups()
    return place.split(",")[0], int(row), letters


def reasons(plan: Plan, status: str = "refused") -> list[str]:
    return [f"{line.where}: {line.reason}" for line in plan.lines if line.status == status]


def refused(workspace: Path, *files: Path, month: pd.Period = JUNE, **options: str) -> str:
    """The message with which files are refused as a whole."""
    try:
        plan = planned(workspace, *files, month=month, **options)
    except InputError as error:
        return "\n".join(error.problems)
    raise AssertionError(f"not refused: {plan}")
