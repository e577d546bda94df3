"""The year's end: where it comes out if the year goes on so, how often that meets the annual target, and the warning.

Sources: docs/rules.md, Forecast of the year's end and Early warning.
"""

import math
from itertools import pairwise

import numpy as np
import pandas as pd

from mpr_lib.rules.months import FROM_APRIL, FinancialYears, at_months, periods
from mpr_lib.rules.points import is_balance
from mpr_lib.rules.xmr import SIGMAS

METHODS = ("LAST_YEAR_SHAPE", "EVEN_PACE", "LEVEL")
"""How a year's end is told: a sum goes on as last year did or at its pace, a level stays."""

COLUMNS = ["forecast_method", "forecast", "forecast_low", "forecast_high", "forecast_chance", "forecast_reason"]

WARN_AT = 0.2
"""The chance of meeting the annual target from which on a forecast warns."""
_WARNS_FROM = 3
"""The month of the year: before June one warning in seven was false."""

_EIGHTY = 1.2815516
"""Standard errors from the middle to either end of an interval that holds 80 % of the time."""
_FEWEST = {"LAST_YEAR_SHAPE": 2, "EVEN_PACE": 3, "LEVEL": 12}
"""The months of the year that a sum needs, and the points that a level needs."""
_USUAL_SPREAD = {"LAST_YEAR_SHAPE": 0.08, "EVEN_PACE": 0.12}
"""How far a month strays from its part of the year, as a share, before anything is known of it: as sure as three."""

Course = tuple[str, float, float]
"""A method or, where nothing can be said, the reason; the middle; its standard error."""


def course_of_sum(total: float, months, last_year=(), year_before=(), due=()) -> Course:
    """Where a figure to date ends up, from what each month of the year added so far (NaN where that is unknown).

    ``last_year``, ``year_before`` and ``due`` (the targets) are months' own too, twelve each to count. The year goes on
    in the shape of last year, or of the mean of both years' shares at last year's total; where last year is not whole,
    at its pace in the shape of its targets, or evenly. A shape's months that are 0 tell nothing of the spread.

    >>> course_of_sum(900, [300, 300, 300])[:2]
    ('EVEN_PACE', 3600.0)
    >>> course_of_sum(500, [300, 200])[0]
    'TOO_EARLY'
    """
    m, whole = len(months), _is_whole(last_year)
    method, added = ("LAST_YEAR_SHAPE", 3) if whole else ("EVEN_PACE", 0)
    both = whole and _is_whole(year_before) and sum(last_year) > 0 and sum(year_before) > 0
    growth = sum(last_year) / sum(year_before) if both else 1.0
    shape = last_year if whole else due if _is_whole(due) else [1.0] * 12
    if both:
        shape = [(one + growth * other) / 2 for one, other in zip(last_year, year_before, strict=True)]
    so_far, rest = sum(shape[:m]), sum(shape[m:])
    terms = [(own, part) for own, part in zip(months, shape, strict=False) if own == own and part]
    if m < _FEWEST[method]:
        return "TOO_EARLY", math.nan, math.nan
    if not total > 0 or so_far <= 0 or len(terms) < _FEWEST[method]:
        return "TOO_FEW_POINTS", math.nan, math.nan
    pace = total / so_far
    strays, known = sum((own / (pace * part) - 1) ** 2 for own, part in terms), len(terms) - 1
    if both:
        years = [(one, growth * other) for one, other in zip(last_year, year_before, strict=True) if other]
        strays, known = strays + sum((one / other - 1) ** 2 for one, other in years), known + len(years) - 1
    spread = (strays + 3 * _USUAL_SPREAD[method] ** 2) / (known + 3)
    weight = m / (m + added)
    pace = weight * pace + 1 - weight
    error = pace * math.sqrt(4 * spread * (rest**2 / (m + added) + sum(part**2 for part in shape[m:])))
    return method, total + pace * rest, error


def course_of_level(points, to_go: int) -> Course:
    """Where a level ends up so many months on: the mean of the last three points, ever wider.

    ``points`` are a segment's, one a month, NaN where there is none.
    """
    known = [each for each in points if each == each]
    moves = [abs(after - before) for before, after in pairwise(points) if before == before and after == after]
    if len(known) < _FEWEST["LEVEL"] or not moves:
        return "TOO_FEW_POINTS", math.nan, math.nan
    moving = sum(moves) / len(moves)
    if moving == 0:
        return "NO_VARIATION", math.nan, math.nan
    return "LEVEL", sum(known[-3:]) / 3, moving / SIGMAS * math.sqrt(4 / 3 + to_go)


def chance_of_meeting(polarity: str, low: float, high: float, middle: float, error: float) -> float:
    """How probable a year's end is that meets the target, by the normal curve; missing without target or polarity.

    >>> round(chance_of_meeting("MINIMISE", 7.2, 7.2, 7.39384, 0.59506), 4)
    0.3723
    """
    under = 0.5 * math.erfc((middle - low) / (error * math.sqrt(2))) if error else float(middle < low)
    over = 0.5 * math.erfc((high - middle) / (error * math.sqrt(2))) if error else float(middle > high)
    met = {"MAXIMISE": 1 - under, "MINIMISE": 1 - over, "GOLDILOCKS": 1 - under - over, "OUTSIDE": under + over}
    return met.get(polarity, math.nan) if low == low and high == high else math.nan


