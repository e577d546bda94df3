"""Charts: one canvas, and on it what an indicator's months, quarters or years look like, with words that say it too."""

import io
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

from mpr_lib import words
from mpr_lib.report.fonts import FAMILY, font_folders
from mpr_lib.report.palette import BAND, INK, LAST_YEAR, PAPER, QUIET, RULE, TARGET, VALUE
from mpr_lib.report.rendering import tidy_svg
from mpr_lib.rules.months import FROM_APRIL, PERIODS, FinancialYears, is_due
from mpr_lib.rules.values import format_number
from mpr_lib.words import month_words, unit_label

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


SHOWN = {"MONTHLY": 24, "QUARTERLY": 12, "YEARLY": 8}
"""How many periods a chart shows at most."""


def is_monthly(indicator) -> bool:
    return PERIODS.get(indicator.frequency, 1) == 1


def due_months(months: pd.DataFrame, indicator, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """The months of an indicator's history in which a figure is due, and any other that has one or a word about it.

    ``months`` is its part of the history, ``indicator`` its scorecard row (frequency, due_month). Of a monthly one all.
    """
    if is_monthly(indicator):
        return months
    described = pd.DataFrame(
        {"frequency": indicator.frequency, "due_month": float(indicator.due_month)}, index=months.index
    )
    return months[is_due(described, months["month"], years) | (months["value_text"] != "")]


def periods_shown(months: pd.DataFrame, indicator, reporting_month: pd.Period, years: FinancialYears = FROM_APRIL):
    """The due months that a chart shows: from the first with a value, after a new definition, to the newest."""
    shown = due_months(months, indicator, years)
    shown = shown[shown["month"] <= reporting_month]
    if not pd.isna(indicator.definition_break):
        shown = shown[shown["month"] >= indicator.definition_break]
    known = shown.loc[shown["value"].notna(), "month"]
    if known.empty:
        return shown.iloc[:0]
    return shown[shown["month"] >= known.iloc[0]].tail(SHOWN.get(indicator.frequency, 24)).reset_index(drop=True)


def trend_words(months, row, all_years: bool = False) -> str:
    """What the trend chart of one scorecard row shows: the latest figure, target, last year, the course so far.

    The course is that of this financial year and the last, or of ``all_years``.

    >>> # 'CP 5.4: 1.19 days in May 2018, above the target of 1.10; worse than 1.11 a year before. …'
    """
    recent = all_years or months["financial_year"] >= months["financial_year"].max() - 1
    known = months[months["value"].notna() & recent]
    if row.definition_break == row.definition_break:
        known = known[known["month"] >= row.definition_break]
    parts = [_latest(row), _last_year(row)]
    return f"{row.indicator_code}: {'; '.join(part for part in parts if part)}. {_course(known, row)}".strip()


def _latest(row):
    month = words.month_words(row.latest_month)
    if row.value != row.value:
        return f"no figure for {month}"
    said = f"{words.with_unit(row.value_text, row.unit)} in {month}" + (" (revised)" if row.is_revised else "")
    said += " (provisional)" if row.is_provisional else ""
    return f"{said}, {_side(row)}" if row.target_text else f"{said}, without a target"


def _side(row):
    ranged = row.target_low != row.target_high
    name = f"target range of {row.target_text}" if ranged else f"target of {row.target_text}"
    if row.value < row.target_low:
        return f"below the {name}"
    if row.value > row.target_high:
        return f"above the {name}"
    return f"inside the {name}" if ranged else f"exactly the {name}"


def _last_year(row):
    if row.direction == "NOT_AVAILABLE":
        return ""
    then = words.figure_words(row.last_year_value, row.unit)
    return (
        f"the same as a year before ({then})"
        if row.direction == "SAME"
        else f"{row.direction.lower()} than a year before ({then})"
    )


def _course(known, row):
    if len(known) < 2:
        return ""
    first, last = known["month"].iloc[0], known["month"].iloc[-1]
    low, high = known.loc[known["value"].idxmin()], known.loc[known["value"].idxmax()]
    span = f"From {words.month_words(first)} to {words.month_words(last)}"
    met = int((known["rating"] == "GREEN").sum())
    course = (
        f"{span} it was lowest in {words.month_words(low['month'])} ({low['value_text']}) "
        f"and highest in {words.month_words(high['month'])} ({high['value_text']})"
    )
    rated = int(known["rating"].isin(["GREEN", "AMBER", "RED"]).sum())
    return f"{course}, and on target in {met} of {words.counted(rated, 'month')}." if rated else f"{course}."


WIDTH, HEIGHT = 7.2, 2.9
SIZE = (WIDTH * 72, HEIGHT * 72)
_AXES = (0.085, 0.17, 0.775, 0.71)


def trend_chart(months: pd.DataFrame, indicator, reporting_month: pd.Period, years: FinancialYears = FROM_APRIL):
    """Draw value, target (or range) and last year's values over two financial years; None without any value.

    ``months`` is the indicator's part of the history; ``indicator`` its scorecard row (unit, basis,
    definition_break). Missing months are gaps; a cumulative indicator and a new definition start a new line.
    """
    frame = chart_frame(months, indicator, reporting_month, years)
    if frame["value"].notna().sum() == 0:
        return None

    def draw(axes, sns):
        _draw_target(axes, frame)
        _draw_dashes(axes, frame, "last_year", color=LAST_YEAR, linewidth=1.2, linestyle=(0, (1, 1.6)))
        _draw_value(axes, sns, frame)
        _finish(axes, frame, indicator, reporting_month, years)

    return drawn((WIDTH, HEIGHT), _AXES, draw)


def chart_frame(
    months: pd.DataFrame, indicator, reporting_month: pd.Period, years: FinancialYears = FROM_APRIL
) -> pd.DataFrame:
    """What the chart draws: place (0 to 23), value, value_text, target_low, target_high, last_year, year, by month.

    Values before a new definition are left out: the two cannot share an axis.
    """
    this_year = years.of(reporting_month)
    window = years.months(this_year - 1).append(years.months(this_year))
    by_month = with_marks(months).set_index("month")
    frame = by_month.reindex(window)[["value", "value_text", "target_low", "target_high", "is_proxy"]]
    frame["last_year"] = by_month["value"].reindex(window - 12).to_numpy()
    frame["last_year"] = frame["last_year"].where(years.of(window.to_series()) == this_year)
    broken = indicator.definition_break
    if not pd.isna(broken):
        frame.loc[window < broken, ["value", "target_low", "target_high"]] = np.nan
        frame.loc[window < broken + 12, "last_year"] = np.nan
    frame["year"] = years.of(window.to_series()) if indicator.basis == "CUMULATIVE" else 0
    return frame.assign(place=range(len(window))).reset_index(names="month")


def with_marks(months: pd.DataFrame) -> pd.DataFrame:
    """Months whose value_text carries [r] where the figure was revised and [p] where it is provisional."""
    said = months["value_text"]
    for flag, mark in (("is_revised", " [r]"), ("is_provisional", " [p]")):
        if flag in months:
            said = said.mask(months[flag], said + mark)
    return months.assign(value_text=said)


def _draw_target(axes, frame):
    ranged = (frame["target_low"] != frame["target_high"]) & frame["target_low"].notna()
    for _, run in _with_runs(frame[ranged], "target_low").groupby("run"):
        axes.fill_between(run["place"], run["target_low"], run["target_high"], color=BAND, linewidth=0, zorder=0)
    style = {"color": TARGET, "linewidth": 1.4, "linestyle": (0, (4, 2.2))}
    _draw_dashes(axes, frame, "target_low", **style)
    _draw_dashes(axes, frame[ranged], "target_high", **style)


def _draw_value(axes, sns, frame):
    """The values as seaborn's line, a unit for each run of neighbouring months, so that a gap stays a gap."""
    shape = {"color": VALUE, "linewidth": 2.2, "marker": "o", "markersize": 4.5, "markeredgewidth": 0}
    runs = _with_runs(frame, "value")
    sns.lineplot(data=runs, x="place", y="value", units="run", estimator=None, legend=False, ax=axes, **shape)


def _draw_dashes(axes, frame, column, **style):
    """A broken line for each run of neighbouring months; a lone month is a short one."""
    for _, run in _with_runs(frame, column).groupby("run"):
        places, levels = run["place"].to_numpy(float), run[column].to_numpy()
        if len(run) == 1:
            places, levels = places[0] + np.array([-0.3, 0.3]), levels.repeat(2)
        axes.plot(places, levels, **style)


def _with_runs(frame, column):
    """The months that have a number, with the run of neighbours that each belongs to.

    A gap ends a run, and so does a new year of a cumulative indicator, and of any target.
    """
    known = frame[frame[column].notna()]
    starts = (known["place"].diff() != 1) | (known["year"].diff() != 0)
    if column.startswith("target"):
        starts |= known["place"] % 12 == 0
    return known.assign(run=starts.cumsum())


def _finish(axes, frame, indicator, reporting_month, years):
    axes.set(xlim=(-0.6, 23.6), xlabel="", ylabel="")
    level_axis(axes, frame[["value", "target_low", "target_high", "last_year"]], indicator.basis)
    axes.set_xticks(range(0, 24, 3), [_tick(month, years) for month in frame["month"][::3]])
    axes.tick_params(length=0, pad=4)
    axes.grid(axis="y", color=RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.axvline(11.5, color=RULE, linewidth=1)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    shown = [years.of(frame["month"].iloc[place]) for place in (0, 12)]
    for place, year in zip((0.25, 0.75), shown, strict=True):
        axes.text(place, 1.06, years.label(year), transform=axes.transAxes, ha="center", color=QUIET)
    axes.text(-0.085, 1.06, unit_label(indicator.unit), transform=axes.transAxes, color=QUIET)
    label_value(axes, frame)
    _label_ends(axes, frame)


def level_axis(axes, levels: pd.DataFrame, basis: str):
    """Let the axis reach what is drawn; from nought for counts to date, and where figures differ widely."""
    low, high = np.nanmin(levels.to_numpy(float)), np.nanmax(levels.to_numpy(float))
    counts = basis == "CUMULATIVE" or low < 0.35 * high
    span = (high - min(low, 0) if counts else high - low) or abs(high) or 1.0
    floor = min(low, 0) if counts else low - 0.18 * span
    axes.set_ylim(floor, high + 0.18 * span)
    axes.yaxis.set_major_locator(_locator())
    axes.yaxis.set_major_formatter(lambda level, _: format_number(round(level, 6)))


def _locator():
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10])


