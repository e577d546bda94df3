"""A month's run from end to end, with short notebooks and, except where they are the point, without the checks."""

import gc
import json
import os
import resource
import sys
import threading
import time
from pathlib import Path

import pytest
from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from mpr_lib.book import history_of
from mpr_lib.book.book import scored
from mpr_lib.checks import Finding, Quality
from mpr_lib.errors import CriticalFindings, InputError, ParameterError, RunError
from mpr_lib.run import month as month_module
from mpr_lib.run.month import run_month
from tests.helpers import needs
from tests.run.notebooks import write_notebook

pytestmark = pytest.mark.slow

MONTH = "2018-05"
NAME = "notebooks/monthly_report.ipynb"
OPEN = "from mpr_lib.report import open_report\nreport = open_report(workspace, month, quality_file, generated)"
SHORT = ("# Report", OPEN, "report.cover()", "## Data quality", "report.findings.counts")
PARAMETERS = 'workspace = ".."\nmonth = "2018-05"\nquality_file = ""\ngenerated = ""'


def finding(number: int, severity: str = "critical") -> Finding:
    return Finding(
        "known_code", severity, "validity", f"CP {number}", MONTH, "data/returns/2018-05.csv", number, "value", "x",
        f"data/returns/2018-05.csv row {number}: 'CP {number}' is not known.", "Correct the code.",
    )  # fmt: skip


@pytest.fixture
def findings(monkeypatch) -> list[Finding]:
    """What the checks find; they are quick here."""
    found = []

    def check(book, stages):
        history = history_of(book)
        scorecard, points = scored(book, history)
        return scorecard, history, points, Quality(str(book.month), found, [])

    monkeypatch.setattr(month_module, "_check", check)
    return found


@pytest.fixture
def workspace(tmp_path, workspace_copy) -> Path:
    """A workspace with a short notebook of its own and a set that was published before."""
    folder = workspace_copy(tmp_path / "workspace")
    report(folder, *SHORT)
    return folder


def report(workspace: Path, *cells: str, parameters: str = PARAMETERS) -> None:
    write_notebook(workspace / NAME, *cells, parameters=parameters)


def run(workspace: Path):
    return run_month(workspace, MONTH, pdf=False)


def assert_nothing_published(workspace: Path) -> None:
    assert not os.path.lexists(workspace / "outputs" / MONTH)
    assert list((workspace / "outputs").glob(".months/*/")) == []


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8", errors="replace") for path in folder.iterdir() if path.suffix != ".pdf"}


@needs("open_data")
def test_a_month_is_published_and_explains_itself(workspace, findings):
    findings.append(finding(1, "warning"))
    (workspace / "outputs/.log").mkdir(parents=True)
    (workspace / "outputs/.log/2018-05-failed.log").write_text("of an earlier run")
    made = run(workspace)
    files = (
        "datapackage.json", "manifest.json", "points.csv", "quality.html", "quality.json", "report.html",
        "report.ipynb", "scorecard.csv", "scorecard.xlsx", "values.csv",
    )  # fmt: skip
    assert (made.month, made.files) == (MONTH, files)
    assert made.folder == workspace / "outputs" / MONTH
    assert sorted(path.name for path in made.folder.iterdir()) == list(files)
    assert made.findings == {"critical": 0, "warning": 1, "info": 0}
    assert {"read the data", "execute the notebook", "write the HTML"} <= set(made.seconds)
    assert not (workspace / "outputs/.log/2018-05-failed.log").exists()
    written = json.loads((made.folder / "manifest.json").read_text("utf-8"))
    assert written["parameters"] == {
        "workspace": ".", "month": MONTH, "quality_file": "outputs/2018-05/quality.json",
        "generated": "2018-06-21T11:59:00",
    }  # fmt: skip
    assert written["indicators"] == sum(written["ratings"].values()) == sum(written["expected_outcomes"].values()) == 31
    assert {"data/returns/2018-05.csv", "notebooks/monthly_report.ipynb"} <= set(written["inputs"])
    assert set(written["files"]) == set(files) - {"manifest.json"}


