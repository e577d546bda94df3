"""Changes: what became an exception, what recovered, and for how many months the others have been one."""

import pandas as pd

from mpr_lib.rules.outcome import is_exception


def changes(scorecard: pd.DataFrame, earlier: list[pd.DataFrame]) -> pd.DataFrame:
    """Compare a scorecard with those of the months before it, the newest first and without gaps.

    Returns the scorecard's rows that changed or stay exceptions, with change and months_running (how many months in a
    row an exception has been one, this month included). Change is newly, still, recovered (on course now), or unknown:
    an exception that has no value or no target any more has not recovered.
    """
    now = is_exception(scorecard)
    before = _exceptions(earlier[0])
    codes = scorecard["indicator_code"]
    was = codes.isin(before)
    change = pd.Series("", scorecard.index).mask(now & ~was, "newly").mask(now & was, "still")
    on_course = scorecard["expected_outcome"] == "ON_COURSE"
    change = change.mask(~now & was, "unknown").mask(was & on_course, "recovered")
    running = now.astype(int)
    standing = set(codes[now])
    for scores in earlier:
        standing &= _exceptions(scores)
        running += codes.isin(standing).astype(int)
    found = scorecard.assign(change=change, months_running=running)
    return found[change != ""]


def furthest_from_target(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a variance, the one furthest on the wrong side of its target first.

    Needs variance, target_low, target_high, polarity, indicator_code. Distances are compared as shares of the
    target, so that days and percentages can stand in one list; a target of 0 counts as furthest.
    """
    target = rows["target_low"].where(rows["variance"].isna() | _below(rows), rows["target_high"]).abs()
    share = (rows["variance"] / target).where(target != 0, float("-inf"))
    off = rows.assign(_share=share)[(rows["variance"] < 0).fillna(False)]
    return off.sort_values("_share", kind="stable").drop(columns="_share")


def _below(rows):
    return rows["value"] < rows["target_low"]


def _exceptions(scorecard):
    return set(scorecard.loc[is_exception(scorecard), "indicator_code"])
