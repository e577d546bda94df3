"""Inputs that were there when a month was published and are gone now: refused, unless somebody says why."""

import json
import os
import shutil
from itertools import product
from pathlib import Path

import pytest

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.errors import CriticalFindings, InputError, RunError
from mpr_lib.run.inputs import changed_figures, changed_targets, unwritable, vanished
from mpr_lib.run.month import Published, check_month, run_month
from mpr_lib.run.progress import Stages
from mpr_lib.run.publishing import staged
from mpr_lib.run.writing import write_log
from tests.helpers import SMALL, small_workspace
from tests.run.notebooks import write_notebook

MONTH = "2018-05"
APRIL = {
    "params/2018-04.yml": "month: 2018-04\n",
    "data/returns/2018-03.csv": "indicator_code,month,value,note\n3.1,2018-03,95%,\n",
    "data/comparisons.csv": "indicator_code,month,comparator,value,source\n",
    "data/commentary/2018-05/3-1.md": "Lamps were slow to come.\n",
}


@pytest.fixture
def workspace(tmp_path) -> Path:
    """A workspace of which April and May are published."""
    folder = small_workspace(tmp_path / "workspace", APRIL)
    for month in ("2018-04", MONTH):
        inputs = read_book(Workspace(folder), month).inputs
        (folder / "outputs" / month).mkdir(parents=True)
        (folder / "outputs" / month / "manifest.json").write_text(json.dumps({"inputs": inputs}))
    return folder


def found(workspace: Path, month: str = MONTH, outputs: str = "outputs") -> list[tuple[str, str]]:
    place = Workspace(workspace)
    settings = read_book(place, month).settings
    return [(each.severity, each.file) for each in vanished(place, month, workspace / outputs, settings)]


def withdraw(workspace: Path, path: str) -> None:
    entry = f"withdrawn:\n  - {{path: {path}, reason: Sent twice, role: Head of Policy, date: 2018-06-20}}\n"
    (workspace / "params/report.yml").write_text(SMALL["params/report.yml"] + entry)


def test_nothing_is_found_while_everything_is_there(workspace):
    assert found(workspace) == []


def test_an_earlier_return_that_is_changed_is_told_until_its_own_month_is_made_again(workspace):
    """A file cut off so that what is left reads well, or a figure typed over: what was published came from it."""
    march, april = workspace / "data/returns/2018-03.csv", workspace / "outputs/2018-04/manifest.json"
    march.write_text("indicator_code,month,value,note\n3.1,2018-03,9")
    assert found(workspace) == [("warning", "data/returns/2018-03.csv")]
    said = [each.said for each in check_month(workspace, MONTH).findings if each.file == "data/returns/2018-03.csv"]
    assert said == [
        "data/returns/2018-03.csv has changed since a report was made from it. Expected the rows that it had then. "
        "Put back what is lost; a figure that turned out different belongs into a later return, as a revision."
    ]
    april.write_text(json.dumps({"inputs": read_book(Workspace(workspace), "2018-04").inputs}))
    assert found(workspace) == []
    shutil.rmtree(april.parent)
    assert found(workspace) == [("warning", "data/returns/2018-03.csv")]


def test_the_month_s_own_return_may_change_until_it_is_right(workspace):
    own = workspace / "data/returns/2018-05.csv"
    own.write_text(own.read_text().replace("97%", "96%"))
    assert found(workspace) == []


def test_sources_that_are_noted_later_change_no_return_and_may_not_vanish(workspace):
    sources = workspace / "data/returns/2018-04.sources.csv"
    headings = "indicator_code,month,value,source_file,sha256,sheet,cell,text,imported\n"
    for month in ("2018-04", MONTH):
        sources.write_text(headings)
        inputs = read_book(Workspace(workspace), month).inputs | {"data/returns/2018-04.sources.csv": "as it was"}
        (workspace / "outputs" / month / "manifest.json").write_text(json.dumps({"inputs": inputs}))
    sources.write_text(f"{headings}3.1,2018-04,96%,april.xlsx,ab,April,C2,96%,2018-06-01\n")
    assert found(workspace) == []
    sources.unlink()
    assert found(workspace) == [("critical", "data/returns/2018-04.sources.csv")]


def test_the_public_edition_was_made_from_copies_that_lack_something(workspace):
    shutil.copytree(workspace / "outputs", workspace / "outputs/public", ignore=shutil.ignore_patterns("public"))
    (workspace / "data/returns/2018-03.csv").write_text("indicator_code,month,value,note\n3.1,2018-03,94%,\n")
    assert found(workspace, outputs="outputs/public") == []


