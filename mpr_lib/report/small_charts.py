"""Small charts drawn from templates, because a chart would be too dear: gauges and sparklines."""

import math

import pandas as pd

from mpr_lib import words
from mpr_lib.report.canvas import stretches
from mpr_lib.report.fonts import FALLBACK, FAMILY
from mpr_lib.report.palette import INK, PAPER, QUIET, TARGET, VALUE, ZONES
from mpr_lib.report.rendering import render

WIDTH, HEIGHT, TOP, THICK, SIDE = 340, 111, 30, 16, 6
_LINES = 4


def gauge(row) -> tuple[str, str] | None:
    """Draw the gauge of one scorecard row: (svg, text alternative), or None without value, target or good direction.

    Needs polarity, value, value_text, target_low, target_high, target_text, amber_low, amber_high, green_low,
    green_high, rating, gauge_low, gauge_high, unit, indicator_code.
    """
    if pd.isna(row.value) or pd.isna(row.target_low) or row.polarity in ("", "NONE"):
        return None
    low, high = gauge_ends(row)
    scale = (WIDTH - 2 * SIDE) / (high - low)

    def place(number):
        return round(SIDE + (min(max(number, low), high) - low) * scale, 1)

    named = _named_points(row, low, high)
    half = 0.65 * _width(row.value_text)
    value = {"x": place(row.value), "text_x": min(max(place(row.value), half), WIDTH - half), "label": row.value_text}
    svg = render(
        "svg/gauge.svg.j2", width=WIDTH, height=HEIGHT, top=TOP, thick=THICK, ink=INK, paper=PAPER, value=value,
        font=f"'{FAMILY}','{FALLBACK}',sans-serif", ticks=_ticks(named, place),
        zones=[_zone(place(start), place(end), rating) for start, end, rating in _zones(row, low, high)],
    )  # fmt: skip
    in_order = sorted(named, key=lambda point: (point[1], point[0] not in _ENDS))
    said = ", ".join(f"{name.lower()} {text}" for name, _, text in in_order)
    return svg, f"Gauge for {row.indicator_code}: value {row.value_text}; {said}."


def gauge_ends(row) -> tuple[float, float]:
    """The gauge's minimum and maximum: as given, else round numbers that leave room for value, target and limits.

    Percentages run from 0 to 100, everything else from 0 (or below the least) to beyond the greatest.
    """
    marks = [row.value, row.target_low, row.target_high, row.amber_low, row.amber_high]
    known = [mark for mark in marks if not pd.isna(mark)]
    low = -_round_out(-min(known)) if min(known) < 0 else 0.0
    high = 100.0 if row.unit == "%" and max(known) <= 100 and max(known) > 25 else _round_out(max(known) * 1.1)
    low = row.gauge_low if not pd.isna(row.gauge_low) else low
    high = row.gauge_high if not pd.isna(row.gauge_high) else high
    return min(low, *known), max(high, *known, low + 1e-9)


def _round_out(number):
    """The next number of the kind people choose for the end of a scale: 1, 1.2, 1.5, 2, 2.5 … of a power of ten."""
    if number <= 0:
        return float(number == 0)
    size = 10.0 ** math.floor(math.log10(abs(number)))
    steps = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return round(next(step for step in steps if step * size >= number * (1 - 1e-12)) * size, 9)


def _zones(row, low, high):
    """The parts of the bar that are there, from left to right: where each starts and ends, and its rating."""
    outer, inner, far, near = "amber", "green", _beyond(row), "GREEN"
    if row.polarity == "OUTSIDE":
        outer, inner, far, near = inner, outer, near, far
    limits = [getattr(row, name) for name in (f"{outer}_low", f"{inner}_low", f"{inner}_high", f"{outer}_high")]
    limits = [end if pd.isna(limit) else limit for limit, end in zip(limits, (low, low, high, high), strict=True)]
    edges = [low, *(min(max(limit, low), high) for limit in limits), high]
    parts = zip(edges[:-1], edges[1:], (far, "AMBER", near, "AMBER", far), strict=True)
    return [(start, end, rating) for start, end, rating in parts if end > start]


def _beyond(row):
    """What lies beyond the amber limits: red, or amber where the direction of travel made this value amber there."""
    inside = not (row.value < row.amber_low or row.value > row.amber_high)
    return "AMBER" if row.rating == "AMBER" and inside == (row.polarity == "OUTSIDE") else "RED"


def _zone(x, end, rating):
    """A zone with its word, where there is room, so that the bar says without colour which side is good."""
    width = round(end - x, 1)
    said = words.RATINGS[rating]
    return {
        "x": x,
        "width": width,
        "middle": round(x + width / 2, 1),
        "colour": ZONES[rating],
        "words": said if _width(said) + 4 < width else "",
    }


_ENDS = ("Minimum", "Maximum")


