"""Signals and forecasts in sentences: has it really changed, can the target be met, where does the year end."""

import pandas as pd

from mpr_lib import words
from mpr_lib.rules.months import PERIODS
from mpr_lib.rules.values import format_number, money_sign, printed
from mpr_lib.words import WHY_NOT_JUDGED


def variation_words(row, points: pd.DataFrame | None = None) -> str:
    """Whether a scorecard row has really changed, with its limits; '' where that is not judged.

    Needs variation, signal, signal_side, chart_mean, lower_limit, upper_limit, charted, value_text, latest_month, unit,
    decimals, frequency. With ``points``, the indicator's own of the contract, it says what a month added and how long a
    run is.

    >>> # '29.44 is below its usual 32.43 to 43.60: a real concern.'
    """
    if row.variation == "NOT_JUDGED":
        return ""
    verdict = words.lowered(words.VARIATIONS[row.variation])
    point, run = _newest(row, points)
    what = _what(row, point)
    limits = usual_words(row, row.value if row.charted == "AS_GIVEN" else point)
    if row.variation == "USUAL":
        return f"{what} is within its usual {limits}: {verdict}."
    return f"{_signal_words(row, what, limits, run)}: a {verdict}."


def _signal_words(row, what, limits, run):
    high, period = row.signal_side == "HIGH", _period(row)
    side = "above" if high else "below"
    if row.signal == "OUTSIDE":
        return f"{what} is {side} its usual {limits}"
    if row.signal == "TWO_OF_THREE":
        limit = f"{'upper' if high else 'lower'} limit of {beside(row.upper_limit if high else row.lower_limit, row)}"
        return (
            f"With {what.replace('The last', 'the last')} at least two of the last three {period}s are near its {limit}"
        )
    last = f"{what} is the last of {words.number_words(run) if run else LEAST_RUN[row.signal] + ' or more'} {period}s"
    mean = f" {side} its mean of {beside(row.chart_mean, row)}"
    return last + (mean if row.signal == "SHIFT" else f", each {side} the one before")


LEAST_RUN = {"TREND": "five", "SHIFT": "seven"}
"""How many figures are above (or below) at least: of the six of a trend, the first has only to be there."""


def assurance_words(row) -> str:
    """Whether the target can be met as things are, and in how many months it was; '' where that is not judged.

    Needs assurance, signal, months_on_target, months_with_target, charted, target_low, target_high, target_text,
    frequency.

    >>> # 'The target range of 57 to 67 is missed in every usual month; it was met in 0 of 14 months.'
    """
    if row.assurance == "NOT_JUDGED":
        return ""
    name = f"The {_period(row)}'s own target" if row.charted == "MONTHS_OWN" else _target(row, "target", "The")
    said = words.ASSURED[row.assurance].format(target=name, period=_period(row))
    fact = f"; it was met in {row.months_on_target:.0f} of {words.counted(int(row.months_with_target), _period(row))}"
    fact = fact.replace("it was", "the target was") if row.assurance == "UNSETTLED" else fact
    roughly = row.assurance != "UNSETTLED" and row.signal in ("SHIFT", "TWO_OF_THREE")
    return f"{said}{fact}.{' Its level has moved, so the limits describe it roughly.' * roughly}"


def forecast_words(row) -> str:
    """Where the year ends if it goes on so, and in how many of ten such years the annual target is met; '' of none.

    Needs forecast_method, forecast, forecast_low, forecast_high, forecast_chance, annual_target_low,
    annual_target_high, annual_target_text, unit, decimals.

    >>> # 'If the year goes on as last year did, it ends at 7.39 (6.63 to 8.16); the target of 7.20 is met in 4 of 10 …'
    """
    if pd.isna(row.forecast):
        return ""
    middle, low, high = (sentence_text(each, row) for each in (row.forecast, row.forecast_low, row.forecast_high))
    said = f"{words.FORECAST_IF[row.forecast_method]}, it ends at {middle} ({low} to {high})"
    if pd.isna(row.forecast_chance):
        return f"{said}."
    return f"{said}; {_target(row, 'annual_target', 'the')} is {chance_words(row.forecast_chance)}."


def chance_words(chance: float) -> str:
    """How often the annual target is met, in tenths.

    >>> chance_words(0.3723), chance_words(0.25), chance_words(0.049), chance_words(0.96)
    ('met in 4 of 10 such years', 'met in 3 of 10 such years', 'almost certainly missed', 'almost certainly met')
    """
    if chance < 0.05 or chance > 0.95:
        return f"almost certainly {'met' if chance > 0.5 else 'missed'}"
    return f"met in {min(max(int(format_number(10 * chance, 0)), 1), 9)} of 10 such years"


def warning_words(row, beside_forecast: bool = False) -> str:
    """The early warning, or that a red may yet recover, in a sentence; '' of none.

    Needs early_warning, forecast_chance. ``beside_forecast`` leaves out the chance, which the forecast says.
    """
    if pd.isna(row.forecast_chance) or beside_forecast:
        return words.WARNED_BESIDE.get(row.early_warning, "")
    return words.WARNED.get(row.early_warning, "").format(chance=chance_words(row.forecast_chance))


