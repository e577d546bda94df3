"""``mpr init``: what it says to who uses it."""

import pytest
from typer.testing import CliRunner

from mpr_lib.run.cli import app
from mpr_lib.start import new_workspace


def mpr(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_it_leads_on_with_what_it_prints(tmp_path):
    done = mpr("init", tmp_path / "our council", "--month", "2026-10")
    assert done.exit_code == 0
    assert done.output.startswith(f"Made a workspace in {tmp_path}/our council, for the report of 2026-10 first.\n")
    assert f"  cd '{tmp_path}/our council'\n  mpr check 2026-10 " in done.output
    for name in (
        "params/report.yml",
        "data/indicators.csv",
        "data/targets.csv",
        "data/returns/2026-10.csv",
        "README.md",
    ):
        assert name in done.output
        assert (tmp_path / "our council" / name).is_file()


def test_without_a_month_it_is_the_one_before_this_one(tmp_path):
    done = mpr("init", tmp_path)
    assert done.exit_code == 0
    assert len(list((tmp_path / "params").glob("2*.yml"))) == 1


@pytest.mark.parametrize(
    "more", [["--month", "2026-13"], ["--demo", "--council", "X"], ["--demo", "--month", "2026-10"]]
)
def test_wrong_usage_is_told_from_a_folder_that_is_not_empty(tmp_path, more):
    assert mpr("init", tmp_path / "new", *more).exit_code == 2
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_not_empty_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear council")
    done = mpr("init", tmp_path)
    assert done.exit_code == 1
    assert "is not empty: it holds letter.txt. Nothing was written." in done.output


def test_a_fault_of_the_program_leaves_no_folder_that_the_next_try_refuses(tmp_path, monkeypatch):
    folder = tmp_path / "new"
    with monkeypatch.context() as broken:
        broken.setattr(new_workspace, "NOTEBOOKS", tmp_path / "gone")
        done = mpr("init", folder, "--month", "2026-10")
    assert done.exit_code == 1
    assert "A fault in this program, not in your data: FileNotFoundError" in done.output
    assert "Traceback (most recent call last)" in done.output
    assert not folder.exists()
    assert mpr("init", folder, "--month", "2026-10").exit_code == 0
