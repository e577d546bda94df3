"""Hostile texts in every field: Chromium runs none of them, asks for nothing, and shows each as the text it is."""

import html
import re
from pathlib import Path

import pytest

from tests.browser.conftest import NARROW, PHONE, WIDE, comes_to
from tests.report.pages import hostile_page, hostile_texts

pytestmark = [pytest.mark.slow, pytest.mark.browser]

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    return hostile_page(tmp_path_factory.mktemp("hostile"))


def test_nothing_hostile_runs_or_asks(visit, hostile):
    """Not on loading, nor when a reader moves over everything, follows its links or filters by it."""
    seen = visit(hostile)
    page = seen.page
    page.evaluate(
        """() => {
          for (const kind of ["mouseover", "focus", "mouseenter", "pointerdown"])
            for (const each of document.querySelectorAll("*")) each.dispatchEvent(new Event(kind, { bubbles: true }));
        }"""
    )
    page.locator("#filter-panel summary").click()
    for option in page.locator("#filter-managed_by option").evaluate_all("all => all.map((each) => each.value)"):
        page.select_option("#filter-managed_by", option)
        page.locator("main tr[data-code]:visible").first.wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert (seen.dialogs, seen.requests, seen.messages) == ([], [], [])


def test_only_our_own_elements_are_there(visit, hostile):
    page = visit(hostile).page
    assert page.locator("script").count() == 1
    assert page.locator("style").count() == 1
    assert page.locator("iframe, object, embed, base, link, img, audio, video, animate, foreignObject").count() == 0
    named = page.evaluate("[...document.querySelectorAll('*')].flatMap((each) => each.getAttributeNames())")
    assert [name for name in named if name.startswith("on") or name == "srcdoc"] == []
    protocols = page.evaluate("[...new Set([...document.links].map((link) => link.protocol))].sort()")
    assert set(protocols) <= {"file:", "mailto:", "https:"}
    assert page.evaluate(
        "new Set([...document.querySelectorAll('[id]')].map((each) => each.id)).size"
    ) == page.evaluate("document.querySelectorAll('[id]').length")


def test_every_text_is_shown_as_it_was_written(visit, hostile):
    """As a name, an officer, a committee, an aim, a reason, a finding: letter for letter."""
    page = visit(hostile).page
    cells = "all => all.map((each) => each.textContent)"
    names = page.locator("#corporate td[data-key=name], #partnership td[data-key=name]").evaluate_all(cells)
    officers = page.locator("#corporate td[data-key=managed_by], #partnership td[data-key=managed_by]").evaluate_all(
        cells
    )
    told = page.locator("#quality li").evaluate_all(cells)
    marks = page.locator(".mpr-marks, .mpr-tag").evaluate_all(cells)
    for text in hostile_texts():
        shown = " ".join(text.split())
        for where, said in (("name", names), ("officer", officers), ("sentence", told), ("mark", marks)):
            assert any(shown in " ".join(each.split()) for each in said), (where, text)
    assert page.locator("h1").inner_text().startswith(hostile_texts()[1])
    assert page.title().endswith(hostile_texts()[0])


def test_comments_lead_only_to_the_web(visit, hostile):
    """Markdown's links to scripts and data are words with the address beside them."""
    page = visit(hostile).page
    text = page.locator("#h-6 .mpr-prose").first.text_content()
    assert "see (javascript:window.hacked=7)" in text
    assert page.locator("#h-7 .mpr-prose a[href^='data:']").count() == 0


@pytest.mark.parametrize("viewport", [WIDE, PHONE, NARROW], ids=["wide", "phone", "narrow"])
def test_long_words_do_not_widen_the_page(visit, hostile, viewport):
    page = visit(hostile, viewport=viewport).page
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_the_policy_allows_nothing_from_outside(hostile, report):
    for path in (hostile, report):
        written = path.read_text(encoding="utf-8")
        policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', written)[1])
        assert re.fullmatch(re.escape(POLICY).replace(r"\{\}", r"[A-Za-z0-9+/=]{44}"), policy)


def test_the_policy_stops_a_script_that_gets_in(visit, report, tmp_path):
    """The second lock: even markup that slipped through would not run."""
    spoiled = tmp_path / "spoiled.html"
    written = report.read_text(encoding="utf-8")
    spoiled.write_text(
        written.replace("</main>", "<script>window.hacked=1</script><img src=x onerror=window.hacked=2></main>")
    )
    seen = visit(spoiled)
    told = "Content Security Policy"
    comes_to(lambda: (seen.page.evaluate("window.hacked"), any(told in each for each in seen.messages)), (None, True))
