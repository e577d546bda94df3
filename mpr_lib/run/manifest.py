"""The manifest: what a month was made from, with what, and what came out. Nothing in it names a machine or a person."""

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path

import mpr_lib

PACKAGES = (
    "great_expectations", "ipykernel", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "seaborn", "typst",
)  # fmt: skip


def manifest(book, scorecard, quality, parameters: dict, edition: str, folder: Path) -> dict:
    """Everything that explains the set in ``folder``. The same inputs and versions give the same manifest."""
    return {
        "reporting_month": str(book.month),
        "edition": edition,
        "report": _report(book, parameters),
        "parameters": parameters,
        "data_hash": book.data_hash,
        "inputs": dict(sorted(book.inputs.items())),
        "indicators": len(scorecard),
        "expected_outcomes": _counts(scorecard["expected_outcome"]),
        "ratings": _counts(scorecard["rating"]),
        "findings": quality.counts,
        "files": {path.name: _sha256(path) for path in sorted(folder.iterdir()) if path.is_file()},
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Versions of this package, of Python and of what decides how a report looks."""
    own = {"monthly-performance-report": mpr_lib.__version__, "python": platform.python_version()}
    return own | {package: version(package) for package in PACKAGES}


def write_json(value: dict, path: Path) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def _report(book, parameters):
    """What the report calls itself and how it looks, for those who list reports."""
    settings = book.settings
    own = {"brand": settings.brand.model_dump(exclude={"logo"}, exclude_defaults=True)}
    own["outcomes"] = settings.outcomes.model_dump(exclude_none=True, exclude_defaults=True)
    return {name: value for name, value in own.items() if value} | {
        "council": settings.council,
        "title": settings.title,
        "language": settings.language,
        "publisher": settings.publisher,
        "version": book.month_settings.version,
        "generated": parameters["generated"],
    }


def _counts(column) -> dict[str, int]:
    return {str(key): int(count) for key, count in column.value_counts().sort_index().items()}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
