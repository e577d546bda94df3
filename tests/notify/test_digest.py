"""The digest, as the mail server of a subscriber gets it: once for each version, of the edition it is of alone."""

import json
import shutil

import pytest
from bs4 import BeautifulSoup

from mpr_lib.annexes import brought
from mpr_lib.book import Workspace
from mpr_lib.notify.digest import announce
from mpr_lib.notify.sent import PRIVATE
from mpr_lib.run.month import Published
from mpr_lib.run.telling import Ended
from tests.helpers import SMALL, needs, small_workspace

FAILED = Ended("2018-06", None, "params/2018-06.yml is missing.", 0.1)
COUNCIL = "Borough of <b>Nowhere</b> & Co"


@pytest.fixture
def workspace(tmp_path, post):
    settings = (
        f"{SMALL['params/report.yml']}notify:\n  report_url: https://example.org/mpr\n"
        f"  mail: {{server: 127.0.0.1, port: {post.port}, security: none, sender: mpr@example.org, "
        "to: [x@example.org], when: [failure]}\n"
        "  subscribers:\n    internal: [ada@example.org, bo@example.org, Ada@example.org]\n"
        "    public: [cy@example.org]\n"
    )
    return lambda **more: small_workspace(tmp_path / "workspace", {"params/report.yml": settings} | more)


@pytest.fixture
def made(tmp_path):
    """A function that puts a set in a folder of outputs, and gives the run that published it."""

    def publish(month="2018-05", edition="internal", pdf=b"%PDF-1.7 a report", **report) -> Ended:
        folder = tmp_path / edition / month
        folder.mkdir(parents=True, exist_ok=True)
        about = {"council": COUNCIL, "title": "Monthly Performance Report", "language": "en-GB", "version": "V1.0"}
        about |= {"publisher": "", "generated": f"{month}-30T11:59:00"} | report
        said = {"edition": edition, "reporting_month": month, "report": about}
        said["meetings"] = [{"committee": "Roads", "date": "2018-07-12"}]
        (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
        (folder / "scorecard.csv").write_text(SCORECARD, encoding="utf-8")
        (folder / "report.pdf").write_bytes(pdf)
        return Ended(month, Published(month, folder, ("report.html",), {}, {}))

    return publish


SCORECARD = """\
reporting_month,latest_month,indicator_code,short_name,public_title,section,unit,value,value_text,no_value_reason,target_text,rating,expected_outcome,variance
2018-05,2018-05,3.1,"Lights, <lit>",,CORPORATE,%,83,83%,,95%,RED,AT_RISK,-12
2018-05,2018-05,3.2,Potholes mended,Potholes,CORPORATE,number,,,AWAITED,100,NO_VALUE,SOME_SLIPPAGE,
2018-05,2018-05,3.3,Bins emptied,,CORPORATE,%,99,99%,,95%,GREEN,ON_COURSE,4
"""


def test_it_reads_inside_a_mail_client_with_the_report_attached(workspace, made, post):
    assert announce(workspace(), [made()], False) == []
    assert [to for _, to, _ in post.messages] == [["ada@example.org"], ["bo@example.org"]]
    (_, _, message), _ = post.messages
    assert message["To"] == "ada@example.org"
    assert message["Subject"] == f"{COUNCIL}: Monthly Performance Report May 2018"
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith(f"{COUNCIL}\nMonthly Performance Report May 2018\n\n1 of 3 indicators is at risk")
    assert "Roads meets about it on 12 July 2018." in text
    assert "- 3.1 Lights, <lit>: At risk. Latest 83%, target 95%." in text
    assert "The report: https://example.org/mpr/2018-05/report.html" in text
    html = message.get_body(("html",)).get_content()
    page = BeautifulSoup(html, "html.parser")
    assert page.select("script, style, link, img, b, [onclick], [class]") == []
    assert page.h1.text == "Monthly Performance Report May 2018"
    assert [[cell.get_text().strip() for cell in row.select("th, td")] for row in page.select("table table tr")] == [
        ["Indicator", "Latest", "Target"],
        ["3.1 Lights, <lit> At risk", "83%", "95%"],
        ["3.2 Potholes Some slippage", "Awaited", "100"],
    ]
    assert all(cell.get("style") for cell in page.select("td, th, p, h1, table, caption, a"))
    (pdf,) = message.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content_type()) == (
        "monthly-performance-report-may-2018.pdf",
        "application/pdf",
    )
    assert pdf.get_content() == b"%PDF-1.7 a report"


