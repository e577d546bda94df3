"""Which month a file's figures are for: from its columns, headings, names and titles, or as somebody says."""

from datetime import datetime

import pandas as pd
import pytest
from openpyxl import Workbook

from tests.intake.workbooks import invented, planned, reasons, refused, said, text_file, xlsx

UNITS = {"A": "number", "B": "number", "Q": "number QUARTERLY"}
TABLE = [["Code", "Value"], ["A", 5], ["B", 6]]


@pytest.fixture
def workspace(tmp_path):
    return invented(tmp_path / "workspace", UNITS)


@pytest.fixture
def csv_of(tmp_path):
    return lambda text, name="june.csv": _written(tmp_path / name, text)


def _written(path, text):
    path.write_text(text)
    return path


def book_of(path, sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def months(plan):
    return [(code, month, now) for status, code, month, _, now in said(plan) if status == "new"]


def test_a_column_of_years_is_read_by_its_heading_and_its_order(workspace, csv_of):
    plan = planned(workspace, csv_of("Code,Financial Year,Month,Value\nA,2017,Jan,5\nA,2018,Apr,6\n"))
    assert months(plan) == [("A", "2018-01", "5"), ("A", "2018-04", "6")]
    assert plan.remarks[-1] == "june.csv: 2017 beside the months is taken as 2017/18."
    across = "Code,Year,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Jan,Feb,Mar\nA,2017,1,2,3,4,5,6,7,8,9,10,11,12\n"
    assert months(planned(workspace, csv_of(across)))[-1] == ("A", "2018-03", "12")
    plan = planned(workspace, csv_of("Code,Year,Jan,Feb,Mar,Apr\nA,2018,1,2,3,4\n"))
    assert months(plan)[0] == ("A", "2018-01", "1")


def test_a_workspace_says_which_years_a_heading_means(tmp_path, csv_of):
    path = csv_of("Code,Year,Month,Value\nA,2017,Jan,5\n")
    for role, month in {"financial_year": "2018-01", "calendar_year": "2017-01"}.items():
        own = invented(tmp_path / role, UNITS, imports__yml=f"headings: {{{role}: [Year]}}\n")
        assert months(planned(own, path)) == [("A", month, "5")]


def test_a_heading_row_of_years_is_one_of_years(workspace, csv_of):
    plan = planned(workspace, csv_of("Code,2010-11,2011-12,2012-13\nA,5,6,7\n"))
    assert [reason.split(", and")[0] for reason in reasons(plan)] == [
        "june.csv, cell B2: is for 2010/11", "june.csv, cell C2: is for 2011/12", "june.csv, cell D2: is for 2012/13",
    ]  # fmt: skip
    assert refused(workspace, csv_of("Code,2010-11,2011-12,May-18\nA,5,6,7\n")) == (
        "june.csv, cell B1: '2010-11' may be November 2010 or the year 2010/11. Expected Nov 2010 or 2010/11.\n"
        "june.csv, cell C1: '2011-12' may be December 2011 or the year 2011/12. Expected Dec 2011 or 2011/12."
    )


def test_a_month_in_which_no_figure_is_due_is_refused(workspace, csv_of):
    plan = planned(
        workspace, csv_of("Code,Month,Value\nQ,May 2018,5\nQ,Apr 2018,Not due\nQ,Mar 2018,7\nQ,Jun 2018,8\n")
    )
    assert months(plan) == [("Q", "2018-04", "Not due"), ("Q", "2018-03", "7"), ("Q", "2018-06", "8")]
    assert reasons(plan) == [
        "june.csv, cell C2: is for May 2018, in which no figure of Q (quarterly) is due. Expected the month in which "
        "it is, or another frequency in data/indicators.csv."
    ]


def test_a_figure_every_two_years_is_taken_in_either(tmp_path, csv_of):
    own = invented(tmp_path / "own", {"T": "number TWO_YEARLY", "Y": "number YEARLY"})
    plan = planned(
        own, csv_of("Code,Month,Value\nT,Mar 2017,5\nY,2016/17,6\nT,2017/18,7\nT,May 2018,8\nY,May 2018,9\n")
    )
    assert months(plan) == [("T", "2017-03", "5"), ("Y", "2017-03", "6"), ("T", "2018-03", "7")]
    assert [reason.split(" is due.")[0] for reason in reasons(plan)] == [
        "june.csv, cell C5: is for May 2018, in which no figure of T (two-yearly)",
        "june.csv, cell C6: is for May 2018, in which no figure of Y (yearly)",
    ]


WIDE = "Ref,Measure,Apr,May,Jun,Q1,YTD,RAG\nA,x,1,2,3,6,6,G\nQ,x,,,,9,9,G\n"
FOUND = [("A", "2018-04", "1"), ("A", "2018-05", "2"), ("A", "2018-06", "3"), ("Q", "2018-06", "9")]


def test_months_without_a_year_need_one(workspace, csv_of):
    assert refused(workspace, csv_of(WIDE)) == (
        "june.csv, cell C1: 'Apr' has no year. Expected one beside it; or say the year of all, with --year 2018/19 or "
        "in data/imports.yml under year."
    )
    plan = planned(workspace, csv_of("Code,Month,Value\nA,Apr,5\n"))
    assert reasons(plan) == [
        "june.csv, cell B2: 'Apr' has no year. Expected one beside it; or say the year of all, with --year 2018/19 or "
        "in data/imports.yml under year."
    ]


@pytest.mark.parametrize("year", ["2018/19", "2018-19", "return", "FY 2018/2019"])
def test_a_year_is_said_with_an_option(workspace, csv_of, year):
    plan = planned(workspace, csv_of(WIDE), year=year)
    assert months(plan) == FOUND
    assert "june.csv: its months have no year, so 2018/19 is taken from --year." in plan.remarks
    assert months(planned(workspace, csv_of("Code,Month,Value\nA,Jan,5\n"), year="2017/18")) == [("A", "2018-01", "5")]


def test_a_year_is_said_by_the_workspace_or_a_title(tmp_path, workspace, csv_of):
    own = invented(tmp_path / "own", UNITS, imports__yml="year: 2018/19\n")
    assert months(planned(own, csv_of(WIDE))) == FOUND
    titled = csv_of(f"Performance 2018/19\n{WIDE}")
    plan = planned(workspace, titled)
    assert months(plan) == [(code, month, now) for code, month, now in FOUND]
    assert "june.csv: its months have no year, so 2018/19 is taken from cell A1." in plan.remarks
    assert refused(workspace, csv_of(f"Plan 2017/18\n{WIDE}")) == (
        "june.csv: its months have no year, and cell A1 says 2017/18. Say which it is, such as --year 2018/19."
    )
    assert refused(own, csv_of(f"Plan 2017/18\n{WIDE}")) == (
        "june.csv: its months are of 2018/19 by data/imports.yml, and cell A1 says 2017/18. Say which it is, such as "
        "--year 2018/19."
    )


def test_a_heading_with_its_own_year_keeps_it(workspace, csv_of):
    plan = planned(workspace, csv_of("Code,Mar 2018,Apr,May\nA,1,2,3\n"), year="2018/19")
    assert months(plan) == [("A", "2018-03", "1"), ("A", "2018-04", "2"), ("A", "2018-05", "3")]


ONE_MONTH = {
    ("Ref,Actual\nA,5\n", "june.csv", "2018-05"): "--figures-for",
    ("Performance May 2018\nRef,Actual\nA,5\n", "june.csv", ""): "cell A1",
    ("Ref,Actual\nA,5\n", "KPIs_2018-05.csv", ""): "the file's name",
    ("As at 31 May 2018,printed 12 June 2018\nRef,Actual\nA,5\n", "june.csv", ""): "cell A1",
    ("Printed June 2018\nRef,Actual\nA,5\n", "june.csv", "2018-05"): "--figures-for",
}


@pytest.mark.parametrize("given", ONE_MONTH)
def test_the_month_of_figures_without_one_is_named_with_where_it_is_from(workspace, csv_of, given):
    text, name, told = given
    plan = planned(workspace, csv_of(text, name), figures_for=told)
    assert months(plan) == [("A", "2018-05", "5")]
    assert plan.remarks[0] == f"{name}: its figures have no month, so May 2018 is taken from {ONE_MONTH[given]}."


def test_a_workspace_says_that_figures_are_for_the_returns_month(tmp_path, csv_of):
    own = invented(tmp_path / "own", UNITS, imports__yml="figures_for: return\n")
    assert months(planned(own, csv_of("Ref,Actual\nA,5\n"))) == [("A", "2018-06", "5")]
    assert refused(own, csv_of("May 2018\nRef,Actual\nA,5\n")) == (
        "june.csv: its figures are for June 2018 by data/imports.yml, and cell A1 says May 2018. Say --figures-for, or "
        "correct it."
    )


NO_MONTH = {
    ("April and May 2018\nRef,Actual\nA,5\n", "june.csv"): (
        "june.csv: its figures have no month, and cell A1 says what may be several. Say which it is, such as "
        "--figures-for 2018-05."
    ),
    ("May 2018\nRef,Actual\nA,5\n", "KPIs June 2018.csv"): (
        "KPIs June 2018.csv: its figures have no month, and the file's name says June 2018 and cell A1 says May 2018. "
        "Say which it is, such as --figures-for 2018-05."
    ),
    ("Printed 12 June 2018\nRef,Actual\nA,5\n", "june.csv"): (
        "june.csv, row 2: no heading says where the month is. Add the right one to data/imports.yml under month, or "
        "say --figures-for 2018-05 where all figures are for one month."
    ),
    ("May 2018\nRef,Mnth,Actual\nA,x,5\n", "june.csv"): (
        "june.csv, cell B2: does not know the heading 'Mnth'. Expected one such as 'Month': correct it, or add it to "
        "data/imports.yml under month."
    ),
}


@pytest.mark.parametrize("given", NO_MONTH)
def test_a_month_that_is_not_said_is_asked_for(workspace, csv_of, given):
    assert refused(workspace, csv_of(*given)) == NO_MONTH[given]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"figures_for": "May"},
            "--figures-for: found 'May'. Expected a month such as 2018-05, or 'return' for that of the return.",
        ),
        (
            {"year": "2018-05"},
            "--year: found '2018-05'. Expected a year such as 2018/19, or 'return' for that of the return.",
        ),
    ],
)
def test_what_is_said_has_to_be_a_month_or_a_year(workspace, csv_of, options, message):
    assert refused(workspace, csv_of(WIDE), **options) == message


