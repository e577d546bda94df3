"""Imports go one way: rules ← book ← report ← run, with the annexes beside them."""

import ast

import pytest

from mpr_lib.annexes import ANNEXES
from tests.helpers import REPOSITORY

BELOW = {
    "rules": set(),
    "book": {"rules", "finance", "checks"},
    "checks": {"rules", "book", "finance", "owed"},
    "report": {"checks", "rules", "book", "finance"},
    "start": {"rules", "book", "run"},
    "open_data": {"rules", "book", "report"},
    "site": {"rules", "book", "report", "run"},
    "desk": {"checks", "rules", "book", "report", "run"},
    "finance": {"checks", "rules", "book", "report"},
    "owed": {"checks", "rules", "book", "run"},
    "public": {"rules", "book", "run"},
    "notify": {"rules", "book", "run"},
    "run": {"checks", "rules", "book", "report", "start", "public", "notify"},
}
FOR_ALL = {"errors", "files", "words", "columns", "annexes"}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (name.split(".")[1] for name in names if name.startswith("mpr_lib."))


@pytest.mark.parametrize("layer", BELOW)
def test_a_layer_imports_only_those_below_it(layer):
    allowed = BELOW[layer] | {layer} | FOR_ALL
    folder = REPOSITORY / "mpr_lib" / layer
    paths = sorted(folder.rglob("*.py"))
    strays = [(path.name, name) for path in paths for name in imported(path) if name not in allowed]
    assert strays == []


def test_every_folder_of_the_library_is_a_layer_or_an_annex():
    folders = {path.parent.name for path in (REPOSITORY / "mpr_lib").glob("*/__init__.py")}
    assert set(BELOW) <= folders <= set(BELOW) | set(ANNEXES)
