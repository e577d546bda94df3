"""Changes: what a workspace expects otherwise is applied, recorded, and refused where it makes no sense."""

from types import SimpleNamespace

import pytest

from mpr_lib.book.settings import ReportSettings, read_settings
from mpr_lib.checks.checking import applied
from mpr_lib.checks.findings import Finding, Quality
from mpr_lib.checks.suites import expected
from mpr_lib.errors import InputError

BASE = "council: A\npublisher: B\ncontacts: []\naims: []\nexpectations:"


def changes(*lines):
    return expected_of("".join(f"\n  - {{{line}, reason: It is so.}}" for line in lines) or " []")


def expected_of(said):
    settings = read_settings(ReportSettings, BASE + said, "params/report.yml")
    return expected(SimpleNamespace(settings=settings, expectations=settings.expectations))[0]


def finding(name, code, severity="warning"):
    return Finding(name, severity, "accuracy", code, "", "", None, "", "", "Wrong.", "Put it right.")


FOUND = [finding("value_is_given", "A"), finding("value_is_given", "B"), finding("row_is_unique", "A", "critical")]


@pytest.mark.parametrize(
    ("lines", "left", "counts"),
    [
        ([], ["warning A", "warning B", "critical A"], []),
        (["expectation: value_is_given, severity: off"], ["critical A"], [2]),
        (["expectation: value_is_given, severity: info, indicator_codes: [B]"],
         ["warning A", "info B", "critical A"], [1]),
        (["expectation: value_is_given, severity: off",
          "expectation: value_is_given, severity: critical, indicator_codes: [A]"],
         ["critical A", "critical A"], [1, 1]),
        (["expectation: row_is_unique, severity: warning"], ["warning A", "warning B", "warning A"], [1]),
        (["expectation: value_is_not_late, allowed_lag: 2"], ["warning A", "warning B", "critical A"], [0]),
    ],
)  # fmt: skip
def test_findings_are_as_the_workspace_wants_them_and_counted(lines, left, counts):
    kept, made = applied(FOUND, changes(*lines))
    assert [f"{each.severity} {each.indicator_code}" for each in kept] == left
    assert [each.findings for each in made] == counts
    assert all(each.reason == "It is so." for each in made)


def test_quality_json_holds_the_changes_and_older_files_are_read():
    _, made = applied(FOUND, changes("expectation: row_is_unique, severity: off, indicator_codes: [A]"))
    quality = Quality("2018-05", [], [], made)
    assert '"says": "is switched off"' in quality.to_json()
    assert Quality.from_json(quality.to_json()) == quality
    assert Quality.from_json('{"month": "2018-05", "findings": [], "expectations": []}').changes == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("expectation: value_is_not_lat, severity: off",
         "params/report.yml, expectations entry 1, 'expectation': found 'value_is_not_lat'. Expected the name of an "
         "expectation such as 'value_is_not_late'."),
        ("expectation: expectation_is_as_delivered, severity: off",
         "params/report.yml, expectations entry 1, 'expectation': found 'expectation_is_as_delivered'. This one says "
         "what was changed, and cannot be changed itself."),
        ("expectation: value_is_given, severty: off",
         "params/report.yml, expectations entry 1 has 'severty', which the report does not use. Did you mean "
         "'severity'?"),
        ("expectation: value_is_given, severity: loud",
         "params/report.yml, expectations entry 1, 'severity': found 'loud'. Input should be 'critical', 'warning', "
         "'info' or 'off'."),
    ],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused(line, message):
    with pytest.raises(InputError) as refused:
        changes(line)
    assert str(refused.value) == message


def test_an_entry_is_a_change_or_an_expectation():
    with pytest.raises(InputError) as refused:
        expected_of("\n  - value_is_given")
    assert str(refused.value) == (
        "params/report.yml, expectations entry 1: found 'value_is_given'. Expected 'expectation' and a change, or "
        "'expect'."
    )


def test_a_change_needs_a_reason():
    with pytest.raises(InputError, match=r"^params/report.yml, expectations entry 1 lacks 'reason'"):
        expected_of("\n  - {expectation: value_is_given, severity: off}")


@pytest.mark.parametrize("line", ["expectation: value_is_given", "expectation: value_is_given, allowed_lag: 1"])
def test_a_change_changes_one_thing_that_its_expectation_has(line):
    with pytest.raises(InputError, match=r"Expected (a severity or|an allowed_lag only)"):
        changes(line)
