"""Key: what every column heading and every symbol means, in words beside each."""

from mpr_lib import words
from mpr_lib.report import blocks
from mpr_lib.rules.rating import rule_of_each

_POINTS = {"%": "percentage points"}


def rating_words(settings, indicators) -> str:
    """How value and target make the expected outcome, by every rule in force and the default for the others.

    ``indicators`` needs indicator_code, unit, section, aim: a rule that is for none of them is not told.
    """
    rules = [each.rule() for each in settings.rating_rules]
    used = rule_of_each(indicators, rules)
    in_force = [place for place in range(len(rules)) if (used == place).any()]
    if not in_force:
        return f"{_DEFAULT.format(share=_share(settings.default_tolerance))}."
    told = []
    for place in in_force:
        units = sorted(set(indicators.loc[used == place, "unit"]))
        told.append(f"{_of_which(rules[place], bool(told))}, {_told(rules[place], settings, units)}.")
    if (used == -1).any():
        told.append(f"For the other indicators, {_DEFAULT.format(share=_share(settings.default_tolerance))}.")
    return " ".join(told)


_DEFAULT = (
    "on target or better is on course, up to the tolerance (a share of the target, {share} unless the indicator has "
    "its own) on the wrong side is some slippage, beyond it is at risk"
)


def _told(rule, settings, units):
    return "; ".join(filter(None, [_green(rule, units), _amber(rule, settings, units), _red(rule)]))


def _green(rule, units):
    within = f"within {_reach(rule.green_tolerance, rule, units)} of it" if rule.green_tolerance else ""
    if rule.on_target == "better":
        return f"on target or better{f', or {within},' if within else ''} is on course"
    if within:
        return f"less than {_reach(rule.green_tolerance, rule, units)} off target, or better, is on course"
    return "better than target is on course, and on target is not"


def _amber(rule, settings, units):
    tolerance = settings.default_tolerance if rule.tolerance is None else rule.tolerance
    if tolerance <= rule.green_tolerance:
        return ""
    edge = "up to" if rule.on_limit == "better" else "less than"
    return f"{edge} {_reach(tolerance, rule, units)} off target, or the indicator's own tolerance, is some slippage"


def _red(rule):
    if rule.beyond == "red":
        return "anything else is at risk"
    return (
        "anything else is some slippage where it is as good as a year before or better, and at risk where it is worse "
        "or cannot be compared"
    )


def _share(number):
    return f"{number * 100:g}%"


def _reach(tolerance, rule, units):
    if rule.tolerance_in == "share":
        return _share(tolerance)
    of = _POINTS.get(units[0], units[0]) if len(units) == 1 else "of the indicator's unit"
    return f"{tolerance:g} {of}"


def _of_which(rule, another):
    parts = [words.joined(list(rule.indicator_codes))] if rule.indicator_codes else []
    parts += [f"in {words.joined(list(rule.units))}"] if rule.units else []
    parts += [f"of the section {words.joined(list(rule.sections))}"] if rule.sections else []
    parts += [f"under {words.joined(list(rule.aims))}"] if rule.aims else []
    which = f"indicators {', '.join(parts)}" if parts else f"{'the other' if another else 'all'} indicators"
    return f"{rule.name}, for {which}" if rule.name else f"For {which}"


def key(report) -> list:
    """The columns, the expected outcomes, the directions and the abbreviations."""
    return [
        _columns(report),
        _symbols("key-outcomes", "Expected outcome: symbols and what they mean", "outcome", _outcomes(report)),
        _symbols(
            "key-directions", "Better or worse than last year: symbols and what they mean", "direction", _DIRECTIONS
        ),
        *_marks(report),
        *_abbreviations(report),
    ]


