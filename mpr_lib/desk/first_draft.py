"""First draft: what the figures say, in a plain sentence or two. It states and does not explain."""

import math

from mpr_lib import words
from mpr_lib.report.course import against_target
from mpr_lib.report.signal_words import beside, months_apart, usual_words
from mpr_lib.rules.history import as_defined_now
from mpr_lib.rules.months import FROM_APRIL, FinancialYears

OFF_TARGET = ("AMBER", "RED")


def first_draft(row, months, years: FinancialYears = FROM_APRIL) -> str:
    """Say what one scorecard row (a namedtuple) and its part of the history say.

    Value, distance from target and from what it is compared with, whether that is usual where it is judged, and the
    months of this year in which the target was missed or met; for each polarity, basis and unit, and why where
    something is missing.
    """
    if math.isnan(row.value):
        return _without_value(row, months)
    said = " ".join(filter(None, (_figure(row), _usual(row), _target_met(row, months, years))))
    now = months[months["month"] == row.reporting_month]
    if row.latest_month == row.reporting_month or now["no_value_reason"].eq("NOT_DUE").any():
        return said
    return f"{said} There is no figure for {words.month_words(row.reporting_month)} yet."


def _figure(row):
    lead = f"{words.capitalised(words.when(row.basis, row.latest_month))} the figure is"
    compared = [part for part in (against_target(row), _against_before(row)) if part]
    proxy = " (a proxy)" if row.is_proxy else ""
    return f"{lead} {_value(row)}{proxy}" + (f", {words.joined(compared)}" if compared else "") + "."


def _usual(row):
    """Whether the newest point is within its limits, or which signal it gives; of what adds up the month's own."""
    if row.variation == "NOT_JUDGED":
        return ""
    high, own = row.signal_side == "HIGH", row.charted == "MONTHS_OWN"
    side, limit = ("above", row.upper_limit) if high else ("below", row.lower_limit)
    period = {1: "month", 3: "quarter"}.get(months_apart(row), "year")
    figures = f"last {{}} {period}s' own figures" if own else f"last {{}} {period}s"
    if row.signal == "SHIFT":
        return f"At least the {figures.format('seven')} lie {side} the mean of {beside(row.chart_mean, row)}."
    if row.signal == "TREND":
        return f"Each of the {figures.format('five')} is {side} the one before."
    if row.signal == "TWO_OF_THREE":
        end = f"{'upper' if high else 'lower'} limit of {beside(limit, row)}"
        return f"At least two of the {figures.format('three')} are near the {end}."
    what, limits = "That", usual_words(row, row.value)
    if own:
        whose = words.month_words(row.latest_month) if period == "month" else f"The {period}"
        what, limits = f"{whose} alone", usual_words(row)
    elif row.charted == "QUARTER_ENDS":
        what, limits = "The last full quarter", usual_words(row)
    return f"{what} is {'within' if row.variation == 'USUAL' else side} its usual {limits}."


def _value(row):
    """The value as received with its unit, without the word proxy."""
    as_received = row.value_text[:1].isdigit() and not row.is_proxy
    number = row.value_text if as_received else words.figure_words(row.value, row.unit)
    return number if number == "1" else words.with_unit(number.removesuffix("%"), row.unit)


def _against_before(row):
    if row.direction == "NOT_AVAILABLE":
        return ""
    month, gap, alone = words.month_words(row.compared_month), row.change, "alone " * words.by_months_alone(row)
    if gap == 0:
        return f"{alone and 'in the month '}{alone}the same as in {month}"
    then = f"{month} {alone}({words.figure_words(row.compared_value, row.unit)})"
    side = "above" if gap > 0 else "below"
    return f"{alone and 'in the month '}{alone}{words.gap_words(abs(gap), row.unit)} {side} {then}"


def _target_met(row, months, years):
    """In which months of this year the target was missed or met, and whether that is better than before."""
    better = _DIRECTIONS.get(row.direction, "")
    ending = f"; the figure is {better} {words.before_words(row)}." if better else "."
    if row.polarity == "NONE":
        return "It is shown for information: neither a higher nor a lower figure is better."
    if math.isnan(row.target_low):
        return f"It has no target{ending}"
    year = months[months["financial_year"] == years.of(row.latest_month)]
    rated = as_defined_now(year[year["month"] <= row.latest_month], row)
    missed, met = (rated.loc[rated["rating"].isin(which), "month"].tolist() for which in (OFF_TARGET, ["GREEN"]))
    within = " (within the tolerance)" if row.rating == "AMBER" else ""
    if within and len(missed) > 1:
        within = f" (in {words.month_words(row.latest_month)} within the tolerance)"
    parts = [f"missed in {_month_list(missed)}{within}" if missed else "", f"met in {_month_list(met)}" if met else ""]
    said = " and ".join(part for part in (parts[::-1] if row.rating == "GREEN" else parts) if part)
    return f"The target was {said}{ending}"


_DIRECTIONS = {"BETTER": "better than", "WORSE": "worse than", "SAME": "no better and no worse than"}


def _month_list(months):
    """Months as a sentence lists them: 'April and May 2018', or from when to when if there are more in a row."""
    if len(months) > 2 and (months[-1] - months[0]).n == len(months) - 1:
        return f"each month from {words.months_text(months)}"
    names = [words.month_words(month) for month in months]
    if months[0].year == months[-1].year:
        names[:-1] = [name.split()[0] for name in names[:-1]]
    return words.joined(names)


def _without_value(row, months):
    month = words.month_words(row.reporting_month)
    why = words.REASON_WORDS.get(row.no_value_reason, words.REASON_WORDS["NOT_SUPPLIED"])
    said = [f"There is no figure for {month}: {why}."]
    if row.target_text:
        ranged = "range " if row.target_low != row.target_high else ""
        said.append(f"The target {ranged}to date is {row.target_text}.")
    known = months[months["value"].notna() & (months["month"] < row.reporting_month)]
    if len(known):
        last = known.iloc[-1]
        said.append(f"The last figure received is {last['value_text']}, for {words.month_words(last['month'])}.")
    return " ".join(said)
