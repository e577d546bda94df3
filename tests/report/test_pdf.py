"""The PDF of a report: accessible, complete, designed, and the same bytes every time."""

import copy
import json
import re
import time
from collections import Counter
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdf
import pytest
from typst import TypstWarning

from mpr_lib.report.exporters import pdf as exporter
from mpr_lib.report.exporters.pdf import MprPDFExporter, render_pdf, with_row_headers
from mpr_lib.report.exporters.pdf_layout import PdfError, for_paper, held, lay_out
from mpr_lib.report.fonts import FAMILY, font_folders
from tests.helpers import needs
from tests.report.pages import document_of

BACK = re.compile(r"Back to CP [\d.]+ in\s+Section 1")
INVISIBLE = re.compile("[\u200b-\u200f\u2066-\u2069\u202a-\u202e]")


def read(name):
    """The seed's report as its parts give it, or the hostile one that is kept as a file."""
    if name == "realistic":
        return copy.deepcopy(made_of_the_seed())
    return json.loads((Path(__file__).parent / "documents" / f"{name}.json").read_text(encoding="utf-8"))


@cache
def made_of_the_seed():
    return document_of(Path(__file__).parents[2])


def with_blocks(*blocks):
    return read("realistic") | {"sections": [{"id": "one", "title": "One", "blocks": list(blocks)}]}


@pytest.fixture(scope="module")
def realistic():
    return render_pdf(read("realistic"))


@pytest.fixture(scope="module")
def hostile():
    return render_pdf(read("hostile"))


@pytest.fixture(scope="module")
def opened(realistic):
    """The realistic report's file, kept open: its elements are gone once it is closed."""
    with pikepdf.open(BytesIO(realistic)) as pdf:
        yield pdf


@cache
def page_texts(pdf):
    return [INVISIBLE.sub("", page.extract_text()) for page in pypdf.PdfReader(BytesIO(pdf)).pages]


def squeezed(text):
    """Text without any white space, for lines break where they like."""
    return re.sub(r"\s", "", INVISIBLE.sub("", text))


def elements(pdf):
    """Every structure element with the names of those above it."""
    found = []

    def walk(node, above):
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid, above)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append((str(node.S), node, above))
            walk(node.get("/K"), (*above, str(node.S)))

    walk(pdf.Root.StructTreeRoot.K, ())
    return found


def scope(cell):
    attributes = cell.get("/A") or []
    attributes = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return next((str(item.Scope) for item in attributes if "/Scope" in item), "")


def outline_titles(pdf):
    with pdf.open_outline() as outline:
        pending, titles = list(outline.root), []
        while pending:
            item = pending.pop(0)
            titles.append(item.title)
            pending = list(item.children) + pending
    return titles


def test_file_says_language_title_and_that_it_is_accessible(opened):
    pdf = opened
    assert str(pdf.Root.Lang) == "en-GB"
    assert str(pdf.docinfo.Title) == "Monthly Performance Report May 2018"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes().decode()


def test_every_picture_has_its_text_alternative(opened):
    figures = [node for name, node, _ in elements(opened) if name == "/Figure"]
    assert len(figures) == json.dumps(read("realistic")).count('"svg"')
    assert all(str(figure.Alt).strip() for figure in figures)


def test_tables_have_captions_and_headers_of_columns_and_rows(opened):
    found = elements(opened)
    names = Counter(name for name, _, _ in found)
    captions = [above for name, _, above in found if name == "/Caption" and above[-1] == "/Table"]
    # A detail page's months stand in two tables side by side, and so do the abbreviations.
    assert names["/Table"] == len(captions) == names["/THead"] == json.dumps(read("realistic")).count('"table"') + 13
    headers = Counter(scope(node) for name, node, _ in found if name == "/TH")
    assert set(headers) == {"/Column", "/Row"}
    for row in (node for name, node, above in found if name == "/TR" and above[-1] == "/TBody"):
        first = row.K[0]
        # What stands below a row, across the table, belongs to the header beside it.
        assert first.S == "/TH" or "/ColSpan" in str(first.A)


