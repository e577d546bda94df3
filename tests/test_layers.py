"""Imports go one way: rules ← book ← report ← run, with the desk, the archive and new workspaces beside run."""

import ast

import pytest

from mpr_lib.book.workspace import REPOSITORY

BELOW = {
    "rules": set(),
    "book": {"rules"},
    "report": {"rules", "book"},
    "start": {"rules", "book"},
    "intake": {"rules", "book"},
    "open_data": {"rules", "book", "report"},
    "site": {"rules", "book", "report"},
    "desk": {"rules", "book", "report", "run"},
    "run": {"rules", "book", "report", "intake", "site", "start"},
}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (name.split(".")[1] for name in names if name.startswith("mpr_lib."))


@pytest.mark.parametrize("layer", BELOW)
def test_a_layer_imports_only_those_below_it(layer):
    allowed = BELOW[layer] | {layer, "annexes", "columns", "errors", "files"}
    folder = REPOSITORY / "mpr_lib" / layer
    paths = sorted(folder.rglob("*.py"))
    strays = [(path.name, name) for path in paths for name in imported(path) if name not in allowed]
    assert strays == []


def test_every_folder_of_the_library_is_a_layer():
    assert {path.parent.name for path in (REPOSITORY / "mpr_lib").glob("*/__init__.py")} == set(BELOW)
