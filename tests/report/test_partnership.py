"""Section 4: themes, counts, what has no target, periods, rates, others' figures, provisional marks."""

from dataclasses import replace

import pandas as pd
import pytest

from mpr_lib.report.report import open_report
from tests.helpers import TESTS


@pytest.fixture(scope="module")
def report():
    return open_report(str(TESTS / "councils" / "northmoor"), "2024-09")


@pytest.fixture(scope="module")
def shown(report):
    return report.partnership().blocks


def kinds(blocks, kind):
    return [block for block in blocks if block["kind"] == kind]


def inner(article):
    return [child for block in article["children"] for child in block.get("children", [block])]


def tables_of(article):
    return {table["id"]: table for table in kinds(inner(article), "table")}


def facts_of(article):
    return {item["term"]: item["cell"]["text"] for block in kinds(inner(article), "facts") for item in block["items"]}


@pytest.fixture(scope="module")
def articles(shown):
    return {article["code"]: article for article in kinds(shown, "article")}


def test_the_workspaces_themes_head_the_section_in_its_order(shown):
    assert [block["text"] for block in kinds(shown, "heading") if block["level"] == 3] == [
        "Health and Care", "Skills and Work", "Safer Northmoor",
    ]  # fmt: skip
    assert kinds(shown, "note")[-1]["text"] == "No figures (Climate) were supplied for September 2024."


def test_it_is_counted_as_a_whole_and_by_theme(shown):
    counted = {
        block["label"]: {item["outcome"]: item["count"] for item in block["items"]} for block in kinds(shown, "counts")
    }
    assert counted == {
        "Partnership indicators by expected outcome": {"AT_RISK": 2, "SOME_SLIPPAGE": 2, "NO_TARGET": 3},
    }
    tables = {table["id"]: table["caption"] for table in kinds(shown, "table") if "named_by" in table}
    assert tables == {
        "partnership-health-and-care": "3 indicators: 1 at risk, 1 slipping and 1 for information",
        "partnership-skills-and-work": "2 indicators: 1 slipping and 1 for information",
        "partnership-safer-northmoor": "2 indicators: 1 at risk and 1 for information",
    }


def test_what_has_a_target_has_a_page_and_what_has_none_a_trend(shown, articles):
    assert list(articles) == ["HC 1", "HC 2", "SW 1", "SN 1"]
    assert [block["text"] for block in kinds(shown, "heading") if block["level"] == 5] == [
        "HC 3 People waiting for care", "SW 2 People claiming unemployment benefits",
        "SN 2 People who feel safe after dark",
    ]  # fmt: skip
    rows = [row for table in kinds(shown, "table") for row in table["rows"]]
    assert {row["code"]: row["cells"]["code"].get("href") for row in rows} == {
        code: f"#{code.lower().replace(' ', '-')}" for code in ("HC 1", "HC 2", "HC 3", "SW 1", "SW 2", "SN 1", "SN 2")
    }
    informing = [row["cells"]["outcome"]["text"] for row in rows if row["code"] in ("HC 3", "SW 2", "SN 2")]
    assert informing == ["For information"] * 3


def test_an_indicator_on_course_with_a_target_has_a_page_too():
    august = open_report(str(TESTS / "councils" / "northmoor"), "2024-08")
    pages = {article["code"]: article["outcome"] for article in kinds(august.partnership().blocks, "article")}
    assert pages == {"HC 1": "AT_RISK", "HC 2": "ON_COURSE", "SW 1": "ON_COURSE", "SN 1": "SOME_SLIPPAGE"}


def test_a_page_says_where_its_figure_comes_from(articles):
    burglaries = facts_of(articles["SN 1"])
    assert [burglaries[term] for term in ("Made from", "Source", "Published")] == [
        "28 of 20,000, times 1,000", "Police", "Every quarter",
    ]  # fmt: skip
    smoking = facts_of(articles["HC 1"])
    assert smoking["Published"] == "Once a year, up to 12 months later"
    assert smoking["State of the figure"] == "Provisional: it may still change"
    assert smoking["Source of comparisons"] == "Office for National Statistics"


def test_provisional_figures_carry_their_mark_once_and_the_key_explains_it(report, shown, articles):
    values = {row["code"]: row["cells"]["value"]["text"] for table in kinds(shown, "table") for row in table["rows"]}
    assert {code: values[code] for code in ("HC 1", "SW 1", "SN 2")} == {
        "HC 1": "11.8% [p]", "SW 1": "61.5% [p]", "SN 2": "74%",
    }  # fmt: skip
    assert articles["HC 1"]["sentence"].startswith("11.8% in December 2023 (provisional), ")
    marks = [table for table in kinds(report.key().blocks, "table") if table["id"] == "key-marks"]
    assert [row["cells"]["symbol"]["text"] for row in marks[0]["rows"]] == ["[p]"]


