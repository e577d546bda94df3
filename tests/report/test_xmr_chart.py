"""Process charts: what stands where, in the seed and where points are missing, stand in or step to another level."""

import re
from html import unescape

import numpy as np
import pandas as pd
import pytest

from mpr_lib.report import open_report
from mpr_lib.report.palette import VARIATIONS
from mpr_lib.report.rendering import themed_svg
from mpr_lib.report.sections.detail import trend, trend_figure
from mpr_lib.report.xmr_chart import MOST, process_chart
from tests.report.collisions import collisions
from tests.report.signal_rows import points_of, row_of, seed

JUDGED = ("CP 1.1", "CP 1.2", "CP 1.4", "CP 1.5", "CP 3.4", "CP 3.9", "CP 5.4")
MEAN, LIMIT, TARGET, VALUE = (
    f"stroke:{colour};stroke-width:{width}" for colour, width in
    (("#4A5360", "1.4;stroke-l"), ("#4A5360", "1.1;stroke-dasharray:5 3"), ("#16212E", "2;stroke-dasharray"),
     ("#12436D", "1.8"))
)  # fmt: skip


def drawn(code, points=None, steps=(), **given):
    points = points_of(code) if points is None else points
    steps = pd.DataFrame({"month": pd.PeriodIndex([each for each, _ in steps], freq="M"),
                          "reason": [reason for _, reason in steps]})  # fmt: skip
    return process_chart(points, row_of(code, **given), steps, seed().months_of(code))


def shapes(svg):
    return re.findall(r'<use href="#(\w+)"', svg)


def lines(svg, style):
    """The corners of each line of a style."""
    paths = re.findall(rf'<path d="M([^"]*)" style="fill:none;{re.escape(style)}', svg)
    return [[tuple(map(float, corner.split())) for corner in path.split("L")] for path in paths]


def texts(svg):
    return [unescape(each) for each in re.findall(r">([^<>]+)</text>", svg)]


@pytest.mark.parametrize("code", JUDGED)
def test_nothing_collides_and_the_chart_is_the_same_each_time(code):
    svg, alt = drawn(code)
    assert collisions(svg) == []
    assert drawn(code) == (svg, alt)
    assert len(shapes(svg)) == len(points_of(code))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("CP 1.1", "improvement 3, concern 11"),
        ("CP 1.2", "usual 2, usual 2, improvement 7, usual 3"),
        ("CP 1.4", "concern 1, improvement 5, usual 1, improvement 7"),
        ("CP 5.4", "usual 9, concern 1, usual 4"),
        ("CP 3.4", "usual 13"),
    ],
)
def test_shapes_are_the_signals_by_what_they_mean(code, expected):
    wanted = [each.split() for each in expected.split(", ")]
    assert shapes(drawn(code)[0]) == [name for name, many in wanted for _ in range(int(many))]


def test_without_a_good_side_signals_are_changes():
    assert set(shapes(drawn("CP 1.4", polarity="NONE")[0])) == {"change", "usual"}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("CP 5.4", ["0.61", "Limit 0.798", "Mean 0.595", "Limit 0.392", "Target 0.59"]),
        ("CP 1.2", ["74.36", "Limit 77.83", "Mean 74.63", "Limit 71.43", "Target 67", "Target 57"]),
        ("CP 1.4", ["83%", "Limit 93", "Mean 78", "Limit 63", "Target 95"]),
    ],
)
def test_lines_are_named_where_they_end_with_one_decimal_more_where_a_point_beyond_looks_the_same(code, names):
    assert texts(drawn(code)[0])[-len(names) :] == names


def test_what_adds_up_says_that_points_are_months_own_parts():
    assert "Days, each month's own part" in texts(drawn("CP 5.4")[0])
    assert "Days, each quarter's own part" in texts(drawn("CP 5.4", frequency="QUARTERLY")[0])
    assert "Per cent" in texts(drawn("CP 1.4")[0])


