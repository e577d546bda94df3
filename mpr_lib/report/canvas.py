"""Canvas: what every chart over time shares: the paper, the axis, the target, the values, and where words have room.

What is drawn is a frame, a row for each month or period: place (its number along the axis), value, value_text,
target_low, target_high, ``year`` (the value's line starts anew where it changes) and ``step`` (the target's line does).
Everything is measured in points. A phone shows ``WIDTH`` of them on about 300 pixels, and ``TEXT`` can be read there.
"""

import io
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from itertools import pairwise
from types import ModuleType

import numpy as np
import pandas as pd

from mpr_lib.report.fonts import FAMILY, fitted, font_folders, text_width
from mpr_lib.report.palette import BAND, INK, LAST_YEAR, QUIET, RULE, TARGET, VALUE
from mpr_lib.report.rendering import tidy_svg
from mpr_lib.rules.values import format_number
from mpr_lib.words import unit_label

WIDTH, PLOT, TEXT, BOLD = 340, 128, 12.5, 13.5
HEAD, LINE = 24, 15
"""How wide a chart is and how high its plot; sizes of its words; room for the unit above it, and for a line of text."""

_STYLE: dict = {
    "svg.fonttype": "none",
    "svg.hashsalt": "mpr",
    "font.family": FAMILY,
    "font.size": TEXT,
    # A unit such as $m is words, not a formula.
    "text.parse_math": False,
    "axes.edgecolor": RULE,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
}


# Loaded when needed: matplotlib and seaborn take a second, and most commands draw nothing.
def drawn(size: tuple[float, float], box: tuple[float, float, float, float], draw: Callable) -> str:
    """The SVG of a figure ``size`` points wide and high, after ``draw(axes, seaborn)`` drew on axes in ``box``.

    ``box`` is left, bottom, width and height in points.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    sns = seaborn()
    _register_fonts()
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # The letters stay letters in the SVG, so that the reader's own fonts have what ours lack.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(size[0] / 72, size[1] / 72), facecolor="none")
        draw(_axes(figure, box), sns)
        svg = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(svg, format="svg", metadata=nothing, transparent=True)
    return tidy_svg(svg.getvalue())


@cache
def seaborn():
    """Seaborn, which loads scipy when something that needs it is drawn: half of its time, and for nothing of ours."""
    later = {} if {"seaborn", "scipy"} & set(sys.modules) else {name: ModuleType(name) for name in _SCIPY}
    for name in later:
        later[name].__getattr__ = partial(_Later, name)  # type: ignore[method-assign]
    sys.modules.update(later)
    try:
        import seaborn
    finally:
        for name in later:
            del sys.modules[name]
    return seaborn


_SCIPY = "scipy", "scipy.stats", "scipy.cluster"
"""What seaborn takes a class and a module from."""


class _Later:
    """What a package has under a name: loaded once it is called, or asked for something."""

    def __init__(self, package: str, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        self.package, self.name = package, name

    def __call__(self, *given, **named):
        return getattr(import_module(self.package), self.name)(*given, **named)

    def __getattr__(self, what: str):
        return getattr(import_module(f"{self.package}.{self.name}"), what)


def _axes(figure, box):
    left, bottom, width, height = box
    across, up = figure.get_size_inches() * 72
    return figure.add_axes((left / across, bottom / up, width / across, height / up), facecolor="none")


def _register_fonts():
    from matplotlib import font_manager

    if FAMILY not in font_manager.fontManager.get_font_names():
        for path in sorted(font_folders()[0].glob("*.ttf")):
            font_manager.fontManager.addfont(path)


@dataclass(frozen=True)
class Line:
    """One line of a chart: the frame's column, what it is called where it ends, and its style."""

    column: str
    name: str
    style: dict


