"""The page of threads beside an internal report, and the way to it from each card: nowhere else."""

import re

import pytest

from mpr_lib.book import Workspace, history_of, read_book
from mpr_lib.book.book import scored
from mpr_lib.committees.making import committee_editions
from mpr_lib.public.edition import make_public
from mpr_lib.report import open_report
from mpr_lib.report.document import page_html, read_document
from mpr_lib.trace.shown import PAGE, write_page
from tests.helpers import SMALL, small_workspace
from tests.report.pages import notebook_of
from tests.trace.test_sources import NOTED

MONTH = "2018-05"
ASKED = {
    **NOTED,
    "params/report.yml": SMALL["params/report.yml"] + "trace: true\n",
    "data/indicators.csv": SMALL["data/indicators.csv"].replace("SAFE,,,,,", "SAFE,,,,Place Scrutiny,"),
    "data/returns/2018-05.csv": SMALL["data/returns/2018-05.csv"].replace("97%", "50%"),
    "data/returns/2018-05.sources.csv": NOTED["data/returns/2018-05.sources.csv"].replace("97%", "50%"),
}


def written(workspace, folder):
    folder.mkdir()
    book = read_book(workspace, MONTH)
    history = history_of(book)
    write_page(book, *scored(book, history)[:1], history, None, "2018-06-21T11:59", folder)
    return folder / PAGE


def opened(root, **options):
    """A report as a run has it, which knows where its findings come from."""
    report = open_report(str(root), MONTH, **options)
    assert report.findings.counts["critical"] == 0
    report.quality_file = "quality.json"
    return report


@pytest.fixture
def workspace(tmp_path):
    return Workspace(small_workspace(tmp_path / "workspace", ASKED))


def test_it_has_every_indicator_and_each_card_leads_to_it(workspace, tmp_path):
    page = written(workspace, tmp_path / "set").read_text(encoding="utf-8")
    assert re.findall(r'<h3 id="([^"]+)"', page) == ["3-1", "3-10"]
    assert 'href="report.html#3-1"' in page
    html = page_html(read_document(notebook_of(opened(workspace.root))))
    assert re.findall(r'href="(trace[^"]+)"', html) == ["trace.html#3-1"]
    assert "It was imported on 4 June 2018 from =may.xlsx, sheet &#39;May&#39;, cell C2" in html


def test_nobody_has_it_who_does_not_ask_for_it(tmp_path):
    workspace = Workspace(small_workspace(tmp_path / "workspace", {**ASKED, "params/report.yml": None, **{
        "params/report.yml": SMALL["params/report.yml"]}}))  # fmt: skip
    assert not written(workspace, tmp_path / "set").exists()
    assert "trace.html" not in page_html(read_document(notebook_of(opened(workspace.root))))


def test_a_draft_and_a_notebook_by_itself_lead_to_no_page_that_is_not_there(workspace):
    assert "trace.html" not in page_html(read_document(notebook_of(opened(workspace.root, draft=True))))
    assert "trace.html" not in page_html(read_document(notebook_of(open_report(str(workspace.root), MONTH))))


def test_a_public_edition_has_neither(workspace, tmp_path):
    copy, _ = make_public(workspace, MONTH, tmp_path / "public")
    assert not written(copy, tmp_path / "set").exists()
    assert "trace.html" not in page_html(read_document(notebook_of(opened(copy.root))))


def test_a_committee_s_edition_has_neither(workspace):
    report = opened(workspace.root)
    notebook = notebook_of(report)
    whole = read_document(notebook)
    ((_, make),) = committee_editions(report.book, ["Place Scrutiny"]).values()
    html = page_html(make(notebook, whole, report.findings))
    assert 'data-code="3.1"' in html
    assert "trace.html" not in html
    assert "may.xlsx" not in html


def test_the_demo_s_cards_all_lead_to_a_place_on_it(demo_published):
    page = (demo_published / PAGE).read_text(encoding="utf-8")
    led = set(re.findall(r'href="trace\.html#([^"]+)"', (demo_published / "report.html").read_text(encoding="utf-8")))
    assert len(led) > 10
    assert led <= set(re.findall(r'<h3 id="([^"]+)"', page))
