"""Charts: what an indicator's months, quarters or years look like."""

import textwrap

import pandas as pd

from mpr_lib import words
from mpr_lib.report import canvas
from mpr_lib.report.course import is_monthly
from mpr_lib.report.palette import LAST_YEAR, OTHER, QUIET
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


LEAST = 3
"""Of fewer figures there is nothing to see that a sentence does not say."""

LAST = {"color": LAST_YEAR, "linewidth": 1.3}
_SHAPE = {"linewidth": 1.3, "markersize": 4, "markeredgewidth": 0}
_OTHERS = ({**_SHAPE, "color": OTHER, "linestyle": (0, (1, 1.6)), "marker": "s"},
           {**_SHAPE, "color": QUIET, "linestyle": (0, (5, 1.5, 1, 1.5)), "marker": "^"})  # fmt: skip
"""The lines of comparators; more than these and the indicator's own are a tangle; the table beside has all."""
_DRAWN = ["value", "value_text", "target_low", "target_high", *words.MARKS]


def trend_chart(
    months: pd.DataFrame, indicator, reporting_month: pd.Period, years: FinancialYears = FROM_APRIL
) -> str | None:
    """Draw the twelve months of the financial year with the last year's behind them; None with fewer than three values.

    ``months`` is the indicator's part of the history; ``indicator`` its scorecard row (unit, basis,
    definition_break). Missing months are gaps. Figures to date whose target moves have the distance from it below.
    """
    frame = chart_frame(months, indicator, reporting_month, years)
    if frame[["value", "last_year"]].notna().sum(axis=None) < LEAST:
        return None
    year = years.of(reporting_month)
    ticks = frame["place"], [words.month_words(month)[:3] for month in frame["month"]]
    lines = [canvas.Line("last_year", years.label(year - 1), LAST)]
    newest = f"{years.label(year)}: {_newest(frame)}"
    return canvas.chart(frame, indicator, lines, (-0.5, 11.5), ticks, newest, _apart_words(frame, indicator))


def chart_frame(
    months: pd.DataFrame, indicator, reporting_month: pd.Period, years: FinancialYears = FROM_APRIL
) -> pd.DataFrame:
    """What the chart draws, as the canvas takes it: place is 0 to 11; last_year, apart and apart_before, by month.

    Apart is how far a value is from its target, apart_before how far last year's was. Values before a new definition
    are left out: the two cannot share an axis.
    """
    window = years.months(years.of(reporting_month))
    by_month = as_defined_now(months, indicator).set_index("month")
    frame, before = (by_month.reindex(each)[_DRAWN] for each in (window, window - 12))
    apart, apart_before = (_apart(each) for each in (frame, before))
    return frame.assign(
        last_year=before["value"].to_numpy(), apart=apart, apart_before=apart_before.to_numpy(),
        place=range(len(window)), step=0, year=0,
    ).reset_index(names="month")  # fmt: skip


def _apart(frame):
    """How far values are from target: above it, below it, or 0 within a range."""
    nearest = frame["value"].clip(frame["target_low"], frame["target_high"])
    return (frame["value"] - nearest).round(9).where(frame["target_low"].notna())


def _apart_words(frame, indicator):
    """What is said of the distance from a target that moves as figures add up; nothing where it says no more."""
    known = frame[frame["apart"].notna()]
    if indicator.basis != "CUMULATIVE" or known.empty or frame["target_low"].nunique() < 2:
        return ""
    apart = known["apart"].iloc[-1]
    said = f"{words.gap_words(abs(apart), indicator.unit)} {'above' if apart > 0 else 'below'}" if apart else "none"
    return f"Distance from target: {said}"


def _newest(frame):
    newest = frame[frame["value"].notna()].tail(1)
    return next((words.marked_text(row.value_text, row) for row in newest.itertuples()), "")


def period_chart(
    months: pd.DataFrame, indicator, reporting_month, years: FinancialYears, comparisons: pd.DataFrame
) -> str | None:
    """Draw value, target and comparators' values over the periods in which a figure is due; None with fewer than three.

    Comparators are drawn in the order of the comparisons.
    """
    frame = periods_shown(months, indicator, reporting_month, years)[["month", *_DRAWN]]
    if frame["value"].notna().sum() < LEAST:
        return None
    frame, lines = frame.assign(place=range(len(frame)), year=0, step=range(len(frame))), []
    for name, style in zip(dict.fromkeys(comparisons["comparator"]), _OTHERS, strict=False):
        theirs = comparisons[comparisons["comparator"] == name].drop_duplicates("month", keep="last")
        frame[f"of {name}"] = theirs.set_index("month")["number"].reindex(frame["month"]).to_numpy()
        lines.append(canvas.Line(f"of {name}", _short(name), style))
    ticks = frame["place"], [_period_tick(month, indicator, years) for month in frame["month"]]
    return canvas.chart(frame, indicator, lines, (-0.5, len(frame) - 0.5), ticks, _newest(frame))


def _short(name):
    """A name in two lines at most."""
    lines = textwrap.wrap(name, 14) or [name]
    return "\n".join(lines[:2]) + "…" * (len(lines) > 2)


def _period_tick(month, indicator, years):
    if indicator.frequency == "QUARTERLY":
        return f"Q{years.quarter(month)}\n{years.label(years.of(month))}"
    name = words.month_words(month)[:3]
    return f"{name}\n{month.year}" if month.month == 1 or not is_monthly(indicator) else name
