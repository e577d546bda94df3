"""Points: whether an indicator's figures add up through the year, and what of each figure is its own month's."""

import numpy as np
import pandas as pd

from mpr_lib.rules.figures import difference
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, at_months, is_due, last_due, ordinals, periods
from mpr_lib.rules.owed import SETTLED
from mpr_lib.rules.values import format_number

CHARTED = ("AS_GIVEN", "MONTHS_OWN", "QUARTER_ENDS", "NONE")
"""What is charted of an indicator: its figures, what each month added, its quarters' ends, or nothing."""

_OF_BASIS = {"SNAPSHOT": "AS_GIVEN", "YTD_SNAPSHOT": "AS_GIVEN", "ROLLING_QUARTER": "QUARTER_ENDS"}

WHY_NONE = {"CUMULATIVE": "RATIO_TO_DATE", "UNSTATED": "BASIS_UNSTATED"}
"""Why nothing is charted of an indicator whose ``charted`` is NONE, by its basis."""


def charted(indicators: pd.DataFrame, targets: pd.DataFrame) -> pd.Series:
    """What is charted of each indicator, one of ``CHARTED``; MONTHS_OWN says that its figures add up.

    Needs indicator_code, basis, unit and, where the workspace says so itself, charted and accumulate; ``targets`` are
    the book's, of all years. A cumulative figure adds up where its target moves: with a profile other than FLAT in any
    year. Without a target other than 0 in any year it does unless it is a percentage: no part of 0 tells whether it
    moves. What ``charted`` says stands.

    Source: docs/rules.md, What adds up.
    """
    moves = targets["profile"] != "FLAT"
    codes, said = indicators["indicator_code"], _given(indicators, "charted", "")
    ends = targets.reindex(columns=["annual_target_low", "annual_target_high"])
    telling = moves | (ends.fillna(0) != 0).any(axis=1)
    has_target = codes.isin(targets.loc[telling, "indicator_code"])
    adds = codes.isin(targets.loc[moves, "indicator_code"]) | (~has_target & (indicators["unit"] != "%"))
    adds = (indicators["basis"] == "CUMULATIVE") & adds | _given(indicators, "accumulate", False)
    found = indicators["basis"].map(_OF_BASIS).fillna("NONE").mask(adds, "MONTHS_OWN")
    return found.where(said == "", said).astype("str")


