"""A set against its manifest: what is changed, missing or too much is said, and whose it is."""

import json
import os
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from campaigns.killing import killed_at
from mpr_lib.files import fingerprint
from mpr_lib.run import publishing
from mpr_lib.run.cli import app
from mpr_lib.run.publishing import publish, staged
from mpr_lib.seal.signing import sign
from tests.run.test_publishing import issue, posix

MONTH = "2018-05"
FILES = {"report.html": "<p>", "scorecard.csv": "a,b\n", "committees/people/report.html": "<p>People"}


def fill(folder: Path, mark: str = "") -> Path:
    """Write a set of a few files with its manifest."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text + mark)
    listed = {name: fingerprint((folder / name).read_bytes()) for name in FILES}
    (folder / "manifest.json").write_text(json.dumps({"files": listed}))
    return folder


@pytest.fixture
def outputs(tmp_path):
    with staged(tmp_path / "outputs", MONTH) as folder:
        publish(fill(folder), tmp_path / "outputs", MONTH)
    return tmp_path / "outputs"


def verify(*arguments) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["verify", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_a_published_set_is_whole(outputs):
    said = f"{outputs / MONTH}: 3 files, each as it was published; not signed\n"
    assert verify(outputs / MONTH) == (0, said, "")
    assert verify(outputs) == (0, said, "")


def test_a_copy_is_whole_wherever_it_lies(outputs, tmp_path):
    shutil.copytree(outputs / MONTH, tmp_path / "www/May")
    assert verify(tmp_path / "www/May")[0] == 0


SPOILED = {
    "changed": (lambda at: (at / "report.html").write_text("<p>other"), "report.html is not the file that was"),
    "emptied": (lambda at: (at / "scorecard.csv").write_text(""), "scorecard.csv is not the file that was published"),
    "missing": (lambda at: (at / "scorecard.csv").unlink(), "scorecard.csv is missing."),
    "missing below": (lambda at: shutil.rmtree(at / "committees"), "committees/people/report.html is missing."),
    "beside": (lambda at: (at / "run.log").write_text("x"), "run.log is not of this set"),
    "hidden": (lambda at: (at / ".x.part").write_text("x"), ".x.part is not of this set"),
    "a link": (lambda at: (at / "other").symlink_to("/etc"), "other is not of this set"),
    "no manifest": (lambda at: (at / "manifest.json").unlink(), "it has no manifest.json"),
    "spoiled manifest": (lambda at: (at / "manifest.json").write_text("{"), "its manifest.json cannot be read"),
    "another manifest": (lambda at: (at / "manifest.json").write_text('{"files": [1]}'), "manifest.json cannot"),
    "a path": (lambda at: (at / "manifest.json").write_text('{"files": {"../x": "0"}}'), "../x is missing"),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILED)
def test_what_is_not_as_it_was_published_is_named(outputs, what):
    spoil, expected = SPOILED[what]
    spoil(outputs / MONTH)
    status, _, said = verify(outputs / MONTH)
    assert status == 1
    assert expected in said


@posix
def test_a_file_that_became_a_link_or_a_pipe_is_not_opened(outputs):
    (outputs / MONTH / "report.html").unlink()
    (outputs / MONTH / "report.html").symlink_to("/etc/hostname")
    (outputs / MONTH / "scorecard.csv").unlink()
    os.mkfifo(outputs / MONTH / "scorecard.csv")
    status, _, said = verify(outputs / MONTH)
    assert status == 1
    assert "report.html is no plain file." in said
    assert "scorecard.csv is no plain file." in said


@posix
def test_a_manifest_that_is_a_pipe_holds_nobody_up(outputs):
    (outputs / MONTH / "manifest.json").unlink()
    os.mkfifo(outputs / MONTH / "manifest.json")
    status, _, said = verify(outputs / MONTH)
    assert status == 1
    assert "its manifest.json cannot be read" in said


def test_a_copy_that_mixes_two_sets_is_found(outputs, tmp_path):
    shutil.copytree(outputs / MONTH, tmp_path / "copy")
    with staged(outputs, MONTH) as folder:
        publish(fill(folder, "new"), outputs, MONTH)
    shutil.copy(outputs / MONTH / "report.html", tmp_path / "copy")
    assert verify(outputs / MONTH)[0] == 0
    status, _, said = verify(tmp_path / "copy")
    assert status == 1
    assert "report.html is not the file that was published: it was changed, or is of another set." in said


def test_a_folder_without_months_is_said(tmp_path):
    for folder, expected in [(tmp_path, "holds no published month"), (tmp_path / "none", "is no folder")]:
        status, _, said = verify(folder)
        assert status == 1
        assert expected in said


@posix
def test_a_set_that_a_killed_run_moved_aside_is_said_to_be_kept(tmp_path, monkeypatch):
    """Where links cannot be made two renames are needed, and between them there is nothing under the month's name."""
    monkeypatch.setattr(publishing, "_link_to", lambda finished: None)
    gone = 0
    for event in range(1, 500):
        outputs = tmp_path / str(event)
        fill(outputs / MONTH)
        ended = not killed_at(event, partial(issue, outputs, "new"))
        if not (outputs / MONTH).exists():
            gone += 1
            status, _, said = verify(outputs)
            assert status == 1
            assert f"The next run of the month brings it back: mpr run {MONTH}" in said
        if ended:
            break
    assert gone > 0


