"""The page's pieces: templates as small snapshots, filters, contents, abbreviations, and what a notebook shows."""

import copy
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from mpr_lib.book.settings import ReportSettings
from mpr_lib.report import blocks
from mpr_lib.report.document import MIME, Part, contents, page_html, part_html, style
from mpr_lib.report.prose import abbreviated, read_prose
from mpr_lib.report.rendering import TEMPLATES, render
from mpr_lib.report.sections.choices import choices

SNAPSHOTS = {
    "heading": (blocks.heading(3, "A & B", "a-b"), '<h3 id="a-b">A &amp; B</h3>'),
    "text": (blocks.text("5 < 6"), "<p>5 &lt; 6</p>"),
    "sentence": (blocks.sentence("12 of 31"), '<p class="mpr-sentence">12 of 31</p>'),
    "note": (blocks.note("Late", "warning"), '<p class="mpr-note mpr-note-warning">Late</p>'),
    "links": (
        blocks.links("Furthest", [{"href": "#a", "text": "A", "detail": "3 below"}]),
        '<div class="mpr-links"><h2 class="mpr-links-title">Furthest</h2><ul><li><span><a href="#a">A</a>'
        '<span class="mpr-cell-detail">3 below</span></span></li></ul></div>',
    ),
    "facts": (
        blocks.facts([("Value", blocks.cell("1.19", detail="in May"))]),
        '<dl class="mpr-facts"><div><dt>Value</dt><dd>1.19 <span class="mpr-cell-detail">in May</span></dd></div></dl>',
    ),
    "details": (
        blocks.details("Every month", blocks.text("a")),
        '<details class="mpr-details"><summary>Every month</summary><p>a</p></details>',
    ),
    "group": (
        blocks.group(blocks.text("a"), blocks.text("b")),
        '<div class="mpr-group"><div><p>a</p></div><div><p>b</p></div></div>',
    ),
    "figure": (
        blocks.figure("<svg width='1' height='1'/>", 'Says "it"', "gauge", "May", "x"),
        '<figure class="mpr-figure mpr-gauge"><div role="img" aria-label="Says &#34;it&#34;"><svg aria-hidden="true" '
        "focusable=\"false\" width='1' height='1'/></div><figcaption>May</figcaption></figure>",
    ),
}


@pytest.mark.parametrize("kind", SNAPSHOTS)
def test_block(kind):
    block, expected = SNAPSHOTS[kind]
    shown = " ".join(render(f"html/blocks/{kind}.html.j2", block=block).split())
    assert re.sub(r"> <", "><", shown) == expected


def test_counts_say_in_words_what_the_bar_shows():
    shown = render(
        "html/blocks/counts.html.j2",
        block=blocks.counts("All", [{"outcome": "AT_RISK", "label": "At risk", "count": 10},
                                    {"outcome": "ON_COURSE", "label": "On course", "count": 19}]),
    )  # fmt: skip
    assert "All, <span data-total>29</span> in all" in shown
    assert re.search(r"<strong>10</strong> <span>At risk</span>", shown)
    assert 'aria-hidden="true"' in shown.partition("<ul>")[0]


def test_a_cell_without_words_is_refused():
    with pytest.raises(ValueError, match="a cell without words"):
        blocks.cell("")


def test_table_cells_carry_their_heading_for_cards():
    columns = [blocks.column("code", "Code", "code"), blocks.column("value", "Month's Value", "number")]
    about = dict.fromkeys(("department", "committee", "aim", "managed_by"), "")
    about |= {"code": "A", "id": "t-a", "rating": "RED", "outcome": "AT_RISK", "direction": "SAME"}
    row = blocks.row({"code": blocks.cell("A", href="#a"), "value": blocks.cell("1")}, "indicator", **about)
    table = blocks.table("t", "Caption", columns, [row])
    shown = " ".join(render("html/blocks/table.html.j2", block=table).split())
    assert '<th scope="row" data-key="code"><a href="#a">A</a>' in shown
    assert '<td data-key="value" data-label="Month&#39;s Value" class="mpr-end">1' in shown
    assert 'data-code="A" data-rating="RED" data-outcome="AT_RISK" data-direction="SAME"' in shown


