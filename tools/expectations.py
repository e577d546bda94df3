"""Writes the tables of docs/expectations.md from the suites: ``python -m tools.expectations``."""

import re
from itertools import groupby
from pathlib import Path

from mpr_lib.checks.suites import Entry, delivered

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "expectations.md"
_PART = re.compile(r"(?<=<!-- from the suites -->\n).*?(?=<!-- end -->)", re.DOTALL)
_HEAD = "| name | severity | characteristic | what it means | what to do | class |\n|---|---|---|---|---|---|\n"
_IN_WORDS = {"previous_month": "the month before"}
"""What stands in a text where a message has what the failing row says; else "the" and the column's name."""


def page(text: str) -> str:
    """The page with a part for each suite: what its file says of its batch, and its entries in their order."""
    suites = groupby(delivered(), key=lambda each: each.batch)
    parts = "".join(f"\n### {batch}\n\n{_batch(batch)}\n\n{_HEAD}{''.join(map(_row, each))}" for batch, each in suites)
    return _PART.sub(lambda _: f"{parts}\n", text)


def _batch(name: str) -> str:
    (path,) = REPOSITORY.glob(f"mpr_lib/*/suites/{name}.yml")
    said = re.match(r"(?:# .*\n)+", path.read_text(encoding="utf-8"))[0].replace("# ", "").strip()
    return f"[{path.name}](../{path.relative_to(REPOSITORY).as_posix()}). {said}"


def _row(each: Entry) -> str:
    done = re.sub(r"\{(\w+)\}", lambda name: _IN_WORDS.get(name[1], f"the {name[1]}"), each.do)
    cells = (f"`{each.name}`", each.severity, each.characteristic, each.means, done, f"`{each.expect}`")
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
