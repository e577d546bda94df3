"""Section 2: every corporate indicator, by aim, with counts and priorities."""

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.report.prose import paragraph
from mpr_lib.report.sections.cells import counts_block, indicator_table
from mpr_lib.rules.codes import slug


def corporate(report) -> list | None:
    """Counts over all, then a table for each aim under its priorities."""
    if not report.has_own:
        return None
    rows, parts = report.corporate_rows, report.by_aim(report.corporate_rows)
    shown = [counts_block("Corporate indicators by expected outcome", rows)]
    for aim, part in parts.items():
        caption = f"{aim_title(report, aim)}: {words.counted(len(part), 'corporate performance indicator')}"
        shown += aim_blocks(report, aim, part, f"corporate-aim-{slug(aim)}")
        shown.append(indicator_table(report, part, f"corporate-{slug(aim)}", caption))
    return shown


def aim_title(report, aim: str) -> str:
    """How an aim heads its group, by the council's own word for it."""
    name = report.settings.aim_name
    return f"{name}: {aim}" if aim else f"No {words.lowered(name)} stated"


def aim_blocks(report, aim, rows, id) -> list:
    """An aim's heading, its priorities and its counts."""
    priorities: list[str] = next((each.priorities for each in report.settings.aims if each.name == aim), [])
    shown = [blocks.heading(3, aim_title(report, aim), id)]
    if priorities:
        listed = {"type": "list", "ordered": False, "items": [[paragraph(each)] for each in priorities]}
        shown += [blocks.text("Priorities"), blocks.prose([listed])]
    return [*shown, counts_block(f"{aim_title(report, aim)}, by expected outcome", rows)]
