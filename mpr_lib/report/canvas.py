"""Canvas: one matplotlib figure as SVG with real text, in the report's face and colours, the same bytes each time."""

import io
import warnings
from collections.abc import Callable

from mpr_lib.report.drawing import tidy_svg
from mpr_lib.report.fonts import FAMILY, font_folders
from mpr_lib.report.palette import INK, QUIET, RULE

_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "mpr",
    "font.family": FAMILY,
    "font.size": 9.5,
    # A unit such as $m is words, not a formula.
    "text.parse_math": False,
    "axes.edgecolor": RULE,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def drawn(size: tuple[float, float], box: tuple[float, float, float, float], draw: Callable) -> str:
    """The SVG of a figure ``size`` inches wide and high, after ``draw(axes, seaborn)`` drew on axes in ``box``."""
    import matplotlib as mpl
    import seaborn as sns
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullLocator

    _register_fonts()
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # The letters stay letters in the SVG, so that the reader's own fonts have what ours lack.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=size, facecolor="none")
        FigureCanvasSVG(figure)
        axes = figure.add_axes(box, facecolor="none")
        # Ticks are the drawing's to set; those that matplotlib would make before cost a tenth of a chart.
        axes.xaxis.set_major_locator(NullLocator())
        axes.yaxis.set_major_locator(NullLocator())
        draw(axes, sns)
        svg = io.StringIO()
        figure.savefig(svg, format="svg", metadata=_NO_METADATA, transparent=True)
    return tidy_svg(svg.getvalue())


def spread(levels: list[float], apart: float) -> list[float]:
    """Places for labels near their levels, in the same order, none nearer to another than ``apart``.

    >>> spread([1.0, 1.1, 5.0], 0.5)
    [0.8, 1.3, 5.0]
    """
    order = sorted(range(len(levels)), key=levels.__getitem__)
    groups = []
    for index in order:
        groups.append([levels[index]])
        while (
            len(groups) > 1
            and _middle(groups[-1]) - _middle(groups[-2]) < apart * (len(groups[-1]) + len(groups[-2])) / 2
        ):
            groups[-2:] = [groups[-2] + groups[-1]]
    places = [
        round(_middle(group) + (at - (len(group) - 1) / 2) * apart, 9) for group in groups for at in range(len(group))
    ]
    return [place for _, place in sorted(zip(order, places, strict=True))]


def _middle(group):
    return sum(group) / len(group)


def _register_fonts():
    from matplotlib import font_manager

    if FAMILY not in font_manager.fontManager.get_font_names():
        for path in sorted(font_folders()[0].glob("*.ttf")):
            font_manager.fontManager.addfont(path)
