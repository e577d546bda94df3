"""Measured: what Fernmouth counts, and the true figure of every month: level, trend, season and chance."""

import csv
import math
import random
from pathlib import Path

import pandas as pd

from mpr_lib.rules.months import FROM_APRIL, PERIODS
from tools.demo import LAST, SEED

START = pd.Period("2022-04", freq="M")
"""First month with figures: the financial year before the one that the first report compares with."""

MONTHS = pd.period_range(START, LAST, freq="M")
BEFORE = 2
"""Months that rolling quarters reach back before the first."""

POPULATION = {"FP 1.2": (46_200, 100_000), "FP 2.1": (92_400, 100), "FP 3.1": (151_000, 1_000)}
"""Rates that are sent with their parts: how many people, and per how many."""

CHANGED = {
    "FB 2.3": {"2025-06": 14},
    "FB 2.4": {"2024-04": 16},
    "FB 4.2": {"2024-06": -3, "2024-10": 8},
    "FB 4.8": {"2024-04": -2},
    "FB 5.4": {"2024-10": 3},
}
"""By how much a service has changed from a month on: what a signal is to find."""

_NUMBERS = ("level", "trend", "season", "noise")


def read_measured() -> list[dict]:
    """The rows of measured.csv, the numbers of each series as numbers."""
    with (Path(__file__).parent / "measured.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update({name: float(row[name]) for name in _NUMBERS}, decimals=int(row["decimals"]), peak=int(row["peak"]))
    return rows


def figures_of(row: dict) -> dict[pd.Period, float]:
    """The true figure of each month in which one is due, rounded as it is published."""
    monthly = _monthly(row)
    shown = {month: round(_on_basis(row["basis"], monthly, month), row["decimals"]) for month in MONTHS}
    if row["indicator_code"] in POPULATION:
        shown = {month: _rate(row, value) for month, value in shown.items()}
    return {month: value for month, value in shown.items() if _is_due(row, month)}


def parts_of(row: dict, value: float) -> tuple[int, int]:
    """A rate's numerator and denominator."""
    people, per = POPULATION[row["indicator_code"]]
    return round(value * people / per), people


def usual_course(row: dict) -> list[float]:
    """A year's twelve months as the season alone would have them, as shares of the year."""
    months = [row["level"] + _season(row, (place + 3) % 12 + 1) for place in range(12)]
    return [month / sum(months) for month in months]


def chance(*what) -> random.Random:
    """The same chances for the same thing every time, whatever else is drawn."""
    return random.Random("/".join((SEED, *map(str, what))))


def _monthly(row):
    """Each month by itself. What chance adds fades over the months, as it does in life."""
    draw, drift, found = chance(row["indicator_code"]), 0.0, {}
    for month in pd.period_range(START - BEFORE, LAST, freq="M"):
        drift = 0.6 * drift + draw.gauss(0, row["noise"])
        value = row["level"] + row["trend"] * (month - START).n / 12 + _season(row, month.month) + drift
        value += sum(by for since, by in CHANGED.get(row["indicator_code"], {}).items() if str(month) >= since)
        found[month] = _possible(row, value)
    return found


def _season(row, month):
    return row["season"] * math.cos(math.tau * (month - row["peak"]) / 12)


def _possible(row, value):
    value = max(value, 0.0)
    if row["unit"] == "%" and row["basis"] != "CUMULATIVE":
        value = min(value, 100.0)
    return float(round(value)) if row["basis"] == "CUMULATIVE" and not row["decimals"] else value


def _on_basis(basis, monthly, month):
    if basis in ("CUMULATIVE", "YTD_SNAPSHOT"):
        year = [monthly[month - back] for back in range(FROM_APRIL.month_number(month))]
        return sum(year) if basis == "CUMULATIVE" else sum(year) / len(year)
    if basis == "ROLLING_QUARTER":
        return sum(monthly[month - back] for back in range(BEFORE + 1)) / (BEFORE + 1)
    return monthly[month]


def _rate(row, value):
    numerator, people = parts_of(row, value)
    return round(numerator / people * POPULATION[row["indicator_code"]][1], row["decimals"])


def _is_due(row, month):
    last = int(row["due_month"] or 3)
    return (month.month - last) % PERIODS[row["frequency"]] == 0