def not_judged_words(row) -> str:
    """Why a scorecard row is not judged; '' where it is. Needs variation, not_judged_reason, points.

    >>> # 'Not judged: too few figures to tell change from chance (two comparable so far).'
    """
    reason = row.not_judged_reason
    if row.variation != "NOT_JUDGED" or not reason:
        return ""
    points = int(row.points) if row.points > 0 else 0
    kind = "full quarter" + "s" * (points > 1) if row.charted == "QUARTER_ENDS" else "comparable"
    so_far = f" ({words.number_words(points) if points else 'none'} {kind} so far)"
    return f"{words.VARIATIONS['NOT_JUDGED']}: {WHY_NOT_JUDGED[reason]}{so_far * (reason == 'TOO_FEW_POINTS')}."


def usual_words(row, figure: float = float("nan")) -> str:
    """The limits in a sentence, with the indicator's decimals: '32.43 to 43.60'.

    With one more where ``figure`` is outside of them and they would look the same as it.
    """
    low, high = row.lower_limit, row.upper_limit
    hidden = (figure < low and looks_like(low, figure, row)) or (figure > high and looks_like(high, figure, row))
    return " to ".join((chart_text if hidden else sentence_text)(end, row) for end in (low, high))


def looks_like(number: float, figure: float, row) -> bool:
    """Whether a computed number would look the same as a figure from which it differs."""
    return sentence_text(number, row) == sentence_text(figure, row) != chart_text(number, row)


def beside(number: float, row) -> str:
    """A mean or a limit in a sentence on the figure: one decimal more where the two would look the same."""
    return (chart_text if looks_like(number, row.value, row) else sentence_text)(number, row)


def chart_text(number: float, row) -> str:
    """A mean or a limit that has to be told from a figure: with one decimal more than its indicator."""
    return sentence_text(number, row, more=1)


def sentence_text(number: float, row, more: int = 0) -> str:
    """A computed number with the decimals of its indicator, or so many ``more``, half up, as a sentence gives it."""
    if pd.isna(number):
        return ""
    decimals = len(row.value_text.partition(".")[2].rstrip("%")) if pd.isna(row.decimals) else int(row.decimals)
    # A mean of 12.13 is not to be printed as £12.10.
    places = 2 if decimals + more == 1 and money_sign(row.unit) else decimals + more
    return printed(format_number(number, places, row.unit), row.unit)


def _target(row, which, the):
    low, high, text = (getattr(row, f"{which}_{part}") for part in ("low", "high", "text"))
    return f"{the} target{' range' * (low != high)} of {text}"


def _period(row):
    """What lies between two points."""
    return "quarter" if row.charted == "QUARTER_ENDS" else words.period(row.frequency)


def months_apart(row) -> int:
    """How many months lie between two neighbouring points of a scorecard row. Needs charted, frequency."""
    return 3 if row.charted == "QUARTER_ENDS" else PERIODS.get(row.frequency, 1)


def _what(row, point):
    """The newest point as a sentence begins with it: '29.44', or of what is not charted as given "May's own 0.61"."""
    if row.charted == "AS_GIVEN":
        return row.value_text
    figure = "figure" if pd.isna(point) else sentence_text(point, row)
    if row.charted == "QUARTER_ENDS":
        return f"The last full quarter's {figure}"
    monthly = words.period(row.frequency) == "month"
    whose = words.month_words(row.latest_month).split()[0] if monthly else f"The {words.period(row.frequency)}"
    return f"{whose}'s own {figure}"


def _newest(row, points):
    """The newest point, and how long its run is; missing and 0 where nobody gave any points."""
    if points is None or points.empty:
        return float("nan"), 0
    last = points["segment"].array[-1]
    every = zip(points["point"].tolist(), points["month"].array.asi8.tolist(), points["segment"].tolist(), strict=True)
    known = [(point, month) for point, month, segment in every if segment == last]
    # How far each point moved, from the one before or from the mean, and whether that one is the period before.
    before = [(float("nan"), 0), *known]
    trend, apart = row.signal == "TREND", months_apart(row)
    moved = [point - (was if trend else row.chart_mean) for (point, _), (was, _) in zip(known, before, strict=False)]
    runs = [
        (move > 0 if row.signal_side == "HIGH" else move < 0) and month == earlier + apart and point == point
        for move, (point, month), (_, earlier) in zip(moved, known, before, strict=False)
    ]
    run = next((back for back, goes_on in enumerate(reversed(runs)) if not goes_on), len(runs))
    # The first point of a run on one side is of it too; that of a trend is only what it moved from.
    first = len(known) > run and not trend and moved[-run - 1] * moved[-1] > 0
    return known[-1][0], run + first * bool(run)
