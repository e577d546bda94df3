"""Cells and tables that several sections share."""

from mpr_lib import words
from mpr_lib.book.tables import officers
from mpr_lib.report import blocks
from mpr_lib.report.charts import is_monthly, periods_shown
from mpr_lib.report.small_charts import sparkline
from mpr_lib.rules.codes import slug
from mpr_lib.rules.outcome import OUTCOMES, is_exception

_COLUMNS = {
    "code": ("MPR Code", "code", "start"),
    "name": ("Short Name", "text", "start"),
    "polarity": ("Minimise or Maximise", "text", "start"),
    "month": ("Latest Month", "text", "start"),
    "value": ("Month's Value", "number", "end"),
    "target": ("Month's Target", "number", "end"),
    "annual": ("Annual Target", "number", "end"),
    "outcome": ("Expected Outcome", "outcome", "start"),
    "direction": ("Better or worse than last year", "direction", "start"),
    "trend": ("Trend", "trend", "start"),
    "managed_by": ("Managed By", "text", "start"),
    "committee": ("Scrutiny Committee", "text", "start"),
    "comment": ("Comment", "prose", "start"),
}


def indicator_table(report, rows, keys: list[str], id: str, caption: str):
    """A table of indicators: ``rows`` of the scorecard, and which of the report's columns.

    A council's own columns for the section, which the table's id begins with, come before ``keys``.
    """
    keys = getattr(report.settings.columns, id.split("-")[0], None) or keys
    columns = [blocks.column(key, *_COLUMNS[key]) for key in keys]
    for column in columns:
        if column["key"] == "annual":
            column["label"] = f"Annual Target {report.settings.years.label(report.year)}"
    return blocks.table(id, caption, columns, [_indicator_row(report, row, keys, id) for row in rows.itertuples()])


def _indicator_row(report, row, keys, table_id):
    cells = {key: _CELLS[key](report, row) for key in keys}
    attributes = {name: getattr(row, name) for name in ("rating", "direction")}
    return blocks.row(
        cells, "indicator", code=row.indicator_code, outcome=row.expected_outcome, **attributes,
        id=f"{table_id.split('-')[0]}-{slug(row.indicator_code)}",
        department=row.department, committee=row.scrutiny_committee, aim=row.aim,
        managed_by="; ".join(officers(row.managed_by)),
    )  # fmt: skip


def detail_link(report, row) -> str:
    """The anchor of an indicator's detail page or of its trend, or nothing where it has neither."""
    shown = report.detailed_codes | report.trend_codes
    return f"#{slug(row.indicator_code)}" if row.indicator_code in shown else ""


def outcome_cell(row):
    """The expected outcome as a chip, and where it is a judgement, what the rating was and why."""
    return blocks.cell(
        row.outcome_label,
        outcome=row.expected_outcome,
        mark="Judged:" if row.outcome_reason else "",
        detail=judged(row),
    )


def judged(row) -> str:
    """Why the expected outcome is not the rating's, in a sentence; empty where nobody judged."""
    if not row.outcome_reason:
        return ""
    by = f" ({row.judgement_role})" if row.judgement_role else ""
    rating, outcome = words.RATINGS[row.rating].lower(), words.lowered(row.outcome_short)
    return f"Rated {rating}, judged {outcome}{by}: {row.outcome_reason}"


def direction_cell(row):
    return blocks.cell(words.DIRECTIONS[row.direction], direction=row.direction)


def value_cell(row):
    """A value as received, or why there is none; a proxy says so in its own words, [r] revised and [p] provisional."""
    missing = row.value != row.value
    said = words.value_words(row.value_text, row.no_value_reason)
    marks = " [r]" * bool(row.is_revised) + " [p]" * bool(row.is_provisional)
    return blocks.cell(said + marks, missing=missing or "")


def target_cell(text):
    return blocks.cell(text or "No target", missing="" if text else True)


def name_cell(row):
    basis = "" if row.basis == "UNSTATED" else words.basis_words(row.basis, row.frequency)
    return blocks.cell(row.short_name or row.indicator_code, detail=basis)


def stated_cell(text):
    return blocks.cell(text or "Not stated", missing="" if text else True)


def counts_block(label, rows):
    """How many of the rows have which expected outcome, in the report's order, none left out that occurs."""
    tally = rows["expected_outcome"].value_counts()
    named = dict(zip(rows["expected_outcome"], rows["outcome_label"], strict=True))
    items = [
        {"outcome": outcome, "label": named[outcome], "count": int(tally[outcome])}
        for outcome in OUTCOMES
        if tally.get(outcome, 0)
    ]
    return blocks.counts(label, items)


def exceptions_of(rows):
    return rows[is_exception(rows)]


def _trend_cell(report, row):
    months = report.months_of(row.indicator_code)
    if not is_monthly(row):
        # Few figures, so those of all the years count.
        months = periods_shown(months, row, report.month, report.settings.years).assign(financial_year=0)
    drawn = sparkline(months, row.definition_break, row.basis)
    if drawn:
        return blocks.cell(drawn[1], svg=drawn[0], alt=drawn[1])
    figures = int(months["value"].notna().sum())
    return blocks.cell("One figure" if figures else "No figures", missing=True)


_CELLS = {
    "code": lambda report, row: blocks.cell(row.indicator_code, href=detail_link(report, row)),
    "name": lambda report, row: name_cell(row),
    "polarity": lambda report, row: blocks.cell(words.POLARITIES.get(row.polarity, row.polarity or "Not stated")),
    "month": lambda report, row: blocks.cell(words.month_words(row.latest_month)),
    "value": lambda report, row: value_cell(row),
    "target": lambda report, row: target_cell(row.target_text),
    "annual": lambda report, row: target_cell(row.annual_target_text),
    "outcome": lambda report, row: outcome_cell(row),
    "direction": lambda report, row: direction_cell(row),
    "trend": _trend_cell,
    "managed_by": lambda report, row: stated_cell(row.managed_by),
    "committee": lambda report, row: stated_cell(row.scrutiny_committee),
    "comment": lambda report, row: report.comment_cell(row),
}