def test_headings_begin_at_one_and_skip_no_level(hostile, realistic):
    for pdf in (hostile, realistic):
        levels = [int(name[2]) for name, _, _ in elements(pikepdf.open(BytesIO(pdf))) if re.match(r"/H\d", name)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_bookmarks_lead_to_every_indicator(opened):
    titles = outline_titles(opened)
    tables = [block for block in blocks_of(read("realistic")) if block["kind"] == "table" and block["id"] != "glance"]
    rows = [row for block in tables for row in block["rows"] if "code" in row]
    assert len(rows) >= 50
    for row in rows:
        name = row["cells"].get("name", {}).get("text", "")
        assert any(title.startswith(f"{row['code']} {name}".strip()) for title in titles)


def blocks_of(document):
    return [block for section in document["sections"] for block in section["blocks"]]


def test_links_say_their_own_words(opened):
    said = {str(note.Contents) for page in opened.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"}
    assert not [words for words in said if re.match(r"(article|section|page)\b", words, re.I)]
    assert re.search(r"Back to CP 5.4 in Section 1, page \d+", "\n".join(said))


@pytest.mark.parametrize("name", ["hostile", "realistic"])
def test_a_public_checker_finds_nothing(name, request, tmp_path):
    pdfua = pytest.importorskip("pdfua", reason="pdfua is needed to check a PDF's structure")
    path = tmp_path / "report.pdf"
    path.write_bytes(request.getfixturevalue(name))
    assert [str(finding) for finding in pdfua.validate(str(path)).findings] == []


def test_what_stands_below_a_row_is_no_header(opened):
    spans = [node for name, node, _ in elements(opened) if name == "/TD" and "/ColSpan" in str(node.get("/A"))]
    comments = [
        row for block in blocks_of(read("realistic")) for row in block.get("rows", []) if "comment" in row["cells"]
    ]
    assert len(spans) >= len(comments) > 18


@needs("finance")
def test_bookmarks_name_every_section_and_detail_page(opened):
    document = read("realistic")
    titles = outline_titles(opened)
    for section in document["sections"]:
        assert section["id"] == "cover" or section["title"] in titles
        for block in section["blocks"]:
            if block["kind"] == "article":
                assert f"{block['code']} {block['title']}" in titles


def test_contents_list_detail_pages_with_outcome_and_page(realistic):
    pages = page_texts(realistic)
    contents = re.sub(r"\s+", " ", pages[1])
    number = next(
        i for i, text in enumerate(pages, start=1) if "CP 5.4 Sickness days per employee" in text and "Back to" in text
    )
    entry = contents[contents.index("CP 5.4") :]
    assert "At risk of missing target" in entry
    assert str(number) in entry


def test_pages_are_counted_and_named(realistic):
    pages = page_texts(realistic)
    for number, text in enumerate(pages[1:], start=2):
        assert f"Page {number} of {len(pages)}" in text
        assert "Monthly Performance Report May 2018" in text
        assert "Version 1.0" in text
    assert "DRAFT" not in "".join(pages)


def test_paper_is_turned_only_for_a_table_that_cannot_do_without(realistic, hostile):
    turned = [is_turned(page) for page in pypdf.PdfReader(BytesIO(realistic)).pages]
    assert not any(turned)
    pages = pypdf.PdfReader(BytesIO(hostile)).pages
    assert [is_turned(page) for page in pages if "More columns than fit" in page.extract_text()] == [True]


def is_turned(page):
    return page.mediabox.width > page.mediabox.height


@pytest.mark.parametrize("council", ["southend", "northmoor", "riverside"])
def test_no_page_but_the_last_is_less_than_a_third_full(council, realistic):
    pdf = (
        realistic
        if council == "southend"
        else render_pdf(document_of(Path("tests/councils") / council, MONTHS[council]))
    )
    assert [number for number, share in enumerate(shares_filled(pdf)[:-1], start=1) if share < 1 / 3] == []


MONTHS = {"northmoor": "2024-10", "riverside": "2024-07"}


def shares_filled(pdf):
    """How far down each page's text or drawings reach, as a share of the room between header and footer."""
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is needed to see where words stand")
    found = []
    for page in pdfium.PdfDocument(pdf):
        height, room = page.get_size()[1], page.get_size()[1] - 2 * 57
        lowest = [bottom for _, bottom, *_ in (each.get_bounds() for each in page.get_objects()) if bottom > 57]
        found.append((height - 57 - min(lowest, default=height - 57)) / room)
    return found


def test_a_chart_gives_up_to_a_third_of_its_height_so_that_its_page_is_one():
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is needed to see where words stand")
    drawn = ('<svg xmlns="http://www.w3.org/2000/svg" width="340" height="204"><text y="20">Topmost</text>'
             '<text y="200">Lowest</text></svg>')  # fmt: skip
    about = {"kind": "article", "title": "Named", "outcome": "AT_RISK", "outcome_label": "At risk", "level": 3}
    facts = [{"term": "Managed by", "cell": {"text": "An officer"}}]
    beside = [{"kind": "figure", "role": "trend", "svg": drawn, "alt": "A chart.", "caption": "Months overlap."},
              {"kind": "facts", "size": "line", "items": facts}]  # fmt: skip

    def set_with(lines):
        """How many pages the second of two such articles takes, and how tall its chart is."""
        said = [{"kind": "text", "text": "A line."}] * lines
        articles = [about | {"id": code, "code": code, "children": [*beside, *said]} for code in ("a-1", "a-2")]
        pages = [page.get_textpage() for page in pdfium.PdfDocument(render_pdf(with_blocks(*articles)))]
        first = [number for number, page in enumerate(pages) if "Topmost" in page.get_text_range()][1]
        places = (pages[first].search(word).get_next()[0] for word in ("Topmost", "Lowest"))
        top, foot = map(pages[first].get_charbox, places)
        return len(pages) - first, round(top[3] - foot[3])

    (whole, tall), *gave, (pages, long) = [set_with(lines) for lines in (28, 30, 32, 34)]
    assert (whole, pages) == (1, 2)
    assert long == tall
    assert all(pages == 1 and tall * 2 / 3 <= height < tall for pages, height in gave)


def test_pages_that_do_not_come_to_rest_are_set_with_articles_measured(monkeypatch, realistic):
    plain, asked = exporter._set, []

    def restless(inputs, generated):
        made, warnings = plain(inputs, generated)
        asked.append("measured" in inputs)
        return made, warnings if asked[-1] else [TypstWarning("layout did not converge within 5 attempts")]

    monkeypatch.setattr(exporter, "_set", restless)
    assert page_texts(render_pdf(read("realistic"))) == page_texts(realistic)
    assert asked == [False, True]


def test_the_report_is_short(realistic):
    assert len(page_texts(realistic)) <= 26


def test_each_exception_has_one_page_under_its_aim(realistic):
    pages = [text for text in page_texts(realistic) if BACK.search(text)]
    assert len(pages) == 12
    assert all(len(BACK.findall(text)) == 1 for text in pages)
    articles = [block for section in read("realistic")["sections"] for block in section["blocks"] if "code" in block]
    for article, text in zip(articles, pages, strict=True):
        assert f"{article['code']} {article['title']}"[:60] in re.sub(r"\s+", " ", text)
        assert article["under"] in text
        assert squeezed(article["children"][-1]["children"][0]["caption"]) in squeezed(text)


def test_draft_is_written_on_every_page(hostile):
    assert all("DRAFT" in text for text in page_texts(hostile))


def test_officers_text_is_shown_as_written(hostile):
    shown = squeezed("".join(page_texts(hostile)))
    texts = [block["text"] for block in read("hostile")["sections"][1]["blocks"] if block["kind"] == "text"]
    plain = [text for text in texts if text.isprintable() and "👍" not in text and "عربي" not in text]
    assert len(plain) == 13
    for text in plain:
        assert squeezed(text) in shown
    assert "[thumbsupsign]and[cjkunifiedideograph-4e2d]" in shown
    assert "root:" not in shown


def test_every_word_of_a_row_taller_than_a_page_is_on_the_paper(hostile):
    boxes = word_boxes(hostile)
    words = Counter(word for word, _ in boxes)
    # Once on landscape and once on portrait paper; the commentary in a row and in prose.
    assert all(words[f"tall{i:04d}"] == 2 for i in range(1500))
    assert all(words[f"word{i:04d}"] == 2 for i in range(640))


@pytest.mark.parametrize("name", ["hostile", "realistic"])
def test_no_text_leaves_the_page(name, request):
    outside = [(word, box) for word, box in word_boxes(request.getfixturevalue(name)) if not inside(box)]
    assert outside == []


def inside(box):
    left, bottom, right, top, width, height = box
    margin = 22  # points, so that nothing touches the paper's edge
    return left >= margin and right <= width - margin and bottom >= margin and top <= height - margin


@cache
def word_boxes(pdf):
    """Every word with left, bottom, right, top and its page's width and height, the draft mark aside."""
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is needed to see where words stand")
    boxes = []
    for page in pdfium.PdfDocument(pdf):
        size = page.get_size()
        text = page.get_textpage()
        characters = text.get_text_range()
        for found in re.finditer(r"\S+", characters):
            corners = [text.get_charbox(i) for i in range(*found.span())]
            if "DRAFT" not in found[0] and corners:
                edges = [f(corner[i] for corner in corners) for i, f in enumerate((min, min, max, max))]
                boxes.append((found[0], (*edges, *size)))
    return boxes


def test_links_lead_to_pages_that_exist_and_others_are_words(realistic, hostile):
    reader = pypdf.PdfReader(BytesIO(realistic))
    links = [a.get_object() for page in reader.pages for a in page.get("/Annots", [])]
    assert sum(link["/Subtype"] == "/Link" for link in links) > 50
    addresses = [link["/A"]["/URI"] for link in links if "/A" in link and "/URI" in link["/A"]]
    assert set(addresses) == {"mailto:timmacgregor@southend.gov.uk", "mailto:LouisaThomas@southend.gov.uk"}
    assert "a page that is not there" in "".join(page_texts(hostile))
    assert b"javascript" not in hostile


def test_same_document_gives_the_same_bytes():
    document = with_blocks({"kind": "text", "text": "The same."})
    first = render_pdf(document)
    assert render_pdf(document) == first
    later = render_pdf(document | {"generated": "2018-06-22T11:59:00"})
    assert later != first


def test_size_and_time(realistic, capsys):
    changed = read("realistic") | {"version": "V9.9"}
    start = time.perf_counter()
    pdf = render_pdf(changed)
    with capsys.disabled():
        print(f"\nrender_pdf: {time.perf_counter() - start:.2f} s, {len(pdf) / 1000:.0f} kB")
    assert len(realistic) < 2_000_000


def test_picture_without_alternative_is_refused():
    figure = {"kind": "figure", "role": "gauge", "svg": "<svg xmlns='http://www.w3.org/2000/svg'/>", "alt": " "}
    document = with_blocks(figure)
    with pytest.raises(PdfError) as refused:
        render_pdf(document)
    assert str(refused.value) == (
        "A gauge in One has no text alternative, so the PDF cannot be made accessible. "
        "Give the figure an `alt` that says what it shows."
    )


def test_picture_that_cannot_be_read_is_refused():
    image = {"type": "image", "src": "https://example.org/a.png", "alt": "a map"}
    with pytest.raises(PdfError) as refused:
        render_pdf(with_blocks({"kind": "prose", "prose": [image]}))
    assert str(refused.value) == (
        "The picture 'a map' cannot be put into the PDF: it is not part of the notebook. "
        "Attach it to its Markdown cell as a PNG or JPEG."
    )


def test_unknown_kind_of_block_is_refused():
    with pytest.raises(PdfError, match="has no way to set a block of kind 'carousel'"):
        render_pdf(with_blocks({"kind": "carousel"}))


def test_missing_font_is_refused(monkeypatch, tmp_path):
    import typst

    empty = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(tmp_path)])
    monkeypatch.setattr("mpr_lib.report.exporters.pdf.fonts", lambda: empty)
    with pytest.raises(PdfError, match=r"unknown font family: source sans pro.*Is the installation complete"):
        render_pdf(with_blocks({"kind": "text", "text": "No font."}))


