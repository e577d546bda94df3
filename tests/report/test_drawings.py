"""Gauges, sparklines and charts: what they show, at their limits."""

import re
from itertools import combinations, pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from mpr_lib.report.charts import chart_frame, trend_chart
from mpr_lib.report.palette import ZONES
from mpr_lib.report.rendering import themed_svg, tidy_svg
from mpr_lib.report.small_charts import gauge, gauge_ends, sparkline

NAN = float("nan")
MAY = pd.Period("2018-05", freq="M")


def row(**given):
    """A scorecard's row: CP 3.4 as printed, unless something else is given."""
    usual = {
        "indicator_code": "CP 3.4", "polarity": "MAXIMISE", "basis": "SNAPSHOT", "unit": "%", "value": 29.2,
        "value_text": "29.2%", "target_low": 33.0, "target_high": 33.0, "target_text": "33%", "amber_low": 28.05,
        "amber_high": NAN, "gauge_low": 10.0, "gauge_high": 60.0, "definition_break": pd.NaT, "rating": "AMBER",
        "latest_month": MAY, "frequency": "MONTHLY", "is_revised": False,
        "is_provisional": False,
    }  # fmt: skip
    row = {**usual, **given}
    low, high = (NAN if row["polarity"] == idle else row[f"target_{side}"]
                 for side, idle in (("low", "MINIMISE"), ("high", "MAXIMISE")))  # fmt: skip
    return SimpleNamespace(**{**row, "green_low": low, "green_high": high})


def history(values: dict[str, float], target=33.0, high=None) -> pd.DataFrame:
    """24 months from April 2017 with some values."""
    months = pd.period_range("2017-04", "2019-03", freq="M")
    value = [values.get(str(month), NAN) for month in months]
    return pd.DataFrame({
        "month": months, "financial_year": [2017] * 12 + [2018] * 12, "value": value,
        "value_text": ["" if np.isnan(number) else f"{number:g}" for number in value],
        "target_low": target, "target_high": target if high is None else high, "is_proxy": False,
        "is_revised": False, "is_provisional": False,
    })  # fmt: skip


# The gauge


def test_gauge_says_what_the_printed_one_shows():
    _, alt = gauge(row())
    assert alt == ("Gauge for CP 3.4: value 29.2%; minimum 10%, amber from 28.05%, target 33%, maximum 60%.")


