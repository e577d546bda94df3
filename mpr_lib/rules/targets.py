"""Target to date: how an indicator's target moves through the financial year."""

from functools import lru_cache
from typing import Any

import pandas as pd

from mpr_lib.errors import MonthTextError, RuleError
from mpr_lib.rules.figures import Figure, Text, part_way, together
from mpr_lib.rules.months import FROM_APRIL, FinancialYears, at_months, is_among, read_month
from mpr_lib.rules.values import format_number, range_text

PROFILES = ("FLAT", "LINEAR", "LINEAR_FROM_BASELINE", "LAST_YEAR", "STATED")
_COMPUTED = PROFILES[:-1]
_NUMBERS = ["annual_target_low", "annual_target_high", "baseline", "tolerance", "amber_low", "amber_high"]
_TEXTS = ["annual_target_low_text", "annual_target_high_text", "profile"]


def target_to_date(
    annual: Figure,
    *,
    month: Any,
    profile: Text,
    decimals: Figure = 0,
    baseline: Figure = None,
    last_year: tuple[Figure, Figure] | None = None,
    year_starts: int = 4,
) -> Any:
    """The target to date of months, from the annual targets of their financial years.

    Everything is one figure or a series of them, and so is what comes back: a number in the indicator's unit, or a
    series of numbers with the index given. ``month`` is a text such as 2018-05 or a ``pandas.Period``, number n of the
    year that begins in the calendar month ``year_starts``. ``profile`` is

    - FLAT: the annual target in every month, as it is,
    - LINEAR: annual × n / 12,
    - LINEAR_FROM_BASELINE: baseline + (annual - baseline) × n / 12,
    - LAST_YEAR: annual × last year's value at n / last year's value at 12, the two figures of ``last_year``.

    All but FLAT are rounded down to ``decimals`` (0 where they are missing). Missing (NaN) where the annual target, the
    month or a figure that the profile needs is (None, NaN), where last year's value at 12 is 0, and for no profile.
    For a range, ask for each end.

    Raises ``RuleError`` for another profile, STATED too: nothing computes what was stated. Source: docs/rules.md,
    Target to date.

    >>> target_to_date(4_400_000, month="2018-05", profile="LINEAR")
    733333.0
    >>> target_to_date(45_000, month="2018-05", profile="LINEAR_FROM_BASELINE", baseline=35_000)
    36666.0
    >>> target_to_date(350_000, month="2018-05", profile="LAST_YEAR", last_year=(73_458, 361_922))
    71038.0
    >>> target_to_date(pd.Series([95, 12]), month="2018-06", profile=pd.Series(["FLAT", "LINEAR"])).tolist()
    [95.0, 3.0]
    """
    numbers = {"annual": annual, "decimals": decimals, "baseline": baseline}
    if not isinstance(last_year, tuple | list | None) or (last_year is not None and len(last_year) != 2):
        raise RuleError("last_year: Expected two figures, last year's at that month and at the year's end.")
    numbers["then"], numbers["end"] = last_year or (None, None)
    frame, given_back = together(numbers, month=month, profile=profile)
    _check_profiles(frame["profile"])
    moving = frame["profile"].isin(_COMPUTED[1:])
    rows = frame[moving]
    if not frame["decimals"].fillna(0).isin(range(10)).all():
        raise RuleError("decimals: Expected whole numbers from 0 to 9.")
    months = _months(frame["month"])[moving]
    number = FinancialYears(year_starts).month_number(months).where(months.notna()).astype(float)
    seasonal = rows["profile"] == "LAST_YEAR"
    part, whole = number.where(~seasonal, rows["then"]), number.where(number.isna(), 12.0).where(~seasonal, rows["end"])
    start = rows["baseline"].where(rows["profile"] == "LINEAR_FROM_BASELINE", 0.0)
    found = frame["annual"].where(frame["profile"] == "FLAT")
    found.loc[moving] = part_way(start, rows["annual"], part, whole.where(whole != 0), rows["decimals"].fillna(0))
    return given_back(found)


def _check_profiles(profiles):
    unknown = [each for each in profiles.unique() if each not in ("", *_COMPUTED)]
    if "STATED" in unknown:
        raise RuleError("No rule computes a STATED target. Take the figure that was stated for that month.")
    if unknown:
        raise RuleError(f"'{unknown[0]}' is no profile. Expected one of {', '.join(_COMPUTED)}.")


def _months(given):
    """Months of texts, or as they are."""
    if isinstance(given.dtype, pd.PeriodDtype):
        return given
    try:
        read = [pd.NaT if each == "" else read_month(each) for each in given]
    except MonthTextError as error:
        raise RuleError(f"month: {error}") from None
    return pd.Series(pd.PeriodIndex(read, freq="M"), given.index)


def standing(targets: pd.DataFrame, month: pd.Period, keys: list[str]) -> pd.DataFrame:
    """The targets that stand in the report of a month: for each of the ``keys`` the newest, and not later than that.

    Needs the keys, row, and reported_from, the first month in whose report a target stands (missing: from the start).
    Of two with the same the one recorded last stands. Adds of the target that it came in place of was_row and, where
    there are texts of its two ends, those (was_target_low_text …); missing for a first one. Source: docs/rules.md,
    Target to date.
    """
    known = targets[~(targets["reported_from"] > month)]
    ordered = known.sort_values("reported_from", kind="stable", na_position="first")
    told = ["row", *(name for name in targets if name.endswith(("target_low_text", "target_high_text")))]
    before = ordered.groupby(keys, dropna=False)[told].shift().astype({"row": float}).add_prefix("was_")
    ordered = ordered.join(before)
    return ordered.drop_duplicates(keys, keep="last").sort_index().reset_index(drop=True)


