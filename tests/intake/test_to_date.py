"""Beside a column of the year to date, a figure to date is taken from there and never from that of the month."""

import pytest

from tests.helpers import cases
from tests.intake.test_actuals import rows_of
from tests.intake.workbooks import invented, planned, reasons, said, text_file

BASES = {"C": ("CUMULATIVE", ""), "Y": ("YTD_SNAPSHOT", ""), "S": ("SNAPSHOT", ""), "M": ("CUMULATIVE", "true")}
"""Of each code its basis, and whether months' own figures are sent."""


@pytest.mark.parametrize("case", cases("imports_to_date.csv"))
def test_a_figure_to_date_is_that_of_the_year_and_other_figures_are_the_months(tmp_path, case):
    workspace = invented(tmp_path / "workspace", dict.fromkeys(BASES, "number"))
    path = workspace / "data/indicators.csv"
    head, *rows = path.read_text().splitlines()
    rows = [f"{row.replace('SNAPSHOT', basis)},{adds}" for row, (basis, adds) in zip(rows, BASES.values(), strict=True)]
    path.write_text("\n".join([f"{head},accumulate", *rows]) + "\n")
    plan = planned(workspace, text_file(tmp_path / "june.csv", rows_of(case["rows"])))
    taken = [" ".join([code, month, now]) for status, code, month, _, now in said(plan) if status == "new"]
    assert ", ".join(sorted(taken)) == case["taken"]
    assert plan.remarks[1:] == [f"june.csv: {remark}" for remark in case["remarks"].split(" / ") if remark]
    assert reasons(plan) == ([f"june.csv, {case['refused']}"] if case["refused"] else [])
