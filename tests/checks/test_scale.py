"""The scale of figures: a share of 1 beside per cent, and what is a hundredfold off its target or its own history."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks import delivered, run_checks
from mpr_lib.checks.frames import frames
from mpr_lib.rules.comparing import are_far_apart, may_be_share
from tests.helpers import SMALL, small_workspace, table

CASES = table("cases", "expectations_scale.csv")
LAST = pd.Period("2018-12")
NAMES = ("value_is_on_the_scale_of_its_target", "value_is_on_the_scale_of_its_history")
HEADINGS = {name: SMALL[f"data/{name}.csv"].split("\n")[0] for name in ("indicators", "targets", "stated_targets")}


def quoted(text):
    return f'"{text}"' if "," in text else text


@pytest.fixture(scope="module")
def doubts(tmp_path_factory):
    """What is doubtful about the figures of each case: the cases are the indicators of one workspace."""
    lines = {name: [headings] for name, headings in HEADINGS.items()}
    lines["targets"][0] += ",confirmed"
    lines["return"] = ["indicator_code,month,value,note,confirmed"]
    for number, case in enumerate(CASES):
        code, ends = f"S {number}", [quoted(end) for end in case["target"].split(";")]
        described = f"{code},Streets,,SAFE,,,,,{case['polarity']},{case['basis']},{case['unit']},1,,,,,,,"
        lines["indicators"].append(described)
        agreed = [code, "2018", ends[0], ends[-1], case["profile"], "", "", "", ""]
        agreed.append("true" if case["confirmed"] == "target" else "")
        lines["targets"] += [",".join(agreed)] * bool(case["target"])
        lines["stated_targets"] += [f"{code},{LAST},{case['stated']},"] * bool(case["stated"])
        figures = case["figures"].split(";")
        for back, figure in enumerate(reversed(figures)):
            said = "true" if case["confirmed"] == "value" and back == 0 else ""
            lines["return"].append(f"{code},{LAST - back},{quoted(figure)},,{said}")
    files = {f"data/{name}.csv": "\n".join([*lines[name], ""]) for name in HEADINGS}
    files |= {f"data/returns/{LAST}.csv": "\n".join([*lines["return"], ""]), "data/returns/2018-04.csv": None}
    files |= {"data/returns/2018-05.csv": None, f"params/{LAST}.yml": f"month: {LAST}\n"}
    book = read_book(Workspace(small_workspace(tmp_path_factory.mktemp("scale"), files)), str(LAST))
    history = history_of(book)
    rows = frames(book, scorecard_of(book, history), history)["returns"]()
    return rows[rows["scale"].notna()].groupby("indicator_code")["scale"].agg(list).to_dict()


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number]["why"])
def test_a_figure_is_doubtful_as_its_table_says(doubts, number):
    assert doubts.get(f"S {number}", []) == [CASES[number]["doubt"]] * bool(CASES[number]["doubt"])


def findings(folder, files):
    book = read_book(Workspace(small_workspace(folder, files)), "2018-05")
    history = history_of(book)
    ours = [each for each in delivered() if each.name in NAMES]
    return run_checks(book, scorecard_of(book, history), history, expectations=ours).findings


def test_a_finding_says_what_was_compared_and_how_it_is_confirmed(tmp_path):
    figures = "indicator_code,month,value,note\n3.1,2018-04,96%,\n3.1,2018-05,0.97,\n3.10,2018-05,2,\n"
    said = [(each.severity, f"{each.message} {each.action}") for each in findings(
        tmp_path, {"data/returns/2018-05.csv": figures}
    )]  # fmt: skip
    assert said == [
        (
            "critical",
            "data/returns/2018-05.csv row 3, column value (3.1, May 2018): '0.97' stands beside the target 95%: one of "
            "the two carries %, and the other may be a share of 1. Expected % beside both. Write the two alike, in "
            "data/returns/2018-05.csv or where the target stands. If they are right as they are, put true into the "
            "column confirmed of the figure's row, or of the target's row in data/targets.csv.",
        ),
        (
            "critical",
            "data/returns/2018-05.csv row 4, column value (3.10, May 2018): the figure to date, 2, and the target to "
            "date, 200, are about a hundredfold or more apart. Expected the two on one scale. Ask the indicator's "
            "officer which of the two is right; correct the other, in data/returns/2018-05.csv or where the target "
            "stands. If both are right, put true into the column confirmed of the figure's row, or of the target's row "
            "in data/targets.csv.",
        ),
    ]


ONE = st.floats(0.01, 1e6)


@given(ONE, st.floats(0.62, 1.6), st.sampled_from(["%", "days", "number"]))
def test_a_figure_near_its_target_is_never_far_from_it_and_its_hundredfold_always_is(target, of_it, unit):
    found = pd.Series([target * of_it * times for times in (1, 100, 0.01)])
    assert are_far_apart(found, pd.Series(target, found.index), pd.Series(unit, found.index)).tolist() == [
        False, True, True,
    ]  # fmt: skip


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["", "%"]), st.sampled_from(["%", "days"]))
def test_only_a_plain_number_of_a_percentage_may_be_a_share(number, found, unit):
    assert bool(may_be_share(number, found, unit)) == (0 < abs(number) <= 1 and (found, unit) == ("", "%"))
