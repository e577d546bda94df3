"""What cells show of numbers and texts by their number formats, and what they hold beyond that."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.formatting.rule import CellIsRule, Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from mpr_lib.errors import ValueTextError
from mpr_lib.intake.number_formats import BUILT_IN, format_code, shown_text, stored_text
from mpr_lib.intake.opening import open_file
from mpr_lib.intake.spreadsheet import Sheet
from mpr_lib.rules.values import read_value
from tests.helpers import attempt, cases, table
from tests.intake.workbooks import HEADINGS, invented, planned, reasons, said, xlsx

FILES = Path(__file__).parent / "files"


UNREAD, REFUSED = "unread", "refused"
CHANGE = "Expected a format such as 0.00, #,##0 or 0%: change it, look at the figure and import the file again."


def held(case):
    """A cell's number, or its text behind a quote."""
    return case["cell"][1:] if case["cell"].startswith("'") else float(case["cell"])


@pytest.mark.parametrize("case", cases("imports_numbers.csv"))
def test_a_cell_shows_what_its_table_says(case):
    sheet = Sheet("june.xlsx", "June", [[held(case)]], formats={(0, 0): format_code(case["format"])})
    shown, _ = attempt(lambda at: sheet.text(*at), (0, 0), ValueTextError)
    assert (REFUSED if shown is None else shown) == case["shown"]
    if shown is not None:
        read, _ = attempt(read_value, shown, ValueTextError)
        beyond, _ = attempt(lambda figure: sheet.beyond(0, 0, figure), read, ValueTextError) if read else (UNREAD, "")
        assert (REFUSED if beyond is None else beyond) == case["beyond"]


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_spreadsheet_shows_the_same_in_every_kind_of_workbook(kind):
    # LibreOffice hides texts under ;; when it writes .xls.
    every = table("cases", "imports_numbers.csv")
    same = [case for case in every if case["shown"] == case["spreadsheet"] and case["format"] != ";;"]
    (sheet,) = open_file(FILES / f"formats.{kind}")[0][0]
    assert [sheet.text(row, 0) for row in range(len(sheet.rows))] == [case["shown"] for case in same]
    assert len(same) > 90


def test_the_formats_that_every_excel_knows():
    shown = {
        number: [shown_text(figure, BUILT_IN[number]).strip() for figure in (0, -1234.5)]
        for number in (*range(5, 9), *range(37, 45))
    }
    assert shown[5] == shown[6] == ["£0", "-£1,235"]
    assert shown[7] == shown[8] == ["£0.00", "-£1,234.50"]
    assert shown[37] == shown[38] == ["0", "-1,235"]
    assert shown[39] == shown[40] == ["0.00", "-1,234.50"]
    assert [shown[number] for number in (41, 42)] == [["-", "-1,235"], ["£-", "-£1,235"]]
    assert [shown[number] for number in (43, 44)] == [["-", "-1,234.50"], ["£-", "-£1,234.50"]]


