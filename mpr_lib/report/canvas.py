"""Canvas: what every chart over time shares: the paper, the axis, the target, the latest value, names at the edge.

What is drawn is a frame, a row for each month or period: place (its number along the axis), value, value_text,
target_low, target_high, ``year`` (the value's line starts anew where it changes) and ``step`` (the target's line does).
"""

import io
import warnings
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd

from mpr_lib.report.fonts import FAMILY, font_folders
from mpr_lib.report.palette import BAND, INK, QUIET, RULE, TARGET, VALUE
from mpr_lib.report.rendering import tidy_svg
from mpr_lib.rules.values import format_number
from mpr_lib.words import marked_text, unit_label

_STYLE: dict = {
    "svg.fonttype": "none",
    "svg.hashsalt": "mpr",
    "font.family": FAMILY,
    "font.size": 9.5,
    # A unit such as $m is words, not a formula.
    "text.parse_math": False,
    "axes.edgecolor": RULE,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
}


# Loaded when needed: matplotlib and seaborn take a second, and most commands draw nothing.
def drawn(size: tuple[float, float], box: tuple[float, float, float, float], draw: Callable) -> str:
    """The SVG of a figure ``size`` inches wide and high, after ``draw(axes, seaborn)`` drew on axes in ``box``."""
    import matplotlib as mpl
    import seaborn as sns
    from matplotlib.figure import Figure

    _register_fonts()
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # The letters stay letters in the SVG, so that the reader's own fonts have what ours lack.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=size, facecolor="none")
        axes = figure.add_axes(box, facecolor="none")
        draw(axes, sns)
        svg = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(svg, format="svg", metadata=nothing, transparent=True)
    return tidy_svg(svg.getvalue())


def _register_fonts():
    from matplotlib import font_manager

    if FAMILY not in font_manager.fontManager.get_font_names():
        for path in sorted(font_folders()[0].glob("*.ttf")):
            font_manager.fontManager.addfont(path)


def draw_target(axes, frame: pd.DataFrame):
    """Draw the target's broken line, or the band between a range's two."""
    ranged = frame[frame["target_low"].notna() & (frame["target_low"] != frame["target_high"])]
    for places, run in stretches(ranged, "target_low", LONE):
        axes.fill_between(places, run["target_low"], run["target_high"], color=BAND, linewidth=0, zorder=0)
    style = {"color": TARGET, "linewidth": 1.4, "linestyle": (0, (4, 2.2))}
    draw_line(axes, frame, "target_low", **style)
    draw_line(axes, ranged, "target_high", **style)


LONE = 0.5
"""How far the line of a lone figure reaches each way, so that it can be seen; one with a marker needs no line."""


def draw_line(axes, frame: pd.DataFrame, column: str, **style):
    """Draw a column as a line for each run of neighbours."""
    for places, run in stretches(frame, column, 0 if "marker" in style else LONE):
        axes.plot(places, run[column].to_numpy(), **style)


def draw_value(axes, sns, frame: pd.DataFrame):
    """Draw the values as seaborn's line, a unit for each run of neighbours, so that a gap stays a gap."""
    shape = {"color": VALUE, "linewidth": 2.2, "marker": "o", "markersize": 4.5, "markeredgewidth": 0}
    runs = _with_runs(frame, "value")
    sns.lineplot(data=runs, x="place", y="value", units="run", estimator=None, legend=False, ax=axes, **shape)


def stretches(frame, column, alone):
    """Places and rows of each run of neighbours; a lone one is there twice, ``alone`` to either side."""
    for _, run in _with_runs(frame, column).groupby("run"):
        if len(run) > 1:
            yield run["place"].to_numpy(float), run
        else:
            yield run["place"].iloc[0] + np.array([-alone, alone]), run.loc[run.index.repeat(2)]


def _with_runs(frame, column):
    """The rows that have a number, with the run of neighbours that each belongs to."""
    known = frame[frame[column].notna()]
    anew = known["step" if column.startswith("target") else "year"].diff() != 0
    return known.assign(run=((known["place"].diff() != 1) | anew).cumsum())


