"""Charts: what an indicator's months, quarters or years look like."""

import pandas as pd

from mpr_lib import words
from mpr_lib.report import canvas
from mpr_lib.report.course import is_monthly
from mpr_lib.report.palette import LAST_YEAR, QUIET, RULE
from mpr_lib.rules.history import as_defined_now
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, is_due

SHOWN = {"MONTHLY": 24, "QUARTERLY": 12, "YEARLY": 8, "TWO_YEARLY": 8}
"""How many periods a chart shows at most."""


def due_months(months: pd.DataFrame, indicator, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """The months of an indicator's history in which a figure is due, and any other that has one or a word about it.

    ``months`` is its part of the history, ``indicator`` its scorecard row (frequency, due_month). Of a monthly one all.
    """
    if is_monthly(indicator):
        return months
    described = months.assign(frequency=indicator.frequency, due_month=float(indicator.due_month))
    return months[is_due(described, months["month"], years) | (months["value_text"] != "")]


def periods_shown(months: pd.DataFrame, indicator, reporting_month: pd.Period, years: FinancialYears = FROM_APRIL):
    """The due months that a chart shows: from the first with a value, after a new definition, to the newest."""
    shown = due_months(months, indicator, years)
    shown = as_defined_now(shown[shown["month"] <= reporting_month], indicator)
    began = shown.loc[shown["value"].notna(), "month"].min()
    return shown[shown["month"] >= began].tail(SHOWN.get(indicator.frequency, 24)).reset_index(drop=True)


LARGE, COMPACT = (7.2, 2.9), (4.6, 2.3)
_BOXES = {LARGE: (0.085, 0.17, 0.68, 0.71), COMPACT: (0.12, 0.2, 0.61, 0.64)}
_TICKS = {LARGE: 8, COMPACT: 4}
_LAST_YEAR = {"color": LAST_YEAR, "linewidth": 1.2, "linestyle": (0, (1, 1.6))}
_SHAPE = {"linewidth": 1.3, "markersize": 4, "markeredgewidth": 0}
_OTHERS = ({**_SHAPE, "color": LAST_YEAR, "linestyle": (0, (1, 1.6)), "marker": "s"},
           {**_SHAPE, "color": QUIET, "linestyle": (0, (5, 1.5, 1, 1.5)), "marker": "^"})  # fmt: skip
"""The lines of comparators; more than these and the indicator's own are a tangle; the table beside has all."""
_DRAWN = ["value", "value_text", "target_low", "target_high", *words.MARKS]


def trend_chart(months: pd.DataFrame, indicator, reporting_month: pd.Period, years: FinancialYears = FROM_APRIL):
    """Draw value, target (or range) and last year's values over two financial years; None without any value.

    ``months`` is the indicator's part of the history; ``indicator`` its scorecard row (unit, basis,
    definition_break). Missing months are gaps; a cumulative indicator and a new definition start a new line.
    """
    frame = chart_frame(months, indicator, reporting_month, years)

    def name_years(axes):
        axes.axvline(11.5, color=RULE, linewidth=1)
        for place, month in zip((0.25, 0.75), frame["month"][::12], strict=True):
            year = years.label(years.of(month))
            axes.text(place, 1.06, year, transform=axes.transAxes, ha="center", color=QUIET)

    box, lines = (0.085, 0.17, 0.775, 0.71), {"last_year": ("Last year", _LAST_YEAR)}
    ticks = frame["place"][::3], [_month_tick(month, years.starts) for month in frame["month"][::3]]
    return _chart(frame, indicator, LARGE, box, lines, (-0.6, 23.6), ticks, name_years)


def chart_frame(
    months: pd.DataFrame, indicator, reporting_month: pd.Period, years: FinancialYears = FROM_APRIL
) -> pd.DataFrame:
    """What the chart draws, as the canvas takes it: place is 0 to 23, last_year stands beside the target, by month.

    Values before a new definition are left out: the two cannot share an axis.
    """
    this_year = years.of(reporting_month)
    window = years.months(this_year - 1).append(years.months(this_year))
    by_month = as_defined_now(months, indicator).set_index("month")
    year = years.of(window.to_series())
    last_year = by_month["value"].reindex(window - 12).set_axis(window).where(year == this_year)
    frame = by_month.reindex(window)[_DRAWN].assign(last_year=last_year, place=range(len(window)), step=year)
    return frame.assign(year=year if indicator.basis == "CUMULATIVE" else 0).reset_index(names="month")


def period_chart(
    months: pd.DataFrame, indicator, reporting_month, years: FinancialYears, comparisons: pd.DataFrame, size=LARGE
):
    """Draw value, target and comparators' values over the periods in which a figure is due; None without any value.

    Comparators are drawn in the order of the comparisons. ``size`` is ``LARGE`` or ``COMPACT``.
    """
    frame = periods_shown(months, indicator, reporting_month, years)[["month", *_DRAWN]]
    frame = frame.assign(place=range(len(frame)), year=0, step=range(len(frame)))
    lines = {}
    for name, style in zip(dict.fromkeys(comparisons["comparator"]), _OTHERS, strict=False):
        theirs = comparisons[comparisons["comparator"] == name].drop_duplicates("month", keep="last")
        frame[f"of {name}"] = theirs.set_index("month")["number"].reindex(frame["month"]).to_numpy()
        lines[f"of {name}"] = _short(name), style
    last = max(len(frame) - 1, 1)
    ticks = frame.iloc[:: -max(1, -(-len(frame) // _TICKS[size]))].iloc[::-1]
    ticks = ticks["place"], [_period_tick(month, indicator, years) for month in ticks["month"]]
    return _chart(frame, indicator, size, _BOXES[size], lines, (-0.5 - 0.02 * last, last + 0.5), ticks)


def _chart(frame, indicator, size, box, lines, xlim, ticks, more=lambda axes: None):
    """Draw target, values and ``lines`` (name and style by column), and name the lines where they end.

    ``more`` draws onto the axes what only one kind of chart has.
    """
    if frame["value"].isna().all():
        return None
    lines = {column: line for column, line in lines.items() if frame[column].notna().any()}

    def draw(axes, sns):
        canvas.draw_target(axes, frame)
        for column, (_, style) in lines.items():
            canvas.draw_line(axes, frame, column, **style)
        canvas.draw_value(axes, sns, frame)
        more(axes)
        canvas.finish(axes, indicator, xlim, ticks)
        canvas.label_value(axes, frame)
        ends = canvas.ends(frame, {column: (name, style["color"]) for column, (name, style) in lines.items()})
        canvas.label_ends(axes, [(place + canvas.LONE + 0.01 * len(frame), *end) for place, *end in ends])

    return canvas.drawn(size, box, draw)


def _short(name):
    return name if len(name) <= 20 else f"{name[:19].rstrip()}…"


def _period_tick(month, indicator, years):
    if indicator.frequency == "QUARTERLY":
        return f"Q{years.quarter(month)}\n{years.label(years.of(month))}"
    return _month_tick(month, month.month)


def _month_tick(month, starts):
    """A month at the axis; January and the first month of a financial year bring their year."""
    name = words.month_words(month)[:3]
    return f"{name}\n{month.year}" if month.month in (1, starts) else name
