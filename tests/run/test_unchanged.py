"""A month that would be made again just as it is published is left alone, and any other is run."""

import json
import os
import sys

import pytest

from mpr_lib.run import unchanged
from mpr_lib.run.unchanged import is_unchanged, made_from, remember
from tests.helpers import small_workspace
from tests.run.test_cli import mpr

OPTIONS = {"pdf": True, "docx": False, "public": False, "committees": []}
LATER = {
    "data/returns/2018-06.csv": "indicator_code,month,value,note\n3.1,2018-06,95%,\n",
    "params/2018-06.yml": "month: 2018-06\n",
}


@pytest.fixture
def made(tmp_path):
    """A workspace whose May is published, and noted as such."""
    workspace = small_workspace(tmp_path, LATER)
    for folder in ("outputs/2018-05", "outputs/public/2018-05"):
        (workspace / folder).mkdir(parents=True)
        (workspace / folder / "report.html").write_text("The report")
    remember(workspace, "2018-05", OPTIONS, made_from(workspace, "2018-05", OPTIONS))
    return workspace


def write(workspace, name, text):
    (workspace / name).parent.mkdir(parents=True, exist_ok=True)
    (workspace / name).write_text(text)


@pytest.mark.parametrize(
    ("name", "text", "same"),
    [
        ("data/returns/2018-06.csv", "indicator_code,month,value,note\n", True),
        ("params/2018-06.yml", "month: 2018-06\nversion: V1.1\n", True),
        ("data/returns/.2018-05.csv.swp", "what an editor keeps", True),
        ("data/~$figures.xlsx", "what a spreadsheet keeps", True),
        ("README.md", "For people", True),
        ("data/returns/2018-04.csv", "indicator_code,month,value,note\n3.1,2018-04,95%,\n", False),
        ("data/returns/2018-05.v1.1.csv", "indicator_code,month,value,note\n", False),
        ("data/returns/2018-07.csv", "indicator_code,month,value,note\n", False),
        ("data/commentary/2018-05/3.1.md", "A new comment.", False),
        ("data/actions.csv", "indicator_code,what\n", False),
        ("params/2018-05.yml", "month: 2018-05\nversion: V1.1\n", False),
        ("notebooks/monthly_report.ipynb", "{}", False),
        ("outputs/2018-05/report.html", "The report, touched up", False),
        ("outputs/2018-05/more.txt", "Put there by hand", False),
        ("outputs/.log/2018-05.made", "", False),
    ],
)  # fmt: skip
def test_a_month_is_unchanged_while_all_that_it_may_read_and_its_set_are(made, name, text, same):
    assert is_unchanged(made, "2018-05", OPTIONS)
    write(made, name, text)
    assert is_unchanged(made, "2018-05", OPTIONS) is same


@pytest.mark.parametrize(
    "gone", ["data/returns/2018-04.csv", "outputs/2018-05/report.html", "outputs/.log/2018-05.made"]
)
def test_what_is_gone_is_a_change(made, gone):
    (made / gone).unlink()
    assert not is_unchanged(made, "2018-05", OPTIONS)


@pytest.mark.parametrize(
    "option", [{"pdf": False}, {"docx": True}, {"public": True}, {"committees": ["People Scrutiny"]}], ids=str
)
def test_what_was_asked_for_otherwise_is_a_change(made, option):
    assert not is_unchanged(made, "2018-05", OPTIONS | option)


def test_another_month_another_python_and_other_packages_are_changes(made, monkeypatch, tmp_path_factory):
    assert not is_unchanged(made, "2018-04", OPTIONS)
    with monkeypatch.context() as other:
        other.setattr(sys, "version", "3.99")
        assert not is_unchanged(made, "2018-05", OPTIONS)
    with monkeypatch.context() as other:
        other.setattr(unchanged.sysconfig, "get_path", lambda name: tmp_path_factory.mktemp("packages"))
        assert not is_unchanged(made, "2018-05", OPTIONS)
    assert is_unchanged(made, "2018-05", OPTIONS)


def test_a_change_of_the_program_is_a_change(made, monkeypatch, tmp_path_factory):
    own = tmp_path_factory.mktemp("mpr_lib") / "run"
    own.mkdir()
    monkeypatch.setattr(unchanged, "__file__", str(own / "unchanged.py"))
    remember(made, "2018-05", OPTIONS, made_from(made, "2018-05", OPTIONS))
    (own / "__pycache__").mkdir()
    (own / "__pycache__" / "unchanged.pyc").write_bytes(b"made when it is first used")
    assert is_unchanged(made, "2018-05", OPTIONS)
    (own / "words.yml").write_text("OUTCOMES: {}")
    assert not is_unchanged(made, "2018-05", OPTIONS)


def test_the_public_edition_is_noted_beside_the_other_and_not_in_what_readers_get(made):
    public = OPTIONS | {"public": True}
    remember(made, "2018-05", public, made_from(made, "2018-05", public))
    assert is_unchanged(made, "2018-05", public)
    assert is_unchanged(made, "2018-05", OPTIONS)
    assert [path.name for path in (made / "outputs/public/2018-05").iterdir()] == ["report.html"]
    write(made, "outputs/public/2018-05/report.html", "touched up")
    assert not is_unchanged(made, "2018-05", public)


@pytest.mark.skipif(os.name != "posix", reason="Pipes and links of this kind are POSIX's.")
def test_links_are_followed_once_and_pipes_hold_nobody(made, tmp_path_factory):
    shared = tmp_path_factory.mktemp("shared")
    (made / "data/shared").symlink_to(shared)
    (shared / "round").symlink_to(shared)
    os.mkfifo(made / "data/pipe.csv")
    remember(made, "2018-05", OPTIONS, made_from(made, "2018-05", OPTIONS))
    assert is_unchanged(made, "2018-05", OPTIONS)
    (shared / "officers.csv").write_text("officer\n")
    assert not is_unchanged(made, "2018-05", OPTIONS)


@pytest.mark.slow
def test_a_published_month_is_run_again_only_after_a_change(tmp_path):
    workspace = small_workspace(tmp_path)
    asked = ("run", "2018-05", "--no-pdf", "--workspace", workspace)
    assert mpr(*asked)[0] == 0
    first = (workspace / "outputs/2018-05").resolve()
    assert mpr(*asked, "--if-changed") == (0, "2018-05: nothing has changed since it was published.\n", "")
    assert mpr(*asked, "--if-changed", "--quiet") == (0, "", "")
    code, out, err = mpr(*asked, "--if-changed", "--log-json")
    assert (code, out, json.loads(err)["event"]) == (0, "", "unchanged")
    assert (workspace / "outputs/2018-05").resolve() == first
    write(workspace, "data/commentary/2018-05/3.10.md", "Two crews are back from leave.\n")
    code, out, _ = mpr(*asked, "--if-changed")
    assert code == 0
    assert "Published" in out
    assert "Two crews are back" in (workspace / "outputs/2018-05/report.html").read_text("utf-8")
    write(workspace, "data/returns/2018-05.csv", "indicator_code,month,value,note\n3.1,2018-05,many,\n")
    assert mpr(*asked, "--if-changed")[0] == 1
    assert mpr(*asked, "--if-changed")[0] == 1
