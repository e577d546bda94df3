"""The scorecard: one row per indicator for one reporting month, the one table that every page shows."""

import pandas as pd

from mpr_lib.rules.codes import in_natural_order
from mpr_lib.rules.comparing import with_direction
from mpr_lib.rules.history import LATEST_MONTH_AGE, latest_months
from mpr_lib.rules.months import FROM_APRIL, at_months
from mpr_lib.rules.outcome import expected_outcome

COLUMNS = [
    "reporting_month", "indicator_code", "short_name", "section", "aim", "department", "managed_by",
    "scrutiny_committee", "polarity", "basis", "unit", "latest_month", "value", "value_text", "no_value_reason",
    "is_proxy", "target_low", "target_high", "target_text", "annual_target_low", "annual_target_high",
    "annual_target_text", "amber_low", "amber_high", "variance", "rating", "expected_outcome", "outcome_reason",
    "direction", "last_year_value", "commentary", "profile", "tolerance", "decimals", "contributing_departments",
    "frequency", "quarter_rows", "year_introduced", "allowed_lag", "definition_break", "gauge_low", "gauge_high",
    "compared_month", "compared_value", "change", "judgement_role", "judgement_date", "green_low", "green_high", "file",
    "row", "is_provisional", "numerator", "denominator", "source", "due_month", "charted", "compare_with", "accumulate",
    "public_title", "computed_from", "comment_mark",
]  # fmt: skip
"""The columns in order; the first 31 are the published contract."""

SIGNALS = [
    "points", "chart_mean", "lower_limit", "upper_limit", "variation", "signal", "signal_side", "assurance",
    "months_on_target", "months_with_target", "not_judged_reason", "forecast_method", "forecast", "forecast_low",
    "forecast_high", "forecast_chance", "forecast_reason", "early_warning",
]  # fmt: skip
"""What ``rules.variation`` and ``rules.year_end`` add, in order."""


def scorecard(indicators, history, judgements, commentary, month, *, age=LATEST_MONTH_AGE, years=FROM_APRIL):
    """Score every indicator for one reporting month.

    ``indicators`` is the book's; ``history`` from ``rules.history``; ``commentary`` needs indicator_code and text, and
    may have mark. The value and its target are those of the latest month, the annual target that of the latest month's
    financial year. Returns ``COLUMNS``, in natural order of code; texts are empty and numbers NaN where missing.
    """
    frame = in_natural_order(indicators.drop_duplicates("indicator_code").drop(columns=["file", "row"]))
    values = history.assign(number=history["value"])
    latest = latest_months(frame["indicator_code"], values, month, age)
    frame = frame.assign(reporting_month=month, latest_month=latest.array)
    at_latest = [column for column in COLUMNS if column in history and column not in frame]
    now = at_months(history, at_latest, frame["indicator_code"], frame["latest_month"])
    frame = with_direction(pd.concat([frame, now], axis=1), history, years)
    frame = expected_outcome(frame, judgements, month)
    texts = commentary.drop_duplicates("indicator_code").set_index("indicator_code").reindex(columns=["text", "mark"])
    texts = texts.reindex(frame["indicator_code"]).fillna("").astype("str")
    frame[["commentary", "comment_mark"]] = texts.to_numpy()
    return frame[COLUMNS]