def chart(
    frame: pd.DataFrame, indicator, lines: list[Line], xlim: tuple, ticks: tuple, newest: str = "", apart: str = ""
) -> str:
    """Draw target, values and ``lines``, name them where they end, and write ``newest`` where its point has room.

    ``indicator`` has unit and basis; ``xlim`` is the axis's reach in places, ``ticks`` are places and their labels,
    as many as have room. With ``apart``, words for it, the frame's distances from target are drawn below: columns apart
    and apart_before, last year's.
    """
    frame = frame.reindex(columns=frame.columns.union(["value", "target_low", "target_high"], sort=False))
    lines = [line for line in lines if frame[line.column].notna().any()]
    columns = ["value", "target_low", "target_high", *(line.column for line in lines)]
    levels = axis_levels(frame[columns], indicator.basis == "CUMULATIVE")
    names = [(name, colour) for _, name, colour in ends(frame, lines)]
    left = max(text_width(text, TEXT) for text in map(level_text, levels)) + 8
    right = WIDTH - max([6, *(text_width(part, TEXT) + 9 for name, _ in names for part in name.split("\n"))])
    foot = 10 + LINE * max(label.count("\n") + 1 for label in ticks[1])
    strip = STRIP if apart else 0
    height = HEAD + PLOT + strip + foot
    plane = Plane((left, right), (foot + strip, foot + strip + PLOT), xlim, (levels[0], levels[-1]))

    def draw(axes, sns):
        # Seaborn asks the axis for its ticks: it has none yet, which saves a third of the time.
        axes.set(xlim=plane.places, ylim=plane.levels, xticks=[], yticks=[])
        draw_target(axes, frame)
        for line in lines:
            draw_line(axes, frame, line.column, **line.style)
        if frame["value"].notna().any():
            _draw_value(axes, sns, frame)
        _finish(axes, levels)
        below = _draw_strip(axes, plane, frame, foot, apart) if strip else axes
        _tick(below, ticks, right - left)
        name_lines(axes, plane, ends(frame, lines))
        axes.annotate(fitted(unit_label(indicator.unit), TEXT, WIDTH - 2), (1, height - 14), color=QUIET, **_ON_PAPER)
        if newest and frame["value"].notna().any():
            _write_newest(axes, plane, frame, lines, levels, newest)

    return drawn((WIDTH, height), plane.box, draw)


_ON_PAPER: dict = {"xycoords": "figure points", "annotation_clip": False}


@dataclass(frozen=True)
class Plane:
    """Where places and levels stand on the paper: the plot's ends across and up in points, and what they stand for."""

    across: tuple[float, float]
    up: tuple[float, float]
    places: tuple[float, float]
    levels: tuple[float, float]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, width and height."""
        return self.across[0], self.up[0], self.across[1] - self.across[0], self.up[1] - self.up[0]

    def points(self, places, levels) -> np.ndarray:
        """Places and levels as points of the paper, a row for each."""
        return np.column_stack([np.interp(places, self.places, self.across), np.interp(levels, self.levels, self.up)])


def draw_target(axes, frame: pd.DataFrame):
    """Draw the target's broken line, or the band between a range's two."""
    ends = frame[["target_low", "target_high"]]
    ranged = frame[ends.notna().all(axis=1) & (ends["target_low"] != ends["target_high"])]
    for (places, low), (_, high) in zip(*(stretches(ranged, end, LONE) for end in ends), strict=True):
        axes.fill_between(places, low, high, color=BAND, linewidth=0, zorder=0)
    style = {"color": TARGET, "linewidth": 1.4, "linestyle": (0, (4, 2.2))}
    draw_line(axes, frame, "target_low", **style)
    draw_line(axes, ranged, "target_high", **style)


LONE = 0.5
"""How far the line of a lone figure reaches each way, so that it can be seen; one with a marker needs no line."""


def draw_line(axes, frame: pd.DataFrame, column: str, **style):
    """Draw a column as a line for each run of neighbours."""
    for places, levels in stretches(frame, column, 0 if "marker" in style else LONE):
        axes.plot(places, levels, **style)


def _draw_value(axes, sns, frame):
    """Draw the values as seaborn's line, a unit for each run of neighbours: a gap stays a gap. Ring the newest."""
    shape = {"color": VALUE, "linewidth": 2.4, "marker": "o", "markersize": 5, "markeredgewidth": 0, "clip_on": False}
    runs = _with_runs(frame, "value")
    sns.lineplot(data=runs, x="place", y="value", units="run", estimator=None, legend=False, ax=axes, **shape)
    last = runs.iloc[-1]
    ring = {"markersize": 9, "markerfacecolor": "none", "markeredgecolor": VALUE, "clip_on": False, "zorder": 4}
    axes.plot(last["place"], last["value"], "o", **ring)


def stretches(frame, column, alone):
    """Places and levels of each run of neighbours; a lone one is there twice, ``alone`` to either side.

    ``frame`` may be a mapping of arrays too: place, the column, and what its line starts anew by, step or year.
    """
    levels = np.asarray(frame[column], float)
    known = ~np.isnan(levels)
    place, anew = (np.asarray(frame[name])[known] for name in ("place", _starts_by(column)))
    levels, place = levels[known], place.astype(float)
    for start, end in pairwise([*np.flatnonzero(_begins(place, anew)).tolist(), len(place)]):
        if end == start + 1:
            yield place[start] + np.array([-alone, alone]), levels[[start, start]]
        else:
            yield place[start:end], levels[start:end]


