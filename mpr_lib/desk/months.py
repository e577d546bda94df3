"""Months: what happened in each month where figures are given to date, and which figures were revised."""

import pandas as pd

from mpr_lib.rules.months import FROM_APRIL, FinancialYears
from mpr_lib.rules.values import exactly


def in_month(months: pd.DataFrame, row, years: FinancialYears = FROM_APRIL) -> pd.DataFrame | None:
    """The months of a cumulative indicator's history that have figures, with in_month: what each added.

    The first month of the year is its own figure, unless the target grows from a baseline: then figures go on from
    year to year. Missing where the month before has no figure or another definition. None where figures do not
    add up: another basis, or percentages.
    """
    if row.basis != "CUMULATIVE" or row.unit == "%":
        return None
    known = months[months["value"].notna()].copy()
    by_month = known.set_index("month")["value"]
    before = pd.Series(by_month.reindex(known["month"] - 1).to_numpy(), known.index, dtype=float)
    starts = years.month_number(known["month"]) == 1
    if row.profile != "LINEAR_FROM_BASELINE":
        before = before.mask(starts, 0.0)
    if row.definition_break == row.definition_break:
        before = before.mask((known["month"] == row.definition_break) & ~starts)
    known["in_month"] = exactly(lambda value, earlier: value - earlier, known["value"], before)
    return known


def revisions_of(returns: pd.DataFrame, code: str) -> pd.DataFrame:
    """The rows received for an indicator whose figure differs from the one received before for that month.

    Adds before: the text that stood there. An empty cell in a later return takes nothing back and is no revision.
    """
    own = returns[(returns["indicator_code"] == code) & returns["month"].notna()]
    own = own[own["number"].notna() | (own["no_value_reason"] != "NOT_SUPPLIED")]
    earlier = own.groupby("month")[["value_text", "number"]].shift()
    seconds = own.groupby("month").cumcount() > 0
    changed = seconds & ~((own["number"] == earlier["number"]) | (own["number"].isna() & earlier["number"].isna()))
    return own.assign(before=earlier["value_text"].fillna(""))[changed].sort_values("month", kind="stable")
