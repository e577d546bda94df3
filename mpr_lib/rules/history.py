"""History: every indicator month by month, each month rated against its own target."""

import numpy as np
import pandas as pd

from mpr_lib.rules.codes import in_natural_order
from mpr_lib.rules.comparing import with_direction
from mpr_lib.rules.months import FROM_APRIL, has_come, is_due, is_introduced
from mpr_lib.rules.owed import SETTLED
from mpr_lib.rules.points import to_date
from mpr_lib.rules.rating import DEFAULT_TOLERANCE, USUAL, known_or_none, limits, rate, rule_of_each, variance
from mpr_lib.rules.targets import targets_by_month

LATEST_MONTH_AGE = 3
"""How many months older than the reporting month a figure may be and still be shown."""


def latest_months(codes, values: pd.DataFrame, month: pd.Period, age: int | pd.Series = LATEST_MONTH_AGE) -> pd.Series:
    """The latest month of each indicator, by code: the reporting month where no recent month has a number.

    ``values`` needs indicator_code, month, number, is_settled (``history``); ``age`` is in months, one for all or a
    series by code. Figures after the reporting month never count. Nor do those before a settled month: whoever says
    that there is none to give wants no older one shown in its place.
    """
    known = values[(values["number"].notna() | values["is_settled"]) & (values["month"] <= month)]
    newest = known.sort_values("month", kind="stable").drop_duplicates("indicator_code", keep="last")
    ages = newest["indicator_code"].map(age) if isinstance(age, pd.Series) else age
    recent = newest[newest["number"].notna() & (month.ordinal - newest["month"].astype("int64") <= ages)]
    return recent.set_index("indicator_code")["month"].reindex(codes).fillna(month)


COLUMNS = [
    "indicator_code", "month", "received", "was_text", "was", "value_text", "number", "is_proxy", "note", "file",
    "row",
]  # fmt: skip


def as_defined_now(months: pd.DataFrame, indicator) -> pd.DataFrame:
    """The months of an indicator's history since its newest definition (definition_break), or all of them."""
    since = indicator.definition_break
    return months if pd.isna(since) else months[months["month"] >= since]


def revisions(returns: pd.DataFrame) -> pd.DataFrame:
    """Every change to a figure once it had been received, in order of receipt.

    ``returns`` is the book's. Returns ``COLUMNS``: ``was`` and ``was_text`` stood before, ``number`` and ``value_text``
    came instead (no number: the figure was withdrawn), ``note`` is the reason given. A first number for a month is no
    revision whatever stood there before, nor is the same number written differently; an empty cell takes nothing back.
    """
    heard = says_something(returns).drop_duplicates(["indicator_code", "month", "file"], keep="last")
    heard = heard.assign(has_number=heard["number"].notna())
    by_figure = heard.groupby(["indicator_code", "month"], sort=False)
    was, was_text = by_figure["number"].shift(), by_figure["value_text"].shift()
    had_number = by_figure["has_number"].cumsum() > heard["has_number"]
    same = (heard["number"] == was) | (heard["number"].isna() & was.isna())
    found = heard.assign(was=was, was_text=was_text.fillna("").astype("str"))
    return found.loc[had_number & ~same, COLUMNS].reset_index(drop=True)


def says_something(returns: pd.DataFrame) -> pd.DataFrame:
    """The rows of returns that give a number or a reason for none: an empty cell, or one that cannot be read, gives
    neither. Needs month, number, no_value_reason."""
    given = returns["number"].notna() | ~returns["no_value_reason"].isin(["", "NOT_SUPPLIED"])
    return returns[given & returns["month"].notna()]


def net(changes: pd.DataFrame) -> pd.DataFrame:
    """Revisions of each figure as one, from what stood first to what stands last; none where that is the same."""
    keys = ["indicator_code", "month"]
    first = changes.drop_duplicates(keys).set_index(keys)[["was", "was_text"]]
    last = changes.drop_duplicates(keys, keep="last").drop(columns=["was", "was_text"])
    both = last.join(first, on=keys)[COLUMNS]
    return both[both["number"].ne(both["was"])].reset_index(drop=True)


_LIFE = [
    "frequency", "due_month", "allowed_lag", "year_introduced", "last_month", "definition_break", "accumulate",
]  # fmt: skip
_KNOWN = ["indicator_code", "polarity", "decimals", "unit", *_LIFE]
_RECEIVED = [
    "number", "value_text", "no_value_reason", "is_proxy", "received", "file", "row", "is_provisional", "numerator",
    "denominator", "computed_from",
]  # fmt: skip


