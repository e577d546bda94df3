"""Earlier comments: what was said of an indicator in the months before."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from mpr_lib.book import Workspace
from mpr_lib.desk.saving import read_comment
from mpr_lib.errors import InputError, MonthTextError
from mpr_lib.rules.months import read_month


@dataclass(frozen=True)
class EarlierComment:
    """A comment of an earlier month."""

    month: pd.Period
    text: str
    role: str = ""
    date: str = ""
    state: str = ""


def comments_over_time(workspace: Workspace, code: str, until: pd.Period) -> Iterator[EarlierComment]:
    """The comments on an indicator up to a month, the newest first; a file that cannot be read is passed over."""
    folder = workspace.data / "commentary"
    months = [month for month in map(_month, folder.iterdir()) if month and month <= until] if folder.is_dir() else []
    for month in sorted(months, reverse=True):
        try:
            comment = read_comment(workspace, month, code)
        except InputError:
            continue
        if comment.text:
            yield EarlierComment(month, comment.text, **comment.fields)


def comment_before(workspace: Workspace, code: str, month: pd.Period) -> EarlierComment | None:
    """The newest comment of the months before, if there is one."""
    return next(comments_over_time(workspace, code, month - 1), None)


def same_words(text: str, other: str) -> bool:
    """Whether two comments say the same, word for word."""
    return text.split() == other.split()


def _month(folder):
    try:
        month = read_month(folder.name) if len(folder.name) == 7 else None
    except MonthTextError:
        return None
    return month if month is not None and str(month) == folder.name else None
