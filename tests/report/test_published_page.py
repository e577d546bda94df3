"""The published May 2018 page beside the printed report's figures, cell by cell."""

import re
from collections import Counter, defaultdict
from itertools import groupby, pairwise

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from mpr_lib.rules.codes import slug
from mpr_lib.rules.months import month_label
from mpr_lib.words import IN_SENTENCES, OUTCOMES
from tests.helpers import TESTS, needs, table

pytestmark = pytest.mark.slow

PRINTED = {row["indicator_code"]: row for row in table("seed", "indicators.csv")}
DETAILED = [row["indicator_code"] for row in table("seed", "section3.csv")]


@pytest.fixture(scope="module")
def page(published) -> BeautifulSoup:
    return BeautifulSoup((published / "report.html").read_text(encoding="utf-8"), "html.parser")


def words(tag) -> str:
    return " ".join(tag.get_text(" ").split())


def cells(row) -> dict[str, str]:
    """A row's cells by the key of their column."""
    return {cell["data-key"]: words(cell) for cell in row.find_all(["th", "td"])}


def rows(page, selector: str):
    return page.select(f"{selector} tr[data-code]")


@needs("finance")
def test_sections_have_the_names_that_others_rely_on(page):
    found = [section["id"] for section in page.select("main > section")]
    assert " ".join(found) == "cover exceptions corporate detail signals partnership finance quality key about"


@pytest.mark.parametrize("code", PRINTED)
def test_each_row_of_section_2_is_as_printed(page, code):
    printed = PRINTED[code]
    (row,) = [row for row in rows(page, "#corporate") if row["data-code"] == code]
    found = cells(row)
    assert (row["data-rating"], row["data-outcome"]) == (printed["rating"], printed["expected_outcome"])
    assert (row["data-direction"], row["data-aim"]) == (printed["direction"], printed["aim"])
    assert found["month"] == month_label(pd.Period(printed["latest_month"], freq="M"))
    explained = " (aim to stay in range)" if printed["printed_polarity"] == "Goldilocks" else ""
    assert found["polarity"].lower() == printed["printed_polarity"].lower() + explained
    value, *marks = row.select_one("[data-key=value]").stripped_strings
    assert [value, found["target"], found["annual"]] == [
        printed[key].replace(" - ", " to ") for key in ("value", "target", "annual_target")
    ]
    assert [mark.text for mark in row.select(".mpr-tag")] == marks
    assert OUTCOMES[printed["expected_outcome"]].startswith(found["outcome"].removesuffix(", judged"))
    assert (found["managed_by"], found["committee"]) == (printed["managed_by"], printed["scrutiny_committee"])
    name = re.sub(r"\W|_", "", printed["printed_name"].partition("[")[0]).lower()
    assert re.sub(r"\W|_", "", found["name"]).lower().startswith(name)


def test_section_2_has_the_31_indicators_in_printed_order(page):
    assert [row["data-code"] for row in rows(page, "#corporate")] == list(PRINTED)


def test_judged_rows_say_so_with_the_reason(page):
    judged = {row["data-code"]: cells(row) for row in rows(page, "#corporate") if row.select("[data-judged]")}
    assert set(judged) == {"CP 2.3", "CP 3.6", "CP 5.1"}
    assert judged["CP 3.6"]["outcome"] == "On course, judged"
    assert "Rated red, judged on course (as published): On course in the published May 2018" in judged["CP 3.6"]["name"]


def test_section_1_lists_by_outcome_and_department(page):
    listed = []
    for group in page.select("#exceptions-table tbody"):
        outcome, _, department = words(group.select_one("th[scope=rowgroup] .mpr-chip")).partition(": ")
        found = group.select("tr[data-code]")
        assert words(group.select_one("th[scope=rowgroup]")).endswith(f"{len(found)} indicator{'s' * (len(found) > 1)}")
        listed += [(outcome.partition(",")[0], department, row["data-code"]) for row in found]
    expected = [
        (OUTCOMES[row["expected_outcome"]], row["department"], row["indicator_code"])
        for row in table("seed", "section1.csv")
    ]
    assert listed == expected


