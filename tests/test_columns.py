"""Columns: one table says what each is called, how it looks and what it means, and everything that shows it follows."""

import re

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from mpr_lib.book import Workspace, history_of, read_book
from mpr_lib.book.book import scored
from mpr_lib.columns import COLUMNS, KEY, NEEDED, POINTS, SCORECARD, SHOWN, TABLES, VALUES
from mpr_lib.report import Report
from mpr_lib.report.document import page_html, read_document
from mpr_lib.rules.outcome import OUTCOMES
from mpr_lib.words import DIRECTIONS, VARIATIONS
from tests.helpers import REPOSITORY, small_workspace

ALL = ["code", *(key for key in SHOWN if key not in ("code", "comment"))]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The book of a council whose tables have every column that there is."""
    folder = small_workspace(tmp_path_factory.mktemp("columns") / "workspace")
    settings = folder / "params/report.yml"
    more = "".join(f"  {section}: [{', '.join(ALL)}]\n" for section in TABLES)
    settings.write_text(f"{settings.read_text(encoding='utf-8')}columns:\n{more}", encoding="utf-8")
    return read_book(Workspace(folder), "2018-05")


@pytest.fixture(scope="module")
def page(book):
    report = Report(book)
    shown = [report.cover(), report.key(), report.corporate()]
    cells = [v4.new_code_cell(outputs=[v4.new_output("display_data", part._repr_mimebundle_())]) for part in shown]
    return BeautifulSoup(page_html(read_document(v4.new_notebook(cells=cells))), "html.parser")


def test_a_table_can_have_every_column_under_its_heading(page):
    headings = page.select("#corporate table.mpr-indicators thead")[0].select("th")
    filled = {"year": "2018/19", "than": " than last year"}
    assert [heading.text for heading in headings] == [SHOWN[key].heading.format(**filled) for key in ALL]
    assert [heading["data-sort"] for heading in headings] == [SHOWN[key].sort for key in ALL]
    style = page.find("style").text
    narrow = re.findall(r'thead th\[data-key="(\w+)"\] { min-width: ([^;]*);', style)
    assert dict(narrow) == {key: SHOWN[key].least for key in SHOWN if SHOWN[key].least}


def test_the_key_says_what_the_columns_mean(page):
    rows = page.select("#key-columns tbody tr")
    filled = {"year": "2018/19", "than": " than last year"}
    assert [row.th.text for row in rows] == [SHOWN[key].heading.format(**filled) for key in KEY]
    assert all(SHOWN[key].meaning for key in KEY)
    assert not any(mark in row.text for row in rows for mark in "{}")


def test_the_scorecard_and_the_history_have_what_is_published(book):
    history = history_of(book)
    scorecard, points = scored(book, history)
    assert {column.name for column in SCORECARD} <= set(scorecard)
    assert {column.name for column in POINTS} <= set(points)
    assert {column.name for column in VALUES} <= {*history, "reporting_month"}


def test_no_column_stands_twice_and_none_is_left_unsaid():
    for columns in (COLUMNS, SCORECARD, VALUES, POINTS):
        assert len({column.name for column in columns}) == len(columns)
    for columns in (SCORECARD, VALUES, POINTS):
        assert len({column.heading for column in columns}) == len(columns)
        assert all(column.description.endswith(".") for column in columns)
    assert len({shown.heading for shown in SHOWN.values()}) == len(SHOWN)


def test_tables_are_of_columns_that_there_are():
    assert {*KEY, *NEEDED, *(key for keys in TABLES.values() for key in keys)} == set(SHOWN)
    for keys in TABLES.values():
        assert keys[0] == "code"
        assert set(NEEDED) <= set(keys)


@pytest.mark.parametrize(("key", "codes"), [("outcome", OUTCOMES), ("direction", DIRECTIONS), ("signal", VARIATIONS)])
def test_an_order_has_every_code(key, codes):
    assert sorted(SHOWN[key].sort.split()) == sorted(codes)


def test_the_guide_names_every_column_that_can_be_asked_for():
    guide = (REPOSITORY / "docs/how-to/make-it-yours.md").read_text(encoding="utf-8").partition("## Columns")[2]
    said = guide.partition("\n## ")[0]
    assert [key for key in SHOWN if f"`{key}`" not in said] == []
