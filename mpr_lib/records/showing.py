"""Records shown: on a card, in the workbook and the open data, and on the cover what kinds of indicators there are."""

from pathlib import Path

from mpr_lib import words
from mpr_lib.files import csv_text, safe_cell
from mpr_lib.records.records import COLUMNS, KINDS, PATH, TEXTS
from mpr_lib.report import blocks
from mpr_lib.rules.codes import in_natural_order

CHECKED = {
    "MONTHLY": "Every month", "QUARTERLY": "Every quarter", "YEARLY": "Every year", "TWO_YEARLY": "Every two years",
}  # fmt: skip
MIX = {
    "OUTCOME": ("measures an outcome", "measure outcomes"),
    "OUTPUT": ("measures an output", "measure outputs"),
    "VIEW": ("asks for users' views", "ask for users' views"),
    "COST": ("measures a cost", "measure costs"),
}
"""What the indicators of each kind do, one of them and several."""


def card(report, row) -> dict[str, list]:
    """What the record says of an indicator, behind "About this indicator"."""
    records = report.book.annexes["records"]
    found = next(records[records["indicator_code"] == row.indicator_code].itertuples(), None)
    facts = _facts(found) if found else []
    return {"more": [blocks.details("About this indicator", blocks.facts(facts))]} if facts else {}


def _facts(record):
    last = record.last_checked and f"last on {words.day_words(str(record.last_checked))}"
    checked = ", ".join(filter(None, (CHECKED.get(record.checked_every), last)))
    said = {"What it measures": KINDS.get(record.kind), **{TEXTS[name]: getattr(record, name) for name in TEXTS}}
    said["Checked"] = checked[:1].upper() + checked[1:]
    return [(term, text) for term, text in said.items() if text]


def notes(report) -> list[str]:
    """A sentence with the mix of kinds, where records say any."""
    kinds = _of_report(report.book, report.scorecard)["kind"]
    counts = {kind: int((kinds == kind).sum()) for kind in MIX if (kinds == kind).any()}
    said = [f"{words.number_words(count)} {MIX[kind][count > 1]}" for kind, count in counts.items()]
    rest = len(report.scorecard) - sum(counts.values())
    more = f"; of {words.number_words(rest)} that is not said" * bool(rest)
    return [f"Of {words.counted(len(report.scorecard), 'indicator')}, {words.joined(said)}{more}."] if counts else []


def sheets(book, scorecard) -> dict[str, tuple]:
    """The records of the report's indicators as a worksheet, where there are any."""
    records = _of_report(book, scorecard)
    headings = ["Indicator code", "Kind", *TEXTS.values(), "Checked every", "Last checked"]
    rows = [[row[0], KINDS.get(row[1], ""), *row[2:]] for row in _rows(records)]
    return {"Records": ("One row per indicator that has a record.", headings, rows)} if rows else {}


def write_csv(book, scorecard, history, points, generated: str, folder: Path) -> None:
    """Write records.csv, where the report's indicators have records."""
    rows = [[safe_cell(text) for text in row] for row in _rows(_of_report(book, scorecard))]
    if rows:
        (folder / PATH).write_bytes(csv_text([COLUMNS, *rows]).encode())


def files(book) -> list[str]:
    """The name of the file that ``write_csv`` writes, if it does."""
    records = book.annexes["records"]
    return [PATH] * bool(records["indicator_code"].isin(book.indicators["indicator_code"]).any())


def _of_report(book, scorecard):
    records = book.annexes["records"]
    return in_natural_order(records[records["indicator_code"].isin(scorecard["indicator_code"])])


def _rows(records):
    return records[[*COLUMNS[:-1], "last_checked_text"]].values.tolist()
