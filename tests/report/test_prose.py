"""Comments: what Markdown may say, and that nothing else gets through."""

import html
import json
import re

import pytest

from mpr_lib.report.prose import plain_text, read_prose
from mpr_lib.report.rendering import render
from tests.helpers import cases

TEMPLATE = "html/blocks/prose.html.j2"


def html_of(markdown: str) -> str:
    return " ".join(render(TEMPLATE, block={"prose": read_prose(markdown)}).split())


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Fewer *days*, **much** `x`.", "<p>Fewer <em>days</em>, <strong>much</strong> <code>x</code>.</p>"),
        ("One.\n\nTwo.", "<p>One.</p> <p>Two.</p>"),
        ("One\ntwo", "<p>One two</p>"),
        ("- a\n- b", "<ul><li><p>a</p> </li><li><p>b</p> </li></ul>"),
        ("1. a", "<ol><li><p>a</p> </li></ol>"),
        ("[Plan](https://example.org/a?b=1&c)",
         '<p><a href="https://example.org/a?b=1&amp;c" rel="noopener noreferrer">Plan</a></p>'),
        ("[Mail](mailto:a@example.org)", '<p><a href="mailto:a@example.org" rel="noopener noreferrer">Mail</a></p>'),
        ("[x](javascript:alert(1))", "<p>x (javascript:alert(1))</p>"),
        ("[x](JaVaScRiPt:alert`1`)", "<p>x (JaVaScRiPt:alert%601%60)</p>"),
        ("[x](data:text/html,1)", "<p>x (data:text/html,1)</p>"),
        ("[x](file:///etc/passwd)", "<p>x (file:///etc/passwd)</p>"),
        ("<b>bold</b> & <script>1</script>", "<p>&lt;b&gt;bold&lt;/b&gt; &amp; &lt;script&gt;1&lt;/script&gt;</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("# Shouting", "<p><strong>Shouting</strong></p>"),
        ("> said", "<blockquote><p>said</p> </blockquote>"),
        ("![A cat](https://example.org/cat.png)", "<p>A cat</p>"),
        ("![](https://example.org/cat.png)", "<p>(a picture that is not shown)</p>"),
        ("![A dot](data:image/svg+xml;base64,AAAA)", "<p>A dot</p>"),
        ("![A dot](data:image/png;base64,AAAA)", '<img src="data:image/png;base64,AAAA" alt="A dot">'),
    ],
)  # fmt: skip
def test_markdown_becomes_a_few_safe_elements(markdown, expected):
    assert html_of(markdown).removeprefix('<div class="mpr-prose">').removesuffix("</div>").strip() == expected


def test_tables_can_be_scrolled_by_keyboard():
    shown = html_of("| a | b |\n|---|---|\n| 1 | 2 |")
    assert 'data-scrolls="Table"' in shown
    assert '<th scope="col">a</th>' in shown
    assert "<td>2</td>" in shown


@pytest.mark.parametrize("row", cases("hostile.csv"))
def test_hostile_comments_keep_their_words(row):
    """What a reader sees is what the officer wrote, less Markdown's marks; a picture from elsewhere is its words."""
    written = re.sub(r"^!\[(.*)\]\(.*\)$", r"\1", html.unescape(row["text"]))
    said = plain_text(read_prose(row["text"]))
    assert [letter for letter in written if letter.isalnum()] == [letter for letter in said if letter.isalnum()]
    shown = html_of(row["text"])
    assert "<script" not in shown
    assert 'href="javascript' not in shown.lower()


def test_prose_travels_as_json():
    read = read_prose("a *b* [c](https://example.org)\n\n- d")
    assert json.loads(json.dumps(read)) == read
