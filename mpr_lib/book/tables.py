"""Tables: the columns of each data file, and their cells as numbers, months and words.

docs/data-dictionary.md says it in words.
"""

import re
from datetime import date

import numpy as np
import pandas as pd

from mpr_lib.book.workspace import InputReader
from mpr_lib.errors import MonthTextError, ValueTextError
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, read_month
from mpr_lib.rules.values import read_target, read_value

PROBLEM_COLUMNS = ["file", "row", "column", "indicator_code", "month", "found", "expected", "kind"]


class Cells:
    """Reads the columns of one table of texts and collects what could not be read."""

    def __init__(self, frame: pd.DataFrame):
        self.frame = frame
        self._problems = []

    def values(self, column: str = "value") -> pd.DataFrame:
        """A column of figures as received: value_text, number, unit_found, no_value_reason and flags."""
        reads = self._read(column, read_value, ValueTextError, "number")
        return pd.DataFrame(
            {
                "value_text": self.frame[column],
                "number": [np.nan if read is None or read.number is None else read.number for read in reads],
                "unit_found": [read.unit if read else "" for read in reads],
                "no_value_reason": [(read.no_value_reason or "") if read else "" for read in reads],
                "is_proxy": [bool(read and read.is_proxy) for read in reads],
                "is_provisional": [bool(read and read.is_provisional) for read in reads],
            },
            index=self.frame.index,
        ).astype({"unit_found": "str", "no_value_reason": "str", "number": float})

    def numbers(self, column: str) -> pd.Series:
        """A column of numbers, missing where empty; units and commas are read as in figures."""
        reads = self._read(column, _number, ValueTextError, "number")
        return pd.Series(reads, self.frame.index, dtype=float)

    def shares(self, column: str) -> pd.Series:
        """A column of shares from 0 to 1. A percentage is refused: 5 % of a target is written 0.05."""
        return pd.Series(self._read(column, _share, ValueTextError, "number"), self.frame.index, dtype=float)

    def months(self, column: str) -> pd.Series:
        """A column of months, missing where empty."""
        reads = self._read(column, lambda text: read_month(text) if text else pd.NaT, MonthTextError, "month")
        months = [pd.NaT if read is None else read for read in reads]
        return pd.Series(pd.PeriodIndex(months, freq="M"), self.frame.index)

    def read_by(self, read, column: str) -> pd.Series:
        """A column of objects that an annex's own ``read`` makes of a text; what it raises is a ``ValueTextError``."""
        return pd.Series(self._read(column, read, ValueTextError, "number"), self.frame.index, dtype=object)

    def integers(self, column: str, missing=np.nan, largest: int = 9999) -> pd.Series:
        """A column of whole numbers from 0 to the largest that makes sense in it."""
        reads = self._read(column, lambda text: _whole(text, missing, largest), ValueTextError, "number")
        return pd.Series([missing if read is None else read for read in reads], self.frame.index, dtype=float)

    def years(self, column: str, years: FinancialYears) -> pd.Series:
        """A column of financial years, by the year in which each starts or by the council's name for it."""
        return pd.Series(
            self._read(column, lambda text: _year(text, years), ValueTextError, "number"), self.frame.index, dtype=float
        )

    def flags(self, column: str) -> pd.Series:
        """A column of true or false, false where empty."""
        return self._flags(column, read_flag)

    def flags_unless(self, column: str) -> pd.Series:
        """A column of true or false, true where empty; what cannot be read is false."""
        return self._flags(column, lambda text: not text or read_flag(text))

    def provisional(self, column: str) -> pd.Series:
        """A column that says which figures are provisional: p, or true or false."""
        return self._flags(column, lambda text: text.lower().strip("[]() ") == "p" or read_flag(text))

    def _flags(self, column, read):
        return pd.Series([bool(read) for read in self._read(column, read, ValueTextError, "word")], self.frame.index)

    def words(self, column: str, missing: str = "") -> pd.Series:
        """A column of words from a fixed set, in capitals; whether each is known is an expectation's business."""
        return self.frame[column].str.upper().str.replace(" ", "_").replace("", missing)

    def dates(self, column: str) -> pd.Series:
        """A column of ISO dates, kept as text."""
        self._read(column, _date, ValueTextError, "date")
        return self.frame[column]

    def problems(self, month: pd.Series | None = None) -> pd.DataFrame:
        """The cells that could not be read so far, with the indicator and month of their row."""
        found = pd.DataFrame(self._problems, columns=["position", "column", "found", "expected", "kind"])
        rows = self.frame.iloc[found["position"]].reset_index(drop=True)
        months = pd.Series(pd.PeriodIndex([pd.NaT] * len(found), freq="M"))
        if month is not None and len(found):
            months = month.iloc[found["position"]].reset_index(drop=True)
        codes = rows.get("indicator_code", "")
        return found.assign(file=rows["file"], row=rows["row"], indicator_code=codes, month=months)[PROBLEM_COLUMNS]

    def _read(self, column, read, error_class, kind):
        """Read each distinct text once; a text that cannot be read gives None and a problem for each cell."""
        known, faults = {}, {}
        texts = self.frame[column].tolist()
        for text in set(texts):
            try:
                known[text] = read(text)
            except error_class as error:
                known[text], faults[text] = None, "Expected " + str(error).rpartition(". Expected ")[2]
        if faults:
            cells = [(place, text) for place, text in enumerate(texts) if text in faults]
            self._problems += [(place, column, text, faults[text], kind) for place, text in cells]
        return [known[text] for text in texts]


