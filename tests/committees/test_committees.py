"""Committees' editions: what one committee reviews, made by the month's own run and published in its set."""

import io
import json

import pypdf
import pytest

from mpr_lib.book import Workspace, read_book, scorecard_of
from mpr_lib.committees.making import committee_editions, folders
from mpr_lib.errors import ParameterError, RunError
from mpr_lib.report import open_report
from mpr_lib.report.document import page_html, read_document
from mpr_lib.report.exporters.pdf import render_pdf
from mpr_lib.run.month import run_month
from mpr_lib.site.command import build_site
from tests.helpers import REPOSITORY, SMALL, small_workspace
from tests.public.test_public import mark
from tests.report.pages import notebook_of

MONTH = "2018-05"
ASKED = ["People Scrutiny", "Place Scrutiny", "Policy and Resources Scrutiny"]
HEADINGS, ONE, OTHER = SMALL["data/indicators.csv"].splitlines()


def with_committees(one: str, other: str, settings: str = "") -> dict[str, str]:
    """The small workspace's indicators with a committee to each, and settings."""
    rows = [row.replace(",SAFE,,,,,", f",SAFE,,,,{name},") for row, name in ((ONE, one), (OTHER, other))]
    return {
        "data/indicators.csv": "\n".join([HEADINGS, *rows]) + "\n",
        "params/report.yml": SMALL["params/report.yml"] + settings,
        # The one indicator is far off its target.
        "data/returns/2018-05.csv": "indicator_code,month,value,note\n3.1,2018-05,50%,\n3.10,2018-05,210,\n",
    }


def documents_of(workspace, *asked):
    """The documents of committees' editions by name, made as a run makes them of its executed notebook."""
    report = open_report(str(workspace), MONTH)
    notebook = notebook_of(report)
    whole = read_document(notebook)
    made = committee_editions(report.book, asked)
    return {name: make(notebook, whole, report.findings) for name, (_, make) in made.items()}


def codes_in(document) -> set[str]:
    every = [block for section in document["sections"] for block in section["blocks"]]
    rows = [row for block in every for row in block.get("rows", []) if row["kind"] == "indicator"]
    return {each["code"] for each in (*rows, *(block for block in every if block["kind"] == "article"))}


@pytest.fixture(scope="module")
def seed():
    return documents_of(REPOSITORY, *ASKED)


def test_an_edition_holds_every_indicator_of_its_committee_and_no_other(seed):
    scorecard = scorecard_of(read_book(Workspace(REPOSITORY), MONTH))
    assert list(seed) == ["People Scrutiny", "Place Scrutiny", "Policy & Resources Scrutiny"]
    for name, document in seed.items():
        reviewed = scorecard.loc[scorecard["scrutiny_committee"] == name, "indicator_code"]
        assert codes_in(document) == set(reviewed)


def test_an_edition_has_a_page_for_each_exception_as_the_whole_report_shows_it(seed):
    whole = read_document(notebook_of(open_report(str(REPOSITORY), MONTH)))

    def articles(document):
        blocks = [block for section in document["sections"] for block in section["blocks"]]
        return {block["id"]: block for block in blocks if block["kind"] == "article"}

    found = [articles(document) for document in seed.values()]
    assert [len(each) for each in found] == [9, 2, 1]
    assert {name: block for each in found for name, block in each.items()} == articles(whole)


def test_its_pdf_has_four_pages_at_most_and_one_for_each_exception(seed):
    pages = [len(pypdf.PdfReader(io.BytesIO(render_pdf(document))).pages) for document in seed.values()]
    assert [number <= most for number, most in zip(pages, (13, 6, 5), strict=True)] == [True] * 3, pages


def test_on_paper_each_comment_stands_once_and_every_indicator_in_its_table(seed):
    for document in seed.values():
        on_paper = document["sections"] and {each["id"]: each for each in document["paper"]["sections"]}
        (table,) = [block for block in on_paper["corporate"]["blocks"] if block["kind"] == "table"]
        codes = {row["code"] for row in table["rows"] if row["kind"] == "indicator"}
        assert codes == codes_in(document)
        cards = {block["code"] for block in on_paper["detail"]["blocks"] if block["kind"] == "article"}
        (table,) = [block for block in on_paper["exceptions"]["blocks"] if block["kind"] == "table"]
        assert not [row for row in table["rows"] if row.get("code") in cards and "comment" in row["cells"]]


def test_its_title_names_the_committee_and_its_cover_says_what_it_holds(seed):
    page = page_html(seed["Place Scrutiny"])
    assert "<title>Place Scrutiny: Monthly Performance Report May 2018, Southend-on-Sea Borough Council</title>" in page
    assert "Place Scrutiny: Monthly Performance Report <span" in page
    assert "This edition holds the 8 of 31 indicators that Place Scrutiny reviews." in page
    assert '<a href="../../report.html">The whole report</a>' in page


def test_an_indicator_of_two_committees_is_in_both_editions(tmp_path):
    workspace = small_workspace(tmp_path, with_committees("Place; People", "People"))
    made = documents_of(workspace, "People", "Place")
    assert {name: codes_in(document) for name, document in made.items()} == {
        "Place": {"3.1"},
        "People": {"3.1", "3.10"},
    }


