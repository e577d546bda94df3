"""``mpr check MONTH --docs``: Great Expectations' own pages on a month, beside the reports and never among them."""

from pathlib import Path

FOLDER = ".data-docs"


def build(workspace: Path, month: str) -> Path:
    """Build the pages in ``outputs/.data-docs/MONTH``; returns the one to open."""
    from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
    from mpr_lib.checks import build_data_docs

    place = Workspace(Path(workspace).resolve())
    book = read_book(place, month)
    history = history_of(book)
    return build_data_docs(book, scorecard_of(book, history), history, place.outputs / FOLDER / month)
