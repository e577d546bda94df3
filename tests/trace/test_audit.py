"""``mpr audit``: which figures are drawn, what the sheet holds, and what is said of one that is filled in."""

import json

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from mpr_lib.book import Workspace, read_book
from mpr_lib.report.report import Material
from mpr_lib.run import cli
from mpr_lib.trace.audit import HEADINGS, STRATA, Figure, difference, figures, sample
from mpr_lib.trace.thread import Threads
from tests.helpers import REPOSITORY, SMALL, cases, small_workspace, with_line

JUDGED = with_line("data/judgements.csv", "3.1,2018-05,,AT_RISK,As agreed,Head of Roads,2018-06-01")
RED = {"data/returns/2018-05.csv": SMALL["data/returns/2018-05.csv"].replace("210", "20") + "3.1,2018-04,95%,Late\n"}


@pytest.fixture(scope="module")
def population():
    return figures(Threads(Material(read_book(Workspace(REPOSITORY), "2018-05"))))


@pytest.fixture
def workspace(tmp_path):
    return small_workspace(tmp_path / "workspace", {**JUDGED, **RED})


def mpr(workspace, *arguments):
    found = CliRunner().invoke(cli.app, ["audit", *map(str, arguments), "--workspace", str(workspace)])
    return found.exit_code, found.stdout, found.stderr


def filled(workspace, results, **options):
    """The path of a sheet with these results, by code and figure."""
    path = workspace / "audits/audit-2018-05-seed-1-of-20.xlsx"
    if not path.exists():
        assert mpr(workspace, "2018-05", "--sample", "20")[0] == 0
    book = load_workbook(path)
    for row in book.active.iter_rows(min_row=4):
        code, kind = row[0].value, row[1].value
        row[list(HEADINGS).index("result")].value = results.get((code, kind), "")
    book.save(workspace / "filled.xlsx")
    return workspace / "filled.xlsx"


RIGHT = {
    ("3.1", "value"): "97%", ("3.1", "target"): 95, ("3.1", "rating"): "green",
    ("3.1", "outcome"): "At risk of missing target", ("3.10", "value"): "20.3", ("3.10", "target"): "200",
    ("3.10", "rating"): "RED",
}  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_every_kind_is_among_a_sample_and_the_same_seed_draws_the_same(population, seed):
    taken = sample(population, 10, seed)
    assert len(taken) == len(set(taken)) == 10
    there = {stratum for each in population for stratum in each.strata}
    assert {"red", "judged", "computed"} <= there
    assert {stratum for each in taken for stratum in each.strata} >= there & {*STRATA}
    assert taken == sample(population, 10, seed)


def test_another_seed_draws_others_and_nothing_is_drawn_twice(population):
    assert sample(population, 10, 1) != sample(population, 10, 2)
    assert len(sample(population, 10_000, 1)) == len(population)


