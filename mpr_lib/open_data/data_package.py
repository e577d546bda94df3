"""The open data of a month, and its description: ``datapackage.json`` has every column, as Frictionless has it.

The workbook is no resource of it: it holds the same tables for people, below titles that no schema describes.
"""

from pathlib import Path

from mpr_lib import words
from mpr_lib.columns import POINTS, SCORECARD, VALUES, Column
from mpr_lib.files import fingerprint
from mpr_lib.open_data.csv_files import known_values, said, write_table
from mpr_lib.open_data.workbook import more_sheets, write_workbook
from mpr_lib.run.writing import write_json


def write_open_data(book, scorecard, history, points, generated: str, folder: Path) -> None:
    """Write scorecard.csv, values.csv, points.csv, scorecard.xlsx and the datapackage.json that describes the first."""
    write_table(scorecard, SCORECARD, folder / "scorecard.csv")
    write_table(known_values(book, history), VALUES, folder / "values.csv")
    write_table(points, POINTS, folder / "points.csv")
    write_workbook(book, scorecard, history, points, generated, folder / "scorecard.xlsx")
    package = data_package(book, generated, folder)
    package["resources"] += _others(book, scorecard, folder)
    write_json(package, folder / "datapackage.json")


def _others(book, scorecard, folder):
    """What other annexes put beside these files, described as their sheets of the workbook are."""
    found = []
    for name, (holds, headings, _) in more_sheets(book, scorecard).items():
        path = folder / f"{name.lower()}.csv"
        if path.exists():
            names = path.read_bytes().partition(b"\n")[0].decode().split(",")
            columns = [
                Column(each, "string", f"{heading}.", heading) for each, heading in zip(names, headings, strict=True)
            ]
            found.append(
                _resource(path, f"{name} {words.month_words(book.month)}", holds, columns, book.settings.outcomes)
            )
    return found


def data_package(book, generated: str, folder: Path) -> dict:
    """The description of the CSV files in ``folder`` (version 1 of the standard; version 2 reads it too)."""
    settings, month = book.settings, words.month_words(book.month)
    to_scorecard = {"resource": "scorecard", "fields": ["indicator_code"]}
    keys = {"foreignKeys": [{"fields": ["indicator_code"], "reference": to_scorecard}]}
    about = {
        "profile": "data-package",
        "name": f"monthly-performance-report-{book.month}",
        "title": f"{settings.council}: {settings.title} {month}",
        "description": (
            f"Performance indicators as reported for {month}: the scorecard, one row per indicator, every "
            "figure known then, and the points of process charts. A text that a spreadsheet could take for a formula "
            "has a space before it."
        ),
        "version": book.month_settings.version,
        "reporting_month": str(book.month),
        "generated": generated,
        "language": settings.language,
        "contributors": [{"title": settings.publisher, "role": "publisher", "organization": settings.council}],
        "keywords": ["performance", "indicators", "local government"],
    }
    if settings.licence:
        about["licenses"] = [settings.licence.model_dump(exclude_defaults=True)]
    scorecard = _resource(
        folder / "scorecard.csv", f"Scorecard {month}", "One row per indicator.", SCORECARD, settings.outcomes,
        primaryKey=["indicator_code"],
    )  # fmt: skip
    values = _resource(
        folder / "values.csv", f"Values known in {month}", "One row per indicator and month with a figure.", VALUES,
        # An indicator that has ended has values and no row in the scorecard.
        settings.outcomes, primaryKey=["indicator_code", "month"], **({} if len(book.others.values) else keys),
    )  # fmt: skip
    points = _resource(
        folder / "points.csv", f"Points of process charts {month}",
        "One row per indicator and month of its process chart.", POINTS, settings.outcomes,
        primaryKey=["indicator_code", "month"], **keys,
    )  # fmt: skip
    return about | {"resources": [scorecard, values, points]}


def _resource(path, title, description, columns, looks, **keys):
    content = path.read_bytes()
    there = content.partition(b"\n")[0].decode().split(",")
    fields = [_field(each, looks) for each in columns if each.name in there]
    return {
        "name": path.stem, "title": title, "description": description, "profile": "tabular-data-resource",
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "path": path.name, "bytes": len(content), "hash": f"sha256:{fingerprint(content)}",
        "schema": {"fields": fields, "missingValues": [""], **keys},
    }  # fmt: skip


def _field(column: Column, looks):
    allowed = said(column, looks)
    codes = "; ".join(f"{code}: {word}" for code, word in allowed.items())
    field = {"name": column.name, "type": column.type, "title": column.heading}
    field["description"] = f"{column.description} {codes}." if codes else column.description
    required = column.name in ("reporting_month", "indicator_code", "month")
    constraints = ({"required": True} if required else {}) | ({"enum": list(allowed)} if allowed else {})
    return field | ({"constraints": constraints} if constraints else {})
