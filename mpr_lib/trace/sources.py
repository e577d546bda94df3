"""Sources: where the figures of returns were received, as ``mpr import`` noted it."""

import pandas as pd

from mpr_lib.book import tables
from mpr_lib.book.workspace import MONTHS, SOURCES, InputReader

PRIVATE = (f"data/returns/*{SOURCES}", "data/received")
"""Where officers' files are named, and kept."""


def read_sources(reader: InputReader, month: pd.Period, settings) -> pd.DataFrame:
    """``tables.SOURCES`` of every return up to a month, with file and row; nothing where none were noted."""
    place = reader.workspace
    paths = sorted(place.returns_folder.glob(f"{MONTHS}{SOURCES}"))
    paths = [path for path in paths if path.name <= place.sources_file(month).name] or [place.sources_file(month)]
    texts = pd.concat([reader.table(path, tables.SOURCES, needed=False) for path in paths], ignore_index=True)
    # The value is a key here, and compared as it was typed.
    cells = tables.Cells(texts)
    found = texts.assign(month=cells.typed("month"))
    reader.problems.append(cells.problems(found["month"]))
    return found
