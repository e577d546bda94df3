"""What was returned: reading, parsing and checking a workspace's files.

The names below are loaded when they are first asked for: a run starts its kernel before it needs pandas.
"""

from typing import TYPE_CHECKING

from mpr_lib import named_later

if TYPE_CHECKING:
    from mpr_lib.book.book import Book, history_of, month_named, read_book, scorecard_of
    from mpr_lib.book.workspace import Workspace, enter

__all__ = ["Book", "Workspace", "enter", "history_of", "month_named", "read_book", "scorecard_of"]

_WORKSPACE = dict.fromkeys(["Workspace", "enter"], "mpr_lib.book.workspace")
__getattr__ = named_later(__name__, dict.fromkeys(__all__, "mpr_lib.book.book") | _WORKSPACE)
