"""New workspaces: the files of a council that has not reported yet, with examples, or an invented council's.

``blank/`` is what a new council gets. ``fernmouth.yml`` is the invented one, made by ``tools/demo``.
"""

import json
import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import yaml

from mpr_lib.annexes import brought
from mpr_lib.book import tables
from mpr_lib.book.workspace import NOTEBOOKS
from mpr_lib.errors import InputError
from mpr_lib.files import sweep
from mpr_lib.rules.months import FROM_APRIL

HERE = Path(__file__).parent
BEGUN = ".mpr-init-"
IGNORED = {".git", ".gitignore", ".DS_Store"}
"""What a folder may hold and still count as empty: a repository that was just made."""

LAST = "2025-12"
"""The invented council's newest report."""


def make_demo(folder: Path) -> None:
    """Make the invented council's workspace, the same bytes each time; raises ``InputError`` where it cannot be."""
    _write(folder, yaml.safe_load((HERE / "fernmouth.yml").read_text(encoding="utf-8")))


def make_blank(folder: Path, month: str, council: str = "") -> None:
    """Make a workspace to fill in, whose first report is of a month; raises ``InputError`` where it cannot be."""
    found = [each for each in NOTEBOOKS.iterdir() if each.suffix == ".ipynb"]
    notebooks = {f"notebooks/{each.name}": each.read_text(encoding="utf-8") for each in found}
    begun = {name: text for begins in brought("begins").values() for name, text in begins(month).items()}
    files = {**_headings(month), **_template(pd.Period(month, freq="M"), council), **begun}
    _write(folder, {**files, **notebooks})
    (folder / "data" / "commentary" / month).mkdir(parents=True, exist_ok=True)


def _write(folder, files):
    """Write texts by their paths below a new or an empty folder: all of them, or none and no folder either."""
    _refuse_filled(folder)
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder.glob(f"{BEGUN}*"))
        with TemporaryDirectory(prefix=BEGUN, dir=folder) as begun:
            for name, text in files.items():
                path = Path(begun, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())
            for path in Path(begun).iterdir():
                if not (folder / path.name).exists():  # a repository's own .gitignore
                    path.replace(folder / path.name)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
    finally:
        # A folder that was made for nothing is empty, and goes.
        with suppress(OSError):
            for each in new:
                each.rmdir()


def _refuse_filled(folder):
    if folder.is_file():
        raise InputError(f"{folder} is a file. Name a new or an empty folder.")
    names = sorted(path.name for path in folder.glob("*"))
    found = [name for name in names if name not in IGNORED and not name.startswith(BEGUN)]
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise InputError(
            f"{folder} is not empty: it holds {', '.join(found[:3])}{more}. Nothing was written. "
            "Name a new or an empty folder."
        )


def _headings(month):
    names = ("targets", "stated_targets", "judgements", "comparisons", "step_changes")
    columns = {name: getattr(tables, name.upper()) for name in names}
    columns |= {"abbreviations": tables.ABBREVIATIONS, f"returns/{month}": tables.RETURNS}
    columns["indicators"] = [*tables.INDICATORS, *tables.INDICATORS_OPTIONAL]
    return {f"data/{name}.csv": ",".join(headings) + "\n" for name, headings in columns.items()}


def _template(month, council):
    """The files of ``blank``: the month is in their paths, and in their texts the month and the council's name."""
    words = {"MONTH": month, "DATE": f"{month + 1}-10", "NUMBER": month.month, "YEAR": FROM_APRIL.of(month)}
    words["COUNCIL"] = json.dumps(council, ensure_ascii=False)
    found = {}
    for path in sorted(path for path in (HERE / "blank").rglob("*") if path.is_file()):
        name = path.relative_to(HERE / "blank").as_posix().replace("MONTH", str(month))
        text = path.read_text(encoding="utf-8")
        found[name] = re.sub("@([A-Z]+)@", lambda word: str(words[word[1]]), text)
    found[".gitignore"] = found.pop("gitignore")
    return found
