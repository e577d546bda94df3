"""Patterns: no regular expression of the library takes much longer than its text is long, whatever the text.

A text is made for each pattern from the pattern itself: its parts that may repeat are repeated many times, and the end
does not fit, so that a pattern that can be matched in many ways tries them all.
"""

import importlib
import inspect
import pkgutil
import random
import re
import time
from collections import deque
from collections.abc import Iterator
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]

import pytest

import mpr_lib

LENGTH = 4_000
GENERIC = [
    " ",
    "\n",
    "\t",
    "1",
    "1,",
    "1.",
    "a",
    "a ",
    "A1 ",
    "a.",
    "- ",
    "<",
    "[",
    "'",
    "é",
    "target ",
    "1 of ",
    "a@",
    "#",
]


def patterns() -> dict[str, tuple[re.Pattern, bool]]:
    """Every compiled pattern that a module holds, alone or among others, and whether it is only tried at one place."""
    found = {}
    for module in pkgutil.walk_packages(mpr_lib.__path__, "mpr_lib."):
        loaded = importlib.import_module(module.name)
        source = inspect.getsource(loaded)
        for name, value in vars(loaded).items():
            used = set(re.findall(rf"\b{re.escape(name)}\.(\w+)", source))
            for number, each in enumerate(_within(value)):
                if isinstance(each, re.Pattern) and isinstance(each.pattern, str):
                    where, at_one = f"{module.name}.{name}[{number}]", bool(used) and used <= {"match", "fullmatch"}
                    before = found.setdefault((each.pattern, each.flags), (where, at_one))
                    found[each.pattern, each.flags] = before[0], before[1] and at_one
    return {where: (re.compile(*pattern), at_one) for pattern, (where, at_one) in found.items()}


def _within(value) -> Iterator:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _within(each)
    else:
        yield value


def _text_of(parsed, repeated: int, chance: random.Random) -> str:
    """A text that a parsed pattern matches, with each of its open repetitions so many times."""
    said = []
    for kind, value in parsed:
        if kind is kinds.LITERAL:
            said.append(chr(value))
        elif kind is kinds.NOT_LITERAL:
            said.append("z" if value != ord("z") else "y")
        elif kind is kinds.ANY:
            said.append("z")
        elif kind is kinds.IN:
            said.append(_one_of(value, chance))
        elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            low, high, inner = value
            times = repeated if high is kinds.MAXREPEAT or high > 100 else max(low, min(high, 1))
            said += [_text_of(inner, min(repeated, 3), chance) for _ in range(times)]
        elif kind is kinds.BRANCH:
            said.append(_text_of(chance.choice(value[1]), repeated, chance))
        elif kind is kinds.SUBPATTERN:
            said.append(_text_of(value[3], repeated, chance))
        elif kind is kinds.ATOMIC_GROUP:
            said.append(_text_of(value, repeated, chance))
    return "".join(said)


_SAMPLES = {
    kinds.CATEGORY_DIGIT: "1",
    kinds.CATEGORY_SPACE: " ",
    kinds.CATEGORY_WORD: "a",
    kinds.CATEGORY_NOT_WORD: "-",
}


def _one_of(choices, chance):
    kind, value = chance.choice([each for each in choices if each[0] is not kinds.NEGATE] or [choices[0]])
    if any(each[0] is kinds.NEGATE for each in choices):
        return "z"
    if kind is kinds.LITERAL:
        return chr(value)
    return chr(value[0]) if kind is kinds.RANGE else _SAMPLES.get(value, "z")


def near_misses(pattern: re.Pattern) -> list[str]:
    """Units of texts that nearly fit: what the pattern matches, its repetitions alone, and what everybody types."""
    chance, parsed = random.Random(1), _parser.parse(pattern.pattern, pattern.flags)
    made = [_text_of(parsed, times, chance) for times in (1, 1, 2, 5) for _ in range(3)]
    return list(dict.fromkeys(filter(None, [*made, *GENERIC])))


def seconds(pattern: re.Pattern, text: str, at_one: bool) -> float:
    began = time.process_time()
    if at_one:
        pattern.match(text)
    else:
        deque(pattern.finditer(text), 0)
    return time.process_time() - began


SLOW, GROWTH = 0.02, 3.2
"""Seconds below which nothing is said of twice the text, and how many times as long twice the text may take."""


def grows(pattern: re.Pattern, unit: str, at_one: bool = False) -> bool:
    """Whether twice as long a text of that unit takes far more than twice as long, each time that it is tried."""
    text = unit * (LENGTH // len(unit) + 1)
    for _ in range(3):
        once, twice = (seconds(pattern, f"{text * times}\x00", at_one) for times in (1, 2))
        if twice < max(SLOW, GROWTH * once):
            return False
    return True


PATTERNS = patterns()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("where", PATTERNS)
def test_no_text_takes_a_pattern_long(where):
    pattern, at_one = PATTERNS[where]
    assert [unit[:60] for unit in near_misses(pattern) if grows(pattern, unit, at_one)] == []


def test_a_pattern_that_takes_long_would_be_found():
    slow = re.compile(r"\s+x")
    assert any(grows(slow, unit) for unit in near_misses(slow))


def test_enough_of_them_are_tried():
    assert len(PATTERNS) > 60
