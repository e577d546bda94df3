"""``mpr next``: the settings of the next month, with what is true of the month before left out."""

import os

import pytest
from typer.testing import CliRunner

from mpr_lib.book import Workspace, read_book
from mpr_lib.run.cli import app
from tests.helpers import small_workspace


def mpr(folder, *arguments):
    done = CliRunner().invoke(app, [*arguments, "--workspace", str(folder)])
    return done.exit_code, done.stdout, done.stderr


SAID = """\
month: 2018-05
version: V1.1
generated: 2018-06-21T11:59:00
finance_next: {finance}
notes: [This month only.]
corrections: [{{version: V1.1, date: 2018-06-25, what: A figure was wrong.}}]
"""


@pytest.mark.parametrize(("finance", "kept"), [("2018-06", None), ("2018-09", "2018-09")])
def test_what_is_true_of_the_month_before_alone_is_left_out_and_said(tmp_path, finance, kept):
    folder = small_workspace(tmp_path, {"params/2018-05.yml": SAID.format(finance=finance)})
    (folder / "data/returns/2018-06.csv").write_text("indicator_code,month,value,note\n")
    left = "generated, finance_next and corrections" if kept is None else "generated and corrections"
    assert mpr(folder, "next") == (
        0,
        f"Made params/2018-06.yml from params/2018-05.yml.\nLeft out what was said of May 2018 alone: {left}.\n"
        "Its notes stand there as remarks: take the # away from what holds for June 2018.\n",
        "",
    )
    settings = read_book(Workspace(folder), "2018-06").month_settings
    assert (settings.month, settings.version, settings.finance_next) == ("2018-06", "V1.0", kept)
    assert (settings.generated, settings.notes, settings.corrections) == (None, [], [])
    text = (folder / "params/2018-06.yml").read_text()
    assert text.startswith("# What is true of the report of June 2018 alone.")
    assert text.endswith(
        "version: V1.0\n" + "finance_next: 2018-09\n" * bool(kept) + "# notes:\n# - This month only.\n"
    )


def test_a_month_that_is_named_is_made_from_the_newest_before_it(tmp_path):
    folder = small_workspace(tmp_path, {"params/2018-07.yml": "month: 2018-07\nfinance_next: 2018-12\n"})
    assert mpr(folder, "next", "2018-06")[1] == "Made params/2018-06.yml from params/2018-05.yml.\n"
    assert mpr(folder, "next", "--month", "2018-09")[1] == (
        "Made params/2018-09.yml from params/2018-07.yml.\nAugust 2018 is not begun: 'mpr next 2018-08' does that.\n"
    )
    assert "finance_next: 2018-12" in (folder / "params/2018-09.yml").read_text()


def test_the_first_month_of_a_year_says_what_a_new_year_needs(tmp_path):
    folder = small_workspace(tmp_path, {"params/2019-03.yml": "month: 2019-03\n"})
    assert mpr(folder, "next")[1] == (
        "Made params/2019-04.yml from params/2019-03.yml.\n"
        "April 2019 begins 2019/20: 'mpr new-year 2019/20' proposes the year's targets.\n"
    )


def test_a_file_that_is_there_stays_as_it_is(tmp_path):
    folder = small_workspace(tmp_path, {"params/2018-06.yml": "month: 2018-06\n"})
    assert mpr(folder, "next", "2018-06") == (1, "", "params/2018-06.yml is there already. Nothing was written.\n")
    assert (folder / "params/2018-06.yml").read_text() == "month: 2018-06\n"


@pytest.mark.parametrize(("month", "said"), [("", "any month"), ("2018-05", "a month before 2018-05")])
def test_without_a_month_before_it_says_what_to_write(tmp_path, month, said):
    folder = small_workspace(tmp_path, {"params/2018-05.yml": None})
    assert mpr(folder, "next", *filter(None, [month])) == (
        1,
        "",
        f"params has no settings of {said} to begin from. Write params/2018-05.yml by hand: 'month: 2018-05' "
        "is all that it needs.\n",
    )


def test_settings_that_cannot_be_read_are_refused(tmp_path):
    folder = small_workspace(tmp_path, {"params/2018-05.yml": "month: 2018-04\n"})
    exit_code, _, err = mpr(folder, "next")
    assert exit_code == 1
    assert err == (
        "params/2018-05.yml says month: 2018-04. Expected 2018-05, as its name says. Correct the line or "
        "rename the file.\n"
    )
    assert not (folder / "params/2018-06.yml").exists()


@pytest.mark.skipif(os.name != "posix", reason="links need a right of their own elsewhere")
def test_no_settings_are_written_outside_the_workspace(tmp_path):
    folder = small_workspace(tmp_path / "own")
    (folder / "params/2018-06.yml").symlink_to(tmp_path / "theirs.yml")
    status, _, said = mpr(folder, "next")
    assert status == 1
    assert "theirs.yml, outside the workspace." in said
    assert not (tmp_path / "theirs.yml").exists()
