"""The published page against WCAG 2.2 AA, as far as machines and the Tab key can tell."""

from collections import Counter
from itertools import pairwise

import pytest

from mpr_lib.report import blocks
from mpr_lib.report.document import page_html
from mpr_lib.report.prose import read_prose
from tests.browser.conftest import NARROW, PHONE, WIDE, comes_to
from tests.report.test_page import document

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WAYS = {
    "wide": {"viewport": WIDE},
    "phone": {"viewport": PHONE},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "forced colours": {"viewport": WIDE, "forced_colors": "active"},
}


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_no_violation(visit, report, node_modules, way):
    page = visit(report, **WAYS[way]).page
    page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert found["passes"], "axe-core checked nothing"
    told = [f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]
    assert told == []


def test_html_validate_finds_no_error(report, html_validate):
    assert html_validate(report) == []


def test_the_nu_checker_finds_nothing(report, nu_checker):
    assert nu_checker(report) == []


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
        """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
        .filter((each) => each.getClientRects().length && each.checkVisibility()).length"""
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


STOPS_BEFORE_THE_FILTER = 12


def test_the_filter_is_a_few_stops_away(visit, report):
    """Neither contents nor tables lie between the top of the page and its filter."""
    page = visit(report).page
    reached = []
    for _ in range(STOPS_BEFORE_THE_FILTER):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("Boolean(document.activeElement.closest('#filter-panel'))"))
    assert any(reached)


REGIONS = """[...document.querySelectorAll("[data-scrolls]")].map((each) => [
  each.tagName, each.scrollWidth > each.clientWidth, each.tabIndex === 0,
  each.getAttribute("role"), each.getAttribute("aria-label")])"""
TABLE = "| Ward | Figure |\n|---|---|\n| Milton | {} |\n"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_only_regions_that_scroll_are_named_and_stopped_at(visit, tmp_path, viewport):
    """A table of an analyst's own that fits is neither; one that does not is both, as is a line of text too long."""
    written = "\n".join((TABLE.format("12"), TABLE.format("\u00a0".join(["1,234"] * 12)), "    " + "1234567890 " * 90))
    path = tmp_path / "page.html"
    path.write_text(page_html(document(("own", "Own", [blocks.prose(read_prose(written))]))), encoding="utf-8")
    page = visit(path, viewport=viewport).page
    wide = viewport == WIDE
    comes_to(
        lambda: page.evaluate(REGIONS),
        [
            ["DIV", False, False, None, None],
            ["DIV", not wide, not wide, None if wide else "region", None if wide else "Table"],
            ["PRE", True, True, "region", "Text"],
        ],
    )


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
CLIPPED = """
  const clipped = (each) => each && (getComputedStyle(each).clipPath !== "none" || clipped(each.parentElement));
"""
CUT = f"""() => {{
  {CLIPPED}
  return [...document.querySelectorAll("main *")].filter((each) => {{
    const box = each.getBoundingClientRect();
    return box.width > 1 && box.right > innerWidth + 1 && !each.closest(".mpr-scroll, pre") && !clipped(each);
  }}).map((each) => `${{each.tagName}} ${{each.className}}: ${{each.textContent.slice(0, 40)}}`).slice(0, 5);
}}"""


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1260, 1264, 1280, 1440, 1920])
def test_no_width_needs_scrolling_sideways(visit, report, width):
    page = visit(report, viewport={"width": width, "height": 800}).page
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_text_twice_as_large_stays_in_the_page(visit, report, viewport):
    page = visit(report, viewport=viewport).page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(CUT) == []


BROKEN = f"""() => {{
  {CLIPPED}
  const broken = [], range = document.createRange();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {{
    const near = node.parentElement;
    const style = getComputedStyle(near), ends = style.webkitLineClamp !== "none" || style.textOverflow === "ellipsis";
    if (!near.checkVisibility() || near.closest("pre, code, script, style, svg") || ends || clipped(near)) continue;
    const words = /(?<![\\p{{L}}\\p{{N}}])[\\p{{L}}\\p{{N}}]{{2,30}}(?![\\p{{L}}\\p{{N}}])/gu;
    for (const word of node.data.matchAll(words)) {{
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0.5);
      if (new Set(boxes.map((box) => Math.round(box.top))).size > 1) {{
        broken.push(`${{word[0]}} in ${{near.closest("[id]")?.id}}: ${{near.textContent.trim().slice(0, 40)}}`);
      }}
    }}
  }}
  return broken.slice(0, 8);
}}"""
WORDS_AT = pytest.mark.parametrize("width", [320, 390, 768, 1000, 1160, 1280])


