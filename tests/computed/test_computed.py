"""Computed indicators: formulas read and worked out by their tables, their figures in all that has figures."""

from decimal import Decimal

import pytest
from typer.testing import CliRunner

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.book.book import as_at, marked
from mpr_lib.checks import delivered, run_checks
from mpr_lib.computed.computing import read_formula
from mpr_lib.errors import ValueTextError
from mpr_lib.report import Report
from mpr_lib.run import cli
from tests.helpers import SMALL, cases, needs, same, small_workspace

HEAD = SMALL["data/indicators.csv"].splitlines()[0] + ",last_month\n"
TARGETS = SMALL["data/targets.csv"].splitlines()[0] + "\n"
RETURN = "indicator_code,month,value,note\n"


@pytest.mark.parametrize("case", cases("computed_formulas.csv"))
def test_a_formula_is_read_and_worked_out_or_refused(case):
    if not case["words"]:
        with pytest.raises(ValueTextError, match=r"^cannot read .* as a formula\. Expected codes in square brackets"):
            read_formula(case["formula"])
        return
    formula = read_formula(case["formula"])
    assert formula.words == case["words"]
    value = formula.value([Decimal(each) for each in case["numbers"].split()])
    assert value == (Decimal(case["value"]) if case["value"] else None)


ROW = "{},Name,,SAFE,,,,,MAXIMISE,SNAPSHOT,{},{},{},,,,,,,{}\n"


def workspace_of(folder, formulas, returned, about="number 0", ended="", changes=None):
    """A workspace with the indicators A, B and Y, X of a unit, decimals and a frequency, and three months' returns."""
    unit, decimals, often = ([*about.split(), "", ""])[:3]
    described = [HEAD, *(ROW.format(code, "number", "", "", ended * (code == "A")) for code in "ABY")]
    files = {f"data/returns/2018-{month}.csv": RETURN for month in ("04", "05", "06")}
    for code, month, value in (each.split(" ", 2) for each in returned.split("; ")):
        files[f"data/returns/{max(month, '2018-04')}.csv"] += f'{code},{month},"{value}",\n'
    declared = (each.split("=", 1) for each in formulas.split("; "))
    files |= {
        "data/computed.csv": "indicator_code,formula\n" + "".join(f'{code},"{text}"\n' for code, text in declared),
        "data/indicators.csv": "".join([*described, ROW.format("X", unit, decimals, often, "")]),
        "data/targets.csv": TARGETS, "params/2018-06.yml": "month: 2018-06\n",
    }  # fmt: skip
    return Workspace(small_workspace(folder, files | (changes or {})))


def numbers(book):
    """The figures that stand, by code and month."""
    return {(row.indicator_code, str(row.month)): row.number for row in book.values.itertuples()}


@pytest.mark.parametrize("case", cases("computed_figures.csv"))
def test_a_figure_is_what_its_formula_makes(tmp_path, case):
    book = read_book(workspace_of(tmp_path, case["formulas"], case["returned"], case["about"]), "2018-06")
    code, month = case["asked"].split()
    row = history_of(book).set_index(["indicator_code", "month"]).loc[(code, month)]
    assert same(row["value"], case["value"])
    assert (row["value_text"], row["no_value_reason"] or "") == (case["text"], case["reason"])


def test_flags_dates_and_words_follow_from_the_inputs(tmp_path):
    book = read_book(workspace_of(tmp_path, "X=[A] + [B]", "A 2018-05 Proxy 1; B 2018-05 2 p; A 2018-04 1"), "2018-06")
    row = book.values[book.values["indicator_code"] == "X"].iloc[-1]
    assert row[["is_proxy", "is_provisional", "file", "row", "computed_from"]].tolist() == [
        True, True, "data/computed.csv", 2, "A + B"
    ]  # fmt: skip
    assert str(row["received"]) == "2018-05"


REVISED = "A 2018-04 1; B 2018-04 2; A 2018-05 10; B 2018-05 20"


def test_a_month_is_computed_as_it_was_known(tmp_path):
    """A revised input changes the figure from then on, and marks it; earlier books have what stood."""
    workspace = workspace_of(tmp_path, "X=[A] + [B]; Y=[X] * 2", REVISED)
    path = workspace.return_file("2018-06")
    path.write_text(f"{RETURN}A,2018-05,11,Counted twice\n", encoding="utf-8")
    book = read_book(workspace, "2018-06")
    now, then = numbers(book), numbers(as_at(book, book.month - 1))
    assert [each[code, "2018-05"] for code in "XY" for each in (now, then)] == [31, 30, 62, 60]
    assert numbers(read_book(workspace, "2018-05"))["X", "2018-05"] == 30
    frame = marked(history_of(book), book).set_index(["indicator_code", "month"])["is_revised"]
    assert [frame[code, f"2018-0{month}"] for code in "AXYB" for month in (4, 5)] == [
        False, True, False, True, False, True, False, False
    ]  # fmt: skip


