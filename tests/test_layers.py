"""Imports go one way: rules ← book ← checks ← report ← run, annexes beside them; and in no circle."""

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter

import pytest

from mpr_lib.annexes import ANNEXES
from tests.house import CORE, LIBRARY, package_of

BELOW = {
    "rules": set(),
    "book": {"rules"},
    "checks": {"rules", "book"},
    "report": {"rules", "book", "checks"},
    "run": {"rules", "book", "checks", "report"},
}
FOR_ALL = {"mpr_lib"}
"""errors, files, words, columns, annexes and the front door."""

BETWEEN_ANNEXES = {}
"""What an annex needs of others, and why: nothing, so far."""

PATHS = sorted(LIBRARY.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in PATHS}

LOADED_LATE = "Loaded when needed:"
"""How a module says why it imports inside a function: what the import costs, and who goes without."""

ONE_NAME = {
    "commands": "what an annex adds to mpr",
    "checks": "what an annex's own files must hold",
    "charts": "what is drawn, of indicators and of finance",
    "commentary": "officers' comments: as the book keeps them, and as the checks judge them",
    "findings": "what the checks find, and the same shown at the desk",
}
"""Modules of one name in more than one package, and the idea that they share."""


def module_of(path):
    parts = path.relative_to(LIBRARY.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in PATHS}


def imports(path):
    """Every module of ours that a module imports, at its head or inside a function, and the packages they lie in.

    Its own packages are left out: a module does not wait for the door that it stands behind.
    """
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.ImportFrom):
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in MODULES else node.module for name in named]
        else:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            while name in MODULES:
                if name != "mpr_lib" and not f"{module_of(path)}.".startswith(f"{name}."):
                    yield name
                name = name.rpartition(".")[0]


def inside_functions(tree):
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [each for node in functions for each in ast.walk(node) if isinstance(each, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize("package", [*CORE, *ANNEXES])
def test_a_package_imports_only_what_lies_below_it(package):
    allowed = BELOW.get(package, {*CORE, *BETWEEN_ANNEXES.get(package, ())}) | {package, *FOR_ALL}
    paths = [path for path in PATHS if package_of(path) == package]
    strays = {(module_of(path), name) for path in paths for name in imports(path)}
    assert {stray for stray in strays if package_of(MODULES[stray[1]]) not in allowed} == set()


def test_there_is_no_circle_of_imports_not_even_inside_functions():
    try:
        TopologicalSorter({name: set(imports(path)) for name, path in MODULES.items()}).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))


def test_modules_of_one_name_are_one_idea():
    packages = defaultdict(set)
    for path in PATHS:
        packages[path.stem].add(package_of(path))
    shared = {name: sorted(found) for name, found in packages.items() if len(found) > 1 and name != "__init__"}
    assert {name: found for name, found in shared.items() if name not in ONE_NAME} == {}


def test_imports_inside_functions_say_why():
    late = [path for path in PATHS if inside_functions(TREES[path])]
    silent = [module_of(path) for path in late if LOADED_LATE not in path.read_text(encoding="utf-8")]
    assert silent == []


def test_bytes_are_locked_and_told_apart_and_texts_kept_from_being_formulas_in_one_place():
    names = {"filelock", "hashlib", "fcntl", "msvcrt", "quotePrefix"}
    found = {
        (module_of(path), name)
        for path in PATHS
        for node in ast.walk(TREES[path])
        for name in (getattr(node, "module", ""), getattr(node, "attr", ""), getattr(node, "name", ""))
        if name in names
    }
    assert {module for module, _ in found} == {"mpr_lib.files"}
