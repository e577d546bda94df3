"""Key: what every column heading and every symbol means, in words beside each."""

from mpr_lib import words
from mpr_lib.book.tables import used_abbreviations
from mpr_lib.columns import KEY, SHOWN
from mpr_lib.report import blocks
from mpr_lib.report.sections.cells import annual_years, variation_cell
from mpr_lib.rules.rating import rule_of_each


def rating_words(settings, indicators) -> str:
    """How value and target make the expected outcome, by every rule in force and the default for the others.

    ``indicators`` needs indicator_code, unit, section, aim: a rule that is for none of them is not told.
    """
    rules = settings.rating_rules
    used = rule_of_each(indicators, rules)
    usual = words.RATING_RULE["usual"].format(share=_share(settings.default_tolerance))
    told: list[str] = []
    for place in sorted(set(used) - {-1}):
        units = sorted(set(indicators.loc[used == place, "unit"]))
        told.append(f"{_of_which(rules[place], bool(told))}, {_told(rules[place], settings, units)}.")
    if told and (used == -1).any():
        told.append(f"For the other indicators, {usual}.")
    return " ".join(told) or f"{usual}."


def _told(rule, settings, units):
    greens = {(True, False): "better", (True, True): "better_or_within", (False, True): "within"}
    green = greens.get((rule.on_target == "better", bool(rule.green_tolerance)), "beyond")
    told = [words.RATING_RULE[green].format(reach=_reach(rule.green_tolerance, rule, units))]
    tolerance = settings.default_tolerance if rule.tolerance is None else rule.tolerance
    if tolerance > rule.green_tolerance:
        edge = "up to" if rule.on_limit == "better" else "less than"
        told.append(words.RATING_RULE["amber"].format(edge=edge, reach=_reach(tolerance, rule, units)))
    return "; ".join([*told, words.RATING_RULE[rule.beyond]])


def _share(number):
    return f"{number * 100:g}%"


def _reach(tolerance, rule, units):
    if rule.tolerance_in == "share":
        return _share(tolerance)
    unit = units[0] if len(units) == 1 else "of the indicator's unit"
    return f"{tolerance:g} {'percentage points' if unit == '%' else unit}"


def _of_which(rule, another):
    named = {"": rule.indicator_codes, "in ": rule.units, "of the section ": rule.sections, "under ": rule.aims}
    parts = [f"{before}{words.joined(list(names))}" for before, names in named.items() if names]
    which = f"indicators {', '.join(parts)}" if parts else f"{'the other' if another else 'all'} indicators"
    return f"{rule.name}, for {which}" if rule.name else f"For {which}"


def key(report) -> list:
    """The columns, the expected outcomes, the directions, the marks and the abbreviations."""
    filled, names = _filled(report), report.settings.outcomes.names(words.OUTCOMES)
    columns = [(SHOWN[key].heading.format(**filled).strip(), SHOWN[key].meaning.format(**filled)) for key in KEY]
    outcomes = _signs("outcome", names, words.OUTCOME_MEANINGS, filled)
    directions = _signs("direction", words.DIRECTIONS, words.DIRECTION_MEANINGS, filled)
    signals = [(variation_cell(code), said) for code, said in words.VARIATION_MEANINGS.items()]
    signals += [(words.ASSURANCES[code], said) for code, said in words.ASSURANCE_MEANINGS.items()]
    signals += [(words.USUAL_LIMITS, words.USUAL_LIMITS_MEANING)]
    signals *= bool((report.scorecard["variation"] != "NOT_JUDGED").any())
    marks = [(mark, said) for flag, (mark, said) in words.MARKS.items() if report.history[flag].any()]
    said = " ".join([*report.scorecard["short_name"], *report.scorecard["commentary"]])
    short = used_abbreviations(report.book.abbreviations, said)[["abbreviation", "meaning"]].itertuples(index=False)
    what = "symbols and what they mean"
    tables = [
        ("columns", "Key to columns", {"heading": "Column heading", "meaning": "Description"}, columns),
        ("outcomes", f"Expected outcome: {what}", _symbols("outcome"), outcomes),
        ("directions", f"{SHOWN['direction'].heading.format(**filled)}: {what}", _symbols("direction"), directions),
        ("signals", f"Signals: {what}", _symbols("variation"), signals),
        ("marks", "Marks beside figures", _symbols("text"), marks),
        ("abbreviations", "Abbreviations", {"abbreviation": "Abbreviation", "meaning": "Meaning"}, short),
    ]
    made = [blocks.plain_table(f"key-{name}", *content) for name, *content in tables]
    return [table for table in made if table["rows"]]


def legend(rows, names: dict[str, str], than: str):
    """The signs that a table of these rows shows, in one line beside it; ``names`` are those of the outcomes."""
    outcomes = [code for code in names if code in set(rows["expected_outcome"])]
    compared = [code for code in ("BETTER", "SAME", "WORSE") if code in set(rows["direction"])]
    items = [{"text": names[code], "outcome": code} for code in outcomes]
    items += [{"text": f"{words.DIRECTIONS[code]}{than and than.replace('than', words.THAN[code])}", "direction": code}
              for code in compared]  # fmt: skip
    bar = "bar: how far off target, against what is allowed"
    judged = "judged: by an officer's judgement, not by the figure"
    items += [{"text": bar}] * bool((rows["variance"] < 0).any())
    return blocks.legend(items + [{"text": judged}] * bool(rows["judged"].any()))


def _signs(kind, names, meanings, filled):
    return [(blocks.cell(names[code], **{kind: code}), said.format(**filled)) for code, said in meanings.items()]


def _symbols(kind):
    return {"symbol": ("Symbol", kind), "meaning": "Meaning"}


def _filled(report):
    """What the meanings of columns and outcomes leave open."""
    settings, age = report.settings, report.settings.latest_month_age
    polarities, year_end = set(report.scorecard["polarity"]), settings.years.months(report.year)[-1]
    more = [
        f" {words.POLARITIES[code]}: {said}." for code, said in words.OTHER_POLARITIES.items() if code in polarities
    ]
    slipping = report.scorecard[report.scorecard["expected_outcome"] == "SOME_SLIPPAGE"]
    ends = {settings.years.of(month) for month in slipping["latest_month"].dropna()} - {report.year}
    by_then = f", but still expected to meet it by the end of {'its year' if ends else words.month_words(year_end)}"
    return {
        **words.direction_words(report.scorecard),
        "year": years[0] if len(years := annual_years(report, report.scorecard)) == 1 else "",
        "others": "".join(more),
        "neither": ", or neither way is better" if "NONE" in polarities else "",
        "rated": rating_words(settings, report.book.indicators),
        "year_end": by_then if report.month < year_end else ", at the end of the year",
        "months": "three months" if age == 3 else words.counted(age, "month"),
    }
