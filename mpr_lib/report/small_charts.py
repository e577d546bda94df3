"""Small charts drawn from templates, because a chart would be too dear: gauges and sparklines."""

from itertools import pairwise, product

import numpy as np
import pandas as pd

from mpr_lib import words
from mpr_lib.report.canvas import TEXT, WIDTH, path_of, stretches
from mpr_lib.report.fonts import FALLBACK, FAMILY, text_width
from mpr_lib.report.palette import INK, INSIDE, PAPER, TARGET, VALUE, ZONES
from mpr_lib.report.rendering import render

TOP, THICK, LINE, SIDE = 29, 19, 15, 2
_INSIDE, _NEWEST = TEXT, 14


def gauge(row) -> tuple[str, str] | None:
    """Draw the gauge of one scorecard row: (svg, text alternative), or None without value, target or good direction.

    Needs polarity, value, value_text, target_low, target_high, target_text, amber_low, amber_high, green_low,
    green_high, rating, gauge_low, gauge_high, unit, indicator_code.
    """
    if pd.isna(row.value) or pd.isna(row.target_low) or row.polarity in ("", "NONE"):
        return None
    low, high = gauge_ends(row)
    zones = _zones(row, low, high)
    bounds = [end for _, end, _ in zones[:-1]]

    def place(number):
        return round(SIDE + (min(max(number, low), high) - low) * (WIDTH - 2 * SIDE) / (high - low), 1)

    # Ends that somebody stated are read as such; where the figures chose them they mean nothing.
    stated = [end for end, given in ((low, row.gauge_low), (high, row.gauge_high)) if end == given]
    labels = _labels([(place(end), _text(end, row)) for end in sorted({*bounds, *stated})])
    half = min(text_width(row.value_text, _NEWEST, bold=True) / 2, WIDTH / 2)
    value = {"x": place(row.value), "text_x": round(min(max(place(row.value), half), WIDTH - half), 1)}
    svg = render(
        "svg/gauge.svg.j2", width=WIDTH, height=max([TOP + THICK, *(label["y"] for label in labels)]) + 5, top=TOP,
        thick=THICK, ink=INK, paper=PAPER, value=value | {"label": row.value_text, "size": _NEWEST}, size=TEXT,
        font=f"'{FAMILY}','{FALLBACK}',sans-serif", labels=labels, ticks=[place(end) for end in bounds],
        zones=[_zone(place(start), place(end), rating) for start, end, rating in zones], inside=_INSIDE, colours=ZONES,
    )  # fmt: skip
    names = [words.RATINGS[rating].lower() for _, _, rating in zones]
    said = ", ".join(f"{name} up to {_text(end, row)}" for name, end in zip(names, bounds, strict=False))
    rated = f"Gauge for {row.indicator_code}: {row.value_text} is {words.RATINGS[row.rating].lower()}"
    return svg, f"{rated}; {said}, {names[-1]} beyond." if said else f"{rated}."


def gauge_ends(row) -> tuple[float, float]:
    """The gauge's ends: as given, else a quarter beyond value, target and limits, so that all of them are seen."""
    limits = [row.amber_low, row.amber_high, row.green_low, row.green_high]
    known = [mark for mark in (row.value, row.target_low, row.target_high, *limits) if not pd.isna(mark)]
    low, high = min(known), max(known)
    room = 0.25 * (high - low or abs(high) or 1.0)
    low = low - room if pd.isna(row.gauge_low) else min(low, row.gauge_low)
    high = high + room if pd.isna(row.gauge_high) else max(high, row.gauge_high)
    return low, max(high, low + 1e-9)


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
    """A zone with its colour's name, or where that has no room with its pattern."""
    name, width = words.RATINGS[rating], round(end - x, 1)
    fits = text_width(name, _INSIDE, bold=True) + 6 < width
    return {
        "x": x, "width": width, "middle": round(x + width / 2, 1), "rating": rating,
        "inside": INSIDE[rating], "name": name if fits else "",
    }  # fmt: skip


