"""CSV files: the scorecard and the values, as any tool reads them the same way."""

import csv
from pathlib import Path

import pandas as pd

from mpr_lib.run.open_data.columns import SCORECARD, VALUES, names
from mpr_lib.run.open_data.texts import open_text


def write_scorecard(scorecard: pd.DataFrame, path: Path) -> None:
    """Write the scorecard's published columns, one line per indicator in the scorecard's order."""
    _write(scorecard.reindex(columns=names(SCORECARD)), path)


def write_values(history: pd.DataFrame, month: pd.Period, path: Path) -> None:
    """Write every figure that is known, one line per indicator and month."""
    _write(known_values(history, month), path)


def known_values(history: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """The history's rows for which something was received, with the published columns."""
    known = history[history["received"].notna()].assign(reporting_month=month)
    return known.reindex(columns=names(VALUES))


def _write(frame, path):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(frame.columns)
        for row in frame.itertuples(index=False, name=None):
            writer.writerow([open_text(value) for value in row])