@pytest.mark.skipif(os.name != "posix", reason="links need a right of their own elsewhere")
def test_a_published_month_that_is_a_link_to_elsewhere_is_no_set(workspace, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (workspace / "outputs" / MONTH).rename(elsewhere)
    (workspace / "outputs" / MONTH).symlink_to(elsewhere)
    assert found(workspace) == [("warning", f"outputs/{MONTH}/manifest.json")]
    (elsewhere / "manifest.json").unlink()
    assert found(workspace) == [("warning", f"outputs/{MONTH}/manifest.json")]
    (workspace / "outputs" / MONTH).unlink()
    (workspace / "outputs/.months").mkdir()
    shutil.copytree(workspace / "outputs/2018-04", workspace / "outputs/.months/2018-05.x")
    (workspace / "outputs" / MONTH).symlink_to(".months/2018-05.x")
    assert found(workspace) == []


@pytest.mark.parametrize("name", ["data/returns/2018-03.csv", "data/returns/2018-04.csv", "data/comparisons.csv"])
@pytest.mark.parametrize("own", [True, False])
def test_what_every_month_reads_is_missed_by_its_own_set_and_by_the_one_before(workspace, name, own):
    if not own:
        shutil.rmtree(workspace / "outputs" / MONTH)
    (workspace / name).unlink()
    assert found(workspace) == [("critical", name)]
    withdraw(workspace, name)
    assert found(workspace) == [("info", name)]


def test_a_comment_is_missed_by_its_own_month_alone(workspace):
    comment = workspace / "data/commentary/2018-05/3-1.md"
    text = comment.read_text()
    comment.unlink()
    assert found(workspace) == [("critical", "data/commentary/2018-05/3-1.md")]
    (comment.parent / "3-10.md").write_text(text)
    assert found(workspace) == [("warning", "data/commentary/2018-05/3-1.md")]
    (comment.parent / "3-10.md").write_text("Other words.\n")
    assert found(workspace) == [("critical", "data/commentary/2018-05/3-1.md")]


def test_a_later_return_is_no_loss_of_an_earlier_month(workspace):
    (workspace / "data/returns/2018-05.csv").unlink()
    assert found(workspace, "2018-04") == []


def test_without_any_set_it_says_that_nothing_could_be_compared(workspace):
    shutil.rmtree(workspace / "outputs")
    assert found(workspace) == [("info", "outputs")]
    (workspace / "outputs" / MONTH).mkdir(parents=True)
    assert found(workspace) == [("info", "outputs")]


def test_another_edition_is_compared_with_its_own_sets(workspace):
    (workspace / "data/returns/2018-03.csv").unlink()
    assert found(workspace, outputs="outputs/public") == [("info", "public")]


def test_a_check_says_it_and_a_run_is_refused(workspace):
    (workspace / "data/returns/2018-03.csv").unlink()
    said = [each.said for each in check_month(workspace, MONTH).critical]
    assert said == [
        "data/returns/2018-03.csv was there when the report was published, and is gone. Expected it, or why it was "
        "withdrawn. Put it back, or list it under 'withdrawn' in params/report.yml with path, reason, role and date."
    ]
    notebook = workspace / "notebooks/monthly_report.ipynb"
    write_notebook(notebook, "# Report", parameters='workspace = ".."\nmonth = ""\nquality_file = ""\ngenerated = ""')
    before = (workspace / "outputs" / MONTH / "manifest.json").read_bytes()
    with pytest.raises(CriticalFindings, match=r"2018-03\.csv was there when the report was published, and is gone"):
        run_month(workspace, MONTH, pdf=False)
    assert (workspace / "outputs" / MONTH / "manifest.json").read_bytes() == before


def test_a_check_looks_at_the_notebook_and_at_where_it_is_to_be_published(workspace):
    notebook = workspace / "notebooks/monthly_report.ipynb"
    notebook.parent.mkdir()
    notebook.mkdir()
    with pytest.raises(InputError, match=r"^notebooks/monthly_report\.ipynb is a folder\. Expected a file"):
        check_month(workspace, MONTH)
    notebook.rmdir()
    notebook.symlink_to("/etc/passwd")
    with pytest.raises(InputError, match=r"^notebooks/monthly_report\.ipynb leads to /etc/passwd, outside"):
        check_month(workspace, MONTH)


def test_a_run_tells_of_a_comment_with_another_name_and_its_set_does_not(workspace):
    """The same inputs give the same bytes, whatever was published before; who runs it reads it, and so does the log."""
    comment = workspace / "data/commentary/2018-05/3-1.md"
    text = comment.read_text()
    comment.unlink()
    (comment.parent / "3-1-x.md").write_text(text)
    place = Workspace(workspace)
    said = [each.said for each in vanished(place, MONTH, place.outputs, read_book(place, MONTH).settings)]
    assert said == [
        "data/commentary/2018-05/3-1.md is gone, and data/commentary/2018-05/3-1-x.md has its words. "
        "Nothing, if that is the indicator which they are about."
    ]
    made = Published(MONTH, workspace / "outputs" / MONTH, (), {}, {}, tuple(said))
    assert made.warnings == said
    log = workspace / "outputs/.log/2018-05.log"
    write_log(log, MONTH, Stages(None), {}, said, [])
    assert f"warning: {said[0]}" in log.read_text().splitlines()


def test_outputs_that_may_not_be_written_to_are_critical(workspace, monkeypatch):
    outputs = workspace / "outputs"
    assert unwritable(outputs) == []
    monkeypatch.setattr(os, "access", lambda path, _: path != outputs)
    assert [(each.severity, each.file) for each in unwritable(outputs)] == [("critical", "outputs")]
    assert [each.expectation for each in check_month(workspace, MONTH).critical] == ["outputs_can_be_written"]


@pytest.mark.skipif(os.name != "posix", reason="links need a right of their own elsewhere")
@pytest.mark.parametrize(
    ("name", "where"),
    [
        *product(["outputs/.months", "outputs/.log"], ["gone", "itself", "", ".."]),
        *product(["outputs"], ["gone", "itself", ""]),
    ],
)
def test_what_stands_where_a_run_writes_is_told_before_it_runs(workspace, name, where):
    """A file, and links that lead nowhere, in a circle or elsewhere; outputs itself may be a link to a folder."""
    place = workspace / name
    if place.is_dir():
        shutil.rmtree(place)
    if where:
        place.symlink_to(place.name if where == "itself" else where)
    else:
        place.write_text("words")
    said = [each.said for each in unwritable(workspace / "outputs")]
    assert len(said) == 1
    assert said[0].startswith(f"{name} is ")
    with pytest.raises(RunError, match=rf"^{name} is "), staged(workspace / "outputs", MONTH):
        pass


def test_a_notebook_of_the_workspace_that_is_gone_is_critical(workspace):
    write_notebook(workspace / "notebooks/monthly_report.ipynb", "1")
    manifest = workspace / "outputs" / MONTH / "manifest.json"
    inputs = json.loads(manifest.read_text())["inputs"] | {"notebooks/monthly_report.ipynb": "0"}
    manifest.write_text(json.dumps({"inputs": inputs}))
    assert found(workspace) == []
    (workspace / "notebooks/monthly_report.ipynb").rename(workspace / "notebooks/Monthly_report.ipynb")
    assert found(workspace) == [("critical", "notebooks/monthly_report.ipynb")]


@pytest.mark.skipif(os.name != "posix", reason="links need a right of their own elsewhere")
def test_outputs_may_lie_elsewhere_where_the_settings_name_them(workspace, tmp_path):
    (workspace / "outputs").rename(tmp_path / "shared")
    (workspace / "outputs").symlink_to(tmp_path / "shared")
    for refused in (check_month, run_month):
        with pytest.raises(InputError, match=r"^outputs leads to .*/shared, outside the workspace"):
            refused(workspace, MONTH)
    with (workspace / "params/report.yml").open("a") as file:
        file.write("shared_folders: [outputs]\n")
    assert check_month(workspace, MONTH).critical == []


@pytest.mark.skipif(os.name != "posix", reason="needs pipes")
def test_a_manifest_that_is_a_pipe_is_named_and_holds_nobody_up(workspace):
    for month in ("2018-04", MONTH):
        manifest = workspace / "outputs" / month / "manifest.json"
        manifest.unlink()
        os.mkfifo(manifest)
    assert found(workspace) == [("warning", f"outputs/{month}/manifest.json") for month in (MONTH, "2018-04")]


def test_a_damaged_manifest_is_named_and_the_set_before_it_asked(workspace):
    (workspace / "data/returns/2018-03.csv").unlink()
    for text in ("", "{", "[]", '{"inputs": 5}'):
        (workspace / "outputs" / MONTH / "manifest.json").write_text(text)
        damaged = ("warning", f"outputs/{MONTH}/manifest.json")
        assert found(workspace) == [damaged, ("critical", "data/returns/2018-03.csv")]
    (workspace / "outputs" / MONTH / "manifest.json").rename(workspace / "outputs" / MONTH / "report.html")
    assert found(workspace) == [damaged, ("critical", "data/returns/2018-03.csv")]


def test_a_table_that_was_cut_off_between_two_rows_is_told(workspace):
    manifest = workspace / "outputs" / MONTH / "manifest.json"
    said = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(said | {"rows": {"data/judgements.csv": 4, "data/targets.csv": 1}}))
    assert found(workspace) == [("warning", "data/judgements.csv")]
    with (workspace / "data/judgements.csv").open("a") as file:
        file.write("3.1,2018-05,,AT_RISK,Agreed,Head,2018-06-01\n" * 4)
    assert found(workspace) == []


