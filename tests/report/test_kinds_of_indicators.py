"""What bodies measure otherwise: no good direction, months' own figures, the period before, absent sections."""

import re

import pandas as pd
import pytest
from nbformat import v4

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.report import Report
from mpr_lib.report.document import contents, part_html, read_document
from mpr_lib.report.small_charts import gauge
from tests.helpers import SMALL, needs, small_workspace

INDICATORS, HEADING = "data/indicators.csv", SMALL["data/indicators.csv"].split("\n")[0]
RETURN = "indicator_code,month,value,note\n"
STATED = "indicator_code,month,target_low,target_high\n"
OWN = f"{HEADING},compare_with,accumulate\n"


def made(tmp_path, files, month="2018-05"):
    return Report(read_book(Workspace(small_workspace(tmp_path, files)), month))


def texts(part, key):
    rows = [row for block in part.blocks if block["kind"] == "table" for row in block["rows"]]
    return {row["code"]: row["cells"][key]["text"] for row in rows}


def without_direction(tmp_path):
    lines = [f"{RETURN}3.1,2018-05,91%,", "3.10,2018-05,190,", "3.10,2017-05,150,", ""]
    return made(tmp_path, {INDICATORS: SMALL[INDICATORS].replace("MAXIMISE,CUMULATIVE", "NONE,CUMULATIVE"),
                           "data/returns/2018-05.csv": "\n".join(lines)})  # fmt: skip


def test_what_has_no_good_direction_is_shown_for_information(tmp_path):
    report = without_direction(tmp_path)
    row = report.rows["3.10"]
    assert (row.rating, row.expected_outcome, row.direction) == ("NO_TARGET", "NO_TARGET", "NOT_AVAILABLE")
    assert (row.target_text, row.last_year_value) == ("200", 150)
    assert texts(report.corporate(), "direction")["3.10"] == "–"
    assert texts(report.corporate(), "polarity")["3.10"] == "Neither is better"
    assert gauge(row) is None
    sentence = next(block["text"] for block in report.cover().blocks if block["kind"] == "sentence")
    assert sentence == "1 of 2 indicators is slipping."
    assert "1 for information." in part_html(report.cover())


@needs("desk")
def test_the_first_draft_of_what_has_no_good_direction_says_so(tmp_path):
    from mpr_lib.desk.first_draft import first_draft

    report = without_direction(tmp_path)
    assert first_draft(report.rows["3.10"], report.months_of("3.10")) == (
        "To the end of May 2018 the figure is 190, 10 below the target of 200. It is shown for information: "
        "neither a higher nor a lower figure is better."
    )


@pytest.mark.parametrize(
    ("compared", "headings"),
    [
        ("PREVIOUS PREVIOUS", {"Better or worse than the month before"}),
        ("LAST_YEAR LAST_YEAR", {"Better or worse than last year"}),
        ("LAST_YEAR PREVIOUS", {"Better or worse"}),
    ],
)
def test_the_heading_says_what_all_the_rows_compare_with(tmp_path, compared, headings):
    one, other = compared.split()
    described = (
        f"{OWN}3.1,Lights,,SAFE,,,,,MAXIMISE,SNAPSHOT,%,1,,,,,,,,{one},\n"
        f"3.10,Potholes,,SAFE,,,,,MAXIMISE,CUMULATIVE,number,0,,,,,,,,{other},\n"
    )
    report = made(tmp_path, {INDICATORS: described})
    tables = [block for block in report.corporate().blocks if block["kind"] == "table"]
    found = {column["label"] for table in tables for column in table["columns"] if column["key"] == "direction"}
    assert found == headings
    key = next(block for block in report.key().blocks if block["id"] == "key-columns")
    assert headings & {row["cells"]["heading"]["text"] for row in key["rows"]}


def test_a_row_says_than_what_or_as_what_where_the_heading_does_not(tmp_path):
    one = "MAXIMISE,SNAPSHOT,%,1,,,,,,,,"
    described = f"{OWN}3.1,Lights,,SAFE,,,,,{one}LAST_YEAR,\n3.10,Potholes,,SAFE,,,,,{one}PREVIOUS,\n"
    lines = [f"{RETURN}3.1,2018-05,91%,", "3.1,2017-05,90%,", "3.10,2018-05,90%,", ""]
    report = made(tmp_path, {INDICATORS: described, "data/returns/2018-05.csv": "\n".join(lines)})
    table = next(block for block in report.corporate().blocks if block["kind"] == "table")
    found = [row["cells"]["direction"] for row in table["rows"]]
    assert [(each["text"], each["detail"]) for each in found] == [
        ("Better", "Than a year before"), ("Same", "As the month before")
    ]  # fmt: skip


