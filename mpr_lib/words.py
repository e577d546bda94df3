"""Words: what the report calls things, for people. The tables of words.yml, and the sentences that are made of them."""

import re
from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from mpr_lib.files import packaged
from mpr_lib.rules.months import month_label
from mpr_lib.rules.outcome import EXCEPTIONS, JUDGED, by_judgement
from mpr_lib.rules.values import figure_text, format_number, money_scale, printed

_TABLES: dict[str, dict[str, str]] = packaged("words.yml")


def __getattr__(name: str) -> dict[str, str]:
    """A table of words.yml by its name, such as ``words.VARIATIONS``; the sentences below are made of those here."""
    if name not in _TABLES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _TABLES[name]


OUTCOMES = _TABLES["OUTCOMES"]
OUTCOMES_SHORT = OUTCOMES | _TABLES["OUTCOMES_SHORT"]
IN_SENTENCES = _TABLES["IN_SENTENCES"]
EXCEPTIONAL = IN_SENTENCES | _TABLES["EXCEPTIONAL"]
RATINGS = _TABLES["RATINGS"]
UNAPPROVED = _TABLES["UNAPPROVED"]
BASES = _TABLES["BASES"]
NO_VALUE = _TABLES["NO_VALUE"]
_BEFORE = _TABLES["BEFORE"]
_THOUGH = _TABLES["THOUGH"]
WHY_NO_FORECAST = {code: said or _TABLES["WHY_NOT_JUDGED"][code] for code, said in _TABLES["WHY_NO_FORECAST"].items()}
USUAL_LIMITS, USUAL_LIMITS_MEANING = _TABLES["USUAL_LIMITS"].values()

WORRYING = "at risk or slipping"
"""What is said of the exceptions: AT_RISK and SOME_SLIPPAGE."""

UNRATED = "Not rated"
"""What the rating of a figure with a target is called where neither way is better."""
NO_DIRECTION = "–"
"""Better or worse, where neither way is better."""

LAST_YEAR = "a year before"


def before_words(row) -> str:
    """What the direction of a row compares with: 'a year before', 'the month before'. Needs compare_with, frequency."""
    return LAST_YEAR if row.compare_with != "PREVIOUS" else _BEFORE.get(row.frequency, "the month before")


def by_months_alone(row) -> bool:
    """Whether a direction compares what months added and not the figures to date. Needs compare_with, charted."""
    return row.compare_with == "PREVIOUS" and row.charted == "MONTHS_OWN"


def direction_heading(rows: pd.DataFrame) -> str:
    """What the rows' directions compare with, as a heading goes on: ' than last year'; empty where that differs."""
    found = {before_words(row) for row in rows[["compare_with", "frequency"]].itertuples()} or {LAST_YEAR}
    return f" than {found.pop()}".replace(LAST_YEAR, "last year") if len(found) == 1 else ""


def direction_words(rows: pd.DataFrame) -> dict[str, str]:
    """What the key says that the rows' directions compare with: then, compared, both; and of rows without any: dash."""
    dash = f" {NO_DIRECTION}: neither way is better." if (rows["polarity"] == "NONE").any() else ""
    than = direction_heading(rows)
    if than == " than last year":
        said = ("in the same month last year", "in the same month of the year before", "for this year or last year")
    else:
        then = than.removeprefix(" than ") or "what it is compared with"
        said = (then, then if than else f"{then}: the same month last year or the period before", f"now or for {then}")
    return {**dict(zip(("then", "compared", "both"), said, strict=True)), "dash": dash, "than": than}


MARKS = {flag: (mark, _TABLES["MARK_MEANINGS"][flag]) for flag, mark in _TABLES["MARKS"].items()}
"""What stands beside a figure, and what it means, by the column that says so."""

NO_FIGURE, PROXY = "No figure", "proxy"
NOT_STATED = "Not stated"
NO_COMMENT = "No comment was supplied."


_NO_ACTION = "|".join(_TABLES["NO_ACTIONS"])
_NO_ACTIONS = re.compile(rf"\W*(?:{_NO_ACTION})(?:\W+(?:and |but )?(?:{_NO_ACTION}))*\W*", re.IGNORECASE)


def names_no_action(text: str) -> bool:
    """Whether what is marked as an action is an empty phrase, or several.

    >>> names_no_action("Keep going."), names_no_action("Ongoing; as above"), names_no_action("None planned.")
    (True, True, False)
    """
    return bool(_NO_ACTIONS.fullmatch(text))


