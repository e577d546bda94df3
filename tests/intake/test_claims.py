"""What a file says of itself is compared with the workspace, and a figure in doubt is never taken without a word."""

import pytest

from mpr_lib.book import Workspace, read_book
from mpr_lib.intake.claims import contradicts, scale_of
from mpr_lib.intake.importing import write_return
from tests.helpers import cases
from tests.intake.test_actuals import rows_of, taken
from tests.intake.workbooks import HEADINGS, invented, planned, reasons, text_file, xlsx

UNITS = {"A 1": "£", "A 2": "number", "A 3": "%", "A 4": "days", "A 5": "£000s", "A 6": ""}


@pytest.mark.parametrize("case", cases("imports_units.csv"))
def test_units_contradict_each_other_or_not(case):
    assert contradicts(case["said"], case["unit"]) == (case["contradicts"] == "yes")


@pytest.mark.parametrize("case", cases("imports_scales.csv"))
def test_a_scale_is_known_by_its_words(case):
    assert scale_of(case["text"]) == case["scale"]


@pytest.mark.parametrize("case", cases("imports_claims.csv"))
def test_what_a_file_says_of_itself(tmp_path, case):
    files = {"imports__yml": case["imports"]} if case["imports"] else {}
    workspace = invented(tmp_path / "workspace", UNITS, **files)
    plan = planned(workspace, text_file(tmp_path / "june.csv", rows_of(case["rows"])))
    assert taken(plan) == case["taken"]
    assert plan.remarks[1:] == [f"june.csv: {remark}" for remark in case["remarks"].split(" / ") if remark]
    assert reasons(plan) == ([f"june.csv, {case['refused']}"] if case["refused"] else [])


@pytest.mark.parametrize("case", cases("imports_doubts.csv"))
def test_a_figure_in_doubt_is_refused_or_said(tmp_path, case):
    workspace = invented(tmp_path / "workspace", {"A": case["unit"]})
    path = text_file(tmp_path / "june.csv", [HEADINGS, ["A", "2018-06", case["text"], ""]], delimiter=case["delimiter"])
    (line,) = planned(workspace, path).lines
    assert (line.status, line.reason) == (case["status"], case["said"])


@pytest.mark.parametrize(
    ("text", "decimals", "status", "said"),
    [
        ("1.301", "0", "refused", "'1.301' is for a count without decimals and may be 1301. Expected a whole number."),
        ("13.01", "0", "new", "'13.01' has decimals, and is for a count without any."),
        ("13,01", "0", "refused", "cannot read '13,01' as a number. Expected a number such as 550, 83% or 1,544, or "
         "one of -, TBC, N/A."),
        ("1.301", "1", "new", ""), ("13.0", "0", "new", ""), ("1.5M", "0", "new", "'1.5M' is taken as 1,500,000."),
    ],
)  # fmt: skip
def test_a_count_without_decimals_is_whole(tmp_path, text, decimals, status, said):
    workspace = invented(tmp_path / "workspace", {"A": "number"})
    path = workspace / "data/indicators.csv"
    path.write_text(path.read_text().replace(',"number",1,', f',"number",{decimals},'))
    (line,) = planned(workspace, text_file(tmp_path / "june.csv", [HEADINGS, ["A", "2018-06", text, ""]])).lines
    assert (line.status, line.reason) == (status, said)


@pytest.mark.parametrize(
    ("text", "note", "kept", "said"),
    [
        ("5", "provisional", "5 [p]", ""), ("5", "(P)", "5 [p]", ""), ("5", "Prov. figure", "5 [p]", ""),
        ("5 [p]", "Provisional", "5 [p]", ""), ("TBC", "provisional", "TBC", ""), ("5*", "* estimated", "5*", ""),
        ("5", "Provisional until the audit", "5", "Its note says 'Provisional until the audit': write [p] behind the "
         "figure if it is provisional."),
        ("5", "p. 12 of the minutes", "5", ""),
    ],
)  # fmt: skip
def test_a_note_may_say_that_its_figure_is_provisional(tmp_path, text, note, kept, said):
    workspace = invented(tmp_path / "workspace", {"A": "number"})
    (line,) = planned(workspace, text_file(tmp_path / "june.csv", [HEADINGS, ["A", "2018-06", text, note]])).lines
    assert (line.status, line.is_now, line.reason, line.source.text) == ("new", kept, said, text)
    assert line.read.is_provisional == ("[p]" in kept)


def test_a_note_beside_months_across_marks_none_of_them(tmp_path):
    workspace = invented(tmp_path / "workspace", {"A": "number"})
    rows = [["Code", "May-18", "Jun-18", "Note"], ["A", "5", "6", "provisional"]]
    plan = planned(workspace, text_file(tmp_path / "june.csv", rows))
    assert [line.is_now for line in plan.lines] == ["5", "6"]
    assert {line.reason for line in plan.lines} == {
        "Its note says 'provisional': write [p] behind the figure if it is provisional."
    }


TARGETS = (
    "indicator_code,financial_year,annual_target_low,annual_target_high,profile,baseline,tolerance,amber_low,amber_high\n"
    "A 1,2018,1200,1200,LINEAR,,,,\nA 2,2018,80,80,FLAT,,,,\n"
)