def label_value(axes, frame):
    """Mark the latest value and write it beside its point, on the side where no line runs."""
    newest = frame[frame["value"].notna()].iloc[-1]
    before = frame[(frame["place"] < newest["place"]) & frame["value"].notna()]["value"]
    rising = before.empty or newest["value"] >= before.iloc[-1]
    axes.plot(
        newest["place"], newest["value"], "o", markersize=9, markerfacecolor=PAPER, markeredgecolor=VALUE, zorder=4
    )
    axes.plot(newest["place"], newest["value"], "o", markersize=4.5, color=VALUE, zorder=5)
    axes.annotate(
        newest["value_text"], (newest["place"], newest["value"]), xytext=(0, 9 if rising else -16),
        textcoords="offset points", ha="center", color=VALUE, fontsize=11, fontweight=600, zorder=6,
    )  # fmt: skip


def _label_ends(axes, frame):
    """Name target and last year at the right edge instead of in a legend, kept apart from one another."""
    ranged = (frame["target_low"] != frame["target_high"]) & frame["target_low"].notna()
    labels = []
    for column, label, colour in (
        ("target_low", "Target range" if ranged.iloc[12:].any() else "Target", TARGET),
        ("last_year", "Last year", LAST_YEAR),
    ):
        known = frame[frame[column].notna()]
        if len(known):
            level = (
                known[["target_low", "target_high"]].iloc[-1].mean()
                if label == "Target range"
                else known[column].iloc[-1]
            )
            labels.append([level, label, colour, known["place"].iloc[-1]])
    low, high = axes.get_ylim()
    apart = 0.085 * (high - low)
    if len(labels) == 2 and abs(labels[0][0] - labels[1][0]) < apart:
        upper, lower = sorted(labels, key=lambda label: -label[0])
        middle = (upper[0] + lower[0]) / 2
        upper[0], lower[0] = middle + apart / 2, middle - apart / 2
    for level, label, colour, place in labels:
        axes.text(max(place, 12) + 0.8, level, label, color=colour, va="center", ha="left", fontsize=9.5, clip_on=False)