def carried_on(targets, stated_targets, codes, year: int, years: FinancialYears = FROM_APRIL) -> tuple:
    """The targets and the stated ones with those of ``codes`` in a financial year as they were in the year before."""

    def carried(frame, now, last, **to):
        own = frame["indicator_code"].isin(codes)
        return pd.concat([frame[~(own & now)], frame[own & last].assign(**to)], ignore_index=True)

    of, months = targets["financial_year"], stated_targets["month"]
    now, last = (months.isin(years.months(each)) for each in (year, year - 1))
    annual = carried(targets, of == year, of == year - 1, financial_year=float(year))
    return annual, carried(stated_targets, now, last, month=months + 12)


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
    moving = {
        "month": frame["month"],
        "profile": frame["profile"].where(frame["profile"].isin(_COMPUTED), ""),
        "decimals": frame["decimals"],
        "baseline": frame["baseline"],
        "last_year": _last_year(frame, values, years),
        "year_starts": years.starts,
    }
    for end in ("low", "high"):
        frame[f"target_{end}"] = target_to_date(frame[f"annual_target_{end}"], **moving)
    frame["annual_target_text"] = _texts(frame["annual_target_low_text"], frame["annual_target_high_text"])
    frame["target_text"] = _target_texts(frame)
    return _with_stated(frame, stated_targets)


def _last_year(frame, values, years):
    """What each indicator had at the same time last year, and at that year's end; nothing where none is LAST_YEAR."""
    if not frame["profile"].eq("LAST_YEAR").any():
        return None
    year_end = frame["month"] - years.month_number(frame["month"])
    months = (frame["month"] - 12, year_end)
    return tuple(at_months(values, ["number"], frame["indicator_code"], each)["number"] for each in months)


def _texts(low, high):
    """Both ends as printed."""
    return pd.Series(map(range_text, low.tolist(), high.tolist()), low.index, dtype="str")


def _target_texts(frame):
    rows = frame[frame["target_low"].notna() & (frame["profile"] != "FLAT")]
    ends = (rows[column].tolist() for column in ("target_low", "target_high", "decimals", "unit"))
    computed = pd.Series(map(_computed_text, *ends), rows.index, dtype="str")
    return computed.reindex(frame.index).fillna(frame["annual_target_text"].where(frame["profile"] == "FLAT", ""))


@lru_cache(maxsize=20_000)
def _computed_text(low, high, decimals, unit):
    """Once for all the months that have the same target."""
    return range_text(*(format_number(end, decimals, unit) for end in (low, high)))


def _with_stated(frame, stated_targets):
    columns = ["target_low", "target_high", "target_low_text", "target_high_text"]
    stated = stated_targets.dropna(subset=["month"]).drop_duplicates(["indicator_code", "month"], keep="last")
    found = at_months(stated, columns, frame["indicator_code"], frame["month"])
    texts = _texts(found["target_low_text"].fillna(""), found["target_high_text"].fillna(""))
    found = found.assign(target_text=texts)[["target_low", "target_high", "target_text"]]
    return frame.assign(**found.where(found["target_low"].notna(), frame[[*found]]))


def with_stated_years(targets, stated_targets, years: FinancialYears = FROM_APRIL) -> pd.DataFrame:
    """The targets with a row for each indicator and year that has stated targets alone: its profile is STATED.

    Its annual target is that stated for the year's last month, if there is one. Both frames are the book's. The row
    stands, by file, row and texts, where the year's newest stated target does.
    """
    frame = stated_targets.dropna(subset=["month", "target_low"]).sort_values("month", kind="stable")
    frame = frame.assign(financial_year=years.of(frame["month"]).astype(float))
    keys = ["indicator_code", "financial_year"]
    frame = frame.drop_duplicates(keys, keep="last")
    frame = frame[~is_among(frame, targets, keys) & (frame["indicator_code"] != "")]
    at_end = years.month_number(frame["month"]) == 12
    annual = {
        f"annual_{name}": frame[name].where(at_end, otherwise)
        for end in ("low", "high")
        for name, otherwise in ((f"target_{end}", float("nan")), (f"target_{end}_text", ""))
    }
    named = frame["financial_year"].map(lambda year: years.label(int(year)))
    found = frame[[*keys, "file", "row", "reason"]].assign(**annual, profile="STATED", financial_year_text=named)
    texts = {column: "" for column in targets if column.endswith("_text") and column not in found}
    flags = dict.fromkeys(targets.select_dtypes(bool), False)
    found = found.assign(**texts, **flags).reindex(columns=targets.columns)
    return pd.concat([targets, found.astype(targets.dtypes)], ignore_index=True) if len(found) else targets


def with_target(targets, stated_targets, year: int, years: FinancialYears = FROM_APRIL) -> set[str]:
    """The codes that have a target in a financial year: an annual one, or one stated for any of its months.

    ``targets`` needs indicator_code, financial_year, annual_target_low, annual_target_high; ``stated_targets``
    indicator_code, month, target_low, target_high.
    """
    of_year = targets[targets["financial_year"] == year].dropna(subset=_NUMBERS[:2], how="all")
    stated = stated_targets[stated_targets["month"].isin(years.months(year))]
    stated = stated.dropna(subset=["target_low", "target_high"], how="all")
    return {*of_year["indicator_code"], *stated["indicator_code"]}