COLUMNS = "indicator_code,latest_month,annual_target_low,annual_target_high,annual_target_text,"
COLUMNS += "target_low,target_high,target_text"
TARGETS = SMALL["data/targets.csv"]
APPENDED = TARGETS.replace("amber_high\n", "amber_high,confirmed,reported_from,reason\n") + (
    "3.1,2018,94%,94%,FLAT,,,,,,2018-05,Fewer lamps\n"
)
BACK_DATED = APPENDED.replace("2018-05,Fewer", "2018-04,Fewer")


@pytest.mark.parametrize(
    ("published", "row", "targets", "found"),
    [
        ("2018-05", "3.1,2018-05,95,95,95%,95,95,95%", TARGETS, []),
        ("2018-05", "3.1,2018-05,95,95,95%,95,95,95%", TARGETS.replace("95%", "9.5"), [("warning", "targets", "95%")]),
        ("2018-04", "3.1,2018-04,95,95,95%,95,95,95%", TARGETS.replace("95%", "9.5"), [("critical", "targets", "95%")]),
        ("2018-04", "3.1,2018-04,95,95,95%,95,95,95%", APPENDED, []),
        ("2018-04", "3.1,2018-04,95,95,95%,95,95,95%", BACK_DATED, [("critical", "targets", "95%")]),
        ("2018-05", "3.1,2018-05,95,95,95%,95,95,95%", APPENDED, []),
        ("2018-05", "3.10,2018-05,1200,1200,1200,200,200,200", TARGETS, []),
        ("2018-05", "3.10,2018-05,1200,1200,1200,90,90,90", TARGETS, [("warning", "stated_targets", "90")]),
        ("2018-05", "3.1,2018-03,50,50,50%,50,50,50%", TARGETS, [("warning", "targets", "50%")]),
        ("2018-05", "9.9,2018-05,50,50,50%,50,50,50%", TARGETS, []),
        ("2018-05", "3.1,2018-05,,,,,,", TARGETS, []),
        ("2018-05", "3.1,soon,95,95,95%", TARGETS, []),
    ],
    ids=["as published", "overwritten since the own set", "overwritten since the month before", "appended since then",
         "appended for a report that was out",
         "appended to be issued again", "worked out to date", "a stated one overwritten", "a row taken out",
         "an indicator that has ended", "no target", "a damaged scorecard"],
)  # fmt: skip
def test_a_published_target_stays_on_record(tmp_path, published, row, targets, found):
    stated = SMALL["data/stated_targets.csv"] + "3.10,2018-05,220,\n" * row.startswith("3.10,2018-05,1200,1200,1200,90")
    files = {"data/targets.csv": targets, "data/stated_targets.csv": stated}
    place = Workspace(small_workspace(tmp_path, files | {f"outputs/{published}/scorecard.csv": f"{COLUMNS}\n{row}\n"}))
    said = changed_targets(read_book(place, "2018-05"), place.outputs)
    expected = "data/{0}.csv ({1}): the report of {2} was published with the target {3}, which no row has for it now."
    assert [(each.severity, each.message) for each in said] == [
        (severity, expected.format(file, row.split(",")[0], published, text) + " Expected it to stay.")
        for severity, file, text in found
    ]


