"""The examples of the how-to page, run in a real kernel with the real libraries, and charts of theirs that are refused.

great_tables, plotly and vl-convert are in the lab's environment alone, so this is skipped where that is not made.
"""

import os
import re
import subprocess

import nbformat
import pytest
from nbformat import v4

from mpr_lib.errors import RunError
from mpr_lib.report import blocks
from mpr_lib.report.document import MIME, Part, page_html, read_document, settle
from mpr_lib.report.exporters.pdf import render_pdf
from tests.helpers import lab_python
from tests.report.test_additions import ABOUT, words_of

pytestmark = [pytest.mark.slow, pytest.mark.lab]

RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[1])
"""
PLOTLY = "import plotly.graph_objects as go\nchart = go.Figure(go.Bar(x=['North'], y=[12]))\nchart"
ALTAIR = "import altair as alt, pandas as pd\nalt.Chart(pd.DataFrame({'x': [1]})).mark_bar().encode(x='x')"


@pytest.fixture(scope="module")
def executed(repo, tmp_path_factory):
    """A notebook of the examples and of a chart of each kind, run in the lab's environment."""
    python, folder = lab_python(repo), tmp_path_factory.mktemp("additions")
    found = subprocess.run([python, "-c", "import great_tables, plotly, vl_convert"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip("The lab's environment is of an older lock: remove .venv-lab and set it up again with 'make lab'.")
    examples = re.findall(r"```python\n(.*?)```", (repo / "docs/how-to/add-your-own.md").read_text("utf-8"), re.DOTALL)
    assert len(examples) == 6
    cells = ["from mpr_lib.report.document import show_frames\nshow_frames()", *examples, PLOTLY, ALTAIR]
    path = folder / "n.ipynb"
    nbformat.write(v4.new_notebook(cells=list(map(v4.new_code_cell, cells))), path)
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(repo), "IPYTHONDIR": str(folder), "HOME": str(folder)}
    ended = subprocess.run([python, "-c", RUN, str(path)], env=own, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return nbformat.read(path, 4)


def test_the_examples_of_the_how_to_page_are_published(executed):
    notebook = v4.new_notebook(cells=executed.cells[:-2])
    cover = {MIME: Part("cover", [blocks.text("Cover")], ABOUT).data}
    notebook.cells[0] = v4.new_code_cell("", outputs=[v4.new_output("display_data", cover)])
    notebook.cells.insert(1, v4.new_markdown_cell("## Own"))
    assert len(settle(notebook)) == 1
    document = read_document(notebook)
    shown = document["sections"][1]["blocks"]
    tables = [block for block in shown if block["kind"] == "table"]
    assert [block["caption"] for block in tables] == [
        "Beds by ward", "Occupied share of beds", "Beds, formatted", "Beds at the end of the month",
    ]  # fmt: skip
    assert words_of(tables[0])[2] == ["West", "–", "0.600"]
    assert words_of(tables[2])[0] == ["North", "120", "91%"]
    assert words_of(tables[3]) == [["City"], ["North", "120", "91%"], ["South", "80", "88%"]]
    assert [each["label"] for each in tables[3]["above"][0]] == ["", "In use"]
    alternatives = [node["alt"] for block in shown if block["kind"] == "prose" for node in block["prose"]]
    assert alternatives == [
        "North has 120 beds, South 80.", r"Formula: \mathrm{occupancy} = \frac{\mathrm{occupied}}{\mathrm{beds}}",
    ]  # fmt: skip
    assert "great_tables" not in page_html(document)
    assert render_pdf(document).startswith(b"%PDF")


@pytest.mark.parametrize(("library", "place"), [("plotly", -2), ("altair", -1)])
def test_a_chart_that_moves_is_refused_with_how_to_make_a_still_of_it(executed, library, place):
    with pytest.raises(
        RunError, match=rf"Cell 1 \('import {library}.*\) shows an? {library} chart. Show a still of it, with"
    ):
        settle(v4.new_notebook(cells=[executed.cells[place]]))
