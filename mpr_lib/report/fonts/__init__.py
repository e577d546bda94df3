"""The report's typeface: where its files are and which characters can be set."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

FAMILY = "Source Sans Pro"
FALLBACK = "DejaVu Sans"


def font_folders() -> list[Path]:
    """Folders with the package's own faces and matplotlib's DejaVu Sans, found without importing matplotlib."""
    matplotlib = Path(str(getattr(find_spec("matplotlib"), "origin", ""))).parent
    return [Path(__file__).parent, matplotlib / "mpl-data" / "fonts" / "ttf"]


def text_width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of text is in the report's face, in the unit of its ``size``; a letter of another face is an em.

    >>> text_width("2018/19", 10)
    33.32
    """
    widths = _widths(bold)
    return round(sum(widths.get(ord(letter), 1000) for letter in text) * size / 1000, 2)


def fitted(text: str, size: float, width: float, bold: bool = False) -> str:
    """The text, or as much of it as is no wider than ``width``, with an ellipsis."""
    if text_width(text, size, bold) <= width:
        return text
    while text and text_width(f"{text}…", size, bold) > width:
        text = text[:-1].rstrip()
    return f"{text}…"


@cache
def _widths(bold):
    # Loaded when needed: fontTools takes 100 ms.
    from fontTools.ttLib import TTFont

    with TTFont(font_folders()[0] / f"SourceSansPro-{'Semibold' if bold else 'Regular'}.ttf", lazy=True) as font:
        advances = font["hmtx"].metrics
        return {code: advances[name][0] for code, name in font.getBestCmap().items()}


@cache
def drawable_characters() -> frozenset[int]:
    """Code points that the upright text face or its fallback has a glyph for."""
    # Loaded when needed: most reports hold no unusual character, and fontTools takes 100 ms.
    from fontTools.ttLib import TTFont

    own, matplotlib = font_folders()
    points: set[int] = set()
    for path in (own / "SourceSansPro-Regular.ttf", matplotlib / "DejaVuSans.ttf"):
        with TTFont(path, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)
