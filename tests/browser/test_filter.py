"""Filtering, sorting and the address of the published page, in a real browser and without JavaScript."""

import pytest

from tests.browser.conftest import PHONE, comes_to

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SHOWN = "[...document.querySelectorAll('#corporate tbody tr')].filter((row) => row.getClientRects().length)"


def codes(page) -> list[str]:
    return page.evaluate(f"{SHOWN}.map((row) => row.dataset.code)")


def order(table) -> list[str]:
    return table.evaluate("(table) => [...table.tBodies[0].rows].map((row) => row.dataset.code)")


def said(page) -> str:
    return page.locator("#filter [role=status]").inner_text()


def test_a_link_with_a_filter_shows_what_it_names(visit, report):
    page = visit(report, "#corporate?outcome=AT_RISK&committee=Place+Scrutiny").page
    comes_to(lambda: codes(page), ["CP 2.3", "CP 2.4"])
    comes_to(lambda: said(page), "Showing 2 of 31 indicators")
    assert page.locator("#filter-committee").input_value() == "Place Scrutiny"
    assert page.locator("#filter").is_visible()


def test_the_filter_is_in_the_address(visit, report):
    page = visit(report).page
    comes_to(lambda: said(page), "All 31 indicators")
    page.select_option("#filter-outcome", "SOME_SLIPPAGE")
    comes_to(lambda: codes(page), ["CP 3.2", "CP 3.4"])
    page.fill("#filter-text", "direct payments")
    comes_to(lambda: codes(page), ["CP 3.4"])
    comes_to(lambda: page.evaluate("location.hash"), "#corporate?outcome=SOME_SLIPPAGE&text=direct+payments")
    page.reload()
    comes_to(lambda: codes(page), ["CP 3.4"])


def test_show_all_gives_everything_back(visit, report):
    page = visit(report, "#corporate?text=nothing+like+this").page
    comes_to(lambda: codes(page), [])
    comes_to(lambda: said(page), "Showing 0 of 31 indicators")
    page.get_by_role("button", name="Show all").click()
    comes_to(lambda: page.evaluate("location.hash"), "#corporate")
    comes_to(lambda: len(codes(page)), 31)


def test_each_officer_of_two_can_be_chosen(visit, report):
    page = visit(report).page
    page.select_option("#filter-managed_by", "Ellen Butler")
    comes_to(lambda: codes(page), ["CP 5.5"])
    page.select_option("#filter-managed_by", "Joanna Ruffle")
    comes_to(lambda: codes(page), ["CP 5.4", "CP 5.5"])


def test_a_filter_from_elsewhere_that_names_nothing_is_ignored(visit, report):
    page = visit(report, "#corporate?outcome=PURPLE&unknown=1").page
    comes_to(lambda: len(codes(page)), 31)


def test_a_link_to_a_row_that_the_filter_hides_brings_it_back(visit, report):
    page = visit(report, "#corporate?outcome=SOME_SLIPPAGE").page
    page.evaluate("location.hash = '#corporate-cp-5-1'")
    comes_to(lambda: len(codes(page)), 31)
    page.locator("#corporate-cp-5-1").wait_for()


@pytest.mark.parametrize(
    ("heading", "up", "down"),
    [
        ("MPR Code", "5.1 5.4 5.5 5.6", "5.6 5.5 5.4 5.1"),
        ("Month's Value", "5.4 5.6 5.1 5.5", "5.5 5.1 5.6 5.4"),
        ("Expected Outcome", "5.4 5.1 5.5 5.6", "5.1 5.5 5.6 5.4"),
        ("Better or worse than last year", "5.4 5.6 5.1 5.5", "5.1 5.5 5.6 5.4"),
        ("Managed By", "5.6 5.5 5.4 5.1", "5.1 5.4 5.5 5.6"),
    ],
)
def test_headings_sort_by_keyboard_and_back(visit, report, heading, up, down):
    page = visit(report).page
    table = page.locator("#corporate-excellent")
    button = table.get_by_role("button", name=heading, exact=True)
    button.focus()
    for key, direction, expected in (("Enter", "ascending", up), ("Space", "descending", down)):
        page.keyboard.press(key)
        comes_to(lambda: order(table), [f"CP {number}" for number in expected.split()])
        assert button.locator("xpath=..").get_attribute("aria-sort") == direction  # set with the order


def test_missing_figures_sort_last_both_ways(visit, report):
    page = visit(report).page
    table = page.locator("#corporate-clean")
    button = table.get_by_role("button", name="Month's Value")
    button.click()
    comes_to(lambda: order(table), ["CP 2.2", "CP 2.4", "CP 2.3"])
    button.click()
    comes_to(lambda: order(table), ["CP 2.4", "CP 2.2", "CP 2.3"])


def test_phones_sort_by_a_list_because_their_headings_are_gone(visit, report):
    page = visit(report, viewport=PHONE).page
    assert page.locator("#corporate .mpr-sort:visible").count() == 0
    page.select_option("#filter-sort", "value")
    comes_to(lambda: codes(page)[-4:], ["CP 5.4", "CP 5.6", "CP 5.1", "CP 5.5"])
    comes_to(lambda: page.evaluate("location.hash"), "#corporate?sort=value")
    page.select_option("#filter-sort", "")
    comes_to(lambda: codes(page)[-4:], ["CP 5.1", "CP 5.4", "CP 5.5", "CP 5.6"])


def test_headings_stay_in_sight_while_their_table_passes(visit, report):
    page = visit(report).page
    page.evaluate("document.querySelector('#corporate-cp-3-9').scrollIntoView({ block: 'end' })")
    bar, heading = page.locator(".mpr-top"), page.locator("#corporate-healthy thead th").first

    def below_the_bar() -> bool:
        at, under = heading.bounding_box(), bar.bounding_box()
        return at["y"] + at["height"] > under["y"] + under["height"] and at["y"] < 150

    comes_to(below_the_bar, True)


def test_without_javascript_the_page_is_complete(visit, report):
    page = visit(report, "#corporate?outcome=AT_RISK", java_script_enabled=False).page
    assert page.locator("#corporate tbody tr:visible").count() == 31
    assert page.locator("#filter").is_hidden()
    assert page.locator("article.mpr-article:visible").count() == 12
    assert page.get_by_role("button").count() == 0


def test_links_lead_to_a_detail_page_and_back(visit, report):
    page = visit(report).page
    page.locator("#cover").get_by_role("link", name="CP 3.10").first.click()
    comes_to(lambda: page.evaluate("location.hash"), "#cp-3-10")
    page.wait_for_function("Math.abs(document.getElementById('cp-3-10').getBoundingClientRect().top - 60) < 20")
    page.get_by_role("link", name="Back to CP 3.10 in Section 1").click()
    comes_to(lambda: page.evaluate("location.hash"), "#exceptions-cp-3-10")
    page.locator("#exceptions-cp-3-10").wait_for()


def test_every_link_inside_the_page_has_an_end(visit, report):
    lost = visit(report).page.evaluate(
        """[...document.querySelectorAll("a[href^='#']")].map((link) => link.getAttribute("href"))
        .filter((href) => !document.getElementById(decodeURIComponent(href.slice(1))))"""
    )
    assert lost == []