def _named_points(row, low, high):
    """What the ticks say, (name, number, text), in the order in which their labels are placed."""
    decimals = [len(text.rstrip("%").partition(".")[2]) for text in (row.target_text, row.value_text)]

    def text(number):
        return words.figure_words(round(number, max(*decimals, 2)), row.unit)

    first, last = ("high", "low") if row.polarity == "OUTSIDE" else ("low", "high")
    points = []
    for colour, inner in (("amber", "green"), ("green", "target")):
        for word, side in (("from", first), ("to", last)):
            limit = getattr(row, f"{colour}_{side}")
            if not pd.isna(limit) and limit != getattr(row, f"{inner}_{side}"):
                points.append((f"{words.RATINGS[colour.upper()]} {word}", limit, text(limit)))
    points.append(("Target", (row.target_low + row.target_high) / 2, row.target_text))
    return points + [(name, end, text(end)) for name, end in zip(_ENDS, (low, high), strict=True)]


_SIDES = {"from": ("end", "start"), "to": ("start", "end")}
"""On which sides of its tick the label of a limit may stand, the best first; others are centred where there is room."""


def _ticks(named, place):
    """Ticks with their labels below the bar, each as high as it can stand and clear of the others, as far as can be.

    The ends need no leader: their labels stand below the ends of the bar.
    """
    placed: list = []
    for name, number, text in named:
        tick = {
            "x": place(number), "label": f"{name} {text}", "leader": name not in _ENDS,
            "colour": INK if name == "Target" else QUIET, "weight": 2 if name == "Target" else 1,
        }  # fmt: skip
        sides = _SIDES.get(name.rpartition(" ")[2], ("middle", "start", "end"))
        tries = [_labelled(tick, side, line) for line in range(_LINES) for side in sides]
        inside = [one for one in tries if one["left"] >= 0 and one["right"] <= WIDTH] or tries
        placed.append(min(inside, key=lambda one: sum(_in_the_way(one, other) for other in placed)))
    return placed


_BEFORE = {"start": 0, "middle": 0.5, "end": 1}
"""The share of a label that stands before its tick."""


def _labelled(tick, side, line):
    """A tick whose label starts, is centred or ends at it, on a line below the bar."""
    before, width, foot = _BEFORE[side], _width(tick["label"]), TOP + THICK
    x = tick["x"] - 4 + 8 * before
    return {
        **tick, "line": line, "left": x - before * width, "right": x + (1 - before) * width, "text_x": round(x, 1),
        "foot": foot + (5 + line * 15) * tick["leader"], "text_y": foot + 17 + line * 15, "anchor": side,
    }  # fmt: skip


def _in_the_way(label, other):
    """How much two labels are in each other's way: one can be read through a leader, not through another label."""
    if label["line"] == other["line"]:
        return 10 * (label["left"] < other["right"] + 6 and other["left"] < label["right"] + 6)
    upper, lower = (label, other) if label["line"] < other["line"] else (other, label)
    return 1 * (lower["leader"] and upper["left"] - 3 < lower["x"] < upper["right"] + 3)


def _width(label):
    return 6.0 * len(label)


SPARK_WIDTH, SPARK_HEIGHT, MARGIN = 112, 28, 4


def sparkline(months: pd.DataFrame, definition_break=pd.NaT, basis: str = "") -> tuple[str, str] | None:
    """Draw one indicator's values and targets; returns (svg, text alternative), or None with fewer than two values.

    ``months`` is its part of the history, in order: month, value, value_text, target_low, financial_year. Older years,
    and months before a new definition, are left out. A cumulative indicator starts anew with each financial year.
    """
    recent = months["financial_year"] >= months["financial_year"].max() - 1
    recent &= pd.isna(definition_break) | (months["month"] >= definition_break)
    known = months[recent & months["value"].notna()]
    if len(known) < 2:
        return None
    first, last = known.iloc[0], known.iloc[-1]
    shown = months[recent & (months["month"] <= last["month"])]
    levels = shown[["value", "target_low"]]
    low, high = levels.min(axis=None), levels.max(axis=None)
    heights = SPARK_HEIGHT - MARGIN - (levels - low) * (SPARK_HEIGHT - 2 * MARGIN) / ((high - low) or 1)
    year = shown["financial_year"] if basis == "CUMULATIVE" else 0
    frame = heights.assign(place=range(len(shown)), year=year, step=year)
    across = (SPARK_WIDTH - 2 * MARGIN) / (len(shown) - 1)

    def paths(column):
        for places, run in stretches(frame, column, 0.01):
            points = zip(MARGIN + places * across, run[column], strict=True)
            yield "M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in points)

    svg = render(
        "svg/sparkline.svg.j2", width=SPARK_WIDTH, height=SPARK_HEIGHT, ink=VALUE, target=TARGET,
        values=list(paths("value")), targets=list(paths("target_low")),
        last=(SPARK_WIDTH - MARGIN, round(heights["value"].iloc[-1], 1)),
    )  # fmt: skip
    then, now = (f"{each['value_text']} in {words.month_words(each['month'])}" for each in (first, last))
    return svg, f"{len(known)} figures: {then}, {now}"
