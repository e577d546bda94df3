"""Told: what is wrong with formulas and the figures that they make, and on a card why one makes none."""

import pandas as pd

from mpr_lib import words
from mpr_lib.book.book import newest_values
from mpr_lib.checks.frames import months_shown
from mpr_lib.checks.series import has_confirmed_target, is_change
from mpr_lib.computed.computing import figures, in_order
from mpr_lib.report import blocks
from mpr_lib.rules.comparing import are_far_apart
from mpr_lib.rules.months import at_months


def frames(book, scorecard, history) -> dict:
    """data/computed.csv, and the months that its formulas are worked out for."""
    return {"computed": lambda: _formulas(book), "computed_figures": lambda: _figures(book, history)}


def parameters(book) -> dict:
    return {}


def _formulas(book):
    """Each formula, whether it can be read, the first code in it that is none, and the circle that it is in."""
    rows, both = book.annexes["computed"], (book.indicators, book.others.indicators)
    circles, known = in_order(rows)[1], {code for each in both for code in each["indicator_code"]}
    strangers = [[code for _, code in each.inputs if code not in known] if each else [] for each in rows["formula"]]
    return rows.assign(
        formula=rows["formula_text"], is_read=rows["formula"].notna(),
        stranger=[(each or [""])[0] for each in strangers],
        circle=[circles.get(code, "") for code in rows["indicator_code"]],
    )  # fmt: skip


def _figures(book, history):
    """Each month that a formula is worked out for, whose figure was ``returned`` too, or that it makes no figure of.

    ``scale`` is ``target`` where the figure to date lies a hundredfold off its target, and nobody has confirmed that.
    """
    received = newest_values(book.returns)
    sent = received[received["number"].notna()].set_index(["indicator_code", "month"])["value_text"]
    rows = [
        [code, month, each.declared.file, each.declared.row, each.declared.formula.text,
         *((each.figure.value_text, each.figure.number) if each.figure else ("", None)),
         sent.get((code, month), "") * bool(each.figure), not each.figure and not each.lacks]
        for (code, month), each in figures(book, received).items()
    ]  # fmt: skip
    columns = ["indicator_code", "month", "file", "row", "formula", "value_text", "number", "returned", "no_figure"]
    frame = pd.DataFrame(rows, columns=columns).astype({"month": "period[M]", "number": float, "no_figure": bool})
    frame = frame.merge(book.indicators[["indicator_code", "unit"]].drop_duplicates("indicator_code"))
    named = ["value", "target_low", "target_high", "target_text"]
    known = at_months(history, named, frame["indicator_code"], frame["month"])
    far = are_far_apart(known["value"], known["target_low"], frame["unit"])
    far &= are_far_apart(known["value"], known["target_high"], frame["unit"])
    far &= ~has_confirmed_target(frame.assign(financial_year=book.settings.years.of(frame["month"])), book)
    return frame.assign(
        stands=True, is_shown=frame["month"] >= months_shown(book)[0], scale=["target" * each for each in far],
        target_text=known["target_text"], to_date=known["value"], is_change=is_change(frame, book),
    )  # fmt: skip


def card(report, row) -> dict[str, list]:
    """Why an indicator that is computed has no figure: which of its inputs have none."""
    if row.value == row.value or row.indicator_code not in set(report.book.annexes["computed"]["indicator_code"]):
        return {}
    made = figures(report.book, newest_values(report.book.returns)).get((row.indicator_code, row.latest_month))
    if made is None:
        return {}
    said = f"Computed from {made.declared.formula.words}"
    lacks = words.joined(list(dict.fromkeys(made.lacks)))
    why = f"there is no figure of {lacks} for it" if lacks else "that divides by 0 or makes too large a figure"
    return {"more": [blocks.note(f"{said}. Not for {words.month_words(row.latest_month)}: {why}.", "none")]}
