"""Variation and assurance: whether a figure has really changed, and whether its target can be met as things are.

Source: docs/rules.md, Signals; NHS England, Making Data Count.
"""

import numpy as np
import pandas as pd

from mpr_lib.rules.months import FROM_APRIL
from mpr_lib.rules.points import WHY_NONE
from mpr_lib.rules.xmr import RULES, SIGMAS, SIGNALS, RuleSet, above, signals

ASSURANCES = ("RELIABLY_MET", "HIT_AND_MISS", "RELIABLY_MISSED", "UNSETTLED", "NOT_JUDGED")
UNFIT = ("SEASONAL", "SMALL_COUNT", "COARSE")
"""Why points that are enough in number make no chart."""

_SEASONAL, _SMALL = 3, 5
"""How many times as large as the smallest month's own target the largest may be; counts below which say too little."""


def with_charts(
    points: pd.DataFrame, rules: RuleSet = "mdc", fewest: int | None = None, baseline: int | None = None
) -> pd.DataFrame:
    """The points with their segment's chart: chart_mean, lower_limit, upper_limit, moving_range, count, signal, side.

    Needs indicator_code, month, segment, point, period (``charted_points``). Limits are not cut; signal and signal_side
    (HIGH or LOW) are empty where there is none, and all is missing of a segment with too few points, but count.
    """
    if points.empty:
        numbers = dict.fromkeys(("chart_mean", "lower_limit", "upper_limit", "moving_range"), np.nan)
        return points.assign(**numbers, count=0, enough=False, signal="", signal_side="")
    segments = points.groupby(["indicator_code", "segment"], sort=False)
    row = segments.ngroup().to_numpy()
    ordinal = points["month"].astype("int64")
    place = ((ordinal - ordinal.groupby(row).transform("min")) // points["period"]).to_numpy()
    matrix = np.full((row.max() + 1, place.max() + 1), np.nan)
    matrix[row, place] = points["point"]
    found = signals(matrix, rules, fewest=fewest, baseline=baseline)
    signal, side = found.signal[row, place], found.side[row, place]
    return points.assign(
        chart_mean=found.mean[row], lower_limit=found.lower[row], upper_limit=found.upper[row],
        moving_range=found.moving_range[row], count=found.count[row], enough=found.enough[row],
        signal=pd.Series(np.array([*SIGNALS, ""])[signal], points.index, dtype="str"),
        signal_side=pd.Series(np.array(["", "HIGH", "LOW"])[side], points.index, dtype="str"),
    )  # fmt: skip


def kind_of_signal(points: pd.DataFrame) -> pd.Series:
    """What each point's signal means: USUAL without one, IMPROVEMENT, CONCERN, or CHANGE where neither side is better.

    Needs signal, signal_side, polarity, point, target_low, target_high, as a frame or as arrays. Of a range to lie in,
    towards it is better where the point lies outside it.
    """
    below, over = points["point"] < points["target_low"], points["point"] > points["target_high"]
    aimed = points["polarity"] == "GOLDILOCKS"
    kinds = [points["polarity"] == "MAXIMISE", points["polarity"] == "MINIMISE", aimed & below, aimed & over]
    better = np.select(kinds, ["HIGH", "LOW", "HIGH", "LOW"], "")
    choices = [points["signal"] == "", better == "", points["signal_side"] == better]
    kind = np.select(choices, ["USUAL", "CHANGE", "IMPROVEMENT"], "CONCERN")
    return pd.Series(kind, getattr(points, "index", None), dtype="str")


def shown_limits(points: pd.DataFrame) -> pd.DataFrame:
    """The limits as they are shown, cut to what can be: 0 to 100 of %, 0 of others, unless a point lies beyond.

    Needs indicator_code, unit, point, lower_limit, upper_limit.
    """
    own = points.groupby("indicator_code")["point"]
    lower = points["lower_limit"].clip(lower=0).where(own.transform("min") >= 0, points["lower_limit"])
    whole = (points["unit"] == "%") & (own.transform("max") <= 100)
    upper = points["upper_limit"].clip(upper=100).where(whole, points["upper_limit"])
    return points.assign(lower_limit=lower, upper_limit=upper)


def with_variation(
    frame: pd.DataFrame, points: pd.DataFrame, months: pd.DataFrame, rules: RuleSet = "mdc", years=FROM_APRIL
) -> pd.DataFrame:
    """Add variation and assurance to the scorecard's rows, with what they were told from.

    ``frame`` needs indicator_code, latest_month, value, polarity, basis, charted, unit, decimals and profile;
    ``points`` are from ``with_charts``, ``months`` from ``rules.points.with_points``. Adds points (of the newest
    segment), chart_mean, lower_limit, upper_limit (as shown), variation, signal, signal_side, assurance,
    months_on_target, months_with_target and not_judged_reason. Numbers are missing and texts empty where nothing is
    judged.
    """
    codes, ruled = frame["indicator_code"], RULES[rules]
    newest = shown_limits(points).drop_duplicates("indicator_code", keep="last").set_index("indicator_code")
    newest = newest.reindex(codes).reset_index().set_axis(frame.index).assign(polarity=frame["polarity"])
    segment = points.merge(newest[["indicator_code", "segment"]], on=["indicator_code", "segment"])
    aims = _aims(frame, months, years)
    reasons = _reasons(frame, newest, segment, aims, ruled)
    judged = reasons == ""
    is_aimed = frame["polarity"].isin(["MAXIMISE", "MINIMISE", "GOLDILOCKS"])
    told = newest[["chart_mean", "lower_limit", "upper_limit"]].where(judged)
    told = told.assign(**newest[["signal", "signal_side"]].where(judged, "").fillna(""))
    told["variation"] = kind_of_signal(newest.assign(signal=told["signal"])).where(judged, "NOT_JUDGED")
    without = judged & is_aimed & aims["low_most"].isna()
    met = _on_target(segment, frame.set_index("indicator_code")["polarity"]).reindex(codes).set_axis(frame.index)
    asked = judged & (is_aimed | (frame["polarity"] == "OUTSIDE"))
    assurance = _assurance(told, aims, frame["polarity"], ruled)
    return frame.assign(
        points=newest["count"].fillna(0).where(frame["charted"] != "NONE"), **told,
        assurance=assurance.where(judged & is_aimed & ~without, "NOT_JUDGED"),
        months_on_target=met["on"].where(asked), months_with_target=met["with"].where(asked),
        not_judged_reason=reasons.mask(without, "NO_TARGET"),
    )  # fmt: skip


def published(points: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The points as they are shown: limits cut, and neither limits nor signals of what makes no chart (``UNFIT``).

    ``frame`` needs indicator_code and not_judged_reason.
    """
    unfit = points["indicator_code"].isin(frame.loc[frame["not_judged_reason"].isin(UNFIT), "indicator_code"])
    shown = shown_limits(points)
    limits, marks = ["chart_mean", "lower_limit", "upper_limit"], ["signal", "signal_side"]
    shown[limits], shown[marks] = shown[limits].mask(unfit), shown[marks].mask(unfit, "")
    return shown


def _aims(frame, months, years):
    """The smallest and the largest target that assurance looks at: the latest month's, or each month's own of its year.

    Returns low_least, low_most, high_least, high_most on the frame's index, missing without a target.
    """
    latest = frame.set_index("indicator_code")["latest_month"].reindex(months["indicator_code"]).set_axis(months.index)
    same_year = (months["charted"] == "MONTHS_OWN") & (years.of(months["month"]) == years.of(latest))
    rows = months[same_year | (months["month"] == latest)].groupby("indicator_code")[["target_low", "target_high"]]
    least, most = rows.min(), rows.max()
    found = {"low_least": least["target_low"], "low_most": most["target_low"], "high_least": least["target_high"],
             "high_most": most["target_high"]}  # fmt: skip
    return pd.DataFrame(found).reindex(frame["indicator_code"]).set_axis(frame.index)


def _reasons(frame, newest, segment, aims, ruled):
    """Why nothing is judged of each row; empty where something is."""
    charted, own = frame["charted"], frame["charted"] == "MONTHS_OWN"
    why_none = frame["basis"].map(WHY_NONE).fillna("NOT_CHARTED")
    is_newest = newest["month"].eq(frame["latest_month"]) | (charted == "QUARTER_ENDS")
    seasonal = own & (frame["profile"] == "STATED") & (aims["low_most"] > _SEASONAL * aims["low_least"])
    seasonal |= frame["profile"] == "LAST_YEAR"
    broken = segment.loc[segment["point"] % 1 > 0, "indicator_code"]
    small = ~frame["indicator_code"].isin(broken) & (newest["chart_mean"].abs() < _SMALL)
    spread = newest["moving_range"] / SIGMAS
    coarse = (spread > 0) & above(10.0 ** -frame["decimals"].astype(float), spread)
    enough = newest["enough"].eq(True)
    holds = {
        "NO_VALUE": frame["value"].isna(),
        "PROXY": newest["is_proxy"].eq(True) & is_newest,
        "TOO_FEW_POINTS": ~enough,
        "NO_POINT": ~is_newest | newest["point"].isna(),
        **({"SEASONAL": seasonal, "SMALL_COUNT": small, "COARSE": coarse} if ruled.settles else {}),
    }
    found = pd.Series(np.select(list(holds.values()), list(holds), ""), frame.index, dtype="str")
    return found.mask((charted == "NONE") & (found != "NO_VALUE"), why_none)


def _on_target(segment, polarity):
    """How many points of a segment have a target of their own, and how many are on it, by code."""
    wants = segment["indicator_code"].map(polarity)
    above_low, below_high = (segment["point"] >= segment["target_low"]), (segment["point"] <= segment["target_high"])
    inside = above_low & below_high
    choices = [wants == "MAXIMISE", wants == "MINIMISE", wants == "GOLDILOCKS"]
    met = np.select(choices, [above_low, below_high, inside], ~inside)
    has_both = segment["point"].notna() & segment["target_low"].notna()
    both = pd.DataFrame({"on": met & has_both, "with": has_both}, segment.index)
    return both.groupby(segment["indicator_code"]).sum()


def _assurance(told, aims, polarity, ruled):
    """What the limits say of the targets, where both are known."""
    lower, upper = told["lower_limit"], told["upper_limit"]

    def reaches(one, other):
        return ~above(other, one) if ruled.settles else above(one, other)

    high_enough, low_enough = reaches(lower, aims["low_most"]), reaches(aims["high_least"], upper)
    too_low, too_high = above(aims["low_least"], upper), above(lower, aims["high_most"])
    wants = [polarity == each for each in ("MAXIMISE", "MINIMISE")]
    met = np.select(wants, [high_enough, low_enough], high_enough & low_enough)
    missed = np.select(wants, [too_low, too_high], too_low | too_high)
    moves = told["signal"].isin(["OUTSIDE", "TREND"]) & ruled.settles
    choices = [lower.isna(), moves, met, missed]
    found = np.select(choices, ["NOT_JUDGED", "UNSETTLED", "RELIABLY_MET", "RELIABLY_MISSED"], "HIT_AND_MISS")
    return pd.Series(found, told.index, dtype="str")
