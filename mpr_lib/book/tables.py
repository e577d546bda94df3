"""Tables: the columns of each data file, and their cells as numbers, months and words.

docs/data-dictionary.md says it in words.
"""

import re
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from mpr_lib.book.workspace import InputReader
from mpr_lib.errors import MonthTextError, ValueTextError
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, read_month
from mpr_lib.rules.values import read_target, read_value

PROBLEM_COLUMNS = ["file", "row", "column", "indicator_code", "month", "found", "expected", "kind"]


class Cells:
    """Reads the columns of one table of texts, each by its reader, and collects what could not be read."""

    def __init__(self, frame: pd.DataFrame, years: FinancialYears = FROM_APRIL):
        self.frame, self.years = frame, years
        self._read_columns, self._problems = [], []

    def texts(self) -> dict[str, pd.Series]:
        """The texts of every column read so far, each under the column's name with ``_text``."""
        return {f"{column}_text": self.frame[column] for column in self._read_columns}

    def values(self, column: str = "value") -> pd.DataFrame:
        """A column of figures as received: value_text, number, unit_found, no_value_reason and flags."""
        reads = self.read(column)
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

    def numbers(self, column: str, missing=np.nan) -> pd.Series:
        """A column of numbers, missing where empty or not to be read."""
        reads = self.read(column)
        return pd.Series([missing if read is None else read for read in reads], self.frame.index, dtype=float)

    def months(self, column: str) -> pd.Series:
        """A column of months, missing where empty."""
        months = [pd.NaT if read is None else read for read in self.read(column)]
        return pd.Series(pd.PeriodIndex(months, freq="M"), self.frame.index)

    def read_by(self, read, column: str) -> pd.Series:
        """A column of objects that an annex's own ``read`` makes of a text; what it raises is a ``ValueTextError``."""
        return pd.Series(self.read(column, read), self.frame.index, dtype=object)

    def flags(self, column: str) -> pd.Series:
        """A column of true or false; what cannot be read is false."""
        return pd.Series([bool(read) for read in self.read(column)], self.frame.index)

    def words(self, column: str, missing: str = "") -> pd.Series:
        """A column of words from a fixed set, in capitals; whether each is known is an expectation's business."""
        return self.frame[column].str.upper().str.replace(" ", "_").replace("", missing)

    def dates(self, column: str) -> pd.Series:
        """A column of ISO dates, kept as text."""
        self.read(column)
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

    def read(self, column: str, reader=None) -> list:
        """Read each distinct text once; a text that cannot be read gives None and a problem for each cell."""
        texts = self.frame[column].tolist()
        known = {text: read_cell(column, text, self.years, reader) for text in set(texts)}
        faults = {text: fault for text, (_, fault) in known.items() if fault}
        if faults:
            cells = [(place, text) for place, text in enumerate(texts) if text in faults]
            self._problems += [(place, column, text, faults[text], _kind(column)) for place, text in cells]
        self._read_columns.append(column)
        return [known[text][0] for text in texts]


def read_cell(column: str, text: str, years: FinancialYears = FROM_APRIL, reader=None) -> tuple:
    """What a column's reader makes of a text, and in words what it expected where it cannot read it.

    >>> read_cell("target_low", "40%"), read_cell("decimals", "12")
    ((40.0, ''), (None, 'Expected a whole number from 0 to 9.'))
    """
    try:
        if column == "financial_year":
            return _year(text, years), ""
        return (reader or READERS[column])(text), ""
    except (ValueTextError, MonthTextError) as error:
        return None, "Expected " + str(error).rpartition(". Expected ")[2]


def _kind(column):
    """What a column's cells are read as."""
    words = dict.fromkeys((read_flag, _provisional, _unless_empty), "word")
    return {_month: "month", _date: "date", **words}.get(READERS.get(column), "number")


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


def _whole(text, largest):
    if not text:
        return None
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
    return _whole(text, 9999)


def read_flag(text: str) -> bool:
    """Whether a text says true; an empty one does not. Raises ``ValueTextError`` for what is neither."""
    if text.lower() in ("", "false", "no"):
        return False
    if text.lower() in ("true", "yes"):
        return True
    raise ValueTextError(f"cannot read '{text}'. Expected true or false.")


