"""The archive's page in a browser: accessible, quiet, and searched without a server."""

import pytest

from mpr_lib.site.command import build_site
from tests.browser.conftest import NARROW, PHONE, WIDE, comes_to
from tests.site.published_sets import publish_several

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WAYS = {
    "wide": {"viewport": WIDE},
    "phone": {"viewport": PHONE},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "forced colours": {"viewport": WIDE, "forced_colors": "active"},
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    outputs = publish_several(tmp_path_factory.mktemp("archive") / "outputs")
    build_site(outputs)
    return outputs / "index.html"


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_no_violation(visit, archive, node_modules, way):
    page = visit(archive, **WAYS[way]).page
    page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    told = [f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]
    assert found["passes"]
    assert told == []


def test_html_validate_finds_no_error(archive, html_validate):
    assert html_validate(archive) == []


def test_the_nu_checker_finds_nothing(archive, nu_checker):
    assert nu_checker(archive) == []


def test_it_asks_for_nothing_and_says_nothing(visit, archive):
    seen = visit(archive)
    seen.page.wait_for_timeout(200)
    assert (seen.requests, seen.messages, seen.dialogs) == ([], [], [])


@pytest.mark.parametrize("viewport", [NARROW, PHONE, WIDE], ids=["narrow", "phone", "wide"])
def test_only_the_table_scrolls_sideways(visit, archive, viewport):
    page = visit(archive, viewport=viewport).page
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_searching_shows_what_fits_and_is_kept_in_the_address(visit, archive):
    page = visit(archive).page
    page.fill("#search-text", "children looked after")
    comes_to(lambda: page.text_content("#search-count"), "Showing 1 of 31 indicators")
    comes_to(lambda: page.evaluate("location.hash"), "#outcomes?text=children+looked+after")
    page.fill("#search-text", "")
    page.select_option("#search-outcome", "SOME_SLIPPAGE")
    comes_to(lambda: page.text_content("#search-count"), "Showing 3 of 31 indicators")
    page.click("#search button[type=reset]")
    comes_to(lambda: page.text_content("#search-count"), "All 31 indicators")


def test_an_address_brings_a_search_back(visit, archive):
    page = visit(archive, "#outcomes?text=litter").page
    comes_to(lambda: page.text_content("#search-count"), "Showing 1 of 31 indicators")
    assert page.input_value("#search-text") == "litter"


def test_without_its_script_the_page_is_whole(visit, archive):
    page = visit(archive, java_script_enabled=False).page
    assert page.locator("#outcomes-table tbody tr:visible").count() == 31
    assert not page.locator("#search").is_visible()
