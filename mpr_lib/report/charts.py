"""Charts: an indicator's trend over two financial years, by seaborn, as SVG with real text."""

import numpy as np
import pandas as pd

from mpr_lib.report.canvas import drawn
from mpr_lib.report.palette import BAND, LAST_YEAR, PAPER, QUIET, RULE, TARGET, VALUE
from mpr_lib.report.words import month_words, unit_label
from mpr_lib.rules.months import FIRST_MONTH, financial_year, year_label, year_months
from mpr_lib.rules.values import format_number

WIDTH, HEIGHT = 7.2, 2.9
SIZE = (WIDTH * 72, HEIGHT * 72)
_AXES = (0.085, 0.17, 0.775, 0.71)


def trend_chart(months: pd.DataFrame, indicator, reporting_month: pd.Period, first: int = FIRST_MONTH):
    """Draw value, target (or range) and last year's values over two financial years; None without any value.

    ``months`` is the indicator's part of the history; ``indicator`` its scorecard row (unit, basis,
    definition_break). Missing months are gaps; a cumulative indicator and a new definition start a new line.
    """
    frame = chart_frame(months, indicator, reporting_month, first)
    if frame["value"].notna().sum() == 0:
        return None

    def draw(axes, sns):
        _draw_target(axes, frame)
        _draw_dashes(axes, frame, "last_year", color=LAST_YEAR, linewidth=1.2, linestyle=(0, (1, 1.6)))
        _draw_value(axes, sns, frame)
        _finish(axes, frame, indicator, reporting_month, first)

    return drawn((WIDTH, HEIGHT), _AXES, draw)


def chart_frame(months: pd.DataFrame, indicator, reporting_month: pd.Period, first: int = FIRST_MONTH) -> pd.DataFrame:
    """What the chart draws: place (0 to 23), value, value_text, target_low, target_high, last_year, year, by month.

    Values before a new definition are left out: the two cannot share an axis.
    """
    this_year = financial_year(reporting_month, first)
    window = year_months(this_year - 1, first).append(year_months(this_year, first))
    by_month = with_marks(months).set_index("month")
    frame = by_month.reindex(window)[["value", "value_text", "target_low", "target_high", "is_proxy"]]
    frame["last_year"] = by_month["value"].reindex(window - 12).to_numpy()
    frame["last_year"] = frame["last_year"].where(financial_year(window.to_series(), first) == this_year)
    broken = indicator.definition_break
    if not pd.isna(broken):
        frame.loc[window < broken, ["value", "target_low", "target_high"]] = np.nan
        frame.loc[window < broken + 12, "last_year"] = np.nan
    frame["year"] = financial_year(window.to_series(), first) if indicator.basis == "CUMULATIVE" else 0
    return frame.assign(place=range(len(window))).reset_index(names="month")


def with_marks(months: pd.DataFrame) -> pd.DataFrame:
    """Months whose value_text carries [r] where the figure was revised and [p] where it is provisional."""
    said = months["value_text"]
    for flag, mark in (("is_revised", " [r]"), ("is_provisional", " [p]")):
        if flag in months:
            said = said.mask(months[flag], said + mark)
    return months.assign(value_text=said)


def _draw_target(axes, frame):
    ranged = (frame["target_low"] != frame["target_high"]) & frame["target_low"].notna()
    for _, run in _with_runs(frame[ranged], "target_low").groupby("run"):
        axes.fill_between(run["place"], run["target_low"], run["target_high"], color=BAND, linewidth=0, zorder=0)
    style = {"color": TARGET, "linewidth": 1.4, "linestyle": (0, (4, 2.2))}
    _draw_dashes(axes, frame, "target_low", **style)
    _draw_dashes(axes, frame[ranged], "target_high", **style)


def _draw_value(axes, sns, frame):
    """The values as seaborn's line, a unit for each run of neighbouring months, so that a gap stays a gap."""
    shape = {"color": VALUE, "linewidth": 2.2, "marker": "o", "markersize": 4.5, "markeredgewidth": 0}
    runs = _with_runs(frame, "value")
    sns.lineplot(data=runs, x="place", y="value", units="run", estimator=None, legend=False, ax=axes, **shape)


def _draw_dashes(axes, frame, column, **style):
    """A broken line for each run of neighbouring months; a lone month is a short one."""
    for _, run in _with_runs(frame, column).groupby("run"):
        places, levels = run["place"].to_numpy(float), run[column].to_numpy()
        if len(run) == 1:
            places, levels = places[0] + np.array([-0.3, 0.3]), levels.repeat(2)
        axes.plot(places, levels, **style)


