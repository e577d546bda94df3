"""No word of a drawing stands on another, on a line or on a tick: in the seed, the demo and forty random series."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from mpr_lib.report import open_report
from mpr_lib.report.charts import period_chart, trend_chart
from mpr_lib.report.sections.detail import trend_figure
from mpr_lib.report.small_charts import gauge
from mpr_lib.rules.months import FROM_APRIL, FinancialYears
from mpr_lib.rules.rating import limits
from tests.helpers import REPOSITORY, TESTS, needs
from tests.report.collisions import collisions


def drawings(report):
    for row in report.scorecard.itertuples():
        figure, shown = trend_figure(report, row), gauge(row)
        yield from ((row.indicator_code, svg) for svg in (figure and figure["svg"], shown and shown[0]) if svg)


def found_in(report):
    drawn = list(drawings(report))
    return len(drawn), {code: found for code, svg in drawn if (found := collisions(svg))}


@pytest.mark.parametrize(
    ("workspace", "month", "least"),
    [(REPOSITORY, "2018-05", 35), (TESTS / "councils" / "northmoor", "2024-09", 12),
     (TESTS / "councils" / "riverside", "2024-07", 10)],
    ids=["seed", "northmoor", "riverside"],
)  # fmt: skip
def test_no_word_collides_in(workspace, month, least):
    drawn, found = found_in(open_report(str(workspace), month))
    assert drawn >= least
    assert found == {}


@needs("start")
def test_no_word_collides_in_the_demo(tmp_path):
    from mpr_lib.start.new_workspace import LAST, make_demo

    make_demo(tmp_path / "demo")
    drawn, found = found_in(open_report(str(tmp_path / "demo"), LAST))
    assert drawn > 40
    assert found == {}


def random_series(number):
    """A row and its months of two years, of any size, sense and completeness."""
    chance = np.random.default_rng(number)
    years = [FROM_APRIL, FinancialYears(10, "FY2019"), FinancialYears(1)][number % 3]
    months = years.months(2017).append(years.months(2018))
    size = 10.0 ** chance.integers(-2, 8)
    basis = chance.choice(["SNAPSHOT", "CUMULATIVE"])
    steps = chance.normal(0.1 if basis == "CUMULATIVE" else 0, 0.6, len(months)) + chance.normal()
    value = steps if basis == "SNAPSHOT" else np.r_[np.cumsum(np.abs(steps[:12])), np.cumsum(np.abs(steps[12:]))]
    value = pd.Series(np.round(size * value, 2))
    newest = int(chance.integers(12, 24))
    value[(chance.random(24) < chance.choice([0, 0.3])) | (np.arange(24) > newest)] = np.nan
    value[[3, 5, newest]] = np.round(size * chance.random(3), 2)
    low = np.round(size * chance.normal() * np.ones(24), 2)
    low = np.round(np.tile(np.arange(1, 13), 2) * abs(low) / 12, 2) if basis == "CUMULATIVE" else low
    high = np.round(low + size * chance.choice([0, 0, 0.05, 1]), 2)
    polarity = "GOLDILOCKS" if (high != low).any() else chance.choice(["MAXIMISE", "MINIMISE", "GOLDILOCKS"])
    text = [f"{each:,.10g}" if each == each else "" for each in value]
    frame = pd.DataFrame({"month": months, "value": value, "value_text": text, "target_low": low, "target_high": high,
                          "is_revised": chance.random(24) < 0.1, "is_provisional": False})  # fmt: skip
    now = frame.iloc[newest]
    edges = limits(pd.DataFrame({"polarity": [polarity], "target_low": now.target_low, "target_high": now.target_high,
                                 "tolerance": chance.choice([0, 0.05, 0.3]), "amber_low": np.nan,
                                 "amber_high": np.nan}))  # fmt: skip
    ends = (now.value - size, np.nan) if number % 4 == 0 else (np.nan, np.nan)
    row = SimpleNamespace(
        indicator_code=f"R {number}", unit=chance.choice(["%", "number", "days lost per employee and year"]),
        basis=str(basis), frequency="MONTHLY", definition_break=pd.NaT, polarity=str(polarity), rating="RED",
        gauge_low=ends[0], gauge_high=ends[1], target_text=f"{now.target_low:,.10g}", **now.to_dict(),
        **{name: each.iloc[0] for name, each in edges.items() if name not in now},
    )  # fmt: skip
    return frame, row, now["month"], years


@pytest.mark.parametrize("number", range(40))
def test_no_word_collides_in_a_random_series(number):
    frame, row, month, years = random_series(number)
    assert collisions(trend_chart(frame, row, month, years)) == []
    assert collisions(gauge(row)[0]) == []
    others = pd.DataFrame({"comparator": ["England", "Districts that are much like ours"] * 12,
                           "month": frame["month"], "number": frame["target_low"] * 1.1})  # fmt: skip
    assert number % 3 or collisions(period_chart(frame, row, month, years, others)) == []
