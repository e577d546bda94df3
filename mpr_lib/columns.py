"""Columns: what each column of the scorecard is called, holds and means, for page, PDF, key, workbook and open data.

To change a column of a table of indicators, change its row here; what its cells say is made in mpr_lib/report/sections.
"""

from dataclasses import dataclass, field

from mpr_lib.rules.outcome import OUTCOMES

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
"""What the workbook has instead of an empty cell."""


@dataclass(frozen=True)
class Shown:
    """A column of the report's tables of indicators.

    ``cell`` says what its cells hold: code, text, number, outcome, direction, variation, prose or trend. ``sort`` says
    what the page sorts them by: words, number, month, its codes in their order with a space between, or nothing.
    ``least`` is how narrow it may get in a table without comments, and ``width`` its share in one with them, both as
    CSS says it. A heading and a meaning may hold what the report fills in, such as ``{year}``, ``{than}``, ``{rated}``.
    """

    key: str
    heading: str
    meaning: str = ""
    cell: str = "text"
    sort: str = "words"
    least: str = ""
    width: str = "minmax(min-content, .9fr)"


@dataclass(frozen=True)
class Column:
    """A column of the scorecard: as open data has it and, where the report shows it, as the page does.

    ``type`` is a Frictionless field type, empty for what is no open data; ``titled`` is its heading where that is not
    its name in words; ``missing`` is what the workbook has instead of an empty cell. ``words`` is the dictionary of the
    words module that says the column's codes for people, and lists the allowed ones. ``digits`` are those that a number
    worked out from many keeps, so that every machine writes the same; 0 keeps all.
    """

    name: str
    type: str = ""
    description: str = ""
    titled: str = ""
    missing: str = NOT_AVAILABLE
    words: str = ""
    digits: int = 0
    shown: Shown | None = field(default=None, kw_only=True)

    @property
    def heading(self) -> str:
        return self.titled or self.name.replace("_", " ").capitalize()


_DIGITS = 12

