"""The report in Word: the page's words and figures, built so that Word and screen readers know its parts."""

import io
import json
import re
import zipfile
from collections import Counter
from functools import cache
from itertools import pairwise

import nbformat
import pytest
from bs4 import BeautifulSoup

from mpr_lib.book import Workspace, read_book
from mpr_lib.errors import InputError, RunError
from mpr_lib.public.leaks import found_in, indicator_texts, readings
from mpr_lib.report.document import page_html, read_document
from mpr_lib.run import month
from mpr_lib.seal.verify import verified
from mpr_lib.word import styles
from mpr_lib.word.exporter import MprDocxExporter, render_docx
from mpr_lib.word.styles import NEEDED, STYLES
from tests.helpers import SMALL, TESTS, small_workspace
from tests.public.test_public import mark

docx = pytest.importorskip("docx", reason="python-docx is needed to make and read Word documents; make env installs it")

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MONTH = "2018-05"
PLAIN = {
    "lang": "en-GB", "title": "A report", "council": "A council", "version": "1.0", "generated": "2018-06-21T11:59:00",
    "draft": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def seed(published) -> dict:
    """The document of the May 2018 report that is published."""
    return read_document(nbformat.read(published / "report.ipynb", as_version=4))


@pytest.fixture(scope="module")
def made(seed) -> bytes:
    return render_docx(seed)


@pytest.fixture(scope="module")
def opened(made):
    return docx.Document(io.BytesIO(made))


@cache
def part(raw: bytes, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return package.read(name).decode()


def paragraphs(raw: bytes) -> list[tuple[str, str]]:
    """The style's id and the words of every paragraph of the body, in cells too, in order."""
    body = docx.Document(io.BytesIO(raw)).element.body
    return [(each.style or "", "".join(each.itertext(f"{W}t"))) for each in body.iter(f"{W}p")]


def squeezed(text: str) -> str:
    """Letters and figures alone: signs that part words are each form's own."""
    return re.sub(r"[\W_]", "", text)


def page_of(document) -> BeautifulSoup:
    page = BeautifulSoup(page_html(document), "html.parser")
    unsaid = "nav, script, style, wbr, .mpr-bar, .mpr-more, [aria-hidden], .mpr-skip, .mpr-hidden, footer, .mpr-top"
    # What a reader clicks on to see more needs no words on paper.
    for each in [*page.select(unsaid), *(each for each in page.select("summary") if not each.find(["h3", "h4"]))]:
        each.decompose()
    page.smooth()
    return page


UNITS = "p, li, th, td, caption, figcaption, dt, dd, h1, h2, h3, h4, summary"


def said_on(page) -> list[str]:
    """The words of every smallest part of the page that has its own line; a cell's detail may stand below its row."""
    details = [each.extract() for each in page.select(".mpr-cell-detail")]
    smallest = [*details, *(each for each in page.select(UNITS) if not each.find(UNITS.split(", ")))]
    return [squeezed(each.get_text()) for each in smallest if squeezed(each.get_text())]


def figures(text: str) -> Counter:
    return Counter(re.findall(r"\d[\d,.]*\d|\d", text))


def test_it_says_what_the_page_says_and_has_its_figures(seed, made):
    page, told = page_of(seed), paragraphs(made)
    written, whole = squeezed(" ".join(words for style, words in told)), squeezed(page.get_text())
    less = figures(" ".join(each.get_text(" ") for each in page.select("main")))
    assert [each for each in said_on(page) if each not in written] == []
    own = [words for style, words in told if not style.startswith(("toc", "TOC")) and squeezed(words) not in whole]
    # A sentence behind its chip, facts one after the other, and a heading before a comment are the page's, apart.
    apart = [piece for words in own for piece in re.split(r" · |: |\. ", words)]
    assert [piece for piece in apart if squeezed(piece) not in whole] == []
    # What stands below a row names its column again, in which a year is the only figure.
    more = figures(" ".join(words for style, words in told if not style.startswith(("toc", "TOC"))))
    assert less - more == Counter()
    assert set(more - less) <= {figure for column in columns_of(seed) for figure in figures(column)}


def columns_of(document) -> set[str]:
    tables = [block for section in document["sections"] for block in section["blocks"] if block["kind"] == "table"]
    return {column["label"] for table in tables for column in table["columns"]}


def test_headings_begin_at_one_and_skip_no_level(seed, made):
    levels = [int(style[-1]) for style, _ in paragraphs(made) if re.fullmatch(r"Heading\d", style)]
    assert levels[0] == 2  # the cover's notes, below the title
    assert set(levels) == {1, 2, 3}
    assert all(after <= before + 1 for before, after in pairwise(levels))
    titles = [words for style, words in paragraphs(made) if style == "Heading1"]
    assert titles == [section["title"] for section in seed["sections"] if section["title"]]


def test_tables_are_real_with_headings_that_come_again_and_a_description(opened, seed):
    assert len(opened.tables) == made_tables(seed)
    for table in opened.tables:
        first = table._tbl.tr_lst[0]
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert all("".join(cell.itertext()).strip() for cell in first.tc_lst)
        assert table._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val")
        assert table._tbl.tblPr.find(f"{W}tblLook").get(f"{W}firstColumn") == "1"
        # Cells merge only where something stands across the whole table.
        width = len(first.tc_lst)
        assert {sum(cell.grid_span for cell in row.tc_lst) for row in table._tbl.tr_lst} == {width}
        assert {len(row.tc_lst) for row in table._tbl.tr_lst} <= {1, width}


def made_tables(value) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (isinstance(value, dict) and value.get("kind") == "table") + sum(map(made_tables, inside))


def test_every_picture_has_its_text_alternative(opened, seed):
    alts = [each.get("descr") for each in opened.element.body.iter() if each.tag.endswith("}docPr")]
    assert len(alts) == str(seed).count("'svg'") > 40
    assert all(len(alt) > 8 for alt in alts)
    assert len({shape._inline.docPr.get("id") for shape in opened.inline_shapes}) == len(alts)


def test_links_lead_to_bookmarks_of_their_own_and_to_mailboxes(opened, made):
    text = part(made)
    marks = re.findall(r'bookmarkStart [^>]*w:name="([^"]+)"', text)
    anchors = re.findall(r'<w:hyperlink [^>]*w:anchor="([^"]+)"', text)
    assert len(marks) == len(set(marks))
    assert all(re.fullmatch(r"[a-z]\w{0,39}", mark) for mark in marks)
    assert len(anchors) > 100
    assert set(anchors) <= set(marks)
    outside = {each.target_ref for each in opened.part.rels.values() if each.is_external}
    assert outside == {"mailto:timmacgregor@southend.gov.uk", "mailto:LouisaThomas@southend.gov.uk"}


def test_contents_stand_there_and_nothing_asks_to_be_updated(made):
    entries = [words for style, words in paragraphs(made) if style.lower().startswith("toc") and style != "TOCHeading"]
    assert "CP 5.4 Sickness days per employee" in entries
    assert entries[0] == "Section 1: Exceptions"
    assert "updateFields" not in part(made, "word/settings.xml")
    assert 'w:dirty="' not in part(made)


def test_no_paragraph_is_empty(opened):
    body = opened.element.body
    empty = [each for each in body.iter(f"{W}p") if not "".join(each.itertext(f"{W}t")).strip()]
    assert all(each.xpath(".//w:drawing") for each in empty)


def test_page_language_author_and_time_are_the_reports_own(opened, seed, made):
    page, about = opened.sections[0], opened.core_properties
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert (about.title, about.language) == ("Monthly Performance Report May 2018", "en-GB")
    assert (about.author, about.last_modified_by) == ("Southend-on-Sea Borough Council",) * 2
    assert f"{about.created:%Y-%m-%dT%H:%M:%S}" == seed["generated"]
    footer = "Monthly Performance Report May 2018, version 1.0, Southend-on-Sea Borough Council. Page 1 of 1"
    assert page.footer.paragraphs[0].text == footer
    assert re.findall(r"<w:instrText[^>]*> (\w+) ", part(made, "word/footer1.xml")) == ["PAGE", "NUMPAGES"]
    assert 'w:lang w:val="en-GB"' in part(made, "word/styles.xml")


def test_an_outcome_is_said_in_words_beside_its_colour(opened):
    coloured = [run for run in opened.element.body.iter(f"{W}r") if (run.style or "").startswith("ReportAtRisk")]
    assert {run.text for run in coloured} >= {"At risk", "At risk of missing target"}


def test_same_document_gives_the_same_bytes(made):
    document = with_blocks({"kind": "text", "text": "The same."})
    assert render_docx(document) == render_docx(document)
    assert render_docx(document | {"generated": "2018-06-22T11:59:00"}) != render_docx(document)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def with_blocks(*blocks):
    return PLAIN | {"sections": [{"id": "one", "title": "One", "blocks": list(blocks)}]}


def prose(*nodes):
    return with_blocks({"kind": "prose", "prose": list(nodes)})


def test_numbered_lists_begin_at_one_each():
    item = [{"type": "paragraph", "children": [{"type": "text", "text": "First"}]}]
    listed = {"type": "list", "ordered": True, "items": [item, item]}
    raw = render_docx(prose(listed, listed))
    numbers = re.findall(r'<w:numId w:val="(\d+)"/>', part(raw))
    assert len(numbers) == 4
    assert len(set(numbers)) == 2
    assert part(raw, "word/numbering.xml").count("startOverride") == 2


def test_a_table_of_a_comment_is_one_and_links_that_lead_nowhere_are_words():
    def cell(text, **more):
        return [{"type": "text", "text": text, **more}]

    nowhere = {"type": "link", "href": "#gone", "children": cell("gone")}
    raw = render_docx(prose({"type": "table", "header": [cell("A"), cell("B")], "rows": [[[nowhere], cell("1")]]}))
    (table,) = docx.Document(io.BytesIO(raw)).tables
    assert [[each.text for each in row.cells] for row in table.rows] == [["A", "B"], ["gone", "1"]]
    assert "w:hyperlink" not in part(raw).partition("<w:sectPr")[0].partition("One")[2]


def test_hostile_texts_stay_texts():
    document = json.loads((TESTS / "report" / "documents" / "hostile.json").read_text(encoding="utf-8"))
    document["sections"] = document["sections"][1:2]
    raw = render_docx(document)
    texts = [block["text"] for block in document["sections"][0]["blocks"] if block["kind"] == "text"]
    written = squeezed(" ".join(words for _, words in paragraphs(raw)))
    assert len(texts) > 13
    assert [text for text in texts if squeezed(text) not in written] == []
    assert not re.search(r"Target=\"(?:javascript|file|data):", part(raw, "word/_rels/document.xml.rels"))


def test_a_wide_table_turns_the_paper_and_back():
    columns = [{"key": f"k{n}", "label": "Heading" * 2, "kind": "text", "align": "start"} for n in range(9)]
    row = {"kind": "plain", "cells": {each["key"]: {"text": "Unbreakableword"} for each in columns}}
    table = {"kind": "table", "id": "t", "caption": "Wide", "size": "wide", "columns": columns, "rows": [row]}
    raw = render_docx(with_blocks(table, {"kind": "text", "text": "After."}))
    sizes = [page.page_width > page.page_height for page in docx.Document(io.BytesIO(raw)).sections]
    assert sizes == [False, True, False]


def test_a_picture_without_alternative_and_an_unknown_block_are_refused():
    figure = {"kind": "figure", "role": "gauge", "svg": "<svg xmlns='http://www.w3.org/2000/svg'/>", "alt": " "}
    with pytest.raises(RunError, match="no text alternative"):
        render_docx(with_blocks(figure))
    with pytest.raises(RunError, match="no way to show a block of kind 'carousel'"):
        render_docx(with_blocks({"kind": "carousel"}))


def test_the_exporter_converts_a_notebook_with_a_template(published, tmp_path):
    (tmp_path / "own.docx").write_bytes(own_template())
    notebook = nbformat.read(published / "report.ipynb", as_version=4)
    raw, _ = MprDocxExporter(word_template=str(tmp_path / "own.docx")).from_notebook_node(notebook)
    assert "Ours, page" in part(raw, "word/footer1.xml")
    assert MprDocxExporter().file_extension == ".docx"


def own_template(change=lambda document: None) -> bytes:
    """A report's document with another look, footer and page, as a council would save it."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    picture = {"kind": "figure", "role": "picture", "svg": drawing, "alt": "Old figures", "caption": "Old words"}
    document = docx.Document(io.BytesIO(render_docx(with_blocks(picture))))
    document.styles["Heading 1"].font.name = "Georgia"
    document.sections[0].page_width, document.sections[0].page_height = docx.shared.Mm(216), docx.shared.Mm(279)
    document.sections[0].footer.paragraphs[0].text = "Ours, page "
    document.core_properties.author = "A. Writer"
    change(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def without_style(name):
    return lambda document: document.styles[name].delete()


def workspace_with(folder, template: bytes | None, settings="word_template: params/own.docx\n"):
    changes = {"params/report.yml": SMALL["params/report.yml"] + settings, "params/own.docx": template}
    return small_workspace(folder, changes)


def test_a_template_gives_styles_page_and_footer_and_none_of_its_words(tmp_path):
    book = read_book(Workspace(workspace_with(tmp_path, own_template(without_style("Report Note")))), MONTH)
    assert "params/own.docx" in book.inputs
    raw = render_docx(with_blocks({"kind": "note", "text": "Our note"}), book.annexes["word"])
    opened = docx.Document(io.BytesIO(raw))
    assert opened.styles["Heading 1"].font.name == "Georgia"
    assert round(opened.sections[0].page_width.mm) == 216
    assert opened.sections[0].footer.paragraphs[0].text == "Ours, page "
    assert opened.core_properties.author == "A council"
    assert "Our note" in part(raw)
    assert "Old words" not in part(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert not [name for name in package.namelist() if "media" in name or "custom" in name]
    assert {name.lower() for name in STYLES} <= {each.name.lower() for each in opened.styles} | {"toc heading"}


def test_a_template_that_was_a_report_does_not_keep_that_reports_footer():
    words = {"kind": "text", "text": "x"}
    earlier = render_docx(with_blocks(words) | {"title": "April", "version": "2.1"})
    footer = docx.Document(io.BytesIO(render_docx(with_blocks(words), earlier))).sections[0].footer
    assert [each.text for each in footer.paragraphs] == ["A report, version 1.0, A council. Page 1 of 1"]


def with_parts(raw: bytes, **parts) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, lambda text: text)(old.read(name)))
    return written.getvalue()


FETCHED = (
    b'<Relationship Id="x1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
    b'Target="https://example.org/a.png" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("made_template", "said"),
    [
        (lambda: None, "params/own.docx is missing. Put it there, or correct word_template in params/report.yml."),
        (lambda: b"PK no zip", "params/own.docx cannot be a template for Word: it is no whole Word document (.docx)."),
        (lambda: own_template(without_style("Caption")), "it lacks the style 'Caption'. Begin with a report.docx of"),
        (
            lambda: with_parts(own_template(), **{
                "word/_rels/document.xml.rels": lambda part: part.replace(b"</Relationships>", FETCHED)
            }),
            "it would fetch 'https://example.org/a.png' when it is opened.",
        ),
        (
            lambda: with_parts(own_template(), **{
                "word/styles.xml": lambda part: part.replace(b"?>", b"?><!DOCTYPE a [<!ENTITY b 'c'>]>", 1)
            }),
            "it is not as Word writes it.",
        ),
        (
            lambda: with_parts(own_template(), **{
                "[Content_Types].xml": lambda part: part.replace(b"document.main+xml", b"template.main+xml")
            }),
            "it is no whole Word document (.docx).",
        ),
    ],
    ids=["missing", "no document", "without a style", "fetches", "entities", "a .dotx renamed"],
)  # fmt: skip
def test_a_template_that_cannot_be_used_is_refused_when_the_month_is_read(tmp_path, made_template, said):
    with pytest.raises(InputError) as refused:
        read_book(Workspace(workspace_with(tmp_path, made_template())), MONTH)
    assert said in str(refused.value)
    assert str(refused.value).startswith("params/own.docx")


@pytest.mark.parametrize("name", ["/etc/own.docx", "params/../own.docx", "params/own.doc", "data/own.docx"])
def test_a_template_is_a_word_document_in_params(tmp_path, name):
    with pytest.raises(InputError, match=r"word_template.*Expected a Word document in params"):
        read_book(Workspace(workspace_with(tmp_path, None, f"word_template: {name}\n")), MONTH)


def test_without_python_docx_it_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr(styles, "find_spec", lambda name: None)
    with pytest.raises(RunError) as refused:
        render_docx(PLAIN)
    assert str(refused.value) == (
        "This installation makes no Word documents: it lacks the package python-docx. Install it with: pip install "
        "'monthly-performance-report[word]'. Or run it without --docx, and without docx in params/report.yml."
    )


def test_every_style_that_a_template_needs_is_one_of_ours():
    assert {name.lower() for name in NEEDED} <= {name.lower() for name in STYLES}


def test_what_is_withheld_is_found_in_word_too_however_its_letters_look(tmp_path):
    def text(words):
        return {"type": "text", "text": words}

    parted = [text("Street li"), {"type": "strong", "children": [text("ghts")]}, text(" lit")]
    path = tmp_path / "report.docx"
    path.write_bytes(render_docx(prose({"type": "paragraph", "children": parted})))
    assert found_in(readings(path), indicator_texts("3.1", "Street lights lit"), [])
    assert not found_in(readings(path), indicator_texts("3.10", "Potholes mended"), [])


def test_an_installation_without_the_annex_says_so(monkeypatch, tmp_path):
    workspace = workspace_with(tmp_path, None, "docx: true\n")
    monkeypatch.setattr(month, "brought", lambda what: {})
    with pytest.raises(RunError, match=r"makes no Word documents: it lacks mpr_lib/word\. Run it without --docx"):
        month.check_month(workspace, MONTH)


@pytest.mark.slow
def test_the_set_holds_it_for_each_edition_and_the_page_offers_it(tmp_path):
    """A real run of a small workspace: its public edition, with a committee's."""
    changes = {"data/indicators.csv": SMALL["data/indicators.csv"].replace(",SAFE,,,,,", ",SAFE,,,,Place,")}
    workspace = small_workspace(tmp_path, changes)
    mark(workspace, {"3.10"})
    published = month.run_month(workspace, MONTH, docx=True, pdf=False, public=True, committees=["Place"])
    forms = ["committees/place/report.docx", "report.docx"]
    assert [name for name in published.files if name.endswith(".docx")] == forms
    assert set(forms) <= set(json.loads((published.folder / "manifest.json").read_text("utf-8"))["files"])
    assert verified(published.folder)[1] == []
    for name in forms:
        told = " ".join(words for _, words in paragraphs((published.folder / name).read_bytes()))
        assert "Street lights lit" in told
        assert "Potholes mended" not in told
        page = (published.folder / name).with_suffix(".html").read_text("utf-8")
        assert '<a href="report.docx">report.docx</a>' in page


def test_the_page_offers_none_where_none_was_asked_for(published):
    assert "report.docx" not in (published / "report.html").read_text("utf-8")
