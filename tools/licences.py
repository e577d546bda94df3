"""Write docs/licences.md: the licence of every package that a run needs, and of the typeface.

Licences are what the installed packages say of themselves. ``make lock`` reminds of it; a test says when it is stale.
"""

import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "licences.md"
LONGEST = 60
"""A package that puts its licence's whole text into its description is named by its classifier instead."""
HEAD = """# Licences

What a run is made of and under which licence, as each package says itself; `python -m tools.licences` writes this page.
Nothing of it is copied into a report but the typeface's letters. python-docx comes with the extra `word`;
JupyterLab, Dask, what reads stores and what tests need are installed apart.

The typeface in `mpr_lib/report/fonts` is Source Sans Pro, under the SIL Open Font License 1.1, whose text lies beside
it and in the wheel.

| package | version | licence |
|---|---|---|
"""


def needed(names: list[str]) -> dict[str, str]:
    """Version and licence, a table's cells, of the packages and of all that they need here, by name."""
    found: dict[str, str] = {}
    waiting = [Requirement(name) for name in names]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        applies = wanted.marker is None or any(wanted.marker.evaluate({"extra": each}) for each in ("", *wanted.extras))
        if name in found or not applies:
            continue
        package = distribution(name)
        found[name] = f"{package.version} | {licence_of(package.metadata)}"
        waiting += [Requirement(each) for each in package.requires or [] if "extra ==" not in each]
    return dict(sorted(found.items()))


def licence_of(metadata) -> str:
    """What a package says of its licence: an SPDX expression, or in the words that it has."""
    said = metadata.get("License-Expression") or metadata.get("License") or ""
    classified = [each.split(" :: ")[-1] for each in metadata.get_all("Classifier", []) if "License ::" in each]
    short = " ".join(said.split())
    return short if short and len(short) <= LONGEST else ", ".join(classified) or "not said"


def page() -> str:
    """The page as the installed packages make it."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows = [
        f"| {name} | {cells} |"
        for name, cells in needed([*project["dependencies"], *project["optional-dependencies"]["word"]]).items()
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"Written {PAGE.relative_to(REPOSITORY)}\n")
