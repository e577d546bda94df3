"""The demo: the Borough of Fernmouth, a council that does not exist, with three years of reports.

Everything about it comes from ``measured.csv`` (what is measured, and how its figures move) and one seed. What comes
out stands in the package: ``mpr_lib/start/fernmouth.yml``, one file that can be read. ``python -m tools.demo`` writes
it again; a test holds that it would be the same.
"""

import tempfile
from pathlib import Path

import yaml

COUNCIL = "Borough of Fernmouth (invented)"
FIRST = "2023-01"
LAST = "2025-12"
SEED = "Fernmouth"
HERE = Path(__file__).resolve().parent
MADE = HERE.parents[1] / "mpr_lib" / "start" / "fernmouth.yml"
WRITTEN = ("records", "computed")
"""Tables that stand here as they are in the workspace."""

_HEAD = """\
# The invented council of `mpr init DIR --demo`: each of its files, by the path below DIR.
# Made by `python -m tools.demo`; do not edit.
"""


def demo_files() -> dict[str, str]:
    """The texts of the workspace, by their paths."""
    from tools.demo import agreed, approved, comments, money, received, sent
    from tools.demo.measured import figures_of, read_measured

    measured = read_measured()
    figures = {row["indicator_code"]: figures_of(row) for row in measured}
    files = {**agreed.files(measured, figures), **received.files(measured, figures), **money.files()}
    files |= {f"data/{name}.csv": (HERE / f"{name}.csv").read_text(encoding="utf-8") for name in WRITTEN}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        # Officers comment on what the figures, targets and judgements make of each other: the book says it.
        said = comments.files(Path(folder), measured)
        return {**files, **said, **approved.files(said), **sent.files(Path(folder), measured)}


def packed(files: dict[str, str]) -> str:
    """The texts as one YAML file, each as it is between its lines."""
    return _HEAD + yaml.dump(files, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=float("inf"))


class _Plain(yaml.SafeDumper):
    pass


_Plain.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, _style(text)))


def _style(text):
    return "|" if "\n" in text else None