def test_nothing_published_names_the_machine(workspace, findings):
    told = "import sys, pathlib, os, warnings, tempfile"
    seen = "print(sys.prefix, pathlib.Path.cwd(), pathlib.Path.home(), tempfile.gettempdir(), sys.executable)"
    report(workspace, *SHORT, f"{told}\n{seen}\nwarnings.warn(f'look at {{os.getcwd()}}/data')")
    folder = run(workspace).folder
    paths = {str(workspace), str(Path.home()), str(Path(month_module.__file__).parent), sys.prefix}
    for name, text in texts(folder).items():
        assert [path for path in paths if path in text] == [], name
    assert "the notebook warned: " in (log := (workspace / "outputs/.log/2018-05.log").read_text("utf-8"))
    assert "look at ./data" in log
    assert "look at ./data" not in (folder / "report.ipynb").read_text("utf-8")


def test_what_killed_processes_left_is_swept_when_it_is_old(workspace, findings, tmp_path, monkeypatch):
    """A save, a page of Data Docs, a kernel's folder; what may still be written, and what is others', stays."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old = [
        "workspace/data/commentary/2018-05/.cp-5-4.md.0a0a0a0a.part", "workspace/params/.report.yml.0a0a0a0a.part",
        "workspace/outputs/.index.html.0a0a0a0a.part", "workspace/outputs/.data-docs/.2018-05.abc.part/index.html",
        "workspace/outputs/.drafts/2018-05/.cp-5-4.desk.md.0a0a0a0a.part", "mpr-kernel-abc/k.json",
    ]  # fmt: skip
    kept = ["workspace/data/.x.part", "workspace/data/notes.part", "mpr-kernel-new/k.json", "other-abc/k.json"]
    for name in old + kept:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    hours_ago = time.time() - 3 * 3600
    for name in [*old, "workspace/outputs/.data-docs/.2018-05.abc.part", "mpr-kernel-abc"]:
        os.utime(tmp_path / name, (hours_ago, hours_ago))
    run(workspace)
    assert [name for name in old if (tmp_path / name).exists()] == []
    assert [name for name in kept if not (tmp_path / name).exists()] == []


def test_nothing_is_left_of_the_notebook_while_the_pdf_is_set(workspace, findings, monkeypatch):
    """Typst takes most of what a large report's run does, and the notebook's texts the most of the rest."""
    written, left = threading.Event(), []

    def outputs():
        return sum(isinstance(each, NotebookNode) and "output_type" in each for each in gc.get_objects())

    def render(document):
        assert written.wait(60)
        left.append(outputs())
        return b""

    before = outputs()
    monkeypatch.setattr("mpr_lib.report.exporters.pdf.render_pdf", render)
    told = {"write the notebook": written.set}
    made = run_month(workspace, MONTH, progress=lambda name, seconds: seconds and told.get(name, bool)())
    assert left == [before]
    assert len(json.loads((made.folder / "report.ipynb").read_text("utf-8"))["cells"]) > len(SHORT)


def test_what_is_published_is_what_nbconvert_gives_its_exporters(workspace, findings, monkeypatch):
    given = Exporter.from_notebook_node

    def marked(exporter, notebook, resources=None, **more):
        notebook, resources = given(exporter, notebook, resources, **more)
        notebook.cells[0]["source"] = "By nbconvert."
        return notebook, resources

    monkeypatch.setattr(Exporter, "from_notebook_node", marked)
    published = json.loads((run(workspace).folder / "report.ipynb").read_text("utf-8"))
    assert published["cells"][0]["source"] == ["By nbconvert."]


def test_the_same_inputs_give_the_same_bytes(workspace, findings):
    first = texts(run(workspace).folder)
    second = texts(run(workspace).folder)
    assert [name for name in first if first[name] != second[name]] == []


def test_a_workspace_without_a_notebook_takes_the_packages_own(workspace):
    from mpr_lib.book import Workspace

    (workspace / NAME).unlink()
    assert Workspace(workspace).notebook("monthly_report").is_file()


def test_critical_findings_stop_the_run(workspace, findings):
    run(workspace)
    before = texts(workspace / "outputs" / MONTH)
    findings += [finding(number) for number in range(1, 8)]
    with pytest.raises(CriticalFindings) as refused:
        run(workspace)
    lines = str(refused.value).splitlines()
    assert lines[0] == "The data for 2018-05 has 7 critical findings, so nothing was published."
    assert lines[1:] == [
        "known_code, 7 findings (CP 1, CP 2, CP 3, CP 4, CP 5 and 2 more). The first: data/returns/2018-05.csv row 1: "
        "'CP 1' is not known. Correct the code.",
        "'mpr check 2018-05 --all' lists all findings.",
    ]
    assert texts(workspace / "outputs" / MONTH) == before
    assert list((workspace / "outputs/.months").glob("*.part")) == []
    assert (workspace / "outputs/.log/2018-05-failed.log").read_text("utf-8") == f"{refused.value}\n"


def test_a_cell_that_fails_is_said_and_its_traceback_kept(workspace, findings):
    report(workspace, "# Report", "## Section 3: detail", "1 / 0")
    with pytest.raises(RunError) as failed:
        run(workspace)
    assert str(failed.value) == (
        f"{NAME} failed in cell 4 ('1 / 0'), under the heading 'Section 3: detail': "
        "ZeroDivisionError: division by zero\n"
        "Nothing was published. The traceback is in outputs/.log/2018-05-failed.log."
    )
    assert "ZeroDivisionError" in (workspace / "outputs/.log/2018-05-failed.log").read_text("utf-8")
    assert_nothing_published(workspace)


def test_critical_findings_say_more_than_the_cell_that_they_broke(workspace, findings):
    findings.append(finding(3))
    report(workspace, "1 / 0")
    with pytest.raises(CriticalFindings, match="has 1 critical finding, so nothing was published"):
        run(workspace)


def test_checks_that_break_end_the_notebook_that_waits_for_them(workspace, monkeypatch):
    def check(book, stages):
        time.sleep(1)
        raise InputError("the checks broke.")

    monkeypatch.setattr(month_module, "_check", check)
    report(workspace, "import time\ntime.sleep(60)")
    began = time.monotonic()
    with pytest.raises(InputError, match=r"^the checks broke\.$"):
        run(workspace)
    assert time.monotonic() - began < 20
    assert_nothing_published(workspace)


@pytest.mark.parametrize("cell", ["import time\ntime.sleep(60)", "pass"])
def test_critical_findings_stop_the_kernel_at_once(workspace, findings, monkeypatch, cell, caplog):
    run(workspace)
    before, quick = texts(workspace / "outputs" / MONTH), month_module._check

    def check(book, stages):
        time.sleep(4 if cell == "pass" else 1)
        return quick(book, stages)

    monkeypatch.setattr(month_module, "_check", check)
    findings.append(finding(3))
    report(workspace, cell)
    began = time.monotonic()
    with pytest.raises(CriticalFindings) as refused:
        run(workspace)
    assert time.monotonic() - began < 20
    assert str(refused.value) == (
        "The data for 2018-05 has 1 critical finding, so nothing was published.\n"
        "data/returns/2018-05.csv row 3: 'CP 3' is not known. Correct the code.\n"
        "'mpr check 2018-05 --all' lists all findings."
    )
    assert texts(workspace / "outputs" / MONTH) == before
    assert list((workspace / "outputs/.months").glob("*.part")) == []
    assert caplog.records == []


def test_data_that_change_while_a_month_is_run_stop_it(workspace, findings):
    change = "path = __import__('pathlib').Path('data/targets.csv')\npath.write_bytes(path.read_bytes() + b'\\n')"
    report(workspace, change, *SHORT)
    with pytest.raises(RunError) as refused:
        run(workspace)
    assert str(refused.value) == (
        "the files in data or params were changed while 2018-05 was being run. Nothing was published. "
        "Run it again when nobody is writing to them."
    )
    assert_nothing_published(workspace)


def test_parameters_are_refused_before_the_kernel_starts(workspace, findings, monkeypatch):
    monkeypatch.setattr(month_module, "running_kernel", lambda folder: pytest.fail("the kernel was started"))
    report(workspace, *SHORT, parameters='workspace = "."\nmonth = "2018-05"\nquality_fil = ""\ngenerated = ""')
    with pytest.raises(ParameterError) as refused:
        run(workspace)
    assert str(refused.value) == f"{NAME} has no parameter 'quality_file'. Did you mean 'quality_fil'?"


def test_a_full_disk_leaves_the_published_month(workspace, findings):
    run(workspace)
    before = texts(workspace / "outputs" / MONTH)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, usual[1]))
    try:
        with pytest.raises(RunError) as refused:
            run(workspace)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert str(refused.value) == (
        "the disk is full: File too large. Nothing was published; the 2018-05 report is as it was. "
        "Free some space and run the month again."
    )
    assert texts(workspace / "outputs" / MONTH) == before


def test_a_folder_that_is_no_workspace_is_refused(tmp_path):
    with pytest.raises(InputError, match="is not a workspace: it needs the folders data and params"):
        run(tmp_path)
