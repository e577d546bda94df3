"""What an import makes of headings, codes, months and figures."""

import pytest

from mpr_lib.errors import InputError
from mpr_lib.intake.periods import Due, read_period
from tests.helpers import cases
from tests.intake.workbooks import (
    HEADINGS,
    JUNE,
    invented,
    ods,
    planned,
    reasons,
    refused,
    said,
    text_file,
    xlsx,
)  # fmt: skip

NAN = float("nan")
UNITS = {"CP 3.1": "%", "CP 3.9": "number", "CP 3.10": "%", "CP 5.4": "days QUARTERLY"}


@pytest.fixture
def workspace(tmp_path):
    return invented(tmp_path / "workspace", UNITS)


@pytest.fixture
def csv_of(tmp_path):
    return lambda *rows: text_file(tmp_path / "june.csv", list(rows))


@pytest.mark.parametrize("case", cases("imports_cells.csv"))
def test_a_cell_is_taken_as_its_table_says(tmp_path, case):
    workspace = invented(tmp_path, {"A": case["unit"]})
    plan = planned(workspace, text_file(tmp_path / "june.csv", [HEADINGS, ["A", "2018-06", case["text"], ""]]))
    (line,) = plan.lines
    assert line.status == case["status"]
    assert line.status == "refused" or line.is_now == case["kept"]
    assert line.where == "june.csv, cell C2"


@pytest.mark.parametrize(
    "headings",
    [
        ("MPR Code", "Latest Month", "Month\u2019s Value"), ("indicator_code", "month", "value"),
        ("PI CODE", "Period", "Actual"), (" Ref. ", "Reporting period:", "Outturn"), ("KPI Ref", "Date", "Result"),
        ("Indicator code", "Month", "Performance"), ("Measure Code", "Month Ending", "Current value"),
    ],
)  # fmt: skip
def test_headings_of_common_systems_are_known(workspace, csv_of, headings):
    code, month, value = headings
    rows = [["Council report"], ["", ""], ["Short Name", code, "Status", month, value, "Target"]]
    plan = planned(workspace, csv_of(*rows, ["Lights", "CP 3.9", "G", "30/06/2018", "550", "600"]))
    assert said(plan) == [("new", "CP 3.9", "2018-06", "", "550")]


def test_months_across(workspace, csv_of):
    plan = planned(workspace, csv_of(
        ["Title"], ["PI Code", "Name", "Apr-18", "May 2018", "2018-06", "Jul-18", "Comment"],
        ["CP 3.9", "x", "100", "210", "320", "", "fine"], ["CP 3.1", "y", "97%", "", "N/A", "TBC", ""],
    ))  # fmt: skip
    assert said(plan) == [
        ("new", "CP 3.9", "2018-04", "", "100"), ("new", "CP 3.9", "2018-05", "", "210"),
        ("new", "CP 3.9", "2018-06", "", "320"), ("new", "CP 3.1", "2018-04", "", "97%"),
        ("new", "CP 3.1", "2018-06", "", "N/A"), ("left out", "CP 3.1", "2018-07", "", "TBC"),
    ]  # fmt: skip


def test_months_across_with_a_column_for_the_year(workspace, csv_of):
    head = ["Code", "Year", "Jan", "February", "Apr"]
    plan = planned(workspace, csv_of(head, ["CP 3.9", "2017", "1", "2", "3"], ["CP 3.1", "2017/18", "4%", "5%", "6%"]))
    assert [line[1:3] for line in said(plan)] == [
        ("CP 3.9", "2017-01"), ("CP 3.9", "2017-02"), ("CP 3.9", "2017-04"),
        ("CP 3.1", "2018-01"), ("CP 3.1", "2018-02"), ("CP 3.1", "2017-04"),
    ]  # fmt: skip


def test_dates_across_in_a_workbook(workspace, tmp_path):
    from datetime import date

    path = xlsx(tmp_path / "wide.xlsx", [["Code", date(2018, 5, 1), date(2018, 6, 1)], ["CP 3.9", 210, 320]])
    assert said(planned(workspace, path)) == [
        ("new", "CP 3.9", "2018-05", "", "210"), ("new", "CP 3.9", "2018-06", "", "320"),
    ]  # fmt: skip


