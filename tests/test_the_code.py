"""docs/the-code.md names only what there is, and no row of its table more than four files."""

import re
from importlib import import_module
from importlib.util import find_spec

import pytest

from tests.helpers import REPOSITORY

TEXT = (REPOSITORY / "docs/the-code.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([^`\s]+)`", TEXT)))
PATHS = [name for name in NAMED if "/" in name]
DOTTED = [name for name in NAMED if name.startswith("mpr_lib.")]


def there(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    try:
        if find_spec(name):
            return True
    except ModuleNotFoundError:
        pass
    module, _, last = name.rpartition(".")
    return hasattr(import_module(module), last)


@pytest.mark.parametrize("name", PATHS)
def test_every_path_exists(name):
    annex = re.match(r"mpr_lib/\w+/", name)
    if annex and not (REPOSITORY / annex[0]).exists():
        pytest.skip(f"{annex[0]} was taken out")
    assert any(REPOSITORY.glob(name)) or name == "params/expectations.yml"


@pytest.mark.parametrize("name", DOTTED)
def test_every_dotted_name_exists(name):
    assert there(name)


def test_each_change_touches_four_files_at_most():
    rows = re.findall(r"^\| (?:a|an|the) [^|]+ \|(.*)\|$", TEXT.split("## To change something")[1], re.MULTILINE)
    assert len(rows) == 8
    assert all(1 <= len([name for name in re.findall(r"`([^`\s]+)`", row) if "/" in name]) <= 4 for row in rows)