def test_each_spelling_of_a_name_among_several_is_printed_as_the_name(tmp_path):
    settings = "committees:\n  - name: Place & Roads\n    spellings: [Place and Roads]\n"
    workspace = small_workspace(tmp_path, with_committees("People;Place and Roads", "", settings))
    book = read_book(Workspace(workspace), MONTH)
    assert list(book.indicators["scrutiny_committee"]) == ["People; Place & Roads", ""]
    assert list(committee_editions(book, ["Place and Roads"])) == ["Place & Roads"]


def test_a_committee_without_exceptions_and_one_without_indicators_have_an_edition(tmp_path):
    settings = "committees:\n  - name: Nothing yet\n"
    workspace = small_workspace(tmp_path, with_committees("Place", "People", settings))
    made = documents_of(workspace, "People", "Nothing yet")
    people, nothing = page_html(made["People"]), page_html(made["Nothing yet"])
    assert "This edition holds the one indicator of 2 that People reviews." in people
    assert 'mpr-article"' not in people
    assert "Nothing yet reviews none of the indicators of the whole report." in nothing
    assert codes_in(made["Nothing yet"]) == set()


def test_an_analysts_own_section_and_the_finance_section_stand_in_the_whole_report_alone(seed):
    assert [section["id"] for section in seed["Place Scrutiny"]["sections"]][:1] == ["cover"]
    assert not {"finance", "partnership"} & {section["id"] for section in seed["Place Scrutiny"]["sections"]}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("People Scrutinny", "'People Scrutinny' is no committee of this workspace. Did you mean 'People Scrutiny'?"),
        (
            "Licensing",
            "'Licensing' is no committee of this workspace. Expected one of People Scrutiny, Place Scrutiny, Policy & "
            "Resources Scrutiny.",
        ),
    ],
)
def test_a_name_that_no_committee_has_is_refused(asked, said):
    with pytest.raises(ParameterError) as refused:
        committee_editions(read_book(Workspace(REPOSITORY), MONTH), [asked])
    assert str(refused.value) == said


def test_without_committees_any_name_is_refused(tmp_path):
    book = read_book(Workspace(small_workspace(tmp_path)), MONTH)
    assert committee_editions(book, []) == {}
    with pytest.raises(ParameterError) as refused:
        committee_editions(book, ["People"])
    assert str(refused.value) == "'People' is no committee of this workspace. No indicator names one."


def test_committees_of_like_names_have_folders_of_their_own():
    names = ["Place & Roads", "Place / Roads", "Place-Roads-2", "—", "?"]
    assert list(folders(names).values()) == [
        "place-roads", "place-roads-2", "place-roads-2-2", "committee", "committee-2",
    ]  # fmt: skip


SETTINGS = "committees:\n  - name: Place & Roads\n    edition: true\n  - name: People\n  - name: Place / Roads\n"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    changes = with_committees("Place & Roads; People", "Place / Roads", SETTINGS)
    return small_workspace(tmp_path_factory.mktemp("committees"), changes)


class TestTheSet:
    """Real runs of the small workspace."""

    pytestmark = pytest.mark.slow

    def test_it_holds_the_editions_of_the_settings_and_of_those_asked_for(self, workspace):
        published = run_month(workspace, MONTH, committees=["Place / Roads"])
        own = [name for name in published.files if name.startswith("committees/")]
        folder = published.folder
        slugs = ("place-roads", "place-roads-2")
        assert own == [f"committees/{name}/report.{kind}" for name in slugs for kind in ("html", "pdf")]
        written = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert written["committees"] == {
            "Place & Roads": "committees/place-roads", "Place / Roads": "committees/place-roads-2",
        }  # fmt: skip
        assert set(own) <= set(written["files"])
        pages = [len(pypdf.PdfReader(folder / name).pages) for name in own if name.endswith(".pdf")]
        assert all(pages)
        build_site(workspace / "outputs")
        archive = (workspace / "outputs" / "index.html").read_text("utf-8")
        assert f'<a href="{MONTH}/committees/place-roads-2/report.html">Place / Roads' in archive

    def test_an_unknown_name_is_refused_and_what_was_published_stays(self, workspace):
        before = sorted(path.read_bytes() for path in (workspace / "outputs").glob(f"{MONTH}/report.html"))
        with pytest.raises(ParameterError, match="Did you mean 'People'"):
            run_month(workspace, MONTH, committees=["Peopel"])
        assert sorted(path.read_bytes() for path in (workspace / "outputs").glob(f"{MONTH}/report.html")) == before
        assert not list((workspace / "outputs" / ".months").glob("*.part"))

    def test_the_public_edition_holds_public_ones_and_is_searched_whole(self, workspace, monkeypatch):
        mark(workspace, {"3.10"})
        folder = run_month(workspace, MONTH, public=True, pdf=False, committees=["Place / Roads"]).folder
        page = (folder / "committees/place-roads-2/report.html").read_text("utf-8")
        assert "Place / Roads reviews none of the indicators" in page
        assert "Potholes mended" not in page
        assert not (folder / "workspace").exists()

    def test_a_leak_in_an_edition_alone_refuses_the_whole_set(self, workspace, monkeypatch):
        from mpr_lib.committees import making

        mark(workspace, {"3.10"})
        told = making._document
        monkeypatch.setattr(making, "_document", lambda *given: told(*given) | {"title": "Potholes mended"})
        with pytest.raises(RunError, match="'Potholes mended'"):
            run_month(workspace, MONTH, public=True, pdf=False)
