"""Computing: the figures that formulas make of the figures that stand, each month of them."""

from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

import pandas as pd

from mpr_lib.book.book import newest_values
from mpr_lib.rules.figures import decimal
from mpr_lib.rules.months import is_due
from mpr_lib.rules.values import computed_figure

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
    known = set(book.indicators["indicator_code"])
    made = [each.figure for (code, _), each in figures(book, values).items() if each.figure and code in known]
    if not made:
        return values
    more = pd.DataFrame(made, columns=values.columns).astype(values.dtypes.to_dict())
    both = pd.concat([values, more], ignore_index=True)
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
    found, both = {}, [(book.indicators, values)]
    others = book.others
    while others is not None:
        received = others.returns[others.returns["received"] <= book.month]
        both.append((others.indicators, newest_values(received)))
        others = others.others
    indicators, figures_known = (pd.concat(frames) for frames in zip(*both, strict=True))
    described = indicators.drop_duplicates("indicator_code").set_index("indicator_code", drop=False)
    rows = figures_known.drop_duplicates(["indicator_code", "month"]).itertuples(index=False)
    known = {(row.indicator_code, row.month): row for row in rows}
    for declared in in_order(book.annexes["computed"])[0]:
        code, needed = declared.indicator_code, {code for _, code in declared.formula.inputs}
        months = pd.Series(sorted({month for each, month in known if each in needed and month <= book.month}))
        if code not in described.index or months.empty:
            continue
        frame = described.loc[[code] * len(months)].reset_index(drop=True)
        for month in months[is_due(frame, months.astype("period[M]"), book.settings.years)]:
            figure, lacks = _made(declared, described.loc[code], month, known)
            found[code, month] = Made(declared, figure, lacks)
            known |= {(code, month): figure} if figure else {}
    return found


def _made(declared, about, month, known):
    """A month's figure as a row of values, or why there is none, or nothing; and the inputs that lack a number."""
    rows, numbers, lacks = [], [], []
    for span, code in declared.formula.inputs:
        parts = [known.get((code, month - back)) for back in range(OVER[span])]
        rows += filter(None, parts)
        if any(part is None or part.number != part.number for part in parts):
            lacks.append(code)
        else:
            numbers.append(sum(decimal(part.number) for part in parts) / (3 if span == "mean" else 1))
    last = max(rows, key=lambda row: row.received)
    own = last._replace(
        indicator_code=declared.indicator_code, month=month, note="", file=declared.file, row=declared.row,
        numerator=float("nan"), denominator=float("nan"), computed_from="", is_proxy=False, is_provisional=False,
    )  # fmt: skip
    if lacks:
        said = [row for row in rows if row.no_value_reason not in ("", "NOT_SUPPLIED")]
        silent = not said or (declared.indicator_code, month) in known
        reason = {name: getattr(said[0], name) for name in ("value_text", "number", "no_value_reason")} if said else {}
        return None if silent else own._replace(**reason), lacks
    number = declared.formula.value(numbers)
    figure = None if number is None else computed_figure(number, about["decimals"], about["unit"])
    return figure and own._replace(
        value_text=figure.text, number=figure.number, unit_found=figure.unit, no_value_reason="",
        is_proxy=any(row.is_proxy for row in rows), is_provisional=any(row.is_provisional for row in rows),
        computed_from=declared.formula.words,
    ), []  # fmt: skip


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
