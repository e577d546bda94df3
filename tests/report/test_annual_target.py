"""The annual target beside a figure is that of the figure's own year, and the heading says which year that is."""

import pytest

from mpr_lib.book import Workspace, read_book
from mpr_lib.report import Report
from mpr_lib.report.sections.cells import indicator_table
from mpr_lib.report.sections.detail import about_facts
from mpr_lib.report.sections.key import key
from tests.helpers import SMALL, small_workspace

HEADING = "indicator_code,month,value,note\n"
TARGETS = SMALL["data/targets.csv"] + '3.1,2017,90%,90%,FLAT,,,,\n3.10,2017,"1,100","1,100",LINEAR,,,,\n'


def april(folder, *received):
    changes = {"data/targets.csv": TARGETS, "data/returns/2018-05.csv": None}
    changes |= {"data/returns/2018-04.csv": HEADING + "".join(f"{row},\n" for row in received)}
    changes |= {"params/2018-04.yml": SMALL["params/2018-05.yml"].replace("2018-05", "2018-04")}
    return Report(read_book(Workspace(small_workspace(folder, changes)), "2018-04"))


@pytest.mark.parametrize(
    ("received", "heading", "cells"),
    [
        (["3.1,2018-04,96%", "3.10,2018-04,90"], "2018/19", [("95%", ""), ("1,200", "")]),
        (["3.1,2018-03,96%", "3.10,2018-03,900"], "2017/18", [("90%", ""), ("1,100", "")]),
        (["3.1,2018-03,96%", "3.10,2018-04,90"], "2017/18 or 2018/19", [("90%", "2017/18"), ("1,200", "2018/19")]),
    ],
    ids=["this year", "both of last year", "one of last year"],
)
def test_a_table_says_of_which_year_its_annual_targets_are(tmp_path, received, heading, cells):
    report = april(tmp_path, *received)
    table = indicator_table(report, report.corporate_rows, "corporate-all", "All")
    (label,) = [each["label"] for each in table["columns"] if each["key"] == "annual"]
    assert label == f"Annual Target {heading}"
    shown = [row["cells"]["annual"] for row in table["rows"]]
    assert [(each["text"], each.get("detail", "")) for each in shown] == cells
    columns = key(report)[0]["rows"]
    said = {row["cells"]["heading"]["text"]: row["cells"]["meaning"]["text"] for row in columns}
    assert said[label if " or " not in heading else "Annual Target"] == (
        "Target for the whole financial year of the latest month."
    )


def test_an_indicators_page_says_of_which_year_its_annual_target_is(tmp_path):
    report = april(tmp_path, "3.1,2018-03,96%", "3.10,2018-04,90")
    facts = [dict(about_facts(report, report.rows[code])) for code in ("3.1", "3.10")]
    assert [each["Annual target 2017/18"]["text"] for each in facts[:1]] == ["90%"]
    assert facts[1]["Annual target 2018/19"]["text"] == "1,200"