def path_of(corners: np.ndarray) -> str:
    """A line through corners, a row of across and down each, as a drawing names it."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in np.round(corners, 1).tolist())


def _with_runs(frame, column):
    """The rows that have a number, with the run of neighbours that each belongs to."""
    known = frame[frame[column].notna()]
    return known.assign(run=_begins(*(known[name].to_numpy() for name in ("place", _starts_by(column)))).cumsum())


def _starts_by(column):
    """The column at whose changes a column's line starts anew."""
    return "step" if column.startswith("target") else "year"


def _begins(place, anew):
    """Whether a run begins at each place: after a gap, or where its line starts anew."""
    return np.r_[True, (np.diff(place) != 1) | (np.diff(anew) != 0)][: len(place)]


def axis_levels(shown, adds_up: bool = False, most: int = 4) -> list[float]:
    """The axis's round numbers, floor to ceiling: from nought for what adds up, and where figures differ widely.

    ``shown`` are the figures of all that is drawn; the axis has about ``most`` steps.
    """
    from matplotlib.ticker import MaxNLocator

    shown = np.asarray(shown, float)
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    span = high - low or abs(high) or 1.0
    nought = low >= 0 and (adds_up or low < 0.35 * high)
    found = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]).tick_values(0 if nought else low - 0.1 * span, high)
    return [round(level, 9) for level in found]


def level_text(level: float) -> str:
    """A number of the axis."""
    return format_number(round(level, 6))


def _finish(axes, levels):
    """Give the axes their grid and numbers, when all is drawn."""
    axes.set(xlabel="", ylabel="")
    axes.set_yticks(levels, [level_text(level) for level in levels])
    axes.tick_params(length=0, pad=5)
    axes.grid(axis="y", color=RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)


def _tick(axes, ticks, width):
    """Mark the places, and label the last and as many before it as have room in ``width``, the same steps apart."""
    places, labels = list(ticks[0]), list(ticks[1])
    low, high = axes.get_xlim()
    shown = labelled(places, labels, width / (high - low))
    axes.set_xticks([places[each] for each in shown], [labels[each] for each in shown])
    axes.tick_params(axis="x", length=3, width=0.8, color=RULE, pad=5)


def labelled(places: list[float], labels: list[str], pitch: float) -> list[int]:
    """Which of the places have room for their labels, the last at least; ``pitch`` is how far it is from 0 to 1.

    Where the last would be too near to one before it, that gives way.
    """
    widest = max(text_width(part, TEXT) for label in labels for part in label.split("\n"))
    least = (widest + 5) / pitch
    step = next(step for step in range(1, len(places) + 1) if step >= least)
    shown = [*range(0, len(places) - step, step), len(places) - 1]
    if len(shown) > 2 and places[shown[-1]] - places[shown[-2]] < least:
        del shown[-2]
    return shown


STRIP, BARS = 66, 34
"""How much room the distance from target takes below the plot, and how high its bars may be."""


def _draw_strip(axes, plane, frame, foot, words):
    """Draw how far the values are from target, last year's thin behind them, and say it of the newest."""
    strip = _axes(axes.figure, (plane.box[0], foot, plane.box[2], BARS))
    apart = frame[["apart", "apart_before"]].assign(none=0.0)
    low, high = apart.min(axis=None), apart.max(axis=None)
    room = 0.1 * ((high - low) or 1)
    strip.set(xlim=plane.places, ylim=(low - room, high + room), xticks=[], yticks=[])
    strip.axhline(0, color=TARGET, linewidth=1, linestyle=(0, (4, 2.2)))
    draw_line(strip, frame.assign(year=0), "apart_before", color=LAST_YEAR, linewidth=1.3)
    known = frame[frame["apart"].notna()]
    strip.bar(known["place"], known["apart"], 0.5, color=VALUE)
    strip.spines[:].set_visible(False)
    axes.annotate(fitted(words, TEXT, WIDTH - 2), (1, foot + BARS + 7), color=INK, **_ON_PAPER)
    return strip


def ends(frame: pd.DataFrame, lines: list[Line]) -> list[tuple]:
    """Where the target and ``lines`` end: level, name and colour of the words."""
    targets = frame.loc[frame["target_low"].notna(), ["target_low", "target_high"]].to_numpy()[-1:]
    found = [((low + high) / 2, "Target", TARGET) for low, high in targets]
    return found + [(frame[line.column].dropna().iloc[-1], line.name, QUIET) for line in lines]


