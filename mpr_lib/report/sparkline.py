"""Sparklines: the last 24 months in a table's cell, drawn from a template because a chart would be too dear."""

import math

import pandas as pd

from mpr_lib.report.palette import TARGET, VALUE
from mpr_lib.report.rendering import render
from mpr_lib.report.words import month_words

WIDTH, HEIGHT, MARGIN = 112, 28, 4


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
        "svg/sparkline.svg.j2", width=WIDTH, height=HEIGHT, ink=VALUE, target=TARGET,
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
    across = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    down = (HEIGHT - 2 * MARGIN) / ((high - low) or 1)

    def point(place, value):
        if math.isnan(value):
            return None
        return round(MARGIN + place * across, 1), round(HEIGHT - MARGIN - (value - low) * down, 1)

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
