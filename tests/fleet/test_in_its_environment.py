"""The other files here run in the environment that has fsspec, s3fs, Dask and moto: each once, as pytest of its own."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.helpers import fleet_python

FILES = sorted(Path(__file__).parent.glob("test_store_*.py"))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_in_its_environment(path, repo, tmp_path):
    clean = {name: text for name, text in os.environ.items() if not name.startswith(("PYTEST_", "AWS_", "COV"))}
    command = [fleet_python(repo), "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'inner'}"]
    run = subprocess.run(
        [*command, str(path.relative_to(repo))], cwd=repo, env=clean, capture_output=True, text=True, check=False,
        timeout=580,
    )  # fmt: skip
    assert run.returncode == 0, f"{run.stdout[-8000:]}\n{run.stderr[-2000:]}"
    assert re.search(r"\d+ passed", run.stdout)
    assert "skipped" not in run.stdout
