"""How an indicator stands, in a sentence for its card and in words for its chart; and what its card holds."""

import pandas as pd
import pytest

from mpr_lib.report import open_report
from mpr_lib.report.course import chart_words, standing
from tests.helpers import small_workspace

HEADING = "indicator_code,month,value,note\n"


@pytest.fixture(scope="module")
def southend(repo):
    return open_report(str(repo), "2018-05")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("CP 5.4", "1.19 days to the end of May 2018, 0.09 above the target of 1.10; worse than a year before (1.11). "
         "On target in 4 of 14 months, last in March 2018."),
        ("CP 1.1", "29.44 per 10,000 in May 2018, 8.56 below the target range of 38 to 48; worse than a year before "
         "(51.9). On target in none of 14 months."),
        ("CP 1.4", "83% in May 2018, 12 percentage points below the target of 95%; better than a year before (63.4%). "
         "On target in none of 14 months."),
        ("CP 3.2", "86.2% for the three months to April 2018, the newest figure, 2.5 percentage points below the "
         "target of 88.7%; better than a year before (73.1%). On target in 1 of 13 months, last in August 2017."),
        ("CP 2.3", "No figure for May 2018: it is awaited; the target is 46.38%."),
        ("CP 2.4", "1,544 collections to the end of May 2018, 212 above the target of 1,332."),
    ],
)  # fmt: skip
def test_a_card_begins_with_how_its_indicator_stands(southend, code, said):
    row = southend.rows[code]
    assert standing(row, southend.months_of(code)) == said
    card = next(each for each in southend.detail().blocks if each.get("code") == code)
    assert card["sentence"] == said


def test_what_is_always_on_target_needs_no_last_month(tmp_path):
    files = {"data/returns/2018-05.csv": f"{HEADING}3.1,2018-05,97%,\n3.10,2018-05,210,\n"}
    report = open_report(str(small_workspace(tmp_path, files)), "2018-05")
    assert standing(report.rows["3.1"], report.months_of("3.1")).endswith("On target in all 2 months.")


def test_figures_to_date_are_told_with_their_distance_a_year_before_and_at_its_end(southend):
    said = chart_words(southend.months_of("CP 5.4"), southend.rows["CP 5.4"])
    assert said == (
        "CP 5.4: 1.19 days to the end of May 2018, 0.09 above the target of 1.10; worse than a year before (1.11). At "
        "the same point a year before, in May 2017, it was 1.11, 0.01 above target. That year came to 7.14, "
        "0.06 below target in March 2018."
    )
    assert "lowest" not in said


def test_other_figures_are_told_with_their_lowest_and_highest(southend):
    said = chart_words(southend.months_of("CP 1.4"), southend.rows["CP 1.4"])
    assert said.endswith("it was lowest in April 2017 (58.9%) and highest in January 2018 (89.2%).")


def card_of(report, code):
    return next(each for each in report.detail().blocks if each.get("code") == code)


def test_a_card_has_its_comment_first_then_chart_gauge_signals_facts_and_months(southend):
    card = card_of(southend, "CP 5.4")
    order = [(child["part"], child.get("role") or child["kind"]) for child in card["children"]]
    assert order == [
        ("comment", "heading"), ("comment", "prose"), ("chart", "trend"), ("chart", "gauge"),
        ("more", "text"), ("more", "text"), ("more", "facts"), ("more", "details"),
    ]  # fmt: skip
    assert card["children"][-1]["summary"] == "Every month (14 figures)"


def months_of(card):
    (table,) = card["children"][-1]["children"]
    return [row["cells"]["month"]["text"] for row in table["rows"] if row["kind"] == "month"], table["caption"]


def test_months_to_come_are_left_out_where_the_target_is_flat(southend):
    months, caption = months_of(card_of(southend, "CP 1.4"))
    assert (months[0], months[-1]) == ("April 2017", "May 2018")
    assert caption.endswith("2017/18 and 2018/19; the target stays 95% to March 2019")
    months, caption = months_of(card_of(southend, "CP 5.4"))
    assert (len(months), months[-1]) == (24, "March 2019")
    assert "stays" not in caption


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("3.1,2018-05,80%,\n", "Only one figure can be shown so far, too few for a chart: 80% in May 2018."),
        ("3.1,2018-04,81%,\n3.1,2018-05,80%,\n",
         "Two figures can be shown so far, too few for a chart: 81% in April 2018 and 80% in May 2018."),
    ],
)  # fmt: skip
def test_one_or_two_figures_are_a_sentence(tmp_path, rows, said):
    files = {"data/returns/2018-04.csv": None, "data/returns/2018-05.csv": f"{HEADING}{rows}3.10,2018-05,210,\n"}
    card = card_of(open_report(str(small_workspace(tmp_path, files)), "2018-05"), "3.1")
    assert [child["text"] for child in card["children"] if child["part"] == "chart" and child["kind"] == "note"] == [
        said
    ]
    assert "trend" not in {child.get("role") for child in card["children"]}


def test_a_card_can_be_chosen_by_what_its_row_is_chosen_by(southend):
    row, card = southend.rows["CP 5.4"], card_of(southend, "CP 5.4")
    chosen = {name: card[name] for name in ("department", "committee", "aim", "managed_by")}
    assert chosen == {
        "department": row.department, "committee": row.scrutiny_committee, "aim": row.aim,
        "managed_by": "Joanna Ruffle",
    }  # fmt: skip
    assert not pd.isna(list(chosen.values())).any()
