"""Filtering, sorting and the address of the published page, in a real browser and without JavaScript."""

import pytest

from tests.browser.conftest import PHONE, comes_to

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SHOWN = "[...document.querySelectorAll('#{} [data-code]')].filter((each) => each.getClientRects().length)"
PLACE = ["CP 2.2", "CP 2.3", "CP 2.4", "CP 3.6", "CP 4.5", "CP 4.6", "CP 4.7", "CP 5.1"]


def codes(page, section="corporate") -> list[str]:
    """The codes of the rows and cards of a section that a reader sees."""
    return page.evaluate(f"{SHOWN.format(section)}.map((each) => each.dataset.code)")


def order(table) -> list[str]:
    return table.evaluate("(table) => [...table.rows].map((row) => row.dataset.code).filter(Boolean)")


def said(page) -> str:
    return page.locator("#cover > [role=status]").text_content()


def choose(page, name: str, value: str) -> None:
    """Choose an option of the filter, whose panel is opened for it."""
    page.evaluate("document.getElementById('filter-panel').open = true")
    page.select_option(f"#filter-{name}", value)


def test_a_link_with_a_filter_shows_what_it_names_in_every_section(visit, report):
    page = visit(report, "#corporate?outcome=AT_RISK&committee=Place+Scrutiny").page
    comes_to(lambda: codes(page), ["CP 2.3", "CP 2.4"])
    assert sorted(codes(page, "exceptions")) == ["CP 2.3", "CP 2.4"]
    assert sorted(codes(page, "detail")) == ["CP 2.3", "CP 2.4"]
    assert sorted(codes(page, "cover")) == ["CP 2.3", "CP 2.4"]
    comes_to(lambda: said(page), "Showing 2 of 31 indicators: Place Scrutiny, At risk of missing target")
    assert page.locator("#filter-committee").input_value() == "Place Scrutiny"
    page.locator("#filter-panel summary").click()
    assert page.locator("#filter").is_visible()
    assert page.locator("#filter-panel summary").inner_text() == "Filter: 2 of 31"


def test_captions_and_counts_say_what_is_shown(visit, report):
    page = visit(report, "#?committee=Place+Scrutiny").page
    captions = page.locator("#corporate caption:visible").all_inner_texts()
    assert captions == [f"Showing {shown} indicators" for shown in ("3 of 3", "1 of 12", "3 of 8", "1 of 4")]
    assert page.locator("#glance caption").text_content().startswith("Showing 2 of 12 indicators")
    assert page.locator("#exceptions caption").text_content().startswith("Showing 3 of 19 indicators")
    groups = page.locator("#exceptions .mpr-group-row:visible .mpr-cell-detail").all_inner_texts()
    assert [text.split(" indicator")[0] for text in groups] == ["Showing 1 of 1", "Showing 1 of 2", "Showing 1 of 1"]
    assert page.locator("#corporate").get_by_text("Showing 8 of 31.", exact=True).is_visible()
    assert page.locator("#corporate").get_by_text("31 corporate indicators:").is_hidden()
    assert page.locator("#detail").get_by_text("Showing 2 of 12.", exact=True).is_visible()
    counts = page.locator("#cover .mpr-counts")
    assert counts.locator("figcaption").inner_text().endswith(", 8 in all")
    assert [text.split()[0] for text in counts.locator("li:visible").all_inner_texts()] == ["2", "6"]
    bar = [text.split()[0] for text in counts.locator(".mpr-bar > :visible").all_inner_texts()]
    assert bar == ["1", "1", "4", "2"]
    choose(page, "committee", "")
    comes_to(lambda: counts.locator("figcaption").inner_text().split(", ")[-1], "31 in all")
    assert page.get_by_text("Showing").count() == 0


def test_the_committees_name_stands_in_the_titles(visit, report):
    page = visit(report).page
    title, heading = page.title(), page.locator("h1").inner_text()
    choose(page, "committee", "People Scrutiny")
    comes_to(page.title, f"People Scrutiny: {title}")
    assert page.locator("h1").inner_text() == f"People Scrutiny: {heading}"
    choose(page, "committee", "")
    comes_to(page.title, title)
    assert page.locator("h1").inner_text() == heading


def test_what_matches_nothing_says_so(visit, report):
    page = visit(report, "#?text=nothing+like+this").page
    comes_to(lambda: said(page), "No indicator matches “nothing like this”")
    for section in ("exceptions", "corporate", "detail"):
        assert codes(page, section) == []
        assert page.locator(f"#{section}").get_by_text("Nothing in this section matches the filter.").is_visible()
        assert page.locator(f"#{section} h3:visible").count() == 0


