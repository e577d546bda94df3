"""mpr status: the chase list on the screen, in a pipe, as CSV and as texts for mails."""

import csv
import io

import pandas as pd
import pytest
from typer.testing import CliRunner

from mpr_lib.book import Workspace, read_book
from mpr_lib.owed import wording
from mpr_lib.owed.chase import COLUMNS, chase_list, groups
from mpr_lib.run import cli
from tests.helpers import SMALL, TESTS, small_workspace

RIVERSIDE = TESTS / "councils" / "riverside"
HEADING = "indicator_code,month,value,note\n"
INDICATORS = "data/indicators.csv"
TWO_OFFICERS = (
    SMALL[INDICATORS].replace("SAFE,,,,", "SAFE,Place,,Ada A; Bo B,", 1).replace("SAFE,,,,", "SAFE,,,Ada A,", 1)
)


def status(workspace, month="2018-05", *arguments):
    return CliRunner().invoke(cli.app, ["status", month, "--workspace", str(workspace), *map(str, arguments)])


def lines(shown):
    """The tab-separated rows of a pipe, each under its heading, without the summary."""
    rows = [line.split("\t") for line in shown.stdout.splitlines() if "\t" in line]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def listed(workspace, month):
    book = read_book(Workspace(workspace), month, begun=True)
    return book, chase_list(book)


def test_exit_0_when_everything_is_in(tmp_path):
    found = status(small_workspace(tmp_path))
    assert (found.exit_code, lines(found)) == (0, [])
    assert found.stdout.endswith("\nMay 2018: everything is in.\nNext: mpr check 2018-05 && mpr run 2018-05\n")


def test_a_lag_that_the_workspace_allows_is_no_debt(tmp_path):
    changes = {"data/returns/2018-05.csv": HEADING + "3.1,2018-04,96%,\n3.10,2018-04,90,\n"}
    allowed = (
        "- expectation: value_is_not_late\n  indicator_codes: ['3.1']\n  allowed_lag: 1\n  reason: It comes late.\n"
    )
    folder = small_workspace(tmp_path, changes | {"params/expectations.yml": allowed})
    figures = [row for row in lines(status(folder)) if row["kind"] == "value"]
    assert [(row["indicator_code"], row["month"]) for row in figures] == [("3.10", "2018-05")]


def test_an_indicator_that_has_ended_owes_nothing_and_nothing_is_told_of_it(tmp_path):
    heading, lit, potholes, _ = SMALL[INDICATORS].split("\n")
    changes = {
        INDICATORS: f"{heading},last_month\n{lit},\n{potholes},2018-04\n",
        "data/returns/2018-04.csv": HEADING + "3.1,2018-04,96%,\n3.10,2018-03,TBC,\n3.10,2018-04,Proxy 90,\n",
        "data/returns/2018-05.csv": HEADING + "3.1,2018-05,97%,\n",
        "data/judgements.csv": SMALL["data/judgements.csv"]
        + "3.10,2018-04,2018-06,ON_COURSE,It will rain.,Head of Roads,2018-06-01\n",
        "data/commentary/2018-04/3-10.md": "Mended.",
    }
    found = status(small_workspace(tmp_path, changes))
    assert (found.exit_code, lines(found)) == (0, [])


def test_proxies_and_judgements_are_told_and_not_owed(tmp_path):
    changes = {
        "data/returns/2018-05.csv": HEADING + "3.1,2018-05,Proxy 97%,\n3.10,2018-05,210,\n",
        "data/judgements.csv": SMALL["data/judgements.csv"]
        + "3.10,2018-05,2018-06,ON_COURSE,It will rain.,Head of Roads,2018-06-01\n",
    }
    found = status(small_workspace(tmp_path, changes))
    assert found.exit_code == 0
    assert [(row["kind"], row["month"], row["remark"]) for row in lines(found)] == [
        ("proxy", "2018-05", "'Proxy 97%' stands in until the true figure comes"),
        ("judgement", "2018-06", "'on course to achieve target' ends with June 2018"),
    ]
    assert found.stdout.endswith(
        "May 2018: everything is in. To know: 1 proxy, 1 judgement about to end.\n"
        "Next: mpr check 2018-05 && mpr run 2018-05\n"
    )
    published = tmp_path / "outputs" / "2018-05"
    published.mkdir(parents=True)
    (published / "manifest.json").write_text('{"report": {"version": "V1.1"}}')
    assert status(tmp_path).stdout.splitlines()[-2:] == ["Published: V1.1.", "Next: mpr site"]


