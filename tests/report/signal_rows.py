"""Scorecard rows and points of the seed with what tests/cases/insight says of them, for tests of charts and words."""

from functools import cache
from types import SimpleNamespace

import pandas as pd

from mpr_lib.report import open_report
from tests.helpers import REPOSITORY, TESTS

INSIGHT = TESTS / "cases" / "insight"
NAMES = {"mean": "chart_mean", "side": "signal_side", "chance": "forecast_chance"}
TEXTS = ["variation", "signal", "signal_side", "assurance", "not_judged_reason", "forecast_reason"]


@cache
def southend():
    """The seed's scorecard of May 2018 with the columns of signals and forecasts."""
    cases = pd.read_csv(INSIGHT / "insight_southend.csv").rename(columns=NAMES).drop(columns=["charted", "why"])
    scorecard = open_report(str(REPOSITORY), "2018-05").scorecard
    scorecard = scorecard[[each for each in scorecard if each == "indicator_code" or each not in cases]]
    rows = scorecard.merge(cases, on="indicator_code", validate="one_to_one")
    month = rows["latest_month"].dt.month - 3
    shape = rows["charted"].map({"MONTHS_OWN": "LAST_YEAR_SHAPE"}).fillna("LEVEL").where(rows["forecast"].notna(), "")
    return rows.assign(
        **{name: rows[name].fillna("") for name in TEXTS}, forecast_method=shape, early_warning="", month_number=month
    )


def row_of(code: str, **given):
    """One row of it, with something else given."""
    row = southend().set_index("indicator_code", drop=False).loc[code]
    return SimpleNamespace(**{**row.to_dict(), **given})


def points_of(code: str) -> pd.DataFrame:
    """One indicator's points of it, in one segment."""
    found = pd.read_csv(INSIGHT / "spc_southend_points.csv", dtype={"month": str}).query("indicator_code == @code")
    months = open_report(str(REPOSITORY), "2018-05").months_of(code).set_index("month")
    row = row_of(code)
    month = pd.PeriodIndex(found["month"], freq="M")
    own = months[["target_low", "target_high"]].reindex(month)
    if row.charted == "MONTHS_OWN":
        before = months[["target_low", "target_high"]].shift().reindex(month)
        before[month.month == 4] = 0
        own = (own - before).round(9)
    return pd.DataFrame({
        "indicator_code": code, "month": month, "segment": 1, "point": found["point"].to_numpy(),
        "target_low": own["target_low"].to_numpy(), "target_high": own["target_high"].to_numpy(),
        "chart_mean": row.chart_mean, "lower_limit": row.lower_limit, "upper_limit": row.upper_limit,
        "signal": found["signal"].fillna("").to_numpy(), "signal_side": found["side"].fillna("").to_numpy(),
        "is_proxy": False,
    })  # fmt: skip
