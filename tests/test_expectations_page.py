"""docs/expectations.md says of the suites what they are, and its examples do what they say."""

import re
from dataclasses import replace
from functools import cache

import pytest
import yaml

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, run_checks
from mpr_lib.checks.frames import parameters
from mpr_lib.checks.suites import expected
from mpr_lib.errors import InputError
from mpr_lib.rules.months import read_month
from tests.helpers import REPOSITORY, needs
from tools.expectations import PAGE, page

TEXT = PAGE.read_text(encoding="utf-8")
CHANGES, OWN = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL))
NOT_MET = {"proxy_has_its_note": 1, "take_up_is_plausible": 0, "indicator_belongs_to_a_committee": 0}
"""How often each example of an entry is not met in the May 2018 report's data."""


@needs("finance")
def test_its_tables_are_those_of_the_suites():
    """If not: python -m tools.expectations."""
    assert page(TEXT) == TEXT


@needs("finance")
def test_it_names_what_a_dollar_may_stand_for(book):
    named = re.findall(r"`\$(\w+)`", TEXT)
    assert sorted(named) == sorted(parameters(book))


def test_a_table_that_differs_would_be_found():
    assert page(TEXT.replace("| `row_is_unique` |", "| `row_is_single` |")) == page(TEXT)
    assert "`row_is_single`" not in page(TEXT)
    assert all(f"| `{each.name}` |" in page(TEXT) for each in delivered())


@pytest.fixture(scope="module")
def book():
    return read_book(Workspace(REPOSITORY), read_month("2018-05"))


@cache
def made(book):
    """A book's history and scorecard, which no check changes."""
    history = history_of(book)
    return history, scorecard_of(book, history)


def check(book, said, *, own_alone=False):
    """Check a book with what params/expectations.yml might say: by all expectations, or by that file's own alone."""
    history, scorecard = made(book)
    book = replace(book, expectations=said)
    return run_checks(book, scorecard, history, expectations=expected(book)[1] if own_alone else None)


def test_its_examples_of_changes_do_what_they_say(book):
    as_delivered, changed = check(book, []), check(book, CHANGES)
    late = {("value_is_not_late", code) for code in CHANGES[0]["indicator_codes"]}
    found = [{(each.expectation, each.indicator_code) for each in run.findings} for run in (as_delivered, changed)]
    assert [late & each for each in found] == [late, set()]
    assert [(each.expectation, each.indicator_codes) for each in changed.changes] == [
        (each["expectation"], each["indicator_codes"]) for each in CHANGES
    ]
    said = [each for each in changed.findings if each.expectation == "expectation_is_as_delivered"]
    assert {each.file for each in said} == {"params/expectations.yml"}


def test_its_examples_of_entries_are_run_and_each_finds_what_it_should(book):
    of_take_up = book.returns["indicator_code"] == "CP 3.9"
    spoiled = replace(
        book,
        returns=book.returns.assign(number=book.returns["number"].mask(of_take_up, -1)),
        indicators=book.indicators.assign(scrutiny_committee=""),
    )
    found, worse = (
        {each.name: each.findings for each in check(each, OWN, own_alone=True).expectations if each.name in NOT_MET}
        for each in (book, spoiled)
    )
    assert found == NOT_MET
    assert all(worse.values())


