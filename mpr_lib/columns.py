"""Columns: what each column of the scorecard is called, holds and means, for page, PDF, key, workbook and open data.

To change a column of a table of indicators, change its lines in columns.yml; what its cells say is made in
mpr_lib/report/sections.
"""

from dataclasses import dataclass, field

from mpr_lib.files import packaged

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
"""What the workbook has instead of an empty cell."""


@dataclass(frozen=True)
class Shown:
    """A column of the report's tables of indicators.

    ``cell`` says what its cells hold: code, text, number, outcome, direction, variation, prose or trend. ``sort`` says
    what the page sorts them by: words, number, month, its codes in their order with a space between, or nothing.
    ``least`` is how narrow it may get in a table without comments, and ``width`` its share in one with them, both as
    CSS says it. A heading and a meaning may hold what the report fills in, such as ``{year}``, ``{than}``, ``{rated}``.
    """

    key: str
    heading: str
    meaning: str = ""
    cell: str = "text"
    sort: str = "words"
    least: str = ""
    width: str = "minmax(min-content, .9fr)"


@dataclass(frozen=True)
class Column:
    """A column of the scorecard: as open data has it and, where the report shows it, as the page does.

    ``type`` is a Frictionless field type, empty for what is no open data; ``titled`` is its heading where that is not
    its name in words; ``missing`` is what the workbook has instead of an empty cell. ``words`` is the dictionary of the
    words module that says the column's codes for people, and lists the allowed ones. ``digits`` are those that a number
    worked out from many keeps, so that every machine writes the same; 0 keeps all. A table in which an ``optional`` one
    says nothing does not have it.
    """

    name: str
    type: str = ""
    description: str = ""
    titled: str = ""
    missing: str = NOT_AVAILABLE
    words: str = ""
    digits: int = 0
    optional: bool = False
    shown: Shown | None = field(default=None, kw_only=True)

    @property
    def heading(self) -> str:
        return self.titled or self.name.replace("_", " ").capitalize()


_TABLES = packaged("columns.yml")


def _column(said):
    """A column as its lines say it; a name alone is the scorecard's column."""
    if isinstance(said, str):
        return NAMED[said]
    return Column(**{**said, "shown": Shown(**said["shown"]) if "shown" in said else None})


COLUMNS: tuple[Column, ...] = tuple(map(_column, _TABLES["scorecard"]))
NAMED = {column.name: column for column in COLUMNS}
SCORECARD = tuple(column for column in COLUMNS if column.type)
"""The open data of the scorecard: one row per indicator."""
VALUES = tuple(map(_column, _TABLES["values"]))
"""The open data of all values: one row per indicator and month for which something was received."""
POINTS = tuple(map(_column, _TABLES["points"]))
"""The open data of process charts: one row per point, and one for each month between that has none."""

SHOWN = {column.shown.key: column.shown for column in COLUMNS if column.shown}
"""What a table of indicators can show, by the keys that params/report.yml uses."""

_FIGURES = ("code", "name", "polarity", "month", "value", "target", "annual", "outcome", "direction")
_STANDING = (*_FIGURES, "signal", "trend", "managed_by", "committee")
TABLES = {"exceptions": (*_FIGURES, "committee", "comment"), "corporate": _STANDING, "partnership": _STANDING}
"""The columns of each section's tables, in order, where a council names none of its own."""

NEEDED = ("code", "name", "outcome")
"""Columns without which a row says neither what it is about nor how it stands."""

KEY = ("polarity", "month", "value", "target", "annual", "outcome", "comment", "direction", "signal", "trend")
"""The columns that the report's key explains, in order; the others explain themselves."""