def test_quarters_are_figures_of_quarterly_indicators_and_totals_of_others(workspace, csv_of):
    head = ["Code", "Apr-18", "May-18", "Jun-18", "Q1 2018/19"]
    plan = planned(workspace, csv_of(head, ["CP 5.4", "", "", "", "12"], ["CP 3.9", "1", "2", "3", "6"]))
    assert ("new", "CP 5.4", "2018-06", "", "12") in said(plan)
    assert reasons(plan, "left out") == [
        "june.csv, cell E3: is for April to June 2018, which is worked out from its months."
    ]
    plan = planned(workspace, csv_of(["Code", "Period", "Value"], ["CP 3.9", "Q1 2018/19", "6"]))
    assert reasons(plan) == [
        "june.csv, cell C2: is for April to June 2018, and CP 3.9 is not returned for such a period. Expected the "
        "figure for June 2018; to pass over a column, add its heading under ignored in data/imports.yml."
    ]


UNKNOWN = "not a known code. Expected one of data/indicators.csv, or under passed_over in data/imports.yml."
CODES = {
    "CP 3.10": "CP 3.10", "cp3.10": "CP 3.10", "CP\u00a03.10": "CP 3.10", " CP  3.1 ": "CP 3.1",
    "CP 3.100": f"'CP 3.100' is {UNKNOWN} Did you mean 'CP 3.10'?",
    "3.10": f"'3.10' is {UNKNOWN}",
    "Total": f"'Total' is {UNKNOWN}",
    "CP 3.1\u200b": f"'CP 3.1\u200b' is {UNKNOWN} It has a zero-width space (U+200B): type it again.",
    "\u0421P 3.1": f"'\u0421P 3.1' is {UNKNOWN} It has a cyrillic capital letter es (U+0421): type it again.",
    "": "'2018-06 50%' has a figure and no code. Expected the code in every row (merged cells are not filled down).",
}  # fmt: skip


@pytest.mark.parametrize("text", CODES)
def test_codes_are_matched_and_never_guessed(workspace, csv_of, text):
    plan = planned(workspace, csv_of(HEADINGS, [text, "2018-06", "50%", ""]))
    (line,) = plan.lines
    found = line.indicator_code or line.reason
    assert found.replace(" Did you mean 'CP 3.10'?", "") == CODES[text].replace(" Did you mean 'CP 3.10'?", "")


def test_a_code_that_became_a_number_is_refused(tmp_path):
    workspace = invented(
        tmp_path / "workspace", {"3.1": "%", "3.10": "number", "7": "number", "08": "number", "8": "%"}
    )
    rows = [HEADINGS, [3.1, "Jun-18", 5], [7, "Jun-18", 6], [8, "Jun-18", 50], [4.5, "Jun-18", 1]]
    plan = planned(workspace, xlsx(tmp_path / "june.xlsx", rows))
    advice = "A number loses zeros: 3.10 becomes 3.1. Format the column as text and type the code again."
    assert said(plan)[1] == ("new", "7", "2018-06", "", "6")
    assert reasons(plan) == [
        "june.xlsx, sheet 'June', cell A2: holds the number 3.1 where a code is expected: it may be 3.1 or 3.10. "
        + advice,
        "june.xlsx, sheet 'June', cell A4: holds the number 8 where a code is expected: it may be 08 or 8. " + advice,
        "june.xlsx, sheet 'June', cell A5: holds the number 4.5 where a code is expected. " + advice,
    ]


@pytest.mark.parametrize(
    ("months", "due_month", "period", "month"),
    [
        (1, NAN, "May 2018", "2018-05"), (1, NAN, "Q1 2018/19", "None"), (1, NAN, "2018/19", "None"),
        (3, NAN, "Q4 2018/19", "2019-03"), (3, NAN, "May 2018", "2018-05"), (3, NAN, "2018/19", "None"),
        (12, NAN, "2018/19", "2019-03"), (12, 9, "2018/19", "2018-09"), (12, 9, "Q1 2018/19", "None"),
        (24, NAN, "2018/19", "2019-03"), (24, 21, "2018/19", "2018-09"), (24, 9, "Q1 2018/19", "None"),
    ],
)  # fmt: skip
def test_a_period_belongs_to_the_month_in_which_its_figure_is_due(months, due_month, period, month):
    assert str(Due(months, due_month).month_of(read_period(period))) == month


def test_text_lines_and_repeated_headings_are_passed_over(workspace, csv_of):
    plan = planned(workspace, csv_of(
        HEADINGS, ["Department for People", "", "", ""], ["CP 3.9", "Jun-18", "5", ""], [], HEADINGS,
        ["CP 3.1", "Jun-18", "50%", ""], ["CP 3.10", "Jun-18", "", ""], ["Source: the system", "", "", ""],
    ))  # fmt: skip
    assert [line[:2] for line in said(plan)] == [
        ("left out", ""), ("new", "CP 3.9"), ("new", "CP 3.1"), ("left out", "CP 3.10"), ("left out", ""),
    ]  # fmt: skip


