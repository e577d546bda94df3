"""One indicator in depth: months apart from figures to date, revisions, comments over time."""

import json
import math
import subprocess
import sys

import nbformat
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.desk import open_indicator
from mpr_lib.desk.indicator import Indicator
from mpr_lib.desk.indicator import added as added_by
from mpr_lib.errors import InputError
from mpr_lib.report import Report
from mpr_lib.rules.history import revisions
from tests.helpers import REPOSITORY, SMALL, TESTS, small_workspace, with_line


def added(root, month, code):
    book = read_book(Workspace(root), month)
    history = history_of(book)
    row = next(row for row in scorecard_of(book, history).itertuples() if row.indicator_code == code)
    found = added_by(history[history["indicator_code"] == code], row)
    return None if found is None else {str(m): v for m, v in zip(found["month"], found["move"], strict=True)}


def test_what_each_month_added():
    found = added(REPOSITORY, "2018-05", "CP 5.4")
    assert (found["2017-04"], found["2017-05"], found["2018-04"], found["2018-05"]) == (0.5, 0.61, 0.58, 0.61)


def test_a_total_that_goes_on_from_year_to_year_is_not_its_own_first_month():
    found = added(REPOSITORY, "2018-05", "CP 5.5")
    assert all(math.isnan(number) or abs(number) < 30_000 for number in found.values())


def test_a_new_definition_starts_anew():
    found = added(REPOSITORY, "2018-05", "CP 3.0")
    assert found["2018-05"] < 29.7


@pytest.mark.parametrize("code", ["CP 1.1", "CP 4.10", "CP 3.10"])
def test_snapshots_and_ratios_to_date_do_not_add_up(code):
    assert added(REPOSITORY, "2018-05", code) is None


def test_a_percentage_whose_target_moves_adds_up():
    assert [*added(REPOSITORY, "2018-05", "CP 4.3")] == ["2017-05", "2018-05"]


def test_revisions_are_figures_that_changed(tmp_path):
    lines = "3.10,2018-04,95,counted again\n3.1,2018-04,96%,\n"
    root = small_workspace(tmp_path, with_line("data/returns/2018-05.csv", lines.strip()))
    part = open_indicator(str(root), "2018-05", "3.10").revisions()
    assert [cell["text"] for cell in part.blocks[0]["rows"][0]["cells"].values()] == [
        "April 2018", "90", "95", "Return of May 2018",
    ]  # fmt: skip
    assert part.blocks[0]["rows"][0]["cells"]["received"]["detail"] == "counted again"
    assert open_indicator(str(root), "2018-05", "3.1").revisions().blocks[0]["kind"] == "text"


@pytest.mark.parametrize(
    ("first", "second", "is_revised"),
    [("TBC", "95", False), ("", "95", False), ("90", "", False), ("90", "90.0", False), ("90", "95", True),
     ("90", "N/A", True)],
)  # fmt: skip
def test_a_first_figure_is_no_revision_and_a_withdrawn_one_is(tmp_path, first, second, is_revised):
    """As the rules have it, and the report's own list."""
    heading = "indicator_code,month,value,note\n"
    files = {"data/returns/2018-04.csv": f"{heading}3.10,2018-04,{first},\n",
             "data/returns/2018-05.csv": f"{heading}3.10,2018-04,{second},\n3.10,2018-05,210,\n"}  # fmt: skip
    root = small_workspace(tmp_path, files)
    listed = open_indicator(str(root), "2018-05", "3.10").revisions().blocks
    assert (listed[0]["kind"] == "table") == is_revised
    assert len(Report(read_book(Workspace(root), "2018-05")).revised[0]) == is_revised


@pytest.mark.parametrize(("council", "month"), [("riverside", "2024-07")])
def test_every_revision_of_a_council_is_one_to_the_rules(council, month):
    report = Report(read_book(Workspace(TESTS / "councils" / council), month))
    tables = [Indicator(report, code).revisions().blocks[0] for code in report.scorecard["indicator_code"]]
    listed = [row for table in tables if table["kind"] == "table" for row in table["rows"]]
    known = report.scorecard["indicator_code"]
    assert len(listed) == revisions(report.book.returns)["indicator_code"].isin(known).sum() > 0