def test_document_is_not_changed():
    document = read("hostile")
    before = copy.deepcopy(document)
    lay_out(document)
    assert document == before


def test_file_that_is_written_otherwise_is_refused():
    with pytest.raises(PdfError, match="another Typst version"):
        with_row_headers(b"%PDF-1.7\nstartxref\n0\n%%EOF")


def test_only_the_packaged_typeface_and_its_fallback_are_used(opened):
    names = {str(font.BaseFont) for font in opened.objects if is_font(font)}
    assert {re.sub(r"^/[A-Z]{6}\+|-.*", "", name) for name in names} <= {"SourceSansPro", "DejaVuSans"}
    assert FAMILY == "Source Sans Pro"
    assert (font_folders()[0] / "OFL.txt").is_file()


def is_font(item):
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/BaseFont" in item


def test_exporter_knows_its_file_type():
    exporter = MprPDFExporter()
    assert exporter.file_extension == ".pdf"
    assert exporter.output_mimetype == "application/pdf"


def test_the_first_page_takes_sentences_and_the_summary_and_loses_nothing():
    said = [{"kind": "sentence", "text": text} for text in ("The lead.", "Another.")]
    rows = [{"cells": {"name": {"text": f"X {number}"}}} for number in range(40)]
    columns = [{"key": "name", "label": "Name", "kind": "text"}]
    glance = {"kind": "table", "id": "glance", "caption": "Exceptions", "columns": columns, "rows": rows}
    cover = {
        "id": "cover",
        "title": "",
        "blocks": [{"kind": "filter"}, *said, glance, {"kind": "note", "text": "More."}],
    }
    ready = lay_out({"sections": [cover]})
    assert [block.get("text") for block in ready["cover"]] == ["The lead.", "Another.", None]
    assert ready["cover"][2]["caption"] == "Exceptions: the first 14 of 40, which Section 1 lists"
    assert len(ready["cover"][2]["rows"]) == 14
    assert [block["text"] for block in ready["runs"][0]["sections"][0]["blocks"]] == ["More."]


