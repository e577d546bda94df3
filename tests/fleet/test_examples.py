"""The files of examples/fleet: each is what its tool reads, and calls commands that exist."""

import ast
import re
import shlex
import shutil
import subprocess

import pytest
import yaml
from typer.testing import CliRunner

from mpr_lib.run import cli
from tests.helpers import REPOSITORY

EXAMPLES = REPOSITORY / "examples" / "fleet"
FILES = sorted(path for path in EXAMPLES.rglob("*.*") if path.suffix != ".pyc")
UNITS = sorted((EXAMPLES / "systemd").iterdir())


def calls() -> list[list[str]]:
    """Every call of mpr in the files, as words."""
    found = []
    for path in FILES:
        text = path.read_text("utf-8")
        if path.suffix == ".yaml":
            for each in re.findall(r"command: (\[mpr[^\]]*\])", text):
                found.append(list(map(str, yaml.safe_load(each)))[1:])
        text = re.sub(r'"\n\s*f"', "", text)
        found += [
            shlex.split(each, comments=True) for each in re.findall(r"(?:bin/|^  )mpr ([a-z][^\n\"]*)", text, re.M)
        ]
    return found


def test_every_command_is_known_with_its_options():
    assert len(calls()) == 6
    for words in calls():
        command = words[:2] if words[0] == "fleet" else words[:1]
        told = CliRunner().invoke(cli.app, [*command, "--help"])
        assert told.exit_code == 0, words
        assert [word for word in words if word.startswith("--") and word not in told.stdout] == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="asks systemd-analyze")
def test_systemd_accepts_the_units(tmp_path):
    for path in UNITS:
        # Programs and user of the examples are not on this machine.
        text = re.sub(r"/srv/performance/.venv-fleet/bin/\w+", shutil.which("true"), path.read_text("utf-8"))
        (tmp_path / path.name).write_text(text.replace("User=mpr\n", ""))
    run = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *sorted(tmp_path.iterdir())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, [line for line in run.stderr.splitlines() if "mpr-" in line]) == (0, [])


def test_workers_and_scheduler_come_back_whatever_they_ended_with():
    for name in ("mpr-scheduler.service", "mpr-worker.service"):
        assert "\nRestart=always\n" in (EXAMPLES / "systemd" / name).read_text("utf-8")


def test_the_rest_is_what_it_says_it_is():
    ast.parse((EXAMPLES / "small" / "monthly_reports.py").read_text("utf-8"))
    assert subprocess.run(["sh", "-n", EXAMPLES / "small" / "parallel.sh"], check=False).returncode == 0
    (line,) = [each for each in (EXAMPLES / "small" / "mpr.cron").read_text("utf-8").splitlines() if each[0] != "#"]
    assert re.fullmatch(r"0 6 \* \* \*  /srv/\S+ run previous [^%]*", line)


def test_no_file_holds_a_secret():
    for path in FILES:
        assert not re.search(r"(?:SECRET|TOKEN|KEY|KEY_ID)\s*[=:]\s*(?!…)\S", path.read_text("utf-8")), path
