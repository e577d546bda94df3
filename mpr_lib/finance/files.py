"""Finance files: a month's revenue, capital, savings, reserves and treasury tables, and the words about them."""

from dataclasses import dataclass, field

import pandas as pd

from mpr_lib.book import tables
from mpr_lib.book.commentary import split_front_matter
from mpr_lib.book.tables import Cells
from mpr_lib.book.workspace import InputReader
from mpr_lib.errors import InputError
from mpr_lib.finance.amounts import read_money


@dataclass(frozen=True)
class FinanceTable:
    """The columns of one finance file: what names a line, amounts that each line needs, and what may be left out."""

    line: str
    required: tuple[str, ...]
    amounts: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()

    @property
    def optional(self) -> tuple[str, ...]:
        return (*self.amounts, *self.rates, *self.texts)


PARTS = {
    "revenue": FinanceTable("service", ("budget", "forecast"), ("actual", "variance")),
    "capital": FinanceTable("scheme", ("budget", "forecast"), ("actual", "variance"), ("service",)),
    "savings": FinanceTable("saving", ("target", "forecast"), ("delivered", "variance"), ("service",)),
    "reserves": FinanceTable("reserve", ("opening", "forecast"), ("movement", "minimum")),
    "treasury": FinanceTable("line", ("balance",), ("limit",), rates=("rate",)),
}
"""The parts of a finance report, in its order; each is a file data/finance/MONTH/PART.csv."""

WORDS = ("summary", *PARTS)
"""What commentary there may be: data/finance/MONTH/summary.md and one for each part."""


@dataclass(frozen=True, eq=False)
class Finance:
    """One month's finance report as received.

    ``tables`` has the parts that were given, in order: line, service, amounts as Decimals (None where missing; an
    amount that the file does not have is no column), stated_variance, file, row. ``commentary`` has text, role, date,
    file by part. ``unread`` names the files of a month that has no finance section.
    """

    is_due: bool = False
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    commentary: dict[str, dict] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def read_finance(reader: InputReader, month: pd.Period, settings) -> tuple[Finance, pd.DataFrame]:
    """The finance report of a month that has one, and the cells of it that could not be read.

    Raises ``InputError`` for a file that is no part of a finance report, and for files that cannot be used.
    """
    folder = reader.workspace.finance_folder(month)
    paths = sorted(path for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []
    if month.month not in settings.finance_months:
        return Finance(unread=tuple(reader.workspace.relative(path) for path in paths)), tables.no_problems()
    _refuse_strangers(reader, paths)
    frames, problems = {}, [tables.no_problems()]
    for part in PARTS:
        if folder / f"{part}.csv" in paths:
            frames[part], found = _read_part(reader, folder / f"{part}.csv", PARTS[part], month)
            problems += [found] * bool(len(found))
    words = {part: folder / f"{part}.md" for part in WORDS if folder / f"{part}.md" in paths}
    commentary = {part: said for part, path in words.items() if (said := _read_words(reader, path))}
    return Finance(True, frames, commentary), pd.concat(problems[1:] or problems, ignore_index=True)


def _read_part(reader, path, known, month):
    texts = reader.table(path, [known.line, *known.required], known.optional)
    cells = Cells(texts)
    given = [column for column in known.optional if (texts[column] != "").any()]
    frame = pd.DataFrame({"line": texts[known.line]}, index=texts.index)
    for column in (*known.required, *(column for column in known.amounts if column in given)):
        frame["stated_variance" if column == "variance" else column] = cells.read_by(read_money, column)
        frame[f"{column}_text"] = texts[column]
    for column in known.rates:
        frame[column], frame[f"{column}_text"] = cells.numbers(column), texts[column]
    for column in known.texts:
        frame[column] = texts[column]
    if known.line == "service":
        frame["service"] = texts["service"]
    months = pd.Series(pd.PeriodIndex([month] * len(texts), freq="M"), texts.index)
    return frame.assign(file=texts["file"], row=texts["row"]), cells.problems(months)


def _read_words(reader, path):
    name = reader.workspace.relative(path)
    fields, body = split_front_matter(reader.text(path), name)
    return {"text": body, "role": "", "date": "", **fields, "file": name} if body else None


def _refuse_strangers(reader, paths):
    expected = {f"{part}.csv" for part in PARTS} | {f"{part}.md" for part in WORDS}
    strangers = [reader.workspace.relative(path) for path in paths if path.name not in expected]
    wanted = f"Expected {', '.join(PARTS)} as .csv, and these or summary as .md."
    if strangers:
        raise InputError([f"{name} is no part of a finance report. {wanted}" for name in strangers])
