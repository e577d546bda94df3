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
