"""Computing: the figures that formulas make of the figures that stand, each month of them."""

from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

import pandas as pd

from mpr_lib.book.book import newest_values
from mpr_lib.rules.figures import decimal
from mpr_lib.rules.months import is_due
from mpr_lib.rules.values import ValueRead, computed_figure

OVER = {"": 1, "sum": 3, "mean": 3}
"""How many months of an input a span takes, that of the figure the last of them."""


class Made(NamedTuple):
    """What a formula makes of a month: ``figure`` is a row as of the book's values, or None where it says nothing.

    ``declared`` is the formula's row in its file, ``lacks`` are the inputs that have no number.
    """

    declared: Any
    figure: Any
    lacks: list[str]


def codes(book) -> set[str]:
    """The indicators that have a formula."""
    return set(book.annexes["computed"]["indicator_code"])


def compute(book, values: pd.DataFrame) -> pd.DataFrame:
    """The book's values with those that formulas make: a figure in the place of one that was returned, or a reason."""
    made = [each.figure for each in figures(book, values).values() if each.figure]
    more = pd.DataFrame(made, columns=values.columns).astype(values.dtypes)
    both = pd.concat([values, more[more["indicator_code"].isin(book.indicators["indicator_code"])]])
    return both.drop_duplicates(["indicator_code", "month"], keep="last", ignore_index=True)


def follows(book, changed: set) -> set:
    """The indicators and months whose computed figures follow from changed ones, given as pairs of the same kind."""
    found = set(changed)
    for each in in_order(book.annexes["computed"])[0]:
        for span, code in each.formula.inputs:
            months = [month for known, month in found if known == code]
            found |= {(each.indicator_code, month + ahead) for month in months for ahead in range(OVER[span])}
    return found


def figures(book, values: pd.DataFrame) -> dict[tuple[str, pd.Period], Made]:
    """What formulas make, by code and month: of each month, up to the book's, for which an input says something.

    Figures are those received, months' own where they are added up; what is itself computed comes first.
    """
    found, books, others = {}, [(book.indicators, values)], book.others
    formulas = in_order(book.annexes["computed"])[0]
    wanted = {code for each in formulas for code in (each.indicator_code, *(code for _, code in each.formula.inputs))}
    if not wanted:
        return {}
    while others is not None:
        received = others.returns[others.returns["received"] <= book.month]
        books.append((others.indicators, newest_values(received)))
        others = others.others
    indicators, of_all = map(pd.concat, zip(*books, strict=True))
    described = indicators.drop_duplicates("indicator_code").set_index("indicator_code", drop=False)
    # Backwards, so that of two the book's own is kept.
    of_all = of_all[of_all["indicator_code"].isin(wanted)]
    known = {(row.indicator_code, row.month): row for row in of_all[::-1].itertuples(index=False)}
    for declared in formulas:
        code, needed = declared.indicator_code, {code for _, code in declared.formula.inputs}
        if code not in described.index:
            continue
        asked = {month for each, month in known if each in needed and month <= book.month}
        months = pd.Series(sorted(asked), dtype="period[M]")
        frame = described.loc[[code] * len(months)].reset_index(drop=True)
        for month in months[is_due(frame, months, book.settings.years)]:
            made = found[code, month] = _made(declared, described.loc[code], month, known)
            if made.figure:
                known[code, month] = made.figure
    return found


def _made(declared, about, month, known):
    """What a formula makes of a month: a figure, or the reason of an input, where nothing was returned instead."""
    rows, numbers, lacks, figure = [], [], [], None
    for span, code in declared.formula.inputs:
        parts = [known.get((code, month - back)) for back in range(OVER[span])]
        rows += filter(None, parts)
        if any(part is None or part.number != part.number for part in parts):
            lacks.append(code)
        else:
            numbers.append(sum(decimal(part.number) for part in parts) / (3 if span == "mean" else 1))
    reasons = [row for row in rows if row.no_value_reason not in ("", "NOT_SUPPLIED")]
    if not lacks and (number := declared.formula.value(numbers)) is not None:
        figure = computed_figure(number, about["decimals"], about["unit"])
    elif lacks and reasons and (declared.indicator_code, month) not in known:
        figure = ValueRead(reasons[0].value_text, float("nan"), no_value_reason=reasons[0].no_value_reason)
    last = max(rows, key=lambda row: row.received)
    return Made(declared, figure and last._replace(
        indicator_code=declared.indicator_code, month=month, note="", file=declared.file, row=declared.row,
        numerator=float("nan"), denominator=float("nan"), value_text=figure.text, number=figure.number,
        unit_found=figure.unit, no_value_reason=figure.no_value_reason or "",
        is_proxy=not lacks and any(row.is_proxy for row in rows),
        is_provisional=not lacks and any(row.is_provisional for row in rows),
        computed_from="" if lacks else declared.formula.words,
    ), lacks)  # fmt: skip


def in_order(rows: pd.DataFrame) -> tuple[list, dict[str, str]]:
    """The formulas, each after those that it needs; and of those that need themselves the way round, by code."""
    known = {row.indicator_code: row for row in rows.iloc[::-1].itertuples() if row.formula}
    circles: dict[str, str] = {}
    while True:
        free = {code: row for code, row in known.items() if code not in circles}
        needs = {code: sorted({each for _, each in row.formula.inputs} & free.keys()) for code, row in free.items()}
        try:
            return [known[code] for code in TopologicalSorter(needs).static_order()], circles
        except CycleError as error:
            circles |= dict.fromkeys(error.args[1], " → ".join(error.args[1]))
