"""The chase list: what a month's report still waits for, of whom, and what stands that will not last."""

import pandas as pd

from mpr_lib.book.book import Book, scorecard_of
from mpr_lib.book.commentary import read_commentary
from mpr_lib.book.tables import officers
from mpr_lib.book.workspace import InputReader
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, is_due, last_due
from mpr_lib.rules.outcome import is_exception, standing_judgements

SETTLED = ("NOT_APPLICABLE", "NOT_DUE")
"""Reasons that settle a month without a figure; the others promise or leave one out."""


def owed_values(indicators, values, month, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """One row for each figure that is still owed: indicator_code, month, late_by, newest_month, value_text.

    ``indicators`` needs indicator_code, frequency, due_month, allowed_lag (months; missing: 0); ``values``
    indicator_code, month, number, value_text, no_value_reason. Owed are the due months after the newest figure, up to
    the last one due with the lag before this report, and earlier ones that were said to be awaited; an indicator that
    never had a figure owes from the first month that anything was said about, or else the newest due one. ``late_by``
    is 0 where the figure is due with this report, ``newest_month`` NaT before the first.
    """
    columns = ["indicator_code", "frequency", "due_month", "allowed_lag"]
    known = indicators.drop_duplicates("indicator_code").reindex(columns=columns)
    wanted = (month - known["allowed_lag"].fillna(0).astype("int64")).astype("period[M]")
    received = values[values["month"] <= month]
    first = received.groupby("indicator_code")["month"].min()
    last = received[received["number"].notna()].groupby("indicator_code")["month"].max()
    first, last = (each.reindex(known["indicator_code"]).set_axis(known.index) for each in (first, last))
    due = last_due(known, wanted, years)
    known = known.assign(wanted=wanted, due=due, newest_month=last)
    start = (last + 1).fillna(first).fillna(due)
    spans = [pd.period_range(*span, freq="M") for span in zip(start, due, strict=True)]
    frame = known.assign(month=spans).explode("month").dropna(subset="month").astype({"month": "period[M]"})
    frame = frame[is_due(frame, frame["month"], years)]
    said = received[["indicator_code", "month", "value_text", "no_value_reason"]]
    frame = frame.merge(said, on=["indicator_code", "month"], how="left")
    frame = pd.concat([frame[~frame["no_value_reason"].isin(SETTLED)], _awaited(known, said)], ignore_index=True)
    late_by = [(wanted - month).n for wanted, month in zip(frame["wanted"], frame["month"], strict=True)]
    frame = frame.assign(late_by=late_by, value_text=frame["value_text"].fillna("").astype("str"))
    frame = frame.drop_duplicates(["indicator_code", "month"]).sort_values("month", kind="stable")
    return frame[["indicator_code", "month", "late_by", "newest_month", "value_text"]].reset_index(drop=True)


def owed_commentary(scorecard: pd.DataFrame, commented_before) -> pd.DataFrame:
    """The scorecard's rows whose commentary is owed: exceptions, and those that had one in the report before.

    ``scorecard`` needs indicator_code, expected_outcome, commentary.
    """
    wanted = is_exception(scorecard) | scorecard["indicator_code"].isin(set(commented_before))
    return scorecard[wanted & (scorecard["commentary"] == "")]


def standing_proxies(values: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """The figures that still stand in for true ones, up to a month."""
    return values[values["is_proxy"] & (values["month"] <= month)]


def lapsing_judgements(judgements: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """The judgements that stand in a month, end with it or with the next, and have no other to follow them."""
    standing = standing_judgements(judgements, month)
    standing = standing.assign(until=standing["until"].fillna(standing["month"]))
    lapsing = []
    for end in (month, month + 1):
        followed = standing_judgements(judgements, end + 1)["indicator_code"]
        lapsing.append(standing[(standing["until"] == end) & ~standing["indicator_code"].isin(followed)])
    return pd.concat(lapsing, ignore_index=True)


def _awaited(known, said):
    """Months before the newest figure that somebody promised, as far as they are due."""
    frame = known.merge(said[said["no_value_reason"] == "AWAITED"], on="indicator_code")
    return frame[(frame["month"] < frame["newest_month"]) & (frame["month"] <= frame["due"])]


COLUMNS = ["indicator_code", "short_name", "department", "managed_by", "kind", "month", "late_by", "newest_month",
           "value_text", "expected_outcome"]  # fmt: skip
OWED = ("value", "commentary")
"""The kinds that a report waits for; the others are told so that nobody is surprised."""


def chase_list(book: Book) -> pd.DataFrame:
    """``COLUMNS``, one row for each figure and each comment that is owed, each proxy, and each judgement that lapses.

    ``month`` is the figure's, the reporting month of a comment, the last one of a judgement. ``late_by`` (months) and
    ``newest_month`` are of figures alone; ``expected_outcome`` is why a comment is owed (empty: there was one in the
    report before) or what was judged. In natural order of code, by kind.
    """
    parts = {
        "value": owed_values(book.indicators, book.values, book.month, book.settings.years),
        "commentary": _commentary(book),
        "proxy": standing_proxies(book.values, book.month),
        "judgement": lapsing_judgements(book.judgements, book.month).assign(month=lambda frame: frame["until"]),
    }
    ordered = [part.sort_values("month", kind="stable").assign(kind=kind) for kind, part in parts.items()]
    found = pd.concat(ordered).sort_values("indicator_code", key=lambda codes: codes.map(natural_key), kind="stable")
    described = book.indicators.drop_duplicates("indicator_code")
    described = described[["indicator_code", "short_name", "department", "managed_by"]]
    found = found.merge(described, on="indicator_code").reindex(columns=COLUMNS)
    return found.fillna({"value_text": "", "expected_outcome": ""})


def groups(listed: pd.DataFrame, by: str) -> list[tuple[str, pd.DataFrame]]:
    """The list by ``officer`` or ``department``, in order of letters, those that nobody answers for last.

    Of two officers each gets the row; shared_with names the other.
    """
    names = listed["managed_by"].map(officers) if by == "officer" else listed["department"].map(lambda name: [name])
    found = listed.assign(group=names, names=names).explode("group").fillna({"group": ""})
    pairs = zip(found["group"], found.pop("names"), strict=True)
    found["shared_with"] = ["; ".join(name for name in names if name != group) for group, names in pairs]
    order = sorted(found["group"].unique(), key=lambda name: (not name, name.casefold()))
    return [(name, found[found["group"] == name].drop(columns="group")) for name in order]


def _commentary(book):
    """Comments owed; of an exception its expected outcome says why."""
    before = read_commentary(InputReader(book.workspace), book.month - 1, book.indicators["indicator_code"])
    owed = owed_commentary(scorecard_of(book), before["indicator_code"])
    why = owed["expected_outcome"].where(is_exception(owed), "")
    return pd.DataFrame({"indicator_code": owed["indicator_code"], "month": book.month, "expected_outcome": why})
