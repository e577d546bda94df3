"""Where each figure was received stands beside the return, whole, whatever the file is and whatever ends the import."""

import csv
import hashlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from typer.testing import CliRunner

from mpr_lib import files
from mpr_lib.book import Workspace, read_book, scorecard_of
from mpr_lib.book.tables import SOURCES
from mpr_lib.checks.frames import settings as checked_settings
from mpr_lib.errors import InputError
from mpr_lib.intake import importing
from mpr_lib.intake.importing import write_return
from mpr_lib.rules.months import read_month
from mpr_lib.run import cli
from tests.helpers import attempt
from tests.intake.workbooks import HEADINGS, JUNE, invented, ods, ods_cell, planned, text_file, xlsx

CODES = {"A": "number", "B": "%", "A 10": "number"}
DAY = date(2018, 7, 3)


@pytest.fixture
def workspace(tmp_path):
    return invented(tmp_path / "workspace", CODES)


def sources(workspace, month="2018-06"):
    path = workspace / f"data/returns/{month}.sources.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def imported(workspace, path):
    return write_return(Workspace(workspace), planned(workspace, path), DAY)


def test_each_figure_of_a_workbook_has_its_cell_as_it_shows_it(workspace, tmp_path):
    rows = [["Returns for June"], ["Code", "May 2018", "Jun 2018"], ["A 10", 1544, 1600], ["B", 0.834, 0.8]]
    path = xlsx(tmp_path / "june.xlsx", rows, {"B3": "#,##0", "B4": "0%", "C4": "0.0%"}, sheet="June, all")
    imported(workspace, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert [list(row.values()) for row in sources(workspace)] == [
        ["A 10", "2018-05", "1,544", "june.xlsx", digest, "June, all", "B3", "1,544", "2018-07-03"],
        ["A 10", "2018-06", "1600", "june.xlsx", digest, "June, all", "C3", "1600", "2018-07-03"],
        ["B", "2018-05", "83.4%", "june.xlsx", digest, "June, all", "B4", "83% (holds 83.4%)", "2018-07-03"],
        ["B", "2018-06", "80.0%", "june.xlsx", digest, "June, all", "C4", "80.0%", "2018-07-03"],
    ]
    assert list(sources(workspace)[0]) == SOURCES


def test_the_day_of_the_import_may_be_said(workspace, tmp_path):
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["A", "Jun-18", "5", ""]])
    arguments = ["import", "2018-06", str(path), "--write", "--today", "2018-07-04", "--workspace", str(workspace)]
    assert CliRunner().invoke(cli.app, arguments).exit_code == 0
    assert sources(workspace)[0]["imported"] == "2018-07-04"


def test_so_has_each_figure_of_an_ods_workbook_and_of_a_text_file(workspace, tmp_path):
    cells = [HEADINGS, ["A", "Jun-18", "5", ""], ["B", "Jun-18", "83%", ""]]
    lines = [f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in cells]
    imported(workspace, ods(tmp_path / "june.ods", lines))
    imported(workspace, text_file(tmp_path / "late.csv", [HEADINGS, ["a10", "Jun-18", "1,544", "at last"]]))
    found = [[row[name] for name in ("indicator_code", "source_file", "sheet", "cell", "text")]
             for row in sources(workspace)]  # fmt: skip
    assert found == [
        ["A", "june.ods", "June", "C2", "5"],
        ["B", "june.ods", "June", "C3", "83%"],
        ["A 10", "late.csv", "", "C2", "1,544"],
    ]


def test_a_figure_that_a_scale_multiplies_has_the_text_that_was_received(workspace, tmp_path):
    (workspace / "data/imports.yml").write_text("scales:\n  thousands: thousand\n")
    rows = [["Code", "Month", "Value", "Unit"], ["A", "Jun-18", "1.5", "thousands"]]
    imported(workspace, text_file(tmp_path / "june.csv", rows))
    (row,) = sources(workspace)
    assert (row["value"], row["text"]) == ("1,500", "1.5")


def test_a_figure_that_came_as_its_parts_has_the_cells_of_both(workspace, tmp_path):
    rows = [["Code", "Month", "Numerator", "Denominator"], ["B", "Jun-18", "83", "100"]]
    imported(workspace, text_file(tmp_path / "june.csv", rows))
    (row,) = sources(workspace)
    assert (row["value"], row["cell"], row["text"]) == ("83.0%", "C2, D2", "83 of 100")
    (workspace / "params/2018-06.yml").write_text("month: 2018-06\n")
    assert read_book(Workspace(workspace), JUNE).values["value_text"].tolist() == ["83.0%"]


def test_a_figure_that_was_typed_before_gets_its_source_once(workspace, tmp_path):
    june = workspace / "data/returns/2018-06.csv"
    june.write_text("indicator_code,month,value,note\nA,2018-06,5,\n")
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["A", "Jun-18", "5", ""]])
    for _ in range(2):
        imported(workspace, path)
        assert [row["cell"] for row in sources(workspace)] == ["C2"]
    assert june.read_text() == "indicator_code,month,value,note\nA,2018-06,5,\n"


