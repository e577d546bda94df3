"""Writing: an executed notebook as the page, the PDF and the notebook that readers open, and the log of its run."""

import json
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

import mpr_lib
from mpr_lib.annexes import brought
from mpr_lib.files import fingerprint, read_whole, write_whole
from mpr_lib.run.progress import Stages, in_background

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def tidy(notebook, roots: list[Path], parameters: dict) -> list[str]:
    """Take paths, times and warnings out of an executed notebook, in place; return the warnings, for the log.

    ``roots`` are the workspace's folders, ``parameters`` those to show as injected. What stays is the same for every
    run of the same inputs.
    """
    nameless, warnings = _nameless(roots), []
    notebook.metadata["papermill"] = {"parameters": parameters, "version": version("papermill")}
    notebook.metadata |= {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
            cell["source"] = "# Parameters\n" + "\n".join(f"{key} = {value!r}" for key, value in parameters.items())
        if cell.cell_type == "code":
            warnings += [nameless(output.text) for output in cell.outputs if _is_warning(output)]
            cell["outputs"] = [output for output in cell.outputs if not _is_warning(output)]
            _leave_out(cell.outputs, nameless)
    return warnings


def _is_warning(output) -> bool:
    return output.output_type == "stream" and output.name == "stderr"


def _nameless(roots: list[Path]) -> Callable[[str], str]:
    """What puts something that stands for it in the place of every folder of this machine in a text."""
    known = {
        **{str(root.resolve()): "." for root in roots}, str(Path(__file__).parents[2]): ".", sys.prefix: "<python>",
        sys.base_prefix: "<python>", tempfile.gettempdir(): "<temporary>", str(Path.home()): "~",
    }  # fmt: skip
    # The longest first, so that none hides another.
    paths = sorted((re.escape(path) for path in known if len(path) > 1), key=len, reverse=True)
    return partial(re.compile(rf"({'|'.join(paths)})(?![\w.-])").sub, lambda found: known[found[0]])


def _leave_out(value, nameless):
    """Replace every path of this machine in the texts of a list or mapping, in place."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, str):
            if (said := nameless(item)) != item:
                value[key] = said
        elif isinstance(item, dict | list):
            _leave_out(item, nameless)


PACKAGES = (
    "great_expectations", "ipykernel", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "seaborn", "typst",
)  # fmt: skip


COPY = "workspace"
"""Where in the set, while it is made, the public edition keeps its copy of the workspace."""


def files_of(folder: Path) -> dict[str, Path]:
    """The files of the set in ``folder`` by their names in it, those of committees' editions included."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_relative_to(folder / COPY)]
    return {path.relative_to(folder).as_posix(): path for path in files}


def manifest(book, scorecard, quality, parameters: dict, edition: str, folder: Path, committees: dict | None = None):
    """Everything that explains the set in ``folder``. The same inputs and versions give the same manifest.

    ``committees`` names the folders of committees' editions by their names.
    """
    own = {"monthly-performance-report": mpr_lib.__version__, "python": platform.python_version()}
    return {
        "reporting_month": str(book.month),
        "edition": edition,
        "report": _report(book, parameters),
        "parameters": parameters,
        "data_hash": book.data_hash,
        "inputs": dict(sorted({**book.inputs, **_own_notebook(book.workspace)}.items())),
        "rows": {name: rows_of(book.workspace, name) for name in sorted(book.inputs) if name.endswith(".csv")},
        "indicators": len(scorecard),
        "expected_outcomes": scorecard["expected_outcome"].value_counts().sort_index().to_dict(),
        "ratings": scorecard["rating"].value_counts().sort_index().to_dict(),
        "findings": quality.counts,
        **({"committees": committees} if committees else {}),
        **{name: said for name, explain in brought("explains").items() if (said := explain(book))},
        "files": {name: fingerprint(path.read_bytes()) for name, path in files_of(folder).items()},
        "versions": own | {package: version(package) for package in PACKAGES},
    }


def rows_of(workspace, name: str) -> int:
    """How many lines a table has that say something: what was cut off between two rows reads well, and has fewer."""
    return sum(bool(line.strip(b", \r\n")) for line in read_whole(workspace.root / name, name).splitlines())


def _own_notebook(workspace):
    """The report's notebook with its fingerprint, where it is the workspace's own: that it is gone is to be noticed."""
    path = workspace.notebook("monthly_report")
    own = path.is_relative_to(workspace.root)
    return {workspace.relative(path): fingerprint(path.read_bytes())} if own else {}


def write_json(value: dict, path: Path) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def _report(book, parameters):
    """What the report calls itself and how it looks, for those who list reports."""
    said = book.settings.model_dump(include={"council", "title", "language", "publisher"})
    looks = book.settings.model_dump(
        include={"brand", "outcomes"}, exclude={"brand": {"logo"}}, exclude_none=True, exclude_defaults=True
    )
    about = {"version": book.month_settings.version, "generated": parameters["generated"]}
    return {name: value for name, value in looks.items() if value} | said | about


def as_exported(notebook):
    """An executed notebook as nbconvert gives it to the exporters; none of its preprocessors would change it.

    It is a copy, and nothing is left of the other, which whoever executed it may still hold.
    """
    # Loaded when needed: nbconvert takes half a second, in which the notebook runs already.
    from nbconvert.exporters import Exporter

    exported, _ = Exporter(default_preprocessors=[]).from_notebook_node(notebook)
    notebook.cells.clear()
    return exported


def write_report(document: dict, folder: Path, stages: Stages, pdf: bool, forms: dict, edition: str = "") -> Future:
    """Write page and other ``forms``, of the whole or an ``edition``; the page offers the forms.

    What is returned waits for the PDF, which Typst sets in a thread: it leaves one processor to the others.
    """
    # Loaded when needed: the kernel starts before.
    from mpr_lib.report.detail_pages import pages_of
    from mpr_lib.report.document import page_html

    def write_pdf():
        from mpr_lib.report.exporters.pdf import render_pdf

        with stages.stage(f"write the PDF{edition}"):
            (folder / "report.pdf").write_bytes(render_pdf(document))

    setting = in_background(write_pdf if pdf else bool)
    with stages.stage(f"write the HTML{edition}"):
        for name, page in pages_of(document | ({"forms": list(forms)} if forms else {})):
            (folder / name).write_text(page_html(page), encoding="utf-8", newline="\n")
    for name, make in forms.items():
        with stages.stage(f"write {name}{edition}"):
            (folder / name).write_bytes(make(document))
    return setting


def write_notebook(notebook, path: Path) -> None:
    """Write a notebook, byte for byte as nbformat does, and let go of each cell that is written: none is left.

    nbformat takes three times as long, and of a large report half a gigabyte: it copies all, and joins millions of
    texts.
    """
    # Loaded when needed, as the rest of Jupyter: the kernel starts before.
    from nbformat import NotebookNode
    from nbformat.v4.rwbase import split_lines, strip_transient

    before, _, after = "".join(_pieces(strip_transient(notebook) | {"cells": [0]})).partition("0")
    cells, notebook.cells = notebook.cells[::-1], []
    with path.open("w", encoding="utf-8", newline="\n") as file:
        while cells:
            file.write(before)
            one = split_lines(NotebookNode(cells=[cells.pop()]))
            file.writelines(_pieces(one.cells[0], "\n  ", 9))
            before = ",\n  "
        file.write(f"{after}\n")


def _pieces(value, margin="\n", deep=0) -> Iterator[str]:
    """The text of a JSON value, of which nothing longer is put together than what is that ``deep`` in it."""
    if not value or not isinstance(value, dict | list):
        yield _JSON(value)
        return
    named, inner = isinstance(value, dict), f"{margin} "
    lead = "[{"[named]
    for key in sorted(value) if named else range(len(value)):
        yield f"{lead}{inner}{f'{_JSON(key)}: ' * named}"
        made = _pieces(value[key], inner, deep - 1)
        yield from made if deep > 0 else ["".join(made)]
        lead = ","
    yield f"{margin}{']}'[named]}"


_JSON = json.JSONEncoder(ensure_ascii=False).encode


def write_log(path: Path, month: str, stages: Stages, counts: dict[str, int], gone, warnings: list[str]) -> None:
    lines = [
        f"mpr {mpr_lib.__version__}, Python {sys.version.split()[0]}: {month}, {datetime.now():%Y-%m-%d %H:%M}",
        *stages.lines(),
        f"{stages.total:6.2f} s  until the set was ready",
        "findings: " + ", ".join(f"{count} {severity}" for severity, count in counts.items()),
        *(f"warning: {line}" for line in gone),
        *(f"the notebook warned: {line}" for text in warnings for line in text.splitlines() if line.strip()),
    ]
    write_whole(path, "\n".join(lines) + "\n")