def test_an_input_that_has_ended_still_makes_earlier_months(tmp_path):
    returned = "A 2018-04 1; B 2018-04 2; B 2018-05 20"
    book = read_book(workspace_of(tmp_path, "X=[A] + [B]", returned, ended="2018-04"), "2018-06")
    assert [numbers(each)["X", "2018-04"] for each in (book, as_at(book, book.month - 1))] == [3, 3]


def findings(workspace, month="2018-05"):
    book = read_book(workspace, month)
    history = history_of(book)
    asked = [each for each in delivered() if each.batch.startswith("computed")]
    return [(each.severity, each.message) for each in
            run_checks(book, scorecard_of(book, history), history, expectations=asked).findings]  # fmt: skip


@pytest.mark.parametrize("case", cases("computed_spoiled.csv"))
def test_what_is_wrong_is_found(tmp_path, case):
    changes = {"data/targets.csv": TARGETS + "X,2018,95,95,FLAT,,,,\n"}
    workspace = workspace_of(tmp_path, case["formulas"], case["returned"], case["about"], changes=changes)
    assert findings(workspace) == ([(case["severity"], case["message"])] if case["message"] else [])


def test_a_confirmed_target_is_no_doubt(tmp_path):
    changes = {"data/targets.csv": TARGETS.strip() + ",confirmed\nX,2018,95,95,FLAT,,,,,true\n"}
    returned = "A 2018-05 1; B 2018-05 2"
    assert findings(workspace_of(tmp_path, "X=[A] / [B]", returned, "% 1", changes=changes)) == []


def told(report):
    """What the one card says that a figure is computed from, and why there is none."""
    (card,) = report.detail().blocks
    facts = {item["term"]: item["cell"]["text"] for child in card["children"] if child["kind"] == "facts"
             for item in child["items"]}  # fmt: skip
    notes = [child["text"] for child in card["children"] if (child["kind"], child["part"]) == ("note", "more")]
    return facts.get("Computed from", ""), "".join(notes)


@pytest.mark.parametrize(
    ("number", "fact", "note"),
    [
        ("2", "A ÷ B × 100", ""),
        ("TBC", "", "Computed from A ÷ B × 100. Not for May 2018: there is no figure of B for it."),
        ("0", "", "Computed from A ÷ B × 100. Not for May 2018: that divides by 0 or makes too large a figure."),
    ],
)
def test_a_card_says_what_a_figure_is_computed_from_or_why_there_is_none(tmp_path, number, fact, note):
    judged = SMALL["data/judgements.csv"] + "X,2018-05,,AT_RISK,Late,Head of Roads,2018-06-01\n"
    returned, changes = f"A 2018-05 1; B 2018-05 {number}", {"data/judgements.csv": judged}
    workspace = workspace_of(tmp_path, "X=[A] / [B] * 100", returned, "% 1", changes=changes)
    assert told(Report(read_book(workspace, "2018-05"))) == (fact, note)


@needs("owed")
@needs("intake")
def test_nobody_is_asked_for_what_is_computed(tmp_path):
    workspace = workspace_of(tmp_path, "X=[A] + [B]; Y=[A] * 2", "A 2018-05 1")
    said = CliRunner().invoke(cli.app, ["status", "2018-05", "--workspace", str(workspace.root)]).stdout
    assert {line.split("\t")[2] for line in said.splitlines() if "\tvalue\t" in line} == {"B"}
    from mpr_lib.intake.template import template_rows

    assert set(template_rows(workspace, read_book(workspace, "2018-05").month)[1]["indicator_code"]) == {"A", "B"}


@needs("committees")
def test_a_committees_edition_has_what_is_computed_of_others_figures(tmp_path):
    from mpr_lib.committees.making import part_of

    book = read_book(workspace_of(tmp_path, "X=[A] + [B]", REVISED), "2018-06")
    part = as_at(part_of(book, ["X"]), book.month - 1)
    assert part.values["number"].tolist() == [3, 30]
