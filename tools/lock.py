"""Write the lock files again from pyproject.toml and tests/browser/package.json.

Names, versions and hashes only: an address in a lock file would tie everybody to one registry.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
BROWSER = REPOSITORY / "tests" / "browser"

REPORT = ("pyproject.toml", "--group", "build", "--extra", "test", "--extra", "word")
LAB = (*REPORT, "--extra", "lab", "--group", "additions", "--constraints", "requirements.lock", "--no-annotate")
FLEET = (*REPORT, "--extra", "fleet", "--group", "servers", "--no-annotate")
HELD_BACK = ("python-dateutil",)
"""What botocore, which s3fs needs, wants older than a report's own environment has it."""
AUDIT = ("--group", "audit", "--no-annotate")
# One version of a package for every Python, so that the same inputs give the same bytes on all of them.
COMPILE = (
    *("pip", "compile", "--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--no-build"),
    *("--constraints", "tools/older-macs.txt", "--generate-hashes", "--no-emit-index-url"),
    *("--quiet", "--custom-compile-command", "make lock"),
)


def lock_python(uv: str, lock: str, *options: str) -> None:
    """Resolve pyproject.toml into one requirements file, keeping the versions it already has."""
    subprocess.run([uv, *COMPILE, "--output-file", lock, *options], cwd=REPOSITORY, check=True)


@contextmanager
def like_the_run() -> Iterator[str]:
    """The run's lock as constraints for a fleet's, without what the fleet has in an older version."""
    lines = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8").splitlines()
    kept = [line.removesuffix("\\") for line in lines if "==" in line and not line.startswith(HELD_BACK)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "constraints.txt")
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
        yield str(path)


def lock_browser(npm: str) -> None:
    """Resolve the browser checks' packages and take the funding addresses out again."""
    subprocess.run([npm, "install", "--package-lock-only", "--silent"], cwd=BROWSER, check=True)
    path = BROWSER / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8", newline="\n")


def main(upgrade: bool) -> None:
    uv, npm = os.environ.get("UV") or shutil.which("uv"), shutil.which("npm")
    if not uv or not npm:
        sys.exit("make lock needs uv and npm. Install uv with: pip install uv. Install npm with Node.js.")
    newer = ["--upgrade"] if upgrade else []
    for lock, options in {"": REPORT, "-lab": LAB, "-fleet": FLEET, "-audit": AUDIT}.items():
        with like_the_run() as constraints:
            like = ["--constraints", constraints] if options is FLEET else []
            lock_python(uv, f"requirements{lock}.lock", *options, *like, *newer)
    lock_browser(npm)
    sys.stdout.write("When the environment is made anew (make env): python -m tools.licences\n")


if __name__ == "__main__":
    main(upgrade="--upgrade" in sys.argv[1:])
