"""The chase list: what a month's report still waits for, of whom, and what stands that will not last."""

import pandas as pd

from mpr_lib.book.book import Book, scorecard_of
from mpr_lib.book.commentary import read_commentary
from mpr_lib.book.tables import officers
from mpr_lib.book.workspace import InputReader
from mpr_lib.checks.frames import lag_allowed
from mpr_lib.checks.suites import expected
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.outcome import is_exception, standing_judgements
from mpr_lib.rules.owed import owed_values


def owed_commentary(scorecard: pd.DataFrame, commented_before) -> pd.DataFrame:
    """The scorecard's rows whose commentary is owed: exceptions, and those that had one in the report before.

    ``scorecard`` needs indicator_code, expected_outcome, commentary.
    """
    wanted = is_exception(scorecard) | scorecard["indicator_code"].isin(set(commented_before))
    return scorecard[wanted & (scorecard["commentary"] == "")]


def standing_proxies(values: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """The figures that still stand in for true ones, up to a month."""
    return values[values["is_proxy"] & (values["month"] <= month)]


def lapsing_judgements(judgements: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """The judgements that stand in a month, end with it or with the next, and have no other to follow them."""
    standing = standing_judgements(judgements, month)
    standing = standing.assign(until=standing["until"].fillna(standing["month"]))
    lapsing = []
    for end in (month, month + 1):
        followed = standing_judgements(judgements, end + 1)["indicator_code"]
        lapsing.append(standing[(standing["until"] == end) & ~standing["indicator_code"].isin(followed)])
    return pd.concat(lapsing, ignore_index=True)


COLUMNS = ["indicator_code", "short_name", "department", "managed_by", "kind", "month", "late_by", "newest_month",
           "value_text", "expected_outcome"]  # fmt: skip
OWED = ("value", "commentary")
"""The kinds that a report waits for; the others are told so that nobody is surprised."""


def chase_list(book: Book) -> pd.DataFrame:
    """``COLUMNS``, one row for each figure and each comment that is owed, each proxy, and each judgement that lapses.

    ``month`` is the figure's, the reporting month of a comment, the last one of a judgement. ``late_by`` (months) and
    ``newest_month`` are of figures alone; ``expected_outcome`` is why a comment is owed (empty: there was one in the
    report before) or what was judged. In natural order of code, by kind.
    """
    indicators = book.indicators.assign(allowed_lag=lag_allowed(expected(book)[0], book.indicators))
    # Nobody can send what is computed: its inputs are asked for.
    indicators = indicators[~indicators["indicator_code"].isin(book.computed)]
    parts = {
        "value": owed_values(indicators, book.values, book.month, book.settings.years),
        "commentary": _commentary(book),
        "proxy": standing_proxies(book.values, book.month),
        "judgement": lapsing_judgements(book.judgements, book.month).assign(month=lambda frame: frame["until"]),
    }
    ordered = [part.sort_values("month", kind="stable").assign(kind=kind) for kind, part in parts.items()]
    found = pd.concat(ordered).sort_values("indicator_code", key=lambda codes: codes.map(natural_key), kind="stable")
    described = book.indicators.drop_duplicates("indicator_code")
    described = described[["indicator_code", "short_name", "department", "managed_by"]]
    found = found.merge(described, on="indicator_code").reindex(columns=COLUMNS)
    return found.fillna({"value_text": "", "expected_outcome": ""})


def groups(listed: pd.DataFrame, by: str) -> list[tuple[str, pd.DataFrame]]:
    """The list by ``officer`` or ``department``, in order of letters, those that nobody answers for last.

    Of two officers each gets the row; shared_with names the other.
    """
    names = listed["managed_by"].map(officers) if by == "officer" else listed["department"].map(lambda name: [name])
    found = listed.assign(group=names, names=names).explode("group").fillna({"group": ""})
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
