"""The invented council: the same each time, complete, and fit to be published."""

import json
from datetime import date

import pypdfium2
import pytest

import tools.demo
from mpr_lib.annexes import brought
from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.book.tables import officers
from mpr_lib.checks import run_checks
from mpr_lib.errors import InputError
from mpr_lib.start.new_workspace import LAST, make_demo
from tests.helpers import needs
from tools.demo import COUNCIL, FIRST, MADE, demo_files, packed


@pytest.fixture(scope="module")
def fernmouth(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "fernmouth"
    make_demo(folder)
    return folder


@pytest.fixture(scope="module")
def book(fernmouth):
    return read_book(Workspace(fernmouth), LAST)


def test_it_is_what_its_generator_makes(fernmouth):
    """``python -m tools.demo`` writes it again."""
    files = demo_files()
    assert MADE.read_text(encoding="utf-8") == packed(files)
    made = {path.relative_to(fernmouth).as_posix(): path for path in fernmouth.rglob("*") if path.is_file()}
    assert {name: path.read_bytes() for name, path in made.items()} == {
        name: text.encode() for name, text in files.items()
    }


def test_the_generator_knows_its_newest_report():
    assert tools.demo.LAST == LAST


def test_it_is_marked_as_invented_in_every_report(fernmouth, book):
    assert book.settings.council == COUNCIL
    assert "(invented)" in COUNCIL
    for path in (fernmouth / "params").glob("2*.yml"):
        assert "Fernmouth does not exist." in path.read_text(encoding="utf-8")


def test_it_has_three_years_of_reports(fernmouth):
    assert len(list((fernmouth / "params").glob("2*.yml"))) == 36
    assert {path.name[:7] for path in (fernmouth / "data" / "returns").iterdir()} == {
        path.stem for path in (fernmouth / "params").glob("2*.yml")
    }


def test_it_has_every_kind_of_indicator(book):
    known = book.indicators
    assert known["section"].value_counts().to_dict() == {"CORPORATE": 41, "PARTNERSHIP": 12}
    assert set(known["polarity"]) == {"MAXIMISE", "MINIMISE", "GOLDILOCKS"}
    assert set(known["basis"]) == {"CUMULATIVE", "SNAPSHOT", "YTD_SNAPSHOT", "ROLLING_QUARTER", "UNSTATED"}
    assert set(known["frequency"]) == {"MONTHLY", "QUARTERLY", "YEARLY"}
    assert set(book.targets["profile"]) == {"FLAT", "LINEAR", "LINEAR_FROM_BASELINE", "LAST_YEAR", "STATED"}
    assert known["quarter_rows"].any()
    assert not known["public"].all()
    assert known["definition_break"].notna().any()


@needs("meetings")
def test_a_day_before_its_meetings_has_a_step_and_every_officer_an_address_that_no_mail_reaches(fernmouth, book):
    *_, step = brought("waits")["meetings"](book, date(2026, 1, 8))
    assert (step.who, step.what) == (
        "People Scrutiny",
        "the step of 8 January 2026 is chase (what is missing is asked for again), to be done by 9 January 2026: "
        "1 day left",
    )
    rows = [line.split(",") for line in (fernmouth / "data/officers.csv").read_text("utf-8").splitlines()[1:]]
    assert {name for name, _ in rows} == {name for cell in book.indicators["managed_by"] for name in officers(cell)}
    assert {address.rpartition("@")[2] for _, address in rows} == {"example.org"}


def test_it_has_what_real_returns_have(book):
    returns = book.returns
    assert {"AWAITED", "NOT_APPLICABLE", "NOT_SUPPLIED"} <= set(returns["no_value_reason"])
    assert returns["is_proxy"].any()
    assert returns["is_provisional"].any()
    assert returns["numerator"].notna().any()
    assert (returns["computed_from"] != "").any()
    assert {code for code in book.computed if code not in set(returns["indicator_code"])} == {"FB 4.9"}
    sent_again = returns[returns["number"].notna()].duplicated(["indicator_code", "month"])
    assert sent_again.sum() > 20
    late = returns["received"] > returns["month"]
    assert late.any()


def test_its_newest_report_may_be_published_and_is_worth_reading(book):
    history = history_of(book)
    scorecard = scorecard_of(book, history)
    quality = run_checks(book, scorecard, history)
    assert not quality.critical
    assert quality.counts["warning"] == 6
    assert book.commentary.set_index("indicator_code")["unapproved"].replace("", None).dropna().to_dict() == {
        "FB 2.3": "DRAFT", "FB 4.1": "CHANGED",
    }  # fmt: skip
    assert set(scorecard["expected_outcome"]) == {"AT_RISK", "SOME_SLIPPAGE", "ON_COURSE", "NO_TARGET"}
    assert set(scorecard["rating"]) == {"RED", "AMBER", "GREEN", "NO_VALUE", "NO_TARGET"}
    assert set(scorecard["direction"]) == {"BETTER", "SAME", "WORSE", "NOT_AVAILABLE"}
    assert (scorecard["outcome_reason"] != "").sum() == 3
    without = scorecard["expected_outcome"].isin(["AT_RISK", "SOME_SLIPPAGE"]) & (scorecard["commentary"] == "")
    assert scorecard.loc[without, "indicator_code"].tolist() == ["FB 5.6"]


@pytest.fixture(scope="module")
def cards(fernmouth):
    """A function that makes a month's scorecard, by code; each once."""
    made = {}

    def card(month):
        if month not in made:
            book = read_book(Workspace(fernmouth), month)
            made[month] = scorecard_of(book, history_of(book)).set_index("indicator_code")
        return made[month]

    return card


def test_it_has_every_kind_of_signal(cards):
    newest = cards(LAST)
    assert set(newest["variation"]) == {"USUAL", "IMPROVEMENT", "CONCERN", "CHANGE", "NOT_JUDGED"}
    assert set(newest["assurance"]) == {"RELIABLY_MET", "HIT_AND_MISS", "RELIABLY_MISSED", "UNSETTLED", "NOT_JUDGED"}
    assert {"OUTSIDE", "TWO_OF_THREE", "SHIFT"} <= set(newest["signal"])
    assert (newest["variation"] == "IMPROVEMENT").sum() >= 3
    assert (newest["variation"] == "CONCERN").sum() >= 3
    assert {"NO_VALUE", "BASIS_UNSTATED", "TOO_FEW_POINTS", "SEASONAL"} <= set(newest["not_judged_reason"])


@pytest.mark.parametrize(
    ("code", "warned", "rating_in_march"), [("FB 4.6", "2024-06", "AMBER"), ("FB 4.2", "2024-08", "GREEN")],
    ids=["one that came true", "one that did not"],
)  # fmt: skip
def test_a_year_end_was_warned_of(cards, code, warned, rating_in_march):
    then, end = cards(warned).loc[code], cards("2025-03").loc[code]
    assert (then["rating"], then["early_warning"]) == ("AMBER", "FORECAST")
    assert then["forecast_chance"] <= 0.2
    assert then["annual_target_low"] == end["annual_target_low"]
    assert (str(end["latest_month"]), end["rating"]) == ("2025-03", rating_in_march)


def test_it_warns_in_every_way_there_is(cards):
    told = {month: cards(month)["early_warning"] for month in ("2025-10", LAST)}
    assert {kind for each in told.values() for kind in each} >= {"", "FORECAST", "VARIATION", "RECOVERY"}
    assert cards(LAST).loc["FB 4.4", ["rating", "early_warning"]].tolist() == ["RED", "RECOVERY"]
    assert set(cards(LAST)["forecast_method"]) == {"", "LAST_YEAR_SHAPE", "LEVEL"}


def test_a_step_begins_anew_from_the_report_that_first_counts_it(book, cards):
    assert (book.steps["reason"] != "").all()
    recorded_late = book.steps[book.steps["reported_from"] > book.steps["month"]]
    assert recorded_late["indicator_code"].tolist() == ["FB 4.2", "FB 2.3"]
    assert cards("2025-01").loc["FB 4.2", ["points", "variation"]].tolist() == [34, "IMPROVEMENT"]
    assert cards("2025-02").loc["FB 4.2", ["points", "not_judged_reason"]].tolist() == [5, "TOO_FEW_POINTS"]
    assert cards(LAST).loc["FB 4.2", ["points", "variation"]].tolist() == [15, "USUAL"]
    assert cards(LAST).loc["FB 5.4", "assurance"] == "RELIABLY_MET"
    # One that has a card of its own, so that its chart shows the step.
    assert cards(LAST).loc["FB 2.4", ["points", "rating"]].tolist() == [21, "RED"]


@pytest.mark.parametrize("month", [FIRST, "2023-04", "2024-06", "2025-11"])
def test_its_earlier_reports_may_be_published_too(fernmouth, month):
    earlier = read_book(Workspace(fernmouth), month)
    history = history_of(earlier)
    assert not run_checks(earlier, scorecard_of(earlier, history), history).critical


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(InputError, match=r"is not empty: it holds kept\.txt"):
        make_demo(tmp_path)


@pytest.mark.slow
def test_its_newest_month_is_published_as_page_and_pdf(demo_published):
    manifest = json.loads((demo_published / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["findings"]["critical"] == 0
    html = (demo_published / "report.html").read_text(encoding="utf-8")
    assert html.count(COUNCIL) >= 3
    with pypdfium2.PdfDocument(demo_published / "report.pdf") as opened:
        pages = [page.get_textpage().get_text_range() for page in opened]
    assert all("(invented)" in page for page in pages)
