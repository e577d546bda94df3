"""Fuzzed files: every kind of file that people send or write, changed by chance, and read as the library reads it.

Each ends in one of the library's own errors, or is read with no figure lost: what our own reading of the file finds
must be what was read, or among the cells that are reported. Anything else is a failure.
"""

import io
import random
import re
import signal
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

import pandas as pd

from campaigns.mutations import of_bytes, of_rows, read_csv, written
from campaigns.rounds import Tried
from mpr_lib.book import Workspace, history_of, read_book, scorecard_of, tables
from mpr_lib.book.commentary import read_comment
from mpr_lib.book.workspace import InputReader
from mpr_lib.checks import run_checks
from mpr_lib.errors import MprError
from mpr_lib.intake import importing
from mpr_lib.public.edition import make_public
from tests.helpers import REPOSITORY, SMALL, TESTS, small_workspace
from tests.intake.workbooks import invented, ods, ods_cell, xlsx

MONTH = pd.Period("2018-05")
NO_UNITS = pd.DataFrame(columns=["indicator_code", "unit", "decimals"])
"""No indicator is described, so no figure is worked out from its parts: what was typed is counted."""
TABLES = {
    "indicators.csv": partial(tables.read, columns=tables.INDICATORS, optional=tables.INDICATORS_OPTIONAL),
    "targets.csv": partial(tables.read, columns=tables.TARGETS, optional=tables.TARGETS_OPTIONAL),
    "stated_targets.csv": partial(tables.read, columns=tables.STATED_TARGETS, optional=tables.TARGETS_OPTIONAL),
    "judgements.csv": partial(tables.read, columns=tables.JUDGEMENTS),
    "comparisons.csv": partial(tables.read, columns=tables.COMPARISONS, optional=tables.COMPARISONS_OPTIONAL),
    "step_changes.csv": partial(tables.read, columns=tables.STEP_CHANGES),
    "returns/2018-05.csv": lambda reader, path: tables.returns(reader, [(MONTH, (1,), path)], NO_UNITS, True),
}
"""How each table is read."""
FIGURES = {
    "annual_target_low", "annual_target_high", "target_low", "target_high", "baseline", "amber_low", "amber_high",
    "gauge_low", "gauge_high", "numerator", "denominator", "rate", "tolerance", "decimals", "allowed_lag", "value",
    "year_introduced", "due_month", "financial_year", "month", "until", "definition_break", "last_month",
    "reported_from",
}  # fmt: skip
"""Columns of which every cell with a digit must be read or reported."""
PLAIN = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,6})?(%?)")
"""Texts of which we know the number without the library."""
SECONDS = 30
"""Processor time after which a file holds everybody up."""

SETTINGS = {
    "params/report.yml": (
        "council: Smallford Council (invented)\npublisher: Performance team\ntitle: Monthly report\nlanguage: en-GB\n"
        "contacts:\n  - name: A. Person\n    email: a.person@example.org\naims:\n  - name: SAFE\n"
        "default_tolerance: 0.05\nlatest_month_age: 2\ncommittees:\n  - name: People\n    spellings: [people, P]\n"
        "no_value_words:\n  Annual KPI: NOT_DUE\n"
    ),
    "params/2018-05.yml": "month: 2018-05\ngenerated: 2018-06-21 10:00\nversion: V1.0\n",
    "params/expectations.yml": (
        "- {expectation: officer_is_one, severity: off, reason: 'We have none.'}\n"
        "- {name: value_is_above_zero, batch: returns, expect: ExpectColumnValuesToBeBetween, column: number,\n"
        "   min_value: 0, severity: warning, characteristic: accuracy, means: No figure is below 0.,\n"
        "   found: '{place}: it is below 0.', do: Ask.}\n"
    ),
}
IMPORTS = "headings:\n  value: [Actual, Result]\ncodes:\n  CP 1.1: [CP1.1, '1.1']\n"
STEPS = (
    "indicator_code,month,reason,role,date,reported_from\n"
    "3.1,2018-04,New lamps,Head,2018-05-02,2018-05\n3.10,2017-11,Contract,Head,2018-05-02,\n"
)
COMMENT = (
    "---\nrole: Head of Service\ndate: 2018-06-20\nstate: approved\n---\nRepairs fell by 12.5% to 1,544 in May.\n\n"
    "Action: 3 more lamps a day, from 1 July.\n"
)
MATCHES = (
    "indicator_code,file,words,fingerprint,role,date\n3.10,data/commentary/2018-05/3-1.md,potholes,0,Head,2018-06-01\n"
)
UNITS = {"CP 1.1": "%", "CP 1.2": "number", "CP 1.3": "£", "CP 1.4": "days"}
SENT = [
    ["Code", "Month", "Value", "Note"],
    ["CP 1.1", "2018-06", "96%", "As before"],
    ["CP 1.2", "2018-06", "1544", ""],
    ["CP 1.3", "2018-06", "£2,000", "Estimate, see mail"],
    ["CP 1.4", "2018-06", "7.25", ""],
    ["CP 1.2", "2018-04", "1500", "Corrected"],
]
"""What a department sends."""


