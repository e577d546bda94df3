"""Small charts drawn from templates, because a chart would be too dear: gauges and sparklines."""

import math

import pandas as pd

from mpr_lib import words
from mpr_lib.report.fonts import FALLBACK, FAMILY
from mpr_lib.report.palette import INK, PAPER, QUIET, TARGET, VALUE, ZONES
from mpr_lib.report.rendering import render
from mpr_lib.rules.values import format_number

WIDTH, HEIGHT, TOP, THICK, SIDE = 340, 111, 30, 16, 6
_LINES = 4


def gauge(row) -> tuple[str, str] | None:
    """Draw the gauge of one scorecard row; returns (svg, text alternative), or None without value or target.

    Needs polarity, value, value_text, target_low, target_high, target_text, amber_low, amber_high, green_low,
    green_high, rating, gauge_low, gauge_high, unit, indicator_code.
    """
    if pd.isna(row.value) or pd.isna(row.target_low):
        return None
    low, high = gauge_ends(row)
    place = _placer(low, high)
    named = _named_points(row, low, high)
    svg = render(
        "svg/gauge.svg.j2", width=WIDTH, height=HEIGHT, top=TOP, thick=THICK, ink=INK, paper=PAPER,
        font=f"'{FAMILY}','{FALLBACK}',sans-serif",
        zones=[_zone(place(start), place(end), rating) for start, end, rating in _zones(row, low, high)],
        ticks=_ticks(named, place, row.polarity),
        value={"x": place(row.value), **_anchored(place(row.value), row.value_text), "label": row.value_text},
    )  # fmt: skip
    said = ", ".join(f"{name.lower()} {text}" for name, _, text in named)
    return svg, f"Gauge for {row.indicator_code}: value {row.value_text}; {said}."


def gauge_ends(row) -> tuple[float, float]:
    """The gauge's minimum and maximum: as given, else round numbers that leave room for value, target and limits.

    Percentages run from 0 to 100, everything else from 0 (or below the least) to beyond the greatest.
    """
    marks = [row.value, row.target_low, row.target_high, row.amber_low, row.amber_high]
    known = [mark for mark in marks if not pd.isna(mark)]
    low = min(0.0, _round_out(min(known), down=True)) if min(known) < 0 else 0.0
    high = 100.0 if row.unit == "%" and max(known) <= 100 and max(known) > 25 else _round_out(max(known) * 1.1)
    low = row.gauge_low if not pd.isna(row.gauge_low) else low
    high = row.gauge_high if not pd.isna(row.gauge_high) else high
    return min(low, *known), max(high, *known, low + 1e-9)


def _round_out(number, down=False):
    """The next number of the kind people choose for the end of a scale: 1, 1.2, 1.5, 2, 2.5 … of a power of ten."""
    if number == 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(abs(number)))
    steps = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    if number < 0:
        return -_round_out(-number) if down else 0.0
    return round(next(step for step in steps if step * size >= number * (1 - 1e-12)) * size, 9)


_ZONES = {
    "MAXIMISE": ("RED", "amber_low", "AMBER", "green_low", "GREEN"),
    "MINIMISE": ("GREEN", "green_high", "AMBER", "amber_high", "RED"),
    "GOLDILOCKS": ("RED", "amber_low", "AMBER", "green_low", "GREEN", "green_high", "AMBER", "amber_high", "RED"),
    "OUTSIDE": ("GREEN", "green_low", "AMBER", "amber_low", "RED", "amber_high", "AMBER", "green_high", "GREEN"),
}
"""The bar's parts from left to right, and where one ends and the next begins."""


def _zones(row, low, high):
    """The parts of this row's bar that are there: where each starts and ends, and its rating."""
    parts = _ZONES.get(row.polarity, _ZONES["MAXIMISE"])
    ratings = [_beyond(row) if rating == "RED" else rating for rating in parts[::2]]
    edges = [low, *(min(max(getattr(row, name), low), high) for name in parts[1::2]), high]
    return [zone for zone in zip(edges[:-1], edges[1:], ratings, strict=True) if zone[1] > zone[0]]


