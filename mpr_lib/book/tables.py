"""Tables: the columns of each data file and what each holds (docs/data-dictionary.md says it in words)."""

import re

import numpy as np
import pandas as pd

from mpr_lib.book.cells import PROBLEM_COLUMNS, Cells
from mpr_lib.rules.months import FIRST_MONTH
from mpr_lib.rules.year_start import YearStart

INDICATORS = [
    "indicator_code",
    "short_name",
    "section",
    "aim",
    "department",
    "contributing_departments",
    "managed_by",
    "scrutiny_committee",
    "polarity",
    "basis",
    "unit",
    "decimals",
    "frequency",
    "quarter_rows",
    "allowed_lag",
    "year_introduced",
    "definition_break",
    "gauge_low",
    "gauge_high",
]
INDICATORS_OPTIONAL = ("source", "due_month", "public")
TARGETS = [
    "indicator_code",
    "financial_year",
    "annual_target_low",
    "annual_target_high",
    "profile",
    "baseline",
    "tolerance",
    "amber_low",
    "amber_high",
]
STATED_TARGETS = ["indicator_code", "month", "target_low", "target_high"]
JUDGEMENTS = ["indicator_code", "month", "until", "expected_outcome", "reason", "role", "date"]
RETURNS = ["indicator_code", "month", "value", "note"]
RETURNS_OPTIONAL = ("numerator", "denominator", "provisional")
COMPARISONS = ["indicator_code", "month", "comparator", "value", "source"]

BASES = ("CUMULATIVE", "SNAPSHOT", "YTD_SNAPSHOT", "ROLLING_QUARTER", "UNSTATED")
FREQUENCIES = ("MONTHLY", "QUARTERLY", "YEARLY")


def officers(managed_by: str) -> list[str]:
    """The officers that a cell of ``managed_by`` names, each once; none of an empty cell.

    A semicolon, ``&`` and the word "and" part them.

    >>> officers("Ellen Butler; Joanna Ruffle"), officers("Ada A & Bo B and Ada A"), officers("")
    (['Ellen Butler', 'Joanna Ruffle'], ['Ada A', 'Bo B'], [])
    """
    parts = re.split(r";|&|\band\b", managed_by)
    return list(dict.fromkeys(filter(None, map(str.strip, parts))))


def indicators(texts: pd.DataFrame, settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type indicators.csv; committees get the spelling that the settings print. Returns the frame and its problems."""
    texts = _with(texts, INDICATORS_OPTIONAL)
    cells = Cells(texts)
    spellings = {text: committee.name for committee in settings.committees for text in committee.spellings}
    frame = texts.assign(
        scrutiny_committee=texts["scrutiny_committee"].replace(spellings),
        section=cells.words("section", "CORPORATE"),
        polarity=cells.words("polarity"),
        basis=cells.words("basis", "UNSTATED"),
        frequency=cells.words("frequency", "MONTHLY"),
        decimals=cells.integers("decimals", largest=9),
        quarter_rows=cells.flags("quarter_rows"),
        public=cells.flags_unless("public"),
        allowed_lag=cells.integers("allowed_lag", 0, largest=99),
        year_introduced=cells.integers("year_introduced"),
        definition_break=cells.months("definition_break"),
        gauge_low=cells.numbers("gauge_low"),
        gauge_high=cells.numbers("gauge_high"),
        due_month=cells.integers("due_month", largest=12).replace(0, np.nan),
    )
    return frame, cells.problems()


def targets(texts: pd.DataFrame, first: int = FIRST_MONTH) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type targets.csv; a target with one end has both ends equal. Returns the frame and its problems."""
    cells = Cells(texts)
    frame = _both_ends(texts, cells, "annual_target").assign(
        financial_year=cells.years("financial_year", YearStart.of(first)),
        profile=cells.words("profile", "FLAT"),
        tolerance=cells.shares("tolerance"),
        **{column: cells.numbers(column) for column in ("baseline", "amber_low", "amber_high")},
    )
    return frame, cells.problems()


def stated_targets(texts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type stated_targets.csv. Returns the frame and its problems."""
    cells = Cells(texts)
    months = cells.months("month")
    frame = _both_ends(texts, cells, "target").assign(month=months, month_text=texts["month"])
    return frame, cells.problems(months)


def judgements(texts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type judgements.csv. Returns the frame and its problems."""
    cells = Cells(texts)
    months = cells.months("month")
    frame = texts.assign(
        month=months,
        until=cells.months("until"),
        expected_outcome=cells.words("expected_outcome"),
        date=cells.dates("date"),
    )
    return frame, cells.problems(months)


def returns(texts: pd.DataFrame, received: pd.Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type one return: every row as received, read where it can be. Returns the frame and its problems."""
    texts = _with(texts, RETURNS_OPTIONAL)
    cells = Cells(texts)
    months = cells.months("month")
    read = cells.values()
    read["is_provisional"] |= cells.provisional("provisional") & read["number"].notna()
    parts = {column: cells.numbers(column) for column in ("numerator", "denominator")}
    frame = texts[["indicator_code"]].assign(
        month=months, month_text=texts["month"], **read, **parts, note=texts["note"], received=received
    )
    return frame.assign(file=texts["file"], row=texts["row"]), cells.problems(months)


def comparisons(texts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type comparisons.csv: what England, a peer group or another council had. Returns the frame and its problems."""
    cells = Cells(texts)
    months = cells.months("month")
    read = cells.values()[["value_text", "number", "unit_found"]]
    frame = texts.drop(columns="value").assign(month=months, month_text=texts["month"], **read)
    return frame, cells.problems(months)


def no_problems() -> pd.DataFrame:
    """An empty table of problems."""
    return pd.DataFrame(columns=PROBLEM_COLUMNS)


def _with(texts, optional):
    """The texts with the columns that a file may leave out."""
    return texts.assign(**{column: "" for column in optional if column not in texts})


def _both_ends(texts, cells, name):
    low, high = cells.numbers(f"{name}_low"), cells.numbers(f"{name}_high")
    return texts.assign(
        **{
            f"{name}_low_text": texts[f"{name}_low"],
            f"{name}_high_text": texts[f"{name}_high"],
            f"{name}_low": low.fillna(high),
            f"{name}_high": high.fillna(low),
        }
    )