class TooLong(BaseException):
    """A file that keeps the library busy. No reader may take it for a fault of the file."""


class Fuzz:
    """Files changed by chance, in this process."""

    NAME, COUNT = "fuzz", 10_000

    def __init__(self, folder: Path):
        self.folder = folder
        extra = {
            **SETTINGS,
            "data/step_changes.csv": STEPS,
            "data/commentary/2018-05/3-1.md": COMMENT,
            "data/public_matches.csv": MATCHES,
        }
        hidden = SMALL["data/indicators.csv"].replace("\n", ",public\n", 1).replace(",,,,,,,\n3.10", ",,,,,,,,\n3.10")
        extra["data/indicators.csv"] = hidden.removesuffix("\n") + ",false\n"
        self.small = Workspace(small_workspace(folder / "small", extra))
        self.alone = Workspace(small_workspace(folder / "alone"))
        self.intake = Workspace(invented(folder / "intake", UNITS, imports__yml=IMPORTS))
        roots = (REPOSITORY, *(TESTS / "councils").iterdir(), folder / "small")
        self.tables = {name: [raw for root in roots for raw in _sources(root, name)] for name in TABLES}
        self.known_book = cache(importing.known_book)
        self.xls = sorted((TESTS / "intake/files").glob("*.xls"))

    def attempt(self, number: int, chance: random.Random) -> Tried:
        """Change one file and read it."""
        (kind,) = chance.choices([*KINDS], [weight for weight, _ in KINDS.values()])
        problems: list[str] = []
        counts = {"read": 0, "figures": 0}
        try:
            with warnings.catch_warnings(), _limited():
                warnings.simplefilter("ignore")
                problems = KINDS[kind][1](self, chance, counts)
                counts["read"] = 1
        except MprError as error:
            if not str(error).strip():
                problems = [f"{type(error).__name__} without a message"]
        except (Exception, TooLong) as error:  # noqa: BLE001 - this is what is looked for
            problems = [f"{type(error).__name__}: {error}"[:300]]
            counts["tracebacks"] = 1
        return Tried(kind, problems, counts)

    @staticmethod
    def figures(tried: list[Tried]) -> list[tuple[str, str]]:
        """How many files were read and refused, and what became of their figures."""
        total: Counter[str] = Counter()
        for each in tried:
            total.update({name: int(count) for name, count in each.measured.items()})
        lost = sum(len(each.failures) for each in tried if not each.measured.get("tracebacks"))
        return [
            ("files refused in a sentence", f"{len(tried) - total['read'] - total['tracebacks']:,}"),
            ("files read", f"{total['read']:,}"),
            ("figures in them, counted apart", f"{total['figures']:,}"),
            ("tracebacks", f"{total['tracebacks']:,}"),
            ("figures and words lost without a word", f"{lost:,}"),
        ]

    def _table(self, chance, counts):
        """A table by its own reader: every cell is there as it was typed, every figure read or reported."""
        name = chance.choice([*TABLES])
        raw = _changed_table(chance.choice(self.tables[name]), chance)
        path = self.alone.data / name
        path.write_bytes(raw)
        reader = InputReader(self.alone)
        frame = TABLES[name](reader, path)
        return list(_lost_cells(raw, frame, pd.concat(reader.problems), counts))

    def _comment(self, chance, counts):
        """A comment: no digit of its words is lost."""
        path = self.alone.commentary_folder(MONTH) / "3-1.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = of_bytes(COMMENT.encode(), chance)
        path.write_bytes(raw)
        comment = read_comment(self.alone, MONTH, "3.1")
        given = "".join(re.findall(r"\d", raw.decode("utf-8-sig")))
        fields = "".join((comment.role, comment.date, comment.state, comment.public))
        kept = "".join(re.findall(r"\d", fields + comment.text))
        counts["figures"] += len(given)
        # Front matter is YAML, in which a remark or a key says nothing, and keys may come in another order.
        same = given == kept if not fields else given.endswith("".join(re.findall(r"\d", comment.text)))
        return [] if same else [f"digits {given} became {kept}"]

    def _settings(self, chance, counts):
        """Settings, which the whole book needs."""
        name = chance.choice([*SETTINGS])
        with _instead(self.small.root / name, of_bytes(SETTINGS[name].encode(), chance)):
            read_book(self.small, MONTH)
        return []

    def _public(self, chance, counts):
        """What is confirmed for the public edition."""
        rows = written(of_rows(read_csv(MATCHES), chance), chance)
        raw = rows if chance.random() < 0.5 else of_bytes(MATCHES.encode(), chance)
        with (
            _instead(self.small.data / "public_matches.csv", raw),
            tempfile.TemporaryDirectory(dir=self.folder) as folder,
        ):
            make_public(self.small, str(MONTH), Path(folder, "x"))
        return []

    def _month(self, chance, counts):
        """A whole month with one file changed: every figure that was sent is the book's, or a finding names its row."""
        name = chance.choice(("returns/2018-05.csv",) * 3 + ("indicators.csv", "targets.csv", "judgements.csv"))
        path = self.small.data / name
        raw = _changed_table(path.read_bytes(), chance, of_bytes_too=False)
        with _instead(path, raw):
            book = read_book(self.small, MONTH)
            history = history_of(book)
            quality = run_checks(book, scorecard_of(book, history), history)
        broken = [f"the check {each.name} could not be run" for each in quality.expectations if not each.ran]
        return broken + (list(_unaccounted(raw, book, quality, counts)) if name.startswith("returns") else [])

    def _sent(self, chance, counts):
        """A workbook or text file from a department: a line, or a refusal, for each row with a figure."""
        rows = of_rows(SENT, chance) if chance.random() < 0.85 else SENT
        if not rows:
            return []
        kind = chance.choice(("xlsx", "ods", "csv", "csv"))
        path = self.folder / f"sent.{kind}"
        intact = True
        if kind == "csv":
            path.write_bytes(written(rows, chance))
        elif kind == "ods":
            ods(path, [f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows])
        else:
            cells = [[_xlsx_cell(cell) for cell in row] for row in rows]
            xlsx(path, [[cell.replace("\x00", "") if isinstance(cell, str) else cell for cell in row] for row in cells])
        if chance.random() < 0.35:
            intact = False
            path.write_bytes(of_bytes(path.read_bytes(), chance) if kind == "csv" else _damaged(path, chance))
        plan = self._planned(path)
        return list(_without_line(rows, plan, counts)) if intact else []

    def _planned(self, path):
        """The plan of an import into a workspace that stays as it is, whose book is read once."""
        with patch.object(importing, "known_book", self.known_book):
            return importing.plan_import(self.intake, MONTH + 1, [path])

    def _old_workbook(self, chance, counts):
        """An old workbook, whose bytes have no sum of their own."""
        path = self.folder / "sent.xls"
        path.write_bytes(of_bytes(chance.choice(self.xls).read_bytes(), chance))
        self._planned(path)
        return []

    def _mapping(self, chance, counts):
        """How a council's departments name their headings."""
        path = self.folder / "sent.csv"
        path.write_bytes(written(SENT, random.Random(0)))
        with _instead(self.intake.data / "imports.yml", of_bytes(IMPORTS.encode(), chance)):
            self._planned(path)
        return []