def test_a_month_without_return_and_params_owes_everything(tmp_path):
    found = status(small_workspace(tmp_path), "2018-06")
    assert found.exit_code == 1
    assert [(row["indicator_code"], row["kind"], row["month"], row["late_by"]) for row in lines(found)] == [
        ("3.1", "value", "2018-06", "0"),
        ("3.10", "value", "2018-06", "0"),
    ]
    assert found.stdout.endswith("\nJune 2018: 2 figures are owed.\nNext: mpr next 2018-06\n")


def test_a_council_that_has_sent_nothing_yet_owes_everything(tmp_path):
    nothing = {"data/returns/2018-04.csv": None, "data/returns/2018-05.csv": None, "params/2018-05.yml": None}
    found = status(small_workspace(tmp_path, nothing))
    assert (found.exit_code, {row["remark"] for row in lines(found)}) == (1, {"no figure yet"})


def test_comments_are_owed_of_exceptions_and_of_those_of_last_month(tmp_path):
    changes = {
        "data/returns/2018-05.csv": HEADING + "3.1,2018-05,50%,\n3.10,2018-05,210,\n",
        "data/commentary/2018-04/3-10.md": "Last month's.",
    }
    found = status(small_workspace(tmp_path, changes))
    assert [(row["indicator_code"], row["kind"], row["remark"]) for row in lines(found)] == [
        ("3.1", "commentary", "at risk of missing target"),
        ("3.10", "commentary", "there was one in April 2018"),
    ]
    assert found.stdout.endswith(
        "May 2018: 2 comments are owed.\nNext: the comments, in data/commentary/2018-05 or at the desk (mpr desk)\n"
    )
    written = {f"data/commentary/2018-05/{name}.md": "Words." for name in ("3-1", "3-10")}
    assert status(small_workspace(tmp_path, changes | written)).exit_code == 0


def test_an_indicator_with_two_officers_is_under_both_and_says_so(tmp_path):
    workspace = small_workspace(tmp_path, {INDICATORS: TWO_OFFICERS})
    rows = lines(status(workspace, "2018-06"))
    assert [(row["officer"], row["indicator_code"], row["shared_with"]) for row in rows] == [
        ("Ada A", "3.1", "Bo B"),
        ("Ada A", "3.10", ""),
        ("Bo B", "3.1", "Ada A"),
    ]
    rows = lines(status(workspace, "2018-06", "--by", "department"))
    assert [(row["department"], row["officer"], row["indicator_code"]) for row in rows] == [
        ("Place", "Ada A; Bo B", "3.1"),
        ("", "Ada A", "3.10"),
    ]
    assert status(workspace, "2018-06").stdout.endswith("June 2018: 2 figures are owed.\nNext: mpr next 2018-06\n")


def test_southends_may_owes_the_figures_that_were_late(repo):
    rows = lines(status(repo))
    owed = [(row["indicator_code"], row["month"]) for row in rows if row["kind"] == "value"]
    late = [(code, "2018-05") for code in ("CP 3.1", "CP 3.2", "CP 3.4", "CP 3.5", "CP 4.8")]
    assert owed == [("CP 2.3", "2018-04"), ("CP 2.3", "2018-05"), *late]
    others = [(row["kind"], row["indicator_code"]) for row in rows if row["kind"] != "value"]
    assert sorted(others) == [
        ("judgement", "CP 2.3"), ("judgement", "CP 3.6"), ("judgement", "CP 5.1"), ("proxy", "CP 4.10"),
    ]  # fmt: skip


def test_an_old_proxy_and_a_lapsing_judgement_are_listed(tmp_path):
    _, found = listed(RIVERSIDE, "2024-07")
    assert list(found.columns) == COLUMNS
    told = found[found["kind"].isin(["proxy", "judgement"])]
    assert [(row.indicator_code, row.kind, str(row.month)) for row in told.itertuples()] == [
        ("CS 1", "proxy", "2024-06"), ("RB 10", "judgement", "2024-07"), ("RB 12", "judgement", "2024-07"),
    ]  # fmt: skip


