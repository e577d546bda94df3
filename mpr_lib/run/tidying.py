"""Tidying: what an executed notebook carries of the machine it ran on, taken out before anything is published."""

import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def tidy(notebook: "NotebookNode", roots: list[Path], parameters: dict) -> list[str]:
    """Take paths, times and warnings out of an executed notebook, in place; return the warnings, for the log.

    ``roots`` are the workspace's folders, ``parameters`` those to show as injected. What stays is the same for every
    run of the same inputs.
    """
    places = _places(roots)
    warnings = []
    notebook.metadata["papermill"] = {"parameters": parameters, "version": _papermill_version()}
    notebook.metadata["kernelspec"] = KERNELSPEC
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
            cell["source"] = "# Parameters\n" + "\n".join(f"{key} = {value!r}" for key, value in parameters.items())
        if cell.cell_type == "code":
            warnings += [_without(output.text, places) for output in cell.outputs if _is_warning(output)]
            cell["outputs"] = [_without(output, places) for output in cell.outputs if not _is_warning(output)]
    return warnings


def _is_warning(output) -> bool:
    return output.output_type == "stream" and output.name == "stderr"


def _papermill_version() -> str:
    from importlib.metadata import version

    return version("papermill")


def _places(roots: list[Path]) -> list[tuple[re.Pattern, str]]:
    """Folders of this machine and what stands for each, the longest first so that none hides another."""
    known = {
        **{str(root.resolve()): "." for root in roots}, str(Path(__file__).parents[2]): ".", sys.prefix: "<python>",
        sys.base_prefix: "<python>", tempfile.gettempdir(): "<temporary>", str(Path.home()): "~",
    }  # fmt: skip
    longest_first = sorted((path for path in known if len(path) > 1), key=len, reverse=True)
    return [(re.compile(re.escape(path) + r"(?![\w.-])"), known[path]) for path in longest_first]


def _without(value, places):
    """A value as it was, with every path of this machine in its texts replaced."""
    if isinstance(value, str):
        for path, name in places:
            value = path.sub(lambda _, name=name: name, value)
        return value
    if isinstance(value, dict):
        return type(value)({key: _without(item, places) for key, item in value.items()})
    return [_without(item, places) for item in value] if isinstance(value, list) else value
