"""Data Docs: built on request, beside the reports, and replaced as a whole."""

import pytest
from typer.testing import CliRunner

from mpr_lib.run.cli import app

pytestmark = pytest.mark.slow


def test_pages_are_built_beside_the_reports_and_replaced_whole(tmp_path, workspace_copy, monkeypatch):
    folder = workspace_copy(tmp_path / "council")
    old = folder / "outputs" / ".data-docs" / "2018-05" / "old.html"
    old.parent.mkdir(parents=True)
    old.write_text("old", encoding="utf-8")
    monkeypatch.chdir(folder)
    ran = CliRunner().invoke(app, ["check", "2018-05", "--docs"])
    assert ran.exit_code == 0
    assert ran.output.splitlines()[-1] == "Data Docs, not for sharing: outputs/.data-docs/2018-05/index.html"
    assert [path.name for path in (folder / "outputs").iterdir()] == [".data-docs"]
    assert [path.name for path in old.parent.parent.iterdir()] == ["2018-05"]
    assert not old.exists()
    pages = {path.relative_to(old.parent).parts[1] for path in old.parent.glob("validations/**/*.html")}
    assert {"indicators", "returns", "scorecard", "comments"} <= pages
    (page,) = old.parent.glob("validations/returns/**/*.html")
    assert "moves no further than its indicator" in page.read_text(encoding="utf-8")
