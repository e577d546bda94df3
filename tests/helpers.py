"""What several tests need: the tables of cases, and small workspaces to spoil."""

import csv
from pathlib import Path

import pandas as pd
import pytest

TESTS = Path(__file__).resolve().parent
REPOSITORY = TESTS.parent


def table(*path: str) -> list[dict[str, str]]:
    """The rows of a table under tests/ as texts, each under its heading."""
    with TESTS.joinpath(*path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(name: str) -> list:
    """The rows of tests/cases/NAME as parameters, each named by its inputs' first cell and its reason."""
    rows = table("cases", name)
    assert rows, f"{name} has no rows"
    return [pytest.param(row, id=f"{next(iter(row.values()))}: {row['why']}") for row in rows]


def number(text: str) -> float:
    """A plain number of a table of cases, NaN where the cell is empty."""
    return float(text) if text else float("nan")


def month(text: str):
    """A month of a table of cases, NaT where the cell is empty."""
    return pd.Period(text, freq="M") if text else pd.NaT


def months(texts) -> pd.PeriodIndex:
    return pd.PeriodIndex([month(text) for text in texts], freq="M")


def same(found: float, expected: str) -> bool:
    """Whether a number is exactly the one that a table states; an empty cell is no number."""
    return pd.isna(found) if expected == "" else found == float(expected)


def attempt(read, text: str, refusing: type[Exception]):
    """What reading a text gives and an empty message, or nothing and the message with which it was refused."""
    try:
        return read(text), ""
    except refusing as error:
        return None, str(error)
