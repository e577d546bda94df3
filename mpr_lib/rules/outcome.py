"""Expected outcome: where the year is expected to end, from the rating unless a judgement says otherwise."""

from itertools import takewhile

import numpy as np
import pandas as pd

OUTCOMES = ("AT_RISK", "SOME_SLIPPAGE", "ON_COURSE", "NO_VALUE", "NO_TARGET")
JUDGED = OUTCOMES[:3]
"""What a judgement may say: that there is no value or no target is not anybody's to judge."""
EXCEPTIONS = ("AT_RISK", "SOME_SLIPPAGE")
FROM_RATING = {
    "GREEN": "ON_COURSE",
    "AMBER": "SOME_SLIPPAGE",
    "RED": "AT_RISK",
    "NO_VALUE": "NO_VALUE",
    "NO_TARGET": "NO_TARGET",
}


def standing_judgements(judgements: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """The judgements that stand in a month, one per indicator: the latest dated, then the last recorded.

    Needs indicator_code, month, until, expected_outcome, reason, role, date. A judgement without a reason does
    not stand, nor one of an outcome that nobody may judge.
    """
    until = judgements["until"].fillna(judgements["month"])
    stands = (judgements["month"] <= month) & (until >= month) & (judgements["reason"] != "")
    standing = judgements[stands & judgements["expected_outcome"].isin(JUDGED)]
    return standing.sort_values("date", kind="stable").drop_duplicates("indicator_code", keep="last")


def expected_outcome(frame: pd.DataFrame, judgements: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """Add expected_outcome, outcome_reason, judgement_role and judgement_date.

    ``frame`` needs indicator_code and rating. Texts are empty where no judgement stands.
    """
    named = {"reason": "outcome_reason", "role": "judgement_role", "date": "judgement_date"}
    standing = standing_judgements(judgements, month).set_index("indicator_code").rename(columns=named)
    found = standing[["expected_outcome", *named.values()]].reindex(frame["indicator_code"]).set_axis(frame.index)
    found["expected_outcome"] = found["expected_outcome"].fillna(frame["rating"].map(FROM_RATING))
    return frame.assign(**found.fillna("").astype("str"))


def is_exception(scorecard: pd.DataFrame) -> pd.Series:
    """Whether each row is at risk or slipping, whatever its rating."""
    return scorecard["expected_outcome"].isin(EXCEPTIONS)


def is_highlighted_green(scorecard: pd.DataFrame) -> pd.Series:
    """Whether each row is on course and shown among the exceptions because it has commentary."""
    return (scorecard["expected_outcome"] == "ON_COURSE") & (scorecard["commentary"] != "")


def changes(scorecard: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Compare a scorecard with that of the month before.

    Returns the scorecard's rows that are or were exceptions, with outcome_before (empty of an indicator that was not
    there) and change: newly, other (an exception of another kind than before), still, recovered (on course now), or
    unknown: an exception that has no value or no target any more has not recovered.
    """
    codes = scorecard["indicator_code"]
    outcomes = before.drop_duplicates("indicator_code").set_index("indicator_code")["expected_outcome"]
    rows = scorecard.assign(outcome_before=outcomes.reindex(codes).fillna("").to_numpy())
    now, was = is_exception(rows), rows["outcome_before"].isin(EXCEPTIONS)
    same, on_course = (rows["expected_outcome"] == each for each in (rows["outcome_before"], "ON_COURSE"))
    told = [now & was & same, now & was, now, was & on_course, was]
    change = np.select(told, ["still", "other", "newly", "recovered", "unknown"], "")
    return rows.assign(change=change)[change != ""]


def months_off_target(months: pd.DataFrame, latest: pd.Period) -> tuple[int, bool]:
    """How many figures in a row, up to that of the latest month, are off target, and whether there are no others.

    ``months`` is one indicator's part of the history: month, rating, no_value_reason. Months for which nothing is due
    are passed over; one that lacks a figure or a target ends the run.
    """
    known = zip(months["month"].tolist(), months["rating"].tolist(), months["no_value_reason"].tolist(), strict=True)
    ratings = [rating for month, rating, reason in sorted(known) if month <= latest and reason != "NOT_DUE"]
    count = sum(1 for _ in takewhile(("AMBER", "RED").__contains__, reversed(ratings)))
    return count, count == len(ratings)


def by_judgement(rows: pd.DataFrame) -> pd.Series:
    """Whether each row stands by an officer's judgement: its expected outcome is not what its rating gives."""
    return rows["expected_outcome"] != rows["rating"].map(FROM_RATING)


def distance_in_tolerances(rows: pd.DataFrame) -> pd.Series:
    """How often the room between target and amber limit goes into each row's distance: below 0 on the wrong side.

    The room is that on the value's side. Needs polarity, value, variance, target_low, target_high, amber_low,
    amber_high. The tolerance is the one measure that a council chose for each indicator: -1 is where amber ends.
    Without any room minus or plus infinity, missing without a variance.
    """
    room = {end: (rows[f"target_{end}"] - rows[f"amber_{end}"]).abs() for end in ("low", "high")}
    nearer_low = rows["value"] - rows["target_low"] < rows["target_high"] - rows["value"]
    side = room["low"].where(nearer_low, room["high"])
    # Only one side of a target to maximise or minimise has a limit, wherever the value lies.
    side = side.fillna(room["low"]).fillna(room["high"])
    return (rows["variance"] / side).mask(rows["variance"] == 0, 0.0)


def worst_first(rows: pd.DataFrame) -> pd.DataFrame:
    """The exceptions, at risk before slipping: the most tolerances off target first, without a distance last."""
    rows = rows[is_exception(rows)]
    rows = rows.loc[distance_in_tolerances(rows).sort_values(kind="stable").index]
    return rows.sort_values("expected_outcome", key=lambda outcome: outcome.map(EXCEPTIONS.index), kind="stable")
