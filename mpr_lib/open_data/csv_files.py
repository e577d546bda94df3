"""CSV files: the scorecard and the values, as any tool reads them the same way."""

from decimal import Decimal
from pathlib import Path

import pandas as pd

from mpr_lib import words
from mpr_lib.columns import SCORECARD, VALUES, Column
from mpr_lib.files import csv_text, safe_cell


def write_scorecard(scorecard: pd.DataFrame, path: Path) -> None:
    """Write the scorecard's published columns, one line per indicator in the scorecard's order."""
    _write(scorecard.reindex(columns=names(SCORECARD)), path)


def write_values(history: pd.DataFrame, month: pd.Period, path: Path) -> None:
    """Write every figure that is known, one line per indicator and month."""
    _write(known_values(history, month), path)


def known_values(history: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """The history's rows for which something was received, with the published columns: one per indicator and month."""
    known = history[history["received"].notna()].assign(reporting_month=month)
    return known.reindex(columns=names(VALUES))


def names(columns: tuple[Column, ...]) -> list[str]:
    return [column.name for column in columns]


def said(column: Column, looks) -> dict[str, str]:
    """What a column's codes are called, the outcomes as the council calls them; nothing for a column without codes."""
    usual = getattr(words, column.words) if column.words else {}
    return looks.names(usual) if column.words == "OUTCOMES" else usual


def open_text(value) -> str:
    """A value as open data has it: numbers as short as they are exact, months YYYY-MM, missing empty.

    >>> [open_text(value) for value in (733333.0, 0.51, True, pd.Period("2018-05"), float("nan"), pd.NaT)]
    ['733333', '0.51', 'true', '2018-05', '', '']
    """
    if isinstance(value, str):
        return safe_cell(value.replace("\r\n", "\n"))
    if pd.isna(value):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, pd.Period):
        return str(value)
    exact = Decimal(repr(float(value)))
    return format(exact.normalize(), "f") if exact else "0"


def _write(frame, path):
    rows = ([open_text(value) for value in row] for row in frame.itertuples(index=False, name=None))
    path.write_bytes(csv_text([frame.columns, *rows]).encode())
