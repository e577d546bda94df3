"""Revisions and corrections in the report: listed, marked, explained, and never in the report before them."""

import json
import shutil

import pytest
from nbformat import v4

from mpr_lib.report import open_report
from mpr_lib.report.document import MIME, page_html, read_document
from tests.helpers import SMALL, TESTS, small_workspace
from tools.same import different, made_elsewhere

RIVERSIDE = TESTS / "councils" / "riverside"
HEADING = "indicator_code,month,value,note\n"
JUNE = {
    "params/2018-06.yml": "month: 2018-06\ngenerated: 2018-07-19T09:00:00\n",
    "data/returns/2018-06.csv": HEADING
    + '3.1,2018-05,80%,"two lamps, counted twice"\n3.1,2018-06,96%,\n3.10,2018-04,95,\n3.10,2018-06,310,\n',
    "data/commentary/2018-06/3-1.md": "Lamps were counted twice.\n",
}
MAY = {"params/2018-05.yml": "month: 2018-05\ngenerated: 2018-06-21T11:59:00\n"}
CORRECTED = {
    "params/2018-05.yml": "month: 2018-05\nversion: V1.1\ngenerated: 2018-07-02T09:00:00\ncorrections:\n"
    "  - version: V1.1\n    date: 2018-07-02\n    what: Potholes were counted on Monday only.\n",
    "data/returns/2018-05.v1.1.csv": HEADING + "3.10,2018-05,190,Monday only\n",
}
SECTIONS = ("cover", "key", "exceptions", "corporate", "detail", "signals", "partnership", "finance", "quality")
SECTIONS += ("revisions", "provenance")


def report_of(workspace, month):
    return open_report(str(workspace), month)


def table_of(part, id):
    """The rows of one of a part's tables, as the words of their cells; None without such a table."""
    found = [block for block in part.blocks if block.get("id") == id and block["kind"] == "table"]
    return [[cell["text"] for cell in row["cells"].values()] for row in found[0]["rows"]] if found else None


def page_of(workspace, month):
    """The page of a month as the notebook's parts make it, without a kernel."""
    report = report_of(workspace, month)
    cells = []
    for name in SECTIONS:
        part = getattr(report, name)()
        cells += [v4.new_markdown_cell(f"## {name}")] * (name not in ("cover", "revisions"))
        cells.append(v4.new_code_cell("", outputs=[v4.new_output("display_data", {MIME: part.data})]))
    return page_html(read_document(v4.new_notebook(cells=cells)))


def values_of(report, code):
    from mpr_lib.report.sections.detail import months_table

    row = next(row for row in report.scorecard.itertuples() if row.indicator_code == code)
    rows = months_table(report, row)["rows"]
    return {each["cells"]["month"]["text"]: each["cells"]["value"]["text"] for each in rows}


def test_the_next_report_lists_what_was_revised_with_both_ratings_and_the_reason():
    part = report_of(RIVERSIDE, "2024-07").revisions()
    assert part.section == "quality"
    assert table_of(part, "revisions-table") == [
        ["RB 4", "Visits to the lido", "June 2024", "17,000", "17,500", "Red", "Amber", "counted again"]
    ]
    assert part.blocks[1]["text"] == (
        "One figure of earlier reports was revised in July 2024, and one rating changed with it."
    )


@pytest.mark.parametrize(("workspace", "month"), [(RIVERSIDE, "2024-06"), (TESTS.parent, "2018-05")])
def test_a_report_without_revisions_does_not_speak_of_them(workspace, month):
    report = report_of(workspace, month)
    assert report.revisions().blocks == []
    assert table_of(report.key(), "key-marks") is None
    assert "[r]" not in json.dumps([report.cover().data, report.corporate().data, report.detail().data])


def test_revised_figures_are_marked_and_the_key_says_what_the_mark_means():
    report = report_of(RIVERSIDE, "2024-07")
    values = values_of(report, "RB 4")
    assert values["June 2024"] == "17,500 [r]"
    assert values["Q1 2024/25"] == "17,500 [r]"
    assert [month for month, value in values.items() if "[r]" in value] == ["June 2024", "Q1 2024/25"]
    assert values_of(report, "CS 1")["June 2024"] == "Proxy 24"
    assert table_of(report.key(), "key-marks") == [
        ["[r]", "Revised: a later return changed this figure, so it differs from the one that was published first."]
    ]
    assert report.cover().blocks[0]["notes"][0] == (
        "One figure of earlier reports was revised in July 2024. Revised figures are marked [r]; "
        "Data quality lists them with the reasons."
    )


def test_a_figure_stays_marked_after_the_report_that_lists_it(tmp_path):
    july = {
        "params/2018-07.yml": "month: 2018-07\n",
        "data/returns/2018-07.csv": HEADING + "3.1,2018-07,97%,\n3.10,2018-07,420,\n",
    }
    report = report_of(small_workspace(tmp_path, JUNE | july), "2018-07")
    assert report.revisions().blocks == []
    assert values_of(report, "3.1")["May 2018"] == "80% [r]"