@pytest.mark.parametrize("path", sorted((TESTS / "seed" / "comments").glob("*.txt")), ids=lambda path: path.stem)
def test_each_comment_is_printed_word_for_word(page, path):
    said = [" ".join(line.split()) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    shown = page.select(f"#exceptions-{path.stem} td[data-key=comment], #{path.stem} .mpr-card-comment .mpr-prose")
    assert len(shown) == (2 if page.select(f"article#{path.stem}") else 1)
    for comment in shown:
        assert " ".join(comment.get_text().split()) == " ".join(said)


@needs("finance")
def test_the_cover_counts_and_lists(page):
    cover = page.select_one("#cover")
    assert "10 of 31 indicators are at risk of missing target and 2 are slipping." in words(cover)
    judged = "17 on course, 2 more by officers' judgement though below target (CP 3.6, CP 5.1): 19 on course in all."
    assert judged in cover.get_text()
    assert "5 figures are for April and 1 is missing." in words(cover)
    counts = {item["data-outcome"]: int(item.strong.text) for item in cover.select(".mpr-counts li")}
    assert counts == {"AT_RISK": 10, "SOME_SLIPPAGE": 2, "ON_COURSE": 19}
    for said in ("Version 1.0", "21 June 2018 11:59", "The next are due in the June 2018 report", "(01702) 534025"):
        assert said in words(cover)


def test_counts_are_those_of_the_rows_listed(page):
    for row in table("seed", "counts.csv"):
        told = page.select(f"#corporate-{slug(row['aim'])} caption" if row["aim"] else "#corporate > p")
        said = next(each for each in map(words, told) if " indicators: " in each)
        name = IN_SENTENCES[row["expected_outcome"]]
        assert (re.findall(rf"(\d+) {name}", said) or ["0"])[0] == row["computed"], row


def test_section_3_has_a_page_for_each_exception_by_aim(page):
    assert [article["data-code"] for article in page.select("#detail article")] == DETAILED
    for row in table("seed", "section3.csv"):
        article = page.select_one(f"article#{slug(row['indicator_code'])}")
        assert article["data-aim"] == row["aim"]
        facts = {words(item.dt): words(item.dd) for item in article.select(".mpr-facts > div")}
        assert facts["Managed by"] == row["managed_by"]
        assert facts["Year introduced"] == (row["year_introduced"] or "Not stated")
        assert article.select_one(".mpr-back a")["href"] == f"#exceptions-{article['id']}"


def test_month_tables_show_every_printed_cell(page):
    """255 rows; of a range the print shows its lower end. Of months to come with a flat target the caption speaks."""
    printed = table("seed", "month_tables.csv")
    assert len(printed) == 255
    for code, group in groupby(printed, key=lambda row: row["indicator_code"]):
        shown = {words(row.th): cells(row) for row in page.select(f"#months-{slug(code)} tbody tr")}
        caption = words(page.select_one(f"#months-{slug(code)} caption"))
        for row in group:
            found = shown.get(month_label(pd.Period(row["month"], freq="M")))
            if not found:
                assert row["month"] > "2018-05", row
                assert row["value"] == "", row
                assert f"the target stays {row['target']}" in caption or row["target"] in ("", "-"), row
                continue
            assert row["value"] in ("", found["value"]), row
            target = "No target" if row["target"] == "-" else row["target"]
            assert target in ("", found["target"], found["target"].partition(" to ")[0]), row


def test_quarters_follow_their_last_month(page):
    printed = defaultdict(list)
    for row in table("seed", "quarter_rows.csv"):
        printed[row["indicator_code"]].append((month_label(pd.Period(row["after_month"], freq="M")), row["quarter"]))
    for code, expected in printed.items():
        names = [words(cell) for cell in page.select(f"#months-{slug(code)} tbody th")]
        found = [pair for pair in pairwise(names) if pair[1].startswith("Q")]
        come = [pair for pair in expected if pair[0] in names]
        assert found[: len(come)] == come
        assert all(month in names for month in ("March 2018", "May 2018"))
    assert not page.select("#months-cp-5-4 .mpr-quarter")


def test_tables_have_what_a_screen_reader_needs(page):
    tables = page.select("table")
    assert len(tables) > 20
    for each in tables:
        assert words(each.caption)
        assert each.select("thead th")
        assert {heading["scope"] for heading in each.select("thead th")} == {"col"}
        for row in each.select("tbody tr:not(.mpr-group-row)"):
            assert [cell.get("scope") for cell in row.find_all("th")] == ["row"]
            assert all(words(cell) for cell in row.find_all(["th", "td"])), row
    assert not page.select(":not(.mpr-group-row) > [colspan], [rowspan]")


def test_figures_have_a_text_alternative(page):
    drawn = page.select("figure [role=img]")
    without = [code for code in DETAILED if page.select(f"#{slug(code)} .mpr-card-chart .mpr-note")]
    assert without == ["CP 2.3", "CP 2.4", "CP 3.0"]
    assert len(drawn) >= 2 * len(DETAILED) - len(without) - 1
    assert all(len(each["aria-label"]) > 30 for each in drawn)
    assert all(svg.get("aria-hidden") == "true" for svg in page.select("svg"))


def test_ids_are_unique(page):
    assert [id for id, times in Counter(tag["id"] for tag in page.select("[id]")).items() if times > 1] == []


def test_abbreviations_are_marked_once_in_each_section_and_page(page):
    article = page.select_one("article#cp-5-4")
    assert [(abbr.text, abbr["title"]) for abbr in article.select("abbr")] == [
        ("CMT", "Corporate Management Team"), ("HR", "human resources"),
    ]  # fmt: skip
    assert words(article).count("HR ") == 2
    assert [words(cell) for cell in page.select("#key-abbreviations tbody th")]


def test_nothing_of_the_machine_is_in_the_page(page, published):
    text = (published / "report.html").read_text(encoding="utf-8")
    assert "/tmp/" not in text
    assert str(published.parent) not in text
    assert not re.search(r"\b(nan|NaT|None|Period\()\b", page.get_text(" "))