def test_months_own_figures_are_summed_and_kept_as_received(tmp_path):
    described = f"{OWN}3.10,Potholes,,SAFE,,,,,MAXIMISE,CUMULATIVE,number,0,,,,,,,,,true\n"
    files = {
        INDICATORS: described,
        "data/targets.csv": SMALL["data/targets.csv"].replace("3.1,2018,95%,95%,FLAT,,,,\n", ""),
    }
    files["data/returns/2018-04.csv"] = f"{RETURN}3.10,2018-04,90,\n"
    files["data/returns/2018-05.csv"] = f"{RETURN}3.10,2018-05,Proxy 115,\n3.10,2018-04,95,counted again\n"
    report = made(tmp_path, files)
    row = report.rows["3.10"]
    assert (row.value, row.value_text, row.rating) == (210, "Proxy 210", "GREEN")
    assert (row.is_proxy, row.is_revised) == (True, True)
    assert report.months_of("3.10")["number"].dropna().tolist() == [95, 115]


def test_stated_targets_need_no_row_in_targets(tmp_path):
    stated = f"{STATED}3.10,2018-05,150,\n3.10,2019-03,900,\n3.1,2018-05,90%,92%\n"
    nothing = SMALL["data/targets.csv"].split("\n")[0] + "\n"
    root = small_workspace(tmp_path, {"data/targets.csv": nothing, "data/stated_targets.csv": stated})
    book = read_book(Workspace(root), "2018-05")
    card = scorecard_of(book, history_of(book)).set_index("indicator_code")
    assert card["profile"].tolist() == ["STATED", "STATED"]
    assert card["target_text"].tolist() == ["90% - 92%", "150"]
    assert card["annual_target_text"].tolist() == ["", "900"]
    assert card.loc["3.10", "annual_target_high"] == 900
    assert pd.isna(card.loc["3.1", "annual_target_low"])


@pytest.mark.parametrize(
    ("month", "first", "said"),
    [
        ("2018-05", 4, "Some slippage against target, but still expected to meet it by the end of March 2019."),
        ("2019-03", 4, "Some slippage against target, at the end of the year."),
        ("2018-12", 1, "Some slippage against target, at the end of the year."),
        ("2018-09", 10, "Some slippage against target, at the end of the year."),
    ],
)
def test_in_the_years_last_month_nothing_is_expected_by_then(tmp_path, month, first, said):
    settings = f"{SMALL['params/report.yml']}first_month: {first}\n"
    files = {"params/report.yml": settings, f"params/{month}.yml": f"month: {month}\n"}
    files |= {f"data/returns/{month}.csv": f"{RETURN}3.1,{month},94%,\n"}
    blocks = made(tmp_path, files, month).key().blocks
    outcomes = next(block for block in blocks if block["id"] == "key-outcomes")
    assert said in [row["cells"]["meaning"]["text"] for row in outcomes["rows"]]


def test_a_council_may_call_its_aims_otherwise(tmp_path):
    report = made(tmp_path, {"params/report.yml": f"{SMALL['params/report.yml']}aim_name: Priority\n"})
    headings = [block["text"] for block in report.corporate().blocks if block["kind"] == "heading"]
    assert headings == ["Priority: SAFE"]


def test_sections_that_a_body_does_not_have_leave_no_heading_and_no_menu_entry(tmp_path):
    report = made(tmp_path, {})
    cells = []
    for title, part in (("Cover", report.cover()), ("Section 2", report.corporate()),
                        ("Section 4", report.partnership()), ("Finance", report.finance())):  # fmt: skip
        cells.append(v4.new_markdown_cell(f"## {title}\n\nWhat introduces it."))
        cells.append(v4.new_code_cell(outputs=[v4.new_output("display_data", part._repr_mimebundle_())]))
    cells[-2] = v4.new_markdown_cell("## Finance")
    document = read_document(v4.new_notebook(cells=cells[1:]))
    assert [each["title"] for each in contents(document)] == ["Section 2"]


def test_pence_have_two_digits_wherever_money_is_shown(tmp_path):
    months = pd.period_range("2017-04", "2018-05", freq="M")
    figures = [f"3.1,{each},{12 + number % 5 / 10},\n" for number, each in enumerate(months)]
    described = f"{HEADING}\n3.1,Cost of a visit,,SAFE,,,,,MINIMISE,SNAPSHOT,£ per visit,1,,,,,,,\n"
    targets = SMALL["data/targets.csv"].split("\n")[0] + "\n3.1,2017,11.5,11.5,FLAT,,,,\n3.1,2018,11.5,11.5,FLAT,,,,\n"
    files = {INDICATORS: described, "data/targets.csv": targets, "data/returns/2018-04.csv": None}
    report = made(tmp_path, files | {"data/returns/2018-05.csv": RETURN + "".join(figures)})
    shown = "".join(map(part_html, (report.cover(), report.exceptions(), report.corporate(), report.detail())))
    assert {"£12.30", "£11.50"} <= {*re.findall(r"£[\d.]+", shown)}
    assert re.findall(r"£[\d,]*\.\d(?!\d).{20}", shown) == []