def broken_words(page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    return page.evaluate(BROKEN)


@WORDS_AT
def test_no_word_breaks_inside(visit, report, width):
    page = visit(report, viewport={"width": width, "height": 800}).page
    assert broken_words(page) == []
    assert page.evaluate(SIDEWAYS) <= 0


@WORDS_AT
def test_no_word_of_another_council_breaks_inside(visit, demo_page, width):
    page = visit(demo_page, viewport={"width": width, "height": 800}).page
    assert broken_words(page) == []
    assert page.evaluate(SIDEWAYS) <= 0


def test_a_word_that_breaks_inside_is_found(visit, report):
    page = visit(report, viewport=NARROW).page
    page.add_style_tag(content=".mpr p { word-break: break-all; }")
    assert broken_words(page)


def test_targets_are_large_enough_to_hit(visit, report):
    """Controls are at least 24 pixels each way; links in running text are exempt."""
    page = visit(report).page
    page.locator("#filter-panel summary").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, .mpr-top a, tbody th a")]
        .map((each) => [each, each.getBoundingClientRect()])
        .filter(([each, box]) => box.width && (box.width < 24 || box.height < 24))
        .map(([each, box]) => `${each.textContent}: ${box.width} x ${box.height}`)"""
    )
    assert small == []


ROLES = {
    "heading": "h1, h2, h3, h4, h5, h6",
    "table": "table",
    "caption": "caption",
    "columnheader": "thead th",
    "rowheader": "tbody th",
    "cell": "td",
    "image": "img, [role=img]",
    "article": "article",
}
SHOWN = """(selector) => [...document.querySelectorAll(selector)]
.filter((each) => !each.closest("[hidden], [aria-hidden=true], details:not([open]) > :not(summary)")).length"""


def tree_of(page) -> list[dict]:
    """The accessibility tree as Chromium gives it to a screen reader."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node.get("ignored")]


@pytest.mark.parametrize("viewport", [WIDE, PHONE, NARROW], ids=["wide", "phone", "narrow"])
def test_the_accessibility_tree_holds_at_load_what_the_page_holds(visit, report, viewport):
    """Nothing waits until it is scrolled to, and rows that look like cards are rows of a table. What stands in a
    closed disclosure is there when it is opened."""
    page = visit(report, viewport=viewport).page
    roles = Counter(node["role"]["value"] for node in tree_of(page))
    assert {role: roles[role] for role in ROLES} == {role: page.evaluate(SHOWN, ROLES[role]) for role in ROLES}
    assert roles["table"] > 5
    assert roles["columnheader"] > 50
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    opened = Counter(node["role"]["value"] for node in tree_of(page))
    assert {role: opened[role] for role in ROLES} == {role: page.evaluate(SHOWN, ROLES[role]) for role in ROLES}


def test_every_image_and_table_has_a_name(visit, report):
    nodes = tree_of(visit(report, viewport=PHONE).page)
    unnamed = [node["role"]["value"] for node in nodes
               if node["role"]["value"] in ("image", "table", "heading", "columnheader", "link", "button")
               and not node.get("name", {}).get("value", "").strip()]  # fmt: skip
    assert unnamed == []


def test_a_chart_is_one_image_with_a_sentence(visit, report):
    page = visit(report, viewport=PHONE).page
    alt = page.locator("#cp-5-4 .mpr-trend [role=img]").get_attribute("aria-label")
    assert alt.startswith("Process chart of CP 5.4. May's own 0.61 is within its usual 0.39 to 0.80")
    assert page.locator("svg:not([aria-hidden=true])").count() == 0
