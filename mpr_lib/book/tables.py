"""Tables: the columns of each data file, and their cells as numbers, months and words.

docs/data-dictionary.md says it in words.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mpr_lib.book.returns import Return
from mpr_lib.book.workspace import InputReader
from mpr_lib.errors import InputError, MonthTextError, ValueTextError
from mpr_lib.rules.comparing import made_of_parts, parts_words
from mpr_lib.rules.months import FROM_APRIL, PERIODS, FinancialYears, read_month
from mpr_lib.rules.values import ValueRead, computed_figure, read_target, read_value, unit_of

PROBLEM_COLUMNS = ["file", "row", "column", "indicator_code", "month", "found", "expected", "kind"]


class Cells:
    """Reads the columns of one table of texts, each by its reader, and collects what could not be read."""

    def __init__(self, frame: pd.DataFrame, years: FinancialYears = FROM_APRIL, own_words: Mapping[str, str] = {}):
        self.frame, self.years, self.own_words = frame, years, own_words
        self._unread: list[pd.DataFrame] = []

    def typed(self, column: str) -> pd.Series:
        """A column as what it holds: numbers and months (missing where empty or not to be read), true or false.

        Dates stay texts, and so do words from a fixed set, in capitals: whether each is known is an expectation's
        business.
        """
        texts = self.frame[column]
        if column in WORDS:
            return texts.str.upper().str.replace(" ", "_").replace("", WORDS[column])
        reads, kind = self.read(column), _kind(column)
        if kind == "month":
            return pd.Series(reads, texts.index, dtype="period[M]")
        if kind == "word":
            return pd.Series([bool(read) for read in reads], texts.index)
        return texts if kind == "date" else pd.Series(reads, texts.index, dtype=float)

    def values(self) -> pd.DataFrame:
        """The figures as received: value_text, number, unit_found, no_value_reason and flags."""
        texts = self.frame["value"]
        known = dict(zip(texts, self.read("value"), strict=True))
        reads = [vars(read or ValueRead(text)) for text, read in known.items()]
        columns = ["text", "number", "unit", "no_value_reason", "is_proxy", "is_provisional"]
        frame = pd.DataFrame(reads, columns=columns).rename(columns={"text": "value_text", "unit": "unit_found"})
        kinds = {"value_text": "str", "number": float, "unit_found": "str", "no_value_reason": "str"}
        frame = frame.fillna({"no_value_reason": ""}).astype(kinds)
        return frame.take(pd.factorize(texts)[0]).set_axis(texts.index)

    def read_by(self, read, column: str) -> pd.Series:
        """A column of objects that an annex's own ``read`` makes of a text; what it raises is a ``ValueTextError``."""
        return pd.Series(self.read(column, read), self.frame.index, dtype=object)

    def problems(self, month: pd.Series | None = None) -> pd.DataFrame:
        """The cells that could not be read so far, with the indicator and month of their row."""
        if not self._unread:
            return pd.DataFrame(columns=PROBLEM_COLUMNS)
        found = pd.concat(self._unread)
        months = pd.Series(pd.NaT, self.frame.index, dtype="period[M]") if month is None else month
        found = found.assign(indicator_code=found.get("indicator_code", ""), month=months.loc[found.index])
        return found[PROBLEM_COLUMNS].reset_index(drop=True)

    def read(self, column: str, reader=None) -> list:
        """Read each distinct text once; a text that cannot be read gives None and a problem for each cell."""
        texts = self.frame[column]
        known = {text: read_cell(column, text, self.years, reader, self.own_words) for text in texts.unique()}
        faults = {text: fault for text, (_, fault) in known.items() if fault}
        if faults:
            said = {"column": column, "found": texts, "expected": texts.map(faults), "kind": _kind(column)}
            self._unread.append(self.frame[texts.isin(faults)].assign(**said))
        return [known[text][0] for text in texts]


def read(
    reader: InputReader, path: Path, columns: list[str], optional: tuple = (), *, years=FROM_APRIL, needed=True, **own
) -> pd.DataFrame:
    """A table with every column as what it holds, and what was read of it beside (``_text``).

    ``value`` becomes the columns of ``Cells.values``, and a column whose ``own`` reader is given by its name one of
    objects (``Cells.read_by``). Cells that could not be read are kept in the reader's problems.
    """
    return typed(reader, reader.table(path, columns, optional, needed=needed), years, **own)


def typed(reader: InputReader, texts: pd.DataFrame, years=FROM_APRIL, **own) -> pd.DataFrame:
    """What ``read`` makes of a table of texts, or of several that stand below each other."""
    cells = Cells(texts, years, reader.own_words)
    found = {column: cells.typed(column) for column in texts if column in WORDS or column in READERS.keys() - {"value"}}
    found |= {column: cells.read_by(each, column) for column, each in own.items()}
    frame = texts.assign(**found, **{f"{column}_text": texts[column] for column in found})
    if "value" in texts:
        frame = frame.drop(columns="value").join(cells.values())
    reader.problems.append(cells.problems(found.get("month")))
    return frame


