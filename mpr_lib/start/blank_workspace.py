"""Blank workspace: the files of a council that has not reported yet, with examples of how to fill them in."""

import json
from pathlib import Path

import pandas as pd

from mpr_lib.book import tables
from mpr_lib.book.tables import COLUMNS as ABBREVIATIONS
from mpr_lib.book.workspace import REPOSITORY
from mpr_lib.rules.codes import slug
from mpr_lib.rules.months import financial_year
from mpr_lib.start.folders import refuse_filled, write_files

TEMPLATE = Path(__file__).parent / "blank"
NOTEBOOK = "notebooks/monthly_report.ipynb"


def make_blank(folder: Path, month: pd.Period, council: str = "") -> None:
    """Make a workspace to fill in, whose first report is of a month; raises ``InputError`` where it cannot be."""
    refuse_filled(folder)
    write_files(folder, {**_headings(month), **_template(month, council), NOTEBOOK: notebook_for(month)})
    (folder / "data" / "commentary" / str(month)).mkdir(parents=True, exist_ok=True)


def notebook_for(month: pd.Period) -> str:
    """The report's notebook with a month as what it shows when it is opened."""
    notebook = json.loads((REPOSITORY / NOTEBOOK).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            lines = "".join(cell["source"]).split("\n")
            named = [f'month: str = "{month}"' if line.startswith("month:") else line for line in lines]
            cell["source"] = "\n".join(named).splitlines(keepends=True)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _headings(month):
    columns = {
        "indicators": [*tables.INDICATORS, *tables.INDICATORS_OPTIONAL],
        "targets": tables.TARGETS,
        "stated_targets": tables.STATED_TARGETS,
        "judgements": tables.JUDGEMENTS,
        "comparisons": tables.COMPARISONS,
        "abbreviations": ABBREVIATIONS,
        f"returns/{month}": tables.RETURNS,
    }
    return {f"data/{name}.csv": ",".join(headings) + "\n" for name, headings in columns.items()}


def _template(month, council):
    filled = {
        "@MONTH@": str(month),
        "@DATE@": f"{month + 1}-10",
        "@NUMBER@": str(month.month),
        "@YEAR@": str(financial_year(month)),
    }
    found = {}
    for path in sorted(TEMPLATE.rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            found[_named(path, month)] = text if path.suffix == ".md" else _filled(text, filled)
    if council:
        found["params/report.yml"] = found["params/report.yml"].replace(
            'council: ""', f"council: {json.dumps(council, ensure_ascii=False)}"
        )
    return found


def _named(path, month):
    """Where a file of the template goes: those of a month under its name."""
    name = path.relative_to(TEMPLATE).as_posix().replace("MONTH", str(month))
    return {
        "gitignore": ".gitignore",
        "examples/data/commentary/CODE.md": f"examples/data/commentary/{month}/{slug('CP 1.1')}.md",
        "examples/data/finance/revenue.csv": f"examples/data/finance/{month}/revenue.csv",
    }.get(name, name)


def _filled(text, values):
    for name in values:
        text = text.replace(name, values[name])
    return text