def document(*sections, **about) -> dict:
    usual = {
        "lang": "en-GB", "title": "Report May 2018", "council": "Smallford", "month": "2018-05",
        "month_label": "May 2018", "version": "V1.0",
        "generated": "2018-06-21T11:59:00", "draft": False, "publisher": "Team", "data_hash": "0",
    }  # fmt: skip
    return {
        **usual,
        **about,
        "sections": [dict(zip(("id", "title", "blocks"), each, strict=True)) for each in sections],
    }


def test_contents_name_only_what_is_there():
    article = blocks.article("cp-1", [], code="CP 1", title="T", outcome="AT_RISK", outcome_label="At risk")
    found = contents(document(("cover", "", []), ("detail", "Section 3", [article]), ("winter", "Winter", [])))
    assert [(each["title"], each["short_title"], len(each["articles"])) for each in found] == [
        ("Section 3", "Detail", 1), ("Winter", "Winter", 0),
    ]  # fmt: skip


def test_the_filter_offers_what_occurs_and_each_of_two_officers_or_committees():
    rows = pd.DataFrame({
        "variation": ["USUAL", "CONCERN"],
        "expected_outcome": ["ON_COURSE", "AT_RISK"], "outcome_label": ["On course", "At risk"], "aim": "SAFE",
        "scrutiny_committee": ["People; Place", "Homes"], "department": ["", "Place"], "managed_by": ["B; A", "A"],
    })  # fmt: skip
    settings = ReportSettings(
        council="C", publisher="P", contacts=[], aims=[], committees=[{"name": "Place"}, {"name": "Unknown"}]
    )
    (offered,) = choices(SimpleNamespace(scorecard=rows, settings=settings))
    assert {each["name"]: [option["value"] for option in each["options"]] for each in offered["filters"]} == {
        "committee": ["Place", "Homes", "People"], "outcome": ["AT_RISK", "ON_COURSE"], "managed_by": ["A", "B"],
        "variation": ["CONCERN", "USUAL"],
    }  # fmt: skip
    assert choices(SimpleNamespace(scorecard=rows.head(1), settings=settings)) == []


def key_of(**meanings):
    rows = [blocks.row({"abbreviation": blocks.cell(a), "meaning": blocks.cell(m)}) for a, m in meanings.items()]
    return ("key", "Key", [blocks.table("key-abbreviations", "Abbreviations", [], rows)])


def test_abbreviations_are_marked_at_their_first_use_alone():
    comment = blocks.prose(read_prose("The GP said *so*; GPs [GP](https://example.org) agree. Not GPX, `GP`."))
    given = document(key_of(GP="general practitioner"), ("own", "Own", [comment]))
    before = copy.deepcopy(given)
    shown = abbreviated(given)["sections"][1]["blocks"][0]["prose"][0]["children"]
    assert shown[:3] == [
        {"type": "text", "text": "The "},
        {"type": "abbr", "text": "GP", "title": "general practitioner"},
        {"type": "text", "text": " said "},
    ]
    assert [node["type"] for node in shown].count("abbr") == 1
    assert given == before


def test_each_detail_page_and_section_marks_for_itself():
    comment = blocks.prose(read_prose("HR."))
    pages = [blocks.article(f"a{n}", [comment]) for n in (1, 2)]
    marked = abbreviated(document(key_of(HR="human resources"), ("detail", "D", pages), ("own", "O", [comment])))
    assert str(marked).count("'abbr'") == 3


def test_the_page_is_marked_as_a_draft():
    shown = page_html(document(("about", "About", [blocks.text("x")]), draft=True))
    assert "<title>Draft: Report May 2018, Smallford</title>" in shown
    assert 'class="mpr-watermark"' in shown


def test_the_same_document_gives_the_same_bytes():
    given = document(("about", "About", [blocks.text("x")]))
    assert page_html(given) == page_html(given)


def test_a_notebook_shows_a_part_in_the_pages_style():
    part = Part("finance", [blocks.note("Due in June")])
    shown = part._repr_mimebundle_()
    assert set(shown) == {MIME, "text/html", "text/plain"}
    assert style().partition("\n/*")[2] in shown["text/html"]
    assert shown["text/html"] == part_html(part)
    assert "@font-face" not in shown["text/html"]


def test_templates_are_short():
    """A template lays out; one that grows long has begun to decide."""
    long = [
        path.name for path in TEMPLATES.rglob("*.html.j2") if len(path.read_text(encoding="utf-8").splitlines()) > 60
    ]
    assert long == []
