"""Readers: what a finding says to those who read the report, in one sentence for all findings that are alike.

An expectation's ``readers`` is that sentence. ``{number:The figure is|%s figures are}`` says the first of one finding,
else the second, with how many. ``{indicators: on %s|}`` names the indicators, ``{indicators_and_months}`` each with its
months; what follows the bar stands beside the indicator itself, where it need not be named. Without either field the
indicators follow a colon at the end. All else is filled in from the row, as in ``found``: where rows differ in it, each
has a sentence of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mpr_lib.words import capitalised, joined, months_text, number_words

NAMED = ("indicators", "indicators_and_months")
FILLED_LATER = ("number", *NAMED)
LISTED = 12
"""Indicators that a sentence names; beyond them it says how many more there are."""


class Word(str):
    """A text that can be asked in a message what to say where it is given and where it is not: ``{note:yes %s|no}``."""

    def __format__(self, spec: str) -> str:
        if "|" not in spec:
            return str(self)
        given, absent = spec.split("|", 1)
        return given.replace("%s.", f"{self.rstrip('.')}.").replace("%s", self) if self else absent


class Number(int):
    """How many, which is asked what to say of one and of more: ``{number:The figure is|%s figures are}``."""

    def __format__(self, spec: str) -> str:
        one, _, more = spec.partition("|")
        return (one if self == 1 else more).replace("%s", number_words(int(self)))


class _Later(str):
    """The name of a field that is filled in when it is known which findings share the sentence."""

    def __format__(self, spec: str) -> str:
        kept = spec if self == "number" else f"{spec.partition('|')[0]}|"
        return f"{{{self!s}:{kept}}}"


def alone(form: str, told: Mapping[str, Any]) -> str:
    """The sentence on one finding, beside its indicator.

    >>> alone("{number:The figure is|%s figures are} for {month}.", {"month": "April 2018"})
    'The figure is for April 2018.'
    """
    return capitalised(_whole(form).format_map({**told, "number": Number(1), **dict.fromkeys(NAMED, Word())}))


def shared(form: str, told: Mapping[str, Any]) -> str:
    """The sentence with what the row says filled in, for all findings of which it says the same."""
    plain = {key: Word(word.replace("{", "(").replace("}", ")")) for key, word in told.items()}
    return _whole(form).format_map({**plain, **{name: _Later(name) for name in FILLED_LATER}})


def sentence(form: str, places: Sequence[tuple[str, str]]) -> str:
    """A shared sentence said of indicators and their months (``YYYY-MM`` or empty), in their order.

    >>> sentence(shared("{number:One is|%s are} late.", {}), [("CP 3.1", "2018-05"), ("CP 3.9", "2018-05")])
    'Two are late: CP 3.1 and CP 3.9.'
    """
    months: dict[str, list[str]] = {}
    for code, month in places:
        months.setdefault(code, []).append(month)
    months.pop("", None)
    dated = [f"{code} ({_months(found)})" if any(found) else code for code, found in months.items()]
    names = {"indicators": Word(_listed(list(months))), "indicators_and_months": Word(_listed(dated))}
    return capitalised(form.format_map({"number": Number(len(places)), **names}))


def _whole(form):
    return form if not form or "{indicators" in form else f"{form.removesuffix('.')}{{indicators:: %s|}}."


def _months(found):
    return months_text(pd.PeriodIndex(sorted(filter(None, found)), freq="M"))


def _listed(names):
    return joined([*names[:LISTED], f"{len(names) - LISTED:,} more"] if len(names) > LISTED + 1 else names)
