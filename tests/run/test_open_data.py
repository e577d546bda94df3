"""Open data: one text for each value, the same on every machine."""

import csv

import numpy as np
import pandas as pd
import pytest

from mpr_lib.run.open_data import open_text, write_scorecard
from mpr_lib.run.open_data.columns import SCORECARD, names

COLUMNS = names(SCORECARD)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (550.0, "550"),
        (4400000.0, "4400000"),
        (0.1 + 0.2, "0.30000000000000004"),
        (28.05, "28.05"),
        (1e-07, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (-0.09, "-0.09"),
        (-0.0, "0"),
        (np.float64(1.5), "1.5"),
        (np.int64(3), "3"),
        (3, "3"),
        (float("nan"), ""),
        (None, ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (pd.Period("2018-05", "M"), "2018-05"),
        (True, "true"),
        (np.bool_(False), "false"),
        ("", ""),
        ("1,544", "1,544"),
        ("two\r\nlines", "two\nlines"),
    ],
)
def test_values(value, text):
    assert open_text(value) == text


def test_a_scorecard_is_written_for_any_tool(tmp_path):
    row = dict.fromkeys(COLUMNS, "") | {"indicator_code": "CP 3.10", "value": 1544.0, "commentary": 'said "£5",\nagain'}
    frame = pd.DataFrame([{"more": 1, **row}])
    write_scorecard(frame, tmp_path / "scorecard.csv")
    content = (tmp_path / "scorecard.csv").read_bytes()
    assert b"\r" not in content
    assert content.splitlines()[0].decode() == ",".join(COLUMNS)
    with (tmp_path / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        (read,) = csv.DictReader(file)
    assert (read["indicator_code"], read["value"], read["commentary"]) == ("CP 3.10", "1544", 'said "£5",\nagain')
