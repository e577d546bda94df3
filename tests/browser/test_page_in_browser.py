"""The published page as a browser takes it: alone, small, readable at once, and printable."""

import io

import pypdf
import pytest

from tests.browser.conftest import PHONE, WIDE

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_nothing_is_asked_of_any_other_place(visit, report):
    seen = visit(report)
    seen.page.wait_for_timeout(200)
    assert seen.requests == []
    assert seen.messages == []


def test_the_page_is_smaller_than_a_megabyte(report):
    assert report.stat().st_size < 1_000_000


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_first_screen_says_how_the_month_stands(visit, report, viewport):
    """Title, sentence, counts and the first of those furthest from target are seen without scrolling."""
    page = visit(report, viewport=viewport).page
    for selector in ("h1", ".mpr-sentence", "#cover .mpr-counts li:last-child", "#cover .mpr-links a >> nth=0"):
        box = page.locator(selector).first.bounding_box()
        assert box["y"] + box["height"] <= viewport["height"], selector
    assert (
        "10 of 31 indicators are at risk of missing target and 2 are slipping"
        in page.locator(".mpr-sentence").inner_text()
    )


def test_dark_is_dark_and_charts_with_it(visit, report):
    page = visit(report, color_scheme="dark").page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 23, 31)"
    fills = page.evaluate(
        "[...document.querySelectorAll('.mpr-trend text')].map((text) => getComputedStyle(text).fill)"
    )
    assert fills
    assert "rgb(22, 33, 46)" not in fills


def test_print_keeps_the_words_and_cuts_no_row(visit, report):
    """Chromium's print: every figure of the tables is there, headings repeat, links to the filter are gone."""
    page = visit(report).page
    pages = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    texts = [" ".join(each.extract_text().split()) for each in pages]
    text = " ".join(texts)
    assert 20 < len(pages) < 50
    for words in (
        "12 of 31 indicators",
        "Section 2: Corporate performance indicators",
        "578,468",
        "CP 5.4: value and target",
    ):
        assert words in text
    assert "Words or code" not in text
    assert sum("MPR Code" in each and "Managed By" in each for each in texts) > 5
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
