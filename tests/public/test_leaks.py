"""Ways of naming what is withheld: each is found, however it is written, and what only looks like it is not."""

import pytest

from campaigns.leaks import found, unescaped
from mpr_lib.public.leaks import found_in, indicator_texts, officer_texts
from tests.helpers import table


@pytest.mark.parametrize("case", table("cases", "public_leaks.csv"), ids=lambda case: case["text"])
def test_every_way_of_naming_it_is_found_and_nothing_else(case, tmp_path):
    withheld, text = unescaped(case["withheld"]), unescaped(case["text"])
    assert found(case["kind"], withheld, case["where"], text, tmp_path) == case["found"]


def test_a_longer_name_that_is_shown_may_hold_one_that_is_withheld():
    texts = list(indicator_texts("CP 5.4", "Repairs in time"))
    shown = ["CP 5.4.1", "Repairs in time, council homes"]
    assert found_in("CP 5.4.1 Repairs in time, council homes (cp-5-4-1)", texts, shown) == []
    assert [each.text for each, _ in found_in("Repairs in time, council homes. Repairs in time.", texts, shown)] == [
        "Repairs in time"
    ]


def test_people_who_may_be_named_are_not_searched_for():
    assert [each.text for each in officer_texts("Alex Smith; Bo Berg", ["alex smith"]) if each.is_strong][:1] == [
        "Bo Berg"
    ]
