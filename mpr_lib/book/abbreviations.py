"""Abbreviations: the workspace's glossary, and which of its entries a report uses."""

import re

import pandas as pd

from mpr_lib.book.reading import InputReader

COLUMNS = ["abbreviation", "meaning"]


def read_abbreviations(reader: InputReader) -> pd.DataFrame:
    """The workspace's abbreviations (abbreviation, meaning, file, row); none where it has no such file."""
    path = reader.workspace.data / "abbreviations.csv"
    if not path.is_file():
        return pd.DataFrame(columns=[*COLUMNS, "file", "row"])
    return reader.table(path, COLUMNS)


def used_abbreviations(known: pd.DataFrame, text: str) -> pd.DataFrame:
    """The entries that occur in a text as whole words, plurals included, in order of letters."""
    used = [bool(re.search(rf"(?<!\w){re.escape(short)}(?:['’]?s)?(?!\w)", text)) for short in known["abbreviation"]]
    found = known[pd.Series(used, known.index, dtype=bool)]
    return found.sort_values("abbreviation", key=lambda texts: texts.str.lower()).reset_index(drop=True)