KINDS = {
    "table": (43, Fuzz._table), "comment": (11, Fuzz._comment), "settings": (12, Fuzz._settings),
    "imports.yml": (3, Fuzz._mapping), "public matches": (5, Fuzz._public), "sent": (24, Fuzz._sent),
    "month": (0.4, Fuzz._month), "old workbook": (1.6, Fuzz._old_workbook),
}  # fmt: skip
"""How often each kind of file is tried, of a hundred, and how. A whole month costs a hundred tables."""


@contextmanager
def _limited() -> Iterator[None]:
    """End what takes too long of the processor."""

    def stop(number, frame):
        raise TooLong(f"more than {SECONDS} seconds of the processor")

    usual = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, usual)


@contextmanager
def _instead(path: Path, raw: bytes) -> Iterator[None]:
    usual = path.read_bytes()
    path.write_bytes(raw)
    try:
        yield
    finally:
        path.write_bytes(usual)


def _sources(root, name):
    paths = sorted((root / "data/returns").glob("*.csv")) if name.startswith("returns") else [root / "data" / name]
    return [path.read_bytes() for path in paths if path.is_file()]


def _changed_table(raw, chance, of_bytes_too=True):
    rows = read_csv(raw.decode("utf-8-sig"))
    if of_bytes_too and chance.random() < 0.4:
        return of_bytes(raw, chance)
    return written(of_rows(rows, chance), chance)


