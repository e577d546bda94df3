"""Commentary facts: what the data say of one indicator, as far as its comment can agree or disagree with it."""

import math
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class CommentFacts:
    """One indicator as its comment has to agree with it. Numbers are NaN and months NaT where there are none.

    ``figures`` are all numbers that its data give, differences included; ``targets`` those that are targets.
    ``previous`` is the comment before this one and ``previous_month`` the month that it was written for.
    """

    code: str
    unit: str = ""
    polarity: str = ""
    rating: str = ""
    value: float = math.nan
    value_text: str = ""
    target_low: float = math.nan
    target_high: float = math.nan
    target_text: str = ""
    latest_month: pd.Period = pd.NaT
    reporting_month: pd.Period = pd.NaT
    figures: frozenset[float] = frozenset()
    targets: frozenset[float] = frozenset()
    abbreviations: frozenset[str] = frozenset()
    previous: str = ""
    previous_month: pd.Period = pd.NaT


def comment_facts(row, months: pd.DataFrame, abbreviations=(), before=None) -> CommentFacts:
    """The facts of one scorecard row (a namedtuple) and its part of the history.

    ``before`` is the comment before this one, if there is one. The history needs month, value, target_low,
    target_high, annual_target_low, annual_target_high.
    """
    targets = _numbers(months, "target_low", "target_high", "annual_target_low", "annual_target_high")
    others = [row.amber_low, row.amber_high, *_differences(row, months)]
    return CommentFacts(
        code=row.indicator_code, unit=row.unit, polarity=row.polarity, rating=row.rating, value=row.value,
        value_text=row.value_text, target_low=row.target_low, target_high=row.target_high,
        target_text=row.target_text, latest_month=row.latest_month, reporting_month=row.reporting_month,
        figures=frozenset(_known({*_numbers(months, "value"), *targets, *others})),
        targets=frozenset(targets), abbreviations=frozenset(abbreviations),
        previous=before.text if before else "", previous_month=before.month if before else pd.NaT,
    )  # fmt: skip


def _numbers(months, *columns):
    return _known({number for column in columns for number in months[column].tolist()})


def _differences(row, months):
    """How far the value is from what people compare it with, in its own unit and as a share in per cent."""
    by_month = months.set_index("month")["value"]
    compared = [by_month.get(row.latest_month - back, math.nan) for back in (1, 12)]
    compared += [row.target_low, row.target_high, row.annual_target_low, row.annual_target_high]
    for other in compared:
        yield abs(row.value - other)
        if other:
            yield abs(row.value - other) / abs(other) * 100
            yield row.value / other * 100


def _known(numbers):
    return {number for number in numbers if not math.isnan(number)}