def _number(text):
    if not text:
        return np.nan
    read = read_target(text)
    if read is None:
        return np.nan
    if read[0] != read[1]:
        raise ValueTextError(
            f"cannot read '{text}' as a number. Expected one number: a range has a column for each end."
        )
    return read[0]


def _share(text):
    number = _number(text)
    if "%" in text or not (np.isnan(number) or 0 <= number <= 1):
        raise ValueTextError(f"cannot read '{text}' as a share. Expected a share of the target such as 0.05 for 5 %.")
    return number


def _whole(text, missing, largest):
    if not text:
        return missing
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) > largest:
        raise ValueTextError(f"cannot read '{text}' as a whole number. Expected a whole number from 0 to {largest}.")
    return int(text)


def _year(text, years):
    """The year in which a financial year starts; a bare number is refused where names count the year it ends in."""
    named = years.read(text)
    if named is not None:
        return named
    if text and years.names_the_end:
        raise ValueTextError(f"cannot read '{text}' as a financial year. Expected a name such as {years.label(2018)}.")
    return _whole(text, np.nan, 9999)


def read_flag(text: str) -> bool:
    """Whether a text says true; an empty one does not. Raises ``ValueTextError`` for what is neither."""
    if text.lower() in ("", "false", "no"):
        return False
    if text.lower() in ("true", "yes"):
        return True
    raise ValueTextError(f"cannot read '{text}'. Expected true or false.")


def _date(text):
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueTextError(f"cannot read '{text}' as a date. Expected a date such as 2018-06-21.") from None


INDICATORS = [
    "indicator_code", "short_name", "section", "aim", "department", "contributing_departments", "managed_by",
    "scrutiny_committee", "polarity", "basis", "unit", "decimals", "frequency", "quarter_rows", "allowed_lag",
    "year_introduced", "definition_break", "gauge_low", "gauge_high",
]  # fmt: skip
INDICATORS_OPTIONAL = ("source", "due_month", "public")
TARGETS = [
    "indicator_code", "financial_year", "annual_target_low", "annual_target_high", "profile", "baseline",
    "tolerance", "amber_low", "amber_high",
]  # fmt: skip
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


def targets(texts: pd.DataFrame, years: FinancialYears = FROM_APRIL) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type targets.csv; a target with one end has both ends equal. Returns the frame and its problems."""
    cells = Cells(texts)
    frame = _both_ends(texts, cells, "annual_target").assign(
        financial_year=cells.years("financial_year", years),
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


def read_comparisons(reader: InputReader) -> tuple[pd.DataFrame, pd.DataFrame]:
    """data/comparisons.csv and what could not be read in it; nothing where the workspace has no such file."""
    path = reader.workspace.data / "comparisons.csv"
    if not path.is_file():
        return none(), no_problems()
    return comparisons(reader.table(path, COMPARISONS))


def none() -> pd.DataFrame:
    """No comparisons."""
    return comparisons(pd.DataFrame(columns=[*COMPARISONS, "file", "row"], dtype="str"))[0]