def test_figures_above_the_headings_are_refused(workspace, csv_of):
    """As of a first table whose headings are not understood; a code in a title is none."""
    rows = [["CP 3.9", "", "", ""], ["Code", "Mnth", "Value", ""], ["CP 3.9", "Jun-18", "5", ""]]
    plan = planned(workspace, csv_of(*rows, HEADINGS, ["CP 3.1", "Jun-18", "50%", ""]))
    assert [line[:2] for line in said(plan)] == [("refused", ""), ("new", "CP 3.1")]
    assert reasons(plan)[0] == (
        "june.csv, cell A3: 'CP 3.9' has a figure above the headings. Expected one table, below its headings."
    )


def test_a_second_table_is_refused(workspace, csv_of):
    plan = planned(workspace, csv_of(HEADINGS, ["CP 3.9", "Jun-18", "5", ""], ["Code", "Value", "Month", ""]))
    assert reasons(plan) == [
        "june.csv, cell A3: 'Code' begins a second table. Expected one table on a sheet: move it to a sheet of its own."
    ]


WRONG_HEADINGS = {
    ("Code", "Month", "Vlaue"): (
        "june.csv, cell C1: does not know the heading 'Vlaue'. Expected one such as 'Value': correct it, or add it to "
        "data/imports.yml under value."
    ),
    ("Code", "Month", "How it went"): (
        "june.csv, row 1: no heading says where the figure is. Unknown headings: How it went. Add the right one to "
        "data/imports.yml under value."
    ),
    ("Code", "Value", "Short Name"): (
        "june.csv, row 1: no heading says where the month is. Add the right one to data/imports.yml under month, "
        "or say --figures-for 2018-05 where all figures are for one month."
    ),
    ("Code", "Month", "Value", "Actual"): (
        "june.csv, cell D1: the heading 'Actual' and 'Value' before it say the same thing (value). Expected one: add "
        "the other under ignored in data/imports.yml."
    ),
    ("Code", "Month", "Value", "May 2018"): (
        "june.csv, cell D1: the heading 'May 2018' is a period, and another column is for the month and the value. "
        "Expected months in one column or across, not both: remove what is not to be read."
    ),
    ("Cdoe", "Month", "Value"): (
        "june.csv: no heading row was found in the first 60 rows. Expected headings such as Code, Month and Value, or "
        "a column for each month. june.csv, cell A1 has 'Cdoe', which is near 'Code'."
    ),
}


@pytest.mark.parametrize("headings", WRONG_HEADINGS)
def test_headings_that_are_not_understood_are_refused(workspace, csv_of, headings):
    path = csv_of(headings, ["CP 3.9", "2018-06", "550", "1"])
    assert refused(workspace, path) == WRONG_HEADINGS[headings]


def test_a_line_that_can_be_divided_in_two_ways_is_refused(workspace, tmp_path):
    (tmp_path / "june.csv").write_text("Code,Month;Code,Value\n")
    (tmp_path / "two.csv").write_text('Code,x;y,"Month"\nx;Code;Month\n')
    (tmp_path / "both.csv").write_text("Code,Month,Value\nCode;Month;Value\n")
    assert refused(workspace, tmp_path / "both.csv") == (
        "both.csv: can be divided into cells in two ways (read as UTF-8, commas between cells; read as UTF-8, "
        "semicolons between cells). Expected one: save it as 'CSV UTF-8'."
    )