def test_the_target_is_not_joined_where_it_changes():
    assert len(lines(drawn("CP 1.1")[0], TARGET)) == 3
    level = [{each[1] for each in line} for line in lines(drawn("CP 5.4")[0], TARGET)]
    assert all(len(each) == 1 for each in level)
    assert len(level) == 13


def test_gaps_stay_gaps_whether_a_month_has_no_row_or_no_point():
    points = points_of("CP 1.5")
    whole, missing = drawn("CP 1.5")[0], drawn("CP 1.5", points.drop(index=5))[0]
    unknown = drawn("CP 1.5", points.assign(point=points["point"].where(points.index != 5)))[0]
    assert [len(each) for each in lines(whole, VALUE)] == [14]
    assert [len(each) for each in lines(missing, VALUE)] == [len(each) for each in lines(unknown, VALUE)] == [5, 8]
    assert len(shapes(missing)) == len(shapes(unknown)) == 13
    assert collisions(missing) == collisions(unknown) == []


def test_proxies_are_hollow_and_joined_to_nothing():
    points = points_of("CP 1.5")
    stands_in = points.index == 5
    svg, alt = drawn("CP 1.5", points.assign(point=points["point"].mask(stands_in), is_proxy=stands_in))
    assert shapes(svg).count("proxy") == 1
    assert [len(each) for each in lines(svg, VALUE)] == [5, 8]
    assert alt.endswith("Stand-in figures: September 2017.")


def stepped(at=8):
    points = points_of("CP 1.4")
    after = points.index >= at
    return points.assign(segment=np.where(after, 2, 1), chart_mean=np.where(after, 84.0, 70.0),
                         lower_limit=np.where(after, 78.0, 55.0), upper_limit=np.where(after, 90.0, 85.0))  # fmt: skip


def test_each_segment_has_its_own_mean_and_limits_and_the_step_its_reason():
    reason = "The new social care system counts every visit, also those that were missed before"
    svg, alt = drawn("CP 1.4", stepped(), [("2017-12", reason)], chart_mean=84.0, lower_limit=78.0, upper_limit=90.0)
    assert (len(lines(svg, MEAN)), len(lines(svg, LIMIT))) == (2, 4)
    one, other = lines(svg, MEAN)
    assert one[-1][0] == other[0][0]
    (step,) = lines(svg, "stroke:#16212E;stroke-width:1;")
    assert step[0][0] == pytest.approx(one[-1][0], abs=0.1)
    assert any(reason.startswith(each.rstrip("…")) and len(each) > 20 for each in texts(svg))
    assert alt.endswith(f"New level from December 2017: {reason}.")
    assert collisions(svg) == []


def test_two_steps_have_a_line_of_words_each():
    points = stepped(4)
    points["segment"] += points.index >= 9
    steps = [("2017-08", "Moved to the new building"), ("2018-01", "Counted by another system")]
    svg, _ = drawn("CP 1.4", points, steps)
    assert {"Moved to the new building", "Counted by another system"} <= set(texts(svg))
    assert collisions(svg) == []


def test_a_step_that_began_no_segment_is_not_drawn():
    svg, alt = drawn("CP 1.4", None, [("2017-12", "Not reported yet")])
    assert "Not reported yet" not in svg + alt


def test_a_recorded_step_is_in_the_chart_and_said_below_it(tmp_path, workspace_copy):
    """From the council's files to the card; what the new level is judged by are its own points."""
    place = workspace_copy(tmp_path / "council")
    step = "CP 1.4,2017-10,A new system counts every visit,Head of Children's Services,2017-10-20,"
    (place / "data/step_changes.csv").write_text(f"indicator_code,month,reason,role,date,reported_from\n{step}\n")
    settings = place / "params/report.yml"
    settings.write_text(re.sub("(?m)^spc_fewest_points: .*", "spc_fewest_points: 8", settings.read_text()))
    report = open_report(str(place), "2018-05")
    figure, note = trend(report, report.rows["CP 1.4"])
    assert len(lines(figure["svg"], MEAN)) == 1
    assert note["text"] == "New level from October 2017: A new system counts every visit."
    assert note["text"] in figure["alt"]
    assert trend(report, report.rows["CP 1.2"])[1:] == []