def comment_words(row) -> str:
    """A scorecard row's comment, in Markdown, with what a reader must know before it: that it is not approved."""
    return f"**{UNAPPROVED[row.comment_mark]}**\n\n{row.commentary}" if row.comment_mark else row.commentary


def worded(scorecard: pd.DataFrame, looks) -> pd.DataFrame:
    """Add to the scorecard outcome_label and outcome_short, the council's own words for each outcome, and judged."""
    outcome = scorecard["expected_outcome"]
    names, shorts = looks.names(OUTCOMES), looks.names(OUTCOMES_SHORT, short=True)
    return scorecard.assign(
        outcome_label=outcome.map(names), outcome_short=outcome.map(shorts), judged=by_judgement(scorecard)
    )


def judged_words(rows: pd.DataFrame) -> str:
    """How many of the rows of one outcome stand by judgement: "2 more by officers' judgement though below target".

    "More" than those that the figures give. Empty where none does. Needs rating, expected_outcome, and where the
    scorecard has them value, target_low and target_high.
    """
    judged = rows[by_judgement(rows)]
    if judged.empty:
        return ""
    count = f"{len(judged)} more " if len(judged) < len(rows) else "all " * (len(rows) > 1)
    though = joined([each for each in dict.fromkeys(map(_though, judged.itertuples())) if each], "or")
    return f"{count}by officers' judgement" + f" though {though}" * bool(though)


def counts_words(rows: pd.DataFrame, noun: str = "indicator") -> str:
    """How many of the rows have which outcome, in the report's order: '6 indicators: 2 slipping and 4 on course'.

    Needs expected_outcome, outcome_short, and what ``judged_words`` needs.
    """
    parts = [rows[rows["expected_outcome"] == outcome] for outcome in OUTCOMES]
    said = []
    for part in (part for part in parts if len(part)):
        by_figures, judged = len(part) - int(by_judgement(part).sum()), judged_words(part)
        how = f" ({f'{by_figures}, ' * bool(by_figures)}{judged})" if judged else ""
        short, outcome = part[["outcome_short", "expected_outcome"]].iloc[0]
        named = IN_SENTENCES[outcome] if short == OUTCOMES_SHORT[outcome] else lowered(short)
        said.append(f"{len(part)} {named}{how}")
    return f"{counted(len(rows), noun)}: {joined(said)}"


def _though(row):
    """What of a row's rating speaks against its judged outcome; nothing where both are on one side of the target."""
    if row.rating not in ("AMBER", "RED"):
        return _THOUGH[row.rating]
    if row.expected_outcome != "ON_COURSE":
        return ""
    return f"{side_of_target(row) or 'off'} target"


def worrying_words(looks) -> tuple[str, str]:
    """What is said of indicators that have become exceptions, and of those that are: names of one's own don't bend."""
    if {"AT_RISK", "SOME_SLIPPAGE"} & set(looks.given):
        return "New exceptions", "exceptions"
    return f"Newly {WORRYING}", WORRYING


def none_words(rows: pd.DataFrame, looks=None) -> str:
    """That none of the indicators is an exception, which is claimed of those alone that are rated or judged.

    ``rows`` need expected_outcome; ``looks`` are the council's names for outcomes.
    """
    known, every = int(rows["expected_outcome"].isin(JUDGED).sum()), counted(len(rows), "indicator")
    if not known:
        return f"None of the {every} is rated" if len(rows) else "There are no indicators"
    worrying = WORRYING if looks is None else worrying_words(looks)[1].replace("exceptions", "an exception")
    if known == len(rows):
        return f"None of the {every} is {worrying}"
    rated = (
        "The one indicator that is rated is not" if known == 1 else f"None of the {known} indicators that are rated is"
    )
    return f"{rated} {worrying}"


def headline(rows: pd.DataFrame, looks=None) -> str:
    """The month in one sentence: '10 of 31 indicators are at risk of missing target and 2 are slipping'.

    ``rows`` need expected_outcome. Under a council's own names, which no sentence can bend, they are only counted.
    """
    tally, total = rows["expected_outcome"].value_counts(), counted(len(rows), "indicator")
    worrying = [code for code in EXCEPTIONS if code in tally]
    if not worrying:
        return none_words(rows, looks)
    if looks and looks.given:
        names = looks.names(OUTCOMES_SHORT, short=True)
        return f"{total}: {joined([f'{tally[code]} {names[code]}' for code in worrying])}"
    parts = [f"{tally[code]}{f' of {total}' * (code == worrying[0])} {_is(tally[code])} {EXCEPTIONAL[code]}"
             for code in worrying]  # fmt: skip
    return joined(parts)


