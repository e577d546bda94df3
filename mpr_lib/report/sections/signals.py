"""Signals: what has really changed and whether targets can be met as things are, in a table and in a few sentences."""

import re

from mpr_lib import words
from mpr_lib.columns import SHOWN
from mpr_lib.report import blocks, signal_words
from mpr_lib.report.sections import cells

_NAME = SHOWN["signal"].heading
VARIATIONS = SHOWN["signal"].sort.split()[:-1]
"""What is judged, in the order in which readers need it; last of all is what is not."""
MOST_CODES, MOST_NAMED = 15, 6
"""So many codes a line lists, and a cell of the table with their titles; of more, lines tell how many there are."""


def signals(report) -> list | None:
    """The judged indicators in a table, early warnings, and on demand why others are not judged."""
    rows = report.scorecard
    if rows.empty:
        return None
    judged, said = rows[rows["variation"] != "NOT_JUDGED"], f"{judged_words(report, rows)}{_takes(report)}."
    if judged.empty:
        return [blocks.note(said, "none"), *_not_judged(report, rows)]
    shown = [blocks.text(said, counts=True), _matrix(report, judged)]
    return [*shown, *_warnings(report, rows), *_not_judged(report, rows)]


def judged_words(report, rows) -> str:
    """Of how many of the rows it can be judged whether they have really changed; without a full stop."""
    judged, every = int((rows["variation"] != "NOT_JUDGED").sum()), words.counted(len(rows), "indicator")
    if not judged:
        return f"For none of the {every} can change be told from chance yet"
    return f"For {words.number_words(judged)} of {every} change can be told from chance"


def _takes(report):
    fewest = f", which takes {report.settings.spc_fewest_points} comparable figures or more"
    return fewest * (report.settings.spc_rules == "mdc")


def _usual_periods(rows, ending=""):
    """What lies between the rows' points, as the words of an assurance end: 'month', 'months or quarters'."""
    found = {{1: "month", 3: "quarter"}.get(signal_words.months_apart(row), "year") for row in rows.itertuples()}
    return words.joined([each + ending for each in sorted(found)], "or")


def _matrix(report, rows):
    """Variation by assurance: those that have a word for it always, the others where there are any."""
    shown = ["RELIABLY_MISSED", "HIT_AND_MISS", "RELIABLY_MET"]
    shown += [each for each in ("UNSETTLED", "NOT_JUDGED") if (rows["assurance"] == each).any()]
    named = words.ASSURANCES | {"NOT_JUDGED": words.RATINGS["NO_TARGET"]}
    periods = {"month": _usual_periods(rows), "months": _usual_periods(rows, "s")}
    headings: dict = {"variation": (_NAME, "variation")}
    headings |= {each: re.sub("months?", lambda found: periods[found[0]], named[each]) for each in shown}
    made = []
    for variation in VARIATIONS:
        part = rows[rows["variation"] == variation]
        if len(part) or variation != "CHANGE":
            found = [_codes(report, part[part["assurance"] == each]) for each in shown]
            made.append((cells.variation_cell(variation), *found))
    caption = "Which indicators have really changed (rows), and which targets can be met as things are (columns)"
    return blocks.plain_table("signals-table", caption, headings, made, "wide")


def _codes(report, rows):
    """A cell that lists indicators as links, few of them with their titles, or says that there are none."""
    if rows.empty:
        return blocks.cell("none", missing=True)
    titled = len(rows) <= MOST_NAMED
    listed = _list(report, rows, lambda row: f" {cells.title_of(row)}" * titled)
    return blocks.cell(", ".join(rows["indicator_code"]), prose=[listed | {"bare": True}])


def _list(report, rows, goes_on):
    """The rows' codes as links, and behind each how it goes on."""
    said = {row.indicator_code: f"{row.indicator_code}{goes_on(row)}" for row in rows.itertuples()}
    items = [[cells.linked(report, each, [code])] for code, each in said.items()]
    return {"type": "list", "ordered": False, "items": items}


def _not_judged(report, rows):
    """Behind their number, a line for each reason why indicators are not judged: how many or which they are."""
    rows = rows[(rows["variation"] == "NOT_JUDGED") & (rows["not_judged_reason"] != "")]
    parts = {why: list(rows.loc[rows["not_judged_reason"] == why, "indicator_code"]) for why in words.WHY_NOT_JUDGED}
    said = [(f"{words.capitalised(words.WHY_NOT_JUDGED[why])} ({len(codes)})", _line(report, codes))
            for why, codes in parts.items() if codes]  # fmt: skip
    title = f"{words.counted(len(rows), 'indicator')} {'is' if len(rows) == 1 else 'are'} not judged, and why"
    return [blocks.details(title, blocks.facts(said), id="signals-not-judged", level=3)] if said else []


def _line(report, codes):
    if len(codes) > MOST_CODES:
        return blocks.cell(words.counted(len(codes), "indicator"))
    return blocks.cell(", ".join(codes), prose=[cells.linked(report, ", ".join(codes), codes)])


