"""What was returned: reading, parsing and checking a workspace's files."""

from mpr_lib.book.book import Book, history_of, read_book, scorecard_of
from mpr_lib.book.workspace import Workspace

__all__ = ["Book", "Workspace", "history_of", "read_book", "scorecard_of"]
