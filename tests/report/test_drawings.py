"""Gauges, sparklines and charts: what they show, at their limits."""

import re
import subprocess
import sys
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from mpr_lib.report.charts import chart_frame, trend_chart
from mpr_lib.report.palette import ZONES
from mpr_lib.report.rendering import themed_svg, tidy_svg
from mpr_lib.report.small_charts import gauge, gauge_ends, sparkline
from tests.report.collisions import collisions

NAN = float("nan")
MAY = pd.Period("2018-05", freq="M")


def row(**given):
    """A scorecard's row: CP 3.4 as printed, unless something else is given."""
    usual = {
        "indicator_code": "CP 3.4", "polarity": "MAXIMISE", "basis": "SNAPSHOT", "unit": "%", "value": 29.2,
        "value_text": "29.2%", "target_low": 33.0, "target_high": 33.0, "target_text": "33%", "amber_low": 28.05,
        "amber_high": NAN, "gauge_low": 10.0, "gauge_high": 60.0, "definition_break": pd.NaT, "rating": "AMBER",
        "latest_month": MAY, "reporting_month": MAY, "frequency": "MONTHLY", "is_revised": False,
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


def test_gauge_says_where_the_value_lies_and_where_colours_end():
    _, alt = gauge(row())
    assert alt == "Gauge for CP 3.4: 29.2% is amber; red up to 28.05%, amber up to 33%, green beyond."


def test_gauge_of_a_range_says_both_sides():
    given = {"polarity": "GOLDILOCKS", "unit": "per 10,000", "value": 29.44, "value_text": "29.44", "rating": "RED"}
    target = {"target_low": 38.0, "target_high": 48.0, "target_text": "38 to 48", "amber_low": 36.1, "amber_high": 50.4}
    _, alt = gauge(row(**given, **target))
    assert alt.endswith("29.44 is red; red up to 36.1, amber up to 38, green up to 48, amber up to 50.4, red beyond.")


FREE = {"gauge_low": NAN, "gauge_high": NAN}


@pytest.mark.parametrize(
    ("given", "ends", "why"),
    [
        ({}, (10, 60), "as given"),
        ({"value": 72}, (10, 72), "a value beyond the given end widens it"),
        (FREE, (26.8125, 34.2375), "a quarter beyond the least, the limit 28.05, and the greatest, the target 33"),
        (FREE | {"value": 13.0}, (8, 38), "and beyond the value"),
        (FREE | {"gauge_high": 60.0}, (28.05 - 0.25 * 4.95, 60), "one end as given, the other chosen"),
        (FREE | {"value": 0, "target_low": 0, "target_high": 0, "amber_low": 0}, (-0.25, 0.25), "nothing but noughts"),
        (FREE | {"value": 8, "target_low": 8, "target_high": 8, "amber_low": 8}, (6, 10), "all on one"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
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
def test_gauge_zones_from_left_to_right_have_their_colours_name_or_its_pattern(given, zones):
    svg, _ = gauge(row(**given))
    names = {colour: name for name, colour in ZONES.items()}
    drawn = re.findall(r'<rect [^>]*style="fill:([^;]+)[^>]*>(?:\s*<text [^>]*>(\w+))?', svg)
    shown = [named.upper() if fill in names else fill.removeprefix("url(#").rstrip(")") for fill, named in drawn]
    assert " ".join(shown) == zones
    assert all(names[fill] == named.upper() for fill, named in drawn if fill in names)


def test_gauge_parts_fill_the_bar_and_stay_in_it():
    svg, _ = gauge(row(value=500.0, value_text="500%"))
    parts = [(float(x), float(width)) for x, width in re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)"', svg)]
    assert parts[0][0] == 2
    assert sum(parts[-1]) == pytest.approx(338, abs=0.2)
    assert all(sum(one) == pytest.approx(other[0], abs=0.2) for one, other in pairwise(parts))


def labels_of(svg):
    return re.findall(r"font-size:12.5px;text-anchor:\w+\">([^<]+)", svg)


def test_a_gauges_labels_are_where_bands_end_and_its_own_ends_only_where_these_were_stated():
    assert labels_of(gauge(row())[0]) == ["10%", "28.05%", "33%", "60%"]
    assert labels_of(gauge(row(**FREE))[0]) == ["28.05%", "33%"]


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
    svg, _ = gauge(row(**given, **ambers, **target))
    assert collisions(svg) == []


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


def test_chart_shows_the_years_months_and_last_year_beside_them():
    frame = chart_frame(history({"2017-04": 1, "2017-05": 2, "2018-04": 3}), row(), MAY)
    assert frame["place"].tolist() == list(range(12))
    assert frame["month"].astype(str).tolist()[::11] == ["2018-04", "2019-03"]
    assert frame["value"].iloc[0] == 3
    assert frame["last_year"].iloc[[0, 1]].tolist() == [1, 2]
    assert frame[["value", "last_year"]].notna().sum().tolist() == [1, 2]


def test_chart_leaves_out_what_was_counted_otherwise():
    """Values before a new definition: the comparison with them."""
    broken = row(definition_break=pd.Period("2018-04", freq="M"))
    frame = chart_frame(history({"2017-05": 500, "2018-04": 17, "2018-05": 29.7}), broken, MAY)
    assert frame["value"].notna().sum() == 2
    assert frame["last_year"].isna().all()


def test_distance_is_from_the_nearer_end_of_the_target_and_none_within_it():
    months = history({"2017-05": 45, "2018-04": 30, "2018-05": 36}, target=33.0, high=40.0)
    frame = chart_frame(months, row(), MAY)
    assert frame["apart"].iloc[[0, 1]].tolist() == [-3, 0]
    assert frame["apart_before"].iloc[1] == 5


def lines_of(svg: str, colour="#12436d") -> list[str]:
    return [
        path for path in re.findall(r'<path d="([^"]+)"[^>]*stroke: ' + colour, svg) if "L" in path and "z" not in path
    ]


def test_this_year_is_bold_and_last_year_is_one_thin_line():
    svg = trend_chart(history({"2017-04": 5, "2017-05": 6, "2018-04": 4, "2018-05": 3}), row(), MAY)
    assert len(lines_of(svg)) == 1
    (last_year,) = re.findall(r"stroke: #6b7682; stroke-width: ([\d.]+)", svg)
    assert float(last_year) < 1.5
    assert svg.count("stroke-width: 2.4") == 1


def test_missing_months_are_gaps():
    values = {"2018-04": 5, "2018-05": 6, "2018-09": 4, "2018-10": 3}
    assert len(lines_of(trend_chart(history(values), row(), pd.Period("2018-10", freq="M")))) == 2


@pytest.mark.parametrize("values", [{}, {"2018-05": 1}, {"2017-05": 1, "2018-05": 1}])
def test_fewer_than_three_figures_are_no_chart(values):
    assert trend_chart(history(values), row(), MAY) is None


def moving(values):
    """The months with a target that grows through each year."""
    target = [0.5 * (1 + place % 12) for place in range(24)]
    return history(values, target=target, high=target)


def test_figures_to_date_have_the_distance_from_a_target_that_moves_below():
    values = {"2017-04": 0.4, "2018-04": 0.6, "2018-05": 1.09}
    svg = trend_chart(moving(values), row(basis="CUMULATIVE", unit="days"), MAY)
    assert ">Distance from target: 0.09 above<" in svg
    assert svg.count("fill: #12436d") >= 2
    assert "Distance" not in trend_chart(moving(values), row(unit="days"), MAY)
    assert "Distance" not in trend_chart(history(values), row(basis="CUMULATIVE"), MAY)


def test_charts_hold_real_text_and_the_same_bytes_each_time():
    months = history({"2017-04": 30, "2017-05": 31, "2018-04": 29.2}, high=40.0)
    one, other = (trend_chart(months, row(), MAY) for _ in range(2))
    assert one == other
    for words in ("2018/19: 29.2", "2017/18", "Per cent", "Target", "Apr", "Mar"):
        assert f">{words}<" in one
    assert "<image" not in one


@pytest.mark.parametrize("unit", ["$x$", "£m", "</text><script>", "指標", "per 100\\%"])
def test_units_are_words_whatever_they_hold(unit):
    svg = trend_chart(history({"2017-05": 3, "2018-04": 1, "2018-05": 2}), row(unit=unit), MAY)
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
    assert themed.count("font-size:12.5px;text-anchor") == 4


def test_our_charts_go_without_scipy_and_an_analyst_who_draws_with_it_has_all_of_seaborn():
    """In a process of its own: here scipy is loaded by others."""
    said = subprocess.run([sys.executable, "-c", DRAWING], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["0", "True", "True", "4"]


DRAWING = """
import sys
from mpr_lib.report.canvas import drawn

drawn((90, 90), (10, 10, 80, 80), lambda axes, sns: sns.lineplot(x=[1, 2, 3], y=[3, 1, 2], ax=axes))
print(sum(name.partition(".")[0] == "scipy" for name in sys.modules))

import matplotlib
matplotlib.use("agg")
import pandas as pd
import seaborn as sns

figures = pd.DataFrame({"a": [3, 1, 2, 5], "b": [2, 2, 7, 1], "c": [9, 4, 4, 2]})
clusters = sns.clustermap(figures)
print("scipy.cluster.hierarchy" in sys.modules)
print(len(sns.kdeplot(figures["a"], cumulative=True).lines) > 0)
print(len(clusters.dendrogram_row.reordered_ind))
"""
