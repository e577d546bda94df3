"""Open data: the scorecard as a CSV file that any tool reads the same way."""

import csv
from decimal import Decimal
from pathlib import Path

import pandas as pd

COLUMNS = (
    "reporting_month", "indicator_code", "short_name", "section", "aim", "department", "managed_by",
    "scrutiny_committee", "polarity", "basis", "unit", "latest_month", "value", "value_text", "no_value_reason",
    "is_proxy", "target_low", "target_high", "target_text", "annual_target_low", "annual_target_high",
    "annual_target_text", "amber_low", "amber_high", "variance", "rating", "expected_outcome", "outcome_reason",
    "direction", "last_year_value", "commentary",
)  # fmt: skip


def write_scorecard(scorecard: pd.DataFrame, path: Path) -> None:
    """Write the scorecard's published columns: UTF-8, LF, one line per indicator in the scorecard's order."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in scorecard[list(COLUMNS)].itertuples(index=False, name=None):
            writer.writerow([open_text(value) for value in row])


def open_text(value) -> str:
    """A value as open data has it: numbers as short as they are exact, months YYYY-MM, missing empty.

    >>> [open_text(value) for value in (733333.0, 0.51, True, pd.Period("2018-05"), float("nan"), pd.NaT)]
    ['733333', '0.51', 'true', '2018-05', '', '']
    """
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if pd.isna(value):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, pd.Period):
        return str(value)
    return _shortest(value)


def _shortest(number) -> str:
    exact = Decimal(repr(float(number)))
    return format(exact.normalize(), "f") if exact else "0"
