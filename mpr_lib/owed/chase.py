"""The chase list: what a month's report still waits for, of whom, and what stands that will not last."""

import numpy as np
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


def due_months(indicators: pd.DataFrame, month: pd.Period, years: FinancialYears = FROM_APRIL) -> pd.Series:
    """The newest month whose figure must be in for a report: the last due one up to the allowed lag before it.

    Needs frequency, allowed_lag (months; missing: 0) and what else ``mpr_lib.rules.frequency`` asks for.
    """
    return last_due(indicators, _months(month.ordinal - _lag(indicators)), years)


def owed_values(indicators, values, month, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """One row for each figure that is still owed: indicator_code, month, late_by, newest_month, value_text.

    ``indicators`` needs indicator_code and what ``due_months`` does; ``values`` indicator_code, month, number,
    value_text, no_value_reason. Owed are the due months after the newest figure, and earlier ones that were said to be
    awaited; an indicator that never had a figure owes from the first month that anything was said about, or else the
    newest due one. ``late_by`` is 0 where the figure is due with this report, ``newest_month`` NaT before the first.
    """
    columns = ["indicator_code", "frequency", "due_month", "allowed_lag"]
    known = indicators.drop_duplicates("indicator_code").reindex(columns=columns)
    known = known.assign(due=due_months(known, month, years))
    received = values[values["month"] <= month]
    newest = received[received["number"].notna()].groupby("indicator_code")["month"].max()
    mentioned = received.groupby("indicator_code")["month"].min()
    known["newest_month"] = newest.reindex(known["indicator_code"]).to_numpy()
    known = known.astype({"newest_month": "period[M]"})
    start = (known["newest_month"] + 1).fillna(mentioned.reindex(known["indicator_code"]).set_axis(known.index))
    frame = _each_month(known.assign(start=start.fillna(known["due"])))
    frame = frame[is_due(frame, frame["month"], years)]
    said = received[["indicator_code", "month", "value_text", "no_value_reason"]]
    frame = frame.merge(said, on=["indicator_code", "month"], how="left")
    frame = pd.concat([frame[~frame["no_value_reason"].isin(SETTLED)], _awaited(known, said)], ignore_index=True)
    late_by = month.ordinal - _lag(frame) - _ordinals(frame["month"])
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
    until = standing["until"].fillna(standing["month"])
    lapsing = [
        standing[(until == end) & ~standing["indicator_code"].isin(_judged(judgements, end + 1))].assign(until=end)
        for end in (month, month + 1)
    ]
    return pd.concat(lapsing, ignore_index=True)


def _judged(judgements, month):
    return standing_judgements(judgements, month)["indicator_code"]


def _each_month(known):
    """The indicators' rows once for each month from start to due."""
    start, due = _ordinals(known["start"]), _ordinals(known["due"])
    count = (due - start + 1).clip(lower=0).to_numpy()
    repeated = known.loc[known.index.repeat(count)].reset_index(drop=True)
    steps = np.concatenate([np.arange(each) for each in count]) if len(count) else np.array([], dtype="int64")
    return repeated.assign(month=_months(_ordinals(repeated["start"]) + steps.astype("int64")))


def _awaited(known, said):
    """Months before the newest figure that somebody promised, as far as they are due."""
    frame = known.merge(said[said["no_value_reason"] == "AWAITED"], on="indicator_code")
    return frame[(frame["month"] < frame["newest_month"]) & (frame["month"] <= frame["due"])]


def _lag(frame):
    return frame["allowed_lag"].fillna(0).astype("int64")


def _months(ordinals: pd.Series) -> pd.Series:
    months = pd.PeriodIndex.from_ordinals(ordinals.to_numpy(dtype="int64"), freq="M")
    return pd.Series(months, ordinals.index)


def _ordinals(months: pd.Series) -> pd.Series:
    return pd.Series(pd.PeriodIndex(months).asi8, months.index)


COLUMNS = [
    "indicator_code",
    "short_name",
    "department",
    "managed_by",
    "kind",
    "month",
    "late_by",
    "newest_month",
    "value_text",
    "expected_outcome",
]
KINDS = ("value", "commentary", "proxy", "judgement")
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
        "judgement": lapsing_judgements(book.judgements, book.month).drop(columns="month").rename(
            columns={"until": "month"}
        ),
    }  # fmt: skip
    found = pd.concat([part.assign(kind=kind) for kind, part in parts.items()], ignore_index=True)
    described = book.indicators.drop_duplicates("indicator_code").set_index("indicator_code")
    names = ["short_name", "department", "managed_by"]
    found = found[found["indicator_code"].isin(described.index)].join(described[names], on="indicator_code")
    return _in_order(found.reindex(columns=COLUMNS).fillna({"value_text": "", "expected_outcome": ""}))


def groups(listed: pd.DataFrame, by: str) -> list[tuple[str, pd.DataFrame]]:
    """The list by ``officer`` or ``department``, in order of letters, those that nobody answers for last.

    Of two officers each gets the row; shared_with names the other.
    """
    if by == "department":
        found = listed.assign(group=listed["department"], shared_with="")
    else:
        names = listed["managed_by"].map(lambda cell: officers(cell) or [""])
        found = listed.assign(group=names, names=names).explode("group")
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


def _in_order(found):
    codes = {code: place for place, code in enumerate(sorted(found["indicator_code"].unique(), key=natural_key))}
    by = {"code": found["indicator_code"].map(codes), "kind": found["kind"].map(KINDS.index)}
    order = pd.DataFrame({**by, "month": found["month"]}).sort_values(["code", "kind", "month"]).index
    return found.loc[order].reset_index(drop=True)