def test_a_figure_is_taken_as_shown_or_refused_with_its_cell(tmp_path):
    workspace = invented(tmp_path / "workspace", {f"A {n}": "number" for n in range(1, 8)})
    rows = [["A 1", 0.5, "# ?/?"], ["A 2", -3, "0;[Red]0"], ["A 3", 12, '0"K"'], ["A 4", 5, ";;;"], ["A 5", 5, '"n/a"']]
    rows += [["A 6", 1.66, '"Proxy "0.0'], ["A 7", 36.5 / 24, "[h]:mm"]]
    path = xlsx(
        tmp_path / "june.xlsx",
        [HEADINGS, *([code, "Jun-18", number] for code, number, _ in rows)],
        {f"C{row}": code for row, (*_, code) in enumerate(rows, start=2)},
    )
    plan = planned(workspace, path)
    assert said(plan) == [
        ("refused", "A 1", "2018-06", "", "0.5"), ("refused", "A 2", "2018-06", "", "3"),
        ("new", "A 3", "2018-06", "", "12K"), ("left out", "A 4", "2018-06", "", ""),
        ("new", "A 5", "2018-06", "", "n/a"), ("new", "A 6", "2018-06", "", "Proxy 1.7"),
        ("refused", "A 7", "2018-06", "", "1 day, 12:30:00"),
    ]  # fmt: skip
    where = "june.xlsx, sheet 'June', cell"
    assert reasons(plan) == [
        f"{where} C2: holds 0.5 in the format # ?/?, and what that shows cannot be told here. {CHANGE}",
        f"{where} C3: holds -3 and shows '3', which contradict each other. {CHANGE}",
        f"{where} C8: cannot read '1 day, 12:30:00' as a number. Expected a number such as 550, 83% or 1,544, or one "
        "of -, TBC, N/A.",
    ]
    assert reasons(plan, "left out") == [f"{where} C5: The cell holds 5 and shows nothing."]
    assert reasons(plan, "new") == [
        f"{where} C4: The cell holds 12 and shows 12K.", f"{where} C6: The cell holds 5 and shows n/a.",
        f"{where} C7: The cell holds 1.66 and shows Proxy 1.7.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("decimals", "cell", "code", "kept"),
    [
        ("1", 0.776, "0%", "77.6%"), ("0", 0.776, "0%", "78%"), ("", 0.776, "0%", "78%"), ("1", 0.78, "0%", "78%"),
        ("2", 0.77666, "0%", "77.67%"), ("1", 0.77666, "0.00%", "77.67%"), ("1", 0.004, "0%", "0.4%"),
        ("0", 1_624_000, '"£"0.0,,"m"', "£1.624m"), ("1", 1234.56, "#,##0", "1,234.6"), ("1", -5.26, "0", "-5.3"),
        ("2", 1.666, '"Proxy "0.0', "Proxy 1.67"), ("0", 12, '0"K"', "12K"),
    ],
)  # fmt: skip
def test_no_figure_is_coarser_than_its_indicators_decimals_where_the_cell_holds_more(
    decimals, cell, code, kept, tmp_path
):
    unit = "%" if "%" in code else "£" if "£" in code else "number"
    workspace = invented(tmp_path / "workspace", {"A": unit})
    path = workspace / "data/indicators.csv"
    path.write_text(path.read_text().replace(f',"{unit}",1,', f',"{unit}",{decimals},'))
    (line,) = planned(workspace, xlsx(tmp_path / "june.xlsx", [HEADINGS, ["A", "Jun-18", cell]], {"C2": code})).lines
    assert (line.status, line.is_now) == ("new", kept)
    assert line.reason.endswith(f", and {kept} is taken.") == (kept != shown_text(cell, code))


def test_a_rule_may_change_the_format_of_a_cell(tmp_path):
    workspace = invented(tmp_path / "workspace", {"A 1": "number", "A 2": "number"})
    path = xlsx(tmp_path / "june.xlsx", [HEADINGS, ["A 1", "Jun-18", 5], ["A 2", "Jun-18", 6], ["A 2", "Jun-18"]])
    book = load_workbook(path)
    rules = book.active.conditional_formatting
    style = DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode='"x"'))
    rules.add("B1:B99", CellIsRule(operator="lessThan", formula=["9"], font=Font(bold=True)))
    rules.add("C2 C4:C99", Rule(type="cellIs", dxf=style, operator="lessThan", formula=["9"]))
    book.save(path)
    plan = planned(workspace, path)
    assert reasons(plan) == [
        "june.xlsx, sheet 'June', cell C2: has a rule that may show it in another format (conditional formatting). "
        "Expected one format: clear the rule, look at the figure and import the file again."
    ]
    assert said(plan)[1:2] == [("new", "A 2", "2018-06", "", "6")]


@given(st.floats(-1e14, 1e14, allow_subnormal=False))
def test_a_stored_number_is_read_back_to_fifteen_digits(number):
    assert read_value(stored_text(number)).number == pytest.approx(number, rel=1e-14, abs=1e-300)


CODES = st.text(max_size=30) | st.from_regex(r'[#0?,.%£$E+;"_*@\\[\]<>=a-z -]{1,20}', fullmatch=True)


@given(st.floats() | st.text(max_size=10), CODES | st.sampled_from(["0.00", "0%;-0%;@", "[>=1]0;0.0", "General;;"]))
def test_any_format_shows_something_or_is_refused(value, code):
    shown, refusal = attempt(lambda held: shown_text(held, code), value, ValueTextError)
    assert isinstance(shown, str) or refusal.endswith(CHANGE)


@given(
    st.floats(0, 1e9),
    st.sampled_from(["0", "0.00", "#,##0", "#,##0.0#", "0.0%", "0,"]),
    st.text("abK%0#;@[] .,", max_size=6),
)
def test_a_literal_changes_nothing_of_the_number_beside_it(number, code, literal):
    shown = shown_text(number, code)
    assert shown_text(number, f'"{literal}"{code}') == literal + shown
    assert shown_text(number, code + "".join(f"\\{letter}" for letter in literal)) == shown + literal
    assert shown_text(-number, f"0;{code}") == shown if number else "0"
