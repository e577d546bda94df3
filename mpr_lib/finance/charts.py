"""Finance charts: horizontal bars, a line of the table to each, by seaborn, as SVG with real text."""

import textwrap

import pandas as pd

from mpr_lib.finance.parts import STATUSES
from mpr_lib.report.canvas import drawn
from mpr_lib.report.palette import BAND, INK, LAST_YEAR, QUIET, RULE, TARGET, VALUE

WIDTH, ROW, EDGES = 7.2, 0.36, 0.62
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
    height = EDGES + ROW * len(frame) + (0 if part.name == "revenue" else 0.25)
    box = (0.27, 0.27 / height, 0.58, 1 - (0.27 + (0.15 if part.name == "revenue" else 0.4)) / height)

    def draw(axes, sns):
        (_variances if part.name == "revenue" else _pairs)(axes, sns, frame, part)
        _finish(axes, frame, style)

    return drawn((WIDTH, height), box, draw)


def _frame(part, lines, style):
    """Numbers for drawing, in the shown unit: name, planned, forecast (or variance), label."""
    scale = 10.0 ** {"pounds": 0, "thousands": 3, "millions": 6}[style.unit]
    now, then = "variance" if part.name == "revenue" else part.now, part.against
    known = lines[lines[now].notna()]
    amounts = known[now].map(float) / scale
    planned = [amount if amount is None else float(amount) / scale for amount in known.get(then, [None] * len(known))]
    frame = pd.DataFrame(
        {
            "name": ["\n".join(textwrap.wrap(name, 27)[:2]) or "Not named" for name in known["line"]],
            "amount": amounts.astype(float),
            "planned": pd.Series(planned, known.index, dtype=float),
            "label": [_label(part, line, getattr(line, now), style) for line in known.itertuples()],
        }
    )
    weight = frame[["amount", "planned"]].abs().max(axis=1) if part.name != "revenue" else frame["amount"].abs()
    kept = weight.sort_values(ascending=False, kind="stable").index[:LARGEST]
    return frame.loc[frame.index.isin(kept)].reset_index(drop=True).assign(place=range(min(len(kept), len(frame))))


def _label(part, line, amount, style):
    if part.name != "revenue":
        return style.text(amount)
    word = STATUSES[line.status][0].lower()
    return f"{style.text(amount, sign=True)} {word.removeprefix('slight ')}" if style.shows(amount) else word


def _variances(axes, sns, frame, part):
    """Bars to the right are overspends, to the left underspends; each says so in words."""
    for mask, colour in ((frame["amount"] > 0, LAST_YEAR), (frame["amount"] <= 0, VALUE)):
        if mask.any():
            _bars(axes, sns, frame[mask], "amount", colour, 0.56)
    axes.axvline(0, color=INK, linewidth=1)
    reach = frame["amount"].abs().max() or 1
    left, right = min(frame["amount"].min(), 0), max(frame["amount"].max(), 0)
    # Words stand beyond the bars' ends: room for them on the sides that have some.
    axes.set_xlim(left - (0.75 * reach if left < 0 else 0.08 * reach), right + 0.75 * reach)
    for row in frame.itertuples():
        _end_label(axes, row, row.amount, "right" if row.amount < 0 else "left")


def _pairs(axes, sns, frame, part):
    if frame["planned"].notna().any():
        _bars(axes, sns, frame, "planned", BAND, 0.74, edgecolor=TARGET, linewidth=0.8)
    _bars(axes, sns, frame, "amount", VALUE, 0.34)
    ends = frame[["amount", "planned"]].max(axis=1).clip(lower=0)
    reach = ends.max() or frame["amount"].abs().max() or 1
    axes.set_xlim(min(frame["amount"].min(), 0) * 1.1, reach * 1.18)
    if frame["amount"].min() < 0:
        axes.axvline(0, color=INK, linewidth=1)
    for row, end in zip(frame.itertuples(), ends, strict=True):
        _end_label(axes, row, end, "left")
    _legend(axes, part, frame)


def _bars(axes, sns, frame, column, colour, width, **style):
    """Bars of one width, whichever places have one: seaborn takes it as a share of the least distance between them."""
    apart = frame["place"].sort_values().diff().min()
    share = width if pd.isna(apart) else width / apart
    sns.barplot(
        data=frame, x=column, y="place", orient="h", color=colour, saturation=1, width=share, errorbar=None,
        native_scale=True, ax=axes, **{"linewidth": 0, **style},
    )  # fmt: skip


def _end_label(axes, row, at, side):
    axes.annotate(
        row.label, (at, row.place), xytext=(5 if side == "left" else -5, 0), textcoords="offset points", ha=side,
        va="center", color=INK, fontsize=9.5,
    )  # fmt: skip


def _legend(axes, part, frame):
    """What the two bars are, above them: a swatch and its words."""
    # Loaded when needed: matplotlib takes half a second, and most reports have no finance charts.
    from matplotlib.patches import Patch

    swatches = [Patch(facecolor=VALUE, label=part.headings[part.now])]
    if frame["planned"].notna().any():
        swatches.insert(0, Patch(facecolor=BAND, edgecolor=TARGET, linewidth=0.8, label=part.headings[part.against]))
    axes.legend(
        handles=swatches, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False, borderpad=0,
        handlelength=1.4, handleheight=0.9, fontsize=9.5, columnspacing=1.6,
    )  # fmt: skip


def _finish(axes, frame, style):
    from matplotlib.ticker import MaxNLocator

    axes.set(ylim=(len(frame) - 0.5, -0.5), xlabel="", ylabel="")
    axes.set_yticks(frame["place"].tolist(), frame["name"].tolist())
    axes.tick_params(axis="y", length=0, pad=6, labelcolor=INK)
    axes.tick_params(axis="x", length=0, pad=3, labelcolor=QUIET)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda level, _: f"{level:,.10g}".replace("-", "\N{MINUS SIGN}"))
    axes.grid(axis="x", color=RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    below = -0.05 / (ROW * len(frame))
    axes.text(-0.04, below, style.label, transform=axes.transAxes, ha="right", va="top", color=QUIET)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
