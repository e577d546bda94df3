"""The chase list: what a month's report still waits for, of whom, and what stands that will not last."""

import pandas as pd

from mpr_lib.book.book import Book, scorecard_of
from mpr_lib.book.commentary import read_commentary
from mpr_lib.book.reading import InputReader
from mpr_lib.book.tables import officers
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.outcome import is_exception
from mpr_lib.rules.owed import lapsing_judgements, owed_commentary, owed_values, standing_proxies

COLUMNS = [
    "indicator_code",
    "short_name",
    "department",
    "managed_by",
    "kind",
    "month",
    "late_by",
    "newest_month",
    "value_text",
    "expected_outcome",
]
KINDS = ("value", "commentary", "proxy", "judgement")
OWED = ("value", "commentary")
"""The kinds that a report waits for; the others are told so that nobody is surprised."""


def chase_list(book: Book) -> pd.DataFrame:
    """``COLUMNS``, one row for each figure and each comment that is owed, each proxy, and each judgement that lapses.

    ``month`` is the figure's, the reporting month of a comment, the last one of a judgement. ``late_by`` (months) and
    ``newest_month`` are of figures alone; ``expected_outcome`` is why a comment is owed (empty: there was one in the
    report before) or what was judged. In natural order of code, by kind.
    """
    parts = {
        "value": owed_values(book.indicators, book.values, book.month, book.settings.first_month),
        "commentary": _commentary(book),
        "proxy": standing_proxies(book.values, book.month),
        "judgement": lapsing_judgements(book.judgements, book.month).drop(columns="month").rename(
            columns={"until": "month"}
        ),
    }  # fmt: skip
    found = pd.concat([part.assign(kind=kind) for kind, part in parts.items()], ignore_index=True)
    described = book.indicators.drop_duplicates("indicator_code").set_index("indicator_code")
    names = ["short_name", "department", "managed_by"]
    found = found[found["indicator_code"].isin(described.index)].join(described[names], on="indicator_code")
    return _in_order(found.reindex(columns=COLUMNS).fillna({"value_text": "", "expected_outcome": ""}))


def groups(listed: pd.DataFrame, by: str) -> list[tuple[str, pd.DataFrame]]:
    """The list by ``officer`` or ``department``, in order of letters, those that nobody answers for last.

    Of two officers each gets the row; shared_with names the other.
    """
    if by == "department":
        found = listed.assign(group=listed["department"], shared_with="")
    else:
        names = listed["managed_by"].map(lambda cell: officers(cell) or [""])
        found = listed.assign(group=names, names=names).explode("group")
        pairs = zip(found["group"], found.pop("names"), strict=True)
        found["shared_with"] = ["; ".join(name for name in names if name != group) for group, names in pairs]
    order = sorted(found["group"].unique(), key=lambda name: (not name, name.casefold()))
    return [(name, found[found["group"] == name].drop(columns="group")) for name in order]


def _commentary(book):
    """Comments owed; of an exception its expected outcome says why."""
    before = read_commentary(InputReader(book.workspace), book.month - 1, book.indicators["indicator_code"])
    owed = owed_commentary(scorecard_of(book), before["indicator_code"])
    why = owed["expected_outcome"].where(is_exception(owed), "")
    return pd.DataFrame({"indicator_code": owed["indicator_code"], "month": book.month, "expected_outcome": why})


def _in_order(found):
    codes = {code: place for place, code in enumerate(sorted(found["indicator_code"].unique(), key=natural_key))}
    by = {"code": found["indicator_code"].map(codes), "kind": found["kind"].map(KINDS.index)}
    order = pd.DataFrame({**by, "month": found["month"]}).sort_values(["code", "kind", "month"]).index
    return found.loc[order].reset_index(drop=True)
