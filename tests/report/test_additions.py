"""What an analyst's own cells show: tables, drawings and formulas as the report's own, everything else refused."""

import base64
import re
import sys
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from mpr_lib.errors import ParameterError, RunError
from mpr_lib.report import blocks, picture, table
from mpr_lib.report.document import MIME, Part, page_html, read_document, settle, show_frames
from mpr_lib.report.exporters.pdf import render_pdf
from mpr_lib.report.exporters.pdf_layout import svg_size

pytestmark = pytest.mark.core_smoke

ABOUT = {"title": "Report", "lang": "en-GB", "council": "C", "month": "2018-05", "month_label": "May",
         "generated": "2018-06-21T11:59:00", "version": "1", "draft": False, "publisher": "P",
         "data_hash": "0"}  # fmt: skip
BEDS = pd.DataFrame({"Ward": ["North", "South"], "Beds": [12.5, None], "Open": [True, None]})
SPANNED = pd.DataFrame(
    [[1, 2, 3]],
    columns=pd.MultiIndex.from_tuples([("2017", "Q1"), ("2017", "Q2"), ("2018", "Q1")]),
    index=pd.MultiIndex.from_tuples([("North", "Adults")], names=["Ward", "Age"]),
)


def cell(source="frame", metadata=None, **data):
    named = {"text/plain": data.pop("plain", "<X object at 0x7f0011223344>"), **data}
    return v4.new_code_cell(source, outputs=[v4.new_output("display_data", named)], metadata=metadata or {})


def shown(part, source="frame"):
    return cell(source, **{MIME: part.data})


def document(*cells):
    return read_document(v4.new_notebook(cells=[shown(Part("cover", [blocks.text("Cover")], ABOUT)), *cells]))


def own(*cells):
    return [block for section in document(v4.new_markdown_cell("## Own"), *cells)["sections"][1:]
            for block in section["blocks"]]  # fmt: skip


def words_of(block):
    return [[each["text"] for each in row["cells"].values()] for row in block["rows"]]


def one_table(thing, caption="A"):
    (block,) = own(shown(table(thing, caption)))
    return block


@pytest.mark.parametrize(
    ("frame", "labels", "rows"),
    [
        (BEDS, ["Ward", "Beds", "Open"], [["North", "12.5", "Yes"], ["South", "–", "–"]]),
        (pd.DataFrame({"A": [1, 2]}, index=["x", "y"]), ["", "A"], [["x", "1"], ["y", "2"]]),
        (BEDS[1:], ["Ward", "Beds", "Open"], [["South", "–", "–"]]),
        (pd.DataFrame({"Year": [2017, 2018]}), ["Year"], [["2017"], ["2018"]]),
        (pd.DataFrame({"A": [1, 12345]}), ["A"], [["1"], ["12,345"]]),
        (pd.DataFrame({"A": [1.5, 0.125]}), ["A"], [["1.500"], ["0.125"]]),
        (pd.DataFrame({"A": [1.0, 1e-9]}), ["A"], [["1"], ["1e-09"]]),
        (pd.DataFrame({"A": [float("inf"), -0.0]}), ["A"], [["∞"], ["0"]]),
        (pd.DataFrame({"M": pd.PeriodIndex(["2018-05"], freq="M"), "D": pd.to_datetime(["2018-05-01"])}),
         ["M", "D"], [["May 2018", "1 May 2018"]]),
        (pd.DataFrame({"A": ["", "a  b"], "A ": [pd.NA, pd.NaT]}), ["A", "A"], [["–", "–"], ["a b", "–"]]),
        (pd.Series([3], name="Beds", index=pd.Index(["North"], name="Ward")), ["Ward", "Beds"], [["North", "3"]]),
        (pd.DataFrame([[1, 2]], columns=["A", "A"]), ["A", "A"], [["1", "2"]]),
    ],
)  # fmt: skip
def test_a_frame_is_a_table_in_the_reports_words(frame, labels, rows):
    block = one_table(frame)
    assert [column["label"] for column in block["columns"]] == labels
    assert rows is None or words_of(block) == rows


