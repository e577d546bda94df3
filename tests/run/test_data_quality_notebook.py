"""The notebook on data quality runs under Papermill, from the repository and from a workspace of one's own."""

import hashlib

import nbformat
import papermill
import pytest
import yaml

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, open_checks, run_checks
from mpr_lib.errors import InputError
from mpr_lib.rules.months import read_month
from tests.helpers import REPOSITORY, needs, small_workspace

NOTEBOOK = REPOSITORY / "notebooks" / "data_quality.ipynb"


def hashes(folder) -> dict[str, str]:
    """What every file of a workspace holds, by its name."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()}


def test_it_is_committed_without_outputs_and_defines_nothing():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert not any("def " in cell.source for cell in code)
    assert [cell.metadata.tags for cell in code if "tags" in cell.metadata] == [["parameters"]]


@pytest.fixture(scope="module")
def executed(tmp_path_factory, workspace_copy):
    """A copy of the workspace, what its files held before the notebook ran there, and the notebook as it ran."""
    folder = tmp_path_factory.mktemp("quality")
    workspace = folder / "workspace"
    workspace_copy(workspace)
    before = hashes(workspace)
    parameters = {"workspace": str(workspace), "month": "2018-05"}
    papermill.execute_notebook(NOTEBOOK, folder / "out.ipynb", parameters=parameters, progress_bar=False, cwd=folder)
    return workspace, before, nbformat.read(folder / "out.ipynb", as_version=4)


def shown(notebook, kind: str) -> list:
    """What the cells show in one form: a MIME type, or ``stream`` for what they print."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    if kind == "stream":
        return [output.text for output in outputs if output.output_type == "stream" and output.name == "stdout"]
    return [output.data[kind] for output in outputs if kind in output.get("data", {})]


@needs("desk")
@pytest.mark.slow
class TestUnderPapermill:
    def test_it_says_in_words_what_its_map_shows(self, executed):
        blocks = [part["blocks"][0] for part in shown(executed[2], "application/vnd.mpr.part+json")]
        assert [block["kind"] for block in blocks] == ["table", "figure", "table", "table"]
        months, drawing, _, warnings = blocks
        assert [row["cells"]["month"]["text"] for row in months["rows"]] == ["April 2018", "May 2018"]
        assert drawing["alt"].startswith("Map of 30 indicators with findings by month, April 2018 to May 2018.")
        assert "<path" in drawing["svg"]
        assert len(warnings["rows"]) == int(months["rows"][1]["cells"]["warning"]["text"])

    def test_it_shows_the_suites_and_what_a_checkpoint_finds(self, executed):
        texts = shown(executed[2], "text/plain")
        (listed,) = [text for text in texts if "('returns', " in text]
        assert all(f"('{batch}', " in listed for batch in {each.batch for each in delivered()})
        of_returns = {each.name for each in delivered() if each.batch == "returns"}
        suite, result = [text for text in texts if "cell_is_readable" in text]
        assert all(name in suite and name in result for name in of_returns)
        assert "A cumulative figure that adds up does not fall within a financial year" in suite
        failing = [line.split()[1:] for line in result.splitlines() if "False" in line]
        assert failing == [["cumulative_does_not_fall", "False", "1"], ["value_is_in_line_with_history", "False", "2"]]

    def test_the_entry_that_it_prints_can_be_pasted_and_finds_what_the_trial_found(self, executed):
        workspace, _, notebook = executed
        (tried,) = [text for text in shown(notebook, "text/plain") if "Proxy" in text]
        assert "CP 4.10" in tried
        assert "data/returns/2018-05.csv" in tried
        (entry,) = [text for text in shown(notebook, "stream") if "proxy_has_its_note" in text]
        assert yaml.safe_load(entry)[0]["batch"] == "returns"
        own = workspace / "params/expectations.yml"
        before = own.read_text(encoding="utf-8")
        own.write_text(before + entry, encoding="utf-8")
        try:
            book = read_book(Workspace(workspace), read_month("2018-05"))
            history = history_of(book)
            found = run_checks(book, scorecard_of(book, history), history).findings
        finally:
            own.write_text(before, encoding="utf-8")
        assert [each.message for each in found if each.expectation == "proxy_has_its_note"] == [
            "data/returns/2018-05.csv row 28, column note (CP 4.10, May 2018): 'Proxy 1.66' has no note. "
            "Expected what it stands in for."
        ]

    def test_it_writes_nothing_into_the_workspace(self, executed):
        workspace, before, _ = executed
        assert hashes(workspace) == before


def test_a_row_condition_that_is_an_object_is_refused_with_how_to_write_it(tmp_path):
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    checks = open_checks(small_workspace(tmp_path / "workspace"))
    tried = gxe.ExpectColumnValuesToBeBetween(column="number", min_value=0, row_condition=Column("unit") == "%")
    assert checks.attempt("returns", tried)[0].success
    with pytest.raises(InputError, match=r"^The row_condition is an object\. Write it as a text for pandas, such as"):
        checks.yaml_of("returns", tried)
