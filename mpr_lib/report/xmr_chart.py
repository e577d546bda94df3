"""The process chart of one indicator (XmR): its points between the limits of usual variation, signals marked by shape.

Source: NHS England, Making Data Count; docs/rules.md, Limits and signals.
"""

import numpy as np
import pandas as pd

from mpr_lib import words
from mpr_lib.report import canvas
from mpr_lib.report.canvas import BOLD, HEAD, LINE, TEXT, WIDTH
from mpr_lib.report.fonts import FALLBACK, FAMILY, fitted, text_width
from mpr_lib.report.palette import BAND, INK, LIGHT, PAPER, QUIET, RULE, VALUE, VARIATIONS
from mpr_lib.report.rendering import render
from mpr_lib.report.signal_words import (
    assurance_words,
    chart_text,
    looks_like,
    months_apart,
    sentence_text,
    variation_words,
)
from mpr_lib.rules.variation import kind_of_signal

MOST, PLOT = 36, 140
"""How many periods a chart shows at most, and how high its plot is."""


def process_chart(
    points: pd.DataFrame, row, steps: pd.DataFrame, figures: pd.DataFrame, most: int = MOST
) -> tuple[str, str]:
    """Draw one indicator's process chart: (svg, text alternative).

    ``points`` are its own, in order (``NEEDED``); ``row`` is its scorecard row, ``steps`` its steps (month, reason),
    ``figures`` its part of the history, for proxies (month, value). Neighbours are joined, a gap stays a gap, the
    target is drawn month by month, and each segment has its own mean and limits. Only the newest ``most`` periods.
    """
    near = points.iloc[np.searchsorted(_ordinals(points), _ordinals(points)[-1] - most * months_apart(row), "right") :]
    frame = placed(near, row, figures)
    begun = [each for each in steps_shown(points, steps) if each[0] > frame["month"][0]]
    shown = np.concatenate([frame[name] for name in ("level", "target_low", "target_high", *_LIMITS)])
    low, high = np.nanmin(shown), np.nanmax(shown)
    room = 0.06 * ((high - low) or abs(high) or 1.0)
    levels = [level for level in canvas.axis_levels(shown, most=6) if low - room <= level <= high + room]
    names = _names(frame, row)
    left = max(text_width(text, TEXT) for text in map(canvas.level_text, levels)) + 8
    right = WIDTH - max([6, *(text_width(name, TEXT) + 9 for _, name, _ in names)])
    foot, reach = 10 + 2 * LINE, (-0.5, frame["place"][-1] + 0.5)
    plane = canvas.Plane((left, right), (foot, foot + PLOT), reach, (low - room, high + room))
    height = HEAD + LINE * len(begun) + PLOT + foot
    lines = _lines(plane, frame, levels) + _step_lines(plane, frame, begun, height)
    marked = zip(frame["kind"], plane.points(frame["place"], frame["level"]), strict=True)
    texts = [
        *_axis_words(plane, frame, row, levels, height), *_step_words(plane, frame, begun, height),
        *_name_words(plane, names, plane.up[1] - 5 if begun else plane.up[1] + 6),
    ]  # fmt: skip
    svg = render(
        "svg/process.svg.j2", width=WIDTH, height=height, font=f"'{FAMILY}','{FALLBACK}',sans-serif",
        paper=PAPER, quiet=QUIET, ground=BAND, colours={name: LIGHT[name] for name in VARIATIONS.values()},
        bands=[_path(each, height) + "z" for each in _bands(plane, frame)],
        lines=[{**style, "d": _path(corners, height)} for corners, style in lines],
        points=[{"kind": kind, "x": round(x, 1), "y": round(height - y, 1)} for kind, (x, y) in marked if kind],
        texts=[{**text, "x": round(text["x"], 1), "y": round(height - text["y"], 1)} for text in texts],
    )  # fmt: skip
    return svg, chart_words(near, frame, row, begun)


NEEDED = [
    "month", "segment", "point", "target_low", "target_high", "chart_mean", "lower_limit", "upper_limit", "signal",
    "signal_side", "is_proxy",
]  # fmt: skip


