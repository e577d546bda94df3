"""Targets that are told by half: a stated amber limit that cannot be meant, and a profile that nobody said."""

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, run_checks
from mpr_lib.rules.rating import beyond_target, limits, rate
from tests.helpers import SMALL, small_workspace, table

NAMES = ("amber_limit_can_be_reached", "profile_is_said")
HEADINGS = {name: SMALL[f"data/{name}.csv"].split("\n")[0] for name in ("indicators", "targets", "stated_targets")}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What is found of each row of the table, by its place: all are rows of one workspace, each an indicator."""
    rows = {name: [heading] for name, heading in HEADINGS.items()}
    for place, case in enumerate(table("cases", "expectations_amber_limits.csv")):
        described = dict.fromkeys(HEADINGS["indicators"].split(","), "") | {
            "indicator_code": f"A{place}", "short_name": "Made up", "aim": "SAFE", "polarity": case["polarity"],
            "basis": case["basis"], "unit": "number", "decimals": "1",
        }  # fmt: skip
        rows["indicators"].append(",".join(described.values()))
        rows["targets"].append(case["target"].replace("A,", f"A{place},"))
        rows["stated_targets"] += case["stated"].replace("A,", f"A{place},").split(";") * bool(case["stated"])
    files = {f"data/{name}.csv": "\n".join([*lines, ""]) for name, lines in rows.items()}
    files |= {"data/returns/2018-04.csv": None, "data/returns/2018-05.csv": "indicator_code,month,value,note\n"}
    book = read_book(Workspace(small_workspace(tmp_path_factory.mktemp("told"), files)), "2018-05")
    history = history_of(book)
    ours = [each for each in delivered() if each.name in NAMES]
    found = run_checks(book, scorecard_of(book, history), history, expectations=ours).findings
    return {
        place: [each for each in found if each.indicator_code == f"A{place}"] for place in range(len(rows["targets"]))
    }


@pytest.mark.parametrize("place", range(len(table("cases", "expectations_amber_limits.csv"))))
def test_what_a_row_of_targets_leaves_out_or_says_wrongly_is_found(told, place):
    case = table("cases", "expectations_amber_limits.csv")[place]
    expected = f"data/targets.csv row {place + 2}, {case['message'].replace('(A)', f'(A{place})')}"
    found = [(each.severity, each.message) for each in told[place]]
    assert found == [("critical", expected)] * bool(case["message"]), case["why"]


figures = st.integers(-200, 200).map(lambda number: number / 4)


@settings(max_examples=50)
@given(
    st.sampled_from(["MAXIMISE", "MINIMISE", "GOLDILOCKS", "OUTSIDE"]), figures, st.integers(0, 40), figures, figures
)
def test_a_limit_that_passes_leaves_what_is_on_target_green_and_amber_up_to_it(polarity, low, width, one, other):
    high = low + width / 4
    frame = pd.DataFrame(
        [{"polarity": polarity, "target_low": low, "target_high": high, "amber_low": one, "amber_high": other,
          "tolerance": 0.05}]
    )  # fmt: skip
    assume(beyond_target(frame).all(axis=None) and (polarity != "OUTSIDE" or one <= other))
    colours = {"polarity": polarity, "amber_low": one, "amber_high": other}
    ends = limits(frame).iloc[0]
    for side, target in (("amber_low", low), ("amber_high", high)):
        assert rate(target, low, high, **colours) == "GREEN"
        if pd.notna(ends[side]) and ends[side] != target and not (polarity == "OUTSIDE" and ends[side] in (low, high)):
            assert rate(ends[side], low, high, **colours) == "AMBER"
