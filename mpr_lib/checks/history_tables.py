"""Check tables of what changed since earlier months: the figures' moves, and the comments."""

import re

import numpy as np
import pandas as pd

from mpr_lib.book.commentary import comment_before
from mpr_lib.checks.commentary import SMALL_FIGURE, comment_facts, is_known, quoted_figures, remarks
from mpr_lib.checks.jumps import judged, moves
from mpr_lib.checks.located import located
from mpr_lib.checks.shown_tables import months_shown
from mpr_lib.checks.words import in_words
from mpr_lib.rules.months import month_label

_SAID = {
    "is_unchanged": "unchanged",
    "names_another_month": "another_month",
    "quotes_unknown_figures": "own_figure",
    "quotes_another_target": "own_figure",
    "says_target_met": "disagrees",
    "names_the_wrong_side": "disagrees",
}
"""Which column of ``comments`` takes what each commentary rule remarks; the other rules are for the desk alone."""


def new_figures(book, scorecard, history) -> pd.DataFrame:
    """Every figure received since the last report, with its move and what the moves before it make likely.

    So a figure is judged once, in the report that first shows it, and again when it is revised. A cumulative count that
    falls is another expectation's finding.
    """
    described = book.indicators.drop_duplicates("indicator_code")
    columns = ["indicator_code", "month", "value", "value_text", "received", "file", "row"]
    figures = history.loc[history["value"].notna(), columns].rename(columns={"value": "number"})
    kinds = ["indicator_code", "basis", "unit", "frequency", "definition_break", "managed_by"]
    known = moves(figures.merge(described[kinds], on="indicator_code"), book.settings.years)
    falls = known["adds"] & (known["move"] < 0)
    found = judged(known, (known["received"] > _last_report(book)) & (known["month"] >= months_shown(book)[0]) & ~falls)
    for column in ("move", "usual", "likely"):
        found[f"{column}_shown"] = _three_digits(found[column])
    added = "what the month adds is " + _text(found["move"])
    changed = "the figure moves by " + _text(found["move"]) + " from " + _text(found["previous"])
    changed += " in " + found["previous_month"].map(month_label, na_action="ignore").astype("str")
    return located(found, moved=added.where(found["adds"], changed))


def _last_report(book):
    """The month of the newest report before this one: a month with params of its own."""
    months = (book.month - back for back in range(1, len(months_shown(book))))
    return next(
        (month for month in months if book.workspace.month_settings(month).is_file()), months_shown(book)[0] - 1
    )


def _three_digits(numbers):
    """Numbers with three digits that count, as messages give what was worked out."""
    size = np.floor(np.log10(numbers.abs().where(numbers != 0)))
    places = 10 ** (2 - size.fillna(0))
    return (numbers * places).round() / places


def _text(numbers):
    return numbers.map(lambda number: "" if pd.isna(number) else in_words(float(number))).astype("str")


def comments(book, scorecard, history) -> pd.DataFrame:
    """Every comment, with what its words get wrong of its figures, a column for each kind; missing where nothing is."""
    shown = scorecard[scorecard["commentary"] != ""]
    months = dict(tuple(history[history["indicator_code"].isin(shown["indicator_code"])].groupby("indicator_code")))
    files = book.commentary.drop_duplicates("indicator_code").set_index("indicator_code")["file"]
    rows = []
    for row in shown.itertuples():
        code = row.indicator_code
        facts = comment_facts(row, months[code], (), comment_before(book.workspace, code, book.month))
        found = {"indicator_code": code, "month": book.month, "managed_by": row.managed_by, "file": files[code]}
        rows.append(found | _said_wrongly(row.commentary, facts))
    columns = ["indicator_code", "month", "managed_by", "file", *dict.fromkeys(_SAID.values()), "other_figures"]
    return located(pd.DataFrame(rows, columns=columns))


def _said_wrongly(text, facts):
    """What the rules that warn say of a comment, by column, and the figures in it that cannot be checked."""
    said = {}
    for remark in remarks(text, facts):
        if remark.severity == "warning" and remark.rule in _SAID:
            # The last sentence says what to do, which is the expectation's own to say.
            told = f"{remark.message.rpartition('. ')[0]}."
            quoted = f"'{remark.quote.strip()}': {told}" if remark.quote else told
            said.setdefault(_SAID[remark.rule], []).append(quoted)
    others = [each for each in quoted_figures(text, facts) if not each.own and not is_known(each, facts.figures)]
    others = dict.fromkeys(each.quote.strip() for each in others if _counts(each))
    return {column: " ".join(told) for column, told in said.items()} | {"other_figures": ", ".join(others) or None}


def _counts(quoted):
    """Whether a figure is large enough to be more than a count of cases, and is no year."""
    return quoted.decimals > 0 or (quoted.number >= SMALL_FIGURE and not re.fullmatch(r"(19|20)\d\d", quoted.quote))


HISTORY_TABLES = (new_figures, comments)
