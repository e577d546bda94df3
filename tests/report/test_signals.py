"""Signals for readers: their table, why others are not judged, and a story whose every number is accounted for."""

import re

import pytest

from mpr_lib.report import open_report
from mpr_lib.report.document import part_html
from mpr_lib.report.prose import plain_text
from mpr_lib.report.rendering import TEMPLATES, environment
from mpr_lib.report.sections.key import key
from mpr_lib.report.sections.signals import news, signals, story
from mpr_lib.words import ASSURANCE_MEANINGS, ASSURANCES, VARIATION_MEANINGS, VARIATIONS, WHY_NOT_JUDGED
from tests.helpers import REPOSITORY, small_workspace, table

EXPECTED = {row["indicator_code"]: row for row in table("cases", "insight/insight_southend.csv")}
JUDGED = {code: row for code, row in EXPECTED.items() if row["variation"] != "NOT_JUDGED"}


@pytest.fixture(scope="module")
def seed():
    return open_report(str(REPOSITORY), "2018-05")


def told(blocks) -> str:
    return " ".join(plain_text(block["prose"]) for block in blocks if block["kind"] == "prose")


def block_of(blocks, kind, id=""):
    return next(each for each in blocks if each["kind"] == kind and id in each.get("id", ""))


def test_each_judged_indicator_stands_in_the_cell_of_its_variation_and_assurance(seed):
    table = block_of(signals(seed), "table")
    keys = {each["key"] for each in table["columns"]}
    assert {row["assurance"] for row in JUDGED.values()} <= keys
    found = {}
    for row in table["rows"]:
        for assurance in keys - {"variation"}:
            cell = row["cells"][assurance]
            if cell["text"] != "none":
                found[row["cells"]["variation"]["variation"], assurance] = cell["text"].split(", ")
    assert found == {
        ("CONCERN", "UNSETTLED"): ["CP 1.1"],
        ("IMPROVEMENT", "RELIABLY_MISSED"): ["CP 1.4"],
        ("USUAL", "RELIABLY_MISSED"): ["CP 1.2", "CP 3.4"],
        ("USUAL", "HIT_AND_MISS"): ["CP 1.5", "CP 3.9", "CP 5.4"],
    }


@pytest.mark.parametrize(
    ("quarterly", "missed", "met"),
    [
        ([], "Missed in every usual month", "Met in some usual months"),
        (["CP 1.2"], "Missed in every usual month or quarter", "Met in some usual months or quarters"),
        (list(JUDGED), "Missed in every usual quarter", "Met in some usual quarters"),
    ],
)
def test_its_headings_say_how_often_what_is_judged_comes(seed, monkeypatch, quarterly, missed, met):
    rows = seed.scorecard.copy()
    rows.loc[rows["indicator_code"].isin(quarterly), "frequency"] = "QUARTERLY"
    monkeypatch.setattr(seed, "scorecard", rows)
    labels = {each["key"]: each["label"] for each in block_of(signals(seed), "table")["columns"]}
    assert (labels["RELIABLY_MISSED"], labels["HIT_AND_MISS"]) == (missed, met)


def test_its_codes_are_links_with_titles_and_its_headings_are_read_with_each_cell(seed):
    shown = part_html(seed.signals())
    assert 'href="#cp-1-1"' in shown
    assert "Child protection plans" in shown
    assert '<th scope="row" data-key="variation">' in shown
    assert '<th scope="col" data-key="RELIABLY_MISSED"' in shown
    assert "<caption>Which indicators have really changed (rows)" in shown


def test_a_line_for_each_reason_names_those_that_are_not_judged(seed):
    why = block_of(signals(seed), "details", "signals-not-judged")
    facts = {item["term"]: item["cell"]["text"].split(", ") for item in why["children"][0]["items"]}
    assert why["summary"] == "24 indicators are not judged, and why"
    reasons = {}
    for code, row in EXPECTED.items():
        if code not in JUDGED:
            reasons.setdefault(row["not_judged_reason"], []).append(code)
    expected = {}
    for reason, codes in reasons.items():
        why = WHY_NOT_JUDGED[reason]
        expected[f"{why[0].upper()}{why[1:]} ({len(codes)})"] = codes
    assert facts == expected
    assert sum(map(len, facts.values())) == 24


def test_many_codes_are_counted_and_warnings_are_told_with_their_reason(seed, monkeypatch):
    rows = seed.scorecard.copy()
    rows.loc[rows["variation"] == "NOT_JUDGED", "not_judged_reason"] = "TOO_FEW_POINTS"
    rows.loc[rows["indicator_code"] == "CP 5.4", ["early_warning", "forecast_chance"]] = ["FORECAST", 0.1]
    monkeypatch.setattr(seed, "scorecard", rows)
    shown = signals(seed)
    (item,) = block_of(shown, "details")["children"][0]["items"]
    assert item["cell"] == {"text": "24 indicators"}
    assert told(shown) == (
        "CP 5.4 Sickness days per employee: its target is met in 1 of 10 such years, though it is not red yet."
    )


