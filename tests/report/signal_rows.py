"""Scorecard rows and points of the seed, for tests of charts and words."""

from functools import cache
from types import SimpleNamespace

import pandas as pd

from mpr_lib.report import open_report
from tests.helpers import REPOSITORY


@cache
def seed():
    """The seed's report of May 2018."""
    return open_report(str(REPOSITORY), "2018-05")


def row_of(code: str, **given):
    """One row of its scorecard, with something else given."""
    return SimpleNamespace(**{**seed().rows[code]._asdict(), **given})


def points_of(code: str) -> pd.DataFrame:
    """One indicator's points, in one segment."""
    points = seed().points
    return points[points["indicator_code"] == code].reset_index(drop=True)