def test_a_month_that_is_said_leaves_months_of_the_table_alone(workspace, csv_of):
    plan = planned(workspace, csv_of("Code,Month,Value\nA,Jun-18,5\n"), figures_for="2018-05")
    assert months(plan) == [("A", "2018-06", "5")]
    assert plan.remarks[0] == "june.csv: has months of its own, so --figures-for was not used."


def test_one_sheet_a_month(workspace, tmp_path):
    path = book_of(tmp_path / "kpis.xlsx", {"Apr 2018": TABLE, "May 2018": TABLE})
    wanted = [("A", "2018-04", "5"), ("B", "2018-04", "6"), ("A", "2018-05", "5"), ("B", "2018-05", "6")]
    assert sorted(months(planned(workspace, path))) == sorted(wanted)
    assert refused(workspace, path, figures_for="2018-05") == (
        "kpis.xlsx, sheet 'Apr 2018': its figures are for May 2018 by --figures-for, and its name says April 2018. "
        "Leave --figures-for out, or correct it."
    )
    path = book_of(tmp_path / "kpis.xlsx", {"Apr": TABLE, "May": TABLE})
    assert sorted(months(planned(workspace, path, year="2018/19"))) == sorted(wanted)
    assert refused(workspace, book_of(tmp_path / "kpis.xlsx", {"May": TABLE})) == (
        "kpis.xlsx, sheet 'May': 'May' has no year. Expected one beside it; or say the year of all, with --year "
        "2018/19 or in data/imports.yml under year."
    )


