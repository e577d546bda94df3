"""The finance section: every printed cell, the words, the charts' alternatives; in other months the note."""

import shutil
from pathlib import Path

import pytest

from mpr_lib.report.report import open_report
from tests.helpers import TESTS, table

NORTHMOOR = TESTS / "councils" / "northmoor"
EXPECTED = table("councils", "northmoor-finance-expected.csv")


@pytest.fixture(scope="module")
def shown():
    return open_report(str(NORTHMOOR), "2024-09").finance().blocks


def kinds(blocks, kind):
    return [block for block in blocks if block["kind"] == kind]


def printed(blocks):
    """Every row of every finance table as (part, line, cells)."""
    return [
        (
            block["id"].split("-")[1],
            row["cells"]["line"]["text"],
            " | ".join(cell["text"] for key, cell in row["cells"].items() if key != "line"),
        )
        for block in kinds(blocks, "table")
        for row in block["rows"]
    ]


def workspace(tmp_path, settings=None, **files):
    folder = shutil.copytree(NORTHMOOR, tmp_path / "northmoor")
    report = folder / "params" / "report.yml"
    report.write_text(report.read_text(encoding="utf-8") + (settings or ""), encoding="utf-8")
    for name, content in files.items():
        path = folder / "data" / "finance" / "2024-09" / f"{name}.csv"
        path.unlink()
        if content:
            path.write_text(content, encoding="utf-8")
    return str(folder)


def test_every_cell_is_as_worked_out_by_hand(shown):
    assert printed(shown) == [(row["part"], row["line"], row["cells"]) for row in EXPECTED]


def test_a_status_has_a_word_a_shape_and_no_colour_alone(shown):
    (revenue, *_) = kinds(shown, "table")
    statuses = [(row["cells"]["status"]["text"], row["cells"]["status"]["outcome"]) for row in revenue["rows"]]
    assert statuses == [
        ("Overspend", "AT_RISK"), ("Slight overspend", "SOME_SLIPPAGE"), ("On budget", "ON_COURSE"),
        ("Underspend", "ON_COURSE"), ("Overspend", "AT_RISK"), ("Overspend", "AT_RISK"),
    ]  # fmt: skip


def test_it_leads_with_a_sentence_and_each_part_says_what_it_comes_to(shown):
    (lead,) = kinds(shown, "sentence")
    assert lead["text"] == "Services are forecast to overspend their budget by £1,742 thousand (1.2%)."
    texts = [block["text"] for block in kinds(shown, "text")]
    for said in (
        "Spending of £146,892 thousand is forecast against a budget of £145,150 thousand, an overspend of £1,742 "
        "thousand (1.2%). £73,163 thousand was spent to date. 3 of 5 services are forecast to overspend.",
        "Spending of £15,762 thousand is forecast against a budget of £18,550 thousand, an underspend of £2,788 "
        "thousand (15.0%). £6,850 thousand was spent to date. 1 of 3 schemes is forecast to overspend.",
        "Savings of £1,930 thousand are forecast against a target of £2,200 thousand, £270 thousand (12.3%) short of "
        "it. £1,010 thousand has been delivered to date. 1 of 3 savings is forecast to fall short.",
        "Reserves of £13,800 thousand are forecast to fall to £10,909 thousand by the end of the year. Transformation "
        "reserve is below its minimum.",
        "Balances with a limit are within it: Investments and Gross external debt.",
    ):
        assert said in texts


def test_every_part_has_a_chart_with_its_figures_in_words(shown):
    charts = kinds(shown, "figure")
    assert [chart["anchor"] for chart in charts] == [
        f"finance-{part}-chart" for part in ("revenue", "capital", "savings", "reserves", "treasury")
    ]
    assert charts[0]["alt"] == (
        "Revenue, variance from budget: Adult social care £1,724 thousand overspend; Children's services £211 thousand "
        "slight overspend; Environment on budget; Resources £414 thousand underspend; Planning fees £220 thousand "
        "overspend."
    )
    assert "−414 underspend" in charts[0]["svg"]
    assert all(name in charts[1]["svg"] for name in ("Budget", "Forecast outturn", "Leisure centre"))


def test_commentary_stands_with_its_part_and_says_whose_it_is(shown):
    words = [block for block in shown if block["kind"] in ("heading", "prose", "text")]
    parts = [block.get("id") or block.get("text", "") for block in words]
    revenue, capital = parts.index("finance-revenue"), parts.index("finance-capital")
    assert parts[capital - 1] == "Head of Finance (Section 151 officer), 10 October 2024"
    assert revenue < capital - 1