@pytest.mark.parametrize(("settings", "kept", "said"), [
    ({}, ["A 1", "A 2", "A 3"], None),
    ({"details": "at_risk"}, ["A 1", "A 3"], "The pages of 2 of 3 indicators are in this PDF, those at risk."),
    ({"most_details": 1}, ["A 3"], "The pages of 1 of 3 indicators are in this PDF, the furthest from target first."),
    ({"details": "none"}, [], "The pages of 0 of 3 indicators are in this PDF."),
])  # fmt: skip
def test_the_settings_say_which_indicators_have_a_page(settings, kept, said):
    outcomes = {"A 1": "AT_RISK", "A 2": "SOME_SLIPPAGE", "A 3": "AT_RISK"}
    glance = {"kind": "table", "id": "glance", "caption": "", "columns": [], "rows": [{"code": "A 3", "cells": {}}]}
    articles = [
        {"kind": "article", "id": code, "code": code, "outcome": outcome, "children": []}
        for code, outcome in outcomes.items()
    ]
    document = {
        "sections": [{"id": "cover", "blocks": [glance]}, {"id": "detail", "blocks": articles}],
        "pdf": settings,
    }
    shown = held(document)["sections"][1]["blocks"]
    assert [block["code"] for block in shown if block["kind"] == "article"] == kept
    notes = [block["text"] for block in shown if block["kind"] == "note"]
    where = "The report's web page has them all, and the index at the end says where each stands."
    assert notes == ([f"{said} {where}"] if said else [])


