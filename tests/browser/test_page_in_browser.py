"""The published page as a browser takes it: alone, small, readable at once, and printable."""

import io

import pypdf
import pytest

from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_nothing_is_asked_of_any_other_place(visit, report):
    seen = visit(report)
    seen.page.wait_for_timeout(200)
    assert seen.requests == []
    assert seen.messages == []


def test_the_page_is_smaller_than_a_megabyte(report):
    assert report.stat().st_size < 1_000_000


LAPTOP = {"width": 1280, "height": 800}


@pytest.mark.parametrize(("viewport", "screens", "least"), [(LAPTOP, 1, 12), (PHONE, 2, 12)], ids=["laptop", "phone"])
def test_the_first_screen_is_the_answer(visit, report, viewport, screens, least):
    """Title, headline, bar and every exception: on a laptop without scrolling, on a phone on two screens."""
    page = visit(report, viewport=viewport).page
    for selector in ("h1", ".mpr-sentence:not(.mpr-filtered-by)", "#cover .mpr-bar"):
        box = page.locator(selector).first.bounding_box()
        assert box["y"] + box["height"] <= viewport["height"], selector
    headline = page.locator(".mpr-sentence:not(.mpr-filtered-by)").inner_text()
    assert headline == "10 of 31 indicators are at risk of missing target and 2 are slipping."
    bottoms = page.locator("#glance tbody tr").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().bottom)"
    )
    assert sum(bottom <= screens * viewport["height"] for bottom in bottoms) >= least


@pytest.mark.parametrize(("viewport", "screens"), [(LAPTOP, 24), (PHONE, 45)], ids=["laptop", "phone"])
def test_the_whole_page_is_read_in_a_sitting(visit, report, viewport, screens):
    """May 2018 with its twelve exceptions: what is added to a page makes room for itself."""
    page = visit(report, viewport=viewport).page
    assert page.evaluate("document.documentElement.scrollHeight") <= screens * viewport["height"]


def test_a_row_of_the_first_screen_takes_two_or_three_lines_of_a_phone(visit, report):
    page = visit(report, viewport=PHONE).page
    heights = page.locator("#glance tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert len(heights) == 12
    assert max(heights[:5]) <= 84
    said = page.locator("#glance tbody tr").first.inner_text()
    for words in ("At risk", "CP 3.10", "38.2%", "90%", "51.8 points below", "14+ months", "In May 18 there was"):
        assert words in said


def test_a_bar_is_as_long_as_its_row_is_tolerances_off_target(visit, report):
    """At any width the bars of the first screen share one scale."""
    for width in (320, 390, 768, 1280):
        page = visit(report, viewport={"width": width, "height": 800}).page
        drawn = page.locator("#glance .mpr-distance").evaluate_all(
            "all => all.map(one => [-parseFloat(one.closest('tr').dataset.distance),"
            " parseFloat(getComputedStyle(one.firstElementChild, '::before').width)])"
        )
        scales = [length / tolerances for tolerances, length in drawn if tolerances > 1.5]
        assert len(drawn) == 11
        assert max(scales) < 1.06 * min(scales)


def test_dark_is_dark_and_charts_with_it(visit, report):
    page = visit(report, color_scheme="dark").page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 23, 31)"
    fills = page.evaluate(
        "[...document.querySelectorAll('.mpr-trend text')].map((text) => getComputedStyle(text).fill)"
    )
    assert fills
    assert "rgb(22, 33, 46)" not in fills


@pytest.mark.parametrize("width", [340, 390])
def test_a_phone_shows_charts_whole_with_words_that_can_be_read(visit, report, width):
    page = visit(report, viewport={"width": width, "height": 700}).page
    drawn = page.evaluate(
        """() => [...document.querySelectorAll("#detail svg[viewBox]:not(.mpr-sign)")].map((svg) => {
          const box = svg.getBoundingClientRect(), scale = box.width / svg.viewBox.baseVal.width;
          const sizes = [...svg.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize));
          return [box.left, box.right, Math.min(...sizes) * scale];
        })"""
    )
    assert len(drawn) > 15
    assert all(left >= 0 and right <= width for left, right, _ in drawn)
    assert min(size for _, _, size in drawn) >= 11
    assert page.locator(".mpr-trend .mpr-scroll").count() == 0


def test_the_months_wait_behind_their_summary_and_stand_on_paper(visit, report):
    page = visit(report).page
    table = page.locator("#months-cp-5-4")
    assert not table.is_visible()
    page.locator("#cp-5-4 summary").click()
    assert table.is_visible()
    page.locator("#cp-5-4 summary").click()
    page.emulate_media(media="print")
    assert table.bounding_box()["height"] > 200


def test_print_keeps_the_words_and_cuts_no_row(visit, report):
    """Chromium's print: every figure of the tables is there, headings repeat, links to the filter are gone."""
    page = visit(report).page
    pages = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    texts = [" ".join(each.extract_text().split()) for each in pages]
    text = " ".join(texts)
    assert 20 < len(pages) < 50
    for words in (
        "10 of 31 indicators",
        "Section 2: Corporate performance indicators",
        "578,468",
        "CP 5.4: value and target",
    ):
        assert words in text
    assert "Words or code" not in text
    assert sum("MPR Code" in each and "Managed By" in each for each in texts) >= 4
    sizes = {(round(each.mediabox.width), round(each.mediabox.height)) for each in pages}
    assert len(sizes) == 2


@pytest.mark.parametrize(
    ("width", "sections"),
    [(687, "section:not(#exceptions, #corporate, #quality)"), (1016, "#exceptions, #corporate, #quality")],
    ids=["upright", "landscape"],
)
def test_what_is_printed_fits_the_paper(visit, report, width, sections):
    """A4 less its margins, in CSS pixels."""
    page = visit(report, viewport={"width": width, "height": 900}).page
    page.emulate_media(media="print")
    beyond = page.evaluate(
        f"""[...document.querySelectorAll("{sections}")].flatMap((section) => [...section.querySelectorAll("*")])
        .filter((each) => each.getBoundingClientRect().right > {width} + 1)
        .map((each) => `${{each.tagName}} ${{each.id}} ${{each.textContent.slice(0, 40)}}`).slice(0, 5)"""
    )
    assert beyond == []
