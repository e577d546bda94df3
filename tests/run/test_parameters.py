"""Strict parameters: what the notebook asks for against what it is given."""

import pytest

from mpr_lib.errors import ParameterError
from mpr_lib.run.execution import Parameter, check_parameters, read_parameters

NAME = "notebooks/monthly_report.ipynb"


def notebook(source: str, tag: str = "parameters") -> dict:
    return {"cells": [{"cell_type": "code", "metadata": {"tags": [tag]}, "source": source}]}


@pytest.mark.parametrize(
    ("line", "types", "required"),
    [
        ('month = "2018-05"', (str,), False),
        ('month: str = "2018-05"', (str,), False),
        ("month: str", (str,), True),
        ("limit = 3", (int,), False),
        ("limit: int | None = None", (int, type(None)), False),
        ("limit: Optional[int] = None", (int, type(None)), False),
        ("limit: typing.Optional[int] = None", (int, type(None)), False),
        ("limit: Union[int, str] = 3", (int, str), False),
        ("limit: 'int | None' = None", (int, type(None)), False),
        ("limit = None", (), False),
        ("share: float = 0.05", (float,), False),
        ("draft = False", (bool,), False),
        ("codes: list[str] = []", (list,), False),
        ("start: datetime = None", (), False),
        ("folder = Path('.')", (), False),
    ],
)
def test_a_parameter_has_the_type_of_its_annotation_or_its_default(line, types, required):
    (found,) = read_parameters(notebook(line), NAME).values()
    assert (found.types, found.required) == (types, required)


def test_comments_and_several_lines_are_read():
    found = read_parameters(notebook(["# The month\n", "month = '2018-05'  # as YYYY-MM\n", "a = b = 1\n"]), NAME)
    assert list(found) == ["month", "a", "b"]


KNOWN = {
    "month": Parameter("month", (str,), required=True),
    "limit": Parameter("limit", (int, type(None)), required=False),
    "share": Parameter("share", (float,), required=False),
    "draft": Parameter("draft", (bool,), required=False),
    "any": Parameter("any", (), required=False),
}


@pytest.mark.parametrize(
    "given",
    [
        {"month": "2018-05"},
        {"month": "2018-05", "limit": 3},
        {"month": "2018-05", "limit": None},
        {"month": "2018-05", "share": 0.1},
        {"month": "2018-05", "share": 1},
        {"month": "2018-05", "draft": True, "any": object()},
    ],
)
def test_what_fits_is_taken(given):
    check_parameters(KNOWN, given, NAME)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"month": "2018-05", "limits": 3}, f"{NAME} has no parameter 'limits'. Did you mean 'limit'?"),
        (
            {"month": "2018-05", "zebra": 3},
            f"{NAME} has no parameter 'zebra'. It has: month, limit, share, draft, any.",
        ),
        ({}, f"{NAME} needs the parameter 'month', which has no default and was not given."),
        ({"month": 201805}, f"{NAME}: the parameter 'month' cannot be 201805. Expected a text."),
        (
            {"month": "2018-05", "limit": "3"},
            f"{NAME}: the parameter 'limit' cannot be '3'. Expected a whole number or None.",
        ),
        (
            {"month": "2018-05", "limit": True},
            f"{NAME}: the parameter 'limit' cannot be True. Expected a whole number or None.",
        ),
        (
            {"month": "2018-05", "share": "5%"},
            f"{NAME}: the parameter 'share' cannot be '5%'. Expected a number.",
        ),
        (
            {"mnth": "2018-05"},
            f"{NAME} has no parameter 'mnth'. Did you mean 'month'?\n"
            f"{NAME} needs the parameter 'month', which has no default and was not given.",
        ),
    ],
)
def test_what_does_not_fit_is_refused(given, message):
    with pytest.raises(ParameterError) as refused:
        check_parameters(KNOWN, given, NAME)
    assert str(refused.value) == message


def test_a_notebook_without_a_parameters_cell_is_refused():
    with pytest.raises(ParameterError) as refused:
        read_parameters(notebook("month = 1", tag="other"), NAME)
    assert str(refused.value) == (
        f"{NAME} has no cell tagged 'parameters', so it cannot be told which month to report. "
        "Tag the cell that sets its parameters (in JupyterLab: Property Inspector, Cell Tags)."
    )


def test_a_parameters_cell_that_is_not_python_is_refused():
    with pytest.raises(ParameterError) as refused:
        read_parameters(notebook("month = '2018-05'\nlimit ="), NAME)
    assert str(refused.value) == (
        f"{NAME}: cannot read line 2 of the cell tagged 'parameters' (invalid syntax). "
        'Expected lines such as month = "2018-05".'
    )
