"""Years chart: every year of one indicator as a line over the months, so that seasons and years can be compared."""

import io

import pandas as pd

from mpr_lib import words
from mpr_lib.report.charts import SIZE as TREND_SIZE
from mpr_lib.report.fonts import FALLBACK, FAMILY
from mpr_lib.report.palette import LAST_YEAR, QUIET, RULE, TARGET, VALUE
from mpr_lib.report.rendering import tidy_svg
from mpr_lib.rules.months import FROM_APRIL, FinancialYears
from mpr_lib.rules.values import format_number

SIZE = TREND_SIZE
_STYLE = {"svg.fonttype": "none", "svg.hashsalt": "mpr", "font.family": [FAMILY, FALLBACK], "font.size": 9.5}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def years_frame(months: pd.DataFrame, row, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """What the chart draws: year, place (1 to 12), value, in order. Figures before a new definition are left out."""
    known = months[months["value"].notna()]
    if row.definition_break == row.definition_break:
        known = known[known["month"] >= row.definition_break]
    frame = known.assign(year=known["financial_year"], place=years.month_number(known["month"]))
    return frame.sort_values(["year", "place"])[["year", "place", "month", "value", "value_text"]]


def years_chart(months: pd.DataFrame, row, years: FinancialYears = FROM_APRIL) -> str | None:
    """The drawing as SVG; None without a figure. The newest year is heavy, the one before coloured, older ones thin."""
    frame = years_frame(months, row, years)
    if frame.empty:
        return None
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(SIZE[0] / 72, SIZE[1] / 72), facecolor="none")
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.085, 0.12, 0.8, 0.76), facecolor="none")
        for back, (year, own) in enumerate(sorted(frame.groupby("year"), reverse=True)):
            _draw(axes, own, years.label(int(year)), back)
        _finish(axes, row, years)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", metadata=_NO_METADATA, transparent=True)
    return tidy_svg(drawn.getvalue())


def years_words(months: pd.DataFrame, row, years: FinancialYears = FROM_APRIL) -> str:
    """The chart in words: each year's last figure."""
    frame = years_frame(months, row, years)
    parts = [
        f"{years.label(int(year))}: {own['value_text'].iloc[-1]} in {words.month_words(own['month'].iloc[-1])}"
        for year, own in sorted(frame.groupby("year"), reverse=True)
    ]
    return f"{row.indicator_code} by month, a line for each year. The last figure of each: {'; '.join(parts)}."


def _draw(axes, own, label, back):
    colour, width = [(VALUE, 2.4), (LAST_YEAR, 1.4)][back] if back < 2 else (TARGET, 0.9)
    gaps = own.set_index("place")["value"].reindex(range(own["place"].min(), own["place"].max() + 1))
    marker = {"marker": "o", "markersize": 4.5} if back == 0 else {}
    axes.plot(gaps.index, gaps.to_numpy(), color=colour, linewidth=width, **marker)
    last = own.iloc[-1]
    beside = {"xytext": (7, 0), "textcoords": "offset points", "va": "center", "annotation_clip": False}
    axes.annotate(label, (last["place"], last["value"]), color=colour, **beside)


def _finish(axes, row, years):
    names = [words.month_words(month)[:3] for month in years.months(2000)]
    axes.set_xticks(range(1, 13), names)
    axes.set_xlim(0.7, 12.3)
    if row.basis == "CUMULATIVE" and row.unit != "%":
        axes.set_ylim(bottom=0)
    axes.margins(y=0.15)
    axes.tick_params(length=0, pad=4, colors=QUIET)
    axes.yaxis.set_major_formatter(lambda level, _: format_number(round(level, 6)))
    axes.grid(axis="y", color=RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    axes.text(-0.085, 1.06, words.unit_label(row.unit), transform=axes.transAxes, color=QUIET)
