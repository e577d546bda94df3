"""Sent: the files in which officers sent the newest month's figures, imported as ``mpr import`` does."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pandas as pd

from mpr_lib.book import Workspace
from mpr_lib.book.tables import RETURNS
from mpr_lib.files import csv_text
from mpr_lib.intake.importing import plan_import, write_return
from mpr_lib.rules.codes import slug
from tools.demo import LAST

DAY = date(2026, 1, 8)
_COLUMNS = [*RETURNS, "numerator", "denominator"]
_HEADINGS = ["PI Code", "Month", "Actual", "Note", "Numerator", "Denominator"]


def files(folder: Path, measured: list[dict]) -> dict[str, str]:
    """Where the newest return's figures were received, and the officers' files; ``folder`` has all that is known."""
    place, month = Workspace(folder), pd.Period(LAST, freq="M")
    department = {row["indicator_code"]: row["department"] for row in measured}
    rows = defaultdict(list)
    for row in pd.read_csv(place.return_file(month), dtype=str, keep_default_na=False)[_COLUMNS].values.tolist():
        rows[department[row[0]]].append(row)
    sent = []
    for name, figures in rows.items():
        sent.append(folder / f"{slug(name)}-{LAST}.csv")
        sent[-1].write_text(csv_text([_HEADINGS, *figures]), encoding="utf-8", newline="\n")
    write_return(place, plan_import(place, month, sent), DAY)
    made = [place.sources_file(month), *sorted((place.data / "received").iterdir())]
    return {place.relative(path): path.read_text(encoding="utf-8") for path in made}
