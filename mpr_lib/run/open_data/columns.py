"""Columns: what each column of the open data is called, holds and means; CSV, workbook and description share it."""

from typing import NamedTuple

from mpr_lib.report import words

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"


class Column(NamedTuple):
    """``kind`` is a Frictionless field type; ``missing`` is what the workbook has instead of an empty cell."""

    name: str
    kind: str
    heading: str
    description: str
    missing: str = NOT_AVAILABLE
    words: str = ""
    """The dictionary of mpr_lib.report.words that says the column's codes for people, and lists the allowed ones."""


_MONTH = Column(
    "reporting_month", "yearmonth", "Reporting month", "The month that the report is about, not that of the run."
)
_CODE = Column(
    "indicator_code", "string", "Indicator code",
    "The indicator's code. Always text: 3.10 and 3.1 are two indicators.",
)  # fmt: skip
_TEXT = "The figure as it was received, units and words included."
_REASON = Column(
    "no_value_reason", "string", "Why there is no value", "Why there is no number, where there is none.",
    NOT_APPLICABLE, "NO_VALUE",
)  # fmt: skip
_PROXY = Column(
    "is_proxy", "boolean", "Proxy", "Whether the figure stands in for the true one until that comes.", NOT_APPLICABLE
)
_PROVISIONAL = Column(
    "is_provisional", "boolean", "Provisional", "Whether the figure was sent as provisional.", NOT_APPLICABLE
)
_OUT_OF = (
    Column("numerator", "number", "Numerator", "What a rate counts, where that was sent.", NOT_APPLICABLE),
    Column("denominator", "number", "Denominator", "What a rate is out of, where that was sent.", NOT_APPLICABLE),
)
_TARGET = (
    Column(
        "target_low", "number", "Target, lower end",
        "Target to date for the month of the value: the lower end, or the target itself.",
    ),
    Column(
        "target_high", "number", "Target, upper end",
        "Target to date for the month of the value: the upper end, or the target itself.",
    ),
    Column("target_text", "string", "Target as printed", "Target to date as the report prints it."),
)  # fmt: skip
_RATING = Column(
    "rating", "string", "Rating",
    "The value against its target to date: computed, and not changed by any judgement.", words="RATINGS",
)  # fmt: skip

SCORECARD = (
    _MONTH,
    _CODE,
    Column("short_name", "string", "Short name", "The indicator's title, without its basis."),
    Column("section", "string", "Section", "Which set the indicator belongs to: CORPORATE or PARTNERSHIP."),
    Column("aim", "string", "Aim", "The corporate aim that it serves, or the partnership's theme."),
    Column("department", "string", "Department", "The organisational unit that leads on it."),
    Column("managed_by", "string", "Managed by", "The officer or officers who answer for it, parted by semicolons."),
    Column("scrutiny_committee", "string", "Scrutiny committee", "The committee that reviews it."),
    Column(
        "polarity", "string", "Polarity", "Which way is better: higher, lower, or inside a range.", words="POLARITIES"
    ),
    Column("basis", "string", "Basis", "How the value adds up over the year.", words="BASES"),
    Column("unit", "string", "Unit", "What is counted. Percentages are percentage points: 83 and unit %."),
    Column(
        "latest_month", "yearmonth", "Latest month",
        "The newest month with a number, not after the reporting month; without one, the reporting month.",
    ),
    Column("value", "number", "Value", "Performance to date at the latest month, in the unit."),
    Column("value_text", "string", "Value as received", _TEXT),
    _REASON,
    _PROXY,
    *_TARGET,
    Column("annual_target_low", "number", "Annual target, lower end", "Target at year end: the lower end."),
    Column("annual_target_high", "number", "Annual target, upper end", "Target at year end: the upper end."),
    Column("annual_target_text", "string", "Annual target as printed", "Target at year end as the report prints it."),
    Column("amber_low", "number", "Amber ends below", "The value at which amber ends, below target."),
    Column("amber_high", "number", "Amber ends above", "The value at which amber ends, above target."),
    Column(
        "variance", "number", "Variance", "Value minus target, signed so that positive is better; in the unit.",
    ),
    _RATING,
    Column(
        "expected_outcome", "string", "Expected outcome",
        "Where the year is expected to end: from the rating unless a judgement says otherwise. The report's colour.",
        words="OUTCOMES",
    ),
    Column(
        "outcome_reason", "string", "Reason for a judged outcome", "Why a judgement differs from the rating.",
        NOT_APPLICABLE,
    ),
    Column(
        "direction", "string", "Better or worse than last year",
        "Against the same month last year, by polarity.", words="DIRECTIONS",
    ),
    Column("last_year_value", "number", "Last year's value", "The value of the same month last year."),
    Column("commentary", "string", "Commentary", "What officers say about it, in Markdown.", NOT_APPLICABLE),
    _PROVISIONAL,
    *_OUT_OF,
    Column("source", "string", "Source", "Where the figures come from, where that is stated."),
)  # fmt: skip
"""One row per indicator."""

VALUES = (
    _MONTH,
    _CODE,
    Column("month", "yearmonth", "Month", "The month that the figure is for."),
    Column("financial_year", "integer", "Financial year", "The financial year of that month: the year it starts in."),
    Column("value_text", "string", "Value as received", _TEXT),
    Column("value", "number", "Value", "The figure as a number, in the indicator's unit."),
    Column("unit", "string", "Unit", "What is counted. Percentages are percentage points: 83 and unit %."),
    _REASON,
    _PROXY,
    _PROVISIONAL,
    *_OUT_OF,
    *_TARGET,
    _RATING,
    Column("received", "yearmonth", "Received", "The month of the return in which this figure was received."),
)
"""One row per indicator and month for which something was received."""


def said(column: Column, looks) -> dict[str, str]:
    """What a column's codes are called, the outcomes as the council calls them; nothing for a column without codes."""
    usual = getattr(words, column.words) if column.words else {}
    return looks.names(usual) if column.words == "OUTCOMES" else usual


def names(columns: tuple[Column, ...]) -> list[str]:
    return [column.name for column in columns]