def test_numbers_are_aligned_by_one_rule_and_the_first_column_heads_the_rows():
    block = one_table(pd.DataFrame({"A": [1, 2], "B": ["-£1,200.50", "83%"], "C": ["1", "x"], "D": [None, 1]}))
    assert [column["kind"] for column in block["columns"]] == ["text", "number", "text", "number"]


@pytest.mark.parametrize("thing", [SPANNED, SPANNED.style], ids=["frame", "Styler"])
def test_headings_of_several_levels_span_their_columns(thing):
    block = one_table(thing)
    assert [(each["label"], each["span"]) for each in block["above"][0]] == [("", 2), ("2017", 2), ("2018", 1)]
    assert [each["label"] for each in block["columns"]] == ["Ward", "Age", "2017: Q1", "2017: Q2", "2018: Q1"]
    assert words_of(block) == [["North", "Adults", "1", "2", "3"]]


@pytest.mark.parametrize("styled", [False, True])
def test_the_name_of_the_columns_stands_above_them(styled):
    frame = BEDS.assign(Year=2017).pivot_table(index="Ward", columns="Year", values="Beds")
    block = one_table(frame.style if styled else frame)
    assert [(each["label"], each["span"]) for each in block["above"][0]] == [("", 1), ("Year", 1)]
    assert block["columns"][1]["short"] == "2017"


def test_the_table_is_accessible_on_the_page_and_repeats_its_headings_in_the_pdf():
    made = document(v4.new_markdown_cell("## Own"), shown(table(SPANNED, "Beds by year")))
    found = BeautifulSoup(page_html(made), "html.parser").find("table", id="cell-3-0")
    assert found.caption.get_text() == "Beds by year"
    above, heads = found.thead.find_all("tr")
    assert [(each.get_text(), each["scope"], each["colspan"]) for each in above.find_all("th")] == [
        ("2017", "colgroup", "2"), ("2018", "colgroup", "1"),
    ]  # fmt: skip
    assert [each["scope"] for each in heads.find_all("th")] == ["col"] * 5
    row = found.tbody.tr
    assert row.th["scope"] == "row"
    assert [each["data-label"] for each in row.find_all("td")][1:] == ["2017: Q1", "2017: Q2", "2018: Q1"]
    assert render_pdf(made).count(b"/S/TH/") == 8 + 1  # two levels of headings, and the row's own


def test_a_bare_frame_has_the_caption_of_its_attrs_or_the_heading_just_above():
    bare = Part("", [dict(table(BEDS, "x").blocks[0], caption="")])
    named = Part("", [dict(table(BEDS, "x").blocks[0], caption="From attrs")])
    found = own(v4.new_markdown_cell("### Beds\n\nWords."), shown(named), shown(bare))
    assert [block["caption"] for block in found if block["kind"] == "table"] == ["From attrs", "Beds"]
    with pytest.raises(RunError) as refused:
        own(v4.new_markdown_cell("### Beds"), shown(bare), shown(bare, "# why\nbeds.head()"))
    assert str(refused.value).startswith(
        "Cell 5 ('# why'), under the heading 'Beds', shows a table without a caption. Type frame.attrs['caption'] = '…'"
    )


def test_ids_are_of_the_notebook_before_its_run_and_nothing_is_settled_twice():
    injected = v4.new_code_cell("", metadata={"tags": ["injected-parameters"]})
    notebook = v4.new_notebook(cells=[injected, v4.new_markdown_cell("## A"), cell(**{"text/html": STYLED})])
    assert settle(notebook) == [
        "The table 'Cap' of cell 2 ('frame'), under the heading 'A' is published without its colours."
    ]
    first = str(notebook.cells)
    assert settle(notebook) == []
    assert str(notebook.cells) == first
    assert "cell-2-0" in first
    assert "T_f00d" not in first
    assert "0x7f" not in first