def test_a_sheet_beside_one_with_months_is_not_given_the_files(workspace, tmp_path):
    long = [["Code", "Month", "Value"], ["A", "Jun-18", 5]]
    plan = planned(workspace, book_of(tmp_path / "June 2018.xlsx", {"Data": long, "Lookup": TABLE}))
    assert months(plan) == [("A", "2018-06", "5")]
    assert plan.remarks == ["June 2018.xlsx, sheet 'Lookup': has no table of figures, so it was left out."]


def test_later_months_that_hold_nothing_are_left_out_with_one_remark(workspace, csv_of):
    plan = planned(workspace, csv_of("Code,Jun-18,Jul-18,Aug-18,Q2 2018/19\nA,5,0,#N/A,0\nB,6,0.0%,,0\nQ,7,,,0\n"))
    assert [line[:3] for line in said(plan)] == [("new", code, "2018-06") for code in "ABQ"]
    assert plan.remarks[1:] == [
        "june.csv: left out what comes after the return's month: July 2018, August 2018, July to September 2018, "
        "September 2018 (0, 0.0%, #N/A)."
    ]
    plan = planned(workspace, csv_of("Code,Jun-18,Jul-18\nA,5,0\nB,6,7\n"))
    assert reasons(plan) == [
        "june.csv, cell C2: is for July 2018, after the return's month. Expected a month up to June 2018.",
        "june.csv, cell C3: is for July 2018, after the return's month. Expected a month up to June 2018.",
    ]