COLUMNS = (
    Column("reporting_month", "yearmonth", "The month that the report is about, not that of the run."),
    Column(
        "indicator_code", "string", "The indicator's code. Always text: 3.10 and 3.1 are two indicators.",
        shown=Shown("code", "MPR Code", cell="code", width="4.5rem"),
    ),
    Column(
        "short_name", "string", "The indicator's title, without its basis.",
        shown=Shown("name", "Short Name", least="15rem"),
    ),
    Column("section", "string", "Which set the indicator belongs to: CORPORATE or PARTNERSHIP."),
    Column("aim", "string", "The corporate aim that it serves, or the partnership's theme."),
    Column("department", "string", "The organisational unit that leads on it."),
    Column(
        "managed_by", "string", "The officer or officers who answer for it, parted by semicolons.",
        shown=Shown("managed_by", "Managed By", least="4rem"),
    ),
    Column(
        "scrutiny_committee", "string", "The committee that reviews it.",
        shown=Shown("committee", "Scrutiny Committee", least="4rem", width="minmax(min-content, 1fr)"),
    ),
    Column(
        "polarity", "string", "Which way is better: higher, lower, inside or outside a range, or none.",
        words="POLARITIES",
        shown=Shown(
            "polarity", "Minimise or Maximise",
            "Whether a higher or a lower number is better. Aim to minimise: lower is better. Aim to maximise: higher "
            "is better. Goldilocks: inside a range, or at a point, is best.{others}",
            least="4rem", width="minmax(min-content, .95fr)",
        ),
    ),
    Column("basis", "string", "How the value adds up over the year.", words="BASES"),
    Column("unit", "string", "What is counted. Percentages are percentage points: 83 and unit %."),
    Column(
        "latest_month", "yearmonth",
        "The newest month with a number, not after the reporting month; without one, the reporting month.",
        shown=Shown(
            "month", "Latest Month",
            "The latest month for which a figure is available, never after the month of the report.",
            sort="month", least="3.5rem", width="minmax(min-content, .85fr)",
        ),
    ),
    Column("value", "number", "Performance to date at the latest month, in the unit."),
    Column(
        "value_text", "string", "The figure as it was received, units included, or the sum of those received.",
        "Value as received",
        shown=Shown(
            "value", "Month's Value", "Performance to date for the latest month, as received.",
            cell="number", sort="number", width="minmax(min-content, .75fr)",
        ),
    ),
    Column(
        "no_value_reason", "string", "Why there is no number, where there is none.", "Why there is no value",
        NOT_APPLICABLE, "NO_VALUE",
    ),
    Column(
        "is_proxy", "boolean", "Whether the figure stands in for the true one until that comes.", "Proxy",
        NOT_APPLICABLE,
    ),
    Column(
        "target_low", "number", "Target to date for the month of the value: the lower end, or the target itself.",
        "Target, lower end",
    ),
    Column(
        "target_high", "number", "Target to date for the month of the value: the upper end, or the target itself.",
        "Target, upper end",
    ),
    Column(
        "target_text", "string", "Target to date as the report prints it.", "Target as printed",
        shown=Shown(
            "target", "Month's Target", "Target to date for the latest month.",
            cell="number", sort="number", width="minmax(min-content, .8fr)",
        ),
    ),
    Column(
        "annual_target_low", "number", "Target at the end of the latest month's financial year: the lower end.",
        "Annual target, lower end",
    ),
    Column(
        "annual_target_high", "number", "Target at the end of the latest month's financial year: the upper end.",
        "Annual target, upper end",
    ),
    Column(
        "annual_target_text", "string",
        "Target at the end of the latest month's financial year as the report prints it.", "Annual target as printed",
        shown=Shown(
            "annual", "Annual Target {year}", "Target for the whole financial year of the latest month.",
            cell="number", sort="number", width="minmax(min-content, .85fr)",
        ),
    ),
    Column("amber_low", "number", "The value at which amber ends, below target.", "Amber ends below"),
    Column("amber_high", "number", "The value at which amber ends, above target.", "Amber ends above"),
    Column("variance", "number", "Value minus target, signed so that positive is better; in the unit."),
    Column(
        "rating", "string",
        "The value against its target to date: computed, not changed by any judgement. No target where neither way is "
        "better.",
        words="RATINGS",
    ),
    Column(
        "expected_outcome", "string",
        "Where the year is expected to end: from the rating unless a judgement says otherwise. The report's colour.",
        words="OUTCOMES",
        shown=Shown(
            "outcome", "Expected Outcome",
            "Whether the indicator is expected to achieve its annual target. It follows from the value and the month's "
            "target: {rated} Where an officer judged otherwise, the row says so, with the reason.",
            cell="outcome", sort=" ".join(OUTCOMES), least="7rem", width="fit-content(12rem)",
        ),
    ),
    Column(
        "outcome_reason", "string", "Why a judgement differs from the rating.", "Reason for a judged outcome",
        NOT_APPLICABLE,
    ),
    Column(
        "direction", "string", "Against the same month last year, or where compare_with is PREVIOUS against the period "
        "before, by polarity.", "Better or worse",
        words="DIRECTIONS",
        shown=Shown(
            "direction", "Better or worse{than}",
            "Whether the latest month's performance is better or worse than {compared}.",
            cell="direction", sort="WORSE SAME BETTER NOT_AVAILABLE", least="4rem", width="minmax(min-content, .95fr)",
        ),
    ),
    Column("last_year_value", "number", "The value of the same month last year.", "Last year's value"),
    Column(
        "commentary", "string", "What officers say about it, in Markdown.", missing=NOT_APPLICABLE,
        shown=Shown(
            "comment", "Comment",
            "Why performance is as it is, what is done to bring it back on track, and what to expect.",
            cell="prose", sort="",
        ),
    ),
    Column("is_provisional", "boolean", "Whether the figure was sent as provisional.", "Provisional", NOT_APPLICABLE),
    Column("numerator", "number", "What a rate counts, where that was sent.", missing=NOT_APPLICABLE),
    Column("denominator", "number", "What a rate is out of, where that was sent.", missing=NOT_APPLICABLE),
    Column("source", "string", "Where the figures come from, where that is stated."),
    Column("compare_with", "string", "What the direction compares with: LAST_YEAR or PREVIOUS.", words="COMPARED_WITH"),
    Column(
        "trend",
        shown=Shown(
            "trend", "Trend", "The figures of this financial year and the last, with the target as a dashed line.",
            cell="trend", sort="", least="5rem", width="8rem",
        ),
    ),
    Column("charted", "string", "What of its figures the points of its process chart are.", words="CHARTED"),
    Column(
        "points", "integer", "How many points its process chart has since the newest step or definition, up to the "
        "latest month.",
        missing=NOT_APPLICABLE,
    ),
    Column(
        "chart_mean", "number", "The mean of those points; without it and limits where it is not judged.",
        "Mean of points", NOT_APPLICABLE, digits=_DIGITS,
    ),
    Column(
        "lower_limit", "number", "Lower end of what is usual: the mean less 2.66 times how far points move on average, "
        "cut to what can be.", missing=NOT_APPLICABLE, digits=_DIGITS,
    ),
    Column(
        "upper_limit", "number", "Upper end of what is usual: the mean and 2.66 times how far points move on average, "
        "cut to what can be.", missing=NOT_APPLICABLE, digits=_DIGITS,
    ),
    Column(
        "variation", "string", "Whether the newest figure has really changed, or moves as its figures always do. It "
        "changes no rating.",
        words="VARIATIONS",
        shown=Shown(
            "signal", "Signal",
            "Whether the newest figure has really changed or only goes up and down as its figures always do.",
            cell="variation", sort="CONCERN CHANGE IMPROVEMENT USUAL NOT_JUDGED", least="5.5rem",
        ),
    ),
    Column("signal", "string", "Why its newest point is special, where it is.", "", NOT_APPLICABLE, "SIGNALS"),
    Column(
        "signal_side", "string", "Which way that points: the side of the mean, or a trend's direction.",
        "Side of the signal", NOT_APPLICABLE, "SIDES",
    ),
    Column(
        "assurance", "string", "Whether the target can be met as things are: how it lies to what is usual.",
        words="ASSURANCES",
    ),
    Column(
        "months_on_target", "integer", "Of how many of those points their own month's target was met.",
        missing=NOT_APPLICABLE,
    ),
    Column(
        "months_with_target", "integer", "Of how many of those points their own month had a target.",
        "Months with a target", NOT_APPLICABLE,
    ),
    Column(
        "not_judged_reason", "string", "Why its variation, or for want of a target its assurance, is not judged.",
        "Why it is not judged", NOT_APPLICABLE, "WHY_NOT_JUDGED",
    ),
    Column(
        "forecast_method", "string", "What the forecast of the year's end goes by.", "Forecast by", NOT_APPLICABLE,
        "FORECAST_METHODS",
    ),
    Column(
        "forecast", "number", "Where the financial year of the latest month ends, if it goes on so; in the unit.",
        missing=NOT_APPLICABLE, digits=_DIGITS,
    ),
    Column(
        "forecast_low", "number", "Eight of ten such years end between this and the upper end.",
        "Forecast, lower end", NOT_APPLICABLE, digits=_DIGITS,
    ),
    Column(
        "forecast_high", "number", "Eight of ten such years end between the lower end and this.",
        "Forecast, upper end", NOT_APPLICABLE, digits=_DIGITS,
    ),
    Column(
        "forecast_chance", "number", "The share of such years, 0 to 1, that meet the annual target.",
        "Chance of meeting the annual target", NOT_APPLICABLE, digits=_DIGITS,
    ),
    Column(
        "forecast_reason", "string", "Why there is no forecast, or for want of a target no chance.",
        "Why there is no forecast", NOT_APPLICABLE, "WHY_NO_FORECAST",
    ),
    Column(
        "early_warning", "string", "What is warned of before it is red, or what speaks for one that is.",
        missing=NOT_APPLICABLE, words="EARLY_WARNINGS",
    ),
)  # fmt: skip

