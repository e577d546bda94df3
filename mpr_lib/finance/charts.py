"""Finance charts: horizontal bars, a line of the table to each, by matplotlib, as SVG with real text."""

import pandas as pd

from mpr_lib.finance.amounts import MINUS, UNITS
from mpr_lib.finance.parts import STATUSES
from mpr_lib.report.canvas import HEAD, TEXT, WIDTH, drawn
from mpr_lib.report.fonts import fitted, text_width
from mpr_lib.report.palette import BAND, INK, OTHER, QUIET, RULE, TARGET, VALUE

ROW, EDGE, LEGEND = 39, 24, 18
"""In points: a line with its name above its bar; the axis's numbers; the legend."""
LARGEST = 12
"""How many lines a chart shows: those that matter most; the table beside it has all."""


def finance_chart(part, lines: pd.DataFrame, style):
    """Draw a part's lines; None without a single amount to draw.

    Revenue: how far each service is from its budget. Others: a wide bar of what was planned (or the limit) behind a
    narrow one of what is forecast.
    """
    frame = _frame(part, lines, style)
    if frame.empty:
        return None
    paired = part.name != "revenue"
    below, above = EDGE + ROW * len(frame), HEAD + LEGEND * paired
    box = (8, EDGE, WIDTH - 20, ROW * len(frame))
    return drawn((WIDTH, below + above), box, lambda axes, _: _draw(axes, frame, part, paired, style))


def _frame(part, lines, style):
    """Numbers for drawing, in the shown unit: name, planned, amount (forecast or variance), label, place."""
    now, then = ("variance", "") if part.name == "revenue" else (part.now, part.against)
    known = lines[lines[now].notna()]
    numbers = known.reindex(columns=[now, then]).astype(float) / 10.0 ** UNITS[style.unit][0]
    frame = pd.DataFrame(
        {
            "name": [fitted(name, TEXT, WIDTH - 20) or "Not named" for name in known["line"]],
            "amount": numbers[now].to_numpy(),
            "planned": numbers[then].to_numpy(),
            "label": [_label(part, line, getattr(line, now), style) for line in known.itertuples()],
        }
    )
    kept = frame[["amount", "planned"]].abs().max(axis=1).nlargest(LARGEST).index.sort_values()
    return frame.loc[kept].reset_index(drop=True)


def _label(part, line, amount, style):
    if part.name != "revenue":
        return style.text(amount)
    word = STATUSES[line.status][0].lower()
    return f"{style.text(amount, sign=True)} {word.removeprefix('slight ')}" if style.shows(amount) else word


def _draw(axes, frame, part, paired, style):
    """Bars of variances, overspends to the right and underspends to the left, or narrow bars on wide ones of plans."""
    ends = frame[["amount", "planned"]].max(axis=1).clip(lower=0) if paired else frame["amount"]
    planned = frame["planned"].dropna()
    places = frame.index + 0.2
    if len(planned):
        edge = {"edgecolor": TARGET, "linewidth": 0.8}
        axes.barh(places[planned.index], planned, 0.46, color=BAND, label=part.headings[part.against], **edge)
    colours = frame["amount"].gt(0).map({True: VALUE if paired else OTHER, False: VALUE})
    axes.barh(places, frame["amount"], 0.22 if paired else 0.4, color=colours, label=part.headings[part.now])
    axes.bar_label(axes.barh(places, ends, color="none"), frame["label"], padding=5, color=INK)
    _reach(axes, frame, ends)
    if axes.get_xlim()[0] or not paired:
        axes.axvline(0, color=INK, linewidth=1)
    if paired:
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False, borderpad=0, handlelength=1.4,
            handleheight=0.9, columnspacing=1.6,
        )  # fmt: skip
    _finish(axes, frame, style)


def _reach(axes, frame, ends):
    """Labels stand beyond the bars' ends: room for them on the sides that have some."""
    left, right = min(frame["amount"].min(), 0), max(ends.max(), 0)
    share = (max(text_width(label, TEXT) for label in frame["label"]) + 12) / (WIDTH - 20)
    sides = int((ends < 0).any()), int((ends >= 0).any())
    room = (right - left or 1) * share / max(1 - share * sum(sides), 0.2)
    axes.set_xlim(left - room * sides[0], right + room * sides[1])


def _finish(axes, frame, style):
    # Loaded when needed: matplotlib takes half a second, and most reports have no finance charts.
    from matplotlib.ticker import MaxNLocator

    axes.set(ylim=(len(frame) - 0.5, -0.5), xlabel="", ylabel="", yticks=[])
    for place, name in enumerate(frame["name"]):
        axes.annotate(name, (0, place - 0.25), xycoords=("axes fraction", "data"), va="center", color=INK)
    axes.tick_params(axis="x", length=0, pad=3, labelcolor=QUIET)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda level, _: f"{level:,.10g}".replace("-", MINUS))
    axes.grid(axis="x", color=RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    unit = axes.figure.get_figheight() * 72 - 14
    axes.annotate(style.label, (8, unit), xycoords="figure points", annotation_clip=False, color=QUIET)
    axes.spines[:].set_visible(False)
