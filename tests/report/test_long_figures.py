"""A figure with more decimals than anybody reads: printed with six, kept whole where it is data or is compared."""

import re

import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.rules.values import printed
from tests.helpers import cases, small_workspace
from tests.report.test_revisions import HEADING, page_of


@pytest.mark.parametrize("case", cases("printed.csv"))
def test_a_figure_is_printed_as_its_table_says(case):
    assert printed(case["received"], case["unit"]) == case["printed"]
    assert printed(case["printed"]) == case["printed"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Long figures in every place that prints one: value, target, last year's, a revision, a comparison."""
    targets = (
        "indicator_code,financial_year,annual_target_low,annual_target_high,profile,baseline,tolerance,amber_low,"
        "amber_high\n3.1,2018,97.1234567891%,97.1234567891%,FLAT,,,,\n3.10,2018,1200,1200,STATED,,,,\n"
    )
    compared = "indicator_code,month,comparator,value,source\n3.1,2018-05,England,96.7654321098%,Made up\n"
    return small_workspace(
        tmp_path_factory.mktemp("long"),
        {
            "data/targets.csv": targets,
            "data/stated_targets.csv": "indicator_code,month,target_low,target_high\n3.10,2018-05,200.1234567891,\n",
            "data/comparisons.csv": compared,
            "data/returns/2018-04.csv": f"{HEADING}3.1,2017-05,95.1234567891%,\n3.1,2018-04,90.1234567891%,\n",
            "data/returns/2018-05.csv": (
                f"{HEADING}3.1,2018-04,91.1234567891%,Counted again.\n3.1,2018-05,97.123456789%,\n"
                "3.10,2018-05,190.9999999,\n"
            ),
        },
    )


def test_no_long_figure_is_printed_and_none_is_lost_from_the_data(workspace):
    page = page_of(workspace, "2018-05")
    text = re.sub(r"<(style|script).*?</\1>|\b[dx]=\"[^\"]*\"|<[^>]*>", " ", page, flags=re.DOTALL)
    text = re.sub("&#39;.*?&#39;", "", text)  # findings quote what stands in a file
    assert re.findall(r"(?<![\w.])[\d,]+\.\d{7,}%?", text) == []
    for figure in ("97.123457%", "91.123457%", "90.123457%", "96.765432%", "200.123457", "191", "95.123457%"):
        assert figure in text, figure
    book = read_book(Workspace(workspace), "2018-05")
    history = history_of(book)
    card = scorecard_of(book, history).set_index("indicator_code").loc["3.1"]
    assert (card["value_text"], card["value"], card["target_text"]) == ("97.123456789%", 97.123456789, "97.1234567891%")
    assert card["rating"] == "AMBER"
