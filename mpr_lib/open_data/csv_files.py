"""CSV files: the scorecard, the values and the points of charts, as any tool reads them the same way."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from mpr_lib import words
from mpr_lib.book import history_of
from mpr_lib.columns import Column
from mpr_lib.files import csv_text, safe_cell
from mpr_lib.rules.codes import in_natural_order


def write_table(frame: pd.DataFrame, columns: tuple[Column, ...], path: Path) -> None:
    """Write a table's published columns, one line per row."""
    frame = published(frame, said_in(frame, columns))
    rows = zip(*(each_once(frame[name], open_text) for name in frame), strict=True)
    path.write_bytes(csv_text(chain([frame.columns], rows)).encode())


def each_once(values: pd.Series, say: Callable) -> list:
    """What ``say`` makes of each of a column's values, asked once for all that are the same."""
    places, different = pd.factorize(values, use_na_sentinel=False)
    said = list(map(say, different))
    return [said[place] for place in places]


def said_in(frame: pd.DataFrame, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns without the optional ones in which a table says nothing."""
    return tuple(each for each in columns if not each.optional or (frame[each.name] != "").any())


def published(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """A table's published columns, in order, with no more digits than each keeps."""
    if "comment_mark" in frame:
        frame = frame.assign(commentary=list(map(words.comment_words, frame.itertuples())))
    frame = frame.reindex(columns=names(columns))
    kept = {each.name: [float(f"{number:.{each.digits}g}") for number in frame[each.name]]
            for each in columns if each.digits}  # fmt: skip
    return frame.assign(**kept)


def known_values(book, history: pd.DataFrame) -> pd.DataFrame:
    """The history's rows for which something was received, with the text of that: one per indicator and month.

    With those of indicators that have ended: a series stays where readers look for it.
    """
    if len(book.others.values):
        history = in_natural_order(pd.concat([history, history_of(book.others)]))
    known = history[history["received"].notna()]
    is_sum = known["number"].notna() & (known["number"] != known["value"])
    text = known["value_text"].mask(is_sum, known["received_text"])
    return known.assign(reporting_month=book.month, value_text=text)


def names(columns: tuple[Column, ...]) -> list[str]:
    return [column.name for column in columns]


def said(column: Column, looks) -> dict[str, str]:
    """What a column's codes are called, the outcomes as the council calls them; nothing for a column without codes."""
    usual = getattr(words, column.words) if column.words else {}
    usual = {code: words.capitalised(word) for code, word in usual.items()}
    if column.words == "ASSURANCES":
        usual["NOT_JUDGED"] = words.VARIATIONS["NOT_JUDGED"]
    return looks.names(usual) if column.words == "OUTCOMES" else usual


def open_text(value) -> str:
    """A value as open data has it: numbers as short as they are exact, months YYYY-MM, missing empty.

    >>> [open_text(value) for value in (733333.0, 0.51, True, pd.Period("2018-05"), float("nan"), pd.NaT)]
    ['733333', '0.51', 'true', '2018-05', '', '']
    """
    if isinstance(value, str):
        return safe_cell(value.replace("\r\n", "\n"))
    if pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_ | pd.Period):
        return str(value).lower()
    return np.format_float_positional(float(value) + 0.0, trim="-")
