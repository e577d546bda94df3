"""Comparing: a figure beside its own of a year before, beside somebody else's, and beside what it was made from."""

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from mpr_lib.rules.figures import Figure, Text, decimal, difference, together
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, at_months, periods
from mpr_lib.rules.points import months_own
from mpr_lib.rules.rating import known_or_none, known_polarities, variance, with_both_ends
from mpr_lib.rules.values import format_number

COMPARED_WITH = ("LAST_YEAR", "PREVIOUS")
"""What an indicator's direction compares with: the same month last year, or the period before."""


def direction(
    value: Figure,
    last_year: Figure,
    *,
    polarity: Text,
    target: Figure = None,
    target_high: Figure = None,
    last_year_target: Figure = None,
    last_year_target_high: Figure = None,
) -> Any:
    """Whether values are BETTER, the SAME or WORSE than those of the same month of the year before, or NOT_AVAILABLE.

    Everything is one figure or a series of them, and so is what comes back: a text, or a series of texts with the
    index given. Figures are in the indicator's unit. Targets (the one figure, or both ends of a range) are needed where
    the polarity is GOLDILOCKS, which compares the distances to each year's own target, or OUTSIDE, which compares how
    far each lies inside what it should stay out of. Equal is SAME. Any figure missing (None, NaN) that is needed, and a
    polarity that is NONE or empty, is NOT_AVAILABLE: leave last year's out where a new definition began in between.

    Raises ``RuleError`` for another polarity. Source: docs/rules.md, Direction.

    >>> direction(83, 63.4, polarity="MAXIMISE"), direction(1.19, 1.08, polarity="MINIMISE")
    ('BETTER', 'WORSE')
    >>> direction(50, 53, polarity="GOLDILOCKS", target=38, target_high=48, last_year_target=50)
    'BETTER'
    """
    numbers = {
        "value": value, "target_low": target, "target_high": target_high, "last_year_value": last_year,
        "last_year_target_low": last_year_target, "last_year_target_high": last_year_target_high,
    }  # fmt: skip
    frame, given_back = together(numbers, polarity=polarity)
    frame = with_both_ends(with_both_ends(known_polarities(frame)), "last_year_target")
    then = {name: frame[f"last_year_{name}"] for name in ("value", "target_low", "target_high")}
    more, nearer = frame["value"] - then["value"], variance(frame) - variance(frame.assign(**then))
    polarity = frame["polarity"]
    gain = nearer.mask(polarity == "MAXIMISE", more).mask(polarity == "MINIMISE", -more)
    found = np.select([gain.isna(), gain > 0, gain < 0], ["NOT_AVAILABLE", "BETTER", "WORSE"], "SAME")
    return given_back(pd.Series(found, frame.index, dtype="str"))


_FIGURES = ["value", "target_low", "target_high"]