def _beyond(row):
    """What lies beyond the amber limits: red, or amber where the direction of travel made this value amber there."""
    inside = not (row.value < row.amber_low or row.value > row.amber_high)
    return "AMBER" if row.rating == "AMBER" and inside == (row.polarity == "OUTSIDE") else "RED"


def _zone(x, end, rating):
    """A zone with its word, where there is room, so that the bar says without colour which side is good."""
    width = round(end - x, 1)
    said = words.AGAINST_TARGET[rating] if rating != "AMBER" else ""
    return {
        "x": x,
        "width": width,
        "middle": round(x + width / 2, 1),
        "colour": ZONES[rating],
        "words": said if _width(said) + 4 < width else "",
    }


def _named_points(row, low, high):
    """What the ticks say: (name, number, text), from left to right."""
    decimals = [len(text.rstrip("%").partition(".")[2]) for text in (row.target_text, row.value_text)]

    def text(number):
        return format_number(round(number, max(*decimals, 2))) + ("%" if row.unit == "%" else "")

    points = [("Minimum", low, text(low)), ("Maximum", high, text(high))]
    for side in ("low", "high"):
        edges = {name: getattr(row, f"{name}_{side}") for name in ("amber", "green", "target")}
        word = "from" if (side == "low") != (row.polarity == "OUTSIDE") else "to"
        for colour, inner in (("amber", "green"), ("green", "target")):
            if not pd.isna(edges[colour]) and edges[colour] != edges[inner]:
                points.append((f"{words.RATINGS[colour.upper()]} {word}", edges[colour], text(edges[colour])))
    points.append(("Target", (row.target_low + row.target_high) / 2, row.target_text))
    return sorted(points, key=lambda point: point[1])


def _placer(low, high):
    scale = (WIDTH - 2 * SIDE) / (high - low)
    return lambda number: round(SIDE + (min(max(number, low), high) - low) * scale, 1)


_FROM, _TO = ("end", "start"), ("start", "end")
_LIMITS = {f"{words.RATINGS[code]} {word}": sides
           for code in ("AMBER", "GREEN") for word, sides in (("from", _FROM), ("to", _TO))}  # fmt: skip
_SIDES = {**_LIMITS, "Target": ("middle", "start", "end"), "Minimum": ("start",), "Maximum": ("end",)}
"""On which sides of its tick a label may stand, the best first; the labels in the order in which they are placed."""

_TARGET_SIDES = {"MAXIMISE": _TO, "MINIMISE": _FROM}
_SHIFTS = {"start": (-4, 0), "middle": (0, 0.5), "end": (4, 1)}
"""How far a label is moved from its tick, and the share of it that stands before that point."""


def _ticks(named, place, polarity):
    """Ticks with their labels below the bar, each as high as it can stand clear of other labels and leaders.

    The ends need no leader: their labels stand below the ends of the bar.
    """
    placed = []
    for name, number, text in sorted(named, key=lambda point: list(_SIDES).index(point[0])):
        sides = _TARGET_SIDES.get(polarity, _SIDES[name]) if name == "Target" else _SIDES[name]
        tick = {
            "x": place(number), "label": f"{name} {text}", "leader": name not in ("Minimum", "Maximum"),
            "colour": INK if name == "Target" else QUIET, "weight": 2 if name == "Target" else 1,
        }  # fmt: skip
        tries = [_labelled(tick, side, line) for line in range(_LINES) for side in sides]
        clear = (
            one
            for one in tries
            if one["left"] >= 0 and one["right"] <= WIDTH and not any(_in_the_way(one, other) for other in placed)
        )
        placed.append(next(clear, tries[-len(sides)]))
    return placed