def months_own(figures: pd.DataFrame, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """What each figure adds to the one before it, with ``previous`` and ``previous_month``, on the frame's index.

    Needs indicator_code, month, number, charted, basis, profile, frequency, definition_break; baseline and accumulate
    where there are any. ``own`` is missing where the figure before is, a period earlier, and of what does not add up it
    is the change. What adds up starts anew in each financial year, whose first figure is its own, unless its target
    grows from a baseline: then figures go on from year to year, the very first from the baseline. Months' own figures
    that come as such (accumulate) are as received. Any figure starts anew with a new definition.
    """
    ordered = figures[figures["number"].notna()].sort_values(["indicator_code", "month"])
    number, month, adds = ordered["number"], ordered["month"], ordered["charted"] == "MONTHS_OWN"
    goes_on = ordered["profile"] == "LINEAR_FROM_BASELINE"
    period = periods(ordered)
    new = month >= ordered["definition_break"]
    before = ordered.groupby([ordered["indicator_code"], new], sort=False)[["number", "month"]].shift()
    follows = before["month"].notna()
    same_year = years.of(before["month"].where(follows, month)) == years.of(month)
    follows &= same_year | goes_on | (ordered["basis"] != "CUMULATIVE")
    before = before.where(follows)
    near = follows & (ordinals(month) - ordinals(before["month"]) <= period)
    opens = adds & ~follows & (years.month_number(month) <= period)
    start = _given(ordered, "baseline", float("nan")).where(goes_on, 0.0)
    own = difference(number, before["number"].where(near)).where(~opens, difference(number, start))
    own = own.mask(_given(ordered, "accumulate", False), number)
    found = {"own": own, "previous": before["number"], "previous_month": before["month"]}
    return pd.DataFrame(found).reindex(figures.index)


def is_balance(figures: pd.DataFrame) -> pd.Series:
    """Whether each row's indicator is a balance, such as a surplus: what it adds up to may rise, fall and be below 0.

    Needs indicator_code, number. It is one by two figures below 0; a single one may be a slip.
    """
    return (figures["number"] < 0).groupby(figures["indicator_code"]).transform("sum") > 1


def points(figures: pd.DataFrame, years: FinancialYears = FROM_APRIL) -> pd.Series:
    """The point of each figure, missing where it has none: as given, a quarter's end, or what its month added.

    Needs what ``months_own`` needs, and is_proxy. Exact, in the indicator's unit. A missing month leaves its own and
    the next one's unknown, and so does a proxy; a figure to date that falls has no point, unless it is a balance.
    """
    known = figures.assign(number=figures["number"].mask(figures["is_proxy"]))
    own = months_own(known, years)["own"]
    own = own.where((own >= 0) | _given(known, "accumulate", False) | is_balance(known))
    kind, quarter_ends = known["charted"], years.month_number(known["month"]) % 3 == 0
    own = known["number"].mask(kind == "MONTHS_OWN", own)
    return own.where((kind == "AS_GIVEN") | (kind == "MONTHS_OWN") | ((kind == "QUARTER_ENDS") & quarter_ends))


def standing_steps(steps: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """The steps that count in a month's report, one per indicator and month, the last recorded.

    Needs indicator_code, month, reason, reported_from. One counts from the report of ``reported_from`` on, or where
    that is missing from that of its own month, and never before its month. Without a reason it does not count.
    """
    counts = (steps["month"] <= month) & ~(steps["reported_from"] > month) & (steps["reason"] != "")
    return steps[counts].drop_duplicates(["indicator_code", "month"], keep="last").reset_index(drop=True)


_DESCRIBED = [
    "indicator_code", "charted", "basis", "frequency", "due_month", "definition_break", "accumulate", "year_introduced",
    "last_month", "unit",
]  # fmt: skip


def with_points(history: pd.DataFrame, indicators: pd.DataFrame, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """The months of a history with the point of each figure and the target of that point.

    Both are the book's. Adds what is known of each indicator, point (``points``; of NONE missing), period (months to a
    neighbour), due (whether a point can be there), and makes target_low and target_high those of the point: of what
    adds up the month's own part (of a quarterly figure the quarter's, where it is due), missing where the target to
    date stands still all year.
    """
    about = indicators.drop_duplicates("indicator_code").reindex(columns=_DESCRIBED)
    rows = history.drop(columns=["unit"]).merge(about, on="indicator_code")
    period = periods(rows)
    quarters = rows["charted"] == "QUARTER_ENDS"
    due = is_due(rows, rows["month"], years) & (~quarters | (years.month_number(rows["month"]) % 3 == 0))
    moving = rows[(rows["charted"] == "MONTHS_OWN") & due].assign(accumulate=False)
    stands = (rows["charted"] != "MONTHS_OWN") | (rows["profile"] == "FLAT")
    aims = {}
    for end in ("target_low", "target_high"):
        own = months_own(moving.assign(number=moving[end]), years)["own"].reindex(rows.index).mask(stands)
        aims[end] = rows[end].where(rows["charted"] != "MONTHS_OWN", own)
    period = period.where(~quarters, period.clip(lower=3))
    return rows.assign(point=points(rows, years), period=period, due=due & (rows["charted"] != "NONE"), **aims)


def charted_points(rows: pd.DataFrame, steps: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """What is charted of each indicator up to a month: one row for each due month from its first figure to its last.

    ``rows`` are from ``with_points``, ``steps`` (indicator_code, month) those recorded. Returns indicator_code, month,
    segment, point (missing where it is not known), target_low, target_high, is_proxy, period and unit. Nothing before
    a new definition is charted; each step begins a new segment.
    """
    rows = _without_gaps(rows[rows["due"] & (rows["month"] <= month) & ~(rows["month"] < rows["definition_break"])])
    rows["segment"] = 1
    for code, start in zip(steps["indicator_code"], steps["month"], strict=True):
        rows["segment"] += (rows["indicator_code"] == code) & (rows["month"] >= start)
    columns = ["indicator_code", "month", "segment", "point", "target_low", "target_high", "is_proxy", "period", "unit"]
    return rows[columns]


def _without_gaps(rows):
    """The rows from each indicator's first figure to its last, in order of month, with one for each month of a gap."""
    known = rows[rows["number"].notna()].groupby("indicator_code", sort=False)
    ends = known.agg(first=("month", "min"), last=("month", "max"), period=("period", "first"), unit=("unit", "first"))
    first, last, period = (ends[name].astype("int64").to_numpy() for name in ("first", "last", "period"))
    count = (last - first) // period + 1
    place = np.arange(count.sum()) - np.repeat(count.cumsum() - count, count)
    ordinals = np.repeat(first, count) + place * np.repeat(period, count)
    codes = pd.Series(ends.index.repeat(count), dtype=rows["indicator_code"].dtype)
    grid = pd.DataFrame({"indicator_code": codes, "month": pd.PeriodIndex.from_ordinals(ordinals, freq="M")})
    grid = grid.join(ends[["period", "unit"]], on="indicator_code")
    found = at_months(rows, ["point", "target_low", "target_high", "is_proxy"], codes, grid["month"])
    return grid.assign(**found.assign(is_proxy=found["is_proxy"].eq(True)))


def to_date(months: pd.DataFrame, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """The months of a history with the figures to date of indicators whose figures come as months' own (accumulate).

    Needs indicator_code, month, accumulate, frequency, due_month, definition_break, unit, decimals, and what was
    received: number, value_text, no_value_reason, is_proxy, is_provisional, numerator, denominator. Adds value and
    received_text. Of what accumulates, value is the exact sum in its financial year (and definition), a proxy or
    provisional where a part is; after a due month without a figure it is NOT_SUPPLIED until that comes, unless a
    return says in so many words that there is none to give.
    """
    months = months.assign(value=months["number"], received_text=months["value_text"])
    if not months["accumulate"].any():
        return months
    rows = months[months["accumulate"]].sort_values(["indicator_code", "month"])
    year, new = years.of(rows["month"]), rows["month"] >= rows["definition_break"]
    begins = rows["month"] - years.month_number(rows["month"]) + 1
    begins = rows["definition_break"].where(new & (rows["definition_break"] > begins), begins)
    period = periods(rows)
    first = last_due(rows, begins - 1, years) + period
    due = is_due(rows, rows["month"], years)
    number = rows["number"].where(due)
    flags = rows[["is_proxy", "is_provisional"]]
    # Whoever says that a month has no figure to give says that it adds nothing.
    settled = (rows["value_text"] != "") & rows["no_value_reason"].isin(SETTLED)
    parts = flags.assign(number=number.fillna(0), there=number.notna() | (due & settled))
    parts = parts.groupby([rows["indicator_code"], year, new], sort=False)
    whole = number.notna() & (parts["there"].cumsum() == (ordinals(rows["month"]) - ordinals(first)) // period + 1)
    value = parts["number"].cumsum().round(9).where(whole)
    flags = parts[flags.columns.tolist()].cummax().where(whole, False)
    said = zip(value, rows["decimals"], rows["unit"], flags["is_proxy"], strict=True)
    texts = [_text(*each) for each in said]
    waits = ~whole & rows["number"].notna()
    found = rows.assign(
        value=value, value_text=pd.Series(texts, rows.index).where(whole, rows["value_text"].mask(waits, "")),
        no_value_reason=rows["no_value_reason"].mask(waits, "NOT_SUPPLIED"), numerator=float("nan"),
        denominator=float("nan"), **flags,
    )  # fmt: skip
    return pd.concat([months[~months["accumulate"]], found]).sort_index()


def _text(number, decimals, unit, is_proxy):
    """A sum as printed: with the indicator's decimals, or more where it has more; of a proxy it says so."""
    exact = number != number or decimals != decimals or round(number, int(decimals)) != number
    return "Proxy " * is_proxy + format_number(number, None if exact else int(decimals), unit)


def _given(frame, column, otherwise):
    return frame[column] if column in frame else pd.Series(otherwise, frame.index)