def read_cell(
    column: str, text: str, years: FinancialYears = FROM_APRIL, reader=None, own_words: Mapping[str, str] = {}
) -> tuple:
    """What a column's reader makes of a text, and in words what it expected where it cannot read it.

    ``own_words`` are the workspace's words for no value (``read_value``).

    >>> read_cell("target_low", "40%"), read_cell("decimals", "12")
    ((40.0, ''), (None, 'Expected a whole number from 0 to 9.'))
    """
    try:
        read = reader or READERS[column]
        told = {_year: years, read_value: own_words, _number: own_words}
        return (read(text, told[read]) if read in told else read(text)), ""
    except (ValueTextError, MonthTextError) as error:
        return None, "Expected " + str(error).rpartition(". Expected ")[2]


def _kind(column):
    """What a column's cells are read as."""
    words = dict.fromkeys((read_flag, _provisional, _unless_empty, _confirmed), "word")
    kinds: dict[Any, str] = {_month: "month", _date: "date", **words}
    return kinds.get(READERS.get(column), "number")


def _number(text, own_words: Mapping[str, str] = {}):
    read = read_target(text, own_words)
    if read is None:
        return np.nan
    if read[0] != read[1]:
        raise ValueTextError(
            f"cannot read '{text}' as a number. Expected one number: a range has a column for each end."
        )
    return read[0]


def _share(text):
    number = _number(text)
    if unit_of(text) or not (np.isnan(number) or 0 <= number <= 1):
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


def _confirmed(text):
    """Whether somebody was asked: true, or who and when in words."""
    try:
        who, _, when = text.rpartition(" ")
        return bool(_date(when)) if who else read_flag(text)
    except ValueTextError:
        said = f"cannot read '{text}'. Expected true, or who and when, such as Head of Performance, 2018-05-10."
        raise ValueTextError(said) from None


def _month(text):
    return read_month(text) if text else None


def _date(text):
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueTextError(f"cannot read '{text}' as a date. Expected a date such as 2018-06-21.") from None


READERS: dict[str, Any] = {
    "value": read_value,
    "financial_year": _year,
    **dict.fromkeys(("month", "until", "definition_break", "last_month", "reported_from", "closed"), _month),
    **dict.fromkeys(("annual_target_low", "annual_target_high", "target_low", "target_high"), _number),
    **dict.fromkeys(("baseline", "amber_low", "amber_high", "gauge_low", "gauge_high"), _number),
    **dict.fromkeys(("numerator", "denominator", "rate"), _number),
    "tolerance": _share,
    "decimals": partial(_whole, largest=9),
    "allowed_lag": partial(_whole, largest=99),
    "year_introduced": partial(_whole, largest=9999),
    "due_month": partial(_whole, largest=12),
    **dict.fromkeys(("quarter_rows", "accumulate"), read_flag),
    "public": _unless_empty,
    "provisional": _provisional,
    "confirmed": _confirmed,
    **dict.fromkeys(("date", "due", "asked", "answered"), _date),
}
"""The one reader of each column's texts; a financial year is read as the council names its years."""

WORDS = {
    "section": "CORPORATE", "polarity": "", "basis": "UNSTATED", "frequency": "MONTHLY", "profile": "FLAT",
    "expected_outcome": "", "charted": "", "compare_with": "LAST_YEAR", "state": "", "kind": "", "checked_every": "",
}  # fmt: skip
"""Columns of words from a fixed set, and the word that an empty cell stands for."""

INDICATORS = [
    "indicator_code", "short_name", "section", "aim", "department", "contributing_departments", "managed_by",
    "scrutiny_committee", "polarity", "basis", "unit", "decimals", "frequency", "quarter_rows", "allowed_lag",
    "year_introduced", "definition_break", "gauge_low", "gauge_high",
]  # fmt: skip
INDICATORS_OPTIONAL = (
    "source", "due_month", "public", "last_month", "charted", "compare_with", "accumulate", "public_title",
)  # fmt: skip
TARGETS = [
    "indicator_code", "financial_year", "annual_target_low", "annual_target_high", "profile", "baseline",
    "tolerance", "amber_low", "amber_high",
]  # fmt: skip
TARGETS_OPTIONAL = ("confirmed", "reported_from", "reason")
STATED_TARGETS = ["indicator_code", "month", "target_low", "target_high"]
JUDGEMENTS = ["indicator_code", "month", "until", "expected_outcome", "reason", "role", "date"]
RETURNS = ["indicator_code", "month", "value", "note"]
RETURNS_OPTIONAL = ("numerator", "denominator", "provisional", "confirmed", "stated_rating")
SOURCES = ["indicator_code", "month", "value", "source_file", "sha256", "sheet", "cell", "text", "imported"]
STEP_CHANGES = ["indicator_code", "month", "reason", "role", "date", "reported_from"]
COMPARISONS = ["indicator_code", "month", "comparator", "value", "source"]
COMPARISONS_OPTIONAL = ("comparator_group",)