def _with_runs(frame, column):
    """The months that have a number, with the run of neighbours that each belongs to.

    A gap ends a run, and so does a new year of a cumulative indicator, and of any target.
    """
    known = frame[frame[column].notna()]
    starts = (known["place"].diff() != 1) | (known["year"].diff() != 0)
    if column.startswith("target"):
        starts |= known["place"] % 12 == 0
    return known.assign(run=starts.cumsum())


def _finish(axes, frame, indicator, reporting_month, first):
    axes.set(xlim=(-0.6, 23.6), xlabel="", ylabel="")
    level_axis(axes, frame[["value", "target_low", "target_high", "last_year"]], indicator.basis)
    axes.set_xticks(range(0, 24, 3), [_tick(month, first) for month in frame["month"][::3]])
    axes.tick_params(length=0, pad=4)
    axes.grid(axis="y", color=RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.axvline(11.5, color=RULE, linewidth=1)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    years = [financial_year(frame["month"].iloc[place], first) for place in (0, 12)]
    for place, year in zip((0.25, 0.75), years, strict=True):
        axes.text(place, 1.06, year_label(year, first), transform=axes.transAxes, ha="center", color=QUIET)
    axes.text(-0.085, 1.06, unit_label(indicator.unit), transform=axes.transAxes, color=QUIET)
    label_value(axes, frame)
    _label_ends(axes, frame)


def level_axis(axes, levels: pd.DataFrame, basis: str):
    """Let the axis reach what is drawn; from nought for counts to date, and where figures differ widely."""
    low, high = np.nanmin(levels.to_numpy(float)), np.nanmax(levels.to_numpy(float))
    counts = basis == "CUMULATIVE" or low < 0.35 * high
    span = (high - min(low, 0) if counts else high - low) or abs(high) or 1.0
    floor = min(low, 0) if counts else low - 0.18 * span
    axes.set_ylim(floor, high + 0.18 * span)
    axes.yaxis.set_major_locator(_locator())
    axes.yaxis.set_major_formatter(lambda level, _: format_number(round(level, 6)))


def _locator():
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10])


def label_value(axes, frame):
    """Mark the latest value and write it beside its point, on the side where no line runs."""
    newest = frame[frame["value"].notna()].iloc[-1]
    before = frame[(frame["place"] < newest["place"]) & frame["value"].notna()]["value"]
    rising = before.empty or newest["value"] >= before.iloc[-1]
    axes.plot(
        newest["place"], newest["value"], "o", markersize=9, markerfacecolor=PAPER, markeredgecolor=VALUE, zorder=4
    )
    axes.plot(newest["place"], newest["value"], "o", markersize=4.5, color=VALUE, zorder=5)
    axes.annotate(
        newest["value_text"], (newest["place"], newest["value"]), xytext=(0, 9 if rising else -16),
        textcoords="offset points", ha="center", color=VALUE, fontsize=11, fontweight=600, zorder=6,
    )  # fmt: skip


def _label_ends(axes, frame):
    """Name target and last year at the right edge instead of in a legend, kept apart from one another."""
    ranged = (frame["target_low"] != frame["target_high"]) & frame["target_low"].notna()
    labels = []
    for column, words, colour in (
        ("target_low", "Target range" if ranged.iloc[12:].any() else "Target", TARGET),
        ("last_year", "Last year", LAST_YEAR),
    ):
        known = frame[frame[column].notna()]
        if len(known):
            level = (
                known[["target_low", "target_high"]].iloc[-1].mean()
                if words == "Target range"
                else known[column].iloc[-1]
            )
            labels.append([level, words, colour, known["place"].iloc[-1]])
    low, high = axes.get_ylim()
    apart = 0.085 * (high - low)
    if len(labels) == 2 and abs(labels[0][0] - labels[1][0]) < apart:
        upper, lower = sorted(labels, key=lambda label: -label[0])
        middle = (upper[0] + lower[0]) / 2
        upper[0], lower[0] = middle + apart / 2, middle - apart / 2
    for level, words, colour, place in labels:
        axes.text(max(place, 12) + 0.8, level, words, color=colour, va="center", ha="left", fontsize=9.5, clip_on=False)


def _tick(month, first):
    return f"{month_words(month)[:3]}\n{month.year}" if month.month in (1, first) else month_words(month)[:3]
