"""A workspace to fill in: what is made, what is refused, and that its examples are right."""

import errno
import json
import re
import shutil
from pathlib import Path

import pytest

from mpr_lib.book import Workspace, history_of, month_named, read_book, scorecard_of
from mpr_lib.checks import run_checks
from mpr_lib.errors import InputError
from mpr_lib.start.new_workspace import make_blank

MONTH = "2026-10"


def findings(folder):
    book = read_book(Workspace(folder), MONTH)
    history = history_of(book)
    return run_checks(book, scorecard_of(book, history), history)


def test_a_fresh_workspace_says_all_that_is_missing_and_nothing_else(tmp_path):
    make_blank(tmp_path / "ours", MONTH)
    said = [each.message for each in findings(tmp_path / "ours").findings]
    missing = ("'indicator_code'", "'aims'", "'contacts'", "'council'", "'publisher'")
    untargeted = "data/targets.csv: no indicator has a target for 2026/27, so nothing is rated. "
    assert [each for each in said if "is empty" not in each] == [
        f"{untargeted}Expected a row for each indicator and financial year."
    ]
    assert len(said) == len(missing) + 1
    assert all(f"{name} is empty" in " ".join(said) for name in missing)


def test_the_examples_are_a_workspace_that_may_be_published(tmp_path):
    make_blank(tmp_path, MONTH)
    quality = findings(tmp_path / "examples")
    assert not quality.critical
    assert [each.severity for each in quality.findings] == ["info"]


def test_each_file_has_an_example_with_the_same_headings(tmp_path):
    make_blank(tmp_path, MONTH)
    for path in (tmp_path / "data").rglob("*.csv"):
        example = tmp_path / "examples" / path.relative_to(tmp_path)
        lines = example.read_text(encoding="utf-8").splitlines()
        assert len(lines) == 2 + (path.name == "indicators.csv"), example
        assert set(lines[0].split(",")) <= set(path.read_text(encoding="utf-8").strip().split(","))


def test_filled_in_from_the_examples_it_may_be_published(tmp_path):
    make_blank(tmp_path, MONTH)
    shutil.copytree(tmp_path / "examples", tmp_path, dirs_exist_ok=True)
    assert not findings(tmp_path).critical


def test_no_word_of_the_template_is_left(tmp_path):
    make_blank(tmp_path, MONTH)
    for path in tmp_path.rglob("*.*"):
        if path.is_file():
            assert re.findall("@[A-Z]+@", path.read_text(encoding="utf-8")) == [], path


def test_the_notebook_opens_at_the_workspaces_own_month(tmp_path):
    make_blank(tmp_path, MONTH)
    notebook = json.loads((tmp_path / "notebooks" / "monthly_report.ipynb").read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert any('\nmonth: str = ""  # ' in source for source in sources)
    assert str(month_named(Workspace(tmp_path))) == MONTH


def test_a_councils_name_is_kept_whatever_is_in_it(tmp_path):
    make_blank(tmp_path, MONTH, 'St Mary\'s: the "old" town & Bjørnøya')
    book = read_book(Workspace(tmp_path), MONTH)
    assert book.settings.council == 'St Mary\'s: the "old" town & Bjørnøya'


def test_a_folder_that_holds_something_is_refused_and_stays_as_it_is(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt", "d.txt"):
        (tmp_path / name).write_text("kept")
    with pytest.raises(InputError) as error:
        make_blank(tmp_path, MONTH)
    assert str(error.value) == (
        f"{tmp_path} is not empty: it holds a.txt, b.txt, c.txt and 1 more. Nothing was written. "
        "Name a new or an empty folder."
    )
    assert len(list(tmp_path.iterdir())) == 4


def test_a_repository_that_was_just_made_counts_as_empty(tmp_path):
    (tmp_path / ".git").mkdir()
    make_blank(tmp_path, MONTH)
    assert (tmp_path / "params" / "report.yml").is_file()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(InputError, match="is a file"):
        make_blank(tmp_path / "x", MONTH)


def test_a_gitignore_that_was_there_is_still_the_owners(tmp_path):
    (tmp_path / ".gitignore").write_text("secrets/\n")
    make_blank(tmp_path, MONTH)
    assert "secrets/" in (tmp_path / ".gitignore").read_text().splitlines()


def full_disk(monkeypatch, after):
    """A disk on which so many files can be written."""
    written, write = [], Path.write_bytes

    def full(path, content):
        if len(written) == after:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)


@pytest.mark.parametrize("name", ["new", "new/deeper", "."])
def test_what_fails_midway_leaves_nothing_and_can_be_tried_again(tmp_path, monkeypatch, name):
    folder = tmp_path / name
    with monkeypatch.context() as disk:
        full_disk(disk, after=3)
        with pytest.raises(InputError) as error:
            make_blank(folder, MONTH)
    assert str(error.value) == f"{folder} cannot be written: No space left on device. Name another folder."
    assert list(tmp_path.iterdir()) == []
    make_blank(folder, MONTH)
    assert (folder / "params" / "report.yml").is_file()


def test_what_was_killed_midway_can_be_tried_again(tmp_path):
    (tmp_path / ".mpr-init-x1" / "data").mkdir(parents=True)
    make_blank(tmp_path, MONTH)
    assert (tmp_path / "params" / "report.yml").is_file()
