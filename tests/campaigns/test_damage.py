"""A short round of damaged workspaces, those refused early; ``python -m campaigns damage`` is the long one."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from campaigns.damage import Damage, is_told, says_the_same
from campaigns.harms import Harm
from campaigns.rounds import run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs fork and links")


def test_what_is_damaged_is_refused_by_its_file():
    # In a process of its own: a check that is forked from one that has run other tests has their memory too.
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        tried = fresh.submit(run, Damage, [0, 3, 4, 5, 7, 10, 13, 16, 23, 36], 1).result()
    assert [said for each in tried for said in each.failures] == []
    assert all(each.measured["refused"] for each in tried)


def test_silence_is_right_only_where_a_file_says_the_same(tmp_path):
    for place, text in [("a", "x,y\n1,\n"), ("b", "\ufeffy,x\r\n,1\r\n\r\n"), ("c", "x,y\n1,2\n"), ("d", "x,x\n1,\n")]:
        (tmp_path / place).mkdir()
        (tmp_path / place / "t.csv").write_text(text, encoding="utf-8", newline="")
    same = [says_the_same(tmp_path / "a", tmp_path / place, "t.csv") for place in "abcde"]
    assert same == [True, True, False, False, False]


def test_a_row_is_told_by_its_number_and_its_file():
    harm = Harm("other code", ("data/targets.csv",), 3)
    assert is_told(harm, {"data/targets.csv row 3: no code"}, alone=True)
    assert not is_told(harm, {"data/targets.csv row 31: no code"}, alone=True)
    assert not is_told(harm, {"data/judgements.csv row 3: no code"}, alone=True)
    assert is_told(harm, {"data/targets.csv lacks a column"}, alone=False)