def table_of(codes, outcome=lambda number: "ON_COURSE"):
    rows = [
        {"kind": "indicator", "id": f"corporate-{code}", "code": code, "outcome": outcome(number),
         "cells": {"name": {"text": f"Indicator {code}"}}}
        for number, code in enumerate(codes)
    ]  # fmt: skip
    columns = [{"key": "name", "label": "Indicator", "kind": "text"}]
    return {"kind": "table", "id": "corporate-1", "caption": "All", "columns": columns, "rows": rows}


def test_the_index_says_on_which_page_each_stands_and_what_the_web_page_alone_has():
    articles = [
        {"kind": "article", "id": code.lower(), "code": code, "title": f"Indicator {code}", "outcome": "AT_RISK",
         "outcome_label": "At risk", "children": [], "level": 3}
        for code in ("A1", "A2")
    ]  # fmt: skip
    sections = [{"id": "corporate", "title": "All of them", "blocks": [table_of(["A1", "A10", "A2"])]},
                {"id": "detail", "title": "Detail", "blocks": articles}]  # fmt: skip
    ready = lay_out({"sections": sections, "pdf": {"most_details": 1}})
    index = [section for run in ready["runs"] for section in run["sections"]][-1]
    cells = [[row["cells"][key] for key in ("code", "row", "own")] for row in index["blocks"][0]["rows"]]
    assert [(code["text"], own["text"]) for code, _, own in cells] == [
        ("A1", "A1"), ("A2", "report.html"), ("A10", "report.html"),
    ]  # fmt: skip
    assert [row["href"] for _, row, _ in cells] == ["#corporate-A1--0", "#corporate-A2--0", "#corporate-A10--0"]
    assert "index" not in {section["id"] for section in lay_out({"sections": sections})["runs"][0]["sections"]}


