"""Section 1: exceptions by expected outcome and department, then the greens that have a comment, in one table."""

import pandas as pd

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.report.sections.cells import exceptions_of, indicator_table
from mpr_lib.rules.outcome import EXCEPTIONS, is_highlighted_green


def exceptions(report) -> list | None:
    """One table in groups: each expected outcome's departments, in their order."""
    if not report.has_own:
        return None
    rows, shown = report.corporate_rows, []
    if exceptions_of(rows).empty:
        said = f"{words.none_words(rows, report.settings.outcomes)} in {words.month_words(report.month)}."
        shown = [blocks.note(said, "none")]
    names = report.settings.outcomes.names(words.OUTCOMES)
    listed = {code: (names[code], rows[rows["expected_outcome"] == code]) for code in EXCEPTIONS}
    listed["ON_COURSE"] = (f"{names['ON_COURSE']}, with a comment", rows[is_highlighted_green(rows)])
    groups = [group for code, (title, part) in listed.items() for group in _by_department(report, part, title, code)]
    if groups:
        every = pd.concat([part for _, part in groups])
        caption = f"{words.counts_words(every)}, by department"
        shown.append(indicator_table(report, every, "exceptions-table", caption, groups=groups))
    return shown


def _by_department(report, rows, title, outcome):
    """The rows of each department below a cell that says which, of what outcome and how many."""
    for department, part in report.by_department(rows).items():
        name = department or "Department not stated"
        said = blocks.cell(f"{title}: {name}", outcome=outcome, detail=words.counted(len(part), "indicator"))
        yield said, part
