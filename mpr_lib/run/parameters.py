"""Strict parameters: what a run gives a notebook must be what the notebook asks for.

Papermill only logs a warning for a parameter that a notebook does not know, and the run goes on with the default.
Here it is refused before the kernel starts.
"""

import ast
from dataclasses import dataclass
from difflib import get_close_matches

from mpr_lib.errors import ParameterError, first_five

_TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}
_WORDS = {
    str: "a text", int: "a whole number", float: "a number", bool: "True or False", list: "a list",
    dict: "a dictionary", type(None): "None",
}  # fmt: skip


@dataclass(frozen=True)
class Parameter:
    """One name that a notebook's ``parameters`` cell sets. ``types`` is empty where any value will do."""

    name: str
    types: tuple[type, ...]
    required: bool


def read_parameters(notebook: dict, name: str) -> dict[str, Parameter]:
    """The parameters of a notebook (as JSON gives it), by name. ``name`` is for messages.

    A type comes from the annotation (``month: str``, ``limit: int | None = None``), else from the default.
    An annotation without a default makes the parameter required.
    """
    cell = next((cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])), None)
    if cell is None:
        raise ParameterError(
            f"{name} has no cell tagged 'parameters', so it cannot be told which month to report. "
            "Tag the cell that sets its parameters (in JupyterLab: Property Inspector, Cell Tags)."
        )
    try:
        statements = ast.parse("".join(cell["source"])).body
    except SyntaxError as error:
        raise ParameterError(
            f"{name}: cannot read line {error.lineno} of the cell tagged 'parameters' ({error.msg}). "
            'Expected lines such as month = "2018-05".'
        ) from None
    found = [parameter for statement in statements for parameter in _of(statement)]
    return {parameter.name: parameter for parameter in found}


def check_parameters(known: dict[str, Parameter], given: dict, name: str) -> None:
    """Raise ``ParameterError`` if a given parameter is unknown or mistyped, or a required one is missing."""
    problems = [_unknown(key, known, name) for key in given if key not in known]
    problems += [
        f"{name} needs the parameter '{parameter.name}', which has no default and was not given."
        for parameter in known.values()
        if parameter.required and parameter.name not in given
    ]
    problems += [
        f"{name}: the parameter '{key}' cannot be {value!r}. Expected {_expected(known[key])}."
        for key, value in given.items()
        if key in known and not _fits(value, known[key].types)
    ]
    if problems:
        raise ParameterError(first_five(problems))


def _of(statement: ast.stmt) -> list[Parameter]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        kinds = _annotated(statement.annotation)
        return [Parameter(statement.target.id, kinds, required=statement.value is None)]
    if isinstance(statement, ast.Assign):
        kinds = _of_default(statement.value)
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        return [Parameter(name, kinds, required=False) for name in names]
    return []


def _annotated(node: ast.expr) -> tuple[type, ...]:
    """The types that an annotation allows; none (so any value will do) if it names one that is not known here."""
    match node:
        case ast.Constant(value=None):
            return (type(None),)
        case ast.Constant(value=str(text)):
            return _annotated(ast.parse(text, mode="eval").body)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return (_TYPES[name],) if name in _TYPES else ()
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _any_of([left, right])
        case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner):
            return _any_of([inner, ast.Constant(None)])
        case ast.Subscript(value=ast.Name(id="Union") | ast.Attribute(attr="Union"), slice=ast.Tuple(elts=inner)):
            return _any_of(inner)
        case ast.Subscript(value=outer):
            return _annotated(outer)
    return ()


def _any_of(nodes: list[ast.expr]) -> tuple[type, ...]:
    parts = [_annotated(node) for node in nodes]
    return tuple(kind for part in parts for kind in part) if all(parts) else ()


def _of_default(value: ast.expr) -> tuple[type, ...]:
    try:
        kind = type(ast.literal_eval(value))
    except (ValueError, TypeError):
        return ()
    return (kind,) if kind in _WORDS and kind is not type(None) else ()


def _fits(value, kinds: tuple[type, ...]) -> bool:
    if not kinds:
        return True
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, (*kinds, int)) if float in kinds else isinstance(value, kinds)


def _expected(parameter: Parameter) -> str:
    return " or ".join(_WORDS[kind] for kind in parameter.types)


def _unknown(key: str, known: dict[str, Parameter], name: str) -> str:
    near = get_close_matches(key, known, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"It has: {', '.join(known) or 'none'}."
    return f"{name} has no parameter '{key}'. {hint}"
