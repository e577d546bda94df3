"""The first screen: a headline that hides nothing, and every exception in one table with what is done about it."""

import pytest
from bs4 import BeautifulSoup

from mpr_lib.report import open_report
from mpr_lib.report.document import part_html
from mpr_lib.report.prose import action, first_sentence, plain_text, read_prose
from tests.helpers import REPOSITORY, SMALL, small_workspace


def blocks_of(workspace, month="2018-05"):
    return open_report(str(workspace), month).cover().blocks


def table_of(blocks) -> dict:
    return next((block for block in blocks if block["kind"] == "table"), {"rows": []})


def texts(blocks, key) -> list[str]:
    return [row["cells"][key]["text"] for row in table_of(blocks)["rows"]]


@pytest.fixture(scope="module")
def seed():
    return blocks_of(REPOSITORY)


def test_exceptions_stand_by_outcome_and_distance_those_without_a_figure_last(seed):
    assert [row["code"] for row in table_of(seed)["rows"]] == [
        "CP 3.10", "CP 3.9", "CP 1.1", "CP 2.4", "CP 3.0", "CP 1.4", "CP 1.5", "CP 1.2", "CP 5.4", "CP 2.3",
        "CP 3.4", "CP 3.2",
    ]  # fmt: skip
    assert texts(seed, "distance") == [
        "51.8 points below", "366 below", "8.56 below", "212 above", "5.1 below", "12 points below", "11 points below",
        "7.36 above", "0.09 above", "–", "3.8 points below", "2.5 points below",
    ]  # fmt: skip


def test_a_distance_is_said_alike_on_the_first_screen_and_on_the_card(seed):
    cards = {card["code"]: card["sentence"] for card in open_report(str(REPOSITORY), "2018-05").detail().blocks}
    shown = table_of(seed)["rows"]
    assert len(cards) == len(shown)
    for row in shown:
        said = row["cells"]["distance"]["text"].replace("points", "percentage points")
        assert said == "–" or f"{said} the target" in cards[row["code"]]


def test_bars_are_of_tolerances_and_a_figure_on_target_has_none(seed, tmp_path):
    rows = {row["code"]: (row.get("distance"), row["cells"]["distance"]) for row in table_of(seed)["rows"]}
    assert [rows[code][0] for code in ("CP 3.10", "CP 5.4", "CP 3.4", "CP 2.3")] == [-11.5111, -1.6364, -0.7677, None]
    assert [rows[code][1]["bar"]["share"] for code in ("CP 3.10", "CP 5.4", "CP 3.4")] == [100, 14, 7]
    judged = "3.1,2018-05,,AT_RISK,A strike is announced,Head of service,2018-06-01\n"
    changes = {
        "data/judgements.csv": SMALL["data/judgements.csv"] + judged,
        "data/returns/2018-05.csv": "indicator_code,month,value,note\n3.1,2018-05,95%,\n3.10,2018-05,300,\n",
    }
    (row,) = table_of(blocks_of(small_workspace(tmp_path, changes)))["rows"]
    assert (row["code"], row["distance"], row["cells"]["distance"]) == ("3.1", 0, {"text": "On target"})


def test_a_row_says_what_its_figure_is_and_how_long_it_is_off_target(seed):
    rows = {row["code"]: row["cells"] for row in table_of(seed)["rows"]}
    assert rows["CP 3.10"]["name"]["text"] == "CP 3.10 Child protection conferences in 15 days"
    assert rows["CP 3.10"]["name"]["href"] == "#cp-3-10"
    assert {code: cells["value"].get("marks") for code, cells in rows.items() if "marks" in cells["value"]} == {
        "CP 2.3": ["no figure"], "CP 3.4": ["April"], "CP 3.2": ["April"],
    }  # fmt: skip
    assert {code: cells["change"]["text"] for code, cells in rows.items()} == {
        "CP 3.10": "14+ months", "CP 3.9": "14+ months", "CP 1.1": "14+ months", "CP 2.4": "1st month",
        "CP 3.0": "2nd month", "CP 1.4": "14+ months", "CP 1.5": "3rd month", "CP 1.2": "14+ months",
        "CP 5.4": "2nd month", "CP 2.3": "–", "CP 3.4": "13+ months", "CP 3.2": "8th month",
    }  # fmt: skip
    assert [code for code, cells in rows.items() if cells["outcome"].get("judged")] == ["CP 2.3"]


def test_without_a_mark_a_comments_first_sentence_is_shown_as_such(seed):
    rows = {row["code"]: row["cells"]["doing"] for row in table_of(seed)["rows"]}
    assert rows["CP 1.2"]["mark"] == "Comment:"
    assert rows["CP 1.2"]["text"] == "The rate of children looked after remains above target."


FALLING = {
    "params/2018-04.yml": "month: 2018-04\n",
    "data/returns/2018-04.csv": "indicator_code,month,value,note\n3.1,2018-04,95%,\n3.10,2018-04,30,\n",
    "data/returns/2018-05.csv": "indicator_code,month,value,note\n3.1,2018-05,20%,\n3.10,2018-05,31,\n",
}


def test_what_a_comment_marks_as_being_done_is_shown_without_a_remark(tmp_path):
    comment = "Lamps failed.\n\nAction: all are *replaced* by June.\n"
    changes = FALLING | {"data/commentary/2018-05/3-1.md": comment}
    (row,) = (row for row in table_of(blocks_of(small_workspace(tmp_path, changes)))["rows"] if row["code"] == "3.1")
    assert row["cells"]["doing"] == {"text": "all are replaced by June.", "brief": True}