@pytest.fixture
def keys(tmp_path):
    """A private key, its public half, and the public half of another."""
    if not shutil.which("openssl"):
        pytest.skip("makes keys with openssl")
    for name in ("issuer", "other"):
        openssl("genpkey", "-algorithm", "ed25519", "-out", tmp_path / f"{name}.pem")
        openssl("pkey", "-in", tmp_path / f"{name}.pem", "-pubout", "-out", tmp_path / f"{name}.pub")
    return tmp_path / "issuer.pem", tmp_path / "issuer.pub", tmp_path / "other.pub"


def openssl(*arguments) -> str:
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("given", ["file", "text"])
def test_a_signature_says_who_issued_a_set(outputs, keys, monkeypatch, given):
    private, public, other = keys
    monkeypatch.setenv("MPR_SIGNING_KEY", str(private) if given == "file" else private.read_text())
    sign(outputs / MONTH)
    assert verify(outputs, "--key", public)[:2] == (
        0, f"{outputs / MONTH}: 3 files, each as it was published; signed with the key of {public}\n",
    )  # fmt: skip
    status, _, said = verify(outputs, "--key", other)
    assert status == 1
    assert "manifest.json.sig does not fit" in said
    # Whoever changes a file and its line in the manifest cannot sign that.
    (outputs / MONTH / "report.html").write_text("other")
    fill(outputs / MONTH, "other")
    assert verify(outputs)[0] == 0
    assert verify(outputs, "--key", public)[0] == 1


def test_a_signature_is_one_that_other_tools_understand(outputs, keys, monkeypatch):
    private, public, _ = keys
    monkeypatch.setenv("MPR_SIGNING_KEY", str(private))
    sign(outputs / MONTH)
    manifest, signature = outputs / MONTH / "manifest.json", outputs / MONTH / "manifest.json.sig"
    asked = ("-pubin", "-inkey", public, "-rawin", "-in", manifest, "-sigfile", signature)
    assert "Signature Verified Successfully" in openssl("pkeyutl", "-verify", *asked)


def test_without_a_key_nothing_is_signed_and_a_wrong_one_is_said(outputs, keys, monkeypatch):
    monkeypatch.delenv("MPR_SIGNING_KEY", raising=False)
    sign(outputs / MONTH)
    assert not (outputs / MONTH / "manifest.json.sig").exists()
    status, _, said = verify(outputs, "--key", keys[1])
    assert status == 1
    assert "manifest.json.sig is missing" in said
    for wrong, expected in [
        (outputs / "none.pem", "is missing"),
        (keys[1], "is no key"),
        ("-----BEGIN x", "is no key"),
    ]:
        monkeypatch.setenv("MPR_SIGNING_KEY", str(wrong))
        with pytest.raises(Exception, match=expected) as told:
            sign(outputs / MONTH)
        assert "openssl genpkey -algorithm ed25519" in str(told.value)
        assert "BEGIN" not in str(told.value)
    monkeypatch.setenv("MPR_SIGNING_KEY", str(keys[0]))
    sign(outputs / MONTH)
    assert "is no public key" in verify(outputs, "--key", keys[0])[2]