def test_amounts_are_in_millions_where_a_workspace_says_so(tmp_path):
    folder = workspace(tmp_path, treasury="")
    settings = TESTS / folder / "params" / "report.yml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("finance_unit: thousands", "finance_unit: millions\nfinance_decimals: 2")
    settings.write_text(text, encoding="utf-8")
    blocks = open_report(folder, "2024-09").finance().blocks
    cells = {(part, line): said for part, line, said in printed(blocks)}
    assert cells[("revenue", "Resources")] == "14.80 | 7.05 | 14.39 | −0.41 | −2.8% | Underspend"
    assert kinds(blocks, "table")[0]["columns"][1]["label"] == "Budget (£m)"
    assert blocks[-1]["text"] == "Not reported this month: treasury management."


SMALL_AMOUNTS = {
    "revenue": "service,budget,forecast\nRoads,60000,105000\nFees,60000,60400\nParks,60000,59600\nPlay,60000,60000\n",
    "capital": "scheme,budget,forecast\nDepot,60000,105000\nDepot roof,600000,600400\n",
    "savings": "saving,target,forecast\nOffices,105000,60000\nPrinting,60400,60000\nEnergy,60000,60400\nPost,400,400\n",
    "reserves": "reserve,opening,forecast,minimum\nGeneral,60000,59600,60000\nWorking,59600,60000,60000\n",
    "treasury": "line,balance,limit\nInvestments,60400,60000\nBorrowing,60000,60000\n",
}
"""Amounts and differences that some unit shows as 0."""


@pytest.mark.parametrize(("unit", "decimals"), [("pounds", 3), ("thousands", ""), ("millions", 0), ("millions", "")])
def test_no_status_and_no_finding_hangs_on_the_unit_that_is_shown(tmp_path, unit, decimals):
    folder = workspace(tmp_path, **SMALL_AMOUNTS)
    for words in Path(folder, "data/finance/2024-09").glob("*.md"):
        words.unlink()
    settings = Path(folder, "params/report.yml")
    shown_in = f"finance_unit: {unit}\n" + (f"finance_decimals: {decimals}\n" if decimals != "" else "")
    settings.write_text(settings.read_text("utf-8").replace("finance_unit: thousands\n", shown_in), encoding="utf-8")
    report = open_report(folder, "2024-09")
    blocks = report.finance().blocks
    assert [said.rpartition(" | ")[2] for _, _, said in printed(blocks)] == [
        "Overspend", "Slight overspend", "Underspend", "On budget", "Overspend",
        "Overspend", "Slight overspend", "Overspend",
        "Shortfall", "Slight shortfall", "Above target", "On target", "Shortfall",
        "Below minimum", "At least the minimum", "No minimum set",
        "Above limit", "Within limit",
    ]  # fmt: skip
    said = " ".join(block["text"] for block in kinds(blocks, "sentence") + kinds(blocks, "text"))
    assert "just as planned" not in said
    assert "Services are forecast to overspend their budget by £" in said
    assert "2 of 4 services are forecast to overspend" in said
    silent = [each.file for each in report.findings.findings if each.expectation == "finance_exception_has_commentary"]
    assert [Path(file).stem for file in silent] == ["capital", "reserves", "revenue", "savings", "treasury"]


def test_an_overspend_is_slight_up_to_the_tolerance_of_the_workspace(tmp_path):
    folder = workspace(tmp_path, "finance_tolerance: 0.03\n")
    cells = {(part, line): said for part, line, said in printed(open_report(folder, "2024-09").finance().blocks)}
    assert cells[("revenue", "Adult social care")].endswith("Slight overspend")


def test_only_what_a_file_has_is_a_column(tmp_path):
    folder = workspace(tmp_path, revenue="service,budget,forecast\nEnvironment,5000,5000\n")
    revenue = kinds(open_report(folder, "2024-09").finance().blocks, "table")[0]
    keys = [column["key"] for column in revenue["columns"]]
    assert keys == ["line", "budget", "forecast", "variance", "share", "status"]


def test_names_and_comments_are_text_whatever_they_hold(tmp_path):
    hostile = "<script>alert(1)</script> $x$ {{ 7*7 }}"
    folder = workspace(tmp_path, capital=f"scheme,budget,forecast\n{hostile},5000,-6000\n")
    from mpr_lib.report.document import part_html

    html = part_html(open_report(folder, "2024-09").finance())
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize(
    ("month", "said"),
    [("2024-08", "September 2024"), ("2024-10", "December 2024")],
)
def test_other_months_say_when_the_next_are_due(month, said):
    (block,) = open_report(str(NORTHMOOR), month).finance().blocks
    assert block["text"] == f"There are no finance reports this month. The next are due in the {said} report."


def test_southend_says_that_the_next_are_due_in_june(repo):
    (block,) = open_report(str(repo), "2018-05").finance().blocks
    assert block["text"] == "There are no finance reports this month. The next are due in the June 2018 report."


def test_a_month_that_should_have_a_report_and_has_none_says_so(tmp_path):
    folder = workspace(tmp_path, revenue="", capital="", savings="", reserves="", treasury="")
    blocks = open_report(folder, "2024-09").finance().blocks
    assert blocks[0] == {"kind": "note", "text": "No finance report was supplied for this month.", "tone": "warning"}