def placed(points: pd.DataFrame, row, figures: pd.DataFrame) -> dict[str, np.ndarray]:
    """The points as they are drawn, arrays by name: ``NEEDED``, and place on the axis, level, what their lines start
    anew by (step, year), and kind: the shape, a variation's name, proxy, or '' of none.
    """
    # Arrays, as every card has a chart: of frames it would cost ten times as much.
    near, ordinals = {name: points[name].to_numpy() for name in NEEDED}, _ordinals(points)
    level, stand_ins = near["point"].astype(float), near["is_proxy"].astype(bool)
    if row.charted != "MONTHS_OWN" and stand_ins.any():
        known = dict(zip(_ordinals(figures), figures["value"], strict=True))
        level[stand_ins] = [known.get(each, np.nan) for each in ordinals[stand_ins]]
    kinds = zip(kind_of_signal(near | {"polarity": row.polarity}), stand_ins, np.isnan(level), strict=True)
    ends = np.column_stack([near["target_low"], near["target_high"]]).astype(float)
    changes = (ends[1:] != ends[:-1]).any(axis=1)
    return near | {
        "place": (ordinals - ordinals[0]) / months_apart(row), "level": level, "year": np.zeros(len(level)),
        "step": np.r_[0, changes.cumsum()], "is_proxy": stand_ins,
        "kind": np.array(["" if gone else "proxy" if stands else VARIATIONS[kind] for kind, stands, gone in kinds]),
    }  # fmt: skip


def _ordinals(frame):
    return frame["month"].array.asi8


def steps_shown(points: pd.DataFrame, steps: pd.DataFrame) -> list[tuple]:
    """The month and the reason of each step that began a segment of the points: the last of those before one point."""
    if steps.empty:
        return []
    begins = np.flatnonzero(points["segment"].diff().fillna(0))
    at = pd.Series(points["month"].searchsorted(steps["month"]), steps.index)
    begun = steps.assign(at=at)[at.isin(begins)].drop_duplicates("at", keep="last")
    return list(zip(begun["month"], begun["reason"], strict=True))


def chart_words(points: pd.DataFrame, frame: dict[str, np.ndarray], row, begun: list[tuple]) -> str:
    """What the chart shows: how the newest point stands, then the months that are marked, and where its level steps."""
    said = [f"Process chart of {row.indicator_code}.", variation_words(row, points), assurance_words(row)]
    months, kinds = frame["month"], frame["kind"]
    for variation, kind in VARIATIONS.items():
        marked = months[(kinds == kind) & (variation != "USUAL")]
        said += [f"{words.VARIATIONS[variation]}: {words.months_text(marked)}."] if len(marked) else []
    said += ["No month is marked."] if {*kinds} <= {"usual", "proxy", ""} else []
    stand_ins = months[kinds == "proxy"]
    said += [f"Stand-in figures: {words.months_text(stand_ins)}."] if len(stand_ins) else []
    said += [f"New level from {words.month_words(month)}: {reason.rstrip('.')}." for month, reason in begun]
    return " ".join(filter(None, said))


_LIMITS = ("chart_mean", "lower_limit", "upper_limit")


def _segments(frame):
    """Of each segment that has limits: where it begins and ends, and its mean and limits by name."""
    known = ~np.isnan(frame["chart_mean"])
    segment, place, *limits = (frame[name] for name in ("segment", "place", *_LIMITS))
    for each in dict.fromkeys(segment[known].tolist()):
        first, last = np.flatnonzero(known & (segment == each))[[0, -1]]
        yield place[first] - 0.5, place[last] + 0.5, {name: of[first] for name, of in zip(_LIMITS, limits, strict=True)}


def _bands(plane, frame):
    for start, end, part in _segments(frame):
        low, high = part["lower_limit"], part["upper_limit"]
        yield plane.points([start, end, end, start], [low, low, high, high])


def _style(colour, width, dashes=""):
    return {"colour": colour, "width": width, "dashes": dashes}


def _lines(plane, frame, levels):
    """Everything that is a line, from behind to the front, as corners and style."""
    floor = (np.array([(end, plane.up[0]) for end in plane.across]), _style(RULE, 1.4))
    drawn = [floor, *((plane.points(plane.places, [level, level]), _style(RULE, 0.7)) for level in levels)]
    for start, end, part in _segments(frame):
        for name, style in (("lower_limit", _style(QUIET, 1.1, "5 3")), ("upper_limit", _style(QUIET, 1.1, "5 3")),
                            ("chart_mean", _style(QUIET, 1.4))):  # fmt: skip
            drawn.append((plane.points([start, end], [part[name]] * 2), style))
    ranged = np.where(frame["target_high"] != frame["target_low"], frame["target_high"], np.nan)
    narrow = frame | {"target_high": ranged, "level": np.where(frame["is_proxy"], np.nan, frame["level"])}
    for name in ("target_low", "target_high"):
        for places, levels_there in canvas.stretches(narrow, name, 0):
            ends = [places[0] - 0.5, places[-1] + 0.5]
            drawn.append((plane.points(ends, levels_there[[0, 0]]), _style(INK, 2, "2 2.3")))
    drawn += [(plane.points(*run), _style(VALUE, 1.8)) for run in canvas.stretches(narrow, "level", 0)]
    return drawn


