"""Received: what officers sent for each report, late, provisional, revised or not at all, as it happens."""

from collections import defaultdict

import pandas as pd

from mpr_lib.book import tables
from tools.demo.agreed import CORRECTED, REPORTS, text, text_of
from tools.demo.measured import MONTHS, POPULATION, chance, parts_of

LATE, REVISED = 0.02, 0.015
"""How many of a hundred figures come a month late, and are sent again because they were wrong."""

SILENT = {"FB 3.5": pd.Period("2025-08", freq="M")}
"""Indicators of which nothing more has come since a month."""

WITHOUT = {
    ("FB 4.5", "2023-08"): "N/A",
    ("FB 4.5", "2025-05"): "N/A",
    ("FB 1.5", "2024-08"): "-",
    ("FB 3.2", "2023-12"): "",
    ("FB 2.5", "2025-12"): "TBC",
}
PROXY = ("FB 3.8",)
PROVISIONAL = ("FP 1.2", "FP 3.4")
COMPUTED = ("FB 4.9",)
"""Indicators that nobody sends: computed.csv has their formulas."""

COUNTED = {"FP 1.2": pd.Period("2025-03", freq="M")}
"""Rates of which only the parts come, since a month: the report computes them."""

_WHY = ("Two forms were counted twice", "A late form changed the figure", "The wrong month was sent first",
        "Cases were moved to the month in which they began")  # fmt: skip
_COLUMNS = [*tables.RETURNS, "numerator", "denominator", "provisional"]


def files(measured: list[dict], figures: dict) -> dict[str, str]:
    """The return of each report, and the one with which a report was corrected."""
    rows = defaultdict(list)
    for row in (row for row in measured if row["indicator_code"] not in COMPUTED):
        for month, value in figures[row["indicator_code"]].items():
            for received, *cells in _sent(row, month, value):
                if received <= REPORTS[-1]:
                    rows[max(received, REPORTS[0])].append([row["indicator_code"], month, *cells])
    found = {f"data/returns/{month}.csv": text_of(_COLUMNS, rows[month]) for month in REPORTS}
    phoned = figures["FB 5.4"][CORRECTED]
    why = "The evening line's calls were left out"
    corrected = [["FB 5.4", CORRECTED, f"{phoned:.0f}%", why, "", "", ""]]
    return {**found, f"data/returns/{CORRECTED}.v1.1.csv": text_of(_COLUMNS, corrected)}


def _sent(row, month, value):
    """Every row that was sent about one month: the return it came with, its value, note, parts and mark."""
    code, draw = row["indicator_code"], chance(row["indicator_code"], month, "sent")
    due, kind = month + int(row["allowed_lag"]), draw.random()
    said, parts = text(value, row), _parts(row, value)
    counted = code in COUNTED and month >= COUNTED[code]
    if code in SILENT and month > SILENT[code]:
        return [(due, "TBC", "The NHS trust's new system sends nothing yet", *_NOTHING)]
    if (code, str(month)) in WITHOUT:
        return [(due, WITHOUT[code, str(month)], "", *_NOTHING)]
    if due <= REPORTS[0]:
        return [(due, said, "", *parts, "")]
    if code in PROXY:
        return [(due, f"Proxy {text(value * draw.uniform(0.96, 1.05), row)}", "", *_NOTHING),
                (due + 1, said, "The final figure", *parts, "")]  # fmt: skip
    if code in PROVISIONAL:
        first = text(value * draw.uniform(0.985, 1.01), row)
        return [(due, first * (not counted), "", *_parts(row, float(first.replace(",", ""))), "p"),
                (due + 3, said * (not counted), "The final figure", *parts, "")]  # fmt: skip
    if (code, month) == ("FB 5.4", CORRECTED):
        return [(due, text(value - 4, row), "", *_NOTHING)]
    if kind < LATE and month != MONTHS[-1]:
        return [(due, "TBC", "", *_NOTHING), (due + 1, said, "", *parts, "")]
    if kind < LATE + REVISED and row["basis"] != "CUMULATIVE":
        return [(due, text(value * draw.uniform(0.97, 0.99), row), "", *parts, ""),
                (due + draw.randint(1, 2), said, draw.choice(_WHY), *parts, "")]  # fmt: skip
    return [(due, said, "", *parts, "")]


_NOTHING = ("", "", "")


def _parts(row, value):
    return parts_of(row, value) if row["indicator_code"] in POPULATION else ("", "")
