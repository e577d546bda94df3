"""The calendar: its steps by day, what is refused, what status says, and how old figures are on the day."""

from datetime import date

import pytest
from typer.testing import CliRunner

from mpr_lib.annexes import brought
from mpr_lib.book import Workspace, read_book
from mpr_lib.book.settings import ReportSettings, read_settings
from mpr_lib.book.workspace import InputReader
from mpr_lib.errors import InputError
from mpr_lib.meetings.ages import age, card, cover_notes, explain
from mpr_lib.meetings.calendar import begins, read_meetings
from mpr_lib.report.report import Material
from mpr_lib.run import cli
from tests.helpers import SMALL, cases, month, needs, small_workspace

CALENDAR = "params/calendar.yml"
ROADS = "committees:\n  - name: Roads\n    spellings: [Roads Scrutiny]\n  - name: Homes\n"
ONE = "meetings:\n  - {month: 2018-05, date: 2018-07-12}\n"
THREE = (
    "meetings:\n  - {month: 2018-05, date: 2018-07-12, committee: Roads Scrutiny}\n"
    "  - {month: 2018-05, date: 2018-07-10, committee: Homes}\n  - {month: 2018-06, date: 2018-08-09}\n"
)
NAMED = SMALL["data/indicators.csv"].replace("SAFE,,,,,MAX", "SAFE,,,,Roads,MAX", 1)
TWO = SMALL["data/indicators.csv"].replace("SAFE,,,,,", "SAFE,,,,Homes,").replace("Homes", "Roads", 1)


def workspace(folder, calendar, indicators=SMALL["data/indicators.csv"], more=None):
    settings = SMALL["params/report.yml"] + ROADS
    changes = {"params/report.yml": settings, CALENDAR: calendar, "data/indicators.csv": indicators}
    return Workspace(small_workspace(folder, changes | (more or {})))


def meetings(folder, calendar, **more):
    place = workspace(folder, calendar, **more)
    settings = read_settings(ReportSettings, place.report_settings.read_text("utf-8"), "params/report.yml")
    return read_meetings(InputReader(place), month("2018-05"), settings)


@pytest.mark.parametrize("case", cases("meetings_steps.csv"))
def test_the_step_of_a_day_is_the_first_whose_own_day_has_not_passed(tmp_path, case):
    before = "{" + case["before"].replace("=", ": ") + "}"
    calendar = f"meetings: [{{month: 2018-05, date: {case['meeting']}, before: {before}}}]\n"
    if "refused" in case["why"]:
        with pytest.raises(InputError):
            meetings(tmp_path, calendar)
        return
    (found,) = meetings(tmp_path, calendar)
    step = found.step_on(date.fromisoformat(case["today"]))
    assert (step or "", str(found.due(step)) if step else "") == (case["step"], case["due"])


@pytest.mark.parametrize("case", cases("meetings_refused.csv"))
def test_what_cannot_be_meant_is_refused_in_words(tmp_path, case):
    with pytest.raises(InputError) as refused:
        meetings(tmp_path, case["calendar"])
    assert str(refused.value).startswith(CALENDAR)
    assert case["expected"] in str(refused.value)


@pytest.mark.parametrize("case", cases("meetings_ages.csv"))
def test_a_figures_age_counts_from_the_last_day_of_its_month(case):
    assert age(month(case["month"]), date.fromisoformat(case["meeting"])) == int(case["days"])


def test_a_calendar_of_remarks_alone_says_nothing(tmp_path):
    text = begins("2018-05")[CALENDAR]
    assert meetings(tmp_path / "remarks", text) == []
    assert meetings(tmp_path / "none", None) == []
    told = "\n".join(
        line.removeprefix("# ") if line.startswith(("# meetings", "#   -")) else "" for line in text.splitlines()
    )
    (found,) = meetings(tmp_path / "meant", told.replace("People Scrutiny", "Roads"))
    assert (found.committee, f"{found.date:%A}") == ("Roads", "Thursday")


def status(place, *options):
    run = CliRunner().invoke(cli.app, ["status", "2018-05", "--workspace", str(place.root), *options])
    told = [line.split("\t") for line in run.stdout.splitlines() if "\t" in line]
    return run.exit_code, [(who, what) for who, _, what in (cells for cells in told if len(cells) == 3)][1:]