@pytest.mark.parametrize(
    ("line", "instead", "message"),
    [
        ("found", "{plcae}: no note.", r"nothing fills in \{plcae\}\. Expected place, cell, found,"),
        ("do", "Ask {officer.", r"Correct its row_condition, its columns or its texts\.$"),
        ("row_condition", "is_proxie and stands", r"name 'is_proxie' is not defined\. Correct its row_condition,"),
        ("row_condition", "unit in $unit", r"nothing is called \$unit\. Expected one of .*\$aims,"),
        ("expect", "ExpectColumnValuesToBeOdd", r"Great Expectations has no class 'ExpectColumnValuesToBeOdd'\."),
        ("column", "notes", r"the batch returns has no column 'notes'\. It has accumulate,"),
        ("severity", "loud", r"'severity': found 'loud'\. Expected"),
        ("batch", "figures", r"'batch': found 'figures'\. Expected .*amber_limits, "),
        ("name", "row_is_unique", r"there is an expectation 'row_is_unique'\. Give yours another name\.$"),
        ("batch", [], r"'batch': found \[\]\. Expected .*amber_limits, "),
        ("like", ["returns"], r"there is no entry of that name in \['returns'\]\.yml"),
        ("name", 5, r"'name': found 5\. Expected a text"),
        ("name", "Take up!", r"'name': found 'Take up!'\. Expected small letters, digits and _\.$"),
        ("means", 5, r"'means': found 5\. Expected a text"),
        ("text", ["note"], r"'text': found \['note'\]\. Expected a text"),
        ("one_per", "file", r"'one_per': found 'file'\. Expected a list"),
        ("row_condition", 5, r"Found the row_condition 5\. Expected a text for pandas"),
        ("row_condition", "", r"Found the row_condition ''\. Expected a text for pandas"),
        ("column", {"a": 1}, r"Found the columns \[{'a': 1}\]\. Expected the names of columns\.$"),
        ("text", "nonsense", r"the batch returns has no column 'nonsense'\.$"),
        ("month", "reported", r"the batch returns has no column 'reported'\.$"),
        ("file", "nonsense", r"the batch returns has no column 'nonsense'\.$"),
        ("one_per", ["nonsense"], r"the batch returns has no column 'nonsense'\.$"),
        ("found", "{expected}", r"KeyError: 'expected'\. Correct its row_condition, its columns or its texts\.$"),
        ("found", "{found:{x}}", r"KeyError: 'x'\. Correct"),
        ("found", "{found!z}", r"ValueError: Unknown conversion specifier z\. Correct"),
        ("found", "{place:%s}", r"ValueError: .*Correct its row_condition, its columns or its texts\.$"),
        ("value_set", ["$units"], r"found \['\$units'\]\. Expected a \$name alone, which stands for a whole list\.$"),
    ],
)
def test_an_entry_that_names_what_there_is_not_is_refused_with_its_place(book, line, instead, message):
    with pytest.raises(InputError, match=rf"^params/expectations\.yml, entry .*{message}"):
        check(book, [OWN[0] | {line: instead}], own_alone=True)


def test_an_expectation_of_a_whole_column_makes_one_finding_without_a_row(book):
    lines = ("name", "batch", "severity", "characteristic", "means", "do")
    whole = {line: OWN[0][line] for line in lines} | {"batch": "returns", "found": "{place}: the highest is too high."}
    whole |= {"expect": "ExpectColumnMaxToBeBetween", "column": "number", "max_value": 10}
    name = whole["name"]
    (found,) = (each for each in check(book, [whole], own_alone=True).findings if each.expectation == name)
    assert (found.severity, found.row, found.indicator_code, found.month) == (whole["severity"], None, "", "")
    assert found.message.endswith(": the highest is too high.")
    within = check(book, [whole | {"max_value": 10**9}], own_alone=True)
    assert not [each for each in within.findings if each.expectation == name]


def test_rows_without_a_number_can_be_told_to_be_alike(book):
    twice = OWN[0] | {"batch": "settings", "expect": "ExpectColumnValuesToBeUnique", "column": "kind", "text": ""}
    twice = {line: said for line, said in twice.items() if line in {*OWN[0]} - {"row_condition", "min_value"}}
    found = check(book, [twice | {"found": "{all_rows} are alike", "do": "Nothing."}], own_alone=True).findings
    assert "several places are alike" in {each.message for each in found}


def test_every_line_of_an_entry_is_explained():
    lines = {name for each in [*CHANGES, *OWN] for name in each} - {"column", "min_value", "max_value"}
    told = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", TEXT, re.MULTILINE))))
    assert lines <= told
