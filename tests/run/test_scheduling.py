"""The files of examples/scheduling: each is what its tool reads, and calls commands that exist."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from mpr_lib.run import cli
from tests.helpers import REPOSITORY

EXAMPLES = REPOSITORY / "examples" / "scheduling"
FILES = sorted(path for path in EXAMPLES.rglob("*") if path.is_file() and path.suffix != ".pyc")


def calls(text: str) -> list[list[str]]:
    """The calls of mpr in a file, as words."""
    return [found.split() for found in re.findall(r"(?:bin/)?mpr ((?:run|site|check)\b[^\n&>]*)", text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_is_known_with_its_options(path):
    for words in calls(path.read_text("utf-8")):
        told = CliRunner().invoke(cli.app, [words[0], "--help"]).stdout
        options = [word.strip("\"'),") for word in words if word.startswith("--")]
        assert [option for option in options if option not in told] == [], words


def test_there_is_something_to_call():
    kinds = {path.parent.name for path in FILES if calls(path.read_text("utf-8"))}
    assert kinds == {"cron", "systemd", "github-actions", "airflow"}


def test_no_file_holds_a_secret():
    for path in FILES:
        assert not re.search(r"(PASSWORD|TOKEN|URL)\s*[=:]\s*(?!…|\$\{\{ secrets\.)\S", path.read_text("utf-8")), path


def test_cron_reads_its_table():
    lines = [line for line in (EXAMPLES / "cron/mpr.cron").read_text("utf-8").splitlines() if line[:1].isdigit()]
    assert [re.fullmatch(r"0 6 22 \* \*  cd \S+ && .*[^%]", line) is not None for line in lines] == [True]
    assert "%" not in lines[0], "cron takes % for the end of a line"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="asks systemd-analyze")
def test_systemd_accepts_the_units(tmp_path):
    units = []
    for path in sorted((EXAMPLES / "systemd").iterdir()):
        # The program and the user of the example are not on this machine.
        text = path.read_text("utf-8").replace("/srv/performance/.venv/bin/mpr", shutil.which("true"))
        units.append(tmp_path / path.name)
        units[-1].write_text(text.replace("User=mpr\n", ""))
    run = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *units], capture_output=True, text=True, check=False
    )
    said = [line for line in run.stderr.splitlines() if "mpr." in line]
    assert (run.returncode, said) == (0, [])


def test_the_workflow_is_a_workflow():
    workflow = yaml.safe_load((EXAMPLES / "github-actions/monthly-report.yml").read_text("utf-8"))
    # YAML 1.1 reads the key "on" as true.
    assert workflow[True]["schedule"] == [{"cron": "0 6 22 * *"}]
    assert workflow["permissions"] == {"contents": "write"}
    steps = workflow["jobs"]["report"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    # What somebody types reaches the shell as a variable, never as part of a command.
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


@pytest.mark.skipif(not shutil.which("git"), reason="asks git")
def test_the_workflow_keeps_the_earlier_months(tmp_path):
    """Its steps around the run, month after month, each in a clone of its own as on GitHub."""
    workflow = yaml.safe_load((EXAMPLES / "github-actions/monthly-report.yml").read_text("utf-8"))
    runs = {step["name"]: step["run"] for step in workflow["jobs"]["report"]["steps"] if "run" in step}
    bring, keep = runs["Bring what was published so far"], runs["Keep it with the earlier months"]
    me = "-c user.name=a -c user.email=a@localhost"

    def shell(script, folder):
        return subprocess.run(["bash", "-ec", script], cwd=folder, capture_output=True, text=True, check=True).stdout

    begin = "git init -q --bare -b main origin && git clone -q origin first && cd first && git checkout -q -b main"
    shell(f"{begin} && echo outputs/ > .gitignore && git add . && git {me} commit -qm Begin", tmp_path)
    shell("git push -q origin main", tmp_path / "first")
    for month in ("2018-05", "2018-06"):
        made = f"mkdir -p outputs/.months/{month}.a && echo {month} > outputs/.months/{month}.a/report.html && "
        made += f"ln -s .months/{month}.a outputs/{month}"
        shell(f"git clone -q origin {month}", tmp_path)
        shell("\n".join((bring, made, keep)), tmp_path / month)
    shell("git clone -q -b published origin readers", tmp_path)
    assert [(tmp_path / "readers" / month / "report.html").read_text() for month in ("2018-05", "2018-06")] == [
        "2018-05\n", "2018-06\n",
    ]  # fmt: skip
    assert not (tmp_path / "readers/.gitignore").exists()


def test_the_dag_is_python_and_takes_its_month_from_its_own_date():
    text = (EXAMPLES / "airflow/monthly_performance_report.py").read_text("utf-8")
    ast.parse(text)
    assert "logical_date" in text
    assert "previous" not in " ".join(word for words in calls(text) for word in words)


def test_the_guide_names_every_file():
    guide = Path(REPOSITORY / "docs/how-to/schedule.md").read_text("utf-8")
    assert [path.name for path in FILES if path.relative_to(REPOSITORY).as_posix() not in guide] == []
