"""Agreed: which targets can hardly be meant, beside baseline, last year's, what was reached and what others have.

Nothing is doubted of small counts, which are noisy, nor across a new definition, nor where the target's row says that
it is confirmed; but a target on the wrong side of its baseline has to be put right.
"""

import numpy as np
import pandas as pd

from mpr_lib.rules.months import at_months
from mpr_lib.rules.values import format_number, range_text

DOUBTS = ("baseline", "zero", "scale", "easier", "others")
"""What can be wrong with a target: the first that holds is said."""

FAR = 5
"""So many times as large or as small as another, a target is about ten times off: a digit too many, or too few."""

EASY = 2
"""So many times as easy to meet as another, a target asks for far less."""

SMALL = 20
"""Whole numbers up to this are small counts."""

ENOUGH = 3
"""Fewer figures than this, or a year at its pace, tell only of a target that is twice as far off."""

_ENDS = ["annual_target_low", "annual_target_high"]


def of_years(rows: pd.DataFrame, book, history: pd.DataFrame) -> pd.DataFrame:
    """What is doubtful about the reporting year's annual targets (doubt, beside), and which moved since last year.

    ``rows`` is the batch of targets. doubt is one of ``DOUBTS`` or empty, beside what tells it; last_text is last
    year's target. Nothing moved across a new definition.
    """
    years, now = book.settings.years, book.settings.years.of(book.month)
    before = book.targets[book.targets["financial_year"] == now - 1].drop_duplicates("indicator_code", keep="last")
    before = _of_codes(before.set_index("indicator_code"), rows)
    last = before[_ENDS].mask(~rows["is_this_year"] | (rows["definition_break"] > years.months(now - 1)[0]))
    figures = history[history["value"].notna() & (history["month"] <= book.month) & (history["financial_year"] == now)]
    newest = figures.drop_duplicates("indicator_code", keep="last").set_index("indicator_code")["value"]
    adds, is_early = rows["charted"] == "MONTHS_OWN", years.month_number(book.month) <= 6
    beside = [
        ("last year's target", last, "scale"),
        ("what its figures come to", _of_codes(_reached(book, history), rows), "scale"),
        ("what others have", _of_codes(_others(book), rows).mask(adds), "others"),
    ]
    found = _doubts(rows, _ENDS, beside, _of_codes(newest, rows).where(adds & is_early))
    texts = [before[f"{end}_text"].fillna("") for end in _ENDS]
    moved = (last != rows[_ENDS]) & last.notna() & rows[_ENDS].notna()
    return found.assign(moved=moved.any(axis=1), last_text=list(map(range_text, *texts)))


def of_months(rows: pd.DataFrame, book, history: pd.DataFrame) -> pd.DataFrame:
    """The same of the reporting year's stated targets, each beside last year's; a running count may begin at nought."""
    ends, ago, adds = ["target_low", "target_high"], rows["month"] - 12, rows["charted"] == "MONTHS_OWN"
    newer = (rows["definition_break"] > ago) & (rows["definition_break"] <= rows["month"])
    beside = [
        ("last year's for the month", at_months(history, ends, rows["indicator_code"], ago).mask(newer), "scale"),
        ("what its figures come to", _of_codes(_reached(book, history), rows).mask(adds), "scale"),
    ]
    found = _doubts(rows.assign(baseline=np.nan, baseline_text=""), ends, beside, pd.Series(np.nan, rows.index))
    return found.mask((found["doubt"] == "zero") & adds, "")


def _of_codes(frame, rows):
    return frame.reindex(rows["indicator_code"]).set_axis(rows.index)


