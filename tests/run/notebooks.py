"""Small notebooks for tests of the run."""

from pathlib import Path

import nbformat
from nbformat import v4

PARAMETERS = 'workspace = "."\nmonth = "2018-05"\nquality_file: str | None = None\ngenerated: str | None = None'


def write_notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook: its parameters cell, then a Markdown cell for each text that starts with ``#``, else code."""
    first = v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    others = [v4.new_markdown_cell(cell) if cell.startswith("#") else v4.new_code_cell(cell) for cell in cells]
    spec = {"name": "not-installed", "display_name": "Not installed", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(v4.new_notebook(cells=[first, *others], metadata={"kernelspec": spec}), path)
    return path
