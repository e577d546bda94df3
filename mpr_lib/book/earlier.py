"""Earlier: the books of the reports before this one, each as it was known in its own month."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from mpr_lib.book.book import Book, newest_values

MONTHS_BACK = 12


def earlier_books(book: Book, months_back: int = MONTHS_BACK) -> Iterator[Book]:
    """The books of the months before, newest first, as far back as there is a report (params of its own) without a gap.

    They share everything but the figures: only returns received by then count. Commentary and that month's own
    settings are not read again, and the inputs are the book's.
    """
    for back in range(1, months_back + 1):
        month = book.month - back
        if not book.workspace.month_settings(month).is_file() or not book.workspace.return_file(month).is_file():
            return
        yield as_at(book, month)


def as_at(book: Book, month: pd.Period) -> Book:
    """The book with only those figures that had been received by a month."""
    received = book.returns[book.returns["received"] <= month]
    nothing = book.commentary.iloc[:0]
    return replace(book, month=month, returns=received, values=newest_values(received), commentary=nothing)
