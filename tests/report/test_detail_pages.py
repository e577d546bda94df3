"""The cards of a large report on pages of their own: nothing lost, every link leads somewhere, all in the set."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from mpr_lib.report.detail_pages import INDEX, pages_of
from mpr_lib.report.document import page_html
from mpr_lib.run.month import run_month
from tests.helpers import SMALL, small_workspace
from tests.report.pages import document_of


@pytest.fixture(scope="module")
def document(repo) -> dict:
    return document_of(repo)


@pytest.fixture(scope="module")
def pages(document) -> dict[str, str]:
    """The council's report with three cards to a page at most."""
    made = pages_of(document | {"pages": {"most_details": 3}})
    return {name: page_html(page) for name, page in made}


def ids(page: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', page)


def cards(page: str) -> list[str]:
    return re.findall(r'<article [^>]*id="([^"]+)"', page)


def test_a_report_with_few_cards_is_one_page(document):
    assert dict(pages_of(document)) == {INDEX: document}
    assert list(dict(pages_of(document | {"pages": {"most_details": 12}}))) == [INDEX]


def test_each_aim_has_pages_of_no_more_cards_than_the_settings_say(pages, document):
    assert list(pages) == [
        INDEX, "details-safe.html", "details-safe-2.html", "details-clean.html", "details-healthy.html",
        "details-healthy-2.html", "details-excellent.html",
    ]  # fmt: skip
    every = [
        block["id"] for section in document["sections"] for block in section["blocks"] if block["kind"] == "article"
    ]
    assert [card for page in pages.values() for card in cards(page)] == every
    assert cards(pages[INDEX]) == []
    assert {len(cards(page)) for name, page in pages.items() if name != INDEX} <= {1, 2, 3}


def test_committees_have_pages_where_the_settings_say_so(document):
    made = dict(pages_of(document | {"pages": {"most_details": 0, "by": "committee"}}))
    assert {re.sub(r"(-\d+)?\.html", "", name) for name in made} == {
        "report", "details-people-scrutiny", "details-place-scrutiny", "details-policy-resources-scrutiny",
    }  # fmt: skip


def test_every_link_leads_somewhere_and_ids_stand_once(pages):
    for name, page in pages.items():
        assert len(ids(page)) == len(set(ids(page))), name
        for href in re.findall(r'href="([^":]*#[^"]+)"', page):
            file, _, place = href.partition("#")
            assert place in ids(pages[file or name]), f"{name}: {href}"


def test_what_led_to_a_card_leads_to_its_row_and_that_to_the_card(pages):
    row = re.search(r'<tr id="cp-5-4".*?</tr>', pages[INDEX], flags=re.DOTALL)[0]
    assert '<a href="details-excellent.html#cp-5-4">CP 5.4</a>' in row
    assert 'href="report.html#exceptions-cp-5-4">Back to CP 5.4 in Section 1' in pages["details-excellent.html"]
    assert 'href="details-excellent.html"' in pages["details-safe.html"]


def test_each_page_names_itself_and_has_headings_without_a_gap(pages):
    titles = [re.search("<title>(.*?)</title>", page)[1] for page in pages.values()]
    assert len(set(titles)) == len(titles)
    assert titles[1].startswith("SAFE")
    for page in pages.values():
        levels = [int(level) for level in re.findall(r"<h(\d)[ >]", page)]
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_partnership_cards_stand_right_below_their_page_too():
    article = {"kind": "article", "id": "p-1", "code": "P 1", "title": "One", "outcome": "AT_RISK", "aim": "",
               "outcome_label": "At risk", "level": 4,
               "children": [{"kind": "heading", "level": 5, "text": "Comment"}]}  # fmt: skip
    sections = [{"id": "cover", "blocks": []}, {"id": "partnership", "title": "Partnership", "blocks": [article]}]
    _, (name, page) = pages_of({"sections": sections, "month_label": "May 2018", "pages": {"most_details": 0}})
    assert name == "details-no-aim-stated.html"
    card = page["sections"][1]["blocks"][0]
    assert (card["level"], card["children"][0]["level"]) == (3, 4)


@pytest.mark.slow
def test_the_pages_are_in_the_set_and_its_manifest_and_searched_for_what_is_not_public(tmp_path):
    settings = SMALL["params/report.yml"] + "pages: {most_details: 0}\npublic: {officers: true}\n"
    missed = SMALL["data/returns/2018-05.csv"].replace("97%", "7%")
    workspace = small_workspace(tmp_path, {"params/report.yml": settings, "data/returns/2018-05.csv": missed})
    folder = Path(run_month(workspace, "2018-05", pdf=False, public=True).folder)
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {name for name in files if name.startswith("details-")} == {
        path.name for path in folder.glob("details-*.html")
    }
    assert any(name.startswith("details-") for name in files)
