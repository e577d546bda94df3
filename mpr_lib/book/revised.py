"""Revised: the revisions that a month's report lists, and what they did to ratings that had been published."""

from dataclasses import replace

import pandas as pd

from mpr_lib.book.book import Book, history_of, newest_values
from mpr_lib.rules.revisions import net, revisions

_KEYS = ["indicator_code", "month"]


def revisions_of(book: Book) -> pd.DataFrame:
    """What the returns for this month's report revised (``mpr_lib.rules.revisions``), one row for each figure.

    A corrected issue lists what its own corrections revised too.
    """
    return net(_received_now(book))


def rated_revisions(book: Book, history: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The revisions of this month's report with the ratings before and after, and other ratings that changed with them.

    Adds rating_then, target_then_text, rating and target_text. The second frame has the months whose own figure is the
    same and whose target follows a revised one (``LAST_YEAR``). Ratings before are worked out from the figures of then
    with the targets, tolerances and definitions of now.
    """
    found = revisions_of(book)
    if found.empty:
        return found.assign(rating_then="", target_then_text="", rating="", target_text=""), found
    now = history.set_index(_KEYS)[["rating", "target_text", "value_text"]]
    then = _history_before(book).set_index(_KEYS)[["rating", "target_text"]]
    both = now.join(then.set_axis(["rating_then", "target_then_text"], axis=1))
    listed = found.join(both.drop(columns="value_text"), on=_KEYS)
    last = book.month if book.month_settings.corrections else book.month - 1
    others = both[(both["rating"] != both["rating_then"]) & (both.index.get_level_values("month") <= last)]
    return listed, others.drop(index=pd.MultiIndex.from_frame(found[_KEYS]), errors="ignore").reset_index()


def marked(frame: pd.DataFrame, book: Book, month_column: str = "month") -> pd.DataFrame:
    """Add is_revised: whether the figure of the row's indicator and month has ever been revised."""
    changed = revisions(book.returns)
    keys = set(zip(changed["indicator_code"], changed["month"], strict=True))
    pairs = zip(frame["indicator_code"], frame[month_column], strict=True)
    return frame.assign(is_revised=[pair in keys for pair in pairs] if keys else False)


def _received_now(book):
    changes = revisions(book.returns)
    return changes[changes["received"] == book.month]


def _history_before(book):
    """The history as it was before this month's revisions: with what was received for the first time, without them."""
    changes = _received_now(book)
    rows = pd.MultiIndex.from_frame(book.returns[["file", "row"]])
    kept = book.returns[~rows.isin(pd.MultiIndex.from_frame(changes[["file", "row"]]))]
    return history_of(replace(book, returns=kept, values=newest_values(kept)))
