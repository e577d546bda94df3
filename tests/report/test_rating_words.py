"""The key states the rules that rate in words, and the gauge shows them."""

from types import SimpleNamespace

import pandas as pd
import pytest
import yaml

from mpr_lib.book.settings import ReportSettings, read_settings
from mpr_lib.report.sections.key import rating_words
from mpr_lib.report.small_charts import gauge

INDICATORS = pd.DataFrame(
    {"indicator_code": ["X", "Y"], "unit": ["%", "days"], "section": "CORPORATE", "aim": ["SAFE", "CLEAN"]}
)
DEFAULT = (
    "on target or better is on course, up to the tolerance (a share of the target, 5% unless the indicator has its "
    "own) on the wrong side is some slippage, beyond it is at risk."
)


def said(*rules):
    base = {"council": "A", "publisher": "B", "contacts": [], "aims": [], "rating_rules": list(rules)}
    return rating_words(read_settings(ReportSettings, yaml.safe_dump(base), "params/report.yml"), INDICATORS)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([], DEFAULT),
        ([{"units": ["furlongs"], "tolerance": 0.2}], DEFAULT),
        (
            [{"name": "Vital signs", "indicator_codes": ["X"], "tolerance": 0.05}, {"tolerance": 0.1}],
            "Vital signs, for indicators X, on target or better is on course; up to 5% off target, or the indicator's "
            "own tolerance, is some slippage; anything else is at risk. For the other indicators, on target or better "
            "is on course; up to 10% off target, or the indicator's own tolerance, is some slippage; anything else is "
            "at risk.",
        ),
        (
            [{"green_tolerance": 0.1, "tolerance": 0.1, "beyond": "by_direction"}],
            "For all indicators, on target or better, or within 10% of it, is on course; anything else is some "
            "slippage where it is as good as a year before or better, and at risk where it is worse or cannot be "
            "compared.",
        ),
        (
            [{"units": ["%"], "tolerance": 2, "tolerance_in": "points", "on_limit": "worse"}],
            "For indicators in %, on target or better is on course; less than 2 percentage points off target, or the "
            "indicator's own tolerance, is some slippage; anything else is at risk. For the other indicators, "
            + DEFAULT,
        ),
        (
            [{"tolerance": 0, "on_target": "worse"}],
            "For all indicators, better than target is on course, and on target is not; anything else is at risk.",
        ),
    ],
)
def test_the_rule_in_force_is_stated(rules, words):
    assert said(*rules) == words


def drawn(**changes):
    row = {"indicator_code": "X", "unit": "%", "value": 80.0, "value_text": "80%", "target_text": "90%"}
    row |= dict.fromkeys(("target_low", "target_high", "green_low"), 90.0)
    nothing = dict.fromkeys(("amber_high", "green_high", "gauge_low", "gauge_high"), float("nan"))
    return gauge(SimpleNamespace(**{**row, **nothing, "polarity": "MAXIMISE", "amber_low": 85.0, **changes}))[1]


def test_a_gauge_says_where_green_and_amber_end():
    assert drawn(rating="RED") == "Gauge for X: 80% is red; red up to 85%, amber up to 90%, green beyond."
    assert "red up to 81%, green beyond" in drawn(rating="RED", green_low=81.0, amber_low=81.0)
    ends = {"target_low": 40.0, "target_high": 60.0, "green_low": 40.0, "green_high": 60.0}
    outside = drawn(polarity="OUTSIDE", rating="GREEN", amber_low=44.0, amber_high=54.0, target_text="40 - 60", **ends)
    assert "green up to 40%, amber up to 44%, red up to 54%, amber up to 60%, green beyond" in outside
