"""Published sets for tests of the archive: real scorecards, written by the run's own code without any notebook."""

import json
from pathlib import Path

from mpr_lib.book import Workspace, history_of, read_book
from mpr_lib.book.book import scored
from mpr_lib.checks import Quality
from mpr_lib.open_data.data_package import write_open_data
from mpr_lib.run.writing import manifest, write_json
from tests.helpers import REPOSITORY


def publish_set(
    outputs: Path, source: Path, month: str, *, published_as: str = "", outcomes: dict | None = None
) -> Path:
    """Write a month's set as the run would, with a stand-in for the report itself.

    ``published_as`` gives it another month, ``outcomes`` other expected outcomes by code.
    """
    book = read_book(Workspace(source), month)
    history = history_of(book)
    scorecard, points = scored(book, history)
    scorecard["expected_outcome"] = [
        (outcomes or {}).get(code, outcome)
        for code, outcome in zip(scorecard["indicator_code"], scorecard["expected_outcome"], strict=True)
    ]
    name = published_as or month
    generated = f"{name}-21T11:59:00"
    folder = outputs / ".months" / f"{name}.made"
    folder.mkdir(parents=True)
    write_open_data(book, scorecard, history, points, generated, folder)
    for report in ("report.html", "report.pdf"):
        (folder / report).write_text("a report", encoding="utf-8")
    made = manifest(book, scorecard, Quality(name, [], []), {"generated": generated}, "internal", folder)
    write_json({**made, "reporting_month": name}, folder / "manifest.json")
    (outputs / name).symlink_to(Path(".months", folder.name))
    return outputs / name


def publish_several(outputs: Path) -> Path:
    """Three months of the council's indicators; in the middle one another indicator slipped."""
    publish_set(outputs, REPOSITORY, "2018-05")
    publish_set(outputs, REPOSITORY, "2018-05", published_as="2018-06", outcomes={"CP 5.4": "ON_COURSE"})
    publish_set(outputs, REPOSITORY, "2018-05", published_as="2018-07", outcomes={"CP 1.1": "SOME_SLIPPAGE"})
    return outputs


def read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))
