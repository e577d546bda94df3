"""Latest month: the newest month with a figure that a report may still show."""

import pandas as pd

LATEST_MONTH_AGE = 3
"""How many months older than the reporting month a figure may be and still be shown."""


def latest_months(codes, values: pd.DataFrame, month: pd.Period, age: int = LATEST_MONTH_AGE) -> pd.Series:
    """The latest month of each indicator, by code: the reporting month where no recent month has a number.

    ``values`` needs indicator_code, month, number. Figures after the reporting month never count.
    """
    recent = values[values["number"].notna() & values["month"].between(month - age, month)]
    newest = recent.groupby("indicator_code")["month"].max()
    return newest.reindex(codes).fillna(month)
