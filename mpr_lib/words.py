"""Words: what the report calls things, for people."""

import pandas as pd

from mpr_lib.rules.months import month_label
from mpr_lib.rules.values import figure_text, format_number

OUTCOMES = {
    "AT_RISK": "At risk of missing target",
    "SOME_SLIPPAGE": "Some slippage against target",
    "ON_COURSE": "On course to achieve target",
    "NO_VALUE": "No value",
    "NO_TARGET": "For information",
}
OUTCOMES_SHORT = {
    "AT_RISK": "At risk",
    "SOME_SLIPPAGE": "Some slippage",
    "ON_COURSE": "On course",
    "NO_VALUE": "No value",
    "NO_TARGET": "For information",
}
RATINGS = {"GREEN": "Green", "AMBER": "Amber", "RED": "Red", "NO_VALUE": "No value", "NO_TARGET": "No target"}
AGAINST_TARGET = {"GREEN": "On target", "AMBER": "Within tolerance", "RED": "Off target", "NO_TARGET": "No target"}
DIRECTIONS = {"BETTER": "Better", "SAME": "Same", "WORSE": "Worse", "NOT_AVAILABLE": "Not available"}
POLARITIES = {
    "MAXIMISE": "Aim to maximise",
    "MINIMISE": "Aim to minimise",
    "GOLDILOCKS": "Goldilocks",
    "OUTSIDE": "Aim to stay outside",
}
BASES = {
    "CUMULATIVE": "Cumulative",
    "SNAPSHOT": "Monthly snapshot",
    "YTD_SNAPSHOT": "Year to date snapshot",
    "ROLLING_QUARTER": "Rolling quarter",
    "UNSTATED": "Not stated",
}
NO_VALUE = {
    "NOT_DUE": "Not due",
    "AWAITED": "Awaited",
    "NOT_APPLICABLE": "Not applicable",
    "NOT_SUPPLIED": "Not supplied",
}
NO_FIGURE = {
    "AWAITED": "it is awaited",
    "NOT_SUPPLIED": "none was supplied",
    "NOT_APPLICABLE": "it is said not to apply",
    "NOT_DUE": "it is not due",
    "": "none is recent enough to show",
}
"""Why there is no figure, after 'there is no figure:'."""

NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def worded(scorecard: pd.DataFrame, looks) -> pd.DataFrame:
    """The scorecard with the council's own words for each expected outcome: outcome_label and outcome_short."""
    outcome = scorecard["expected_outcome"]
    names, shorts = looks.names(OUTCOMES), looks.names(OUTCOMES_SHORT, short=True)
    return scorecard.assign(outcome_label=outcome.map(names), outcome_short=outcome.map(shorts))


def worrying_words(looks) -> tuple[str, str]:
    """What is said of indicators that have become exceptions, and of those that are: names of one's own don't bend."""
    if {"AT_RISK", "SOME_SLIPPAGE"} & set(looks.given):
        return "New exceptions", "exceptions"
    return "Newly at risk or slipping", "at risk or slipping"


def lowered(name: str) -> str:
    """A name inside a sentence; abbreviations keep their capitals.

    >>> lowered("Off track"), lowered("RAG red")
    ('off track', 'RAG red')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def basis_words(basis: str, frequency: str = "MONTHLY") -> str:
    """The basis as printed in brackets; a word that is not known is shown as it is.

    >>> basis_words("SNAPSHOT"), basis_words("SNAPSHOT", "YEARLY")
    ('Monthly snapshot', 'Yearly snapshot')
    """
    if basis == "SNAPSHOT" and frequency in ("QUARTERLY", "YEARLY"):
        return f"{frequency.capitalize()} snapshot"
    return BASES.get(basis, basis.replace("_", " ").capitalize())


def value_words(value_text: str, no_value_reason: str, unit: str = "") -> str:
    """What a value's cell says: the text as received, or why there is none.

    >>> value_words("TBC", "AWAITED"), value_words("", "NOT_DUE"), value_words("-", "NOT_SUPPLIED")
    ('TBC', 'Not due', 'Not supplied')
    """
    if value_text not in ("", "-"):
        return value_text
    return NO_VALUE.get(no_value_reason, "Not supplied")


def counted(count: int, singular: str, plural: str = "") -> str:
    """A count with its noun.

    >>> counted(1, "indicator"), counted(12, "indicator")
    ('1 indicator', '12 indicators')
    """
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


def joined(parts: list[str]) -> str:
    """Parts as a sentence lists them.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def distance_words(row) -> str:
    """How far a value lies from target, in the indicator's own unit: '51.8 percentage points below target'.

    ``row`` needs value, target_low, target_high, variance, unit.
    """
    if pd.isna(row.variance):
        return "not comparable with a target"
    if row.value == row.target_low == row.target_high:
        return "exactly on target"
    low, high = row.target_low, row.target_high
    if low <= row.value <= high:
        return "inside the target range"
    side = "above" if row.value > high else "below"
    gap = format_number(round(row.value - high if side == "above" else low - row.value, 9))
    return f"{with_unit(gap, row.unit, points=True)} {side} target"


def with_unit(number: str, unit: str, points: bool = False) -> str:
    """A number followed by its unit as a sentence says it.

    >>> with_unit("1.19", "days"), with_unit("5.1", "%", points=True), with_unit("366", "number"), with_unit("83%", "%")
    ('1.19 days', '5.1 percentage points', '366', '83%')
    """
    if unit == "%":
        number = number.removesuffix("%")
        return f"{number} percentage point{'' if number == '1' else 's'}" if points else f"{number}%"
    return number if unit in ("", "number") or number.endswith("%") else f"{number} {unit}"


def unit_label(unit: str) -> str:
    """A unit as a chart's axis names it.

    >>> unit_label("%"), unit_label("per 10,000"), unit_label("")
    ('Per cent', 'Per 10,000', 'Number')
    """
    return {"%": "Per cent", "": "Number"}.get(unit, unit[:1].upper() + unit[1:])


def month_words(month) -> str:
    """A month for people, or 'no month'."""
    return "no month" if pd.isna(month) else month_label(month)


def figure_words(number: float, unit: str) -> str:
    """A number of the data as a sentence gives it.

    >>> figure_words(1.11, "days"), figure_words(63.4, "%")
    ('1.11', '63.4%')
    """
    return format_number(number, None, unit)


def without_marks(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with value_text freed of the marks that is_provisional says already; the report prints [p] for all."""
    said = frame["value_text"]
    return frame.assign(value_text=said.mask(frame["is_provisional"], said.map(figure_text)).astype("str"))


def months_text(months) -> str:
    """A run of months in words; several runs are joined.

    >>> months_text(pd.PeriodIndex(["2018-04", "2018-06", "2018-07", "2018-08"], freq="M"))
    'April 2018, June to August 2018'
    """
    runs = []
    for month in sorted(months):
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(_run_text(run[0], run[-1]) for run in runs)


def _run_text(first, last):
    if first == last:
        return month_label(first)
    start = month_label(first)
    return f"{start.split()[0] if first.year == last.year else start} to {month_label(last)}"