def test_months_of_one_year_that_overlap_are_said_below_the_chart():
    report = seed()
    row = report.rows["CP 1.4"]
    assert trend_figure(report, row)["caption"] == ""
    assert trend_figure(report, row._replace(basis="YTD_SNAPSHOT"))["caption"].startswith("Months of one year overlap")


def test_what_is_not_judged_keeps_its_chart():
    figure = trend_figure(seed(), seed().rows["CP 3.10"])
    assert "Process chart" not in figure["alt"]
    assert ">2017/18<" in figure["svg"]


def test_words_of_steps_are_words_whatever_they_hold():
    svg, _ = drawn("CP 1.4", stepped(), [("2017-12", "</text><script>")])
    assert "<script" not in svg


def test_the_alternative_is_the_sentence_and_then_the_marked_months():
    alt = drawn("CP 5.4")[1]
    assert alt.startswith("Process chart of CP 5.4. May's own 0.61 is within its usual 0.39 to 0.80: usual variation.")
    assert alt.endswith("it was met in 8 of 14 months. Real concern: January 2018.")
    assert drawn("CP 3.4")[1].endswith("No month is marked.")
    assert "Real improvement: May to September 2017, November 2017 to May 2018." in drawn("CP 1.4")[1]


def test_long_series_show_their_newest_periods():
    months = pd.period_range("2010-01", periods=101, freq="M")
    chance = np.random.default_rng(1)
    points = points_of("CP 1.4").reindex(range(101), method="ffill").assign(
        month=months, point=chance.normal(78, 4, 101), signal="", signal_side=""
    )  # fmt: skip
    svg, _ = drawn("CP 1.4", points)
    assert len(shapes(svg)) == MOST
    assert collisions(svg) == []


@pytest.mark.parametrize("number", range(60))
def test_nothing_collides_in_a_random_series(number):
    chance = np.random.default_rng(number)
    count, size = int(chance.integers(8, 60)), 10.0 ** chance.integers(-2, 7)
    point = np.round(size * (chance.normal() * 3 + chance.normal(size=count)), 2)
    point[chance.random(count) < chance.choice([0, 0.2])] = np.nan
    point[-1] = round(size, 2)
    low = np.round(size * np.repeat(chance.normal(size=5) * 3, count // 5 + 1)[:count], 2)
    mean, reach = np.nanmean(point), 2.66 * size * chance.random()
    signal = chance.choice(["", "SHIFT"], count)
    points = pd.DataFrame({
        "month": pd.period_range("2018-05", periods=count, freq="M") - count + 1, "segment": 1 + (np.arange(count) > 9),
        "point": point, "target_low": low, "target_high": low + chance.choice([0, size]), "chart_mean": mean,
        "lower_limit": mean - reach, "upper_limit": mean + reach, "signal": signal,
        "signal_side": np.where(signal == "", "", "HIGH"), "is_proxy": chance.random(count) < 0.1,
    })  # fmt: skip
    started = points["month"].iloc[min(10, count - 1)]
    unit = chance.choice(["%", "number", "days lost per employee and year"])
    given = {"unit": unit, "decimals": 2.0, "value_text": f"{point[-1]:,.2f}",
             "polarity": chance.choice(["MAXIMISE", "GOLDILOCKS", "NONE"])}  # fmt: skip
    svg, alt = drawn(
        "CP 1.4",
        points,
        [(str(started), "Since then it has been counted by another system in all places")] * (number % 2),
        **given,
    )
    assert collisions(svg) == []
    assert "nan" not in svg + alt


def test_shapes_follow_the_theme():
    themed = themed_svg(drawn("CP 1.4")[0], "cp-1-4")
    for name in VARIATIONS.values():
        assert f"var(--{name}," in themed
    assert 'href="#cp-1-4-improvement"' in themed
    assert not re.search(r"(?<!,)#[0-9A-Fa-f]{6}", themed)
