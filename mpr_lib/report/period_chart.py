"""Period chart: figures by the month, quarter or year in which they are due, beside those of England or peers."""

import pandas as pd

from mpr_lib.report.canvas import drawn, spread
from mpr_lib.report.charts import label_value, level_axis, with_marks
from mpr_lib.report.palette import BAND, LAST_YEAR, QUIET, RULE, TARGET, VALUE
from mpr_lib.report.periods import periods_shown, quarter_number
from mpr_lib.report.words import month_words, unit_label
from mpr_lib.rules.months import FIRST_MONTH, financial_year, year_label

LARGE, COMPACT = (7.2, 2.9), (4.6, 2.3)
DRAWN_COMPARATORS = 2
"""More lines than these and the indicator's own are a tangle; the table beside the chart has all."""

_BOXES = {LARGE: (0.085, 0.17, 0.68, 0.71), COMPACT: (0.12, 0.2, 0.61, 0.64)}
_OTHERS = ({"color": LAST_YEAR, "linestyle": (0, (1, 1.6)), "marker": "s"},
           {"color": QUIET, "linestyle": (0, (5, 1.5, 1, 1.5)), "marker": "^"})  # fmt: skip


def points(months: pd.DataFrame, indicator, comparisons: pd.DataFrame, reporting_month, first: int = FIRST_MONTH):
    """What the chart draws, a row for each period: place, label, value, value_text, target_low, target_high, and a
    column for each comparator that is drawn, in the order of the comparisons. Empty without any value.
    """
    shown = with_marks(periods_shown(months, indicator, reporting_month, first))
    frame = shown[["month", "value", "value_text", "target_low", "target_high"]]
    frame = frame.assign(place=range(len(frame)), label=[_label(month, indicator, first) for month in frame["month"]])
    names = list(dict.fromkeys(comparisons["comparator"]))[:DRAWN_COMPARATORS]
    for name in names:
        theirs = comparisons[comparisons["comparator"] == name].drop_duplicates("month", keep="last")
        frame[f"of {name}"] = theirs.set_index("month")["number"].reindex(frame["month"]).to_numpy()
    return frame


def period_chart(frame: pd.DataFrame, indicator, size: tuple[float, float] = LARGE) -> str:
    """Draw what ``points`` gives; ``size`` is ``LARGE`` or ``COMPACT``."""

    def draw(axes, sns):
        _draw_target(axes, frame)
        for style, name in zip(_OTHERS, _comparators(frame), strict=False):
            axes.plot(frame["place"], frame[name], linewidth=1.3, markersize=4, markeredgewidth=0, **style)
        shape = {"color": VALUE, "linewidth": 2.2, "marker": "o", "markersize": 5, "markeredgewidth": 0}
        runs = frame.assign(run=frame["value"].isna().cumsum())[frame["value"].notna()]
        sns.lineplot(data=runs, x="place", y="value", units="run", estimator=None, legend=False, ax=axes, **shape)
        _finish(axes, frame, indicator, size)

    return drawn(size, _BOXES[size], draw)


def _comparators(frame):
    return [column for column in frame if column.startswith("of ") and frame[column].notna().any()]


def _draw_target(axes, frame):
    known = frame[frame["target_low"].notna()]
    for row in known.itertuples():
        across = [row.place - 0.5, row.place + 0.5]
        if row.target_low != row.target_high:
            axes.fill_between(across, row.target_low, row.target_high, color=BAND, linewidth=0, zorder=0)
        for level in {row.target_low, row.target_high}:
            axes.plot(across, [level, level], color=TARGET, linewidth=1.4, linestyle=(0, (4, 2.2)))


def _finish(axes, frame, indicator, size):
    last = max(len(frame) - 1, 1)
    axes.set(xlim=(-0.5 - 0.02 * last, last + 0.5), xlabel="", ylabel="")
    level_axis(axes, frame[["value", "target_low", "target_high", *_comparators(frame)]], indicator.basis)
    step = max(1, -(-len(frame) // (8 if size == LARGE else 4)))
    ticks = frame.iloc[::-1].iloc[::step].iloc[::-1]
    axes.set_xticks(ticks["place"].tolist(), ticks["label"].tolist())
    axes.tick_params(length=0, pad=4)
    axes.grid(axis="y", color=RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    left = -_BOXES[size][0] / _BOXES[size][2]
    axes.text(left, 1.09, unit_label(indicator.unit), transform=axes.transAxes, color=QUIET)
    label_value(axes, frame)
    _label_ends(axes, frame, size)


def _label_ends(axes, frame, size):
    """Name target and comparators at the right edge, kept apart from one another."""
    labels = []
    targets = frame[frame["target_low"].notna()]
    if len(targets):
        newest = targets.iloc[-1]
        low, high = newest["target_low"], newest["target_high"]
        labels.append(((low + high) / 2, "Target" if low == high else "Target range", TARGET))
    for style, name in zip(_OTHERS, _comparators(frame), strict=False):
        level = frame.loc[frame[name].notna(), name].iloc[-1]
        labels.append((level, _short(name.removeprefix("of ")), style["color"]))
    low, high = axes.get_ylim()
    places = spread([float(level) for level, _, _ in labels], (0.095 if size == LARGE else 0.125) * (high - low))
    edge = axes.get_xlim()[1]
    for place, (_, words, colour) in zip(places, labels, strict=True):
        axes.text(edge, place, f" {words}", color=colour, va="center", ha="left", fontsize=9.5, clip_on=False)


def _short(name):
    return name if len(name) <= 20 else f"{name[:19].rstrip()}…"


def _label(month, indicator, first):
    if indicator.frequency == "QUARTERLY":
        return f"Q{quarter_number(month, first)}\n{year_label(financial_year(month, first), first)}"
    return f"{month_words(month)[:3]}\n{month.year}"
