"""Series: what holds of an indicator's figures and targets month by month, for which Great Expectations has nothing.

Each judgement takes the columns of a batch and returns a frame on the same index: ``met``, and what it was judged by.

A move is what a cumulative count adds in a month, and of every other figure its change from the one before. Medians
judge it, which a single odd month does not shift: so short series can be judged, and one jump does not hide the next.
"""

import numpy as np
import pandas as pd

from mpr_lib.rules.comparing import are_far_apart, may_be_share
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, at_months, is_among, ordinals
from mpr_lib.rules.points import is_balance, months_own
from mpr_lib.rules.targets import PROFILES
from mpr_lib.rules.values import unit_of

ENOUGH = 8
"""Fewer earlier moves than this judge nothing."""

BACK = 24
"""Months before a figure whose moves judge it."""

SPREADS = 5
"""A move is likely up to this many usual spreads from the middle one."""

LEAST = 0.02
"""The usual spread is taken as no less than this share of the usual size, so that steady figures may move a little."""

SEEN = 1.1
"""What has been seen before is likely, and this many times as much, so that the way back from a jump is none."""

_SIGMA = 1.4826
"""What makes the median distance from the median a standard deviation, were moves normally distributed."""


UNEVEN_BY = 1.5
"""A step is uneven when it is more than this many times as large, or as small, as its neighbours' mean."""

TOGETHER = 500
"""Indicators whose figures are compared with their own at once."""

_NOISE = 1e-9


def does_not_fall(rows: pd.DataFrame) -> pd.DataFrame:
    """Whether each figure is at least the one before it in its indicator's financial year and definition.

    Needs indicator_code, financial_year, definition, month, number; months without a number are passed over. A balance
    may fall. Adds previous and previous_month, missing where nothing comes before, and newest.
    """
    known = rows[rows["number"].notna()].sort_values("month", kind="stable")
    before = known.groupby(["indicator_code", "financial_year", "definition"])[["number", "month"]].shift()
    before = before.reindex(rows.index)
    falls = (before["number"] - rows["number"] > _NOISE) & ~is_balance(rows)
    months = _months(before["month"].where(before["number"].notna()))
    told = {"previous": before["number"], "previous_month": months, "newest": _newest(rows)}
    return pd.DataFrame({"met": ~falls, **told}, rows.index)


def _newest(rows):
    """'yes' beside the newest figure of each indicator: what is said beside it in a table must be said of it."""
    return (rows["month"] == rows.groupby("indicator_code")["month"].transform("max")).map({True: "yes"})


def usual_before(rows: pd.DataFrame) -> pd.DataFrame:
    """What came before each figure: usual (the middle one of its series) and last_year (its month's a year before).

    Needs indicator_code, definition, basis, accumulate, profile, financial_year, month, number, each row with a number
    and a month. A series is that of a definition, and of a cumulative figure of a financial year (unless it grows from
    a baseline, or months' own figures come in).
    """
    yearly = (rows["basis"] == "CUMULATIVE") & (rows["profile"] != "LINEAR_FROM_BASELINE") & ~rows["accumulate"]
    keys = rows[["indicator_code", "definition"]].assign(year=rows["financial_year"].where(yearly, 0))
    ordered = rows.sort_values("month", kind="stable")
    series = [keys[name].reindex(ordered.index) for name in keys]
    usual = ordered.groupby(series)["number"].shift().groupby(series).expanding().median().droplevel([0, 1, 2])
    then = pd.MultiIndex.from_frame(rows[["indicator_code", "definition", "month"]])
    ago = pd.MultiIndex.from_frame(rows[["indicator_code", "definition"]].assign(month=rows["month"] - 12))
    last_year = rows["number"].set_axis(then).groupby(level=[0, 1, 2]).last().reindex(ago)
    return pd.DataFrame({"usual": usual.reindex(rows.index), "last_year": last_year.to_numpy()}, rows.index)


def ends_at_annual_target(rows: pd.DataFrame) -> pd.DataFrame:
    """Whether the year's last month states the annual target; true of other months and without an annual target.

    Needs month_number, target_low, target_high, annual_target_low, annual_target_high.
    """
    differs = (rows["target_low"] - rows["annual_target_low"]).abs() > _NOISE
    differs |= (rows["target_high"] - rows["annual_target_high"]).abs() > _NOISE
    return pd.DataFrame({"met": ~(differs & (rows["month_number"] == 12))})