MAY_BE_EMPTY = (
    "department", "contributing_departments", "managed_by", "scrutiny_committee", "source", "note", "role",
    "public_title",
)  # fmt: skip
"""Columns that a council need not fill in at all: no figure and no colour is worked out from them."""

BASES = ("CUMULATIVE", "SNAPSHOT", "YTD_SNAPSHOT", "ROLLING_QUARTER", "UNSTATED")
FREQUENCIES = tuple(PERIODS)


def officers(managed_by: str) -> list[str]:
    """The officers that a cell of ``managed_by`` names, each once; none of an empty cell.

    A semicolon, ``&`` and the word "and" part them, so the title of a post that has one of them is taken for two.

    >>> officers("Ellen Butler; Joanna Ruffle"), officers("Ada A & Bo B and Ada A"), officers("")
    (['Ellen Butler', 'Joanna Ruffle'], ['Ada A', 'Bo B'], [])
    """
    parts = re.split(r"(?i);|&|\band\b", managed_by)
    return list(dict.fromkeys(filter(None, map(str.strip, parts))))


def committees(scrutiny_committee: str) -> list[str]:
    """The committees that a cell names, each once, parted by semicolons; none of an empty cell."""
    return list(dict.fromkeys(filter(None, map(str.strip, scrutiny_committee.split(";")))))


def indicators(reader: InputReader, settings) -> pd.DataFrame:
    """data/indicators.csv; committees get the spelling that the settings print."""
    frame = read(reader, reader.workspace.data / "indicators.csv", INDICATORS, INDICATORS_OPTIONAL)
    spelt = settings.committee_spelt
    printed = ["; ".join(spelt.get(each, each) for each in committees(cell)) for cell in frame.scrutiny_committee]
    return frame.assign(
        scrutiny_committee=pd.Series(printed, frame.index, dtype="str"),
        allowed_lag=frame["allowed_lag"].fillna(0),
        due_month=frame["due_month"].replace(0, np.nan),
    )


def returns(reader: InputReader, files: list[Return], described: pd.DataFrame, needed: bool) -> pd.DataFrame:
    """The returns in order of receipt: every row as received, read where it can be, and figures that came as their
    parts alone computed.
    """
    texts = [reader.table(path, RETURNS, RETURNS_OPTIONAL, needed=needed) for _, _, path in files]
    frame = _of_parts(typed(reader, pd.concat(texts, ignore_index=True)), described)
    frame["is_provisional"] |= frame.pop("provisional") & frame["number"].notna()
    received = pd.PeriodIndex([month for month, _, _ in files], freq="M")
    return frame.assign(received=received.repeat([len(each) for each in texts]))


def _of_parts(frame, described):
    """The rows with what numerator and denominator make where no figure came with them; adds computed_from."""
    frame, about = frame.assign(computed_from=""), described.drop_duplicates("indicator_code")
    silent = frame["number"].isna() & (frame["no_value_reason"] == "NOT_SUPPLIED")
    known = frame[silent].reset_index().merge(about[["indicator_code", "unit", "decimals"]], on="indicator_code")
    for row in known.itertuples():
        made = made_of_parts(row.numerator, row.denominator, row.unit)
        figure = None if made is None else computed_figure(made, row.decimals, row.unit)
        if figure:
            said = parts_words(row.numerator, row.denominator, row.unit)
            columns = ["value_text", "number", "unit_found", "no_value_reason", "computed_from"]
            frame.loc[row.index, columns] = [figure.text, figure.number, figure.unit, "", said]
    return frame


ABBREVIATIONS = ["abbreviation", "meaning"]


def abbreviations(reader: InputReader) -> pd.DataFrame:
    """data/abbreviations.csv. Raises ``InputError`` for one explained twice or not at all, or for swapped headings."""
    frame = reader.table(reader.workspace.data / "abbreviations.csv", ABBREVIATIONS, needed=False)
    faulty = frame[frame["abbreviation"].duplicated() | (frame[ABBREVIATIONS] == "").any(axis=1)]
    if len(faulty):
        raise InputError([
            f"{row.file} row {row.row}: '{row.abbreviation}' is explained twice, or not at all. "
            "Expected each abbreviation once, with its meaning."
            for row in faulty.itertuples()
        ])  # fmt: skip
    short, long = (frame[name].str.len() for name in ABBREVIATIONS)
    if len(frame) and (short > long).all():
        raise InputError(
            f"{frame['file'].iloc[0]}: each abbreviation is longer than its meaning. Expected the short form under "
            "abbreviation and the long one under meaning: exchange the headings."
        )
    return frame


def used_abbreviations(known: pd.DataFrame, text: str) -> pd.DataFrame:
    """The entries that occur in a text as whole words, plurals included, in order of letters."""
    used = [bool(re.search(rf"(?<!\w){re.escape(short)}(?:['’]?s)?(?!\w)", text)) for short in known["abbreviation"]]
    found = known[pd.Series(used, known.index, dtype=bool)]
    return found.sort_values("abbreviation", key=lambda texts: texts.str.lower()).reset_index(drop=True)