def test_a_latest_value_that_was_revised_is_marked_where_it_is_shown(tmp_path):
    changes = {**JUNE, "data/returns/2018-06.csv": HEADING + "3.1,2018-03,94%,\n3.1,2018-05,80%,\n3.10,2018-06,310,\n"}
    report = report_of(small_workspace(tmp_path, changes), "2018-06")
    rows = [row for block in report.corporate().blocks if block["kind"] == "table" for row in block["rows"]]
    assert {row["code"]: row["cells"]["value"]["text"] for row in rows} == {"3.1": "80% [r]", "3.10": "310"}
    page = next(block for block in report.detail().blocks if block["kind"] == "article")
    chart = next(block for block in page["children"] if block.get("role") == "trend")
    assert "80% [r]" in chart["svg"]
    said = "80% in May 2018 (revised), the newest figure, 15 percentage points below the target of 95%."
    assert chart["alt"].startswith(f"3.1: {said} ")
    assert page["sentence"] == f"{said} On target in 1 of 2 months, last in April 2018."
    assert table_of(report.revisions(), "revisions-table")[0][-1] == "No reason was given."


def test_a_withdrawn_figure_is_a_revision_to_no_value(tmp_path):
    changes = {**JUNE, "data/returns/2018-06.csv": HEADING + "3.1,2018-05,TBC,meter broken\n3.10,2018-06,310,\n"}
    report = report_of(small_workspace(tmp_path, changes), "2018-06")
    assert table_of(report.revisions(), "revisions-table") == [
        ["3.1", "Street lights lit", "May 2018", "97%", "TBC", "Green", "No value", "meter broken"]
    ]


def test_ratings_that_change_because_their_target_follows_a_revised_figure_are_listed_too(tmp_path):
    targets = SMALL["data/targets.csv"].replace('"1,200","1,200",LINEAR', '"1,200","1,200",LAST_YEAR')
    changes = {
        "data/targets.csv": targets,
        "data/returns/2018-04.csv": SMALL["data/returns/2018-04.csv"]
        + "3.10,2017-04,100,\n3.10,2017-05,200,\n3.10,2017-06,300,\n3.10,2018-03,1200,\n",
        "params/2018-06.yml": "month: 2018-06\n",
        "data/returns/2018-06.csv": HEADING + "3.10,2018-03,1000,recount\n3.10,2018-06,310,\n3.1,2018-06,97%,\n",
    }
    part = report_of(small_workspace(tmp_path, changes), "2018-06").revisions()
    assert table_of(part, "revisions-table") == [
        ["3.10", "Potholes mended", "March 2018", "1200", "1000", "No target", "No target", "recount"]
    ]
    # April: 90 of 100 was red and is against 120; May: 210 of 200 was green and is against 240. June was not published.
    assert table_of(part, "revisions-ratings") == [
        ["3.10", "Potholes mended", "May 2018", "210", "200", "240", "Green", "Red"]
    ]


def test_the_page_of_may_has_the_same_bytes_after_junes_return(tmp_path):
    workspace = small_workspace(tmp_path, MAY)
    before = page_of(workspace, "2018-05")
    small_workspace(tmp_path, MAY | JUNE)
    assert page_of(workspace, "2018-05") == before
    assert "two lamps, counted twice" in page_of(workspace, "2018-06")


def test_the_page_of_may_v1_0_has_the_same_bytes_after_its_correction(tmp_path):
    workspace = small_workspace(tmp_path, MAY)
    before = page_of(workspace, "2018-05")
    small_workspace(tmp_path, CORRECTED)
    corrected = page_of(workspace, "2018-05")
    assert "Version 1.1 (2 July 2018) corrects this report: Potholes were counted on Monday only." in corrected
    assert "Monday only" not in before
    small_workspace(tmp_path, {"data/returns/2018-05.v1.1.csv": CORRECTED["data/returns/2018-05.v1.1.csv"], **MAY})
    assert page_of(workspace, "2018-05") == before


def test_a_corrected_report_says_so_on_its_cover_and_about_itself_and_marks_what_changed(tmp_path):
    report = report_of(small_workspace(tmp_path, CORRECTED), "2018-05")
    cover = report.cover().blocks[0]
    assert cover["version"] == "1.1"
    said = "Version 1.1 (2 July 2018) corrects this report: Potholes were counted on Monday only."
    assert cover["corrections"] == [said]
    assert table_of(report.provenance(), "corrections-table") == [
        ["1.1", "2 July 2018", "Potholes were counted on Monday only."]
    ]
    assert table_of(report.revisions(), "revisions-table") == [
        ["3.10", "Potholes mended", "May 2018", "210", "190", "Green", "Amber", "Monday only"]
    ]
    assert values_of(report, "3.10")["May 2018"] == "190 [r]"


@pytest.mark.slow
def test_mpr_run_gives_the_same_bytes_for_may_after_junes_return_is_in_and_elsewhere_as_somebody_else(
    published, tmp_path, workspace_copy
):
    workspace = workspace_copy(tmp_path / "workspace")
    for name, content in {
        "params/2018-06.yml": "month: 2018-06\nversion: V1.0\ngenerated: 2018-07-19T12:00:00\n",
        "data/returns/2018-06.csv": HEADING + "CP 1.1,2018-05,30.1,recount\nCP 1.1,2018-06,31.0,\n",
    }.items():
        (workspace / name).write_text(content, encoding="utf-8")
    shutil.copytree(workspace / "data/commentary/2018-05", workspace / "data/commentary/2018-06")
    with made_elsewhere("2018-05", workspace) as folder:
        assert {"report.pdf", "manifest.json"} <= {path.name for path in folder.iterdir()}
        assert different(published, folder) == []