def _labelled(tick, side, line):
    """A tick whose label starts, is centred or ends at it, on a line below the bar."""
    shift, before = _SHIFTS[side]
    x, width, foot = tick["x"] + shift, _width(tick["label"]), TOP + THICK
    return {
        **tick, "line": line, "left": x - before * width, "right": x + (1 - before) * width, "text_x": round(x, 1),
        "foot": foot + (5 + line * 15) * tick["leader"], "text_y": foot + 17 + line * 15, "anchor": side,
    }  # fmt: skip


def _in_the_way(label, other):
    if label["line"] == other["line"]:
        return label["left"] < other["right"] + 6 and other["left"] < label["right"] + 6
    upper, lower = (label, other) if label["line"] < other["line"] else (other, label)
    return lower["leader"] and upper["left"] - 3 < lower["x"] < upper["right"] + 3


def _width(label):
    return 6.0 * len(label)


def _anchored(x, label):
    """Keep a label inside the drawing: towards the middle at either end."""
    half = _width(label) / 2
    if x - half < SIDE:
        return {"text_x": max(x - 6, 0), "anchor": "start"}
    if x + half > WIDTH - SIDE:
        return {"text_x": min(x + 6, WIDTH), "anchor": "end"}
    return {"text_x": x, "anchor": "middle"}


SPARK_WIDTH, SPARK_HEIGHT, MARGIN = 112, 28, 4


def sparkline(months: pd.DataFrame, definition_break=pd.NaT, basis: str = "") -> tuple[str, str] | None:
    """Draw one indicator's values and targets; returns (svg, text alternative), or None with fewer than two values.

    ``months`` is its part of the history, in order: month, value, value_text, target_low, financial_year. Older years,
    and months before a new definition, are left out. A cumulative indicator starts anew with each financial year.
    """
    recent = months["financial_year"] >= months["financial_year"].max() - 1
    if not pd.isna(definition_break):
        recent &= months["month"] >= definition_break
    months = months[recent]
    known = months[months["value"].notna()]
    if len(known) < 2:
        return None
    shown = months[months["month"] <= known["month"].iloc[-1]]
    values, targets = shown["value"].tolist(), shown["target_low"].tolist()
    points = _scale(values, targets)
    years = shown["financial_year"].tolist()
    new_year = {place for place in range(1, len(years)) if basis == "CUMULATIVE" and years[place] != years[place - 1]}
    svg = render(
        "svg/sparkline.svg.j2", width=SPARK_WIDTH, height=SPARK_HEIGHT, ink=VALUE, target=TARGET,
        values=_runs([points(place, value) for place, value in enumerate(values)], new_year),
        targets=_runs([points(place, value) for place, value in enumerate(targets)], new_year),
        last=points(len(values) - 1, values[-1]),
    )  # fmt: skip
    return svg, _alternative(known)


def _alternative(known):
    first, last = known.iloc[0], known.iloc[-1]
    return (
        f"{len(known)} figures: {first['value_text']} in {words.month_words(first['month'])}, "
        f"{last['value_text']} in {words.month_words(last['month'])}"
    )


def _scale(values, targets):
    known = [number for number in values + targets if not math.isnan(number)]
    low, high = min(known), max(known)
    across = (SPARK_WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    down = (SPARK_HEIGHT - 2 * MARGIN) / ((high - low) or 1)

    def point(place, value):
        if math.isnan(value):
            return None
        return round(MARGIN + place * across, 1), round(SPARK_HEIGHT - MARGIN - (value - low) * down, 1)

    return point


def _runs(points, starts):
    """SVG paths through neighbouring points; a missing one and a start are gaps, a lone one is a dot's width."""
    runs, run = [], []
    for place, point in enumerate([*points, None]):
        if run and (point is None or place in starts):
            runs.append(run if len(run) > 1 else [run[0], (run[0][0] + 0.1, run[0][1])])
            run = []
        if point:
            run.append(point)
    return ["M" + "L".join(f"{x:g} {y:g}" for x, y in run) for run in runs]