STYLED = (
    "<style>#T_f00d_row0_col0 {color: red}</style><table id=T_f00d><caption>Cap</caption><thead><tr><th>&nbsp;</th>"
    "<th>A</th></tr></thead><tbody>"
    "<tr><th>0</th><td>1<br>2 <a href='javascript:alert(1)'>x</a><script>bad()</script></td>"
    "</tr></tbody></table>"
)


def test_text_of_foreign_html_is_text():
    (block,) = own(cell(**{"text/html": STYLED}))
    assert block["caption"] == "Cap"
    assert words_of(block) == [["1 2 x"]]
    assert "javascript" not in str(block)


def test_titles_groups_spans_and_notes_of_foreign_html_are_kept():
    html = (
        "<table><thead><tr><td colspan=3>Title</td></tr><tr><th rowspan=2>A</th><th colspan=2>S</th></tr>"
        "<tr><th>B</th><th>C</th></tr></thead><tbody><tr><th colspan=3>G</th></tr><tr><td rowspan=2>x</td><td>1</td>"
        "<td>nan</td></tr><tr><td>2</td><td>3</td></tr></tbody><tfoot><tr><td colspan=3>Note</td></tr></tfoot></table>"
    )
    block, note = own(cell(**{"text/html": html}))
    assert block["caption"] == "Title"
    assert [row["kind"] for row in block["rows"]] == ["group", "plain", "plain"]
    assert words_of(block)[1:] == [["x", "1", "–"], ["x", "2", "3"]]
    assert note["text"] == "Note"


WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "0f"}}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (WIDGET, "a widget. Show what it says as a table"),
        ({"application/vnd.plotly.v1+json": {}, "text/html": "<div>"}, "a plotly chart. Show a still of it, with"),
        ({"text/html": "<div id=altair-viz class=vega-embed>"}, "an altair chart. Show a still"),
        ({"text/html": "<b>x</b>", "plain": "<IPython.core.display.HTML object>"}, "an object of type HTML. Show what"),
        ({"plain": "[<matplotlib.lines.Line2D at 0x7f0011223344>]"}, "an object of type Line2D"),
        ({"plain": "<Axes: xlabel='Ward'>"}, "an object of type Axes"),
        ({"image/svg+xml": "<svg/>"}, "a picture without a text alternative"),
        ({"text/html": "<table class=dataframe><tr><th>A</table>"}, "a frame as HTML. Show the rows"),
        ({"text/html": "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td></tr></table>"}, "rows of another width"),
        ({"text/html": "<table></table>"}, "a table without headings"),
        ({"text/html": "<table><tr><td>1</td></tr></table>"}, "a table without headings"),
        ({"text/html": "<table><tr><th>A</th></tr><tr><td><img></td></tr></table>"}, "a table with <img> in a cell"),
        ({"text/html": "<table><tr><th>A</th></tr><tr><td>1</td></tr></table>W"}, "words beside its table ('W')"),
        ({"text/html": "<table><tr><th>A</th></tr></table>"}, "a table of 0 rows"),
        ({"text/latex": r"$\begin{matrix}a\end{matrix}$"}, "which cannot be drawn"),
    ],
)  # fmt: skip
def test_what_has_no_form_on_a_page_is_refused_by_cell_and_name(data, said):
    with pytest.raises(RunError) as refused:
        own(v4.new_markdown_cell("### B"), cell("\n  show(it)\nmore", **data))
    assert str(refused.value).startswith("Cell 4 ('show(it)'), under the heading 'B', shows ")
    assert said in str(refused.value)