@pytest.mark.parametrize(
    ("given", "ends", "why"),
    [
        ({}, (10, 60), "as given"),
        ({"gauge_low": NAN, "gauge_high": NAN}, (0, 100), "a percentage"),
        ({"gauge_low": NAN, "gauge_high": NAN, "value": 3, "target_low": 2, "target_high": 2, "amber_low": 1.9}, (0, 4),
         "a small percentage is not lost on a scale to 100"),
        ({"gauge_low": NAN, "gauge_high": NAN, "value": 104}, (0, 120), "a percentage beyond 100"),
        ({"unit": "number", "gauge_low": NAN, "gauge_high": NAN, "value": 578468, "target_low": 733333,
          "target_high": 733333, "amber_low": 696666.35}, (0, 1000000), "a round number beyond the greatest"),
        ({"unit": "number", "gauge_low": NAN, "gauge_high": NAN, "value": -3, "target_low": 5, "target_high": 5,
          "amber_low": 4}, (-3, 6), "below nought"),
        ({"value": 72}, (10, 72), "a value beyond the given end widens it"),
        ({"value": 0, "target_low": 0, "target_high": 0, "amber_low": 0, "gauge_low": NAN, "gauge_high": NAN,
          "unit": "number"}, (0, 1), "nothing but noughts"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)  # fmt: skip
def test_gauge_ends(given, ends, why):
    assert gauge_ends(row(**given)) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("given", "zones"),
    [
        ({}, "RED AMBER GREEN"),
        ({"polarity": "MINIMISE", "amber_low": NAN, "amber_high": 35.0}, "GREEN AMBER RED"),
        ({"polarity": "GOLDILOCKS", "target_high": 40.0, "amber_high": 42.0}, "RED AMBER GREEN AMBER RED"),
        ({"polarity": "GOLDILOCKS", "amber_high": 35.0}, "RED AMBER AMBER RED"),
        ({"amber_low": 33.0, "rating": "RED"}, "RED GREEN"),
        ({"gauge_low": 30.0, "value": 31.0, "amber_low": 30.0}, "AMBER GREEN"),
    ],
    ids=["maximise", "minimise", "range", "point", "no tolerance", "begins in amber"],
)
def test_gauge_zones_from_left_to_right(given, zones):
    svg, _ = gauge(row(**given))
    names = {colour: name for name, colour in ZONES.items()}
    drawn = [names[colour] for colour in re.findall(r'<rect [^>]*style="fill:(#\w+)', svg)]
    assert " ".join(drawn) == zones


def test_gauge_parts_fill_the_bar_and_stay_in_it():
    svg, _ = gauge(row(value=500.0, value_text="500%"))
    parts = [(float(x), float(width)) for x, width in re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)"', svg)]
    assert parts[0][0] == 6
    assert sum(parts[-1]) == pytest.approx(334, abs=0.2)
    assert all(sum(one) == pytest.approx(other[0], abs=0.2) for one, other in pairwise(parts))


def test_no_gauge_without_a_good_direction():
    assert gauge(row(polarity="", rating="NO_TARGET")) is None


@pytest.mark.parametrize("polarity", ["MINIMISE", "MAXIMISE", "GOLDILOCKS"])
@pytest.mark.parametrize("highest", [1.0, 40.0, 2_500.0, 80_000.0])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.74, 0.84, 0.95, 1.0])
def test_no_label_of_a_gauge_stands_on_another(polarity, highest, share):
    low = round(highest * share, 2)
    high = round(low * 1.05, 4) if polarity == "GOLDILOCKS" else low
    ambers = {"amber_low": round(low * 0.95, 4), "amber_high": round(high * 1.05, 4)}
    if polarity != "GOLDILOCKS":
        ambers["amber_high" if polarity == "MAXIMISE" else "amber_low"] = NAN
    target = {"target_low": low, "target_high": high, "target_text": f"{low:,}"}
    given = {"gauge_low": 0.0, "gauge_high": highest, "value": low, "unit": "number", "polarity": polarity}
    labels = list(_labels(gauge(row(**given, **ambers, **target))[0]))
    assert len(labels) == (5 if polarity == "GOLDILOCKS" else 4)
    for one, other in combinations(labels, 2):
        assert one[2] != other[2] or one[1] <= other[0] or other[1] <= one[0], (one, other)


def _labels(svg):
    """Where each label below the bar starts and ends, at the widths that labels have in print, and its line."""
    before = {"start": 0, "middle": 0.5, "end": 1}
    for found in re.finditer(r'<text x="([\d.]+)" y="(\d+)"[^>]*font-size:11px;text-anchor:(\w+)">([^<]+)', svg):
        left, width = float(found[1]), 5.5 * len(found[4])
        yield left - before[found[3]] * width, left + (1 - before[found[3]]) * width, found[2], found[4]


@pytest.mark.parametrize("missing", ["value", "target_low"])
def test_no_gauge_without_value_or_target(missing):
    assert gauge(row(**{missing: NAN})) is None


# The sparkline


def test_sparkline_leaves_gaps_and_says_first_and_last():
    svg, alt = sparkline(history({"2017-04": 1, "2017-05": 2, "2017-08": 3, "2018-05": 4}))
    values = re.findall(r'<path d="([^"]+)" style="fill:none;stroke:#12436D', svg)
    assert len(values) == 3
    assert alt == "4 figures: 1 in April 2017, 4 in May 2018"


def test_sparkline_of_a_cumulative_indicator_starts_anew_each_year():
    months = history({"2018-02": 8, "2018-03": 9, "2018-04": 1, "2018-05": 2})
    joined, parted = sparkline(months)[0], sparkline(months, basis="CUMULATIVE")[0]
    assert parted.count("stroke:#12436D") == joined.count("stroke:#12436D") + 1