def with_direction(frame: pd.DataFrame, history: pd.DataFrame, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """Add direction and what it was told from: last_year_value, compared_month, compared_value, change.

    Needs indicator_code, latest_month, polarity, compare_with, frequency, charted, basis, definition_break, value,
    target_low, target_high; ``history`` has the last three by indicator and month. ``compare_with`` LAST_YEAR compares
    with the same month a year before, PREVIOUS with the figure a period before: where figures add up, one month's own
    with the other's (``rules.points``). change is the one minus the other. A new definition in between makes it
    NOT_AVAILABLE.
    """
    previous = frame["compare_with"] == "PREVIOUS"
    back = periods(frame).where(previous, 12)
    codes, now = frame["indicator_code"], frame[_FIGURES]
    months = frame["latest_month"] - back
    then = at_months(history, _FIGURES, codes, months)
    apart = previous & (frame["charted"] == "MONTHS_OWN")
    if apart.any():
        own = _own(history[history["indicator_code"].isin(codes[apart])], frame, years)
        now = now.mask(apart, at_months(own, _FIGURES, codes, frame["latest_month"]))
        then = then.mask(apart, at_months(own, _FIGURES, codes, months))
    new = frame["definition_break"]
    broken = new.notna() & (new <= frame["latest_month"]) & (new > months)
    found = direction(
        now["value"], then["value"].mask(broken), polarity=known_or_none(frame["polarity"]),
        target=now["target_low"], target_high=now["target_high"],
        last_year_target=then["target_low"], last_year_target_high=then["target_high"],
    )  # fmt: skip
    last_year = at_months(history, ["value"], codes, frame["latest_month"] - 12)["value"]
    return frame.assign(
        direction=found, last_year_value=last_year, compared_month=months, compared_value=then["value"],
        change=difference(now["value"], then["value"]),
    )  # fmt: skip


def _own(history, described, years):
    """The months with each figure's and target's own part of what adds up."""
    about = described.drop_duplicates("indicator_code")
    about = about[["indicator_code", "charted", "basis", "frequency", "definition_break", "accumulate"]]
    rows = history[["indicator_code", "month", "number", "profile", *_FIGURES]].merge(about, on="indicator_code")
    to_date = rows.assign(accumulate=False)
    own = {name: months_own(to_date.assign(number=rows[name]), years)["own"] for name in _FIGURES[1:]}
    value = months_own(rows, years)["own"]
    return rows.assign(**own, value=value.where((value >= 0) | rows["accumulate"]))


_FAR, _FAR_FOR_A_SHARE = 50, 30
"""How many times as large a figure is that lies about a hundredfold from another. A share of 1 may beside that be well
off a target in per cent: 1 beside 32 %."""


def may_be_share(number: Any, unit_found: Any, unit: Any) -> Any:
    """Whether the number of a percentage may be a share of 1: it carries no % and is not above 1, and not 0.

    One figure, or series of them.

    >>> may_be_share(0.95, "", "%"), may_be_share(0.95, "%", "%"), may_be_share(0.95, "", "days")
    (True, False, False)
    """
    return (unit == "%") & (unit_found == "") & (abs(number) <= 1) & (number != 0)


def are_far_apart(one: pd.Series, other: pd.Series, unit: pd.Series) -> pd.Series:
    """Whether two figures differ about a hundredfold or more, row by row; not where either is 0 or missing.

    >>> are_far_apart(pd.Series([0.95, 1.1, 0]), pd.Series([94.0, 119, 94]), pd.Series(["%", "days", "%"])).tolist()
    [True, True, False]
    """
    larger, smaller = np.maximum(one.abs(), other.abs()), np.minimum(one.abs(), other.abs())
    return (smaller > 0) & (larger > smaller * np.where(unit == "%", _FAR_FOR_A_SHARE, _FAR))


def rate_multiplier(unit: str) -> int:
    """What numerator over denominator is multiplied by to give a figure in a unit.

    >>> rate_multiplier("%"), rate_multiplier("per 10,000 children"), rate_multiplier("days")
    (100, 10000, 1)
    """
    if unit == "%":
        return 100
    found = re.match(r"per ([\d,]+)", unit)
    return int(found[1].replace(",", "")) if found and found[1].strip(",") else 1


def made_of_parts(numerator: float, denominator: float, unit: str) -> Decimal | None:
    """Numerator over denominator, times what the unit says, not rounded; None where anything is missing or over 0."""
    if math.isnan(numerator) or math.isnan(denominator) or denominator == 0:
        return None
    return decimal(numerator) * rate_multiplier(unit) / decimal(denominator)


def parts_words(numerator: float, denominator: float, unit: str) -> str:
    """What a rate is made from, in words.

    >>> parts_words(83, 100, "%"), parts_words(28, 20_000, "per 1,000")
    ('83 of 100', '28 of 20,000, times 1,000')
    """
    multiplier = rate_multiplier(unit)
    times = f", times {multiplier:,}" if multiplier not in (1, 100) else ""
    return f"{format_number(numerator)} of {format_number(denominator)}{times}"


def follows_from_parts(value: float, numerator: float, denominator: float, unit: str, decimals: int) -> bool:
    """Whether a figure is numerator over denominator, times what its unit says, to the decimals that it is given with:
    no more than half a unit of the last one off.

    True where anything is missing, False for a denominator of 0.
    """
    if any(math.isnan(number) for number in (value, numerator, denominator)):
        return True
    made = made_of_parts(numerator, denominator, unit)
    return made is not None and abs(made - decimal(value)) <= Decimal(5).scaleb(-decimals - 1)


def decimals_of(text: str) -> int:
    """How many decimals a figure was received with.

    >>> decimals_of("1,544"), decimals_of("61.50%")
    (0, 2)
    """
    found = re.search(r"\.(\d+)", text)
    return len(found[1]) if found else 0


def compared(polarity: str, value: float, theirs: float) -> str:
    """BETTER, SAME or WORSE than somebody else's figure; BETWEEN where neither is better; empty if one is missing.

    >>> compared("MINIMISE", 11.8, 12.7), compared("GOLDILOCKS", 4, 5)
    ('BETTER', 'BETWEEN')
    """
    if math.isnan(value) or math.isnan(theirs):
        return ""
    if value == theirs:
        return "SAME"
    if polarity not in ("MAXIMISE", "MINIMISE"):
        return "BETWEEN"
    return "BETTER" if (value > theirs) == (polarity == "MAXIMISE") else "WORSE"


FEWEST_FOR_A_PLACE, FEWEST_FOR_A_QUARTER = 4, 8
"""How many figures of others it takes to say which place ours has, and in which quarter of them all that is."""
QUARTERS = ("FIRST", "SECOND", "THIRD", "FOURTH")
"""From the best."""


def place_among(polarity: str, value: float, theirs: Sequence[float]) -> tuple[int, int, str] | None:
    """Our place among others from the best, of how many with ours, and its quarter of ``QUARTERS``, '' of too few.

    Equal figures share the better place. None without a figure of ours, with fewer than four of theirs, and where no
    way is better than another for all of them alike.

    >>> place_among("MINIMISE", 11.8, [11.6, 12.7, 13, 11.9])
    (2, 5, '')
    """
    if math.isnan(value) or len(theirs) < FEWEST_FOR_A_PLACE or polarity not in ("MAXIMISE", "MINIMISE"):
        return None
    place = 1 + sum(compared(polarity, value, each) == "WORSE" for each in theirs)
    of = len(theirs) + 1
    return place, of, QUARTERS[math.ceil(4 * place / of) - 1] if len(theirs) >= FEWEST_FOR_A_QUARTER else ""