def _lost_cells(raw, frame, problems, counts):
    """Cells of a file that are not in the frame as they were typed, and figures neither read nor reported."""
    heading, *rows = read_csv(raw.decode("utf-8-sig"))
    heading = [cell.strip() for cell in heading]
    reported = set(zip(problems["row"], problems["column"], strict=True))
    read = {row["row"]: row for row in frame.to_dict("records")}
    for number, cells in enumerate(rows, start=2):
        for column, text in zip(heading, (cell.strip() for cell in cells), strict=False):
            if not text or not column:
                continue
            row, place = read.get(number), f"row {number}, column {column}: '{text[:60]}'"
            if row is None:
                yield f"{place} is in no row that was read"
                continue
            found = row.get("value_text" if column == "value" else f"{column}_text", row.get(column))
            if isinstance(found, str) and found != text:
                yield f"{place} was read as '{found[:60]}'"
            if column not in FIGURES or not re.search(r"\d", text):
                continue
            counts["figures"] += 1
            number_read = row["number"] if column == "value" else row[column]
            if (number, column) in reported:
                continue
            if pd.isna(number_read):
                yield f"{place} was neither read nor reported"
            known = PLAIN.fullmatch(text)
            if known and isinstance(number_read, float) and column != "financial_year":
                expected = float(text.replace(",", "").rstrip("%"))
                if number_read != expected:
                    yield f"{place} was read as {number_read}"


def _unaccounted(raw, book, quality, counts):
    """Figures of a return that are not in the book, and of whose row no finding speaks."""
    heading, *rows = read_csv(raw.decode("utf-8-sig"))
    columns = {name.strip(): place for place, name in enumerate(heading)}
    file = "data/returns/2018-05.csv"
    told = {each.row for each in quality.findings if each.file == file}
    kept = pd.concat([book.values, book.others.values])
    stands = set(zip(kept["indicator_code"], kept["month_text"], kept["value_text"], strict=True))
    for number, cells in enumerate(rows, start=2):
        cells = [cell.strip() for cell in cells] + [""] * len(heading)
        code, month, value = (cells[columns[name]] for name in ("indicator_code", "month", "value"))
        if re.search(r"\d", value):
            counts["figures"] += 1
            if number not in told and (code, month, value) not in stands:
                yield f"{file} row {number}: '{value[:60]}' ({code!r}, {month!r}) is not in the book, nor is that said"


def _ods_cell(text):
    safe = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
    return ods_cell(safe)


def _xlsx_cell(text):
    """What a spreadsheet makes of a text that is typed into it: a number, where it is one."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    text = ILLEGAL_CHARACTERS_RE.sub("", text)[:30_000]
    return float(text) if re.fullmatch(r"-?\d{1,9}(\.\d{1,4})?", text) else text


def _damaged(path, chance):
    """A workbook with its bytes changed, or those of one of its parts, packed again."""
    raw = path.read_bytes()
    if chance.random() < 0.3:
        return of_bytes(raw, chance)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    parts[name] = of_bytes(parts[name], chance)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return packed.getvalue()


def _without_line(rows, plan, counts):
    """Rows below the headings that have a figure, of which the plan says nothing."""
    headings = [number for number, row in enumerate(rows) if "Value" in row and "Code" in row]
    if not headings:
        return
    column = rows[headings[0]].index("Value")
    said = {int(re.search(r"(\d+)$", line.where)[1]) for line in plan.lines}
    remarks = " ".join(plan.remarks)
    for number, row in enumerate(rows[headings[0] + 1 :], start=headings[0] + 2):
        if len(row) > column and re.search(r"\d", row[column]):
            counts["figures"] += 1
            if number not in said and not re.search(rf"\D{number}\b", remarks):
                yield f"row {number}, {row!r:.120}: the import says nothing of it"
