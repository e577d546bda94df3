"""The notebook by Papermill's and nbconvert's own commands, from wherever people stand."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mpr_lib.book import enter
from mpr_lib.book.settings import MonthSettings, with_month
from mpr_lib.errors import InputError, MonthTextError
from mpr_lib.report import open_report
from mpr_lib.run.execution import read_parameters
from tests.helpers import REPOSITORY, SMALL, small_workspace

NOTEBOOK = REPOSITORY / "notebooks" / "monthly_report.ipynb"
SHOW = "import os\n[str(report.month), report.month_settings.version, report.month_settings.notes, os.getcwd()]"
JUNE = {
    "params/2018-05.yml": "month: 2018-05\n",
    "params/2018-06.yml": "reporting_month: 2018-06\nversion: Draft\nnotes:\n- From the file.\n",
    "data/returns/2018-06.csv": "indicator_code,month,value,note\n3.1,2018-06,97%,\n3.10,2018-06,300,\n",
    "data/returns/2018-05.csv": SMALL["data/returns/2018-05.csv"],
}
"""The newest figures are June's."""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A small workspace with June, and the report's notebook as far as where it has opened the report."""
    folder = small_workspace(tmp_path / "council", JUNE)
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    last = {**notebook["cells"][2], "id": "shown", "source": SHOW}
    notebook["cells"] = [*notebook["cells"][:3], last]
    (folder / "notebooks").mkdir()
    (folder / "notebooks/short.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def command(*words: str, folder: Path) -> subprocess.CompletedProcess:
    """A command of this environment, run in a folder."""
    program = [str(Path(sys.executable).with_name(words[0])), *words[1:]]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def shown(path: Path) -> list:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return eval("".join(cells[-1]["outputs"][0]["data"]["text/plain"]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stands", "given", "expected"),
    [
        (".", ["-f", "params/2018-06.yml", "-p", "version", "V1.0"], ["2018-06", "V1.0", ["From the file."]]),
        ("notebooks", ["-p", "month", "2018-05", "-y", "notes: []"], ["2018-05", "V1.0", []]),
    ],
)
def test_papermill_makes_the_month_that_it_is_told_from_wherever_it_is_called(place, stands, given, expected):
    notebook = os.path.relpath(place / "notebooks/short.ipynb", place / stands)
    run = command("papermill", notebook, "out.ipynb", *given, folder=place / stands)
    assert (run.returncode, "unknown parameter" in run.stderr) == (0, False), run.stderr
    assert shown(place / stands / "out.ipynb") == [*expected, str(place)]


@pytest.mark.slow
def test_nbconvert_executes_for_the_workspace_that_it_is_called_in(place):
    notebook = json.loads(Path("notebooks/short.ipynb").read_text("utf-8"))
    notebook["cells"][-1]["source"] = "report.cover()"
    elsewhere = small_workspace(place.parent / "other", {"params/report.yml": "{}"})
    (elsewhere / "report.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    words = ["jupyter", "nbconvert", "--execute", "--to", "mpr-html", str(elsewhere / "report.ipynb")]
    run = command(*words, "--output-dir", ".", folder=place)
    assert run.returncode == 0, run.stderr
    assert "June 2018" in Path("report.html").read_text("utf-8")


@pytest.mark.slow
def test_nbconvert_refuses_a_notebook_that_was_not_run_in_one_sentence(place):
    run = command("jupyter", "nbconvert", "--to", "mpr-html", "notebooks/short.ipynb", folder=place)
    said = [line for line in run.stderr.splitlines() if not line.startswith("[NbConvertApp]")]
    assert said == ["The notebook holds no report: run its cells first, report.cover() among them."]
    assert run.returncode == 1
    assert not list(place.rglob("*.html"))


def test_the_notebook_takes_every_key_that_a_months_file_may_have():
    known = read_parameters(json.loads(NOTEBOOK.read_text("utf-8")), NOTEBOOK.name)
    assert {*MonthSettings.model_fields, "reporting_month"} <= {*known}
    assert not any(known.values())


@pytest.mark.parametrize("below", [".", "notebooks", "data/returns"])
def test_the_workspace_is_the_nearest_folder_upwards_and_becomes_the_working_folder(place, monkeypatch, below):
    monkeypatch.chdir(place / below)
    assert enter() == str(place) == str(Path.cwd())
    assert str(open_report().month) == "2018-06"


def test_a_workspace_that_is_said_is_relative_to_where_one_is(place, monkeypatch):
    other = small_workspace(place.parent / "other")
    monkeypatch.chdir(place / "notebooks")
    assert enter("../../other") == str(other)


def test_outside_of_any_workspace_it_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as refused:
        enter()
    expected = f"Neither {tmp_path} nor a folder above it has data and params. Say which one: workspace='DIR'."
    assert str(refused.value) == expected


def test_what_is_said_goes_before_the_file_and_none_leaves_it(place):
    correction = {"version": "V1.1", "date": "2018-07-20", "what": "A figure."}
    told = open_report(month="2018-06", version="V1.1", corrections=[correction], notes=None, finance_next="2018-09")
    settings = told.month_settings
    assert (settings.version, settings.corrections[0].what, settings.notes, settings.finance_next) == (
        "V1.1", "A figure.", ["From the file."], "2018-09",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"month": "2018-05", "reporting_month": "2018-06"},
         "month is 2018-05, and reporting_month, its older name, is 2018-06. Expected one of them."),
        ({"version": "V1.1"}, None),
        ({"finance_next": "soon"},
         "What the notebook was given, 'finance_next': found 'soon'. Cannot read 'soon' as a month. "
         "Expected a month such as 2018-05, May 2018 or May-18."),
        ({"verison": "V1.1"},
         "What the notebook was given has 'verison', which the report does not use. Did you mean 'version'?"),
    ],
)  # fmt: skip
def test_what_is_said_is_held_to_what_a_file_is(place, said, message):
    with pytest.raises((InputError, MonthTextError)) as refused:
        open_report(**said)
    assert str(refused.value) == message or str(refused.value).startswith("What the notebook was given says version")


def test_both_names_of_the_month_may_say_the_same(place):
    assert with_month({"month": "2018-05", "reporting_month": "May 2018", "notes": []}) == {
        "month": "2018-05", "notes": [],
    }  # fmt: skip
    assert str(open_report(month="2018-05", reporting_month="2018-05").month) == "2018-05"
    assert str(open_report(reporting_month="2018-05").month) == "2018-05"