def history(
    indicators, targets, stated_targets, values, month, *, tolerance=DEFAULT_TOLERANCE, rules=(), years=FROM_APRIL
) -> pd.DataFrame:
    """Every indicator's months: all of last financial year and this one, and older months that have a figure.

    Needs the book's frames (indicators: indicator_code, polarity, decimals, unit, frequency; values: indicator_code,
    month and what was received). One row per indicator and month, in natural order of code, with number and
    received_text (as received), value and value_text (to date: the same, or the sum of months' own), no_value_reason,
    target, amber and green columns, variance and rating, by the first of ``rules`` (``RatingRule``) that is for the
    indicator. Where nothing came the reason is NOT_INTRODUCED before year_introduced, NOT_DUE after the reporting
    month, after last_month and between the months of a quarterly or yearly figure, else NOT_SUPPLIED. Adds is_settled:
    a return says in so many words that for this month, in which one is due, there is none to give.
    """
    described = indicators.drop_duplicates("indicator_code")
    known = described.reindex(columns=_KNOWN)
    received = values.reindex(columns=["indicator_code", "month", *_RECEIVED]).astype({"computed_from": object})
    months = _shown_months(known["indicator_code"], values, month, years)
    frame = months.merge(known, on="indicator_code").merge(received, on=["indicator_code", "month"], how="left")
    frame = to_date(_with_reasons(frame, month, years), years)
    frame = frame.drop(columns=_LIFE)
    frame = targets_by_month(frame, targets, stated_targets, frame.assign(number=frame["value"]), years)
    return in_natural_order(_rated(frame, described, rules, tolerance, years).sort_values("month"))


def _rated(frame, described, rules, tolerance, years):
    """The months with their limits, variance and rating, each by the first rule that is for its indicator."""
    places = frame["indicator_code"].map(rule_of_each(described, rules).set_axis(described["indicator_code"]))
    by_direction = any(rule.beyond == "by_direction" for rule in rules)
    directions = _directions(frame, described, years) if by_direction else ""
    frame = frame.assign(variance=variance(frame), direction=directions)
    ruled = [(rule, frame[places == place]) for place, rule in [*enumerate(rules), (-1, USUAL)]]
    parts = [_rated_by(rule, rows, tolerance) for rule, rows in ruled if len(rows) or rule is USUAL]
    return pd.concat(parts).sort_index().drop(columns="direction")


def _rated_by(rule, rows, tolerance):
    own = rows["tolerance"]
    tolerance = own.fillna(tolerance) if rule.tolerance is None else own
    rows = rows.assign(**limits(rows.assign(tolerance=tolerance), rule))
    rating = rate(
        rows["value"], rows["target_low"], rows["target_high"], polarity=known_or_none(rows["polarity"]), rule=rule,
        amber_low=rows["amber_low"], amber_high=rows["amber_high"], direction=rows["direction"],
    )  # fmt: skip
    return rows.assign(rating=rating)


def _directions(frame, indicators, years):
    """Each month's direction."""
    about = ["indicator_code", "compare_with", "frequency", "charted", "basis", "definition_break"]
    known = indicators.reindex(columns=about).astype({"definition_break": "period[M]"})
    now = frame.assign(latest_month=frame["month"]).reset_index().merge(known, on="indicator_code")
    return with_direction(now, frame, years).set_index("index")["direction"]


def _shown_months(codes, values, month, years):
    this_year = years.of(month)
    window = years.months(this_year - 1).append(years.months(this_year))
    grid = pd.MultiIndex.from_product([codes, window], names=["indicator_code", "month"]).to_frame(index=False)
    older = values.loc[values["month"] < window[0], ["indicator_code", "month"]]
    return pd.concat([older, grid], ignore_index=True).drop_duplicates()


def _with_reasons(frame, month, years):
    due, silent = is_due(frame, frame["month"], years), frame["value_text"].isna()
    reasons = pd.Series(np.where(due & has_come(frame, frame["month"], month), "NOT_SUPPLIED", "NOT_DUE"), frame.index)
    reasons = reasons.where(is_introduced(frame, frame["month"], years), "NOT_INTRODUCED")
    frame["is_settled"] = due & frame["no_value_reason"].isin(SETTLED)
    frame["no_value_reason"] = frame["no_value_reason"].mask(silent, reasons)
    flags = ["is_proxy", "is_provisional"]
    frame[flags] = frame[flags].eq(True)
    texts = ["value_text", "no_value_reason", "file", "computed_from"]
    frame[texts] = frame[texts].fillna("").astype("str")
    # Of a sum nobody looks for one month's parts.
    of_sum = frame["accumulate"].eq(True) & frame["numerator"].notna()
    frame["computed_from"] = frame["computed_from"].mask(of_sum, "")
    return frame
