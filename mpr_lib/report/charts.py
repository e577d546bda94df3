"""Charts: what an indicator's months, quarters or years look like, and the same in words."""

import numpy as np
import pandas as pd

from mpr_lib import words
from mpr_lib.report import canvas
from mpr_lib.report.palette import LAST_YEAR, QUIET, RULE
from mpr_lib.rules.history import as_defined_now
from mpr_lib.rules.months import FROM_APRIL, PERIODS, FinancialYears, is_due

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
    shown = as_defined_now(shown[shown["month"] <= reporting_month], indicator)
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
    known = as_defined_now(months[months["value"].notna() & recent], row)
    parts = [_latest(row), _last_year(row)]
    return f"{row.indicator_code}: {'; '.join(part for part in parts if part)}. {_course(known, row)}".strip()


def _latest(row):
    month = words.month_words(row.latest_month)
    if row.value != row.value:
        return f"no figure for {month}"
    said = f"{words.with_unit(row.value_text, row.unit)} in {month}" + (" (revised)" if row.is_revised else "")
    said += " (provisional)" if row.is_provisional else ""
    return f"{said}, {side_of_target(row)}" if row.target_text else f"{said}, without a target"


def side_of_target(row) -> str:
    """Where the value lies: 'below the target of 1.10', 'inside the target range of 38 - 48'."""
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
        else f"{words.DIRECTIONS[row.direction].lower()} than a year before ({then})"
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


TREND = (7.2, 2.9)
SIZE = (TREND[0] * 72, TREND[1] * 72)
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
        canvas.draw_target(axes, frame)
        canvas.draw_line(axes, frame, "last_year", color=LAST_YEAR, linewidth=1.2, linestyle=(0, (1, 1.6)))
        canvas.draw_value(axes, sns, frame)
        axes.axvline(11.5, color=RULE, linewidth=1)
        for place, month in zip((0.25, 0.75), frame["month"][::12], strict=True):
            year = years.label(years.of(month))
            axes.text(place, 1.06, year, transform=axes.transAxes, ha="center", color=QUIET)
        ticks = [_month_tick(month, years.starts) for month in frame["month"][::3]]
        levels = frame[["value", "target_low", "target_high", "last_year"]]
        canvas.finish(axes, levels, indicator, (-0.6, 23.6), (range(0, 24, 3), ticks), (-0.085, 1.06))
        canvas.label_value(axes, frame)
        ends = canvas.ends(frame, {"last_year": ("Last year", LAST_YEAR)})
        canvas.label_ends(axes, [(max(place, 12) + 0.8, *end) for place, *end in ends], 0.085)

    return canvas.drawn(TREND, _AXES, draw)


def chart_frame(
    months: pd.DataFrame, indicator, reporting_month: pd.Period, years: FinancialYears = FROM_APRIL
) -> pd.DataFrame:
    """What the chart draws, as the canvas takes it: place is 0 to 23, last_year stands beside the target, by month.

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
    frame = frame.assign(place=range(len(window)), step=years.of(window.to_series()))
    return frame.reset_index(names="month")


def with_marks(months: pd.DataFrame) -> pd.DataFrame:
    """Months whose value_text carries [r] where the figure was revised and [p] where it is provisional."""
    said = months["value_text"]
    for flag, (mark, _) in words.MARKS.items():
        if flag in months:
            said = said.mask(months[flag], said + f" {mark}")
    return months.assign(value_text=said)


LARGE, COMPACT = TREND, (4.6, 2.3)
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
    places, labels = range(len(frame)), [_period_tick(month, indicator, years) for month in frame["month"]]
    frame = frame.assign(place=places, label=labels, year=0, step=places)
    names = list(dict.fromkeys(comparisons["comparator"]))[:DRAWN_COMPARATORS]
    for name in names:
        theirs = comparisons[comparisons["comparator"] == name].drop_duplicates("month", keep="last")
        frame[f"of {name}"] = theirs.set_index("month")["number"].reindex(frame["month"]).to_numpy()
    return frame


def period_chart(frame: pd.DataFrame, indicator, size: tuple[float, float] = LARGE) -> str:
    """Draw what ``points`` gives; ``size`` is ``LARGE`` or ``COMPACT``."""
    box, large = _BOXES[size], size == LARGE
    others = [column for column in frame if column.startswith("of ") and frame[column].notna().any()]
    styles = dict(zip(others, _OTHERS, strict=False))
    last = max(len(frame) - 1, 1)
    ticks = frame.iloc[:: -max(1, -(-len(frame) // (8 if large else 4)))].iloc[::-1]

    def draw(axes, sns):
        canvas.draw_target(axes, frame, alone=0.5)
        for name, style in styles.items():
            axes.plot(frame["place"], frame[name], linewidth=1.3, markersize=4, markeredgewidth=0, **style)
        canvas.draw_value(axes, sns, frame, markersize=5)
        levels = frame[["value", "target_low", "target_high", *others]]
        reach, labels = (-0.5 - 0.02 * last, last + 0.5), (ticks["place"].tolist(), ticks["label"].tolist())
        canvas.finish(axes, levels, indicator, reach, labels, (-box[0] / box[2], 1.09))
        canvas.label_value(axes, frame)
        names = {name: (_short(name.removeprefix("of ")), style["color"]) for name, style in styles.items()}
        ends = [(reach[1], level, f" {name}", colour) for _, level, name, colour in canvas.ends(frame, names)]
        canvas.label_ends(axes, ends, 0.095 if large else 0.125)

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