def test_paper_gets_what_is_shown(visit, report):
    page = visit(report, "#?committee=Place+Scrutiny").page
    comes_to(lambda: codes(page), PLACE)
    page.emulate_media(media="print")
    assert codes(page) == PLACE
    assert page.locator("#cover > [role=status]").is_visible()
    assert page.locator("#filter-panel").is_hidden()


def test_words_are_looked_for_in_names_and_comments_alike(visit, report):
    page = visit(report, "#?text=validate+ECC").page
    comes_to(lambda: codes(page), ["CP 2.3"])
    assert codes(page, "detail") == ["CP 2.3"]


def test_signals_can_be_chosen_and_their_table_shows_the_chosen_alone(visit, report):
    page = visit(report).page
    choose(page, "variation", "USUAL")
    comes_to(lambda: codes(page), ["CP 1.2", "CP 1.5", "CP 3.4", "CP 3.9", "CP 5.4"])
    listed = page.locator("#signals-table a:visible")
    comes_to(listed.all_inner_texts, ["CP 1.2", "CP 3.4", "CP 1.5", "CP 3.9", "CP 5.4"])
    assert not page.locator("#signals-not-judged").is_visible()
    choose(page, "variation", "")
    comes_to(listed.count, 7)


def test_the_filter_is_in_the_address(visit, report):
    page = visit(report).page
    choose(page, "outcome", "SOME_SLIPPAGE")
    comes_to(lambda: sorted(codes(page)), ["CP 3.2", "CP 3.4"])
    page.fill("#filter-text", "direct payments")
    comes_to(lambda: codes(page), ["CP 3.4"])
    comes_to(lambda: page.evaluate("location.hash"), "#?outcome=SOME_SLIPPAGE&text=direct+payments")
    page.reload()
    comes_to(lambda: codes(page), ["CP 3.4"])
    page.evaluate("location.hash = '#corporate'")
    comes_to(lambda: page.evaluate("location.hash"), "#corporate?outcome=SOME_SLIPPAGE&text=direct+payments")
    assert codes(page) == ["CP 3.4"]


def test_a_link_to_an_indicator_without_a_card_leads_to_its_row(visit, report):
    page = visit(report, "#cp-4-3").page
    in_sight = "() => Math.abs(document.getElementById('corporate-cp-4-3').getBoundingClientRect().top) < innerHeight"
    page.wait_for_function(in_sight)
    page.evaluate("location.hash = '#cp-5-4'")
    page.wait_for_function("() => Math.abs(document.getElementById('cp-5-4').getBoundingClientRect().top) < 200")
    page.evaluate("location.hash = '#cp-4-3'")
    page.wait_for_function(in_sight)


def test_show_all_gives_everything_back(visit, report):
    page = visit(report, "#corporate?text=nothing+like+this").page
    comes_to(lambda: codes(page), [])
    page.locator("#cover").get_by_role("button", name="Show all").click()
    comes_to(lambda: page.evaluate("location.hash"), "#corporate")
    comes_to(lambda: len(codes(page)), 31)
    assert said(page) == ""


def test_the_panel_closes_by_key_and_button_and_gives_the_focus_back(visit, report):
    page = visit(report).page
    opener = page.locator("#filter-panel summary")
    for leave in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.get_by_role("button", name="Show the report").click(),
    ):
        opener.click()
        page.locator("#filter-text").focus()
        leave()
        comes_to(lambda: page.locator("#filter").is_visible(), False)
        assert opener.evaluate("(opener) => opener === document.activeElement")


def test_each_officer_of_two_can_be_chosen(visit, report):
    page = visit(report).page
    choose(page, "managed_by", "Ellen Butler")
    comes_to(lambda: codes(page), ["CP 5.5"])
    choose(page, "managed_by", "Joanna Ruffle")
    comes_to(lambda: codes(page), ["CP 5.4", "CP 5.5"])


def test_a_filter_from_elsewhere_that_names_nothing_is_ignored(visit, report):
    page = visit(report, "#corporate?outcome=PURPLE&unknown=1").page
    comes_to(lambda: len(codes(page)), 31)


@pytest.mark.parametrize("hidden", ["corporate-cp-5-1", "cp-3-10", "exceptions-cp-1-1"])
def test_a_link_to_a_row_or_card_that_the_filter_hides_brings_it_back(visit, report, hidden):
    page = visit(report, "#corporate?outcome=SOME_SLIPPAGE").page
    page.evaluate(f"location.hash = '#{hidden}'")
    comes_to(lambda: len(codes(page)), 31)
    page.locator(f"#{hidden}").wait_for()
    comes_to(lambda: page.evaluate("location.hash"), f"#{hidden}")
    assert said(page) == "The filter is off again: it hid what this link leads to."


