"""Check tables of what was received: its cells, rows, words, months, ranges, units and settings."""

import difflib

import pandas as pd

from mpr_lib.book.tables import BASES, FREQUENCIES
from mpr_lib.checks.located import located, missing_if_empty, ordinal, stacked
from mpr_lib.checks.predicates import units_agree
from mpr_lib.checks.words import any_of, rows_text
from mpr_lib.rules.outcome import JUDGED
from mpr_lib.rules.rating import POLARITIES
from mpr_lib.rules.targets import PROFILES

_KINDS = {"number": "as a number", "month": "as a month", "date": "as a date"}


def cells(book) -> pd.DataFrame:
    """The cells that could not be read; problem says as what, expected what would do."""
    return located(book.problems, problem=book.problems["kind"].map(_KINDS).fillna("as one of its words"))


def codes(book) -> pd.DataFrame:
    """Every code in every file; problem words what is wrong with one that indicators.csv does not have."""
    frames = [book.indicators, book.targets, book.stated_targets, book.judgements, book.returns]
    parts = [(frame, {"column": "indicator_code"}) for frame in frames]
    parts.append((book.commentary, {"column": "", "month": book.month}))
    table = stacked([*parts, *((frame, {"column": column}) for column, frame in _codes_of_settings(book))])
    known = set(book.indicators["indicator_code"]) - {""}
    strange = {code: _strange(code, known) for code in table["indicator_code"].unique() if code not in known}
    return located(table, problem=table["indicator_code"].map(strange))


def _codes_of_settings(book):
    """The codes that params/report.yml names."""
    for column in ("rating_rules", "expectations"):
        named = [code for each in getattr(book.settings, column) for code in each.indicator_codes]
        yield column, pd.DataFrame({"indicator_code": named, "file": "params/report.yml"})


def _strange(code, known):
    if not code:
        return "there is no indicator code."
    near = difflib.get_close_matches(code, known, n=1)
    return f"'{code}' is no indicator's code." + (f" Did you mean '{near[0]}'?" if near else "")


def rows(book) -> pd.DataFrame:
    """Every row that a file may hold once: period numbers its month or year, all_rows names the rows that are alike."""
    parts = [
        (book.indicators, {"period": 0.0, "what": "the indicator"}),
        (book.targets, {"period": book.targets["financial_year"], "what": "the annual target"}),
        (book.stated_targets, {"period": ordinal(book.stated_targets["month"]), "what": "the stated target"}),
        (book.returns, {"period": ordinal(book.returns["month"]), "what": "the figure"}),
    ]
    table = stacked(parts)
    keys = ["file", "indicator_code", "period"]
    alike = table[table.duplicated(keys, keep=False)]
    all_rows = pd.Series("", table.index, dtype=object)
    if len(alike):
        all_rows.update(alike.groupby(keys, dropna=False)["row"].transform(rows_text))
    code = missing_if_empty(table["indicator_code"])
    return located(table, code=code, all_rows=all_rows)


def allowed_words(book) -> dict:
    """The words that each column may hold, those that the settings name included."""
    settings = book.settings
    themes = [theme for section in settings.sections for theme in section.themes]
    return {
        "polarity": POLARITIES,
        "basis": BASES,
        "frequency": FREQUENCIES,
        "section": [section.code for section in settings.sections],
        "aim": [aim.name for aim in settings.aims] + themes,
        "profile": PROFILES,
        "expected_outcome": JUDGED,
    }


def words(book) -> pd.DataFrame:
    """Every cell that holds a word from a fixed set: choice is its column and the word, expected the set in words.

    A section with themes may leave the aim of its indicators empty.
    """
    allowed = allowed_words(book)
    themed = [section.code for section in book.settings.sections if section.themes]
    free = (book.indicators["aim"] == "") & book.indicators["section"].isin(themed)
    homes = dict.fromkeys(allowed, book.indicators) | {"profile": book.targets, "expected_outcome": book.judgements}
    homes["aim"] = book.indicators[~free]
    table = stacked((frame, {"column": column, "word": frame[column]}) for column, frame in homes.items())
    expected = table["column"].map({column: any_of(choices) for column, choices in allowed.items()})
    name = table["column"].str.replace("_", " ")
    return located(table, choice=table["column"] + " " + table["word"], expected=expected, name=name)