def test_each_version_goes_once_and_the_newest_month_alone(workspace, made, post):
    folder, may = workspace(), made()
    for ended in ([may], [may], [made("2018-04")], [FAILED]):
        announce(folder, ended, False)
    digests = [message for _, _, message in post.messages if "NOT published" not in message["Subject"]]
    assert len(digests) == 2
    announce(folder, [made(version="V1.1")], False)
    announce(folder, [made("2018-04"), made("2018-06")], False)
    assert [message["Subject"][-9:].strip() for _, _, message in post.messages[3:]] == ["May 2018"] * 2 + [
        "June 2018"
    ] * 2


def test_a_list_belongs_to_one_edition(workspace, made, post):
    assert announce(workspace(), [made(edition="public")], True) == []
    assert [to for _, to, _ in post.messages] == [["cy@example.org"]]
    (said,) = announce(workspace(), [made()], True)
    assert said.endswith("not gone to everybody: 2018-05 holds the internal edition. Expected the public one.")
    assert len(post.messages) == 1


@needs("public")
def test_an_address_that_names_an_officer_is_no_part_of_the_public_edition(tmp_path):
    settings = (
        SMALL["params/report.yml"] + "public: {officers: false}\nnotify:\n  subscribers: {public: [a.ames@b.org]}\n"
    )
    officers = SMALL["data/indicators.csv"].replace("SAFE,,,,,", "SAFE,,,Ada Ames,,", 1)
    folder = small_workspace(tmp_path / "own", {"params/report.yml": settings, "data/indicators.csv": officers})
    for name in PRIVATE:
        (folder / name).write_text("managed_by,email\nAda Ames,a.ames@b.org\n", encoding="utf-8")
    copy, refuse = brought("edition")["public"](Workspace(folder), "2018-05", tmp_path / "copy")
    assert "ames" not in "".join(path.read_text("utf-8").lower() for path in copy.root.rglob("*.*") if path.is_file())
    refuse(tmp_path / "copy")


def test_a_report_that_is_too_large_for_a_mail_is_not_attached(workspace, made, post, monkeypatch):
    monkeypatch.setattr("mpr_lib.notify.digest.LARGEST", 4)
    announce(workspace(), [made()], False)
    message = post.messages[0][2]
    assert list(message.iter_attachments()) == []
    assert "attached" not in message.get_body(("plain",)).get_content()


def test_what_goes_wrong_is_said_without_addresses_and_fails_nothing(workspace, made, post):
    post.refuses = {"bo@example.org": "550 nobody of that name"}
    (said,) = announce(workspace(), [made()], False)
    assert said.startswith("The digest of 2018-05 may not have come to 1 of 2 subscribers: refused, it does not take")
    shutil.rmtree(made().published.folder / "report.pdf", ignore_errors=True)
    broken = made()
    (broken.published.folder / "scorecard.csv").unlink()
    (said,) = announce(workspace(), [broken], False)
    assert said.startswith("The digest of 2018-05 has not gone to everybody: scorecard.csv is missing.")
    no_mail = {
        "params/report.yml": SMALL["params/report.yml"] + "notify:\n  subscribers: {internal: [a@example.org]}\n"
    }
    assert announce(workspace(**no_mail), [made()], False) == [
        "The digest was sent to nobody: params/report.yml, notify has subscribers and no mail."
    ]
    wrong = {
        "params/report.yml": SMALL["params/report.yml"] + "notify:\n  subscribers: {internal: ['a@b.org, c@d.org']}\n"
    }
    (said,) = announce(workspace(**wrong), [made()], False)
    assert "Expected one mail address such as a.person@example.org" in said
