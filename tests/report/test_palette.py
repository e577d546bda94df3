"""Contrast, computed from the palette: words 4.5:1, shapes and lines 3:1, in light and in dark."""

import re
from itertools import combinations

import pytest

from mpr_lib.report import palette
from mpr_lib.report.document import style
from mpr_lib.words import OUTCOMES

THEMES = {"light": palette.LIGHT, "dark": palette.DARK, "print": palette.PRINT}
MARKS = ("at-risk", "slippage", "on-course", "none")
TEXTS = [
    ("ink", "paper"), ("ink", "wash"), ("ink", "slippage-paper"), ("quiet", "paper"), ("quiet", "wash"),
    ("quiet", "slippage-paper"), ("link", "paper"), ("link", "wash"), ("link", "slippage-paper"),
    ("on-brand", "brand"), ("value", "paper"), ("last-year", "paper"), ("target", "paper"),
    *((f"{mark}-inside", mark if mark != "none" else "paper") for mark in MARKS),
    *((f"{mark}-text", f"{mark}-paper") for mark in MARKS),
]  # fmt: skip
SHAPES = [
    *((mark, ground) for mark in MARKS for ground in ("paper", "wash", f"{mark}-paper")),
    ("value", "paper"), ("value", "band"), ("last-year", "paper"), ("last-year", "band"),
    ("other", "paper"), ("other", "band"), ("target", "paper"),
    ("target", "band"), ("focus", "paper"), ("focus", "wash"), ("on-brand", "brand"), ("quiet", "wash"),
    *((variation, ground) for variation in palette.VARIATIONS.values() for ground in ("paper", "wash", "band")),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    return weighed(linear(colour))


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def weighed(parts) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("words", "ground"), TEXTS)
def test_words_can_be_read(theme, words, ground):
    colours = THEMES[theme]
    assert contrast(colours[words], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_told_from_what_they_stand_on(theme, shape, ground):
    colours = THEMES[theme]
    assert contrast(colours[shape], colours[ground]) >= 3


OUTCOMES_TOLD = list(combinations(("at-risk", "slippage", "on-course"), 2))
SEEN_BY = {
    "people without red cones": ((0.1523, 1.0526, -0.2049), (0.1145, 0.7863, 0.0992), (-0.0039, -0.0481, 1.0520)),
    "people without green cones": ((0.3673, 0.8606, -0.2280), (0.2801, 0.6725, 0.0474), (-0.0118, 0.0429, 0.9689)),
}
"""How much of red, green and blue each of the three becomes, in linear light (Machado et al., 2009)."""


def as_seen(colour: str, matrix) -> tuple[float, ...]:
    parts = linear(colour)
    mixed = (sum(weight * part for weight, part in zip(row, parts, strict=True)) for row in matrix)
    return tuple(min(1.0, max(0.0, part)) for part in mixed)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("one", "other"), OUTCOMES_TOLD)
def test_outcomes_differ_in_lightness_as_well_as_in_hue(theme, one, other):
    """So a grey printer and a grey screen keep them apart, and most of it is there for who sees no red or no green."""
    colours = THEMES[theme]
    assert contrast(colours[one], colours[other]) >= 1.9
    for matrix in SEEN_BY.values():
        lighter, darker = sorted((weighed(as_seen(colours[name], matrix)) for name in (one, other)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 1.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("one", "other"), list(combinations(palette.VARIATIONS.values(), 2)))
def test_variations_differ_in_lightness_and_have_no_colour_of_a_rating(theme, one, other):
    colours = THEMES[theme]
    assert contrast(colours[one], colours[other]) >= 1.25
    assert not {colours[one], colours[other]} & {colours[mark] for mark in MARKS}


def test_patterns_stand_in_for_colours_where_these_may_be_lost():
    """At risk is whole, the others each have a pattern of their own; without value or target no colour fills a part."""
    css = palette.theme_css()
    lost = re.search(r"@media print, \(forced-colors: active\) \{(.*)\}", css)[1]
    patterns = {**palette.PATTERNS, **palette.UNFILLED, "judged": palette.JUDGED}
    assert set(patterns) == {*OUTCOMES, "judged"} - {"AT_RISK"}
    assert len(set(patterns.values())) == len(patterns)
    for outcome, pattern in palette.PATTERNS.items():
        assert f'[data-outcome="{outcome}"] {{ --fill: {pattern}; }}' in lost
    for outcome, pattern in palette.UNFILLED.items():
        assert f'[data-outcome="{outcome}"] {{ --fill: {pattern}; }}' in css.replace(lost, "")


def test_themes_name_the_same_colours():
    assert list(palette.LIGHT) == list(palette.DARK) == list(palette.PRINT)
    assert set(palette.FORCED) == set(palette.LIGHT)


def test_drawings_can_be_themed_because_their_colours_differ():
    assert len(palette.THEMED) == len(palette.DRAWN)


def test_every_outcome_has_a_shape_of_its_own():
    assert set(palette.SIGNS) == set(OUTCOMES)
    assert len(set(palette.SIGNS.values())) == len(OUTCOMES)


def test_the_style_uses_only_colours_of_the_palette():
    """A colour typed into the style sheet would have no dark and no printed counterpart."""
    used = set(re.findall(r"var\(--([a-z-]+)", style()))
    assert used - set(palette.LIGHT) <= {"mark", "mark-text", "mark-paper", "mark-inside", "fill", "share", "columns"}
    layout = style().removeprefix(palette.theme_css())
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", layout) == []


TYPED = re.compile(r"""#[0-9a-fA-F]{6}\b|: ?#[0-9a-fA-F]{3}\b|["'](?=\d*[A-F])[0-9A-F]{6}["']""")
PAINTED = {".css", ".html", ".j2", ".js", ".py", ".typ", ".yml"}


def test_page_paper_desk_archive_and_workbook_have_their_colours_from_the_palette(repo):
    """A council's own colour, which the settings check, is the only other one; white stands behind a logo."""
    typed = {
        str(path.relative_to(repo / "mpr_lib")): found
        for path in sorted((repo / "mpr_lib").rglob("*"))
        if path.suffix in PAINTED and (found := TYPED.findall(path.read_text(encoding="utf-8")))
    }
    assert set(typed) == {
        "book/settings.py",
        "report/palette.py",
        "report/palette.yml",
        "report/templates/html/page.css",
    }
    assert typed["report/templates/html/page.css"] == [": #fff"]
