"""What was returned: reading, parsing and checking a workspace's files.

The names below are loaded when they are first asked for: a run starts its kernel before it needs pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpr_lib.book.book import Book, history_of, month_named, read_book, scorecard_of, signals_of
    from mpr_lib.book.workspace import Workspace, enter

__all__ = ["Book", "Workspace", "enter", "history_of", "month_named", "read_book", "scorecard_of", "signals_of"]

_HOMES = dict.fromkeys(["Workspace", "enter"], "mpr_lib.book.workspace")


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "mpr_lib.book.book")), name)
