"""The parts of a finance report: what the file of each holds, how its lines are judged, and how it is read."""

from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from mpr_lib.book.commentary import split_front_matter
from mpr_lib.book.tables import Cells
from mpr_lib.book.workspace import InputReader
from mpr_lib.errors import InputError
from mpr_lib.finance.amounts import read_money

STATUSES = {
    "OVERSPEND": ("Overspend", "AT_RISK"),
    "SLIGHT_OVERSPEND": ("Slight overspend", "SOME_SLIPPAGE"),
    "ON_BUDGET": ("On budget", "ON_COURSE"),
    "UNDERSPEND": ("Underspend", "ON_COURSE"),
    "SHORTFALL": ("Shortfall", "AT_RISK"),
    "SLIGHT_SHORTFALL": ("Slight shortfall", "SOME_SLIPPAGE"),
    "ON_TARGET": ("On target", "ON_COURSE"),
    "ABOVE_TARGET": ("Above target", "ON_COURSE"),
    "BELOW_MINIMUM": ("Below minimum", "AT_RISK"),
    "ABOVE_MINIMUM": ("At least the minimum", "ON_COURSE"),
    "NO_MINIMUM": ("No minimum set", "NO_TARGET"),
    "ABOVE_LIMIT": ("Above limit", "AT_RISK"),
    "WITHIN_LIMIT": ("Within limit", "ON_COURSE"),
    "NO_LIMIT": ("No limit set", "NO_TARGET"),
    "NOT_KNOWN": ("Not known", "NO_VALUE"),
}
"""Each status in words, and the expected outcome whose shape and colour it shares."""


@dataclass(frozen=True)
class FinancePart:
    """One part, from its file's columns to its page's headings.

    ``line`` names its lines, each of which needs the ``required`` amounts; amounts, a rate among them, and texts may be
    left out. ``now`` is what the year comes to, ``against`` what that is compared with, ``limit`` what it must not
    pass.
    """

    name: str
    title: str
    line: str
    required: tuple[str, ...]
    amounts: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    now: str = "forecast"
    against: str = ""
    limit: str = ""
    headings: dict[str, str] = field(default_factory=dict)


_SPENT = {"budget": "Budget", "actual": "Spent to date", "forecast": "Forecast outturn", "variance": "Variance"}
_SAVED = {"target": "Target", "delivered": "Delivered to date", "forecast": "Forecast", "variance": "Variance"}
_HELD = {"opening": "Opening balance", "variance": "Movement", "forecast": "Forecast closing balance",
         "minimum": "Minimum"}  # fmt: skip
_LENT = {"balance": "Balance", "rate": "Average rate", "limit": "Limit"}
_ALL = (
    FinancePart(
        "revenue", "Revenue", "service", ("budget", "forecast"), amounts=("actual", "variance"), against="budget",
        headings={**_SPENT, "share": "Variance, % of budget"},
    ),
    FinancePart(
        "capital", "Capital programme", "scheme", ("budget", "forecast"), amounts=("actual", "variance"),
        texts=("service",), against="budget", headings=_SPENT,
    ),
    FinancePart(
        "savings", "Savings", "saving", ("target", "forecast"), amounts=("delivered", "variance"), texts=("service",),
        against="target", headings=_SAVED,
    ),
    FinancePart(
        "reserves", "Reserves", "reserve", ("opening", "forecast"), amounts=("movement", "minimum"), against="opening",
        limit="minimum", headings=_HELD,
    ),
    FinancePart(
        "treasury", "Treasury management", "line", ("balance",), amounts=("limit", "rate"), now="balance",
        against="limit", limit="limit", headings=_LENT,
    ),
)  # fmt: skip
PARTS = {part.name: part for part in _ALL}
"""The parts of a finance report, in order: each is data/finance/MONTH/PART.csv, with its commentary in PART.md."""

AMOUNTS = ("budget", "actual", "target", "delivered", "opening", "forecast")
"""Amounts that add up over lines; minimums, limits and treasury's balances do not."""


def is_total(lines: pd.Series) -> pd.Series:
    """Which lines are a stated total: Total, Net total, Total net expenditure …"""
    return lines.astype("str").str.fullmatch(r"((net|grand) )?totals?\b.*", case=False)


def summed(amounts) -> Decimal | None:
    """The sum, or None where an amount is missing."""
    known = list(amounts)
    return None if None in known else sum(known, Decimal(0))