@pytest.mark.parametrize(
    ("told", "remarks"),
    [
        ("300", []), ("1,200", []), ("", []), ("N/A", []), ("better than last year", []),
        ("900", ["june.csv: column C (Target) contradicts the workspace's targets for A 1 ('900', and there 300 or "
                 "1,200)."]),
    ],
)  # fmt: skip
def test_a_files_target_is_compared_with_the_months_and_the_years(tmp_path, told, remarks):
    workspace = invented(tmp_path / "workspace", UNITS, targets__csv=TARGETS)
    rows = [["Code", "Month", "Target", "Actual"], ["A 1", "2018-06", told, "5"], ["A 3", "2018-06", "50%", "5%"]]
    assert planned(workspace, text_file(tmp_path / "june.csv", rows)).remarks[1:] == remarks


def test_a_column_that_the_second_row_alone_heads_is_named_by_it(tmp_path):
    workspace = invented(tmp_path / "workspace", UNITS, targets__csv=TARGETS)
    rows = rows_of("Code|Month|This year| / ||Actual|Target / A 1|Jun-18|5|900")
    (said,) = planned(workspace, text_file(tmp_path / "june.csv", rows)).remarks[1:]
    assert said.startswith("june.csv: column D (Target) contradicts the workspace's targets for A 1")


@pytest.mark.parametrize(
    ("heading", "remarks"),
    [
        ("Monthly Actual", ["june.csv: 'Monthly Actual' may be the month's own figures, and these are cumulative: A."]),
        ("YTD Actual", ["june.csv: 'YTD Actual' may be figures to date, and the month's are asked for: B."]),
        ("Actual", []), ("Month's Value", []),
    ],
)  # fmt: skip
def test_a_months_own_figures_for_a_cumulative_indicator(tmp_path, heading, remarks):
    workspace = invented(tmp_path / "workspace", {"A": "number", "B": "number"})
    path = workspace / "data/indicators.csv"
    path.write_text(path.read_text().replace("SNAPSHOT", "CUMULATIVE", 1))
    rows = [["Code", "Month", heading], ["A", "2018-06", "5"], ["B", "2018-06", "5"]]
    assert planned(workspace, text_file(tmp_path / "june.csv", rows)).remarks[1:] == remarks


def test_the_parts_of_a_figure_are_written_and_the_report_computes_it(tmp_path):
    """Into a return without such columns too; what is sent again changes nothing."""
    known = {"returns/2018-06__csv": "indicator_code,month,value,note\nA 4,2018-06,5,\n"}
    workspace = invented(tmp_path / "workspace", UNITS, **known)
    rows = [["Code", "Month", "Numerator", "Denominator"], ["A 3", "2018-06", "830", "1,000"]]
    path = text_file(tmp_path / "june.csv", rows)
    (line,) = planned(workspace, path).lines
    assert (line.status, line.is_now, line.reason) == ("new", "83.0%", "Made from 830 of 1,000.")
    written = write_return(Workspace(workspace), planned(workspace, path)).read_text(encoding="utf-8")
    assert written == (
        'indicator_code,month,value,note,numerator,denominator\nA 4,2018-06,5,,,\nA 3,2018-06,,,830,"1,000"\n'
    )
    assert [line.status for line in planned(workspace, path).lines] == ["same"]
    row = read_book(Workspace(workspace), "2018-06", begun=True).values.iloc[-1]
    assert (row["number"], row["computed_from"]) == (83.0, "830 of 1,000")


def test_a_rating_is_kept_beside_its_figure_for_the_checks(tmp_path):
    """Beside several months nobody knows whose it is; and the same file again changes nothing."""
    workspace = invented(tmp_path / "workspace", UNITS)
    june = text_file(tmp_path / "june.csv", rows_of("Code|Month|Value|Status / A 2|Jun-18|7|Red / A 6|Jun-18|8|final"))
    plan = planned(workspace, june)
    assert plan.remarks[1:] == ["june.csv: not read: Status."]
    path = write_return(Workspace(workspace), plan)
    rows = "indicator_code,month,value,note,stated_rating\nA 2,2018-06,7,,{}\nA 6,2018-06,8,,\n"
    assert path.read_text() == rows.format("Red")
    assert {line.status for line in planned(workspace, june).lines} == {"same"}
    other = text_file(tmp_path / "other.csv", rows_of("Code|Jun-18|RAG / A 2|7|G"))
    changed = [(line.status, line.reason) for line in planned(workspace, other).lines]
    assert changed == [("changed", "Is said to be rated G.")]
    assert write_return(Workspace(workspace), planned(workspace, other)).read_text() == rows.format("G")
    unseen = text_file(
        tmp_path / "unseen.csv", [["Code", "Month", "Value", "RAG"], ["A 2", "Jun-18", "7", "Red\v\x85 !"]]
    )
    assert write_return(Workspace(workspace), planned(workspace, unseen)).read_text() == rows.format("Red !")
    assert planned(workspace, unseen).lines[0].status == "same"
    months = text_file(tmp_path / "months.csv", rows_of("Code|May-18|Jun-18|RAG / A 4|7|9|G"))
    plan = planned(workspace, months)
    assert plan.remarks[1:] == ["months.csv: not read: RAG."]
    assert {line.stated_rating for line in plan.lines} == {""}


