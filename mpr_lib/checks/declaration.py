"""Declaration: how one expectation is written down, and how its findings are worded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mpr_lib.checks.findings import Finding
from mpr_lib.words import in_words


@dataclass(frozen=True)
class Expectation:
    """One data-quality rule.

    ``table`` is a check table (``tables.py``); ``gx`` names the expectation class, Great Expectations' or our own, and
    ``arguments`` are its own, where ``{"$PARAMETER": …}`` stands for what only the book knows. ``message`` and
    ``action`` are filled in from the row that fails: its columns in words, ``{place}`` (file, row, column, indicator
    and month), ``{cell}`` (the same without the month), ``{found}`` (the text at fault, from the column that ``found``
    names) and ``{officer}``. Failing rows alike in ``one_per`` make one finding, of the first of them.
    """

    name: str
    table: str
    severity: str
    characteristic: str
    gx: str
    arguments: Mapping[str, Any]
    column: str
    found: str
    means: str
    message: str
    action: str
    one_per: tuple[str, ...] = field(default=())

    def finding(self, row: Mapping[str, Any]) -> Finding:
        """The finding that a failing row of the check table makes."""
        words = {key: in_words(value) for key, value in row.items()}
        words["row"] = "" if pd.isna(row["row"]) else str(int(row["row"]))
        words["found"] = words[self.found]
        words["officer"] = words.get("managed_by") or "the indicator's officer"
        words["column"] = words.get("column") or self.column
        where = (words["file"], words["row"], words["column"])
        words["cell"] = place(*where, words["indicator_code"])
        words["place"] = place(*where, words["indicator_code"], words["month"])
        return Finding(
            expectation=self.name,
            severity=self.severity,
            characteristic=self.characteristic,
            indicator_code=words["indicator_code"],
            month="" if pd.isna(row["month"]) else str(row["month"]),
            file=words["file"],
            row=int(words["row"]) if words["row"] else None,
            column=words["column"],
            found=words["found"],
            message=self.message.format_map(words),
            action=self.action.format_map(words),
        )

    def failure(self, error: str) -> Finding:
        """The finding that this expectation itself could not be run."""
        return Finding(
            self.name, "critical", self.characteristic, "", "", "", None, "", "",
            f"The check '{self.name}' could not be run ({error}). So it is not known whether the data meets it: "
            f"{self.means}",
            "Tell whoever looks after this report. Nothing is published until the check runs.",
        )  # fmt: skip


def place(file: str, row: str, column: str, code: str, month: str = "") -> str:
    """Where something stands, as every message begins.

    >>> place("data/returns/2018-05.csv", "14", "value", "CP 3.9", "May 2018")
    'data/returns/2018-05.csv row 14, column value (CP 3.9, May 2018)'
    """
    of = ", ".join(part for part in (code, month) if part)
    cell = (f" row {row}" if row else "") + (f", column {column}" if column else "")
    return f"{file}{cell}" + (f" ({of})" if of else "")
