"""Facts: what is shown of an indicator beside its editor, as blocks of the report."""

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.report.charts import SIZE, trend_chart, trend_words
from mpr_lib.report.sections import cells
from mpr_lib.rules.codes import slug

OFF_TARGET = ("AMBER", "RED")


def facts_blocks(report, row) -> list:
    """The figures of one scorecard row as a list of facts, and its trend chart."""
    month = words.month_words(row.latest_month)
    listed = [
        (f"Value, {month}", blocks.cell(value_words(row))),
        ("Target to date", cells.target_cell(row.target_text)),
        ("Against target", blocks.cell(_capital(words.distance_words(row)))),
        ("Same month last year", blocks.cell(last_year_words(row), direction=row.direction)),
        ("Off target", blocks.cell(months_off_target(report.months_of(row.indicator_code), row))),
        ("Annual target", cells.target_cell(row.annual_target_text)),
        ("Format", blocks.cell(words.POLARITIES.get(row.polarity, row.polarity or "Not stated"))),
        ("Managed by", cells.stated_cell(row.managed_by)),
    ]
    return [blocks.facts(listed), *chart_blocks(report, row)]


def value_words(row) -> str:
    """The value with its unit, or why there is none."""
    said = words.value_words(row.value_text, row.no_value_reason)
    return said if row.value != row.value else words.with_unit(said.removesuffix("%"), row.unit)


def last_year_words(row) -> str:
    """Better or worse than the same month last year, and what it was then."""
    if row.direction == "NOT_AVAILABLE":
        return words.DIRECTIONS[row.direction]
    return f"{words.DIRECTIONS[row.direction]} ({words.figure_words(row.last_year_value, row.unit)})"


def months_off_target(months, row) -> str:
    """For how many months with a figure in a row, up to the latest, an indicator has been off target, and since when.

    A new definition begins a new row of months.
    """
    if row.rating not in OFF_TARGET:
        return "No" if row.rating == "GREEN" else "Not known"
    rated = months[(months["month"] <= row.latest_month) & months["value"].notna()]
    if row.definition_break == row.definition_break:
        rated = rated[rated["month"] >= row.definition_break]
    off = rated["rating"].isin(OFF_TARGET)
    running = rated[off[::-1].cumprod()[::-1].astype(bool)]
    since = words.month_words(running["month"].iloc[0])
    return f"{words.counted(len(running), 'month')} running, since {since}" if len(running) > 1 else f"In {since}"


def chart_blocks(report, row) -> list:
    """The trend chart, or that there is none."""
    months = report.months_of(row.indicator_code)
    drawn = trend_chart(months, row, report.month, report.settings.years)
    if drawn is None:
        return [blocks.note("No figure has been received in this financial year or the last.", "none")]
    return [blocks.figure(drawn, trend_words(months, row), "trend", SIZE, "", f"desk-{slug(row.indicator_code)}")]


def _capital(text):
    return text[0].upper() + text[1:]
