"""A short round of kills; ``python -m campaigns kills`` is the long one, which kills whole runs too."""

import os
from collections import Counter

import pytest

from campaigns.kills import Kills
from campaigns.rounds import run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs fork and links")

NOT_RUNS = [number for number in range(20) if number % 10 != 9]


def test_publishing_and_saves_that_are_killed_leave_the_old_or_the_new():
    tried = run(Kills, NOT_RUNS, 1)
    assert [said for each in tried for said in each.failures] == []
    assert Counter(each.kind.split(":")[0] for each in tried) == {"publishing": 4, "saves": 14}
    assert sum(each.measured["left"] for each in tried) > 0, "no kill came while anything was being written"