def has_even_steps(rows: pd.DataFrame, uneven_by: float = UNEVEN_BY) -> pd.DataFrame:
    """Whether each stated target's step from the month before is like its two neighbours': within so many times of
    their mean, either way.

    Needs indicator_code, month_number, target_low, last_place (the worth of the last decimal given). Neighbours let a
    seasonal profile pass, which swings slowly, and catch a single month that is out of line. A difference of one in
    the last place is rounding, and a step over a month that is not stated is missing. Adds step, step_before,
    step_after.
    """
    ordered = rows.sort_values(["indicator_code", "month_number"], kind="stable")
    target = ordered.groupby("indicator_code")["target_low"]
    months = ordered.groupby("indicator_code")["month_number"]
    step = (ordered["target_low"] - target.shift()).where(ordered["month_number"] - months.shift() == 1)
    by_code = step.groupby(ordered["indicator_code"])
    before = by_code.shift().where(ordered["month_number"] - months.shift() == 1)
    after = by_code.shift(-1).where(months.shift(-1) - ordered["month_number"] == 1)
    usual = (before + after) / 2
    rounding = (step - usual).abs() <= ordered["last_place"] + _NOISE
    ratio = step / usual.mask(usual == 0, _NOISE)
    even = (ratio <= uneven_by + _NOISE) & (ratio >= 1 / uneven_by - _NOISE)
    found = {"met": ratio.isna() | rounding | even, "step": step, "step_before": before, "step_after": after}
    return pd.DataFrame(found).reindex(rows.index)


def is_in_line_with_history(
    rows: pd.DataFrame,
    year_starts: int = FROM_APRIL.starts,
    spreads: float = SPREADS,
    enough: int = ENOUGH,
    months_back: int = BACK,
) -> pd.DataFrame:
    """Whether each new figure moves no further than its indicator's own moves of the months before make likely.

    Needs what ``moves`` needs, with months as texts, and is_new. A cumulative count that falls is not judged here. Adds
    what ``judged`` adds, previous and previous_month, opens (the move is what the month added), newest, and the numbers
    with three digits as _shown.
    """
    months = {name: _months(rows[name]) for name in ("month", "definition_break")}
    known = moves(rows.assign(**months), FinancialYears(year_starts))
    falls = known["adds"] & (known["move"] < 0) & ~known["accumulate"].astype(bool)
    asked = known["is_new"].astype(bool) & ~falls
    # Some at a time: each figure is put beside every one before it.
    part = pd.factorize(known["indicator_code"])[0] // TOGETHER
    masks = [part == number for number in range(part.max(initial=0) + 1)]
    found = pd.concat([judged(known[mask], asked[mask], spreads, enough, months_back) for mask in masks])
    found = found.reindex(rows.index)
    for column in ("move", "usual", "likely"):
        found[f"{column}_shown"] = _three_digits(found[column])
    told = {"opens": found["adds"].map({True: "yes"}), "newest": _newest(rows)}
    return found.assign(met=~(found["distance"] > found["likely"]), **told)


def _months(texts):
    """Texts as months, each different one read once; a missing one stays missing."""
    places, different = pd.factorize(texts)
    return pd.Series(pd.PeriodIndex([*different, pd.NaT], freq="M")[places], texts.index)


def _three_digits(numbers):
    """Numbers with three digits that count, as messages give what was worked out."""
    size = np.floor(np.log10(numbers.abs().where(numbers != 0)))
    places = 10 ** (2 - size.fillna(0))
    return (numbers * places).round() / places