def _tick(month, years):
    return f"{month_words(month)[:3]}\n{month.year}" if month.month in (1, years.starts) else month_words(month)[:3]


LARGE, COMPACT = (7.2, 2.9), (4.6, 2.3)
DRAWN_COMPARATORS = 2
"""More lines than these and the indicator's own are a tangle; the table beside the chart has all."""

_BOXES = {LARGE: (0.085, 0.17, 0.68, 0.71), COMPACT: (0.12, 0.2, 0.61, 0.64)}
_OTHERS = ({"color": LAST_YEAR, "linestyle": (0, (1, 1.6)), "marker": "s"},
           {"color": QUIET, "linestyle": (0, (5, 1.5, 1, 1.5)), "marker": "^"})  # fmt: skip


def points(
    months: pd.DataFrame, indicator, comparisons: pd.DataFrame, reporting_month, years: FinancialYears = FROM_APRIL
):
    """What the chart draws, a row for each period: place, label, value, value_text, target_low, target_high, and a
    column for each comparator that is drawn, in the order of the comparisons. Empty without any value.
    """
    shown = with_marks(periods_shown(months, indicator, reporting_month, years))
    frame = shown[["month", "value", "value_text", "target_low", "target_high"]]
    frame = frame.assign(place=range(len(frame)), label=[_label(month, indicator, years) for month in frame["month"]])
    names = list(dict.fromkeys(comparisons["comparator"]))[:DRAWN_COMPARATORS]
    for name in names:
        theirs = comparisons[comparisons["comparator"] == name].drop_duplicates("month", keep="last")
        frame[f"of {name}"] = theirs.set_index("month")["number"].reindex(frame["month"]).to_numpy()
    return frame


