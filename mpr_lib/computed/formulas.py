"""Formulas: what an indicator is computed from, read once, and worked out for one month at a time."""

import ast
import operator
import re
from decimal import Decimal, localcontext
from typing import Any, NamedTuple

import pandas as pd

from mpr_lib.book.tables import read
from mpr_lib.book.workspace import InputReader
from mpr_lib.errors import ValueTextError
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
