"""Records shown: on a card, in the workbook and the open data, and on the cover what kinds of indicators there are."""

from pathlib import Path

from mpr_lib import words
from mpr_lib.files import csv_text, safe_cell
from mpr_lib.records.records import CHECKED, COLUMNS, HEADINGS, KINDS, MIX, PATH, TEXTS
from mpr_lib.report import blocks
from mpr_lib.rules.codes import in_natural_order


def card(report, row) -> dict[str, list]:
    """What the record says of an indicator, behind "About this indicator"."""
    records = report.book.annexes["records"]
    own = records[records["indicator_code"] == row.indicator_code]
    facts = _facts(next(own.itertuples())) if len(own) else []
    return {"more": [blocks.details("About this indicator", blocks.facts(facts))]} if facts else {}


def _facts(record):
    last = record.last_checked and f"last on {words.day_words(str(record.last_checked))}"
    checked = ", ".join(filter(None, (CHECKED.get(record.checked_every), last)))
    said = {"What it measures": KINDS.get(record.kind), **{HEADINGS[name]: getattr(record, name) for name in TEXTS}}
    said["Checked"] = words.capitalised(checked)
    return [(term, text) for term, text in said.items() if text]


def notes(report) -> list[str]:
    """A sentence with the mix of kinds, where records say any."""
    kinds = _shown(report.book, report.scorecard)["kind"].tolist()
    counts = {kind: kinds.count(kind) for kind in MIX if kind in kinds}
    said = [f"{words.number_words(count)} {MIX[kind][count > 1]}" for kind, count in counts.items()]
    rest = len(report.scorecard) - sum(counts.values())
    more = f"; of {words.number_words(rest)} that is not said" * bool(rest)
    return [f"Of {words.counted(len(report.scorecard), 'indicator')}, {words.joined(said)}{more}."] if said else []


def sheets(book, scorecard) -> dict[str, tuple]:
    """The records of the report's indicators as a worksheet, where there are any."""
    records = _shown(book, scorecard)
    rows = records.assign(kind=[KINDS.get(kind, "") for kind in records["kind"]]).values.tolist()
    return {"Records": ("One row per indicator that has a record.", list(HEADINGS.values()), rows)} if rows else {}


def write_csv(book, scorecard, history, points, generated: str, folder: Path) -> None:
    """Write records.csv, where the report's indicators have records."""
    rows = _shown(book, scorecard).map(safe_cell).values.tolist()
    if rows:
        (folder / PATH).write_bytes(csv_text([COLUMNS, *rows]).encode())


def files(book) -> list[str]:
    """The name of the file that ``write_csv`` writes, if it does."""
    return [PATH] * bool(len(_shown(book, book.indicators)))


def _shown(book, scorecard):
    """The records of the report's indicators as texts: COLUMNS, in natural order."""
    records = book.annexes["records"]
    own = in_natural_order(records[records["indicator_code"].isin(scorecard["indicator_code"])])
    return own.assign(last_checked=own["last_checked_text"])[COLUMNS]