@pytest.mark.parametrize(
    ("version", "shown", "found"),
    [
        ("V1.0", {}, ""),
        ("V1.0", {"3.1": "81%"}, "1 figure is not as outputs/2018-05 was published with under the same version, V1.0: "
         "3.1 was 81% (2018-05) and is 97% (2018-05)."),
        ("V1.0", {"3.1": "", "9.9": "7"}, "2 figures are not as outputs/2018-05 was published with under the same "
         "version, V1.0: 3.1 was none and is 97% (2018-05); 9.9 was 7 (2018-05) and is none."),
        ("V0.9", {"3.1": "81%"}, ""),
        ("V1.0", None, ""),
    ],
    ids=["as published", "another figure", "one that is new and one that is gone", "another version", "no scorecard"],
)  # fmt: skip
def test_other_figures_under_a_version_that_was_published_are_told(tmp_path, version, shown, found):
    place = Workspace(small_workspace(tmp_path))
    book = read_book(place, "2018-05")
    card = scorecard_of(book, history_of(book))
    texts = dict(zip(card["indicator_code"], card["value_text"], strict=True)) | (shown or {})
    folder = place.outputs / "2018-05"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"report": {"version": version}}))
    if shown is not None:
        rows = [f"{code},2018-05,{text}\n" for code, text in texts.items()]
        (folder / "scorecard.csv").write_text("indicator_code,latest_month,value_text\n" + "".join(rows))
    said = changed_figures(book, card, place.outputs)
    assert [each.severity for each in said] == ["warning"] * bool(found)
    assert [each.message.partition(" Expected")[0] for each in said] == [found] * bool(found)