def test_a_mail_for_each_officer_says_what_is_missing_and_whom_to_send_it_to(tmp_path):
    changes = {
        INDICATORS: TWO_OFFICERS,
        "data/returns/2018-05.csv": HEADING + "3.1,2018-05,TBC,\n3.10,2018-05,100,\n",
        "params/report.yml": SMALL["params/report.yml"].replace("A. Person", "A. Person\n    email: a@b.example"),
    }
    found = status(small_workspace(tmp_path, changes), "2018-06", "--mail")
    assert found.exit_code == 1
    first, second = found.stdout.split("\n----\n\n")
    assert first == (
        "To: Ada A\n"
        "Subject: Monthly Performance Report for June 2018: 3 figures and 1 comment still owed\n"
        "\n"
        "The Monthly Performance Report for June 2018 still waits for:\n"
        "\n"
        "Figures\n"
        "- 3.1 Street lights lit: May to June 2018, 1 month late, 'TBC' was received; newest figure April 2018"
        " (shared with Bo B)\n"
        "- 3.10 Potholes mended: June 2018, due with this report, newest figure May 2018\n"
        "\n"
        "Comments: why, what is being done, what to expect\n"
        "- 3.10 Potholes mended: at risk of missing target\n"
        "\n"
        "Please send it to: A. Person, a@b.example.\n"
    )
    assert second.startswith("To: Bo B\nSubject: Monthly Performance Report for June 2018: 2 figures still owed\n")
    assert "(shared with Ada A)" in second


def test_nobody_gets_a_mail_when_everything_is_in(tmp_path):
    found = status(small_workspace(tmp_path), "2018-05", "--mail")
    assert (found.exit_code, found.stdout) == (0, "May 2018: everything is in.\n")


def test_the_csv_holds_every_row_and_no_formula(tmp_path):
    names = '"=HYPERLINK(""http://x.example"")",'
    hostile = SMALL[INDICATORS].replace("Street lights lit,", names).replace("Potholes mended,", '"\t@SUM(1)\nx",')
    workspace = small_workspace(tmp_path, {INDICATORS: hostile})
    target = tmp_path / "owed.csv"
    found = status(workspace, "2018-06", "--csv", target)
    assert (found.exit_code, found.stderr) == (1, f"Wrote {target}: 2 rows.\n")
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert [row["short_name"] for row in rows] == [' =HYPERLINK("http://x.example")', " @SUM(1) x"]
    assert [(row["month"], row["late_by"], row["kind"]) for row in rows] == [("2018-06", "0", "value")] * 2
    assert list(tmp_path.glob(".owed*")) == []


def test_a_csv_that_cannot_be_written_is_1_and_says_so(tmp_path):
    workspace = small_workspace(tmp_path)
    target = tmp_path / "nowhere" / "owed.csv"
    found = status(workspace, "2018-06", "--csv", target)
    assert (found.exit_code, found.stderr) == (
        1, f"{target} cannot be written: No such file or directory. Name another file.\n",
    )  # fmt: skip


def test_the_csv_never_replaces_a_return(tmp_path):
    workspace = small_workspace(tmp_path)
    target = workspace / "data/returns/2018-05.csv"
    found = status(workspace, "2018-06", "--csv", target)
    assert (found.exit_code, found.stderr) == (
        1, f"{target} lies among the workspace's own inputs. Name a file outside of data and params.\n",
    )  # fmt: skip
    assert target.read_text() == SMALL["data/returns/2018-05.csv"]


class Terminal(io.StringIO):
    """A terminal of 100 columns."""

    def isatty(self):
        return True