def year_end(scorecard: pd.DataFrame, months: pd.DataFrame, points: pd.DataFrame, years: FinancialYears = FROM_APRIL):
    """The year's end of each indicator: ``COLUMNS``, on the scorecard's index.

    Needs indicator_code, latest_month, value, is_proxy, charted, basis, frequency, profile, polarity, unit,
    definition_break, annual_target_low, annual_target_high; ``months`` is from ``rules.points.with_points``; ``points``
    has indicator_code, month, segment, point, since the newest definition. The interval holds 80 % of the time. Without
    a forecast numbers are missing and forecast_reason says why; of NO_TARGET and ONE_NUMBER only the chance is missing.
    """
    number = years.month_number(scorecard["latest_month"])
    frame = scorecard.assign(m=number, opens=scorecard["latest_month"] - number + 1)
    frame["is_balance"] = frame["indicator_code"].isin(months["indicator_code"][is_balance(months)])
    found = _courses(frame.assign(reason=_nothing_to_tell_from(frame)), months, points)
    short = found["forecast_reason"].isin(["TOO_EARLY", "TOO_FEW_POINTS"]) & frame["definition_break"].notna()
    if short.any():
        short[short] = _enough_without_break(frame[short], months)
        found["forecast_reason"] = found["forecast_reason"].mask(short, "NEW_DEFINITION")
    return found


def _nothing_to_tell_from(frame):
    """The first reason for saying nothing that needs no calculation; '' of none."""
    kind, basis = frame["charted"], frame["basis"]
    holds = {
        "NO_VALUE": frame["value"].isna(),
        "BASIS_UNSTATED": (kind == "NONE") & (basis == "UNSTATED"),
        "NOT_MONTHLY": periods(frame) > 1,
        "OVERLAPPING": (kind == "QUARTER_ENDS") | (basis == "ROLLING_QUARTER"),
        "RATIO_TO_DATE": (kind == "NONE") & (basis == "CUMULATIVE"),
        "NOT_CHARTED": kind == "NONE",
        "PROXY": frame["is_proxy"].eq(True),
        "YEAR_ENDED": frame["m"] == 12,
        "BALANCE": (kind == "MONTHS_OWN") & frame["is_balance"],
    }
    return np.select([each.to_numpy(bool) for each in holds.values()], list(holds), "")


def _courses(frame, months, points):
    opens, added, segments = _by_month(frame, points)
    stocks, due = _stocks(frame, months), _due(frame, months)
    columns = ["reason", "charted", "m", "value", "polarity", "unit", "annual_target_low", "annual_target_high"]
    found = []
    for row, each in enumerate(zip(*(frame[column].tolist() for column in columns), strict=True)):
        reason, kind, m, value, polarity, unit, low, high = each
        least, until, stock = -math.inf, opens + m, stocks[row]
        if reason:
            course = reason, math.nan, math.nan
        elif kind == "MONTHS_OWN":
            own = added[row].tolist()
            before, last = own[opens - 24 : opens - 12], own[opens - 12 : opens]
            method, middle, error = course_of_sum(value - stock, own[opens:until], last, before, due[row].tolist())
            course, least = (method, middle + stock, error), -math.inf if stock else value
        else:
            since = (segments[row] == segments[row].max()).argmax()
            course = course_of_level(added[row, since:until].tolist(), 12 - m)
        most = 100.0 if unit == "%" and value <= 100 else math.inf
        found.append(_told(course, (least, most), polarity, (low, high)))
    return pd.DataFrame(found, frame.index, COLUMNS).astype({"forecast_method": "str", "forecast_reason": "str"})


def _told(course, bounds, polarity, target):
    """A row of ``COLUMNS``: the course with its ends cut to what can be, and its chance; or the reason for none."""
    method, middle, error = course
    half = _EIGHTY * error
    if method in METHODS and half > abs(middle) / 2:
        method = "TOO_WIDE"
    if method not in METHODS:
        return "", math.nan, math.nan, math.nan, math.nan, method
    chance = chance_of_meeting(polarity, target[0], target[1], middle, error)
    # A sum never falls: a target that is reached stays reached, and one that is passed stays passed.
    if (polarity == "MAXIMISE" and bounds[0] >= target[0]) or (polarity == "OUTSIDE" and bounds[0] > target[1]):
        chance = 1.0
    untold = "NO_TARGET" if any(end != end for end in target) else ""
    if polarity == "GOLDILOCKS" and target[0] == target[1] and error:
        # By the curve a single number is hit in no year at all, though as it is printed it may be in most.
        chance, untold = math.nan, "ONE_NUMBER"
    if polarity in ("MINIMISE", "GOLDILOCKS") and bounds[0] > target[1]:
        chance, untold = 0.0, ""
    cut = (min(max(each, bounds[0]), bounds[1]) for each in (middle, middle - half, middle + half))
    return method, *cut, chance, untold


