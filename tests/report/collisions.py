"""What touches what in a drawing: the boxes of its words, and everything else that is drawn, in the drawing's unit."""

import re
from itertools import combinations, pairwise

import numpy as np

from mpr_lib.report.fonts import text_width

ANCHORED = {"start": 0, "middle": 0.5, "end": 1}
NUMBER = r"-?\d+(?:\.\d+)?"


def collisions(svg: str) -> list[str]:
    """Every word that is on another, on a line, a tick, a point or an edge, or outside of the paper.

    A word may lie within a bar as a whole, and on the ground of a range.
    """
    width, height = (float(each) for each in re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    words, bars, marks = list(_words(svg)), list(_bars(svg)), list(_marks(svg))
    found = [f"{one[0]} on {other[0]}" for one, other in combinations(words, 2) if _overlap(one[1], other[1])]
    for word, box in words:
        if box[0] < -0.5 or box[1] < -0.5 or box[2] > width + 0.5 or box[3] > height + 0.5:
            found.append(f"{word} outside")
        if any(_overlap(box, bar) and not _within(box, bar) for bar in bars):
            found.append(f"{word} across a bar")
        found += [f"{word} on {kind}" for kind, points in marks if _touches(box, points)]
    return found


def _words(svg):
    for style, more, content in re.findall(r'<text (?:[^>]*?)style="([^"]*)"([^>]*)>([^<]*)', svg):
        yield from _word(style, more, content)
    for place, style, content in re.findall(r'<text (x="[^"]*" y="[^"]*") style="([^"]*)">([^<]*)', svg):
        if ' x="' not in content:
            yield from _word(style, " " + place, content)


def _word(style, more, content):
    place = re.search(rf' x="({NUMBER})" y="({NUMBER})"', more)
    if not place:
        return
    x, y, size = float(place[1]), float(place[2]), float(re.search(rf"font-size: ?({NUMBER})px", style)[1])
    assert size >= 12, (content, "cannot be read where a phone shows 340 units on 300 pixels")
    text = content.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    wide = text_width(text, size, bold="font-weight: 600" in style or "font-weight:600" in style)
    left = x - ANCHORED[re.search(r"text-anchor: ?(\w+)", style)[1]] * wide
    yield text, (left, y - 0.72 * size, left + wide, y + 0.2 * size)


def _bars(svg):
    """Bars: of a gauge, and of distances."""
    for found in re.findall(rf'<rect x="({NUMBER})" y="({NUMBER})" width="({NUMBER})" height="({NUMBER})" style', svg):
        x, y, width, height = map(float, found)
        yield x, y, x + width, y + height
    for path in re.findall(r'<path d="([^"]*)" [^>]*style="fill: #12436d"', svg):
        points = _corners(path)
        yield *points.min(axis=0), *points.max(axis=0)


def _marks(svg):
    """Lines, ticks, points and arrows, as points along them."""
    rect = rf'<rect x="({NUMBER})" y="({NUMBER})" width="({NUMBER})" height="({NUMBER})"'
    clips = {name: tuple(map(float, box)) for name, *box in re.findall(rf'<clipPath id="(\w+)">{rect}', svg)}
    drawn = re.sub(r"<defs>.*?</defs>", "", svg)
    for path, more, style in re.findall(r'<path d="([^"]*)"([^>]*)style="([^"]*)"', drawn):
        if "stroke:" not in style.replace(" ", "") and "fill: none" in style:
            continue
        if style.replace(" ", "").startswith("fill:#") and "stroke" not in style and "l-6" not in path:
            continue
        points = _along(_corners(path))
        clip = re.search(r"url\(#(\w+)\)", more)
        if clip:
            x, y, width, height = clips[clip[1]]
            inside = (points >= (x, y - 1)) & (points <= (x + width, y + height + 1))
            points = points[inside.all(axis=1)]
        yield "a line", points
    for x, y, style in re.findall(rf'<use [^>]*x="({NUMBER})" y="({NUMBER})"(?: style="([^"]*)")?', svg):
        centre, tick = np.array([float(x), float(y)]), "#d5dbe1" in style
        around = [(0, 0), (0, 3)] if tick else [(r * dx, r * dy) for r in (2.5,) for dx, dy in _ROUND]
        yield "a tick" if tick else "a point", centre + around


_ROUND = [(np.cos(turn), np.sin(turn)) for turn in np.linspace(0, 2 * np.pi, 12)]


def _corners(path):
    """The corners of a path of straight lines, with relative steps as gauges have them."""
    points, at = [], np.zeros(2)
    for command, numbers in re.findall(r"([MLlvhHVzZ])([^MLlvhHVzZ]*)", path):
        given = [float(each) for each in re.findall(NUMBER, numbers)]
        for step in range(0, len(given), 2 if command in "MLl" else 1):
            if command in "ML":
                at = np.array(given[step : step + 2])
            elif command == "l":
                at = at + given[step : step + 2]
            else:
                at = at + {"v": (0, given[step]), "h": (given[step], 0)}[command]
            points.append(at)
    return np.array(points)


def _along(corners):
    if len(corners) < 2:
        return corners
    return np.vstack([np.linspace(one, other, 200) for one, other in pairwise(corners)])


def _overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _within(box, bar):
    return box[0] >= bar[0] and box[1] >= bar[1] and box[2] <= bar[2] and box[3] <= bar[3]


def _touches(box, points):
    low, high = np.array(box[:2]), np.array(box[2:])
    return len(points) and ((points > low) & (points < high)).all(axis=1).any()
