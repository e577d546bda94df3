"""Rows that are only ever added to a table."""

from pathlib import Path

import pytest

from mpr_lib.book import Workspace
from mpr_lib.book.workspace import append_rows
from tests.helpers import small_workspace


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_are_added_at_the_end_as_the_table_is_written(tmp_path, monkeypatch, end):
    """In the order of its own headings, once, wherever the workspace is called from."""
    folder = small_workspace(tmp_path)
    (folder / "data/x.csv").write_bytes(f"b,a{end}1,2".encode())
    monkeypatch.chdir(folder)
    rows = [{"a": "2", "b": "1"}, {"a": 'say "so"', "b": ""}]
    assert append_rows(Workspace(Path()), "data/x.csv", ["a", "b"], rows) == 1
    assert append_rows(Workspace(Path()), "data/x.csv", ["a", "b"], rows) == 0
    assert (folder / "data/x.csv").read_bytes() == f'b,a{end}1,2{end},"say ""so"""{end}'.encode()
    assert append_rows(Workspace(Path()), "data/new.csv", ["a", "b"], rows[:1]) == 1
    assert (folder / "data/new.csv").read_text() == "a,b\n2,1\n"