def test_the_sheet_is_the_same_bytes_and_tells_no_result(workspace):
    exit_code, out, _ = mpr(workspace, "2018-05", "--sample", "20", "--seed", "1")
    path = workspace / "audits/audit-2018-05-seed-1-of-20.xlsx"
    before = path.read_bytes()
    assert (exit_code, out.splitlines()[-1]) == (0, "It is not published in outputs/2018-05 yet.")
    assert mpr(workspace, "2018-05", "--sample", "20", "--seed", "1")[0] == 0
    assert path.read_bytes() == before
    sheet = load_workbook(path).active
    assert [cell.value for cell in sheet[3]] == list(HEADINGS.values())
    rows = {(row[0], row[1]): row for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert set(rows) == set(RIGHT)
    assert rows["3.10", "target"][3:8] == (
        "Work out the target to date: 3.10 Potholes mended, May 2018", "data/targets.csv, row 3",
        "1,200 × 2 / 12, rounded down to a whole number (month 2 of 2018/19, LINEAR).", None, None,
    )  # fmt: skip
    assert "data/judgements.csv, row 2" in rows["3.1", "outcome"][4]
    assert rows["3.1", "rating"][5].endswith(" Aim to maximise.")
    assert "200" not in str(rows["3.10", "target"][3:]).replace("1,200", "")
    cells = [cell for row in sheet.iter_rows(min_row=3) for cell in row]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@"), ("n", "@")}
    page = path.with_suffix(".html").read_text(encoding="utf-8")
    assert "1,200 × 2 / 12" in page


def test_a_figure_that_was_made_of_parts_is_worked_out_from_them(tmp_path):
    heading, lights, holes = SMALL["data/returns/2018-05.csv"].splitlines()
    may = [f"{heading},numerator,denominator", f"{lights.replace('97%', '')},83,100", f"{holes},,", ""]
    folder = small_workspace(tmp_path, {"data/returns/2018-05.csv": "\n".join(may)})
    drawn = figures(Threads(Material(read_book(Workspace(folder), "2018-05"))))
    made = next(each for each in drawn if each.kind == "value")
    assert made.task == "Work out the figure: 3.1 Street lights lit, May 2018"
    assert made.rule == "It is computed from 83 of 100, and rounded half up"
    assert (made.printed, made.strata) == ("83.0%", ("computed",))


def test_a_filled_sheet_that_agrees_is_all_right(workspace):
    exit_code, out, _ = mpr(workspace, "--check", filled(workspace, RIGHT))
    assert (exit_code, out) == (
        0, "7 of 7 results agree with what is printed. It is not published in outputs/2018-05 yet.\n",
    )  # fmt: skip


def test_differences_and_empty_rows_are_named(workspace):
    wrong = {**RIGHT, ("3.1", "value"): "96%", ("3.1", "outcome"): "", ("3.10", "rating"): "Amber",
             ("3.10", "target"): "soon"}  # fmt: skip
    exit_code, out, _ = mpr(workspace, "--check", filled(workspace, wrong))
    assert exit_code == 1
    assert out.splitlines() == [
        "row 4: 3.1 value: '96%' is not the printed 97%.",
        "row 7: 3.1 outcome: has no result.",
        "row 9: 3.10 target: 'soon' cannot be read as a figure.",
        "row 10: 3.10 rating: 'Amber' is not the printed Red.",
        "3 of 7 results agree with what is printed. It is not published in outputs/2018-05 yet.",
    ]


def test_a_filled_sheet_is_not_replaced_and_another_file_is_refused(workspace):
    path = filled(workspace, RIGHT).rename(workspace / "audits/audit-2018-05-seed-1-of-20.xlsx")
    exit_code, _, err = mpr(workspace, "2018-05", "--sample", "20")
    assert (exit_code, err) == (1, f"{path} is there already, and may be filled in. Name another folder with --out.\n")
    other = workspace / "other.xlsx"
    other.write_bytes(b"PK nothing")
    exit_code, _, err = mpr(workspace, "--check", other)
    assert exit_code == 1
    assert err.startswith("other.xlsx cannot be read. Expected the workbook that 'mpr audit' made")


def test_a_month_that_was_published_from_other_data_is_not_audited(workspace):
    (workspace / "outputs/2018-05").mkdir(parents=True)
    (workspace / "outputs/2018-05/manifest.json").write_text(json.dumps({"data_hash": "ab"}))
    exit_code, _, err = mpr(workspace, "2018-05")
    assert exit_code == 1
    assert err == (
        "What is published in outputs/2018-05 was made from other data than stand here now (SHA-256 ab). Publish the "
        "month again, or audit a copy of the workspace as it was then.\n"
    )


@pytest.mark.parametrize("case", cases("audit_results.csv"))
def test_a_result_is_compared_within_the_printed_decimals(case):
    figure = Figure("A", "value", "", "", "", case["printed"], tuple(filter(None, case["accepted"].split("|"))))
    assert (difference(figure, case["result"]) == "") == (case["agrees"] == "true")
