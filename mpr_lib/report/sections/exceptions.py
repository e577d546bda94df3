"""Section 1: exceptions by expected outcome and department, then the greens that have a comment."""

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.report.sections.cells import counts_block, exceptions_of, indicator_table
from mpr_lib.rules.codes import slug
from mpr_lib.rules.outcome import is_highlighted_green


def exceptions(report) -> list | None:
    """A table for each expected outcome and department, in the departments' order."""
    if not report.has_own:
        return None
    rows = report.corporate_rows
    shown = [counts_block("Exceptions by expected outcome", exceptions_of(rows))]
    if exceptions_of(rows).empty:
        said = f"{words.none_words(rows, report.settings.outcomes)} in {words.month_words(report.month)}."
        shown = [blocks.note(said, "none")]
    names = report.settings.outcomes.names(words.OUTCOMES)
    for outcome in ("AT_RISK", "SOME_SLIPPAGE"):
        shown += _by_department(report, rows[rows["expected_outcome"] == outcome], outcome, names[outcome])
    greens = rows[is_highlighted_green(rows)]
    title = f"{names['ON_COURSE']}, with a comment"
    return shown + _by_department(report, greens, "ON_COURSE", title)


def _by_department(report, rows, outcome, title):
    if rows.empty:
        return []
    anchor = f"exceptions-{slug(outcome)}"
    shown = [blocks.heading(3, title, anchor)]
    for department, part in report.by_department(rows).items():
        name = department or "Department not stated"
        caption = f"{title}: {name}, {words.counted(len(part), 'indicator')}"
        shown.append(blocks.heading(4, name))
        shown.append(indicator_table(report, part, f"{anchor}-{slug(name)}", caption))
    return shown
