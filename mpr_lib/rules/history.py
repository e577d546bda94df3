"""History: every indicator month by month, each month rated against its own target."""

import numpy as np
import pandas as pd

from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.direction import direction
from mpr_lib.rules.frequency import has_come, is_due
from mpr_lib.rules.months import FIRST_MONTH, financial_year, year_months
from mpr_lib.rules.rating import DEFAULT_TOLERANCE, amber_limits, rate, variance
from mpr_lib.rules.rating_rules import BY_DIRECTION, COLUMNS, with_rules
from mpr_lib.rules.targets import targets_by_month

_KNOWN = ["indicator_code", "polarity", "decimals", "unit", "frequency"]
_RECEIVED = ["number", "value_text", "no_value_reason", "is_proxy", "received", "file", "row"]
_RECEIVED_AT_TIMES = ["is_provisional", "numerator", "denominator"]


def history(
    indicators,
    targets,
    stated_targets,
    values,
    month,
    *,
    default_tolerance=DEFAULT_TOLERANCE,
    rules=(),
    first=FIRST_MONTH,
) -> pd.DataFrame:
    """Every indicator's months: all of last financial year and this one, and older months that have a figure.

    Needs the book's frames (indicators: indicator_code, polarity, decimals, unit, frequency; values: indicator_code,
    month and what was received). One row per indicator and month, in natural order of code, with value, value_text,
    no_value_reason, target, amber and green columns, variance and rating, by the first of ``rules`` (``RatingRule``)
    that is for the indicator. Where nothing came the reason is NOT_DUE after the reporting month and between the months
    of a quarterly or yearly figure, else NOT_SUPPLIED.
    """
    known = indicators.drop_duplicates("indicator_code").reindex(columns=[*_KNOWN, "due_month", "allowed_lag"])
    received = values.reindex(columns=["indicator_code", "month", *_RECEIVED, *_RECEIVED_AT_TIMES])
    months = _shown_months(known["indicator_code"], values, month, first)
    frame = months.merge(known, on="indicator_code").merge(received, on=["indicator_code", "month"], how="left")
    frame = _with_reasons(frame.rename(columns={"number": "value"}), month, first)
    frame = frame.drop(columns=["frequency", "due_month", "allowed_lag"])
    frame = targets_by_month(frame, targets, stated_targets, values, first)
    frame = _rated(with_rules(frame, indicators, rules), indicators, default_tolerance)
    return _in_natural_order(frame)


def _rated(frame, indicators, default_tolerance):
    frame = amber_limits(frame, default_tolerance)
    frame = frame.assign(variance=variance(frame))
    if (frame["beyond"] == BY_DIRECTION).any():
        frame = frame.assign(direction=_directions(frame, indicators))
    rated = frame.assign(rating=rate(frame))
    return rated.drop(columns=[*COLUMNS, "direction"], errors="ignore")


def _directions(frame, indicators):
    """Each month's value against the same month's of the year before."""
    columns = ["value", "target_low", "target_high"]
    keys = pd.MultiIndex.from_arrays([frame["indicator_code"], frame["month"] - 12])
    then = frame.set_index(["indicator_code", "month"])[columns].reindex(keys).set_axis(frame.index)
    breaks = indicators.drop_duplicates("indicator_code").set_index("indicator_code")["definition_break"]
    broken = frame["indicator_code"].map(breaks).astype("period[M]")
    now = frame.assign(latest_month=frame["month"], definition_break=broken)
    return direction(pd.concat([now, then.add_prefix("last_year_")], axis=1))


def _shown_months(codes, values, month, first):
    this_year = financial_year(month, first)
    window = year_months(this_year - 1, first).append(year_months(this_year, first))
    grid = pd.MultiIndex.from_product([codes, window], names=["indicator_code", "month"]).to_frame(index=False)
    older = values.loc[values["month"] < window[0], ["indicator_code", "month"]]
    return pd.concat([older, grid], ignore_index=True).drop_duplicates()


def _with_reasons(frame, month, first):
    silent = frame["value_text"].isna()
    due = is_due(frame, frame["month"], first) & has_come(frame, frame["month"], month)
    reasons = np.where(due, "NOT_SUPPLIED", "NOT_DUE")
    frame["no_value_reason"] = frame["no_value_reason"].mask(silent, pd.Series(reasons, frame.index))
    for flag in ("is_proxy", "is_provisional"):
        frame[flag] = frame[flag].eq(True)
    texts = ["value_text", "no_value_reason", "file"]
    frame[texts] = frame[texts].fillna("").astype("str")
    return frame


def _in_natural_order(frame):
    order = {code: place for place, code in enumerate(sorted(frame["indicator_code"].unique(), key=natural_key))}
    by_code = frame["indicator_code"].map(order)
    return frame.assign(_order=by_code).sort_values(["_order", "month"]).drop(columns="_order").reset_index(drop=True)