def behind_headline(rows: pd.DataFrame, looks=None) -> list[tuple[str, list[str], str]]:
    """What a headline leaves out, so that nothing hides: sentences, each with the codes it counts and how it goes on.

    How many are on course or for information, how many of each outcome stand by judgement, with the codes of these,
    and how many figures are for an earlier month or missing. ``rows`` need indicator_code, and what ``judged_words``
    and ``dated_words`` need.
    """
    own, told = bool(looks and looks.given), []
    names = looks.names(OUTCOMES_SHORT, short=True) if own else IN_SENTENCES
    for outcome in ("ON_COURSE", "NO_TARGET", *EXCEPTIONS):
        part = rows[rows["expected_outcome"] == outcome]
        said, judged = judged_words(part), part.loc[by_judgement(part), "indicator_code"].tolist()
        if part.empty or (outcome in EXCEPTIONS and not said):
            continue
        figures, rest = len(part) - len(judged), f": {len(part)} {names[outcome]} in all"
        start = f"{figures or len(part)} {names[outcome]}" + ", without a target" * (
            outcome == "NO_TARGET" and not own and "NONE" not in set(rows.get("polarity", []))
        )
        goes_on = rest if said and figures and outcome not in EXCEPTIONS else ""
        told.append((f"{start}, {said}" if said else start, judged, goes_on))
    dated = dated_words(rows)
    return told + ([(dated, [], "")] if dated else [])


def dated_words(rows: pd.DataFrame) -> str:
    """How many figures are not the month's own: '5 figures are for April and 1 is missing'; empty where all are.

    One that is said not to apply, or not to be due, is not missing. ``rows`` are a scorecard's, of a report or as
    published: value, latest_month, reporting_month, no_value_reason.
    """
    missing = rows["value"].isna() | (rows["value"].astype(str) == "")
    older = rows[~missing & (rows["latest_month"].astype(str) < rows["reporting_month"].astype(str))]
    months = older["latest_month"].astype(str).value_counts().sort_index(ascending=False)
    parts = [f"{count} {_is(count)} for {month_beside(month, rows['reporting_month'].iloc[0])}"
             for month, count in months.items()]  # fmt: skip
    if len(parts) > MOST_MONTHS:
        parts = [f"{len(older)} are for earlier months"]
    why = rows["no_value_reason"][missing].map(_TABLES["SETTLED"]).fillna("missing").value_counts().sort_index()
    parts += [f"{count} {_is(count)} {said}" for said, count in why.items()]
    count, _, said = joined(parts).partition(" ")
    return f"{counted(int(count), 'figure')} {said}" if parts else ""


MOST_MONTHS = 2
"""So many earlier months a sentence names."""


def lead_sentence(rows: pd.DataFrame, looks=None) -> str:
    """The month in a few sentences, where there is no page around them: the headline and what it leaves out."""
    told = (f"{said}{more}" for said, _, more in behind_headline(rows, looks))
    return " ".join(f"{said}." for said in (headline(rows, looks), *told))


def _is(count):
    return "is" if count == 1 else "are"


def lowered(name: str) -> str:
    """A name inside a sentence; abbreviations keep their capitals.

    >>> lowered("Off track"), lowered("RAG red")
    ('off track', 'RAG red')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def capitalised(text: str) -> str:
    """A text as a sentence begins with it; abbreviations keep their capitals.

    >>> capitalised("two RAG reds")
    'Two RAG reds'
    """
    return text[:1].upper() + text[1:]


def basis_words(basis: str, frequency: str = "MONTHLY") -> str:
    """The basis as printed in brackets; a word that is not known is shown as it is.

    >>> basis_words("SNAPSHOT"), basis_words("SNAPSHOT", "YEARLY")
    ('Monthly snapshot', 'Yearly snapshot')
    """
    if basis == "SNAPSHOT" and frequency in _BEFORE:
        return f"{frequency.capitalize().replace('_', '-')} snapshot"
    return BASES.get(basis, basis.replace("_", " ").capitalize())


def period(frequency: str) -> str:
    """What a figure of that frequency is about: a month, a quarter or a year."""
    return {"QUARTERLY": "quarter", "YEARLY": "year", "TWO_YEARLY": "year"}.get(frequency, "month")


def marked_text(said: str, row) -> str:
    """A figure's text with [r] where it was revised and [p] where it is provisional: '58% [p]'."""
    return " ".join([said, *(mark for flag, (mark, _) in MARKS.items() if getattr(row, flag))])