def month_cells(book) -> pd.DataFrame:
    """Every cell that must name a month or a year; period is missing where it does not."""
    homes = [(book.returns, "month"), (book.targets, "financial_year"), (book.stated_targets, "month"),
             (book.judgements, "month")]  # fmt: skip
    parts = [(frame, {"column": column, "period": frame[column].notna()}) for frame, column in homes]
    table = stacked(parts)
    return located(table, period=table["period"].map({True: "given", False: None}))


def judgement_cells(book) -> pd.DataFrame:
    """Every cell that a judgement needs beside its outcome; word is missing where it is empty."""
    frame = book.judgements
    return located(stacked([(frame, {"column": name, "word": missing_if_empty(frame[name])})
                            for name in ("reason", "role", "date")]))  # fmt: skip


def returns(book) -> pd.DataFrame:
    """Every figure received, with its month and that of its return as numbers that compare."""
    frame = book.returns
    return located(frame, month_ordinal=ordinal(frame["month"]), received_ordinal=ordinal(frame["received"]))


def stated_targets(book) -> pd.DataFrame:
    """Every stated target, with the financial year that its month lies in."""
    frame = book.stated_targets[book.stated_targets["month"].notna()]
    return located(frame, financial_year=book.settings.years.of(frame["month"]).astype(float))


def judgements(book) -> pd.DataFrame:
    """Every judgement, with its months as numbers that compare."""
    frame = book.judgements
    return located(frame, month_ordinal=ordinal(frame["month"]), until_ordinal=ordinal(frame["until"]))


def ranges(book) -> pd.DataFrame:
    """Every pair of a low and a high end: low, high, their texts, and what they are the ends of."""
    pairs = [
        (book.targets, "annual_target_low", "annual_target_high", "annual target"),
        (book.targets, "amber_low", "amber_high", "amber range"),
        (book.stated_targets, "target_low", "target_high", "stated target"),
        (book.indicators, "gauge_low", "gauge_high", "gauge"),
    ]
    parts = [
        (frame, {"column": low, "low": frame[low], "high": frame[high], "what": what,
                 "low_text": _as_received(frame, low), "high_text": _as_received(frame, high)})
        for frame, low, high, what in pairs
    ]  # fmt: skip
    return located(stacked(parts))


def _as_received(frame, column):
    return frame.get(f"{column}_text", frame[column])


def units(book) -> pd.DataFrame:
    """Every unit that stands beside a figure or a target: unit_read is the indicator's unit where they agree."""
    described = book.indicators.drop_duplicates("indicator_code").set_index("indicator_code")["unit"]
    parts = [(book.returns, {"column": "value", "text": book.returns["value_text"],
                             "beside": book.returns["unit_found"]})]  # fmt: skip
    homes = {"annual_target_low": book.targets, "annual_target_high": book.targets,
             "target_low": book.stated_targets, "target_high": book.stated_targets}  # fmt: skip
    for column, frame in homes.items():
        text = frame[f"{column}_text"]
        percent = text.str.rstrip("* ").str.endswith("%").map({True: "%", False: ""})
        parts.append((frame, {"column": column, "text": text, "beside": percent}))
    table = stacked(parts)
    table = table[(table["beside"] != "") & table["indicator_code"].isin(described.index)]
    unit = table["indicator_code"].map(described)
    pairs = list(zip(table["beside"], unit, strict=True))
    agrees = {pair: units_agree(*pair) for pair in set(pairs)}
    holds = pd.Series([agrees[pair] for pair in pairs], table.index, dtype=bool)
    shown = unit.where(unit != "", "number")
    return located(table, unit_read=unit.where(holds, table["beside"]), unit=unit, unit_label=shown)


def settings(book) -> pd.DataFrame:
    """Every setting that a report cannot do without, and the indicators; given is missing where there is nothing."""
    wanted = [("params/report.yml", name, getattr(book.settings, name)) for name in
              ("council", "title", "language", "publisher", "contacts", "aims", "sections")]  # fmt: skip
    wanted += [(f"params/{book.month}.yml", "version", book.month_settings.version)]
    wanted += [("data/indicators.csv", "indicator_code", len(book.indicators))]
    table = pd.DataFrame(wanted, columns=["file", "column", "given"])
    given = ["given" if (value.strip() if isinstance(value, str) else value) else None for value in table["given"]]
    return located(table, given=given)


INPUT_TABLES = (
    cells, codes, rows, words, month_cells, judgement_cells,
    returns, stated_targets, judgements, ranges, units, settings,
)  # fmt: skip
