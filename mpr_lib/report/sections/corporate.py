"""Section 2: every corporate indicator, by aim, with counts and priorities."""

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.report.prose import paragraph
from mpr_lib.report.sections.cells import counts_block, indicator_table
from mpr_lib.rules.codes import slug


def corporate(report) -> list:
    """Counts over all, then a table for each aim under its priorities."""
    rows = report.corporate_rows
    shown = [counts_block("Corporate indicators by expected outcome", rows)]
    for aim in report.aims_of(rows):
        part = rows[rows["aim"] == aim]
        caption = f"{aim_title(aim)}: {words.counted(len(part), 'corporate performance indicator')}"
        shown += aim_blocks(report, aim, part, f"corporate-aim-{slug(aim)}")
        shown.append(indicator_table(report, part, f"corporate-{slug(aim)}", caption))
    return shown


def aim_title(aim: str) -> str:
    """How an aim heads its group."""
    return f"Aim: {aim}" if aim else "No aim stated"


def aim_blocks(report, aim, rows, id) -> list:
    """An aim's heading, its priorities and its counts."""
    priorities = next((each.priorities for each in report.settings.aims if each.name == aim), [])
    shown = [blocks.heading(3, aim_title(aim), id)]
    if priorities:
        listed = {"type": "list", "ordered": False, "items": [[paragraph(each)] for each in priorities]}
        shown += [blocks.text("Priorities"), blocks.prose([listed])]
    return [*shown, counts_block(f"{aim_title(aim)}, by expected outcome", rows)]