def value_words(value_text: str, no_value_reason: str, unit: str = "") -> str:
    """What a value's cell says: the text as received, or why there is none.

    >>> value_words("TBC", "AWAITED"), value_words("", "NOT_DUE"), value_words("-", "NOT_SUPPLIED")
    ('TBC', 'Not due', 'Not supplied')
    """
    if value_text not in ("", "-"):
        return printed(value_text, unit)
    return NO_VALUE.get(no_value_reason, "Not supplied")


def counted(count: int, singular: str, plural: str = "") -> str:
    """A count with its noun.

    >>> counted(1, "indicator"), counted(12, "indicator")
    ('1 indicator', '12 indicators')
    """
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number_words(count: int) -> str:
    """A count inside a sentence, in words up to twelve.

    >>> number_words(5), number_words(1139)
    ('five', '1,139')
    """
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Parts as a sentence lists them.

    >>> joined(["a", "b", "c"]), joined(["LOW", "HIGH"], "or"), joined([])
    ('a, b and c', 'LOW or HIGH', '')
    """
    return f" {last} ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def side_of_target(row) -> str:
    """On which side of its target a value lies, 'above' or 'below'; empty of one that is on it or in its range.

    ``row`` needs value, target_low, target_high.
    """
    value, low, high = float(row.value), float(row.target_low), float(row.target_high)
    return "below" if value < low else "above" if value > high else ""


def distance_words(row) -> str:
    """How far a value lies from target, in the indicator's own unit: '51.8 percentage points below target'.

    ``row`` needs value, target_low, target_high, variance, unit.
    """
    if pd.isna(row.variance):
        return "not comparable with a target"
    if row.value == row.target_low == row.target_high:
        return "exactly on target"
    off = max(row.target_low - row.value, row.value - row.target_high)
    if off <= 0:
        return "inside the target range"
    return f"{with_unit(figure_words(off, row.unit), row.unit, points=True)} {side_of_target(row)} target"


def rated_by(row) -> str:
    """How a value stands, and where amber ends, by which it is rated. ``row`` needs amber_low and amber_high too."""
    ends = (figure_words(end, row.unit) for end in (row.amber_low, row.amber_high) if not pd.isna(end))
    return distance_words(row) + f", where amber ends at {joined(list(ends))}".removesuffix(", where amber ends at ")


def change_words(row, looks=None) -> str:
    """What a row of ``rules.outcome.changes`` says of an exception since the report before: 'new', 'was slipping'.

    Empty of one that is what it was.
    """
    if row.change == "other":
        own = looks and looks.given.get(row.outcome_before)
        return f"was {lowered(own.short or own.name) if own and own.name else IN_SENTENCES[row.outcome_before]}"
    return "new" if row.change == "newly" else ""


def run_words(count: int, period: str, whole: bool) -> str:
    """How long figures have been off target: '13th month'; or at least how long, where no older ones are known.

    >>> run_words(13, "month", False), run_words(2, "quarter", True), run_words(0, "month", False)
    ('13th month', '2+ quarters', '')
    """
    if not count or whole:
        return f"{count}+ {period}s" if count > 1 else ""
    return f"{ordinal(count)} {period}"


def ordinal(count: int) -> str:
    """A place in an order.

    >>> ordinal(1), ordinal(11), ordinal(22)
    ('1st', '11th', '22nd')
    """
    end = {1: "st", 2: "nd", 3: "rd"}.get(count % 10 if count % 100 not in (11, 12, 13) else 0, "th")
    return f"{count:,}{end}"


def short_distance_words(row) -> str:
    """The same where value and target stand beside it: '51.8 points below', '0.09 above'; 'On target' of the rest.

    ``row`` needs value, target_low, target_high, variance, unit.
    """
    if pd.isna(row.variance):
        return NO_FIGURE if pd.isna(row.value) else RATINGS["NO_TARGET"]
    if row.variance >= 0:
        return "On target"
    off = gap_words(abs(row.variance), row.unit).replace("percentage ", "")
    return f"{off} {side_of_target(row) or 'inside'}"


def gap_words(gap: float, unit: str) -> str:
    """A distance; only percentages and money need their unit again. Rounding undoes what binary numbers add."""
    return with_unit(figure_words(gap, unit), "%" if unit == "%" else "", points=True)


def with_unit(number: str, unit: str, points: bool = False) -> str:
    """A number followed by its unit as a sentence says it.

    >>> with_unit("1.19", "days"), with_unit("5.1", "%", points=True), with_unit("366", "number"), with_unit("83%", "%")
    ('1.19 days', '5.1 percentage points', '366', '83%')
    >>> with_unit("£2.0 million", "£"), with_unit("£1.20", "£ per head"), with_unit("8.9", "£m")
    ('£2.0 million', '£1.20 per head', '£8.9 million')
    >>> with_unit("6.9", "score out of 10"), with_unit("0.1", "score out of 10", points=True), with_unit("6", "scores")
    ('6.9 out of 10', '0.1 points', '6 scores')
    """
    word, _, rest = unit.partition(" ")
    unit = ("points" if points else rest) if word == "score" else unit
    if unit == "%":
        number = number.removesuffix("%")
        return f"{number} percentage point{'' if number == '1' else 's'}" if points else f"{number}%"
    if money_scale(unit):
        return printed(number, unit)
    if number[:1] in ("£", "€", "$") and number[:1] == unit[:1]:
        return f"{number}{unit[1:]}"
    return number if unit in ("", "number") or number.endswith("%") else f"{number} {unit}"


def unit_label(unit: str) -> str:
    """A unit as a chart's axis names it.

    >>> unit_label("%"), unit_label("per 10,000"), unit_label("")
    ('Per cent', 'Per 10,000', 'Number')
    """
    return {"%": "Per cent", "": "Number"}.get(unit, capitalised(unit))


def month_words(month) -> str:
    """A month for people, or 'no month'."""
    return "no month" if pd.isna(month) else month_label(month)


def when(basis: str, month) -> str:
    """When a figure is of, by its basis: in its month, or in all that it covers up to that.

    >>> when("SNAPSHOT", pd.Period("2018-05")), when("CUMULATIVE", pd.Period("2018-05"))
    ('in May 2018', 'to the end of May 2018')
    """
    return _TABLES["WHEN"].get(basis, "in {month}").format(month=month_words(month))


def month_beside(month, other) -> str:
    """A month for people beside another: without its year where that is the other's too.

    >>> month_beside("2018-04", "2018-05"), month_beside("2017-12", "2018-05")
    ('April', 'December 2017')
    """
    month, other = (pd.Period(str(each), freq="M") for each in (month, other))
    return month_label(month).split()[0] if month.year == other.year else month_label(month)


def months_text(months) -> str:
    """A run of months in words; several runs are joined.

    >>> months_text(pd.PeriodIndex(["2018-04", "2018-06", "2018-07", "2018-08"], freq="M"))
    'April 2018, June to August 2018'
    """
    runs: list[list] = []
    for month in sorted(months):
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(_run_text(run[0], run[-1]) for run in runs)


def _run_text(first, last):
    if first == last:
        return month_label(first)
    start = month_label(first)
    return f"{start.split()[0] if first.year == last.year else start} to {month_label(last)}"


def day_words(day) -> str:
    """A date, or a text that is an ISO date, for people; other texts as they are.

    >>> day_words("2018-06-21"), day_words("in June")
    ('21 June 2018', 'in June')
    """
    if isinstance(day, str):
        try:
            day = datetime.fromisoformat(day)
        except ValueError:
            return day
    return f"{day.day} {month_label(pd.Period(day, freq='M'))}"


def version_number(version: str) -> str:
    """A version without its letter, for behind the word: 'Version 1.0'.

    >>> version_number("V1.0"), version_number("2")
    ('1.0', '2')
    """
    return version.strip().lstrip("vV")


def signed(role: str, day: str, *more: str) -> str:
    """Who stands for words and since when, as far as it is known.

    >>> signed("Head of HR", "2018-06-21"), signed("", "", "draft")
    ('Head of HR, 21 June 2018', 'draft')
    """
    return ", ".join(filter(None, (role, day_words(day), *more)))


def figure_words(number: float, unit: str = "") -> str:
    """A number of the data as a sentence gives it, with no more decimals than a received figure is printed with.

    >>> figure_words(1.11, "days"), figure_words(63.4, "%")
    ('1.11', '63.4%')
    """
    return printed(format_number(number, None, unit), unit)


def as_printed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its texts of figures and targets as they are printed (``printed``).

    value_text has lost the marks that is_provisional says already: the report prints [p] for all.
    """
    said = frame["value_text"]
    said = said.mask(frame["is_provisional"], said.map(figure_text))
    texts = {"value_text": said, **{name: frame[name] for name in ("target_text", "annual_target_text")}}
    made = {name: list(map(printed, column, frame["unit"])) for name, column in texts.items()}
    return frame.assign(**{name: pd.Series(said, frame.index, dtype="str") for name, said in made.items()})