def _warnings(report, rows):
    warned = rows[rows["early_warning"] != ""]
    if warned.empty:
        return []
    listed = blocks.prose([_list(report, warned, lambda row: f" {cells.title_of(row)}: {_warning(row)}")])
    recovers = " and likely recoveries" * bool((warned["early_warning"] == "RECOVERY").any())
    return [blocks.heading(3, f"Early warnings{recovers}", "signals-warnings"), listed]


def story(report, rows, earlier) -> list:
    """What the signals say of the rows, for the cover: at most five sentences with links; of none judged only that.

    ``earlier`` is the scorecard of the report before, or None: what is new since is told with its reason by ``news``.
    """
    if rows.empty:
        return []
    told = [f"{words.lowered(judged_words(report, rows))}."]
    judged, before = rows[rows["variation"] != "NOT_JUDGED"], _before(earlier)
    for variation, one, several in (
        ("CONCERN", "is a {new}real concern", "are a real concern"),
        ("IMPROVEMENT", "has {new}really improved", "have really improved"),
    ):
        part = judged[judged["variation"] == variation]
        if len(part) == 1:
            (row,) = part.itertuples()
            new = earlier is not None and before.get(row.indicator_code) != variation
            verdict = one.format(new=("now " if variation == "IMPROVEMENT" else "new ") * new)
            told.append(f"{row.indicator_code} {verdict}{'' if new else f': {_why(report, row)}'}.")
        elif len(part):
            told.append(f"{_named(part)} {several}.")
    missed = (judged["variation"] == "USUAL") & (judged["assurance"] == "RELIABLY_MISSED")
    stuck = judged[missed & judged["rating"].isin(("AMBER", "RED"))]
    if len(stuck):
        misses, needs = ("misses its target", "it needs") if len(stuck) == 1 else ("miss their targets", "they need")
        told.append(f"{_named(stuck)} {misses} in every usual {_usual_periods(stuck)}: {needs} a change, not patience.")
    told += _last(rows, earlier) if len(judged) else []
    linked = cells.linked(report, " ".join(told), list(rows["indicator_code"]))
    lead = {"type": "strong", "children": [{"type": "text", "text": f"{_NAME}s: "}]}
    return [blocks.prose([linked | {"children": [lead, *linked["children"]]}])]


def _last(rows, earlier):
    """The newest early warning, or else the year end that is least certain."""
    known = rows["early_warning"] == rows["indicator_code"].map(_before(earlier, "early_warning"))
    warned = rows.assign(known=known)[rows["early_warning"] != ""].sort_values("known", kind="stable")
    if len(warned):
        row = next(warned.itertuples())
        return [f"{row.indicator_code}: {_warning(row)}"]
    undecided = rows[rows["forecast_chance"].between(0.05, 0.95) & rows["rating"].isin(("GREEN", "AMBER", "RED"))]
    if undecided.empty:
        return []
    row = next(undecided.loc[[(undecided["forecast_chance"] - 0.5).abs().idxmin()]].itertuples())
    month = words.month_words(row.latest_month).split()[0]
    usual = f" with a usual {month}" * (row.variation == "USUAL")
    said = words.lowered(signal_words.forecast_words(row))
    return [f"{row.indicator_code} is {words.RATINGS[row.rating].lower()} to date{usual}: {said}"]


def news(report, rows, earlier) -> list:
    """The concerns, improvements and warnings that the report before did not have, each with its reason."""
    if earlier is None:
        return []
    before, warned, found = _before(earlier), _before(earlier, "early_warning"), []
    for row in rows.itertuples():
        code = row.indicator_code
        if row.variation in ("CONCERN", "IMPROVEMENT") and before.get(code) != row.variation:
            found.append((code, f"{words.lowered(words.VARIATIONS[row.variation])}: {_why(report, row)}"))
        if row.early_warning and warned.get(code) != row.early_warning:
            found.append((code, words.lowered(signal_words.warning_words(row)).rstrip(".")))
    if not found:
        return []
    listed = [f"{code} ({said})" for code, said in found[:MOST_NAMED]]
    listed += [f"{len(found) - MOST_NAMED} more"] * (len(found) > MOST_NAMED)
    said = f"New since {words.month_words(report.month - 1)}: {'; '.join(listed)}."
    return [blocks.prose([cells.linked(report, said, [code for code, _ in found])])]


def _before(earlier, column="variation"):
    return {} if earlier is None else dict(zip(earlier["indicator_code"], earlier[column], strict=True))


def _named(rows):
    """The rows' codes as a sentence lists them, or how many they are."""
    codes, count = list(rows["indicator_code"]), words.capitalised(words.number_words(len(rows)))
    return words.joined(codes) if len(codes) <= MOST_NAMED else f"{count} indicators"


def _why(report, row):
    """What makes a signal one, without the verdict that follows it."""
    return signal_words.variation_words(row, report.points_of(row.indicator_code)).rpartition(": ")[0]


def _warning(row):
    return words.lowered(signal_words.warning_words(row).removeprefix("Early warning: "))