def test_a_workspace_adds_its_own_headings_and_codes(tmp_path, csv_of):
    own = "headings:\n  value: [How it went]\nignored: [Actual]\ncodes:\n  CP 3.10: [PI-310]\n"
    workspace = invented(tmp_path / "workspace", UNITS, imports__yml=own)
    path = csv_of(["Code", "Month", "how it  went", "Actual"], ["pi-310", "Jun-18", "55%", "1"])
    assert said(planned(workspace, path)) == [("new", "CP 3.10", "2018-06", "", "55%")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("headigns: {}", "data/imports.yml has 'headigns', which the report does not use. Did you mean 'headings'?"),
        (
            "headings: {value: [x]}\nignored: [X]",
            "data/imports.yml gives 'X' two meanings. Leave it under one of them.",
        ),
        (
            "headings: {mont: [a]}",
            "data/imports.yml, 'headings.mont': found 'mont'. Expected indicator_code, month, year, calendar_year, "
            "financial_year, value, to_date, note, unit, short_name, comment, rating, kind, target, numerator, "
            "denominator or other.",
        ),
        ("codes: {CP 9: [x]}", "data/imports.yml has the code 'CP 9', which is not in data/indicators.csv."),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(tmp_path, csv_of, text, message):
    workspace = invented(tmp_path / "workspace", UNITS, imports__yml=text)
    with pytest.raises(InputError) as error:
        planned(workspace, csv_of(HEADINGS))
    assert str(error.value) == message


def test_months_after_the_returns_and_months_that_are_none(workspace, csv_of):
    plan = planned(workspace, csv_of(HEADINGS, ["CP 3.9", "July 2018", "5", ""], ["CP 3.9", "13/2018", "5", ""]))
    assert sorted(reasons(plan)) == [
        "june.csv, cell B3: cannot read '13/2018' as a period. Expected a month such as 2018-05, May 2018 or May-18, a "
        "quarter such as Q1 2018/19 or a year such as 2018/19.",
        "june.csv, cell C2: is for July 2018, after the return's month. Expected a month up to June 2018.",
    ]


def test_what_may_be_a_share_is_refused(workspace, csv_of):
    plan = planned(workspace, csv_of(HEADINGS, ["CP 3.1", "Jun-18", "0.83", ""]))
    assert reasons(plan) == [
        "june.csv, cell C2: '0.83' is for a percentage and may be a share of 1. Expected '0.83%', or the hundredfold "
        "with % if that is meant."
    ]


def test_two_figures_for_one_month_are_refused_and_one_twice_is_taken_once(workspace, csv_of, tmp_path):
    csv = csv_of(HEADINGS, ["CP 3.9", "Jun-18", "5", ""], ["CP 3.1", "Jun-18", "50%", ""])
    other = text_file(
        tmp_path / "other.csv", [HEADINGS, ["CP 3.9", "2018-06", "6", ""], ["CP 3.1", "Jun-18", "50%", ""]]
    )
    plan = planned(workspace, csv, other)
    assert reasons(plan) == [
        "june.csv, cell C2: is given twice: '5' here and '6' at other.csv, cell C2. Expected one figure.",
        "other.csv, cell C2: is given twice: '6' here and '5' at june.csv, cell C2. Expected one figure.",
    ]
    assert reasons(plan, "left out") == ["other.csv, cell C3: is given at june.csv, cell C3 too."]
    assert plan.count("new") == 1


def test_new_changed_and_same(tmp_path, csv_of):
    known = "indicator_code,month,value,note\n"
    workspace = invented(
        tmp_path / "workspace", UNITS,
        **{"returns/2018-05__csv": known + "CP 3.9,2018-05,210,\nCP 3.1,2018-05,97%,\nCP 5.4,2018-03,TBC,\n",
           "returns/2018-06__csv": known + "CP 3.9,2018-06,320,first\nCP 3.1,June 2018,98%,\nCP 3.10,2018-06,5%,\n"},
    )  # fmt: skip
    plan = planned(workspace, csv_of(
        HEADINGS, ["CP 3.9", "Jun-18", "320", ""], ["CP 3.1", "Jun-18", "99%", ""], ["CP 3.9", "May-18", "211", ""],
        ["CP 3.1", "May-18", "97.0%", ""], ["CP 5.4", "Mar-18", "12", ""], ["CP 3.10", "Jun-18", "", "why"],
    ))  # fmt: skip
    assert said(plan) == [
        ("same", "CP 3.9", "2018-06", "320", "320"), ("changed", "CP 3.1", "2018-06", "98%", "99%"),
        ("changed", "CP 3.9", "2018-05", "210", "211"), ("same", "CP 3.1", "2018-05", "97%", "97.0%"),
        ("changed", "CP 5.4", "2018-03", "TBC", "12"), ("left out", "CP 3.10", "2018-06", "5%", ""),
    ]  # fmt: skip
    assert [line.reason for line in plan.lines if line.status == "changed"] == [
        "", "Revises what was received for May 2018.", "Revises what was received for May 2018.",
    ]  # fmt: skip
    assert plan.month == JUNE


def test_blank_sheets_say_so(workspace, tmp_path):
    assert refused(workspace, ods(tmp_path / "june.ods", [])) == (
        "june.ods: has no visible sheet with anything in it. Ask for it again."
    )
