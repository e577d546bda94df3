"""Points, limits, signals, variation and assurance of the seed, against its tables."""

import shutil

import pytest
from pandas.testing import assert_frame_equal

from mpr_lib.book import Workspace, history_of, read_book
from mpr_lib.book.book import scored
from mpr_lib.rules.scorecard import COLUMNS
from tests.helpers import REPOSITORY, number, table

_NAMED = {"mean": "chart_mean", "side": "signal_side", "chance": "forecast_chance"}


@pytest.fixture(scope="module")
def known():
    return _scored(REPOSITORY, "2018-05")


def test_every_indicator_is_judged_as_its_row_says(known):
    rows = known[0].set_index("indicator_code")
    stated = table("cases", "insight", "insight_southend.csv")
    assert {each["indicator_code"] for each in stated} == {*rows.index}
    for each in stated:
        row = rows.loc[each["indicator_code"]]
        for column in each.keys() - {"indicator_code", "why"}:
            found = row[_NAMED.get(column, column)]
            if isinstance(found, str):
                assert found == each[column], (each["indicator_code"], column)
            else:
                near = pytest.approx(number(each[column]), abs=1e-4, nan_ok=True)
                assert found == near, (each["indicator_code"], column)


def test_every_point_has_the_signal_of_its_row(known):
    stated = table("cases", "insight", "spc_southend_points.csv")
    points = known[1].itertuples()
    found = {(each.indicator_code, str(each.month)): (each.point, each.signal, each.signal_side) for each in points}
    told = {(each["indicator_code"], each["month"]): each for each in stated}
    assert found.keys() == told.keys()
    for key, each in told.items():
        near = pytest.approx(number(each["point"]), abs=1e-9, nan_ok=True)
        assert found[key] == (near, each["signal"], each["side"]), key


def _scored(folder, month):
    book = read_book(Workspace(folder), month)
    return scored(book, history_of(book))


def test_a_month_issued_again_says_what_it_said_whatever_came_later(known, tmp_path):
    for name in ("data", "params"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    returns = tmp_path / "data" / "returns"
    later = ["CP 1.2,2018-06,99,", "CP 1.1,2018-04,44,a revision", "CP 5.4,2018-06,4.19,", "CP 1.4,2018-06,12,"]
    (returns / "2018-06.csv").write_text("\n".join(["indicator_code,month,value,note", *later, ""]), encoding="utf-8")
    (tmp_path / "params" / "2018-06.yml").write_text("month: 2018-06\n", encoding="utf-8")
    step = "CP 1.4,2017-11,A new team took over.,Director,2018-06-30,2018-06"
    heading = "indicator_code,month,reason,role,date,reported_from"
    (tmp_path / "data" / "step_changes.csv").write_text(f"{heading}\n{step}\n", encoding="utf-8")
    scorecard, points = _scored(tmp_path, "2018-05")
    assert_frame_equal(scorecard, known[0])
    assert_frame_equal(points, known[1])
    scorecard, points = _scored(tmp_path, "2018-06")
    rows = scorecard.set_index("indicator_code")
    assert rows.loc["CP 1.2", "variation"] == "CONCERN"
    assert rows.loc["CP 1.4", ["not_judged_reason", "points"]].tolist() == ["TOO_FEW_POINTS", 8]
    assert points.loc[points["indicator_code"] == "CP 1.4", "segment"].tolist() == [1] * 7 + [2] * 8
    april = (points["indicator_code"] == "CP 1.1") & (points["month"] == "2018-04")
    assert points.loc[april, "point"].tolist() == [44]


def test_no_signal_touches_a_rating_an_outcome_or_a_judgement(known, tmp_path):
    for name in ("data", "params"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    settings = tmp_path / "params" / "report.yml"
    said = settings.read_text(encoding="utf-8")
    other = said.replace("spc_rules: mdc", "spc_rules: nhsr").replace("warn_at: 0.2", "warn_at: 0.4")
    settings.write_text(other, encoding="utf-8")
    scorecard, _ = _scored(tmp_path, "2018-05")
    assert (scorecard["variation"] != known[0]["variation"]).any()
    assert_frame_equal(scorecard[COLUMNS], known[0][COLUMNS])
