"""Corrections: which returns each version of a month's report reads, and what is refused."""

import pandas as pd
import pytest

from mpr_lib.book import Workspace, read_book
from mpr_lib.book.book import revisions_of
from mpr_lib.book.returns import later_corrections, return_files
from mpr_lib.book.settings import read_version
from mpr_lib.errors import InputError
from tests.helpers import SMALL, small_workspace, table

HEADING = "indicator_code,month,value,note\n"
V1_1 = "data/returns/2018-05.v1.1.csv"


def params(month, version="V1.0", corrections=(), generated=None):
    lines = [f"month: {month}", f"version: {version}"]
    lines += [f"generated: {generated}"] * bool(generated) + ["corrections:"] * bool(corrections)
    for name, day in corrections:
        lines += [f"  - version: {name}", f"    date: {day}", "    what: counted again"]
    return "\n".join(lines) + "\n"


def corrected(month="2018-05", **changes):
    """The small workspace with a correction of May: 3.1 is 91 % and not 97 %."""
    rows = {V1_1: HEADING + "3.1,2018-05,91%,counted again\n"}
    settings = {f"params/{month}.yml": params(month, "V1.1", [("V1.1", "2018-07-02")])}
    return rows | settings | changes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("V1.0", (1,)), ("V1", (1,)), ("v1.1", (1, 1)), ("V1.10", (1, 10)), ("V2.0.0", (2,)), (" V1.1 ", (1, 1)),
        ("1.1", ()), ("Final", ()), ("", ()), ("V", ()), ("V1.1 draft", ()), ("V1..1", ()),
    ],
)  # fmt: skip
def test_a_version_is_read_as_numbers(text, expected):
    assert read_version(text) == expected


READ = table("cases", "corrections.csv")


@pytest.mark.parametrize("case", READ, ids=lambda case: case["why"])
def test_a_report_reads_the_returns_that_its_table_says(tmp_path, case):
    changes = {
        "data/returns/2018-06.csv": HEADING + "3.1,2018-06,98%,\n",
        "params/2018-05.yml": params("2018-05", "V1.2", [("V1.1", "2018-07-02"), ("V1.2", "2018-08-02")]),
        V1_1: HEADING,
        "data/returns/2018-05.v1.2.csv": HEADING,
    }
    month, version = case["month"], case["version"]
    if month == "2018-05":
        made = [("V1.1", "2018-07-02"), ("V1.2", "2018-08-02")]
        kept = [each for each in made if read_version(each[0]) <= read_version(version)]
        changes["params/2018-05.yml"] = params(month, version, kept, case["generated"])
    else:
        changes[f"params/{month}.yml"] = params(month, version, (), case["generated"])
    workspace = Workspace(small_workspace(tmp_path, changes))
    read = [name for name in read_book(workspace, month).inputs if name.startswith("data/returns/")]
    assert " ".join(name.removeprefix("data/returns/").removesuffix(".csv") for name in read) == case["returns"]


def test_v1_0_can_still_be_issued_and_june_knows_both(tmp_path):
    june = {
        "params/2018-06.yml": params("2018-06", generated="2018-07-19T09:00:00"),
        "data/returns/2018-06.csv": HEADING + "3.1,2018-06,98%,\n",
    }
    workspace = Workspace(small_workspace(tmp_path, corrected() | june))
    second, later = read_book(workspace, "2018-05"), read_book(workspace, "2018-06")
    small_workspace(tmp_path, {"params/2018-05.yml": params("2018-05"), V1_1: corrected()[V1_1]} | june)
    first = read_book(workspace, "2018-05")
    may = ("3.1", pd.Period("2018-05"))
    texts = [
        book.values.set_index(["indicator_code", "month"]).loc[may, "value_text"] for book in (first, second, later)
    ]
    assert texts == ["97%", "91%", "91%"]
    listed = [revisions_of(book)[["was_text", "value_text", "note"]].to_numpy().tolist() for book in (first, second)]
    assert listed == [[], [["97%", "91%", "counted again"]]]
    assert revisions_of(later).empty
    assert later_corrections(workspace, may[1], first.month_settings) == [V1_1]
    assert later_corrections(workspace, may[1], second.month_settings) == []


def test_corrections_count_by_number_and_not_by_letter(tmp_path):
    versions = [("V1.9", "2018-07-02"), ("V1.10", "2018-07-03")]
    changes = {f"data/returns/2018-05.{name.lower()}.csv": HEADING for name, _ in versions}
    changes["params/2018-05.yml"] = params("2018-05", "V1.10", versions)
    book = read_book(Workspace(small_workspace(tmp_path, changes)), "2018-05")
    files = return_files(book.workspace, book.month, book.month_settings)
    assert [path.name for _, _, path in files] == [
        "2018-04.csv", "2018-05.csv", "2018-05.v1.9.csv", "2018-05.v1.10.csv",
    ]  # fmt: skip


