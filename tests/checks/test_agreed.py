"""Agreed targets: which can hardly be meant, beside last year's, what was reached, what others have and a baseline."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
from mpr_lib.checks.frames import frames
from tests.helpers import SMALL, small_workspace, table

CASES = table("cases", "targets_doubted.csv")
LAST = pd.Period("2018-07")
HEADINGS = {name: SMALL[f"data/{name}.csv"].split("\n")[0] for name in ("indicators", "targets")}


def quoted(*cells):
    return ",".join(f'"{cell}"' for cell in cells)


def doubts_of(folder, cases):
    """The doubt about this year's target of each case: the cases are the indicators of one workspace, in July 2018."""
    lines = {name: [heading] for name, heading in HEADINGS.items()} | {"comparisons": [
        "indicator_code,month,comparator,value,source"
    ], "returns/2018-07": ["indicator_code,month,value,note"]}  # fmt: skip
    lines["targets"][0] += ",confirmed"
    for number, case in enumerate(cases):
        code, profile = f"D {number}", "LINEAR" if case["basis"] == "CUMULATIVE" else "FLAT"
        described = f"{case['polarity']},{case['basis']},{quoted(case['unit'])},1,,,,,,,"
        lines["indicators"].append(f"{code},Streets,,SAFE,,,,,{described}")
        for year, target, said in ((2017, case["last_year"], ""), (2018, case["target"], case["confirmed"])):
            agreed = quoted(code, year, target, target, profile, case.get("baseline", ""), "", "", "", said)
            lines["targets"] += [agreed] * bool(target)
        for back, figure in enumerate(reversed(case["figures"].split(";"))):
            lines["returns/2018-07"] += [quoted(code, LAST - back, figure, "")] * bool(figure)
        for place, figure in enumerate(case["others"].split(";")):
            lines["comparisons"] += [quoted(code, LAST, f"Other {place}", figure, "")] * bool(figure)
    files = {f"data/{name}.csv": "\n".join([*rows, ""]) for name, rows in lines.items()}
    files |= {f"params/{LAST}.yml": f"month: {LAST}\n"}
    files |= dict.fromkeys(("data/returns/2018-04.csv", "data/returns/2018-05.csv"))
    book = read_book(Workspace(small_workspace(folder, files)), str(LAST))
    history = history_of(book)
    rows = frames(book, scorecard_of(book, history), history)["targets"]()
    return rows[rows["is_this_year"]].set_index("indicator_code")["doubt"].fillna("").to_dict()


@pytest.fixture(scope="module")
def doubts(tmp_path_factory):
    return doubts_of(tmp_path_factory.mktemp("doubted"), CASES)


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number]["why"])
def test_a_target_is_doubted_as_its_table_says(doubts, number):
    assert doubts[f"D {number}"] == CASES[number]["doubt"]


USUAL = {"unit": "%", "figures": "", "others": "", "last_year": "", "confirmed": ""}
SIDES = [
    ("MAXIMISE", "CUMULATIVE", "420", "35,000", "baseline"),
    ("MAXIMISE", "SNAPSHOT", "89", "90", "baseline"),
    ("MAXIMISE", "SNAPSHOT", "90", "90", ""),
    ("MINIMISE", "SNAPSHOT", "91", "90", "baseline"),
    ("MINIMISE", "CUMULATIVE", "91", "90", ""),
    ("MINIMISE", "YTD_SNAPSHOT", "91", "90", ""),
    ("GOLDILOCKS", "SNAPSHOT", "91", "90", ""),
]


def test_a_target_asks_for_no_less_than_its_baseline_and_no_word_changes_that(tmp_path):
    said = {"unit": "people", "confirmed": "true"}
    columns = ("polarity", "basis", "target", "baseline", "doubt")
    made = [USUAL | said | dict(zip(columns, each, strict=True)) for each in SIDES]
    assert list(doubts_of(tmp_path, made).values()) == [each["doubt"] for each in made]


@settings(max_examples=2, deadline=None)
@given(st.lists(st.tuples(st.floats(30, 1e6), st.floats(0.8, 1.2)), min_size=12, max_size=12))
def test_a_digit_too_many_or_too_few_is_always_doubted_and_a_target_near_last_years_never(pairs):
    cases = []
    for last, share in pairs:
        for times in (1, 10, 0.1):
            agreed = {"target": f"{last * share * times:.3f}", "last_year": f"{last:.3f}"}
            cases.append(USUAL | agreed | {"polarity": "MAXIMISE", "basis": "SNAPSHOT", "unit": "people"})
    with TemporaryDirectory() as folder:
        found = list(doubts_of(Path(folder), cases).values())
    assert found == ["", "scale", "scale"] * len(pairs)
