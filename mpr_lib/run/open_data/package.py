"""The data package: ``datapackage.json`` describes both CSV files and every column, as Frictionless has it.

The workbook is no resource of it: it holds the same two tables for people, below titles that no schema describes.
"""

import hashlib
import json
from pathlib import Path

from mpr_lib.report import words
from mpr_lib.run.open_data.columns import SCORECARD, VALUES, Column, said


def write_package(book, generated: str, folder: Path) -> None:
    """Describe the CSV files that are in ``folder``."""
    text = json.dumps(data_package(book, generated, folder), indent=2, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def data_package(book, generated: str, folder: Path) -> dict:
    """The description (Data Package, version 1 of the standard; version 2 reads it too)."""
    settings, month = book.settings, words.month_words(book.month)
    about = {
        "profile": "data-package",
        "name": f"monthly-performance-report-{book.month}",
        "title": f"{settings.council}: {settings.title} {month}",
        "description": (
            f"Performance indicators as reported for {month}: the scorecard, one row per indicator, and every "
            "figure known then. A text that a spreadsheet could take for a formula has a space before it."
        ),
        "version": book.month_settings.version,
        "reporting_month": str(book.month),
        "generated": generated,
        "language": settings.language,
        "contributors": [{"title": settings.publisher, "role": "publisher", "organization": settings.council}],
        "keywords": ["performance", "indicators", "local government"],
    }
    if settings.licence:
        given = settings.licence.model_dump()
        about["licenses"] = [{key: text for key, text in given.items() if text}]
    return about | {"resources": _resources(folder, month, settings.outcomes)}


def _resources(folder, month, looks):
    to_scorecard = {"resource": "scorecard", "fields": ["indicator_code"]}
    return [
        _table(
            folder / "scorecard.csv", f"Scorecard {month}", "One row per indicator.",
            SCORECARD, ["indicator_code"], looks,
        ),
        _table(
            folder / "values.csv", f"Values known in {month}", "One row per indicator and month with a figure.",
            VALUES, ["indicator_code", "month"], looks,
            foreignKeys=[{"fields": ["indicator_code"], "reference": to_scorecard}],
        ),
    ]  # fmt: skip


def _table(path, title, description, columns, key, looks, **more):
    schema = {"fields": [_field(column, looks) for column in columns], "missingValues": [""], "primaryKey": key, **more}
    return {
        "name": path.stem, "title": title, "description": description, "profile": "tabular-data-resource",
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        **_file(path), "schema": schema,
    }  # fmt: skip


def _field(column: Column, looks):
    allowed = said(column, looks)
    codes = "; ".join(f"{code}: {word}" for code, word in allowed.items())
    field = {"name": column.name, "type": column.kind, "title": column.heading}
    field["description"] = f"{column.description} {codes}." if codes else column.description
    required = column.name in ("reporting_month", "indicator_code", "month")
    constraints = {"required": True} if required else {}
    if allowed:
        constraints["enum"] = list(allowed)
    return field | ({"constraints": constraints} if constraints else {})


def _file(path):
    content = path.read_bytes()
    return {"path": path.name, "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
