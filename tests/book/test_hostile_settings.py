"""Settings that somebody made to break things: each is refused at once, in a sentence that names file and place."""

import pytest

from mpr_lib.book import Workspace, read_book
from mpr_lib.errors import InputError
from tests.helpers import SMALL, cases, small_workspace


@pytest.mark.parametrize("row", cases("settings_hostile.csv"))
def test_it_is_refused_in_one_sentence(tmp_path, row):
    last = row["settings"][-1] * int(row["times_last"])
    hostile = f"{SMALL['params/report.yml']}{row['settings'][:-1]}{last}\n"
    with pytest.raises(InputError) as error:
        read_book(Workspace(small_workspace(tmp_path, {"params/report.yml": hostile})), "2018-05")
    first = str(error.value).splitlines()[0]
    assert first.startswith("params/report.yml")
    assert row["message"] in first
    assert first.isprintable()
    assert len(first) < 350


def test_a_text_is_read_without_the_spaces_around_it(tmp_path):
    settings = {"params/report.yml": SMALL["params/report.yml"] + "title: '  A title '\n"}
    assert read_book(Workspace(small_workspace(tmp_path, settings)), "2018-05").settings.title == "A title"


@pytest.mark.parametrize(
    "head", ["role: &a x", "role: !!int x", 'role: "\\e[2J"', f"role: {'[' * 50}", "date: 2018-02-30"]
)
def test_the_front_matter_of_a_comment_comes_through_the_same_door(tmp_path, head):
    changes = {"data/commentary/2018-05/3-1.md": f"---\nstate: draft\n{head}\n---\nLit.\n"}
    with pytest.raises(InputError, match=r"data/commentary/2018-05/3-1.md line 3, column \d+: cannot be read as YAML"):
        read_book(Workspace(small_workspace(tmp_path, changes)), "2018-05")
