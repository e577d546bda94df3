"""Open data: one text for each value, the same on every machine."""

import csv
import hashlib
import json
import re
import time

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from mpr_lib.book import Workspace, history_of, read_book
from mpr_lib.book.book import scored
from mpr_lib.columns import POINTS, SCORECARD, VALUES
from mpr_lib.open_data.csv_files import names, open_text, write_table
from mpr_lib.open_data.data_package import write_open_data
from mpr_lib.open_data.workbook import write_workbook
from tests.helpers import SMALL, number, small_workspace, table

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
    row = {column.name: np.nan if column.digits else "" for column in SCORECARD}
    row |= {"indicator_code": "CP 3.10", "value": 1544.0, "commentary": 'said "£5",\nagain'}
    frame = pd.DataFrame([{"more": 1, **row}])
    write_table(frame, SCORECARD, tmp_path / "scorecard.csv")
    content = (tmp_path / "scorecard.csv").read_bytes()
    assert b"\r" not in content
    assert content.splitlines()[0].decode() == ",".join(COLUMNS)
    with (tmp_path / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        (read,) = csv.DictReader(file)
    assert (read["indicator_code"], read["value"], read["commentary"]) == ("CP 3.10", "1544", 'said "£5",\nagain')


HOSTILE = [
    "=1+1",
    "+CMD|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\tx",
    '=HYPERLINK("http://x","y")',
    "- a list\n- of two",
    "＝1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_begins_a_formula_and_what_was_typed_comes_back(text):
    assert open_text(text) == f" {text}"
    assert open_text(text).lstrip(" ") == text


@pytest.mark.parametrize("text", ["-", "+", "-0.4%", "-1,544", "+5", "83%", "38 - 48", "a = b", "", "-.5"])
def test_texts_that_begin_no_formula_stay(text):
    assert open_text(text) == text


def data_of(book):
    """What the run gives those who publish: book, scorecard, history and points."""
    history = history_of(book)
    scorecard, points = scored(book, history)
    return book, scorecard, history, points


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The open data of a small council whose officers type formulas wherever they can."""
    folder = tmp_path_factory.mktemp("open")
    changes = {
        f"data/commentary/2018-05/3-1{more}.md": text
        for more, text in (("", "=cmd|' /C calc'!A0\n"), ("0", "@SUM(A1) & \\<b>\n\n- x\n"))
    }
    workspace = small_workspace(folder / "workspace", changes)
    path = workspace / "data/indicators.csv"
    path.write_text(path.read_text().replace("Street lights lit", "=1+1").replace("SAFE", "+SAFE"))
    path = workspace / "data/returns/2018-05.csv"
    path.write_text(path.read_text() + "3.10,2017-05,-,\n3.1,2017-05,-0.5%,\n")
    book = read_book(Workspace(workspace), "2018-05")
    write_open_data(*data_of(book), "2018-06-21T11:59:00", folder)
    return folder


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_values_are_every_figure_that_is_known(made):
    rows = rows_of(made / "values.csv")
    assert list(rows[0]) == [each.name for each in VALUES if not each.optional]
    found = [(row["indicator_code"], row["month"], row["value_text"], row["value"], row["received"]) for row in rows]
    assert found == [
        ("3.1", "2017-05", "-0.5%", "-0.5", "2018-05"), ("3.1", "2018-04", "96%", "96", "2018-04"),
        ("3.1", "2018-05", "97%", "97", "2018-05"), ("3.10", "2017-05", "-", "", "2018-05"),
        ("3.10", "2018-04", "90", "90", "2018-04"), ("3.10", "2018-05", "210", "210", "2018-05"),
    ]  # fmt: skip
    assert rows[2]["rating"] == "GREEN"
    assert (rows[5]["target_low"], rows[5]["target_text"]) == ("200", "200")


@pytest.mark.parametrize("name", ["scorecard.csv", "values.csv", "points.csv"])
def test_no_cell_of_the_csv_files_begins_a_formula(made, name):
    cells = [cell for row in rows_of(made / name) for cell in row.values()]
    assert [cell for cell in cells if re.match(r"[=+@\t\r-]", cell) and not re.fullmatch(r"-|-?[\d.,]+%?", cell)] == []


def test_what_officers_typed_can_be_read_back(made):
    first = rows_of(made / "scorecard.csv")[0]
    assert (first["short_name"].lstrip(), first["aim"].lstrip()) == ("=1+1", "+SAFE")
    assert first["commentary"].lstrip() == "=cmd|' /C calc'!A0"


KINDS = {
    "string": r"(?s).*", "number": r"-?\d+(\.\d+)?", "integer": r"-?\d+", "boolean": "true|false",
    "yearmonth": r"\d{4}-(0[1-9]|1[0-2])",
}  # fmt: skip


def test_the_description_is_of_these_very_files(made):
    """What a Frictionless validator asks: names, order, types, constraints, keys, sizes and hashes."""
    package = json.loads((made / "datapackage.json").read_text("utf-8"))
    assert re.fullmatch(r"[a-z0-9._/-]+", package["name"])
    assert [resource["path"] for resource in package["resources"]] == ["scorecard.csv", "values.csv", "points.csv"]
    tables = {}
    for resource in package["resources"]:
        content = (made / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        rows = tables[resource["name"]] = rows_of(made / resource["path"])
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(rows[0])
        assert resource["schema"]["missingValues"] == [""]
        for field in fields:
            assert field["title"]
            assert field["description"].endswith(".")
            constraints = field.get("constraints", {})
            for text in (row[field["name"]] for row in rows):
                assert text or not constraints.get("required")
                assert not text or re.fullmatch(KINDS[field["type"]], text), (field["name"], text)
                assert not text or text in constraints.get("enum", [text]), (field["name"], text)
        keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)
    for resource in package["resources"][1:]:
        (key,) = resource["schema"]["foreignKeys"]
        assert key["reference"] == {"resource": "scorecard", "fields": ["indicator_code"]}
        codes = [{row["indicator_code"] for row in tables[name]} for name in (resource["name"], "scorecard")]
        assert codes[0] <= codes[1]


@pytest.fixture(scope="module")
def workbook(made):
    return openpyxl.load_workbook(made / "scorecard.xlsx")


def test_the_workbook_has_a_cover_notes_and_a_table_a_sheet(workbook):
    assert workbook.sheetnames == ["Summary", "Signals", "Cover", "Notes", "Scorecard", "Values", "Points"]
    assert [list(sheet.tables) for sheet in workbook] == [[name] * (name != "Cover") for name in workbook.sheetnames]
    assert workbook["Scorecard"].tables["Scorecard"].ref == f"A3:{get_column_letter(len(SCORECARD))}5"
    headings = [cell.value for cell in workbook["Scorecard"][3]]
    assert headings == [column.heading for column in SCORECARD]
    assert len(set(headings)) == len(headings)
    links = [cell.hyperlink.location for row in workbook["Cover"].iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in workbook.sheetnames if name != "Cover"]


def test_it_opens_with_section_1s_columns_in_the_reports_words(tmp_path, repo):
    book = read_book(Workspace(repo), pd.Period("2018-05"))
    write_workbook(*data_of(book), "2018-06-21T11:59:00", tmp_path / "scorecard.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "scorecard.xlsx")
    sheet = workbook.active
    headings, *rows = ([cell.value for cell in row] for row in sheet[sheet.tables["Summary"].ref])
    assert (sheet.title, sheet.freeze_panes, len(headings), len(rows)) == ("Summary", "B4", 11, 31)
    assert headings[6] == "Annual Target 2018/19"
    said = {row[0]: dict(zip(headings, row, strict=True)) for row in rows}
    assert (said["CP 1.1"]["Month's Target"], said["CP 1.1"]["Expected Outcome"]) == (
        "38 to 48", "At risk of missing target",
    )  # fmt: skip
    assert said["CP 3.6"]["Expected Outcome"].startswith(
        "On course to achieve target, judged. Rated red, judged on course"
    )
    assert said["CP 2.3"]["Month's Value"] == "TBC"
    assert said["CP 3.1"]["Latest Month"] == "April 2018"
    assert "reunification" in said["CP 1.2"]["Comment"].lower()
    years = [row[3].value for row in workbook["Values"][workbook["Values"].tables["Values"].ref]][1:]
    assert set(years) == {"2017/18", "2018/19"}
    assert [workbook[name].freeze_panes for name in ("Notes", "Scorecard", "Values", "Points")] == ["A4", *["C4"] * 3]


def test_no_cell_of_a_table_is_merged_or_empty(workbook):
    for sheet in workbook:
        assert not sheet.merged_cells.ranges
        for each in sheet.tables.values():
            empty = [cell.coordinate for row in sheet[each.ref] for cell in row if cell.value in (None, "")]
            assert empty == []
        first = [row[0].value for row in sheet.iter_rows(max_col=1)]
        assert all(first)


def test_no_cell_of_the_workbook_is_a_formula(workbook):
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value[:1] in "=+-@"]
    assert len(risky) >= 5
    assert all(cell.quotePrefix for cell in risky)


def test_each_cell_has_its_named_style_and_the_text_as_it_was_given(workbook):
    sheet = workbook["Values"]
    styles = [{cell.style for cell in row} for row in sheet.iter_rows(min_row=1, max_row=3, max_col=1)]
    assert styles == [{"mpr title"}, {"mpr line"}, {"mpr heading"}]
    body = [cell for row in sheet.iter_rows(min_row=4) for cell in row]
    assert {(cell.style, cell.data_type) for cell in body} == {("mpr text", "s"), ("mpr number", "n")}
    assert {cell.alignment.horizontal for cell in body if cell.data_type == "n"} == {"right"}
    comment = next(row[-1].value for row in workbook["Summary"].iter_rows(min_row=5, max_row=5))
    assert comment.startswith("@SUM(A1) & <b>")


def test_a_table_that_no_worksheet_has_room_for_is_in_its_csv_file_alone(made, tmp_path, monkeypatch):
    monkeypatch.setattr("mpr_lib.open_data.workbook.MOST_ROWS", 2)
    book = read_book(Workspace(made / "workspace"), "2018-05")
    write_workbook(*data_of(book), "2018-06-21T11:59:00", tmp_path / "scorecard.xlsx")
    found = openpyxl.load_workbook(tmp_path / "scorecard.xlsx")
    assert found.sheetnames == ["Summary", "Signals", "Cover", "Notes", "Scorecard"]
    said = [cell.value for cell in found["Cover"]["A"]]
    assert any(
        str(line).endswith("Only there, as a worksheet has no room for them: values.csv and points.csv.")
        for line in said
    )
    assert "Values" not in {row[1].value for row in found["Notes"].iter_rows(min_row=4)}


def test_the_workbook_says_its_title_and_language(workbook):
    properties = workbook.properties
    assert properties.title == "Smallford Council (invented): Monthly Performance Report May 2018"
    assert properties.language == "en-GB"


def test_figures_are_numbers_and_codes_are_words(workbook):
    heading, first = ([cell.value for cell in workbook["Scorecard"][row]] for row in (3, 4))
    row = dict(zip(heading, first, strict=True))
    assert (row["Value"], row["Indicator code"], row["Rating"]) == (97, "3.1", "Green")
    assert row["Expected outcome"] == "On course to achieve target"
    assert (row["Last year's value"], row["Reason for a judged outcome"]) == (-0.5, "[z]")


def test_the_workbook_has_the_same_bytes_at_any_time(made, tmp_path, monkeypatch):
    book = read_book(Workspace(made / "workspace"), "2018-05")
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    write_workbook(*data_of(book), "2018-06-21T11:59:00", tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == (made / "scorecard.xlsx").read_bytes()


def test_the_figures_of_an_indicator_that_has_ended_stay(tmp_path):
    heading, lit, potholes, _ = SMALL["data/indicators.csv"].split("\n")
    changes = {
        "data/indicators.csv": f"{heading},last_month\n{lit},2018-04\n{potholes},\n",
        "data/returns/2018-05.csv": "indicator_code,month,value,note\n3.10,2018-05,210,\n",
    }
    book = read_book(Workspace(small_workspace(tmp_path, changes)), "2018-05")
    write_open_data(*data_of(book), "2018-06-21T12:00:00", tmp_path)
    scorecard, values, points = (
        pd.read_csv(tmp_path / f"{name}.csv", dtype="str") for name in ("scorecard", "values", "points")
    )
    assert points["indicator_code"].unique().tolist() == ["3.10"]
    assert scorecard["indicator_code"].tolist() == ["3.10"]
    found = values[["reporting_month", "indicator_code", "month", "value", "rating"]].to_numpy().tolist()
    assert found == [
        ["2018-05", "3.1", "2018-04", "96", "GREEN"],
        ["2018-05", "3.10", "2018-04", "90", "RED"],
        ["2018-05", "3.10", "2018-05", "210", "GREEN"],
    ]
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert ["foreignKeys" in resource["schema"] for resource in package["resources"]] == [False, False, True]


SOUTHEND = {row["indicator_code"]: row for row in table("cases", "insight", "insight_southend.csv")}


TOLD = (
    "charted", "points", "variation", "signal", "signal_side", "assurance", "months_on_target", "months_with_target",
    "forecast_reason",
)  # fmt: skip
WORKED_OUT = (
    "chart_mean", "lower_limit", "upper_limit", "forecast", "forecast_low", "forecast_high", "forecast_chance",
)  # fmt: skip
CALLED = {"signal_side": "side", "chart_mean": "mean", "forecast_chance": "chance"}
"""What the table of cases calls a column."""


@pytest.fixture(scope="module")
def southend(tmp_path_factory, repo):
    """The open data of the council's own May 2018."""
    folder = tmp_path_factory.mktemp("southend")
    write_open_data(*data_of(read_book(Workspace(repo), "2018-05")), "2018-06-21T11:59:00", folder)
    return folder


def test_the_scorecard_publishes_its_signals_behind_what_it_had(southend):
    rows = rows_of(southend / "scorecard.csv")
    assert list(rows[0])[35:] == [
        "compare_with", "charted", "points", "chart_mean", "lower_limit", "upper_limit", "variation", "signal",
        "signal_side", "assurance", "months_on_target", "months_with_target", "not_judged_reason",
        "forecast_method", "forecast", "forecast_low", "forecast_high", "forecast_chance", "forecast_reason",
        "early_warning",
    ]  # fmt: skip
    for row in rows:
        expected = SOUTHEND[row["indicator_code"]]
        for name in TOLD:
            assert row[name] == expected[CALLED.get(name, name)], (row["indicator_code"], name)
        for name in WORKED_OUT:
            text = expected[CALLED.get(name, name)]
            assert row[name] == text == "" or abs(float(row[name]) - float(text)) < 2e-4, (row["indicator_code"], name)


def test_each_point_is_published_with_its_chart(southend):
    rows = rows_of(southend / "points.csv")
    assert list(rows[0]) == names(POINTS) == [
        "indicator_code", "month", "segment", "point", "target_low", "target_high", "chart_mean", "lower_limit",
        "upper_limit", "signal", "signal_side",
    ]  # fmt: skip
    found = {(row["indicator_code"], row["month"]): row for row in rows}
    for expected in table("cases", "insight", "spc_southend_points.csv"):
        row = found[expected["indicator_code"], expected["month"]]
        assert row["point"] == open_text(number(expected["point"]))
        assert (row["signal"], row["signal_side"]) == (expected["signal"], expected["side"]), expected
    assert list(found["CP 5.4", "2018-05"].values()) == [
        "CP 5.4", "2018-05", "1", "0.61", "0.59", "0.59", "0.595", "0.392430769231", "0.797569230769", "", "",
    ]  # fmt: skip


def test_what_is_worked_out_from_many_figures_has_twelve_digits(southend):
    for row in [*rows_of(southend / "points.csv"), *rows_of(southend / "scorecard.csv")]:
        for name in {*WORKED_OUT} & {*row}:
            assert len(re.sub(r"^[-0.]*|\.", "", row[name])) <= 12


def test_the_workbook_says_of_each_indicator_what_its_signals_say(southend):
    sheet = openpyxl.load_workbook(southend / "scorecard.xlsx")["Signals"]
    headings, *rows = ([cell.value for cell in row] for row in sheet[sheet.tables["Signals"].ref])
    assert (sheet["A1"].value, sheet.freeze_panes, len(rows)) == ("Signals, May 2018", "C4", 31)
    said = {row[0]: dict(zip(headings, row, strict=True)) for row in rows}
    assert list(said["CP 1.1"].values())[2:7] == [
        "Real concern", "29.44 is below its usual 32.43 to 43.60: a real concern.", "32.43 to 43.60",
        "Level still moving", "0 of 14",
    ]  # fmt: skip
    assert said["CP 5.4"]["Where does the year end?"] == (
        "If the year goes on as last year did, it ends at 7.39 (6.63 to 8.16); the target of 7.20 is met in 4 of 10 "
        "such years."
    )
    assert list(said["CP 2.2"].values())[2:7] == [
        "Not judged", "Not judged: a rate for the year to date does not say what a month's own was.",
        "[z]", "[z]", "[z]",
    ]  # fmt: skip
    assert said["CP 2.2"]["Where does the year end?"] == (
        "No forecast: a rate for the year to date does not say what a month's own was."
    )
    assert {row["Early warning"] for row in said.values()} == {"[z]"}


def test_what_was_computed_is_said_where_anything_was(tmp_path):
    """In the values, their description and the workbook; a month without it has no such column (``made``)."""
    returned = "indicator_code,month,value,note,numerator,denominator\n3.1,2018-05,,,83,100\n3.10,2018-05,210,,,\n"
    workspace = small_workspace(tmp_path / "workspace", {"data/returns/2018-05.csv": returned})
    book = read_book(Workspace(workspace), "2018-05")
    write_open_data(*data_of(book), "2018-06-21T11:59:00", tmp_path)
    rows = rows_of(tmp_path / "values.csv")
    assert [(row["value"], row["computed_from"]) for row in rows] == [
        ("96", ""), ("83", "83 of 100"), ("90", ""), ("210", "")
    ]  # fmt: skip
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert package["resources"][1]["schema"]["fields"][-1]["name"] == "computed_from"
    sheet = openpyxl.load_workbook(tmp_path / "scorecard.xlsx")["Values"]
    assert [sheet.cell(row, sheet.max_column).value for row in (3, 4, 5)] == ["Computed from", "[z]", "83 of 100"]


def test_nothing_is_said_to_be_computed_where_nothing_was(made):
    package = json.loads((made / "datapackage.json").read_text(encoding="utf-8"))
    assert "computed_from" not in [each["name"] for each in package["resources"][1]["schema"]["fields"]]
    assert openpyxl.load_workbook(made / "scorecard.xlsx")["Values"].cell(3, 18).value is None
