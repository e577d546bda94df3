"""Links and odd files in a workspace: what lies outside is not read, and what is no file holds nobody up."""

import os

import pandas as pd
import pytest

from mpr_lib.book import Workspace, read_book
from mpr_lib.book.book import book_before
from mpr_lib.book.commentary import read_comment
from mpr_lib.errors import InputError, RunError
from mpr_lib.files import LARGEST
from tests.helpers import SMALL, small_workspace

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links need a right of their own elsewhere")
COMMENT, APRIL, MAY = "data/commentary/2018-05/3-1.md", "data/returns/2018-04.csv", "data/returns/2018-05.csv"


def sparse(path):
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)


ODD = {
    "a linked comment": (COMMENT, lambda at: at.symlink_to("/etc/passwd"), "leads to /etc/passwd, outside"),
    "a linked return": (APRIL, lambda at: at.symlink_to("/etc/passwd"), "leads to /etc/passwd, outside"),
    "linked settings": ("params/report.yml", lambda at: at.symlink_to("/etc/passwd"), "leads to /etc/passwd, outside"),
    "a device": (APRIL, lambda at: at.symlink_to("/dev/zero"), "leads to /dev/zero, outside"),
    "a pipe": (APRIL, os.mkfifo, "is a pipe. Expected a file"),
    "a folder": (APRIL, os.mkdir, "is a folder. Expected a file"),
    "a comment's pipe": (COMMENT, os.mkfifo, "is a pipe. Expected a file"),
    "a table's folder": ("data/abbreviations.csv", os.mkdir, "is a folder. Expected a file"),
    "a table's broken link": ("data/comparisons.csv", lambda at: at.symlink_to("gone.csv"), "is missing. Add it"),
    "the month's folder": (MAY, os.mkdir, "is a folder. Expected a file"),
    "its settings' pipe": ("params/2018-05.yml", os.mkfifo, "is a pipe. Expected a file"),
    "a comment's link to itself": (COMMENT, lambda at: at.symlink_to(at.name), "cannot be opened: Too many levels"),
    "a return's link to itself": (APRIL, lambda at: at.symlink_to(at.name), "cannot be opened: Too many levels"),
    "a broken link": (
        "params/expectations.yml",
        lambda at: at.symlink_to("gone.yml"),
        "is missing. Add it",
    ),
    "a file without end": (APRIL, sparse, "has 64 MB. Expected less than 64 MB"),
}


@pytest.mark.parametrize(("name", "make", "said"), ODD.values(), ids=ODD)
def test_what_is_outside_or_no_file_is_refused(tmp_path, name, make, said):
    workspace = Workspace(small_workspace(tmp_path, {name: None}))
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    make(tmp_path / name)
    with pytest.raises(InputError) as error:
        read_book(workspace, "2018-05")
    assert str(error.value).startswith(f"{name} {said}")


@pytest.mark.parametrize("named", [True, False])
def test_a_folder_may_be_elsewhere_where_the_settings_name_it(tmp_path, named):
    settings = SMALL["params/report.yml"] + ("shared_folders: [data/returns]\n" if named else "")
    workspace = small_workspace(tmp_path / "own", {"params/report.yml": settings})
    (workspace / "data" / "returns").rename(tmp_path / "shared")
    (workspace / "data" / "returns").symlink_to(tmp_path / "shared")
    if named:
        assert len(read_book(Workspace(workspace), "2018-05").returns) == 4
    else:
        with pytest.raises(InputError, match="outside the workspace"):
            read_book(Workspace(workspace), "2018-05")


def test_a_logo_that_is_a_pipe_and_a_comment_that_is_a_folder_are_refused(tmp_path):
    brand = "brand: {logo: {file: params/logo.png, alt: A lamp}}\n"
    workspace = Workspace(small_workspace(tmp_path, {"params/report.yml": SMALL["params/report.yml"] + brand}))
    os.mkfifo(tmp_path / "params/logo.png")
    with pytest.raises(InputError, match=r"^params/logo\.png is a pipe"):
        read_book(workspace, "2018-05")
    (tmp_path / COMMENT).mkdir(parents=True)
    with pytest.raises(InputError, match=r"3-1\.md is a folder"):
        read_comment(workspace, pd.Period("2018-05", freq="M"), "3.1")


def test_what_stands_in_the_place_of_an_earlier_months_file_is_said(tmp_path):
    place = Workspace(small_workspace(tmp_path))
    april = place.params / "2018-04.yml"
    assert not place.has(april)
    os.mkfifo(april)
    with pytest.raises(InputError, match=r"^params/2018-04\.yml is a pipe\. Expected a file"):
        book_before(read_book(place, "2018-05"))
    april.unlink()
    april.mkdir()
    with pytest.raises(InputError, match=r"^params/2018-04\.yml is a folder\. Expected a file"):
        place.has(april)


@pytest.mark.parametrize("link", [".drafts", ".drafts/2018-05"])
def test_nothing_is_written_beside_the_reports_through_a_link(tmp_path, link):
    place = Workspace(small_workspace(tmp_path / "workspace"))
    assert place.beside_reports(".drafts", "2018-05") == place.outputs / ".drafts" / "2018-05"
    (place.outputs / link).parent.mkdir(parents=True)
    (place.outputs / link).symlink_to(tmp_path)
    with pytest.raises(RunError, match="is a link, and nothing is written through it"):
        place.beside_reports(".drafts", "2018-05")


def test_outputs_themselves_may_lead_nowhere_else(tmp_path):
    place = Workspace(small_workspace(tmp_path / "workspace"))
    place.outputs.symlink_to(tmp_path)
    with pytest.raises(InputError, match=r"outputs leads to .*, outside the workspace"):
        place.beside_reports(".drafts")