def _provisional(text):
    """What says which figures are provisional: p, or true or false."""
    return text.lower().strip("[]() ") == "p" or read_flag(text)


def _unless_empty(text):
    return not text or read_flag(text)


def _month(text):
    return read_month(text) if text else None


def _date(text):
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueTextError(f"cannot read '{text}' as a date. Expected a date such as 2018-06-21.") from None


READERS = {
    "value": read_value,
    **dict.fromkeys(("month", "until", "definition_break"), _month),
    **dict.fromkeys(("annual_target_low", "annual_target_high", "target_low", "target_high"), _number),
    **dict.fromkeys(("baseline", "amber_low", "amber_high", "gauge_low", "gauge_high"), _number),
    **dict.fromkeys(("numerator", "denominator", "rate"), _number),
    "tolerance": _share,
    "decimals": partial(_whole, largest=9),
    "allowed_lag": partial(_whole, largest=99),
    "year_introduced": partial(_whole, largest=9999),
    "due_month": partial(_whole, largest=12),
    "quarter_rows": read_flag,
    "public": _unless_empty,
    "provisional": _provisional,
    "date": _date,
}
"""The one reader of each column's texts; ``financial_year`` is read as the council names its years."""

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
        decimals=cells.numbers("decimals"),
        quarter_rows=cells.flags("quarter_rows"),
        public=cells.flags("public"),
        allowed_lag=cells.numbers("allowed_lag", 0),
        year_introduced=cells.numbers("year_introduced"),
        definition_break=cells.months("definition_break"),
        gauge_low=cells.numbers("gauge_low"),
        gauge_high=cells.numbers("gauge_high"),
        due_month=cells.numbers("due_month").replace(0, np.nan),
    )
    return frame.assign(**cells.texts()), cells.problems()


def targets(texts: pd.DataFrame, years: FinancialYears = FROM_APRIL) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type targets.csv; a target with one end has both ends equal. Returns the frame and its problems."""
    cells = Cells(texts, years)
    frame = _both_ends(texts, cells, "annual_target").assign(
        financial_year=cells.numbers("financial_year"),
        profile=cells.words("profile", "FLAT"),
        tolerance=cells.numbers("tolerance"),
        **{column: cells.numbers(column) for column in ("baseline", "amber_low", "amber_high")},
    )
    return frame.assign(**cells.texts()), cells.problems()


def stated_targets(texts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type stated_targets.csv. Returns the frame and its problems."""
    cells = Cells(texts)
    months = cells.months("month")
    frame = _both_ends(texts, cells, "target").assign(month=months)
    return frame.assign(**cells.texts()), cells.problems(months)


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
    return frame.assign(**cells.texts()), cells.problems(months)


def returns(texts: pd.DataFrame, received: pd.Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type one return: every row as received, read where it can be. Returns the frame and its problems."""
    texts = _with(texts, RETURNS_OPTIONAL)
    cells = Cells(texts)
    months = cells.months("month")
    read = cells.values()
    read["is_provisional"] |= cells.flags("provisional") & read["number"].notna()
    parts = {column: cells.numbers(column) for column in ("numerator", "denominator")}
    frame = texts[["indicator_code"]].assign(month=months, **read, **parts, note=texts["note"], received=received)
    return frame.assign(**cells.texts(), file=texts["file"], row=texts["row"]), cells.problems(months)


def comparisons(texts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type comparisons.csv: what England, a peer group or another council had. Returns the frame and its problems."""
    cells = Cells(texts)
    months = cells.months("month")
    read = cells.values()[["value_text", "number", "unit_found"]]
    frame = texts.drop(columns="value").assign(month=months, **read)
    return frame.assign(**cells.texts()), cells.problems(months)


def no_problems() -> pd.DataFrame:
    """An empty table of problems."""
    return pd.DataFrame(columns=PROBLEM_COLUMNS)


def _with(texts, optional):
    """The texts with the columns that a file may leave out."""
    return texts.assign(**{column: "" for column in optional if column not in texts})


def _both_ends(texts, cells, name):
    low, high = cells.numbers(f"{name}_low"), cells.numbers(f"{name}_high")
    return texts.assign(**{f"{name}_low": low.fillna(high), f"{name}_high": high.fillna(low)})


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