def moves(figures: pd.DataFrame, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """The figures with a number, with each one's move (what ``months_own`` has), previous and previous_month.

    Needs what ``months_own`` needs. Adds adds (whether figures add up) and definition too.
    """
    own = months_own(figures, years).rename(columns={"own": "move"})
    known = figures.join(own)[figures["number"].notna()]
    new = known["month"] >= known["definition_break"]
    return known.assign(adds=known["charted"] == "MONTHS_OWN", definition=new.astype(int))


def judged(
    frame: pd.DataFrame, asked: pd.Series, spreads: float = SPREADS, enough: int = ENOUGH, back: int = BACK
) -> pd.DataFrame:
    """Judge the rows asked for by the moves before them: usual, distance from it, likely and earlier (how many).

    ``frame`` is from ``moves``. likely, how far from the usual one a move may be, is missing with fewer than ``enough``
    earlier moves: nothing is judged. It is some spreads, and a little more than was ever seen.
    """
    rows = frame[asked]
    figures = frame.assign(size=frame["number"].where(~frame["adds"], frame["move"]))
    figures = figures.drop_duplicates(["indicator_code", "month"], keep="last")
    own = ["indicator_code", "definition", "month"]
    pairs = rows[own].reset_index(names="row").merge(
        figures[[*own, "move", "size"]], on=own[:2], suffixes=("", "_before")
    )  # fmt: skip
    gap = ordinals(pairs["month"]) - ordinals(pairs["month_before"])
    pairs = pairs[(gap >= 1) & (gap <= back)]
    by_row = pairs.groupby("row")
    usual, earlier = by_row["move"].median(), by_row["move"].count()
    away = (pairs["move"] - pairs["row"].map(usual)).abs().groupby(pairs["row"])
    whole = (pairs["size"].isna() | (pairs["size"] == pairs["size"].round())).groupby(pairs["row"]).all()
    # A count varies by about its square root, whatever is counted.
    chance = np.sqrt(usual.abs().clip(lower=1)).where(whole, 0)
    least = LEAST * np.fmax(pairs["size"].abs().groupby(pairs["row"]).median(), usual.abs())
    likely = spreads * np.maximum.reduce([_SIGMA * away.median(), chance, least])
    likely = np.maximum(likely, SEEN * away.max())
    known = pd.DataFrame({"usual": usual, "likely": likely}).where(earlier >= enough)
    rows = rows.join(known).assign(earlier=earlier.reindex(rows.index, fill_value=0))
    return rows.assign(distance=(rows["move"] - rows["usual"]).abs())


def is_change(rows: pd.DataFrame, book) -> pd.Series:
    """Whether each row's indicator is a change, which has a target below 0 in some year. Needs indicator_code."""
    return rows["indicator_code"].isin(book.targets["indicator_code"][book.targets["annual_target_low"] < 0])


def has_confirmed_target(rows: pd.DataFrame, book) -> pd.Series:
    """Whether somebody confirmed the target of each row's year. Needs indicator_code, financial_year."""
    return is_among(rows, book.targets[book.targets["confirmed"].eq(True)], ["indicator_code", "financial_year"])


def scale(rows, book, history):
    """What is doubtful about the scale of each figure (``scale``), and what it was compared with.

    ``share``: it or its target carries %, and the other may be a share of 1. ``target``: it is about a hundredfold from
    its target to date. ``history``: it is new, and that far from its own. Nothing where either row says confirmed.
    Of figures to date, ``opening`` is the year's in the second month, and ``grown`` the least that is likely then.
    """
    columns = ["value", "target_low", "target_high", "annual_target_high", "profile", "target_text",
               "annual_target_text", "rating"]  # fmt: skip
    known, unit = at_months(history, columns, rows["indicator_code"], rows["month"]), rows["unit"]
    computed = known["profile"].isin(PROFILES[1:-1])
    agreed = known["target_high"].mask(computed, known["annual_target_high"])
    text = known["target_text"].mask(computed, known["annual_target_text"]).fillna("")
    beside = text.map(unit_of)
    share = may_be_share(rows["number"], rows["unit_found"], unit) & (beside == "%")
    share |= may_be_share(agreed, beside, unit) & (rows["unit_found"] == "%")
    low, high = (known[end].mask(known[end] == 0) for end in ("target_low", "target_high"))
    far = [are_far_apart(known["value"], end, unit) for end in (low.fillna(high), high.fillna(low))]
    far_off = far[0] & far[1] & ~known["value"].between(known["target_low"], known["target_high"])
    rated = rows["is_shown"] & known["rating"].isin(["GREEN", "AMBER", "RED"])
    before = usual_before(rows)
    off = rows["is_new"] & before.notna().any(axis=1)
    for earlier in before:
        off &= before[earlier].isna() | are_far_apart(rows["number"], before[earlier], unit)
    confirmed = rows["confirmed"] | has_confirmed_target(rows, book)
    of_another_unit = rows["unit_read"].notna() & (rows["unit_read"] != unit)
    doubts = np.select(
        [confirmed | of_another_unit, rated & share, rated & far_off, off], ["", "share", "target", "history"], ""
    )
    return pd.DataFrame(
        {"scale": doubts, "agreed_text": text, "target_text": known["target_text"], "to_date": known["value"],
         "opening": before["usual"], "grown": before["usual"] * 1.3,
         "usual": before["usual"].fillna(before["last_year"])}, rows.index,
    )  # fmt: skip
