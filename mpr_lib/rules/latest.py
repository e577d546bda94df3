"""Latest month: the newest month with a figure that a report may still show."""

import pandas as pd

LATEST_MONTH_AGE = 3
"""How many months older than the reporting month a figure may be and still be shown."""


def latest_months(codes, values: pd.DataFrame, month: pd.Period, age: int | pd.Series = LATEST_MONTH_AGE) -> pd.Series:
    """The latest month of each indicator, by code: the reporting month where no recent month has a number.

    ``values`` needs indicator_code, month, number; ``age`` is in months, one for all or a series by code. Figures after
    the reporting month never count.
    """
    known = values[values["number"].notna() & (values["month"] <= month)]
    ages = known["indicator_code"].map(age) if isinstance(age, pd.Series) else age
    recent = known[month.ordinal - known["month"].astype("int64") <= ages]
    newest = recent.groupby("indicator_code")["month"].max()
    return newest.reindex(codes).fillna(month)
