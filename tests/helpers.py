"""What several tests need: the tables of cases, and small workspaces to spoil."""

import csv
import errno
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

TESTS = Path(__file__).resolve().parent
REPOSITORY = TESTS.parent


def needs(annex: str):
    """A mark for a test of the core that shows an annex too: it is skipped where the annex was taken out."""
    there = find_spec(f"mpr_lib.{annex}") is not None
    return pytest.mark.skipif(not there, reason=f"mpr_lib/{annex} is not there")


def lab_python(repo) -> str:
    """The Python of an environment with JupyterLab; brought up to date where every test has to run, else a skip."""
    return _python_of(repo, "lab", "No JupyterLab here, so this is not tried in it. 'make lab' sets it up")


def fleet_python(repo) -> str:
    """The Python of an environment with object storage and Dask, like ``lab_python``."""
    return _python_of(repo, "fleet", "No Dask and no store here. 'make fleet' sets them up")


def _python_of(repo, name, missing):
    named, ready = os.environ.get(f"MPR_{name.upper()}_PYTHON"), repo / f".venv-{name}" / ".ready"
    if named:
        return named
    if os.environ.get("CI") or os.environ.get("MPR_BROWSER") == "required":
        make = ["make", f".venv-{name}/.ready", f"PYTHON={os.environ.get('PYTHON') or sys._base_executable}"]
        run = subprocess.run(make, cwd=repo, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
    if not ready.exists():
        pytest.skip(f"{missing}; MPR_{name.upper()}_PYTHON names one.")
    return str(ready.parent / "bin" / "python")


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


SMALL = {
    "params/report.yml": (
        "council: Smallford Council (invented)\npublisher: Performance team\n"
        "contacts:\n  - name: A. Person\naims:\n  - name: SAFE\n"
    ),
    "params/2018-05.yml": "month: 2018-05\n",
    "data/indicators.csv": (
        "indicator_code,short_name,section,aim,department,contributing_departments,managed_by,scrutiny_committee,"
        "polarity,basis,unit,decimals,frequency,quarter_rows,allowed_lag,year_introduced,definition_break,gauge_low,"
        "gauge_high\n"
        "3.1,Street lights lit,,SAFE,,,,,MAXIMISE,SNAPSHOT,%,1,,,,,,,\n"
        "3.10,Potholes mended,,SAFE,,,,,MAXIMISE,CUMULATIVE,number,0,,,,,,,\n"
    ),
    "data/targets.csv": (
        "indicator_code,financial_year,annual_target_low,annual_target_high,profile,baseline,tolerance,amber_low,"
        "amber_high\n"
        '3.1,2018,95%,95%,FLAT,,,,\n3.10,2018,"1,200","1,200",LINEAR,,,,\n'
    ),
    "data/stated_targets.csv": "indicator_code,month,target_low,target_high\n",
    "data/judgements.csv": "indicator_code,month,until,expected_outcome,reason,role,date\n",
    "data/returns/2018-04.csv": "indicator_code,month,value,note\n3.1,2018-04,96%,\n3.10,2018-04,90,\n",
    "data/returns/2018-05.csv": "indicator_code,month,value,note\n3.1,2018-05,97%,\n3.10,2018-05,210,\n",
}
"""The files of the smallest workspace that makes a book: two indicators, April and May 2018."""


def small_workspace(folder: Path, changes: dict[str, str | bytes | None] | None = None) -> Path:
    """Write the small workspace, with files changed, added or (None) left out."""
    for name, content in {**SMALL, **(changes or {})}.items():
        if content is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def with_line(name: str, line: str) -> dict[str, str]:
    """A file of the small workspace with one more line at its end, as a change to it."""
    return {name: SMALL[name] + line + "\n"}


def barred(scandir, name: str):
    """``os.scandir`` as it is for somebody who may not look into a folder of that name."""

    def refusing(path="."):
        if Path(os.fspath(path)).name == name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
        return scandir(path)

    return refusing
