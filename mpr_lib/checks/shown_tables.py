"""Check tables of what the report will show: the scorecard and the months behind it."""

import pandas as pd

from mpr_lib.book.book import revisions_of
from mpr_lib.checks.changes import lag_allowed
from mpr_lib.checks.located import located, missing_if_empty
from mpr_lib.checks.predicates import previous_in_year
from mpr_lib.checks.words import OUTCOME_WORDS, REASON_WORDS
from mpr_lib.rules.codes import slug
from mpr_lib.rules.months import last_due
from mpr_lib.rules.outcome import FROM_RATING, is_exception, standing_judgements


def months_shown(book) -> pd.PeriodIndex:
    """The 24 months that the report shows: last financial year and this one."""
    years = book.settings.years
    year = years.of(book.month)
    return years.months(year - 1).append(years.months(year))


def scored(book, scorecard, history) -> pd.DataFrame:
    """Every indicator with a figure due: late_by (months), allowed_lag, target_given, and words for what is missing.

    A quarterly figure is due for the last month of a quarter, and no other is until the next quarter ends; a yearly
    one likewise.
    """
    frame = scorecard[scorecard["value"].notna() | (scorecard["no_value_reason"] != "NOT_DUE")]
    due = last_due(frame, frame["reporting_month"], book.settings.years)
    lag = lag_allowed(book.settings.expectations, frame)
    expected = last_due(frame, frame["reporting_month"] - lag.astype(int), book.settings.years)
    behind = (due.astype("int64") - frame["latest_month"].astype("int64")).clip(lower=0)
    said = frame["value_text"].map(lambda text: f"'{text}', " if text else "")
    reasons = frame["no_value_reason"].map(REASON_WORDS).fillna("none is recent enough to show")
    unrated = frame["annual_target_low"].notna() & frame["target_low"].isna()
    return located(
        frame,
        file=frame["file"].where(frame["file"] != "", f"data/returns/{book.month}.csv"),
        month=due,
        late_by=behind.where((frame["latest_month"] < expected) | (frame["frequency"] == "MONTHLY"), 0),
        allowed_lag=lag,
        expected_month=expected,
        reason_words=said + reasons,
        target_given=pd.Series("given", frame.index, dtype=object).mask(unrated),
    )


def exceptions(book, scorecard, history) -> pd.DataFrame:
    """Every indicator at risk or slipping; commentary is missing where there is none."""
    frame = scorecard[is_exception(scorecard)]
    folder = f"data/commentary/{book.month}"
    return located(
        frame,
        month=frame["reporting_month"],
        file=[f"{folder}/{slug(code)}.md" for code in frame["indicator_code"]],
        row=None,
        commentary=missing_if_empty(frame["commentary"]),
        outcome_words=frame["expected_outcome"].map(OUTCOME_WORDS),
    )


def judged(book, scorecard, history) -> pd.DataFrame:
    """Every indicator that a judgement stands for, with the outcome that its rating alone would give."""
    standing = standing_judgements(book.judgements, book.month)[["indicator_code", "file", "row", "reason"]]
    frame = scorecard.drop(columns=["file", "row"]).merge(standing, on="indicator_code")
    rated = frame["rating"].map(FROM_RATING)
    return located(
        frame,
        month=frame["reporting_month"],
        rated=rated,
        rated_words=rated.map(OUTCOME_WORDS),
        outcome_words=frame["expected_outcome"].map(OUTCOME_WORDS),
    )


def months(book, scorecard, history) -> pd.DataFrame:
    """Every figure shown of the cumulative indicators that count something (no percentage), and the one before it."""
    described = book.indicators.drop_duplicates("indicator_code")
    counts = described[(described["basis"] == "CUMULATIVE") & (described["unit"] != "%")]
    columns = ["indicator_code", "month", "financial_year", "value", "value_text", "file", "row"]
    shown = history.loc[history["value"].notna() & (history["month"] >= months_shown(book)[0]), columns]
    table = shown.merge(counts[["indicator_code", "definition_break"]], on="indicator_code")
    table = table.assign(
        number=table["value"],
        month_number=book.settings.years.month_number(table["month"]),
        definition=(table["month"] >= table["definition_break"]).astype(int),
    )
    before = previous_in_year(table)
    ago = (table["month_number"] - before["previous_month_number"]).fillna(0).astype(int)
    return located(table, previous=before["previous"], previous_month=table["month"] - ago)


def revised(book, scorecard, history) -> pd.DataFrame:
    """The figures that this month's returns revised: what each was and is, and the reason that came with it."""
    found = revisions_of(book)
    return located(
        found,
        was_words=found["was_text"].map(lambda text: f"'{text}'" if text else "no figure"),
        reason_words=found["note"].map(
            lambda note: f"The reason given: {note.rstrip('.')}." if note else "No reason is given."
        ),
    )


SHOWN_TABLES = (scored, exceptions, judged, months, revised)
