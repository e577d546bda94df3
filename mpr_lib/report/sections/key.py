"""Key: what every column heading and every symbol means, in words beside each."""

from mpr_lib import words
from mpr_lib.columns import KEY, SHOWN
from mpr_lib.report import blocks
from mpr_lib.rules.rating import rule_of_each

_POINTS = {"%": "percentage points"}


def rating_words(settings, indicators) -> str:
    """How value and target make the expected outcome, by every rule in force and the default for the others.

    ``indicators`` needs indicator_code, unit, section, aim: a rule that is for none of them is not told.
    """
    rules = settings.rating_rules
    used = rule_of_each(indicators, rules)
    in_force = [place for place in range(len(rules)) if (used == place).any()]
    usual = _part("usual", share=_share(settings.default_tolerance))
    if not in_force:
        return f"{usual}."
    told = []
    for place in in_force:
        units = sorted(set(indicators.loc[used == place, "unit"]))
        told.append(f"{_of_which(rules[place], bool(told))}, {_told(rules[place], settings, units)}.")
    if (used == -1).any():
        told.append(f"For the other indicators, {usual}.")
    return " ".join(told)


def _told(rule, settings, units):
    return "; ".join(filter(None, [_green(rule, units), _amber(rule, settings, units), _red(rule)]))


def _green(rule, units):
    better, within = rule.on_target == "better", bool(rule.green_tolerance)
    said = {(True, False): "better", (True, True): "better_or_within", (False, True): "within"}
    return _part(said.get((better, within), "beyond"), reach=_reach(rule.green_tolerance, rule, units))


def _amber(rule, settings, units):
    tolerance = settings.default_tolerance if rule.tolerance is None else rule.tolerance
    if tolerance <= rule.green_tolerance:
        return ""
    edge = "up to" if rule.on_limit == "better" else "less than"
    return _part("amber", edge=edge, reach=_reach(tolerance, rule, units))


def _red(rule):
    return _part(rule.beyond)


def _part(name, **filled):
    return words.RATING_RULE[name].format(**filled)


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
    """The columns, the expected outcomes, the directions, the marks and the abbreviations."""
    directions = [
        (blocks.cell(words.DIRECTIONS[code], direction=code), said) for code, said in words.DIRECTION_MEANINGS.items()
    ]
    marks = [(mark, said) for flag, (mark, said) in words.MARKS.items() if report.history[flag].any()]
    short = report.abbreviations[["abbreviation", "meaning"]].itertuples(index=False)
    heading = f"{SHOWN['direction'].heading}: symbols and what they mean"
    columns = {"heading": "Column heading", "meaning": "Description"}
    abbreviations = {"abbreviation": "Abbreviation", "meaning": "Meaning"}
    tables = [
        blocks.plain_table("key-columns", "Key to columns", columns, _columns(report)),
        _symbols("outcomes", "Expected outcome: symbols and what they mean", "outcome", _outcomes(report)),
        _symbols("directions", heading, "direction", directions),
        _symbols("marks", "Marks beside figures", "text", marks),
        blocks.plain_table("key-abbreviations", "Abbreviations", abbreviations, short),
    ]
    return [table for table in tables if table["rows"]]


def _symbols(name, caption, kind, pairs):
    return blocks.plain_table(
        f"key-{name}", caption, {"symbol": "Symbol", "meaning": "Meaning"}, pairs, {"symbol": kind}
    )


def _columns(report):
    stays = (report.scorecard["polarity"] == "OUTSIDE").any()
    filled = {
        "year": report.settings.years.label(report.year),
        "outside": f" {words.POLARITIES['OUTSIDE']}: outside a range is best." if stays else "",
        "rated": rating_words(report.settings, report.book.indicators),
    }
    return [(SHOWN[key].heading.format(**filled), SHOWN[key].meaning.format(**filled)) for key in KEY]


def _outcomes(report):
    age = report.settings.latest_month_age
    filled = {
        "year_end": words.month_words(report.settings.years.months(report.year)[-1]),
        "months": "three months" if age == 3 else words.counted(age, "month"),
    }
    names = report.settings.outcomes.names(words.OUTCOMES)
    meanings = words.OUTCOME_MEANINGS.items()
    return [(blocks.cell(names[code], outcome=code), said.format(**filled)) for code, said in meanings]
