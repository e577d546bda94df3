"""A short round of fuzzed files; ``python -m campaigns fuzz`` is the long one."""

from campaigns.fuzz import Fuzz
from campaigns.rounds import run


def test_a_spoiled_file_is_refused_reported_or_read_with_every_figure():
    tried = run(Fuzz, range(40), 1)
    assert [said for each in tried for said in each.failures] == []
    assert sum(int(each.measured["figures"]) for each in tried) > 100, "no file was read"
