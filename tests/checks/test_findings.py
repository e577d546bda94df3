"""Findings: their order, their file, and their way there and back."""

import json

import pytest

from mpr_lib.checks.findings import ExpectationResult, Finding, Quality, grouped, in_order
from mpr_lib.errors import InputError

pytestmark = pytest.mark.core_smoke


def finding(severity="warning", code="CP 1.1", month="2018-05", name="value_is_given", row=2):
    file = "data/returns/2018-05.csv"
    return Finding(name, severity, "completeness", code, month, file, row, "value", "-", "– is no figure.", "Ask.")


def quality(*findings):
    result = ExpectationResult("value_is_given", "warning", "completeness", "Each has one.", 31, len(findings), True)
    return Quality("2018-05", list(findings), [result])


def test_findings_stand_by_severity_indicator_month_and_name():
    ordered = [
        finding("critical", "CP 5.4"),
        finding("warning", "CP 3.9", "2018-04"),
        finding("warning", "CP 3.9", "2018-05", "value_is_given", row=2),
        finding("warning", "CP 3.9", "2018-05", "value_is_given", row=10),
        finding("warning", "CP 3.9", "2018-05", "value_is_not_late"),
        finding("warning", "CP 3.10"),
        finding("info", ""),
        finding("info", "CP 1.1"),
    ]
    assert in_order(reversed(ordered)) == ordered


def test_critical_findings_and_counts():
    found = quality(finding("critical"), finding("info"), finding("info"))
    assert found.critical == [finding("critical")]
    assert found.counts == {"critical": 1, "warning": 0, "info": 2}


def test_json_and_back():
    found = quality(finding(), finding(row=None))
    assert Quality.from_json(found.to_json()) == found
    assert json.loads(found.to_json())["expectations"][0]["met"] is False
    assert "– is no figure." in found.to_json()


def test_the_file_is_written_whole_and_read_back(tmp_path):
    path = tmp_path / "quality.json"
    path.write_text("old", encoding="utf-8")
    quality(finding()).write(path)
    assert Quality.read(path) == quality(finding())
    assert [each.name for each in tmp_path.iterdir()] == ["quality.json"]


def test_a_failure_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "quality.json"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space left"):
        quality(finding()).write(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["quality.json"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"month": "2018-05", "findings": [{}], "expectations": []}'])
def test_another_file_is_refused(text):
    with pytest.raises(InputError, match=r"^this is not a file of data-quality findings \(.*\)\. Run the month again"):
        Quality.from_json(text)


def test_findings_of_one_expectation_make_one_line_whatever_their_number():
    found = [finding(code="CP 1.1"), finding(code="CP 1.1", month="2018-04"), finding(code=""), finding("info")]
    leads = [(lead, first.severity) for lead, first in grouped(found)]
    assert leads == [("value_is_given, 3 findings (CP 1.1). The first: ", "warning"), ("", "info")]
    many = [finding(code=f"CP {number}") for number in range(1000) for _ in range(2)]
    ((lead, first),) = grouped(many)
    assert lead == "value_is_given, 2,000 findings (CP 0, CP 1, CP 2, CP 3, CP 4 and 995 more). The first: "
    assert first.said == "– is no figure. Ask."
    assert grouped([finding(code=""), finding(code="")])[0][0] == "value_is_given, 2 findings. The first: "