def test_sparkline_needs_two_figures_of_the_present_definition():
    months = history({"2018-03": 1, "2018-04": 2, "2018-05": 3})
    assert sparkline(history({"2018-05": 1})) is None
    assert sparkline(months)[1].startswith("3 figures")
    assert sparkline(months, pd.Period("2018-04", freq="M"))[1].startswith("2 figures")
    assert sparkline(months, MAY) is None


def test_sparkline_of_equal_figures_is_level():
    svg, _ = sparkline(history({"2018-04": 33, "2018-05": 33}))
    assert "nan" not in svg.lower()
    assert "inf" not in svg.lower()


# The chart


def test_chart_shows_two_years_and_last_year_beside_this_one():
    frame = chart_frame(history({"2017-04": 1, "2017-05": 2, "2018-04": 3}), row(), MAY)
    assert frame["place"].tolist() == list(range(24))
    assert frame["value"].iloc[[0, 1, 12]].tolist() == [1, 2, 3]
    assert frame["last_year"].iloc[[12, 13]].tolist() == [1, 2]
    assert frame["last_year"].iloc[:12].isna().all()


def test_chart_leaves_out_what_was_counted_otherwise():
    """Values before a new definition, and in the year after it the comparison with them."""
    broken = row(definition_break=pd.Period("2018-04", freq="M"))
    frame = chart_frame(history({"2017-05": 500, "2018-04": 17, "2018-05": 29.7}), broken, MAY)
    assert frame["value"].notna().sum() == 2
    assert frame["last_year"].isna().all()
    assert frame["target_low"].iloc[:12].isna().all()


def lines_of(svg: str, colour="#12436d") -> list[str]:
    return [
        path for path in re.findall(r'<path d="([^"]+)"[^>]*stroke: ' + colour, svg) if "L" in path and "z" not in path
    ]


def test_cumulative_figures_begin_again_each_year():
    values = {"2018-02": 5, "2018-03": 6, "2018-04": 1, "2018-05": 2}
    assert len(lines_of(trend_chart(history(values), row(basis="SNAPSHOT"), MAY))) == 1
    assert len(lines_of(trend_chart(history(values), row(basis="CUMULATIVE"), MAY))) == 2


def test_missing_months_are_gaps():
    values = {"2017-04": 5, "2017-05": 6, "2017-09": 4, "2017-10": 3}
    assert len(lines_of(trend_chart(history(values), row(), MAY))) == 2


def test_no_chart_without_a_value():
    assert trend_chart(history({}), row(), MAY) is None


def test_charts_hold_real_text_and_the_same_bytes_each_time():
    months = history({"2017-04": 30, "2018-04": 29.2}, high=40.0)
    one, other = (trend_chart(months, row(), MAY) for _ in range(2))
    assert one == other
    for words in ("29.2", "2017/18", "2018/19", "Per cent", "Target range", "Last year"):
        assert f">{words}<" in one
    assert "<image" not in one


@pytest.mark.parametrize("unit", ["$x$", "£m", "</text><script>", "指標", "per 100\\%"])
def test_units_are_words_whatever_they_hold(unit):
    svg = trend_chart(history({"2018-04": 1, "2018-05": 2}), row(unit=unit), MAY)
    assert "<script" not in svg
    shown = unit[:1].upper() + unit[1:]
    assert shown.replace("<", "&lt;").replace(">", "&gt;") in svg


# Both


def test_drawings_follow_the_theme_and_keep_their_ids_apart():
    path = '<g id="axes"><path id="m" style="fill: #12436d; font-family: X"/></g>'
    svg = f'<svg width="9" height="9">{path}<use xlink:href="#m"/></svg>'
    assert tidy_svg(f"<?xml version='1.0'?><!-- made by --> {svg}").count("<g>") == 1
    themed = themed_svg(svg, "cp-1")
    assert 'id="cp-1-m"' in themed
    assert 'href="#cp-1-m"' in themed
    assert "fill: var(--value,#12436d)" in themed
    assert "font-family" not in themed
    assert themed.startswith('<svg aria-hidden="true" focusable="false" ')


def test_gauges_lose_their_font_but_not_its_size():
    svg, _ = gauge(row())
    themed = themed_svg(svg, "x")
    assert "font-family" not in themed
    assert themed.count("font-size:11px;text-anchor") == 4