def period_chart(frame: pd.DataFrame, indicator, size: tuple[float, float] = LARGE) -> str:
    """Draw what ``points`` gives; ``size`` is ``LARGE`` or ``COMPACT``."""

    def draw(axes, sns):
        _draw_period_target(axes, frame)
        for style, name in zip(_OTHERS, _comparators(frame), strict=False):
            axes.plot(frame["place"], frame[name], linewidth=1.3, markersize=4, markeredgewidth=0, **style)
        shape = {"color": VALUE, "linewidth": 2.2, "marker": "o", "markersize": 5, "markeredgewidth": 0}
        runs = frame.assign(run=frame["value"].isna().cumsum())[frame["value"].notna()]
        sns.lineplot(data=runs, x="place", y="value", units="run", estimator=None, legend=False, ax=axes, **shape)
        _finish_periods(axes, frame, indicator, size)

    return drawn(size, _BOXES[size], draw)


def _comparators(frame):
    return [column for column in frame if column.startswith("of ") and frame[column].notna().any()]


def _draw_period_target(axes, frame):
    known = frame[frame["target_low"].notna()]
    for row in known.itertuples():
        across = [row.place - 0.5, row.place + 0.5]
        if row.target_low != row.target_high:
            axes.fill_between(across, row.target_low, row.target_high, color=BAND, linewidth=0, zorder=0)
        for level in {row.target_low, row.target_high}:
            axes.plot(across, [level, level], color=TARGET, linewidth=1.4, linestyle=(0, (4, 2.2)))


def _finish_periods(axes, frame, indicator, size):
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
    _label_period_ends(axes, frame, size)


def _label_period_ends(axes, frame, size):
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
    for place, (_, label, colour) in zip(places, labels, strict=True):
        axes.text(edge, place, f" {label}", color=colour, va="center", ha="left", fontsize=9.5, clip_on=False)


def _short(name):
    return name if len(name) <= 20 else f"{name[:19].rstrip()}…"


def _label(month, indicator, years):
    if indicator.frequency == "QUARTERLY":
        return f"Q{years.quarter(month)}\n{years.label(years.of(month))}"
    return f"{month_words(month)[:3]}\n{month.year}"