def test_a_rating_takes_nothing_from_the_figure_that_it_comes_with(tmp_path):
    """Its note, that it is provisional, confirmed or made of parts: the figure is the one that stands."""
    rows = [
        "indicator_code,month,value,note,numerator,denominator,provisional,confirmed,stated_rating",
        'A 2,2018-06,7,"Counted, by hand",,,true,"Head, 2018-07-01",',
        "A 3,2018-06,,,83,100,,,Red",
    ]
    workspace = invented(tmp_path / "workspace", UNITS, **{"returns/2018-06__csv": "\n".join([*rows, ""])})
    june = text_file(tmp_path / "june.csv", rows_of("Code|Jun-18|RAG / A 2|7|G / A 3|83.0%|A"))
    assert {line.status for line in planned(workspace, june).lines} == {"changed"}
    written = write_return(Workspace(workspace), planned(workspace, june)).read_text()
    assert written.splitlines() == [rows[0], f"{rows[1]}G", rows[2].replace("Red", "A")]


@pytest.mark.parametrize(("parts", "said"), [
    (("830", ""), "'830' is a numerator without a denominator. Expected both."),
    (("", "1,000"), "has no figure."),
    (("", ""), "has no figure."),
])  # fmt: skip
def test_a_numerator_without_a_denominator_is_refused_and_a_population_alone_is_no_figure(tmp_path, parts, said):
    rows = [["Code", "Month", "Value", "Numerator", "Denominator"], ["A 3", "2018-06", "", *parts]]
    (line,) = planned(invented(tmp_path / "workspace", UNITS), text_file(tmp_path / "june.csv", rows)).lines
    assert line.reason == said
    assert line.status == ("refused" if parts[0] else "left out")


@pytest.mark.parametrize(
    ("unit", "code", "value", "status", "shown"),
    [
        ("number", "#,##0,", 1234000, "refused", "1,234"),
        ("£", "£0.0,,", 1234000, "refused", "£1.2"),
        ("days", "0.0,", -1234, "refused", "-1.2"),
        ("number", "0.0,,", 400, "refused", "0.0"),
        ("£000s", "#,##0,", 1234000, "new", "1,234"),
        ("£m", "0.0,,", 12500000, "new", "12.5"),
        ("£", '"£"#,##0,"k"', 1234000, "new", "£1,234k"),
        ("number", "0", 0.4, "new", "0"),
    ],
)
def test_a_figure_that_its_cell_shows_in_thousands_is_asked_about(tmp_path, unit, code, value, status, shown):
    workspace = invented(tmp_path / "workspace", {"A": unit})
    path = xlsx(tmp_path / "june.xlsx", [HEADINGS, ["A", "2018-06", value, ""]], {"C2": code})
    (line,) = planned(workspace, path).lines
    asked = (
        f"'{shown}' is what the cell shows, in thousands or millions, and it holds {value}. Expected the figure in "
        "full: give the cell the format #,##0, look at the figure and import the file again."
    )
    assert (line.status, line.reason == asked) == (status, status == "refused")


def test_one_target_beside_months_across_is_that_of_the_newest(tmp_path):
    workspace = invented(tmp_path / "workspace", UNITS, targets__csv=TARGETS)
    for target, known in [("300", True), ("100", False)]:
        rows = [["Code", "Target", "Apr-18", "May-18", "Jun-18"], ["A 1", target, "5", "6", "7"]]
        remarks = planned(workspace, text_file(tmp_path / "june.csv", rows)).remarks[1:]
        assert any("(Target) contradicts" in remark for remark in remarks) != known


@pytest.mark.parametrize(
    ("june", "again"),
    [
        (["5", "6", "7", "0"], True), (["5.0", "6", "7", "0"], True), (["5", "6", "8", "0"], False),
        (["5", "6", "TBC", "0"], False), (["0", "0", "0", "0"], False),
    ],
    ids=["all of them", "written otherwise", "one has moved", "two are too few", "there was nothing to count"],
)  # fmt: skip
def test_a_file_that_has_last_months_figures_again_is_asked_about(tmp_path, june, again):
    codes = list(UNITS)[:4]
    may = [june[0], *june[1:]] if june[0] == "0" else ["5", "6", "7", "0"]
    known = "indicator_code,month,value,note\n" + "".join(
        f"{code},2018-05,{text},\n" for code, text in zip(codes, may, strict=True)
    )
    workspace = invented(tmp_path / "workspace", dict.fromkeys(codes, "number"), **{"returns/2018-05__csv": known})
    rows = [HEADINGS, *([code, "2018-06", text, ""] for code, text in zip(codes, june, strict=True))]
    said = f"june.csv: all {len(june)} figures for June 2018 are those of May 2018. Is it that month's file?"
    assert (said in planned(workspace, text_file(tmp_path / "june.csv", rows)).remarks) == again
