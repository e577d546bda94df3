"""A council's own colours, logo, words, symbols and columns, in the page and in the PDF."""

import re

import pytest
from nbformat import v4

from mpr_lib.book import Workspace, read_book
from mpr_lib.book.settings import contrast
from mpr_lib.columns import SHOWN, TABLES
from mpr_lib.errors import InputError
from mpr_lib.report.document import page_html, read_document
from mpr_lib.report.exporters.pdf import render_pdf
from mpr_lib.report.palette import DARK, LIGHT, branded
from mpr_lib.report.report import Report
from tests.helpers import SMALL, small_workspace

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2" width="4" height="2"><path d="M0 0h4v2z"/></svg>'
OURS = """\
brand:
  colour: "#6b1f52"
  logo: {file: params/logo.svg, alt: A sail}
outcomes:
  AT_RISK: {name: Off track, sign: cross}
  ON_COURSE: {name: On track, sign: diamond}
columns:
  exceptions: [code, name, outcome, value, comment]
  corporate: [code, name, target, value, outcome]
"""


def workspace(folder, settings=OURS, logo=LOGO):
    changes = {"params/report.yml": SMALL["params/report.yml"] + settings, "params/logo.svg": logo}
    return small_workspace(folder, {**changes, "data/commentary/2018-05/3-1.md": "All lamps are new.\n"})


def document(folder):
    report = Report(read_book(Workspace(folder), "2018-05"), generated="2018-06-21T12:00:00")
    cells = []
    for title in ("cover", "key", "exceptions", "corporate", "detail"):
        data = getattr(report, title)()._repr_mimebundle_()
        cells += [v4.new_markdown_cell(f"## {title}")] * (title != "cover")
        cells.append(v4.new_code_cell(outputs=[v4.new_output("display_data", data=data)]))
    return read_document(v4.new_notebook(cells=cells))


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return document(workspace(tmp_path_factory.mktemp("ours")))


def refused(tmp_path, settings, **changes):
    with pytest.raises(InputError) as error:
        read_book(Workspace(workspace(tmp_path, settings, **changes)), "2018-05")
    return str(error.value)


def test_the_page_has_the_councils_colour_logo_words_and_symbols(ours):
    html = page_html(ours)
    assert "--brand: #6B1F52;" in html
    assert '<img src="data:image/svg+xml;base64,' in html
    assert 'alt="A sail"' in html
    assert "None of the 2 indicators is an exception." in html
    assert "2 On track." in html
    assert "On course to achieve target" not in html
    assert 'd="M8 .8 15.200 8' in html