def test_a_terminal_gets_a_table_and_nothing_that_steers_it(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    hostile = TWO_OFFICERS.replace("Ada A", "Ada \u202e[2J[red]A")
    book, found = listed(small_workspace(tmp_path, {INDICATORS: hostile}), "2018-06")
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    wording.show(found, book, "officer")
    shown = terminal.getvalue()
    assert "\u202e" not in shown
    assert "[red]A" in shown
    assert "3.10" in shown
    assert "due with this report" in shown
    assert "shared with Bo B" in shown


def test_what_was_promised_is_said_although_nothing_came_since(tmp_path):
    changes = {"data/returns/2018-05.csv": HEADING + "3.1,2018-05,TBC,\n3.10,2018-05,210,\n"}
    _, found = listed(small_workspace(tmp_path, changes), "2018-06")
    row = next(wording.merged(found[found["indicator_code"] == "3.1"]).itertuples())
    assert (row.months, row.late_by, row.value_text) == ("May to June 2018", 1, "TBC")
    assert wording.remark(row, pd.Period("2018-06")) == "'TBC' was received; newest figure April 2018"


def test_groups_stand_in_order_of_letters_and_nobody_last(tmp_path):
    _, found = listed(RIVERSIDE, "2024-08")
    assert [name for name, _ in groups(found, "department")] == [
        "Chief Executive's", "Environment", "Housing", "No single department", "",
    ]  # fmt: skip
    names = [name for name, _ in groups(found, "officer")]
    assert names == sorted(names, key=str.casefold)


def test_a_correction_that_is_not_read_is_mentioned(tmp_path):
    found = status(small_workspace(tmp_path, {"data/returns/2018-05.v1.1.csv": HEADING}))
    assert found.exit_code == 0
    assert "data/returns/2018-05.v1.1.csv is not read: the report is V1.0." in found.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("2018-13",), "'2018-13' is not a month."),
        (("2018-05", "--by", "team"), "'team' is not one of 'officer', 'department'."),
        (("2018-05", "--post"), "No such option: --post"),
    ],
)
def test_wrong_usage_is_2(arguments, message):
    found = CliRunner().invoke(cli.app, ["status", *arguments])
    assert found.exit_code == 2
    assert message in found.stderr


def test_a_workspace_that_cannot_be_read_is_1_with_its_message(tmp_path):
    found = status(small_workspace(tmp_path, {"params/report.yml": None}))
    assert (found.exit_code, found.stderr) == (
        1, "params/report.yml is missing. Add it, or name the right workspace.\n",
    )  # fmt: skip


def test_what_is_in_goes_on_while_something_is_still_to_come(tmp_path):
    """The next command is not the same for ever because of a figure that will not come."""
    changes = {"data/returns/2018-05.csv": HEADING + "3.1,2018-05,98%,\n"}
    workspace = small_workspace(tmp_path, changes)
    (workspace / "data/commentary/2018-05").mkdir(parents=True, exist_ok=True)
    for code in ("3-1", "3-10"):
        (workspace / f"data/commentary/2018-05/{code}.md").write_text("Words.\n")
    more = "; for what still comes: mpr import 2018-05 FILE… --write\n"
    assert status(workspace).stdout.endswith(f"Next: mpr check 2018-05 && mpr run 2018-05{more}")
    (workspace / "outputs/2018-05").mkdir(parents=True)
    assert status(workspace).stdout.endswith(f"Next: mpr site{more}")


def test_a_workspace_without_an_indicator_does_not_have_everything_in(tmp_path):
    headings = SMALL["data/indicators.csv"].splitlines()[0]
    workspace = small_workspace(tmp_path, {"data/indicators.csv": f"{headings}\n"})
    found = CliRunner().invoke(cli.app, ["status", "2018-05", "--workspace", str(workspace)])
    said = "data/indicators.csv has no indicator for May 2018: give each a row.\n"
    assert (found.exit_code, found.stdout, found.stderr) == (1, "", said)


def test_without_a_month_it_is_the_newest_that_is_begun(tmp_path):
    workspace = small_workspace(tmp_path, {"params/2018-06.yml": "month: 2018-06\n"})
    found = CliRunner().invoke(cli.app, ["status", "--workspace", str(workspace)])
    assert "\nJune 2018: " in found.stdout
    for path in (workspace / "params").glob("2018-*.yml"):
        path.unlink()
    found = CliRunner().invoke(cli.app, ["status", "--workspace", str(workspace)])
    assert (found.exit_code, found.stderr.partition(".")[0]) == (1, "No month is begun here")