REFUSED = {
    "a version that no correction explains": (
        {"params/2018-05.yml": params("2018-05", "V1.1")},
        "params/2018-05.yml says version: V1.1 and not what that corrects. "
        "Add it under corrections, with version: V1.1, date: and what:.",
    ),
    "a correction that did not raise the version": (
        {"params/2018-05.yml": params("2018-05", "V1.0", [("V1.1", "2018-07-02")])},
        "params/2018-05.yml says version: V1.0, and its last correction is V1.1. Expected the same. "
        "Write version: V1.1; to issue an earlier version again, take the later corrections out of the list.",
    ),
    "corrections out of order": (
        {"params/2018-05.yml": params("2018-05", "V1.1", [("V1.2", "2018-07-02"), ("V1.1", "2018-07-03")])},
        "params/2018-05.yml, 'corrections': V1.1 of 2018-07-03 stands after V1.2 of 2018-07-02. "
        "Expected the oldest first, each version above the one before it.",
    ),
    "a correction that is dated before the one before it": (
        {"params/2018-05.yml": params("2018-05", "V1.2", [("V1.1", "2018-07-02"), ("V1.2", "2018-07-01")])},
        "params/2018-05.yml, 'corrections': V1.2 of 2018-07-01 stands after V1.1 of 2018-07-02. "
        "Expected the oldest first, each version above the one before it.",
    ),
    "a correction to the first version": (
        {"params/2018-05.yml": params("2018-05", "V1.0", [("V1.0", "2018-07-02")])},
        "params/2018-05.yml, 'corrections': V1.0 of 2018-07-02 stands after V1.0. "
        "Expected the oldest first, each version above the one before it.",
    ),
    "a version that is none": (
        {"params/2018-05.yml": params("2018-05", "V1.1", [("second", "2018-07-02")])},
        "params/2018-05.yml, 'corrections.0.version': found 'second'. Expected a version such as V1.1.",
    ),
    "a correction that says nothing": (
        {"params/2018-05.yml": params("2018-05", "V1.1", [("V1.1", "2018-07-02")]).replace("counted again", "' '")},
        "params/2018-05.yml, 'corrections.0.what': found ' '. Expected words.",
    ),
    "a key of a correction that nobody uses": (
        {"params/2018-05.yml": params("2018-05", "V1.1", [("V1.1", "2018-07-02")]).replace("what:", "waht:")},
        "params/2018-05.yml lacks 'corrections.0.what', which the report needs. Add a line 'what: …'.\n"
        "params/2018-05.yml has 'corrections.0.waht', which the report does not use. Did you mean 'what'?",
    ),
    "a return that no correction explains": (
        {
            V1_1: HEADING,
            "params/2018-05.yml": params("2018-05", "V1.2", [("V1.2", "2018-07-02")]),
        },
        "data/returns/2018-05.v1.1.csv is not among the corrections in params/2018-05.yml. "
        "List it there with version: V1.1, date: and what:.",
    ),
    "a correction of a report that is none of ours": (
        {"data/returns/2018-04.v1.1.csv": HEADING},
        "data/returns/2018-04.v1.1.csv corrects a report that has no params/2018-04.yml. "
        "Send its figures in the next return instead.",
    ),
    "a correction of an earlier month that its settings do not know": (
        {"data/returns/2018-04.v1.1.csv": HEADING, "params/2018-04.yml": params("2018-04")},
        "data/returns/2018-04.v1.1.csv is not among the corrections in params/2018-04.yml. "
        "List it there with version: V1.1, date: and what:.",
    ),
    "a version in words beside a return that needs its number": (
        {V1_1: HEADING, "params/2018-05.yml": params("2018-05", "Final")},
        "params/2018-05.yml says version: Final, so it is not known whether 2018-05.v1.1.csv counts. "
        "Expected a version such as V1.1.",
    ),
    **{
        f"a return named {name}": (
            {f"data/returns/{name}": SMALL["data/returns/2018-05.csv"]},
            f"data/returns/{name} is not named by a month. Expected a name such as 2018-05.csv.",
        )
        for name in ("2018-05.v1.0.csv", "2018-05.V1.1.csv", "2018-05.1.1.csv", "2018-05 v1.1.csv", "2018-13.v1.1.csv")
    },
}


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_a_message_that_says_what_to_do(tmp_path, changes, message):
    workspace = Workspace(small_workspace(tmp_path, changes))
    with pytest.raises(InputError) as error:
        read_book(workspace, "2018-05")
    assert str(error.value) == message


def test_a_month_that_has_only_begun_needs_neither_settings_nor_return(tmp_path):
    workspace = Workspace(small_workspace(tmp_path))
    book = read_book(workspace, "2018-06", begun=True)
    assert book.month_settings.version == "V1.0"
    assert book.values["month"].max() == pd.Period("2018-05")
    with pytest.raises(InputError, match=r"^params/2018-06.yml is missing\. "):
        read_book(workspace, "2018-06")


@pytest.mark.parametrize("emptied", [True, False], ids=["an empty folder", "no folder"])
def test_a_council_that_has_sent_nothing_yet_has_an_empty_book(tmp_path, emptied):
    nothing = {"data/returns/2018-04.csv": None, "data/returns/2018-05.csv": None}
    workspace = Workspace(small_workspace(tmp_path, nothing))
    if emptied:
        workspace.returns_folder.mkdir()
    book = read_book(workspace, "2018-05", begun=True)
    assert (len(book.returns), len(book.values), len(book.problems)) == (0, 0, 0)
    with pytest.raises(InputError, match=r"^data/returns/2018-05.csv is missing\. "):
        read_book(workspace, "2018-05")
