"""The new year: its targets proposed from those of the year before, as rows for the analyst to look at and change.

Rows are added to data/targets.csv and data/stated_targets.csv; none that stands there is changed.
"""

from dataclasses import dataclass, field

import pandas as pd

from mpr_lib import words
from mpr_lib.book import read_book, tables
from mpr_lib.book.settings import read_report_settings
from mpr_lib.book.workspace import InputReader, Workspace, append_rows
from mpr_lib.errors import InputError
from mpr_lib.files import told_if_not_written
from mpr_lib.rules.codes import natural_key
from mpr_lib.rules.months import month_label
from mpr_lib.rules.rating import known_or_none, rate
from mpr_lib.rules.targets import standing, with_target
from mpr_lib.rules.values import format_number, read_target

TARGETS, STATED = FILES = ("data/targets.csv", "data/stated_targets.csv")
COLUMNS = ("indicator_code", "for", "target_low", "target_high", "profile", "baseline", "remark")
"""What is shown of each row that is proposed."""


@dataclass
class Proposal:
    """The rows that are proposed, as texts by column: for each file, and as people are shown them."""

    year: str
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {name: [] for name in FILES})
    shown: list[tuple[str, ...]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, name: str, row: dict[str, str]) -> None:
        """Take a row of a file in."""
        self.rows[name].append(row)
        cells = {"for": row.get("financial_year", row.get("month")), "target_low": row.get("annual_target_low"),
                 "target_high": row.get("annual_target_high"), **row}  # fmt: skip
        self.shown.append(tuple(cells.get(column) or "" for column in COLUMNS))


def propose(workspace: Workspace, text: str) -> Proposal:
    """The rows of a financial year, which ``text`` names: those of the year before, as they are written there.

    Months that are stated go on by a year. A baseline is the figure of the old year's last month, and empty where
    there is none yet. Indicators that are in no report of the new year are left out. Raises ``InputError`` for what
    names no year, for one without a year before it and for one that has its targets.
    """
    reader = InputReader(workspace)
    years = read_report_settings(reader).years
    year, _ = tables.read_cell("financial_year", text, years)
    if not year:
        raise InputError(f"'{text}' is no financial year. Expected one such as {years.label(2019)}.")
    first = years.months(year)[0]
    book = read_book(workspace, max(str(first), workspace.newest_return), begun=True)
    known = set(book.indicators["indicator_code"])
    columns = {TARGETS: (tables.TARGETS, "financial_year"), STATED: (tables.STATED_TARGETS, "month")}
    targets, stated = (_standing(reader, name, *named, years, first) for name, named in columns.items())
    before, there = (with_target(book.targets, book.stated_targets, each, years) for each in (year - 1, year))
    if not before:
        raise InputError(
            f"{TARGETS} has no target for {years.label(year - 1)}, so there is nothing to propose those of "
            f"{years.label(year)} from."
        )
    if not before & known - there:
        raise InputError(f"{TARGETS} has the targets of {years.label(year)} already. Nothing is proposed.")
    made, codes = Proposal(years.label(year)), known - there
    targets = targets[targets["of"] == year - 1]
    for row in targets[targets["indicator_code"].isin(codes)].to_dict("records"):
        made.add(TARGETS, _annual(row, years, year, book))
    stated = stated[stated["of"].isin(years.months(year - 1)) & stated["indicator_code"].isin(codes)]
    for row in stated.to_dict("records"):
        made.add(STATED, {**row, **_NEW, "month": str(row["of"] + 12)})
    staying, gone = (sorted(each, key=natural_key) for each in (before & there, {*targets["indicator_code"]} - known))
    if staying:
        made.remarks.append(f"There already, and as it was: {_named(staying)}.")
    if gone:
        made.remarks.append(f"In no report of {made.year}, so nothing is proposed: {_named(gone)}.")
    return made


_NEW = dict.fromkeys(("confirmed", "reported_from", "reason"), "")
"""What a row says of how it came about, which is not said of the new year's."""


def _standing(reader, name, columns, of, years, month):
    """A file's targets as texts, those that stand at the end of the old year, with what each is ``of``."""
    texts = reader.table(reader.workspace.root / name, columns, tables.TARGETS_OPTIONAL)
    read = {column: [tables.read_cell(each, text, years)[0] for text in texts[each]]
            for column, each in (("of", of), ("reported_from", "reported_from"))}  # fmt: skip
    read["reported_from"] = pd.PeriodIndex(read["reported_from"], freq="M")
    return standing(texts.assign(**read), month - 1, ["indicator_code", "of"])


def _annual(row, years, year, book):
    """A row of the old year as that of the new one, with what people should know of it."""
    named = str(year) if row["financial_year"].isdigit() else years.label(year)
    new = {**row, **_NEW, "financial_year": named, "baseline": "", "remark": ""}
    if row["profile"].upper().replace(" ", "_") != "LINEAR_FROM_BASELINE":
        return new
    last = years.months(year)[0] - 1
    ended = book.values[(book.values["indicator_code"] == row["indicator_code"]) & (book.values["month"] == last)]
    if ended["number"].isna().all():
        return new | {"remark": f"baseline left empty: there is no figure for {month_label(last)} yet"}
    found = next(ended.itertuples())
    remark = f"baseline: the figure for {month_label(last)}, '{found.value_text}'"
    polarity = known_or_none(book.indicators.loc[book.indicators["indicator_code"] == found.indicator_code, "polarity"])
    old = read_target(row["annual_target_low"] or row["annual_target_high"])
    if old and rate(found.number, *old[:2], polarity="".join(polarity[:1])) == "GREEN":
        remark += ", meets this target already: set another"
    return new | {"baseline": format_number(found.number), "remark": remark}


def _named(codes):
    return words.joined([*codes[:5], *([f"{len(codes) - 5} more"] if len(codes) > 5 else [])])


def summary(made: Proposal, written: bool) -> list[str]:
    """What people should know of a proposal, a line each."""
    counts = [f"{words.counted(len(made.rows[name]), 'row')} for {name}" for name in FILES]
    said = "Written" if written else "Nothing was written yet. To write them, add --write"
    return [*made.remarks, f"{made.year}: {words.joined(counts)}.", f"{said}."]


def write(workspace: Workspace, made: Proposal) -> None:
    """Add the rows at the ends of their files, in the order of each file's own headings.

    Raises ``RunError`` where a file cannot be written: it is as it was.
    """
    for name, rows in made.rows.items():
        with told_if_not_written(name, " It is as it was before."):
            append_rows(workspace, name, [], rows)
