"""Revisions: what later returns changed of figures that had been received before."""

import pandas as pd

COLUMNS = [
    "indicator_code",
    "month",
    "received",
    "was_text",
    "was",
    "value_text",
    "number",
    "is_proxy",
    "note",
    "file",
    "row",
]


def revisions(returns: pd.DataFrame) -> pd.DataFrame:
    """Every change to a figure once it had been received, in order of receipt.

    ``returns`` is the book's. Returns ``COLUMNS``: ``was`` and ``was_text`` stood before, ``number`` and ``value_text``
    came instead (no number: the figure was withdrawn), ``note`` is the reason given. A first number for a month is no
    revision whatever stood there before, nor is the same number written differently; an empty cell takes nothing back.
    """
    heard = says_something(returns).drop_duplicates(["indicator_code", "month", "file"], keep="last")
    by_figure = heard.groupby(["indicator_code", "month"], sort=False)
    was, was_text = by_figure["number"].shift(), by_figure["value_text"].shift()
    had_number = heard["number"].notna().groupby([heard["indicator_code"], heard["month"]]).cumsum()
    had_number -= heard["number"].notna()
    same = (heard["number"] == was) | (heard["number"].isna() & was.isna())
    found = heard.assign(was=was, was_text=was_text.fillna("").astype("str"))
    return found.loc[(had_number > 0) & ~same, COLUMNS].reset_index(drop=True)


def says_something(returns: pd.DataFrame) -> pd.DataFrame:
    """The rows of returns that give a number or a reason for none: an empty cell, or one that cannot be read, gives
    neither. Needs month, number, no_value_reason."""
    given = returns["number"].notna() | ~returns["no_value_reason"].isin(["", "NOT_SUPPLIED"])
    return returns[given & returns["month"].notna()]


def net(changes: pd.DataFrame) -> pd.DataFrame:
    """Revisions of each figure as one, from what stood first to what stands last; none where that is the same."""
    keys = ["indicator_code", "month"]
    first = changes.drop_duplicates(keys).set_index(keys)[["was", "was_text"]]
    last = changes.drop_duplicates(keys, keep="last").drop(columns=["was", "was_text"])
    both = last.join(first, on=keys)[COLUMNS]
    return both[both["number"].ne(both["was"])].reset_index(drop=True)