def test_a_tag_says_what_is_new_where_there_is_an_earlier_report(tmp_path):
    rows = {
        row["code"]: row["cells"]["change"]["text"]
        for row in table_of(blocks_of(small_workspace(tmp_path, FALLING)))["rows"]
    }
    assert rows["3.1"] == "new"
    (tmp_path / "params/2018-04.yml").unlink()
    rows = {row["code"]: row["cells"]["change"]["text"] for row in table_of(blocks_of(tmp_path))["rows"]}
    assert rows["3.1"] == "1st month"


def test_what_a_judgement_alone_takes_off_is_not_said_to_have_recovered(tmp_path):
    judged = "3.10,2018-05,2018-05,ON_COURSE,A second team starts in June,Head of service,2018-06-01\n"
    changes = FALLING | {
        "data/returns/2018-04.csv": "indicator_code,month,value,note\n3.1,2018-04,70%,\n3.10,2018-04,30,\n",
        "data/returns/2018-05.csv": "indicator_code,month,value,note\n3.1,2018-05,97%,\n3.10,2018-05,31,\n",
        "data/judgements.csv": SMALL["data/judgements.csv"] + judged,
    }
    said = plain_text(
        [each for block in blocks_of(small_workspace(tmp_path, changes)) for each in block.get("prose", [])]
    )
    assert (
        "No longer at risk or slipping since April 2018 (3.1, 3.10); by judgement alone 3.10, whose figure still "
        "misses its target." in said
    )


def test_the_partnerships_indicators_do_not_hide_behind_the_headline(tmp_path):
    indicators = SMALL["data/indicators.csv"] + "P 1,Burglaries,PARTNERSHIP,,,,,,MINIMISE,,number,,,,,,,,\n"
    targets = SMALL["data/targets.csv"] + "P 1,2018,10,10,FLAT,,,,\n"
    returns = SMALL["data/returns/2018-05.csv"] + "P 1,2018-05,20,\n"
    changes = {"data/indicators.csv": indicators, "data/targets.csv": targets, "data/returns/2018-05.csv": returns}
    blocks = blocks_of(small_workspace(tmp_path, changes))
    said = plain_text(next(block["prose"] for block in blocks if block["kind"] == "prose"))
    assert blocks[1]["text"] == "None of the 2 indicators is at risk or slipping."
    assert "1 partnership indicator: 1 at risk." in said


def test_of_many_exceptions_the_first_are_in_sight_and_the_others_one_tap_away(tmp_path):
    lines = {name: [SMALL[name].splitlines()[0]] for name in ("data/indicators.csv", "data/targets.csv")}
    for number in range(80):
        lines["data/indicators.csv"].append(f"X {number},Name {number},,SAFE,,,,,MAXIMISE,,%,,,,,,,,")
        lines["data/targets.csv"].append(f"X {number},2018,90,90,FLAT,,,,")
    values = [f"X {number},2018-05,{number / 2},\n" for number in range(80)]
    changes = {name: "\n".join(rows) + "\n" for name, rows in lines.items()}
    changes |= {
        "data/returns/2018-04.csv": None,
        "data/judgements.csv": SMALL["data/judgements.csv"].splitlines()[0] + "\n",
    }
    changes["data/returns/2018-05.csv"] = "indicator_code,month,value,note\n" + "".join(values)
    part = open_report(str(small_workspace(tmp_path, changes)), "2018-05").cover()
    page = BeautifulSoup(part_html(part), "html.parser")
    rows = page.select("#glance tbody tr")
    assert len(rows) == 80
    assert len([row for row in rows if row.has_attr("data-beyond")]) == 65
    assert page.select_one(".mpr-more label").get_text(strip=True) == "Show all 80"
    assert page.select_one("#glance + .mpr-more")


@pytest.mark.parametrize(
    ("comment", "done"),
    [
        ("Late.\n\nAction: two officers start.", "two officers start."),
        ("Late.\n\n**Actions:** two officers start.\nMore follow.", "two officers start. More follow."),
        ("Late.\n\n## Action\nOne.\n\nTwo.\n\n## Outlook\nThree.", "One. Two."),
        ("Late.\n\n### What is being done\n\n- One.\n- Two.", "One. Two."),
        ("Late.\n\nActions:\n\n- One.\n- Two.\n\nThree.", "One. Two."),
        ("Late.\n\nAction: Keep going!", ""),
        ("Late.\n\nActions: work is ongoing; see above.", ""),
        ("Late.\n\nAction: we will carry on and do our best.", ""),
        ("Late.\n\n## What is being done\nTBC", ""),
        ("Late.\n\nAction: none.", "none."),
        ("Late.\n\nAction: continue to monitor weekly.", "continue to monitor weekly."),
        ("Late.\n\nAction: keep going with the second team.", "keep going with the second team."),
        ("Late.\n\nAction: ongoing training of two officers.", "ongoing training of two officers."),
        ("Action was taken: none.", ""),
        ("The next action: none.", ""),
        ("Late.", ""),
        ("", ""),
    ],
)
def test_what_is_being_done_is_what_the_comment_marks_as_such_and_nothing_else(comment, done):
    assert action(read_prose(comment)) == done


@pytest.mark.parametrize(
    ("comment", "first"),
    [
        ("Fewer days. More in May.", "Fewer days."),
        ("Was 1.1 of the target of 2.5 days, e.g. in May. More.", "Was 1.1 of the target of 2.5 days, e.g. in May."),
        ("Met by Dr. Smith of St. Mary's? Yes.", "Met by Dr. Smith of St. Mary's?"),
        ("## Why\n\nLate.\n\nMore.", "Late."),
        ("- One\n- Two", "One"),
        ("No full stop", "No full stop"),
        ("", ""),
    ],
)
def test_a_comment_begins_with_its_first_sentence(comment, first):
    assert first_sentence(read_prose(comment)) == first
