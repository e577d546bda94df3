"""Choices: what readers of the page can choose the whole report's indicators by."""

from mpr_lib import words
from mpr_lib.book.tables import committees, officers
from mpr_lib.columns import NAMED, SHOWN
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.outcome import OUTCOMES

_COLUMNS = {"committee": "scrutiny_committee", "outcome": "expected_outcome"}
FILTERS = {
    name: _COLUMNS.get(name, name) for name in ["committee", "department", "outcome", "variation", "managed_by", "aim"]
}
"""What readers choose by: what a table's row and an article call it, and the scorecard."""
_SEVERAL = {"committee": committees, "managed_by": officers}


def choices(report) -> list:
    """The page's form to choose among all indicators, which offers what occurs; nothing where there is no choice.

    Options are in the settings' order, and those that no setting orders in that of letters.
    """
    rows, settings = report.scorecard, report.settings
    named = {column: NAMED[column].heading for column in FILTERS.values()} | {"aim": settings.aim_name}
    named |= {"variation": SHOWN["signal"].heading}
    labels = words.VARIATIONS | dict(zip(rows["expected_outcome"], rows["outcome_label"], strict=True))
    ordered = {
        "committee": [each.name for each in settings.committees],
        "department": [*settings.departments, settings.no_single_department],
        "outcome": OUTCOMES,
        "variation": SHOWN["signal"].sort.split(),
        "aim": [each.name for each in settings.aims],
    }
    found = []
    for name, column in FILTERS.items():
        there = set(rows[column].map(_SEVERAL.get(name, lambda cell: [cell])).explode().dropna()) - {""}
        values = [each for each in ordered.get(name, ()) if each in there]
        values += sorted(there - set(values), key=natural_key)
        if len(values) > 1:
            options = [{"value": each, "text": labels.get(each, each)} for each in values]
            found.append({"name": name, "label": named[column], "options": options})
    return [{"kind": "filter", "filters": found}] if len(rows) > 1 else []
