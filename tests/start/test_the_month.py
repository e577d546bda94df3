"""docs/how-to/the-month.md, tried literally: every command in order, on a small workspace."""

import re
import shlex
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from mpr_lib.run import cli
from tests.helpers import REPOSITORY, needs, small_workspace

PAGE = REPOSITORY / "docs/how-to/the-month.md"
FIGURES = {"3.1": "97%", "3.10": "310"}
NEXT = {
    "status": ["mpr next 2018-06"],
    "next": ["mpr template 2018-06"],
    "template": ["mpr import 2018-06 FILE… --write"],
    "import": ["mpr import 2018-06 FILE… --write", "mpr check 2018-06 && mpr run 2018-06"],
    "run": ["mpr site"],
}
"""What ``mpr status`` may call the next command after one of the page's."""


def mpr(*words: str):
    return CliRunner().invoke(cli.app, words)


def next_said() -> str:
    return mpr("status", "2018-06").stdout.splitlines()[-1].removeprefix("Next: ")


def filled_in(folder: Path) -> None:
    """What departments send back: their workbooks with a figure in each row."""
    Path("returned").mkdir()
    for path in folder.glob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        rows = list(book.worksheets[0].iter_rows())
        heading = next(row for row in rows if row[0].value == "Indicator code")
        value = [cell.value for cell in heading].index("Value")
        for row in rows[rows.index(heading) + 1 :]:
            if row[0].value in FIGURES:
                row[value].value = FIGURES[row[0].value]
        book.save(Path("returned", path.name))


@pytest.mark.slow
@needs("intake")
@needs("owed")
@needs("site")
def test_every_command_of_the_page_works_and_status_names_the_next(tmp_path, monkeypatch):
    monkeypatch.chdir(small_workspace(tmp_path))
    commands = re.findall(r"^    mpr (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [*dict.fromkeys(words.split()[0] for words in commands)] == [
        "next", "status", "template", "import", "check", "run", "site",
    ]  # fmt: skip
    assert next_said() in NEXT["status"]
    for line in commands:
        words = [each for word in shlex.split(line) for each in (sorted(map(str, Path().glob(word))) or [word])]
        done = mpr(*words)
        expected = 1 if words[0] == "status" and not Path("data/returns/2018-06.csv").exists() else 0
        assert done.exit_code == expected, f"{line}: {done.output}"
        if words[0] == "template":
            filled_in(Path("templates/2018-06"))
        if words[0] in NEXT and words[0] != "status":
            assert next_said() in NEXT[words[0]], line
    assert next_said() == "mpr site"
    assert Path("outputs/2018-06/report.html").is_file()
    assert "2018-06" in Path("outputs/index.html").read_text("utf-8")
    assert not list(Path("outputs").rglob("*return*.xlsx")), "a copy of outputs carries no workbook of an officer's"