def test_months_are_quarters_or_years_where_figures_are(articles):
    quarters = tables_of(articles["SN 1"])["months-sn-1"]
    assert quarters["columns"][0]["label"] == "Quarter"
    assert [row["cells"]["month"]["text"] for row in quarters["rows"]][:5] == [
        "Q1 2023/24", "Q2 2023/24", "Q3 2023/24", "Q4 2023/24", "Q1 2024/25",
    ]  # fmt: skip
    years = tables_of(articles["HC 1"])["months-hc-1"]
    assert [(row["cells"]["month"]["text"], row["cells"]["value"]["text"]) for row in years["rows"]] == [
        ("December 2019", "14.6%"), ("December 2020", "13.9%"), ("December 2021", "13.0%"),
        ("December 2022", "12.1%"), ("December 2023", "11.8% [p]"), ("December 2024", "Not due"),
    ]  # fmt: skip
    assert (articles["HC 1"]["basis"], articles["SN 1"]["basis"]) == ("Yearly snapshot", "Quarterly snapshot")


def test_others_figures_stand_beside_ours(articles):
    rows = tables_of(articles["HC 1"])["compared-hc-1"]["rows"]
    assert [tuple(cell["text"] for cell in row["cells"].values()) for row in rows] == [
        ("England, December 2023", "11.6%", "11.8%", "Worse, 0.2 percentage points higher"),
        ("England, December 2022", "12.7%", "12.1%", "Better, 0.6 percentage points lower"),
        ("England, December 2021", "13.0%", "13.0%", "Same"),
        ("Rural districts like ours, December 2023", "11.9%", "11.8%", "Better, 0.1 percentage points lower"),
        ("Rural districts like ours, December 2022", "11.9%", "12.1%", "Worse, 0.2 percentage points higher"),
    ]
    assert "compared-sn-1" not in tables_of(articles["SN 1"])


def test_our_place_in_a_group_stands_among_the_facts_and_its_members_with_their_newest_figures():
    report = open_report(str(TESTS / "councils" / "northmoor"), "2024-09")
    book = report.book
    newest = book.comparisons[book.comparisons["indicator_code"] == "HC 1"].tail(1)
    peers = [
        newest.assign(comparator=f"District {place}", comparator_group="Rural districts", number=10.0 + place,
                      month=newest["month"] - 12 * back, source="")
        for place in range(8) for back in range(2)
    ]  # fmt: skip
    vars(report)["book"] = replace(book, comparisons=pd.concat([book.comparisons, *peers], ignore_index=True))
    (article,) = (each for each in kinds(report.partnership().blocks, "article") if each["code"] == "HC 1")
    said = "3rd of 9, in the second quarter from the best (December 2023)"
    assert facts_of(article)["Place among Rural districts"] == said
    table = tables_of(article)["compared-hc-1"]
    assert table["caption"] == "HC 1: compared with England, Rural districts like ours and Rural districts"
    assert len(table["rows"]) == 5 + 8
    (chart,) = (each for each in article["children"] if each.get("role") == "trend")
    assert chart["alt"].endswith(f"Place among Rural districts: {said}.")


def test_a_charts_words_say_target_others_and_all_years(articles):
    (chart,) = (each for each in articles["HC 1"]["children"] if each.get("role") == "trend")
    said = "HC 1: 11.8% in December 2023 (provisional), 0.8 percentage points above the target of 11%; better than"
    assert chart["alt"].startswith(said)
    assert "From December 2019 to December 2023 it was lowest in December 2023 (11.8%)" in chart["alt"]
    assert "England in December 2023: 11.6%; ours: worse, 0.2 percentage points higher" in chart["alt"]
    assert ">Rural<" in chart["svg"]


def test_the_same_report_has_the_same_drawings(report, shown):
    again = open_report(str(TESTS / "councils" / "northmoor"), "2024-09").partnership().blocks
    assert again == shown


def test_southend_supplied_none(repo):
    (block,) = open_report(str(repo), "2018-05").partnership().blocks
    assert block["text"] == (
        "No partnership figures (Health and Wellbeing, Local Economy and Community Safety) were supplied for May 2018."
    )


def test_on_upright_paper_the_tables_come_before_the_detail_pages(report):
    from mpr_lib.report.exporters.pdf_layout import lay_out

    section = {"id": "partnership", "title": "Section 4", "blocks": report.partnership().blocks}
    (run,) = lay_out({**report.document, "sections": [section]})["runs"]
    kinds = [block["kind"] for block in run["sections"][0]["blocks"]]
    pages = kinds.count("article")
    assert not run["landscape"]
    assert kinds[-pages:] == ["article"] * pages
    assert "table" in kinds[:-pages]


def test_the_whole_report_becomes_a_pdf(report):
    from mpr_lib.report.exporters.pdf import render_pdf

    parts = {"partnership": report.partnership(), "finance": report.finance()}
    sections = [{"id": name, "title": name.title(), "blocks": part.blocks} for name, part in parts.items()]
    assert render_pdf({**report.document, "sections": sections}).startswith(b"%PDF")
