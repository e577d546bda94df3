"""Small charts drawn from templates, because a chart would be too dear: gauges and sparklines."""

import math

import pandas as pd

from mpr_lib.report.fonts import FALLBACK, FAMILY
from mpr_lib.report.palette import INK, PAPER, QUIET, TARGET, VALUE, ZONES
from mpr_lib.report.rendering import render
from mpr_lib.rules.values import format_number
from mpr_lib.words import month_words

WIDTH, HEIGHT, TOP, THICK, SIDE = 340, 111, 30, 16, 6
_LINES = 4
SIZE = (WIDTH, HEIGHT)


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


def _zones(row, low, high):
    """The bar's parts from left to right: where a value would be red, amber, green."""
    beyond = _beyond(row)
    edges = [(low, beyond if row.polarity not in ("MINIMISE", "OUTSIDE") else "GREEN")]
    if row.polarity == "OUTSIDE":
        edges += [
            (row.green_low, "AMBER"),
            (row.amber_low, beyond),
            (row.amber_high, "AMBER"),
            (row.green_high, "GREEN"),
        ]
    elif row.polarity != "MINIMISE":
        edges += [(row.amber_low, "AMBER"), (row.green_low, "GREEN")]
    if row.polarity in ("MINIMISE", "GOLDILOCKS"):
        edges += [(row.green_high, "AMBER"), (row.amber_high, beyond)]
    ends = [start for start, _ in edges[1:]] + [high]
    parts = [(max(start, low), min(end, high), rating) for (start, rating), end in zip(edges, ends, strict=True)]
    return [(start, end, rating) for start, end, rating in parts if end > start]


def _beyond(row):
    """What lies beyond the amber limits: red, or amber where the direction of travel made this value amber there."""
    inside = not (row.value < row.amber_low or row.value > row.amber_high)
    return "AMBER" if row.rating == "AMBER" and inside == (row.polarity == "OUTSIDE") else "RED"


def _zone(x, end, rating):
    """A zone with its word, where there is room, so that the bar says without colour which side is good."""
    width = round(end - x, 1)
    words = {"GREEN": "On target", "RED": "Off target"}.get(rating, "")
    return {
        "x": x,
        "width": width,
        "middle": round(x + width / 2, 1),
        "colour": ZONES[rating],
        "words": words if _width(words) + 4 < width else "",
    }


def _named_points(row, low, high):
    """What the ticks say: (name, number, text), from left to right."""
    decimals = [len(text.rstrip("%").partition(".")[2]) for text in (row.target_text, row.value_text)]

    def text(number):
        return format_number(round(number, max(*decimals, 2))) + ("%" if row.unit == "%" else "")

    points = [("Minimum", low, text(low)), ("Maximum", high, text(high))]
    for side, word in (("low", "to" if row.polarity == "OUTSIDE" else "from"),
                       ("high", "from" if row.polarity == "OUTSIDE" else "to")):  # fmt: skip
        amber, green, target = (getattr(row, f"{name}_{side}") for name in ("amber", "green", "target"))
        if not pd.isna(amber) and amber != green:
            points.append((f"Amber {word}", amber, text(amber)))
        if not pd.isna(green) and green != target:
            points.append((f"Green {word}", green, text(green)))
    middle = (row.target_low + row.target_high) / 2
    points.append(("Target", middle, row.target_text))
    return sorted(points, key=lambda point: point[1])


def _placer(low, high):
    scale = (WIDTH - 2 * SIDE) / (high - low)
    return lambda number: round(SIDE + (min(max(number, low), high) - low) * scale, 1)


_SIDES = {"Amber from": ("end", "start"), "Amber to": ("start", "end"), "Minimum": ("start",), "Maximum": ("end",)}
_TARGET_SIDES = {"MAXIMISE": ("start", "end"), "MINIMISE": ("end", "start")}
_SIDES |= {"Green from": ("end", "start"), "Green to": ("start", "end")}
_ORDER = ("Amber from", "Amber to", "Green from", "Green to", "Target", "Minimum", "Maximum")


def _ticks(named, place, polarity):
    """Ticks with their labels below the bar, each as high as it can stand clear of other labels and leaders.

    The ends need no leader: their labels stand below the ends of the bar.
    """
    placed = []
    for name, number, text in sorted(named, key=lambda point: _ORDER.index(point[0])):
        sides = _SIDES.get(name) or _TARGET_SIDES.get(polarity, ("middle", "start", "end"))
        label = {"x": place(number), "label": f"{name} {text}", "leader": name not in ("Minimum", "Maximum")}
        places = (_labelled(label, side, line) for line in range(_LINES) for side in sides)
        clear = (one for one in places if _inside(one) and not any(_in_the_way(one, other) for other in placed))
        placed.append(next(clear, None) or _labelled(label, sides[0], _LINES - 1))
    for tick in placed:
        strong = tick["label"].startswith("Target")
        tick.update(colour=INK if strong else QUIET, weight=2 if strong else 1)
    return placed


def _labelled(label, side, line):
    """A label that starts, is centred or ends at its tick, on a line below the bar."""
    x = label["x"] + {"start": -4, "middle": 0, "end": 4}[side]
    left = x - {"start": 0, "middle": 0.5, "end": 1}[side] * _width(label["label"])
    foot = TOP + THICK + (5 + line * 15 if label["leader"] else 0)
    text_y = TOP + THICK + 17 + line * 15
    spot = {"left": left, "right": left + _width(label["label"]), "line": line, "foot": foot}
    return {**label, **spot, "text_x": round(x, 1), "text_y": text_y, "anchor": side}


def _inside(label):
    return label["left"] >= 0 and label["right"] <= WIDTH


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
        f"{len(known)} figures: {first['value_text']} in {month_words(first['month'])}, "
        f"{last['value_text']} in {month_words(last['month'])}"
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
