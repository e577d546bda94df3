"""Check tables of what holds for the year: targets and their profiles, definitions, and who answers for what."""

import pandas as pd

from mpr_lib.book.tables import officers
from mpr_lib.checks.located import located, missing_if_empty
from mpr_lib.checks.predicates import steps
from mpr_lib.checks.shown_tables import months_shown
from mpr_lib.checks.words import months_text


def profile_months(book) -> pd.DataFrame:
    """Twelve rows for each indicator whose targets of this year are stated; target_low is missing where none is.

    The months from the reporting month on come first: they are the ones that can still be stated in time.
    """
    annual = _this_year(book)
    year = months_shown(book)[12:]
    months = pd.DataFrame({"month": [*(month for month in year if month >= book.month), *year]}).drop_duplicates()
    grid = annual[annual["profile"] == "STATED"].merge(months, how="cross")
    stated = book.stated_targets.drop_duplicates(["indicator_code", "month"], keep="last")
    frame = grid.merge(stated[["indicator_code", "month", "target_low"]], on=["indicator_code", "month"], how="left")
    silent = frame[frame["target_low"].isna()].groupby("indicator_code")["month"].agg(["size", months_text])
    silent = silent.reindex(frame["indicator_code"]).set_axis(frame.index)
    return located(frame, stated=12 - silent["size"].fillna(0), silent=silent["months_text"].fillna(""))


def profile_steps(book) -> pd.DataFrame:
    """This year's stated targets beside the annual one, with each month's step and its neighbours'.

    climbs: only of cumulative profiles is it expected that they climb step by step.
    """
    stated = book.stated_targets.drop_duplicates(["indicator_code", "month"], keep="last")
    stated = stated[stated["month"].isin(months_shown(book)[12:])]
    frame = stated.merge(_this_year(book).drop(columns=["file", "row"]), on="indicator_code")
    places = frame["target_low_text"].str.extract(r"\.(\d+)")[0].str.len().fillna(0)
    frame = frame.assign(
        month_number=book.settings.years.month_number(frame["month"]),
        last_place=10.0 ** -places.groupby(frame["indicator_code"]).transform("max"),
        climbs=frame["basis"] == "CUMULATIVE",
    )
    return located(pd.concat([frame, steps(frame)], axis=1), previous_month=frame["month"] - 1)


def goldilocks(book) -> pd.DataFrame:
    """This year's annual targets of the indicators that are best inside a range."""
    frame = _this_year(book)
    reversed_ends = frame["annual_target_low"] > frame["annual_target_high"]
    return located(frame[(frame["polarity"] == "GOLDILOCKS") & ~reversed_ends], month=book.month)


def _this_year(book):
    """This year's annual targets, with what is known of their indicators."""
    year = book.settings.years.of(book.month)
    targets = book.targets[book.targets["financial_year"] == year].drop_duplicates("indicator_code", keep="last")
    described = book.indicators.drop_duplicates("indicator_code")
    described = described[["indicator_code", "polarity", "basis", "unit", "managed_by"]]
    return targets.merge(described, on="indicator_code").assign(year=book.settings.years.label(year))


def percentages(book) -> pd.DataFrame:
    """Every percentage received for the months shown."""
    percent = book.indicators.loc[book.indicators["unit"] == "%", "indicator_code"]
    frame = book.values[book.values["indicator_code"].isin(percent)]
    return located(frame[frame["month"] >= months_shown(book)[0]])


def definitions(book) -> pd.DataFrame:
    """Every definition break that is recorded."""
    frame = book.indicators[book.indicators["definition_break"].notna()]
    return located(frame, month=frame["definition_break"], since=frame["definition_break"].astype(str))


def responsibilities(book) -> pd.DataFrame:
    """Who answers for each indicator: officers (how many are named) and department, missing where none is stated.

    A partnership's indicator needs no department: partners share it.
    """
    frame = book.indicators
    shared = (frame["section"] == "PARTNERSHIP") & (frame["department"] == "")
    named = frame["managed_by"].map(lambda cell: len(officers(cell)))
    words = named.map(lambda number: "no officer is named" if number == 0 else f"{number} officers are named")
    return located(
        frame,
        officers=named,
        officer_words=words,
        department=missing_if_empty(frame["department"].mask(shared, "the partnership")),
    )


YEAR_TABLES = (profile_months, profile_steps, goldilocks, percentages, definitions, responsibilities)
