"""One indicator in depth: months apart from figures to date, revisions, comments over time."""

import json
import math

import nbformat
import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.desk import open_indicator
from mpr_lib.desk.months import in_month, revisions_of
from mpr_lib.errors import InputError
from tests.helpers import REPOSITORY, small_workspace, with_line


def added(root, month, code):
    book = read_book(Workspace(root), month)
    history = history_of(book)
    row = next(row for row in scorecard_of(book, history).itertuples() if row.indicator_code == code)
    found = in_month(history[history["indicator_code"] == code], row)
    return None if found is None else {str(m): v for m, v in zip(found["month"], found["in_month"], strict=True)}


def test_what_each_month_added():
    found = added(REPOSITORY, "2018-05", "CP 5.4")
    assert (found["2017-04"], found["2017-05"], found["2018-04"], found["2018-05"]) == (0.5, 0.61, 0.58, 0.61)


def test_a_total_that_goes_on_from_year_to_year_is_not_its_own_first_month():
    found = added(REPOSITORY, "2018-05", "CP 5.5")
    assert all(math.isnan(number) or abs(number) < 30_000 for number in found.values())


def test_a_new_definition_starts_anew():
    found = added(REPOSITORY, "2018-05", "CP 3.0")
    assert found["2018-05"] < 29.7


@pytest.mark.parametrize("code", ["CP 1.1", "CP 4.3"])
def test_snapshots_and_percentages_do_not_add_up(code):
    assert added(REPOSITORY, "2018-05", code) is None


def test_revisions_are_figures_that_changed(tmp_path):
    lines = "3.10,2018-04,95,counted again\n3.1,2018-04,96%,\n"
    root = small_workspace(tmp_path, with_line("data/returns/2018-05.csv", lines.strip()))
    book = read_book(Workspace(root), "2018-05")
    found = revisions_of(book.returns, "3.10")
    assert found[["before", "value_text", "note"]].values.tolist() == [["90", "95", "counted again"]]
    assert revisions_of(book.returns, "3.1").empty
    part = open_indicator(str(root), "2018-05", "3.10").revisions()
    assert [cell["text"] for cell in part.blocks[0]["rows"][0]["cells"].values()] == [
        "April 2018", "90", "95", "Return of May 2018",
    ]  # fmt: skip


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
    for part in ("facts", "years", "in_months", "revisions", "comments"):
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
