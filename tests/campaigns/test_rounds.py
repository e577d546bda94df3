"""Rounds: seeded, kept line by line, and gone on with where they were stopped."""

import pytest

from campaigns.__main__ import CAMPAIGNS, campaign, main
from campaigns.rounds import Tried, known, run


class Dice:
    """A campaign that throws a die, and fails at a six."""

    NAME, COUNT = "dice", 12
    thrown: list[int] = []  # noqa: RUF012 - what all of them threw

    def __init__(self, folder):
        self.folder = folder

    def attempt(self, number, chance):
        assert self.folder.is_dir()
        eyes = chance.randint(1, 6)
        self.thrown.append(number)
        return Tried("die", ["a six"] if eyes == 6 else [], {"eyes": eyes})

    @staticmethod
    def figures(tried):
        return [("eyes", str(sum(each.measured["eyes"] for each in tried)))]


@pytest.fixture(autouse=True)
def _fresh():
    Dice.thrown.clear()


def test_the_same_seed_and_number_are_the_same_attempt():
    together = run(Dice, range(12), 1)
    assert run(Dice, [7], 1) == [together[7]]
    assert run(Dice, range(12), 2) != together


def test_a_round_that_was_stopped_goes_on_where_it_was(tmp_path):
    state = tmp_path / "new" / "dice.jsonl"
    first = run(Dice, range(5), 1, state)
    with state.open("a") as file:
        file.write('{"campaign": "dice", "se')
    assert run(Dice, range(9), 1, state)[:5] == first
    assert Dice.thrown == [*range(9)]
    assert [each.number for each in known(state, "dice", 1)] == [*range(9)]
    assert known(state, "dice", 2) == []


def test_every_campaign_says_how_long_a_full_round_is():
    assert all(campaign(name).COUNT > 0 and name == campaign(name).NAME for name in CAMPAIGNS)


def test_failures_are_shown_with_what_repeats_them(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("campaigns.__main__.CAMPAIGNS", {"dice": "Dice"})
    monkeypatch.setattr("campaigns.__main__.import_module", lambda name: __import__("sys").modules[__name__])
    assert main(["--resume", str(tmp_path / "state")]) == 1
    said = capsys.readouterr().out
    six = next(each.number for each in run(Dice, range(12), 1) if each.failures)
    assert f"FAILED: python -m campaigns dice --seed 1 --only {six}   (die)\n    a six\n" in said
    assert "dice  attempts" in said
    with pytest.raises(SystemExit):
        main(["cards"])
