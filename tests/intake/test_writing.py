"""A return is written whole or not at all, and rows that an import does not touch are kept."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from mpr_lib.book import Workspace, read_book
from mpr_lib.errors import InputError, RunError
from mpr_lib.intake.importing import return_lock, write_return
from tests.intake.workbooks import HEADINGS, JUNE, invented, planned, text_file

ROOT = Path(__file__).resolve().parents[2]
STANDING = (
    "note,month,value,indicator_code\n"
    '"said, by phone",June 2018," 320",A\n'
    ",2018-06,98%,B\n"
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path):
    files = {"returns/2018-06__csv": STANDING}
    return invented(tmp_path / "workspace", {"A": "number", "B": "%", "C": "number"}, **files)


def imported(workspace, *rows):
    path = text_file(workspace.parent / "june.csv", [HEADINGS, *rows])
    return write_return(Workspace(workspace), planned(workspace, path))


def test_rows_are_kept_changed_in_their_place_and_added(workspace):
    path = imported(workspace, ["C", "Jun-18", "1,544", "“about”\nright"], ["B", "Jun-18", "99%", ""])
    assert path.read_bytes().decode() == (
        "indicator_code,month,value,note\n"
        'A,June 2018,320,"said, by phone"\n'
        "B,2018-06,99%,\n"
        'C,2018-06,"1,544","“about”\nright"\n'
    )
    assert [file.name for file in path.parent.glob(".*")] == []


def test_line_ends_of_word_and_old_systems_in_a_note_refuse_no_figure(workspace):
    path = imported(workspace, ["C", "Jun-18", "1,544", "a\vb\fc\x85d\re"])
    assert path.read_bytes().decode().endswith('C,2018-06,"1,544","a\nb\nc\nd\ne"\n')


def test_importing_again_changes_nothing(workspace):
    rows = [["C", "Jun-18", "1,544", ""], ["B", "Jun-18", "99%", ""]]
    path = imported(workspace, *rows)
    before = path.read_bytes(), path.stat().st_mtime_ns
    imported(workspace, *rows)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_the_first_import_makes_the_return(tmp_path):
    workspace = invented(tmp_path / "workspace", {"A": "number"})
    path = imported(workspace, ["A", "May 2018", "5", ""], ["A", "Jun-18", "6", ""])
    assert path.read_text() == "indicator_code,month,value,note\nA,2018-05,5,\nA,2018-06,6,\n"
    (workspace / "params/2018-06.yml").write_text("month: 2018-06\n")
    assert read_book(Workspace(workspace), JUNE).values["value_text"].tolist() == ["5", "6"]


def test_nothing_is_written_where_a_line_is_refused(workspace):
    with pytest.raises(InputError, match=r"^1 lines are refused, so nothing was written\.$"):
        imported(workspace, ["C", "Jun-18", "5S0", ""], ["B", "Jun-18", "99%", ""])
    assert (workspace / "data/returns/2018-06.csv").read_text() == STANDING


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_return_as_it_was(workspace, monkeypatch, step):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", full) if step == "fsync" else (Path, "replace", full)))
    with pytest.raises(RunError) as error:
        imported(workspace, ["B", "Jun-18", "99%", ""])
    assert str(error.value) == (
        "cannot write data/returns/2018-06.sources.csv: No space left on device. It is as it was before."
    )
    assert [file.name for file in sorted((workspace / "data/returns").iterdir())] == [
        "2018-04.csv", "2018-05.csv", "2018-06.csv",
    ]  # fmt: skip
    assert (workspace / "data/returns/2018-06.csv").read_text() == STANDING


def test_a_return_with_faults_is_put_right_by_people_first(workspace):
    path = workspace / "data/returns/2018-06.csv"
    path.write_text(STANDING + ",2018-06,97%,B\n,soon,1,C\n")
    with pytest.raises(InputError) as error:
        imported(workspace, ["C", "Jun-18", "1", ""])
    assert error.value.problems == [
        "data/returns/2018-06.csv row 4: has B for '2018-06' twice. Correct it before importing more.",
        "data/returns/2018-06.csv row 5: has C for 'soon' and that is no month. Correct it before importing more.",
    ]


def test_another_import_is_waited_for(workspace):
    place = Workspace(workspace)
    with return_lock(place, JUNE):
        pass
    held = FileLock(place.outputs / ".imports" / "2018-06.lock")
    with held, pytest.raises(RunError) as error, return_lock(place, JUNE, patience=0.1):
        pass
    assert str(error.value) == (
        "somebody else is importing into the return for 2018-06, for more than 0 seconds now. Nothing was written. "
        "Import again when they have finished."
    )


def test_imports_at_once_lose_nothing(tmp_path):
    codes = [f"A{number}" for number in range(4)]
    workspace = invented(tmp_path / "workspace", dict.fromkeys(codes, "number"))
    files = [text_file(tmp_path / f"{code}.csv", [HEADINGS, [code, "Jun-18", "5", ""]]) for code in codes]
    command = [
        sys.executable,
        "-m",
        "mpr_lib.run.cli",
        "import",
        "--month",
        "2018-06",
        "--workspace",
        workspace,
        "--write",
    ]
    running = [subprocess.Popen([*command, file], cwd=ROOT, stdout=subprocess.DEVNULL) for file in files]
    assert [process.wait(60) for process in running] == [0] * 4
    rows = (workspace / "data/returns/2018-06.csv").read_text().splitlines()
    assert sorted(rows[1:]) == [f"{code},2018-06,5," for code in codes]


@pytest.mark.skipif(os.name != "posix", reason="links need a right of their own elsewhere")
def test_a_linked_return_stays_a_link_and_keeps_its_rights(workspace, tmp_path):
    path = workspace / "data/returns/2018-06.csv"
    elsewhere = path.rename(workspace / "elsewhere.csv")
    elsewhere.chmod(0o640)
    path.symlink_to(elsewhere)
    imported(workspace, ["B", "Jun-18", "99%", ""])
    assert path.is_symlink()
    assert "99%" in elsewhere.read_text()
    assert elsewhere.stat().st_mode & 0o777 == 0o640


def test_a_hundred_thousand_rows_take_seconds(tmp_path):
    codes = [f"K {number}" for number in range(1000)]
    workspace = invented(tmp_path / "workspace", dict.fromkeys(codes, "number"))
    months = [f"20{year:02d}-{month:02d}" for year in range(9, 18) for month in range(1, 13)][:100]
    rows = [[code, month, str(place), ""] for place, month in enumerate(months) for code in codes]
    path = text_file(tmp_path / "june.csv", [HEADINGS, *rows])
    began = time.process_time()
    plan = planned(workspace, path)
    write_return(Workspace(workspace), plan)
    assert time.process_time() - began < 30
    assert plan.count("new") == 100_000
    assert (workspace / "data/returns/2018-06.csv").read_text().count("\n") == 100_001
