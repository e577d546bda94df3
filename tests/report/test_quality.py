"""Data quality for readers: sentences on the page, marks on the indicators, the whole list on a page of its own."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import run_checks
from mpr_lib.report.document import marked, page_html
from mpr_lib.report.quality_page import quality_page
from mpr_lib.words import NO_COMMENT
from tests.helpers import REPOSITORY
from tests.report.pages import document_of, hostile_quality, hostile_texts, hostile_workspace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def document():
    return document_of(REPOSITORY)


@pytest.fixture(scope="module")
def page(document):
    return BeautifulSoup(page_html(document), "html.parser")


def words(tag) -> str:
    return " ".join(tag.get_text(" ").split()).replace(" ,", ",").replace(" .", ".")


def test_the_page_says_in_a_few_sentences_what_readers_should_know(page):
    said = [words(each) for each in page.select("#quality li")]
    assert said == [
        "No figure: CP 2.3.",
        "Five figures are for April 2018: CP 3.1, CP 3.2, CP 3.4, CP 3.5 and CP 4.8.",
        "Two comments are about April 2018: CP 3.2 and CP 3.4.",
        "The comment is about March 2018: CP 1.5.",
        "Not comparable with figures before April 2018: CP 3.0.",
        "The figure stands in until the true one comes: CP 4.10.",
        "Two figures moved further than in the months before: CP 3.9 (February 2018) and CP 3.10 (May 2018).",
        "The running count fell, which it should not: CP 3.0 (February 2018).",
        "The comment on CP 3.9 says that the target is met; the figure is 366 below target.",
    ]
    assert page.select("#quality table") == []


def test_each_indicator_that_a_sentence_names_is_one_step_away(page):
    links = page.select("#quality li a")
    assert len(links) == 15
    for link in links:
        assert page.find(id=link["href"][1:]).get("data-code") == link.get_text()


def test_the_same_stands_on_the_indicators(page):
    card = page.find(id="cp-3-9")
    assert words(card.select_one(".mpr-marks")) == (
        "The figure for February 2018 moved further than in the months before. "
        "The comment says that the target is met; the figure is 366 below target."
    )
    chips = {
        row["data-code"]: [each.get_text() for each in row.select("td[data-key=value] .mpr-tag")]
        for row in page.select("#corporate tr[data-code]")
    }
    # What is said of February's figures does not stand beside May's.
    assert (chips["CP 3.9"], chips["CP 3.0"]) == (["comment differs"], ["new definition"])
    assert chips["CP 3.10"] == ["unusual move"]
    assert sorted(code for code, found in chips.items() if found) == [
        "CP 1.5", "CP 3.0", "CP 3.10", "CP 3.2", "CP 3.4", "CP 3.9",
    ]  # fmt: skip


def test_a_card_does_not_say_twice_that_a_comment_or_a_figure_is_missing():
    says = ("No comment was supplied.", "No figure.", "The figure is for April 2018.")
    marks = {"A": [{"says": each, "chip": ""} for each in says]}
    note = {"kind": "note", "text": NO_COMMENT}
    card = {"kind": "article", "code": "A", "sentence": "No figure for May 2018: it is awaited.", "children": [note]}
    assert marked([card], marks)[0]["marks"] == ["The figure is for April 2018."]


def test_marks_go_to_articles_and_rows_whatever_their_columns():
    marks = {"A": [{"says": "It is late.", "chip": ""}, {"says": "It moved.", "chip": "moved"}]}
    article = {"kind": "article", "code": "A"}
    rows = [{"kind": "indicator", "code": "A", "cells": {key: {"text": "x"}}} for key in ("value", "name", "code")]
    card, table = marked([article, {"kind": "table", "size": "wide", "rows": [*rows, {"cells": {}}]}], marks)
    assert card["marks"] == ["It is late.", "It moved."]
    found = [cell.get("marks") for row in table["rows"] for cell in row["cells"].values()]
    assert found == [["moved"], ["moved"], None]
    assert marked([article], {}) == [article]


def findings_page(root: Path, month: str) -> BeautifulSoup:
    book = read_book(Workspace(root), month)
    history = history_of(book)
    quality = run_checks(book, scorecard_of(book, history), history)
    return BeautifulSoup(quality_page(book, quality), "html.parser"), quality


def test_the_whole_list_has_every_finding_with_files_and_actions():
    page, quality = findings_page(REPOSITORY, "2018-05")
    said = [(row.select("td")[1].get_text(), row.select("td")[2].get_text()) for row in page.select("tbody tr")]
    assert said == [(each.message, each.action) for each in quality.findings]
    assert [each.get_text() for each in page.select("h1, h3")] == [
        "Data quality",
        f"Warning ({quality.counts['warning']})",
        f"For information ({quality.counts['info']})",
    ]
    assert {link["href"] for link in page.select("main a")} >= {"report.html#cp-3-9", "report.html#quality"}
    assert page.title.get_text().startswith("Data quality")


def test_nothing_in_a_finding_becomes_code(tmp_path):
    book = read_book(Workspace(hostile_workspace(tmp_path)), "2018-05")
    page = BeautifulSoup(quality_page(book, hostile_quality()), "html.parser")
    assert len(page.select("script")) == 1
    said = {" ".join(each.get_text().split()) for each in page.select("td")}
    assert {" ".join(text.split()) for text in hostile_texts()} <= said


COUNCILS = {"northmoor": "2024-10", "riverside": "2024-07"}


@pytest.mark.parametrize("council", COUNCILS)
def test_other_councils_are_told_of_in_the_same_way(council):
    document = document_of(REPOSITORY / "tests" / "councils" / council, COUNCILS[council])
    (section,) = [each for each in document["sections"] if each["id"] == "quality"]
    text = json.dumps(section, ensure_ascii=False)
    assert "Readers should know:" in text
    assert not re.search(r"data/|params/|\brow \d|\bAsk ", text)