SCORECARD = tuple(column for column in COLUMNS if column.type)
"""The open data of the scorecard: one row per indicator."""

NAMED = {column.name: column for column in COLUMNS}
VALUES = (
    *(NAMED[name] for name in ("reporting_month", "indicator_code")),
    Column("month", "yearmonth", "The month that the figure is for."),
    Column("financial_year", "integer", "The financial year of that month: the year it starts in."),
    NAMED["value_text"],
    Column(
        "value",
        "number",
        "The figure as a number, in the indicator's unit; to date, where months' own figures are added up.",
    ),
    *(NAMED[name] for name in ("unit", "no_value_reason", "is_proxy", "is_provisional", "numerator", "denominator")),
    *(NAMED[name] for name in ("target_low", "target_high", "target_text", "rating")),
    Column("received", "yearmonth", "The month of the return in which this figure was received."),
)
"""The open data of all values: one row per indicator and month for which something was received."""

POINTS = (
    NAMED["indicator_code"],
    Column("month", "yearmonth", "The month of the point, or the last month of its period."),
    Column("segment", "integer", "Points of one number belong together: a recorded step begins the next."),
    Column("point", "number", "What is charted for the month; missing where what the month added is not known."),
    Column("target_low", "number", "Target of the point: the lower end, or the target itself.", "Target, lower end"),
    Column("target_high", "number", "Target of the point: the upper end, or the target itself.", "Target, upper end"),
    Column(
        "chart_mean", "number", "The mean of the segment's points, where these are enough in number and kind.",
        "Mean of points", NOT_APPLICABLE, digits=_DIGITS,
    ),
    NAMED["lower_limit"],
    NAMED["upper_limit"],
    Column("signal", "string", "Why the point is special, where it is.", "", NOT_APPLICABLE, "SIGNALS"),
    NAMED["signal_side"],
)  # fmt: skip
"""The open data of process charts: one row per point, and one for each month between that has none."""

SHOWN = {column.shown.key: column.shown for column in COLUMNS if column.shown}
"""What a table of indicators can show, by the keys that params/report.yml uses."""

_FIGURES = ("code", "name", "polarity", "month", "value", "target", "annual", "outcome", "direction")
_STANDING = (*_FIGURES, "signal", "trend", "managed_by", "committee")
TABLES = {"exceptions": (*_FIGURES, "committee", "comment"), "corporate": _STANDING, "partnership": _STANDING}
"""The columns of each section's tables, in order, where a council names none of its own."""

NEEDED = ("code", "name", "outcome")
"""Columns without which a row says neither what it is about nor how it stands."""

KEY = ("polarity", "month", "value", "target", "annual", "outcome", "comment", "direction", "signal", "trend")
"""The columns that the report's key explains, in order; the others explain themselves."""
