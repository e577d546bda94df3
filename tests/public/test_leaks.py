"""Ways of naming what is withheld: each is found, however it is written, and what only looks like it is not."""

import pytest

from mpr_lib.public.leaks import found_in, indicator_texts, officer_texts, readings
from mpr_lib.report.prose import plain_text, read_prose
from tests.helpers import table

ENDS = {"html": "report.html", "json": "quality.json", "csv": "scorecard.csv", "xml": "feed.xml"}


def unescaped(text: str) -> str:
    """Cases name unusual letters by their numbers, so that they can be seen."""
    return text.encode("ascii").decode("unicode_escape") if "\\" in text and text.isascii() else text


@pytest.mark.parametrize("case", table("cases", "public_leaks.csv"), ids=lambda case: case["text"])
def test_every_way_of_naming_it_is_found_and_nothing_else(case, tmp_path):
    withheld, text = unescaped(case["withheld"]), unescaped(case["text"])
    named = officer_texts(withheld) if case["kind"] == "officer" else indicator_texts(*withheld.split("|"))
    texts = list(named)
    if case["where"] in ENDS:
        path = tmp_path / ENDS[case["where"]]
        path.write_text(text, encoding="utf-8")
        text = readings(path)
    elif case["where"] == "comment":
        text = f"{text}\n{plain_text(read_prose(text))}"
    found = {each.is_strong for each, _ in found_in(text, texts, [])}
    assert ("strong" if True in found else "weak" if found else "") == case["found"]


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
