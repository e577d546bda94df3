"""The archive: what its page and feed hold, that they name no other place, and that they appear whole or not at all."""

import json
import os
from xml.etree import ElementTree

import openpyxl
import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from mpr_lib import words
from mpr_lib.errors import RunError
from mpr_lib.run import cli
from mpr_lib.site.command import build_site
from tests.helpers import REPOSITORY, SMALL, small_workspace
from tests.site.published_sets import publish_set, publish_several, read_json

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = publish_several(tmp_path_factory.mktemp("archive") / "outputs")
    build_site(folder)
    return folder


@pytest.fixture(scope="module")
def page(outputs):
    return BeautifulSoup((outputs / "index.html").read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def feed(outputs):
    return ElementTree.parse(outputs / "feed.xml").getroot()


def cells(page, code):
    row = page.select_one(f'#outcomes-table tr[data-code="{code}"]')
    return [cell.select_one(".mpr-chip")["data-outcome"] for cell in row.select("td")]


def test_every_month_stands_there_with_its_counts_the_newest_first(page):
    months = page.select("#reports tbody tr")
    assert [month.th.a.text for month in months] == ["July 2018", "June 2018", "May 2018"]
    assert months[2].td.get_text(strip=True) == (
        "31 corporate indicators: 10 at risk (9, 1 more by officers' judgement though without a figure), "
        "2 slipping and 19 on course (17, 2 more by officers' judgement though below target)"
    )
    assert months[1].td.get_text(strip=True).startswith("31 corporate indicators: 9 at risk (8, 1 more by")
    assert [link["href"] for link in months[2].select("li a")][:2] == ["2018-05/report.html", "2018-05/report.pdf"]
    assert page.select_one(".mpr-sentence").text.startswith("9 of 31 indicators are at risk of missing target and 3")


def test_an_indicators_outcome_can_be_followed_from_month_to_month(page):
    assert len(page.select("#outcomes-table tbody tr")) == 31
    assert cells(page, "CP 5.4") == ["AT_RISK", "ON_COURSE", "AT_RISK"]
    assert cells(page, "CP 1.1") == ["SOME_SLIPPAGE", "AT_RISK", "AT_RISK"]
    codes = [row["data-code"] for row in page.select("#outcomes-table tbody tr")]
    assert codes.index("CP 3.9") + 1 == codes.index("CP 3.10")


def test_every_outcome_is_a_shape_and_a_word(page):
    for chip in page.select("#outcomes-table .mpr-chip"):
        assert chip.svg is not None
        judged = ", judged" * chip.has_attr("data-judged")
        assert chip.get_text(strip=True) == words.OUTCOMES_SHORT[chip["data-outcome"]] + judged
    judged = {chip.find_parent("tr")["data-code"] for chip in page.select("#outcomes-table [data-judged]")}
    assert judged == {"CP 2.3", "CP 3.6", "CP 5.1", "CP 5.4", "CP 1.1"}


def test_cells_lead_to_where_the_months_report_shows_the_indicator(page):
    links = [cell.a["href"] for cell in page.select('#outcomes-table tr[data-code="CP 5.4"] td')]
    assert links == [
        "2018-07/report.html#cp-5-4", "2018-06/report.html#corporate-cp-5-4", "2018-05/report.html#cp-5-4",
    ]  # fmt: skip


def test_every_link_leads_to_a_file_that_is_there(page, outputs):
    links = [link["href"] for link in page.select("a[href], link[href]") if not link["href"].startswith("#")]
    assert {link.split("#")[0] for link in links if not (outputs / link.split("#")[0]).is_file()} == set()
    assert {"2018-05/values.csv", "2018-05/scorecard.xlsx", "2018-05/report.pdf", "feed.xml"} <= set(links)


def test_the_page_asks_nothing_of_any_other_place(page):
    text = str(page)
    policy = page.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert page.select("script[src], img, link[rel=stylesheet], iframe") == []
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert "https://" not in text


def test_the_page_is_complete_without_its_script(page):
    assert page.select_one("#search").has_attr("hidden")
    assert page.select("#outcomes-table [hidden]") == []


def test_the_feed_names_every_month_and_no_host(feed, outputs):
    assert [entry.findtext("a:title", "", ATOM) for entry in feed.findall("a:entry", ATOM)] == [
        "Monthly Performance Report July 2018", "Monthly Performance Report June 2018",
        "Monthly Performance Report May 2018",
    ]  # fmt: skip
    for part in (feed, *feed.findall("a:entry", ATOM)):
        assert part.findtext("a:id", "", ATOM).startswith("urn:uuid:")
        assert part.findtext("a:updated", "", ATOM).endswith("T11:59:00Z")
        assert part.find("a:link[@rel='alternate']", ATOM) is not None
    ids = [each.text for each in feed.iter("{http://www.w3.org/2005/Atom}id")]
    assert len(set(ids)) == 4
    assert feed.findtext("a:author/a:name", "", ATOM)
    assert "http" not in (outputs / "feed.xml").read_text("utf-8").replace("http://www.w3.org/2005/Atom", "")


def test_a_feed_that_knows_where_it_is_served_says_so(outputs, tmp_path):
    publish_set(tmp_path / "outputs", small_workspace(tmp_path / "w"), "2018-05")
    build_site(tmp_path / "outputs", "https://performance.example.org/reports/")
    feed = ElementTree.parse(tmp_path / "outputs/feed.xml").getroot()
    links = [link.get("href") for link in feed.iter("{http://www.w3.org/2005/Atom}link")]
    assert links == [
        "https://performance.example.org/reports/index.html", "https://performance.example.org/reports/feed.xml",
        "https://performance.example.org/reports/2018-05/report.html",
        "https://performance.example.org/reports/2018-05/report.pdf",
    ]  # fmt: skip


def test_the_same_months_give_the_same_bytes_and_ids_outlast_a_correction(outputs, tmp_path):
    before = {name: (outputs / name).read_bytes() for name in ("index.html", "feed.xml")}
    build_site(outputs)
    assert {name: (outputs / name).read_bytes() for name in before} == before
    ids = []
    for version in ("V1.0", "V1.1"):
        folder = publish_set(tmp_path / version, small_workspace(tmp_path / f"w{version}"), "2018-05")
        written = json.loads((folder / "manifest.json").read_text("utf-8"))
        written["report"]["version"] = version
        (folder / "manifest.json").write_text(json.dumps(written))
        build_site(tmp_path / version)
        entry = ElementTree.parse(tmp_path / version / "feed.xml").getroot().find("a:entry", ATOM)
        ids.append(entry.findtext("a:id", "", ATOM))
    assert ids[0] == ids[1]
    assert entry.findtext("a:title", "", ATOM) == "Monthly Performance Report May 2018, version 1.1"


def test_what_officers_typed_stays_text(tmp_path):
    spoiled = small_workspace(tmp_path / "w")
    path = spoiled / "data/indicators.csv"
    path.write_text(path.read_text().replace("Street lights lit", '<script>alert(1)</script> & "lights"'))
    path.write_text(path.read_text().replace('& "lights"', "& lights"))
    publish_set(tmp_path / "outputs", spoiled, "2018-05")
    build_site(tmp_path / "outputs")
    page = BeautifulSoup((tmp_path / "outputs/index.html").read_text("utf-8"), "html.parser")
    assert len(page.select("script")) == 1
    assert "<script>alert(1)</script> & lights" in page.select_one("#outcomes-table tbody th").text


def test_a_month_that_lacks_an_indicator_says_so(tmp_path):
    outputs = tmp_path / "outputs"
    fewer = small_workspace(tmp_path / "fewer")
    path = fewer / "data/indicators.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:2]) + "\n")
    (fewer / "data/targets.csv").write_text("\n".join((fewer / "data/targets.csv").read_text().splitlines()[:2]) + "\n")
    publish_set(outputs, small_workspace(tmp_path / "all"), "2018-05")
    publish_set(outputs, fewer, "2018-05", published_as="2018-06")
    build_site(outputs)
    page = BeautifulSoup((outputs / "index.html").read_text("utf-8"), "html.parser")
    found = [cell.get_text(" ", strip=True) for cell in page.select('tr[data-code="3.10"] td')]
    assert found == ["Not in this report", "On course 210"]


def test_months_made_in_other_time_zones_stand_in_one_feed(tmp_path):
    outputs = tmp_path / "outputs"
    for month, zone in (("2018-05", "+01:00"), ("2018-06", "")):
        folder = publish_set(outputs, REPOSITORY, "2018-05", published_as=month)
        manifest = read_json(folder / "manifest.json")
        manifest["report"]["generated"] += zone
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    build_site(outputs)
    feed = ElementTree.parse(outputs / "feed.xml").getroot()
    assert len(feed.findall("{*}entry")) == 2


def test_nothing_published_is_said(tmp_path):
    (tmp_path / "outputs").mkdir()
    with pytest.raises(RunError) as refused:
        build_site(tmp_path / "outputs")
    assert str(refused.value) == ("Nothing is published in outputs yet. Run a month first, such as: mpr run 2018-05")


def test_a_month_that_cannot_be_read_leaves_the_archive_as_it_was(tmp_path):
    outputs = tmp_path / "outputs"
    folder = publish_set(outputs, small_workspace(tmp_path / "w"), "2018-05")
    build_site(outputs)
    before = (outputs / "index.html").read_bytes()
    (folder / "manifest.json").write_text("{")
    with pytest.raises(RunError, match=r"^outputs/2018-05 cannot be read: .* Run the month again: mpr run 2018-05$"):
        build_site(outputs)
    assert (outputs / "index.html").read_bytes() == before
    assert sorted(path.name for path in outputs.iterdir()) == [".months", "2018-05", "feed.xml", "index.html"]


def test_the_command_says_what_it_wrote(tmp_path, monkeypatch):
    workspace = small_workspace(tmp_path / "w")
    publish_set(workspace / "outputs", workspace, "2018-05")
    publish_set(workspace / "outputs/public", workspace, "2018-05")
    monkeypatch.chdir(workspace)
    found = CliRunner().invoke(cli.app, ["site"])
    assert (found.exit_code, found.stdout) == (0, "Written outputs/feed.xml\nWritten outputs/index.html\n")
    found = CliRunner().invoke(cli.app, ["site", "--public"])
    assert found.stdout == "Written outputs/public/feed.xml\nWritten outputs/public/index.html\n"


def test_the_archive_has_the_councils_own_colour_names_and_shapes(tmp_path):
    look = (
        "brand: {colour: '#5B2A86'}\n"
        "outcomes:\n  ON_COURSE: {name: Well on the way, short: On the way, sign: diamond}\n"
    )
    workspace = small_workspace(tmp_path / "w", {"params/report.yml": SMALL["params/report.yml"] + look})
    folder = publish_set(tmp_path / "outputs", workspace, "2018-05")
    build_site(tmp_path / "outputs")
    text = (tmp_path / "outputs/index.html").read_text("utf-8")
    page = BeautifulSoup(text, "html.parser")
    assert {chip.get_text(strip=True) for chip in page.select("#outcomes-table .mpr-chip")} == {"On the way"}
    assert page.select_one(".mpr-counts li").get_text(" ", strip=True) == "2 Well on the way"
    assert page.select_one("#reports td").get_text(strip=True) == "2 corporate indicators: 2 on the way"
    assert page.select_one(".mpr-sentence").text == "None of the 2 indicators is at risk or slipping. 2 On the way."
    assert "--brand: #5B2A86" in text
    assert "ON_COURSE: Well on the way" in (folder / "datapackage.json").read_text("utf-8")
    cells = [cell.value for cell in openpyxl.load_workbook(folder / "scorecard.xlsx")["Scorecard"][5]]
    assert "Well on the way" in cells


@pytest.mark.skipif(os.name != "posix", reason="links need a right of their own elsewhere")
def test_the_archive_is_not_written_through_a_link(tmp_path):
    outputs = publish_several(tmp_path / "outputs")
    theirs = tmp_path / "theirs.html"
    theirs.write_text("theirs")
    (outputs / "index.html").symlink_to(theirs)
    with pytest.raises(RunError, match=r"^outputs/index\.html is a link, and nothing is written through it"):
        build_site(outputs)
    assert theirs.read_text() == "theirs"
    (outputs / "index.html").unlink()
    (outputs / "2018-05" / "scorecard.csv").unlink()
    os.mkfifo(outputs / "2018-05" / "scorecard.csv")
    with pytest.raises(RunError, match=r"2018-05/scorecard\.csv is a pipe"):
        build_site(outputs)


def test_where_sets_name_their_meetings_the_lag_can_be_followed_month_by_month(tmp_path, page):
    outputs = publish_several(tmp_path / "outputs")
    path = outputs / "2018-06" / "manifest.json"
    named = [{"committee": "Place Scrutiny", "date": "2018-08-07"}, {"committee": "", "date": "2018-08-09"}]
    said = read_json(path)
    report = {**said["report"], "generated": "2018-07-21T11:59:00"}
    path.write_text(json.dumps({**said, "report": report, "meetings": named}), encoding="utf-8")
    build_site(outputs)
    found = BeautifulSoup((outputs / "index.html").read_text("utf-8"), "html.parser")
    assert [each.text for each in found.select("#reports thead th")][2] == "After the month’s end"
    cells = [[said.text for said in each.select("p")] for each in found.select(".mpr-site-lag")]
    assert [len(each) for each in cells] == [1, 3, 1]
    assert cells[1] == [
        "Published after 21 days", "Place Scrutiny on 7 August 2018, after 38 days",
        "Committee on 9 August 2018, after 40 days",
    ]  # fmt: skip
    assert page.select(".mpr-site-lag") == []
