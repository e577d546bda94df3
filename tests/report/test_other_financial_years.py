"""Financial years that start in another month, from the data files to the words of the pages."""

import pandas as pd
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.errors import InputError
from mpr_lib.report.charts import chart_frame, trend_chart
from mpr_lib.report.report import Report
from tests.helpers import SMALL, small_workspace

US = "first_month: 10\nyear_name: FY2019\n"
CALENDAR = "first_month: 1\n"


def workspace(folder, settings, year, months=("2017-10", "2018-05")):
    """The small workspace under another year: 3.1 with quarter rows, 3.10 due 1,200 by the year's end."""
    rows = "".join(
        f"3.1,{month},9{month.month % 10}%,\n3.10,{month},{100 * (place + 1)},\n"
        for place, month in enumerate(pd.period_range(*months, freq="M"))
    )
    return small_workspace(
        folder,
        {
            "params/report.yml": SMALL["params/report.yml"] + settings,
            "data/indicators.csv": SMALL["data/indicators.csv"].replace("%,1,,,,", "%,1,,true,,"),
            "data/targets.csv": SMALL["data/targets.csv"].replace(",2018,", f",{year},"),
            "data/returns/2018-04.csv": None,
            "data/returns/2018-05.csv": f"indicator_code,month,value,note\n{rows}",
        },
    )


def report_of(folder):
    return Report(read_book(Workspace(folder), "2018-05"), generated="2018-06-21T12:00:00")


def texts(node):
    """Every text of a report's blocks."""
    if isinstance(node, dict):
        return [text for value in node.values() for text in texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value)]
    return [node] if isinstance(node, str) else []


@pytest.mark.parametrize(
    ("settings", "year", "months_gone", "label", "year_end"),
    [
        (US, "FY2018", 8, "FY2018", "September 2018"),
        (CALENDAR, "2018", 5, "2018", "December 2018"),
        ("first_month: 7\n", "2017/18", 11, "2017/18", "June 2018"),
        ("first_month: 7\n", "2017", 11, "2017/18", "June 2018"),
    ],
)
def test_targets_quarters_and_words_follow_the_year(tmp_path, settings, year, months_gone, label, year_end):
    report = report_of(workspace(tmp_path, settings, year))
    row = report.scorecard.set_index("indicator_code").loc["3.10"]
    assert row["target_low"] == 1200 * months_gone / 12
    said = texts(report.key().blocks) + texts(report.corporate().blocks)
    assert f"Annual Target {label}" in said
    assert f"Some slippage against target, but still expected to meet it by the end of {year_end}." in said


@pytest.mark.parametrize(
    ("settings", "year", "quarters", "years"),
    [
        (US, "FY2018", ["Q1 FY2018", "Q2 FY2018"], "FY2017 and FY2018"),
        (CALENDAR, "2018", ["Q4 2017", "Q1 2018"], "2017 and 2018"),
    ],
)
def test_month_tables_have_the_years_quarters_and_names(tmp_path, settings, year, quarters, years):
    from mpr_lib.report.sections.detail import months_table

    report = report_of(workspace(tmp_path, settings, year))
    row = next(report.scorecard.itertuples())
    shown = months_table(report, row)
    found = [each["cells"]["month"]["text"] for each in shown["rows"] if each["kind"] == "quarter"]
    assert [quarter for quarter in quarters if quarter in found] == quarters
    assert years in shown["caption"]


@pytest.mark.parametrize(
    ("settings", "year", "first", "ticks"),
    [(US, "FY2018", "2017-10", ["Oct", "Dec", "Sep"]), (CALENDAR, "2018", "2018-01", ["Jan", "Mar", "Dec"])],
)
def test_charts_begin_where_the_year_does_and_name_it(tmp_path, settings, year, first, ticks):
    report = report_of(workspace(tmp_path, settings, year))
    row = report.scorecard.iloc[1]
    months = report.months_of("3.10")
    years = report.settings.years
    assert str(chart_frame(months, row, report.month, years)["month"].iloc[0]) == first
    svg = trend_chart(months, row, report.month, years)
    assert f">{year}: " in svg
    assert all(f">{words}<" in svg for words in ticks)


def test_a_cumulative_figure_may_start_again_where_the_year_does(tmp_path):
    from mpr_lib.checks import run_checks

    folder = workspace(tmp_path, CALENDAR, "2018")
    path = folder / "data" / "returns" / "2018-05.csv"
    path.write_text(path.read_text().replace("3.10,2018-01,400", "3.10,2018-01,10"))
    book = read_book(Workspace(folder), "2018-05")
    history = history_of(book)
    found = run_checks(book, scorecard_of(book, history), history)
    assert "cumulative_does_not_fall" not in {each.expectation for each in found.findings}
    assert not found.critical


def test_a_bare_year_is_refused_where_names_count_the_other_end(tmp_path):
    book = read_book(Workspace(workspace(tmp_path, US, "2018")), "2018-05")
    assert set(book.problems["expected"]) == {"Expected a name such as FY2019."}


def test_a_name_that_names_no_year_is_refused_with_what_to_write(tmp_path):
    with pytest.raises(InputError) as error:
        read_book(Workspace(workspace(tmp_path, "year_name: FY2017\n", "2018")), "2018-05")
    assert str(error.value) == (
        "params/report.yml, 'year_name': found 'FY2017'. Expected what the financial year that starts in 2018 is "
        "called, such as 2018/19, 2018-19, 2018 or FY2019."
    )