def _text(number, row):
    """A limit as it is printed, with no more decimals than the figures beside it have."""
    if number == row.target_low == row.target_high:
        return row.target_text
    decimals = [len(text.rstrip("%").partition(".")[2]) for text in (row.target_text, row.value_text)]
    return words.figure_words(round(number, max(*decimals, 2)), row.unit)


_BEFORE = {"middle": 0.5, "end": 1, "start": 0}
"""The share of a label that stands before its place, the best first."""


def _labels(ends):
    """Labels below the bar, (x, text) each, in as few lines as keep them clear of each other."""
    for lines in range(1, len(ends) + 1):
        for anchors in product(_BEFORE, repeat=len(ends)):
            placed = [_label(x, text, anchors[n], n % lines) for n, (x, text) in enumerate(ends)]
            neighbours = (pair for line in range(lines) for pair in pairwise(placed[line::lines]))
            inside = all(each["left"] >= 0 and each["right"] <= WIDTH for each in placed)
            if inside and all(one["right"] + 6 < other["left"] for one, other in neighbours):
                return placed
    return [_label(WIDTH / 2, text, "middle", line) for line, (_, text) in enumerate(ends)]


def _label(x, text, anchor, line):
    width, x = text_width(text, TEXT), x + {"end": 2, "start": -2}.get(anchor, 0)
    left = x - _BEFORE[anchor] * width
    return {
        "x": round(x, 1), "y": TOP + THICK + 17 + LINE * line, "text": text, "anchor": anchor,
        "left": left, "right": left + width,
    }  # fmt: skip


SPARK_WIDTH, SPARK_HEIGHT, MARGIN = 112, 28, 4


def sparkline(months: pd.DataFrame, definition_break=pd.NaT, basis: str = "") -> tuple[str, str] | None:
    """Draw one indicator's values and targets; returns (svg, text alternative), or None with fewer than two values.

    ``months`` is its part of the history, in order: month, value, value_text, target_low, financial_year. Older years,
    and months before a new definition, are left out. A cumulative indicator starts anew with each financial year.
    """
    # Arrays, as there is one in each row of every table: of frames it would cost ten times as much.
    year = months["financial_year"].to_numpy()
    recent = year >= year.max(initial=0) - 1
    if not pd.isna(definition_break):
        recent = recent & (months["month"] >= definition_break).to_numpy()
    known = np.flatnonzero(recent & months["value"].notna().to_numpy())
    if len(known) < 2:
        return None
    shown = np.flatnonzero(recent[: known[-1] + 1])
    levels = {name: months[name].to_numpy(float)[shown] for name in ("value", "target_low")}
    low, high = (end([*levels.values()]) for end in (np.nanmin, np.nanmax))
    room, span = SPARK_HEIGHT - 2 * MARGIN, (high - low) or 1
    heights = {name: SPARK_HEIGHT - MARGIN - (each - low) * room / span for name, each in levels.items()}
    year = year[shown] * (basis == "CUMULATIVE")
    frame = heights | {"place": np.arange(len(shown)), "year": year, "step": year}
    across = (SPARK_WIDTH - 2 * MARGIN) / (len(shown) - 1)

    def paths(column):
        for places, run in stretches(frame, column, 0.01):
            yield path_of(np.column_stack([MARGIN + places * across, run]))

    svg = render(
        "svg/sparkline.svg.j2", width=SPARK_WIDTH, height=SPARK_HEIGHT, ink=VALUE, target=TARGET,
        values=list(paths("value")), targets=list(paths("target_low")),
        last=(SPARK_WIDTH - MARGIN, round(heights["value"][-1], 1)),
    )  # fmt: skip
    texts, when = months["value_text"], months["month"]
    then, now = (f"{texts.iloc[each]} in {words.month_words(when.iloc[each])}" for each in known[[0, -1]])
    return svg, f"{len(known)} figures: {then}, {now}"
