"""A short round of ways to leak; the table's own are in ``tests/public``, ``python -m campaigns leaks`` has all."""

from campaigns.leaks import Leaks
from campaigns.rounds import run


def test_a_name_is_found_however_it_is_disguised():
    tried = run(Leaks, range(1000, 1400), 1)
    assert [said for each in tried for said in each.failures] == []
    assert {each.kind for each in tried} == {"indicator", "officer"}