def status(name: str, plan, forecast, limit, tolerance: Decimal) -> str:
    """The status of one line of a part; ``tolerance`` is the share of the plan that still counts as slight.

    >>> status("revenue", Decimal(1000), Decimal(1005), None, Decimal("0.01"))
    'SLIGHT_OVERSPEND'
    """
    if forecast is None or (plan is None and not PARTS[name].limit):
        return "NOT_KNOWN"
    if name == "reserves":
        return "NO_MINIMUM" if limit is None else "BELOW_MINIMUM" if forecast < limit else "ABOVE_MINIMUM"
    if name == "treasury":
        return "NO_LIMIT" if limit is None else "ABOVE_LIMIT" if forecast > limit else "WITHIN_LIMIT"
    saved = name == "savings"
    adverse = plan - forecast if saved else forecast - plan
    if adverse <= 0:
        good, even = ("ABOVE_TARGET", "ON_TARGET") if saved else ("UNDERSPEND", "ON_BUDGET")
        return good if adverse else even
    bad = "SHORTFALL" if saved else "OVERSPEND"
    return f"SLIGHT_{bad}" if adverse <= tolerance * abs(plan) else bad


@dataclass(frozen=True, eq=False)
class Finance:
    """One month's finance report as received.

    ``tables`` has the parts that were given, in order: line, service, amounts as Decimals (None where missing; an
    amount that the file does not have is no column; a variance is as stated), file, row. ``commentary`` has text, role,
    date, file by part. ``unread`` names the files of a month that has no finance section. ``tolerance`` is the share of
    a budget by which an overspend is still slight.
    """

    is_due: bool = False
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    commentary: dict[str, dict] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    tolerance: Decimal = Decimal("0.01")

    def lines(self, name: str) -> pd.DataFrame:
        """A part's lines without a stated total, with variance, share and status added.

        ``variance`` is the forecast less what was planned (of reserves: the movement), None where either is missing;
        ``share`` its share of the plan. All is decided in pounds, whatever they are shown in.
        """
        lines = self.tables[name]
        kept = lines if name == "treasury" else lines[~is_total(lines["line"])]
        return self._judged(name, kept.reset_index(drop=True))

    def total(self, name: str):
        """The lines' total as one more row, a named tuple; an amount that some line lacks is missing in it."""
        lines = self.lines(name)
        sums = {column: [summed(lines[column])] for column in lines if column in AMOUNTS}
        row = pd.DataFrame({"line": ["Total"], **sums}, dtype=object)
        return next(self._judged(name, row).itertuples(index=False))

    def _judged(self, name, lines):
        part, nobody = PARTS[name], [None] * len(lines)
        plans = nobody if name == "treasury" else lines[part.against]
        limits, found = lines.get(part.limit, nobody), []
        for plan, amount, limit in zip(plans, lines[part.now], limits, strict=True):
            gap = None if None in (plan, amount) else amount - plan
            share = gap / abs(plan) if plan and gap is not None else None
            found.append((gap, share, status(name, plan, amount, limit, self.tolerance)))
        return lines.assign(**pd.DataFrame(found, lines.index, ["variance", "share", "status"], dtype=object))


def read_finance(reader: InputReader, month: pd.Period, settings) -> Finance:
    """The finance report of a month that has one.

    Raises ``InputError`` for a file that is no part of a finance report, and for files that cannot be used.
    """
    folder = reader.workspace.data / "finance" / str(month)
    paths = sorted(folder.glob("[!.]*"))
    names = {path.name: reader.workspace.relative(path) for path in paths}
    if month.month not in settings.finance_months:
        return Finance(unread=tuple(names.values()))
    expected = {f"{part}.csv" for part in PARTS} | {f"{part}.md" for part in ("summary", *PARTS)}
    wanted = f"Expected {', '.join(PARTS)} as .csv, and these or summary as .md."
    if names.keys() - expected:
        strangers = [each for name, each in names.items() if name not in expected]
        raise InputError([f"{each} is no part of a finance report. {wanted}" for each in strangers])
    frames = {name: _read_part(reader, folder / f"{name}.csv", part, month)
              for name, part in PARTS.items() if f"{name}.csv" in names}  # fmt: skip
    texts = [path for path in paths if path.suffix == ".md"]
    commentary = {path.stem: said for path in texts if (said := _read_words(reader, path))}
    return Finance(True, frames, commentary, tolerance=Decimal(str(settings.finance_tolerance)))


def _read_part(reader, path, known, month):
    texts = reader.table(path, [known.line, *known.required], (*known.amounts, *known.texts))
    blank = [column for column in known.amounts if (texts[column] == "").all()]
    frame, cells = texts.assign(line=texts[known.line]).drop(columns=blank), Cells(texts)
    for column in (*known.required, *known.amounts):
        if column not in blank:
            frame[f"{column}_text"] = texts[column]
            frame[column] = cells.typed(column) if column == "rate" else cells.read_by(read_money, column)
    reader.problems.append(cells.problems(pd.Series(month, texts.index, dtype="period[M]")))
    return frame


def _read_words(reader, path):
    name = reader.workspace.relative(path)
    fields, body = split_front_matter(reader.text(path), name)
    return {"text": body, "role": "", "date": "", **fields, "file": name} if body else None