def test_status_says_the_step_of_the_day_and_what_each_meeting_waits_for(tmp_path):
    returned = {"data/returns/2018-05.csv": "indicator_code,month,value,note\n3.1,2018-05,97%,\n"}
    place = workspace(tmp_path, THREE, TWO, returned)
    _, told = status(place, "--today", "2018-06-20")
    assert told == [
        ("Homes", "meets on 10 July 2018, in 20 days; 1 figure is owed for it"),
        ("Roads", "meets on 12 July 2018, in 22 days; every figure for it is in"),
        ("Homes", "the step of 20 June 2018 is return (officers send their figures), its last day"),
    ]
    assert status(place, "--today", "2018-06-21")[1][-1][1] == (
        "the step of 21 June 2018 is chase (what is missing is asked for again), to be done by 22 June 2018: 1 day left"
    )


def test_status_names_what_is_overdue_and_ends_with_1(tmp_path):
    place = workspace(tmp_path, ONE)
    assert status(place, "--today", "2018-07-05")[0] == 0
    code, told = status(place, "--today", "2018-07-06")
    assert code == 1
    assert told == [
        ("Committee", "publish was to be done by 5 July 2018, 1 day ago: nothing is published"),
        ("Committee", "meets on 12 July 2018, in 6 days; every figure for it is in"),
        ("Committee", "every step before the meeting has had its day"),
    ]


def shown(place, **how):
    """What the cover, each card by its code, and the manifest say."""
    report = Material(read_book(place, "2018-05"), generated="2018-06-21T12:00", **how)
    cards = {code: str(card(report, row)) for code, row in report.rows.items()}
    return cover_notes(report), cards, explain(report.book)


def test_cover_and_cards_say_how_old_figures_are_on_the_day_of_their_meeting(tmp_path):
    late = {"data/returns/2018-05.csv": "indicator_code,month,value,note\n3.1,2018-05,97%,\n3.10,2018-05,TBC,\n"}
    notes, cards, told = shown(workspace(tmp_path, THREE, TWO, late))
    assert notes == [
        "When the committees meet between 10 July 2018 and 12 July 2018, a typical figure in this report will be "
        "42 days old, the oldest 71 days (3.10)."
    ]
    assert "This figure will be 42 days old when Roads meets on 12 July 2018." in cards["3.1"]
    assert "This figure will be 71 days old when Homes meets on 10 July 2018." in cards["3.10"]
    assert told == [{"committee": "Homes", "date": "2018-07-10"}, {"committee": "Roads", "date": "2018-07-12"}]


def test_only_a_meeting_that_is_about_an_indicator_is_named(tmp_path):
    notes, cards, _ = shown(workspace(tmp_path / "own", THREE, NAMED))
    assert notes == ["When Roads meets on 12 July 2018, a typical figure in this report will be 42 days old."]
    assert cards["3.10"] == "{}"
    _, cards, _ = shown(workspace(tmp_path / "all", ONE, NAMED))
    assert "when the committee meets on 12 July 2018" in cards["3.1"]
    assert shown(workspace(tmp_path / "none", None, NAMED)) == ([], {"3.1": "{}", "3.10": "{}"}, [])


def test_a_committees_edition_is_about_its_own_meeting(tmp_path):
    notes, _, _ = shown(workspace(tmp_path, THREE, TWO), committee="Homes")
    assert notes == ["When Homes meets on 10 July 2018, a typical figure in this report will be 40 days old."]


def test_a_report_that_is_made_after_the_meeting_says_was(tmp_path):
    place = workspace(tmp_path, ONE, more={"params/2018-05.yml": "month: 2018-05\ngenerated: 2018-08-01T12:00:00\n"})
    report = Material(read_book(place, "2018-05"))
    assert cover_notes(report) == [
        "When the committee met on 12 July 2018, a typical figure in this report was 42 days old."
    ]
    assert "was 42 days old when the committee met on 12 July 2018." in str(card(report, report.rows["3.1"]))


@needs("public")
@pytest.mark.parametrize(("also", "count"), [("", 0), ("public:\n  also: [meetings]\n", 1)])
def test_the_public_edition_says_nothing_of_meetings_unless_the_settings_name_them(tmp_path, also, count):
    settings = {"params/report.yml": SMALL["params/report.yml"] + also}
    place = workspace(tmp_path / "workspace", ONE, more=settings)
    copy, _ = brought("edition")["public"](place, "2018-05", tmp_path / "copy")
    assert len(read_book(copy, "2018-05").annexes["meetings"]) == count
