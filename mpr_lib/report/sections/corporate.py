"""Section 2: every corporate indicator, by aim, with counts and priorities."""

import pandas as pd

from mpr_lib import words
from mpr_lib.book.tables import officers
from mpr_lib.columns import NAMED
from mpr_lib.report import blocks
from mpr_lib.report.sections.cells import indicator_table
from mpr_lib.rules.codes import slug


def corporate(report) -> list | None:
    """What readers may choose by, counts over all, then for each aim its priorities and a table that counts them."""
    if not report.has_own:
        return None
    rows, parts = report.corporate_rows, report.by_aim(report.corporate_rows)
    shown = [
        *filters(pd.concat([rows.iloc[:0], *parts.values()]), report.settings.aim_name),
        blocks.text(f"{words.counts_words(rows, 'corporate indicator')}."),
    ]
    for aim, part in parts.items():
        heading, id = f"corporate-aim-{slug(aim)}", f"corporate-{slug(aim)}"
        shown += [blocks.heading(3, aim_title(report, aim), heading), *_priorities(report, aim)]
        shown.append(indicator_table(report, part, id, words.counts_words(part), named_by=heading))
    return shown


FILTERS = {
    "outcome": "expected_outcome",
    "department": "department",
    "committee": "scrutiny_committee",
    "aim": "aim",
    "managed_by": "managed_by",
}
"""What readers of the page can choose rows by: what a table's row calls it, and the scorecard."""


def filters(rows, aim_name: str = "Aim") -> list:
    """The page's form to choose among ``rows``, which offers what occurs in their order; nothing without a choice."""
    named = {column: NAMED[column].heading for column in FILTERS.values()} | {"aim": aim_name}
    labels = dict(zip(rows["expected_outcome"], rows["outcome_label"], strict=True))
    found = []
    for name, column in FILTERS.items():
        values = rows[column].map(officers).explode().dropna() if name == "managed_by" else rows[column]
        options = [{"value": value, "text": labels.get(value, value)} for value in dict.fromkeys(values) if value]
        if len(options) > 1:
            found.append({"name": name, "label": named[column], "options": options})
    return [{"kind": "filter", "filters": found}] if found else []


def aim_title(report, aim: str) -> str:
    """How an aim heads its group, by the council's own word for it."""
    name = report.settings.aim_name
    return f"{name}: {aim}" if aim else f"No {words.lowered(name)} stated"


def _priorities(report, aim):
    priorities: list[str] = next((each.priorities for each in report.settings.aims if each.name == aim), [])
    listed = "; ".join(each.strip().rstrip(".") for each in priorities)
    return [blocks.text(f"Priorities: {listed}.")] if listed else []
