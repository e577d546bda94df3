"""Section 2: every corporate indicator, by aim, with counts and priorities."""

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.report.sections.cells import indicator_table
from mpr_lib.rules.codes import slug


def corporate(report) -> list | None:
    """Counts over all, then for each aim its priorities and a table that counts them."""
    if not report.has_own:
        return None
    rows, parts = report.corporate_rows, report.by_aim(report.corporate_rows)
    priorities: dict[str, list] = {each.name: each.priorities for each in report.settings.aims}
    shown = [blocks.text(f"{words.counts_words(rows, 'corporate indicator')}.", counts=True)]
    for aim, part in parts.items():
        heading, id = f"corporate-aim-{slug(aim)}", f"corporate-{slug(aim)}"
        shown.append(blocks.heading(3, aim_title(report, aim), heading))
        told = [each.strip().rstrip(".") for each in priorities.get(aim, [])]
        shown += [blocks.text(f"Priorities: {'; '.join(told)}.")] * bool(told)
        shown.append(indicator_table(report, part, id, words.counts_words(part), named_by=heading))
    return shown


def aim_title(report, aim: str) -> str:
    """How an aim heads its group, by the council's own word for it."""
    name = report.settings.aim_name
    return f"{name}: {aim}" if aim else f"No {words.lowered(name)} stated"
