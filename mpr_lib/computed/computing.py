"""Computing: what indicators are computed from, read once, and the figures that formulas make, each month of them."""

import ast
import operator
import re
from decimal import Decimal, localcontext
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

import pandas as pd

from mpr_lib.book.book import newest_values
from mpr_lib.book.tables import read
from mpr_lib.book.workspace import InputReader
from mpr_lib.errors import ValueTextError
from mpr_lib.rules.figures import decimal
from mpr_lib.rules.months import is_due
from mpr_lib.rules.values import ValueRead, computed_figure
from mpr_lib.words import joined

COLUMNS = ["indicator_code", "formula"]
_INPUT = re.compile(r"(?:\b(sum|mean)_of_quarter ?\( ?)?\[([^\[\]]+)\](?(1) ?\))")
_REST = re.compile(r"(?:mean(?= ?\()|\.(?!\.)|[\d ,()+*/-])*")
"""What stands around the inputs: nothing but this ever comes to be worked out."""
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
              ast.USub: operator.neg}  # fmt: skip
_LONGEST = 300
_EXPECTED = (
    "Expected codes in square brackets with + - * / and numbers between them, mean([A], [B]), sum_of_quarter([A]) or "
    "mean_of_quarter([A])."
)


class Formula(NamedTuple):
    """One formula: its ``inputs`` are pairs of a span (``sum`` or ``mean`` of three months, or none) and a code.

    ``blank`` is the text with ``{}`` in the place of each input, ``evaluator`` what works out ``tree``.
    """

    text: str
    blank: str
    inputs: list[tuple[str, str]]
    evaluator: Any
    tree: Any

    @property
    def words(self) -> str:
        """The formula as readers see it.

        >>> read_formula("mean([A], sum_of_quarter([B]))").words, read_formula("mean([A], [B]) / 2").words
        ('the mean of A and the sum of three months of B', 'the mean of (A, B) ÷ 2')
        """
        names = [f"the {span} of three months of {code}" if span else code for span, code in self.inputs]
        if re.fullmatch(r"mean ?\([{} ,]*\)", self.blank):
            return f"the mean of {joined(names)}"
        said = self.blank.replace("*", "×").replace("/", "÷")
        return re.sub(r"mean ?\(", "the mean of (", said).format(*names)

    def value(self, numbers: list[Decimal]) -> Decimal | None:
        """What the formula makes of a number for each input, not rounded; None where it divides by 0."""
        self.evaluator.names = {f"x{place}": number for place, number in enumerate(numbers)}
        with localcontext(prec=50):
            try:
                return self.evaluator.eval(self.text, previously_parsed=self.tree)
            except ArithmeticError:
                return None


def read_formula(text: str) -> Formula:
    """Read a formula. Raises ``ValueTextError`` for what is none.

    >>> read_formula("[CP 1.4] / [CP 1.5] * 100").value([Decimal(1), Decimal(8)])
    Decimal('12.500')
    """
    # Loaded when needed: most workspaces compute nothing.
    from simpleeval import InvalidExpression, SimpleEval

    plain, evaluator = " ".join(text.split()), SimpleEval(_OPERATORS, {"mean": _mean})
    evaluator.nodes[ast.Constant] = lambda node: Decimal(str(node.value))
    inputs = [(span, code.strip()) for span, code in _INPUT.findall(plain)]
    blank = _INPUT.sub("{}", plain)
    try:
        if not inputs or len(plain) > _LONGEST or not _REST.fullmatch(_INPUT.sub("", plain)):
            raise SyntaxError
        tree = evaluator.parse(blank.format(*(f"x{place}" for place in range(len(inputs)))))
        formula = Formula(plain, blank, inputs, evaluator, tree)
        if not isinstance(formula.value([Decimal(7 + place) for place in range(len(inputs))]), Decimal | None):
            raise SyntaxError
    except (InvalidExpression, SyntaxError, TypeError, RecursionError, MemoryError):
        raise ValueTextError(f"cannot read '{text}' as a formula. {_EXPECTED}") from None
    return formula


def _mean(first, *more):
    return sum(more, first) / (1 + len(more))


def read_formulas(reader: InputReader, month: pd.Period, settings) -> pd.DataFrame:
    """data/computed.csv: indicator_code, formula (None where it cannot be read), formula_text, file, row.

    No rows where there is no file.
    """
    path = reader.workspace.data / "computed.csv"
    return read(reader, path, COLUMNS, needed=False, formula=read_formula)


def begins(month: str) -> dict[str, str]:
    """The headings, for a new council to fill in."""
    return {"data/computed.csv": ",".join(COLUMNS) + "\n"}


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