def name_lines(axes, plane: Plane, labels: list[tuple]):
    """Name lines beside the plot instead of in a legend: level, words and colour of each, clear of each other."""
    tallest = max((name.count("\n") + 1 for _, name, _ in labels), default=1) * LINE
    heights = np.interp([level for level, _, _ in labels], plane.levels, plane.up)
    low, high = plane.up[0] + tallest / 2, plane.up[1] - tallest / 2
    places = spread(list(heights), tallest, (low, high))
    for place, (_, name, colour) in zip(places, labels, strict=True):
        axes.annotate(name, (plane.across[1] + 7, place), color=colour, va="center", linespacing=1, **_ON_PAPER)


def spread(levels: list[float], apart: float, within: tuple[float, float]) -> list[float]:
    """Places for labels near their levels, in the same order, pushed from each other until all are ``apart``.

    Of two on one level the first stands above. All stay ``within`` its ends, as far as these leave room.

    >>> spread([1.0, 1.1, 5.0], 0.5, (0, 6)), spread([1.0, 1.0], 0.5, (1, 6))
    ([0.8, 1.3, 5.0], [1.5, 1.0])
    """
    order = sorted(range(len(levels)), key=lambda index: (levels[index], -index))
    places = dict(enumerate(levels))
    # Each round moves neighbours apart, and may push one onto the next; far more rounds than any chart needs.
    for lower, upper in [*pairwise(order)] * 100:
        lacking = apart - (places[upper] - places[lower])
        if lacking > 0:
            places[lower] -= lacking / 2
            places[upper] += lacking / 2
    for rank, index in enumerate(order):
        places[index] = max(places[index], within[0] + rank * apart)
    for rank, index in enumerate(order[::-1]):
        places[index] = min(places[index], within[1] - rank * apart)
    return [round(place, 9) for place in places.values()]


def _write_newest(axes, plane, frame, lines, levels, words):
    """Write the newest value near its point, where neither a line nor a point is, or else above the plot's end."""
    known = frame[frame["value"].notna()]
    newest = known.iloc[-1]
    rising = len(known) == 1 or newest["value"] >= known["value"].iloc[-2]
    words = fitted(words, BOLD, WIDTH / 2, bold=True)
    width = text_width(words, BOLD, bold=True)
    grid = (_along(plane.points(plane.places, [level, level])) for level in levels)
    taken = np.vstack([*_drawn_points(plane, frame, lines), *grid])
    point = plane.points(newest["place"], newest["value"])[0]
    x, y = free_spot(plane, point, (width, 0.92 * BOLD), rising, taken)
    style = {"color": VALUE, "fontsize": BOLD, "fontweight": 600, "zorder": 6, "ha": "center"}
    # Letters reach 0.72 of their size above the line that they stand on, and 0.2 below it.
    axes.annotate(words, (x, y - 0.26 * BOLD), **style, **_ON_PAPER)


def _drawn_points(plane, frame, lines):
    """Points along everything that is drawn, near enough to each other that no word slips between two."""
    for column in ("value", "target_low", "target_high", *(line.column for line in lines)):
        for run in stretches(frame, column, LONE):
            yield _along(plane.points(*run))


def _along(points):
    return np.vstack([np.linspace(one, other, 40) for one, other in pairwise(points)])


CLEAR = 3.5
"""How far words stay from lines: half a point's ring."""


def free_spot(plane: Plane, point, size, above: bool, taken: np.ndarray) -> tuple[float, float]:
    """The middle of the place nearest to ``point``, for words of that width and height, that is clear of ``taken``.

    ``above`` is where to look first. Where the plot is full it is above the plot's right end.
    """
    (x, y), (width, height) = point, size
    low, high = plane.across[0] + width / 2 + 2, plane.across[1] - width / 2 - 2
    sides = (1, -1) if above else (-1, 1)
    for away in np.arange(height / 2 + 7, plane.up[1] - plane.up[0], 2.0):
        for side in sides:
            middle = y + side * away
            if not plane.up[0] + height / 2 + 2 <= middle <= plane.up[1] - height / 2:
                continue
            for shift in (0, width / 2 - 6, 6 - width / 2):
                centre = min(max(x + shift, low), high)
                near = np.abs(taken - (centre, middle)) < (width / 2 + CLEAR, height / 2 + CLEAR)
                if not near.all(axis=1).any():
                    return centre, middle
    return max(WIDTH - width / 2 - 2, WIDTH / 2), plane.up[1] + HEAD - 9
