"""The notebook on data quality runs under Papermill, from the repository and from a workspace of one's own."""

import nbformat
import papermill
import pytest

from tests.helpers import REPOSITORY, needs

NOTEBOOK = REPOSITORY / "notebooks" / "data_quality.ipynb"


def test_it_is_committed_without_outputs_and_defines_nothing():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert not any("def " in cell.source for cell in code)
    assert [cell.metadata.tags for cell in code if "tags" in cell.metadata] == [["parameters"]]


@needs("desk")
@pytest.mark.slow
def test_it_runs_under_papermill_and_says_in_words_what_its_map_shows(tmp_path):
    out = tmp_path / "out.ipynb"
    parameters = {"workspace": str(REPOSITORY), "month": "2018-05"}
    papermill.execute_notebook(NOTEBOOK, out, parameters=parameters, progress_bar=False, cwd=REPOSITORY / "notebooks")
    shown = [output.data for cell in nbformat.read(out, as_version=4).cells for output in cell.get("outputs", [])
             if output.output_type == "execute_result"]  # fmt: skip
    blocks = [data["application/vnd.mpr.part+json"]["blocks"][0] for data in shown]
    assert [block["kind"] for block in blocks] == ["table", "figure", "table", "table"]
    months, drawing, _, warnings = blocks
    assert [row["cells"]["month"]["text"] for row in months["rows"]] == ["April 2018", "May 2018"]
    assert drawing["alt"].startswith("Map of 27 indicators with findings by month, April 2018 to May 2018.")
    assert "<path" in drawing["svg"]
    assert len(warnings["rows"]) == int(months["rows"][1]["cells"]["warning"]["text"])
