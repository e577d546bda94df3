"""Comparisons: what England, a peer group or another council had for an indicator in a month."""

import pandas as pd

from mpr_lib.book import tables
from mpr_lib.book.reading import InputReader


def read_comparisons(reader: InputReader) -> tuple[pd.DataFrame, pd.DataFrame]:
    """data/comparisons.csv and what could not be read in it; nothing where the workspace has no such file."""
    path = reader.workspace.data / "comparisons.csv"
    if not path.is_file():
        return none(), tables.no_problems()
    return tables.comparisons(reader.table(path, tables.COMPARISONS))


def none() -> pd.DataFrame:
    """No comparisons."""
    return tables.comparisons(pd.DataFrame(columns=[*tables.COMPARISONS, "file", "row"], dtype="str"))[0]
