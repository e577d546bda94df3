"""How an executed notebook becomes a document: what is shown, what opens a section, what is refused."""

import pytest
from nbformat import v4

from mpr_lib.errors import RunError
from mpr_lib.report import blocks
from mpr_lib.report.document import MIME, Part, read_document

pytestmark = pytest.mark.core_smoke

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
ABOUT = {"title": "Report May 2018", "lang": "en-GB"}


def shown(data=None, metadata=None, **given):
    output = v4.new_output("display_data", data) if data else v4.new_output(**given)
    return v4.new_code_cell("1 + 1", outputs=[output], metadata=metadata or {})


def part(section, *content, document=None):
    return shown({MIME: Part(section, list(content), document or {}).data, "text/html": "<b>ignored</b>"})


COVER = part("cover", blocks.text("Cover"), document=ABOUT)


def sections_of(*cells):
    document = read_document(v4.new_notebook(cells=[COVER, *cells]))
    return [(section["id"], section["title"], section["blocks"]) for section in document["sections"]][1:]


def test_a_level_2_heading_opens_a_section_that_its_part_names():
    found = sections_of(
        v4.new_markdown_cell("## Data quality\n\nWhat was *found*."), part("quality", blocks.text("Nothing"))
    )
    ((id, title, content),) = found
    assert (id, title) == ("quality", "Data quality")
    assert [block["kind"] for block in content] == ["prose", "text"]


def test_an_analysts_own_section_is_named_by_its_heading():
    ((id, title, content),) = sections_of(v4.new_markdown_cell("## Winter pressures\n\n### Beds\n\nMore."))
    assert (id, title) == ("winter-pressures", "Winter pressures")
    assert [block["kind"] for block in content] == ["heading", "prose"]
    assert content[0]["level"] == 3


def test_a_second_part_opens_a_section_of_its_own():
    found = sections_of(
        v4.new_markdown_cell("## One"), part("finance", blocks.text("a")), part("about", blocks.text("b"))
    )
    assert [(id, title) for id, title, _ in found] == [("finance", "One"), ("about", "About")]


def test_a_heading_without_words_is_not_announced():
    assert sections_of(v4.new_markdown_cell("## \n\n### \n\nOnly this."), v4.new_markdown_cell("## A")) == [
        ("a", "A", [])
    ]


def test_the_notebooks_own_title_speaks_to_its_reader_alone():
    assert sections_of(v4.new_markdown_cell("# Monthly report\n\nRun all cells.")) == []


def test_code_and_parameters_are_never_shown():
    hidden = shown({"text/plain": "secret"}, metadata={"tags": ["injected-parameters"]})
    assert sections_of(hidden, v4.new_code_cell("password = 1")) == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (shown(output_type="stream", name="stdout", text="31 rows\n"), {"type": "code", "text": "31 rows"}),
        (shown({"text/plain": "array([1])"}), {"type": "code", "text": "array([1])"}),
        (shown({"image/png": PNG}, {"alt": "A dot"}),
         {"type": "image", "src": f"data:image/png;base64,{PNG}", "alt": "A dot"}),
    ],
    ids=["printed text", "a value", "a picture with its alternative"],
)  # fmt: skip
def test_an_analysts_own_output_comes_along(cell, expected):
    ((_, _, content),) = sections_of(v4.new_markdown_cell("## Own"), cell)
    assert content == [{"kind": "prose", "prose": [expected]}]


def test_markdown_output_is_read_as_prose():
    ((_, _, content),) = sections_of(
        v4.new_markdown_cell("## Own"), shown({"text/markdown": "**Up** <script>x</script>"})
    )
    assert content[0]["prose"][0]["children"][0]["type"] == "strong"


def test_warnings_on_stderr_are_not_published():
    ((_, _, content),) = sections_of(
        v4.new_markdown_cell("## Own"), shown(output_type="stream", name="stderr", text="/home/me/x.py: deprecated")
    )
    assert content == []


def test_a_failed_cell_is_refused():
    failed = shown(output_type="error", ename="KeyError", evalue="'CP 9'", traceback=["…"])
    with pytest.raises(RunError) as raised:
        read_document(v4.new_notebook(cells=[COVER, failed]))
    assert str(raised.value) == (
        "Cell 2 ('1 + 1') failed: KeyError: 'CP 9'. A report with a failed cell is not converted."
    )


def test_a_picture_without_words_is_refused():
    with pytest.raises(RunError, match=r"Cell 2 \('1 \+ 1'\) shows a picture without a text alternative"):
        read_document(v4.new_notebook(cells=[COVER, shown({"image/png": PNG})]))


def test_a_notebook_that_was_not_run_is_refused():
    with pytest.raises(RunError, match=r"^The notebook holds no report: run its cells first"):
        read_document(v4.new_notebook(cells=[v4.new_markdown_cell("## A"), v4.new_code_cell("report.cover()")]))


def test_the_files_beside_the_report_are_named(repo, tmp_path):
    from mpr_lib.annexes import brought
    from mpr_lib.report import open_report

    report = open_report(str(repo), "2018-05")
    for write in brought("publishes").values():
        write(report.book, report.scorecard, report.history, report.points, "2018-06-21T11:59:00", tmp_path)
    said = next(item["cell"]["text"] for item in report.provenance().blocks[0]["items"] if item["term"] == "Open data")
    assert {path.name for path in tmp_path.iterdir()} <= set(said.replace(" and ", ", ").split(", "))
    assert said.endswith("quality.json and manifest.json are published beside this report")