def test_tables_have_exceptions_alone_where_the_settings_say_so():
    listed = table_of(["A1", "A2", "A3"], ("AT_RISK", "ON_COURSE", "SOME_SLIPPAGE").__getitem__)
    document = {"sections": [{"id": "corporate", "title": "", "blocks": [listed]}], "pdf": {"tables": "exceptions"}}
    note, table = held(document)["sections"][0]["blocks"]
    assert [row["code"] for row in table["rows"]] == ["A1", "A3"]
    assert note["text"].startswith("The tables of this PDF have the exceptions alone (At risk, Some slippage).")


def test_exceptions_are_not_said_twice_where_tables_have_them_alone():
    """A group of which nothing is left goes too, and so does a table, with its heading."""
    first = {"id": "exceptions", "title": "Section 1: Exceptions", "blocks": [table_of(["A1"], lambda _: "AT_RISK")]}
    whole, part = (table_of(codes, lambda _: "AT_RISK") for codes in (["A1"], ["A1", "A2"]))
    groups = [{"kind": "group", "code": None, "text": text} for text in ("Of A1", "Of A2")]
    part["rows"] = [groups[0], part["rows"][0], groups[1], part["rows"][1]]
    said, *heads = [{"kind": "text", "text": "All of them."}, *({"kind": "heading", "text": text} for text in "AB")]
    blocks = [said, heads[0], {"kind": "text", "text": "Priorities"}, whole, heads[1], part]
    other = {"id": "corporate", "title": "Section 2", "blocks": blocks}
    kept, left = held({"sections": [first, other], "pdf": {"tables": "exceptions"}})["sections"]
    assert kept == first
    note, *others, table = left["blocks"]
    assert others == [said, heads[1]]
    assert [row.get("text", row["code"]) for row in table["rows"]] == ["Of A2", "A2"]
    assert "(At risk, Some slippage), and not again those of Section 1." in note["text"]


@pytest.mark.parametrize(("indicators", "settings", "rows", "pages"), [
    (300, {}, 300, 100),
    (301, {}, 101, 30),
    (301, {"tables": "all"}, 301, 30),
    (301, {"most_details": 101}, 101, 101),
    (301, {"details": "none"}, 101, 0),
])  # fmt: skip
def test_of_more_than_300_indicators_a_pdf_has_the_exceptions_unless_the_settings_say(
    indicators, settings, rows, pages
):
    codes = [f"A{number}" for number in range(indicators)]
    listed = table_of(codes, lambda number: "AT_RISK" if number < 101 else "ON_COURSE")
    articles = [{"kind": "article", "id": code, "code": code, "outcome": "AT_RISK"} for code in codes[:101]]
    sections = [{"id": "corporate", "blocks": [listed]}, {"id": "detail", "blocks": articles}]
    shown = [
        block for section in held({"sections": sections, "pdf": settings})["sections"] for block in section["blocks"]
    ]
    assert [len(block["rows"]) for block in shown if block["kind"] == "table"] == [rows]
    assert sum(block["kind"] == "article" for block in shown) == pages
    kept = [block["text"] for block in shown if block["kind"] == "note"]
    assert len(kept) == (rows < indicators) + (pages < 101)


def test_a_long_table_is_set_as_several_whose_groups_go_on():
    table = table_of([f"A{number}" for number in range(250)])
    table["rows"].insert(90, {"kind": "group", "id": "g", "cells": {"name": {"text": "A group"}}})
    parts = for_paper([table])
    assert [len(part["rows"]) for part in parts] == [100, 100, 53]
    assert [part["rows"][0]["kind"] for part in parts] == ["indicator", "group", "group"]
    assert [part["caption"] for part in parts] == ["All (1 of 3)", "All (2 of 3)", "All (3 of 3)"]
    assert [part["id"] for part in parts] == ["corporate-1", "", ""]
    assert len(for_paper([table_of(["A1"])])) == 1