def test_a_printed_address_is_refused_and_other_printed_text_is_not():
    def printed(text):
        return v4.new_code_cell("print(x)", outputs=[v4.new_output("stream", name="stdout", text=text)])

    assert own(printed("31 of 0xFF\n"))[0]["prose"][0]["text"] == "31 of 0xFF"
    with pytest.raises(RunError, match=r"Cell 3 \('print\(x\)'\), under the heading 'Own', shows <X at 0x7f00112233>"):
        own(printed("It is <X at 0x7f00112233>\n"))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: table(BEDS, " "), "table() needs a caption"),
        (lambda: table(pd.DataFrame({"A": [object()]}), "x"), "table() was given a table with <object object at 0x"),
        (lambda: table(pd.DataFrame({"A": range(201)}), "x"), "a table of 201 rows and 1 columns. A page has room for"),
        (lambda: table(BEDS[:0], "x"), "a table of 0 rows"),
        (lambda: table("words", "x"), "which is no table"),
        (lambda: picture(SimpleNamespace(to_image=lambda format: 1 / 0), "x"), "cannot make a still of this chart"),
    ],
)
def test_what_cannot_be_shown_says_so_in_the_cell(made, said):
    with pytest.raises(ParameterError, match=re.escape(said)):
        made()


def test_a_picture_is_closed_and_its_bytes_are_the_same_each_time():
    def drawn():
        figure, axes = plt.subplots()
        axes.plot([1, 2])
        return picture(axes, "A line").data, plt.fignum_exists(figure.number)

    (first, open_first), (second, open_second) = drawn(), drawn()
    assert first == second
    assert not open_first
    assert not open_second
    assert "scale(0.015625)" in str(first)


@pytest.mark.parametrize("kind", ["svg+xml", "png"])
def test_pictures_with_an_alternative_are_shown_alike(kind):
    raw = "<svg xmlns='http://www.w3.org/2000/svg'><script>bad()</script></svg>" if kind == "svg+xml" else "iVBO"
    (block,) = own(cell(metadata={"alt": "A dot"}, **{f"image/{kind}": raw}))
    (node,) = block["prose"]
    assert (node["type"], node["alt"]) == ("image", "A dot")
    assert node["src"].startswith(f"data:image/{kind};base64,")
    assert "<script>bad" not in page_html(
        document(v4.new_markdown_cell("## A"), cell(metadata={"alt": "A"}, **{f"image/{kind}": raw}))
    )


def test_formulas_are_drawn_with_their_source_as_alternative_and_prices_stay_prices():
    (block, words) = own(
        v4.new_markdown_cell("$$\n\\frac{a}{b}\n$$\n\nIt costs $5 and $10, `$x_1$`."),
        cell(**{"text/latex": r"$\displaystyle x^{2}$"}),
    )
    picture_of, paragraph = block["prose"]
    assert picture_of["alt"] == r"Formula: \frac{a}{b}"
    assert svg_size(base64.b64decode(picture_of["src"].split(",")[1]).decode())[1] > 10
    assert "$5 and $10" in "".join(each.get("text", "") for each in paragraph["children"])
    assert words["prose"][0]["alt"] == "Formula: x^{2}"
    with pytest.raises(RunError, match=r"Cell 3 \('The mean \$.*shows the formula \$x_1\$ within a line"):
        own(v4.new_markdown_cell("The mean $x_1$ is."))


def test_drawings_and_formulas_are_set_in_the_pdf():
    made = document(v4.new_markdown_cell("## Own\n\n$$x^2$$"), shown(picture(plt.figure(), "Nothing yet")))
    assert render_pdf(made).startswith(b"%PDF")


def test_a_bare_frame_is_shown_as_the_report_will_where_it_has_room(monkeypatch):
    from IPython.core.formatters import DisplayFormatter

    shell = SimpleNamespace(display_formatter=DisplayFormatter())
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: shell)
    show_frames()
    data, _ = shell.display_formatter.format(BEDS)
    assert data[MIME]["blocks"][0]["caption"] == ""
    assert 'class="mpr-table' in data["text/html"]
    large, _ = shell.display_formatter.format(pd.DataFrame({"A": range(500)}))
    assert MIME not in large
    assert "dataframe" in large["text/html"]