def finish(axes, indicator, xlim: tuple, ticks: tuple):
    """Give the axes their look, when all is drawn: its reach, ticks (places, labels), grid, and the unit's name.

    ``indicator`` has unit and basis.
    """
    axes.set(xlim=xlim, xlabel="", ylabel="")
    _level_axis(axes, indicator.basis)
    axes.set_xticks(*ticks)
    axes.tick_params(length=0, pad=4)
    axes.grid(axis="y", color=RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    box = axes.get_position()
    axes.text(-box.x0 / box.width, 1.06, unit_label(indicator.unit), transform=axes.transAxes, color=QUIET)


def _level_axis(axes, basis):
    """Let the axis reach what is drawn; from nought for counts to date, and where figures differ widely."""
    from matplotlib.ticker import MaxNLocator

    low, high = axes.dataLim.intervaly
    counts = basis == "CUMULATIVE" or low < 0.35 * high
    span = (high - min(low, 0) if counts else high - low) or abs(high) or 1.0
    floor = min(low, 0) if counts else low - 0.18 * span
    axes.set_ylim(floor, high + 0.18 * span)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(lambda level, _: format_number(round(level, 6)))


def label_value(axes, frame: pd.DataFrame):
    """Mark the latest value and write it beside its point, on the side where no line runs."""
    known = frame[frame["value"].notna()]
    newest = known.iloc[-1]
    rising = len(known) == 1 or newest["value"] >= known["value"].iloc[-2]
    point = newest["place"], newest["value"]
    axes.plot(*point, "o", markersize=9, markerfacecolor="none", markeredgecolor=VALUE, zorder=4)
    axes.annotate(
        marked_text(newest["value_text"], newest), point, xytext=(0, 9 if rising else -16), textcoords="offset points",
        ha="center", color=VALUE, fontsize=11, fontweight=600, zorder=6,
    )  # fmt: skip


def ends(frame: pd.DataFrame, lines: dict[str, tuple[str, str]]) -> list[tuple]:
    """Where the target and ``lines`` (column: name and colour) end, each as place, level, name and colour."""
    targets = frame.loc[frame["target_low"].notna(), ["place", "target_low", "target_high"]].to_numpy()[-1:]
    found = [
        (place, (low + high) / 2, "Target" if low == high else "Target range", TARGET) for place, low, high in targets
    ]
    last = {column: frame.loc[frame[column].last_valid_index()] for column in lines}
    return found + [(end["place"], end[column], *lines[column]) for column, end in last.items()]


def label_ends(axes, labels: list[tuple]):
    """Name lines where they end instead of in a legend: x, level, words and colour of each, clear of each other."""
    low, high = axes.get_ylim()
    inches = axes.get_position().height * axes.figure.get_figheight()
    places = spread([level for _, level, _, _ in labels], 0.175 / inches * (high - low))
    for place, (x, _, name, colour) in zip(places, labels, strict=True):
        axes.text(x, place, name, color=colour, va="center", ha="left", fontsize=9.5, clip_on=False)


def spread(levels: list[float], apart: float) -> list[float]:
    """Places for labels near their levels, in the same order, pushed from each other until all are ``apart``.

    Of two on one level the first stands above.

    >>> spread([1.0, 1.1, 5.0], 0.5), spread([1.0, 1.0], 0.5)
    ([0.8, 1.3, 5.0], [1.25, 0.75])
    """
    order = sorted(range(len(levels)), key=lambda index: (levels[index], -index))
    places = dict(enumerate(levels))
    # Each round moves neighbours apart, and may push one onto the next; far more rounds than any chart needs.
    for lower, upper in [*pairwise(order)] * 100:
        lacking = apart - (places[upper] - places[lower])
        if lacking > 0:
            places[lower] -= lacking / 2
            places[upper] += lacking / 2
    return [round(place, 9) for place in places.values()]
