"""A wheel that is built here and installed elsewhere is the whole product, notebooks included."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.helpers import REPOSITORY

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built in a process of its own: a build reads the folder that it is started in."""
    pytest.importorskip("hatchling", reason="hatchling builds the package; make test installs it")
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=REPOSITORY, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """A function that calls a program of an environment with the wheel in it, in an empty folder far from here.

    The environment sees the packages of this one, but no folder that an editable install has put on the path.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    made = folder / "environment"
    venv.create(made, with_pip=False)
    programs = made / ("Scripts" if os.name == "nt" else "bin")
    (packages,) = made.rglob("site-packages")
    (packages / "test_environment.pth").write_text("\n".join(path for path in sys.path if "site-packages" in path))
    work = folder / "work"
    work.mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}

    def call(program, *arguments):
        command = [str(programs / program), *map(str, arguments)]
        ended = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    call("python", "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel)
    assert Path(call("python", "-c", "import mpr_lib; print(mpr_lib.__file__)")).is_relative_to(packages)
    return work, call


def test_it_holds_every_file_of_the_package_and_the_notebooks(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    try:
        listed = subprocess.run(
            ["git", "ls-files", "mpr_lib", "notebooks"], cwd=REPOSITORY, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("Not a git checkout, so there is no list of committed files.")
    names = [name for name in listed.stdout.splitlines() if (REPOSITORY / name).is_file()]
    wanted = {f"mpr_lib/{name}" if name.startswith("notebooks/") else name for name in names}
    assert wanted - packed == set()
    assert [name for name in packed if name.endswith("/METADATA") or "/licenses/LICENSE" in name] != []
    assert [name for name in packed if name.startswith(("tools", "tests", "data"))] == []


def test_a_new_council_starts_with_it(elsewhere):
    work, call = elsewhere
    call("mpr", "init", "ours", "--month", "2026-10")
    brought = {path.name for path in (work / "ours" / "notebooks").iterdir()}
    assert brought == {path.name for path in (REPOSITORY / "notebooks").glob("*.ipynb")}


def test_a_month_is_published_and_archived_with_it(elsewhere):
    work, call = elsewhere
    call("mpr", "init", "fernmouth", "--demo")
    call("mpr", "run", "2025-12", "--workspace", "fernmouth")
    call("mpr", "site", "--workspace", "fernmouth")
    outputs = work / "fernmouth" / "outputs"
    page = (outputs / "2025-12" / "report.html").read_text(encoding="utf-8")
    assert "Borough of Fernmouth (invented)" in page
    assert (outputs / "2025-12" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "2025-12/" in (outputs / "index.html").read_text(encoding="utf-8")
