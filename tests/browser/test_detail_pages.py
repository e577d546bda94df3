"""The pages with a large report's cards, against WCAG 2.2 AA as far as machines tell, and with their filter."""

import nbformat
import pytest

from mpr_lib.report.detail_pages import INDEX, pages_of
from mpr_lib.report.document import page_html, read_document
from tests.browser.conftest import WIDE, comes_to

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def parted(published, tmp_path_factory):
    """The published month with two cards to a page."""
    folder = tmp_path_factory.mktemp("parted")
    document = read_document(nbformat.read(published / "report.ipynb", as_version=4))
    for name, page in pages_of(document | {"pages": {"most_details": 2}}):
        (folder / name).write_text(page_html(page), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", [INDEX, "details-excellent.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(visit, parted, node_modules, name, scheme):
    seen = visit(parted / name, viewport=WIDE, color_scheme=scheme)
    seen.page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = seen.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]] == []
    assert (seen.messages, seen.requests) == ([], [])


@pytest.mark.parametrize("name", [INDEX, "details-excellent.html"])
def test_html_validate_finds_no_error(parted, html_validate, name):
    assert html_validate(parted / name) == []


def test_each_page_filters_its_own_cards(visit, parted):
    page = visit(parted / "details-excellent.html").page
    page.locator("#filter-text").evaluate("field => { field.value = 'sickness'; }")
    page.locator("#filter-text").dispatch_event("input")
    shown = "[...document.querySelectorAll('article')].filter((card) => !card.hidden).map((card) => card.id)"
    comes_to(lambda: page.evaluate(shown), ["cp-5-4"])


def test_a_link_to_a_card_leads_to_its_row_where_the_card_has_gone(visit, parted):
    page = visit(parted / INDEX, "#cp-5-4", java_script_enabled=False).page
    assert page.locator("tr#cp-5-4 a").get_attribute("href") == "details-excellent.html#cp-5-4"
