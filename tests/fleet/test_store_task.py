"""Whether a month needs making, told by the store alone, and what becomes of one that is; reports are quick ones."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from mpr_lib.errors import InputError, RunError
from mpr_lib.files import LARGEST
from mpr_lib.fleet import sets, task
from mpr_lib.fleet.places import Place, StoreError
from mpr_lib.fleet.task import Wanted, make
from mpr_lib.run import execution
from tests.fleet.quick import made_of
from tests.helpers import SMALL, small_workspace

OPTIONS = {"pdf": True, "docx": False, "public": False, "committees": []}
MAY = "data/returns/2018-05.csv"


def quick(folder, month, *, progress=None, **options):
    """In the place of ``run_month``: a set that says what it was made of, or a refusal where the return does."""
    said = (folder / "data" / "returns" / f"{month}.csv").read_text(encoding="utf-8")
    if "refuse" in said:
        raise InputError("data/returns/2018-05.csv row 2: cannot be read.")
    return made_of(said, folder, month, options["public"])


@pytest.fixture
def workspace(store, monkeypatch):
    """The small workspace in a store, where months are made quickly."""
    monkeypatch.setattr(task, "run_month", quick)
    place = Place(f"{store}/southend")
    place.write({name: text.encode() for name, text in SMALL.items()})
    return place


@pytest.fixture
def gets(monkeypatch):
    """Names of the files that are read of stores."""
    found, read, read_all = [], Place.read, Place.read_all
    monkeypatch.setattr(Place, "read", lambda self, name: found.append(name) or read(self, name))

    def all_of(self, names):
        names = list(names)
        found.extend(names)
        return read_all(self, names)

    monkeypatch.setattr(Place, "read_all", all_of)
    return found


def given(place: Place, month: str = "2018-05", **options) -> dict:
    return {"url": place.url, "month": month, "options": OPTIONS | options, "folder": tempfile.mkdtemp()}


def last(place: Place, month: str = "2018-05", name: str = "last.json") -> dict:
    return json.loads(place.read(f"outputs/{month}/{name}"))


def test_a_month_is_made_once_and_then_told_unchanged_without_reading_an_input(workspace, gets):
    first = make(**given(workspace))
    assert (first["state"], first["number"]) == ("published", 1)
    gets.clear()
    again = make(**given(workspace))
    assert again == {"state": "unchanged", "number": 1, "set": first["set"]}
    assert gets == ["last.json", "index.html"]
    again = make(again=True, **given(workspace))
    assert (again["state"], again["number"]) == ("published", 1)
    assert last(workspace)["worker"]


@pytest.mark.parametrize(
    ("name", "text", "state"),
    [
        (MAY, SMALL[MAY] + "3.1,2018-05,98%,\n", "published"),
        ("data/records.csv", "a new file\n", "published"),
        ("notebooks/monthly_report.ipynb", "{}", "published"),
        ("params/report.yml", SMALL["params/report.yml"] + "# x\n", "published"),
        (MAY, SMALL[MAY], "unchanged"),
        ("data/returns/2018-06.csv", "of a later month\n", "published"),
        ("data/.~lock.csv", "an editor's own\n", "unchanged"),
        ("outputs/other.txt", "no input\n", "unchanged"),
    ],
)
def test_what_a_month_may_read_decides_whether_it_is_made_again(workspace, name, text, state):
    make(**given(workspace))
    workspace.write({name: text.encode()})
    assert make(**given(workspace))["state"] == state


def test_a_later_months_figures_are_another_months_affair(workspace):
    workspace.write({"data/returns/2018-06.csv": b"one\n"})
    make(**given(workspace))
    workspace.write({"data/returns/2018-06.csv": b"another\n"})
    assert make(**given(workspace))["state"] == "unchanged"


def test_files_that_are_put_again_with_the_same_content_are_read_once(workspace, gets):
    if not workspace.url.startswith("s3"):
        make(**given(workspace))
        workspace.write({MAY: SMALL[MAY].encode()})
        gets.clear()
        assert make(**given(workspace))["state"] == "unchanged"
        assert MAY in gets
    gets.clear()
    make(**given(workspace))
    gets.clear()
    assert make(**given(workspace))["state"] == "unchanged"
    assert MAY not in gets


def test_other_options_and_another_program_make_it_again(workspace, monkeypatch):
    make(**given(workspace))
    assert make(**given(workspace, pdf=False))["state"] == "published"
    monkeypatch.setattr(task, "_with", lambda: {"library": "another"})
    monkeypatch.setattr("mpr_lib.run.unchanged.made_with", lambda: {"library": "another"})
    assert make(**given(workspace, pdf=False))["state"] == "published"


def test_a_refusal_is_kept_and_not_tried_again_until_something_changes(workspace, gets):
    make(**given(workspace))
    workspace.write({MAY: b"refuse\n"})
    said = {"state": "refused", "message": "data/returns/2018-05.csv row 2: cannot be read."}
    assert make(**given(workspace)) == said
    assert last(workspace)["state"] == "refused"
    gets.clear()
    assert make(**given(workspace)) == said
    assert gets == ["last.json"]
    # What was published before is still what readers get, and what it was made from is still known.
    assert sets.highest(workspace.below("outputs/2018-05")) == 1
    workspace.write({MAY: SMALL[MAY].encode()})
    assert make(**given(workspace))["state"] == "unchanged"


def test_a_change_that_is_withheld_is_no_new_edition_of_the_public_one(workspace, monkeypatch):
    """What readers get is the same, so they are not told that something changed."""
    monkeypatch.setattr(task, "run_month", lambda folder, month, **options: made_of("told", folder, month, public=True))
    assert make(**given(workspace, public=True))["number"] == 1
    before = workspace.below("outputs/public").listed()
    workspace.write({"data/commentary/2018-05/secret.md": b"not for readers\n"})
    assert make(**given(workspace, public=True))["number"] == 1
    assert workspace.below("outputs/public").listed() == before
    assert make(**given(workspace, public=True))["state"] == "unchanged"


def test_a_notebook_may_be_larger_than_what_a_workspace_may_hold(s3, monkeypatch):
    def large(folder, month, **options):
        made = made_of("large", folder, month, public=False)
        with (made.folder / "report.ipynb").open("wb") as file:
            file.truncate(LARGEST + 1)
        return replace(made, files=(*made.files, "report.ipynb"))

    monkeypatch.setattr(task, "run_month", large)
    place = Place(f"{s3}/large")
    place.write({name: text.encode() for name, text in SMALL.items()})
    made = make(**given(place))
    assert made["state"] == "published"
    listed = place.listed(f"outputs/2018-05/sets/{made['set']}")
    assert [mark.split()[0] for name, mark in listed.items() if name.endswith("report.ipynb")] == [str(LARGEST + 1)]


def test_the_public_edition_tells_nobody_what_it_was_made_from(workspace, gets):
    other = Place(f"{workspace.url}-public")
    wanted = given(workspace, public=True) | {"public": other.url}
    assert make(**wanted)["state"] == "published"
    note = last(workspace, name="last-public.json")["published"]
    public = b"".join(other.read_all(other.listed()).values()).decode()
    assert note["key"] not in public
    assert note["marks"] not in public
    assert sorted(json.loads(other.read("2018-05/editions/000001.json"))) == ["files", "put", "set"]
    assert make(**wanted)["state"] == "unchanged"


def test_inputs_that_are_written_while_they_are_read_are_read_again(workspace, monkeypatch):
    read_all, times = Place.read_all, []

    def writing(self, names):
        found = read_all(self, names)
        if len(times) < 2:
            times.append(1)
            self.write({MAY: SMALL[MAY].encode() + b"3.1,2018-05,9%s%%,\n" % str(len(times)).encode()})
        return found

    monkeypatch.setattr(Place, "read_all", writing)
    assert make(**given(workspace))["state"] == "published"
    page = workspace.read(f"outputs/2018-05/sets/{last(workspace)['published']['set']}/report.html")
    assert b"92%" in page


def test_inputs_that_never_rest_fail_the_month_and_are_no_refusal(workspace, monkeypatch):
    read_all, times = Place.read_all, []

    def writing(self, names):
        times.append(1)
        self.write({MAY: b"x" * len(times)})
        return read_all(self, names)

    monkeypatch.setattr(Place, "read_all", writing)
    ended = make(**given(workspace))
    assert ended["state"] == "failed"
    assert ended["message"].endswith("was being written to each time it was read. Try again when that has ended.")


def test_whoever_loses_looks_again(workspace, monkeypatch):
    def overtaken(folder, month, **options):
        monkeypatch.setattr(task, "run_month", quick)
        assert make(**given(workspace))["state"] == "published"
        return made_of("of an hour ago", folder, month, public=False)

    monkeypatch.setattr(task, "run_month", overtaken)
    assert make(**given(workspace))["state"] == "unchanged"
    assert sets.highest(workspace.below("outputs/2018-05")) == 1


def test_a_store_that_goes_away_is_no_refusal(workspace, monkeypatch):
    def gone(self, name, raw):
        raise StoreError("s3://gone does not answer as expected (EndpointConnectionError). Try again later.")

    monkeypatch.setattr(Place, "create", gone)
    assert make(**given(workspace))["state"] == "failed"
    monkeypatch.undo()
    monkeypatch.setattr(task, "run_month", quick)
    assert make(**given(workspace))["state"] == "published"


@pytest.mark.parametrize(("error", "state"), [(ZeroDivisionError(), "failed"), (RunError("a cell failed"), "refused")])
def test_the_machine_is_not_the_data(workspace, monkeypatch, error, state):
    def broken(folder, month, **options):
        raise error

    monkeypatch.setattr(task, "run_month", broken)
    assert make(**given(workspace))["state"] == state
    assert last(workspace)["state"] == state


def test_a_disk_that_is_full_is_no_refusal(workspace, monkeypatch):
    def broken(folder, month, **options):
        raise RunError("the disk is full") from OSError(28, "No space left")

    monkeypatch.setattr(task, "run_month", broken)
    assert make(**given(workspace))["state"] == "failed"


def test_a_page_that_leads_elsewhere_is_mended_by_a_run_that_finds_nothing_to_do(workspace):
    made = make(**given(workspace))
    workspace.write({"outputs/2018-05/index.html": b"somewhere"})
    assert make(**given(workspace))["state"] == "unchanged"
    assert made["set"].encode() in workspace.read("outputs/2018-05/index.html")


def test_what_is_no_workspace_is_said_to_be_none(store):
    ended = make(**given(Place(f"{store}/nowhere")))
    assert ended["state"] == "refused"
    assert ended["message"].endswith(
        "nowhere is not a workspace: it needs the folders data and params. Name the right one."
    )


def test_the_sets_before_are_there_for_what_asks_whether_inputs_vanished(workspace, tmp_path):
    workspace.write({"data/returns/2018-03.csv": b"march\n"})
    for month in ("2018-03", "2018-04", "2018-05"):
        make(**given(workspace, month))
    task.bring_published(Wanted(workspace.url, "2018-05", OPTIONS), here := tmp_path / "here")
    found = {path.relative_to(here).as_posix() for path in here.rglob("*.*")}
    assert found == {f"outputs/{month}/{name}" for month in ("2018-04", "2018-05") for name in
                     ("manifest.json", "scorecard.csv")}  # fmt: skip


def test_a_notebook_is_not_given_what_opens_the_store(s3):
    assert "AWS_SECRET_ACCESS_KEY" in os.environ
    assert not [name for name in execution.environment() if name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]


def mpr(*arguments, **environment) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "mpr_lib.run.cli", *arguments]
    environment = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_a_month_in_a_bucket_has_the_bytes_of_one_in_a_folder(s3, tmp_path):
    """Whole reports, and the notebook is not given the keys of the bucket."""
    month = "month: 2018-05\ngenerated: 2018-06-21T09:00\n"
    local = small_workspace(tmp_path / "local", {"params/2018-05.yml": month})
    place = Place(f"{s3}/smallford")
    place.write({path.relative_to(local).as_posix(): path.read_bytes() for path in local.rglob("*.*")})
    assert mpr("run", "2018-05", "--workspace", str(local)).returncode == 0
    # Short, as sockets lie in it.
    with tempfile.TemporaryDirectory() as folder:
        made = mpr("run", "2018-05", "--workspace", place.url, TMPDIR=folder)
        assert [path for path in Path(folder).iterdir() if path.name.startswith("mpr-")] == []
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(f"Published V1.0 in {place.url}/outputs/2018-05: ")
    edition = sets.newest(place.below("outputs/2018-05"))
    found = {name: place.read(f"outputs/2018-05/{edition.folder}/{name}") for name in edition.files}
    folder = local / "outputs" / "2018-05"
    assert found == {path.name: path.read_bytes() for path in folder.iterdir()}
    again = mpr("run", "2018-05", "--workspace", place.url, "--if-changed")
    assert (again.returncode, again.stdout) == (0, "2018-05: nothing has changed since it was published.\n")
    place.remove(["data/targets.csv"])
    refused = mpr("run", "2018-05", "--workspace", place.url, "--if-changed")
    assert refused.returncode == 1
    assert "data/targets.csv" in refused.stderr
    assert sets.highest(place.below("outputs/2018-05")) == 1