def _columns(report):
    year = report.settings.years.label(report.year)
    meanings = [
        (
            "Minimise or Maximise",
            "Whether a higher or a lower number is better. Aim to minimise: lower is better. Aim to maximise: "
            "higher is better. Goldilocks: inside a range, or at a point, is best." + _outside(report),
        ),
        ("Latest Month", "The latest month for which a figure is available, never after the month of the report."),
        ("Month's Value", "Performance to date for the latest month, as received."),
        ("Month's Target", "Target to date for the latest month."),
        (f"Annual Target {year}", f"Target for the whole of {year}."),
        (
            "Expected Outcome",
            "Whether the indicator is expected to achieve its annual target. It follows from the value and the month's "
            f"target: {rating_words(report.settings, report.book.indicators)} Where an officer judged otherwise, the "
            "row says so, with the reason.",
        ),
        (
            "Comment",
            "Why performance is as it is, what is done to bring it back on track, and what to expect.",
        ),
        (
            "Better or worse than last year",
            "Whether the latest month's performance is better or worse than in the same month of the year before.",
        ),
        ("Trend", "The figures of this financial year and the last, with the target as a dashed line."),
    ]
    rows = [blocks.row({"heading": blocks.cell(name), "meaning": blocks.cell(said)}) for name, said in meanings]
    columns = [blocks.column("heading", "Column heading"), blocks.column("meaning", "Description")]
    return blocks.table("key-columns", "Key to columns", columns, rows, "narrow")


def _outside(report):
    stays = (report.scorecard["polarity"] == "OUTSIDE").any()
    return " Aim to stay outside: outside a range is best." if stays else ""


def _outcomes(report):
    year_end = words.month_words(report.settings.years.months(report.year)[-1])
    said = {
        "AT_RISK": "At risk of missing the annual target.",
        "SOME_SLIPPAGE": f"Some slippage against target, but still expected to meet it by the end of {year_end}.",
        "ON_COURSE": "On course to achieve the annual target.",
        "NO_VALUE": "No figure is available for this month or the three months before it.",
        "NO_TARGET": "Shown for information: there is no target to compare with.",
    }
    age = report.settings.latest_month_age
    if age != 3:
        said["NO_VALUE"] = f"No figure is available for this month or the {words.counted(age, 'month')} before it."
    names = report.settings.outcomes.names(words.OUTCOMES)
    return [(blocks.cell(names[outcome], outcome=outcome), meaning) for outcome, meaning in said.items()]


_DIRECTIONS = [
    (blocks.cell(words.DIRECTIONS[direction], direction=direction), meaning)
    for direction, meaning in (
        ("BETTER", "The latest month's performance is better than in the same month last year."),
        ("SAME", "The latest month's performance is the same as in the same month last year."),
        ("WORSE", "The latest month's performance is worse than in the same month last year."),
        ("NOT_AVAILABLE", "There is no figure for this year or last year, or what is counted has changed in between."),
    )
]


def _symbols(id, caption, kind, meanings):
    columns = [blocks.column("symbol", "Symbol", kind), blocks.column("meaning", "Meaning")]
    rows = [blocks.row({"symbol": symbol, "meaning": blocks.cell(said)}) for symbol, said in meanings]
    return blocks.table(id, caption, columns, rows, "narrow")


def _marks(report):
    """What [r] and [p] mean, in a report that shows them."""
    shown = [(blocks.cell(f"[{mark}]"), said) for mark, (flag, said) in _MARKS.items() if report.history[flag].any()]
    return [_symbols("key-marks", "Marks beside figures", "text", shown)] if shown else []


_MARKS = {
    "r": (
        "is_revised",
        "Revised: a later return changed this figure, so it differs from the one that was published first.",
    ),
    "p": ("is_provisional", "Provisional: whoever publishes this figure may still change it."),
}


def _abbreviations(report):
    if report.abbreviations.empty:
        return []
    columns = [blocks.column("abbreviation", "Abbreviation"), blocks.column("meaning", "Meaning")]
    rows = [
        blocks.row({"abbreviation": blocks.cell(row.abbreviation), "meaning": blocks.cell(row.meaning)})
        for row in report.abbreviations.itertuples()
    ]
    return [blocks.table("key-abbreviations", "Abbreviations", columns, rows, "narrow")]
