"""Target to date: how an indicator's target moves through the financial year."""

import pandas as pd

from mpr_lib.rules.months import FROM_APRIL, FinancialYears
from mpr_lib.rules.values import format_number, part_way, range_text

PROFILES = ("FLAT", "LINEAR", "LINEAR_FROM_BASELINE", "LAST_YEAR", "STATED")
_COMPUTED = ("LINEAR", "LINEAR_FROM_BASELINE", "LAST_YEAR")
_NUMBERS = ["annual_target_low", "annual_target_high", "baseline", "tolerance", "amber_low", "amber_high"]
_TEXTS = ["annual_target_low_text", "annual_target_high_text", "profile"]


def targets_by_month(grid, targets, stated_targets, values, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """Add every month's target to date to a grid of indicators and months.

    ``grid`` needs indicator_code, month, decimals, unit; ``targets`` and ``stated_targets`` are the book's; ``values``
    (indicator_code, month, number) gives last year's course to ``LAST_YEAR``. Adds financial_year, the year's
    targets columns, target_low, target_high, target_text, annual_target_text. No target: NaN and an empty text.

    A stated figure wins over any profile. Computed targets are rounded down to the indicator's decimals.
    """
    frame = grid.assign(financial_year=years.of(grid["month"]))
    by_year = targets.drop_duplicates(["indicator_code", "financial_year"], keep="last")
    frame = frame.merge(
        by_year[["indicator_code", "financial_year", *_NUMBERS, *_TEXTS]],
        on=["indicator_code", "financial_year"], how="left",
    )  # fmt: skip
    frame[_TEXTS] = frame[_TEXTS].fillna("")
    course = _course(frame, values, years)
    for end in ("low", "high"):
        frame[f"target_{end}"] = _to_date(frame, frame[f"annual_target_{end}"], *course)
    frame["annual_target_text"] = _texts(frame["annual_target_low_text"], frame["annual_target_high_text"])
    frame["target_text"] = _target_texts(frame)
    return _with_stated(frame, stated_targets)


def _course(frame, values, years):
    """How far through its year each month is, as a part and a whole: month 2 of 12, or last year's figures then."""
    part, whole = years.month_number(frame["month"]).astype(float), pd.Series(12.0, frame.index)
    seasonal = frame["profile"] == "LAST_YEAR"
    if seasonal.any():
        known = values.set_index(["indicator_code", "month"])["number"]
        here = frame.loc[seasonal, ["indicator_code", "month"]]
        year_end = here["month"] - years.month_number(here["month"])
        part.loc[seasonal] = _look_up(known, here["indicator_code"], here["month"] - 12)
        whole.loc[seasonal] = _look_up(known, here["indicator_code"], year_end)
    return part, whole.where((whole != 0) & frame["profile"].isin(_COMPUTED))


def _look_up(known, codes, months):
    return known.reindex(pd.MultiIndex.from_arrays([codes, months])).to_numpy(float)


def _to_date(frame, annual, part, whole):
    start = frame["baseline"].where(frame["profile"] == "LINEAR_FROM_BASELINE", 0.0)
    computed = part_way(start, annual, part, whole, frame["decimals"].fillna(0))
    return annual.where(frame["profile"] == "FLAT", computed)


def _texts(low, high):
    """Both ends as printed; each different pair is put into words once."""
    return _each_once(pd.DataFrame({"low": low, "high": high}), lambda row: range_text(row.low, row.high))


def _target_texts(frame):
    texts = frame["annual_target_text"].where(frame["profile"] == "FLAT", "")
    computed = frame["target_low"].notna() & (frame["profile"] != "FLAT")
    ends = frame.loc[computed, ["target_low", "target_high", "decimals", "unit"]]
    return texts.mask(computed, _each_once(ends, _computed_text).reindex(frame.index))


def _computed_text(row):
    decimals = None if pd.isna(row.decimals) else int(row.decimals)
    return range_text(*(format_number(end, decimals, row.unit) for end in (row.target_low, row.target_high)))


def _each_once(frame, worded):
    """A text for each row, worked out once for all the rows that are alike."""
    columns = list(frame.columns)
    different = frame.drop_duplicates()
    different = different.assign(
        text=pd.Series([worded(row) for row in different.itertuples()], different.index, dtype="str")
    )
    return frame.merge(different, on=columns, how="left")["text"].set_axis(frame.index)


def _with_stated(frame, stated_targets):
    columns = ["target_low", "target_high", "target_low_text", "target_high_text"]
    stated = stated_targets.dropna(subset=["month"]).drop_duplicates(["indicator_code", "month"], keep="last")
    stated = stated.set_index(["indicator_code", "month"])[columns]
    keys = pd.MultiIndex.from_frame(frame[["indicator_code", "month"]])
    found = stated.reindex(keys).set_axis(frame.index)
    wins = found["target_low"].notna() | found["target_high"].notna()
    for end, other in (("low", "high"), ("high", "low")):
        number = found[f"target_{end}"].fillna(found[f"target_{other}"])
        frame[f"target_{end}"] = number.where(wins, frame[f"target_{end}"])
    texts = _texts(found["target_low_text"].fillna(""), found["target_high_text"].fillna(""))
    frame["target_text"] = texts.where(wins, frame["target_text"])
    return frame
