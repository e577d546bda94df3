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
def seed():
    """The seed's report of May 2018."""
    return open_report(str(REPOSITORY), "2018-05")


@cache
def southend():
    """The seed's scorecard of May 2018 with the columns of signals and forecasts."""
    cases = pd.read_csv(INSIGHT / "insight_southend.csv").rename(columns=NAMES).drop(columns=["charted", "why"])
    scorecard = seed().scorecard
    scorecard = scorecard[[each for each in scorecard if each == "indicator_code" or each not in cases]]
    rows = scorecard.merge(cases, on="indicator_code", validate="one_to_one")
    shape = rows["charted"].map({"MONTHS_OWN": "LAST_YEAR_SHAPE"}).fillna("LEVEL").where(rows["forecast"].notna(), "")
    return rows.assign(**{name: rows[name].fillna("") for name in TEXTS}, forecast_method=shape, early_warning="")


def row_of(code: str, **given):
    """One row of it, with something else given."""
    row = southend().set_index("indicator_code", drop=False).loc[code]
    return SimpleNamespace(**{**row.to_dict(), **given})


def points_of(code: str) -> pd.DataFrame:
    """One indicator's points of it, in one segment."""
    points = seed().points
    return points[points["indicator_code"] == code].reset_index(drop=True)