def test_a_quarter_that_is_not_over_is_left_out(workspace, csv_of):
    plan = planned(workspace, csv_of("Code,Apr-18,May-18,Q1 2018/19\nA,1,2,3\n"), month=pd.Period("2018-05"))
    assert reasons(plan, "left out") == ["june.csv, cell D2: is for April to June 2018, which is not over in May 2018."]


DAYS = {
    (datetime(2026, 4, 18), datetime(2026, 5, 18)): (
        "june.xlsx, sheet 'June', cell B1: the heading is a day, 18 April 2026: a week, or what a spreadsheet makes of "
        "'Apr-18'. Expected a month such as Apr 2018 as text, or its first or last day.\n"
        "june.xlsx, sheet 'June', cell C1: the heading is a day, 18 May 2026: a week, or what a spreadsheet makes of "
        "'May-18'. Expected a month such as Apr 2018 as text, or its first or last day."
    ),
    (datetime(2018, 6, 1), "08/06/2018"): (
        "june.xlsx, sheet 'June', cell C1: the heading is a day, 8 June 2018: a week, or what a spreadsheet makes of "
        "'Jun-08'. Expected a month such as Apr 2018 as text, or its first or last day."
    ),
    ("Apr 2018", "18-May"): (
        "june.xlsx, sheet 'June', cell C1: '18-May' is a day without a year, as a spreadsheet makes of 'Apr-18'. "
        "Expected a month such as Apr 2018."
    ),
}


@pytest.mark.parametrize("headings", DAYS)
def test_headings_that_are_days_are_refused(workspace, tmp_path, headings):
    path = xlsx(tmp_path / "june.xlsx", [["Code", *headings], ["A", 5, 6]])
    assert refused(workspace, path) == DAYS[headings]


def test_headings_that_are_the_first_or_last_day_of_a_month_stand_for_it(workspace, tmp_path):
    path = xlsx(tmp_path / "june.xlsx", [["Code", datetime(2018, 4, 30), datetime(2018, 5, 1)], ["A", 5, 6]])
    assert months(planned(workspace, path)) == [("A", "2018-04", "5"), ("A", "2018-05", "6")]


def test_a_date_that_shows_no_year_has_none(workspace, tmp_path):
    """A template's hidden years may be last year's: what counts is what its officer saw."""
    formats = {"B1": "mmm", "C1": "mmmm"}
    path = xlsx(tmp_path / "june.xlsx", [["Code", datetime(2017, 4, 1), datetime(2017, 5, 1)], ["A", 5, 6]], formats)
    assert refused(workspace, path).startswith("june.xlsx, sheet 'June', cell B1: 'Apr' has no year.")
    assert months(planned(workspace, path, year="2018/19")) == [("A", "2018-04", "5"), ("A", "2018-05", "6")]
    rows = [["Code", "Year", "Month", "Value"], ["A", datetime(2018, 1, 1), datetime(1900, 5, 1), 5]]
    path = xlsx(tmp_path / "june.xlsx", rows, {"B2": "yyyy", "C2": "mmm"})
    assert months(planned(workspace, path)) == [("A", "2018-05", "5")]
    path = xlsx(tmp_path / "june.xlsx", [["Code", "Month", "Value"], ["A", datetime(2018, 4, 25), 5]], {"B2": "d-mmm"})
    assert reasons(planned(workspace, path)) == [
        "june.xlsx, sheet 'June', cell B2: '25-Apr' is a day without a year, as a spreadsheet makes of 'Apr-18'. "
        "Expected a month such as Apr 2018."
    ]


