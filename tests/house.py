"""The house: how many lines and modules each package of the library has; ``python -m tests.house`` writes house.csv.

A line counts that holds code: not a blank one, not a comment, not a docstring.
"""

import ast
import csv
import io
import tokenize
from collections import Counter
from functools import cache
from pathlib import Path

from mpr_lib.annexes import ANNEXES

LIBRARY = Path(__file__).resolve().parents[1] / "mpr_lib"
LEDGER = Path(__file__).with_name("house.csv")
CORE = ("mpr_lib", "rules", "book", "checks", "report", "run")
"""The packages that are always there; the first are the modules beside them, the front door among them."""

_DESCRIBED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_NO_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
}  # fmt: skip


def code_lines(source: str) -> int:
    """How many lines of a module hold code."""
    written = {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in _NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    described = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, _DESCRIBED) and ast.get_docstring(node)
    ]
    texts = (node.body[0] for node in described)
    return len(written - {line for text in texts for line in range(text.lineno, text.end_lineno + 1)})


def package_of(path: Path) -> str:
    """The package of the library that a module belongs to; ``mpr_lib`` for those that stand alone."""
    parts = path.relative_to(LIBRARY).parts
    return parts[0] if len(parts) > 1 else "mpr_lib"


@cache
def counted() -> dict[str, tuple[int, int]]:
    """Lines and modules (without ``__init__``) of each package, of the core, and of everything."""
    lines, modules = Counter(), Counter()
    for path in LIBRARY.rglob("*.py"):
        for name in (package_of(path), "everything", *(["core"] if package_of(path) in CORE else [])):
            lines[name] += code_lines(path.read_text(encoding="utf-8"))
            modules[name] += path.name != "__init__.py"
    return {name: (lines[name], modules[name]) for name in (*CORE, "core", *ANNEXES, "everything")}


def ledger() -> dict[str, dict[str, str]]:
    """The rows of house.csv, by package."""
    with LEDGER.open(encoding="utf-8", newline="") as file:
        return {row["package"]: row for row in csv.DictReader(file)}


if __name__ == "__main__":
    reasons = {name: row["why"] for name, row in ledger().items()} if LEDGER.exists() else {}
    with LEDGER.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["package", "lines", "modules", "why"])
        writer.writerows([name, *found, reasons.get(name, "")] for name, found in counted().items())
