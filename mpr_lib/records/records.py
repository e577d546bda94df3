"""The records of data/records.csv, one row for each indicator: how they are read and checked, and what they lack."""

from datetime import date

import pandas as pd

from mpr_lib.book.tables import READERS, officers, read
from mpr_lib.book.workspace import InputReader
from mpr_lib.files import packaged
from mpr_lib.rules.months import PERIODS
from mpr_lib.rules.owed import Waiting
from mpr_lib.words import day_words, joined, lowered

PATH = "records.csv"
"""Its file, in data and in a published set."""

KINDS, MIX, CHECKED = packaged("records/words.yml").values()
TEXTS = ["definition", "formula", "taken_from", "data_owner", "limits"]
"""The columns of plain text."""

COLUMNS = ["indicator_code", "kind", *TEXTS, "checked_every", "last_checked"]
HEADINGS = {name: name.replace("_", " ").capitalize() for name in COLUMNS}
NEEDED = ("definition", "data_owner")
"""What a record is not whole without."""
MOST = 5
"""So many indicators without a record are named."""


def read_records(reader: InputReader, month: pd.Period, settings) -> pd.DataFrame:
    """data/records.csv as it stands now, whatever the month: COLUMNS, file, row; no rows where there is no file.

    Words are in capitals; ``last_checked`` is a date, None where empty or not to be read. Their texts stand beside.
    """
    path = reader.workspace.data / PATH
    return read(reader, path, COLUMNS, needed=False, last_checked=READERS["date"])


def frames(book, scorecard, history) -> dict:
    """The records, each with the last day that a check can be of: a year after the newest month that anything is for.

    ``too_late`` is a check of a later day.
    """
    last, records = str(book.last_likely.end_time.date()), book.annexes["records"]
    days = records["last_checked"].map(lambda day: str(day or ""))
    checked = records.assign(last_likely=last, last_checked=days, too_late=[day * (day > last) for day in days])
    return {"records": lambda: checked}


def parameters(book) -> dict:
    """The words that a record may use."""
    return {"record_kinds": list(KINDS), "checked_every": list(PERIODS)}


def begins(month: str) -> dict[str, str]:
    """The headings, for a new council to fill in."""
    return {f"data/{PATH}": ",".join(COLUMNS) + "\n"}


def waits(book, today: date) -> list[Waiting]:
    """What records lack, which checks are overdue, and which indicators have no record, once the file has a row."""
    records = {row.indicator_code: row for row in book.annexes["records"].itertuples()}
    found = [
        Waiting(joined(officers(row.managed_by)) or "No officer stated", row.indicator_code, gaps, False)
        for row in book.indicators.itertuples()
        if row.indicator_code in records and (gaps := _gaps(records[row.indicator_code], today))
    ]
    without = [code for code in book.indicators["indicator_code"] if records and code not in records]
    if without:
        more = f" and {len(without) - MOST} more" * (len(without) > MOST)
        said = f"a record in data/{PATH} of {', '.join(without[:MOST])}{more}"
        found.append(Waiting(book.settings.publisher, "", said, False))
    return found


def _gaps(record, today):
    """What is missing of a record, in words; empty where it is whole."""
    lacks = [lowered(HEADINGS[name]) for name in NEEDED if not getattr(record, name)]
    said = [f"its record's {joined(lacks)}"] * bool(lacks)
    last, months = record.last_checked, PERIODS.get(record.checked_every)
    if last and last > today:
        said.append(f"another day of its last check than {day_words(str(last))}, which is still to come")
    elif months and not last:
        said.append("its first check")
    elif months and (due := (pd.Timestamp(last) + pd.DateOffset(months=months)).date()) < today:
        said.append(f"its check, due on {day_words(str(due))}")
    return "; ".join(said)