def test_the_pdf_has_them_too(ours, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    path = tmp_path / "ours.pdf"
    path.write_bytes(render_pdf(ours))
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    assert "On track" in text
    assert "On course to achieve target" not in text
    assert b"A sail" in path.read_bytes() or "A sail".encode("utf-16-be") in path.read_bytes()


def test_tables_have_the_columns_that_were_asked_for_in_their_order(ours):
    tables = {
        section["id"]: [each for each in section["blocks"] if each["kind"] == "table"] for section in ours["sections"]
    }
    assert [column["key"] for column in tables["corporate"][0]["columns"]] == [
        "code", "name", "target", "value", "outcome"]  # fmt: skip
    assert [column["key"] for column in tables["exceptions"][0]["columns"]] == [
        "code", "name", "outcome", "value", "comment"]  # fmt: skip


def test_the_grid_of_a_table_with_comments_follows_its_columns(ours):
    widths = " ".join(SHOWN[key].width for key in ("code", "outcome", "value"))
    assert f".mpr-commented {{ --columns: {widths}; }}" in page_html(ours)


def test_nothing_changes_where_nothing_is_said(tmp_path):
    plain = document(workspace(tmp_path, ""))
    assert "look" not in plain
    assert "logo" not in plain["sections"][0]["blocks"][0]
    assert "<table style" not in re.sub(r"(<table)[^>]*( style=)", r"\1\2", page_html(plain))
    usual = re.search(r"\.mpr-commented { --columns: ([^;]*);", page_html(plain))[1]
    assert usual == " ".join(SHOWN[key].width for key in TABLES["exceptions"][:-1] if key != "name")


def test_a_logo_is_an_input_of_the_report(tmp_path):
    book = read_book(Workspace(workspace(tmp_path)), "2018-05")
    assert "params/logo.svg" in book.inputs


@pytest.mark.parametrize("colour", ["#6B1F52", "#F5A623", "#FFFF00", "#000000", "#00A0E3"])
def test_what_is_drawn_in_a_councils_colour_can_be_read_in_light_and_dark(colour):
    text = "#FFFFFF" if contrast(colour, "#FFFFFF") >= 4.5 else "#000000"
    light, dark = branded({"colour": colour, "text": text})
    for theme in (light, dark):
        assert contrast(theme["on-brand"], theme["brand"]) >= 4.5
        for ground in ("paper", "wash"):
            assert contrast(theme["link"], theme[ground]) >= 4.5
    assert set(light) == set(LIGHT)
    assert set(dark) == set(DARK)


def test_a_colour_that_its_words_cannot_be_told_from_is_refused_with_one_to_choose(tmp_path):
    said = refused(tmp_path, 'brand: {colour: "#F5A623"}\n')
    assert said.endswith(
        "#FFFFFF on #F5A623 has a contrast of 2.0 to 1, and words need 4.5 to 1. "
        "Choose colour: '#A36907', or text: '#000000'."
    )
    assert contrast("#A36907", "#FFFFFF") >= 4.5


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("brand: {colour: purple}\n", "Expected a colour such as '#5B2A86', in quotes, because # begins a remark."),
        ("brand: {logo: {file: params/logo.svg}}\n", "lacks 'brand.logo.alt'"),
        ("brand: {logo: {file: ../logo.svg, alt: x}}\n", "Expected a file in params, such as params/logo.svg."),
        ("brand: {logo: {file: params/logo.gif, alt: x}}\n", "Expected an .svg or a .png file."),
        ("brand: {logo: {file: params/none.svg, alt: x}}\n", "params/none.svg is missing. Put the logo there"),
        ("brand: {color: '#000000'}\n", "Did you mean 'colour'?"),
        ("outcomes: {AT_RISK: {sign: star}}\n", "The sign star stands for two outcomes."),
        ("outcomes: {AT_RISC: {name: x}}\n", "Did you mean 'AT_RISK'?"),
        ("columns: {corporate: [code, name]}\n", "with code, name, outcome among them: outcome is missing."),
        ("columns: {corporate: [name, code, outcome]}\n", "Expected code first"),
        ("columns: {corporate: [code, name, outcome, name]}\n", "name is there twice."),
        ("columns: {exceptions: [code, comment, name, outcome]}\n", "Expected comment as the last column"),
        ("columns: {corporate: [code, name, outcome, value_text]}\n", "found 'value_text'"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_in_words(tmp_path, settings, words):
    assert words in refused(tmp_path, settings)


@pytest.mark.parametrize(
    ("logo", "words"),
    [
        ("not a picture", "cannot be read as SVG"),
        ("<html/>", "cannot be read as SVG"),
        (
            LOGO.replace("<path", '<image href="https://elsewhere.example/x.png"/><path'),
            "asks for other files or pages",
        ),
        (LOGO + " " * 600_000, "Expected 512 kB or less"),
    ],
)
def test_a_logo_that_is_no_picture_is_refused(tmp_path, logo, words):
    assert words in refused(tmp_path, OURS, logo=logo)


def test_a_png_is_a_logo_too(tmp_path):
    from io import BytesIO

    from PIL import Image

    drawn = BytesIO()
    Image.new("RGB", (20, 10), "#6B1F52").save(drawn, format="PNG")
    folder = workspace(tmp_path, OURS.replace("logo.svg", "logo.png"))
    (folder / "params" / "logo.png").write_bytes(drawn.getvalue())
    shown = document(folder)
    assert 'src="data:image/png;base64,' in page_html(shown)
    assert render_pdf(shown).startswith(b"%PDF")