def test_the_story_of_may_2018_is_told_of_cells_counts_a_run_and_a_setting(seed):
    rows, cell = seed.corporate_rows, seed.rows
    said = told(story(seed, rows, None))
    assert said == (
        "Signals: for seven of 31 indicators change can be told from chance. CP 1.1 is a real concern: 29.44 is below"
        " its usual 32.43 to 43.60. CP 1.4 has really improved: 83% is the last of seven months above its mean of "
        "78%. CP 1.2 and CP 3.4 miss their targets in every usual month: they need a change, not patience. CP 5.4 "
        "is red to date with a usual May: if the year goes on as last year did, it ends at 7.39 (6.63 to 8.16); the "
        "target of 7.20 is met in 4 of 10 such years."
    )
    usual = told(story(seed, rows, rows.assign(variation="USUAL")))
    assert "CP 1.1 is a new real concern. CP 1.4 has now really improved. CP 1.2" in usual
    one, four, five = cell["CP 1.1"], cell["CP 1.4"], cell["CP 5.4"]
    own = seed.points[seed.points["indicator_code"] == "CP 1.4"]
    above = (own["point"] > four.chart_mean).to_numpy()[::-1]
    where = [
        ("31", len(rows)),
        ("29.44", one.value), ("32.43", round(one.lower_limit, 2)), ("43.60", round(one.upper_limit, 2)),
        ("83", four.value), ("78", round(four.chart_mean)),
        ("7.39", round(five.forecast, 2)),
        ("6.63", round(five.forecast_low, 2)), ("8.16", round(five.forecast_high, 2)),
        ("7.20", five.annual_target_low), ("4", round(10 * five.forecast_chance)), ("10", 10),
    ]  # fmt: skip
    numbers = re.findall(r"(?<![\d.])\d+(?:\.\d+)?", re.sub(r"CP \d+\.\d+", "", said))
    assert numbers == [text for text, _ in where]
    assert all(float(text) == pytest.approx(number) for text, number in where)
    assert (rows["variation"] != "NOT_JUDGED").sum() == len(JUDGED) == 7
    assert above.cumprod().sum() == 7


def test_the_story_stands_below_the_exceptions_with_links(seed):
    blocks = seed.cover().blocks
    ids = [block.get("id", block["kind"]) for block in blocks]
    assert ids.index("glance") < ids.index("legend") < len(ids) - 1
    last = block_of(blocks[ids.index("legend") :], "prose")
    links = [node["href"] for node in last["prose"][0]["children"] if node["type"] == "link"]
    assert links == ["#cp-1-1", "#cp-1-4", "#cp-1-2", "#cp-3-4", "#cp-5-4"]


def test_where_nothing_can_be_judged_only_that_is_said(tmp_path):
    report = open_report(str(small_workspace(tmp_path)), "2018-05")
    said = "or none of the 2 indicators can change be told from chance yet"
    assert told(story(report, report.corporate_rows, None)) == f"Signals: f{said}."
    shown = signals(report)
    takes = ", which takes 13 comparable figures or more."
    assert shown[0] == {"kind": "note", "text": f"F{said}{takes}", "tone": "none"}
    assert "table" not in [block["kind"] for block in shown]
    assert "key-signals" not in [table["id"] for table in key(report)]


def test_what_is_new_is_told_with_its_reason_where_there_was_a_report_before(seed):
    rows = seed.corporate_rows.copy()
    rows.loc[rows["indicator_code"] == "CP 3.9", "early_warning"] = "FORECAST"
    before = seed.corporate_rows.copy()
    before.loc[before["indicator_code"] == "CP 1.1", "variation"] = "USUAL"
    assert told(news(seed, rows, before)) == (
        "New since April 2018: CP 1.1 (real concern: 29.44 is below its usual 32.43 to 43.60); CP 3.9 (early warning: "
        "its target is almost certainly missed, though it is not red yet)."
    )
    said = told(story(seed, rows, before))
    assert "CP 1.1 is a new real concern. CP 1.4 has really improved: 83%" in said
    assert said.endswith("CP 3.9: its target is almost certainly missed, though it is not red yet.")
    assert news(seed, rows, rows) == news(seed, rows, None) == []


def test_several_of_a_kind_are_named_together_and_the_story_stays_short(seed):
    rows = seed.corporate_rows.copy()
    rows.loc[rows["indicator_code"].isin(["CP 1.2", "CP 3.4"]), "variation"] = "CONCERN"
    said = told(story(seed, rows, None))
    assert "CP 1.1, CP 1.2 and CP 3.4 are a real concern." in said
    assert "patience" not in said
    assert len(re.findall(r"\.(?= |$)", said)) <= 5


def test_rows_say_their_signal_and_what_they_are_filtered_by(seed):
    shown = part_html(seed.corporate())
    assert 'data-code="CP 1.1"' in shown
    assert 'data-variation="CONCERN" data-assurance="UNSETTLED"' in shown
    assert shown.count('data-assurance="NOT_JUDGED"') == 24
    (row,) = re.findall(r'<tr id="corporate-cp-1-4".*?</tr>', shown, re.DOTALL)
    assert "Real improvement" in re.search(r'<td data-key="signal".*?</td>', row, re.DOTALL)[0]


def test_every_signal_has_a_shape_of_its_own_on_page_and_paper():
    template = "{% from 'html/signs.html.j2' import shape %}{{ shape(it) }}"
    drawn = [environment().from_string(template).render(it=variation) for variation in VARIATIONS]
    assert len(set(drawn)) == len(VARIATIONS)
    theme = (TEMPLATES / "pdf/theme.typ").read_text(encoding="utf-8")
    assert all(f'"{variation}"' in theme for variation in VARIATIONS if variation != "NOT_JUDGED")


def test_the_key_explains_every_word(seed):
    assert set(VARIATION_MEANINGS) == set(VARIATIONS)
    assert {*ASSURANCE_MEANINGS, "NOT_JUDGED"} == set(ASSURANCES)
    rows = block_of(key(seed), "table", "key-signals")["rows"]
    assert len(rows) == len(VARIATION_MEANINGS) + len(ASSURANCE_MEANINGS) + 1
    assert max(len(row["cells"]["meaning"]["text"]) for row in rows) < 150
