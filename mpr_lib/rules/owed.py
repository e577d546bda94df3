"""Owed: which figures a report still waits for. Lateness, completeness and the chase list all ask this one rule."""

from typing import NamedTuple

import pandas as pd

from mpr_lib.rules.months import FROM_APRIL, FinancialYears, is_due, last_due

SETTLED = ("NOT_APPLICABLE", "NOT_DUE")
"""Reasons that settle a month without a figure; the others promise or leave one out."""


class Waiting(NamedTuple):
    """What a month waits for beside figures and comments: who is asked, for which indicator (or none), and for what.

    ``is_owed`` parts what a report waits for from what is told so that nobody is surprised.
    """

    who: str
    indicator_code: str
    what: str
    is_owed: bool


def owed_values(indicators, values, month, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """One row for each figure that is still owed: indicator_code, month, late_by, newest_month, value_text.

    ``indicators`` needs indicator_code, frequency, allowed_lag (months; missing: 0), and has what ``is_due`` asks for;
    ``values`` needs indicator_code, month, number, value_text, no_value_reason. Owed are the due months after the
    newest figure that nobody settled, up to the last one due with the lag before this report, and earlier ones that
    were said to be awaited; an indicator that never had a figure owes from the first month that anything was said
    about, or else the newest due one; one whose months are added up (accumulate, optional) owes every gap of the year,
    for the sum waits for it. ``late_by`` is 0 where the figure is due with this report, ``newest_month`` NaT before the
    first.
    """
    columns = ["indicator_code", "frequency", "due_month", "allowed_lag", "year_introduced", "last_month", "accumulate",
               "definition_break"]  # fmt: skip
    known = indicators.drop_duplicates("indicator_code").reindex(columns=columns)
    wanted = (month - known["allowed_lag"].fillna(0).astype("int64")).astype("period[M]")
    received = values[values["month"] <= month]
    first = received.groupby("indicator_code")["month"].min()
    last = received[received["number"].notna()].groupby("indicator_code")["month"].max()
    first, last = (each.reindex(known["indicator_code"]).set_axis(known.index) for each in (first, last))
    due = last_due(known, wanted, years)
    known = known.assign(wanted=wanted, due=due, newest_month=last)
    start, begins = (last + 1).fillna(first).fillna(due), due - years.month_number(due) + 1
    new = known["definition_break"].astype("period[M]")
    begins = begins.where(~(new > begins), new)
    start = start.mask(known["accumulate"].eq(True) & (begins < start), begins)
    spans = [pd.period_range(*span, freq="M") for span in zip(start, due, strict=True)]
    frame = known.assign(month=spans).explode("month").dropna(subset="month").astype({"month": "period[M]"})
    frame = frame[is_due(frame, frame["month"], years)]
    said = received[["indicator_code", "month", "number", "value_text", "no_value_reason"]]
    frame = frame.merge(said, on=["indicator_code", "month"], how="left")
    frame = frame[frame["number"].isna() & ~frame["no_value_reason"].isin(SETTLED)]
    frame = pd.concat([frame, _awaited(known, said)], ignore_index=True)
    late_by = [(wanted - month).n for wanted, month in zip(frame["wanted"], frame["month"], strict=True)]
    frame = frame.assign(late_by=late_by, value_text=frame["value_text"].fillna("").astype("str"))
    frame = frame.drop_duplicates(["indicator_code", "month"]).sort_values("month", kind="stable")
    return frame[["indicator_code", "month", "late_by", "newest_month", "value_text"]].reset_index(drop=True)


def _awaited(known, said):
    """Months before the newest figure that somebody promised, as far as they are due."""
    frame = known.merge(said[said["no_value_reason"] == "AWAITED"], on="indicator_code")
    return frame[(frame["month"] < frame["newest_month"]) & (frame["month"] <= frame["due"])]
