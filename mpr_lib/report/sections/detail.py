"""Section 3: a page for each exception: facts, gauge, trend, month table and commentary."""

from mpr_lib.report import blocks, words
from mpr_lib.report.gauge import SIZE as GAUGE_SIZE
from mpr_lib.report.gauge import gauge
from mpr_lib.report.sections import cells
from mpr_lib.report.sections.context import comparison_table, context_facts, trend_figure
from mpr_lib.report.sections.corporate import aim_blocks
from mpr_lib.report.sections.months import months_table
from mpr_lib.rules.codes import slug


def detail(report) -> list:
    """The exceptions' pages, by aim with counts."""
    rows = cells.exceptions_of(report.corporate_rows)
    if rows.empty:
        return [blocks.note("No indicator is at risk or slipping, so there is no detail to show.", "none")]
    shown = []
    for aim in report.aims_of(rows):
        part = rows[rows["aim"] == aim]
        shown += aim_blocks(report, aim, part, f"detail-aim-{slug(aim)}")
        shown += [indicator_page(report, row, "exceptions") for row in part.itertuples()]
    return shown


def indicator_page(report, row, listed_in: str):
    """One indicator's page; ``listed_in`` is the section whose table names it, for the way back."""
    anchor = slug(row.indicator_code)
    title = {"exceptions": "Section 1", "partnership": "Section 4"}[listed_in]
    children = [
        _facts_beside_gauge(report, row), *_trend(report, row), *comparison_table(report, row),
        months_table(report, row), *_commentary(report, row),
    ]  # fmt: skip
    return blocks.article(
        anchor, children, code=row.indicator_code, title=row.short_name,
        basis="" if row.basis == "UNSTATED" else words.basis_words(row.basis, row.frequency),
        outcome=row.expected_outcome, outcome_label=row.outcome_label,
        rating=row.rating, direction=row.direction,
        back={"href": f"#{listed_in}-{anchor}", "text": f"Back to {row.indicator_code} in {title}"},
    )  # fmt: skip


def _facts_beside_gauge(report, row):
    listed = [
        (
            "Rating",
            blocks.cell(
                words.RATINGS[row.rating], detail=cells.judged(row), mark="Judged:" if row.outcome_reason else ""
            ),
        ),
        (f"Value, {words.month_words(row.latest_month)}", cells.value_cell(row)),
        ("Target to date", cells.target_cell(row.target_text)),
        ("Annual target", cells.target_cell(row.annual_target_text)),
        ("Against target", blocks.cell(_variance_words(row))),
        ("Same month last year", blocks.cell(_last_year_words(row), direction=row.direction)),
        ("Format", blocks.cell(words.POLARITIES.get(row.polarity, row.polarity or "Not stated"))),
        ("Managed by", cells.stated_cell(row.managed_by)),
        ("Scrutiny committee", cells.stated_cell(row.scrutiny_committee)),
        (
            "Year introduced",
            cells.stated_cell("" if row.year_introduced != row.year_introduced else f"{row.year_introduced:.0f}"),
        ),
        *context_facts(report, row),
    ]
    drawn = gauge(row)
    if not drawn:
        return blocks.facts(listed)
    caption = f"{words.month_words(row.latest_month)} result"
    return blocks.group(
        blocks.facts(listed), blocks.figure(*drawn, "gauge", GAUGE_SIZE, caption, f"{slug(row.indicator_code)}-gauge")
    )


def _variance_words(row):
    said = words.distance_words(row)
    return said[0].upper() + said[1:]


def _last_year_words(row):
    if row.direction == "NOT_AVAILABLE":
        return "Not available"
    return f"{words.DIRECTIONS[row.direction]} ({words.figure_words(row.last_year_value, row.unit)})"


def _trend(report, row):
    figure = trend_figure(report, row)
    if not figure:
        return [
            blocks.note("No figure has been received in this financial year or the last, so there is no chart.", "none")
        ]
    shown = [figure]
    if row.definition_break == row.definition_break:
        since = words.month_words(row.definition_break)
        shown.append(
            blocks.note(
                f"What is counted changed in {since}. Earlier figures are in the table and not in the chart, "
                "because the two cannot be compared.",
                "info",
            )
        )
    return shown


def _commentary(report, row):
    title = blocks.heading(5, "Commentary")
    comment = report.comment_of(row.indicator_code)
    if comment is None:
        return [title, blocks.note("No commentary was supplied.", "warning")]
    by = ", ".join(part for part in (comment.role, report.day_words(comment.date)) if part)
    return [title, blocks.prose(report.prose_of(row.indicator_code)), *([blocks.text(by)] if by else [])]
