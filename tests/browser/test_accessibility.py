"""The published page against WCAG 2.2 AA, as far as machines and the Tab key can tell."""

import json
import subprocess
from itertools import pairwise

import pytest

from tests.browser.conftest import NARROW, PHONE, WIDE, comes_to

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WAYS = {
    "wide": {"viewport": WIDE},
    "phone": {"viewport": PHONE},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "forced colours": {"viewport": WIDE, "forced_colors": "active"},
}


# Detail pages are laid out when they come near; these tests look at all of them.
ALL_LAID_OUT = ".mpr-article { content-visibility: visible !important; }"


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_no_violation(visit, report, node_modules, way):
    page = visit(report, **WAYS[way]).page
    page.add_style_tag(content=ALL_LAID_OUT)
    page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert found["passes"], "axe-core checked nothing"
    told = [f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]
    assert told == []


def test_html_validate_finds_no_error(report, node_modules, repo):
    """Roles that repeat what a table is keep it a table where its rows are cards; the filter works while it is filled
    in, without a submit button; bars take their widths from inline flex-grow."""
    command = node_modules / ".bin" / "html-validate"
    config = repo / "tests" / "browser" / "htmlvalidate.json"
    run = subprocess.run(
        [command, "--config", config, "--formatter", "json", report], capture_output=True, text=True, check=False
    )
    found = [f"line {each['line']}: {each['ruleId']}: {each['message']}"
             for file in json.loads(run.stdout) for each in file["messages"]]  # fmt: skip
    assert found == []


def test_headings_start_at_one_and_skip_no_level(visit, report):
    levels = visit(report).page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((heading) => Number(heading.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_tab_key_reaches_everything_in_sight_and_shows_where_it_is(visit, report):
    """Each stop has a visible outline and lies below the bar at the top and above the window's end."""
    page = visit(report).page
    expected = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, [tabindex='0']")]
        .filter((each) => each.getClientRects().length).length"""
    )
    stops = []
    for _ in range(expected):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(_STOP))
    faults = [stop for stop in stops if stop["outline"] == "none" or not stop["inSight"]]
    assert faults == []
    assert len({stop["number"] for stop in stops}) == expected
    assert stops[0]["words"] == "Skip to the report"


_STOP = """() => {
  const at = document.activeElement, box = at.getClientRects()[0] || at.getBoundingClientRect();
  window.stops = window.stops || new Map();
  if (!window.stops.has(at)) window.stops.set(at, window.stops.size);
  const middle = [box.left + Math.min(box.width / 2, 200), box.top + Math.min(box.height / 2, 100)];
  const top = document.elementFromPoint(...middle);
  return {
    number: window.stops.get(at),
    words: at.textContent.trim().slice(0, 60) || at.name,
    outline: getComputedStyle(at).outlineStyle,
    inSight: Boolean(top) && (at.contains(top) || top.contains(at)),
  };
}"""


def test_skip_link_leads_past_the_bar(visit, report):
    page = visit(report).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    comes_to(lambda: page.evaluate("document.activeElement.id"), "main")
    page.keyboard.press("Tab")
    comes_to(
        lambda: page.evaluate(
            "document.activeElement.id !== 'main' && Boolean(document.activeElement.closest('main'))"
        ),
        True,
    )


SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """() => [...document.querySelectorAll("main *")].filter((each) => {
  const box = each.getBoundingClientRect();
  return box.width > 1 && box.right > innerWidth + 1 && !each.closest(".mpr-scroll, pre");
}).map((each) => `${each.tagName} ${each.className}: ${each.textContent.slice(0, 40)}`).slice(0, 5)"""


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1260, 1264, 1280, 1440, 1920])
def test_no_width_needs_scrolling_sideways(visit, report, width):
    page = visit(report, viewport={"width": width, "height": 800}).page
    page.add_style_tag(content=ALL_LAID_OUT)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_text_twice_as_large_stays_in_the_page(visit, report, viewport):
    page = visit(report, viewport=viewport).page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.add_style_tag(content=ALL_LAID_OUT)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(CUT) == []


def test_targets_are_large_enough_to_hit(visit, report):
    """Controls are at least 24 pixels each way; links in running text are exempt."""
    small = visit(report).page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, .mpr-top a, tbody th a")]
        .map((each) => [each, each.getBoundingClientRect()])
        .filter(([each, box]) => box.width && (box.width < 24 || box.height < 24))
        .map(([each, box]) => `${each.textContent}: ${box.width} x ${box.height}`)"""
    )
    assert small == []


def test_readers_of_the_accessibility_tree_get_tables_and_figures(visit, report):
    """Rows laid out as cards are still rows of a table, and a chart is one image with a sentence."""
    page = visit(report, viewport=PHONE).page
    row = page.locator("#corporate tr[data-code='CP 5.4']")
    assert row.get_attribute("role") == "row"
    assert row.locator("[role=cell]").count() == 11
    alt = page.locator("#cp-5-4 .mpr-trend [role=img]").get_attribute("aria-label")
    assert alt.startswith("CP 5.4: 1.19 days in May 2018, 0.09 above the target of 1.10; worse than a year before")
    assert page.locator("svg:not([aria-hidden=true])").count() == 0
