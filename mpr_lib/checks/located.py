"""Located rows: what every check table has, so that each finding can say where it stands.

A check table is a small frame with one row for each thing that an expectation looks at. Beside columns of its own it
has indicator_code, month, file and row.
"""

import numpy as np
import pandas as pd

WHERE = ["indicator_code", "month", "file", "row"]


def located(frame: pd.DataFrame, **columns) -> pd.DataFrame:
    """A check table: the frame with the columns given; where it lacks one of ``WHERE``, that is empty."""
    table = frame.assign(**columns).reset_index(drop=True)
    absent = {"indicator_code": "", "file": "", "row": np.nan, "month": no_months(table)}
    return table.assign(**{name: value for name, value in absent.items() if name not in table})


def stacked(parts) -> pd.DataFrame:
    """One frame from parts of the book's frames: their WHERE columns, and the columns given for each.

    ``parts`` are pairs of a frame and a mapping of the columns to add.
    """
    frames = []
    for frame, columns in parts:
        where = {name: frame[name] for name in WHERE if name in frame}
        frames.append(pd.DataFrame({"month": no_months(frame), "row": np.nan, **where, **columns}, frame.index))
    return pd.concat(frames, ignore_index=True)


def no_months(frame) -> pd.Series:
    """A column of missing months."""
    return pd.Series(pd.NaT, frame.index, dtype="period[M]")


def missing_if_empty(texts: pd.Series) -> pd.Series:
    """Texts with the empty ones missing, as expectations about missing cells need them."""
    return texts.astype(object).mask(texts == "")


def ordinal(months: pd.Series) -> pd.Series:
    """Months as numbers that count up by one, missing where there is none."""
    return (months.dt.year * 12 + months.dt.month).astype(float).mask(months.isna())
