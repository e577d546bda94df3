"""Expected outcome: where the year is expected to end, from the rating unless a judgement says otherwise."""

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


def changes(scorecard: pd.DataFrame, earlier: list[pd.DataFrame]) -> pd.DataFrame:
    """Compare a scorecard with those of the months before it, the newest first and without gaps.

    Returns the scorecard's rows that changed or stay exceptions, with change and months_running (how many months in a
    row an exception has been one, this month included). Change is newly, still, recovered (on course now), or unknown:
    an exception that has no value or no target any more has not recovered.
    """
    now, on_course = is_exception(scorecard), scorecard["expected_outcome"] == "ON_COURSE"
    before = [
        scorecard["indicator_code"].isin(scores.loc[is_exception(scores), "indicator_code"]) for scores in earlier
    ]
    was = before[0]
    change = np.select([now & was, now, was & on_course, was], ["still", "newly", "recovered", "unknown"], "")
    running = pd.concat([now, *before], axis=1).astype(int).cumprod(axis=1).sum(axis=1)
    return scorecard.assign(change=change, months_running=running)[change != ""]


def by_judgement(rows: pd.DataFrame) -> pd.Series:
    """Whether each row stands by an officer's judgement: its expected outcome is not what its rating gives."""
    return rows["expected_outcome"] != rows["rating"].map(FROM_RATING)


def distance_from_target(rows: pd.DataFrame) -> pd.Series:
    """How far each row lies from its target, as a share of the target: below 0 on the wrong side, 0.1 a tenth better.

    Needs value, variance, target_low, target_high. So days and percentages can stand in one list. Off a target of 0
    no share says how far: minus or plus infinity. Missing without a variance.
    """
    target = rows["target_low"].where(rows["value"] < rows["target_low"], rows["target_high"]).abs()
    return (rows["variance"] / target).mask(rows["variance"] == 0, 0.0)


def furthest_from_target(rows: pd.DataFrame) -> pd.DataFrame:
    """All the rows, the one furthest on the wrong side of its target first, those without a distance last."""
    return rows.loc[distance_from_target(rows).sort_values(kind="stable").index]