def _by_month(frame, points):
    """The points of each indicator month by month up to its latest month, and their segments, 0 where there is none.

    And in which column its financial year opens, the same for all.
    """
    rows = pd.Index(frame["indicator_code"]).get_indexer(points["indicator_code"])
    opens, latest = _ordinal(frame["opens"])[rows], _ordinal(frame["latest_month"])[rows]
    months = _ordinal(points["month"])
    kept = (rows >= 0) & (months <= latest)
    rows, places = rows[kept], (months - opens)[kept]
    before = max(24, -places.min(initial=0))
    found, segments = np.full((len(frame), before + 12), np.nan), np.zeros((len(frame), before + 12), int)
    found[rows, places + before] = points["point"].to_numpy(float)[kept]
    segments[rows, places + before] = points["segment"].to_numpy(int)[kept]
    return before, found, segments


def _stocks(frame, months):
    """What each figure to date began its year with: 0, or, where it grows from a baseline, the last month's before.

    Missing where that is not known, and of a definition that began within the year: its sum has no pace.
    """
    found = pd.Series(0.0, frame.index)
    grows = (frame["profile"] == "LINEAR_FROM_BASELINE") & (frame["reason"] == "")
    if grows.any():
        rows, codes = frame[grows], frame.loc[grows, "indicator_code"]
        theirs = months[months["indicator_code"].isin(codes)]
        known = theirs.assign(value=theirs["value"].mask(theirs["is_proxy"]))
        before = at_months(known, ["value"], codes, rows["opens"] - 1)["value"]
        before = before.mask(rows["definition_break"] >= rows["opens"])
        found[grows] = before.fillna(at_months(theirs, ["baseline"], codes, rows["latest_month"])["baseline"])
    return found.mask(frame["definition_break"] > frame["opens"]).tolist()


def _due(frame, months):
    """The own part of each of the year's twelve months in the target; missing of targets that do not move.

    And of those that grow evenly from a baseline: their first month's goes back to the target of the year before.
    """
    row = pd.Index(frame["indicator_code"]).get_indexer(months["indicator_code"])
    place = _ordinal(months["month"]) - _ordinal(frame["opens"])[row]
    ours = (row >= 0) & (place >= 0) & (place < 12) & (months["profile"] != "LINEAR_FROM_BASELINE").to_numpy()
    found = np.full((len(frame), 12), np.nan)
    found[row[ours], place[ours]] = months["target_low"].to_numpy()[ours]
    return found


def _enough_without_break(frame, months):
    """Whether the figures before each one's newest definition would make a forecast, did they count."""
    about = frame[["indicator_code", "opens", "latest_month", "definition_break"]]
    rows = months.loc[months["number"].notna(), ["indicator_code", "month"]].merge(about, on="indicator_code")
    rows, at = rows[rows["month"] <= rows["latest_month"]], ["month", "opens", "definition_break"]
    months, opens, new = (_ordinal(rows[name]) for name in at)
    held = {"every": months == months, "since": months >= new, "year": months >= opens,
            "before": (months < opens) & (months >= opens - 12)}  # fmt: skip
    found = pd.DataFrame(held).groupby(rows["indicator_code"].to_numpy()).sum()
    found = found.reindex(frame["indicator_code"], fill_value=0).set_axis(frame.index)
    m, new, fewest = frame["m"], frame["definition_break"], _FEWEST["EVEN_PACE"]
    shape = (m >= _FEWEST["LAST_YEAR_SHAPE"]) & (found["before"] == 12) & (new > frame["opens"] - 12)
    pace = (m >= fewest) & (found["year"] >= fewest) & (new > frame["opens"])
    level = (found["every"] >= _FEWEST["LEVEL"]) & (found["since"] < _FEWEST["LEVEL"])
    return (shape | pace).where(frame["charted"] == "MONTHS_OWN", level)


def _ordinal(months):
    return months.astype("int64").to_numpy()


def _is_whole(months):
    return len(months) == 12 and all(each == each for each in months)


def early_warning(
    rating: pd.Series, variation: pd.Series, variation_last_month: pd.Series, chance: pd.Series,
    month_number: pd.Series, warn_at: float = WARN_AT,
) -> pd.Series:  # fmt: skip
    """What is not red and warns: the FORECAST, a new concern (VARIATION) or BOTH; of red RECOVERY; '' of neither.

    ``chance`` is the forecast's, ``month_number`` the latest month's in its financial year: before its third month no
    forecast warns. ``variation_last_month`` is last month's as it was known then. What is missing warns of nothing.
    """
    red, told = rating == "RED", month_number >= _WARNS_FROM
    unlikely = told & (chance <= warn_at)
    new = (variation == "CONCERN") & (variation_last_month != "CONCERN")
    holds = [red & told & (chance >= 1 - warn_at), red, unlikely & new, unlikely, new]
    return pd.Series(np.select(holds, ["RECOVERY", "", "BOTH", "FORECAST", "VARIATION"], ""), rating.index, dtype="str")