def _text(words, x, y, colour, anchor="start", size=TEXT, bold=False):
    return {"words": words, "x": x, "y": y, "colour": colour, "anchor": anchor, "size": size, "bold": bold}


def _axis_words(plane, frame, row, levels, height):
    """The unit, the numbers of the axis, and months below it with the year wherever that changes."""
    unit = words.unit_label(row.unit) + OWN.get(row.charted, "").format(words.period(row.frequency))
    said = [_text(fitted(unit, TEXT, WIDTH - 2), 1, height - 14, QUIET)]
    for level, (_, y) in zip(levels, plane.points([0] * len(levels), levels), strict=True):
        said.append(_text(canvas.level_text(level), plane.across[0] - 5, y - 0.26 * TEXT, QUIET, "end"))
    places = range(int(frame["place"][-1]) + 1)
    months = [frame["month"][0] + place * months_apart(row) for place in places]
    names, year = [f"{words.month_words(month)[:3]}\n{month.year}" for month in months], 0
    pitch = (plane.across[1] - plane.across[0]) / len(places)
    for place in canvas.labelled(list(places), names, pitch):
        (x, _), month = plane.points([place], [0])[0], months[place]
        lines = names[place].split("\n")[: 1 + (month.year != year)]
        said += [_text(each, x, plane.up[0] - 15 - LINE * down, QUIET, "middle") for down, each in enumerate(lines)]
        year = month.year
    return said


OWN = {"MONTHS_OWN": ", each {}'s own part", "QUARTER_ENDS": ", each quarter's end"}
"""What the unit above the plot says of points that are not the figures as given."""


def _names(frame, row):
    """What stands where the lines end: level, words and colour; the newest figure, which is bold, first."""
    last, found = {name: each[-1] for name, each in frame.items()}, []
    if last["chart_mean"] == last["chart_mean"]:
        low, high = last["lower_limit"], last["upper_limit"]
        # A point beyond a limit must not have the limit's name.
        beyond = [(high if level > high else low, level) for level in frame["level"] if not low <= level <= high]
        alike = any(looks_like(limit, level, row) for limit, level in beyond)
        text = chart_text if alike else sentence_text
        for name, label in (("upper_limit", "Limit"), ("chart_mean", "Mean"), ("lower_limit", "Limit")):
            found.append((last[name], f"{label} {text(last[name], row).rstrip('%')}", QUIET))
    targets = dict.fromkeys([last["target_high"], last["target_low"]])
    targets = {each: words.figure_words(each, row.unit).rstrip("%") for each in targets if each == each}
    found += [(each, f"Target {text}", INK) for each, text in targets.items()]
    given = row.charted == "AS_GIVEN"
    newest = words.marked_text(row.value_text, row) if given else sentence_text(last["level"], row)
    return [(last["level"], newest, VALUE), *found]


def _name_words(plane, names, top):
    heights = plane.points([0] * len(names), [level for level, _, _ in names])[:, 1]
    places = canvas.spread(list(heights), LINE, (plane.up[0], top))
    for place, (_, name, colour) in zip(places, names, strict=True):
        bold = colour == VALUE
        yield _text(name, plane.across[1] + 7, place - 0.26 * TEXT, colour, size=BOLD if bold else TEXT, bold=bold)


def _step_lines(plane, frame, begun, height):
    return [
        (np.array([(x, plane.up[0]), (x, height - HEAD - LINE * number)]), _style(INK, 1))
        for number, x in enumerate(_step_places(plane, frame, begun))
    ]


def _step_words(plane, frame, begun, height):
    """Why the level steps, each in a line of its own above the plot, the earliest highest: none crosses a line."""
    for number, (x, (_, reason)) in enumerate(zip(_step_places(plane, frame, begun), begun, strict=True)):
        before = len(begun) == 1 and x > WIDTH / 2
        # Numbers of the axis, on the left, may reach as high.
        room = (x - plane.across[0] if before else WIDTH - x) - 6
        place, anchor = (x - 4, "end") if before else (x + 4, "start")
        yield _text(fitted(reason, TEXT, room), place, height - HEAD - LINE * number - 11, INK, anchor)


def _step_places(plane, frame, begun):
    """Where along the paper the steps are that the chart shows: before the first point of each new segment."""
    places = [frame["place"][frame["month"] >= month][0] - 0.5 for month, _ in begun]
    return plane.points(places, [0] * len(places))[:, 0]


def _path(corners, height):
    return canvas.path_of(np.column_stack([corners[:, 0], height - corners[:, 1]]))