def test_what_only_an_earlier_return_holds_is_no_source_of_this_one(tmp_path):
    known = {"returns/2018-05__csv": "indicator_code,month,value,note\nA,2018-05,5,\n"}
    workspace = invented(tmp_path / "workspace", CODES, **known)
    rows = [HEADINGS, ["A", "May-18", "5", ""], ["A", "Jun-18", "7", ""]]
    imported(workspace, text_file(tmp_path / "june.csv", rows))
    assert [row["month"] for row in sources(workspace)] == ["2018-06"]


def test_names_that_a_spreadsheet_or_a_screen_would_mistake_are_kept_as_texts(workspace, tmp_path):
    path = text_file(tmp_path / "=1+1 \x1b[2J.csv", [HEADINGS, ["A", "Jun-18", "5", ""]])
    imported(workspace, path)
    assert sources(workspace)[0]["source_file"] == " =1+1 �[2J.csv"
    imported(workspace, path)
    assert len(sources(workspace)) == 1


@pytest.mark.parametrize("ends_at", [1, 2])
def test_whatever_ends_an_import_no_figure_stands_without_its_source(workspace, tmp_path, monkeypatch, ends_at):
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["A", "Jun-18", "5", ""], ["B", "Jun-18", "83%", ""]])
    written = []

    def killed(place, content):
        if len(written) + 1 == ends_at:
            raise KeyboardInterrupt
        written.append(place.name)
        return files.write_whole(place, content)

    with monkeypatch.context() as patched:
        patched.setattr(importing, "write_whole", killed)
        with pytest.raises(KeyboardInterrupt):
            imported(workspace, path)
    assert written == ["2018-06.sources.csv"][: ends_at - 1]
    assert not (workspace / "data/returns/2018-06.csv").exists()
    assert Workspace(workspace).newest_return == "2018-05"
    imported(workspace, path)
    assert [row["cell"] for row in sources(workspace)] == ["C2", "C3"]
    assert (workspace / "data/returns/2018-06.csv").read_text().count("\n") == 3


def test_the_officers_file_is_kept_where_the_workspace_wants_it(workspace, tmp_path):
    path = text_file(tmp_path / "June.CSV", [HEADINGS, ["A", "Jun-18", "5", ""]])
    imported(workspace, path)
    assert not (workspace / "data/received").exists()
    report = workspace / "params/report.yml"
    report.write_text(report.read_text() + "keep_returns: true\n")
    imported(workspace, path)
    (kept,) = (workspace / "data/received").iterdir()
    assert kept.name == f"{sources(workspace)[0]['sha256']}.csv"
    assert kept.read_bytes() == path.read_bytes()


def test_a_file_of_which_nothing_was_taken_is_not_kept(workspace, tmp_path):
    report = workspace / "params/report.yml"
    report.write_text(report.read_text() + "keep_returns: true\n")
    imported(workspace, text_file(tmp_path / "june.csv", [HEADINGS, ["A", "Jun-18", "", ""]]))
    assert not (workspace / "data/received").exists()
    assert not (workspace / "data/returns/2018-06.sources.csv").exists()


def test_a_month_is_read_and_checked_as_it_was_without_them(workspace, tmp_path):
    (workspace / "params/2018-06.yml").write_text("month: 2018-06\n")
    report = workspace / "params/report.yml"
    report.write_text(report.read_text() + "keep_returns: true\n")
    imported(workspace, text_file(tmp_path / "june.csv", [HEADINGS, ["A", "Jun-18", "5", ""]]))
    book = read_book(Workspace(workspace), JUNE)
    assert book.values[["value_text", "file", "row"]].values.tolist() == [["5", "data/returns/2018-06.csv", 2]]
    said = checked_settings(book, scorecard_of(book), ())
    assert said.loc[said["kind"] == "unread", "file"].tolist() == []


TEXTS = st.sampled_from(["83%", "TBC", "1,544", "Proxy 1.66", "0", "7", "", "x"])
ROWS = st.lists(st.tuples(st.sampled_from([*CODES]), st.sampled_from(["2018-05", "Jun-18"]), TEXTS), max_size=6)


@given(rows=ROWS, again=ROWS)
@settings(max_examples=8)
def test_every_imported_figure_is_the_text_of_its_cell(tmp_path_factory, rows, again):
    folder = tmp_path_factory.mktemp("round")
    workspace, books = invented(folder / "workspace", CODES), {}
    for name, given_rows in (("one.xlsx", rows), ("two.xlsx", again)):
        path = xlsx(folder / name, [HEADINGS[:3], *given_rows])
        books[name] = load_workbook(path)["June"]
        plan, _ = attempt(lambda file: planned(workspace, file), path, InputError)
        if plan and not plan.count("refused"):
            write_return(Workspace(workspace), plan, DAY)
    standing = workspace / "data/returns/2018-06.csv"
    if not standing.exists():
        return
    found = {(row["indicator_code"], row["month"], row["value"]): row for row in sources(workspace)}
    with standing.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            source = found[row["indicator_code"], row["month"], row["value"]]
            cell = books[source["source_file"]][source["cell"]]
            assert source["text"] == row["value"] == cell.value
            assert books[source["source_file"]][f"A{cell.row}"].value == row["indicator_code"]
            assert str(read_month(books[source["source_file"]][f"B{cell.row}"].value)) == row["month"]
