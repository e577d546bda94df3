"""Rating in words: the rules in force, as the key states them."""

from mpr_lib.report import words
from mpr_lib.rules.rating_rules import rule_of_each

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