@pytest.mark.parametrize("frequency", ["MONTHLY", "QUARTERLY", "YEARLY"])
def test_charts_are_of_the_figures_that_are_due(tmp_path, frequency):
    """Those of the report: on the desk, in its facts and by year; and nothing is printed about fonts."""
    due = "5" if frequency == "YEARLY" else ""
    described = SMALL["data/indicators.csv"].replace("frequency,quarter_rows", "frequency,due_month,quarter_rows")
    described = described.replace("%,1,,,", f"%,1,{frequency},{due},,").replace("number,0,,", "number,0,,,")
    months = {"MONTHLY": ["2017-04", "2018-04", "2018-05"], "QUARTERLY": ["2017-06", "2017-12", "2018-03"],
              "YEARLY": ["2016-05", "2017-05", "2018-05"]}  # fmt: skip
    rows = "".join(f"3.1,{month},{90 + at}%,\n" for at, month in enumerate(months[frequency]))
    files = {"data/indicators.csv": described,
             "data/returns/2018-05.csv": f"indicator_code,month,value,note\n{rows}3.10,2018-05,210,\n",
             "data/returns/2018-04.csv": None}  # fmt: skip
    root = small_workspace(tmp_path, files)
    code = "from mpr_lib.desk import open_indicator\nfrom mpr_lib.report.sections.detail import trend_figure\n"
    code += f"found = open_indicator({str(root)!r}, '2018-05', '3.1')\nyears = found.years().blocks\n"
    code += "drawn = trend_figure(found.report, found.row)\n"
    code += "assert drawn in found.facts().blocks, found.facts().blocks\nassert years[0]['kind'] == 'figure', years\n"
    code += "import json; print(json.dumps([drawn['svg'], years[1]['rows']]))"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (made.returncode, made.stderr) == (0, "")
    svg, rows = json.loads(made.stdout)
    assert ("Q4" in svg) == (frequency == "QUARTERLY")
    assert len(rows) == {"MONTHLY": 12, "QUARTERLY": 3, "YEARLY": 1}[frequency]


def test_a_step_is_tried_and_nothing_is_written(place):
    """CP 1.1 fell in the autumn of 2017: with a step in the month after, its two levels have limits of their own."""
    before = {path: path.read_bytes() for path in (place / "data").rglob("*.csv")}
    now = open_indicator(str(place), "2018-05", "CP 1.1")
    tried = now.with_step("2017-10", "A new panel")
    assert (now.row.points, now.row.variation) == (14, "CONCERN")
    assert (tried.row.points, tried.row.variation, tried.row.not_judged_reason) == (8, "NOT_JUDGED", "TOO_FEW_POINTS")
    assert "New level from October 2017: A new panel." in tried.chart().blocks[0]["alt"]
    assert "Not judged: too few figures" in tried.chart().blocks[1]["text"]
    assert now.with_step("") is now
    assert {path: path.read_bytes() for path in (place / "data").rglob("*.csv")} == before
    with pytest.raises(InputError, match=r"CP 1\.1 has no point in January 2030\. Expected a month of its chart\."):
        now.with_step("2030-01")


def test_the_row_of_a_step_records_what_was_tried(place):
    now = open_indicator(str(place), "2018-05", "CP 1.1")
    printed = now.step_row("2017-10", "A new panel, weekly", "Head of Service")
    heading, row = printed.splitlines()
    assert heading == "indicator_code,month,reason,role,date,reported_from"
    assert row.startswith('CP 1.1,2017-10,"A new panel, weekly",Head of Service,20')
    assert row.endswith(",2018-05")
    (place / "data/step_changes.csv").write_text(f"{printed}\n")
    recorded = open_indicator(str(place), "2018-05", "CP 1.1")
    assert recorded.row.points == now.with_step("2017-10").row.points == 8
    assert now.step_row("", "", "") == "No step is tried."


def test_comments_over_time(place):
    (place / "data/commentary/2018-03").mkdir()
    (place / "data/commentary/2018-03/cp-5-4.md").write_text("---\nrole: HR\n---\nMarch.\n")
    (place / "data/commentary/2018-02").mkdir()
    (place / "data/commentary/2018-02/cp-5-4.md").write_text("---\nbroken\n")
    shown = open_indicator(str(place), "2018-05", "CP 5.4").comments().blocks
    assert [block["text"] for block in shown if block["kind"] != "prose"] == ["May 2018", "March 2018", "HR"]


@pytest.mark.parametrize("code", ["CP 5.4", "CP 2.3", "CP 1.1", "CP 3.0", "CP 5.5", "CP 4.10"])
def test_every_part_of_every_kind_is_shown(code):
    indicator = open_indicator(str(REPOSITORY), "", code)
    for part in ("facts", "chart", "years", "in_months", "revisions", "comments"):
        bundle = getattr(indicator, part)()._repr_mimebundle_()
        assert "mpr-part" in bundle["text/html"]
        json.dumps(bundle)


def test_an_unknown_code_is_refused():
    with pytest.raises(InputError, match="There is no indicator 'CP 99'"):
        open_indicator(str(REPOSITORY), "", "CP 99")


@pytest.mark.slow
def test_the_notebook_runs_by_papermill_and_converts(place):
    from mpr_lib.report.exporters.html import MprHTMLExporter
    from mpr_lib.run.execution import execute, read_notebook, running_kernel

    parameters = {"workspace": ".", "month": "2018-05", "code": "CP 3.9"}
    notebook = read_notebook(place / "notebooks" / "indicator.ipynb", "notebooks/indicator.ipynb", parameters)
    with running_kernel(place) as manager:
        executed = execute(notebook, "notebooks/indicator.ipynb", parameters, manager)
    nbformat.validate(executed)
    page, _ = MprHTMLExporter().from_notebook_node(executed)
    assert "Take up of the NHS Health Check programme" in page
    assert "In the month, and to date" in page