def test_dates_that_may_be_month_first_are_asked_about(workspace, tmp_path, csv_of):
    path = csv_of("Code,Date,Value\nA,06/01/2018,5\nB,06/05/2018,6\n")
    assert refused(workspace, path) == (
        "june.csv: the dates under 'Date' are of other months, and of June 2018 if the month stands before the "
        "day. Look at them and say --dates day-first or --dates month-first."
    )
    assert months(planned(workspace, path, dates="day-first")) == [("A", "2018-01", "5"), ("B", "2018-05", "6")]
    assert months(planned(workspace, path, dates="month-first")) == [("A", "2018-06", "5"), ("B", "2018-06", "6")]
    path = xlsx(
        tmp_path / "june.xlsx", [["Code", "Date", "Value"], ["A", datetime(2018, 1, 6), 5], ["B", "06/15/2018", 6]]
    )
    assert refused(workspace, path) == (
        "june.xlsx, sheet 'June': the dates under 'Date' are of other months, and of June 2018 if the month stands "
        "before the day. Look at them and say --dates day-first, or correct them in the file to months such as "
        "Jun 2018."
    )
    path = csv_of("Code,Date,Value\nA,06/01/2018,5\nB,06/01/2018,6\nA,05/01/2018,7\n")
    assert "of other months, and of June 2018 if the month stands before the day" in refused(workspace, path)
    read = [("A", "2018-05", "7"), ("A", "2018-06", "5"), ("B", "2018-06", "6")]
    assert sorted(months(planned(workspace, path, dates="month-first"))) == read
    for dates in (["06/06/2018", "05/06/2018"], ["30/06/2018", "06/05/2018"], ["06/01/2018", "07/01/2018"]):
        plan = planned(workspace, csv_of("Code,Date,Value\n" + "".join(f"A,{date},5\n" for date in dates)))
        assert plan.count("refused") == 0


SPLIT = {
    "Code,Month,Value,Note\nA,May-18,1,544\n": "1,544",
    "Code,Month,Value,Note\nA,May-18,1,544,\n": "1,544",
    "Code,Month,Value,Note\nA,May-18,1,544.50\n": "1,544.50",
    "Code,Month,Value,Short Name\nA,May-18,-1,544\n": "-1,544",
    "Code,Month,Value,Note,By\nA,May-18,1,234,567\n": "1,234,567",
    "Code,Month,Value,Target,Note\nA,May-18,1,234,567\n": "1,234,567",
    "Code,Apr-18,May-18,Note\nA,550,1,544\n": "1,544",
    "Code,Target,Apr-18,May-18,Note\nA,1,600,5,6\n": "1,600",
    'Code,Month,Value,Note\n"A","May-18",1,544\n': "1,544",
    'Code,Month,Value,Note\n"A, ""the"" first",x,y,z\nA,May-18,1,544\n': "1,544",
}


@pytest.mark.parametrize("text", SPLIT)
def test_a_figure_divided_by_its_own_comma_is_refused(workspace, csv_of, text):
    (reason,) = reasons(planned(workspace, csv_of(text)))[-1:]
    assert reason == (
        f"june.csv, cell A{text.count(chr(10))}: may have one figure, {SPLIT[text]}, in several cells. Expected it in "
        "quotes, or without its commas."
    )


WHOLE = [
    'Code,Month,Value,Note\nA,May-18,"1,544",\n', 'Code,Month,Value,Note\nA,May-18,1,"544"\n',
    'Code,Month,Value,Note\nA,May-18,"1",544\n', "Code;Month;Value;Note\nA;May-18;1;544\n",
    "Code\tMonth\tValue\tNote\nA\tMay-18\t1\t544\n", "Code,Month,Value,Note\nA,May-18,1544,544\n",
    "Code,Month,Value,Note\nA,May-18,1,54\n", "Code,Month,Value,Target\nA,May-18,550,600\n",
    "Code,Apr-18,May-18\nA,550,600\n", "Code,Month,Value,Target,Note\nA,May-18,550,600,on time\n",
    "Code,Month,Value,Cases\nA,May-18,550,600\nB,May-18,1200,1300\n",
]  # fmt: skip


@pytest.mark.parametrize("text", WHOLE)
def test_figures_in_cells_of_their_own_are_taken(workspace, csv_of, text):
    assert reasons(planned(workspace, csv_of(text))) == []


def test_every_year_and_month_is_a_figure_or_a_line(workspace, tmp_path):
    """Whatever is in the column of years, nothing ends in a traceback."""
    years = ["2011-12", "2018", "2018/19", "2018-20", "x", "", "Q1 2018/19", "18", "2010-11"]
    rows = [["A", year, month, "5"] for year in years for month in ("Jan", "Dec", "2011-12", "Q1", "May 2018", "")]
    path = text_file(tmp_path / "june.csv", [["Code", "Year", "Month", "Value"], *rows])
    assert len(planned(workspace, path).lines) == len(rows)
