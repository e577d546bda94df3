"""Widths: how the columns of a table with comments share its width on the page, where they are not the usual ones."""

USUAL = ("code", "name", "polarity", "month", "value", "target", "annual", "outcome", "direction", "committee")
"""The columns beside the comment that the style sheet lays out."""

_WIDTHS = {"code": "4.5rem", "name": "minmax(13rem, 2.4fr)", "outcome": "13.25rem", "trend": "8rem"}
_OTHERS = "minmax(4.5rem, .9fr)"


def column_widths(columns: list[dict]) -> str:
    """The widths as CSS says them for a grid; empty for the usual columns.

    >>> column_widths([{"key": key} for key in ("code", "name", "value", "comment")])
    '4.5rem minmax(13rem, 2.4fr) minmax(4.5rem, .9fr)'
    """
    keys = tuple(column["key"] for column in columns[:-1])
    return "" if keys == USUAL else " ".join(_WIDTHS.get(key, _OTHERS) for key in keys)