def test_sorted_a_section_is_one_flat_table_and_back(visit, report):
    page = visit(report).page
    usual = codes(page)
    choose(page, "sort", "distance")
    comes_to(lambda: codes(page)[:3], ["CP 3.10", "CP 3.9", "CP 5.1"])
    assert codes(page, "exceptions")[:3] == ["CP 3.10", "CP 3.9", "CP 1.1"]
    for section in ("exceptions", "corporate"):
        assert page.locator(f"#{section} table:visible").count() == 1
        assert page.locator(f"#{section} h3:visible").count() == 0
    assert len(codes(page)) == 31
    assert codes(page)[-1] == "CP 2.3"
    assert "by distance from target" in page.locator("#corporate caption:visible").inner_text()
    comes_to(lambda: page.evaluate("location.hash"), "#?sort=distance")
    choose(page, "outcome", "SOME_SLIPPAGE")
    comes_to(lambda: codes(page), ["CP 3.4", "CP 3.2"])
    choose(page, "outcome", "")
    choose(page, "sort", "")
    comes_to(lambda: codes(page), usual)
    assert page.locator("#corporate table:visible").count() == 5


@pytest.mark.parametrize(
    ("heading", "first", "last"),
    [
        ("MPR Code", ["CP 1.1", "CP 1.2"], ["CP 5.5", "CP 5.6"]),
        ("Month's Value", ["CP 3.13", "CP 5.4"], ["CP 2.3"]),
        ("Expected Outcome", ["CP 1.1", "CP 1.2"], ["CP 5.5", "CP 5.6"]),
        ("Managed By", ["CP 3.7", "CP 3.9"], ["CP 4.8", "CP 4.10"]),
        ("Signal", ["CP 1.1", "CP 1.4", "CP 1.2"], ["CP 5.5", "CP 5.6"]),
    ],
)
def test_headings_sort_the_whole_section_by_keyboard_and_back(visit, report, heading, first, last):
    page = visit(report).page
    button = page.locator("#corporate-safe").get_by_role("button", name=heading, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    comes_to(lambda: button.locator("xpath=ancestor::th").get_attribute("aria-sort"), "ascending")
    up = codes(page)
    assert (len(up), page.locator("#corporate table:visible").count()) == (31, 1)
    page.keyboard.press("Space")
    comes_to(lambda: button.locator("xpath=ancestor::th").get_attribute("aria-sort"), "descending")
    assert (up[: len(first)], up[-len(last) :]) == (first, last)


def test_missing_figures_sort_last_both_ways(visit, report):
    page = visit(report).page
    button = page.locator("#corporate-safe").get_by_role("button", name="Month's Value")
    button.click()
    comes_to(lambda: codes(page)[-1], "CP 2.3")
    first = codes(page)[0]
    button.click()
    comes_to(lambda: codes(page)[-2:], [first, "CP 2.3"])


def test_phones_sort_by_a_list_because_their_headings_are_gone(visit, report):
    page = visit(report, viewport=PHONE).page
    assert page.locator("#corporate .mpr-sort:visible").count() == 0
    choose(page, "sort", "value")
    comes_to(lambda: codes(page)[:2], ["CP 3.13", "CP 5.4"])
    comes_to(lambda: page.evaluate("location.hash"), "#?sort=value")
    choose(page, "sort", "")
    comes_to(lambda: codes(page)[-4:], ["CP 5.1", "CP 5.4", "CP 5.5", "CP 5.6"])


def test_headings_stay_in_sight_while_their_table_passes(visit, report):
    page = visit(report).page
    page.evaluate("document.querySelector('#corporate-cp-3-9').scrollIntoView({ block: 'center' })")
    bar, heading = page.locator(".mpr-top"), page.locator("#corporate-healthy thead th").first

    def below_the_bar() -> bool:
        at, under = heading.bounding_box(), bar.bounding_box()
        return at["y"] + at["height"] > under["y"] + under["height"] and at["y"] < 150

    comes_to(below_the_bar, True)


def test_without_javascript_the_page_is_complete(visit, report):
    page = visit(report, "#corporate?outcome=AT_RISK", java_script_enabled=False).page
    assert len(codes(page)) == 31
    assert page.locator("#filter-panel").is_hidden()
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