def _reached(book, history):
    """By indicator the least and the most that a year comes to by its figures of two years, and how far off these are.

    Of what adds up these are the years' ends, and what this year comes to at its pace.
    """
    years = book.settings.years
    about = book.indicators.drop_duplicates("indicator_code")[["indicator_code", "charted", "definition_break"]]
    known = history[history["value"].notna() & (history["month"] <= book.month)].merge(about, on="indicator_code")
    known = known[(known["month"] > book.month - 24) & ~(known["month"] < known["definition_break"])]
    number = years.month_number(known["month"])
    level = (known["charted"] != "MONTHS_OWN") | (known["profile"] == "LINEAR_FROM_BASELINE")
    begun = ~level & number.between(2, 11) & (known["financial_year"] == years.of(book.month))
    known = known.assign(
        value=known["value"].mask(begun, known["value"] * 12 / number),
        counts=np.select([level, begun], [1, 0], ENOUGH),
    )[level | begun | (number == 12)]
    by_code, counts = known.groupby("indicator_code"), known.groupby("indicator_code")["counts"].sum()
    ends = by_code["value"].agg(["min", "max"])
    return ends.assign(times=np.where(counts >= ENOUGH, 1, 2), levels=counts)


def _others(book):
    """By indicator the least and the most of what each other had newest."""
    known = book.comparisons[book.comparisons["number"].notna() & (book.comparisons["month"] <= book.month)]
    newest = known.sort_values("month").drop_duplicates(["indicator_code", "comparator"], keep="last")
    return newest.groupby("indicator_code")["number"].agg(["min", "max"])


def _doubts(rows, ends, beside, to_date):
    """The first doubt that holds of each row, and what tells it.

    ``beside`` lists what the ends of a target are held against: its name, least and most (and how many times as far off
    a target may be), and the doubt where it is far from both. ``to_date`` is what was reached early in the year.
    """
    (low, high), is_asked = (rows[end] for end in ends), rows["is_this_year"]
    up, down = (rows["polarity"] == each for each in ("MAXIMISE", "MINIMISE"))
    is_open, rises = is_asked & ~rows["confirmed"].eq(True), rows["basis"].isin(["CUMULATIVE", "YTD_SNAPSHOT"])
    other_side = up & (high < rows["baseline"]) | down & ~rises & (low > rows["baseline"])
    passed = [f"what was reached by now, {format_number(each)}" for each in to_date]
    told = [
        ("baseline", is_asked & other_side, [f"its baseline, {text}" for text in rows["baseline_text"]]),
        ("zero", is_open & up & (high == 0), [""] * len(rows)),
        ("easier", is_open & up & (high > 0) & (to_date > high), passed),
    ]
    for what, frame, doubt in beside:
        least, most, times = frame.iloc[:, 0], frame.iloc[:, 1], frame.get("times", 1)
        known = pd.concat([low, high, least, most], axis=1)
        small = (known % 1 == 0).all(axis=1) & (known.max(axis=1) <= SMALL) & (rows["unit"] != "%")
        asked, more, less = is_open & (known > 0).all(axis=1) & ~small, low / most / times, least / high / times
        # A percentage or two may be far from what is asked for; that far less is asked for than there is, is doubted.
        few = (rows["unit"] == "%") & (times != 1)
        more, less = more.mask(few & up, 0), less.mask(few & down, 0)
        pairs = zip(least, most, rows["unit"], strict=True)
        said = [f"{what}, {range_text(*(format_number(end, None, unit) for end in pair))}" for *pair, unit in pairs]
        # A single figure that is a hundredfold off is doubted itself.
        most_off = np.maximum(more, less)
        told.append((doubt, asked & (most_off > FAR) & ((times == 1) | (most_off < 5 * FAR)), said))
        if doubt == "scale":
            # That a month or two of a year went well tells little of its end; a figure or two tell what is usual.
            off = (less.where(up, 0) + more.where(down, 0)) * times
            told.append(("easier", asked & (off > EASY) & (frame.get("levels", 1) > 0), said))
    told.sort(key=lambda each: DOUBTS.index(each[0]))
    names, found, texts = zip(*told, strict=True)
    beside = np.select(found, [np.array(each, dtype=object) for each in texts], "")
    return pd.DataFrame({"doubt": np.select(found, names, ""), "beside": beside}, rows.index)
