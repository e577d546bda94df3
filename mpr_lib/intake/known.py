"""What a workspace knows before an import: its indicators and its returns' figures. No month's params are needed."""

import pandas as pd

from mpr_lib.book import tables
from mpr_lib.book.book import newest_values
from mpr_lib.book.settings import ReportSettings, read_settings
from mpr_lib.book.workspace import InputReader
from mpr_lib.errors import InputError


def read_report_settings(reader: InputReader) -> ReportSettings:
    """The workspace's params/report.yml."""
    path = reader.workspace.report_settings
    return read_settings(ReportSettings, reader.text(path), reader.workspace.relative(path))


def read_indicators(reader: InputReader, settings: ReportSettings) -> pd.DataFrame:
    """The workspace's indicators."""
    path = reader.workspace.data / "indicators.csv"
    return tables.indicators(reader.table(path, tables.INDICATORS, tables.INDICATORS_OPTIONAL), settings)[0]


def earlier_values(reader: InputReader, month: pd.Period) -> pd.DataFrame:
    """The newest figure for each indicator and month in the returns before this month's (as ``Book.values``)."""
    frames = [empty_return(month)]
    for path in sorted(reader.workspace.returns_folder.glob("*.csv")):
        if len(path.stem) == 7 and path.stem < str(month):
            texts = reader.table(path, tables.RETURNS, tables.RETURNS_OPTIONAL)
            frames.append(tables.returns(texts, pd.Period(path.stem, freq="M"))[0])
    return newest_values(pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True))


def month_return(reader: InputReader, month: pd.Period) -> pd.DataFrame:
    """This month's return as it stands, empty where there is none yet.

    Raises ``InputError`` where it holds one indicator and month twice, or a month that cannot be read.
    """
    path = reader.workspace.return_file(month)
    if not path.is_file():
        return empty_return(month)
    frame = tables.returns(reader.table(path, tables.RETURNS, tables.RETURNS_OPTIONAL), month)[0]
    faulty = frame[frame.duplicated(["indicator_code", "month"]) | frame["month"].isna()]
    if len(faulty):
        raise InputError(
            [
                f"{row.file} row {row.row}: has {row.indicator_code} for '{row.month_text}' "
                + ("twice." if pd.notna(row.month) else "and that is no month.")
                + " Correct it before importing more."
                for row in faulty.itertuples()
            ]
        )
    return frame


def empty_return(month: pd.Period) -> pd.DataFrame:
    """A return without rows."""
    texts = pd.DataFrame(columns=[*tables.RETURNS, "file", "row"], dtype="str")
    return tables.returns(texts, month)[0]
